-- name: tandai(ids, sejak, ditahan)!
-- Each person's months from theirs of `sejak` on (`ditahan`: only held ones) whose OPD is locked. An OPD about to be locked is waited for: its lock
-- then looks itself for what was heard meanwhile.
WITH siapa AS MATERIALIZED (
    SELECT t.periode, t.opd_kode, t.pegawai_id
    FROM unnest(:ids::uuid[], :sejak::text[]) AS orang(pegawai_id, sejak)
    JOIN (SELECT periode, bulan_dasar(periode) AS dasar FROM (SELECT DISTINCT periode FROM penetapan) AS p) AS bulan
         ON bulan.dasar >= orang.sejak
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
-- Of an OPD just locked, whose facts are newer than the figure, whose payment waits (what it waited for may be there), whose
-- year has an extra payment that was locked since, or whose acting duty may have gone on until the end of a later month that
-- is complete by now.
INSERT INTO koreksi_antrean (periode, pegawai_id)
SELECT t.periode, t.pegawai_id
FROM tpp_bulan t
CROSS JOIN (SELECT bulan_dasar(:periode) AS bulan) m
LEFT JOIN pegawai p ON p.pegawai_id = t.pegawai_id
LEFT JOIN penilaian d ON d.periode = m.bulan AND d.pegawai_id = t.pegawai_id
LEFT JOIN kehadiran_bulan h ON h.periode = m.bulan AND h.pegawai_id = t.pegawai_id
LEFT JOIN LATERAL (SELECT sum(g.version)::bigint AS version FROM gaji g
                   WHERE g.pegawai_id = t.pegawai_id AND g.mulai < (m.bulan || '-01')::date + interval '1 month') g ON true
LEFT JOIN LATERAL (SELECT v.version FROM versi_lain(ARRAY[t.pegawai_id], m.bulan,
                                                    ((m.bulan || '-01')::date + interval '1 month')::date - 1) v) v ON true
WHERE t.periode = :periode AND t.opd_kode = :opd
  AND (t.status = 'ditahan'
       OR (coalesce(p.version, 0), coalesce(d.version, 0), coalesce(h.version, 0), coalesce(g.version, 0),
           coalesce(v.version, 0))
          IS DISTINCT FROM (t.v_pegawai, t.v_penilaian, t.v_kehadiran, t.v_gaji, t.v_lain)
       OR (strpos(t.masukan::text, '"hari_plt"') > 0
           AND EXISTS (SELECT FROM periode l WHERE l.periode > m.bulan AND masa_bulanan(l.periode) AND l.lengkap_version > 0))
       OR EXISTS (SELECT FROM json_array_elements(t.masukan -> 'setahun' -> 'asal') AS a
                  JOIN tpp_bulan b ON b.periode = a ->> 0 AND b.pegawai_id = t.pegawai_id
                  WHERE b.nomor <> (a ->> 1)::integer)
       OR (t.masukan -> 'setahun' IS NOT NULL AND EXISTS (
             SELECT FROM periode x
             JOIN tpp_bulan b ON b.periode = x.periode AND b.pegawai_id = t.pegawai_id
             JOIN penetapan k ON k.periode = b.periode AND k.opd_kode = b.opd_kode AND k.keadaan = 'dikunci'
             WHERE x.dasar < m.bulan AND left(coalesce(x.dibayar, x.dasar), 4) = left(bulan_bayar(:periode), 4)
               AND NOT EXISTS (SELECT FROM json_array_elements(t.masukan -> 'setahun' -> 'asal') AS a
                               WHERE a ->> 0 = x.periode))))
ORDER BY t.periode, t.pegawai_id
ON CONFLICT DO NOTHING;

-- name: tandai_setahun(periode, opd)!
-- What was paid later in the same year (the year of payment, and an extra payment after the month it is based on), is locked
-- already and counts this one among what came before it, or waits for it.
INSERT INTO koreksi_antrean (periode, pegawai_id)
SELECT l.periode, l.pegawai_id
FROM tpp_bulan t
JOIN (SELECT periode, bulan_dasar(periode) AS dasar FROM (SELECT DISTINCT periode FROM penetapan) AS p
      WHERE left(bulan_bayar(periode), 4) = left(bulan_bayar(:periode), 4)) AS m
     ON (m.dasar, m.periode) > (bulan_dasar(:periode), :periode)
JOIN tpp_bulan l ON l.pegawai_id = t.pegawai_id AND l.periode = m.periode
JOIN penetapan k ON k.periode = l.periode AND k.opd_kode = l.opd_kode AND k.keadaan = 'dikunci'
WHERE t.periode = :periode AND t.opd_kode = :opd AND (l.status = 'ditahan' OR l.masukan -> 'setahun' IS NOT NULL)
ORDER BY l.periode, l.pegawai_id
ON CONFLICT DO NOTHING;

-- name: batalkan(periode, opd)!
-- The OPD's month is open again: its own figures will say what was to be corrected.
WITH antre AS (
    DELETE FROM koreksi_antrean a USING tpp_bulan t
    WHERE t.periode = :periode AND t.opd_kode = :opd AND a.periode = t.periode AND a.pegawai_id = t.pegawai_id
), tertahan AS (
    DELETE FROM koreksi_tertahan a USING tpp_bulan t
    WHERE t.periode = :periode AND t.opd_kode = :opd AND a.periode = t.periode AND a.pegawai_id = t.pegawai_id
)
UPDATE koreksi k SET batal_pada = now()
WHERE k.periode = :periode AND k.opd_kode = :opd AND k.batal_pada IS NULL
  AND NOT EXISTS (SELECT FROM rapel_dibawa b
                  WHERE b.periode = k.periode AND b.pegawai_id = k.pegawai_id AND b.urutan = k.urutan)
  AND NOT EXISTS (SELECT FROM iuran_dibawa b
                  WHERE b.periode = k.periode AND b.pegawai_id = k.pegawai_id AND b.urutan = k.urutan)
  AND NOT EXISTS (SELECT FROM koreksi_selesai s
                  WHERE s.periode = k.periode AND s.pegawai_id = k.pegawai_id AND s.urutan = k.urutan);

-- name: sudah_dibawa(periode, opd)$
-- Carried by a later month, or settled outside the monthly payments.
SELECT count(DISTINCT pegawai_id)::integer
FROM koreksi JOIN (SELECT periode, pegawai_id, urutan FROM rapel_dibawa
                   UNION ALL SELECT periode, pegawai_id, urutan FROM iuran_dibawa
                   UNION ALL SELECT periode, pegawai_id, urutan FROM koreksi_selesai) AS sudah
     USING (periode, pegawai_id, urutan)
WHERE periode = :periode AND opd_kode = :opd;
