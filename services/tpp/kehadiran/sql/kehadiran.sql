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

-- name: bandingkan_harian(pegawai, tanggal, masuk, pulang, keterangan, absen_terlewat, tanpa_apel, tanpa_upacara)^
-- How the rows of a sheet compare with what is stored. A day set by an approved correction stays as it is.
SELECT count(*) FILTER (WHERE lama.pegawai_id IS NULL)::integer AS baru,
       count(*) FILTER (WHERE lama.permohonan_id IS NULL AND lama.pegawai_id IS NOT NULL AND beda)::integer AS berubah,
       count(*) FILTER (WHERE lama.permohonan_id IS NULL AND lama.pegawai_id IS NOT NULL AND NOT beda)::integer AS sama,
       count(lama.permohonan_id)::integer AS dikoreksi
FROM unnest(:pegawai::uuid[], :tanggal::date[], :masuk::time[], :pulang::time[], :keterangan::text[],
            :absen_terlewat::smallint[], :tanpa_apel::smallint[], :tanpa_upacara::smallint[])
     AS isi(pegawai_id, tanggal, masuk, pulang, keterangan, absen_terlewat, tanpa_apel, tanpa_upacara)
LEFT JOIN kehadiran_harian lama USING (pegawai_id, tanggal)
CROSS JOIN LATERAL (
    SELECT (isi.keterangan IS NOT NULL AND (lama.masuk, lama.pulang, lama.keterangan)
                                           IS DISTINCT FROM (isi.masuk, isi.pulang, isi.keterangan))
           OR coalesce(isi.absen_terlewat <> coalesce(lama.absen_terlewat, -1), false)
           OR coalesce(isi.tanpa_apel <> coalesce(lama.tanpa_apel, -1), false)
           OR coalesce(isi.tanpa_upacara <> coalesce(lama.tanpa_upacara, -1), false) AS beda
) AS banding;

-- name: tahan_harian(pegawai, tanggal)!
-- Days about to be written, held in one order, so that what is replaced is what the history gets.
SELECT FROM kehadiran_harian
JOIN unnest(:pegawai::uuid[], :tanggal::date[]) AS isi(pegawai_id, tanggal) USING (pegawai_id, tanggal)
ORDER BY pegawai_id, tanggal
FOR UPDATE OF kehadiran_harian;

-- name: simpan_harian(pegawai, tanggal, masuk, pulang, keterangan, absen_terlewat, tanpa_apel, tanpa_upacara, permohonan_id, oleh)!
-- Days from a file or a machine, or one day of an approved correction (`permohonan_id`): what was known then, those do
-- not change any more. What nothing is said of stays as it was, and what is replaced moves to the history.
WITH isi AS (
    SELECT * FROM unnest(:pegawai::uuid[], :tanggal::date[], :masuk::time[], :pulang::time[], :keterangan::text[],
                         :absen_terlewat::smallint[], :tanpa_apel::smallint[], :tanpa_upacara::smallint[])
             AS isi(pegawai_id, tanggal, masuk, pulang, keterangan, absen_terlewat, tanpa_apel, tanpa_upacara)
), lengkap AS (
    SELECT isi.pegawai_id, isi.tanggal,
           CASE WHEN jam.tetap THEN lama.masuk ELSE isi.masuk END AS masuk,
           CASE WHEN jam.tetap THEN lama.pulang ELSE isi.pulang END AS pulang,
           CASE WHEN jam.tetap THEN lama.keterangan ELSE isi.keterangan END AS keterangan,
           CASE WHEN 'absen_terlewat' = ANY (tetap.hal) THEN lama.absen_terlewat
                ELSE coalesce(isi.absen_terlewat, lama.absen_terlewat) END AS absen_terlewat,
           CASE WHEN 'tanpa_apel' = ANY (tetap.hal) THEN lama.tanpa_apel
                ELSE coalesce(isi.tanpa_apel, lama.tanpa_apel) END AS tanpa_apel,
           CASE WHEN 'tanpa_upacara' = ANY (tetap.hal) THEN lama.tanpa_upacara
                ELSE coalesce(isi.tanpa_upacara, lama.tanpa_upacara) END AS tanpa_upacara,
           coalesce(:permohonan_id::uuid, lama.permohonan_id) AS permohonan_id, tetap.hal AS tetap
    FROM isi
    LEFT JOIN kehadiran_harian lama USING (pegawai_id, tanggal)
    CROSS JOIN LATERAL (SELECT CASE WHEN :permohonan_id::uuid IS NULL THEN hal_tetap(lama) ELSE '{}' END AS hal) AS tetap
    CROSS JOIN LATERAL (SELECT isi.keterangan IS NULL OR coalesce('jam' = ANY (tetap.hal), false) AS tetap) AS jam
), riwayat AS (
    INSERT INTO riwayat_fakta (tabel, kunci, version, isi, diganti_oleh)
    SELECT 'kehadiran_harian', jsonb_build_array(pegawai_id, tanggal), lama.version, to_jsonb(lama), :oleh
    FROM kehadiran_harian lama JOIN lengkap baru USING (pegawai_id, tanggal)
    WHERE :permohonan_id::uuid IS NOT NULL
       OR (lama.masuk, lama.pulang, lama.keterangan, lama.absen_terlewat, lama.tanpa_apel, lama.tanpa_upacara)
          IS DISTINCT FROM
          (baru.masuk, baru.pulang, baru.keterangan, baru.absen_terlewat, baru.tanpa_apel, baru.tanpa_upacara)
)
INSERT INTO kehadiran_harian AS lama (pegawai_id, tanggal, masuk, pulang, keterangan, absen_terlewat, tanpa_apel,
                                      tanpa_upacara, permohonan_id, tetap, diubah_oleh)
SELECT pegawai_id, tanggal, masuk, pulang, keterangan, absen_terlewat, tanpa_apel, tanpa_upacara, permohonan_id,
       CASE WHEN :permohonan_id::uuid IS NOT NULL THEN hal_dikenal(keterangan, absen_terlewat, tanpa_apel, tanpa_upacara)
            WHEN permohonan_id IS NOT NULL THEN tetap END, :oleh
FROM lengkap ORDER BY pegawai_id, tanggal
ON CONFLICT (pegawai_id, tanggal) DO UPDATE
SET masuk = excluded.masuk, pulang = excluded.pulang, keterangan = excluded.keterangan,
    absen_terlewat = excluded.absen_terlewat, tanpa_apel = excluded.tanpa_apel, tanpa_upacara = excluded.tanpa_upacara,
    permohonan_id = excluded.permohonan_id, tetap = excluded.tetap, version = lama.version + 1,
    diubah_oleh = excluded.diubah_oleh, diubah_pada = now()
WHERE :permohonan_id::uuid IS NOT NULL
   OR (lama.masuk, lama.pulang, lama.keterangan, lama.absen_terlewat, lama.tanpa_apel, lama.tanpa_upacara)
      IS DISTINCT FROM (excluded.masuk, excluded.pulang, excluded.keterangan, excluded.absen_terlewat,
                        excluded.tanpa_apel, excluded.tanpa_upacara);

-- name: cabut_harian(pegawai, tanggal, hal, alasan, oleh)
-- Days of which something is not known any more; what they said moves to the history. Returns those that changed.
WITH isi AS (
    SELECT pegawai_id, tanggal, array_agg(hal) AS hal, max(alasan) AS alasan
    FROM unnest(:pegawai::uuid[], :tanggal::date[], :hal::text[], :alasan::text[]) AS isi(pegawai_id, tanggal, hal, alasan)
    GROUP BY pegawai_id, tanggal
), hilang AS (
    SELECT pegawai_id, tanggal, alasan, ARRAY(
               SELECT unnest(isi.hal)
               INTERSECT
               SELECT unnest(hal_dikenal(lama.keterangan, lama.absen_terlewat, lama.tanpa_apel, lama.tanpa_upacara))
               EXCEPT
               SELECT unnest(hal_tetap(lama))) AS hal
    FROM isi JOIN kehadiran_harian lama USING (pegawai_id, tanggal)
), riwayat AS (
    INSERT INTO riwayat_fakta (tabel, kunci, version, isi, diganti_oleh, alasan)
    SELECT 'kehadiran_harian', jsonb_build_array(pegawai_id, tanggal), lama.version, to_jsonb(lama), :oleh, hilang.alasan
    FROM kehadiran_harian lama JOIN hilang USING (pegawai_id, tanggal)
    WHERE hilang.hal <> '{}'
)
UPDATE kehadiran_harian h
SET masuk = CASE WHEN 'jam' = ANY (hilang.hal) THEN NULL ELSE h.masuk END,
    pulang = CASE WHEN 'jam' = ANY (hilang.hal) THEN NULL ELSE h.pulang END,
    keterangan = CASE WHEN 'jam' = ANY (hilang.hal) THEN NULL ELSE h.keterangan END,
    absen_terlewat = CASE WHEN 'absen_terlewat' = ANY (hilang.hal) THEN NULL ELSE h.absen_terlewat END,
    tanpa_apel = CASE WHEN 'tanpa_apel' = ANY (hilang.hal) THEN NULL ELSE h.tanpa_apel END,
    tanpa_upacara = CASE WHEN 'tanpa_upacara' = ANY (hilang.hal) THEN NULL ELSE h.tanpa_upacara END,
    version = h.version + 1, diubah_oleh = :oleh, diubah_pada = now()
FROM hilang
WHERE h.pegawai_id = hilang.pegawai_id AND h.tanggal = hilang.tanggal AND hilang.hal <> '{}'
RETURNING h.pegawai_id, h.tanggal, h.version;

-- name: hitung_bulan(ids, periode, awal, akhir)!
-- Count the month of these people: their working days, what is recorded of each, and the letters that excuse them.
-- A day that is no working day counts neither for nor against. Seconds are dropped: 07:30:59 is not late. A shift that
-- ends on the next day takes each clock time on whichever day lies nearer. A letter of leave outweighs the day's row.
-- Ceremonies are also held on days off. What no day speaks of is not known, which is not never.
WITH kerja AS (
    SELECT * FROM jadwal_kerja(:ids::uuid[], :awal::date, :akhir::date)
), surat_cuti AS (
    SELECT DISTINCT ON (k.pegawai_id, k.tanggal) k.pegawai_id, k.tanggal, s.kode
    FROM kerja k JOIN surat s ON s.jenis = 'cuti' AND NOT s.dicabut AND s.pegawai_id = k.pegawai_id
                             AND k.tanggal BETWEEN s.mulai AND s.sampai
    ORDER BY k.pegawai_id, k.tanggal, s.mulai DESC, s.kode
), dicatat AS (
    SELECT k.*, h.keterangan, h.absen_terlewat, h.tanpa_apel, h.keterangan IS NOT NULL AS tercatat, h.masuk IS NOT NULL AS ada_masuk,
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
           ada_masuk, ada_pulang, absen_terlewat, tanpa_apel, extract(epoch FROM datang - masuk)::integer / 60 AS terlambat,
           extract(epoch FROM pulang - pergi)::integer / 60 AS cepat
    FROM dicatat
), upacara AS (
    SELECT h.pegawai_id, sum(CASE WHEN coalesce(h.keterangan, '') IN ('', 'A') AND s.pegawai_id IS NULL
                                  THEN h.tanpa_upacara ELSE 0 END) AS tanpa_upacara
    FROM kehadiran_harian h
    LEFT JOIN LATERAL (SELECT s.pegawai_id FROM surat s
                       WHERE s.jenis = 'cuti' AND NOT s.dicabut AND s.pegawai_id = h.pegawai_id
                         AND h.tanggal BETWEEN s.mulai AND s.sampai LIMIT 1) s ON true
    WHERE h.pegawai_id = ANY (:ids::uuid[]) AND h.tanggal BETWEEN :awal AND :akhir AND h.tanpa_upacara IS NOT NULL
    GROUP BY h.pegawai_id
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
           coalesce(array_agg(extract(day FROM tanggal)::smallint ORDER BY tanggal)
                    FILTER (WHERE hadir AND terlambat > 0), '{}') AS hari_terlambat,
           coalesce(array_agg(extract(day FROM tanggal)::smallint ORDER BY tanggal)
                    FILTER (WHERE hadir AND cepat > 0), '{}') AS hari_pulang_cepat,
           count(*) FILTER (WHERE hadir AND NOT ada_masuk) AS tanpa_masuk,
           count(*) FILTER (WHERE hadir AND NOT ada_pulang) AS tanpa_pulang,
           nullif(count(tanggal), 0) AS hari_kerja, nullif(sum(menit), 0) AS menit_kerja,
           count(*) FILTER (WHERE kosong) AS tanpa_data,
           coalesce(array_agg(extract(day FROM tanggal)::smallint ORDER BY tanggal) FILTER (WHERE kosong), '{}') AS hari_kosong,
           max(extract(day FROM tanggal)::smallint) FILTER (WHERE tercatat) AS data_sampai,
           sum(CASE WHEN cuti IS NULL THEN absen_terlewat WHEN absen_terlewat IS NOT NULL THEN 0 END) AS absen_terlewat,
           sum(CASE WHEN cuti IS NULL THEN tanpa_apel WHEN tanpa_apel IS NOT NULL THEN 0 END) AS tanpa_apel,
           -- Letters alone say nothing of the days between: then the month is not known yet.
           count(*) FILTER (WHERE tercatat) > 0 OR (count(tanggal) > 0 AND count(*) FILTER (WHERE kosong) = 0) AS ada
    FROM unnest(:ids::uuid[]) AS siapa(pegawai_id) LEFT JOIN hari USING (pegawai_id)
    GROUP BY siapa.pegawai_id
)
INSERT INTO kehadiran_bulan AS lama (pegawai_id, periode, hadir, cuti, tanpa_keterangan, terlambat, pulang_cepat,
                                     tanpa_masuk, tanpa_pulang, hari_kerja, menit_kerja, tanpa_data, cuti_kode, cuti_hari,
                                     ada, absen_terlewat, tanpa_apel, tanpa_upacara, hari_kosong, data_sampai,
                                     hari_terlambat, hari_pulang_cepat)
SELECT b.pegawai_id, :periode, b.hadir, b.cuti, b.tanpa_keterangan, b.terlambat, b.pulang_cepat, b.tanpa_masuk,
       b.tanpa_pulang, b.hari_kerja, b.menit_kerja, b.tanpa_data, coalesce(c.kode, '{}'), coalesce(c.berapa, '{}'), b.ada,
       b.absen_terlewat, b.tanpa_apel, u.tanpa_upacara, b.hari_kosong, b.data_sampai, b.hari_terlambat, b.hari_pulang_cepat
FROM bulan b LEFT JOIN jenis_cuti c USING (pegawai_id) LEFT JOIN upacara u USING (pegawai_id)
WHERE b.ada OR EXISTS (SELECT FROM kehadiran_bulan k WHERE k.periode = :periode AND k.pegawai_id = b.pegawai_id)
ORDER BY b.pegawai_id
ON CONFLICT (periode, pegawai_id) DO UPDATE
-- Of a month counted before days were kept, the days alone are no other version.
SET version = lama.version + CASE
        WHEN (lama.hadir, lama.cuti, lama.tanpa_keterangan, lama.terlambat, lama.pulang_cepat, lama.tanpa_masuk,
              lama.tanpa_pulang, lama.hari_kerja, lama.menit_kerja, lama.tanpa_data, lama.cuti_kode, lama.cuti_hari, lama.ada,
              lama.absen_terlewat, lama.tanpa_apel, lama.tanpa_upacara,
              coalesce(lama.hari_terlambat, excluded.hari_terlambat), coalesce(lama.hari_pulang_cepat, excluded.hari_pulang_cepat))
             IS DISTINCT FROM (excluded.hadir, excluded.cuti, excluded.tanpa_keterangan, excluded.terlambat,
                               excluded.pulang_cepat, excluded.tanpa_masuk, excluded.tanpa_pulang, excluded.hari_kerja,
                               excluded.menit_kerja, excluded.tanpa_data, excluded.cuti_kode, excluded.cuti_hari, excluded.ada,
                               excluded.absen_terlewat, excluded.tanpa_apel, excluded.tanpa_upacara,
                               excluded.hari_terlambat, excluded.hari_pulang_cepat) THEN 1 ELSE 0 END,
    hadir = excluded.hadir, cuti = excluded.cuti,
    tanpa_keterangan = excluded.tanpa_keterangan, terlambat = excluded.terlambat,
    pulang_cepat = excluded.pulang_cepat, tanpa_masuk = excluded.tanpa_masuk, tanpa_pulang = excluded.tanpa_pulang,
    hari_kerja = excluded.hari_kerja, menit_kerja = excluded.menit_kerja, tanpa_data = excluded.tanpa_data,
    cuti_kode = excluded.cuti_kode, cuti_hari = excluded.cuti_hari, ada = excluded.ada,
    absen_terlewat = excluded.absen_terlewat, tanpa_apel = excluded.tanpa_apel, tanpa_upacara = excluded.tanpa_upacara,
    hari_kosong = excluded.hari_kosong, data_sampai = excluded.data_sampai,
    hari_terlambat = excluded.hari_terlambat, hari_pulang_cepat = excluded.hari_pulang_cepat
WHERE (lama.hadir, lama.cuti, lama.tanpa_keterangan, lama.terlambat, lama.pulang_cepat, lama.tanpa_masuk,
       lama.tanpa_pulang, lama.hari_kerja, lama.menit_kerja, lama.tanpa_data, lama.cuti_kode, lama.cuti_hari, lama.ada,
       lama.absen_terlewat, lama.tanpa_apel, lama.tanpa_upacara, lama.hari_kosong, lama.data_sampai,
       lama.hari_terlambat, lama.hari_pulang_cepat)
      IS DISTINCT FROM (excluded.hadir, excluded.cuti, excluded.tanpa_keterangan, excluded.terlambat,
                        excluded.pulang_cepat, excluded.tanpa_masuk, excluded.tanpa_pulang, excluded.hari_kerja,
                        excluded.menit_kerja, excluded.tanpa_data, excluded.cuti_kode, excluded.cuti_hari, excluded.ada,
                        excluded.absen_terlewat, excluded.tanpa_apel, excluded.tanpa_upacara, excluded.hari_kosong,
                        excluded.data_sampai, excluded.hari_terlambat, excluded.hari_pulang_cepat);

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
-- Everybody of whom a month is counted, or could be, or who has a figure of it: it may be divided by working days.
SELECT pegawai_id FROM kehadiran_bulan WHERE periode = :periode
UNION
SELECT pegawai_id FROM penilaian WHERE periode = :periode
UNION
SELECT pegawai_id FROM tpp_bulan WHERE periode = :periode
UNION
SELECT pegawai_id FROM tpp_sementara WHERE periode = :periode
UNION
SELECT pegawai_id FROM surat WHERE jenis = 'cuti' AND mulai <= :akhir AND sampai >= :awal
ORDER BY pegawai_id;

-- name: profil()
SELECT kode, dokumen, version, diubah_pada FROM profil_kehadiran WHERE NOT dicabut ORDER BY kode;

-- name: bulan()
-- Months that attendance may be sent for, the newest first.
SELECT periode FROM periode WHERE keadaan <> 'belum_dibuka' AND masa_bulanan(periode) ORDER BY periode DESC LIMIT 24;

-- name: satu_hari(pegawai_id, tanggal, periode)^
-- One day of one person, where they worked then, and whether its month is locked for them.
SELECT n.unit_path, n.atasan_id, h.permohonan_id,
       num_nonnulls(h.keterangan, h.absen_terlewat, h.tanpa_apel, h.tanpa_upacara) > 0 AS tercatat,
       bulan_terkunci(:periode, p.pegawai_id) AS terkunci
FROM pegawai p
LEFT JOIN kehadiran_harian h ON h.pegawai_id = p.pegawai_id AND h.tanggal = :tanggal
LEFT JOIN penempatan n ON n.pegawai_id = p.pegawai_id AND n.berlaku_mulai <= :tanggal
                      AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :tanggal)
WHERE p.pegawai_id = :pegawai_id;

-- name: riwayat_hari(pegawai_id, tanggal)
-- What was known of a day, version by version, the newest first: who said so, and why what stood before was taken back.
WITH keadaan AS (
    SELECT version, to_jsonb(h) AS isi FROM kehadiran_harian h WHERE pegawai_id = :pegawai_id AND tanggal = :tanggal
    UNION ALL
    SELECT version, isi FROM riwayat_fakta
    WHERE tabel = 'kehadiran_harian' AND kunci = jsonb_build_array(:pegawai_id::uuid, :tanggal::date)
)
SELECT k.version, satu.masuk, satu.pulang, satu.keterangan, satu.absen_terlewat, satu.tanpa_apel, satu.tanpa_upacara,
       satu.diubah_pada AS pada, satu.diubah_oleh AS oleh, o.nip AS oleh_nip, nm.nama AS oleh_nama, lalu.alasan
FROM keadaan k
CROSS JOIN LATERAL jsonb_populate_record(NULL::kehadiran_harian, k.isi) AS satu
LEFT JOIN riwayat_fakta lalu ON lalu.tabel = 'kehadiran_harian' AND lalu.version = k.version - 1
                            AND lalu.kunci = jsonb_build_array(:pegawai_id::uuid, :tanggal::date)
LEFT JOIN pegawai o ON o.pegawai_id = CASE WHEN satu.diubah_oleh ~ '^pegawai:' THEN substr(satu.diubah_oleh, 9)::uuid END
LEFT JOIN nama nm ON nm.pegawai_id = o.pegawai_id
ORDER BY k.version DESC;

-- name: orang_bulan(periode, hari, semua, units, atasan_id, opd, nama, nip, sesudah_nip, limit)
-- People whose attendance the caller may look at, with their month as it is counted.
SELECT siapa.*, nm.nama AS nama_pegawai, k.hadir, k.cuti, k.tanpa_keterangan,
       hari_tanpa_data(k, false) AS tanpa_data
FROM (
    SELECT p.pegawai_id, p.nip, n.opd_nama
    FROM pegawai p
    JOIN penempatan n ON n.pegawai_id = p.pegawai_id AND n.berlaku_mulai <= :hari
                     AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
    WHERE (:semua::boolean OR n.atasan_id = :atasan_id::uuid
           OR EXISTS (SELECT FROM unnest(:units::text[]) AS u WHERE n.unit_path = u OR starts_with(n.unit_path, u || '/')))
      AND (:opd::text IS NULL OR n.opd_kode = :opd)
      AND (:nama::text IS NULL OR p.nip LIKE :nip
           OR p.pegawai_id IN (SELECT pegawai_id FROM nama WHERE nama.nama ILIKE :nama))
      AND (:sesudah_nip::text IS NULL OR p.nip > :sesudah_nip)
      AND (p.aktif OR EXISTS (SELECT FROM kehadiran_bulan b WHERE b.periode = :periode AND b.pegawai_id = p.pegawai_id))
    ORDER BY p.nip
    LIMIT :limit
) AS siapa
LEFT JOIN nama nm ON nm.pegawai_id = siapa.pegawai_id
LEFT JOIN kehadiran_bulan k ON k.periode = :periode AND k.pegawai_id = siapa.pegawai_id AND k.ada
ORDER BY siapa.nip;
