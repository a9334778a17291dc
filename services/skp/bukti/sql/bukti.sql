-- name: ada_pegawai(pegawai_id)$
SELECT EXISTS (SELECT FROM pegawai WHERE pegawai_id = :pegawai_id);

-- name: catat(pegawai_id, sha256, nama, ukuran, jenis)!
INSERT INTO bukti (pegawai_id, sha256, nama, ukuran, jenis)
VALUES (:pegawai_id, :sha256, :nama, :ukuran, :jenis)
ON CONFLICT (pegawai_id, sha256) DO NOTHING;

-- name: pemilik(sha256, hari)
SELECT b.pegawai_id, b.nama, b.ukuran, b.jenis, g.unit_path, g.atasan_id
FROM bukti b
LEFT JOIN LATERAL (SELECT * FROM segmen g WHERE g.pegawai_id = b.pegawai_id AND g.berlaku_mulai <= :hari
                   ORDER BY g.berlaku_mulai DESC LIMIT 1) g ON true
WHERE b.sha256 = :sha256
ORDER BY b.diunggah_pada LIMIT 500;

-- name: sebut(pegawai_id, sha256)
-- Somebody's own files, in the order they are named.
SELECT b.sha256, b.nama, b.ukuran, b.jenis
FROM unnest(:sha256::text[]) WITH ORDINALITY AS a(sha256, urutan)
JOIN bukti b ON b.sha256 = a.sha256 AND b.pegawai_id = :pegawai_id
ORDER BY a.urutan;
