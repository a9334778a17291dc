-- name: segmen(ids, awal, akhir, semua, pindah)
-- The month of people whose placement changes within it (`semua`), or who are not in service all of it, or who are named
-- (`pindah`), part by part.
SELECT n.pegawai_id, greatest(n.berlaku_mulai, :awal::date) AS mulai,
       least(coalesce(n.berlaku_sampai - 1, :akhir::date), :akhir::date) AS sampai,
       n.kelas, n.golongan, n.plt_kelas, n.plt_mulai, n.plt_jabatan, n.jabatan_nama, n.jenis_jabatan, n.unit_path, n.opd_kode, coalesce(n.status, p.status) AS status, n.bertugas, n.sebab, n.henti_mulai
FROM penempatan n JOIN pegawai p USING (pegawai_id)
WHERE n.pegawai_id IN (SELECT pegawai_id FROM penempatan
                       WHERE :semua::boolean AND pegawai_id = ANY (:ids::uuid[])
                         AND berlaku_mulai > :awal AND berlaku_mulai <= :akhir
                       UNION ALL
                       SELECT pegawai_id FROM penempatan
                       WHERE NOT bertugas AND pegawai_id = ANY (:ids::uuid[])
                         AND berlaku_mulai <= :akhir AND (berlaku_sampai IS NULL OR berlaku_sampai > :awal)
                       UNION ALL
                       SELECT unnest(:pindah::uuid[]))
  AND n.berlaku_mulai <= :akhir AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :awal)
ORDER BY n.pegawai_id, n.berlaku_mulai;

-- name: terlengkap()$
-- The last month whose closing is complete here: every fact of everyone, until its last day. It stays so when it is opened again.
SELECT max(periode) FROM periode WHERE lengkap_version > 0 AND masa_bulanan(periode);

-- name: tugas_plt(ids, hari)
-- The acting duties of some people, and the last day of each as it is known, at most until a day (`hari`).
SELECT pegawai_id, plt_mulai, max(least(coalesce(berlaku_sampai - 1, :hari::date), :hari)) AS sampai
FROM penempatan WHERE pegawai_id = ANY (:ids::uuid[]) AND plt_mulai IS NOT NULL
GROUP BY pegawai_id, plt_mulai;

-- name: hari_kerja(ids, awal, akhir)
SELECT pegawai_id, array_agg(tanggal) AS tanggal FROM jadwal_kerja(:ids::uuid[], :awal, :akhir) GROUP BY pegawai_id;

-- name: jabatan(ids, hari)
SELECT pegawai_id, jabatan_nama, jenis_jabatan, unit_path, opd_kode, plt_mulai, plt_jabatan, bertugas FROM penempatan
WHERE pegawai_id = ANY (:ids::uuid[]) AND berlaku_mulai <= :hari AND (berlaku_sampai IS NULL OR berlaku_sampai > :hari);

-- name: predikat(ids, periode)
SELECT pegawai_id, predikat, skp_disetujui FROM penilaian
WHERE periode = :periode AND pegawai_id = ANY (:ids::uuid[]);

-- name: hari_kejadian(ids, periode)
-- The days of the minutes late and left early, of whom they are known.
SELECT pegawai_id, hari_terlambat, hari_pulang_cepat FROM kehadiran_bulan
WHERE periode = :periode AND pegawai_id = ANY (:ids::uuid[]) AND ada AND hari_terlambat IS NOT NULL;
