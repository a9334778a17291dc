-- name: bulan(pegawai_id, periode)^
SELECT (SELECT keadaan FROM periode WHERE periode = :periode) AS keadaan,
       (SELECT count(*) FROM realisasi WHERE pegawai_id = :pegawai_id AND periode = :periode) AS realisasi;
