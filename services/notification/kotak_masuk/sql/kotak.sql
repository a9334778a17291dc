-- name: kotak(pegawai_id, peran, waktu, id, limit)
-- Messages to this person, and those of the last three months to a role of theirs, newest first.
SELECT n.id, n.jenis, n.data, n.waktu, k.nama, p.nip, d.pegawai_id IS NOT NULL AS dibaca
FROM (
    SELECT * FROM notifikasi WHERE penerima_id = :pegawai_id
    UNION ALL
    SELECT * FROM notifikasi WHERE untuk_peran = ANY (:peran::text[]) AND waktu > now() - interval '92 days'
) n
LEFT JOIN kontak k ON k.pegawai_id = n.tentang_id
LEFT JOIN pegawai p ON p.pegawai_id = n.tentang_id
LEFT JOIN dibaca d ON d.notifikasi_id = n.id AND d.pegawai_id = :pegawai_id
WHERE :waktu::timestamptz IS NULL OR (n.waktu, n.id) < (:waktu::timestamptz, :id::uuid)
ORDER BY n.waktu DESC, n.id DESC
LIMIT :limit;

-- name: jumlah_belum_dibaca(pegawai_id, peran)$
SELECT count(*) FROM (
    SELECT id FROM notifikasi WHERE penerima_id = :pegawai_id
    UNION ALL
    SELECT id FROM notifikasi WHERE untuk_peran = ANY (:peran::text[]) AND waktu > now() - interval '92 days'
) n
WHERE NOT EXISTS (SELECT FROM dibaca d WHERE d.notifikasi_id = n.id AND d.pegawai_id = :pegawai_id);

-- name: alamat(id)^
-- To whom a message is addressed.
SELECT penerima_id, untuk_peran FROM notifikasi WHERE id = :id;

-- name: tandai_dibaca(id, pegawai_id)!
INSERT INTO dibaca (notifikasi_id, pegawai_id) VALUES (:id, :pegawai_id) ON CONFLICT DO NOTHING;
