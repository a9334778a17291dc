-- name: tahan_penetapan(periode, opd)$
-- How far the OPD's month is, held against a lock that is being set: either it finds the objection, or this finds the lock.
SELECT keadaan FROM penetapan WHERE periode = :periode AND opd_kode = :opd FOR SHARE;

-- name: simpan(keberatan_id, pegawai_id, periode, version_slip, baris, nama, jumlah, kalimat, pasal, sumber, alasan, bukti)$
INSERT INTO keberatan (keberatan_id, pegawai_id, periode, version_slip, baris, nama, jumlah, kalimat, pasal, sumber, alasan,
                       bukti)
VALUES (:keberatan_id, :pegawai_id, :periode, :version_slip, :baris, :nama, :jumlah, :kalimat, :pasal, :sumber, :alasan,
        :bukti)
ON CONFLICT (periode, pegawai_id, baris) WHERE keadaan = 'diajukan' DO NOTHING
RETURNING keberatan_id;

-- name: kunci(keberatan_id)^
SELECT b.*, t.opd_kode, t.unit_path
FROM keberatan b JOIN tpp_bulan t USING (periode, pegawai_id)
WHERE b.keberatan_id = :keberatan_id
FOR UPDATE OF b;

-- name: putuskan(keberatan_id, keadaan, oleh, nama, jawaban, perbaikan, pasal)!
UPDATE keberatan
SET keadaan = :keadaan, diputus_oleh = :oleh, diputus_nama = :nama, diputus_pada = now(), jawaban = :jawaban,
    perbaikan = :perbaikan, pasal_jawaban = :pasal
WHERE keberatan_id = :keberatan_id;

-- name: tarik(keberatan_id)!
UPDATE keberatan SET keadaan = 'ditarik' WHERE keberatan_id = :keberatan_id;

-- name: satu(keberatan_id)^
SELECT b.*, t.nip, nm.nama AS nama_pegawai, t.opd_kode, t.unit_path, coalesce(o.opd_nama, t.opd_kode) AS opd_nama,
       coalesce(o.keadaan = 'dikunci', false) AS terkunci
FROM keberatan b JOIN tpp_bulan t USING (periode, pegawai_id)
LEFT JOIN nama nm USING (pegawai_id)
LEFT JOIN penetapan o ON o.periode = t.periode AND o.opd_kode = t.opd_kode
WHERE b.keberatan_id = :keberatan_id;

-- name: daftar(saya, keadaan, opd, semua, units, sesudah, limit)
-- Objections: one's own, or of everyone the caller may see. Those that wait come oldest first, others newest first.
SELECT b.*, t.nip, nm.nama AS nama_pegawai, t.opd_kode, t.unit_path, coalesce(o.opd_nama, t.opd_kode) AS opd_nama,
       coalesce(o.keadaan = 'dikunci', false) AS terkunci
FROM keberatan b JOIN tpp_bulan t USING (periode, pegawai_id)
LEFT JOIN nama nm USING (pegawai_id)
LEFT JOIN penetapan o ON o.periode = t.periode AND o.opd_kode = t.opd_kode
WHERE (:saya::uuid IS NULL OR b.pegawai_id = :saya)
  AND (:keadaan::text IS NULL OR b.keadaan = :keadaan)
  AND (:opd::text IS NULL OR t.opd_kode = :opd)
  AND (:saya::uuid IS NOT NULL OR :semua::boolean
       OR EXISTS (SELECT FROM unnest(:units::text[]) AS u WHERE t.unit_path = u OR starts_with(t.unit_path, u || '/')))
  AND (:sesudah::uuid IS NULL
       OR CASE WHEN :keadaan = 'diajukan' THEN b.keberatan_id > :sesudah ELSE b.keberatan_id < :sesudah END)
ORDER BY CASE WHEN :keadaan = 'diajukan' THEN b.keberatan_id END, b.keberatan_id DESC
LIMIT :limit;

-- name: opd(semua, units)
-- OPDs of months in which somebody objected, of those the caller may see. Whose objection it was is not asked: OPDs are few,
-- and people with their months are many.
SELECT DISTINCT ON (opd_nama, opd_kode) opd_kode, opd_nama
FROM penetapan o
WHERE EXISTS (SELECT FROM keberatan b WHERE b.periode = o.periode)
  AND (:semua::boolean
       OR EXISTS (SELECT FROM unnest(:units::text[]) AS u
                  WHERE starts_with(o.opd_path || '/', u || '/') OR starts_with(u || '/', o.opd_path || '/')))
ORDER BY opd_nama, opd_kode;
