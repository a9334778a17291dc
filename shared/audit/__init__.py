"""The audit trail: rows are plain inserts; a sealer chains them by hash; `verify` finds any tampering."""

from shared.audit.chain import Report, seal, verify

__all__ = ["Report", "seal", "verify"]
