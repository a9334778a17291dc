-- name: temuan(periode, sebelum, setahun_lalu, opd, persen)
SELECT t.*, nm.nama AS nama_pegawai
FROM temuan_masa(:periode, :sebelum, :setahun_lalu, ARRAY[:opd::text], :persen) t LEFT JOIN nama nm USING (pegawai_id)
ORDER BY t.jenis, t.nip, t.pegawai_id;

-- name: jumlah_temuan(periode, sebelum, setahun_lalu, opd, persen)
-- As many as `temuan_masa` has, without what is said of each: both months are read once, side by side.
SELECT opd_kode, sum(jumlah)::integer AS jumlah
FROM (
    SELECT coalesce(k.opd_kode, l.opd_kode) AS opd_kode, count(*) AS jumlah
    FROM (SELECT * FROM tpp_bulan WHERE periode = :periode) k
    FULL JOIN (
        SELECT b.pegawai_id, b.opd_kode, b.status,
               CASE
                   WHEN masa_bulanan(:periode) THEN b.neto
                   ELSE b.neto - coalesce((SELECT sum(r.jumlah)::bigint FROM rapel_dibawa r
                                           WHERE r.dibawa = :sebelum AND r.pegawai_id = b.pegawai_id), 0)
               END AS neto
        FROM tpp_bulan b WHERE b.periode = :sebelum
    ) l ON l.pegawai_id = k.pegawai_id
    WHERE k.status = 'ditahan' OR k.neto = 0 OR k.pegawai_id IS NULL
       OR (l.pegawai_id IS NULL AND EXISTS (SELECT FROM tpp_bulan b WHERE b.periode = :sebelum AND b.opd_kode = k.opd_kode))
       OR (l.status = 'dihitung' AND 100 * abs(k.neto - l.neto) > :persen::bigint * l.neto)
    GROUP BY 1
    UNION ALL
    SELECT k.opd_kode, count(*)
    FROM tpp_bulan k JOIN tpp_bulan l ON l.periode = :setahun_lalu AND l.pegawai_id = k.pegawai_id
    WHERE k.periode = :periode AND k.status = 'dihitung' AND l.status = 'dihitung' AND k.neto <> 0
      AND 100 * abs(k.neto - l.neto) > :persen::bigint * l.neto
    GROUP BY 1
    UNION ALL
    SELECT k.opd_kode, count(*)
    FROM keberatan b JOIN tpp_bulan k USING (periode, pegawai_id)
    WHERE b.periode = :periode AND b.keadaan = 'diajukan'
    GROUP BY 1
    UNION ALL
    SELECT opd_kode, count(*) FROM tpp_bulan
    WHERE periode = :periode AND status = 'dihitung' AND (masukan -> 'kehadiran' ->> 'hari_tanpa_data')::integer > 0
    GROUP BY 1
) j
WHERE opd_kode = ANY (:opd::text[])
GROUP BY opd_kode;

-- name: ada_pembanding(sebelum, opd)$
SELECT EXISTS (SELECT FROM tpp_bulan WHERE periode = :sebelum AND opd_kode = :opd);

-- name: rapel(periode, opd)^
-- Corrections of earlier months that this one carries, and people whose corrections wait still.
SELECT count(DISTINCT b.pegawai_id)::integer AS orang, coalesce(sum(b.jumlah), 0)::bigint AS jumlah,
       count(DISTINCT k.pegawai_id) FILTER (WHERE s.sisa IS DISTINCT FROM 0)::integer AS menunggu
FROM tpp_bulan t
JOIN koreksi k ON k.pegawai_id = t.pegawai_id AND k.periode < t.periode
              AND masa_bulanan(k.periode) AND masa_bulanan(t.periode)
JOIN koreksi_sisa s ON s.periode = k.periode AND s.pegawai_id = k.pegawai_id AND s.urutan = k.urutan
LEFT JOIN rapel_dibawa b ON b.periode = k.periode AND b.pegawai_id = k.pegawai_id AND b.urutan = k.urutan
                          AND b.dibawa = t.periode
WHERE t.periode = :periode AND t.opd_kode = :opd;

-- name: tanggapi(periode, opd, sidik, temuan, jawaban, oleh, nama)!
INSERT INTO penetapan_tanggapan (periode, opd_kode, sidik, temuan, jawaban, oleh, nama)
VALUES (:periode, :opd, :sidik, :temuan, :jawaban, :oleh, :nama)
ON CONFLICT (periode, opd_kode, sidik) DO UPDATE
SET jawaban = excluded.jawaban, oleh = excluded.oleh, nama = excluded.nama, pada = now();

-- name: tanggapan(periode, opd)
SELECT sidik, temuan, jawaban, nama, pada FROM penetapan_tanggapan
WHERE periode = :periode AND opd_kode = :opd ORDER BY pada DESC;
