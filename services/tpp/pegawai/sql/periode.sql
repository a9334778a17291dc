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

-- name: tandai_final(periode, version)!
-- The month itself may not be named here yet: topics come in no common order.
INSERT INTO periode AS known (periode, keadaan, final_version) VALUES (:periode, 'belum_dibuka', :version)
ON CONFLICT (periode) DO UPDATE SET final_version = greatest(known.final_version, excluded.final_version);
