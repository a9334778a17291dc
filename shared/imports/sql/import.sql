-- name: simpan(import_id, jenis, berkas, sha256, ukuran, isi, kunci, pilihan, pegawai_id, pengirim)!
-- `sha256` of a sealed file is a fingerprint under its key.
INSERT INTO kernel.import (import_id, jenis, berkas, sha256, ukuran, isi, kunci, pilihan, pegawai_id, pengirim)
VALUES (:import_id, :jenis, :berkas, :sha256, :ukuran, :isi, :kunci, :pilihan::jsonb, :pegawai_id, :pengirim::jsonb);

-- name: satu(import_id, jenis, pegawai_id)^
SELECT import_id, jenis, berkas, ukuran, pilihan, keadaan, tahap, baris, lewati_salah, laporan, galat, dibuat_pada,
       diubah_pada
FROM kernel.import WHERE import_id = :import_id AND jenis = :jenis AND pegawai_id = :pegawai_id;

-- name: milik(jenis, pegawai_id, limit)
-- Without the reports: a list needs none of their thousand rows.
SELECT import_id, jenis, berkas, ukuran, pilihan, keadaan, tahap, baris, lewati_salah, NULL::jsonb AS laporan,
       NULL::jsonb AS galat, dibuat_pada, diubah_pada
FROM kernel.import WHERE jenis = :jenis AND pegawai_id = :pegawai_id
ORDER BY dibuat_pada DESC LIMIT :limit;

-- name: setujui(import_id, jenis, pegawai_id, lewati_salah)$
UPDATE kernel.import SET keadaan = 'disetujui', lewati_salah = :lewati_salah, baris = 0, tahap = '', diubah_pada = now()
WHERE import_id = :import_id AND jenis = :jenis AND pegawai_id = :pegawai_id AND keadaan = 'diperiksa'
  AND isi IS NOT NULL
RETURNING import_id;

-- name: ambil(detik)^
-- The oldest file that nobody works on.
UPDATE kernel.import SET dipegang_sampai = now() + make_interval(secs => :detik)
WHERE import_id = (
    SELECT import_id FROM kernel.import
    WHERE keadaan IN ('diunggah', 'disetujui') AND coalesce(dipegang_sampai, '-infinity') < now()
    ORDER BY dibuat_pada LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING import_id, jenis, berkas, isi, kunci, pilihan, pegawai_id, pengirim, keadaan, lewati_salah;

-- name: kemajuan(import_id, tahap, baris, detik)!
UPDATE kernel.import SET tahap = :tahap, baris = :baris, dipegang_sampai = now() + make_interval(secs => :detik)
WHERE import_id = :import_id AND keadaan IN ('diunggah', 'disetujui');

-- name: selesai(import_id, dari, keadaan, laporan)$
UPDATE kernel.import
SET keadaan = :keadaan, laporan = :laporan::jsonb, tahap = '', dipegang_sampai = NULL, diubah_pada = now(),
    isi = CASE WHEN :keadaan = 'selesai' THEN NULL ELSE isi END
WHERE import_id = :import_id AND keadaan = :dari
RETURNING import_id;

-- name: gagal(import_id, galat)!
UPDATE kernel.import
SET keadaan = 'gagal', galat = :galat::jsonb, isi = NULL, dipegang_sampai = NULL, diubah_pada = now()
WHERE import_id = :import_id AND keadaan IN ('diunggah', 'disetujui');

-- name: generasi(pegawai_id)$
SELECT generation FROM kernel.token_generation WHERE pegawai_id = :pegawai_id AND aktif;

-- name: buang_isi_lama()!
-- Nobody confirmed it within a day: what was found stays to be read, the file goes; after a month both.
UPDATE kernel.import SET isi = NULL WHERE isi IS NOT NULL AND dibuat_pada < now() - interval '1 day';

-- name: buang_lama()!
DELETE FROM kernel.import WHERE dibuat_pada < now() - interval '31 days';
