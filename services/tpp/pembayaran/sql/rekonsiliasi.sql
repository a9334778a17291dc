-- name: opd_dibandingkan(periode, semua, units)
-- Each OPD's payments of a month on both sides, of all its batches, and what was taken back before; the counts of each kind of
-- difference are those of the list of differences.
WITH kelompok AS (
    SELECT opd_kode, count(*)::integer AS pembayaran, sum(neto)::bigint AS neto, count(dikirim_pada)::integer AS dikirim,
           count(*) FILTER (WHERE keadaan = 'dibayar')::integer AS dibayar,
           coalesce(sum(neto) FILTER (WHERE keadaan = 'dibayar'), 0)::bigint AS neto_dibayar,
           sum(keluar) AS neto_payroll,
           count(*) FILTER (WHERE keadaan = 'gagal' AND NOT dibatalkan)::integer AS gagal,
           count(*) FILTER (WHERE keadaan = 'gagal' AND dibatalkan)::integer AS ditarik,
           count(*) FILTER (WHERE keadaan = 'menunggu')::integer AS menunggu,
           count(lain)::integer AS jumlah_berbeda,
           count(*) FILTER (WHERE kali > 1)::integer AS dibayar_dua_kali
    FROM terjawab_payroll(:periode, :semua, :units)
    GROUP BY opd_kode
), dibatalkan AS (
    SELECT s.opd_kode, count(*)::integer AS dibatalkan, sum(b.neto)::bigint AS neto_dibatalkan
    FROM kelompok_bayar s JOIN pembayaran_batal b ON b.batch_id = s.batch_id
    WHERE s.periode = :periode GROUP BY s.opd_kode
)
SELECT k.opd_kode, k.opd_nama, k.batch_id, coalesce(g.pembayaran, 0) AS pembayaran, coalesce(g.neto, 0) AS neto,
       coalesce(g.dikirim, 0) AS dikirim, coalesce(g.dibayar, 0) AS dibayar, coalesce(g.neto_dibayar, 0) AS neto_dibayar,
       coalesce(g.neto_payroll, 0) AS neto_payroll, coalesce(g.gagal, 0) AS gagal, coalesce(g.ditarik, 0) AS ditarik,
       coalesce(g.menunggu, 0) AS menunggu, coalesce(g.jumlah_berbeda, 0) AS jumlah_berbeda,
       coalesce(g.dibayar_dua_kali, 0) AS dibayar_dua_kali, coalesce(d.dibatalkan, 0) AS dibatalkan,
       coalesce(d.neto_dibatalkan, 0) AS neto_dibatalkan
FROM penetapan k
LEFT JOIN kelompok g ON g.opd_kode = k.opd_kode
LEFT JOIN dibatalkan d ON d.opd_kode = k.opd_kode
    AND (:semua::boolean OR EXISTS (SELECT FROM unnest(:units::text[]) AS u
                                    WHERE k.opd_path = u OR starts_with(k.opd_path, u || '/')))
WHERE k.periode = :periode AND (g.opd_kode IS NOT NULL OR d.opd_kode IS NOT NULL)
ORDER BY k.opd_kode;

-- name: opd_dibandingkan_semua(periode)
-- The same for who sees every unit. Nobody has to be found first: payments and answers of the month are read side by side,
-- each in the order of its payment.
WITH jawab AS (
    SELECT n.item_id, count(*) AS kali, sum(n.terbesar) AS disebut, count(*) FILTER (WHERE n.terbesar IS NULL) AS tanpa_jumlah,
           max(n.terbesar) AS terbesar, min(n.terkecil) AS terkecil
    FROM (SELECT item_id, referensi, max(neto) AS terbesar, min(neto) AS terkecil
          FROM jawaban_payroll WHERE periode = :periode AND jenis = 'dibayar' GROUP BY item_id, referensi) AS n
    GROUP BY n.item_id
), tiap_batch AS (
    SELECT b.batch_id, count(*)::integer AS pembayaran, sum(b.neto)::bigint AS neto, count(b.dikirim_pada)::integer AS dikirim,
           count(*) FILTER (WHERE b.keadaan = 'dibayar')::integer AS dibayar,
           coalesce(sum(b.neto) FILTER (WHERE b.keadaan = 'dibayar'), 0)::bigint AS neto_dibayar,
           sum(coalesce(j.disebut, 0) + coalesce(j.tanpa_jumlah, 0) * b.neto) AS neto_payroll,
           count(*) FILTER (WHERE b.keadaan = 'gagal' AND NOT b.dibatalkan)::integer AS gagal,
           count(*) FILTER (WHERE b.keadaan = 'gagal' AND b.dibatalkan)::integer AS ditarik,
           count(*) FILTER (WHERE b.keadaan = 'menunggu')::integer AS menunggu,
           count(*) FILTER (WHERE j.terbesar <> b.neto OR j.terkecil <> b.neto)::integer AS jumlah_berbeda,
           count(*) FILTER (WHERE j.kali > 1)::integer AS dibayar_dua_kali
    FROM pembayaran b LEFT JOIN jawab j ON j.item_id = b.item_id
    WHERE b.periode = :periode
    GROUP BY b.batch_id
), dibatalkan AS (
    SELECT s.opd_kode, count(*)::integer AS dibatalkan, sum(b.neto)::bigint AS neto_dibatalkan
    FROM kelompok_bayar s JOIN pembayaran_batal b ON b.batch_id = s.batch_id
    WHERE s.periode = :periode GROUP BY s.opd_kode
), kelompok AS (
    SELECT s.opd_kode, sum(t.pembayaran)::integer AS pembayaran, sum(t.neto)::bigint AS neto, sum(t.dikirim)::integer AS dikirim,
           sum(t.dibayar)::integer AS dibayar, sum(t.neto_dibayar)::bigint AS neto_dibayar, sum(t.neto_payroll) AS neto_payroll,
           sum(t.gagal)::integer AS gagal, sum(t.ditarik)::integer AS ditarik, sum(t.menunggu)::integer AS menunggu,
           sum(t.jumlah_berbeda)::integer AS jumlah_berbeda, sum(t.dibayar_dua_kali)::integer AS dibayar_dua_kali
    FROM kelompok_bayar s JOIN tiap_batch t ON t.batch_id = s.batch_id
    WHERE s.periode = :periode GROUP BY s.opd_kode
)
SELECT k.opd_kode, k.opd_nama, k.batch_id, coalesce(g.pembayaran, 0) AS pembayaran, coalesce(g.neto, 0) AS neto,
       coalesce(g.dikirim, 0) AS dikirim, coalesce(g.dibayar, 0) AS dibayar, coalesce(g.neto_dibayar, 0) AS neto_dibayar,
       coalesce(g.neto_payroll, 0) AS neto_payroll, coalesce(g.gagal, 0) AS gagal, coalesce(g.ditarik, 0) AS ditarik,
       coalesce(g.menunggu, 0) AS menunggu, coalesce(g.jumlah_berbeda, 0) AS jumlah_berbeda,
       coalesce(g.dibayar_dua_kali, 0) AS dibayar_dua_kali, coalesce(d.dibatalkan, 0) AS dibatalkan,
       coalesce(d.neto_dibatalkan, 0) AS neto_dibatalkan
FROM penetapan k
LEFT JOIN kelompok g ON g.opd_kode = k.opd_kode
LEFT JOIN dibatalkan d ON d.opd_kode = k.opd_kode
WHERE k.periode = :periode AND (g.opd_kode IS NOT NULL OR d.opd_kode IS NOT NULL)
ORDER BY k.opd_kode;

-- name: temuan(periode, urutan, jenis, opd, semua, units, sesudah_bobot, sesudah_opd, sesudah_nip, sesudah_item, limit)
-- Differences, one for each fault of a payment, the weightiest kind first, in the order of `urutan`. What is known of them
-- besides is read of one page alone.
WITH terjawab AS MATERIALIZED (
    SELECT * FROM terjawab_payroll(:periode, :semua, :units) t WHERE :opd::text IS NULL OR t.opd_kode = :opd
), beda AS (
    SELECT t.*, 'dibayar_dua_kali' AS jenis, t.keluar AS payroll FROM terjawab t WHERE t.kali > 1
    UNION ALL SELECT t.*, 'jumlah_berbeda', t.lain FROM terjawab t WHERE t.lain IS NOT NULL
    UNION ALL SELECT t.*, 'gagal', NULL FROM terjawab t WHERE t.keadaan = 'gagal' AND NOT t.dibatalkan
    UNION ALL SELECT t.*, 'ditarik', NULL FROM terjawab t WHERE t.keadaan = 'gagal' AND t.dibatalkan
    UNION ALL SELECT t.*, 'hanya_di_ekinerja', NULL FROM terjawab t WHERE t.keadaan = 'menunggu'
), tampil AS MATERIALIZED (
    SELECT *, array_position(:urutan::text[], jenis) AS bobot FROM beda
    WHERE (:jenis::text IS NULL OR jenis = :jenis)
      AND (:sesudah_bobot::integer IS NULL
           OR (array_position(:urutan::text[], jenis), opd_kode, nip, item_id::text)
              > (:sesudah_bobot::integer, :sesudah_opd::text, :sesudah_nip::text, :sesudah_item::text))
    ORDER BY bobot, opd_kode, nip, item_id::text LIMIT :limit
)
SELECT f.item_id, f.pegawai_id, f.nip, f.opd_kode, f.neto AS kita, f.payroll, f.alasan, f.dikirim_pada, f.jenis, f.bobot,
       (SELECT nama FROM nama WHERE pegawai_id = f.pegawai_id) AS nama_pegawai,
       coalesce(j.nomor, '{}') AS nomor, CASE WHEN f.jenis = 'hanya_di_ekinerja' THEN f.dikirim_pada ELSE j.sejak END AS sejak
FROM tampil f
LEFT JOIN LATERAL (
    SELECT array_agg(DISTINCT referensi ORDER BY referensi) FILTER (WHERE jenis = 'dibayar') AS nomor, max(diterima_pada) AS sejak
    FROM jawaban_payroll
    WHERE item_id = f.item_id AND periode = :periode
      AND jenis = CASE WHEN f.jenis IN ('gagal', 'ditarik') THEN 'gagal' ELSE 'dibayar' END) j ON true
ORDER BY f.bobot, f.opd_kode, f.nip, f.item_id::text;

-- name: temuan_sejenis(periode, jenis, sesudah_opd, sesudah_nip, sesudah_item, limit)
-- One kind of difference, for who sees every unit: what payroll answered is read only for the kinds that follow from it.
WITH opd AS MATERIALIZED (
    SELECT g.batch_id, k.opd_kode FROM penetapan k JOIN kelompok_bayar g USING (periode, opd_kode) WHERE k.periode = :periode
), tampil AS MATERIALIZED (
    SELECT b.item_id, b.pegawai_id, b.nip, k.opd_kode, b.neto, b.dikirim_pada,
           CASE :jenis::text
               WHEN 'dibayar_dua_kali' THEN coalesce(j.disebut, 0) + coalesce(j.tanpa_jumlah, 0) * b.neto
               WHEN 'jumlah_berbeda' THEN CASE WHEN j.terbesar <> b.neto THEN j.terbesar ELSE j.terkecil END
           END AS payroll
    FROM pembayaran b
    JOIN opd k ON k.batch_id = b.batch_id
    LEFT JOIN (
        SELECT n.item_id, count(*) AS kali, sum(n.terbesar) AS disebut,
               count(*) FILTER (WHERE n.terbesar IS NULL) AS tanpa_jumlah, max(n.terbesar) AS terbesar,
               min(n.terkecil) AS terkecil
        FROM (SELECT item_id, referensi, max(neto) AS terbesar, min(neto) AS terkecil
              FROM jawaban_payroll WHERE periode = :periode AND jenis = 'dibayar' GROUP BY item_id, referensi) AS n
        GROUP BY n.item_id) j ON j.item_id = b.item_id
    WHERE b.periode = :periode
      AND CASE :jenis::text
              WHEN 'dibayar_dua_kali' THEN j.kali > 1
              WHEN 'jumlah_berbeda' THEN j.terbesar <> b.neto OR j.terkecil <> b.neto
              WHEN 'gagal' THEN b.keadaan = 'gagal' AND NOT b.dibatalkan
              WHEN 'ditarik' THEN b.keadaan = 'gagal' AND b.dibatalkan
              WHEN 'hanya_di_ekinerja' THEN b.keadaan = 'menunggu'
          END
      AND (:sesudah_opd::text IS NULL
           OR (k.opd_kode, b.nip, b.item_id::text) > (:sesudah_opd, :sesudah_nip::text, :sesudah_item::text))
    ORDER BY k.opd_kode, b.nip, b.item_id::text LIMIT :limit
)
SELECT f.item_id, f.pegawai_id, f.nip, f.opd_kode, f.neto AS kita, f.payroll, f.dikirim_pada, :jenis::text AS jenis,
       (SELECT alasan FROM pembayaran WHERE item_id = f.item_id) AS alasan,
       (SELECT nama FROM nama WHERE pegawai_id = f.pegawai_id) AS nama_pegawai,
       coalesce(j.nomor, '{}') AS nomor,
       CASE WHEN :jenis = 'hanya_di_ekinerja' THEN f.dikirim_pada ELSE j.sejak END AS sejak
FROM tampil f
LEFT JOIN LATERAL (
    SELECT array_agg(DISTINCT referensi ORDER BY referensi) FILTER (WHERE jenis = 'dibayar') AS nomor, max(diterima_pada) AS sejak
    FROM jawaban_payroll
    WHERE item_id = f.item_id AND periode = :periode
      AND jenis = CASE WHEN :jenis IN ('gagal', 'ditarik') THEN 'gagal' ELSE 'dibayar' END) j ON true
ORDER BY f.opd_kode, f.nip, f.item_id::text;

-- name: dibandingkan(periode, semua, units)
-- Every payment, to be held against payroll's own list.
SELECT b.item_id, b.pegawai_id, b.nip, nm.nama AS nama_pegawai, t.opd_kode, b.neto
FROM pembayaran b
LEFT JOIN nama nm ON nm.pegawai_id = b.pegawai_id
JOIN tpp_bulan t ON t.periode = b.periode AND t.pegawai_id = b.pegawai_id
WHERE b.periode = :periode
  AND (:semua::boolean OR EXISTS (SELECT FROM unnest(:units::text[]) AS u
                                  WHERE t.unit_path = u OR starts_with(t.unit_path, u || '/')))
ORDER BY t.opd_kode, b.nip, b.item_id;

-- name: ditolak(types)
-- Answers about payments that are none of ours, as they lie in the dead letters.
SELECT id, value, cause, received_at FROM kernel.dead_letter
WHERE state = 'dead' AND kind = 'invalid' AND type = ANY (:types::text[]) AND value IS NOT NULL
ORDER BY id;

-- name: bulan_diserahkan()
-- Months with payments handed over, the newest first.
SELECT DISTINCT periode FROM penetapan WHERE batch_id IS NOT NULL
UNION SELECT periode FROM pembatalan
ORDER BY periode DESC LIMIT 24;
