-- name: simpan(kebijakan_id, sidik, kode, nama, daerah, dokumen, mulai, sampai, oleh, nama_oleh)$
INSERT INTO kebijakan (kebijakan_id, sidik, kode, nama, daerah, dokumen, berlaku_mulai, berlaku_sampai, diunggah_oleh,
                       diunggah_nama)
VALUES (:kebijakan_id, :sidik, :kode, :nama, :daerah, :dokumen, :mulai, :sampai, :oleh, :nama_oleh)
ON CONFLICT (sidik) DO NOTHING
RETURNING kebijakan_id;

-- name: dengan_sidik(sidik)^
SELECT * FROM kebijakan WHERE sidik = :sidik;

-- name: satu(kebijakan_id)^
SELECT * FROM kebijakan WHERE kebijakan_id = :kebijakan_id;

-- name: kunci(kebijakan_id)^
SELECT * FROM kebijakan WHERE kebijakan_id = :kebijakan_id FOR UPDATE;

-- name: aktifkan(kebijakan_id, oleh, nama)^
UPDATE kebijakan SET diaktifkan_oleh = :oleh, diaktifkan_nama = :nama, diaktifkan_pada = now() WHERE kebijakan_id = :kebijakan_id
RETURNING *;

-- name: daftar(sesudah_mulai, sesudah_id, limit)
SELECT * FROM kebijakan
WHERE :sesudah_mulai::date IS NULL OR (berlaku_mulai, kebijakan_id) < (:sesudah_mulai, :sesudah_id::uuid)
ORDER BY berlaku_mulai DESC, kebijakan_id DESC
LIMIT :limit;

-- name: pendahulu(kebijakan_id)^
-- What a version takes the place of: the newest in force that begins no later, as when this one was activated.
SELECT lama.* FROM kebijakan ini JOIN kebijakan lama ON lama.kebijakan_id <> ini.kebijakan_id
    AND lama.diaktifkan_pada < coalesce(ini.diaktifkan_pada, 'infinity') AND lama.berlaku_mulai <= ini.berlaku_mulai
WHERE ini.kebijakan_id = :kebijakan_id
ORDER BY lama.berlaku_mulai DESC, lama.diaktifkan_pada DESC, lama.kebijakan_id DESC
LIMIT 1;

-- name: berlaku(awal, akhir)^
-- The policy of a month: the newest that has begun; of two that begin together, the one activated last.
SELECT kebijakan_id, nama, sidik, dokumen FROM kebijakan
WHERE diaktifkan_pada IS NOT NULL AND berlaku_mulai <= :awal
  AND (berlaku_sampai IS NULL OR berlaku_sampai >= :akhir)
ORDER BY berlaku_mulai DESC, diaktifkan_pada DESC, kebijakan_id DESC
LIMIT 1;

-- name: berlaku_tiap(awal, akhir)
-- As `berlaku`, of each of these months, in order.
SELECT bulan.awal, k.kebijakan_id FROM unnest(:awal::date[], :akhir::date[]) AS bulan(awal, akhir)
CROSS JOIN LATERAL (
    SELECT kebijakan_id FROM kebijakan
    WHERE diaktifkan_pada IS NOT NULL AND berlaku_mulai <= bulan.awal
      AND (berlaku_sampai IS NULL OR berlaku_sampai >= bulan.akhir)
    ORDER BY berlaku_mulai DESC, diaktifkan_pada DESC, kebijakan_id DESC
    LIMIT 1) k
ORDER BY bulan.awal;
