-- migrate:up

-- Person-months of locked OPDs of which something was heard after the lock, to be looked at again.
CREATE TABLE koreksi_antrean (
    periode text NOT NULL,
    pegawai_id uuid NOT NULL,
    pada timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (periode, pegawai_id)
);

-- A locked person-month as it would be with all facts known now, and how it differs from what was locked or corrected
-- before. `dibawa` is the month whose payment carries the difference as rapel, of `dasar` (bruto or neto); empty while
-- it waits. `batal_pada`: the month itself was opened again, so its own figure says it.
CREATE TABLE koreksi (
    periode text NOT NULL,
    pegawai_id uuid NOT NULL,
    urutan integer NOT NULL,
    nip text NOT NULL,
    opd_kode text NOT NULL,
    unit_path text NOT NULL,
    kebijakan_id uuid NOT NULL,
    bruto bigint NOT NULL,
    potongan bigint NOT NULL,
    neto bigint NOT NULL,
    baris json NOT NULL,
    masukan json NOT NULL,
    selisih_bruto bigint NOT NULL,
    selisih_neto bigint NOT NULL,
    sebab text [] NOT NULL,
    dibuat_pada timestamptz NOT NULL DEFAULT now(),
    batal_pada timestamptz,
    dibawa text,
    dasar text CHECK (dasar IN ('bruto', 'neto')),
    PRIMARY KEY (periode, pegawai_id, urutan),
    CHECK (neto = bruto - potongan AND neto >= 0 AND potongan >= 0),
    CHECK (selisih_bruto <> 0 OR selisih_neto <> 0),
    CHECK ((dibawa IS NULL) = (dasar IS NULL)),
    CHECK (dibawa IS NULL OR (dibawa > periode AND batal_pada IS NULL))
);
CREATE INDEX koreksi_orang ON koreksi (pegawai_id, periode) WHERE batal_pada IS NULL;
CREATE INDEX koreksi_dibawa ON koreksi (dibawa) WHERE dibawa IS NOT NULL;
