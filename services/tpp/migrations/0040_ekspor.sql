-- migrate:up

-- Files of a month that take longer than somebody waits: made by a worker, sealed, fetched by who asked for them.
CREATE TABLE ekspor (
    ekspor_id uuid PRIMARY KEY,
    pegawai_id uuid NOT NULL,
    pengirim jsonb NOT NULL,
    periode text NOT NULL,
    profil text NOT NULL,
    jenis text NOT NULL,
    nama text NOT NULL,
    opd_kode text,
    isian jsonb NOT NULL,
    keadaan text NOT NULL DEFAULT 'menunggu' CHECK (keadaan IN ('menunggu', 'selesai', 'gagal')),
    tahap text NOT NULL DEFAULT '',
    baris integer NOT NULL DEFAULT 0,
    jumlah integer NOT NULL,
    ukuran bigint,
    kunci text,
    isi bytea,
    galat jsonb,
    dibuat_pada timestamptz NOT NULL DEFAULT now(),
    diubah_pada timestamptz NOT NULL DEFAULT now(),
    dipegang_sampai timestamptz
);
CREATE INDEX ekspor_menunggu ON ekspor (dibuat_pada) WHERE keadaan = 'menunggu';
CREATE INDEX ekspor_milik ON ekspor (pegawai_id, dibuat_pada);
CREATE INDEX ekspor_berisi ON ekspor (diubah_pada) WHERE isi IS NOT NULL;
