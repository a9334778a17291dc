-- migrate:up

-- How many facts lacked at the last look: NULL not looked yet; 0 the count was complete once, finalising began.
ALTER TABLE kernel.barrier ADD COLUMN missing bigint;
