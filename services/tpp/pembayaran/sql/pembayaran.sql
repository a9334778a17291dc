-- name: tahan(ids)
SELECT item_id, batch_id, periode FROM pembayaran WHERE item_id = ANY (:ids::uuid[]) ORDER BY item_id FOR UPDATE;

-- name: pernah(ids)
-- Payments of batches that were cancelled and opened again.
SELECT item_id, batch_id, periode FROM pembayaran_batal WHERE item_id = ANY (:ids::uuid[]);

-- name: catat_jawaban(event_ids, item_ids, periode, jenis, versions, referensi, neto, pada, alasan)!
INSERT INTO jawaban_payroll (event_id, item_id, periode, jenis, version, referensi, neto, pada, alasan)
SELECT event_id, item_id, periode, :jenis, version, referensi, neto, pada, alasan
FROM unnest(:event_ids::uuid[], :item_ids::uuid[], :periode::text[], :versions::bigint[], :referensi::text[],
            :neto::numeric[], :pada::timestamptz[], :alasan::text[])
     AS a(event_id, item_id, periode, version, referensi, neto, pada, alasan)
ON CONFLICT DO NOTHING;

-- name: dibayar(ids, versions, referensi, pada)
-- What was not paid before is paid now; the person's month gets its next version.
WITH jadi AS (
    UPDATE pembayaran b
    SET keadaan = 'dibayar', version = a.version, referensi = a.referensi, dibayar_pada = a.pada, alasan = NULL,
        dibatalkan = false
    FROM unnest(:ids::uuid[], :versions::bigint[], :referensi::text[], :pada::timestamptz[])
         AS a(item_id, version, referensi, pada)
    WHERE b.item_id = a.item_id AND b.keadaan <> 'dibayar'
    RETURNING b.item_id, b.pegawai_id, b.periode, b.neto
)
UPDATE tpp_bulan t SET version = t.version + 1 FROM jadi
WHERE t.periode = jadi.periode AND t.pegawai_id = jadi.pegawai_id
RETURNING jadi.item_id, jadi.pegawai_id, jadi.periode, jadi.neto, t.version;

-- name: gagal(ids, versions, alasan, dibatalkan)
WITH jadi AS (
    UPDATE pembayaran b
    SET keadaan = 'gagal', version = a.version, alasan = a.alasan, dibatalkan = b.dibatalkan OR a.dibatalkan
    FROM unnest(:ids::uuid[], :versions::bigint[], :alasan::text[], :dibatalkan::boolean[])
         AS a(item_id, version, alasan, dibatalkan)
    WHERE b.item_id = a.item_id AND b.keadaan <> 'dibayar' AND b.version < a.version
    RETURNING b.item_id, b.pegawai_id, b.periode, b.alasan
)
UPDATE tpp_bulan t SET version = t.version + 1 FROM jadi
WHERE t.periode = jadi.periode AND t.pegawai_id = jadi.pegawai_id
RETURNING jadi.item_id, jadi.pegawai_id, jadi.periode, jadi.alasan, t.version;
