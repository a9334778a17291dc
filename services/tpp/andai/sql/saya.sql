-- name: bulan_berjalan()$
-- The newest month that still takes work.
SELECT periode FROM periode WHERE keadaan IN ('dibuka', 'pengiriman_ditutup') ORDER BY periode DESC LIMIT 1;

-- name: fakta_saya(pegawai_id, periode, hari)^
-- One person's month as it stands now; `dihitung` when its figure is final already.
SELECT p.status, n.unit_path, n.kelas, n.golongan, n.plt_kelas, coalesce(d.predikat, d.predikat_sementara) AS predikat,
       h.hadir, h.cuti, h.tanpa_keterangan, h.terlambat, h.pulang_cepat, h.tanpa_masuk, h.tanpa_pulang, g.gaji,
       t.pegawai_id IS NOT NULL AS dihitung
FROM pegawai p
LEFT JOIN penempatan n ON n.pegawai_id = p.pegawai_id AND n.berlaku_mulai <= :hari
                      AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
LEFT JOIN penilaian d ON d.periode = :periode AND d.pegawai_id = p.pegawai_id
LEFT JOIN kehadiran_bulan h ON h.periode = :periode AND h.pegawai_id = p.pegawai_id
LEFT JOIN gaji g ON g.pegawai_id = p.pegawai_id
LEFT JOIN tpp_bulan t ON t.periode = :periode AND t.pegawai_id = p.pegawai_id
WHERE p.pegawai_id = :pegawai_id;
