-- name: keadaan(pegawai_id)^
SELECT f.dipasang_pada,
       (SELECT count(*) FROM kode_pemulihan k WHERE k.pegawai_id = p.id AND k.dipakai_pada IS NULL)::integer AS sisa,
       (SELECT coalesce(array_agg(DISTINCT r.peran ORDER BY r.peran), '{}') FROM peran r WHERE r.pegawai_id = p.id) AS peran
FROM (SELECT :pegawai_id::uuid AS id) p LEFT JOIN faktor f ON f.pegawai_id = p.id;

-- name: pegang(pegawai_id)^
-- Codes of one person are looked at one after the other: none is accepted twice.
SELECT kunci, isi, langkah FROM faktor WHERE pegawai_id = :pegawai_id FOR UPDATE;

-- name: catat_langkah(pegawai_id, langkah)!
UPDATE faktor SET langkah = :langkah WHERE pegawai_id = :pegawai_id;

-- name: pakai_pemulihan(pegawai_id, sidik)$
UPDATE kode_pemulihan SET dipakai_pada = now()
WHERE pegawai_id = :pegawai_id AND sidik = ANY (:sidik::bytea[]) AND dipakai_pada IS NULL RETURNING true;

-- name: sisa_pemulihan(pegawai_id)$
SELECT count(*)::integer FROM kode_pemulihan WHERE pegawai_id = :pegawai_id AND dipakai_pada IS NULL;

-- name: pasang(pegawai_id, kunci, isi, langkah)$
INSERT INTO faktor (pegawai_id, kunci, isi, langkah) VALUES (:pegawai_id, :kunci, :isi, :langkah)
ON CONFLICT DO NOTHING RETURNING true;

-- name: ganti_pemulihan(pegawai_id, sidik)!
WITH lama AS (DELETE FROM kode_pemulihan WHERE pegawai_id = :pegawai_id)
INSERT INTO kode_pemulihan (pegawai_id, sidik) SELECT :pegawai_id, sidik FROM unnest(:sidik::bytea[]) AS t(sidik);

-- name: lepas(pegawai_id)$
DELETE FROM faktor WHERE pegawai_id = :pegawai_id RETURNING true;

-- name: pegawai_ber_nip(nip)$
SELECT pegawai_id FROM pegawai WHERE nip = :nip;
