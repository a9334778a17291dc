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
-- Cancellations among these batches whose every payment is decided, and whether nobody of the OPD's month was paid, in
-- this batch or in an earlier one.
SELECT s.batch_id, s.periode, s.opd_kode,
       NOT EXISTS (SELECT FROM kelompok_bayar g JOIN pembayaran b USING (batch_id)
                   WHERE g.periode = s.periode AND g.opd_kode = s.opd_kode AND b.keadaan = 'dibayar') AS dibuka
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

-- name: tahan_sisa(periode, opd)
-- The living payments of an OPD's month that are not made, held. `ditarik`: payroll says that it will never pay this one.
SELECT b.item_id, b.pegawai_id, b.nip, b.bruto, b.potongan, b.neto, b.dibatalkan AS ditarik
FROM pembayaran b JOIN kelompok_bayar g USING (batch_id)
WHERE g.periode = :periode AND g.opd_kode = :opd AND b.keadaan <> 'dibayar'
ORDER BY b.item_id FOR UPDATE OF b;

-- name: sisihkan_item(ids)!
-- Payments that will never be made make room for new ones of the same people.
WITH lepas AS (DELETE FROM pembayaran WHERE item_id = ANY (:ids::uuid[]) RETURNING *)
INSERT INTO pembayaran_batal SELECT *, now() FROM lepas;
