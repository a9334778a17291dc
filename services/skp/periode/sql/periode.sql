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
