-- migrate:up

ALTER TABLE penempatan ADD COLUMN jenis_jabatan text NOT NULL DEFAULT '';

-- BPKAD took a locked batch back. `dibuka`: no money had gone out, so the OPD went back to draft.
CREATE TABLE pembatalan (
    batch_id uuid PRIMARY KEY,
    periode text NOT NULL,
    opd_kode text NOT NULL,
    alasan text NOT NULL,
    diminta_oleh uuid NOT NULL,
    diminta_pada timestamptz NOT NULL DEFAULT now(),
    selesai_pada timestamptz,
    dibuka boolean,
    FOREIGN KEY (periode, opd_kode) REFERENCES penetapan,
    CHECK ((selesai_pada IS NULL) = (dibuka IS NULL))
);
CREATE INDEX pembatalan_bulan ON pembatalan (periode, opd_kode);

-- `dibatalkan`: payroll will never pay this one. Payments of a batch that was opened again move to the other table.
ALTER TABLE pembayaran ADD COLUMN dibatalkan boolean NOT NULL DEFAULT false;
CREATE TABLE pembayaran_batal (LIKE pembayaran, dibuka_pada timestamptz NOT NULL DEFAULT now());
ALTER TABLE pembayaran_batal ADD PRIMARY KEY (item_id);
CREATE INDEX pembayaran_batal_bulan ON pembayaran_batal (periode, batch_id);

-- Everything payroll said about payments of ours, also what changed nothing: what reconciliation compares with.
CREATE TABLE jawaban_payroll (
    event_id uuid PRIMARY KEY,
    item_id uuid NOT NULL,
    periode text NOT NULL,
    jenis text NOT NULL CHECK (jenis IN ('dibayar', 'gagal')),
    version bigint NOT NULL,
    referensi text,
    neto numeric(15, 2),
    pada timestamptz,
    alasan text,
    diterima_pada timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX jawaban_payroll_item ON jawaban_payroll (item_id);
CREATE INDEX jawaban_payroll_bulan ON jawaban_payroll (periode);

-- Where a person's money goes and what tax forms ask: one sealed document each (AES-256-GCM), never in an event.
CREATE TABLE rekening (
    pegawai_id uuid PRIMARY KEY,
    version bigint NOT NULL DEFAULT 1,
    kunci text NOT NULL,
    isi bytea NOT NULL,
    diubah_oleh text NOT NULL,
    diubah_pada timestamptz NOT NULL DEFAULT now()
);
