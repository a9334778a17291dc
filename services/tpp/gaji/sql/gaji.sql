-- name: bertanggal(ids, awal)
SELECT pegawai_id, max(mulai) AS mulai FROM gaji
WHERE pegawai_id = ANY (:ids::uuid[]) AND mulai > :awal AND NOT dicabut GROUP BY pegawai_id;

-- name: ptkp(ids, hari)
-- The one that holds on a day.
SELECT DISTINCT ON (pegawai_id) pegawai_id, ptkp FROM ptkp
WHERE pegawai_id = ANY (:ids::uuid[]) AND mulai <= :hari AND NOT dicabut
ORDER BY pegawai_id, mulai DESC;
