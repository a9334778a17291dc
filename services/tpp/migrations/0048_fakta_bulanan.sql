-- migrate:up

-- What is told of a person's month as one number: minutes of activity, days with a report in time, whether anything came
-- of the work (1 or 0), and the income tax computed elsewhere. Nothing said has no row; zero is something said.
CREATE TABLE fakta_bulanan (
    pegawai_id uuid NOT NULL,
    periode text NOT NULL,
    nama text NOT NULL CHECK (nama IN ('menit_aktivitas', 'hari_laporan', 'ada_hasil', 'pajak_luar')),
    nilai bigint NOT NULL CHECK (nilai >= 0),
    version bigint NOT NULL DEFAULT 1,
    dicabut boolean NOT NULL DEFAULT false,
    diubah_oleh text NOT NULL,
    diubah_pada timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (periode, pegawai_id, nama)
);

-- The version of all that a figure follows from beside person, rating, attendance and salary: facts of its month, PTKP.
-- A figure whose number is another than that of now is looked at again when its OPD is locked.
ALTER TABLE tpp_bulan ADD COLUMN v_lain bigint NOT NULL DEFAULT 0;
ALTER TABLE tpp_riwayat ADD COLUMN v_lain bigint NOT NULL DEFAULT 0;

CREATE FUNCTION versi_lain(uuid [], text, date) RETURNS TABLE (pegawai_id uuid, version bigint)
LANGUAGE sql STABLE AS $$
    SELECT pegawai_id, sum(version)::bigint FROM (
        SELECT pegawai_id, version FROM fakta_bulanan WHERE periode = $2 AND pegawai_id = ANY ($1)
        UNION ALL
        SELECT pegawai_id, version FROM ptkp WHERE pegawai_id = ANY ($1) AND mulai <= $3
    ) AS semua GROUP BY pegawai_id
$$;
