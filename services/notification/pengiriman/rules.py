"""What becomes of an e-mail after an attempt, and when it is tried again. Pure."""

from datetime import timedelta
from enum import Enum

MAX_ATTEMPTS = 14
"""Attempts of one mail; with the pauses below, about a day and a half."""

_FIRST = timedelta(minutes=1)
_LONGEST = timedelta(hours=6)


class Nasib(Enum):
    """The outcome of an attempt."""

    TERKIRIM = "terkirim"
    DITOLAK = "ditolak"
    """The server said never: this address or this text."""
    ULANGI = "ulangi"
    """The server said not now, or nobody knows whether it took the mail."""


def jeda(percobaan: int) -> timedelta:
    """The pause after that many attempts: one minute, doubling, at most six hours."""
    return min(_FIRST * (1 << min(percobaan - 1, 10)), _LONGEST)


def nasib_kode(kode: int) -> Nasib:
    """The meaning of an SMTP reply (RFC 5321 section 4.2.1): 5yz is final, 4yz may pass."""
    return Nasib.DITOLAK if 500 <= kode < 600 else Nasib.ULANGI
