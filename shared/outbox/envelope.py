"""CloudEvents 1.0 in Kafka binary mode: what of an event travels in headers, beside its JSON payload."""

import re
from datetime import datetime
from uuid import UUID

from shared.clock import rfc3339

Headers = list[tuple[str, bytes]]

_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


def headers(
    *,
    source: str,
    id: UUID,
    type: str,
    time: datetime,
    subject: str,
    version: int,
    periode: str | None,
    traceparent: str | None,
) -> Headers:
    """The headers of one event.

    `source` is the service that recorded it, `subject` the aggregate's id. Beside CloudEvents' own there are
    `ce_version` (of the aggregate) and `ce_periode`, the month whose manifest counts this event: consumers
    compare and count without opening the payload.
    """
    found = [
        ("ce_specversion", b"1.0"),
        ("ce_id", str(id).encode()),
        ("ce_source", f"/ekinerja/{source}".encode()),
        ("ce_type", type.encode()),
        ("ce_time", rfc3339(time).encode()),
        ("ce_subject", subject.encode()),
        ("ce_version", str(version).encode()),
        ("content-type", b"application/json"),
    ]
    if periode is not None:
        found.append(("ce_periode", periode.encode()))
    if traceparent is not None and _TRACEPARENT.fullmatch(traceparent):
        found.append(("traceparent", traceparent.encode()))
    return found
