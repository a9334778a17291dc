-- name: orang(nip, periode, hari)
-- People by NIP: where they work on that day, and whether that OPD's month is locked.
SELECT DISTINCT ON (p.nip) p.nip, p.pegawai_id, n.unit_path,
       EXISTS (SELECT FROM tpp_bulan t JOIN penetapan k USING (periode, opd_kode)
               WHERE t.periode = :periode AND t.pegawai_id = p.pegawai_id AND k.keadaan = 'dikunci') AS terkunci
FROM pegawai p
LEFT JOIN penempatan n ON n.pegawai_id = p.pegawai_id AND n.berlaku_mulai <= :hari
                      AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
WHERE p.nip = ANY (:nip::text[])
ORDER BY p.nip, p.aktif DESC, p.version DESC;

-- name: bandingkan_harian(pegawai, tanggal, masuk, pulang, keterangan)^
-- How the rows of a sheet compare with what is stored.
SELECT count(*) FILTER (WHERE lama.pegawai_id IS NULL)::integer AS baru,
       count(*) FILTER (WHERE (lama.masuk, lama.pulang, lama.keterangan)
                              IS DISTINCT FROM (isi.masuk, isi.pulang, isi.keterangan)
                          AND lama.pegawai_id IS NOT NULL)::integer AS berubah,
       count(*) FILTER (WHERE (lama.masuk, lama.pulang, lama.keterangan)
                              IS NOT DISTINCT FROM (isi.masuk, isi.pulang, isi.keterangan))::integer AS sama
FROM unnest(:pegawai::uuid[], :tanggal::date[], :masuk::time[], :pulang::time[], :keterangan::text[])
     AS isi(pegawai_id, tanggal, masuk, pulang, keterangan)
LEFT JOIN kehadiran_harian lama USING (pegawai_id, tanggal);

-- name: simpan_harian(pegawai, tanggal, masuk, pulang, keterangan)!
INSERT INTO kehadiran_harian AS lama (pegawai_id, tanggal, masuk, pulang, keterangan)
SELECT * FROM unnest(:pegawai::uuid[], :tanggal::date[], :masuk::time[], :pulang::time[], :keterangan::text[])
         AS isi(pegawai_id, tanggal, masuk, pulang, keterangan)
ORDER BY pegawai_id, tanggal
ON CONFLICT (pegawai_id, tanggal) DO UPDATE
SET masuk = excluded.masuk, pulang = excluded.pulang, keterangan = excluded.keterangan
WHERE (lama.masuk, lama.pulang, lama.keterangan)
      IS DISTINCT FROM (excluded.masuk, excluded.pulang, excluded.keterangan);

-- name: hitung_bulan(ids, periode, awal, akhir)!
-- Count the month of these people from its days. A day that is no working day counts neither for nor against.
-- Seconds are dropped: 07:30:59 is not late.
WITH hari_kerja AS (
    SELECT bulan.tanggal::date AS tanggal, j.masuk, j.pulang
    FROM generate_series(:awal::date, :akhir::date, interval '1 day') AS bulan(tanggal)
    JOIN jam_kerja j ON j.hari = extract(isodow FROM bulan.tanggal)
     AND j.berlaku_mulai = (SELECT max(berlaku_mulai) FROM jam_kerja WHERE berlaku_mulai <= bulan.tanggal)
), hari AS (
    SELECT h.pegawai_id, h.tanggal, h.keterangan, h.masuk, h.pulang,
           CASE WHEN h.keterangan = '' THEN extract(epoch FROM h.masuk - k.masuk)::integer / 60 END AS terlambat,
           CASE WHEN h.keterangan = '' THEN extract(epoch FROM k.pulang - h.pulang)::integer / 60 END AS cepat
    FROM kehadiran_harian h JOIN hari_kerja k USING (tanggal)
    WHERE h.pegawai_id = ANY (:ids::uuid[])
)
INSERT INTO kehadiran_bulan AS lama (pegawai_id, periode, hadir, cuti, tanpa_keterangan, terlambat, pulang_cepat,
                                     tanpa_masuk, tanpa_pulang)
SELECT pegawai_id, :periode,
       count(*) FILTER (WHERE keterangan = ''),
       count(*) FILTER (WHERE keterangan IN ('S', 'C', 'DL')),
       count(*) FILTER (WHERE keterangan = 'A'),
       coalesce(array_agg(terlambat::smallint ORDER BY tanggal) FILTER (WHERE terlambat > 0), '{}'),
       coalesce(array_agg(cepat::smallint ORDER BY tanggal) FILTER (WHERE cepat > 0), '{}'),
       count(*) FILTER (WHERE keterangan = '' AND masuk IS NULL),
       count(*) FILTER (WHERE keterangan = '' AND pulang IS NULL)
FROM hari
GROUP BY pegawai_id
ORDER BY pegawai_id
ON CONFLICT (periode, pegawai_id) DO UPDATE
SET version = lama.version + 1, hadir = excluded.hadir, cuti = excluded.cuti,
    tanpa_keterangan = excluded.tanpa_keterangan, terlambat = excluded.terlambat,
    pulang_cepat = excluded.pulang_cepat, tanpa_masuk = excluded.tanpa_masuk, tanpa_pulang = excluded.tanpa_pulang
WHERE (lama.hadir, lama.cuti, lama.tanpa_keterangan, lama.terlambat, lama.pulang_cepat, lama.tanpa_masuk,
       lama.tanpa_pulang)
      IS DISTINCT FROM (excluded.hadir, excluded.cuti, excluded.tanpa_keterangan, excluded.terlambat,
                        excluded.pulang_cepat, excluded.tanpa_masuk, excluded.tanpa_pulang);

-- name: bandingkan_gaji(pegawai, gaji)^
SELECT count(*) FILTER (WHERE lama.gaji IS NULL)::integer AS baru,
       count(*) FILTER (WHERE lama.gaji <> isi.gaji)::integer AS berubah,
       count(*) FILTER (WHERE lama.gaji = isi.gaji)::integer AS sama
FROM unnest(:pegawai::uuid[], :gaji::bigint[]) AS isi(pegawai_id, gaji)
LEFT JOIN gaji lama USING (pegawai_id);

-- name: simpan_gaji(pegawai, gaji)!
INSERT INTO gaji AS lama (pegawai_id, gaji)
SELECT * FROM unnest(:pegawai::uuid[], :gaji::bigint[]) AS isi(pegawai_id, gaji)
ORDER BY pegawai_id
ON CONFLICT (pegawai_id) DO UPDATE SET version = lama.version + 1, gaji = excluded.gaji
WHERE lama.gaji <> excluded.gaji;

-- name: bulan()
-- Months that attendance may be sent for, the newest first.
SELECT periode FROM periode WHERE keadaan <> 'belum_dibuka' ORDER BY periode DESC LIMIT 24;
