-- name: kunci_daftar()!
-- Decisions stamped with a month that has no row yet are waited for: afterwards they see the row.
LOCK TABLE periode IN EXCLUSIVE MODE;

-- name: buka(periode)^
INSERT INTO periode (periode, keadaan, version) VALUES (:periode, 'dibuka', 1)
ON CONFLICT DO NOTHING
RETURNING version;

-- name: kunci(periode)^
SELECT keadaan, version FROM periode WHERE periode = :periode FOR UPDATE;

-- name: ubah(periode, keadaan, version)!
UPDATE periode SET keadaan = :keadaan, version = :version, diubah_pada = now() WHERE periode = :periode;

-- name: roster(hari)
-- Employees of the month: everyone active who has begun, and those without any post (who are held, and told why).
SELECT pegawai_id, version FROM pegawai p
WHERE aktif AND sumber = 'impor' AND version > 0
  AND (EXISTS (SELECT FROM segmen s WHERE s.pegawai_id = p.pegawai_id AND s.berlaku_mulai <= :hari)
       OR NOT EXISTS (SELECT FROM segmen s WHERE s.pegawai_id = p.pegawai_id))
ORDER BY pegawai_id;

-- name: daftar(sebelum, limit)
SELECT periode, keadaan, version, diubah_pada FROM periode
WHERE :sebelum::text IS NULL OR periode < :sebelum
ORDER BY periode DESC LIMIT :limit;

-- name: satu(periode)^
SELECT periode, keadaan, version, diubah_pada FROM periode WHERE periode = :periode;

-- name: kunci_urutan()!
-- Months close and reopen one at a time. Submissions, which hold a month's row FOR SHARE, go on meanwhile.
LOCK TABLE periode IN SHARE ROW EXCLUSIVE MODE;

-- name: terbuka_sebelum(periode)$
SELECT min(periode) FROM periode WHERE periode < :periode AND keadaan <> 'ditutup';

-- name: ditutup_terakhir(sebelum)^
-- The last closed month (before another one), held as it is until this transaction ends.
SELECT periode, version FROM periode
WHERE keadaan = 'ditutup' AND (:sebelum::text IS NULL OR periode < :sebelum)
ORDER BY periode DESC LIMIT 1 FOR SHARE;

-- name: tertua_terbuka()^
-- The oldest month that is not closed, held still until this transaction ends.
SELECT periode FROM periode WHERE keadaan <> 'ditutup' ORDER BY periode LIMIT 1 FOR SHARE;

-- name: ada_terbuka()$
SELECT EXISTS (SELECT FROM periode WHERE keadaan <> 'ditutup');

-- name: hitung(periode, hari, tahun)^
-- What closing a month would count: its people, whose plan is agreed, whose waits, who sent how much.
WITH orang AS (
    SELECT pegawai_id FROM pegawai p
    WHERE aktif AND sumber = 'impor' AND version > 0
      AND (EXISTS (SELECT FROM segmen s WHERE s.pegawai_id = p.pegawai_id AND s.berlaku_mulai <= :hari)
           OR NOT EXISTS (SELECT FROM segmen s WHERE s.pegawai_id = p.pegawai_id))
), catatan AS (
    SELECT pegawai_id, count(*) AS jumlah FROM realisasi WHERE periode = :periode GROUP BY pegawai_id
)
SELECT (SELECT count(*) FROM orang)::integer AS pegawai,
       (SELECT count(*) FROM orang JOIN skp USING (pegawai_id)
        WHERE tahun = :tahun AND versi_berlaku IS NOT NULL)::integer AS skp_disetujui,
       (SELECT count(*) FROM skp k JOIN skp_versi v ON v.skp_id = k.skp_id AND v.versi = k.versi
        WHERE k.tahun = :tahun AND v.keadaan = 'diajukan')::integer AS skp_menunggu,
       (SELECT count(*) FROM catatan)::integer AS pengirim,
       coalesce((SELECT sum(jumlah) FROM catatan), 0)::integer AS realisasi;

-- name: terlepas(periode, awal, akhir, sejak, henti, limit)
-- Whom closing a month leaves out though they may have served in it: made inactive since it began, or with realisasi of it
-- (not: whose placement says out of service from its first day on). And who stops serving within it, the active ones.
-- The few who may be either are found first; only of them more is looked up.
WITH henti AS (
    SELECT pegawai_id, min(mulai) AS mulai FROM penempatan
    WHERE sebagai = 'definitif' AND status = ANY (:henti::text[]) AND mulai > :awal AND mulai <= :akhir
    GROUP BY pegawai_id
), calon AS (
    SELECT p.pegawai_id, p.nip, p.nama, p.aktif, h.mulai AS berhenti
    FROM pegawai p LEFT JOIN henti h USING (pegawai_id)
    WHERE p.sumber = 'impor' AND p.version > 0 AND (NOT p.aktif OR h.mulai IS NOT NULL)
), orang AS (
    SELECT c.*, u.nama AS opd_nama, count(*) OVER (PARTITION BY c.aktif)::integer AS seluruhnya,
           row_number() OVER (PARTITION BY c.aktif ORDER BY u.nama, lower(c.nama), c.pegawai_id) AS urutan
    FROM calon c
    LEFT JOIN LATERAL (
        SELECT t.status FROM penempatan t
        WHERE t.pegawai_id = c.pegawai_id AND t.sebagai = 'definitif' AND t.status IS NOT NULL AND t.mulai <= :awal
        ORDER BY t.mulai DESC LIMIT 1) s ON true
    LEFT JOIN LATERAL (
        SELECT g.opd_kode FROM segmen g WHERE g.pegawai_id = c.pegawai_id AND g.berlaku_mulai <= :akhir
        ORDER BY g.berlaku_mulai DESC LIMIT 1) g ON true
    LEFT JOIN unit_kerja u ON u.kode = g.opd_kode
    WHERE c.aktif
       OR ((s.status = ANY (:henti::text[])) IS NOT TRUE
           AND (g.opd_kode IS NOT NULL OR NOT EXISTS (SELECT FROM segmen g WHERE g.pegawai_id = c.pegawai_id))
           AND (EXISTS (SELECT FROM riwayat r
                        WHERE r.tabel = 'pegawai' AND r.kunci = c.pegawai_id::text AND r.superseded_at >= :sejak
                          AND (r.isi ->> 'aktif')::boolean)
                OR EXISTS (SELECT FROM realisasi r WHERE r.periode = :periode AND r.pegawai_id = c.pegawai_id)))
)
SELECT pegawai_id, nip, nama, aktif, opd_nama, berhenti, seluruhnya FROM orang
WHERE urutan <= :limit
ORDER BY aktif, urutan;

-- name: jejak(subject)
-- What was done to a month, newest first, by whom and why.
SELECT a.at, a.action, a.detail ->> 'alasan' AS alasan, coalesce(p.nama, 'sistem') AS oleh
FROM kernel.audit a
LEFT JOIN pegawai p ON a.actor = 'pegawai:' || p.pegawai_id
WHERE a.subject = :subject AND a.action LIKE 'periode.%'
ORDER BY a.seq DESC LIMIT 50;

-- name: ditutup_terakhir_terlihat()$
SELECT max(periode) FROM periode WHERE keadaan = 'ditutup';

-- name: keadaan(periode)$
SELECT keadaan FROM periode WHERE periode = :periode;
