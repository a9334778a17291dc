-- name: nilai(ids, periode, nama)
SELECT pegawai_id, nama, nilai FROM fakta_bulanan
WHERE periode = :periode AND pegawai_id = ANY (:ids::uuid[]) AND nama = ANY (:nama::text[]) AND NOT dicabut;

