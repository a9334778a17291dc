-- migrate:up

-- A salary holds from a day on; what came without a day holds from the first day there is.
ALTER TABLE gaji ADD COLUMN mulai date NOT NULL DEFAULT '2000-01-01';
ALTER TABLE gaji ADD COLUMN dicabut boolean NOT NULL DEFAULT false;
ALTER TABLE gaji ADD COLUMN diubah_oleh text NOT NULL DEFAULT 'sistem:ekinerja';
ALTER TABLE gaji ADD COLUMN diubah_pada timestamptz NOT NULL DEFAULT now();
-- One row a person so far, written by imports only: the new key is made in a moment.
-- squawk-ignore ban-drop-constraint
ALTER TABLE gaji DROP CONSTRAINT gaji_pkey;
-- squawk-ignore adding-serial-primary-key-field, constraint-missing-not-valid
ALTER TABLE gaji ADD PRIMARY KEY (pegawai_id, mulai);

-- Everyone of some units in a month, with what may keep their TPP low or waiting: the figure if there is one, else the
-- provisional one, and the inputs. `potong`: what lines of these codes take off; `lalu`: what the month before paid.
CREATE OR REPLACE FUNCTION keadaan_tpp(text, date, boolean, text [], text [], text) RETURNS TABLE (
    pegawai_id uuid, nip text, opd_kode text, unit_path text, atasan_id uuid, dihitung boolean, predikat smallint,
    ada_kehadiran boolean, ada_gaji boolean, status text, bruto bigint, neto bigint, alasan json, potong bigint, lalu bigint
)
LANGUAGE sql STABLE AS $$
    SELECT p.pegawai_id, p.nip, n.opd_kode, n.unit_path, n.atasan_id, t.pegawai_id IS NOT NULL,
           coalesce(d.predikat, d.predikat_sementara), h.pegawai_id IS NOT NULL,
           EXISTS (SELECT FROM gaji g WHERE g.pegawai_id = n.pegawai_id AND g.mulai <= $2 AND NOT g.dicabut),
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
    LEFT JOIN kehadiran_bulan h ON h.periode = $1 AND h.pegawai_id = n.pegawai_id AND h.ada
    WHERE n.berlaku_mulai <= $2 AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > $2)
      AND ($3 OR EXISTS (SELECT FROM unnest($4) AS u WHERE n.unit_path = u OR starts_with(n.unit_path, u || '/')))
$$;
