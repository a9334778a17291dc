-- migrate:up

-- From one OPD to the next without reading everyone's placements. A row is a few bytes: even a province's are indexed in
-- well under a second.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX penempatan_opd ON penempatan (opd_kode, berlaku_mulai DESC);
