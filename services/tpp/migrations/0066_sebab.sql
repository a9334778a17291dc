-- migrate:up

-- Why somebody is out of service in a segment, where it is told, and since when without a break.
ALTER TABLE penempatan
ADD COLUMN sebab text,
ADD COLUMN henti_mulai date;
