"""Calls the public API as people and offices do: patiently, with a key that makes every retry harmless."""

import asyncio
import hashlib
import hmac
import ssl
import time
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import httpx2

_PATIENCE_SECONDS = 180
_AGAIN = {429, 502, 503, 504}


class Ditolak(Exception):
    """The API refused; the text holds its problem document."""

    def __init__(self, method: str, path: str, status: int, body: str) -> None:
        super().__init__(f"{method} {path} -> {status}: {body[:600]}")
        self.status = status
        self.berbeda = status == 422 and '"/Idempotency-Key"' in body
        """The same intention was sent before with other content: an earlier version of the example did it."""


class Klien:
    """One installation as a demo run sees it. Every write has a key derived from the run and its meaning."""

    def __init__(self, url: str, run: str, secret: bytes, *, ca: Path | None = None) -> None:
        """`ca` is a certificate to trust besides those this machine trusts anyway (a self-signed gateway)."""
        trusted = ssl.create_default_context()
        if ca is not None:
            trusted.load_verify_locations(ca)
        self._http = httpx2.AsyncClient(
            base_url=url,
            timeout=60,
            limits=httpx2.Limits(max_connections=64, max_keepalive_connections=64),
            verify=trusted,
        )
        self._run = uuid5(NAMESPACE_URL, run)
        self._secret = secret
        self._gate = asyncio.Semaphore(32)
        self._tokens: dict[str, str] = {}

    async def close(self) -> None:
        """Close connections."""
        await self._http.aclose()

    def kata_sandi(self, nip: str) -> str:
        """The demo password of a person: derived, so that it is never stored."""
        return "Demo-" + hmac.new(self._secret, nip.encode(), hashlib.sha256).hexdigest()[:16]

    def kunci(self, maksud: str) -> UUID:
        """The Idempotency-Key of one intention; the same in a repeated run."""
        return uuid5(self._run, maksud)

    async def masuk(self, nip: str) -> str:
        """The session token of a person, remembered."""
        if nip not in self._tokens:
            body = {"nip": nip, "kata_sandi": self.kata_sandi(nip)}
            self._tokens[nip] = (await self._call("POST", "/api/skp/masuk", None, None, json=body)).json()[
                "token"
            ]
        return self._tokens[nip]

    def lupakan(self, nip: str) -> None:
        """Log in again next time: the person's roles have changed."""
        self._tokens.pop(nip, None)

    async def ambil(self, nip: str, path: str, **query: Any) -> Any:
        """GET as a person; the JSON answer."""
        params = {name: value for name, value in query.items() if value is not None}
        return (await self._call("GET", path, nip, None, params=params)).json()

    async def semua(self, nip: str, path: str, **query: Any) -> list[Any]:
        """Every row of a paged list."""
        rows: list[Any] = []
        cursor = None
        while True:
            page = await self.ambil(nip, path, cursor=cursor, limit=200, **query)
            rows += page["data"]
            cursor = page["berikutnya"]
            if cursor is None:
                return rows

    async def kirim(
        self,
        nip: str | None,
        maksud: str,
        method: str,
        path: str,
        *,
        json: Any = None,
        isi: bytes | None = None,
        **query: Any,
    ) -> Any:
        """A write as a person (None: a stranger); the JSON answer, also when this write was done before."""
        response = await self._call(
            method, path, nip, self.kunci(maksud), json=json, content=isi, params=query or None
        )
        return response.json() if response.content else None

    async def _call(
        self, method: str, path: str, nip: str | None, key: UUID | None, **rest: Any
    ) -> httpx2.Response:
        given_up = time.monotonic() + _PATIENCE_SECONDS
        pause = 0.1
        while True:
            headers = {"Idempotency-Key": str(key or uuid4())}
            if nip is not None:
                headers["Authorization"] = f"Bearer {await self.masuk(nip)}"
            response = None
            try:
                async with self._gate:
                    response = await self._http.request(method, path, headers=headers, **rest)
                if response.status_code == 401 and nip is not None and time.monotonic() < given_up:
                    self.lupakan(nip)
                elif response.status_code not in _AGAIN:
                    break
            except httpx2.TransportError:
                if time.monotonic() > given_up:
                    raise
            if time.monotonic() > given_up:
                break
            told = float(response.headers.get("Retry-After", 0)) if response is not None else 0
            await asyncio.sleep(max(told, pause))
            pause = min(pause * 2, 3)
        assert response is not None
        if response.status_code >= 400:
            raise Ditolak(method, path, response.status_code, response.text)
        return response


async def tunggu(apa: str, check: Any, *, seconds: float = 300) -> Any:
    """Ask until the answer is not None. Raises TimeoutError naming what was waited for and the last state."""
    end = time.monotonic() + seconds
    pause = 0.1
    while True:
        found = await check()
        if found is not None:
            return found
        if time.monotonic() > end:
            raise TimeoutError(f"menunggu terlalu lama: {apa}")
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, 1.0)
