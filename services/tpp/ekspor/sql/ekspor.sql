-- name: orang(periode, hari, opd, semua, units, dikunci)
-- Everyone with a figure, with jabatan and OPD of the month's last day; `dikunci`: only payments of locked OPDs.
SELECT t.pegawai_id, t.nip, t.opd_kode, t.bruto, t.potongan, t.neto, t.baris, t.masukan, n.opd_nama, n.jabatan_nama,
       n.jenis_jabatan, n.kelas, n.golongan, p.status, r.kunci, r.isi
FROM tpp_bulan t
JOIN pegawai p ON p.pegawai_id = t.pegawai_id
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
