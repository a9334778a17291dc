"""Made-up people, present only where `ekinerja demo` has put them: a mark on every page, one click to log in.

The demo writes `contoh.json` into its home. It names the signing keys of that very home, so that a file that
was copied along, or left behind, does nothing in another installation.
"""

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from shared.auth.token import PUBLIC_KEYS

FILE = "contoh.json"


class OrangContoh(NamedTuple):
    """Somebody to log in as."""

    peran: str
    nip: str
    nama: str
    kata_sandi: str


def orang_contoh(home: Path, keys: Path) -> tuple[OrangContoh, ...]:
    """The people of this home's demo; nobody where there is none."""
    path = home / FILE
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return ()
    return _read(path, keys, changed)


def isi_contoh(keys: Path, people: list[OrangContoh]) -> str:
    """What `contoh.json` says for these people, where these keys sign."""
    return json.dumps({"kunci": _fingerprint(keys), "orang": [one._asdict() for one in people]})


@lru_cache(maxsize=8)
def _read(path: Path, keys: Path, changed: int) -> tuple[OrangContoh, ...]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["kunci"] != _fingerprint(keys):
            return ()
        return tuple(OrangContoh(**one) for one in told["orang"])
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def _fingerprint(keys: Path) -> str:
    return hashlib.sha256((keys / PUBLIC_KEYS).read_bytes()).hexdigest()
