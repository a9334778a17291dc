-- name: dibandingkan(periode, semua, units)
-- Every payment with what payroll ever said of it: all reference numbers and all amounts it named as paid.
SELECT b.item_id, b.pegawai_id, b.nip, nm.nama AS nama_pegawai, t.opd_kode, b.neto, b.keadaan, b.alasan,
       coalesce(j.referensi, '{}') AS referensi, coalesce(j.jumlah, '{}') AS jumlah
FROM pembayaran b
JOIN tpp_bulan t ON t.periode = b.periode AND t.pegawai_id = b.pegawai_id
LEFT JOIN nama nm ON nm.pegawai_id = b.pegawai_id
LEFT JOIN (SELECT item_id, array_agg(DISTINCT referensi) AS referensi,
                  array_agg(DISTINCT neto) FILTER (WHERE neto IS NOT NULL) AS jumlah
           FROM jawaban_payroll WHERE periode = :periode AND jenis = 'dibayar' GROUP BY item_id) j
       ON j.item_id = b.item_id
WHERE b.periode = :periode
  AND (:semua::boolean OR EXISTS (SELECT FROM unnest(:units::text[]) AS u
                                  WHERE t.unit_path = u OR starts_with(t.unit_path, u || '/')))
ORDER BY t.opd_kode, b.nip, b.item_id;

-- name: ditolak(types)
-- Answers about payments that are none of ours, as they lie in the dead letters.
SELECT value, cause FROM kernel.dead_letter
WHERE state = 'dead' AND kind = 'invalid' AND type = ANY (:types::text[]) AND value IS NOT NULL
ORDER BY id;
