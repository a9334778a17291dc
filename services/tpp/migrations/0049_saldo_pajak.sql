-- migrate:up

-- Income, what may be taken off it, and tax withheld of a person from January to a month (`sampai`, `2026-09`), as told from
-- outside: months before there were figures here, or as payroll knows them better. The months after it count from here.
CREATE TABLE saldo_pajak (
    pegawai_id uuid NOT NULL,
    sampai text NOT NULL CHECK (sampai ~ '^\d{4}-(0[1-9]|1[01])$'),
    bruto bigint NOT NULL CHECK (bruto >= 0),
    pengurang bigint NOT NULL CHECK (pengurang >= 0),
    pajak bigint NOT NULL CHECK (pajak >= 0),
    version bigint NOT NULL DEFAULT 1,
    dicabut boolean NOT NULL DEFAULT false,
    diubah_oleh text NOT NULL,
    diubah_pada timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (pegawai_id, sampai),
    CHECK (pengurang + pajak <= bruto)
);

CREATE OR REPLACE FUNCTION versi_lain(uuid [], text, date) RETURNS TABLE (pegawai_id uuid, version bigint)
LANGUAGE sql STABLE AS $$
    SELECT pegawai_id, sum(version)::bigint FROM (
        SELECT pegawai_id, version FROM fakta_bulanan WHERE periode = $2 AND pegawai_id = ANY ($1)
        UNION ALL
        SELECT pegawai_id, version FROM ptkp WHERE pegawai_id = ANY ($1) AND mulai <= $3
        UNION ALL
        SELECT pegawai_id, version FROM saldo_pajak
        WHERE pegawai_id = ANY ($1) AND sampai >= left($2, 4) AND sampai < $2
    ) AS semua GROUP BY pegawai_id
$$;
