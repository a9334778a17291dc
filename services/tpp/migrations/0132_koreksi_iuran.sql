-- migrate:up

-- What the employer pays beside a month is corrected with it. `iuran`: its lines with all that was known then, NULL in
-- corrections of before, when they were left alone. `selisih_iuran`: the signed difference of each by its code.
ALTER TABLE koreksi
ADD COLUMN iuran json,
ADD COLUMN selisih_iuran json NOT NULL DEFAULT '[]';

-- Only looser: replicas of the version before write what both allow, and read such a row as one that changes nothing paid.
-- squawk-ignore ban-drop-constraint
ALTER TABLE koreksi DROP CONSTRAINT koreksi_check1;
ALTER TABLE koreksi ADD CONSTRAINT koreksi_berselisih
CHECK (selisih_bruto <> 0 OR selisih_neto <> 0 OR selisih_iuran::text <> '[]') NOT VALID;

-- Which payment puts how much of it right. Unlike arrears of the person it needs no basis: nothing is taken from it.
CREATE TABLE iuran_dibawa (
    periode text NOT NULL,
    pegawai_id uuid NOT NULL,
    urutan integer NOT NULL,
    kode text NOT NULL,
    dibawa text NOT NULL,
    jumlah bigint NOT NULL,
    PRIMARY KEY (periode, pegawai_id, urutan, kode, dibawa),
    FOREIGN KEY (periode, pegawai_id, urutan) REFERENCES koreksi,
    CHECK (dibawa > periode)
);
CREATE INDEX iuran_dibawa_bulan ON iuran_dibawa (dibawa, pegawai_id);

-- As of `rapel_dibawa`.
ALTER TABLE iuran_dibawa ENABLE ROW LEVEL SECURITY;
CREATE POLICY pagar ON iuran_dibawa FOR SELECT USING (
    (SELECT pagar_semua()) OR pegawai_id = (SELECT pagar_diri()) OR pegawai_id IN (SELECT pagar_orang())
    OR EXISTS (SELECT FROM tpp_bulan b WHERE b.periode = iuran_dibawa.periode AND b.pegawai_id = iuran_dibawa.pegawai_id));

-- What of the contributions of a correction waits still; nothing of one that was settled outside the monthly payments.
CREATE FUNCTION iuran_menunggu(koreksi) RETURNS TABLE (kode text, sisa bigint) LANGUAGE sql STABLE AS $$
    SELECT i ->> 0, (i ->> 1)::bigint - coalesce((
        SELECT sum(b.jumlah)::bigint FROM iuran_dibawa b
        WHERE b.periode = ($1).periode AND b.pegawai_id = ($1).pegawai_id AND b.urutan = ($1).urutan AND b.kode = i ->> 0), 0)
    FROM json_array_elements(($1).selisih_iuran) AS i
    WHERE ($1).batal_pada IS NULL
      AND NOT EXISTS (SELECT FROM koreksi_selesai s WHERE s.periode = ($1).periode AND s.pegawai_id = ($1).pegawai_id
                                                       AND s.urutan = ($1).urutan)
$$;

CREATE FUNCTION jumlah_iuran(koreksi) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(sum((i ->> 1)::bigint), 0)::bigint FROM json_array_elements(($1).selisih_iuran) AS i
$$;
