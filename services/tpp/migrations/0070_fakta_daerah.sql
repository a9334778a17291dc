-- migrate:up

-- What policies ask for and no other source tells: a region's own facts, eselon, place of work, zakat, other cuts. From a
-- day on, or from a day to a day, as a month is; the value is the text that people write, with its unit, and is read as
-- the policy of the month says. An empty text is something said: nothing of the kind.
CREATE TABLE fakta_daerah (
    pegawai_id uuid NOT NULL,
    nama text NOT NULL,
    mulai date NOT NULL,
    sampai date CHECK (sampai >= mulai),
    nilai text NOT NULL,
    fakta_id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    version bigint NOT NULL DEFAULT 1,
    dicabut boolean NOT NULL DEFAULT false,
    diubah_oleh text NOT NULL,
    diubah_pada timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (pegawai_id, nama, mulai)
);
CREATE INDEX fakta_daerah_terbaru ON fakta_daerah (mulai DESC, fakta_id DESC) WHERE NOT dicabut;

-- Zakat, cuts and most of what a region adds are pay data, and are withheld as salaries are.
ALTER TABLE fakta_daerah ENABLE ROW LEVEL SECURITY;
CREATE POLICY pagar ON fakta_daerah FOR SELECT USING (
    (SELECT pagar_semua()) OR pegawai_id = (SELECT pagar_diri())
    OR EXISTS (SELECT FROM penempatan n WHERE n.pegawai_id = fakta_daerah.pegawai_id
               AND (n.unit_path || '/') ^@ ANY ((SELECT pagar_unit())::text [])));
DROP POLICY pagar ON riwayat_fakta;
CREATE POLICY pagar ON riwayat_fakta FOR SELECT USING (
    tabel NOT IN ('gaji', 'ptkp', 'saldo_pajak', 'fakta_bulanan', 'fakta_daerah') OR (SELECT pagar_semua()));

CREATE OR REPLACE FUNCTION versi_lain(uuid [], text, date) RETURNS TABLE (pegawai_id uuid, version bigint)
LANGUAGE sql STABLE AS $$
    SELECT pegawai_id, sum(version)::bigint FROM (
        SELECT pegawai_id, version FROM fakta_bulanan WHERE periode = $2 AND pegawai_id = ANY ($1)
        UNION ALL
        SELECT pegawai_id, version FROM ptkp WHERE pegawai_id = ANY ($1) AND mulai <= $3
        UNION ALL
        SELECT pegawai_id, version FROM fakta_daerah WHERE pegawai_id = ANY ($1) AND mulai <= $3
        UNION ALL
        SELECT pegawai_id, version FROM saldo_pajak
        WHERE pegawai_id = ANY ($1) AND sampai >= left($2, 4) AND sampai < $2
    ) AS semua GROUP BY pegawai_id
$$;

-- The name of the jabatan that is carried as Plt. Of duties heard before it was kept it is not known.
ALTER TABLE penempatan ADD COLUMN plt_jabatan text;
