-- name: ambil(pemegang, lease, limit)
-- Take the next mails under a lease; other senders skip them.
WITH antrean AS (
    SELECT id FROM surel
    WHERE keadaan = 'menunggu' AND coba_lagi_pada <= now()
      AND (dipegang_sampai IS NULL OR dipegang_sampai < now())
    ORDER BY coba_lagi_pada
    LIMIT :limit
    FOR UPDATE SKIP LOCKED
), diambil AS (
    UPDATE surel SET pemegang = :pemegang, dipegang_sampai = now() + :lease::interval
    FROM antrean WHERE surel.id = antrean.id
    RETURNING surel.*
)
SELECT d.id, d.percobaan, d.traceparent, now() - d.dibuat_pada AS umur, n.jenis, n.data,
       k.pegawai_id IS NOT NULL AS dikenal, k.nama, k.email
FROM diambil d
JOIN notifikasi n ON n.id = d.notifikasi_id
LEFT JOIN kontak k ON k.pegawai_id = d.penerima_id
ORDER BY d.dibuat_pada, d.id;

-- name: selesaikan(id, pemegang, keadaan, sebab)!
UPDATE surel SET keadaan = :keadaan, sebab = :sebab, selesai_pada = now(), pemegang = NULL,
                 dipegang_sampai = NULL,
                 percobaan = percobaan + (:keadaan <> 'tanpa_surel')::integer
WHERE id = :id AND pemegang = :pemegang;

-- name: ulangi(id, pemegang, percobaan, jeda, sebab)!
UPDATE surel SET percobaan = :percobaan, coba_lagi_pada = now() + :jeda::interval, sebab = :sebab,
                 pemegang = NULL, dipegang_sampai = NULL
WHERE id = :id AND pemegang = :pemegang;

-- name: lepaskan(ids, pemegang, jeda)!
UPDATE surel SET coba_lagi_pada = now() + :jeda::interval, pemegang = NULL, dipegang_sampai = NULL
WHERE id = ANY (:ids::uuid[]) AND pemegang = :pemegang;

-- name: tanpa_peladen(limit)$
-- No mail server is set: what waits stays in the inbox only. Returns how many.
WITH selesai AS (UPDATE surel SET keadaan = 'tanpa_surel', sebab = 'peladen surel tidak diatur', selesai_pada = now()
WHERE id IN (SELECT id FROM surel WHERE keadaan = 'menunggu'
             AND (dipegang_sampai IS NULL OR dipegang_sampai < now())
             LIMIT :limit FOR UPDATE SKIP LOCKED)
RETURNING id)
SELECT count(*) FROM selesai;
