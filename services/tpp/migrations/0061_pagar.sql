-- migrate:up

-- What a person's question may read of pay, whatever the application asks for: everything, one's own rows, or those of
-- people in some units. Questions run as the reading role with these settings (shared/db/database.py); commands,
-- consumers and jobs run as the app role, which bypasses row-level security.
CREATE FUNCTION pagar_semua() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('ekinerja.semua', true), '') = 'ya'
$$;
CREATE FUNCTION pagar_siapa() RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT nullif(current_setting('ekinerja.siapa', true), '')::uuid
$$;
CREATE FUNCTION pagar_diri() RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT nullif(current_setting('ekinerja.diri', true), '')::uuid
$$;
CREATE FUNCTION pagar_unit() RETURNS text [] LANGUAGE sql STABLE AS $$
    SELECT nullif(current_setting('ekinerja.unit', true), '')::text []
$$;

-- Whether somebody's month is locked: whoever looks after attendance has to know, and sees no pay.
CREATE FUNCTION bulan_terkunci(text, uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM tpp_bulan t JOIN penetapan k USING (periode, opd_kode)
                   WHERE t.periode = $1 AND t.pegawai_id = $2 AND k.keadaan = 'dikunci')
$$;

-- How many people of a month have a figure, and how many are held: for whoever follows a run.
CREATE FUNCTION jumlah_tpp(text, OUT dihitung integer, OUT ditahan integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*) FILTER (WHERE status = 'dihitung')::integer, count(*) FILTER (WHERE status = 'ditahan')::integer
    FROM tpp_bulan WHERE periode = $1
$$;

-- Rows are seen by their person and by the units in which the person works or worked: a month is held against the one
-- before it, and arrears against the month that carries them, also when somebody moved between. Besides, a row that says
-- where it belongs is seen there, a row of a month together with that month's figure, and an account by whoever pays a
-- month. Settings stand in scalar subselects, which are worked out once for a query and not for every row.
DO $do$
DECLARE
    di_unit CONSTANT text := $$(%s.unit_path || '/') ^@ ANY ((SELECT pagar_unit())::text [])$$;
    sebulan CONSTANT text := $$EXISTS (SELECT FROM tpp_bulan b
        WHERE b.periode = %1$I.periode AND b.pegawai_id = %1$I.pegawai_id)$$;
    tabel text;
    juga text;
BEGIN
    FOR tabel, juga IN
        SELECT nama, format(di_unit, nama) FROM unnest(ARRAY['tpp_bulan', 'tpp_sementara', 'tpp_riwayat', 'koreksi']) AS nama
        UNION ALL
        SELECT nama, format(sebulan, nama)
        FROM unnest(ARRAY['pembayaran', 'pembayaran_batal', 'keberatan', 'rapel_dibawa', 'koreksi_selesai',
                          'koreksi_tertahan', 'fakta_bulanan']) AS nama
        UNION ALL
        SELECT nama, 'false' FROM unnest(ARRAY['gaji', 'ptkp', 'saldo_pajak']) AS nama
        UNION ALL
        SELECT 'rekening', 'EXISTS (SELECT FROM tpp_bulan b WHERE b.pegawai_id = rekening.pegawai_id)'
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tabel);
        EXECUTE format(
            'CREATE POLICY pagar ON %1$I FOR SELECT USING ((SELECT pagar_semua()) OR pegawai_id = (SELECT pagar_diri()) '
            'OR EXISTS (SELECT FROM penempatan n WHERE n.pegawai_id = %1$I.pegawai_id AND %2$s) OR %3$s)',
            tabel, format(di_unit, 'n'), juga);
    END LOOP;
END
$do$;

-- What payroll said of a payment goes with the payment.
ALTER TABLE jawaban_payroll ENABLE ROW LEVEL SECURITY;
CREATE POLICY pagar ON jawaban_payroll FOR SELECT USING (
    (SELECT pagar_semua())
    OR EXISTS (SELECT FROM pembayaran b WHERE b.item_id = jawaban_payroll.item_id)
    OR EXISTS (SELECT FROM pembayaran_batal b WHERE b.item_id = jawaban_payroll.item_id));

-- A slip that is printed gets its code, which is all that a question writes.
ALTER TABLE dokumen ENABLE ROW LEVEL SECURITY;
CREATE POLICY pagar ON dokumen FOR SELECT USING (
    (SELECT pagar_semua()) OR pegawai_id = (SELECT pagar_diri())
    OR EXISTS (SELECT FROM tpp_bulan b WHERE b.periode = dokumen.periode AND b.pegawai_id = dokumen.pegawai_id));
CREATE POLICY catat ON dokumen FOR INSERT WITH CHECK (
    (SELECT pagar_semua()) OR pegawai_id = (SELECT pagar_diri())
    OR EXISTS (SELECT FROM tpp_bulan b WHERE b.periode = dokumen.periode AND b.pegawai_id = dokumen.pegawai_id));
CREATE POLICY ulang ON dokumen FOR UPDATE USING (
    (SELECT pagar_semua()) OR pegawai_id = (SELECT pagar_diri())
    OR EXISTS (SELECT FROM tpp_bulan b WHERE b.periode = dokumen.periode AND b.pegawai_id = dokumen.pegawai_id));
ALTER TABLE kunci_verifikasi ENABLE ROW LEVEL SECURITY;
CREATE POLICY pagar ON kunci_verifikasi FOR SELECT USING (true);
CREATE POLICY pasang ON kunci_verifikasi FOR INSERT WITH CHECK (true);

-- A file is for whoever asked for it.
ALTER TABLE ekspor ENABLE ROW LEVEL SECURITY;
CREATE POLICY pagar ON ekspor FOR SELECT USING (pegawai_id = (SELECT pagar_siapa()));

-- What a policy would change: sums down to a unit and a kelas, which may be one person.
ALTER TABLE andai ENABLE ROW LEVEL SECURITY;
CREATE POLICY pagar ON andai FOR SELECT USING ((SELECT pagar_semua()));
ALTER TABLE andai_bagian ENABLE ROW LEVEL SECURITY;
CREATE POLICY pagar ON andai_bagian FOR SELECT USING ((SELECT pagar_semua()));

-- What facts of pay were before.
ALTER TABLE riwayat_fakta ENABLE ROW LEVEL SECURITY;
CREATE POLICY pagar ON riwayat_fakta FOR SELECT USING (
    tabel NOT IN ('gaji', 'ptkp', 'saldo_pajak', 'fakta_bulanan') OR (SELECT pagar_semua()));

ALTER VIEW koreksi_sisa SET (security_invoker = true);
ALTER VIEW koreksi_luar SET (security_invoker = true);
ALTER VIEW pembayaran_terjawab SET (security_invoker = true);
ALTER VIEW temuan_payroll SET (security_invoker = true);
