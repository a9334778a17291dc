-- migrate:up

-- Lists of people in the order people look for them, page by page.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX pegawai_nama ON pegawai (lower(nama), pegawai_id);
