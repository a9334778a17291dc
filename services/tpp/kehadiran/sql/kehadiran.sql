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
-- How the rows of a sheet compare with what is stored. A day set by an approved correction stays as it is.
SELECT count(*) FILTER (WHERE lama.pegawai_id IS NULL)::integer AS baru,
       count(*) FILTER (WHERE lama.permohonan_id IS NULL AND lama.pegawai_id IS NOT NULL
                          AND (lama.masuk, lama.pulang, lama.keterangan)
                              IS DISTINCT FROM (isi.masuk, isi.pulang, isi.keterangan))::integer AS berubah,
       count(*) FILTER (WHERE lama.permohonan_id IS NULL
                          AND (lama.masuk, lama.pulang, lama.keterangan)
                              IS NOT DISTINCT FROM (isi.masuk, isi.pulang, isi.keterangan))::integer AS sama,
       count(lama.permohonan_id)::integer AS dikoreksi
FROM unnest(:pegawai::uuid[], :tanggal::date[], :masuk::time[], :pulang::time[], :keterangan::text[])
     AS isi(pegawai_id, tanggal, masuk, pulang, keterangan)
LEFT JOIN kehadiran_harian lama USING (pegawai_id, tanggal);

-- name: tahan_harian(pegawai, tanggal)!
-- Days about to be written, held in one order, so that what is replaced is what the history gets.
SELECT FROM kehadiran_harian
JOIN unnest(:pegawai::uuid[], :tanggal::date[]) AS isi(pegawai_id, tanggal) USING (pegawai_id, tanggal)
ORDER BY pegawai_id, tanggal
FOR UPDATE OF kehadiran_harian;

-- name: simpan_harian(pegawai, tanggal, masuk, pulang, keterangan, permohonan_id, oleh)!
-- Days from a file, or one day of an approved correction (`permohonan_id`), which files do not change any more.
-- What is replaced moves to the history.
WITH isi AS (
    SELECT * FROM unnest(:pegawai::uuid[], :tanggal::date[], :masuk::time[], :pulang::time[], :keterangan::text[])
             AS isi(pegawai_id, tanggal, masuk, pulang, keterangan)
), berubah AS (
    SELECT lama.* FROM kehadiran_harian lama JOIN isi USING (pegawai_id, tanggal)
    WHERE :permohonan_id::uuid IS NOT NULL
       OR (lama.permohonan_id IS NULL AND (lama.masuk, lama.pulang, lama.keterangan)
                                          IS DISTINCT FROM (isi.masuk, isi.pulang, isi.keterangan))
), riwayat AS (
    INSERT INTO riwayat_fakta (tabel, kunci, version, isi, diganti_oleh)
    SELECT 'kehadiran_harian', jsonb_build_array(pegawai_id, tanggal), version, to_jsonb(berubah), :oleh FROM berubah
)
INSERT INTO kehadiran_harian AS lama (pegawai_id, tanggal, masuk, pulang, keterangan, permohonan_id, diubah_oleh)
SELECT pegawai_id, tanggal, masuk, pulang, keterangan, :permohonan_id, :oleh FROM isi
ORDER BY pegawai_id, tanggal
ON CONFLICT (pegawai_id, tanggal) DO UPDATE
SET masuk = excluded.masuk, pulang = excluded.pulang, keterangan = excluded.keterangan,
    permohonan_id = excluded.permohonan_id, version = lama.version + 1, diubah_oleh = excluded.diubah_oleh,
    diubah_pada = now()
WHERE excluded.permohonan_id IS NOT NULL
   OR (lama.permohonan_id IS NULL AND (lama.masuk, lama.pulang, lama.keterangan)
                                      IS DISTINCT FROM (excluded.masuk, excluded.pulang, excluded.keterangan));

-- name: hitung_bulan(ids, periode, awal, akhir)!
-- Count the month of these people: their working days, what is recorded of each, and the letters that excuse them.
-- A day that is no working day counts neither for nor against. Seconds are dropped: 07:30:59 is not late. A shift that
-- ends on the next day takes each clock time on whichever day lies nearer. A letter of leave outweighs the day's row.
WITH kerja AS (
    SELECT * FROM jadwal_kerja(:ids::uuid[], :awal::date, :akhir::date)
), surat_cuti AS (
    SELECT DISTINCT ON (k.pegawai_id, k.tanggal) k.pegawai_id, k.tanggal, s.kode
    FROM kerja k JOIN surat s ON s.jenis = 'cuti' AND NOT s.dicabut AND s.pegawai_id = k.pegawai_id
                             AND k.tanggal BETWEEN s.mulai AND s.sampai
    ORDER BY k.pegawai_id, k.tanggal, s.mulai DESC, s.kode
), dicatat AS (
    SELECT k.*, h.keterangan, h.tanggal IS NOT NULL AS tercatat, h.masuk IS NOT NULL AS ada_masuk,
           h.pulang IS NOT NULL AS ada_pulang,
           k.tanggal + h.masuk + CASE WHEN k.pulang::date > k.tanggal AND k.tanggal + h.masuk < k.masuk - interval '12 hours'
                                      THEN interval '1 day' ELSE interval '0' END AS datang,
           k.tanggal + h.pulang + CASE WHEN k.pulang::date > k.tanggal AND k.tanggal + h.pulang < k.pulang - interval '12 hours'
                                       THEN interval '1 day' ELSE interval '0' END AS pergi,
           coalesce(s.kode, CASE h.keterangan WHEN 'S' THEN 'sakit' WHEN 'C' THEN 'cuti' WHEN 'DL' THEN 'dinas_luar'
                            END) AS cuti
    FROM kerja k
    LEFT JOIN kehadiran_harian h USING (pegawai_id, tanggal)
    LEFT JOIN surat_cuti s USING (pegawai_id, tanggal)
), hari AS (
    SELECT pegawai_id, tanggal, menit, cuti, cuti IS NULL AND keterangan = 'A' AS mangkir,
           cuti IS NULL AND keterangan = '' AS hadir, cuti IS NULL AND NOT tercatat AS kosong, tercatat,
           ada_masuk, ada_pulang, extract(epoch FROM datang - masuk)::integer / 60 AS terlambat,
           extract(epoch FROM pulang - pergi)::integer / 60 AS cepat
    FROM dicatat
), jenis_cuti AS (
    SELECT pegawai_id, array_agg(cuti ORDER BY cuti) AS kode, array_agg(berapa ORDER BY cuti) AS berapa
    FROM (SELECT pegawai_id, cuti, count(*)::smallint AS berapa FROM hari WHERE cuti IS NOT NULL
          GROUP BY pegawai_id, cuti) AS satu
    GROUP BY pegawai_id
), bulan AS (
    SELECT siapa.pegawai_id,
           count(*) FILTER (WHERE hadir) AS hadir, count(cuti) AS cuti, count(*) FILTER (WHERE mangkir) AS tanpa_keterangan,
           coalesce(array_agg(terlambat::smallint ORDER BY tanggal) FILTER (WHERE hadir AND terlambat > 0), '{}') AS terlambat,
           coalesce(array_agg(cepat::smallint ORDER BY tanggal) FILTER (WHERE hadir AND cepat > 0), '{}') AS pulang_cepat,
           count(*) FILTER (WHERE hadir AND NOT ada_masuk) AS tanpa_masuk,
           count(*) FILTER (WHERE hadir AND NOT ada_pulang) AS tanpa_pulang,
           nullif(count(tanggal), 0) AS hari_kerja, nullif(sum(menit), 0) AS menit_kerja,
           count(*) FILTER (WHERE kosong) AS tanpa_data,
           -- Letters alone say nothing of the days between: then the month is not known yet.
           count(*) FILTER (WHERE tercatat) > 0 OR (count(tanggal) > 0 AND count(*) FILTER (WHERE kosong) = 0) AS ada
    FROM unnest(:ids::uuid[]) AS siapa(pegawai_id) LEFT JOIN hari USING (pegawai_id)
    GROUP BY siapa.pegawai_id
)
INSERT INTO kehadiran_bulan AS lama (pegawai_id, periode, hadir, cuti, tanpa_keterangan, terlambat, pulang_cepat,
                                     tanpa_masuk, tanpa_pulang, hari_kerja, menit_kerja, tanpa_data, cuti_kode, cuti_hari,
                                     ada)
SELECT b.pegawai_id, :periode, b.hadir, b.cuti, b.tanpa_keterangan, b.terlambat, b.pulang_cepat, b.tanpa_masuk,
       b.tanpa_pulang, b.hari_kerja, b.menit_kerja, b.tanpa_data, coalesce(c.kode, '{}'), coalesce(c.berapa, '{}'), b.ada
FROM bulan b LEFT JOIN jenis_cuti c USING (pegawai_id)
WHERE b.ada OR EXISTS (SELECT FROM kehadiran_bulan k WHERE k.periode = :periode AND k.pegawai_id = b.pegawai_id)
ORDER BY b.pegawai_id
ON CONFLICT (periode, pegawai_id) DO UPDATE
SET version = lama.version + 1, hadir = excluded.hadir, cuti = excluded.cuti,
    tanpa_keterangan = excluded.tanpa_keterangan, terlambat = excluded.terlambat,
    pulang_cepat = excluded.pulang_cepat, tanpa_masuk = excluded.tanpa_masuk, tanpa_pulang = excluded.tanpa_pulang,
    hari_kerja = excluded.hari_kerja, menit_kerja = excluded.menit_kerja, tanpa_data = excluded.tanpa_data,
    cuti_kode = excluded.cuti_kode, cuti_hari = excluded.cuti_hari, ada = excluded.ada
WHERE (lama.hadir, lama.cuti, lama.tanpa_keterangan, lama.terlambat, lama.pulang_cepat, lama.tanpa_masuk,
       lama.tanpa_pulang, lama.hari_kerja, lama.menit_kerja, lama.tanpa_data, lama.cuti_kode, lama.cuti_hari, lama.ada)
      IS DISTINCT FROM (excluded.hadir, excluded.cuti, excluded.tanpa_keterangan, excluded.terlambat,
                        excluded.pulang_cepat, excluded.tanpa_masuk, excluded.tanpa_pulang, excluded.hari_kerja,
                        excluded.menit_kerja, excluded.tanpa_data, excluded.cuti_kode, excluded.cuti_hari, excluded.ada);

-- name: sif_malam(ids, awal, akhir)
-- Whose shift of which day ends on the next one.
SELECT pegawai_id, tanggal FROM jadwal_kerja(:ids::uuid[], :awal, :akhir) WHERE pulang::date > tanggal;

-- name: bulan_tersentuh(dari, sampai)
-- Months of these days that were opened, or of which some attendance is known.
SELECT to_char(bulan, 'YYYY-MM') AS periode
FROM generate_series(:dari::date, :sampai::date, interval '1 month') AS bulan
WHERE EXISTS (SELECT FROM periode p WHERE p.periode = to_char(bulan, 'YYYY-MM') AND p.keadaan <> 'belum_dibuka')
   OR EXISTS (SELECT FROM kehadiran_bulan k WHERE k.periode = to_char(bulan, 'YYYY-MM'));

-- name: orang_sebulan(periode, awal, akhir)
-- Everybody of whom a month is counted, or could be.
SELECT pegawai_id FROM kehadiran_bulan WHERE periode = :periode
UNION
SELECT pegawai_id FROM surat WHERE jenis = 'cuti' AND mulai <= :akhir AND sampai >= :awal
ORDER BY pegawai_id;

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

-- name: profil()
SELECT kode, dokumen, version, diubah_pada FROM profil_kehadiran WHERE NOT dicabut ORDER BY kode;

-- name: bulan()
-- Months that attendance may be sent for, the newest first.
SELECT periode FROM periode WHERE keadaan <> 'belum_dibuka' ORDER BY periode DESC LIMIT 24;
