-- migrate:up

-- What those who decide were called when they did, as their session said: pages name them, and tpp keeps no other names.
ALTER TABLE kebijakan ADD COLUMN diunggah_nama text NOT NULL DEFAULT '';
ALTER TABLE kebijakan ADD COLUMN diaktifkan_nama text NOT NULL DEFAULT '';
ALTER TABLE penetapan_riwayat ADD COLUMN nama text NOT NULL DEFAULT '';
