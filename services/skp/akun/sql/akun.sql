-- name: calon_masuk(nip, alamat)^
SELECT p.pegawai_id, p.nama, p.aktif, a.kata_sandi, a.kode_hash, a.kode_berlaku_sampai > now() AS kode_berlaku,
       EXISTS (SELECT FROM faktor f WHERE f.pegawai_id = p.pegawai_id) AS berfaktor,
       EXISTS (SELECT FROM alamat_dikenal d
               WHERE d.pegawai_id = p.pegawai_id AND d.alamat = :alamat) AS dikenal
FROM pegawai p LEFT JOIN akun a USING (pegawai_id)
WHERE p.nip = :nip;

-- name: catat_percobaan(kunci, detik)
-- Counted before anything is verified: a burst of parallel guesses is counted as well.
INSERT INTO percobaan AS lama (kunci, jendela_mulai, jumlah)
SELECT kunci, now(), 1 FROM unnest(:kunci::text[]) AS t(kunci) ORDER BY kunci
ON CONFLICT (kunci) DO UPDATE
SET jumlah = CASE WHEN lama.jendela_mulai < now() - make_interval(secs => :detik) THEN 1 ELSE lama.jumlah + 1 END,
    jendela_mulai = CASE WHEN lama.jendela_mulai < now() - make_interval(secs => :detik) THEN now()
                         ELSE lama.jendela_mulai END
RETURNING kunci, jumlah, ceil(extract(epoch FROM jendela_mulai - now()) + :detik)::integer AS tunggu;

-- name: percobaan_berhasil(kunci, alamat)!
-- One's own attempts are forgotten; the address gets back the one that was no guess.
UPDATE percobaan SET jumlah = CASE WHEN kunci = :alamat THEN greatest(jumlah - 1, 0) ELSE 0 END
WHERE kunci IN (:kunci, :alamat);

-- name: kenali_alamat(pegawai_id, alamat)!
INSERT INTO alamat_dikenal AS lama (pegawai_id, alamat) VALUES (:pegawai_id, :alamat)
ON CONFLICT (pegawai_id, alamat) DO UPDATE SET terakhir = now() WHERE lama.terakhir < now() - interval '1 day';

-- name: sesi(pegawai_id)^
SELECT p.pegawai_id, p.nip, p.nama, p.aktif, a.kata_sandi, a.generation,
       EXISTS (SELECT FROM faktor f WHERE f.pegawai_id = p.pegawai_id) AS berfaktor
FROM pegawai p JOIN akun a USING (pegawai_id)
WHERE p.pegawai_id = :pegawai_id FOR SHARE OF a;

-- name: kunci_akun(pegawai_id)^
SELECT kode_hash, kode_berlaku_sampai > now() AS kode_berlaku FROM akun WHERE pegawai_id = :pegawai_id FOR UPDATE;

-- name: pasang_sandi(pegawai_id, kata_sandi)!
UPDATE akun SET kata_sandi = :kata_sandi, kode_hash = NULL, kode_berlaku_sampai = NULL, diaktifkan_pada = now()
WHERE pegawai_id = :pegawai_id;

-- name: pasang_kode(ids, kode_hash, jam)!
INSERT INTO akun AS lama (pegawai_id, kode_hash, kode_berlaku_sampai)
SELECT id, kode_hash, now() + make_interval(hours => :jam)
FROM unnest(:ids::uuid[], :kode_hash::bytea[]) AS t(id, kode_hash) ORDER BY id
ON CONFLICT (pegawai_id) DO UPDATE
SET kode_hash = excluded.kode_hash, kode_berlaku_sampai = excluded.kode_berlaku_sampai;

-- name: pegawai_dari_nip(nip, hari)
SELECT p.nip, p.pegawai_id, p.aktif, s.unit_path,
       EXISTS (SELECT FROM peran r WHERE r.pegawai_id = p.pegawai_id) AS berperan
FROM pegawai p
LEFT JOIN LATERAL (SELECT unit_path FROM segmen s WHERE s.pegawai_id = p.pegawai_id AND s.berlaku_mulai <= :hari
                   ORDER BY berlaku_mulai DESC LIMIT 1) s ON true
WHERE p.nip = ANY (:nip::text[]);

-- name: hapus_peran(pegawai_id)!
DELETE FROM peran WHERE pegawai_id = :pegawai_id;

-- name: simpan_peran(pegawai_id, peran, unit)!
INSERT INTO peran (pegawai_id, peran, unit_kode)
SELECT :pegawai_id, peran, unit FROM unnest(:peran::text[], :unit::text[]) AS t(peran, unit)
ON CONFLICT DO NOTHING;

-- name: unit_dari_path(path)
SELECT path, kode FROM unit_kerja WHERE path = ANY (:path::text[]);

-- name: admin_lain(pegawai_id)$
SELECT EXISTS (SELECT FROM peran r JOIN pegawai p USING (pegawai_id)
               WHERE r.peran = 'admin_bkd' AND p.aktif AND r.pegawai_id <> :pegawai_id);

-- name: ada_pegawai(pegawai_id)$
SELECT EXISTS (SELECT FROM pegawai WHERE pegawai_id = :pegawai_id);

-- name: buat_orang_admin(pegawai_id, nip, nama)^
INSERT INTO pegawai AS lama (pegawai_id, nip, nama, status, golongan, sumber, kontak_version)
VALUES (:pegawai_id, :nip, :nama, 'PNS', '-', 'admin', 1)
ON CONFLICT (nip) DO UPDATE SET nip = excluded.nip
RETURNING pegawai_id, kontak_version, nama, email, xmax = 0 AS baru;

-- name: saya(pegawai_id, hari)^
SELECT p.pegawai_id, p.nip, p.nama, p.status, p.golongan, p.email, s.jabatan_nama, s.unit_nama, s.unit_path,
       s.opd_kode, s.atasan_id, a.nama AS atasan_nama, a.nip AS atasan_nip
FROM pegawai p
LEFT JOIN LATERAL (SELECT * FROM segmen s WHERE s.pegawai_id = p.pegawai_id AND s.berlaku_mulai <= :hari
                   ORDER BY berlaku_mulai DESC LIMIT 1) s ON true
LEFT JOIN pegawai a ON a.pegawai_id = s.atasan_id
WHERE p.pegawai_id = :pegawai_id;

-- name: buang_percobaan_lama()!
DELETE FROM percobaan WHERE jendela_mulai < now() - interval '1 day';

-- name: buang_alamat_lama()!
DELETE FROM alamat_dikenal WHERE terakhir < now() - interval '60 days';

-- name: buang_kode_kedaluwarsa()!
UPDATE akun SET kode_hash = NULL, kode_berlaku_sampai = NULL WHERE kode_berlaku_sampai < now();
