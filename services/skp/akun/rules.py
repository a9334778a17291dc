"""Passwords, one-time codes and attempts: what is accepted."""

import hashlib
from uuid import UUID

from shared.errors import FieldError, InvalidInput

BERLAKU_KODE_JAM = 7 * 24
"""Hours for which an activation code is accepted."""
JENDELA_DETIK = 15 * 60
"""Attempts are counted within such a window."""
BATAS_NIP = 10
"""Attempts for one NIP in a window."""
BATAS_ALAMAT = 100
"""Attempts from one address in a window by people who never got in from there."""

_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_PANJANG_KODE = 16
SANDI_MIN, SANDI_MAX = 10, 200
_LAZIM = ("password", "rahasia", "sandi123", "qwerty", "indonesia", "bismillah", "1234567890", "ekinerja")

UNIT_ROLES = frozenset({"pengelola", "pimpinan", "keuangan_opd"})
"""Roles for a part of the organisation; the others are for the whole instansi."""


def kode_dari(secret: bytes, panjang: int = _PANJANG_KODE) -> str:
    """Letters and digits in groups of four, 5 bits each (16 are 80 bits), without look-alikes."""
    number = int.from_bytes(secret)
    letters = "".join(_ALPHABET[number >> 5 * place & 31] for place in range(panjang))
    return "-".join(letters[start : start + 4] for start in range(0, panjang, 4))


def hash_kode(pegawai_id: UUID, kode: str) -> bytes:
    """How a code is kept: bound to its person; case, spaces and hyphens do not matter."""
    letters = "".join(letter for letter in kode.upper() if letter.isalnum())
    return hashlib.sha256(f"{pegawai_id}:{letters}".encode()).digest()


def periksa_sandi(kata_sandi: str, nip: str) -> None:
    """Raises InvalidInput for a password that is too easy to guess."""
    lowered = kata_sandi.casefold()
    if len(set(kata_sandi)) < 5 or any(lowered.startswith(word) for word in _LAZIM):
        reason = "terlalu mudah ditebak"
    elif nip in kata_sandi or nip[:8] in kata_sandi:
        reason = "memuat NIP atau tanggal lahir"
    else:
        return
    raise InvalidInput(
        "Kata sandi ini belum aman.",
        fields=[
            FieldError("/kata_sandi", reason, "Pakai beberapa kata yang hanya Anda yang tahu rangkaiannya.")
        ],
    )
