-- name: orang(periode, hari, opd, semua, units, dikunci)
-- Everyone with a figure, with jabatan and OPD of the month's last day; `dikunci`: only payments of locked OPDs.
SELECT t.pegawai_id, t.nip, nm.nama AS nama_pegawai, t.opd_kode, t.bruto, t.potongan, t.neto, t.baris, t.iuran, t.masukan,
       n.opd_nama, n.jabatan_nama, n.jenis_jabatan, n.kelas, n.golongan, t.kebijakan_id, r.kunci, r.isi
FROM tpp_bulan t
LEFT JOIN nama nm ON nm.pegawai_id = t.pegawai_id
LEFT JOIN penempatan n ON n.pegawai_id = t.pegawai_id AND n.berlaku_mulai <= :hari
                      AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
LEFT JOIN rekening r ON r.pegawai_id = t.pegawai_id
WHERE t.periode = :periode AND t.status = 'dihitung'
  AND (NOT :dikunci::boolean OR EXISTS (SELECT FROM pembayaran b
                                        WHERE b.periode = t.periode AND b.pegawai_id = t.pegawai_id))
  AND (:opd::text IS NULL OR t.opd_kode = :opd)
  AND (:semua::boolean OR EXISTS (SELECT FROM unnest(:units::text[]) AS u
                                  WHERE t.unit_path = u OR starts_with(t.unit_path, u || '/')))
ORDER BY t.opd_kode, t.nip, t.pegawai_id;

-- name: kebijakan(periode, semua, units)
-- The policies that figures of a month follow.
SELECT DISTINCT t.kebijakan_id FROM tpp_bulan t
WHERE t.periode = :periode AND t.status = 'dihitung'
  AND (:semua::boolean OR EXISTS (SELECT FROM unnest(:units::text[]) AS u
                                  WHERE t.unit_path = u OR starts_with(t.unit_path, u || '/')));

-- name: jumlah(periode, semua, units)
-- For each OPD: everyone with a figure, and the payments of its lock.
SELECT t.opd_kode, coalesce(min(k.opd_nama), 'Tanpa OPD') AS opd_nama, count(*)::integer AS dihitung,
       count(b.pegawai_id)::integer AS dikunci
FROM tpp_bulan t
LEFT JOIN penetapan k ON k.periode = t.periode AND k.opd_kode = t.opd_kode
LEFT JOIN pembayaran b ON b.periode = t.periode AND b.pegawai_id = t.pegawai_id
WHERE t.periode = :periode AND t.status = 'dihitung'
  AND (:semua::boolean OR EXISTS (SELECT FROM unnest(:units::text[]) AS u
                                  WHERE t.unit_path = u OR starts_with(t.unit_path, u || '/')))
GROUP BY t.opd_kode
ORDER BY t.opd_kode;

-- name: simpan(ekspor_id, pegawai_id, pengirim, periode, profil, jenis, nama, opd, isian, jumlah)!
INSERT INTO ekspor (ekspor_id, pegawai_id, pengirim, periode, profil, jenis, nama, opd_kode, isian, jumlah)
VALUES (:ekspor_id, :pegawai_id, :pengirim::jsonb, :periode, :profil, :jenis, :nama, :opd, :isian::jsonb, :jumlah);

-- name: sedang_menunggu(pegawai_id)$
SELECT count(*) FROM ekspor WHERE pegawai_id = :pegawai_id AND keadaan = 'menunggu';

-- name: satu(ekspor_id, pegawai_id)^
SELECT ekspor_id, periode, profil, jenis, nama, opd_kode, keadaan, tahap, baris, jumlah, ukuran, galat, dibuat_pada,
       diubah_pada, isi IS NOT NULL AS ada
FROM ekspor WHERE ekspor_id = :ekspor_id AND pegawai_id = :pegawai_id;

-- name: milik(pegawai_id, limit)
SELECT ekspor_id, periode, profil, jenis, nama, opd_kode, keadaan, tahap, baris, jumlah, ukuran, galat, dibuat_pada,
       diubah_pada, isi IS NOT NULL AS ada
FROM ekspor WHERE pegawai_id = :pegawai_id
ORDER BY dibuat_pada DESC LIMIT :limit;

-- name: isi(ekspor_id, pegawai_id)^
SELECT kunci, isi, (pengirim ->> 'generation')::bigint AS generation
FROM ekspor WHERE ekspor_id = :ekspor_id AND pegawai_id = :pegawai_id AND isi IS NOT NULL;

-- name: ambil(detik)^
-- The oldest one that nobody works on.
UPDATE ekspor SET dipegang_sampai = now() + make_interval(secs => :detik)
WHERE ekspor_id = (
    SELECT ekspor_id FROM ekspor
    WHERE keadaan = 'menunggu' AND coalesce(dipegang_sampai, '-infinity') < now()
    ORDER BY dibuat_pada LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING ekspor_id, pegawai_id, pengirim, periode, profil, opd_kode, isian;

-- name: kemajuan(ekspor_id, tahap, baris, detik)!
UPDATE ekspor SET tahap = :tahap, baris = :baris, dipegang_sampai = now() + make_interval(secs => :detik)
WHERE ekspor_id = :ekspor_id AND keadaan = 'menunggu';

-- name: selesai(ekspor_id, baris, ukuran, kunci, isi)$
UPDATE ekspor
SET keadaan = 'selesai', tahap = '', baris = :baris, ukuran = :ukuran, kunci = :kunci, isi = :isi,
    dipegang_sampai = NULL, diubah_pada = now()
WHERE ekspor_id = :ekspor_id AND keadaan = 'menunggu'
RETURNING ekspor_id;

-- name: gagal(ekspor_id, galat)!
UPDATE ekspor SET keadaan = 'gagal', galat = :galat::jsonb, dipegang_sampai = NULL, diubah_pada = now()
WHERE ekspor_id = :ekspor_id AND keadaan = 'menunggu';

-- name: generasi(pegawai_id)$
SELECT generation FROM kernel.token_generation WHERE pegawai_id = :pegawai_id AND aktif;

-- name: buang_isi_lama()!
-- Account numbers stand in these files: a day to fetch one, then it is made anew.
UPDATE ekspor SET isi = NULL, kunci = NULL WHERE isi IS NOT NULL AND diubah_pada < now() - interval '1 day';

-- name: buang_lama()!
DELETE FROM ekspor WHERE dibuat_pada < now() - interval '31 days';
