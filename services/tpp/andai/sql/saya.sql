-- name: bulan_berjalan()$
-- The newest month that still takes work.
SELECT periode FROM periode WHERE keadaan IN ('dibuka', 'pengiriman_ditutup') AND masa_bulanan(periode) ORDER BY periode DESC LIMIT 1;

-- name: fakta_saya(pegawai_id, periode, hari)^
-- Where one works, and whether the month's figure is final already (`dihitung`).
SELECT p.pegawai_id, n.unit_path AS unit_kini, n.atasan_id, n.kelas, t.pegawai_id IS NOT NULL AS dihitung
FROM pegawai p
LEFT JOIN penempatan n ON n.pegawai_id = p.pegawai_id AND n.berlaku_mulai <= :hari
                      AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
LEFT JOIN tpp_bulan t ON t.periode = :periode AND t.pegawai_id = p.pegawai_id
WHERE p.pegawai_id = :pegawai_id;

-- name: bulan_dikenal(limit)
-- The newest months that take work, or took it.
SELECT periode FROM periode WHERE masa_bulanan(periode) AND keadaan <> 'belum_dibuka' ORDER BY periode DESC LIMIT :limit;

-- name: dikenal(periode)$
SELECT EXISTS (SELECT FROM periode WHERE periode = :periode AND keadaan <> 'belum_dibuka');

-- name: khusus_terhitung(masa, pegawai_id)
-- Of these extra payments, those that were computed: for everybody, or for this person at least.
SELECT periode FROM perhitungan WHERE periode = ANY (:masa::text[]) AND keadaan = 'selesai'
UNION SELECT periode FROM tpp_bulan WHERE periode = ANY (:masa::text[]) AND pegawai_id = :pegawai_id;
