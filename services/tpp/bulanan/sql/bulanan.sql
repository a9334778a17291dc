-- name: nilai(ids, periode, nama)
SELECT pegawai_id, nama, nilai FROM fakta_bulanan
WHERE periode = :periode AND pegawai_id = ANY (:ids::uuid[]) AND nama = ANY (:nama::text[]) AND NOT dicabut;

-- name: berperkiraan(ids, periode)
-- Who of them has a provisional figure.
SELECT pegawai_id FROM tpp_sementara WHERE periode = :periode AND pegawai_id = ANY (:ids::uuid[]) ORDER BY pegawai_id;
