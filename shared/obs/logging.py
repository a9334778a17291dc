"""Logs: one JSON object a line (coloured text on a terminal), with the trace id and without secrets."""

import logging
import os
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from shared.obs.tracing import trace_id

log: Any = structlog.get_logger("ekinerja")
"""The product's logger: `log.info("apa yang terjadi", nama=nilai)`."""

_SECRET = ("sandi", "password", "token", "kode_aktivasi", "nik", "rekening", "npwp", "authorization")


def _with_trace(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if current := trace_id():
        event["trace_id"] = current
    return event


def _without_secrets(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name in event:
        if any(word in name.lower() for word in _SECRET) and name != "trace_id":
            event[name] = "***"
    return event


def configure(level: str | None = None) -> None:
    """Send our own and every library's log lines to standard error in one form.

    `level` defaults to `EKINERJA_LOG_LEVEL`, else INFO; libraries speak from WARNING.
    """
    chosen = logging.getLevelNamesMapping().get(
        (level or os.environ.get("EKINERJA_LOG_LEVEL", "INFO")).upper(), 20
    )
    common: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _with_trace,
        _without_secrets,
    ]
    # Never the local variables of a failing line: they hold people's data.
    frames = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    final: list[Any] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if sys.stderr.isatty()
        else [
            structlog.processors.ExceptionRenderer(frames),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    )
    structlog.configure(
        processors=common + final,
        wrapper_class=structlog.make_filtering_bound_logger(chosen),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *final],
            foreign_pre_chain=common,
        )
    )
    logging.basicConfig(handlers=[handler], level=max(chosen, logging.WARNING), force=True)
