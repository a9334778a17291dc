-- name: kurang(periode, version, jumlah)$
-- People of the closing whose facts are not complete here: not named yet, or known at an older version.
WITH orang AS (
    SELECT o.pegawai_id, o.version
    FROM roster r, unnest(r.pegawai_ids, r.pegawai_versions) AS o(pegawai_id, version)
    WHERE r.periode = :periode AND r.version = :version
)
SELECT (greatest(:jumlah::bigint - (SELECT count(*) FROM orang), 0) + (
    SELECT count(*) FROM orang LEFT JOIN pegawai p USING (pegawai_id) WHERE coalesce(p.version, 0) < orang.version
))::integer;

-- name: masih_berlaku(periode, version)$
-- No row when a newer fact (a reopening) has withdrawn this closing. None can come while this transaction
-- runs: it would have to write the barrier's row, which is held.
SELECT true FROM periode WHERE periode = :periode AND version = :version;

-- name: bagian_berikut(periode, version, limit)
-- The next parts of the roster to finalise.
SELECT bagian, pegawai_ids FROM roster
WHERE periode = :periode AND version = :version AND NOT selesai
ORDER BY bagian
LIMIT :limit;

-- name: hasil_sekarang(ids, periode, hari, tahun)
-- What decides the result of these people: rating, chart on the last day, SKP decisions stamped up to the month.
SELECT d.pegawai_id, n.pegawai_id IS NOT NULL AS ditempatkan, n.atasan_id, s.keadaan AS skp,
       coalesce(h.version, 0) AS version, h.predikat,
       h.final_untuk, h.final_predikat, h.final_skp, h.final_penilai_id, h.final_alasan
FROM unnest(:ids::uuid[]) AS d(pegawai_id)
LEFT JOIN penempatan n ON n.pegawai_id = d.pegawai_id AND n.berlaku_mulai <= :hari
                      AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
LEFT JOIN LATERAL (
    SELECT CASE WHEN bool_or(k.keadaan = 'disetujui') THEN 'disetujui'
                ELSE (array_agg(k.keadaan ORDER BY k.version DESC))[1] END AS keadaan
    FROM skp_keputusan k
    WHERE k.pegawai_id = d.pegawai_id AND k.tahun = :tahun AND k.periode <= :periode
) s ON true
LEFT JOIN penilaian h ON h.pegawai_id = d.pegawai_id AND h.periode = :periode
ORDER BY d.pegawai_id;

-- name: simpan_final(periode, version, ids, versions, predikat, skp, penilai, alasan)!
INSERT INTO penilaian AS lama (pegawai_id, periode, version, final_untuk, final_predikat, final_skp,
                               final_penilai_id, final_alasan)
SELECT pegawai_id, :periode, version, :version, predikat, skp, penilai_id, alasan::jsonb
FROM unnest(:ids::uuid[], :versions::bigint[], :predikat::smallint[], :skp::boolean[], :penilai::uuid[],
            :alasan::text[]) AS baru(pegawai_id, version, predikat, skp, penilai_id, alasan)
ORDER BY pegawai_id
ON CONFLICT (pegawai_id, periode) DO UPDATE
SET version = excluded.version, final_untuk = excluded.final_untuk, final_predikat = excluded.final_predikat,
    final_skp = excluded.final_skp, final_penilai_id = excluded.final_penilai_id,
    final_alasan = excluded.final_alasan;

-- name: tandai_bagian(periode, version, bagian)!
UPDATE roster SET selesai = true
WHERE periode = :periode AND version = :version AND bagian = ANY (:bagian::integer[]);

-- name: selesai(periode, version)^
-- Close the books of this closing: how many are rated and held.
INSERT INTO periode_final (periode, version, dinilai, ditahan)
SELECT :periode, :version, count(final_predikat), count(*) - count(final_predikat)
FROM penilaian WHERE periode = :periode AND final_untuk = :version
ON CONFLICT (periode) DO UPDATE
SET version = excluded.version, dinilai = excluded.dinilai, ditahan = excluded.ditahan
RETURNING dinilai, ditahan;
