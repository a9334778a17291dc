-- migrate:up

-- Each payment with what payroll ever said of it. `nomor`: the numbers it was paid under. `lain`: an amount that payroll
-- named and that is not ours. `keluar`: what went out in all, each number once; where payroll named no amount, ours.
-- `sejak`: when payroll said so last.
CREATE VIEW pembayaran_terjawab AS
SELECT b.item_id, b.batch_id, b.pegawai_id, b.periode, b.nip, t.opd_kode, t.unit_path, b.neto, b.keadaan, b.dibatalkan,
       b.alasan, b.dikirim_pada, coalesce(j.nomor, '{}') AS nomor,
       CASE WHEN j.terbesar <> b.neto THEN j.terbesar WHEN j.terkecil <> b.neto THEN j.terkecil END AS lain,
       coalesce(j.disebut, 0) + coalesce(j.tanpa_jumlah, 0) * b.neto AS keluar, j.dibayar_sejak, j.gagal_sejak
FROM pembayaran b
JOIN tpp_bulan t ON t.periode = b.periode AND t.pegawai_id = b.pegawai_id
LEFT JOIN (
    SELECT periode, item_id, array_agg(referensi ORDER BY referensi) FILTER (WHERE jenis = 'dibayar') AS nomor,
           sum(terbesar) AS disebut, count(*) FILTER (WHERE jenis = 'dibayar' AND terbesar IS NULL) AS tanpa_jumlah,
           max(terbesar) AS terbesar, min(terkecil) AS terkecil, max(sejak) FILTER (WHERE jenis = 'dibayar') AS dibayar_sejak,
           max(sejak) FILTER (WHERE jenis = 'gagal') AS gagal_sejak
    FROM (SELECT periode, item_id, jenis, referensi, max(neto) AS terbesar, min(neto) AS terkecil,
                 max(diterima_pada) AS sejak
          FROM jawaban_payroll GROUP BY periode, item_id, jenis, referensi) AS menurut_nomor
    GROUP BY periode, item_id) j
    ON j.periode = b.periode AND j.item_id = b.item_id;

-- The differences: one row for each fault of a payment.
CREATE VIEW temuan_payroll AS
SELECT b.periode, b.item_id, b.pegawai_id, b.nip, b.opd_kode, b.unit_path, b.neto AS kita, b.alasan, b.nomor,
       b.dikirim_pada, v.jenis, v.payroll, v.sejak
FROM pembayaran_terjawab b
CROSS JOIN LATERAL (VALUES
    ('dibayar_dua_kali', cardinality(b.nomor) > 1, b.keluar, b.dibayar_sejak),
    ('jumlah_berbeda', b.lain IS NOT NULL, b.lain, b.dibayar_sejak),
    ('gagal', b.keadaan = 'gagal' AND NOT b.dibatalkan, NULL, b.gagal_sejak),
    ('ditarik', b.keadaan = 'gagal' AND b.dibatalkan, NULL, b.gagal_sejak),
    ('hanya_di_ekinerja', b.keadaan = 'menunggu', NULL, b.dikirim_pada)) AS v (jenis, ada, payroll, sejak)
WHERE v.ada;
