-- migrate:up

-- A month's payments in some units (all, or these), each with what payroll ever said of it. The month is read before
-- anything is joined to it. `kali`: under how many numbers it was paid. `lain`: an amount that payroll named and that is
-- not ours. `keluar`: what went out in all, each number once; where payroll named no amount, ours. The OPD is that of the
-- batch. The views of the same, `pembayaran_terjawab` and `temuan_payroll`, are left to the version before.
CREATE FUNCTION terjawab_payroll(text, boolean, text []) RETURNS TABLE (
    item_id uuid, batch_id uuid, pegawai_id uuid, opd_kode text, nip text, neto bigint, keadaan text, dibatalkan boolean,
    alasan text, dikirim_pada timestamptz, kali bigint, lain numeric, keluar numeric
)
LANGUAGE sql STABLE AS $$
    WITH opd AS MATERIALIZED (
        SELECT batch_id, opd_kode FROM penetapan k
        WHERE periode = $1 AND batch_id IS NOT NULL
          AND ($2 OR EXISTS (SELECT FROM unnest($3) AS u
                             WHERE starts_with(k.opd_path || '/', u || '/') OR starts_with(u || '/', k.opd_path || '/')))
    ), bayar AS MATERIALIZED (
        SELECT item_id, batch_id, pegawai_id, nip, neto, keadaan, dibatalkan, alasan, dikirim_pada
        FROM pembayaran
        WHERE periode = $1
          AND ($2 OR (batch_id = ANY (ARRAY(SELECT batch_id FROM opd)) AND pegawai_id IN (
              SELECT t.pegawai_id FROM tpp_bulan t
              WHERE t.periode = $1 AND t.opd_kode = ANY (ARRAY(SELECT opd_kode FROM opd))
                AND EXISTS (SELECT FROM unnest($3) AS u WHERE t.unit_path = u OR starts_with(t.unit_path, u || '/')))))
    ), jawab AS MATERIALIZED (
        SELECT item_id, referensi, neto FROM jawaban_payroll
        WHERE periode = $1 AND jenis = 'dibayar' AND ($2 OR item_id = ANY (ARRAY(SELECT item_id FROM bayar)))
    )
    SELECT b.item_id, b.batch_id, b.pegawai_id, k.opd_kode, b.nip, b.neto, b.keadaan, b.dibatalkan, b.alasan,
           b.dikirim_pada, coalesce(j.kali, 0),
           CASE WHEN j.terbesar <> b.neto THEN j.terbesar WHEN j.terkecil <> b.neto THEN j.terkecil END,
           coalesce(j.disebut, 0) + coalesce(j.tanpa_jumlah, 0) * b.neto
    FROM bayar b
    JOIN opd k ON k.batch_id = b.batch_id
    LEFT JOIN (
        SELECT n.item_id, count(*) AS kali, sum(n.terbesar) AS disebut,
               count(*) FILTER (WHERE n.terbesar IS NULL) AS tanpa_jumlah, max(n.terbesar) AS terbesar,
               min(n.terkecil) AS terkecil
        FROM (SELECT item_id, referensi, max(neto) AS terbesar, min(neto) AS terkecil
              FROM jawab GROUP BY item_id, referensi) AS n
        GROUP BY n.item_id) j ON j.item_id = b.item_id
$$;

-- Who works or worked in the units of the caller; a path below one of them sorts between it and the same with the
-- character after the slash. Placements are few beside the months of pay: the index is made in a moment.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX penempatan_unit ON penempatan (((unit_path || '/') COLLATE "C"));
CREATE FUNCTION pagar_orang() RETURNS SETOF uuid LANGUAGE sql STABLE COST 1 SET search_path = public, pg_temp AS $$
    SELECT n.pegawai_id FROM unnest(pagar_unit()) AS u
    JOIN penempatan n ON (n.unit_path || '/') COLLATE "C" >= u AND (n.unit_path || '/') COLLATE "C" < rtrim(u, '/') || '0'
$$;

-- The same reach as before, asked for so that planning stays cheap and right. A question inside a policy that is put for
-- each row is weighed so, also where who asks may see everything: beside that weight, the planner took good and bad ways
-- to join for the same. Who is in reach is looked up once, and only when the row itself does not say it.
DO $do$
DECLARE
    umum CONSTANT text := 'ALTER POLICY pagar ON %1$I USING ((SELECT pagar_semua()) OR pegawai_id = (SELECT pagar_diri()) OR ';
    pernah CONSTANT text := 'pegawai_id IN (SELECT pagar_orang())';
    tabel text;
BEGIN
    FOREACH tabel IN ARRAY ARRAY['tpp_bulan', 'tpp_sementara', 'tpp_riwayat', 'koreksi'] LOOP
        EXECUTE format(umum || $$(%1$I.unit_path || '/') ^@ ANY ((SELECT pagar_unit())::text []) OR $$ || pernah || ')', tabel);
    END LOOP;
    FOREACH tabel IN ARRAY ARRAY['pembayaran', 'pembayaran_batal', 'keberatan', 'rapel_dibawa', 'koreksi_selesai',
                                 'koreksi_tertahan', 'fakta_bulanan'] LOOP
        EXECUTE format(umum || pernah || ' OR EXISTS (SELECT FROM tpp_bulan b WHERE b.periode = %1$I.periode'
                       ' AND b.pegawai_id = %1$I.pegawai_id))', tabel);
    END LOOP;
    FOREACH tabel IN ARRAY ARRAY['gaji', 'ptkp', 'saldo_pajak'] LOOP
        EXECUTE format(umum || pernah || ')', tabel);
    END LOOP;
    EXECUTE format(umum || pernah || ' OR EXISTS (SELECT FROM tpp_bulan b WHERE b.pegawai_id = %1$I.pegawai_id))', 'rekening');
END
$do$;

-- What is left of a correction of which payments carried, or people settled, a part on a basis.
CREATE FUNCTION sisa_koreksi(dasar text, selisih_bruto bigint, selisih_neto bigint, terbawa bigint, selesai bigint)
RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE $1 WHEN 'bruto' THEN $2 WHEN 'neto' THEN $3 END - coalesce($4, 0) - coalesce($5, 0)
$$;
CREATE OR REPLACE VIEW koreksi_sisa WITH (security_invoker = true) AS
SELECT k.periode, k.pegawai_id, k.urutan, coalesce(d.dasar, e.dasar) AS dasar,
       sisa_koreksi(coalesce(d.dasar, e.dasar), k.selisih_bruto, k.selisih_neto, d.terbawa, e.jumlah) AS sisa
FROM koreksi k
LEFT JOIN LATERAL (SELECT min(b.dasar) AS dasar, sum(b.jumlah)::bigint AS terbawa FROM rapel_dibawa b
                   WHERE b.periode = k.periode AND b.pegawai_id = k.pegawai_id AND b.urutan = k.urutan) d ON true
LEFT JOIN koreksi_selesai e ON e.periode = k.periode AND e.pegawai_id = k.pegawai_id AND e.urutan = k.urutan
WHERE k.batal_pada IS NULL;

-- The list of a month's corrections. They are few beside the months of pay: the index is made in a moment.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX koreksi_daftar ON koreksi (periode, opd_kode, nip, urutan);

-- A month's rows come at once and are read at once. By default PostgreSQL looks anew at a table when a tenth of it has
-- changed, which with many months kept is never in time: until then it takes the new month for empty.
DO $do$
DECLARE tabel text;
BEGIN
    FOREACH tabel IN ARRAY ARRAY['penilaian', 'kehadiran_harian', 'kehadiran_bulan', 'fakta_bulanan', 'gaji', 'tpp_bulan',
                                 'tpp_sementara', 'tpp_riwayat', 'pembayaran', 'jawaban_payroll', 'koreksi'] LOOP
        EXECUTE format('ALTER TABLE %I SET (autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 500)', tabel);
    END LOOP;
END
$do$;

-- As before. The month before is joined by its key alone: with another condition beside it, the planner takes a month that
-- nobody has counted yet for a single row.
CREATE OR REPLACE FUNCTION keadaan_tpp(text, date, boolean, text [], text) RETURNS TABLE (
    pegawai_id uuid, nip text, opd_kode text, unit_path text, atasan_id uuid, dihitung boolean, predikat smallint,
    ada_kehadiran boolean, ada_gaji boolean, status text, bruto bigint, neto bigint, alasan json, potong bigint, lalu bigint
)
LANGUAGE sql STABLE AS $$
    SELECT p.pegawai_id, p.nip, n.opd_kode, n.unit_path, n.atasan_id, t.pegawai_id IS NOT NULL,
           coalesce(d.predikat, d.predikat_sementara), h.pegawai_id IS NOT NULL,
           EXISTS (SELECT FROM gaji g WHERE g.pegawai_id = n.pegawai_id AND g.mulai <= $2 AND NOT g.dicabut),
           coalesce(t.status, s.status), coalesce(t.bruto, s.bruto), coalesce(t.neto, s.neto),
           coalesce(t.alasan, s.alasan), coalesce(t.terpotong, s.terpotong, 0),
           CASE l.status WHEN 'dihitung' THEN l.neto END
    FROM penempatan n
    JOIN pegawai p ON p.pegawai_id = n.pegawai_id AND p.aktif
    LEFT JOIN tpp_bulan t ON t.periode = $1 AND t.pegawai_id = n.pegawai_id
    LEFT JOIN tpp_sementara s ON s.periode = $1 AND s.pegawai_id = n.pegawai_id AND t.pegawai_id IS NULL
    LEFT JOIN tpp_bulan l ON l.periode = $5 AND l.pegawai_id = n.pegawai_id
    LEFT JOIN penilaian d ON d.periode = $1 AND d.pegawai_id = n.pegawai_id
    LEFT JOIN kehadiran_bulan h ON h.periode = $1 AND h.pegawai_id = n.pegawai_id AND h.ada
    WHERE n.berlaku_mulai <= $2 AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > $2)
      AND ($3 OR EXISTS (SELECT FROM unnest($4) AS u WHERE n.unit_path = u OR starts_with(n.unit_path, u || '/')))
$$;
