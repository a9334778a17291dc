-- name: kunci_unggahan_orang(pegawai_id)!
-- One beginning at a time for each person, so that their number is known.
SELECT pg_advisory_xact_lock(hashtextextended('unggahan:' || :pegawai_id::uuid, 0));

-- name: jumlah_unggahan_lain(pegawai_id, sha256)$
SELECT count(*) FROM unggahan WHERE pegawai_id = :pegawai_id AND sha256 <> :sha256;

-- name: unggahan(pegawai_id, sha256)^
-- How far an upload is; waits for a part that is just arriving.
SELECT ukuran, diterima, bagian FROM unggahan
WHERE pegawai_id = :pegawai_id AND sha256 = :sha256 AND kedaluwarsa > now() FOR UPDATE;

-- name: kemajuan_unggahan(pegawai_id, sha256)^
-- The same for whoever only asks: a part sent from too early is answered with where to go on.
SELECT ukuran, diterima FROM unggahan
WHERE pegawai_id = :pegawai_id AND sha256 = :sha256 AND kedaluwarsa > now();

-- name: mulai_unggahan(pegawai_id, sha256, ukuran, diterima)!
INSERT INTO unggahan (pegawai_id, sha256, ukuran, diterima, bagian, kedaluwarsa)
VALUES (:pegawai_id, :sha256, :ukuran, :diterima, ARRAY[0], now() + interval '1 day')
ON CONFLICT (pegawai_id, sha256) DO UPDATE
SET ukuran = :ukuran, diterima = :diterima, bagian = ARRAY[0], kedaluwarsa = now() + interval '1 day';

-- name: lanjut_unggahan(pegawai_id, sha256, mulai, diterima)!
UPDATE unggahan SET diterima = :diterima, bagian = bagian || :mulai::integer
WHERE pegawai_id = :pegawai_id AND sha256 = :sha256;

-- name: akhiri_unggahan(pegawai_id, sha256)!
UPDATE unggahan SET kedaluwarsa = '-infinity' WHERE pegawai_id = :pegawai_id AND sha256 = :sha256;

-- name: unggahan_selesai()
-- Whole, refused or given up: their parts can go.
SELECT pegawai_id, sha256, bagian FROM unggahan
WHERE kedaluwarsa <= now() ORDER BY kedaluwarsa LIMIT 200 FOR UPDATE SKIP LOCKED;

-- name: unggahan_satu(pegawai_id, sha256)^
SELECT bagian FROM unggahan WHERE pegawai_id = :pegawai_id AND sha256 = :sha256 FOR UPDATE;

-- name: hapus_unggahan(pegawai_id, sha256)!
DELETE FROM unggahan WHERE pegawai_id = :pegawai_id AND sha256 = :sha256;
