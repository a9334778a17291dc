-- migrate:up

-- A file from an office on its way in: checked first, taken in when its sender says so. `keadaan` says what comes next;
-- a worker holds a file until `dipegang_sampai`, so that one that dies lets go of it. `isi` goes once it is taken in.
CREATE TABLE kernel.import (
    import_id uuid PRIMARY KEY,
    jenis text NOT NULL,
    berkas text NOT NULL,
    sha256 text NOT NULL,
    ukuran integer NOT NULL,
    isi bytea,
    pilihan jsonb NOT NULL,
    pegawai_id uuid NOT NULL,
    pengirim jsonb NOT NULL,
    keadaan text NOT NULL DEFAULT 'diunggah'
    CHECK (keadaan IN ('diunggah', 'diperiksa', 'disetujui', 'selesai', 'gagal')),
    tahap text NOT NULL DEFAULT '',
    baris integer NOT NULL DEFAULT 0,
    lewati_salah boolean NOT NULL DEFAULT false,
    laporan jsonb,
    galat jsonb,
    dibuat_pada timestamptz NOT NULL DEFAULT now(),
    diubah_pada timestamptz NOT NULL DEFAULT now(),
    dipegang_sampai timestamptz
);
CREATE INDEX import_menunggu ON kernel.import (dibuat_pada) WHERE keadaan IN ('diunggah', 'disetujui');
CREATE INDEX import_pengirim ON kernel.import (pegawai_id, jenis, dibuat_pada DESC);
