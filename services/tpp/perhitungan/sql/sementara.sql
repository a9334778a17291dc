-- name: fakta_sementara(ids, periode, hari)
-- As `fakta`, from the running rating. Nobody is rated without an approved SKP.
SELECT p.pegawai_id, p.nip, coalesce(n.status, p.status) AS status_pegawai, n.bertugas, p.version AS v_pegawai,
       n.kelas, n.golongan, n.plt_kelas, coalesce(n.opd_kode, '') AS opd_kode, coalesce(n.unit_path, '') AS unit_path,
       d.predikat_sementara AS predikat, true AS skp_disetujui, d.version_sementara AS v_penilaian,
       NULL::jsonb AS alasan_penilaian,
       h.hadir, h.cuti, h.tanpa_keterangan, h.terlambat, h.pulang_cepat, h.tanpa_masuk, h.tanpa_pulang,
       h.cuti_kode, h.cuti_hari, h.hari_kerja, h.absen_terlewat, h.tanpa_apel, h.tanpa_upacara,
       coalesce(h.version, 0) AS v_kehadiran, g.gaji, coalesce(g.version, 0) AS v_gaji, 0::bigint AS v_lain, 0::bigint AS version
FROM penilaian d
JOIN pegawai p USING (pegawai_id)
LEFT JOIN penempatan n ON n.pegawai_id = p.pegawai_id AND n.berlaku_mulai <= :hari
                      AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
LEFT JOIN kehadiran_bulan h ON h.periode = d.periode AND h.pegawai_id = p.pegawai_id AND h.ada
LEFT JOIN (SELECT pegawai_id, (array_agg(gaji ORDER BY mulai DESC) FILTER (WHERE NOT dicabut))[1] AS gaji,
                  max(mulai) FILTER (WHERE NOT dicabut) AS mulai, sum(version)::bigint AS version
           FROM gaji WHERE pegawai_id = ANY (:ids::uuid[]) AND mulai <= :hari GROUP BY pegawai_id) g
       ON g.pegawai_id = p.pegawai_id
WHERE d.periode = :periode AND d.pegawai_id = ANY (:ids::uuid[]);

-- name: berperkiraan(ids, sejak)
-- Provisional figures of these people that no run has replaced yet, from each one's month on.
SELECT s.periode, array_agg(s.pegawai_id ORDER BY s.pegawai_id) AS ids
FROM unnest(:ids::uuid[], :sejak::text[]) AS baru(pegawai_id, sejak)
JOIN tpp_sementara s ON s.pegawai_id = baru.pegawai_id AND s.periode >= baru.sejak
WHERE NOT EXISTS (SELECT FROM tpp_bulan t WHERE t.periode = s.periode AND t.pegawai_id = s.pegawai_id)
GROUP BY s.periode ORDER BY s.periode;

-- name: simpan_sementara(periode, kebijakan_id, pada, ids, versions, nip, opd, unit, status, bruto, potongan, neto, baris, alasan, masukan, terpotong)!
INSERT INTO tpp_sementara AS lama (pegawai_id, periode, v_penilaian, kebijakan_id, nip, opd_kode, unit_path, status,
                                   bruto, potongan, neto, baris, alasan, masukan, dihitung_pada, terpotong)
SELECT pegawai_id, :periode, v_penilaian, :kebijakan_id::uuid, nip, opd_kode, unit_path, status, bruto, potongan, neto,
       baris::json, alasan::json, masukan::json, :pada::timestamptz,
       terpotong
FROM unnest(:ids::uuid[], :versions::bigint[], :nip::text[], :opd::text[], :unit::text[], :status::text[],
            :bruto::bigint[], :potongan::bigint[], :neto::bigint[], :baris::text[], :alasan::text[], :masukan::text[],
            :terpotong::bigint[])
     AS baru(pegawai_id, v_penilaian, nip, opd_kode, unit_path, status, bruto, potongan, neto, baris, alasan, masukan,
             terpotong)
ORDER BY pegawai_id
ON CONFLICT (periode, pegawai_id) DO UPDATE
SET v_penilaian = excluded.v_penilaian, kebijakan_id = excluded.kebijakan_id, nip = excluded.nip,
    opd_kode = excluded.opd_kode, unit_path = excluded.unit_path, status = excluded.status, bruto = excluded.bruto,
    potongan = excluded.potongan, neto = excluded.neto, baris = excluded.baris, alasan = excluded.alasan,
    masukan = excluded.masukan, dihitung_pada = excluded.dihitung_pada, terpotong = excluded.terpotong
WHERE lama.v_penilaian <= excluded.v_penilaian;
