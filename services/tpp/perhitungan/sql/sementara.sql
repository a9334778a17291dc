-- name: fakta_sementara(ids, periode, hari)
-- As `fakta`, from the running rating. Nobody is rated without an approved SKP.
SELECT p.pegawai_id, p.nip, coalesce(n.status, p.status) AS status_pegawai, n.bertugas, p.version AS v_pegawai,
       n.kelas, n.golongan, n.plt_kelas, coalesce(n.opd_kode, '') AS opd_kode, coalesce(n.unit_path, '') AS unit_path,
       d.predikat_sementara AS predikat, true AS skp_disetujui, d.version_sementara AS v_penilaian,
       NULL::jsonb AS alasan_penilaian,
       h.hadir, h.cuti, h.tanpa_keterangan, h.terlambat, h.pulang_cepat, h.tanpa_masuk, h.tanpa_pulang,
       h.cuti_kode, h.cuti_hari, h.hari_kerja, h.absen_terlewat, h.tanpa_apel, h.tanpa_upacara,
       coalesce(h.version, 0) AS v_kehadiran, g.gaji, coalesce(g.version, 0) AS v_gaji, 0::bigint AS v_lain, 0::bigint AS version
FROM penilaian d
JOIN pegawai p USING (pegawai_id)
LEFT JOIN penempatan n ON n.pegawai_id = p.pegawai_id AND n.berlaku_mulai <= :hari
                      AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
LEFT JOIN kehadiran_bulan h ON h.periode = d.periode AND h.pegawai_id = p.pegawai_id AND h.ada
LEFT JOIN (SELECT pegawai_id, (array_agg(gaji ORDER BY mulai DESC) FILTER (WHERE NOT dicabut))[1] AS gaji,
                  max(mulai) FILTER (WHERE NOT dicabut) AS mulai, sum(version)::bigint AS version
           FROM gaji WHERE pegawai_id = ANY (:ids::uuid[]) AND mulai <= :hari GROUP BY pegawai_id) g
       ON g.pegawai_id = p.pegawai_id
WHERE d.periode = :periode AND d.pegawai_id = ANY (:ids::uuid[]);

-- name: berperkiraan(ids, sejak)
-- Who of these people is rated in which month, from each one's month on, where no run has replaced the provisional
-- figure yet. From one month to the one before in the index, not over all ratings.
WITH RECURSIVE bulan AS (
    SELECT max(periode) AS periode FROM penilaian
    UNION ALL
    SELECT (SELECT max(d.periode) FROM penilaian d WHERE d.periode < bulan.periode)
    FROM bulan WHERE bulan.periode > (SELECT min(sejak) FROM unnest(:sejak::text[]) AS sejak)
)
SELECT d.periode, array_agg(d.pegawai_id ORDER BY d.pegawai_id) AS ids
FROM bulan
JOIN unnest(:ids::uuid[], :sejak::text[]) AS baru(pegawai_id, sejak) ON baru.sejak <= bulan.periode
JOIN penilaian d ON d.periode = bulan.periode AND d.pegawai_id = baru.pegawai_id AND d.version_sementara > 0
WHERE NOT EXISTS (SELECT FROM tpp_bulan t WHERE t.periode = d.periode AND t.pegawai_id = d.pegawai_id)
GROUP BY d.periode ORDER BY d.periode;

-- name: antrekan_semua(sejak, ukuran)!
-- Everybody rated from a month on whom no run has computed yet, in parts of neighbours by id.
INSERT INTO perkiraan_antrean (periode, pegawai_ids)
SELECT periode, array_agg(pegawai_id ORDER BY pegawai_id)
FROM (SELECT d.periode, d.pegawai_id,
             (row_number() OVER (PARTITION BY d.periode ORDER BY d.pegawai_id) - 1) / :ukuran::integer AS bagian
      FROM penilaian d
      WHERE d.periode >= :sejak AND d.version_sementara > 0
        AND NOT EXISTS (SELECT FROM tpp_bulan t WHERE t.periode = d.periode AND t.pegawai_id = d.pegawai_id)) AS siapa
GROUP BY periode, bagian ORDER BY periode, bagian;

-- name: antrekan_setahun(periode, opd, ukuran)!
-- Whose provisional figure of a later month of the year counts this OPD's month (or what was paid extra, by the month that
-- is based on) among the earlier ones, or may wait for it.
INSERT INTO perkiraan_antrean (periode, pegawai_ids)
SELECT periode, array_agg(pegawai_id ORDER BY pegawai_id)
FROM (SELECT s.periode, s.pegawai_id,
             (row_number() OVER (PARTITION BY s.periode ORDER BY s.pegawai_id) - 1) / :ukuran::integer AS bagian
      FROM tpp_bulan t
      JOIN tpp_sementara s ON s.pegawai_id = t.pegawai_id AND s.periode > bulan_dasar(:periode)
                          AND s.periode <= left(:periode, 4) || '-12'
      WHERE t.periode = :periode AND t.opd_kode = :opd AND (s.status = 'ditahan' OR s.masukan -> 'setahun' IS NOT NULL)
        AND NOT EXISTS (SELECT FROM tpp_bulan b WHERE b.periode = s.periode AND b.pegawai_id = s.pegawai_id)) AS siapa
GROUP BY periode, bagian ORDER BY periode, bagian;

-- name: ambil_antrean()^
-- A part nobody works on; it is gone when its figures are there.
DELETE FROM perkiraan_antrean
WHERE antrean_id = (SELECT antrean_id FROM perkiraan_antrean ORDER BY antrean_id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING periode, pegawai_ids;

-- name: simpan_sementara(periode, kebijakan_id, pada, ids, versions, nip, opd, unit, status, bruto, potongan, neto, baris, alasan, masukan, terpotong)!
INSERT INTO tpp_sementara AS lama (pegawai_id, periode, v_penilaian, kebijakan_id, nip, opd_kode, unit_path, status,
                                   bruto, potongan, neto, baris, alasan, masukan, dihitung_pada, terpotong)
SELECT pegawai_id, :periode, v_penilaian, :kebijakan_id::uuid, nip, opd_kode, unit_path, status, bruto, potongan, neto,
       baris::json, alasan::json, masukan::json, :pada::timestamptz,
       terpotong
FROM unnest(:ids::uuid[], :versions::bigint[], :nip::text[], :opd::text[], :unit::text[], :status::text[],
            :bruto::bigint[], :potongan::bigint[], :neto::bigint[], :baris::text[], :alasan::text[], :masukan::text[],
            :terpotong::bigint[])
     AS baru(pegawai_id, v_penilaian, nip, opd_kode, unit_path, status, bruto, potongan, neto, baris, alasan, masukan,
             terpotong)
ORDER BY pegawai_id
ON CONFLICT (periode, pegawai_id) DO UPDATE
SET v_penilaian = excluded.v_penilaian, kebijakan_id = excluded.kebijakan_id, nip = excluded.nip,
    opd_kode = excluded.opd_kode, unit_path = excluded.unit_path, status = excluded.status, bruto = excluded.bruto,
    potongan = excluded.potongan, neto = excluded.neto, baris = excluded.baris, alasan = excluded.alasan,
    masukan = excluded.masukan, dihitung_pada = excluded.dihitung_pada, terpotong = excluded.terpotong
WHERE lama.v_penilaian <= excluded.v_penilaian;
