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
