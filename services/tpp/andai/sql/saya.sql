-- name: bulan_berjalan()$
-- The newest month that still takes work.
SELECT periode FROM periode WHERE keadaan IN ('dibuka', 'pengiriman_ditutup') AND masa_bulanan(periode) ORDER BY periode DESC LIMIT 1;

-- name: fakta_saya(pegawai_id, periode, hari)^
-- One person's month as it stands now; `dihitung` when its figure is final already.
SELECT p.pegawai_id, coalesce(n.status, p.status) AS status, n.unit_path AS unit_kini, n.atasan_id, n.kelas, n.golongan,
       n.plt_kelas, coalesce(d.predikat, d.predikat_sementara) AS predikat,
       h.hadir, h.cuti, h.tanpa_keterangan, h.terlambat, h.pulang_cepat, h.tanpa_masuk, h.tanpa_pulang, h.cuti_kode,
       h.cuti_hari, h.hari_kerja, h.absen_terlewat, h.tanpa_apel, h.tanpa_upacara, g.gaji,
       t.pegawai_id IS NOT NULL AS dihitung
FROM pegawai p
LEFT JOIN penempatan n ON n.pegawai_id = p.pegawai_id AND n.berlaku_mulai <= :hari
                      AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
LEFT JOIN penilaian d ON d.periode = :periode AND d.pegawai_id = p.pegawai_id
LEFT JOIN kehadiran_bulan h ON h.periode = :periode AND h.pegawai_id = p.pegawai_id AND h.ada
LEFT JOIN LATERAL (SELECT gaji FROM gaji g WHERE g.pegawai_id = p.pegawai_id AND g.mulai <= :hari AND NOT g.dicabut
                   ORDER BY g.mulai DESC LIMIT 1) g ON true
LEFT JOIN tpp_bulan t ON t.periode = :periode AND t.pegawai_id = p.pegawai_id
WHERE p.pegawai_id = :pegawai_id;
