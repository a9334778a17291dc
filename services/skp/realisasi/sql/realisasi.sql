-- name: daftar_semua(periode, pegawai_id, sesudah, limit)
SELECT r.realisasi_id, r.pegawai_id, p.nip, p.nama, r.skp_id, r.rhk_id, r.periode, r.tanggal, r.uraian, r.jumlah,
       r.satuan, r.bukti, r.dikirim_pada
FROM realisasi r JOIN pegawai p USING (pegawai_id)
WHERE r.periode = :periode AND (:pegawai_id::uuid IS NULL OR r.pegawai_id = :pegawai_id)
  AND (:sesudah::uuid IS NULL OR r.realisasi_id > :sesudah)
ORDER BY r.realisasi_id
LIMIT :limit;

-- name: daftar_terlihat(periode, pegawai_id, hari, diri, atasan, unit, sesudah, limit)
SELECT r.realisasi_id, r.pegawai_id, p.nip, p.nama, r.skp_id, r.rhk_id, r.periode, r.tanggal, r.uraian, r.jumlah,
       r.satuan, r.bukti, r.dikirim_pada
FROM pegawai_terlihat(:hari, :diri::uuid, :atasan::uuid, :unit::text[]) t
JOIN realisasi r ON r.pegawai_id = t.pegawai_id
JOIN pegawai p ON p.pegawai_id = r.pegawai_id
WHERE r.periode = :periode AND (:pegawai_id::uuid IS NULL OR r.pegawai_id = :pegawai_id)
  AND (:sesudah::uuid IS NULL OR r.realisasi_id > :sesudah)
ORDER BY r.realisasi_id
LIMIT :limit;

-- name: satu(realisasi_id)^
SELECT r.realisasi_id, r.pegawai_id, p.nip, p.nama, r.skp_id, r.rhk_id, r.periode, r.tanggal, r.uraian, r.jumlah,
       r.satuan, r.bukti, r.dikirim_pada
FROM realisasi r JOIN pegawai p USING (pegawai_id) WHERE r.realisasi_id = :realisasi_id;

-- name: daftar_orang(pegawai_id, periode, sebelum, sebelum_id, limit)
-- One person's month, the latest day first.
SELECT r.realisasi_id, r.pegawai_id, p.nip, p.nama, r.skp_id, r.rhk_id, r.periode, r.tanggal, r.uraian, r.jumlah,
       r.satuan, r.bukti, r.dikirim_pada
FROM realisasi r JOIN pegawai p USING (pegawai_id)
WHERE r.pegawai_id = :pegawai_id AND r.periode = :periode
  AND (:sebelum::date IS NULL OR (r.tanggal, r.realisasi_id) < (:sebelum, :sebelum_id::uuid))
ORDER BY r.tanggal DESC, r.realisasi_id DESC
LIMIT :limit;

-- name: jumlah_rhk(pegawai_id, periode)
SELECT rhk_id, satuan, count(*) AS catatan, sum(jumlah) AS jumlah, max(tanggal) AS terakhir
FROM realisasi WHERE pegawai_id = :pegawai_id AND periode = :periode
GROUP BY rhk_id, satuan ORDER BY rhk_id, satuan;

-- name: jumlah_hari(pegawai_id, periode)
SELECT tanggal, count(*) AS catatan FROM realisasi
WHERE pegawai_id = :pegawai_id AND periode = :periode
GROUP BY tanggal ORDER BY tanggal;

-- name: terakhir(pegawai_id, periode, sampai, limit)
-- The last ones of these months, to copy from; the same words once.
SELECT * FROM (
    SELECT DISTINCT ON (rhk_id, uraian) realisasi_id, rhk_id, tanggal, uraian, jumlah, satuan
    FROM realisasi
    WHERE pegawai_id = :pegawai_id AND periode = ANY (:periode::text[]) AND tanggal <= :sampai
    ORDER BY rhk_id, uraian, tanggal DESC, realisasi_id DESC
) r
ORDER BY tanggal DESC, realisasi_id DESC
LIMIT :limit;

-- name: keadaan_periode(periode)$
SELECT keadaan FROM periode WHERE periode = :periode;
