"""What a page carries between a right password and its second factor: sealed, short-lived, no session yet."""

import json
from datetime import datetime, timedelta

from pydantic import BaseModel, Field

from services.skp.akun.masuk import Calon
from services.skp.faktor.rules import BERLAKU_TIKET_DETIK
from shared.brankas import Brankas, Tersegel, TidakTerbuka
from shared.errors import Unauthenticated
from shared.nip import Nip

_KONTEKS = b"tiket-masuk"


class LangkahKedua(BaseModel):
    """What the second step needs besides a code."""

    tiket: str = Field(min_length=1, max_length=1000)


def terbitkan(brankas: Brankas, calon: Calon, now: datetime) -> str:
    """For somebody whose password was right a moment ago."""
    until = now + timedelta(seconds=BERLAKU_TIKET_DETIK)
    content = [calon.nip, sidik(brankas, calon), until.timestamp()]
    return brankas.segel(_KONTEKS, json.dumps(content).encode()).teks()


def baca(brankas: Brankas, tiket: str, now: datetime) -> tuple[Nip, str]:
    """Whose ticket this is, and the fingerprint of the password that was right.

    Raises Unauthenticated for one that is past its time or not ours.
    """
    try:
        nip, sidik, until = json.loads(brankas.buka(_KONTEKS, Tersegel.dari_teks(tiket)))
    except TidakTerbuka:
        raise _habis() from None
    if until <= now.timestamp():
        raise _habis()
    return Nip(nip), sidik


def sidik(brankas: Brankas, calon: Calon) -> str:
    """The fingerprint of an account's password, to see whether it is still the same."""
    return brankas.sidik(_KONTEKS, (calon.kata_sandi or "").encode()).hex()


def _habis() -> Unauthenticated:
    return Unauthenticated(
        "Waktu untuk memasukkan kode sudah habis.", remedy="Masuk lagi dengan NIP dan kata sandi Anda."
    )
