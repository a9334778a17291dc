-- migrate:up

-- People whose provisional figure of a month has to be renewed, in parts that any worker takes.
CREATE TABLE perkiraan_antrean (
    antrean_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    periode text NOT NULL,
    pegawai_ids uuid [] NOT NULL
);
