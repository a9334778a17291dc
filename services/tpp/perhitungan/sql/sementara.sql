-- name: fakta_sementara(ids, periode, hari, sumber)
-- As `fakta`, from the running rating of the month whose predikat pays this one (`sumber`): while that month takes work the
-- newest one, afterwards its result. Nobody is rated without an approved SKP. `menyusul`: whether the rating may still come.
SELECT p.pegawai_id, p.nip, coalesce(n.status, p.status) AS status_pegawai, n.bertugas, p.version AS v_pegawai,
       n.kelas, n.golongan, n.plt_kelas, coalesce(n.opd_kode, '') AS opd_kode, coalesce(n.unit_path, '') AS unit_path,
       CASE WHEN nilai.tetap THEN d.predikat ELSE coalesce(d.predikat_sementara, d.predikat) END AS predikat,
       CASE WHEN nilai.tetap THEN d.skp_disetujui
            ELSE coalesce(d.version_sementara > 0 OR d.skp_disetujui, false) END AS skp_disetujui,
       coalesce(m.keadaan IN ('dibuka', 'pengiriman_ditutup')
                OR (m.keadaan = 'ditutup' AND m.final_version = 0 AND NOT nilai.tetap), false) AS menyusul,
       coalesce(b.version_sementara, 0) AS v_penilaian, NULL::jsonb AS alasan_penilaian,
       h.hadir, h.cuti, h.tanpa_keterangan, h.terlambat, h.pulang_cepat, h.tanpa_masuk, h.tanpa_pulang,
       h.cuti_kode, h.cuti_hari, h.hari_kerja, h.absen_terlewat, h.tanpa_apel, h.tanpa_upacara, h.tanpa_data,
       CASE WHEN h.tanpa_data > 0 THEN hari_tanpa_data(h, false) ELSE 0 END AS hari_tanpa_data,
       coalesce(h.version, 0) AS v_kehadiran, g.gaji, coalesce(g.version, 0) AS v_gaji, 0::bigint AS v_lain, 0::bigint AS version
FROM pegawai p
LEFT JOIN penempatan n ON n.pegawai_id = p.pegawai_id AND n.berlaku_mulai <= :hari
                      AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
LEFT JOIN periode m ON m.periode = :sumber
LEFT JOIN penilaian d ON d.periode = :sumber AND d.pegawai_id = p.pegawai_id
LEFT JOIN penilaian b ON b.periode = :periode AND b.pegawai_id = p.pegawai_id
CROSS JOIN LATERAL (SELECT coalesce(d.version > 0 AND coalesce(m.keadaan, '') NOT IN ('dibuka', 'pengiriman_ditutup'), false)
                           AS tetap) AS nilai
LEFT JOIN kehadiran_bulan h ON h.periode = :periode AND h.pegawai_id = p.pegawai_id AND h.ada
LEFT JOIN (SELECT pegawai_id, (array_agg(gaji ORDER BY mulai DESC) FILTER (WHERE NOT dicabut))[1] AS gaji,
                  max(mulai) FILTER (WHERE NOT dicabut) AS mulai, sum(version)::bigint AS version
           FROM gaji WHERE pegawai_id = ANY (:ids::uuid[]) AND mulai <= :hari GROUP BY pegawai_id) g
       ON g.pegawai_id = p.pegawai_id
WHERE p.pegawai_id = ANY (:ids::uuid[]);

-- name: kerja(ids, awal, akhir)
-- Working days of people whose attendance is not known, and those of them that letters of leave cover, by kind.
WITH kerja AS (
    SELECT k.pegawai_id, s.kode, count(*)::integer AS berapa
    FROM jadwal_kerja(:ids::uuid[], :awal::date, :akhir::date) k
    LEFT JOIN LATERAL (SELECT s.kode FROM surat s
                       WHERE s.jenis = 'cuti' AND NOT s.dicabut AND s.pegawai_id = k.pegawai_id
                         AND k.tanggal BETWEEN s.mulai AND s.sampai
                       ORDER BY s.mulai DESC, s.kode LIMIT 1) s ON true
    GROUP BY k.pegawai_id, s.kode
)
SELECT pegawai_id, sum(berapa)::integer AS hari,
       coalesce(array_agg(kode ORDER BY kode) FILTER (WHERE kode IS NOT NULL), '{}') AS cuti_kode,
       coalesce(array_agg(berapa ORDER BY kode) FILTER (WHERE kode IS NOT NULL), '{}') AS cuti_hari
FROM kerja GROUP BY pegawai_id;

-- name: berperkiraan(ids, sejak)
-- Who of these people has an estimate of which month, from each one's month on. From one month to the one before in the
-- index, not over all ratings.
WITH RECURSIVE dinilai AS (
    SELECT max(periode) AS periode FROM penilaian
    UNION ALL
    SELECT (SELECT max(d.periode) FROM penilaian d WHERE d.periode < dinilai.periode)
    FROM dinilai WHERE dinilai.periode > (SELECT min(sejak) FROM unnest(:sejak::text[]) AS sejak)
), bulan AS (
    SELECT periode FROM dinilai WHERE periode IS NOT NULL
    UNION
    SELECT periode FROM periode
    WHERE keadaan IN ('dibuka', 'pengiriman_ditutup') AND periode >= (SELECT min(sejak) FROM unnest(:sejak::text[]) AS sejak)
)
SELECT bulan.periode, array_agg(o.pegawai_id ORDER BY o.pegawai_id) AS ids
FROM bulan
CROSS JOIN LATERAL (
    SELECT pegawai_id FROM berperkiraan(bulan.periode)
    WHERE pegawai_id = ANY (ARRAY(SELECT baru.pegawai_id
                                  FROM unnest(:ids::uuid[], :sejak::text[]) AS baru(pegawai_id, sejak)
                                  WHERE baru.sejak <= bulan.periode))
) AS o
GROUP BY bulan.periode ORDER BY bulan.periode;

-- name: antrekan(periode, ids, ukuran)!
-- These people, in parts of neighbours by id.
INSERT INTO perkiraan_antrean (periode, pegawai_ids)
SELECT :periode, array_agg(siapa ORDER BY siapa)
FROM (SELECT siapa, (row_number() OVER (ORDER BY siapa) - 1) / :ukuran::integer AS bagian
      FROM unnest(:ids::uuid[]) AS siapa) AS urut
GROUP BY bagian ORDER BY bagian;

-- name: antrekan_semua(sejak, ukuran)!
-- Everybody who has an estimate of a month, from a month on, in parts of neighbours by id.
INSERT INTO perkiraan_antrean (periode, pegawai_ids)
SELECT periode, array_agg(pegawai_id ORDER BY pegawai_id)
FROM (SELECT bulan.periode, o.pegawai_id,
             (row_number() OVER (PARTITION BY bulan.periode ORDER BY o.pegawai_id) - 1) / :ukuran::integer AS bagian
      FROM (SELECT DISTINCT periode FROM penilaian WHERE periode >= :sejak
            UNION SELECT periode FROM periode WHERE periode >= :sejak) AS bulan
      CROSS JOIN LATERAL berperkiraan(bulan.periode) AS o) AS siapa
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
                          AND left(s.periode, 4) = left(bulan_bayar(:periode), 4)
      WHERE t.periode = :periode AND t.opd_kode = :opd AND (s.status = 'ditahan' OR s.masukan -> 'setahun' IS NOT NULL)
        AND NOT EXISTS (SELECT FROM tpp_bulan b WHERE b.periode = s.periode AND b.pegawai_id = s.pegawai_id)) AS siapa
GROUP BY periode, bagian ORDER BY periode, bagian;

-- name: ambil_antrean()^
-- A part nobody works on, together with others of the same stretch; they are gone when the figures are there.
WITH satu AS (
    SELECT antrean_id, periode, dari, sampai FROM perkiraan_antrean ORDER BY antrean_id LIMIT 1 FOR UPDATE SKIP LOCKED
), sama AS (
    SELECT a.antrean_id FROM perkiraan_antrean a, satu
    WHERE a.antrean_id > satu.antrean_id AND a.periode = satu.periode AND a.dari <= satu.sampai AND a.sampai >= satu.dari
    ORDER BY a.antrean_id LIMIT 20 FOR UPDATE OF a SKIP LOCKED
), diambil AS (
    DELETE FROM perkiraan_antrean
    WHERE antrean_id IN (SELECT antrean_id FROM satu UNION ALL SELECT antrean_id FROM sama)
    RETURNING periode, pegawai_ids
)
SELECT periode, array_agg(DISTINCT siapa ORDER BY siapa) AS pegawai_ids
FROM diambil, unnest(pegawai_ids) AS siapa GROUP BY periode;

-- name: simpan_sementara(periode, kebijakan_id, pada, ids, versions, nip, opd, unit, status, bruto, potongan, neto, baris, iuran, alasan, masukan, terpotong, andaian, data_kurang)!
INSERT INTO tpp_sementara AS lama (pegawai_id, periode, v_penilaian, kebijakan_id, nip, opd_kode, unit_path, status,
                                   bruto, potongan, neto, baris, iuran, alasan, masukan, dihitung_pada, terpotong, andaian,
                                   data_kurang)
SELECT pegawai_id, :periode, v_penilaian, :kebijakan_id::uuid, nip, opd_kode, unit_path, status, bruto, potongan, neto,
       baris::json, iuran::json, alasan::json, masukan::json, :pada::timestamptz,
       terpotong, andaian::jsonb, data_kurang
FROM unnest(:ids::uuid[], :versions::bigint[], :nip::text[], :opd::text[], :unit::text[], :status::text[],
            :bruto::bigint[], :potongan::bigint[], :neto::bigint[], :baris::text[], :iuran::text[], :alasan::text[],
            :masukan::text[], :terpotong::bigint[], :andaian::text[], :data_kurang::boolean[])
     AS baru(pegawai_id, v_penilaian, nip, opd_kode, unit_path, status, bruto, potongan, neto, baris, iuran, alasan,
             masukan, terpotong, andaian, data_kurang)
ORDER BY pegawai_id
ON CONFLICT (periode, pegawai_id) DO UPDATE
SET v_penilaian = excluded.v_penilaian, kebijakan_id = excluded.kebijakan_id, nip = excluded.nip,
    opd_kode = excluded.opd_kode, unit_path = excluded.unit_path, status = excluded.status, bruto = excluded.bruto,
    potongan = excluded.potongan, neto = excluded.neto, baris = excluded.baris, iuran = excluded.iuran,
    alasan = excluded.alasan, masukan = excluded.masukan, dihitung_pada = excluded.dihitung_pada,
    terpotong = excluded.terpotong, andaian = excluded.andaian, data_kurang = excluded.data_kurang
WHERE lama.v_penilaian <= excluded.v_penilaian;
