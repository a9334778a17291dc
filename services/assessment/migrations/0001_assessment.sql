-- migrate:up

-- Narrow copies of foreign facts, fed by events. The newest version of a person wins.
CREATE TABLE pegawai (
    pegawai_id uuid PRIMARY KEY,
    version bigint NOT NULL,
    nip text NOT NULL,
    aktif boolean NOT NULL
);

-- Every segment of a person's history; `berlaku_sampai` is the first day that no longer counts.
CREATE TABLE penempatan (
    pegawai_id uuid NOT NULL REFERENCES pegawai,
    urutan smallint NOT NULL,
    berlaku_mulai date NOT NULL,
    berlaku_sampai date,
    unit_nama text NOT NULL,
    unit_path text NOT NULL,
    opd_kode text NOT NULL,
    opd_nama text NOT NULL,
    jabatan_nama text NOT NULL,
    atasan_id uuid,
    PRIMARY KEY (pegawai_id, urutan)
);
CREATE INDEX penempatan_atasan ON penempatan (atasan_id, berlaku_mulai);

-- Every decision about an SKP, kept as it was made: what was in force in a month follows from the decisions
-- stamped up to that month, whatever order they arrive in.
CREATE TABLE skp_keputusan (
    skp_id uuid NOT NULL,
    version bigint NOT NULL,
    pegawai_id uuid NOT NULL,
    tahun integer NOT NULL,
    periode text NOT NULL,
    keadaan text NOT NULL CHECK (keadaan IN ('diajukan', 'disetujui', 'dikembalikan')),
    rhk jsonb,
    PRIMARY KEY (skp_id, version)
);
CREATE INDEX skp_keputusan_pegawai ON skp_keputusan (pegawai_id, tahun);

CREATE TABLE realisasi (
    realisasi_id uuid PRIMARY KEY,
    version bigint NOT NULL,
    pegawai_id uuid NOT NULL,
    periode text NOT NULL,
    rhk_id uuid NOT NULL,
    tanggal date NOT NULL,
    uraian text NOT NULL,
    jumlah numeric NOT NULL,
    satuan text NOT NULL,
    jumlah_bukti smallint NOT NULL
);
CREATE INDEX realisasi_pegawai ON realisasi (pegawai_id, periode);

-- The month as skp last told it.
CREATE TABLE periode (
    periode text PRIMARY KEY,
    version bigint NOT NULL,
    keadaan text NOT NULL CHECK (keadaan IN ('dibuka', 'pengiriman_ditutup', 'ditutup'))
);

-- The last closing finalised here. A table of its own, because finalising holds the barrier's row while the
-- inbox holds the month's: in one row they would wait for each other.
CREATE TABLE periode_final (
    periode text PRIMARY KEY,
    version bigint NOT NULL,
    dinilai integer NOT NULL,
    ditahan integer NOT NULL
);

-- The people of a closing (`version` is that of the closing), in the parts they came in; a part is the unit
-- of work of finalising.
CREATE TABLE roster (
    periode text NOT NULL,
    version bigint NOT NULL,
    bagian integer NOT NULL,
    dari integer NOT NULL,
    pegawai_ids uuid[] NOT NULL,
    pegawai_versions bigint[] NOT NULL,
    selesai boolean NOT NULL DEFAULT false,
    PRIMARY KEY (periode, version, bagian)
);

-- Our own state: the rating of one person and month, and the final result of the last closing.
-- `version` counts every event emitted for this person and month.
CREATE TABLE penilaian (
    pegawai_id uuid NOT NULL,
    periode text NOT NULL,
    version bigint NOT NULL,
    penilai_id uuid,
    hasil_kerja smallint CHECK (hasil_kerja BETWEEN 1 AND 3),
    perilaku smallint CHECK (perilaku BETWEEN 1 AND 3),
    predikat smallint CHECK (predikat BETWEEN 1 AND 5),
    catatan text,
    dinilai_pada timestamptz,
    final_untuk bigint,
    final_predikat smallint,
    final_skp boolean,
    final_penilai_id uuid,
    final_alasan jsonb,
    PRIMARY KEY (pegawai_id, periode),
    CHECK (num_nulls(penilai_id, hasil_kerja, perilaku, predikat, dinilai_pada) IN (0, 5))
);
CREATE INDEX penilaian_periode ON penilaian (periode);
