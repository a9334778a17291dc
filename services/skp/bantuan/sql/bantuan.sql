-- name: penolong(pegawai_id, hari)
-- Who helps somebody: whoever holds a role for the unit they work in or one above it, the nearest first, and admin BKD.
WITH saya AS (
    SELECT unit_path FROM segmen WHERE pegawai_id = :pegawai_id AND berlaku_mulai <= :hari
    ORDER BY berlaku_mulai DESC LIMIT 1
)
SELECT r.peran, p.pegawai_id, p.nama, p.email, s.jabatan_nama, s.unit_nama
FROM peran r
JOIN pegawai p USING (pegawai_id)
LEFT JOIN unit_kerja u ON u.kode = r.unit_kode
LEFT JOIN LATERAL (SELECT jabatan_nama, unit_nama FROM segmen s
                   WHERE s.pegawai_id = p.pegawai_id AND s.berlaku_mulai <= :hari
                   ORDER BY s.berlaku_mulai DESC LIMIT 1) s ON true
WHERE p.aktif
  AND (r.peran = 'admin_bkd'
       OR (r.peran IN ('pengelola', 'keuangan_opd')
           AND EXISTS (SELECT FROM saya WHERE saya.unit_path = u.path OR starts_with(saya.unit_path, u.path || '/'))))
ORDER BY r.peran, length(u.path) DESC, lower(p.nama), p.pegawai_id
LIMIT 60;
