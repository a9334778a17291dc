-- name: tersimpan(ids)
SELECT pegawai_id, kunci, isi FROM rekening WHERE pegawai_id = ANY (:ids::uuid[]);

-- name: simpan(ids, kunci, isi, oleh)!
INSERT INTO rekening AS lama (pegawai_id, kunci, isi, diubah_oleh)
SELECT pegawai_id, kunci, isi, :oleh
FROM unnest(:ids::uuid[], :kunci::text[], :isi::bytea[]) AS baru(pegawai_id, kunci, isi)
ORDER BY pegawai_id
ON CONFLICT (pegawai_id) DO UPDATE
SET version = lama.version + 1, kunci = excluded.kunci, isi = excluded.isi, diubah_oleh = excluded.diubah_oleh,
    diubah_pada = now();

-- name: satu(pegawai_id, hari)^
SELECT p.pegawai_id, p.nip, nm.nama AS nama_pegawai, n.unit_path, n.opd_kode, n.opd_nama, r.version, r.kunci, r.isi, r.diubah_pada
FROM pegawai p
LEFT JOIN nama nm USING (pegawai_id)
LEFT JOIN penempatan n ON n.pegawai_id = p.pegawai_id AND n.berlaku_mulai <= :hari
                      AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
LEFT JOIN rekening r ON r.pegawai_id = p.pegawai_id
WHERE p.pegawai_id = :pegawai_id;

-- name: bekerja_di(ids, hari)
-- Where people work on a day; without a unit who works nowhere.
SELECT p.pegawai_id, n.unit_path
FROM pegawai p
LEFT JOIN penempatan n ON n.pegawai_id = p.pegawai_id AND n.berlaku_mulai <= :hari
                      AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
WHERE p.pegawai_id = ANY (:ids::uuid[]);

-- name: daftar(hari, opd, nama, nip, belum, semua, units, sesudah_nip, sesudah_id, limit)
-- Everyone at work with what is known of their account; who has none stands there, too, or alone (`belum`).
SELECT p.pegawai_id, p.nip, nm.nama AS nama_pegawai, n.opd_kode, n.opd_nama, r.kunci, r.isi, r.diubah_pada
FROM pegawai p
LEFT JOIN nama nm USING (pegawai_id)
JOIN penempatan n ON n.pegawai_id = p.pegawai_id AND n.berlaku_mulai <= :hari
                 AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
LEFT JOIN rekening r ON r.pegawai_id = p.pegawai_id
WHERE p.aktif
  AND (:opd::text IS NULL OR n.opd_kode = :opd)
  AND (:nama::text IS NULL OR p.nip LIKE :nip
       OR p.pegawai_id IN (SELECT pegawai_id FROM nama WHERE nama.nama ILIKE :nama))
  AND (NOT :belum::boolean OR r.pegawai_id IS NULL)
  AND (:semua::boolean OR EXISTS (SELECT FROM unnest(:units::text[]) AS u
                                  WHERE n.unit_path = u OR starts_with(n.unit_path, u || '/')))
  AND (:sesudah_nip::text IS NULL OR (p.nip, p.pegawai_id) > (:sesudah_nip, :sesudah_id::uuid))
ORDER BY p.nip, p.pegawai_id
LIMIT :limit;

-- name: belum(hari, semua, units)
-- How many people at work have no account, by OPD. Whose account is known is read by itself, once; who has none then is
-- looked up there.
WITH punya AS MATERIALIZED (
    SELECT pegawai_id FROM rekening
    WHERE :semua::boolean OR pegawai_id = ANY (ARRAY(
        SELECT n.pegawai_id FROM penempatan n JOIN unnest(:units::text[]) AS u
        ON n.unit_path = u OR starts_with(n.unit_path, u || '/')))
), kurang AS MATERIALIZED (
    SELECT n.opd_kode, count(*)::integer AS orang
    FROM penempatan n JOIN pegawai p ON p.pegawai_id = n.pegawai_id AND p.aktif
    WHERE n.berlaku_mulai <= :hari AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
      AND n.pegawai_id NOT IN (SELECT pegawai_id FROM punya)
      AND (:semua::boolean OR EXISTS (SELECT FROM unnest(:units::text[]) AS u
                                      WHERE n.unit_path = u OR starts_with(n.unit_path, u || '/')))
    GROUP BY n.opd_kode
)
SELECT k.opd_kode, o.opd_nama, o.opd_path, k.orang
FROM kurang k
CROSS JOIN LATERAL (
    SELECT opd_nama, opd_path FROM penempatan WHERE opd_kode = k.opd_kode AND berlaku_mulai <= :hari
    ORDER BY berlaku_mulai DESC LIMIT 1
) o
ORDER BY o.opd_nama, k.opd_kode;
