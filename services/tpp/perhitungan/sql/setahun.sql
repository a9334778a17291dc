-- name: khusus_setahun(awal, bulan)
-- Extra payments of a year (from `awal` on) that a month counts: based on an earlier month, paid by then.
SELECT periode, coalesce(dibayar, dasar) AS dibayar FROM periode
WHERE dasar < :bulan AND coalesce(dibayar, dasar) BETWEEN :awal AND :bulan;

-- name: khusus_berdasar(dasar)
SELECT periode, coalesce(dibayar, dasar) AS dibayar FROM periode WHERE dasar = :dasar;

-- name: terkunci(ids, masa)
-- Figures that are locked for good.
SELECT t.pegawai_id, t.periode, t.nomor, t.status, t.kebijakan_id, t.masukan
FROM tpp_bulan t
JOIN penetapan k ON k.periode = t.periode AND k.opd_kode = t.opd_kode AND k.keadaan = 'dikunci'
WHERE t.periode = ANY (:masa::text[])
  AND t.pegawai_id = ANY (:ids::uuid[])
  AND NOT EXISTS (SELECT FROM pembatalan s WHERE s.batch_id = k.batch_id AND s.selesai_pada IS NULL);

-- name: saldo(ids, awal, sebelum)
-- What is told from outside for the year so far, the longest.
SELECT DISTINCT ON (pegawai_id) pegawai_id, sampai, bruto, pengurang, pajak, version FROM saldo_pajak
WHERE pegawai_id = ANY (:ids::uuid[]) AND sampai >= :awal AND sampai < :sebelum AND NOT dicabut
ORDER BY pegawai_id, sampai DESC;

-- name: masa_kerja(ids)
SELECT n.pegawai_id, p.nip, n.berlaku_mulai, n.berlaku_sampai, n.bertugas
FROM penempatan n JOIN pegawai p USING (pegawai_id)
WHERE n.pegawai_id = ANY (:ids::uuid[]);
