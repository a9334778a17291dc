-- name: posisi(pegawai_id, hari)^
SELECT p.pegawai_id, p.nama, s.jabatan_nama, s.unit_nama, s.unit_path, s.atasan_id, a.nama AS atasan_nama
FROM pegawai p
LEFT JOIN LATERAL (SELECT * FROM segmen s WHERE s.pegawai_id = p.pegawai_id AND s.berlaku_mulai <= :hari
                   ORDER BY s.berlaku_mulai DESC LIMIT 1) s ON true
LEFT JOIN pegawai a ON a.pegawai_id = s.atasan_id
WHERE p.pegawai_id = :pegawai_id AND p.aktif;
