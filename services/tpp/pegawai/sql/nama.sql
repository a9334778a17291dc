-- name: nama(ids)
SELECT pegawai_id, nama FROM nama WHERE pegawai_id = ANY (:ids::uuid[]);
