-- migrate:up

-- Which working days of the month nothing is known of, by their number, and the last day of which something is recorded.
ALTER TABLE kehadiran_bulan ADD COLUMN hari_kosong smallint [] NOT NULL DEFAULT '{}';
ALTER TABLE kehadiran_bulan ADD COLUMN data_sampai smallint;

UPDATE kehadiran_bulan b
SET hari_kosong = k.hari, data_sampai = k.sampai
FROM (
    SELECT b.periode, b.pegawai_id,
           coalesce(array_agg(extract(day FROM j.tanggal)::smallint ORDER BY j.tanggal)
                    FILTER (WHERE h.keterangan IS NULL AND s.ada IS NULL), '{}') AS hari,
           max(extract(day FROM j.tanggal)::smallint) FILTER (WHERE h.keterangan IS NOT NULL) AS sampai
    FROM kehadiran_bulan b
    CROSS JOIN LATERAL jadwal_kerja(ARRAY[b.pegawai_id], (b.periode || '-01')::date,
                                    ((b.periode || '-01')::date + interval '1 month' - interval '1 day')::date) j
    LEFT JOIN kehadiran_harian h ON h.pegawai_id = b.pegawai_id AND h.tanggal = j.tanggal
    LEFT JOIN LATERAL (SELECT true AS ada FROM surat s
                       WHERE s.jenis = 'cuti' AND NOT s.dicabut AND s.pegawai_id = b.pegawai_id
                         AND j.tanggal BETWEEN s.mulai AND s.sampai LIMIT 1) s ON true
    WHERE b.tanpa_data > 0
    GROUP BY b.periode, b.pegawai_id
) k
WHERE k.periode = b.periode AND k.pegawai_id = b.pegawai_id;

-- Of these days those on which the person was in service. `$2`: the whole month is asked for; otherwise a month that is not
-- over yet counts as far as something is recorded, because what comes after has not been sent.
CREATE FUNCTION hari_tanpa_data(kehadiran_bulan, boolean) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT count(*)::integer FROM unnest(($1).hari_kosong) AS d
    WHERE EXISTS (SELECT FROM penempatan n
                  WHERE n.pegawai_id = ($1).pegawai_id AND n.bertugas
                    AND n.berlaku_mulai <= (($1).periode || '-01')::date + (d - 1)
                    AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > (($1).periode || '-01')::date + (d - 1)))
      AND ($2 OR d <= ($1).data_sampai OR ($1).periode < to_char(current_date, 'YYYY-MM'))
$$;

-- As before, and with days of which nothing is known, where somebody is paid all the same because the policy says how they
-- count.
CREATE OR REPLACE FUNCTION temuan_tpp(text, text, text [], integer)
RETURNS TABLE (opd_kode text, pegawai_id uuid, nip text, jenis text, lalu bigint, kini bigint, alasan json)
LANGUAGE sql STABLE AS $$
    SELECT * FROM (
        SELECT k.opd_kode, k.pegawai_id, k.nip,
               CASE
                   WHEN k.status = 'ditahan' AND k.alasan::text LIKE '%"potongan_melebihi_hak"%' THEN 'negatif'
                   WHEN k.status = 'ditahan' THEN 'ditahan'
                   WHEN k.neto = 0 THEN 'nol'
                   WHEN l.pegawai_id IS NULL AND EXISTS (
                       SELECT FROM tpp_bulan b WHERE b.periode = $2 AND b.opd_kode = k.opd_kode) THEN 'baru'
                   WHEN l.status = 'dihitung' AND 100 * (k.neto - l.neto) > $4::bigint * l.neto THEN 'naik'
                   WHEN l.status = 'dihitung' AND 100 * (l.neto - k.neto) > $4::bigint * l.neto THEN 'turun'
               END AS jenis,
               CASE l.status WHEN 'dihitung' THEN l.neto END, CASE k.status WHEN 'dihitung' THEN k.neto END, k.alasan
        FROM tpp_bulan k LEFT JOIN tpp_bulan l ON l.periode = $2 AND l.pegawai_id = k.pegawai_id
        WHERE k.periode = $1 AND k.opd_kode = ANY ($3)
    ) AS sekarang WHERE jenis IS NOT NULL
    UNION ALL
    SELECT l.opd_kode, l.pegawai_id, l.nip, 'hilang', CASE l.status WHEN 'dihitung' THEN l.neto END, NULL, '[]'
    FROM tpp_bulan l
    WHERE l.periode = $2 AND l.opd_kode = ANY ($3)
      AND NOT EXISTS (SELECT FROM tpp_bulan k WHERE k.periode = $1 AND k.pegawai_id = l.pegawai_id)
    UNION ALL
    SELECT k.opd_kode, k.pegawai_id, k.nip, 'keberatan', NULL, CASE k.status WHEN 'dihitung' THEN k.neto END,
           json_build_array(json_build_object('kode', b.keberatan_id, 'kalimat', b.nama, 'pemilik', 'keuangan_opd'))
    FROM keberatan b JOIN tpp_bulan k USING (periode, pegawai_id)
    WHERE b.periode = $1 AND b.keadaan = 'diajukan' AND k.opd_kode = ANY ($3)
    UNION ALL
    SELECT k.opd_kode, k.pegawai_id, k.nip, 'tanpa_data', NULL, k.neto,
           json_build_array(json_build_object('kode', 'tanpa_data_' || h.hari, 'kalimat',
               h.hari || ' hari kerja tanpa data kehadiran, dihitung menurut kebijakan', 'pemilik', 'pengelola_kinerja'))
    FROM tpp_bulan k
    CROSS JOIN LATERAL (SELECT (k.masukan -> 'kehadiran' ->> 'hari_tanpa_data')::integer AS hari) h
    WHERE k.periode = $1 AND k.opd_kode = ANY ($3) AND k.status = 'dihitung' AND h.hari > 0
$$;
