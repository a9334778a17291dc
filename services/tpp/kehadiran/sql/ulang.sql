-- name: minta_ulang(hitung_ulang_id, sebab, dari, sampai, ids, oleh)!
INSERT INTO hitung_ulang (hitung_ulang_id, sebab, dari, sampai, pegawai_ids, diminta_oleh)
VALUES (:hitung_ulang_id, :sebab, :dari, :sampai, :ids::uuid[], :oleh);

-- name: belum_dibagi()^
-- The next one to be divided, by one worker.
SELECT hitung_ulang_id, dari, sampai, pegawai_ids FROM hitung_ulang
WHERE selesai_pada IS NULL AND orang_bulan IS NULL
ORDER BY diminta_pada, hitung_ulang_id LIMIT 1 FOR UPDATE SKIP LOCKED;

-- name: bagi_ulang(hitung_ulang_id, periode, ids, ukuran)!
-- One month of these people, in parts of neighbours by id, after the parts there are.
INSERT INTO hitung_ulang_bagian (hitung_ulang_id, bagian, periode, pegawai_ids)
SELECT :hitung_ulang_id,
       bagian + (SELECT count(*) FROM hitung_ulang_bagian WHERE hitung_ulang_id = :hitung_ulang_id),
       :periode, array_agg(siapa ORDER BY siapa)
FROM (SELECT siapa, (row_number() OVER (ORDER BY siapa) - 1) / :ukuran::integer AS bagian
      FROM unnest(:ids::uuid[]) AS siapa) AS urut
GROUP BY bagian;

-- name: tandai_dibagi(hitung_ulang_id)!
UPDATE hitung_ulang SET orang_bulan = (SELECT coalesce(sum(cardinality(b.pegawai_ids)), 0) FROM hitung_ulang_bagian b
                                       WHERE b.hitung_ulang_id = hitung_ulang.hitung_ulang_id)
WHERE hitung_ulang_id = :hitung_ulang_id;

-- name: ambil_ulang()^
-- A part nobody works on. A worker that dies lets go of it with its connection.
SELECT b.hitung_ulang_id, b.bagian, b.periode, b.pegawai_ids
FROM hitung_ulang_bagian b JOIN hitung_ulang h USING (hitung_ulang_id)
WHERE NOT b.selesai AND h.selesai_pada IS NULL AND h.orang_bulan IS NOT NULL
ORDER BY h.diminta_pada, b.hitung_ulang_id, b.bagian LIMIT 1
FOR UPDATE OF b SKIP LOCKED;

-- name: tandai_bagian_ulang(hitung_ulang_id, bagian)!
UPDATE hitung_ulang_bagian SET selesai = true WHERE hitung_ulang_id = :hitung_ulang_id AND bagian = :bagian;

-- name: ulang_selesai_dibagi()^
-- One whose parts are all done, to be brought to its end by one worker.
SELECT h.hitung_ulang_id, h.orang_bulan FROM hitung_ulang h
WHERE h.selesai_pada IS NULL AND h.orang_bulan IS NOT NULL
  AND NOT EXISTS (SELECT FROM hitung_ulang_bagian b WHERE b.hitung_ulang_id = h.hitung_ulang_id AND NOT b.selesai)
ORDER BY h.diminta_pada LIMIT 1 FOR UPDATE SKIP LOCKED;

-- name: selesaikan_ulang(hitung_ulang_id)!
WITH bagian AS (DELETE FROM hitung_ulang_bagian WHERE hitung_ulang_id = :hitung_ulang_id)
UPDATE hitung_ulang SET selesai_pada = now() WHERE hitung_ulang_id = :hitung_ulang_id;

-- name: satu_ulang(hitung_ulang_id)^
SELECT h.hitung_ulang_id, h.sebab, h.dari, h.sampai, h.orang_bulan, h.diminta_pada, h.selesai_pada,
       CASE WHEN h.selesai_pada IS NOT NULL THEN h.orang_bulan
            ELSE coalesce((SELECT sum(cardinality(b.pegawai_ids)) FROM hitung_ulang_bagian b
                           WHERE b.hitung_ulang_id = h.hitung_ulang_id AND b.selesai), 0)::integer END AS selesai
FROM hitung_ulang h WHERE h.hitung_ulang_id = :hitung_ulang_id;

-- name: ulang_berjalan()
SELECT h.hitung_ulang_id, h.sebab, h.dari, h.sampai, h.orang_bulan, h.diminta_pada, h.selesai_pada,
       coalesce((SELECT sum(cardinality(b.pegawai_ids)) FROM hitung_ulang_bagian b
                 WHERE b.hitung_ulang_id = h.hitung_ulang_id AND b.selesai), 0)::integer AS selesai
FROM hitung_ulang h WHERE h.selesai_pada IS NULL ORDER BY h.diminta_pada, h.hitung_ulang_id;

-- name: ulang_menyentuh(awal, akhir)$
SELECT EXISTS (SELECT FROM hitung_ulang WHERE selesai_pada IS NULL AND dari <= :akhir AND sampai >= :awal);
