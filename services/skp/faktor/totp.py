"""Time-based one-time passwords as RFC 6238 says, with what every authenticator app understands.

SHA-1, six digits, thirty seconds. A device's clock may be half a minute off either way.
"""

import base64
import os
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.hotp import HOTP
from cryptography.hazmat.primitives.twofactor.totp import TOTP

_ANGKA, _DETIK, _PENERBIT = 6, 30, "e-Kinerja"


def rahasia_baru() -> bytes:
    """160 random bits, as long as the hash."""
    return os.urandom(20)


def ejaan(rahasia: bytes) -> str:
    """The secret for typing: base32 in groups of four."""
    text = base64.b32encode(rahasia).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def alamat(rahasia: bytes, akun: str) -> str:
    """The `otpauth:` address that a QR code carries."""
    return TOTP(rahasia, _ANGKA, SHA1(), _DETIK).get_provisioning_uri(akun, _PENERBIT)  # noqa: S303


def langkah_kode(rahasia: bytes, kode: str, pada: datetime) -> int | None:
    """The time step whose code this is: now, the one before or the one after; None for any other code."""
    hotp = HOTP(rahasia, _ANGKA, SHA1())  # noqa: S303
    now = int(pada.timestamp()) // _DETIK
    for step in (now, now - 1, now + 1):
        try:
            hotp.verify(kode.encode(), step)
        except InvalidToken:
            continue
        return step
    return None
