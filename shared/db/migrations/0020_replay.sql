-- migrate:up

-- Dead letters that somebody had applied again: one round at a time, done by a worker.
CREATE TABLE kernel.replay (
    replay_id uuid PRIMARY KEY,
    pegawai_id uuid NOT NULL,
    nama text NOT NULL,
    keadaan text NOT NULL DEFAULT 'menunggu' CHECK (keadaan IN ('menunggu', 'selesai')),
    jumlah integer NOT NULL,
    selesai integer NOT NULL DEFAULT 0,
    gagal integer NOT NULL DEFAULT 0,
    dibuat_pada timestamptz NOT NULL DEFAULT now(),
    diubah_pada timestamptz NOT NULL DEFAULT now(),
    dipegang_sampai timestamptz
);
CREATE UNIQUE INDEX replay_menunggu ON kernel.replay (keadaan) WHERE keadaan = 'menunggu';
CREATE INDEX replay_terakhir ON kernel.replay (dibuat_pada);
