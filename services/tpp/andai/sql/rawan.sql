-- name: jumlah_rawan(periode, hari, semua, units, kode, sebelumnya)^
SELECT count(*)::integer AS orang,
       count(*) FILTER (WHERE status = 'ditahan')::integer AS ditahan,
       count(*) FILTER (WHERE NOT dihitung AND predikat IS NULL)::integer AS belum_dinilai,
       count(*) FILTER (WHERE NOT dihitung AND NOT ada_kehadiran)::integer AS tanpa_kehadiran,
       count(*) FILTER (WHERE NOT dihitung AND NOT ada_gaji)::integer AS tanpa_gaji,
       count(*) FILTER (WHERE status = 'dihitung' AND neto = 0)::integer AS nol,
       count(*) FILTER (WHERE status = 'dihitung' AND potong > 0 AND 4 * potong >= bruto + potong)::integer
           AS potongan_besar,
       count(*) FILTER (WHERE status = 'dihitung' AND neto < lalu AND 4 * (lalu - neto) >= lalu)::integer AS turun
FROM keadaan_tpp(:periode, :hari, :semua, :units, :kode, :sebelumnya);

-- name: rawan(periode, hari, semua, units, kode, sebelumnya, jenis, sesudah_nip, sesudah_id, limit)
SELECT *, unit_path AS unit_kini FROM keadaan_tpp(:periode, :hari, :semua, :units, :kode, :sebelumnya)
WHERE CASE :jenis::text
          WHEN 'ditahan' THEN status = 'ditahan'
          WHEN 'belum_dinilai' THEN NOT dihitung AND predikat IS NULL
          WHEN 'tanpa_kehadiran' THEN NOT dihitung AND NOT ada_kehadiran
          WHEN 'tanpa_gaji' THEN NOT dihitung AND NOT ada_gaji
          WHEN 'nol' THEN status = 'dihitung' AND neto = 0
          WHEN 'potongan_besar' THEN status = 'dihitung' AND potong > 0 AND 4 * potong >= bruto + potong
          WHEN 'turun' THEN status = 'dihitung' AND neto < lalu AND 4 * (lalu - neto) >= lalu
          ELSE status = 'ditahan' OR (NOT dihitung AND (predikat IS NULL OR NOT ada_kehadiran OR NOT ada_gaji))
               OR (status = 'dihitung' AND (neto = 0 OR (potong > 0 AND 4 * potong >= bruto + potong)
                                           OR (neto < lalu AND 4 * (lalu - neto) >= lalu)))
      END
  AND (:sesudah_nip::text IS NULL OR (nip, pegawai_id) > (:sesudah_nip, :sesudah_id::uuid))
ORDER BY nip, pegawai_id LIMIT :limit;

-- name: keadaan_satu(periode, hari, kode, sebelumnya, pegawai_id)^
SELECT *, unit_path AS unit_kini FROM keadaan_tpp(:periode, :hari, true, '{}', :kode, :sebelumnya) WHERE pegawai_id = :pegawai_id;
