"""Bringing services to life: one process for all of them, or one service in chosen roles."""

from shared.runtime.service import Job, Running, Service

__all__ = ["Job", "Running", "Service"]
