-- migrate:up

-- Parts of a run travel over Kafka. `penyerahan` counts how often what was left was handed out; while `dijeda_pada` is
-- set, whoever gets a part leaves it.
ALTER TABLE perhitungan ADD COLUMN penyerahan integer NOT NULL DEFAULT 1;
ALTER TABLE perhitungan ADD COLUMN dijeda_pada timestamptz;
ALTER TABLE perhitungan ADD COLUMN dijeda_nama text NOT NULL DEFAULT '';

-- Which process did a part: host and process number.
ALTER TABLE perhitungan_bagian ADD COLUMN pekerja text NOT NULL DEFAULT '';

-- What somebody has to look at before an OPD's month is locked, compared with the month before: held payments, payments
-- of nothing, large changes, people who are new or gone. Someone paid by another OPD before is neither.
CREATE FUNCTION temuan_tpp(text, text, text[], integer)
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
$$;

-- Somebody answered for what was found, with a reason. `sidik` names exactly those findings: others need an answer anew.
CREATE TABLE penetapan_tanggapan (
    periode text NOT NULL,
    opd_kode text NOT NULL,
    sidik text NOT NULL,
    temuan integer NOT NULL,
    jawaban text NOT NULL,
    oleh uuid NOT NULL,
    nama text NOT NULL,
    pada timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (periode, opd_kode, sidik),
    FOREIGN KEY (periode, opd_kode) REFERENCES penetapan
);
