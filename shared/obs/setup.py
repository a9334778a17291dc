"""Switching on logs and traces for one process."""

from opentelemetry import trace
from opentelemetry.instrumentation.asyncpg import AsyncPGInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ParentBased, TraceIdRatioBased

from shared.obs.logging import configure
from shared.settings import ServiceSettings


def setup(settings: ServiceSettings, *, process: str) -> None:
    """Configure logging and tracing; once in a process, before anything connects.

    Every request and event has a trace id in any case. Spans are recorded only when a trace file is set:
    the share `trace_ratio` of all traces goes there, one JSON object a line.
    """
    configure()
    sampler = TraceIdRatioBased(settings.trace_ratio) if settings.trace_file else ALWAYS_OFF
    provider = TracerProvider(
        sampler=ParentBased(sampler), resource=Resource.create({"service.name": f"ekinerja-{process}"})
    )
    if settings.trace_file:
        out = settings.trace_file.open("a", encoding="utf-8")
        exporter = ConsoleSpanExporter(out=out, formatter=lambda span: span.to_json(indent=None) + "\n")
        provider.add_span_processor(BatchSpanProcessor(exporter))
        AsyncPGInstrumentor().instrument()  # type: ignore[no-untyped-call]
    trace.set_tracer_provider(provider)
