-- name: tahan_koreksi(ids, periode)
-- Corrections of earlier months of these people, held; what an earlier run of this month carried of them waits again.
WITH lepas AS (DELETE FROM rapel_dibawa WHERE dibawa = :periode AND pegawai_id = ANY (:ids::uuid[])),
     iuran AS (DELETE FROM iuran_dibawa WHERE dibawa = :periode AND pegawai_id = ANY (:ids::uuid[]))
SELECT periode, pegawai_id, urutan FROM koreksi
WHERE pegawai_id = ANY (:ids::uuid[]) AND batal_pada IS NULL AND periode < :periode AND masa_bulanan(periode)
ORDER BY periode, pegawai_id, urutan FOR UPDATE;

-- name: menunggu(ids, periode, sejak, dasar)
-- What of them this month's payment may carry: only of months, never of extra payments, that are locked for good, and at most so far back, unless
-- instalments have begun.
SELECT k.periode, k.pegawai_id, k.urutan, coalesce(s.dasar, :dasar) AS dasar,
       coalesce(s.sisa, CASE :dasar WHEN 'bruto' THEN k.selisih_bruto ELSE k.selisih_neto END) AS sisa
FROM koreksi k JOIN koreksi_sisa s USING (periode, pegawai_id, urutan)
WHERE k.pegawai_id = ANY (:ids::uuid[]) AND k.periode < :periode AND masa_bulanan(k.periode) AND s.sisa IS DISTINCT FROM 0
  AND (k.periode >= :sejak OR s.dasar IS NOT NULL)
  AND EXISTS (SELECT FROM penetapan p
              WHERE p.periode = k.periode AND p.opd_kode = k.opd_kode AND p.keadaan = 'dikunci'
                AND NOT EXISTS (SELECT FROM pembatalan s WHERE s.batch_id = p.batch_id AND s.selesai_pada IS NULL))
ORDER BY k.pegawai_id, k.periode, k.urutan;

-- name: menunggu_iuran(ids, periode, sejak)
-- What of the employer contributions in them it may put right: of the same months, unless what is left was settled outside.
SELECT k.periode, k.pegawai_id, k.urutan, i.kode, i.sisa
FROM koreksi k CROSS JOIN LATERAL iuran_menunggu(k) i
WHERE k.pegawai_id = ANY (:ids::uuid[]) AND k.periode < :periode AND masa_bulanan(k.periode) AND k.batal_pada IS NULL
  AND k.selisih_iuran::text <> '[]' AND i.sisa <> 0
  AND (k.periode >= :sejak OR EXISTS (SELECT FROM rapel_dibawa b
                                      WHERE b.periode = k.periode AND b.pegawai_id = k.pegawai_id AND b.urutan = k.urutan))
  AND EXISTS (SELECT FROM penetapan p
              WHERE p.periode = k.periode AND p.opd_kode = k.opd_kode AND p.keadaan = 'dikunci'
                AND NOT EXISTS (SELECT FROM pembatalan s WHERE s.batch_id = p.batch_id AND s.selesai_pada IS NULL))
ORDER BY k.pegawai_id, k.periode, k.urutan, i.kode;

-- name: bawa_iuran(asal, ids, urutan, kode, jumlah, periode)!
INSERT INTO iuran_dibawa (periode, pegawai_id, urutan, kode, jumlah, dibawa)
SELECT isi.*, :periode
FROM unnest(:asal::text[], :ids::uuid[], :urutan::integer[], :kode::text[], :jumlah::bigint[]) AS isi;

-- name: bawa(asal, ids, urutan, dasar, jumlah, periode)!
-- What this month's payment carries, correction by correction.
INSERT INTO rapel_dibawa (periode, pegawai_id, urutan, dasar, jumlah, dibawa)
SELECT isi.*, :periode
FROM unnest(:asal::text[], :ids::uuid[], :urutan::integer[], :dasar::text[], :jumlah::bigint[]) AS isi;

-- name: dibawa(ids, periode)
-- What a month's payment carries, as it was put into it.
SELECT pegawai_id, periode, sum(jumlah)::bigint AS jumlah FROM rapel_dibawa
WHERE dibawa = :periode AND pegawai_id = ANY (:ids::uuid[])
GROUP BY pegawai_id, periode ORDER BY pegawai_id, periode;

-- name: lepas(ids, periode)!
-- What these people's payment of a month was to carry waits again.
WITH iuran AS (DELETE FROM iuran_dibawa WHERE dibawa = :periode AND pegawai_id = ANY (:ids::uuid[]))
DELETE FROM rapel_dibawa WHERE dibawa = :periode AND pegawai_id = ANY (:ids::uuid[]);

-- name: rapel_slip(periode, pegawai_id)
-- What one person's payment of a month carries, and how much of each correction waited still after it.
SELECT b.periode, b.jumlah, k.sebab,
       CASE b.dasar WHEN 'bruto' THEN k.selisih_bruto ELSE k.selisih_neto END AS seluruhnya,
       CASE b.dasar WHEN 'bruto' THEN k.selisih_bruto ELSE k.selisih_neto END
       - (SELECT sum(a.jumlah)::bigint FROM rapel_dibawa a
          WHERE a.periode = b.periode AND a.pegawai_id = b.pegawai_id AND a.urutan = b.urutan
            AND a.dibawa <= b.dibawa) AS sisa
FROM rapel_dibawa b JOIN koreksi k USING (periode, pegawai_id, urutan)
WHERE b.dibawa = :periode AND b.pegawai_id = :pegawai_id
ORDER BY b.periode, b.urutan;

-- name: koreksi_slip(periode, pegawai_id)
-- How one person's month was corrected after its lock, and which payments carry the difference.
SELECT k.urutan, k.neto, k.selisih_neto, jumlah_iuran(k) AS selisih_iuran, k.sebab, k.dibuat_pada, s.sisa IS DISTINCT FROM 0 AS menunggu,
       coalesce(e.bukti, '') AS diselesaikan,
       ARRAY(SELECT b.dibawa FROM rapel_dibawa b
             WHERE b.periode = k.periode AND b.pegawai_id = k.pegawai_id AND b.urutan = k.urutan
             ORDER BY b.dibawa) AS dibawa
FROM koreksi k JOIN koreksi_sisa s USING (periode, pegawai_id, urutan)
LEFT JOIN koreksi_selesai e USING (periode, pegawai_id, urutan)
WHERE k.pegawai_id = :pegawai_id AND k.periode = :periode
ORDER BY k.urutan;
