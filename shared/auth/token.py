"""Session tokens: signed by skp with EdDSA, verified everywhere by public key, without a call."""

import hashlib
import hmac
import json
import os
import time
from collections import OrderedDict
from pathlib import Path
from uuid import UUID, uuid4

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from shared.auth.guard import Peranan, Principal
from shared.errors import Unauthenticated

ALGORITHM = "Ed25519"
ISSUER = "ekinerja"
_PRIVATE = "session.key.json"
PUBLIC_KEYS = "session.jwks.json"
"""The file of public keys in a folder of keys."""
_REMEMBERED = 20_000


def ensure_keys(folder: Path) -> None:
    """Make the signing key at first start; the private half is readable by its owner alone."""
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / PUBLIC_KEYS).exists():
        return
    private = folder / _PRIVATE
    if private.exists():
        key = OKPKey.import_key(json.loads(private.read_text()))
    else:
        key = OKPKey.generate_key("Ed25519", private=True, auto_kid=True)
        _write(private, json.dumps(key.as_dict(private=True)), 0o600)
    _write(folder / PUBLIC_KEYS, json.dumps({"keys": [key.as_dict(private=False)]}), 0o644)


def _write(path: Path, text: str, mode: int) -> None:
    """Whole or not at all, also when the machine stops in between."""
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)


class Signer:
    """Issues session tokens; only skp holds one."""

    def __init__(self, folder: Path, *, lifetime_seconds: int = 8 * 3600) -> None:
        self._key = OKPKey.import_key(json.loads((folder / _PRIVATE).read_text()))
        self._lifetime = lifetime_seconds

    def issue(self, principal: Principal) -> tuple[str, int]:
        """The token of a person and its expiry (Unix seconds)."""
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "sub": str(principal.pegawai_id),
            "nip": principal.nip,
            "nama": principal.nama,
            "peran": [[held.peran, held.unit_path] for held in principal.peran],
            "gen": principal.generation,
            # Two sessions that begin in the same second are two.
            "jti": uuid4().hex,
            "iat": now,
            "exp": now + self._lifetime,
        }
        token = jwt.encode(
            {"alg": ALGORITHM, "kid": self._key.kid}, claims, self._key, algorithms=[ALGORITHM]
        )
        return token, now + self._lifetime

    def derive(self, purpose: str, text: str) -> bytes:
        """32 bytes that only the holder of this key can make, the same each time for the same words.

        For one-time codes that a retried request must name again although nobody stored them.
        """
        secret = hashlib.sha256(f"{purpose}:{self._key.as_dict(private=True)['d']}".encode()).digest()
        return hmac.new(secret, text.encode(), hashlib.sha256).digest()


class Verifier:
    """Checks tokens by public key. Signatures already checked are remembered until they expire."""

    def __init__(self, folder: Path) -> None:
        self._jwks = json.loads((folder / PUBLIC_KEYS).read_text())
        self._keys = KeySet.import_key_set(self._jwks)
        self._seen: OrderedDict[str, Principal] = OrderedDict()

    @property
    def jwks(self) -> dict[str, object]:
        """The public keys, as published."""
        return dict(self._jwks)

    def verify(self, token: str) -> Principal:
        """Who holds this token. Raises Unauthenticated when it is forged, expired or unreadable."""
        known = self._seen.get(token)
        if known is None:
            known = self._check(token)
            self._seen[token] = known
            if len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)
        if known.berlaku_sampai <= time.time():
            self._seen.pop(token, None)
            raise _refused("Sesi Anda sudah berakhir.")
        return known

    def _check(self, token: str) -> Principal:
        try:
            claims = jwt.decode(token, self._keys, algorithms=[ALGORITHM]).claims
            if claims["iss"] != ISSUER:
                raise _refused("Tanda masuk ini bukan dari sistem ini.")
            return Principal(
                pegawai_id=UUID(claims["sub"]),
                nip=claims["nip"],
                peran=tuple(Peranan(peran, unit_path) for peran, unit_path in claims["peran"]),
                generation=int(claims["gen"]),
                nama=str(claims["nama"]),
                sesi=_session_of(token),
                berlaku_sampai=int(claims["exp"]),
            )
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise _refused("Tanda masuk tidak dikenali.") from error


def _session_of(token: str) -> UUID:
    """What a session is known by: over what is signed, because a signature can be written in several ways."""
    return UUID(bytes=hashlib.sha256(token.rpartition(".")[0].encode()).digest()[:16])


def _refused(reason: str) -> Unauthenticated:
    return Unauthenticated(reason, remedy="Silakan masuk lagi dengan NIP dan kata sandi Anda.")
