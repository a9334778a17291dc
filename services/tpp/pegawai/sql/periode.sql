-- name: catat_roster(periode, version, bagian, dari, ids, versions)!
INSERT INTO roster (periode, version, bagian, dari, pegawai_ids, pegawai_versions)
VALUES (:periode, :version, :bagian, :dari, :ids::uuid[], :versions::bigint[])
ON CONFLICT DO NOTHING;

-- name: kurang_pegawai(periode, version, jumlah)$
-- People of the closing whose facts are not complete here: not named yet, or known at an older version.
WITH orang AS (SELECT pegawai_id, version FROM roster_penutupan(:periode, :version))
SELECT (greatest(:jumlah::bigint - (SELECT count(*) FROM orang), 0) + (
    SELECT count(*) FROM orang LEFT JOIN pegawai p USING (pegawai_id) WHERE coalesce(p.version, 0) < orang.version
))::integer;

-- name: ikutkan(bulan)!
-- Extra payments share the state of the month they are based on.
UPDATE periode k
SET version = d.version, keadaan = d.keadaan, lengkap_version = d.lengkap_version, final_version = d.final_version
FROM periode d WHERE d.periode = ANY (:bulan::text[]) AND k.dasar = d.periode;

-- name: tandai_lengkap(periode, version)!
UPDATE periode SET lengkap_version = greatest(lengkap_version, :version) WHERE periode = :periode;

-- name: plt_berlanjut(periode, awal, akhir)
-- Whose acting duty went on from earlier months into this one, and since which of them each policy has paid them by its length.
SELECT t.pegawai_id, t.kebijakan_id, min(t.periode) AS sejak
FROM (SELECT DISTINCT pegawai_id, plt_mulai FROM penempatan
      WHERE plt_mulai < :awal AND berlaku_mulai <= :akhir AND (berlaku_sampai IS NULL OR berlaku_sampai > :awal)) AS tugas
JOIN tpp_bulan t ON t.pegawai_id = tugas.pegawai_id AND t.periode >= to_char(tugas.plt_mulai, 'YYYY-MM')
                AND t.periode < :periode AND masa_bulanan(t.periode)
WHERE strpos(t.masukan::text, '"hari_plt"') > 0
GROUP BY t.pegawai_id, t.kebijakan_id;

-- name: tandai_final(periode, version)!
-- The month itself may not be named here yet: topics come in no common order.
INSERT INTO periode AS known (periode, keadaan, final_version) VALUES (:periode, 'belum_dibuka', :version)
ON CONFLICT (periode) DO UPDATE SET final_version = greatest(known.final_version, excluded.final_version);
