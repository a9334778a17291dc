-- migrate:up

CREATE SCHEMA kernel;

-- Outbox: state and event commit together. Kept as the archive; column names follow Debezium's outbox
-- router, so that change data capture can replace the relay. `payload` is json (not jsonb): bytes stay as sent.
CREATE SEQUENCE kernel.outbox_seq AS bigint;

CREATE TABLE kernel.outbox (
    seq bigint NOT NULL DEFAULT nextval('kernel.outbox_seq'),
    id uuid NOT NULL,
    aggregatetype text NOT NULL,
    aggregateid text NOT NULL,
    version bigint NOT NULL,
    type text NOT NULL,
    periode text,
    payload json NOT NULL,
    headers jsonb NOT NULL DEFAULT '{}',
    shard smallint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz,
    PRIMARY KEY (seq, created_at)
) PARTITION BY RANGE (created_at);

-- A late transaction may commit a smaller seq than one already seen: the relay asks for what is unpublished.
CREATE INDEX outbox_unpublished ON kernel.outbox (shard, seq) WHERE published_at IS NULL;
CREATE INDEX outbox_of_period ON kernel.outbox (periode, aggregatetype) WHERE periode IS NOT NULL;

CREATE TABLE kernel.outbox_default PARTITION OF kernel.outbox DEFAULT;

-- Makes the partitions of this month and the next `months`; called at every migration run and once a day.
CREATE FUNCTION kernel.ensure_outbox_partitions(months integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kernel, pg_temp AS $$
DECLARE
    month date;
    name text;
BEGIN
    FOR offset_months IN 0..months LOOP
        month := (date_trunc('month', now()) + make_interval(months => offset_months))::date;
        name := 'outbox_' || to_char(month, 'YYYYMM');
        IF to_regclass('kernel.' || name) IS NULL THEN
            EXECUTE format('CREATE TABLE kernel.%I PARTITION OF kernel.outbox FOR VALUES FROM (%L) TO (%L)',
                           name, month, (month + interval '1 month')::date);
        END IF;
    END LOOP;
END $$;

-- Inbox: an event is applied once for each consumer, in the transaction of its effect.
CREATE TABLE kernel.inbox (
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, event_id)
);

-- Running counts of what the inbox applied, compared with period manifests. One row for each partition, so
-- that two workers never update the same row.
CREATE TABLE kernel.tally (
    topic text NOT NULL,
    periode text NOT NULL,
    partition integer NOT NULL,
    count bigint NOT NULL,
    id_xor bigint NOT NULL,
    PRIMARY KEY (topic, periode, partition)
);

CREATE TABLE kernel.barrier (
    name text NOT NULL,
    periode text NOT NULL,
    version bigint NOT NULL,
    payload json NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    done_at timestamptz,
    PRIMARY KEY (name, periode)
);
CREATE INDEX barrier_open ON kernel.barrier (periode) WHERE done_at IS NULL;

-- Dead letters keep the raw bytes and where they came from; later events of a broken key wait in `parked`.
CREATE TABLE kernel.dead_letter (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consumer text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    "offset" bigint NOT NULL,
    key bytea,
    value bytea,
    headers jsonb NOT NULL,
    event_id uuid,
    type text,
    kind text NOT NULL CHECK (kind IN ('invalid', 'bug')),
    cause text NOT NULL,
    attempts integer NOT NULL,
    trace_id text,
    state text NOT NULL DEFAULT 'dead' CHECK (state IN ('dead', 'replayed', 'dropped')),
    received_at timestamptz NOT NULL DEFAULT now(),
    resolved_at timestamptz,
    UNIQUE (consumer, topic, partition, "offset")
);
CREATE INDEX dead_letter_open ON kernel.dead_letter (id) WHERE state = 'dead';

CREATE TABLE kernel.parked_key (
    consumer text NOT NULL,
    topic text NOT NULL,
    key bytea NOT NULL,
    dead_letter_id bigint NOT NULL REFERENCES kernel.dead_letter,
    since timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, topic, key)
);

CREATE TABLE kernel.parked_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consumer text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    "offset" bigint NOT NULL,
    key bytea NOT NULL,
    value bytea,
    headers jsonb NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (consumer, topic, partition, "offset")
);

-- The first answer to a request, returned to every retry. Outlives an offline month.
CREATE TABLE kernel.idempotency (
    actor text NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    status smallint,
    answer bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_age ON kernel.idempotency (created_at);

-- Audit: insert only for the service's role. The sealer chains rows by hash afterwards, in its own order,
-- because rows of a long transaction become visible after younger ones.
CREATE TABLE kernel.audit (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    actor text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    detail jsonb NOT NULL,
    trace_id text
);
CREATE INDEX audit_of_subject ON kernel.audit (subject, seq);

CREATE TABLE kernel.audit_seal (
    position bigint PRIMARY KEY,
    audit_seq bigint NOT NULL UNIQUE,
    hash bytea NOT NULL
);

CREATE TABLE kernel.audit_root (
    day date PRIMARY KEY,
    position bigint NOT NULL,
    hash bytea NOT NULL,
    signature bytea NOT NULL,
    signed_at timestamptz NOT NULL DEFAULT now()
);

-- The newest generation of each person's session tokens, fed by akun.changed (skp writes its own directly).
CREATE TABLE kernel.token_generation (
    pegawai_id uuid PRIMARY KEY,
    generation bigint NOT NULL,
    aktif boolean NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX token_generation_recent ON kernel.token_generation (changed_at);
