-- name: kunci_periode(periode)^
-- The month, held still: facts of the month, parts in progress and decisions on OPDs wait.
SELECT * FROM periode WHERE periode = :periode FOR UPDATE;

-- name: periode(periode)^
SELECT * FROM periode WHERE periode = :periode;

-- name: tahan_periode(periode)^
-- The month, held against changes but not against other parts.
SELECT version, keadaan FROM periode WHERE periode = :periode FOR SHARE;

-- name: ada_terkunci(periode)$
SELECT EXISTS (SELECT FROM penetapan WHERE periode = :periode AND keadaan = 'dikunci');

-- name: buka_khusus(periode, dasar, nama, dibayar)!
-- An extra payment, in the state of the month it is based on; it is held from now on.
INSERT INTO periode AS known (periode, version, keadaan, lengkap_version, final_version, dasar, nama, dibayar)
SELECT :periode, version, keadaan, lengkap_version, final_version, :dasar, :nama, :dibayar FROM periode WHERE periode = :dasar
ON CONFLICT (periode) DO UPDATE
SET version = excluded.version, keadaan = excluded.keadaan, lengkap_version = excluded.lengkap_version,
    final_version = excluded.final_version, dasar = excluded.dasar, nama = excluded.nama, dibayar = excluded.dibayar;

-- name: barrier(name, periode)^
-- What the inbox knows of a barrier: facts still lacking, or NULL before its first look.
SELECT version, missing FROM kernel.barrier WHERE name = :name AND periode = :periode AND done_at IS NULL;

-- name: terakhir(periode)^
-- The newest run with its progress.
SELECT h.*, count(b.*)::integer AS bagian, count(b.selesai_pada)::integer AS bagian_selesai,
       count(DISTINCT b.pekerja) FILTER (WHERE b.pekerja <> '')::integer AS pekerja,
       coalesce(sum(cardinality(b.pegawai_ids)) FILTER (WHERE b.selesai_pada IS NOT NULL), 0)::integer AS orang_selesai
FROM perhitungan h LEFT JOIN perhitungan_bagian b USING (periode, nomor)
WHERE h.periode = :periode
GROUP BY h.periode, h.nomor ORDER BY h.nomor DESC LIMIT 1;

-- name: jumlah(periode)^
SELECT dihitung, ditahan FROM jumlah_tpp(:periode);

-- name: jumlah_roster(periode, version)$
-- Of a month.
SELECT count(*)::integer FROM roster_penutupan(:periode, :version);

-- name: mulai(periode, nomor, version, kebijakan_id, pegawai)!
INSERT INTO perhitungan (periode, nomor, untuk_version, kebijakan_id, keadaan, pegawai)
VALUES (:periode, :nomor, :version, :kebijakan_id, 'berjalan', :pegawai);

-- name: bagi(periode, nomor, bagian, dasar, version)!
-- Everyone of the closing of the month `dasar`, in parts of equal size. The people of a part are neighbours by their id, so a part reads and
-- writes its own stretch of every index.
INSERT INTO perhitungan_bagian (periode, nomor, bagian, pegawai_ids)
SELECT :periode, :nomor, bagian, array_agg(pegawai_id ORDER BY pegawai_id)
FROM (SELECT pegawai_id, ntile(:bagian::integer) OVER (ORDER BY pegawai_id) - 1 AS bagian
      FROM roster_penutupan(:dasar, :version)) AS siapa
GROUP BY bagian;

-- name: bagian_sisa(periode, nomor)
-- Parts that are still to be done.
SELECT bagian FROM perhitungan_bagian
WHERE periode = :periode AND nomor = :nomor AND selesai_pada IS NULL ORDER BY bagian;

-- name: ambil_bagian(periode, nomor, bagian)^
-- One part, held, unless it is done or its run is paused or over. A worker that dies lets go of it with its connection.
SELECT b.pegawai_ids, h.untuk_version, h.kebijakan_id
FROM perhitungan_bagian b JOIN perhitungan h USING (periode, nomor)
WHERE b.periode = :periode AND b.nomor = :nomor AND b.bagian = :bagian AND b.selesai_pada IS NULL
  AND h.keadaan = 'berjalan' AND h.dijeda_pada IS NULL
FOR UPDATE OF b;

-- name: jeda(periode, nomor, nama)!
UPDATE perhitungan SET dijeda_pada = now(), dijeda_nama = :nama
WHERE periode = :periode AND nomor = :nomor;

-- name: lanjutkan(periode, nomor)!
UPDATE perhitungan SET dijeda_pada = NULL, dijeda_nama = '', penyerahan = penyerahan + 1
WHERE periode = :periode AND nomor = :nomor;

-- name: tandai_bagian(periode, nomor, bagian, pekerja)!
UPDATE perhitungan_bagian SET selesai_pada = now(), pekerja = :pekerja
WHERE periode = :periode AND nomor = :nomor AND bagian = :bagian;

-- name: kemajuan(periode, nomor)$
SELECT avg((selesai_pada IS NOT NULL)::integer)::float8 FROM perhitungan_bagian
WHERE periode = :periode AND nomor = :nomor;

-- name: batalkan(periode, nomor)!
UPDATE perhitungan SET keadaan = 'dibatalkan', selesai_pada = now()
WHERE periode = :periode AND nomor = :nomor AND keadaan = 'berjalan';

-- name: fakta(ids, hari, periode, masa)
-- What one part is computed from (facts of the month `periode`), and the figures there are (of what is paid, `masa`). The segment of the month's last day decides. Each table
-- is told the people itself: one walk along its index instead of a descent for everyone.
SELECT p.pegawai_id, p.nip, coalesce(n.status, p.status) AS status_pegawai, n.bertugas, p.version AS v_pegawai,
       n.kelas, n.golongan, n.plt_kelas, coalesce(n.opd_kode, '') AS opd_kode, coalesce(n.unit_path, '') AS unit_path,
       d.predikat, coalesce(d.skp_disetujui, false) AS skp_disetujui, coalesce(d.version, 0) AS v_penilaian,
       nullif(d.alasan, '[]') AS alasan_penilaian,
       h.hadir, h.cuti, h.tanpa_keterangan, h.terlambat, h.pulang_cepat, h.tanpa_masuk, h.tanpa_pulang,
       h.cuti_kode, h.cuti_hari, h.hari_kerja, h.absen_terlewat, h.tanpa_apel, h.tanpa_upacara,
       CASE WHEN h.tanpa_data > 0 THEN hari_tanpa_data(h, true) ELSE 0 END AS hari_tanpa_data,
       coalesce(h.version, 0) AS v_kehadiran, g.gaji, g.mulai AS gaji_mulai, g.dicabut AS gaji_dicabut,
       n.status IS NOT NULL AS status_bertanggal, coalesce(g.version, 0) AS v_gaji, coalesce(v.version, 0) AS v_lain,
       t.version, t.nip AS lama_nip, t.opd_kode AS lama_opd, t.unit_path AS lama_unit, t.status AS lama_status,
       t.bruto, t.potongan, t.neto, t.baris, t.iuran, t.alasan, t.masukan, t.kebijakan_id
FROM pegawai p
LEFT JOIN penempatan n ON n.pegawai_id = p.pegawai_id AND n.pegawai_id = ANY (:ids::uuid[])
                      AND n.berlaku_mulai <= :hari AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
LEFT JOIN penilaian d ON d.pegawai_id = p.pegawai_id AND d.pegawai_id = ANY (:ids::uuid[]) AND d.periode = :periode
LEFT JOIN kehadiran_bulan h ON h.pegawai_id = p.pegawai_id AND h.pegawai_id = ANY (:ids::uuid[])
                           AND h.periode = :periode AND h.ada
LEFT JOIN (SELECT pegawai_id, (array_agg(gaji ORDER BY mulai DESC) FILTER (WHERE NOT dicabut))[1] AS gaji,
                  max(mulai) FILTER (WHERE NOT dicabut) AS mulai, sum(version)::bigint AS version,
                  array_agg(gaji) FILTER (WHERE dicabut AND mulai > '2000-01-01') AS dicabut
           FROM gaji WHERE pegawai_id = ANY (:ids::uuid[]) AND mulai <= :hari GROUP BY pegawai_id) g
       ON g.pegawai_id = p.pegawai_id
LEFT JOIN versi_lain(:ids::uuid[], :periode, :hari) v ON v.pegawai_id = p.pegawai_id
LEFT JOIN tpp_bulan t ON t.pegawai_id = p.pegawai_id AND t.pegawai_id = ANY (:ids::uuid[]) AND t.periode = :masa
WHERE p.pegawai_id = ANY (:ids::uuid[]);

-- name: opd_terkunci(periode)
SELECT opd_kode FROM penetapan WHERE periode = :periode AND keadaan = 'dikunci';

-- name: pindahkan_lama(periode, ids)!
-- Figures about to be replaced move to the history.
WITH lama AS (
    DELETE FROM tpp_bulan WHERE periode = :periode AND pegawai_id = ANY (:ids::uuid[])
    RETURNING pegawai_id, periode, version, nomor, kebijakan_id, nip, opd_kode, unit_path, status, bruto, potongan, neto,
              baris, alasan, masukan, v_pegawai, v_penilaian, v_kehadiran, v_gaji, v_lain, dihitung_pada, iuran
)
INSERT INTO tpp_riwayat (pegawai_id, periode, version, nomor, kebijakan_id, nip, opd_kode, unit_path, status, bruto,
                         potongan, neto, baris, alasan, masukan, v_pegawai, v_penilaian, v_kehadiran, v_gaji, v_lain,
                         dihitung_pada, iuran, diganti_pada)
SELECT lama.*, now() FROM lama;

-- name: selesai_dibagi()^
-- A run whose parts are all done, to be brought to its end by one worker.
SELECT h.* FROM perhitungan h
WHERE h.keadaan = 'berjalan' AND NOT EXISTS (
    SELECT FROM perhitungan_bagian b
    WHERE b.periode = h.periode AND b.nomor = h.nomor AND b.selesai_pada IS NULL)
LIMIT 1
FOR UPDATE SKIP LOCKED;

-- name: tidak_lagi(periode, nomor)
-- Figures of people whom the newest closing no longer names, unless locked or held for that already.
SELECT t.* FROM tpp_bulan t
WHERE t.periode = :periode
  AND t.pegawai_id NOT IN (SELECT unnest(pegawai_ids) FROM perhitungan_bagian
                           WHERE periode = :periode AND nomor = :nomor)
  AND NOT EXISTS (SELECT FROM penetapan k
                  WHERE k.periode = t.periode AND k.opd_kode = t.opd_kode AND k.keadaan = 'dikunci');

-- name: buka_penetapan(periode)!
-- Every OPD that has figures gets its row of decisions.
INSERT INTO penetapan (periode, opd_kode, opd_nama, opd_path)
SELECT DISTINCT ON (opd_kode) :periode, opd_kode, opd_nama, opd_path
FROM penempatan
WHERE opd_kode IN (SELECT opd_kode FROM tpp_bulan WHERE periode = :periode)
ORDER BY opd_kode, berlaku_mulai DESC, opd_nama
ON CONFLICT DO NOTHING;

-- name: selesaikan(periode, nomor)!
UPDATE perhitungan SET keadaan = 'selesai', selesai_pada = now() WHERE periode = :periode AND nomor = :nomor;

-- name: opd_berubah(periode, nomor)
-- OPDs with a figure that this run changed, on either side of a move.
SELECT opd_kode FROM tpp_bulan WHERE periode = :periode AND nomor = :nomor
UNION
SELECT r.opd_kode FROM tpp_riwayat r JOIN tpp_bulan t USING (periode, pegawai_id)
WHERE t.periode = :periode AND t.nomor = :nomor AND r.version = t.version - 1
ORDER BY opd_kode;

-- name: khusus()
-- Extra payments that were computed, the newest first, each with its newest run.
SELECT m.periode, m.nama, m.dasar, m.keadaan, h.keadaan AS perhitungan, h.untuk_version = m.version AS terkini
FROM periode m
LEFT JOIN LATERAL (SELECT * FROM perhitungan h WHERE h.periode = m.periode ORDER BY nomor DESC LIMIT 1) h ON true
WHERE m.dasar IS NOT NULL
ORDER BY m.periode DESC LIMIT 24;

-- name: bulan()
-- Months known here, the newest first, each with its newest run; an extra payment after the month it is based on.
SELECT m.periode, m.nama, m.keadaan, h.nomor, h.keadaan AS perhitungan, h.untuk_version = m.version AS terkini,
       h.selesai_pada
FROM periode m
LEFT JOIN LATERAL (SELECT * FROM perhitungan h WHERE h.periode = m.periode ORDER BY nomor DESC LIMIT 1) h ON true
WHERE m.keadaan <> 'belum_dibuka'
ORDER BY coalesce(m.dasar, m.periode) DESC, m.periode LIMIT 36;
