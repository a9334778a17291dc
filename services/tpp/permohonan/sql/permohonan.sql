-- name: hari(pegawai_id, tanggal, hari)^
-- What is recorded of somebody's day, and who decides about it today.
SELECT p.nip, n.unit_path, n.atasan_id, h.masuk, h.pulang, h.keterangan, h.absen_terlewat, h.tanpa_apel,
       h.tanpa_upacara, h.version,
       EXISTS (SELECT FROM jadwal_kerja(ARRAY[:pegawai_id::uuid], :tanggal::date, :tanggal::date) k
               WHERE k.pulang::date > k.tanggal) AS sif_malam
FROM pegawai p
LEFT JOIN penempatan n ON n.pegawai_id = p.pegawai_id AND n.berlaku_mulai <= :hari
                      AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
LEFT JOIN kehadiran_harian h ON h.pegawai_id = p.pegawai_id AND h.tanggal = :tanggal
WHERE p.pegawai_id = :pegawai_id;

-- name: simpan(permohonan_id, pegawai_id, tanggal, masuk, pulang, keterangan, absen_terlewat, tanpa_apel, tanpa_upacara, sebab, bukti)$
INSERT INTO permohonan_koreksi (permohonan_id, pegawai_id, tanggal, masuk, pulang, keterangan, absen_terlewat, tanpa_apel,
                                tanpa_upacara, sebab, bukti)
VALUES (:permohonan_id, :pegawai_id, :tanggal, :masuk, :pulang, :keterangan, :absen_terlewat, :tanpa_apel,
        :tanpa_upacara, :sebab, :bukti)
ON CONFLICT (pegawai_id, tanggal) WHERE keadaan = 'diajukan' DO NOTHING
RETURNING permohonan_id;

-- name: kunci(permohonan_id, hari)^
SELECT m.*, n.unit_path, n.atasan_id,
       EXISTS (SELECT FROM tpp_bulan t JOIN penetapan k USING (periode, opd_kode)
               WHERE t.periode = to_char(m.tanggal, 'YYYY-MM') AND t.pegawai_id = m.pegawai_id
                 AND k.keadaan = 'dikunci') AS terkunci
FROM permohonan_koreksi m
LEFT JOIN penempatan n ON n.pegawai_id = m.pegawai_id AND n.berlaku_mulai <= :hari
                      AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
WHERE m.permohonan_id = :permohonan_id
FOR UPDATE OF m;

-- name: putuskan(permohonan_id, keadaan, oleh, nama, alasan, terkunci)!
UPDATE permohonan_koreksi
SET keadaan = :keadaan, diputus_oleh = :oleh, diputus_nama = :nama, diputus_pada = now(), alasan = :alasan,
    sesudah_dikunci = :terkunci
WHERE permohonan_id = :permohonan_id;

-- name: tarik(permohonan_id)!
UPDATE permohonan_koreksi SET keadaan = 'ditarik' WHERE permohonan_id = :permohonan_id;

-- name: satu(permohonan_id, hari)^
SELECT m.permohonan_id, m.pegawai_id, p.nip, nm.nama AS nama_pegawai, m.tanggal, m.masuk, m.pulang, m.keterangan,
       m.absen_terlewat, m.tanpa_apel, m.tanpa_upacara, m.sebab, m.bukti, m.keadaan,
       m.diajukan_pada, m.diputus_nama, m.diputus_pada, m.alasan, m.sesudah_dikunci, h.masuk AS tercatat_masuk,
       h.pulang AS tercatat_pulang, h.keterangan AS tercatat_keterangan,
       h.absen_terlewat AS tercatat_absen_terlewat, h.tanpa_apel AS tercatat_tanpa_apel,
       h.tanpa_upacara AS tercatat_tanpa_upacara, n.unit_path, n.atasan_id
FROM permohonan_koreksi m
JOIN pegawai p USING (pegawai_id)
LEFT JOIN nama nm ON nm.pegawai_id = m.pegawai_id
LEFT JOIN penempatan n ON n.pegawai_id = m.pegawai_id AND n.berlaku_mulai <= :hari
                      AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
LEFT JOIN kehadiran_harian h ON h.pegawai_id = m.pegawai_id AND h.tanggal = m.tanggal
WHERE m.permohonan_id = :permohonan_id;

-- name: daftar(hari, saya, keadaan, semua, units, atasan_id, sesudah_tanggal, sesudah_id, limit)
-- Requests, the newest day first: one's own, or of the people the caller decides about, never the caller's own.
SELECT m.permohonan_id, m.pegawai_id, p.nip, (SELECT nama FROM nama WHERE pegawai_id = m.pegawai_id) AS nama_pegawai,
       m.tanggal, m.masuk, m.pulang, m.keterangan, m.absen_terlewat, m.tanpa_apel, m.tanpa_upacara, m.sebab, m.bukti, m.keadaan,
       m.diajukan_pada, m.diputus_nama, m.diputus_pada, m.alasan, m.sesudah_dikunci, h.masuk AS tercatat_masuk,
       h.pulang AS tercatat_pulang, h.keterangan AS tercatat_keterangan,
       h.absen_terlewat AS tercatat_absen_terlewat, h.tanpa_apel AS tercatat_tanpa_apel,
       h.tanpa_upacara AS tercatat_tanpa_upacara
FROM permohonan_koreksi m
JOIN pegawai p USING (pegawai_id)
LEFT JOIN penempatan n ON n.pegawai_id = m.pegawai_id AND n.berlaku_mulai <= :hari
                      AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
LEFT JOIN kehadiran_harian h ON h.pegawai_id = m.pegawai_id AND h.tanggal = m.tanggal
WHERE (:saya::uuid IS NULL OR m.pegawai_id = :saya)
  AND (:keadaan::text IS NULL OR m.keadaan = :keadaan)
  AND (:saya::uuid IS NOT NULL OR :semua::boolean OR n.atasan_id = :atasan_id::uuid
       OR EXISTS (SELECT FROM unnest(:units::text[]) AS u WHERE n.unit_path = u OR starts_with(n.unit_path, u || '/')))
  AND (:sesudah_tanggal::date IS NULL OR (m.tanggal, m.permohonan_id) < (:sesudah_tanggal, :sesudah_id::uuid))
ORDER BY m.tanggal DESC, m.permohonan_id DESC
LIMIT :limit;
