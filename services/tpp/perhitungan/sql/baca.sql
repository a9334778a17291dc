-- name: slip(periode, pegawai_id, hari)^
-- One person's month: the figure if there is one, else the provisional one, else only where the person works.
-- `pembaruan`: why the figure is older than what is known: its month is open again, or closed again and not computed.
SELECT p.pegawai_id, m.nama AS nama_masa, coalesce(t.nip, s.nip, p.nip) AS nip, nm.nama AS nama_pegawai,
       coalesce(t.unit_path, s.unit_path, n.unit_path) AS unit_path,
       coalesce(t.opd_kode, s.opd_kode) AS opd_kode, t.pegawai_id IS NULL AS sementara,
       coalesce(t.version, s.v_penilaian) AS version, coalesce(t.status, s.status) AS status,
       coalesce(t.bruto, s.bruto) AS bruto, coalesce(t.potongan, s.potongan) AS potongan,
       coalesce(t.neto, s.neto) AS neto, coalesce(t.baris, s.baris) AS baris, coalesce(t.iuran, s.iuran) AS iuran,
       coalesce(t.alasan, s.alasan) AS alasan, coalesce(t.masukan, s.masukan) AS masukan,
       CASE WHEN t.pegawai_id IS NULL THEN p.version ELSE t.v_pegawai END AS v_pegawai,
       coalesce(t.dihitung_pada, s.dihitung_pada) AS dihitung_pada,
       CASE WHEN t.pegawai_id IS NULL THEN s.andaian ELSE '[]' END AS andaian,
       k.kebijakan_id, k.nama AS kebijakan_nama, k.sidik, k.dokumen, o.keadaan AS penetapan,
       b.keadaan AS bayar, b.referensi, b.dibayar_pada, b.alasan AS alasan_bayar,
       coalesce(b.dibatalkan, false) AS ditarik,
       n.atasan_id, n.unit_path AS unit_kini, coalesce(o.opd_path, n.opd_path) AS opd_path,
       CASE WHEN t.pegawai_id IS NULL THEN NULL
            WHEN m.keadaan <> 'ditutup' THEN 'dibuka_kembali'
            WHEN NOT EXISTS (SELECT FROM perhitungan h WHERE h.periode = m.periode AND h.keadaan = 'selesai'
                                                         AND h.untuk_version = m.version) THEN 'dihitung_ulang'
       END AS pembaruan
FROM pegawai p
LEFT JOIN nama nm USING (pegawai_id)
LEFT JOIN periode m ON m.periode = :periode
LEFT JOIN penempatan n ON n.pegawai_id = p.pegawai_id AND n.berlaku_mulai <= :hari
                      AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > :hari)
LEFT JOIN tpp_bulan t ON t.periode = :periode AND t.pegawai_id = p.pegawai_id
LEFT JOIN tpp_sementara s ON s.periode = :periode AND s.pegawai_id = p.pegawai_id
LEFT JOIN kebijakan k ON k.kebijakan_id = coalesce(t.kebijakan_id, s.kebijakan_id)
LEFT JOIN penetapan o ON o.periode = t.periode AND o.opd_kode = t.opd_kode
LEFT JOIN pembayaran b ON b.periode = t.periode AND b.pegawai_id = t.pegawai_id
WHERE p.pegawai_id = :pegawai_id;

-- name: daftar(periode, opd, nama, nip, status, semua, units, sesudah_opd, sesudah_nip, sesudah_id, limit)
SELECT t.pegawai_id, t.nip, nm.nama AS nama_pegawai, t.opd_kode, t.status, t.bruto, t.potongan, t.neto, t.alasan,
       b.keadaan AS bayar, coalesce(b.dibatalkan, false) AS ditarik
FROM tpp_bulan t
LEFT JOIN nama nm ON nm.pegawai_id = t.pegawai_id
LEFT JOIN pembayaran b ON b.periode = t.periode AND b.pegawai_id = t.pegawai_id
WHERE t.periode = :periode
  AND (:opd::text IS NULL OR t.opd_kode = :opd)
  AND (:nama::text IS NULL OR t.nip LIKE :nip
       OR t.pegawai_id IN (SELECT pegawai_id FROM nama WHERE nama.nama ILIKE :nama))
  AND (:status::text IS NULL OR t.status = :status)
  AND (:semua::boolean OR EXISTS (SELECT FROM unnest(:units::text[]) AS u
                                  WHERE t.unit_path = u OR starts_with(t.unit_path, u || '/')))
  AND (:sesudah_opd::text IS NULL
       OR (t.opd_kode, t.nip, t.pegawai_id) > (:sesudah_opd, :sesudah_nip::text, :sesudah_id::uuid))
ORDER BY t.opd_kode, t.nip, t.pegawai_id
LIMIT :limit;

-- name: opd(periode, semua, units)
-- The OPDs that have somebody in a month: from one code to the next in the index, not over everyone.
WITH RECURSIVE kode AS (
    (SELECT opd_kode FROM tpp_bulan WHERE periode = :periode ORDER BY opd_kode LIMIT 1)
    UNION ALL
    SELECT (SELECT t.opd_kode FROM tpp_bulan t
            WHERE t.periode = :periode AND t.opd_kode > kode.opd_kode ORDER BY t.opd_kode LIMIT 1)
    FROM kode WHERE kode.opd_kode IS NOT NULL
)
SELECT kode.opd_kode, coalesce(k.opd_nama, 'Tanpa OPD') AS opd_nama
FROM kode
LEFT JOIN penetapan k ON k.periode = :periode AND k.opd_kode = kode.opd_kode
WHERE kode.opd_kode IS NOT NULL
  AND (:semua::boolean OR EXISTS (
        SELECT FROM tpp_bulan t, unnest(:units::text[]) AS u
        WHERE t.periode = :periode AND t.opd_kode = kode.opd_kode
          AND (t.unit_path = u OR starts_with(t.unit_path, u || '/'))))
ORDER BY kode.opd_kode;

-- name: rekap(periode, semua, units)
-- What an OPD is called is looked up once it is added up.
SELECT j.*, coalesce(k.opd_nama, 'Tanpa OPD') AS opd_nama, coalesce(k.keadaan, 'draf') AS penetapan
FROM (
    SELECT t.opd_kode, count(*)::integer AS pegawai,
           count(*) FILTER (WHERE t.status = 'dihitung')::integer AS dihitung,
           count(*) FILTER (WHERE t.status = 'ditahan')::integer AS ditahan,
           sum(t.bruto)::bigint AS bruto, sum(t.potongan)::bigint AS potongan, sum(t.neto)::bigint AS neto,
           count(*) FILTER (WHERE b.keadaan = 'dibayar')::integer AS dibayar,
           coalesce(sum(b.neto) FILTER (WHERE b.keadaan = 'dibayar'), 0)::bigint AS dibayar_rupiah,
           count(*) FILTER (WHERE b.keadaan = 'gagal' AND NOT b.dibatalkan)::integer AS gagal,
           count(*) FILTER (WHERE b.keadaan = 'gagal' AND b.dibatalkan)::integer AS ditarik
    FROM tpp_bulan t
    LEFT JOIN pembayaran b ON b.periode = t.periode AND b.pegawai_id = t.pegawai_id
    WHERE t.periode = :periode
      AND (:semua::boolean OR EXISTS (SELECT FROM unnest(:units::text[]) AS u
                                      WHERE t.unit_path = u OR starts_with(t.unit_path, u || '/')))
    GROUP BY t.opd_kode
) j
LEFT JOIN penetapan k ON k.periode = :periode AND k.opd_kode = j.opd_kode
ORDER BY j.opd_kode;

-- name: bulan_terakhir(pegawai_id)$
SELECT m.periode FROM periode m
WHERE masa_bulanan(m.periode) AND (EXISTS (SELECT FROM tpp_bulan t WHERE t.periode = m.periode AND t.pegawai_id = :pegawai_id)
   OR EXISTS (SELECT FROM tpp_sementara s WHERE s.periode = m.periode AND s.pegawai_id = :pegawai_id))
ORDER BY m.periode DESC LIMIT 1;

-- name: bulan_saya(pegawai_id, limit)
-- One's months, the newest first: the figure if there is one, else the provisional one. Extra payments come after the
-- month they are based on.
SELECT m.periode, m.nama, t.pegawai_id IS NULL AS sementara, coalesce(t.status, s.status) AS status,
       coalesce(t.bruto, s.bruto) AS bruto, coalesce(t.potongan, s.potongan) AS potongan,
       coalesce(t.neto, s.neto) AS neto, o.keadaan AS penetapan, b.keadaan AS bayar,
       coalesce(b.dibatalkan, false) AS ditarik,
       CASE WHEN t.pegawai_id IS NULL THEN NULL
            WHEN m.keadaan <> 'ditutup' THEN 'dibuka_kembali'
            WHEN NOT EXISTS (SELECT FROM perhitungan h WHERE h.periode = m.periode AND h.keadaan = 'selesai'
                                                         AND h.untuk_version = m.version) THEN 'dihitung_ulang'
       END AS pembaruan
FROM periode m
LEFT JOIN tpp_bulan t ON t.periode = m.periode AND t.pegawai_id = :pegawai_id
LEFT JOIN tpp_sementara s ON s.periode = m.periode AND s.pegawai_id = :pegawai_id
LEFT JOIN penetapan o ON o.periode = t.periode AND o.opd_kode = t.opd_kode
LEFT JOIN pembayaran b ON b.periode = t.periode AND b.pegawai_id = t.pegawai_id
WHERE t.pegawai_id IS NOT NULL OR s.pegawai_id IS NOT NULL
ORDER BY coalesce(m.dasar, m.periode) DESC, m.periode
LIMIT :limit;
-- name: pegawai_dari_nip(nip)$
SELECT pegawai_id FROM pegawai WHERE nip = :nip;

-- name: keberatan_slip(periode, pegawai_id)
-- The newest objection to each line of a slip that was not taken back.
SELECT DISTINCT ON (baris) keberatan_id, baris, keadaan, diajukan_pada, diputus_nama, diputus_pada, jawaban
FROM keberatan WHERE periode = :periode AND pegawai_id = :pegawai_id AND keadaan <> 'ditarik'
ORDER BY baris, keberatan_id DESC;
