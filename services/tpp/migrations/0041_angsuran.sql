-- migrate:up

-- Which payment carries how much of a correction: what is owed back may go in instalments. `dasar` says of which
-- difference, bruto or neto; an amount of zero says that the payment carries a correction that changes nothing of it.
CREATE TABLE rapel_dibawa (
    periode text NOT NULL,
    pegawai_id uuid NOT NULL,
    urutan integer NOT NULL,
    dibawa text NOT NULL,
    dasar text NOT NULL CHECK (dasar IN ('bruto', 'neto')),
    jumlah bigint NOT NULL,
    PRIMARY KEY (periode, pegawai_id, urutan, dibawa),
    FOREIGN KEY (periode, pegawai_id, urutan) REFERENCES koreksi,
    CHECK (dibawa > periode)
);
CREATE INDEX rapel_dibawa_bulan ON rapel_dibawa (dibawa, pegawai_id);

INSERT INTO rapel_dibawa (periode, pegawai_id, urutan, dibawa, dasar, jumlah)
SELECT periode, pegawai_id, urutan, dibawa, dasar, CASE dasar WHEN 'bruto' THEN selisih_bruto ELSE selisih_neto END
FROM koreksi WHERE dibawa IS NOT NULL;

-- squawk-ignore ban-drop-column
ALTER TABLE koreksi DROP COLUMN dibawa, DROP COLUMN dasar;

-- What of a correction waits still. `dasar` is that of its first instalment, which the others follow; without any
-- instalment both are NULL and all of it waits.
CREATE VIEW koreksi_sisa AS
SELECT k.periode, k.pegawai_id, k.urutan, d.dasar,
       CASE d.dasar WHEN 'bruto' THEN k.selisih_bruto WHEN 'neto' THEN k.selisih_neto END - d.terbawa AS sisa
FROM koreksi k
LEFT JOIN LATERAL (SELECT min(b.dasar) AS dasar, sum(b.jumlah)::bigint AS terbawa FROM rapel_dibawa b
                   WHERE b.periode = k.periode AND b.pegawai_id = k.pegawai_id AND b.urutan = k.urutan) d ON true
WHERE k.batal_pada IS NULL;
