-- migrate:up

-- What a dated fact was before: every row that was replaced or taken back, whole. `kunci` is its key as JSON.
CREATE TABLE riwayat_fakta (
    tabel text NOT NULL,
    kunci jsonb NOT NULL,
    version bigint NOT NULL,
    isi jsonb NOT NULL,
    diganti_oleh text NOT NULL,
    diganti_pada timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tabel, kunci, version)
);

-- Days on which nobody works who follows the week.
CREATE TABLE hari_libur (
    tanggal date PRIMARY KEY,
    jenis text NOT NULL CHECK (jenis IN ('libur_nasional', 'cuti_bersama', 'libur_daerah')),
    nama text NOT NULL,
    dasar text NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    dicabut boolean NOT NULL DEFAULT false,
    diubah_oleh text NOT NULL,
    diubah_pada timestamptz NOT NULL DEFAULT now()
);

-- A set of hours may end (Ramadan); the one before it holds again afterwards. `istirahat`: minutes of the break.
ALTER TABLE jam_kerja ADD COLUMN berlaku_sampai date;
ALTER TABLE jam_kerja ADD COLUMN istirahat smallint NOT NULL DEFAULT 60;
ALTER TABLE jam_kerja ADD COLUMN version bigint NOT NULL DEFAULT 1;
ALTER TABLE jam_kerja ADD COLUMN dicabut boolean NOT NULL DEFAULT false;
ALTER TABLE jam_kerja ADD COLUMN diubah_oleh text NOT NULL DEFAULT 'sistem:ekinerja';
ALTER TABLE jam_kerja ADD COLUMN diubah_pada timestamptz NOT NULL DEFAULT now();

-- Hours by a code, for people who work by turns. `pulang` not after `masuk` is on the next day.
CREATE TABLE shift (
    kode text NOT NULL,
    berlaku_mulai date NOT NULL,
    berlaku_sampai date,
    nama text NOT NULL,
    masuk time NOT NULL,
    pulang time NOT NULL CHECK (pulang <> masuk),
    istirahat smallint NOT NULL,
    dasar text NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    dicabut boolean NOT NULL DEFAULT false,
    diubah_oleh text NOT NULL,
    diubah_pada timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kode, berlaku_mulai)
);

-- A team that works by turns: `siklus` are its shift codes from day to day (`L` is a day off), beginning on `mulai`,
-- over and over. `ikut_libur`: holidays are free for it as well.
CREATE TABLE regu (
    kode text PRIMARY KEY,
    nama text NOT NULL,
    mulai date NOT NULL,
    siklus text NOT NULL,
    ikut_libur boolean NOT NULL,
    dasar text NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    dicabut boolean NOT NULL DEFAULT false,
    diubah_oleh text NOT NULL,
    diubah_pada timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE anggota_regu (
    pegawai_id uuid NOT NULL,
    mulai date NOT NULL,
    sampai date,
    regu text NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    dicabut boolean NOT NULL DEFAULT false,
    diubah_oleh text NOT NULL,
    diubah_pada timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (pegawai_id, mulai)
);

-- One person's shift of one day, whatever the team or the week says; `L` is a day off.
CREATE TABLE jadwal_harian (
    pegawai_id uuid NOT NULL,
    tanggal date NOT NULL,
    shift text NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    dicabut boolean NOT NULL DEFAULT false,
    diubah_oleh text NOT NULL,
    diubah_pada timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (pegawai_id, tanggal)
);

-- When each of these people has to be at work: the day's own shift, else the team's, else the week's hours.
CREATE FUNCTION jadwal_kerja(uuid[], date, date)
RETURNS TABLE (pegawai_id uuid, tanggal date, masuk timestamp, pulang timestamp, menit integer)
LANGUAGE sql STABLE AS $$
    WITH hari AS (
        SELECT h::date AS tanggal,
               EXISTS (SELECT FROM hari_libur l WHERE l.tanggal = h::date AND NOT l.dicabut) AS libur
        FROM generate_series($2, $3, interval '1 day') AS h
    ), jam AS (
        SELECT hari.tanggal, j.masuk, j.pulang, j.istirahat
        FROM hari JOIN jam_kerja j
          ON j.hari = extract(isodow FROM hari.tanggal) AND NOT j.dicabut
         AND j.berlaku_mulai = (SELECT max(berlaku_mulai) FROM jam_kerja k
                                WHERE k.berlaku_mulai <= hari.tanggal AND NOT k.dicabut
                                  AND (k.berlaku_sampai IS NULL OR k.berlaku_sampai >= hari.tanggal))
        WHERE NOT hari.libur
    ), jam_shift AS (
        SELECT DISTINCT ON (hari.tanggal, s.kode) hari.tanggal, s.kode, s.masuk, s.pulang, s.istirahat
        FROM hari JOIN shift s ON s.berlaku_mulai <= hari.tanggal AND NOT s.dicabut
                              AND (s.berlaku_sampai IS NULL OR s.berlaku_sampai >= hari.tanggal)
        ORDER BY hari.tanggal, s.kode, s.berlaku_mulai DESC
    ), giliran AS (
        SELECT DISTINCT ON (pegawai_id, tanggal) pegawai_id, tanggal, kode
        FROM (
            SELECT j.pegawai_id, j.tanggal, j.shift AS kode, 0 AS urutan, j.tanggal AS mulai
            FROM jadwal_harian j
            WHERE j.pegawai_id = ANY ($1) AND j.tanggal BETWEEN $2 AND $3 AND NOT j.dicabut
            UNION ALL
            SELECT a.pegawai_id, hari.tanggal,
                   CASE WHEN r.ikut_libur AND hari.libur THEN 'L'
                        ELSE r.putaran[(hari.tanggal - r.mulai) % cardinality(r.putaran) + 1] END,
                   1, a.mulai
            FROM anggota_regu a
            JOIN (SELECT *, string_to_array(siklus, ' ') AS putaran FROM regu WHERE NOT dicabut) r ON r.kode = a.regu
            JOIN hari ON hari.tanggal >= a.mulai AND hari.tanggal >= r.mulai
                     AND (a.sampai IS NULL OR hari.tanggal <= a.sampai)
            WHERE a.pegawai_id = ANY ($1) AND NOT a.dicabut
        ) AS semua
        ORDER BY pegawai_id, tanggal, urutan, mulai DESC
    )
    SELECT k.pegawai_id, k.tanggal, k.tanggal + k.masuk,
           k.tanggal + k.pulang + CASE WHEN k.pulang > k.masuk THEN interval '0' ELSE interval '1 day' END,
           (extract(epoch FROM k.pulang - k.masuk)::integer / 60
            + CASE WHEN k.pulang > k.masuk THEN 0 ELSE 1440 END - k.istirahat)
    FROM (
        SELECT g.pegawai_id, g.tanggal, s.masuk, s.pulang, s.istirahat
        FROM giliran g JOIN jam_shift s USING (tanggal, kode)
        UNION ALL
        SELECT p.id, jam.tanggal, jam.masuk, jam.pulang, jam.istirahat
        FROM unnest($1) AS p(id) CROSS JOIN jam
        WHERE NOT EXISTS (SELECT FROM giliran g WHERE g.pegawai_id = p.id AND g.tanggal = jam.tanggal)
    ) AS k
$$;

-- The month as the calendar has it for this person. NULL: counted before there was a calendar. `tanpa_data`: working
-- days of which nothing is known. `ada`: whether enough is known to count the month at all.
ALTER TABLE kehadiran_bulan ADD COLUMN hari_kerja smallint;
ALTER TABLE kehadiran_bulan ADD COLUMN menit_kerja integer;
ALTER TABLE kehadiran_bulan ADD COLUMN tanpa_data smallint NOT NULL DEFAULT 0;
ALTER TABLE kehadiran_bulan ADD COLUMN cuti_kode text [] NOT NULL DEFAULT '{}';
ALTER TABLE kehadiran_bulan ADD COLUMN cuti_hari smallint [] NOT NULL DEFAULT '{}';
ALTER TABLE kehadiran_bulan ADD COLUMN ada boolean NOT NULL DEFAULT true;
