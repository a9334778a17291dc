-- name: hitung_item(batch_id)^
-- How many payments a batch has, how many of them are made, and whether it was cancelled before.
SELECT count(*)::integer AS item, count(*) FILTER (WHERE b.keadaan = 'dibayar')::integer AS dibayar,
       (SELECT s.diminta_pada FROM pembatalan s WHERE s.batch_id = :batch_id) AS dibatalkan_pada,
       (SELECT s.selesai_pada FROM pembatalan s WHERE s.batch_id = :batch_id) AS selesai_pada
FROM pembayaran b WHERE b.batch_id = :batch_id;

-- name: minta_pembatalan(batch_id, periode, opd, alasan, oleh)!
-- Payments whose event is not recorded yet never leave: payroll cannot pay what it does not know.
WITH tinggal AS (
    UPDATE pembayaran SET dikirim_pada = now(), dibatalkan = true, keadaan = 'gagal', alasan = 'Batch dibatalkan'
    WHERE batch_id = :batch_id AND dikirim_pada IS NULL
)
INSERT INTO pembatalan (batch_id, periode, opd_kode, alasan, diminta_oleh)
VALUES (:batch_id, :periode, :opd, :alasan, :oleh);

-- name: pembatalan_tuntas(batch_ids)
-- Cancellations among these batches whose every payment is decided, and whether none was paid.
SELECT s.batch_id, s.periode, s.opd_kode,
       NOT EXISTS (SELECT FROM pembayaran b WHERE b.batch_id = s.batch_id AND b.keadaan = 'dibayar') AS dibuka
FROM pembatalan s
WHERE s.batch_id = ANY (:batch_ids::uuid[]) AND s.selesai_pada IS NULL
  AND NOT EXISTS (SELECT FROM pembayaran b
                  WHERE b.batch_id = s.batch_id AND b.keadaan <> 'dibayar' AND NOT b.dibatalkan)
ORDER BY s.batch_id FOR UPDATE OF s;

-- name: selesaikan_pembatalan(batch_id, dibuka)!
UPDATE pembatalan SET selesai_pada = now(), dibuka = :dibuka WHERE batch_id = :batch_id;

-- name: sisihkan(batch_id)!
-- The payments of a batch that will never be paid make room for those of a corrected one.
WITH lepas AS (DELETE FROM pembayaran WHERE batch_id = :batch_id RETURNING *)
INSERT INTO pembayaran_batal SELECT *, now() FROM lepas;
