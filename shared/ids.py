"""Identifiers: UUIDv7, so that rows and events made later sort later."""

import os
import time
from uuid import UUID

_RANDOM_BITS = (1 << 74) - 1


def uuid7() -> UUID:
    """A new UUIDv7 (RFC 9562 section 5.7): 48 bits of Unix milliseconds, 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10)) & _RANDOM_BITS
    return UUID(
        int=milliseconds << 80 | 0x7 << 76 | (random >> 62) << 64 | 0b10 << 62 | random & ((1 << 62) - 1)
    )


def low64(identifier: UUID) -> int:
    """The low 64 bits as a signed integer, as PostgreSQL's bigint holds them; XORed into manifests."""
    low = identifier.int & 0xFFFF_FFFF_FFFF_FFFF
    return low - (1 << 64) if low >> 63 else low
