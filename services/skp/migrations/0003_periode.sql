-- migrate:up

-- One row a month. Submissions and decisions hold it FOR SHARE, closing holds it FOR UPDATE: nothing commits
-- behind the count.
CREATE TABLE periode (
    periode text PRIMARY KEY CHECK (periode ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    keadaan text NOT NULL CHECK (keadaan IN ('dibuka', 'pengiriman_ditutup', 'ditutup')),
    version bigint NOT NULL,
    diubah_pada timestamptz NOT NULL DEFAULT now()
);
