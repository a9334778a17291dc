-- name: daftar_semua(periode, pegawai_id, sesudah, limit)
SELECT r.realisasi_id, r.pegawai_id, p.nip, p.nama, r.skp_id, r.rhk_id, r.periode, r.tanggal, r.uraian, r.jumlah,
       r.satuan, r.bukti, r.dikirim_pada
FROM realisasi r JOIN pegawai p USING (pegawai_id)
WHERE r.periode = :periode AND (:pegawai_id::uuid IS NULL OR r.pegawai_id = :pegawai_id)
  AND (:sesudah::uuid IS NULL OR r.realisasi_id > :sesudah)
ORDER BY r.realisasi_id
LIMIT :limit;

-- name: daftar_terlihat(periode, pegawai_id, hari, diri, atasan, unit, sesudah, limit)
SELECT r.realisasi_id, r.pegawai_id, p.nip, p.nama, r.skp_id, r.rhk_id, r.periode, r.tanggal, r.uraian, r.jumlah,
       r.satuan, r.bukti, r.dikirim_pada
FROM pegawai_terlihat(:hari, :diri::uuid, :atasan::uuid, :unit::text[]) t
JOIN realisasi r ON r.pegawai_id = t.pegawai_id
JOIN pegawai p ON p.pegawai_id = r.pegawai_id
WHERE r.periode = :periode AND (:pegawai_id::uuid IS NULL OR r.pegawai_id = :pegawai_id)
  AND (:sesudah::uuid IS NULL OR r.realisasi_id > :sesudah)
ORDER BY r.realisasi_id
LIMIT :limit;
