-- name: asal(pegawai_id, periode, awal, akhir, sampai)
-- Whatever dated is told of one person's month, as it stood at a moment: each fact with who said so, when, and the file
-- that it came in. What was replaced since is taken from the history.
WITH kini AS (
    SELECT 'gaji' AS tabel, jsonb_build_array(f.pegawai_id, f.mulai) AS kunci, to_jsonb(f) AS isi
    FROM gaji f WHERE f.pegawai_id = :pegawai_id::uuid AND f.mulai <= :akhir::date
    UNION ALL
    SELECT 'ptkp', jsonb_build_array(f.pegawai_id, f.mulai), to_jsonb(f)
    FROM ptkp f WHERE f.pegawai_id = :pegawai_id AND f.mulai <= :akhir
    UNION ALL
    SELECT 'fakta_bulanan', jsonb_build_array(f.pegawai_id, f.periode, f.nama), to_jsonb(f)
    FROM fakta_bulanan f WHERE f.pegawai_id = :pegawai_id AND f.periode = :periode::text
    UNION ALL
    SELECT 'fakta_daerah', jsonb_build_array(f.pegawai_id, f.nama, f.mulai), to_jsonb(f)
    FROM fakta_daerah f WHERE f.pegawai_id = :pegawai_id AND f.mulai <= :akhir AND (f.sampai IS NULL OR f.sampai >= :awal)
    UNION ALL
    SELECT 'saldo_pajak', jsonb_build_array(f.pegawai_id, f.sampai), to_jsonb(f)
    FROM saldo_pajak f WHERE f.pegawai_id = :pegawai_id AND f.sampai >= left(:periode, 4) AND f.sampai < :periode
    UNION ALL
    SELECT 'surat', jsonb_build_array(f.pegawai_id, f.jenis, f.kode, f.mulai), to_jsonb(f)
    FROM surat f WHERE f.pegawai_id = :pegawai_id AND f.mulai <= :akhir
                   AND (f.jenis <> 'cuti' OR f.sampai >= :awal::date)
    UNION ALL
    SELECT 'kehadiran_harian', jsonb_build_array(f.pegawai_id, f.tanggal), to_jsonb(f)
    FROM kehadiran_harian f WHERE f.pegawai_id = :pegawai_id AND f.tanggal BETWEEN :awal AND :akhir
), versi AS (
    SELECT tabel, kunci, isi FROM kini
    UNION ALL
    SELECT lalu.tabel, lalu.kunci, lalu.isi FROM riwayat_fakta lalu JOIN kini USING (tabel, kunci)
)
SELECT DISTINCT ON (v.tabel, v.kunci) v.tabel, v.isi, b.berkas
FROM versi v
LEFT JOIN berkas_fakta b ON b.tabel = v.tabel AND b.oleh = v.isi ->> 'diubah_oleh'
                        AND b.pada = (v.isi ->> 'diubah_pada')::timestamptz
WHERE (v.isi ->> 'diubah_pada')::timestamptz <= :sampai::timestamptz
ORDER BY v.tabel, v.kunci, (v.isi ->> 'version')::bigint DESC;

-- name: kabar(pegawai_id, periode, version)^
-- When the person was told as the figure has it, and what is known of the rating of a month.
SELECT coalesce(CASE WHEN p.version = :version::bigint THEN p.pada END,
                (SELECT (r.isi ->> 'pada')::timestamptz FROM riwayat_fakta r
                 WHERE r.tabel = 'pegawai' AND r.kunci = jsonb_build_array(p.pegawai_id) AND r.version = :version)) AS pegawai_pada,
       d.version, d.predikat, d.pada, d.version_sementara, d.predikat_sementara, d.pada_sementara
FROM pegawai p
LEFT JOIN penilaian d ON d.pegawai_id = p.pegawai_id AND d.periode = :periode::text
WHERE p.pegawai_id = :pegawai_id::uuid;

-- name: ada_slip(pegawai_id, bulan)
-- Which of these months have a slip of this person.
SELECT periode FROM tpp_bulan WHERE pegawai_id = :pegawai_id AND periode = ANY (:bulan::text[]);
