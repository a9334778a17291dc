-- migrate:up

-- Status from the first day of a segment on; NULL: the person's, which has no day of its own.
ALTER TABLE penempatan ADD COLUMN status text;
