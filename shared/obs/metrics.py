"""Every Prometheus metric of the product, in one list. Nothing else may create one (a test holds to that).

The label `service` is on all of them, because one process may host several services. Labels hold values
of small, known sets only: never a person, an id or free text. Times are seconds.
"""

from prometheus_client import Counter, Gauge, Histogram

# From a quick statement to a stalled minute; the bars of the product (100 ms, 300 ms, 500 ms, 5 s) are edges.
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5, 10, 30, 60)
# Jobs and period runs take from milliseconds to an hour.
_LONG_SECONDS = (0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 1800, 3600)
_SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500)

# --- Publishing -------------------------------------------------------------------------------------

OUTBOX_PENDING = Gauge(
    "ekinerja_outbox_pending",
    "Events committed but not yet published. Growing: Kafka is away or the relay is stuck.",
    ["service"],
)
OUTBOX_PUBLISHED = Counter(
    "ekinerja_outbox_published_total", "Events acknowledged by all in-sync brokers.", ["service"]
)
OUTBOX_REFUSED = Gauge(
    "ekinerja_outbox_refused",
    "Keys whose next event Kafka refuses (too large, no rights, unknown topic); tried again with pauses.",
    ["service"],
)
RELAY_SECONDS = Histogram(
    "ekinerja_relay_seconds",
    "One relay round: read a batch, publish it, mark it published.",
    ["service"],
    buckets=_SECONDS,
)

# --- Consuming --------------------------------------------------------------------------------------

INBOX_APPLIED = Counter(
    "ekinerja_inbox_applied_total",
    "Events applied, each in the transaction of its effect.",
    ["service", "topic"],
)
INBOX_DUPLICATES = Counter(
    "ekinerja_inbox_duplicates_total", "Events delivered again and ignored, as they should be.", ["service"]
)
INBOX_SECONDS = Histogram(
    "ekinerja_inbox_seconds",
    "One batch from Kafka: parse, inbox, effects, commit.",
    ["service"],
    buckets=_SECONDS,
)
DEAD_LETTERS = Counter(
    "ekinerja_dead_letters_total",
    "Events put aside; kind: invalid (unreadable) or bug (handling failed repeatedly).",
    ["service", "kind"],
)
PARKED_EVENTS = Gauge(
    "ekinerja_parked_events", "Events waiting behind a dead letter of the same key.", ["service"]
)
CONSUMER_STOPPED = Gauge(
    "ekinerja_consumer_stopped", "1 when too many dead letters in a row stopped the consumer.", ["service"]
)
BARRIER_MISSING = Gauge(
    "ekinerja_barrier_missing",
    "Facts of a closed period that the manifest counts and this service has not applied yet.",
    ["service", "periode"],
)

# --- HTTP -------------------------------------------------------------------------------------------

HTTP_SECONDS = Histogram(
    "ekinerja_http_seconds",
    "One request; route is the template (`/api/skp/skp/{id}`), never the path.",
    ["service", "method", "route", "status"],
    buckets=_SECONDS,
)
HTTP_IN_FLIGHT = Gauge("ekinerja_http_in_flight", "Requests being answered right now.", ["service"])
LIVE_STREAMS = Gauge("ekinerja_live_streams", "Pages that are told of changes right now.", ["service"])

# --- PostgreSQL -------------------------------------------------------------------------------------

GROUP_COMMIT_SIZE = Histogram(
    "ekinerja_group_commit_size", "Requests that shared one transaction.", ["service"], buckets=_SIZES
)
GROUP_COMMIT_SECONDS = Histogram(
    "ekinerja_group_commit_seconds",
    "One shared transaction, from the first statement to the commit.",
    ["service"],
    buckets=_SECONDS,
)
DB_POOL_WAIT_SECONDS = Histogram(
    "ekinerja_db_pool_wait_seconds",
    "Waiting for a free connection. Long waits: the pool is too small or a statement is stuck.",
    ["service"],
    buckets=_SECONDS,
)

# --- Work in the background -------------------------------------------------------------------------

JOB_SECONDS = Histogram(
    "ekinerja_job_seconds", "One run of a job.", ["service", "job"], buckets=_LONG_SECONDS
)
JOB_FAILURES = Counter(
    "ekinerja_job_failures_total", "Runs of a job that ended in an error.", ["service", "job"]
)
MAIL_SENT = Counter(
    "ekinerja_mail_sent_total",
    "E-mails by outcome: sent, retried (asked again later) or refused.",
    ["service", "outcome"],
)
TPP_RUN_PROGRESS = Gauge(
    "ekinerja_tpp_run_progress", "Share of people computed in the running period run, 0 to 1.", ["service"]
)

METRICS: tuple[Counter | Gauge | Histogram, ...] = (
    OUTBOX_PENDING,
    OUTBOX_PUBLISHED,
    OUTBOX_REFUSED,
    RELAY_SECONDS,
    INBOX_APPLIED,
    INBOX_DUPLICATES,
    INBOX_SECONDS,
    DEAD_LETTERS,
    PARKED_EVENTS,
    CONSUMER_STOPPED,
    BARRIER_MISSING,
    HTTP_SECONDS,
    HTTP_IN_FLIGHT,
    LIVE_STREAMS,
    GROUP_COMMIT_SIZE,
    GROUP_COMMIT_SECONDS,
    DB_POOL_WAIT_SECONDS,
    JOB_SECONDS,
    JOB_FAILURES,
    MAIL_SENT,
    TPP_RUN_PROGRESS,
)
