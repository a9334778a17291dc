-- name: kunci_periode(periode)^
-- The month, held still: a closing waits until this transaction ends.
SELECT version, keadaan FROM periode WHERE periode = :periode FOR SHARE;

-- name: periode(periode)^
SELECT m.version, m.keadaan, f.version AS final_version, f.dinilai, f.ditahan
FROM periode m LEFT JOIN periode_final f USING (periode)
WHERE m.periode = :periode;

-- name: calon(ids, periode, hari, tahun)
-- People to be rated: where they work and under whom on the last day, their SKP as known now, their rating.
SELECT p.pegawai_id, n.unit_path, n.atasan_id, n.pegawai_id IS NOT NULL AS ditempatkan,
       EXISTS (SELECT FROM skp_keputusan k
               WHERE k.pegawai_id = p.pegawai_id AND k.tahun = :tahun AND k.keadaan = 'disetujui') AS skp_disetujui,
       EXISTS (SELECT FROM realisasi r
               WHERE r.pegawai_id = p.pegawai_id AND r.periode = :periode) AS ada_realisasi,
       h.penilai_id, h.hasil_kerja, h.perilaku, h.catatan
FROM pegawai p
LEFT JOIN penempatan n ON n.pegawai_id = p.pegawai_id AND n.berlaku_mulai <= :hari
                      AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
LEFT JOIN penilaian h ON h.pegawai_id = p.pegawai_id AND h.periode = :periode
WHERE p.pegawai_id = ANY (:ids::uuid[]);

-- name: simpan(periode, penilai_id, dinilai_pada, ids, hasil_kerja, perilaku, predikat, catatan)
-- Ratings in the order of the person, so that two lists never wait for each other; returns the new versions.
INSERT INTO penilaian AS lama (pegawai_id, periode, version, penilai_id, hasil_kerja, perilaku, predikat, catatan,
                               dinilai_pada)
SELECT pegawai_id, :periode, 1, :penilai_id, hasil_kerja, perilaku, predikat, catatan, :dinilai_pada
FROM unnest(:ids::uuid[], :hasil_kerja::smallint[], :perilaku::smallint[], :predikat::smallint[], :catatan::text[])
     AS baru(pegawai_id, hasil_kerja, perilaku, predikat, catatan)
ORDER BY pegawai_id
ON CONFLICT (pegawai_id, periode) DO UPDATE
SET version = lama.version + 1, penilai_id = excluded.penilai_id, hasil_kerja = excluded.hasil_kerja,
    perilaku = excluded.perilaku, predikat = excluded.predikat, catatan = excluded.catatan,
    dinilai_pada = excluded.dinilai_pada
RETURNING pegawai_id, version;

-- name: bawahan(atasan_id, tanpa_atasan, periode, hari, tahun, sesudah_nip, sesudah_id, limit)
-- People whose pejabat penilai is `atasan_id` on that day; for admin BKD also those who have none.
SELECT p.pegawai_id, p.nip, nm.nama, n.jabatan_nama, n.unit_nama, n.opd_nama, n.atasan_id,
       coalesce(s.keadaan, 'belum_ada') AS skp, r.realisasi, r.bukti,
       h.penilai_id, h.hasil_kerja, h.perilaku, h.predikat, h.catatan, h.dinilai_pada
FROM penempatan n
JOIN pegawai p USING (pegawai_id)
LEFT JOIN LATERAL (
    SELECT CASE WHEN bool_or(k.keadaan = 'disetujui') THEN 'disetujui'
                ELSE (array_agg(k.keadaan ORDER BY k.version DESC))[1] END AS keadaan
    FROM skp_keputusan k WHERE k.pegawai_id = p.pegawai_id AND k.tahun = :tahun
) s ON true
LEFT JOIN LATERAL (
    SELECT count(*) AS realisasi, coalesce(sum(jumlah_bukti), 0)::integer AS bukti
    FROM realisasi r WHERE r.pegawai_id = p.pegawai_id AND r.periode = :periode
) r ON true
LEFT JOIN nama nm ON nm.pegawai_id = p.pegawai_id
LEFT JOIN penilaian h ON h.pegawai_id = p.pegawai_id AND h.periode = :periode
WHERE p.aktif AND n.berlaku_mulai <= :hari AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
  AND (n.atasan_id = :atasan_id
       OR (:tanpa_atasan::boolean AND n.atasan_id IS NULL AND n.pegawai_id <> :atasan_id))
  AND (:sesudah_nip::text IS NULL OR (p.nip, p.pegawai_id) > (:sesudah_nip, :sesudah_id::uuid))
ORDER BY p.nip, p.pegawai_id
LIMIT :limit;

-- name: status_opd(periode, hari, tahun, semua, units)
-- Counts for each OPD, over the active people the caller may see.
SELECT n.opd_kode, min(n.opd_nama) AS opd_nama, count(*) AS pegawai,
       count(*) FILTER (WHERE s.pegawai_id IS NOT NULL) AS skp_disetujui,
       count(h.predikat) AS dinilai
FROM penempatan n
JOIN pegawai p USING (pegawai_id)
LEFT JOIN (SELECT DISTINCT pegawai_id FROM skp_keputusan WHERE tahun = :tahun AND keadaan = 'disetujui') s
       USING (pegawai_id)
LEFT JOIN penilaian h ON h.pegawai_id = p.pegawai_id AND h.periode = :periode
WHERE p.aktif AND n.berlaku_mulai <= :hari AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
  AND (:semua::boolean OR EXISTS (
        SELECT FROM unnest(:units::text[]) AS u(path)
        WHERE n.unit_path = u.path OR starts_with(n.unit_path, u.path || '/')))
GROUP BY n.opd_kode
ORDER BY n.opd_kode;

-- name: satu(pegawai_id, periode, hari)^
SELECT p.pegawai_id, p.nip, nm.nama, n.pegawai_id IS NOT NULL AS ditempatkan, n.unit_path, n.jabatan_nama,
       n.unit_nama, n.opd_nama, n.atasan_id, na.nama AS atasan_nama,
       h.penilai_id, h.hasil_kerja, h.perilaku, h.predikat, h.catatan, h.dinilai_pada,
       h.final_untuk, h.final_predikat, h.final_alasan, m.keadaan, m.version, f.version AS final_version
FROM pegawai p
LEFT JOIN penempatan n ON n.pegawai_id = p.pegawai_id AND n.berlaku_mulai <= :hari
                      AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
LEFT JOIN nama nm ON nm.pegawai_id = p.pegawai_id
LEFT JOIN nama na ON na.pegawai_id = n.atasan_id
LEFT JOIN penilaian h ON h.pegawai_id = p.pegawai_id AND h.periode = :periode
LEFT JOIN periode m ON m.periode = :periode
LEFT JOIN periode_final f ON f.periode = :periode
WHERE p.pegawai_id = :pegawai_id;

-- name: skp_terakhir(pegawai_id, tahun)
-- Newest decision of each SKP of the year, and the RHK in force (of the newest approval).
SELECT DISTINCT ON (k.skp_id) k.skp_id, k.keadaan,
       (SELECT a.rhk FROM skp_keputusan a WHERE a.skp_id = k.skp_id AND a.keadaan = 'disetujui'
        ORDER BY a.version DESC LIMIT 1) AS rhk
FROM skp_keputusan k
WHERE k.pegawai_id = :pegawai_id AND k.tahun = :tahun
ORDER BY k.skp_id, k.version DESC;

-- name: realisasi(pegawai_id, periode)
SELECT realisasi_id, rhk_id, tanggal, uraian, jumlah, satuan, jumlah_bukti
FROM realisasi WHERE pegawai_id = :pegawai_id AND periode = :periode
ORDER BY tanggal, realisasi_id
LIMIT 500;

-- name: nilai_terakhir(pegawai_id)^
-- A person's newest month: final while it is closed, else (also opened again) as the atasan rated it.
SELECT h.periode, h.predikat, h.final_predikat,
       h.final_untuk IS NOT NULL AND h.final_untuk = f.version AND m.keadaan = 'ditutup' AND m.version = f.version AS final
FROM penilaian h LEFT JOIN periode m USING (periode) LEFT JOIN periode_final f USING (periode)
WHERE h.pegawai_id = :pegawai_id
ORDER BY h.periode DESC LIMIT 1;

-- name: belum_saya_nilai(atasan_id)
-- For each month whose ratings can still be given: how many of one's people are rated, and how many there are.
SELECT m.periode, count(*)::integer AS bawahan, count(h.predikat)::integer AS dinilai
FROM periode m
JOIN penempatan n ON n.atasan_id = :atasan_id
    AND n.berlaku_mulai <= (m.periode || '-01')::date + interval '1 month - 1 day'
    AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > (m.periode || '-01')::date + interval '1 month - 1 day')
JOIN pegawai p ON p.pegawai_id = n.pegawai_id AND p.aktif
LEFT JOIN penilaian h ON h.pegawai_id = n.pegawai_id AND h.periode = m.periode
WHERE m.keadaan <> 'ditutup'
GROUP BY m.periode ORDER BY m.periode;

-- name: keadaan_skp(pegawai_id, tahun)$
-- Where a person's plan of the year stands as known now; an approval once given stays in force.
SELECT CASE WHEN bool_or(keadaan = 'disetujui') THEN 'disetujui'
            ELSE (array_agg(keadaan ORDER BY version DESC))[1] END
FROM skp_keputusan WHERE pegawai_id = :pegawai_id AND tahun = :tahun;

-- name: bulan_saya(pegawai_id, limit)
-- The newest months with what this person got, or why not.
SELECT m.periode, m.keadaan, m.version, f.version AS final_version, h.penilai_id, h.predikat, h.hasil_kerja, h.perilaku,
       h.catatan, h.dinilai_pada, h.final_untuk, h.final_predikat, h.final_alasan
FROM periode m
LEFT JOIN periode_final f USING (periode)
LEFT JOIN penilaian h ON h.periode = m.periode AND h.pegawai_id = :pegawai_id
ORDER BY m.periode DESC
LIMIT :limit;

-- name: bulan_sekitar(periode)^
-- The month before and after among those that were ever opened.
SELECT (SELECT max(m.periode) FROM periode m WHERE m.periode < :periode) AS sebelumnya,
       (SELECT min(m.periode) FROM periode m WHERE m.periode > :periode) AS berikutnya;

-- name: bulan_untuk_dinilai(atasan_id)$
-- Where an atasan begins: the oldest open month with somebody unrated, else the newest month.
SELECT coalesce(
    (SELECT min(m.periode) FROM periode m
     WHERE m.keadaan <> 'ditutup' AND EXISTS (
         SELECT FROM penempatan n JOIN pegawai p ON p.pegawai_id = n.pegawai_id AND p.aktif
         LEFT JOIN penilaian h ON h.pegawai_id = n.pegawai_id AND h.periode = m.periode
         WHERE n.atasan_id = :atasan_id AND h.predikat IS NULL
           AND n.berlaku_mulai <= (m.periode || '-01')::date + interval '1 month - 1 day'
           AND (n.berlaku_sampai IS NULL
                OR n.berlaku_sampai > (m.periode || '-01')::date + interval '1 month - 1 day'))),
    (SELECT max(periode) FROM periode));
