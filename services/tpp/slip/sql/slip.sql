-- name: orang(pegawai_id, hari)^
-- Who a slip is about, as of that day.
SELECT coalesce(n.status, p.status) AS status, n.jabatan_nama, n.opd_nama, n.golongan, n.kelas
FROM pegawai p
LEFT JOIN penempatan n ON n.pegawai_id = p.pegawai_id AND n.berlaku_mulai <= :hari
                      AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
WHERE p.pegawai_id = :pegawai_id;
