-- migrate:up

-- What else is told of a day: clock-ins missed where a day has more than two, and how often the person was not at
-- apel or at a ceremony. NULL: nothing was said. A day of which only that is known has no `keterangan`;
-- what reads a day has taken none as nothing recorded all along.
-- squawk-ignore ban-drop-not-null
ALTER TABLE kehadiran_harian ALTER COLUMN keterangan DROP NOT NULL;
ALTER TABLE kehadiran_harian ADD COLUMN absen_terlewat smallint;
ALTER TABLE kehadiran_harian ADD COLUMN tanpa_apel smallint;
ALTER TABLE kehadiran_harian ADD COLUMN tanpa_upacara smallint;

ALTER TABLE kehadiran_bulan ADD COLUMN absen_terlewat smallint;
ALTER TABLE kehadiran_bulan ADD COLUMN tanpa_apel smallint;
ALTER TABLE kehadiran_bulan ADD COLUMN tanpa_upacara smallint;

-- squawk-ignore ban-drop-not-null
ALTER TABLE permohonan_koreksi ALTER COLUMN keterangan DROP NOT NULL;
ALTER TABLE permohonan_koreksi ADD COLUMN absen_terlewat smallint;
ALTER TABLE permohonan_koreksi ADD COLUMN tanpa_apel smallint;
ALTER TABLE permohonan_koreksi ADD COLUMN tanpa_upacara smallint;

-- The status that taxes follow, from a day on. Where none has begun, the income tax of a policy that asks for it waits.
CREATE TABLE ptkp (
    pegawai_id uuid NOT NULL,
    mulai date NOT NULL,
    ptkp text NOT NULL CHECK (ptkp IN ('TK/0', 'TK/1', 'TK/2', 'TK/3', 'K/0', 'K/1', 'K/2', 'K/3')),
    version bigint NOT NULL DEFAULT 1,
    dicabut boolean NOT NULL DEFAULT false,
    diubah_oleh text NOT NULL,
    diubah_pada timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (pegawai_id, mulai)
);
