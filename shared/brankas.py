"""Sealing personal data and secrets at rest: AES-256-GCM, bound to the person or the use it is for.

A key file in the keys folder (`rekening.key.json` of tpp, `faktor.key.json` of skp) holds the keys. The first
one seals; the others still open what they sealed. To change the key, put a new one in front. Without this
file nobody can read the data: it belongs in the backup of the keys, not in that of the database.
"""

import base64
import hashlib
import hmac
import json
import os
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.kunci import buat_bila_belum_ada

_NONCE = 12


class TidakTerbuka(Exception):
    """The sealed data does not open: its key is not here, or it was changed or belongs elsewhere."""


class Tersegel(NamedTuple):
    """Sealed bytes and which key opens them."""

    kunci: str
    isi: bytes

    def teks(self) -> str:
        """As text that can travel through a browser and back."""
        return f"{self.kunci}.{base64.urlsafe_b64encode(self.isi).decode()}"

    @classmethod
    def dari_teks(cls, text: str) -> "Tersegel":
        """What `teks` wrote. Raises TidakTerbuka for anything else."""
        kunci, _, isi = text.partition(".")
        try:
            return cls(kunci, base64.urlsafe_b64decode(isi))
        except ValueError as error:
            raise TidakTerbuka("bukan isi tersegel") from error


class Brankas:
    """Seals and opens. What is sealed opens only for the same `konteks`: the person, or the use."""

    def __init__(self, path: Path) -> None:
        """Open the key file, or make it when there is none."""
        self._path = path
        made = {"kid": os.urandom(6).hex(), "k": base64.b64encode(AESGCM.generate_key(256)).decode()}
        keys = json.loads(buat_bila_belum_ada(path, json.dumps({"keys": [made]})))["keys"]
        self._current = keys[0]["kid"]
        raw = {key["kid"]: base64.b64decode(key["k"]) for key in keys}
        self._keys = {kid: AESGCM(key) for kid, key in raw.items()}
        self._prints = {kid: hmac.digest(key, b"sidik", "sha256") for kid, key in raw.items()}

    def segel(self, konteks: bytes, isi: bytes) -> Tersegel:
        """Seal."""
        nonce = os.urandom(_NONCE)
        return Tersegel(self._current, nonce + self._keys[self._current].encrypt(nonce, isi, konteks))

    def buka(self, konteks: bytes, sealed: Tersegel) -> bytes:
        """What was sealed. Raises TidakTerbuka."""
        key = self._keys.get(sealed.kunci)
        if key is None:
            raise TidakTerbuka(f"kunci {sealed.kunci} tidak ada di {self._path.name}")
        try:
            return key.decrypt(sealed.isi[:_NONCE], sealed.isi[_NONCE:], konteks)
        except (InvalidTag, ValueError) as error:
            raise TidakTerbuka("isi tersegel rusak atau bukan milik konteks ini") from error

    def sidik(self, konteks: bytes, isi: bytes) -> bytes:
        """A fingerprint (HMAC-SHA256) of what must be recognised and never read: one-time codes, say."""
        return self._sidik(self._current, konteks, isi)

    def sidik_mungkin(self, konteks: bytes, isi: bytes) -> list[bytes]:
        """The fingerprints this may be stored under: one for each key, as keys change."""
        return [self._sidik(kid, konteks, isi) for kid in self._prints]

    def _sidik(self, kid: str, konteks: bytes, isi: bytes) -> bytes:
        return hmac.digest(self._prints[kid], hashlib.sha256(konteks).digest() + isi, "sha256")
