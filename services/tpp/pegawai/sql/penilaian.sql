-- name: catat_predikat(pegawai, periode, version, predikat)!
INSERT INTO penilaian AS known (pegawai_id, periode, version_sementara, predikat_sementara)
SELECT DISTINCT ON (periode, pegawai_id) pegawai_id, periode, version, predikat
FROM unnest(:pegawai::uuid[], :periode::text[], :version::bigint[], :predikat::smallint[])
     AS news(pegawai_id, periode, version, predikat)
ORDER BY periode, pegawai_id, version DESC
ON CONFLICT (periode, pegawai_id) DO UPDATE
SET version_sementara = excluded.version_sementara, predikat_sementara = excluded.predikat_sementara
WHERE known.version_sementara < excluded.version_sementara;

-- name: catat_final(pegawai, periode, version, predikat, skp, alasan)!
INSERT INTO penilaian AS known (pegawai_id, periode, version, predikat, skp_disetujui, alasan)
SELECT DISTINCT ON (periode, pegawai_id) pegawai_id, periode, version, predikat, skp, alasan::jsonb
FROM unnest(:pegawai::uuid[], :periode::text[], :version::bigint[], :predikat::smallint[], :skp::boolean[],
            :alasan::text[]) AS news(pegawai_id, periode, version, predikat, skp, alasan)
ORDER BY periode, pegawai_id, version DESC
ON CONFLICT (periode, pegawai_id) DO UPDATE
SET version = excluded.version, predikat = excluded.predikat, skp_disetujui = excluded.skp_disetujui,
    alasan = excluded.alasan
WHERE known.version < excluded.version;
