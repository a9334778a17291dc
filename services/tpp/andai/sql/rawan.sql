-- name: rawan(periode, hari, semua, units, sebelumnya, sumber, predikat, kehadiran, gaji, jenis, sesudah_nip, sesudah_id, limit)
-- The sums over everyone, and beside them the people of one page; a row of sums alone when there is nobody. Everyone is
-- looked at once, for what has to be known to settle who is shown; the rest is read of those alone, one by one (OFFSET 0
-- keeps the planner from reading everyone again). `predikat`, `kehadiran`, `gaji`: whether the month's policy waits for them.
WITH tanda AS MATERIALIZED (
    SELECT pegawai_id, nip, coalesce(status = 'ditahan', false) AS ditahan,
           :predikat::boolean AND NOT dihitung AND predikat IS NULL AS belum_dinilai,
           :kehadiran::boolean AND NOT dihitung AND NOT ada_kehadiran AS tanpa_kehadiran,
           :gaji::boolean AND NOT dihitung AND NOT ada_gaji AS tanpa_gaji, data_kurang, status = 'dihitung' AND neto = 0 AS nol,
           status = 'dihitung' AND potong > 0 AND 4 * potong >= bruto + potong AS potongan_besar,
           status = 'dihitung' AND neto < lalu AND 4 * (lalu - neto) >= lalu AS turun
    FROM keadaan_tpp(:periode, :hari, :semua, :units, :sebelumnya, :sumber)
), tampil AS (
    SELECT * FROM tanda
    WHERE CASE :jenis::text
              WHEN 'ditahan' THEN ditahan
              WHEN 'belum_dinilai' THEN belum_dinilai
              WHEN 'tanpa_kehadiran' THEN tanpa_kehadiran
              WHEN 'tanpa_gaji' THEN tanpa_gaji
              WHEN 'data_kurang' THEN data_kurang
              WHEN 'nol' THEN nol
              WHEN 'potongan_besar' THEN potongan_besar
              WHEN 'turun' THEN turun
              ELSE ditahan OR belum_dinilai OR tanpa_kehadiran OR tanpa_gaji OR data_kurang OR nol OR potongan_besar OR turun
          END
      AND (:sesudah_nip::text IS NULL OR (nip, pegawai_id) > (:sesudah_nip, :sesudah_id::uuid))
    ORDER BY nip, pegawai_id LIMIT :limit
)
SELECT j.*, k.*, k.unit_path AS unit_kini, (SELECT nama FROM nama WHERE pegawai_id = k.pegawai_id) AS nama_pegawai
FROM (
    SELECT count(*)::integer AS jumlah_orang,
           count(*) FILTER (WHERE ditahan)::integer AS jumlah_ditahan,
           count(*) FILTER (WHERE belum_dinilai)::integer AS jumlah_belum_dinilai,
           count(*) FILTER (WHERE tanpa_kehadiran)::integer AS jumlah_tanpa_kehadiran,
           count(*) FILTER (WHERE tanpa_gaji)::integer AS jumlah_tanpa_gaji,
           count(*) FILTER (WHERE data_kurang)::integer AS jumlah_data_kurang,
           count(*) FILTER (WHERE nol)::integer AS jumlah_nol,
           count(*) FILTER (WHERE potongan_besar)::integer AS jumlah_potongan_besar,
           count(*) FILTER (WHERE turun)::integer AS jumlah_turun
    FROM tanda
) j
LEFT JOIN (
    tampil
    JOIN LATERAL (
        SELECT * FROM keadaan_tpp(:periode, :hari, :semua, :units, :sebelumnya, :sumber) o
        WHERE o.pegawai_id = tampil.pegawai_id OFFSET 0
    ) k ON true
) ON true
ORDER BY k.nip, k.pegawai_id;

-- name: keadaan_satu(periode, hari, sebelumnya, sumber, pegawai_id)^
SELECT *, unit_path AS unit_kini FROM keadaan_tpp(:periode, :hari, true, '{}', :sebelumnya, :sumber) WHERE pegawai_id = :pegawai_id;
