-- name: nama_bulan(semua, units, limit)
-- Months with corrections, or with people to be looked at again, the newest first: from one to the next before it, and of
-- each whether somebody of it is seen.
WITH RECURSIVE ada AS (
    (SELECT greatest((SELECT max(periode) FROM koreksi), (SELECT max(periode) FROM koreksi_antrean)) AS periode)
    UNION ALL
    SELECT greatest((SELECT max(k.periode) FROM koreksi k WHERE k.periode < ada.periode),
                    (SELECT max(q.periode) FROM koreksi_antrean q WHERE q.periode < ada.periode))
    FROM ada WHERE ada.periode IS NOT NULL
)
SELECT a.periode FROM ada a
WHERE a.periode IS NOT NULL
  AND (:semua::boolean
       OR EXISTS (SELECT FROM koreksi k JOIN unnest(:units::text[]) AS u
                      ON k.unit_path = u OR starts_with(k.unit_path, u || '/')
                  WHERE k.periode = a.periode)
       OR EXISTS (SELECT FROM koreksi_antrean q JOIN tpp_bulan t ON t.periode = q.periode AND t.pegawai_id = q.pegawai_id
                  JOIN unnest(:units::text[]) AS u ON t.unit_path = u OR starts_with(t.unit_path, u || '/')
                  WHERE q.periode = a.periode))
ORDER BY a.periode DESC LIMIT :limit;

-- name: bulan(periode, semua, units, limit)
-- Months with corrections, or with people to be looked at again, the newest first; or one of them. `tambah`, `kurang`: what
-- waits of the corrections, signed; `terbawa`: what later months carry.
WITH dilihat AS (
    SELECT k.periode, count(DISTINCT k.pegawai_id)::integer AS orang,
           count(*) FILTER (WHERE s.menunggu)::integer AS menunggu,
           coalesce(sum(s.jumlah) FILTER (WHERE s.menunggu AND s.jumlah > 0), 0)::bigint AS tambah,
           coalesce(sum(s.jumlah) FILTER (WHERE s.menunggu AND s.jumlah < 0), 0)::bigint AS kurang,
           coalesce(sum(b.jumlah), 0)::bigint AS terbawa
    FROM koreksi k
    LEFT JOIN (SELECT periode, pegawai_id, urutan, min(dasar) AS dasar, sum(jumlah)::bigint AS jumlah FROM rapel_dibawa
               GROUP BY periode, pegawai_id, urutan) b USING (periode, pegawai_id, urutan)
    LEFT JOIN koreksi_selesai e USING (periode, pegawai_id, urutan)
    CROSS JOIN LATERAL (SELECT CASE WHEN k.batal_pada IS NULL
                                    THEN sisa_koreksi(coalesce(b.dasar, e.dasar), k.selisih_bruto, k.selisih_neto,
                                                      b.jumlah, e.jumlah) END AS sisa) r
    CROSS JOIN LATERAL (SELECT k.batal_pada IS NULL AND r.sisa IS DISTINCT FROM 0 AS menunggu,
                               coalesce(r.sisa, k.selisih_neto) AS jumlah) s
    WHERE (:periode::text IS NULL OR k.periode = :periode)
      AND (:semua::boolean OR EXISTS (SELECT FROM unnest(:units::text[]) AS u
                                      WHERE k.unit_path = u OR starts_with(k.unit_path, u || '/')))
    GROUP BY k.periode
), antre AS (
    SELECT a.periode, count(*)::integer AS antre
    FROM koreksi_antrean a JOIN tpp_bulan t ON t.periode = a.periode AND t.pegawai_id = a.pegawai_id
    WHERE (:periode::text IS NULL OR a.periode = :periode)
      AND (:semua::boolean OR EXISTS (SELECT FROM unnest(:units::text[]) AS u
                                      WHERE t.unit_path = u OR starts_with(t.unit_path, u || '/')))
    GROUP BY a.periode
)
SELECT periode, coalesce(orang, 0) AS orang, coalesce(menunggu, 0) AS menunggu, coalesce(tambah, 0) AS tambah,
       coalesce(kurang, 0) AS kurang, coalesce(terbawa, 0) AS terbawa, coalesce(antre, 0) AS antre
FROM dilihat FULL JOIN antre USING (periode)
ORDER BY periode DESC LIMIT :limit;

-- name: antrean(periode, semua, units, sesudah_opd, sesudah_nip, limit)
-- Who is to be looked at again, and what that waits for, as `ambil` would see it.
SELECT t.pegawai_id, t.nip, nm.nama AS nama_pegawai, t.opd_kode, a.pada,
       CASE WHEN EXISTS (SELECT FROM penetapan k JOIN pembatalan s ON s.batch_id = k.batch_id AND s.selesai_pada IS NULL
                         WHERE k.periode = t.periode AND k.opd_kode = t.opd_kode) THEN 'pembatalan'
            WHEN m.keadaan = 'ditutup' AND m.lengkap_version >= m.version AND m.final_version >= m.version THEN 'giliran'
            WHEN m.keadaan = 'ditutup' THEN 'penilaian'
            ELSE 'periode' END AS sebab
FROM koreksi_antrean a
JOIN tpp_bulan t ON t.periode = a.periode AND t.pegawai_id = a.pegawai_id
LEFT JOIN nama nm ON nm.pegawai_id = a.pegawai_id
LEFT JOIN periode m ON m.periode = a.periode
WHERE a.periode = :periode
  AND (:semua::boolean OR EXISTS (SELECT FROM unnest(:units::text[]) AS u
                                  WHERE t.unit_path = u OR starts_with(t.unit_path, u || '/')))
  AND (:sesudah_opd::text IS NULL OR (t.opd_kode, t.nip) > (:sesudah_opd, :sesudah_nip::text))
ORDER BY t.opd_kode, t.nip
LIMIT :limit;
