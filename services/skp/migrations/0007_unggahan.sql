-- migrate:up

-- Uploads that break off and go on: how far each has come. Its parts lie in the store, named by where they begin,
-- until the whole has been checked; what nobody continues within a day is thrown away.
CREATE TABLE unggahan (
    pegawai_id uuid NOT NULL REFERENCES pegawai,
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    ukuran integer NOT NULL,
    diterima integer NOT NULL,
    bagian integer[] NOT NULL,
    kedaluwarsa timestamptz NOT NULL,
    PRIMARY KEY (pegawai_id, sha256)
);
CREATE INDEX unggahan_kedaluwarsa ON unggahan (kedaluwarsa);
