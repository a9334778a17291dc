-- migrate:up

-- Nudges sent: one for each person, subject and day. The key decides, however many clicks arrive at once.
CREATE TABLE kernel.colek (
    dari_id uuid NOT NULL,
    subjek text NOT NULL,
    hari date NOT NULL,
    colek_id uuid NOT NULL,
    pada timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (dari_id, subjek, hari)
);
CREATE INDEX colek_umur ON kernel.colek (hari);
