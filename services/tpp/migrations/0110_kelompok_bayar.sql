-- migrate:up

-- Every batch that an OPD's month was ever handed over in. The newest one stands in `penetapan`; an older one keeps those of
-- its payments that were made when it was taken back, and the rest of the people are paid in the newer one.
CREATE TABLE kelompok_bayar (
    batch_id uuid PRIMARY KEY,
    periode text NOT NULL,
    opd_kode text NOT NULL,
    diserahkan_pada timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (periode, opd_kode) REFERENCES penetapan
);
CREATE INDEX kelompok_bayar_bulan ON kelompok_bayar (periode, opd_kode);

INSERT INTO kelompok_bayar (batch_id, periode, opd_kode)
SELECT batch_id, periode, opd_kode FROM penetapan WHERE batch_id IS NOT NULL
UNION SELECT batch_id, periode, opd_kode FROM pembatalan;

CREATE FUNCTION catat_kelompok() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO kelompok_bayar (batch_id, periode, opd_kode) VALUES (new.batch_id, new.periode, new.opd_kode)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
CREATE TRIGGER kelompok AFTER INSERT OR UPDATE OF batch_id ON penetapan
FOR EACH ROW WHEN (new.batch_id IS NOT NULL) EXECUTE FUNCTION catat_kelompok();

-- What it held is held by the next one, also for the version before: the trigger knows its batches.
-- squawk-ignore ban-drop-constraint
ALTER TABLE pembayaran DROP CONSTRAINT pembayaran_batch_id_fkey;
-- The batches are few beside the payments, and each of these has one: nothing is found wrong in the moment this takes.
-- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
ALTER TABLE pembayaran ADD CONSTRAINT pembayaran_kelompok FOREIGN KEY (batch_id) REFERENCES kelompok_bayar (batch_id);

-- As before, of every batch of the month.
CREATE OR REPLACE FUNCTION terjawab_payroll(text, boolean, text []) RETURNS TABLE (
    item_id uuid, batch_id uuid, pegawai_id uuid, opd_kode text, nip text, neto bigint, keadaan text, dibatalkan boolean,
    alasan text, dikirim_pada timestamptz, kali bigint, lain numeric, keluar numeric
)
LANGUAGE sql STABLE AS $$
    WITH opd AS MATERIALIZED (
        SELECT g.batch_id, k.opd_kode FROM penetapan k JOIN kelompok_bayar g USING (periode, opd_kode)
        WHERE k.periode = $1
          AND ($2 OR EXISTS (SELECT FROM unnest($3) AS u
                             WHERE starts_with(k.opd_path || '/', u || '/') OR starts_with(u || '/', k.opd_path || '/')))
    ), bayar AS MATERIALIZED (
        SELECT item_id, batch_id, pegawai_id, nip, neto, keadaan, dibatalkan, alasan, dikirim_pada
        FROM pembayaran
        WHERE periode = $1
          AND ($2 OR (batch_id = ANY (ARRAY(SELECT batch_id FROM opd)) AND pegawai_id IN (
              SELECT t.pegawai_id FROM tpp_bulan t
              WHERE t.periode = $1 AND t.opd_kode = ANY (ARRAY(SELECT opd_kode FROM opd))
                AND EXISTS (SELECT FROM unnest($3) AS u WHERE t.unit_path = u OR starts_with(t.unit_path, u || '/')))))
    ), jawab AS MATERIALIZED (
        SELECT item_id, referensi, neto FROM jawaban_payroll
        WHERE periode = $1 AND jenis = 'dibayar' AND ($2 OR item_id = ANY (ARRAY(SELECT item_id FROM bayar)))
    )
    SELECT b.item_id, b.batch_id, b.pegawai_id, k.opd_kode, b.nip, b.neto, b.keadaan, b.dibatalkan, b.alasan,
           b.dikirim_pada, coalesce(j.kali, 0),
           CASE WHEN j.terbesar <> b.neto THEN j.terbesar WHEN j.terkecil <> b.neto THEN j.terkecil END,
           coalesce(j.disebut, 0) + coalesce(j.tanpa_jumlah, 0) * b.neto
    FROM bayar b
    JOIN opd k ON k.batch_id = b.batch_id
    LEFT JOIN (
        SELECT n.item_id, count(*) AS kali, sum(n.terbesar) AS disebut,
               count(*) FILTER (WHERE n.terbesar IS NULL) AS tanpa_jumlah, max(n.terbesar) AS terbesar,
               min(n.terkecil) AS terkecil
        FROM (SELECT item_id, referensi, max(neto) AS terbesar, min(neto) AS terkecil
              FROM jawab GROUP BY item_id, referensi) AS n
        GROUP BY n.item_id) j ON j.item_id = b.item_id
$$;
