-- name: penyelesaian(opd, semua, units, sesudah_opd, sesudah_nip, sesudah_periode, sesudah_urutan, limit)
-- What only people can settle: corrections without a payment to carry them, and locked months that cannot be worked out
-- again (`urutan` 0). Most corrections are of people who stay, whom a later month pays: they are left out before anything
-- is asked of each.
SELECT l.* FROM (
    SELECT l.pegawai_id, l.nip, l.opd_kode, l.unit_path, l.periode, l.urutan, l.jumlah, l.selisih_bruto, l.selisih_neto,
           jumlah_iuran(k) AS selisih_iuran, l.sebab, l.dibuat_pada, NULL::json AS alasan
    FROM koreksi_luar l
    JOIN koreksi k ON k.periode = l.periode AND k.pegawai_id = l.pegawai_id AND k.urutan = l.urutan
    WHERE NOT masa_bulanan(l.periode)
       OR l.pegawai_id NOT IN (SELECT n.pegawai_id FROM penempatan n JOIN pegawai p ON p.pegawai_id = n.pegawai_id AND p.aktif
                               WHERE n.bertugas AND n.berlaku_sampai IS NULL)
    UNION ALL
    SELECT t.pegawai_id, t.nip, t.opd_kode, t.unit_path, t.periode, 0, 0, 0, 0, 0, '{}', k.pada, k.alasan
    FROM koreksi_tertahan k JOIN tpp_bulan t USING (periode, pegawai_id)
) l
WHERE (:opd::text IS NULL OR l.opd_kode = :opd)
  AND (:semua::boolean OR EXISTS (SELECT FROM unnest(:units::text[]) AS u
                                  WHERE l.unit_path = u OR starts_with(l.unit_path, u || '/')))
  AND (:sesudah_opd::text IS NULL OR (l.opd_kode, l.nip, l.periode, l.urutan)
       > (:sesudah_opd, :sesudah_nip::text, :sesudah_periode::text, :sesudah_urutan::integer))
ORDER BY l.opd_kode, l.nip, l.periode, l.urutan
LIMIT :limit;

-- name: tahan(periode, pegawai_id, urutan)^
-- One correction, held against a run that would carry it.
SELECT unit_path FROM koreksi WHERE periode = :periode AND pegawai_id = :pegawai_id AND urutan = :urutan FOR UPDATE;

-- name: luar(periode, pegawai_id, urutan)^
SELECT l.*, jumlah_iuran(k) AS selisih_iuran, NULL::json AS alasan
FROM koreksi_luar l
JOIN koreksi k ON k.periode = l.periode AND k.pegawai_id = l.pegawai_id AND k.urutan = l.urutan
WHERE l.periode = :periode AND l.pegawai_id = :pegawai_id AND l.urutan = :urutan;

-- name: selesaikan(periode, pegawai_id, urutan, cara, dasar, jumlah, tanggal, bukti, oleh, nama)!
INSERT INTO koreksi_selesai (periode, pegawai_id, urutan, cara, dasar, jumlah, tanggal, bukti, oleh, nama)
VALUES (:periode, :pegawai_id, :urutan, :cara, :dasar, :jumlah, :tanggal, :bukti, :oleh, :nama);
