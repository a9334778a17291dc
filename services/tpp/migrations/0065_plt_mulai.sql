-- migrate:up

-- The first day of the acting duty of a segment. Of segments heard before it was told: of the run with the same kelas.
ALTER TABLE penempatan ADD COLUMN plt_mulai date;

UPDATE penempatan n SET plt_mulai = rangkai.mulai
FROM (SELECT pegawai_id, urutan, min(berlaku_mulai) OVER (PARTITION BY pegawai_id, plt_kelas, pulau) AS mulai
      FROM (SELECT pegawai_id, urutan, berlaku_mulai, plt_kelas,
                   urutan - row_number() OVER (PARTITION BY pegawai_id, plt_kelas ORDER BY urutan) AS pulau
            FROM penempatan WHERE plt_kelas IS NOT NULL) AS bernomor) AS rangkai
WHERE rangkai.pegawai_id = n.pegawai_id AND rangkai.urutan = n.urutan;
