-- name: daftar(periode, pegawai_id, hari, semua, diri, atasan, unit, sesudah, limit)
SELECT r.realisasi_id, r.pegawai_id, p.nip, p.nama, r.skp_id, r.rhk_id, r.periode, r.tanggal, r.uraian, r.jumlah,
       r.satuan, r.bukti, r.dikirim_pada
FROM realisasi r
JOIN pegawai p ON p.pegawai_id = r.pegawai_id
LEFT JOIN LATERAL (SELECT * FROM segmen g WHERE g.pegawai_id = r.pegawai_id AND g.berlaku_mulai <= :hari
                   ORDER BY g.berlaku_mulai DESC LIMIT 1) g ON true
WHERE r.periode = :periode AND (:pegawai_id::uuid IS NULL OR r.pegawai_id = :pegawai_id)
  AND (:semua OR r.pegawai_id = :diri OR g.atasan_id = :atasan
       OR EXISTS (SELECT FROM unnest(:unit::text[]) AS u(top)
                  WHERE g.unit_path = u.top OR starts_with(g.unit_path, u.top || '/')))
  AND (:sesudah::uuid IS NULL OR r.realisasi_id > :sesudah)
ORDER BY r.realisasi_id
LIMIT :limit;
