-- name: daftar(tahun, hari, atasan, puncak, keadaan, urut, nama, pegawai_id, limit)
-- One's people and their newest plan of a year: those who wait first, those who are done last. `puncak`: whoever asks
-- for admin BKD, who has no atasan, as well.
WITH orang AS (
    SELECT t.pegawai_id FROM pegawai_terlihat(:hari, NULL, :atasan::uuid, '{}') t WHERE t.pegawai_id IS NOT NULL
    UNION
    SELECT s.pegawai_id FROM skp s JOIN skp_versi v ON v.skp_id = s.skp_id AND v.versi = s.versi
    WHERE :puncak AND s.tahun = :tahun AND v.keadaan = 'diajukan' AND v.atasan_id IS NULL
      AND s.pegawai_id <> :atasan::uuid
), rencana AS (
    SELECT p.pegawai_id, p.nip, p.nama, g.jabatan_nama AS jabatan, g.unit_nama AS unit, s.skp_id, s.versi,
           coalesce(v.keadaan, 'belum_ada') AS keadaan, s.versi_berlaku IS NOT NULL AS berlaku, v.diajukan_pada,
           CASE v.keadaan WHEN 'diajukan' THEN 0 WHEN 'disetujui' THEN 2 ELSE 1 END AS urut
    FROM orang o
    JOIN pegawai p ON p.pegawai_id = o.pegawai_id AND p.aktif
    LEFT JOIN LATERAL (SELECT * FROM segmen g WHERE g.pegawai_id = p.pegawai_id AND g.berlaku_mulai <= :hari
                       ORDER BY g.berlaku_mulai DESC LIMIT 1) g ON true
    LEFT JOIN skp s ON s.pegawai_id = p.pegawai_id AND s.tahun = :tahun
    LEFT JOIN skp_versi v ON v.skp_id = s.skp_id AND v.versi = s.versi
)
SELECT * FROM rencana
WHERE (:keadaan::text IS NULL OR keadaan = :keadaan)
  AND (:urut::integer IS NULL OR (urut, nama, pegawai_id) > (:urut, :nama::text, :pegawai_id::uuid))
ORDER BY urut, nama, pegawai_id
LIMIT :limit;

-- name: jumlah(tahun, hari, atasan, puncak)
-- How many of one's people are in which state.
WITH orang AS (
    SELECT t.pegawai_id FROM pegawai_terlihat(:hari, NULL, :atasan::uuid, '{}') t WHERE t.pegawai_id IS NOT NULL
    UNION
    SELECT s.pegawai_id FROM skp s JOIN skp_versi v ON v.skp_id = s.skp_id AND v.versi = s.versi
    WHERE :puncak AND s.tahun = :tahun AND v.keadaan = 'diajukan' AND v.atasan_id IS NULL
      AND s.pegawai_id <> :atasan::uuid
)
SELECT coalesce(v.keadaan, 'belum_ada') AS keadaan, count(*) AS jumlah
FROM orang o
JOIN pegawai p ON p.pegawai_id = o.pegawai_id AND p.aktif
LEFT JOIN skp s ON s.pegawai_id = p.pegawai_id AND s.tahun = :tahun
LEFT JOIN skp_versi v ON v.skp_id = s.skp_id AND v.versi = s.versi
GROUP BY 1;
