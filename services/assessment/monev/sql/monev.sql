-- name: opd(periode, hari, tahun, semua, units)
-- For each OPD, over the active people the caller may see: plans agreed, who sent realisasi, who is rated.
SELECT n.opd_kode, max(n.opd_nama) AS opd_nama, count(*)::integer AS pegawai,
       count(*) FILTER (WHERE s.pegawai_id IS NOT NULL)::integer AS skp_disetujui,
       count(*) FILTER (WHERE r.pegawai_id IS NOT NULL)::integer AS berealisasi,
       count(h.predikat)::integer AS dinilai
FROM penempatan n
JOIN pegawai p USING (pegawai_id)
LEFT JOIN (SELECT DISTINCT pegawai_id FROM skp_keputusan WHERE tahun = :tahun AND keadaan = 'disetujui') s
       USING (pegawai_id)
LEFT JOIN (SELECT DISTINCT pegawai_id FROM realisasi WHERE periode = :periode) r USING (pegawai_id)
LEFT JOIN penilaian h ON h.pegawai_id = n.pegawai_id AND h.periode = :periode
WHERE p.aktif AND n.berlaku_mulai <= :hari AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
  AND (:semua::boolean OR EXISTS (
        SELECT FROM unnest(:units::text[]) AS u(path)
        WHERE n.unit_path = u.path OR starts_with(n.unit_path, u.path || '/')))
GROUP BY n.opd_kode;

-- name: nama_opd(hari, opd, semua, units)$
-- An OPD's name, when somebody the caller may see works there.
SELECT n.opd_nama
FROM penempatan n
JOIN pegawai p USING (pegawai_id)
WHERE p.aktif AND n.opd_kode = :opd
  AND n.berlaku_mulai <= :hari AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
  AND (:semua::boolean OR EXISTS (
        SELECT FROM unnest(:units::text[]) AS u(path)
        WHERE n.unit_path = u.path OR starts_with(n.unit_path, u.path || '/')))
LIMIT 1;

-- name: orang(periode, hari, tahun, opd, semua, units, menunggu, sesudah_nip, sesudah_id, limit)
-- People of an OPD: all, or those whose month still waits for something. Who is shown is settled first.
SELECT o.*, s.keadaan AS skp, r.jumlah AS realisasi, h.predikat
FROM (
    SELECT p.pegawai_id, p.nip, n.jabatan_nama, n.unit_nama, n.atasan_id
    FROM penempatan n
    JOIN pegawai p USING (pegawai_id)
    WHERE p.aktif AND n.opd_kode = :opd
      AND n.berlaku_mulai <= :hari AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
      AND (:semua::boolean OR EXISTS (
            SELECT FROM unnest(:units::text[]) AS u(path)
            WHERE n.unit_path = u.path OR starts_with(n.unit_path, u.path || '/')))
      AND (NOT :menunggu::boolean OR NOT EXISTS (
            SELECT FROM penilaian h
            WHERE h.pegawai_id = p.pegawai_id AND h.periode = :periode AND h.predikat IS NOT NULL))
      AND (:sesudah_nip::text IS NULL OR (p.nip, p.pegawai_id) > (:sesudah_nip, :sesudah_id::uuid))
    ORDER BY p.nip, p.pegawai_id
    LIMIT :limit
) o
LEFT JOIN LATERAL (
    SELECT CASE WHEN bool_or(k.keadaan = 'disetujui') THEN 'disetujui'
                ELSE (array_agg(k.keadaan ORDER BY k.version DESC))[1] END AS keadaan
    FROM skp_keputusan k WHERE k.pegawai_id = o.pegawai_id AND k.tahun = :tahun
) s ON true
LEFT JOIN LATERAL (
    SELECT count(*)::integer AS jumlah FROM realisasi r WHERE r.pegawai_id = o.pegawai_id AND r.periode = :periode
) r ON true
LEFT JOIN penilaian h ON h.pegawai_id = o.pegawai_id AND h.periode = :periode
ORDER BY o.nip, o.pegawai_id;

-- name: bulan()
SELECT periode FROM periode ORDER BY periode DESC LIMIT 12;
