-- name: kode_shift()
SELECT DISTINCT kode FROM shift WHERE NOT dicabut ORDER BY kode;

-- name: kode_regu()
SELECT kode FROM regu WHERE NOT dicabut ORDER BY kode;

-- name: tanggal_dikenal(tanggal)
SELECT tanggal FROM hari_libur WHERE tanggal = ANY (:tanggal::date[]);

-- name: libur(awal, akhir)
SELECT tanggal, jenis, nama, dasar, version FROM hari_libur
WHERE tanggal BETWEEN :awal AND :akhir AND NOT dicabut ORDER BY tanggal;

-- name: jam_kerja(awal, akhir)
-- Sets of weekly hours that hold on some day of a span, the newest first.
SELECT berlaku_mulai, berlaku_sampai, hari, masuk, pulang, istirahat, dasar FROM jam_kerja
WHERE NOT dicabut AND berlaku_mulai <= :akhir AND (berlaku_sampai IS NULL OR berlaku_sampai >= :awal)
ORDER BY berlaku_mulai DESC, hari;

-- name: shift(awal, akhir)
SELECT kode, nama, berlaku_mulai, berlaku_sampai, masuk, pulang, istirahat, dasar FROM shift
WHERE NOT dicabut AND berlaku_mulai <= :akhir AND (berlaku_sampai IS NULL OR berlaku_sampai >= :awal)
ORDER BY kode, berlaku_mulai DESC;

-- name: regu(hari)
SELECT r.kode, r.nama, r.mulai, r.siklus, r.ikut_libur, r.dasar,
       (SELECT count(DISTINCT a.pegawai_id)::integer FROM anggota_regu a
        WHERE a.regu = r.kode AND NOT a.dicabut AND a.mulai <= :hari AND (a.sampai IS NULL OR a.sampai >= :hari)) AS anggota
FROM regu r WHERE NOT r.dicabut ORDER BY r.kode;

-- name: bulan_orang(pegawai_id, awal, akhir)
-- One person's month, day by day: when they have to be at work, what is recorded, which letter excuses them.
SELECT hari::date AS tanggal, k.masuk::time AS masuk_jadwal, k.pulang::time AS pulang_jadwal,
       k.pulang::date > k.tanggal AS lewat_tengah_malam, k.menit, l.nama AS libur, h.masuk, h.pulang, h.keterangan,
       h.absen_terlewat, h.tanpa_apel, h.tanpa_upacara, h.version, s.kode AS cuti
FROM generate_series(:awal::date, :akhir::date, interval '1 day') AS hari
LEFT JOIN jadwal_kerja(ARRAY[:pegawai_id::uuid], :awal, :akhir) k ON k.tanggal = hari::date
LEFT JOIN hari_libur l ON l.tanggal = hari::date AND NOT l.dicabut
LEFT JOIN kehadiran_harian h ON h.pegawai_id = :pegawai_id AND h.tanggal = hari::date
LEFT JOIN LATERAL (SELECT kode FROM surat s
                   WHERE s.pegawai_id = :pegawai_id AND s.jenis = 'cuti' AND NOT s.dicabut
                     AND hari::date BETWEEN s.mulai AND s.sampai
                   ORDER BY s.mulai DESC, s.kode LIMIT 1) s ON true
ORDER BY hari;

-- name: bulan_terhitung(pegawai_id, periode)^
SELECT hadir, cuti, tanpa_keterangan, terlambat, pulang_cepat, tanpa_masuk, tanpa_pulang, absen_terlewat, tanpa_apel,
       tanpa_upacara, hari_kerja, menit_kerja,
       hari_tanpa_data(k, false) AS tanpa_data, version, ada
FROM kehadiran_bulan k WHERE pegawai_id = :pegawai_id AND periode = :periode;

-- name: orang(pegawai_id, hari)^
SELECT p.nip, nm.nama AS nama_pegawai, n.unit_path, n.atasan_id FROM pegawai p
LEFT JOIN nama nm USING (pegawai_id)
LEFT JOIN penempatan n ON n.pegawai_id = p.pegawai_id AND n.berlaku_mulai <= :hari
                      AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
WHERE p.pegawai_id = :pegawai_id;
