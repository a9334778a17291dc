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
