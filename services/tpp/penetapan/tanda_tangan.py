"""The signature under what is handed to payroll: Ed25519, the key made at first start in the keys folder.

Two files, as JWK: `payroll.key.json` signs (its owner alone may read it), `payroll.jwks.json` is published.
For a new key, take `payroll.key.json` away and start again: the keys published so far stay published.
"""

import base64
import json
import os
from pathlib import Path
from typing import Any

from joserfc.jwk import OKPKey

from shared.contracts.payroll import TandaTangan
from shared.kunci import buat_bila_belum_ada

_PRIVATE = "payroll.key.json"
_PUBLIC = "payroll.jwks.json"


class Penanda:
    """Signs for tpp, and knows the public keys to be published."""

    def __init__(self, folder: Path) -> None:
        """Open the key, or make it when there is none. Several processes may do so at once."""
        made = OKPKey.generate_key("Ed25519", private=True, auto_kid=True)
        text = buat_bila_belum_ada(folder / _PRIVATE, json.dumps(made.as_dict(private=True)))
        self._key = OKPKey.import_key(json.loads(text))
        self.jwks = self._published(folder / _PUBLIC)

    def tanda_tangani(self, naskah: bytes) -> TandaTangan:
        """The signature over a canonical form."""
        value: bytes = self._key.private_key.sign(naskah)  # type: ignore[union-attr]
        return TandaTangan(kunci=self._key.kid, nilai=base64.urlsafe_b64encode(value).decode().rstrip("="))

    def _published(self, path: Path) -> dict[str, Any]:
        """The public keys, ours among them, newest first."""
        known = json.loads(path.read_text())["keys"] if path.exists() else []
        if all(key["kid"] != self._key.kid for key in known):
            known = [self._key.as_dict(private=False), *known]
            draft = path.with_suffix(f".{os.getpid()}-{os.urandom(4).hex()}.tmp")
            draft.write_text(json.dumps({"keys": known}))
            draft.chmod(0o644)
            draft.replace(path)
        return {"keys": known}
