-- migrate:up

-- The newest that an attendance system has said of a day and that was taken: what is older changes it no more. `hal` is
-- what of the day it spoke of: presence (`jam`), or one of the counts.
CREATE TABLE presensi (
    pegawai_id uuid NOT NULL,
    tanggal date NOT NULL,
    hal text NOT NULL CHECK (hal IN ('jam', 'absen_terlewat', 'tanpa_apel', 'tanpa_upacara')),
    version bigint NOT NULL,
    pada timestamptz NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (pegawai_id, tanggal, hal)
);

-- What it said and could not be taken (yet), with the reason and the way out; gone once it is taken, or newer news is.
CREATE TABLE presensi_tertahan (
    event_id uuid PRIMARY KEY,
    nip text NOT NULL,
    tanggal date NOT NULL,
    version bigint NOT NULL,
    pada timestamptz NOT NULL,
    masuk time,
    pulang time,
    keterangan text,
    absen_terlewat smallint,
    tanpa_apel smallint,
    tanpa_upacara smallint,
    kode text NOT NULL CHECK (kode IN ('tidak_dikenal', 'terkunci', 'tidak_mungkin')),
    kolom text NOT NULL,
    alasan text NOT NULL,
    perbaikan text NOT NULL,
    diterima_pada timestamptz NOT NULL DEFAULT now(),
    diperiksa_pada timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX presensi_tertahan_hari ON presensi_tertahan (nip, tanggal);
