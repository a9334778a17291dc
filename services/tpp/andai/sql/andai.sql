-- name: bulan_terhitung(limit)
-- Months (no extra payments) with a finished run, the newest first, and how many have figures in them.
SELECT h.periode, max(h.pegawai)::integer AS orang FROM perhitungan h
WHERE h.keadaan = 'selesai' AND masa_bulanan(h.periode)
GROUP BY h.periode ORDER BY h.periode DESC LIMIT :limit;

-- name: khusus_selesai(tahun)
-- Extra payments of these years with a finished run.
SELECT m.periode, m.nama, m.dasar FROM periode m
WHERE m.dasar IS NOT NULL AND left(m.periode, 4) = ANY (:tahun::text[])
  AND EXISTS (SELECT FROM perhitungan h WHERE h.periode = m.periode AND h.keadaan = 'selesai');

-- name: mulai(andai_id, nama, sidik, dokumen, bulan, khusus, oleh, oleh_nama)!
INSERT INTO andai (andai_id, nama, sidik, dokumen, bulan, khusus, orang, oleh, oleh_nama)
VALUES (:andai_id, :nama, :sidik, :dokumen, :bulan, :khusus::jsonb, 0, :oleh, :oleh_nama);

-- name: bagi(andai_id, bulan, ukuran)!
-- Everyone with a figure in these months, in parts of neighbours by id.
INSERT INTO andai_bagian (andai_id, bagian, periode, dari, sampai, orang)
SELECT :andai_id, (row_number() OVER (ORDER BY periode, bagian))::integer, periode,
       (array_agg(pegawai_id ORDER BY pegawai_id))[1], (array_agg(pegawai_id ORDER BY pegawai_id DESC))[1],
       count(*)::integer
FROM (SELECT periode, pegawai_id,
             (row_number() OVER (PARTITION BY periode ORDER BY pegawai_id) - 1) / :ukuran::integer AS bagian
      FROM tpp_bulan WHERE periode = ANY (:bulan::text[])) AS siapa
GROUP BY periode, bagian;

-- name: bagi_khusus(andai_id, masa, sumber, ukuran)!
-- Everyone who is paid an extra payment, as figures of `sumber` say, in further parts.
INSERT INTO andai_bagian (andai_id, bagian, periode, dari, sampai, orang)
SELECT :andai_id, ((SELECT coalesce(max(bagian), 0) FROM andai_bagian WHERE andai_id = :andai_id)
                   + row_number() OVER (ORDER BY bagian))::integer, :masa,
       (array_agg(pegawai_id ORDER BY pegawai_id))[1], (array_agg(pegawai_id ORDER BY pegawai_id DESC))[1],
       count(*)::integer
FROM (SELECT pegawai_id, (row_number() OVER (ORDER BY pegawai_id) - 1) / :ukuran::integer AS bagian
      FROM (SELECT DISTINCT pegawai_id FROM tpp_bulan WHERE periode = ANY (:sumber::text[])) AS semua) AS siapa
GROUP BY bagian;

-- name: hitung_orang(andai_id)$
UPDATE andai SET orang = (SELECT coalesce(sum(orang), 0) FROM andai_bagian WHERE andai_id = :andai_id)
WHERE andai_id = :andai_id RETURNING orang;

-- name: berjalan_milik(oleh)$
SELECT count(*)::integer FROM andai WHERE oleh = :oleh AND keadaan = 'berjalan';

-- name: ambil(andai_id)^
-- A part nobody works on, of this one or of any. A worker that dies lets go of it with its connection.
SELECT b.andai_id, b.bagian, b.periode, b.dari, b.sampai, a.dokumen, a.bulan, a.khusus
FROM andai_bagian b JOIN andai a USING (andai_id)
WHERE b.hasil IS NULL AND a.keadaan = 'berjalan' AND (:andai_id::uuid IS NULL OR b.andai_id = :andai_id)
ORDER BY b.andai_id, b.bagian LIMIT 1
FOR UPDATE OF b SKIP LOCKED;

-- name: orang(periode, dari, sampai, sumber)
-- The figures of one stretch with the inputs they followed from, and the predikat of the month that the policy takes it
-- from.
SELECT t.pegawai_id, t.opd_kode, t.unit_path, t.status, t.bruto, t.neto, t.iuran, t.masukan, t.alasan, t.kebijakan_id,
       d.predikat AS predikat_sumber, coalesce(d.skp_disetujui, false) AS skp_sumber
FROM tpp_bulan t
LEFT JOIN penilaian d ON d.pegawai_id = t.pegawai_id AND d.periode = :sumber
                     AND d.pegawai_id BETWEEN :dari AND :sampai
WHERE t.periode = :periode AND t.pegawai_id BETWEEN :dari AND :sampai;

-- name: simpan_bagian(andai_id, bagian, hasil)!
UPDATE andai_bagian SET hasil = :hasil::jsonb WHERE andai_id = :andai_id AND bagian = :bagian;

-- name: selesai_dibagi(andai_id)^
-- One whose parts are all done, to be brought to its end by one worker.
SELECT a.andai_id, a.bulan FROM andai a
WHERE a.keadaan = 'berjalan' AND (:andai_id::uuid IS NULL OR a.andai_id = :andai_id)
  AND NOT EXISTS (SELECT FROM andai_bagian b WHERE b.andai_id = a.andai_id AND b.hasil IS NULL)
ORDER BY a.andai_id LIMIT 1
FOR UPDATE SKIP LOCKED;

-- name: hasil_bagian(andai_id)
SELECT periode, hasil FROM andai_bagian WHERE andai_id = :andai_id ORDER BY bagian;

-- name: nama_opd()
SELECT DISTINCT ON (opd_kode) opd_kode, opd_nama FROM penempatan ORDER BY opd_kode, berlaku_mulai DESC, opd_nama;

-- name: selesaikan(andai_id, hasil)!
UPDATE andai SET keadaan = 'selesai', hasil = :hasil::jsonb, selesai_pada = clock_timestamp() WHERE andai_id = :andai_id;

-- name: buang_bagian(andai_id)!
DELETE FROM andai_bagian WHERE andai_id = :andai_id;

-- name: satu(andai_id)^
SELECT a.andai_id, a.nama, a.sidik, a.bulan, a.khusus, a.keadaan, a.orang, a.oleh, a.oleh_nama, a.mulai_pada, a.selesai_pada,
       CASE WHEN a.keadaan = 'selesai' THEN a.orang
            ELSE coalesce((SELECT sum(b.orang) FROM andai_bagian b
                           WHERE b.andai_id = a.andai_id AND b.hasil IS NOT NULL), 0)::integer END AS orang_selesai
FROM andai a WHERE a.andai_id = :andai_id;

-- name: hasil(andai_id)$
SELECT hasil FROM andai WHERE andai_id = :andai_id;

-- name: daftar(sesudah_mulai, sesudah_id, limit)
SELECT a.andai_id, a.nama, a.sidik, a.bulan, a.khusus, a.keadaan, a.orang, a.oleh, a.oleh_nama, a.mulai_pada, a.selesai_pada,
       CASE WHEN a.keadaan = 'selesai' THEN a.orang
            ELSE coalesce((SELECT sum(b.orang) FROM andai_bagian b
                           WHERE b.andai_id = a.andai_id AND b.hasil IS NOT NULL), 0)::integer END AS orang_selesai
FROM andai a
WHERE :sesudah_mulai::timestamptz IS NULL OR (a.mulai_pada, a.andai_id) < (:sesudah_mulai, :sesudah_id::uuid)
ORDER BY a.mulai_pada DESC, a.andai_id DESC
LIMIT :limit;

-- name: hapus(andai_id)!
DELETE FROM andai WHERE andai_id = :andai_id;
