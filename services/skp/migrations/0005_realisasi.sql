-- migrate:up

-- Evidence by content: who may show which file as his own. The bytes are in the store, once.
CREATE TABLE bukti (
    pegawai_id uuid NOT NULL REFERENCES pegawai,
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    nama text NOT NULL,
    ukuran integer NOT NULL,
    jenis text NOT NULL,
    diunggah_pada timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (pegawai_id, sha256)
);
CREATE INDEX bukti_isi ON bukti (sha256);

-- No foreign keys here: every submission is checked against the same rows in the same transaction.
CREATE TABLE realisasi (
    realisasi_id uuid PRIMARY KEY,
    pegawai_id uuid NOT NULL,
    skp_id uuid NOT NULL,
    rhk_id uuid NOT NULL,
    periode text NOT NULL,
    tanggal date NOT NULL,
    uraian text NOT NULL,
    jumlah numeric(15, 4) NOT NULL,
    satuan text NOT NULL,
    bukti jsonb NOT NULL,
    dikirim_pada timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX realisasi_pegawai ON realisasi (pegawai_id, periode, realisasi_id);
CREATE INDEX realisasi_periode ON realisasi (periode, realisasi_id);
