-- migrate:up

-- Somebody says that a line of their slip (`baris` '': the whole slip, or a payment that is held) is not right. The line
-- is kept as it was read: a later run may write it anew. An answer changes no money; facts and the calculation do.
CREATE TABLE keberatan (
    keberatan_id uuid PRIMARY KEY,
    pegawai_id uuid NOT NULL,
    periode text NOT NULL,
    version_slip bigint NOT NULL,
    baris text NOT NULL,
    nama text NOT NULL,
    jumlah bigint NOT NULL,
    kalimat text NOT NULL,
    pasal text NOT NULL,
    sumber text NOT NULL,
    alasan text NOT NULL,
    bukti text NOT NULL,
    keadaan text NOT NULL DEFAULT 'diajukan' CHECK (keadaan IN ('diajukan', 'diterima', 'ditolak', 'ditarik')),
    diajukan_pada timestamptz NOT NULL DEFAULT now(),
    diputus_oleh uuid CHECK (diputus_oleh <> pegawai_id),
    diputus_nama text NOT NULL DEFAULT '',
    diputus_pada timestamptz,
    jawaban text NOT NULL DEFAULT '',
    perbaikan text,
    pasal_jawaban text NOT NULL DEFAULT '',
    CHECK ((keadaan IN ('diterima', 'ditolak')) = (diputus_oleh IS NOT NULL)),
    CHECK (diputus_oleh IS NULL OR jawaban <> ''),
    CHECK ((keadaan = 'diterima') = (perbaikan IS NOT NULL)),
    CHECK ((keadaan = 'ditolak') = (pasal_jawaban <> ''))
);
CREATE UNIQUE INDEX keberatan_menunggu ON keberatan (periode, pegawai_id, baris) WHERE keadaan = 'diajukan';
CREATE INDEX keberatan_orang ON keberatan (pegawai_id, periode);

-- As before, and with objections that nobody has answered yet. Each is a finding of its own, named by its id: another one
-- needs another answer.
CREATE OR REPLACE FUNCTION temuan_tpp(text, text, text[], integer)
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
$$;
