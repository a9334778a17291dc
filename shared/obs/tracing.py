"""Tracing: one trace from the request through outbox, Kafka and inbox to the effect."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, TraceState

TRACER = trace.get_tracer("ekinerja")


def traceparent() -> str | None:
    """The current span as a W3C `traceparent`, to be stored with events; None outside a span."""
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return None
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


def trace_id() -> str | None:
    """The current trace id as 32 hex digits; what problem answers and logs show."""
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else None


def parent_context(header: str | None) -> Context | None:
    """The remote parent named by a `traceparent`; None when it is absent or malformed."""
    parts = (header or "").split("-")
    if len(parts) != 4 or len(parts[1]) != 32 or len(parts[2]) != 16:
        return None
    try:
        remote = SpanContext(
            int(parts[1], 16), int(parts[2], 16), True, TraceFlags(int(parts[3], 16)), TraceState()
        )
    except ValueError:
        return None
    return trace.set_span_in_context(NonRecordingSpan(remote)) if remote.is_valid else None


@contextmanager
def span(name: str, *, parent: str | None = None, **attributes: str | int) -> Iterator[None]:
    """Run a block as a span, continuing the trace of a stored `traceparent` if one is given."""
    with TRACER.start_as_current_span(name, context=parent_context(parent), attributes=attributes):
        yield


def step(name: str, *, parent: str | None, began: int, **attributes: str | int) -> None:
    """Record something just finished in the trace of a stored `traceparent`, if that trace is recorded.

    For work that many events share: each shows it in its own trace. `began`: nanoseconds since the epoch.
    """
    # The last digit holds the flags; the lowest bit says whether the trace is recorded.
    if parent is None or parent[-1] not in "13579bdf":
        return
    context = parent_context(parent)
    TRACER.start_span(name, context=context, start_time=began, attributes=attributes).end()
