-- migrate:up

-- Whom to remind when a payment waits for a rating. Empty for people heard of before, until they are heard again.
ALTER TABLE penempatan ADD COLUMN atasan_id uuid;
