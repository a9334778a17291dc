-- migrate:up

-- What an estimate takes for given, each with what is not known: `[{"kode", "kurang", "anggapan"}]`. `data_kurang`: whether
-- facts of the month are among it that its closing waits for, beside rating, attendance and salary.
ALTER TABLE tpp_sementara ADD COLUMN andaian jsonb NOT NULL DEFAULT '[]';
ALTER TABLE tpp_sementara ADD COLUMN data_kurang boolean NOT NULL DEFAULT false;

-- A part's people are neighbours by id, and stand in its order. Parts of the same stretch are taken together, so that
-- whoever several changes concerned is worked out once. Few rows at any time: rewriting them takes no time.
-- squawk-ignore adding-field-with-default
ALTER TABLE perkiraan_antrean ADD COLUMN dari uuid GENERATED ALWAYS AS (pegawai_ids[1]) STORED;
-- squawk-ignore adding-field-with-default
ALTER TABLE perkiraan_antrean ADD COLUMN sampai uuid GENERATED ALWAYS AS (pegawai_ids[cardinality(pegawai_ids)]) STORED;

-- Whose month has an estimate: everybody who serves on a day of a month that takes work, and whoever is rated in any,
-- until a run has computed it.
CREATE FUNCTION berperkiraan(text) RETURNS TABLE (pegawai_id uuid) LANGUAGE sql STABLE AS $$
    SELECT siapa.pegawai_id
    FROM (SELECT n.pegawai_id
          FROM penempatan n, periode m
          WHERE m.periode = $1 AND m.keadaan IN ('dibuka', 'pengiriman_ditutup') AND n.bertugas
            AND n.berlaku_mulai < ($1 || '-01')::date + interval '1 month'
            AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > ($1 || '-01')::date)
          UNION
          SELECT d.pegawai_id FROM penilaian d WHERE d.periode = $1 AND d.version_sementara > 0) AS siapa
    WHERE NOT EXISTS (SELECT FROM tpp_bulan t WHERE t.periode = $1 AND t.pegawai_id = siapa.pegawai_id)
$$;

-- Only this service calls it, and no version of it has been released.
-- squawk-ignore ban-drop-function
DROP FUNCTION keadaan_tpp (text, date, boolean, text [], text);

-- As before. The rating is that of the month whose predikat pays this one (the last argument), and beside the estimate
-- stands what it takes for given.
CREATE FUNCTION keadaan_tpp(text, date, boolean, text [], text, text) RETURNS TABLE (
    pegawai_id uuid, nip text, opd_kode text, unit_path text, atasan_id uuid, dihitung boolean, predikat smallint,
    ada_kehadiran boolean, ada_gaji boolean, status text, bruto bigint, neto bigint, alasan json, potong bigint, lalu bigint,
    andaian jsonb, data_kurang boolean
)
LANGUAGE sql STABLE AS $$
    SELECT p.pegawai_id, p.nip, n.opd_kode, n.unit_path, n.atasan_id, t.pegawai_id IS NOT NULL,
           coalesce(d.predikat, d.predikat_sementara), h.pegawai_id IS NOT NULL,
           EXISTS (SELECT FROM gaji g WHERE g.pegawai_id = n.pegawai_id AND g.mulai <= $2 AND NOT g.dicabut),
           coalesce(t.status, s.status), coalesce(t.bruto, s.bruto), coalesce(t.neto, s.neto),
           coalesce(t.alasan, s.alasan), coalesce(t.terpotong, s.terpotong, 0),
           CASE l.status WHEN 'dihitung' THEN l.neto END, coalesce(s.andaian, '[]'), coalesce(s.data_kurang, false)
    FROM penempatan n
    JOIN pegawai p ON p.pegawai_id = n.pegawai_id AND p.aktif
    LEFT JOIN tpp_bulan t ON t.periode = $1 AND t.pegawai_id = n.pegawai_id
    LEFT JOIN tpp_sementara s ON s.periode = $1 AND s.pegawai_id = n.pegawai_id AND t.pegawai_id IS NULL
    LEFT JOIN tpp_bulan l ON l.periode = $5 AND l.pegawai_id = n.pegawai_id
    LEFT JOIN penilaian d ON d.periode = $6 AND d.pegawai_id = n.pegawai_id
    LEFT JOIN kehadiran_bulan h ON h.periode = $1 AND h.pegawai_id = n.pegawai_id AND h.ada
    WHERE n.berlaku_mulai <= $2 AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > $2)
      AND ($3 OR EXISTS (SELECT FROM unnest($4) AS u WHERE n.unit_path = u OR starts_with(n.unit_path, u || '/')))
$$;
