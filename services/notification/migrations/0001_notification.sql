-- migrate:up

-- Narrow copies of foreign facts, fed by events: how people are called, and where mail reaches them.
CREATE TABLE kontak (
    pegawai_id uuid PRIMARY KEY,
    version bigint NOT NULL,
    nama text NOT NULL,
    email text
);

CREATE TABLE pegawai (
    pegawai_id uuid PRIMARY KEY,
    version bigint NOT NULL,
    nip text NOT NULL
);

-- A message is a fact (what, about whom, when); its words are made when it is read. It is addressed to one
-- person, or to everyone who holds a role at the time of reading: one row, not a hundred thousand.
-- `id` is computed from event and addressee, so that the same event can never make a second row.
CREATE TABLE notifikasi (
    id uuid PRIMARY KEY,
    event_id uuid NOT NULL,
    penerima_id uuid,
    untuk_peran text,
    jenis text NOT NULL,
    tentang_id uuid,
    data jsonb NOT NULL,
    waktu timestamptz NOT NULL,
    CHECK (num_nonnulls(penerima_id, untuk_peran) = 1)
);
CREATE INDEX notifikasi_penerima ON notifikasi (penerima_id, waktu DESC, id DESC) WHERE penerima_id IS NOT NULL;
CREATE INDEX notifikasi_peran ON notifikasi (untuk_peran, waktu DESC, id DESC) WHERE untuk_peran IS NOT NULL;

CREATE TABLE dibaca (
    notifikasi_id uuid NOT NULL REFERENCES notifikasi,
    pegawai_id uuid NOT NULL,
    pada timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (notifikasi_id, pegawai_id)
);

-- The mail queue, filled in the transaction of the inbox row and emptied after its commit.
-- `kunci` makes one mail of several messages that say the same. `pemegang` is the sender that holds the row
-- until `dipegang_sampai`; only the holder may settle it.
CREATE TABLE surel (
    id uuid PRIMARY KEY,
    kunci text NOT NULL UNIQUE,
    notifikasi_id uuid NOT NULL REFERENCES notifikasi,
    penerima_id uuid NOT NULL,
    keadaan text NOT NULL DEFAULT 'menunggu'
        CHECK (keadaan IN ('menunggu', 'terkirim', 'ditolak', 'gagal', 'tanpa_surel')),
    percobaan smallint NOT NULL DEFAULT 0,
    coba_lagi_pada timestamptz NOT NULL DEFAULT now(),
    pemegang uuid,
    dipegang_sampai timestamptz,
    sebab text,
    traceparent text,
    dibuat_pada timestamptz NOT NULL DEFAULT now(),
    selesai_pada timestamptz
);
CREATE INDEX surel_menunggu ON surel (coba_lagi_pada) WHERE keadaan = 'menunggu';
