-- name: kotak(pegawai_id, peran, unit_peran, unit, waktu, id, limit)
-- Messages to this person, and those of the last three months to a role of theirs, newest first. A message for
-- a unit is seen by who holds the role (`unit_peran`) for that unit or one above it (`unit`).
SELECT n.id, n.jenis, n.data, n.waktu, k.nama, p.nip, d.pegawai_id IS NOT NULL AS dibaca
FROM (
    (SELECT id, jenis, data, waktu, tentang_id FROM notifikasi
     WHERE penerima_id = :pegawai_id
       AND (:waktu::timestamptz IS NULL OR (waktu, id) < (:waktu::timestamptz, :id::uuid))
     ORDER BY waktu DESC, id DESC
     LIMIT :limit)
    UNION ALL
    (SELECT id, jenis, data, waktu, tentang_id FROM notifikasi n
     WHERE untuk_peran = ANY (:peran::text[]) AND waktu > now() - interval '92 days'
       AND (untuk_unit IS NULL OR EXISTS (
           SELECT FROM unnest(:unit_peran::text[], :unit::text[]) AS u(peran, path)
           WHERE u.peran = n.untuk_peran AND (n.untuk_unit = u.path OR starts_with(n.untuk_unit, u.path || '/'))))
       AND (:waktu::timestamptz IS NULL OR (waktu, id) < (:waktu::timestamptz, :id::uuid))
     ORDER BY waktu DESC, id DESC
     LIMIT :limit)
) n
LEFT JOIN kontak k ON k.pegawai_id = n.tentang_id
LEFT JOIN pegawai p ON p.pegawai_id = n.tentang_id
LEFT JOIN dibaca d ON d.notifikasi_id = n.id AND d.pegawai_id = :pegawai_id
ORDER BY n.waktu DESC, n.id DESC
LIMIT :limit;

-- name: jumlah_belum_dibaca(pegawai_id, peran, unit_peran, unit)$
SELECT count(*) FROM (
    SELECT id FROM notifikasi WHERE penerima_id = :pegawai_id
    UNION ALL
    SELECT id FROM notifikasi n
    WHERE untuk_peran = ANY (:peran::text[]) AND waktu > now() - interval '92 days'
      AND (untuk_unit IS NULL OR EXISTS (
          SELECT FROM unnest(:unit_peran::text[], :unit::text[]) AS u(peran, path)
          WHERE u.peran = n.untuk_peran AND (n.untuk_unit = u.path OR starts_with(n.untuk_unit, u.path || '/'))))
) n
WHERE NOT EXISTS (SELECT FROM dibaca d WHERE d.notifikasi_id = n.id AND d.pegawai_id = :pegawai_id);

-- name: tandai_semua(pegawai_id, peran, unit_peran, unit, sampai)$
-- Everything up to a moment counts as read; what came later is still new. Returns how many.
WITH baru AS (
    INSERT INTO dibaca (notifikasi_id, pegawai_id)
    SELECT id, :pegawai_id FROM (
        SELECT id, waktu FROM notifikasi WHERE penerima_id = :pegawai_id
        UNION ALL
        SELECT id, waktu FROM notifikasi n
        WHERE untuk_peran = ANY (:peran::text[]) AND waktu > now() - interval '92 days'
          AND (untuk_unit IS NULL OR EXISTS (
              SELECT FROM unnest(:unit_peran::text[], :unit::text[]) AS u(peran, path)
              WHERE u.peran = n.untuk_peran AND (n.untuk_unit = u.path OR starts_with(n.untuk_unit, u.path || '/'))))
    ) n
    WHERE n.waktu <= :sampai
    ON CONFLICT DO NOTHING
    RETURNING 1
)
SELECT count(*)::integer FROM baru;

-- name: alamat(id)^
-- To whom a message is addressed.
SELECT penerima_id, untuk_peran, untuk_unit FROM notifikasi WHERE id = :id;

-- name: tandai_dibaca(id, pegawai_id)!
INSERT INTO dibaca (notifikasi_id, pegawai_id) VALUES (:id, :pegawai_id) ON CONFLICT DO NOTHING;

-- name: pemegang(peran, unit, limit)
-- Who holds a role, for a unit where one is named.
SELECT a.pegawai_id
FROM peran a, jsonb_to_recordset(a.peran) AS p(peran text, unit_path text)
WHERE a.peran <> '[]' AND p.peran = :peran
  AND (:unit::text IS NULL OR p.unit_path = :unit OR starts_with(:unit, p.unit_path || '/'))
ORDER BY a.pegawai_id
LIMIT :limit;
