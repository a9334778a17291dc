-- migrate:up

-- The key that seals the codes on documents; made at first use, known to this service alone.
CREATE TABLE kunci_verifikasi (
    satu boolean PRIMARY KEY DEFAULT true CHECK (satu),
    kunci bytea NOT NULL
);

-- A document that was handed out, by the random number in its code. `sidik` is the hash of the figures it shows.
CREATE TABLE dokumen (
    dokumen_id bytea PRIMARY KEY CHECK (octet_length(dokumen_id) = 12),
    jenis text NOT NULL CHECK (jenis IN ('slip')),
    periode text NOT NULL,
    pegawai_id uuid NOT NULL,
    version bigint NOT NULL,
    sidik text NOT NULL,
    dibuat_pada timestamptz NOT NULL DEFAULT now(),
    UNIQUE (jenis, periode, pegawai_id, version)
);
