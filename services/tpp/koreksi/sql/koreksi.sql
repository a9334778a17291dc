-- name: ambil(limit)
-- Marked person-months that can be computed now: their month is closed and final, and nobody is taking its lock back.
DELETE FROM koreksi_antrean a USING (
    SELECT q.periode, q.pegawai_id
    FROM koreksi_antrean q
    JOIN periode m ON m.periode = q.periode AND m.keadaan = 'ditutup'
                  AND m.lengkap_version >= m.version AND m.final_version >= m.version
    WHERE NOT EXISTS (SELECT FROM tpp_bulan t JOIN penetapan k USING (periode, opd_kode)
                      JOIN pembatalan s ON s.batch_id = k.batch_id AND s.selesai_pada IS NULL
                      WHERE t.periode = q.periode AND t.pegawai_id = q.pegawai_id)
    ORDER BY q.periode, q.pegawai_id LIMIT :limit FOR UPDATE OF q SKIP LOCKED
) s
WHERE a.periode = s.periode AND a.pegawai_id = s.pegawai_id
RETURNING a.periode, a.pegawai_id;

-- name: lama(periode, ids)
-- What was locked, or corrected last, of people whose OPD is still locked; held against payments and other corrections.
SELECT t.pegawai_id, t.nip, t.opd_kode, t.unit_path, t.kebijakan_id, t.status,
       coalesce(k.bruto, t.bruto) AS bruto, coalesce(k.neto, t.neto) AS neto,
       coalesce(k.masukan, t.masukan) AS masukan, coalesce(k.iuran, t.iuran) AS iuran, k.urutan,
       (SELECT coalesce(max(x.urutan), 0) FROM koreksi x
        WHERE x.periode = t.periode AND x.pegawai_id = t.pegawai_id) AS terakhir
FROM tpp_bulan t
JOIN penetapan p ON p.periode = t.periode AND p.opd_kode = t.opd_kode AND p.keadaan = 'dikunci'
LEFT JOIN LATERAL (SELECT x.* FROM koreksi x
                   WHERE x.periode = t.periode AND x.pegawai_id = t.pegawai_id AND x.batal_pada IS NULL
                   ORDER BY x.urutan DESC LIMIT 1) k ON true
WHERE t.periode = :periode AND t.pegawai_id = ANY (:ids::uuid[])
ORDER BY t.pegawai_id
FOR UPDATE OF t;

-- name: naikkan(periode, ids)
-- The person's month gets its next version.
UPDATE tpp_bulan SET version = version + 1
WHERE periode = :periode AND pegawai_id = ANY (:ids::uuid[])
RETURNING pegawai_id, version;

-- name: daftar(periode, opd, menunggu, semua, units, sesudah_opd, sesudah_nip, sesudah_urutan, limit)
-- `semula`: what was locked, or corrected last. `tujuan`: the month after the newest that the OPD has locked; of an extra
-- payment none.
SELECT k.*, nm.nama AS nama_pegawai, s.sisa, e.cara, e.bukti, jumlah_iuran(k) AS iuran_jumlah,
       (SELECT coalesce(sum(i.sisa), 0)::bigint FROM iuran_menunggu(k) i) AS iuran_sisa,
       ARRAY(SELECT b.dibawa FROM rapel_dibawa b
             WHERE b.periode = k.periode AND b.pegawai_id = k.pegawai_id AND b.urutan = k.urutan
             ORDER BY b.dibawa) AS dibawa,
       ARRAY(SELECT b.jumlah FROM rapel_dibawa b
             WHERE b.periode = k.periode AND b.pegawai_id = k.pegawai_id AND b.urutan = k.urutan
             ORDER BY b.dibawa) AS dibawa_jumlah,
       coalesce((SELECT x.neto FROM koreksi x
                 WHERE x.periode = k.periode AND x.pegawai_id = k.pegawai_id AND x.urutan < k.urutan AND x.batal_pada IS NULL
                 ORDER BY x.urutan DESC LIMIT 1),
                (SELECT t.neto FROM tpp_bulan t WHERE t.periode = k.periode AND t.pegawai_id = k.pegawai_id)) AS semula,
       (SELECT to_char((max(p.periode) || '-01')::date + interval '1 month', 'YYYY-MM') FROM penetapan p
        WHERE p.opd_kode = k.opd_kode AND p.keadaan = 'dikunci' AND masa_bulanan(p.periode)
          AND masa_bulanan(k.periode)) AS tujuan
FROM koreksi k LEFT JOIN koreksi_sisa s USING (periode, pegawai_id, urutan)
LEFT JOIN koreksi_selesai e USING (periode, pegawai_id, urutan)
LEFT JOIN nama nm ON nm.pegawai_id = k.pegawai_id
WHERE k.periode = :periode
  AND (:opd::text IS NULL OR k.opd_kode = :opd)
  AND (NOT :menunggu::boolean OR (k.batal_pada IS NULL AND s.sisa IS DISTINCT FROM 0))
  AND (:semua::boolean OR EXISTS (SELECT FROM unnest(:units::text[]) AS u
                                  WHERE k.unit_path = u OR starts_with(k.unit_path, u || '/')))
  AND (:sesudah_opd::text IS NULL
       OR (k.opd_kode, k.nip, k.urutan) > (:sesudah_opd, :sesudah_nip::text, :sesudah_urutan::integer))
ORDER BY k.opd_kode, k.nip, k.urutan
LIMIT :limit;

-- name: tertahan(periode, ids, tetap, alasan)!
-- Of these people's locked months only those in `tetap` cannot be worked out any more, each for its reasons.
WITH lepas AS (
    DELETE FROM koreksi_tertahan
    WHERE periode = :periode AND pegawai_id = ANY (:ids::uuid[]) AND NOT pegawai_id = ANY (:tetap::uuid[])
)
INSERT INTO koreksi_tertahan (periode, pegawai_id, alasan)
SELECT :periode, baru.pegawai_id, baru.alasan::json FROM unnest(:tetap::uuid[], :alasan::text[]) AS baru(pegawai_id, alasan)
ON CONFLICT (periode, pegawai_id) DO UPDATE SET alasan = excluded.alasan;
