-- name: opd(semua, units)
-- OPDs the caller may look into: their own, those above a unit of theirs, or all.
SELECT kode, nama FROM unit_kerja u
WHERE jenis = 'opd'
  AND (:semua::boolean OR EXISTS (
        SELECT FROM unnest(:units::text[]) AS t(top)
        WHERE u.path = t.top OR starts_with(u.path, t.top || '/') OR starts_with(t.top, u.path || '/')))
ORDER BY nama, kode;

-- name: unit_semua()
SELECT path, nama FROM unit_kerja ORDER BY path;

-- name: rinci(pegawai_id)^
SELECT p.pegawai_id, p.nip, p.nama, p.status, p.golongan, p.email, p.aktif, p.sumber,
       a.diaktifkan_pada, a.kode_berlaku_sampai > now() AS kode_berlaku, a.kode_berlaku_sampai,
       f.dipasang_pada AS faktor_sejak
FROM pegawai p LEFT JOIN akun a USING (pegawai_id) LEFT JOIN faktor f USING (pegawai_id)
WHERE p.pegawai_id = :pegawai_id;

-- name: segmen(pegawai_id)
SELECT s.berlaku_mulai, s.jabatan_kode, s.jabatan_nama, s.unit_nama, s.unit_path, s.opd_kode, s.atasan_id,
       a.nama AS atasan_nama, j.kelas,
       lead(s.berlaku_mulai) OVER (ORDER BY s.berlaku_mulai) AS sampai
FROM segmen s LEFT JOIN pegawai a ON a.pegawai_id = s.atasan_id LEFT JOIN jabatan j ON j.kode = s.jabatan_kode
WHERE s.pegawai_id = :pegawai_id ORDER BY s.berlaku_mulai DESC;

-- name: plt(pegawai_id)
SELECT t.mulai, t.selesai, j.nama AS jabatan_nama, j.kelas
FROM penempatan t JOIN jabatan j ON j.kode = t.jabatan_kode
WHERE t.pegawai_id = :pegawai_id AND t.sebagai = 'plt' ORDER BY t.mulai DESC;

-- name: peran(pegawai_id)
SELECT r.peran, u.path AS unit_path, u.nama AS unit_nama
FROM peran r LEFT JOIN unit_kerja u ON u.kode = r.unit_kode
WHERE r.pegawai_id = :pegawai_id ORDER BY r.peran, u.path;

-- name: tercatat(kunci)
-- How a person's own row read before, and until when.
SELECT isi ->> 'nama' AS nama, isi ->> 'status' AS status, isi ->> 'golongan' AS golongan,
       (isi ->> 'aktif')::boolean AS aktif, recorded_at, superseded_at
FROM riwayat WHERE tabel = 'pegawai' AND kunci = :kunci ORDER BY superseded_at DESC LIMIT 50;

-- name: pemegang_peran(semua, units, hari, peran, sesudah_nama, sesudah_id, limit)
SELECT p.pegawai_id, p.nip, p.nama, p.aktif, s.unit_nama, a.diaktifkan_pada IS NOT NULL AS aktif_akun,
       lower(p.nama) AS kunci,
       (SELECT jsonb_agg(jsonb_build_array(r.peran, u.nama) ORDER BY r.peran, u.nama)
        FROM peran r LEFT JOIN unit_kerja u ON u.kode = r.unit_kode WHERE r.pegawai_id = p.pegawai_id) AS peran
FROM pegawai p
LEFT JOIN akun a USING (pegawai_id)
LEFT JOIN LATERAL (SELECT * FROM segmen s WHERE s.pegawai_id = p.pegawai_id AND s.berlaku_mulai <= :hari
                   ORDER BY s.berlaku_mulai DESC LIMIT 1) s ON true
WHERE EXISTS (SELECT FROM peran r WHERE r.pegawai_id = p.pegawai_id AND (:peran::text IS NULL OR r.peran = :peran))
  AND (:semua::boolean OR EXISTS (
        SELECT FROM unnest(:units::text[]) AS t(top)
        WHERE s.unit_path = t.top OR starts_with(s.unit_path, t.top || '/')))
  AND (:sesudah_nama::text IS NULL OR (lower(p.nama), p.pegawai_id) > (:sesudah_nama, :sesudah_id::uuid))
ORDER BY lower(p.nama), p.pegawai_id LIMIT :limit;
