-- migrate:up

-- What a letter says of somebody from a day to a day: leave and official travel (`cuti`), a discipline sanction
-- (`sanksi`), a role beside the jabatan (`peran`). What follows from it in rupiah stands in the policy alone.
CREATE TABLE surat (
    pegawai_id uuid NOT NULL,
    jenis text NOT NULL CHECK (jenis IN ('cuti', 'sanksi', 'peran')),
    kode text NOT NULL,
    mulai date NOT NULL,
    sampai date CHECK (sampai >= mulai),
    nomor text NOT NULL,
    tingkat text CHECK (tingkat IN ('ringan', 'sedang', 'berat')),
    keterangan text NOT NULL DEFAULT '',
    surat_id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    version bigint NOT NULL DEFAULT 1,
    dicabut boolean NOT NULL DEFAULT false,
    diubah_oleh text NOT NULL,
    diubah_pada timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (pegawai_id, jenis, kode, mulai),
    CHECK (jenis <> 'cuti' OR sampai IS NOT NULL),
    CHECK ((jenis = 'sanksi') = (tingkat IS NOT NULL))
);
CREATE INDEX surat_berlaku ON surat (jenis, mulai);
