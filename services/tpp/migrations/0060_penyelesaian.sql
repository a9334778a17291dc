-- migrate:up

-- Locked person-months that can no longer be worked out with what is known now, and why: what was paid stays paid until
-- somebody acts. A later look at the same person-month replaces or removes the row.
CREATE TABLE koreksi_tertahan (
    periode text NOT NULL,
    pegawai_id uuid NOT NULL,
    alasan json NOT NULL,
    pada timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (periode, pegawai_id)
);

-- How the rest of a correction was settled outside the monthly payments, for who has none any more. `jumlah` is that rest,
-- signed: negative was owed back. `dasar` as in `rapel_dibawa`.
CREATE TABLE koreksi_selesai (
    periode text NOT NULL,
    pegawai_id uuid NOT NULL,
    urutan integer NOT NULL,
    cara text NOT NULL CHECK (cara IN ('disetor', 'dibayar', 'dihapus')),
    dasar text NOT NULL CHECK (dasar IN ('bruto', 'neto')),
    jumlah bigint NOT NULL,
    tanggal date NOT NULL,
    bukti text NOT NULL,
    oleh uuid NOT NULL CHECK (oleh <> pegawai_id),
    nama text NOT NULL,
    pada timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (periode, pegawai_id, urutan),
    FOREIGN KEY (periode, pegawai_id, urutan) REFERENCES koreksi,
    CHECK (cara <> 'disetor' OR jumlah <= 0),
    CHECK (cara <> 'dibayar' OR jumlah >= 0)
);

-- The same columns as before: what was settled outside waits no longer.
CREATE OR REPLACE VIEW koreksi_sisa AS
SELECT k.periode, k.pegawai_id, k.urutan, coalesce(d.dasar, e.dasar) AS dasar,
       CASE coalesce(d.dasar, e.dasar) WHEN 'bruto' THEN k.selisih_bruto WHEN 'neto' THEN k.selisih_neto END
       - coalesce(d.terbawa, 0) - coalesce(e.jumlah, 0) AS sisa
FROM koreksi k
LEFT JOIN LATERAL (SELECT min(b.dasar) AS dasar, sum(b.jumlah)::bigint AS terbawa FROM rapel_dibawa b
                   WHERE b.periode = k.periode AND b.pegawai_id = k.pegawai_id AND b.urutan = k.urutan) d ON true
LEFT JOIN koreksi_selesai e ON e.periode = k.periode AND e.pegawai_id = k.pegawai_id AND e.urutan = k.urutan
WHERE k.batal_pada IS NULL;

-- People out of service are few; a run asks for them of everyone. The index is small: made in a moment.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX penempatan_henti ON penempatan (pegawai_id) WHERE NOT bertugas;

-- Corrections that no monthly payment will carry any more: the person is out of service, or no longer an employee, in
-- every month that is not locked yet. A month computed and not locked may still carry them.
CREATE VIEW koreksi_luar AS
SELECT k.periode, k.pegawai_id, k.urutan, k.nip, k.opd_kode, k.unit_path, k.selisih_bruto, k.selisih_neto, k.sebab,
       k.dibuat_pada, coalesce(s.dasar, 'neto') AS dasar, coalesce(s.sisa, k.selisih_neto) AS jumlah
FROM koreksi k
JOIN koreksi_sisa s ON s.periode = k.periode AND s.pegawai_id = k.pegawai_id AND s.urutan = k.urutan
JOIN pegawai p ON p.pegawai_id = k.pegawai_id
WHERE s.sisa IS DISTINCT FROM 0
  AND NOT EXISTS (
    SELECT FROM tpp_bulan t
    LEFT JOIN penetapan d ON d.periode = t.periode AND d.opd_kode = t.opd_kode AND d.keadaan = 'dikunci'
    WHERE t.pegawai_id = k.pegawai_id AND t.periode > k.periode AND t.status = 'dihitung' AND d.opd_kode IS NULL)
  AND NOT (p.aktif AND EXISTS (
    SELECT FROM penempatan n
    WHERE n.pegawai_id = k.pegawai_id AND n.bertugas
      AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > (
        SELECT (max(t.periode) || '-01')::date + interval '1 month'
        FROM tpp_bulan t
        JOIN penetapan d ON d.periode = t.periode AND d.opd_kode = t.opd_kode AND d.keadaan = 'dikunci'
        WHERE t.pegawai_id = k.pegawai_id))));
