-- migrate:up

-- The organisation as it is now. What a row said before, and from when to when it was on record, is in
-- `riwayat`; from when to when it was valid is in the row itself (`mulai`, `selesai`).
CREATE TABLE unit_kerja (
    kode text PRIMARY KEY,
    nama text NOT NULL,
    induk text REFERENCES unit_kerja DEFERRABLE INITIALLY DEFERRED,
    jenis text NOT NULL CHECK (jenis IN ('opd', 'unit')),
    path text NOT NULL,
    opd_kode text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE jabatan (
    kode text PRIMARY KEY,
    nama text NOT NULL,
    jenis text NOT NULL,
    kelas smallint NOT NULL CHECK (kelas BETWEEN 1 AND 17),
    unit_kode text NOT NULL REFERENCES unit_kerja,
    atasan_kode text REFERENCES jabatan DEFERRABLE INITIALLY DEFERRED,
    recorded_at timestamptz NOT NULL DEFAULT now()
);

-- `sumber` admin: an account for running the system, not an employee: never rated, never in a roster.
-- `sidik` is the hash of what was last told to others; `version` counts those tellings.
CREATE TABLE pegawai (
    pegawai_id uuid PRIMARY KEY,
    nip text NOT NULL UNIQUE CHECK (nip ~ '^[0-9]{18}$'),
    nama text NOT NULL,
    status text NOT NULL CHECK (status IN ('PNS', 'CPNS', 'PPPK')),
    golongan text NOT NULL,
    email text,
    aktif boolean NOT NULL DEFAULT true,
    sumber text NOT NULL DEFAULT 'impor' CHECK (sumber IN ('impor', 'admin')),
    version bigint NOT NULL DEFAULT 0,
    kontak_version bigint NOT NULL DEFAULT 0,
    sidik bytea,
    recorded_at timestamptz NOT NULL DEFAULT now()
);

-- A definitif post lasts until the person's next one begins; an acting duty (Plt) until `selesai`, if any.
CREATE TABLE penempatan (
    penempatan_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    pegawai_id uuid NOT NULL REFERENCES pegawai,
    jabatan_kode text NOT NULL REFERENCES jabatan,
    sebagai text NOT NULL CHECK (sebagai IN ('definitif', 'plt')),
    mulai date NOT NULL,
    selesai date CHECK (selesai >= mulai),
    recorded_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX penempatan_definitif ON penempatan (pegawai_id, mulai) WHERE sebagai = 'definitif';
CREATE UNIQUE INDEX penempatan_plt ON penempatan (pegawai_id, jabatan_kode, mulai) WHERE sebagai = 'plt';

-- What follows from all that for each person, from each day on which it changes: exactly what others are told.
CREATE TABLE segmen (
    pegawai_id uuid NOT NULL REFERENCES pegawai,
    berlaku_mulai date NOT NULL,
    jabatan_kode text NOT NULL,
    jabatan_nama text NOT NULL,
    unit_kode text NOT NULL,
    unit_nama text NOT NULL,
    unit_path text NOT NULL,
    opd_kode text NOT NULL,
    atasan_id uuid,
    PRIMARY KEY (pegawai_id, berlaku_mulai)
);
CREATE INDEX segmen_atasan ON segmen (atasan_id, berlaku_mulai);

-- Recorded time: every superseded row as it was, with the time it was on record.
CREATE TABLE riwayat (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tabel text NOT NULL,
    kunci text NOT NULL,
    isi jsonb NOT NULL,
    recorded_at timestamptz NOT NULL,
    superseded_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX riwayat_kunci ON riwayat (tabel, kunci, superseded_at);

CREATE FUNCTION simpan_riwayat() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO riwayat (tabel, kunci, isi, recorded_at)
    VALUES (TG_TABLE_NAME, to_jsonb(OLD) ->> TG_ARGV[0], to_jsonb(OLD) - 'sidik', OLD.recorded_at);
    IF TG_OP = 'UPDATE' THEN
        NEW.recorded_at := now();
        RETURN NEW;
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER riwayat BEFORE UPDATE OR DELETE ON unit_kerja
FOR EACH ROW EXECUTE FUNCTION simpan_riwayat('kode');
CREATE TRIGGER riwayat BEFORE UPDATE OR DELETE ON jabatan
FOR EACH ROW EXECUTE FUNCTION simpan_riwayat('kode');
CREATE TRIGGER riwayat BEFORE UPDATE OR DELETE ON penempatan
FOR EACH ROW EXECUTE FUNCTION simpan_riwayat('pegawai_id');
CREATE TRIGGER riwayat BEFORE UPDATE ON pegawai FOR EACH ROW
WHEN (
    (old.nip, old.nama, old.status, old.golongan, old.email, old.aktif, old.sumber)
    IS DISTINCT FROM (new.nip, new.nama, new.status, new.golongan, new.email, new.aktif, new.sumber)
)
EXECUTE FUNCTION simpan_riwayat('pegawai_id');
