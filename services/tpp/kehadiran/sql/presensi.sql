-- name: kenali(nip, tanggal)
-- Whose each day is, and whether its month is locked for them.
SELECT isi.nip, isi.tanggal, p.pegawai_id,
       EXISTS (SELECT FROM tpp_bulan t JOIN penetapan k USING (periode, opd_kode)
               WHERE t.periode = to_char(isi.tanggal, 'YYYY-MM') AND t.pegawai_id = p.pegawai_id
                 AND k.keadaan = 'dikunci') AS terkunci
FROM unnest(:nip::text[], :tanggal::date[]) AS isi(nip, tanggal)
LEFT JOIN LATERAL (SELECT pegawai_id FROM pegawai WHERE pegawai.nip = isi.nip
                   ORDER BY aktif DESC, pegawai.version DESC LIMIT 1) p ON true;

-- name: terakhir(pegawai, tanggal)
SELECT d.* FROM presensi d
JOIN unnest(:pegawai::uuid[], :tanggal::date[]) AS isi(pegawai_id, tanggal) USING (pegawai_id, tanggal);

-- name: terima(pegawai, tanggal, hal, version, pada, event_id)
-- Take what is newer than what was taken before; returns what it changes.
INSERT INTO presensi AS lama (pegawai_id, tanggal, hal, version, pada, event_id)
SELECT * FROM unnest(:pegawai::uuid[], :tanggal::date[], :hal::text[], :version::bigint[], :pada::timestamptz[],
                     :event_id::uuid[])
         AS isi(pegawai_id, tanggal, hal, version, pada, event_id)
ORDER BY pegawai_id, tanggal, hal
ON CONFLICT (pegawai_id, tanggal, hal) DO UPDATE
SET version = excluded.version, pada = excluded.pada, event_id = excluded.event_id
WHERE (lama.version, lama.pada, lama.event_id) < (excluded.version, excluded.pada, excluded.event_id)
RETURNING pegawai_id, tanggal, hal;

-- name: tahan(event_id, nip, tanggal, version, pada, masuk, pulang, keterangan, absen_terlewat, tanpa_apel, tanpa_upacara, cabut, kode, kolom, alasan, perbaikan)!
INSERT INTO presensi_tertahan (event_id, nip, tanggal, version, pada, masuk, pulang, keterangan, absen_terlewat, tanpa_apel,
                               tanpa_upacara, cabut, kode, kolom, alasan, perbaikan)
SELECT * FROM unnest(:event_id::uuid[], :nip::text[], :tanggal::date[], :version::bigint[], :pada::timestamptz[],
                     :masuk::time[], :pulang::time[], :keterangan::text[], :absen_terlewat::smallint[],
                     :tanpa_apel::smallint[], :tanpa_upacara::smallint[], :cabut::text[], :kode::text[],
                     :kolom::text[], :alasan::text[], :perbaikan::text[])
ON CONFLICT (event_id) DO UPDATE
SET kode = excluded.kode, kolom = excluded.kolom, alasan = excluded.alasan, perbaikan = excluded.perbaikan,
    diperiksa_pada = now();

-- name: tertahan_hari(nip, tanggal)
SELECT t.* FROM presensi_tertahan t
JOIN unnest(:nip::text[], :tanggal::date[]) AS isi(nip, tanggal) USING (nip, tanggal);

-- name: lepas(event_id)!
DELETE FROM presensi_tertahan WHERE event_id = ANY (:event_id::uuid[]);

-- name: menunggu_orang(nip)
-- What is held only because nobody was known by this NIP.
SELECT * FROM presensi_tertahan WHERE nip = ANY (:nip::text[]) AND kode = 'tidak_dikenal' ORDER BY nip, tanggal;

-- name: tertahan(semua, units, hari, limit)
-- What is held of the people somebody may send data about, the longest unlooked at first.
SELECT t.* FROM presensi_tertahan t
WHERE :semua::boolean OR EXISTS (
    SELECT FROM pegawai p JOIN penempatan n ON n.pegawai_id = p.pegawai_id AND n.berlaku_mulai <= :hari
                          AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari),
                unnest(:units::text[]) AS u
    WHERE p.nip = t.nip AND (n.unit_path = u OR starts_with(n.unit_path, u || '/')))
ORDER BY t.diperiksa_pada, t.event_id
LIMIT :limit
FOR UPDATE OF t SKIP LOCKED;

-- name: daftar_tertahan(semua, units, hari, sesudah_tanggal, sesudah_id, limit)
-- The same, to be looked at: the newest day first.
SELECT t.event_id, t.nip,
       (SELECT nm.nama FROM pegawai p JOIN nama nm USING (pegawai_id) WHERE p.nip = t.nip
        ORDER BY p.aktif DESC, p.version DESC LIMIT 1) AS nama_pegawai,
       t.tanggal, t.version, t.masuk, t.pulang, t.keterangan, t.absen_terlewat, t.tanpa_apel, t.tanpa_upacara,
       t.cabut, t.kode, t.kolom, t.alasan, t.perbaikan, t.diterima_pada
FROM presensi_tertahan t
WHERE (:semua::boolean OR EXISTS (
        SELECT FROM pegawai p JOIN penempatan n ON n.pegawai_id = p.pegawai_id AND n.berlaku_mulai <= :hari
                              AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari),
                    unnest(:units::text[]) AS u
        WHERE p.nip = t.nip AND (n.unit_path = u OR starts_with(n.unit_path, u || '/'))))
  AND (:sesudah_tanggal::date IS NULL OR (t.tanggal, t.event_id) < (:sesudah_tanggal, :sesudah_id::uuid))
ORDER BY t.tanggal DESC, t.event_id DESC
LIMIT :limit;

-- name: buang_lama(sebelum)!
DELETE FROM presensi_tertahan WHERE tanggal < :sebelum;

-- name: masih_tertahan(event_id)$
SELECT count(*)::integer FROM presensi_tertahan WHERE event_id = ANY (:event_id::uuid[]);
