-- name: kebijakan_aktif()
SELECT dokumen FROM kebijakan WHERE diaktifkan_pada IS NOT NULL;

-- name: rentang(jenis, ids)
SELECT pegawai_id, kode, mulai, sampai FROM surat
WHERE jenis = :jenis AND pegawai_id = ANY (:ids::uuid[]) AND NOT dicabut;

-- name: satu(surat_id, hari)^
SELECT s.*, p.nip, nm.nama AS nama_pegawai, n.unit_path, n.opd_nama, o.nip AS oleh_nip, no.nama AS oleh_nama,
       starts_with(s.diubah_oleh, 'pegawai:') AS oleh_orang
FROM surat s
JOIN pegawai p USING (pegawai_id)
LEFT JOIN nama nm ON nm.pegawai_id = s.pegawai_id
LEFT JOIN pegawai o ON o.pegawai_id = CASE WHEN s.diubah_oleh ~ '^pegawai:' THEN substr(s.diubah_oleh, 9)::uuid END
LEFT JOIN nama no ON no.pegawai_id = o.pegawai_id
LEFT JOIN penempatan n ON n.pegawai_id = s.pegawai_id AND n.berlaku_mulai <= :hari
                      AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
WHERE s.surat_id = :surat_id;

-- name: daftar(jenis, hari, saya, semua, units, opd, nama, nip, sesudah_mulai, sesudah_id, limit)
-- Letters that stand, the newest first: one's own, or of everyone the caller may see.
SELECT s.surat_id, s.pegawai_id, p.nip, nm.nama AS nama_pegawai, n.unit_path, n.opd_nama, s.jenis, s.kode, s.mulai, s.sampai,
       s.nomor, s.tingkat, s.keterangan, s.version, s.diubah_pada, o.nip AS oleh_nip, no.nama AS oleh_nama,
       starts_with(s.diubah_oleh, 'pegawai:') AS oleh_orang
FROM surat s
JOIN pegawai p USING (pegawai_id)
LEFT JOIN nama nm ON nm.pegawai_id = s.pegawai_id
LEFT JOIN pegawai o ON o.pegawai_id = CASE WHEN s.diubah_oleh ~ '^pegawai:' THEN substr(s.diubah_oleh, 9)::uuid END
LEFT JOIN nama no ON no.pegawai_id = o.pegawai_id
LEFT JOIN penempatan n ON n.pegawai_id = s.pegawai_id AND n.berlaku_mulai <= :hari
                      AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
WHERE NOT s.dicabut AND s.jenis = :jenis
  AND (:saya::uuid IS NULL OR s.pegawai_id = :saya)
  AND (:saya::uuid IS NOT NULL OR :semua::boolean
       OR EXISTS (SELECT FROM unnest(:units::text[]) AS u WHERE n.unit_path = u OR starts_with(n.unit_path, u || '/')))
  AND (:opd::text IS NULL OR n.opd_kode = :opd)
  AND (:nama::text IS NULL OR p.nip LIKE :nip
       OR p.pegawai_id IN (SELECT pegawai_id FROM nama WHERE nama.nama ILIKE :nama))
  AND (:sesudah_mulai::date IS NULL OR (s.mulai, s.surat_id) < (:sesudah_mulai, :sesudah_id::uuid))
ORDER BY s.mulai DESC, s.surat_id DESC
LIMIT :limit;

-- name: opd(hari, semua, units)
-- OPDs in which somebody works, among those of the caller: from one code to the next in the index, not over everyone.
WITH RECURSIVE kode AS (
    (SELECT opd_kode FROM penempatan ORDER BY opd_kode LIMIT 1)
    UNION ALL
    SELECT (SELECT n.opd_kode FROM penempatan n WHERE n.opd_kode > kode.opd_kode ORDER BY n.opd_kode LIMIT 1)
    FROM kode WHERE kode.opd_kode IS NOT NULL
)
SELECT kode.opd_kode, n.opd_nama
FROM kode
JOIN LATERAL (
    SELECT n.opd_nama, n.opd_path FROM penempatan n
    WHERE n.opd_kode = kode.opd_kode AND n.berlaku_mulai <= :hari AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
    ORDER BY n.berlaku_mulai DESC LIMIT 1
) n ON true
WHERE :semua::boolean
   OR EXISTS (SELECT FROM unnest(:units::text[]) AS u
              WHERE starts_with(u || '/', n.opd_path || '/') OR starts_with(n.opd_path || '/', u || '/'))
ORDER BY n.opd_nama, kode.opd_kode;

-- name: riwayat(kunci)
-- What a letter was before, the oldest first.
SELECT version, isi, diganti_oleh, diganti_pada FROM riwayat_fakta
WHERE tabel = 'surat' AND kunci = :kunci ORDER BY version;

-- name: berlaku(ids, akhir)
-- Sanctions and roles that had begun by a day.
SELECT pegawai_id, jenis, kode, mulai, sampai FROM surat
WHERE jenis IN ('sanksi', 'peran') AND NOT dicabut AND pegawai_id = ANY (:ids::uuid[]) AND mulai <= :akhir
ORDER BY pegawai_id, jenis, kode, mulai;
