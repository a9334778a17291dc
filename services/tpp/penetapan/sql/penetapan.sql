-- name: tahan_periode(periode)^
-- The month, held against a run that would begin meanwhile.
SELECT version, keadaan FROM periode WHERE periode = :periode FOR SHARE;

-- name: kunci(periode, opd)^
SELECT * FROM penetapan WHERE periode = :periode AND opd_kode = :opd FOR UPDATE;

-- name: perhitungan(periode)^
SELECT nomor, keadaan, untuk_version FROM perhitungan WHERE periode = :periode ORDER BY nomor DESC LIMIT 1;

-- name: putuskan(periode, opd, keadaan, verifikasi, setuju, kunci, batch_id)!
UPDATE penetapan SET keadaan = :keadaan, version = version + 1, diverifikasi_oleh = :verifikasi::uuid,
       disetujui_oleh = :setuju::uuid, dikunci_oleh = :kunci::uuid, batch_id = :batch_id::uuid
WHERE periode = :periode AND opd_kode = :opd;

-- name: catat(periode, opd, dari, menjadi, oleh, nama, alasan)!
INSERT INTO penetapan_riwayat (periode, opd_kode, version, dari, menjadi, oleh, nama, alasan)
SELECT periode, opd_kode, version, :dari, :menjadi, :oleh, :nama, :alasan
FROM penetapan WHERE periode = :periode AND opd_kode = :opd;

-- name: dibayarkan(periode, opd)
-- Who of the OPD is to be paid.
SELECT pegawai_id, nip, bruto, potongan, neto FROM tpp_bulan
WHERE periode = :periode AND opd_kode = :opd AND status = 'dihitung' AND neto > 0
ORDER BY pegawai_id;

-- name: belum_dikirim(limit)
-- Payments whose event is not recorded yet, in the order of their batch.
SELECT * FROM pembayaran WHERE dikirim_pada IS NULL
ORDER BY batch_id, urutan LIMIT :limit FOR UPDATE SKIP LOCKED;

-- name: tandai_dikirim(ids)!
UPDATE pembayaran SET dikirim_pada = now() WHERE item_id = ANY (:ids::uuid[]);

-- name: daftar(periode, semua, units)
SELECT k.*, coalesce((
    SELECT json_agg(json_build_object('dari', r.dari, 'menjadi', r.menjadi, 'oleh', r.oleh, 'nama', r.nama, 'pada', r.pada,
                                      'alasan', r.alasan) ORDER BY r.version)
    FROM penetapan_riwayat r WHERE r.periode = k.periode AND r.opd_kode = k.opd_kode), '[]') AS riwayat,
    b.item, b.item_dikirim, b.ditarik, b.ditarik_neto,
    CASE WHEN s.batch_id IS NULL THEN NULL WHEN s.selesai_pada IS NULL THEN 'menunggu_payroll'
         WHEN b.ditarik > 0 THEN 'sebagian_sudah_dibayar' END AS pembatalan,
    b.hidup = 0 AND b.ditarik > 0 AND (s.batch_id IS NULL OR s.selesai_pada IS NOT NULL) AS dapat_diserahkan
FROM penetapan k
LEFT JOIN pembatalan s ON s.batch_id = k.batch_id
CROSS JOIN LATERAL (
    SELECT count(*)::integer AS item, count(b.dikirim_pada)::integer AS item_dikirim,
           count(*) FILTER (WHERE b.keadaan = 'gagal' AND b.dibatalkan)::integer AS ditarik,
           coalesce(sum(b.neto) FILTER (WHERE b.keadaan = 'gagal' AND b.dibatalkan), 0)::bigint AS ditarik_neto,
           count(*) FILTER (WHERE b.keadaan <> 'dibayar' AND NOT b.dibatalkan)::integer AS hidup
    FROM kelompok_bayar g JOIN pembayaran b USING (batch_id)
    WHERE g.periode = k.periode AND g.opd_kode = k.opd_kode) b
WHERE k.periode = :periode
  AND (:semua::boolean OR EXISTS (SELECT FROM unnest(:units::text[]) AS u
                                  WHERE k.opd_path = u OR starts_with(k.opd_path, u || '/')))
ORDER BY k.opd_kode;

-- name: satu(periode, opd)^
SELECT opd_kode, opd_nama, opd_path, keadaan FROM penetapan WHERE periode = :periode AND opd_kode = :opd;
