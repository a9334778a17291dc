-- migrate:up

-- A policy version never changes: `dokumen` is the text as uploaded, `sidik` names its content.
CREATE TABLE kebijakan (
    kebijakan_id uuid PRIMARY KEY,
    sidik text NOT NULL UNIQUE,
    kode text NOT NULL,
    nama text NOT NULL,
    daerah text NOT NULL,
    dokumen text NOT NULL,
    berlaku_mulai date NOT NULL,
    berlaku_sampai date,
    diunggah_oleh uuid NOT NULL,
    diunggah_pada timestamptz NOT NULL DEFAULT now(),
    diaktifkan_oleh uuid CHECK (diaktifkan_oleh <> diunggah_oleh),
    diaktifkan_pada timestamptz
);

-- A run: everyone of one closing, under one policy. It is withdrawn when the month is reopened meanwhile.
CREATE TABLE perhitungan (
    periode text NOT NULL,
    nomor integer NOT NULL,
    untuk_version bigint NOT NULL,
    kebijakan_id uuid NOT NULL REFERENCES kebijakan,
    keadaan text NOT NULL CHECK (keadaan IN ('berjalan', 'selesai', 'dibatalkan')),
    pegawai integer NOT NULL,
    mulai_pada timestamptz NOT NULL DEFAULT now(),
    selesai_pada timestamptz,
    PRIMARY KEY (periode, nomor)
);
CREATE UNIQUE INDEX perhitungan_berjalan ON perhitungan (periode) WHERE keadaan = 'berjalan';

-- Its parts, by hash of the person; several workers share them, each part is one transaction.
CREATE TABLE perhitungan_bagian (
    periode text NOT NULL,
    nomor integer NOT NULL,
    bagian smallint NOT NULL,
    pegawai_ids uuid[] NOT NULL,
    selesai_pada timestamptz,
    PRIMARY KEY (periode, nomor, bagian),
    FOREIGN KEY (periode, nomor) REFERENCES perhitungan
);
CREATE INDEX perhitungan_bagian_sisa ON perhitungan_bagian (periode, nomor, bagian) WHERE selesai_pada IS NULL;

-- One document for each person and month: the figure, its lines, the inputs it follows from and their versions.
CREATE TABLE tpp_bulan (
    pegawai_id uuid NOT NULL,
    periode text NOT NULL,
    version bigint NOT NULL,
    nomor integer NOT NULL,
    kebijakan_id uuid NOT NULL,
    nip text NOT NULL,
    opd_kode text NOT NULL,
    unit_path text NOT NULL,
    status text NOT NULL,
    bruto bigint NOT NULL,
    potongan bigint NOT NULL,
    neto bigint NOT NULL,
    baris json NOT NULL,
    alasan json NOT NULL,
    masukan json NOT NULL,
    v_pegawai bigint NOT NULL,
    v_penilaian bigint NOT NULL,
    v_kehadiran bigint NOT NULL,
    v_gaji bigint NOT NULL,
    dihitung_pada timestamptz NOT NULL,
    PRIMARY KEY (periode, pegawai_id),
    CHECK (status IN ('dihitung', 'ditahan')),
    CHECK (neto = bruto - potongan AND neto >= 0 AND potongan >= 0),
    CHECK (status = 'dihitung' OR bruto = 0)
);
-- Without pegawai_id: while the table is new, the planner could take this index for the lookup of one person and walk
-- through the whole month each time.
CREATE INDEX tpp_bulan_daftar ON tpp_bulan (periode, opd_kode, nip);

-- What a figure was before: kept whole, so that every slip ever shown can be explained.
CREATE TABLE tpp_riwayat (LIKE tpp_bulan, diganti_pada timestamptz NOT NULL DEFAULT now());
ALTER TABLE tpp_riwayat ADD PRIMARY KEY (periode, pegawai_id, version);

-- The figure as the month stands, from the running rating; never paid, never published.
CREATE TABLE tpp_sementara (
    pegawai_id uuid NOT NULL,
    periode text NOT NULL,
    v_penilaian bigint NOT NULL,
    kebijakan_id uuid NOT NULL,
    nip text NOT NULL,
    opd_kode text NOT NULL,
    unit_path text NOT NULL,
    status text NOT NULL,
    bruto bigint NOT NULL,
    potongan bigint NOT NULL,
    neto bigint NOT NULL,
    baris json NOT NULL,
    alasan json NOT NULL,
    masukan json NOT NULL,
    dihitung_pada timestamptz NOT NULL,
    PRIMARY KEY (periode, pegawai_id)
);
