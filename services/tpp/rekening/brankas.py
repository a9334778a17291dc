"""Sealing personal data at rest: AES-256-GCM, bound to the person or the use it is for.

`rekening.key.json` in the keys folder holds the keys, the first of which seals; the others still open what
they sealed. To change the key, put a new one in front. Without this file the data cannot be read by anybody:
it belongs in the backup of the keys, not in that of the database.
"""

import base64
import json
import os
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.tpp.kunci import buat_bila_belum_ada

_FILE = "rekening.key.json"
_NONCE = 12


class Tersegel(NamedTuple):
    """Sealed bytes and which key opens them."""

    kunci: str
    isi: bytes


class TidakTerbuka(Exception):
    """The sealed data does not open: its key is not here, or it was changed or belongs elsewhere."""


class Brankas:
    """Seals and opens. What is sealed opens only for the same `konteks`: the person, or the use."""

    def __init__(self, folder: Path) -> None:
        """Open the key file, or make it when there is none."""
        made = {"kid": os.urandom(6).hex(), "k": base64.b64encode(AESGCM.generate_key(256)).decode()}
        keys = json.loads(buat_bila_belum_ada(folder / _FILE, json.dumps({"keys": [made]})))["keys"]
        self._current = keys[0]["kid"]
        self._keys = {key["kid"]: AESGCM(base64.b64decode(key["k"])) for key in keys}

    def segel(self, konteks: bytes, isi: bytes) -> Tersegel:
        """Seal."""
        nonce = os.urandom(_NONCE)
        return Tersegel(self._current, nonce + self._keys[self._current].encrypt(nonce, isi, konteks))

    def buka(self, konteks: bytes, sealed: Tersegel) -> bytes:
        """What was sealed. Raises TidakTerbuka."""
        key = self._keys.get(sealed.kunci)
        if key is None:
            raise TidakTerbuka(f"kunci {sealed.kunci} tidak ada di {_FILE}")
        try:
            return key.decrypt(sealed.isi[:_NONCE], sealed.isi[_NONCE:], konteks)
        except (InvalidTag, ValueError) as error:
            raise TidakTerbuka("isi tersegel rusak atau bukan milik konteks ini") from error
