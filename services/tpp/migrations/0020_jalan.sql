-- migrate:up

-- Parts of a run travel over Kafka. `penyerahan` counts how often what was left was handed out; while `dijeda_pada` is
-- set, whoever gets a part leaves it.
ALTER TABLE perhitungan ADD COLUMN penyerahan integer NOT NULL DEFAULT 1;
ALTER TABLE perhitungan ADD COLUMN dijeda_pada timestamptz;
ALTER TABLE perhitungan ADD COLUMN dijeda_nama text NOT NULL DEFAULT '';

-- Which process did a part: host and process number.
ALTER TABLE perhitungan_bagian ADD COLUMN pekerja text NOT NULL DEFAULT '';
