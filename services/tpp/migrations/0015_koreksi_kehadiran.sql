-- migrate:up

-- An employee says that a day was otherwise than recorded; the atasan or the OPD's officer decides.
CREATE TABLE permohonan_koreksi (
    permohonan_id uuid PRIMARY KEY,
    pegawai_id uuid NOT NULL,
    tanggal date NOT NULL,
    masuk time,
    pulang time,
    keterangan text NOT NULL CHECK (keterangan IN ('', 'S', 'C', 'DL')),
    sebab text NOT NULL CHECK (sebab IN ('lupa', 'mesin', 'jaringan', 'tugas', 'lainnya')),
    bukti text NOT NULL,
    keadaan text NOT NULL DEFAULT 'diajukan' CHECK (keadaan IN ('diajukan', 'disetujui', 'ditolak', 'ditarik')),
    diajukan_pada timestamptz NOT NULL DEFAULT now(),
    diputus_oleh uuid CHECK (diputus_oleh <> pegawai_id),
    diputus_nama text NOT NULL DEFAULT '',
    diputus_pada timestamptz,
    alasan text NOT NULL DEFAULT '',
    sesudah_dikunci boolean NOT NULL DEFAULT false,
    CHECK ((keadaan IN ('disetujui', 'ditolak')) = (diputus_oleh IS NOT NULL)),
    CHECK (keadaan <> 'ditolak' OR alasan <> '')
);
CREATE UNIQUE INDEX permohonan_koreksi_menunggu ON permohonan_koreksi (pegawai_id, tanggal) WHERE keadaan = 'diajukan';
CREATE INDEX permohonan_koreksi_orang ON permohonan_koreksi (pegawai_id, tanggal);

-- A day has a version; what it was before stands in `riwayat_fakta`. A day set by an approved correction is not changed
-- by files of machines any more.
ALTER TABLE kehadiran_harian ADD COLUMN version bigint NOT NULL DEFAULT 1;
ALTER TABLE kehadiran_harian ADD COLUMN permohonan_id uuid;
ALTER TABLE kehadiran_harian ADD COLUMN diubah_oleh text NOT NULL DEFAULT 'sistem:ekinerja';
ALTER TABLE kehadiran_harian ADD COLUMN diubah_pada timestamptz NOT NULL DEFAULT now();
