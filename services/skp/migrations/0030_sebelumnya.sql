-- migrate:up

-- What a person's golongan and a jabatan's kelas were until `sampai` (the first day of what followed). An import that
-- changes one without a day changes no month that was closed before: those keep what they were worked out with.
CREATE TABLE golongan_sebelumnya (
    pegawai_id uuid NOT NULL REFERENCES pegawai,
    sampai date NOT NULL,
    golongan text NOT NULL,
    PRIMARY KEY (pegawai_id, sampai)
);
CREATE TABLE kelas_sebelumnya (
    jabatan_kode text NOT NULL REFERENCES jabatan,
    sampai date NOT NULL,
    kelas smallint NOT NULL CHECK (kelas BETWEEN 1 AND 17),
    PRIMARY KEY (jabatan_kode, sampai)
);
