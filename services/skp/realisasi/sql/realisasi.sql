-- name: daftar_semua(periode, pegawai_id, sesudah, limit)
SELECT r.realisasi_id, r.pegawai_id, p.nip, p.nama, r.skp_id, r.rhk_id, r.periode, r.tanggal, r.uraian, r.jumlah,
       r.satuan, r.bukti, r.dikirim_pada
FROM realisasi r JOIN pegawai p USING (pegawai_id)
WHERE r.periode = :periode AND (:pegawai_id::uuid IS NULL OR r.pegawai_id = :pegawai_id)
  AND (:sesudah::uuid IS NULL OR r.realisasi_id > :sesudah)
ORDER BY r.realisasi_id
LIMIT :limit;

-- name: daftar_terlihat(periode, pegawai_id, hari, diri, atasan, unit, sesudah, limit)
-- First whom the caller may see (himself, his people, his units), then what they sent: two million rows a month
-- are never walked through for one person's ten.
WITH terlihat AS (
    SELECT :diri::uuid AS pegawai_id
    UNION
    SELECT g.pegawai_id FROM segmen g
    WHERE g.atasan_id = :atasan AND g.berlaku_mulai <= :hari
      AND NOT EXISTS (SELECT FROM segmen n WHERE n.pegawai_id = g.pegawai_id
                                             AND n.berlaku_mulai > g.berlaku_mulai AND n.berlaku_mulai <= :hari)
    UNION
    SELECT g.pegawai_id
    FROM unnest(:unit::text[]) AS u(top)
    JOIN segmen g ON (g.unit_path = u.top OR starts_with(g.unit_path, u.top || '/')) AND g.berlaku_mulai <= :hari
    WHERE NOT EXISTS (SELECT FROM segmen n WHERE n.pegawai_id = g.pegawai_id
                                             AND n.berlaku_mulai > g.berlaku_mulai AND n.berlaku_mulai <= :hari)
)
SELECT r.realisasi_id, r.pegawai_id, p.nip, p.nama, r.skp_id, r.rhk_id, r.periode, r.tanggal, r.uraian, r.jumlah,
       r.satuan, r.bukti, r.dikirim_pada
FROM terlihat t
JOIN realisasi r ON r.pegawai_id = t.pegawai_id
JOIN pegawai p ON p.pegawai_id = r.pegawai_id
WHERE r.periode = :periode AND (:pegawai_id::uuid IS NULL OR r.pegawai_id = :pegawai_id)
  AND (:sesudah::uuid IS NULL OR r.realisasi_id > :sesudah)
ORDER BY r.realisasi_id
LIMIT :limit;
