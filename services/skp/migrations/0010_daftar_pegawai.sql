-- migrate:up

-- Lists of people in the order people look for them, page by page.
CREATE INDEX pegawai_nama ON pegawai (lower(nama), pegawai_id);
