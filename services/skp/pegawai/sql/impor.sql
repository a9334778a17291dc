-- name: satu_impor_saja()$
-- Imports read the whole chart before they write: one after the other.
SELECT pg_advisory_xact_lock(hashtext('skp.impor'));

-- name: semua_unit()
SELECT kode, nama, induk, jenis FROM unit_kerja;

-- name: semua_jabatan()
SELECT kode, nama, jenis, kelas, unit_kode, atasan_kode FROM jabatan;

-- name: semua_pegawai()
SELECT pegawai_id, nip, nama, status, golongan, email, aktif, sumber, version, kontak_version, sidik FROM pegawai;

-- name: semua_penempatan()
SELECT p.nip, t.jabatan_kode, t.mulai, t.sebagai, t.selesai, t.status, t.golongan
FROM penempatan t JOIN pegawai p USING (pegawai_id);

-- name: simpan_unit(kode, nama, induk, jenis, path, opd)!
INSERT INTO unit_kerja AS lama (kode, nama, induk, jenis, path, opd_kode)
SELECT * FROM unnest(:kode::text[], :nama::text[], :induk::text[], :jenis::text[], :path::text[], :opd::text[])
ON CONFLICT (kode) DO UPDATE
SET nama = excluded.nama, induk = excluded.induk, jenis = excluded.jenis, path = excluded.path,
    opd_kode = excluded.opd_kode
WHERE (lama.nama, lama.induk, lama.jenis, lama.path, lama.opd_kode)
      IS DISTINCT FROM (excluded.nama, excluded.induk, excluded.jenis, excluded.path, excluded.opd_kode);

-- name: simpan_jabatan(kode, nama, jenis, kelas, unit, atasan)!
INSERT INTO jabatan AS lama (kode, nama, jenis, kelas, unit_kode, atasan_kode)
SELECT * FROM unnest(:kode::text[], :nama::text[], :jenis::text[], :kelas::smallint[], :unit::text[], :atasan::text[])
ON CONFLICT (kode) DO UPDATE
SET nama = excluded.nama, jenis = excluded.jenis, kelas = excluded.kelas, unit_kode = excluded.unit_kode,
    atasan_kode = excluded.atasan_kode;

-- name: simpan_pegawai(id, nip, nama, status, golongan, email, aktif)!
INSERT INTO pegawai AS lama (pegawai_id, nip, nama, status, golongan, email, aktif)
SELECT * FROM unnest(:id::uuid[], :nip::text[], :nama::text[], :status::text[], :golongan::text[], :email::text[],
                     :aktif::boolean[])
ON CONFLICT (nip) DO UPDATE
SET nama = excluded.nama, status = excluded.status, golongan = excluded.golongan, email = excluded.email,
    aktif = excluded.aktif, sumber = 'impor';

-- name: simpan_definitif(id, jabatan, mulai, status, golongan)!
INSERT INTO penempatan AS lama (pegawai_id, jabatan_kode, sebagai, mulai, status, golongan)
SELECT id, jabatan, 'definitif', mulai, status, golongan
FROM unnest(:id::uuid[], :jabatan::text[], :mulai::date[], :status::text[], :golongan::text[])
     AS baru(id, jabatan, mulai, status, golongan)
ON CONFLICT (pegawai_id, mulai) WHERE sebagai = 'definitif' DO UPDATE
SET jabatan_kode = excluded.jabatan_kode, status = excluded.status, golongan = excluded.golongan;

-- name: simpan_plt(id, jabatan, mulai, selesai)!
INSERT INTO penempatan AS lama (pegawai_id, jabatan_kode, sebagai, mulai, selesai)
SELECT id, jabatan, 'plt', mulai, selesai
FROM unnest(:id::uuid[], :jabatan::text[], :mulai::date[], :selesai::date[]) AS baru(id, jabatan, mulai, selesai)
ON CONFLICT (pegawai_id, jabatan_kode, mulai) WHERE sebagai = 'plt' DO UPDATE SET selesai = excluded.selesai;

-- name: hapus_segmen(ids)!
DELETE FROM segmen WHERE pegawai_id = ANY (:ids::uuid[]);

-- name: simpan_segmen(id, mulai, jabatan_kode, jabatan_nama, unit_kode, unit_nama, unit_path, opd_kode, atasan)!
INSERT INTO segmen (pegawai_id, berlaku_mulai, jabatan_kode, jabatan_nama, unit_kode, unit_nama, unit_path,
                    opd_kode, atasan_id)
SELECT * FROM unnest(:id::uuid[], :mulai::date[], :jabatan_kode::text[], :jabatan_nama::text[], :unit_kode::text[],
                     :unit_nama::text[], :unit_path::text[], :opd_kode::text[], :atasan::uuid[]);

-- name: naikkan_versi(id, version, sidik)!
UPDATE pegawai p SET version = n.version, sidik = n.sidik
FROM unnest(:id::uuid[], :version::bigint[], :sidik::bytea[]) AS n(id, version, sidik)
WHERE p.pegawai_id = n.id;

-- name: naikkan_versi_kontak(id)
UPDATE pegawai SET kontak_version = kontak_version + 1 WHERE pegawai_id = ANY (:id::uuid[])
RETURNING pegawai_id, kontak_version, nama, email;

-- name: sesudah_penutupan()$
-- The first day after the newest month that was ever closed; none before the first closing. A month opened again counts.
SELECT ((max(periode) || '-01')::date + interval '1 month')::date FROM periode WHERE keadaan = 'ditutup' OR version >= 3;

-- name: semua_sebelumnya()
SELECT p.nip AS kunci, g.sampai, g.golongan, NULL::smallint AS kelas
FROM golongan_sebelumnya g JOIN pegawai p USING (pegawai_id)
UNION ALL
SELECT jabatan_kode, sampai, NULL, kelas FROM kelas_sebelumnya;

-- name: simpan_golongan_sebelumnya(sampai, id, golongan)!
-- A second change after the same closing keeps what held until the first.
INSERT INTO golongan_sebelumnya (pegawai_id, sampai, golongan)
SELECT id, :sampai, golongan FROM unnest(:id::uuid[], :golongan::text[]) AS lama(id, golongan)
ON CONFLICT DO NOTHING;

-- name: simpan_kelas_sebelumnya(sampai, kode, kelas)!
INSERT INTO kelas_sebelumnya (jabatan_kode, sampai, kelas)
SELECT kode, :sampai, kelas FROM unnest(:kode::text[], :kelas::smallint[]) AS lama(kode, kelas)
ON CONFLICT DO NOTHING;
