-- name: bulan_terkunci(ids, bulan, dasar)
-- Figures that are locked for good: of these months, and of extra payments based on one of `dasar`.
SELECT t.pegawai_id, t.periode, bulan_dasar(t.periode) AS dasar, t.nomor, t.status, t.kebijakan_id, t.masukan
FROM tpp_bulan t
JOIN penetapan k ON k.periode = t.periode AND k.opd_kode = t.opd_kode AND k.keadaan = 'dikunci'
WHERE t.periode = ANY (:bulan::text[] || ARRAY(SELECT periode FROM periode WHERE dasar = ANY (:dasar::text[])))
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
