"""What a route handler gets: the caller, the database, and one way to read and one way to write."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel

from shared.auth.guard import Guard, Principal
from shared.db.database import Database
from shared.db.tx import SISTEM, Actor, Tx
from shared.errors import FieldError, InvalidInput, Unavailable
from shared.http.paging import Page

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)

_CLAIM = """
INSERT INTO kernel.idempotency (actor, key, request_hash) VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING RETURNING true
"""
_STORED = "SELECT request_hash, status, answer FROM kernel.idempotency WHERE actor = $1 AND key = $2"
_STORE = "UPDATE kernel.idempotency SET status = $3, answer = $4 WHERE actor = $1 AND key = $2"


def idempotency_key(request: Request) -> str:
    """The caller's key for this write, from its header or a page's form.

    Raises InvalidInput when it is absent or out of form.
    """
    key = request.headers.get("idempotency-key") or str(getattr(request.state, "form_key", ""))
    if not (8 <= len(key) <= 100 and key.isascii() and key.isprintable()):
        raise InvalidInput(
            "Setiap kiriman memerlukan kunci supaya tidak tercatat dua kali.",
            fields=[
                FieldError(
                    "/Idempotency-Key",
                    "kepala permintaan ini wajib, 8 sampai 100 huruf ASCII",
                    "Buat satu UUID untuk satu niat, dan pakai lagi UUID yang sama saat mengulang.",
                )
            ],
        )
    return key


async def request_hash(request: Request) -> bytes:
    """SHA-256 over what was asked: method, path, query, body."""
    digest = hashlib.sha256()
    for part in (request.method, request.url.path, request.url.query):
        digest.update(part.encode() + b"\0")
    # A form sent twice differs in how its parts are separated; what was filled in is what counts.
    filled: bytes | None = getattr(request.state, "form_digest", None)
    digest.update(filled or await request.body())
    return digest.digest()


def reused_key() -> InvalidInput:
    """The same key came with another request."""
    return InvalidInput(
        "Kunci ini sudah dipakai untuk kiriman dengan isi lain.",
        fields=[FieldError("/Idempotency-Key", "sudah dipakai dengan isi berbeda", "Buat kunci baru.")],
    )


class Context:
    """One request: who asks, under which rule, against which database."""

    reading = False

    def __init__(self, request: Request) -> None:
        self.request = request
        self.database: Database = request.app.state.database
        self.guard: Guard = request.state.guard

    @property
    def principal(self) -> Principal:
        """The caller. Only for routes that are not public."""
        assert self.guard.principal is not None
        return self.guard.principal

    @property
    def actor(self) -> Actor:
        """The caller as audit rows name them."""
        who = self.guard.principal
        return Actor("pegawai", str(who.pegawai_id)) if who else SISTEM

    @property
    def zone(self) -> str:
        """The region's time zone: WIB, WITA or WIT."""
        found: str = self.request.app.state.settings.zone
        return found

    async def fetch(self, query: Callable[..., Awaitable[T]], *args: Any) -> T:
        """Run `query(tx, *args)` and return what it returned."""

        async def once(tx: Tx) -> T:
            result = await query(tx, *args)
            self.guard.ensure_admitted()
            return result

        return await self.database.run(once, actor=self.actor, guard=self.guard, reading=self.reading)


class Reader(Context):
    """A question: one transaction (reads of someone else's pay leave audit rows), no key needed.

    PostgreSQL, too, shows it only what the caller's grants reach.
    """

    reading = True

    async def run(self, query: Callable[..., Awaitable[Any]], *args: Any, status: int = 200) -> Response:
        """Run `query(tx, *args)` and answer with its model; a page gets its `Link` to the next one."""
        result = await self.fetch(query, *args)
        response = answer(result, status)
        if isinstance(result, Page) and result.berikutnya:
            following = self.request.url.include_query_params(cursor=result.berikutnya)
            response.headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
        return response


class Writer(Context):
    """A change: key, state, events, audit and the answer commit together; then the caller is told."""

    async def run(
        self, command: Callable[..., Awaitable[Any]], *args: Any, status: int | Callable[[Any], int] = 200
    ) -> Response:
        """Run `command(tx, *args)` once for this Idempotency-Key; a retry gets the first answer again.

        `status` may follow from what the command returned.
        """
        key = idempotency_key(self.request)
        asked = await request_hash(self.request)
        owner = str(self.actor)

        async def once(tx: Tx) -> Response:
            if await tx.conn.fetchval(_CLAIM, owner, key, asked) is None:
                return await _first_answer(tx, owner, key, asked)
            found = await command(tx, *args)
            result = answer(found, status(found) if callable(status) else status)
            self.guard.ensure_admitted()
            await tx.conn.execute(_STORE, owner, key, result.status_code, result.body)
            return result

        return await self.database.run(once, actor=self.actor, guard=self.guard)

    async def done(self, model: type[M], command: Callable[..., Awaitable[M]], *args: Any) -> M:
        """Run `command` like `run`, and return what it returned the first time; for pages."""
        return model.model_validate_json(bytes((await self.run(command, *args)).body))

    async def earlier(self) -> Response | None:
        """The first answer, when this very request was answered before; else None.

        For handlers that count attempts: a retry of what succeeded is none. Raises InvalidInput for a key
        that came with another request.
        """
        key = idempotency_key(self.request)
        asked = await request_hash(self.request)

        async def look(tx: Tx) -> Response | None:
            known = await tx.conn.fetchval(_STORED, str(self.actor), key)
            return None if known is None else await _first_answer(tx, str(self.actor), key, asked)

        return await self.database.run(look, actor=self.actor, guard=self.guard)


async def _first_answer(tx: Tx, owner: str, key: str, asked: bytes) -> Response:
    row = await tx.conn.fetchrow(_STORED, owner, key)
    if row is None:
        raise Unavailable("Kiriman yang sama sedang diproses.", retry_after=1)
    if row["request_hash"] != asked:
        raise reused_key()
    return replayed(row["status"], row["answer"])


def replayed(status: int, body: bytes) -> Response:
    """A stored first answer, marked as such."""
    headers = {"Idempotency-Replayed": "true"}
    return Response(body or b"", status, headers, "application/json" if body else None)


def answer(result: Any, status: int) -> Response:
    """A model as JSON; None as 204."""
    if result is None:
        return Response(status_code=204 if status == 200 else status)
    assert isinstance(result, BaseModel)
    return Response(result.model_dump_json(), status, media_type="application/json")


# Coroutines: FastAPI would send a plain callable, a class too, through a thread for every request.
async def _reader(request: Request) -> Reader:
    return Reader(request)


async def _writer(request: Request) -> Writer:
    return Writer(request)


Read = Annotated[Reader, Depends(_reader)]
"""Annotation of a handler's argument: `r: Read`."""
Write = Annotated[Writer, Depends(_writer)]
"""Annotation of a handler's argument: `w: Write`."""
