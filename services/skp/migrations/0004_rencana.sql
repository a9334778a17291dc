-- migrate:up

-- One SKP of a person for a year. `versi` is the newest version of the document, `versi_berlaku` the one that
-- was agreed last and is in force; `version` counts events.
CREATE TABLE skp (
    skp_id uuid PRIMARY KEY,
    pegawai_id uuid NOT NULL REFERENCES pegawai,
    tahun smallint NOT NULL,
    versi integer NOT NULL DEFAULT 1,
    versi_berlaku integer,
    version bigint NOT NULL DEFAULT 0,
    dibuat_pada timestamptz NOT NULL DEFAULT now(),
    UNIQUE (pegawai_id, tahun)
);

CREATE TABLE skp_versi (
    skp_id uuid NOT NULL REFERENCES skp,
    versi integer NOT NULL,
    keadaan text NOT NULL CHECK (keadaan IN ('draf', 'diajukan', 'dikembalikan', 'disetujui')),
    atasan_id uuid REFERENCES pegawai,
    catatan text,
    diajukan_pada timestamptz,
    diputuskan_oleh uuid,
    diputuskan_pada timestamptz,
    PRIMARY KEY (skp_id, versi)
);

-- An RHK keeps its identity from version to version.
CREATE TABLE rhk (
    skp_id uuid NOT NULL,
    versi integer NOT NULL,
    rhk_id uuid NOT NULL,
    urutan smallint NOT NULL,
    rencana text NOT NULL,
    rhk_atasan_id uuid,
    indikator jsonb NOT NULL,
    PRIMARY KEY (skp_id, versi, rhk_id),
    FOREIGN KEY (skp_id, versi) REFERENCES skp_versi
);
CREATE INDEX rhk_id ON rhk (rhk_id);

-- The RHK in force now: the one narrow look-up that the hot path needs.
CREATE TABLE rhk_berlaku (
    rhk_id uuid PRIMARY KEY,
    skp_id uuid NOT NULL REFERENCES skp,
    pegawai_id uuid NOT NULL REFERENCES pegawai,
    tahun smallint NOT NULL
);
CREATE INDEX rhk_berlaku_skp ON rhk_berlaku (skp_id);
