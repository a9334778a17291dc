-- name: kunci()$
SELECT kunci FROM kunci_verifikasi;

-- name: pasang_kunci(kunci)!
INSERT INTO kunci_verifikasi (kunci) VALUES (:kunci) ON CONFLICT DO NOTHING;

-- name: slip(periode, pegawai_id)^
SELECT version, nip, unit_path, status, bruto, potongan, neto FROM tpp_bulan
WHERE periode = :periode AND pegawai_id = :pegawai_id;

-- name: simpan(dokumen_id, periode, pegawai_id, version, sidik)$
-- The same slip has one code, however often it is printed.
INSERT INTO dokumen AS lama (dokumen_id, jenis, periode, pegawai_id, version, sidik)
VALUES (:dokumen_id, 'slip', :periode, :pegawai_id, :version, :sidik)
ON CONFLICT (jenis, periode, pegawai_id, version) DO UPDATE SET sidik = lama.sidik
RETURNING dokumen_id;

-- name: dokumen(dokumen_id)^
-- A document with the figures of its version, wherever they are now, and the version that holds today.
SELECT d.jenis, d.periode, d.version, d.sidik, d.dibuat_pada, a.nip, a.bruto, a.potongan, a.neto,
       t.version AS kini, coalesce(b.keadaan, '') AS pembayaran
FROM dokumen d
LEFT JOIN tpp_bulan t ON t.periode = d.periode AND t.pegawai_id = d.pegawai_id
LEFT JOIN LATERAL (
    SELECT nip, bruto, potongan, neto FROM tpp_bulan s
    WHERE s.periode = d.periode AND s.pegawai_id = d.pegawai_id AND s.version = d.version
    UNION ALL
    SELECT nip, bruto, potongan, neto FROM tpp_riwayat s
    WHERE s.periode = d.periode AND s.pegawai_id = d.pegawai_id AND s.version = d.version
    LIMIT 1) a ON true
LEFT JOIN pembayaran b ON b.periode = d.periode AND b.pegawai_id = d.pegawai_id
WHERE d.dokumen_id = :dokumen_id;
