-- migrate:up

-- Months of attendance to be counted anew because what they follow from has changed: the calendar (`pegawai_ids` is NULL:
-- everybody), or facts of many people. `orang_bulan` is known once it has been divided.
CREATE TABLE hitung_ulang (
    hitung_ulang_id uuid PRIMARY KEY,
    sebab text NOT NULL,
    dari date NOT NULL,
    sampai date NOT NULL,
    pegawai_ids uuid [],
    orang_bulan integer,
    diminta_oleh text NOT NULL,
    diminta_pada timestamptz NOT NULL DEFAULT now(),
    selesai_pada timestamptz
);
CREATE INDEX hitung_ulang_berjalan ON hitung_ulang (diminta_pada) WHERE selesai_pada IS NULL;

-- Its parts: people of one month, neighbours by id. Whichever worker is free takes one; each is one transaction.
CREATE TABLE hitung_ulang_bagian (
    hitung_ulang_id uuid NOT NULL REFERENCES hitung_ulang,
    bagian integer NOT NULL,
    periode text NOT NULL,
    pegawai_ids uuid [] NOT NULL,
    selesai boolean NOT NULL DEFAULT false,
    PRIMARY KEY (hitung_ulang_id, bagian)
);
CREATE INDEX hitung_ulang_bagian_sisa ON hitung_ulang_bagian (hitung_ulang_id, bagian) WHERE NOT selesai;
