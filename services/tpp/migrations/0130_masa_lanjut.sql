-- migrate:up

-- Of an extra payment the month that it is paid in, with whose tax it goes; empty: the month it is based on.
ALTER TABLE periode ADD COLUMN dibayar text;
CREATE FUNCTION bulan_bayar(text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT coalesce(dibayar, dasar) FROM periode WHERE periode = $1), $1)
$$;

-- What must be looked at in a month or an extra payment ($1) before its OPDs ($4) are locked. A month is compared with the
-- month before ($2). An extra payment is compared with the month that it is based on ($2), without the arrears which that
-- month carried, and with the same payment of the year before ($3, empty for a month). `pembanding`: what `lalu` was paid
-- for. Beside `temuan_tpp`, which replicas of the version before call.
CREATE FUNCTION temuan_masa(text, text, text, text [], integer)
RETURNS TABLE (
    opd_kode text, pegawai_id uuid, nip text, jenis text, pembanding text, lalu bigint, kini bigint, alasan json
)
LANGUAGE sql STABLE AS $$
    SELECT * FROM (
        SELECT k.opd_kode, k.pegawai_id, k.nip,
               CASE
                   WHEN k.status = 'ditahan' AND k.alasan::text LIKE '%"potongan_melebihi_hak"%' THEN 'negatif'
                   WHEN k.status = 'ditahan' THEN 'ditahan'
                   WHEN k.neto = 0 THEN 'nol'
                   WHEN l.pegawai_id IS NULL AND EXISTS (
                       SELECT FROM tpp_bulan b WHERE b.periode = $2 AND b.opd_kode = k.opd_kode) THEN 'baru'
                   WHEN l.status = 'dihitung' AND 100 * (k.neto - r.neto) > $5::bigint * r.neto THEN 'naik'
                   WHEN l.status = 'dihitung' AND 100 * (r.neto - k.neto) > $5::bigint * r.neto THEN 'turun'
               END AS jenis,
               $2 AS pembanding, CASE l.status WHEN 'dihitung' THEN r.neto END, CASE k.status WHEN 'dihitung' THEN k.neto END,
               k.alasan
        FROM tpp_bulan k LEFT JOIN tpp_bulan l ON l.periode = $2 AND l.pegawai_id = k.pegawai_id
        CROSS JOIN LATERAL (SELECT CASE
            WHEN masa_bulanan($1) THEN l.neto
            ELSE l.neto - coalesce((SELECT sum(b.jumlah)::bigint FROM rapel_dibawa b
                                    WHERE b.dibawa = $2 AND b.pegawai_id = l.pegawai_id), 0) END AS neto) r
        WHERE k.periode = $1 AND k.opd_kode = ANY ($4)
    ) AS sekarang WHERE jenis IS NOT NULL
    UNION ALL
    SELECT l.opd_kode, l.pegawai_id, l.nip, 'hilang', $2, CASE l.status WHEN 'dihitung' THEN l.neto END, NULL, '[]'
    FROM tpp_bulan l
    WHERE l.periode = $2 AND l.opd_kode = ANY ($4)
      AND NOT EXISTS (SELECT FROM tpp_bulan k WHERE k.periode = $1 AND k.pegawai_id = l.pegawai_id)
    UNION ALL
    SELECT * FROM (
        SELECT k.opd_kode, k.pegawai_id, k.nip,
               CASE
                   WHEN 100 * (k.neto - l.neto) > $5::bigint * l.neto THEN 'naik_tahunan'
                   WHEN 100 * (l.neto - k.neto) > $5::bigint * l.neto THEN 'turun_tahunan'
               END AS jenis,
               $3 AS pembanding, l.neto, k.neto, '[]'::json
        FROM tpp_bulan k JOIN tpp_bulan l ON l.periode = $3 AND l.pegawai_id = k.pegawai_id
        WHERE k.periode = $1 AND k.opd_kode = ANY ($4) AND k.status = 'dihitung' AND l.status = 'dihitung' AND k.neto <> 0
    ) AS setahun WHERE jenis IS NOT NULL
    UNION ALL
    SELECT k.opd_kode, k.pegawai_id, k.nip, 'keberatan', NULL, NULL, CASE k.status WHEN 'dihitung' THEN k.neto END,
           json_build_array(json_build_object('kode', b.keberatan_id, 'kalimat', b.nama, 'pemilik', 'keuangan_opd'))
    FROM keberatan b JOIN tpp_bulan k USING (periode, pegawai_id)
    WHERE b.periode = $1 AND b.keadaan = 'diajukan' AND k.opd_kode = ANY ($4)
    UNION ALL
    SELECT k.opd_kode, k.pegawai_id, k.nip, 'tanpa_data', NULL, NULL, k.neto,
           json_build_array(json_build_object('kode', 'tanpa_data_' || h.hari, 'kalimat',
               h.hari || ' hari kerja tanpa data kehadiran, dihitung menurut kebijakan', 'pemilik', 'pengelola_kinerja'))
    FROM tpp_bulan k
    CROSS JOIN LATERAL (SELECT (k.masukan -> 'kehadiran' ->> 'hari_tanpa_data')::integer AS hari) h
    WHERE k.periode = $1 AND k.opd_kode = ANY ($4) AND k.status = 'dihitung' AND h.hari > 0
$$;

-- Extra payments that a what-if takes with its months, as it was asked for: what is paid, its name, the months that it is
-- based on as it was paid and under the draft, when the draft pays it, and whether it has figures of its own.
ALTER TABLE andai ADD COLUMN khusus jsonb NOT NULL DEFAULT '[]';
