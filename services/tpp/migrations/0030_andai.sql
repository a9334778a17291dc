-- migrate:up

-- What a policy that is not in force would change, computed on months that were. Never paid, never published.
CREATE TABLE andai (
    andai_id uuid PRIMARY KEY,
    nama text NOT NULL,
    sidik text NOT NULL,
    dokumen text NOT NULL,
    bulan text[] NOT NULL,
    keadaan text NOT NULL DEFAULT 'berjalan' CHECK (keadaan IN ('berjalan', 'selesai')),
    orang integer NOT NULL,
    hasil jsonb,
    oleh uuid,
    oleh_nama text NOT NULL,
    mulai_pada timestamptz NOT NULL DEFAULT now(),
    selesai_pada timestamptz,
    CHECK ((keadaan = 'selesai') = (hasil IS NOT NULL))
);
CREATE INDEX andai_daftar ON andai (mulai_pada, andai_id);

-- Its parts: a stretch of the people of one month. Several workers share them; each is one transaction.
CREATE TABLE andai_bagian (
    andai_id uuid NOT NULL REFERENCES andai ON DELETE CASCADE,
    bagian integer NOT NULL,
    periode text NOT NULL,
    dari uuid NOT NULL,
    sampai uuid NOT NULL,
    orang integer NOT NULL,
    hasil jsonb,
    PRIMARY KEY (andai_id, bagian)
);
CREATE INDEX andai_bagian_sisa ON andai_bagian (andai_id, bagian) WHERE hasil IS NULL;

-- Everyone of some units in a month, with what may keep their TPP low or waiting: the figure if there is one, else the
-- provisional one, and the inputs. `potong`: what lines of these codes take off; `lalu`: what the month before paid.
CREATE FUNCTION keadaan_tpp(text, date, boolean, text [], text [], text) RETURNS TABLE (
    pegawai_id uuid, nip text, opd_kode text, unit_path text, atasan_id uuid, dihitung boolean, predikat smallint,
    ada_kehadiran boolean, ada_gaji boolean, status text, bruto bigint, neto bigint, alasan json, potong bigint, lalu bigint
)
LANGUAGE sql STABLE AS $$
    SELECT p.pegawai_id, p.nip, n.opd_kode, n.unit_path, n.atasan_id, t.pegawai_id IS NOT NULL,
           coalesce(d.predikat, d.predikat_sementara), h.pegawai_id IS NOT NULL, g.pegawai_id IS NOT NULL,
           coalesce(t.status, s.status), coalesce(t.bruto, s.bruto), coalesce(t.neto, s.neto),
           coalesce(t.alasan, s.alasan),
           (SELECT coalesce(-sum((line ->> 1)::bigint), 0)::bigint
            FROM json_array_elements(coalesce(t.baris, s.baris)) AS line WHERE line ->> 0 = ANY ($5)),
           l.neto
    FROM penempatan n
    JOIN pegawai p ON p.pegawai_id = n.pegawai_id AND p.aktif
    LEFT JOIN tpp_bulan t ON t.periode = $1 AND t.pegawai_id = n.pegawai_id
    LEFT JOIN tpp_sementara s ON s.periode = $1 AND s.pegawai_id = n.pegawai_id AND t.pegawai_id IS NULL
    LEFT JOIN tpp_bulan l ON l.periode = $6 AND l.pegawai_id = n.pegawai_id AND l.status = 'dihitung'
    LEFT JOIN penilaian d ON d.periode = $1 AND d.pegawai_id = n.pegawai_id
    LEFT JOIN kehadiran_bulan h ON h.periode = $1 AND h.pegawai_id = n.pegawai_id
    LEFT JOIN gaji g ON g.pegawai_id = n.pegawai_id
    WHERE n.berlaku_mulai <= $2 AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > $2)
      AND ($3 OR EXISTS (SELECT FROM unnest($4) AS u WHERE n.unit_path = u OR starts_with(n.unit_path, u || '/')))
$$;
