-- migrate:up

-- Why a dated fact was taken back, beside what it was before. NULL: it was replaced.
ALTER TABLE riwayat_fakta ADD COLUMN alasan text;

-- An attendance system takes a day back: why, which may be left unsaid. NULL: it tells the day.
ALTER TABLE presensi_tertahan ADD COLUMN cabut text;

-- What of a day an approved correction left as it is for good; machines and files change the rest. NULL: all that is
-- known of the day, which was the rule before.
ALTER TABLE kehadiran_harian ADD COLUMN tetap text [];

-- What is known of a day: presence (`jam`), and each count.
CREATE FUNCTION hal_dikenal(text, smallint, smallint, smallint) RETURNS text []
LANGUAGE sql IMMUTABLE AS $$
    SELECT array_remove(ARRAY[CASE WHEN $1 IS NOT NULL THEN 'jam' END, CASE WHEN $2 IS NOT NULL THEN 'absen_terlewat' END,
                              CASE WHEN $3 IS NOT NULL THEN 'tanpa_apel' END,
                              CASE WHEN $4 IS NOT NULL THEN 'tanpa_upacara' END], NULL)
$$;

-- What of a day nobody but another correction changes.
CREATE FUNCTION hal_tetap(kehadiran_harian) RETURNS text []
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN $1.permohonan_id IS NULL THEN '{}'
                ELSE coalesce($1.tetap, hal_dikenal($1.keterangan, $1.absen_terlewat, $1.tanpa_apel, $1.tanpa_upacara)) END
$$;
