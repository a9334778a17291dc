-- migrate:up

-- Sessions that ended before their time, fed by sesi.ended (skp writes its own directly). Kept until the token would
-- have run out anyway.
CREATE TABLE kernel.ended_session (
    sesi uuid PRIMARY KEY,
    berlaku_sampai timestamptz NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ended_session_recent ON kernel.ended_session (changed_at);
CREATE INDEX ended_session_over ON kernel.ended_session (berlaku_sampai);
