-- migrate:up

-- Which file wrote facts: one row for each table that an applied import wrote to. Being one transaction, what it wrote
-- carries the same moment and the same hand (`diubah_pada`, `diubah_oleh`).
CREATE TABLE berkas_fakta (
    pada timestamptz NOT NULL DEFAULT now(),
    oleh text NOT NULL,
    tabel text NOT NULL,
    berkas text NOT NULL,
    PRIMARY KEY (pada, oleh, tabel)
);

-- When the event of a copy happened, as the event says. NULL: heard before this was kept.
ALTER TABLE pegawai ADD COLUMN pada timestamptz;
ALTER TABLE penilaian
ADD COLUMN pada timestamptz,
ADD COLUMN pada_sementara timestamptz;

-- What facts of pay were before, for whoever may see what they are now: a slip names the source of what it was computed
-- with, also when that was replaced since.
ALTER POLICY pagar ON riwayat_fakta USING (
    tabel NOT IN ('gaji', 'ptkp', 'saldo_pajak', 'fakta_bulanan', 'fakta_daerah')
    OR (SELECT pagar_semua())
    OR kunci ->> 0 = (SELECT pagar_diri())::text
    OR EXISTS (SELECT FROM penempatan n
               WHERE n.pegawai_id = CASE WHEN tabel IN ('gaji', 'ptkp', 'saldo_pajak', 'fakta_bulanan', 'fakta_daerah')
                                         THEN (kunci ->> 0)::uuid END
                 AND (n.unit_path || '/') ^@ ANY ((SELECT pagar_unit())::text [])));
