-- migrate:up

-- Status from the first day of a segment on; NULL: the person's, which has no day of its own.
ALTER TABLE penempatan ADD COLUMN status text;
-- Whether the person is in service in this segment; a segment out of service pays nothing.
ALTER TABLE penempatan ADD COLUMN bertugas boolean NOT NULL DEFAULT true;
