-- migrate:up

-- An OPD's month on its way to payment: OPD verifies, BKD approves, BPKAD locks.
CREATE TABLE penetapan (
    periode text NOT NULL,
    opd_kode text NOT NULL,
    opd_nama text NOT NULL,
    opd_path text NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    keadaan text NOT NULL DEFAULT 'draf'
    CHECK (keadaan IN ('draf', 'diverifikasi', 'disetujui', 'dikunci')),
    diverifikasi_oleh uuid,
    disetujui_oleh uuid,
    dikunci_oleh uuid,
    batch_id uuid UNIQUE,
    PRIMARY KEY (periode, opd_kode),
    CHECK (disetujui_oleh <> diverifikasi_oleh),
    CHECK (dikunci_oleh <> diverifikasi_oleh AND dikunci_oleh <> disetujui_oleh),
    CHECK ((keadaan = 'dikunci') = (batch_id IS NOT NULL))
);

CREATE TABLE penetapan_riwayat (
    periode text NOT NULL,
    opd_kode text NOT NULL,
    version bigint NOT NULL,
    dari text NOT NULL,
    menjadi text NOT NULL,
    oleh text NOT NULL,
    pada timestamptz NOT NULL DEFAULT now(),
    alasan text NOT NULL DEFAULT '',
    PRIMARY KEY (periode, opd_kode, version),
    FOREIGN KEY (periode, opd_kode) REFERENCES penetapan
);

-- One payment to one person. `urutan` orders the events of the batch; `dikirim_pada` is set when recorded.
CREATE TABLE pembayaran (
    item_id uuid PRIMARY KEY,
    batch_id uuid NOT NULL REFERENCES penetapan (batch_id),
    urutan integer NOT NULL,
    pegawai_id uuid NOT NULL,
    periode text NOT NULL,
    nip text NOT NULL,
    bruto bigint NOT NULL,
    potongan bigint NOT NULL,
    neto bigint NOT NULL CHECK (neto > 0),
    dikirim_pada timestamptz,
    keadaan text NOT NULL DEFAULT 'menunggu' CHECK (keadaan IN ('menunggu', 'dibayar', 'gagal')),
    version bigint NOT NULL DEFAULT 0,
    referensi text,
    dibayar_pada timestamptz,
    alasan text,
    UNIQUE (batch_id, urutan),
    UNIQUE (periode, pegawai_id)
);
CREATE INDEX pembayaran_belum_dikirim ON pembayaran (batch_id, urutan) WHERE dikirim_pada IS NULL;
