-- migrate:up

-- What lists of a whole province ask of a month: sums for each OPD, and each person beside the month before. These columns
-- are a tenth of a figure, whose lines and inputs are of no concern here: read from the index alone, in the order in which
-- months are held against each other. Making it takes about two seconds for a million figures; no run writes meanwhile.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX tpp_bulan_jumlah ON tpp_bulan (periode, pegawai_id)
INCLUDE (opd_kode, nip, unit_path, status, bruto, potongan, neto, terpotong);

-- Days without data are counted out of the inputs of a figure, which had to be taken apart for everybody to find nobody.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX tpp_bulan_tanpa_data ON tpp_bulan (periode, opd_kode)
WHERE status = 'dihitung' AND (masukan -> 'kehadiran' ->> 'hari_tanpa_data')::integer > 0;

-- Both sides of the reconciliation in the same order, without what nobody adds up.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX pembayaran_jumlah ON pembayaran (periode, item_id)
INCLUDE (batch_id, pegawai_id, nip, neto, keadaan, dibatalkan, dikirim_pada);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX jawaban_payroll_nomor ON jawaban_payroll (periode, item_id, referensi) INCLUDE (neto) WHERE jenis = 'dibayar';

-- The sums of a month's corrections.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX koreksi_jumlah ON koreksi (periode, pegawai_id, urutan)
INCLUDE (unit_path, selisih_bruto, selisih_neto, batal_pada);

-- Months with objections.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX keberatan_bulan ON keberatan (periode, pegawai_id);

-- Requests, the newest day first; of one state as well.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX permohonan_koreksi_terbaru ON permohonan_koreksi (tanggal, permohonan_id);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX permohonan_koreksi_keadaan ON permohonan_koreksi (keadaan, tanggal, permohonan_id);

-- An index alone answers once a vacuum has seen its rows; by default that is when a fifth of all months kept is new.
DO $do$
DECLARE tabel text;
BEGIN
    FOREACH tabel IN ARRAY ARRAY['tpp_bulan', 'pembayaran', 'jawaban_payroll', 'koreksi'] LOOP
        EXECUTE format('ALTER TABLE %I SET (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_scale_factor = 0.02)',
                       tabel);
    END LOOP;
END
$do$;

-- As before, without laying the month aside first: what a question does not ask for is not worked out, so that most kinds of
-- difference need none of payroll's answers.
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
    ), bayar AS NOT MATERIALIZED (
        SELECT item_id, batch_id, pegawai_id, nip, neto, keadaan, dibatalkan, alasan, dikirim_pada
        FROM pembayaran
        WHERE periode = $1
          AND ($2 OR (batch_id = ANY (ARRAY(SELECT batch_id FROM opd)) AND pegawai_id IN (
              SELECT t.pegawai_id FROM tpp_bulan t
              WHERE t.periode = $1 AND t.opd_kode = ANY (ARRAY(SELECT opd_kode FROM opd))
                AND EXISTS (SELECT FROM unnest($3) AS u WHERE t.unit_path = u OR starts_with(t.unit_path, u || '/')))))
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
              FROM jawaban_payroll
              WHERE periode = $1 AND jenis = 'dibayar' AND ($2 OR item_id = ANY (ARRAY(SELECT item_id FROM bayar)))
              GROUP BY item_id, referensi) AS n
        GROUP BY n.item_id) j ON j.item_id = b.item_id
$$;
