-- migrate:up

-- What people are called, so that whoever checks, decides and signs sees whom a row is about. Fed by kontak.changed, in any
-- order with the people themselves; the address is not kept.
CREATE TABLE nama (
    pegawai_id uuid PRIMARY KEY,
    version bigint NOT NULL,
    nama text NOT NULL
);
