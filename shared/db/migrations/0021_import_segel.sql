-- migrate:up

-- Which key opens the bytes of a file that waits sealed; empty: they lie as they were sent.
ALTER TABLE kernel.import ADD COLUMN kunci text;
