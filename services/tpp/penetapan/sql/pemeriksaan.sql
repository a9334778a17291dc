-- name: temuan(periode, sebelum, opd, persen)
SELECT * FROM temuan_tpp(:periode, :sebelum, ARRAY[:opd::text], :persen) ORDER BY jenis, nip, pegawai_id;

-- name: jumlah_temuan(periode, sebelum, opd, persen)
SELECT opd_kode, count(*)::integer AS jumlah
FROM temuan_tpp(:periode, :sebelum, :opd::text[], :persen) GROUP BY opd_kode;

-- name: ada_pembanding(sebelum, opd)$
SELECT EXISTS (SELECT FROM tpp_bulan WHERE periode = :sebelum AND opd_kode = :opd);

-- name: tanggapi(periode, opd, sidik, temuan, jawaban, oleh, nama)!
INSERT INTO penetapan_tanggapan (periode, opd_kode, sidik, temuan, jawaban, oleh, nama)
VALUES (:periode, :opd, :sidik, :temuan, :jawaban, :oleh, :nama)
ON CONFLICT (periode, opd_kode, sidik) DO UPDATE
SET jawaban = excluded.jawaban, oleh = excluded.oleh, nama = excluded.nama, pada = now();

-- name: tanggapan(periode, opd)
SELECT sidik, temuan, jawaban, nama, pada FROM penetapan_tanggapan
WHERE periode = :periode AND opd_kode = :opd ORDER BY pada DESC;
