-- name: tahan(ids)
SELECT item_id, batch_id, periode FROM pembayaran WHERE item_id = ANY (:ids::uuid[]) ORDER BY item_id FOR UPDATE;

-- name: dibayar(ids, versions, referensi, pada)
-- What was not paid before is paid now; the person's month gets its next version.
WITH jadi AS (
    UPDATE pembayaran b
    SET keadaan = 'dibayar', version = a.version, referensi = a.referensi, dibayar_pada = a.pada, alasan = NULL
    FROM unnest(:ids::uuid[], :versions::bigint[], :referensi::text[], :pada::timestamptz[])
         AS a(item_id, version, referensi, pada)
    WHERE b.item_id = a.item_id AND b.keadaan <> 'dibayar'
    RETURNING b.item_id, b.pegawai_id, b.periode, b.neto
)
UPDATE tpp_bulan t SET version = t.version + 1 FROM jadi
WHERE t.periode = jadi.periode AND t.pegawai_id = jadi.pegawai_id
RETURNING jadi.item_id, jadi.pegawai_id, jadi.periode, jadi.neto, t.version;

-- name: gagal(ids, versions, alasan)
WITH jadi AS (
    UPDATE pembayaran b SET keadaan = 'gagal', version = a.version, alasan = a.alasan
    FROM unnest(:ids::uuid[], :versions::bigint[], :alasan::text[]) AS a(item_id, version, alasan)
    WHERE b.item_id = a.item_id AND b.keadaan <> 'dibayar' AND b.version < a.version
    RETURNING b.item_id, b.pegawai_id, b.periode, b.alasan
)
UPDATE tpp_bulan t SET version = t.version + 1 FROM jadi
WHERE t.periode = jadi.periode AND t.pegawai_id = jadi.pegawai_id
RETURNING jadi.item_id, jadi.pegawai_id, jadi.periode, jadi.alasan, t.version;
