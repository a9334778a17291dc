-- name: pegawai_aktif(pegawai_id)$
SELECT EXISTS (SELECT FROM pegawai WHERE pegawai_id = :pegawai_id AND aktif AND sumber = 'impor');

-- name: buat(skp_id, pegawai_id, tahun)$
INSERT INTO skp (skp_id, pegawai_id, tahun) VALUES (:skp_id, :pegawai_id, :tahun)
ON CONFLICT (pegawai_id, tahun) DO NOTHING RETURNING skp_id;

-- name: skp_tahun(pegawai_id, tahun)$
SELECT skp_id FROM skp WHERE pegawai_id = :pegawai_id AND tahun = :tahun;

-- name: buat_versi(skp_id, versi)!
INSERT INTO skp_versi (skp_id, versi, keadaan) VALUES (:skp_id, :versi, 'draf')
ON CONFLICT (skp_id, versi) DO NOTHING;

-- name: versi_terbaru(skp_id, versi)!
UPDATE skp SET versi = :versi WHERE skp_id = :skp_id;

-- name: hapus_rhk(skp_id, versi)!
DELETE FROM rhk WHERE skp_id = :skp_id AND versi = :versi;

-- name: simpan_rhk(skp_id, versi, rhk_id, rencana, rhk_atasan_id, indikator)!
INSERT INTO rhk (skp_id, versi, rhk_id, urutan, rencana, rhk_atasan_id, indikator)
SELECT :skp_id, :versi, rhk_id, urutan, rencana, rhk_atasan_id, indikator::jsonb
FROM unnest(:rhk_id::uuid[], :rencana::text[], :rhk_atasan_id::uuid[], :indikator::text[])
     WITH ORDINALITY AS t(rhk_id, rencana, rhk_atasan_id, indikator, urutan);

-- name: rhk_lama(skp_id)
-- Every RHK this SKP ever had: an edit may keep their identity.
SELECT DISTINCT rhk_id FROM rhk WHERE skp_id = :skp_id;

-- name: kunci(skp_id)^
SELECT s.skp_id, s.pegawai_id, s.tahun, s.versi, s.version, v.keadaan
FROM skp s JOIN skp_versi v ON v.skp_id = s.skp_id AND v.versi = s.versi
WHERE s.skp_id = :skp_id FOR UPDATE OF s;

-- name: naikkan(skp_id)$
UPDATE skp SET version = version + 1 WHERE skp_id = :skp_id RETURNING version;

-- name: ajukan(skp_id, versi, atasan_id)!
UPDATE skp_versi SET keadaan = 'diajukan', atasan_id = :atasan_id, diajukan_pada = now()
WHERE skp_id = :skp_id AND versi = :versi;

-- name: putuskan(skp_id, versi, keadaan, atasan_id, catatan, oleh)!
UPDATE skp_versi SET keadaan = :keadaan, atasan_id = :atasan_id, catatan = :catatan, diputuskan_oleh = :oleh,
                     diputuskan_pada = now()
WHERE skp_id = :skp_id AND versi = :versi;

-- name: berlakukan(skp_id, versi)!
UPDATE skp SET versi_berlaku = :versi WHERE skp_id = :skp_id;

-- name: cabut_rhk(skp_id)!
DELETE FROM rhk_berlaku WHERE skp_id = :skp_id;

-- name: berlakukan_rhk(skp_id, versi)!
INSERT INTO rhk_berlaku (rhk_id, skp_id, pegawai_id, tahun)
SELECT r.rhk_id, s.skp_id, s.pegawai_id, s.tahun
FROM rhk r JOIN skp s USING (skp_id) WHERE r.skp_id = :skp_id AND r.versi = :versi;

-- name: rhk(skp_id, versi)
SELECT rhk_id, rencana, rhk_atasan_id, indikator FROM rhk
WHERE skp_id = :skp_id AND versi = :versi ORDER BY urutan;

-- name: rhk_di_skp_berlaku(skp_id)
SELECT r.rhk_id, r.rencana, r.rhk_atasan_id, r.indikator
FROM skp s JOIN rhk r ON r.skp_id = s.skp_id AND r.versi = s.versi_berlaku
WHERE s.skp_id = :skp_id::uuid ORDER BY r.urutan;

-- name: rhk_milik(pegawai_id, tahun)
-- What subordinates may intervene: the newest version, whatever its state, and the one in force.
SELECT r.rhk_id, r.rencana, min(r.urutan) AS urutan, bool_or(r.versi = s.versi_berlaku) AS berlaku
FROM skp s JOIN rhk r ON r.skp_id = s.skp_id AND r.versi IN (s.versi, s.versi_berlaku)
WHERE s.pegawai_id = :pegawai_id AND s.tahun = :tahun
GROUP BY r.rhk_id, r.rencana
ORDER BY urutan, r.rhk_id;

-- name: keadaan_skp(pegawai_id, tahun)$
SELECT v.keadaan FROM skp s JOIN skp_versi v ON v.skp_id = s.skp_id AND v.versi = s.versi
WHERE s.pegawai_id = :pegawai_id AND s.tahun = :tahun;

-- name: satu(skp_id)^
SELECT s.skp_id, s.pegawai_id, p.nip, p.nama, s.tahun, s.versi, s.versi_berlaku
FROM skp s JOIN pegawai p USING (pegawai_id) WHERE s.skp_id = :skp_id;

-- name: riwayat(skp_id)
SELECT v.versi, v.keadaan, v.atasan_id, a.nama AS atasan_nama, v.catatan, v.diajukan_pada, v.diputuskan_pada
FROM skp_versi v LEFT JOIN pegawai a ON a.pegawai_id = v.atasan_id
WHERE v.skp_id = :skp_id ORDER BY v.versi DESC;

-- name: daftar_semua(tahun, hari, saya, sesudah_lain, sesudah_id, limit)
-- One's own first, then everyone's.
SELECT s.skp_id, s.pegawai_id, p.nip, p.nama, s.tahun, s.versi, s.versi_berlaku, v.keadaan, v.diajukan_pada,
       g.jabatan_nama, g.unit_nama, g.atasan_id, s.pegawai_id <> :saya AS lain
FROM skp s
JOIN skp_versi v ON v.skp_id = s.skp_id AND v.versi = s.versi
JOIN pegawai p ON p.pegawai_id = s.pegawai_id
LEFT JOIN LATERAL (SELECT * FROM segmen g WHERE g.pegawai_id = s.pegawai_id AND g.berlaku_mulai <= :hari
                   ORDER BY g.berlaku_mulai DESC LIMIT 1) g ON true
WHERE s.tahun = :tahun
  AND (:sesudah_id::uuid IS NULL OR (s.pegawai_id <> :saya, s.skp_id) > (:sesudah_lain::boolean, :sesudah_id))
ORDER BY s.pegawai_id <> :saya, s.skp_id
LIMIT :limit;

-- name: daftar_terlihat(tahun, hari, saya, diri, atasan, unit, sesudah_lain, sesudah_id, limit)
-- One's own first, then those of one's people and units.
SELECT s.skp_id, s.pegawai_id, p.nip, p.nama, s.tahun, s.versi, s.versi_berlaku, v.keadaan, v.diajukan_pada,
       g.jabatan_nama, g.unit_nama, g.atasan_id, s.pegawai_id <> :saya AS lain
FROM pegawai_terlihat(:hari, :diri::uuid, :atasan::uuid, :unit::text[]) t
JOIN skp s ON s.pegawai_id = t.pegawai_id
JOIN skp_versi v ON v.skp_id = s.skp_id AND v.versi = s.versi
JOIN pegawai p ON p.pegawai_id = s.pegawai_id
LEFT JOIN LATERAL (SELECT * FROM segmen g WHERE g.pegawai_id = s.pegawai_id AND g.berlaku_mulai <= :hari
                   ORDER BY g.berlaku_mulai DESC LIMIT 1) g ON true
WHERE s.tahun = :tahun
  AND (:sesudah_id::uuid IS NULL OR (s.pegawai_id <> :saya, s.skp_id) > (:sesudah_lain::boolean, :sesudah_id))
ORDER BY s.pegawai_id <> :saya, s.skp_id
LIMIT :limit;

-- name: milik(pegawai_id, hari)
SELECT s.skp_id, s.pegawai_id, p.nip, p.nama, s.tahun, s.versi, s.versi_berlaku, v.keadaan, v.diajukan_pada,
       g.jabatan_nama, g.unit_nama, g.atasan_id
FROM skp s
JOIN skp_versi v ON v.skp_id = s.skp_id AND v.versi = s.versi
JOIN pegawai p ON p.pegawai_id = s.pegawai_id
LEFT JOIN LATERAL (SELECT * FROM segmen g WHERE g.pegawai_id = s.pegawai_id AND g.berlaku_mulai <= :hari
                   ORDER BY g.berlaku_mulai DESC LIMIT 1) g ON true
WHERE s.pegawai_id = :pegawai_id
ORDER BY s.tahun DESC;

-- name: teks_rhk(ids)
SELECT DISTINCT ON (rhk_id) rhk_id, rencana FROM rhk
WHERE rhk_id = ANY (:ids::uuid[]) ORDER BY rhk_id, versi DESC;
