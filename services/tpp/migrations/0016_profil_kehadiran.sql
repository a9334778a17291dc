-- migrate:up

-- How the attendance file of a machine or vendor is read: a YAML document by its code. Earlier versions stand in
-- `riwayat_fakta`.
CREATE TABLE profil_kehadiran (
    kode text PRIMARY KEY,
    nama text NOT NULL,
    dokumen text NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    dicabut boolean NOT NULL DEFAULT false,
    diubah_oleh text NOT NULL,
    diubah_pada timestamptz NOT NULL DEFAULT now()
);
