-- migrate:up

-- Status and golongan from the day of a definitif placement on; NULL: nothing new, the person's own row says it.
ALTER TABLE penempatan ADD COLUMN status text;
ALTER TABLE penempatan ADD COLUMN golongan text;
