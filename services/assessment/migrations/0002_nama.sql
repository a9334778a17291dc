-- migrate:up

-- What people are called, so that an atasan knows whom they rate. Fed by kontak.changed; the address is not kept.
CREATE TABLE nama (
    pegawai_id uuid PRIMARY KEY,
    version bigint NOT NULL,
    nama text NOT NULL
);
