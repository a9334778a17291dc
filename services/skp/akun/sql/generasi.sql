-- name: naikkan_generasi(ids)
-- The next generation of these accounts, in the order of the person; closed ones are those of inactive people.
INSERT INTO akun AS lama (pegawai_id)
SELECT id FROM unnest(:ids::uuid[]) AS t(id) ORDER BY id
ON CONFLICT (pegawai_id) DO UPDATE SET generation = lama.generation + 1
RETURNING pegawai_id, generation;

-- name: umumkan_generasi(ids, generasi, aktif)!
-- This service's own sessions see it directly; the others hear of it.
INSERT INTO kernel.token_generation AS lama (pegawai_id, generation, aktif)
SELECT * FROM unnest(:ids::uuid[], :generasi::bigint[], :aktif::boolean[])
ON CONFLICT (pegawai_id) DO UPDATE
SET generation = excluded.generation, aktif = excluded.aktif, changed_at = now();

-- name: peran_dan_keadaan(ids)
SELECT p.pegawai_id, p.aktif,
       coalesce((SELECT jsonb_agg(jsonb_build_array(r.peran, u.path) ORDER BY r.peran, u.path)
                 FROM peran r LEFT JOIN unit_kerja u ON u.kode = r.unit_kode
                 WHERE r.pegawai_id = p.pegawai_id), '[]'::jsonb) AS peran
FROM pegawai p WHERE p.pegawai_id = ANY (:ids::uuid[]);

-- name: pemilik_akun(ids)
SELECT pegawai_id FROM akun WHERE pegawai_id = ANY (:ids::uuid[]);

-- name: pemegang_peran_di(unit)
SELECT DISTINCT pegawai_id FROM peran WHERE unit_kode = ANY (:unit::text[]);
