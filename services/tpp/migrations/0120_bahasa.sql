-- migrate:up

-- On which days of the month the minutes fell, in their order; NULL: counted before there was such a thing.
ALTER TABLE kehadiran_bulan ADD COLUMN hari_terlambat smallint [];
ALTER TABLE kehadiran_bulan ADD COLUMN hari_pulang_cepat smallint [];

-- Months that still take work are counted anew, so that their days are known; a count that says nothing else stays the
-- version it is.
INSERT INTO hitung_ulang (hitung_ulang_id, sebab, dari, sampai, diminta_oleh)
SELECT gen_random_uuid(), 'Tanggal keterlambatan dan pulang cepat', min(awal), (max(awal) + interval '1 month - 1 day')::date,
       'system:migrasi'
FROM (SELECT to_date(periode, 'YYYY-MM') AS awal FROM periode
      WHERE keadaan IN ('dibuka', 'pengiriman_ditutup')
        AND EXISTS (SELECT FROM kehadiran_bulan k WHERE k.periode = periode.periode)) AS terbuka
HAVING count(*) > 0;

-- What the region pays beside a figure as employer: lines as in `baris`, in no sum of the figure.
ALTER TABLE tpp_bulan ADD COLUMN iuran json NOT NULL DEFAULT '[]';
ALTER TABLE tpp_riwayat ADD COLUMN iuran json NOT NULL DEFAULT '[]';
ALTER TABLE tpp_sementara ADD COLUMN iuran json NOT NULL DEFAULT '[]';
