-- name: kebijakan_aktif()
-- Policies in force, in the order in which the one of a month is looked for.
SELECT dokumen, berlaku_mulai, berlaku_sampai FROM kebijakan WHERE diaktifkan_pada IS NOT NULL
ORDER BY berlaku_mulai DESC, diaktifkan_pada DESC, kebijakan_id DESC;

-- name: berlaku(ids, nama, potongan, hari)
-- What holds on a day: of several the one that began last. `potongan`: all kinds of other cuts as well.
SELECT DISTINCT ON (pegawai_id, nama) pegawai_id, nama, nilai FROM fakta_daerah
WHERE pegawai_id = ANY (:ids::uuid[]) AND NOT dicabut AND mulai <= :hari AND (sampai IS NULL OR sampai >= :hari)
  AND (nama = ANY (:nama::text[]) OR (:potongan::boolean AND starts_with(nama, 'potongan_lain.')))
ORDER BY pegawai_id, nama, mulai DESC;

-- name: sebulan(ids, nama, awal, akhir)
-- What held on some day of a month, the newest beginning first.
SELECT pegawai_id, nama, mulai, sampai, nilai FROM fakta_daerah
WHERE pegawai_id = ANY (:ids::uuid[]) AND nama = ANY (:nama::text[]) AND NOT dicabut
  AND mulai <= :akhir AND (sampai IS NULL OR sampai >= :awal)
ORDER BY pegawai_id, nama, mulai DESC;

-- name: berganti(ids, nama, awal, akhir)
-- Of whom such a fact begins after a month's first day, or ends before its last.
SELECT DISTINCT pegawai_id FROM fakta_daerah
WHERE pegawai_id = ANY (:ids::uuid[]) AND nama = ANY (:nama::text[]) AND NOT dicabut
  AND (mulai > :awal AND mulai <= :akhir OR sampai >= :awal AND sampai < :akhir);

-- name: daftar(sendiri, hal, awalan, hari, saya, semua, units, opd, nama, nip, sesudah_mulai, sesudah_id, limit)
-- Facts that stand, the newest first: one's own, or of everyone the caller may see. Those of `hal`, or that begin with
-- `awalan`; `sendiri`: those of no other kind instead.
SELECT f.fakta_id, f.pegawai_id, p.nip, nm.nama AS nama_pegawai, n.unit_path, n.opd_nama, f.nama, f.nilai, f.mulai,
       f.sampai, f.version, f.diubah_pada, o.nip AS oleh_nip, no.nama AS oleh_nama,
       starts_with(f.diubah_oleh, 'pegawai:') AS oleh_orang
FROM fakta_daerah f
JOIN pegawai p USING (pegawai_id)
LEFT JOIN nama nm ON nm.pegawai_id = f.pegawai_id
LEFT JOIN pegawai o ON o.pegawai_id = CASE WHEN f.diubah_oleh ~ '^pegawai:' THEN substr(f.diubah_oleh, 9)::uuid END
LEFT JOIN nama no ON no.pegawai_id = o.pegawai_id
LEFT JOIN penempatan n ON n.pegawai_id = f.pegawai_id AND n.berlaku_mulai <= :hari
                      AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
WHERE NOT f.dicabut
  AND (f.nama = ANY (:hal::text[]) OR coalesce(starts_with(f.nama, :awalan::text), false)) <> :sendiri::boolean
  AND (:saya::uuid IS NULL OR f.pegawai_id = :saya)
  AND (:saya::uuid IS NOT NULL OR :semua::boolean
       OR EXISTS (SELECT FROM unnest(:units::text[]) AS u WHERE n.unit_path = u OR starts_with(n.unit_path, u || '/')))
  AND (:opd::text IS NULL OR n.opd_kode = :opd)
  AND (:nama::text IS NULL OR p.nip LIKE :nip
       OR p.pegawai_id IN (SELECT pegawai_id FROM nama WHERE nama.nama ILIKE :nama))
  AND (:sesudah_mulai::date IS NULL OR (f.mulai, f.fakta_id) < (:sesudah_mulai, :sesudah_id::uuid))
ORDER BY f.mulai DESC, f.fakta_id DESC
LIMIT :limit;

-- name: satu(fakta_id, hari)^
SELECT f.fakta_id, f.pegawai_id, p.nip, nm.nama AS nama_pegawai, n.unit_path, n.opd_nama, f.nama, f.nilai, f.mulai,
       f.sampai, f.version, f.dicabut, f.diubah_pada, o.nip AS oleh_nip, no.nama AS oleh_nama,
       starts_with(f.diubah_oleh, 'pegawai:') AS oleh_orang
FROM fakta_daerah f
JOIN pegawai p USING (pegawai_id)
LEFT JOIN nama nm ON nm.pegawai_id = f.pegawai_id
LEFT JOIN pegawai o ON o.pegawai_id = CASE WHEN f.diubah_oleh ~ '^pegawai:' THEN substr(f.diubah_oleh, 9)::uuid END
LEFT JOIN nama no ON no.pegawai_id = o.pegawai_id
LEFT JOIN penempatan n ON n.pegawai_id = f.pegawai_id AND n.berlaku_mulai <= :hari
                      AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
WHERE f.fakta_id = :fakta_id;
