-- migrate:up

-- `kode_hash` is the hash of a one-time activation code; the code itself is nowhere. `generation` rises with
-- every change of roles or of the account; it is also the version of the event that tells so.
CREATE TABLE akun (
    pegawai_id uuid PRIMARY KEY REFERENCES pegawai,
    kata_sandi text,
    kode_hash bytea,
    kode_berlaku_sampai timestamptz,
    generation bigint NOT NULL DEFAULT 1,
    diaktifkan_pada timestamptz
);
CREATE INDEX akun_kode ON akun (kode_berlaku_sampai) WHERE kode_hash IS NOT NULL;

CREATE TABLE peran (
    pegawai_id uuid NOT NULL REFERENCES pegawai,
    peran text NOT NULL,
    unit_kode text REFERENCES unit_kerja,
    UNIQUE NULLS NOT DISTINCT (pegawai_id, peran, unit_kode)
);

-- Attempts within a window, by what they came for (`nip:…`) and where they came from (`alamat:…`).
CREATE TABLE percobaan (
    kunci text PRIMARY KEY,
    jendela_mulai timestamptz NOT NULL,
    jumlah integer NOT NULL
);
CREATE INDEX percobaan_umur ON percobaan (jendela_mulai);

-- Who has logged in from where: they get through when their office's address has used up its attempts.
CREATE TABLE alamat_dikenal (
    pegawai_id uuid NOT NULL REFERENCES pegawai,
    alamat text NOT NULL,
    terakhir timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (pegawai_id, alamat)
);
CREATE INDEX alamat_dikenal_umur ON alamat_dikenal (terakhir);
