-- migrate:up

-- A message to a role may be for one part of the organisation only: those who hold the role for it, or above it.
ALTER TABLE notifikasi ADD COLUMN untuk_unit text;

-- Who holds which role, for e-mail only; who may read a message is decided by the session when it is read.
-- Fed by akun.changed; a row is the newest generation of an account.
CREATE TABLE peran (
    pegawai_id uuid PRIMARY KEY,
    generation bigint NOT NULL,
    peran jsonb NOT NULL
);
CREATE INDEX peran_dipegang ON peran (pegawai_id) WHERE peran <> '[]';
