-- name: bawa(ids, periode, sejak, dasar)
-- Corrections that this month's payment carries: what waits, and what an earlier run of this month took. Only of months
-- that are locked for good, at most so far back.
UPDATE koreksi k SET dibawa = :periode, dasar = :dasar
WHERE k.pegawai_id = ANY (:ids::uuid[]) AND k.batal_pada IS NULL
  AND k.periode >= :sejak AND k.periode < :periode
  AND (k.dibawa IS NULL OR k.dibawa = :periode)
  AND EXISTS (SELECT FROM penetapan p
              WHERE p.periode = k.periode AND p.opd_kode = k.opd_kode AND p.keadaan = 'dikunci'
                AND NOT EXISTS (SELECT FROM pembatalan s WHERE s.batch_id = p.batch_id AND s.selesai_pada IS NULL))
RETURNING k.pegawai_id, k.periode, k.selisih_bruto, k.selisih_neto;

-- name: dibawa(ids, periode)
-- What a month's payment carries, as it was put into it.
SELECT pegawai_id, periode, CASE dasar WHEN 'bruto' THEN selisih_bruto ELSE selisih_neto END AS jumlah
FROM koreksi WHERE dibawa = :periode AND pegawai_id = ANY (:ids::uuid[]) AND batal_pada IS NULL;

-- name: lepas(ids, periode)!
-- What these people's payment of a month was to carry waits again.
UPDATE koreksi SET dibawa = NULL, dasar = NULL WHERE dibawa = :periode AND pegawai_id = ANY (:ids::uuid[]);

-- name: lepas_sebagian(ids, asal, periode)!
-- Some of it waits again: these people's corrections of these months, pair by pair.
UPDATE koreksi k SET dibawa = NULL, dasar = NULL
FROM unnest(:ids::uuid[], :asal::text[]) AS sisa(pegawai_id, periode)
WHERE k.dibawa = :periode AND k.pegawai_id = sisa.pegawai_id AND k.periode = sisa.periode;

-- name: rapel_slip(periode, pegawai_id)
-- What one person's payment of a month carries, and how that month itself was corrected.
SELECT periode, urutan, neto, selisih_neto, CASE dasar WHEN 'bruto' THEN selisih_bruto ELSE selisih_neto END AS jumlah,
       sebab, dibuat_pada, dibawa
FROM koreksi
WHERE pegawai_id = :pegawai_id AND batal_pada IS NULL AND (periode = :periode OR dibawa = :periode)
ORDER BY periode, urutan;
