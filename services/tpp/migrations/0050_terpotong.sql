-- migrate:up

-- What attendance, activity, rating and sanctions took off, kept with the figure when it is computed: whoever looks for
-- people who lose out looks at everyone, and reading everyone's lines took longer than all the rest. Figures from before
-- count as nothing taken off.
ALTER TABLE tpp_bulan ADD COLUMN terpotong bigint NOT NULL DEFAULT 0;
ALTER TABLE tpp_sementara ADD COLUMN terpotong bigint NOT NULL DEFAULT 0;

-- Only this service calls it, and no version of it has been released.
-- squawk-ignore ban-drop-function
DROP FUNCTION keadaan_tpp (text, date, boolean, text [], text [], text);

-- Everyone of some units in a month, with what may keep their TPP low or waiting: the figure if there is one, else the
-- provisional one, and the inputs. `lalu`: what the month before paid.
CREATE FUNCTION keadaan_tpp(text, date, boolean, text [], text) RETURNS TABLE (
    pegawai_id uuid, nip text, opd_kode text, unit_path text, atasan_id uuid, dihitung boolean, predikat smallint,
    ada_kehadiran boolean, ada_gaji boolean, status text, bruto bigint, neto bigint, alasan json, potong bigint, lalu bigint
)
LANGUAGE sql STABLE AS $$
    SELECT p.pegawai_id, p.nip, n.opd_kode, n.unit_path, n.atasan_id, t.pegawai_id IS NOT NULL,
           coalesce(d.predikat, d.predikat_sementara), h.pegawai_id IS NOT NULL,
           EXISTS (SELECT FROM gaji g WHERE g.pegawai_id = n.pegawai_id AND g.mulai <= $2 AND NOT g.dicabut),
           coalesce(t.status, s.status), coalesce(t.bruto, s.bruto), coalesce(t.neto, s.neto),
           coalesce(t.alasan, s.alasan), coalesce(t.terpotong, s.terpotong, 0), l.neto
    FROM penempatan n
    JOIN pegawai p ON p.pegawai_id = n.pegawai_id AND p.aktif
    LEFT JOIN tpp_bulan t ON t.periode = $1 AND t.pegawai_id = n.pegawai_id
    LEFT JOIN tpp_sementara s ON s.periode = $1 AND s.pegawai_id = n.pegawai_id AND t.pegawai_id IS NULL
    LEFT JOIN tpp_bulan l ON l.periode = $5 AND l.pegawai_id = n.pegawai_id AND l.status = 'dihitung'
    LEFT JOIN penilaian d ON d.periode = $1 AND d.pegawai_id = n.pegawai_id
    LEFT JOIN kehadiran_bulan h ON h.periode = $1 AND h.pegawai_id = n.pegawai_id AND h.ada
    WHERE n.berlaku_mulai <= $2 AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > $2)
      AND ($3 OR EXISTS (SELECT FROM unnest($4) AS u WHERE n.unit_path = u OR starts_with(n.unit_path, u || '/')))
$$;
