"""Time: one clock decides (the database's); regions read it in their own zone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

ZONES = {
    "WIB": ZoneInfo("Asia/Jakarta"),
    "WITA": ZoneInfo("Asia/Makassar"),
    "WIT": ZoneInfo("Asia/Jayapura"),
}
"""The three zones of Indonesia by the name people use."""


def local_date(moment: datetime, zone: str = "WIB") -> date:
    """The calendar day at `moment` (aware) in a zone of `ZONES`."""
    return moment.astimezone(ZONES[zone]).date()


def rfc3339(moment: datetime) -> str:
    """`2026-11-30T23:59:59.123456Z`. Raises ValueError for a time without zone."""
    if moment.tzinfo is None:
        raise ValueError("waktu tanpa zona tidak dapat dipakai")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
