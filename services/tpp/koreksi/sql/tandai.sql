-- name: tandai(ids, sejak, ditahan)!
-- Each person's months from theirs of `sejak` on (`ditahan`: only held ones) whose OPD is locked. An OPD about to be locked is waited for: its lock
-- then looks itself for what was heard meanwhile.
WITH siapa AS MATERIALIZED (
    SELECT t.periode, t.opd_kode, t.pegawai_id
    FROM unnest(:ids::uuid[], :sejak::text[]) AS orang(pegawai_id, sejak)
    JOIN (SELECT DISTINCT periode FROM penetapan) AS bulan ON bulan.periode >= orang.sejak
    JOIN tpp_bulan t ON t.periode = bulan.periode AND t.pegawai_id = orang.pegawai_id
    WHERE NOT :ditahan::boolean OR t.status = 'ditahan'
), tersangkut AS MATERIALIZED (
    SELECT periode, opd_kode, keadaan FROM penetapan
    WHERE (periode, opd_kode) IN (SELECT periode, opd_kode FROM siapa)
    ORDER BY periode, opd_kode FOR SHARE
)
INSERT INTO koreksi_antrean (periode, pegawai_id)
SELECT periode, pegawai_id FROM siapa JOIN tersangkut USING (periode, opd_kode)
WHERE keadaan = 'dikunci'
ORDER BY periode, pegawai_id
ON CONFLICT DO NOTHING;

-- name: tandai_basi(periode, opd)!
-- Of an OPD just locked, whose facts are newer than the figure, or who were kept out by an earlier lock.
INSERT INTO koreksi_antrean (periode, pegawai_id)
SELECT t.periode, t.pegawai_id
FROM tpp_bulan t
LEFT JOIN pegawai p ON p.pegawai_id = t.pegawai_id
LEFT JOIN penilaian d ON d.periode = t.periode AND d.pegawai_id = t.pegawai_id
LEFT JOIN kehadiran_bulan h ON h.periode = t.periode AND h.pegawai_id = t.pegawai_id
LEFT JOIN LATERAL (SELECT sum(g.version)::bigint AS version FROM gaji g
                   WHERE g.pegawai_id = t.pegawai_id AND g.mulai < (t.periode || '-01')::date + interval '1 month') g ON true
WHERE t.periode = :periode AND t.opd_kode = :opd
  AND (coalesce(p.version, 0), coalesce(d.version, 0), coalesce(h.version, 0), coalesce(g.version, 0))
      IS DISTINCT FROM (t.v_pegawai, t.v_penilaian, t.v_kehadiran, t.v_gaji)
ORDER BY t.periode, t.pegawai_id
ON CONFLICT DO NOTHING;

-- name: batalkan(periode, opd)!
-- The OPD's month is open again: its own figures will say what was to be corrected.
WITH antre AS (
    DELETE FROM koreksi_antrean a USING tpp_bulan t
    WHERE t.periode = :periode AND t.opd_kode = :opd AND a.periode = t.periode AND a.pegawai_id = t.pegawai_id
)
UPDATE koreksi k SET batal_pada = now()
WHERE k.periode = :periode AND k.opd_kode = :opd AND k.batal_pada IS NULL
  AND NOT EXISTS (SELECT FROM rapel_dibawa b
                  WHERE b.periode = k.periode AND b.pegawai_id = k.pegawai_id AND b.urutan = k.urutan);

-- name: sudah_dibawa(periode, opd)$
SELECT count(DISTINCT pegawai_id)::integer FROM koreksi JOIN rapel_dibawa USING (periode, pegawai_id, urutan)
WHERE periode = :periode AND opd_kode = :opd;
