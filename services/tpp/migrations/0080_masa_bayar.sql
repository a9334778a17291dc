-- migrate:up

-- A row of `periode` is a month, or an extra payment of a year: number 13 or 14 (`2026-13`), paid with the inputs of the
-- month `dasar`, whose state it shares, and called `nama` by its policy. `dasar` and `nama` are empty for a month.
ALTER TABLE periode
ADD COLUMN dasar text,
ADD COLUMN nama text;
CREATE FUNCTION masa_bulanan(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT right($1, 2) <= '12' $$;
-- Few rows: checked in a moment.
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE periode ADD CONSTRAINT periode_masa CHECK (
    masa_bulanan(periode) = (dasar IS NULL) AND (dasar IS NULL) = (nama IS NULL) AND (dasar IS NULL OR masa_bulanan(dasar))
);

-- The month of the inputs of what is paid.
CREATE FUNCTION bulan_dasar(text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT dasar FROM periode WHERE periode = $1), $1)
$$;

-- As before, and every correction of an extra payment: months carry those of months alone.
CREATE OR REPLACE VIEW koreksi_luar WITH (security_invoker = true) AS
SELECT k.periode, k.pegawai_id, k.urutan, k.nip, k.opd_kode, k.unit_path, k.selisih_bruto, k.selisih_neto, k.sebab,
       k.dibuat_pada, coalesce(s.dasar, 'neto') AS dasar, coalesce(s.sisa, k.selisih_neto) AS jumlah
FROM koreksi k
JOIN koreksi_sisa s ON s.periode = k.periode AND s.pegawai_id = k.pegawai_id AND s.urutan = k.urutan
JOIN pegawai p ON p.pegawai_id = k.pegawai_id
WHERE s.sisa IS DISTINCT FROM 0
  AND (NOT masa_bulanan(k.periode) OR (
    NOT EXISTS (
      SELECT FROM tpp_bulan t
      LEFT JOIN penetapan d ON d.periode = t.periode AND d.opd_kode = t.opd_kode AND d.keadaan = 'dikunci'
      WHERE t.pegawai_id = k.pegawai_id AND t.periode > k.periode AND masa_bulanan(t.periode)
        AND t.status = 'dihitung' AND d.opd_kode IS NULL)
    AND NOT (p.aktif AND EXISTS (
      SELECT FROM penempatan n
      WHERE n.pegawai_id = k.pegawai_id AND n.bertugas
        AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > (
          SELECT (max(t.periode) || '-01')::date + interval '1 month'
          FROM tpp_bulan t
          JOIN penetapan d ON d.periode = t.periode AND d.opd_kode = t.opd_kode AND d.keadaan = 'dikunci'
          WHERE t.pegawai_id = k.pegawai_id AND masa_bulanan(t.periode)))))));
