-- migrate:up

-- A second factor (TOTP, RFC 6238). `isi` is the shared secret, sealed with the key `kunci` of faktor.key.json.
-- `langkah` is the newest time step whose code was accepted: the same code opens nothing twice.
CREATE TABLE faktor (
    pegawai_id uuid PRIMARY KEY REFERENCES pegawai,
    kunci text NOT NULL,
    isi bytea NOT NULL,
    langkah bigint NOT NULL,
    dipasang_pada timestamptz NOT NULL DEFAULT now()
);

-- Codes for a lost device, by fingerprint; the codes themselves are nowhere.
CREATE TABLE kode_pemulihan (
    pegawai_id uuid NOT NULL REFERENCES faktor ON DELETE CASCADE,
    sidik bytea NOT NULL,
    dipakai_pada timestamptz,
    PRIMARY KEY (pegawai_id, sidik)
);
