-- migrate:up

-- What other services told us, as far as TPP needs it. Every row carries the version it was told at.
CREATE TABLE pegawai (
    pegawai_id uuid PRIMARY KEY,
    version bigint NOT NULL,
    nip text NOT NULL,
    status text NOT NULL,
    aktif boolean NOT NULL
);
CREATE INDEX pegawai_nip ON pegawai (nip);

-- `opd_path` is the path of the OPD itself: roles are scoped by it, decisions on an OPD are held to it.
CREATE TABLE penempatan (
    pegawai_id uuid NOT NULL,
    urutan smallint NOT NULL,
    berlaku_mulai date NOT NULL,
    berlaku_sampai date,
    unit_path text NOT NULL,
    opd_kode text NOT NULL,
    opd_nama text NOT NULL,
    opd_path text NOT NULL,
    jabatan_nama text NOT NULL,
    kelas smallint NOT NULL,
    golongan text NOT NULL,
    plt_kelas smallint,
    PRIMARY KEY (pegawai_id, urutan)
);

-- The running rating and the month's result come in any order; each is guarded by its own version.
CREATE TABLE penilaian (
    pegawai_id uuid NOT NULL,
    periode text NOT NULL,
    version_sementara bigint NOT NULL DEFAULT 0,
    predikat_sementara smallint,
    version bigint NOT NULL DEFAULT 0,
    predikat smallint,
    skp_disetujui boolean NOT NULL DEFAULT false,
    alasan jsonb NOT NULL DEFAULT '[]',
    PRIMARY KEY (periode, pegawai_id)
);

-- `lengkap_version`: the closing whose facts are all here. `final_version`: the closing whose ratings are.
CREATE TABLE periode (
    periode text PRIMARY KEY,
    version bigint NOT NULL DEFAULT 0,
    keadaan text NOT NULL,
    lengkap_version bigint NOT NULL DEFAULT 0,
    final_version bigint NOT NULL DEFAULT 0
);

CREATE TABLE roster (
    periode text NOT NULL,
    version bigint NOT NULL,
    bagian integer NOT NULL,
    dari integer NOT NULL,
    pegawai_ids uuid[] NOT NULL,
    pegawai_versions bigint[] NOT NULL,
    PRIMARY KEY (periode, bagian, version)
);

-- The people of one closing and the version each was known at. Parts of an earlier closing do not count, also
-- when it had more parts.
CREATE FUNCTION roster_penutupan(text, bigint) RETURNS TABLE (pegawai_id uuid, version bigint)
LANGUAGE sql STABLE AS $$
    SELECT orang.pegawai_id, orang.version
    FROM (SELECT DISTINCT ON (bagian) bagian, pegawai_ids, pegawai_versions
          FROM roster WHERE periode = $1 AND roster.version <= $2
          ORDER BY bagian, roster.version DESC) terbaru,
         unnest(terbaru.pegawai_ids, terbaru.pegawai_versions) AS orang (pegawai_id, version)
    WHERE terbaru.bagian <= (SELECT dari FROM roster WHERE periode = $1 AND roster.version <= $2
                             ORDER BY roster.version DESC LIMIT 1)
$$;

-- Working hours by day of the week (1 Monday … 7 Sunday). The set of the newest `berlaku_mulai` on or before
-- a day holds; a day of the week without a row is no working day.
CREATE TABLE jam_kerja (
    berlaku_mulai date NOT NULL,
    hari smallint NOT NULL CHECK (hari BETWEEN 1 AND 7),
    masuk time NOT NULL,
    pulang time NOT NULL CHECK (pulang > masuk),
    dasar text NOT NULL,
    PRIMARY KEY (berlaku_mulai, hari)
);
INSERT INTO jam_kerja (berlaku_mulai, hari, masuk, pulang, dasar)
SELECT '2000-01-01', hari, '07:30', '16:00', 'Perpres 21/2023: 37 jam 30 menit seminggu, mulai pukul 07.30'
FROM generate_series(1, 5) AS hari;

CREATE TABLE kehadiran_harian (
    pegawai_id uuid NOT NULL,
    tanggal date NOT NULL,
    masuk time,
    pulang time,
    keterangan text NOT NULL CHECK (keterangan IN ('', 'A', 'S', 'C', 'DL')),
    PRIMARY KEY (pegawai_id, tanggal)
);

-- The month counted, as the calculation takes it. Remade from the days whenever one of them changes.
CREATE TABLE kehadiran_bulan (
    pegawai_id uuid NOT NULL,
    periode text NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    hadir smallint NOT NULL,
    cuti smallint NOT NULL,
    tanpa_keterangan smallint NOT NULL,
    terlambat smallint[] NOT NULL,
    pulang_cepat smallint[] NOT NULL,
    tanpa_masuk smallint NOT NULL,
    tanpa_pulang smallint NOT NULL,
    PRIMARY KEY (periode, pegawai_id)
);

CREATE TABLE gaji (
    pegawai_id uuid PRIMARY KEY,
    version bigint NOT NULL DEFAULT 1,
    gaji bigint NOT NULL CHECK (gaji > 0)
);
