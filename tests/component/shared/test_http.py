"""Guarded routes, keys that make retries harmless, problems for people. On a small service of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Annotated, Any
from uuid import UUID, uuid4

import httpx2
import pytest
from fastapi import Query, Response
from pydantic import AfterValidator, BaseModel, Field, ValidationError

from shared.auth.generations import Generations
from shared.auth.guard import (
    ADMIN_BKD,
    DIRI,
    PENGELOLA,
    AuthzTable,
    Peranan,
    Principal,
    Subject,
    allow,
    public,
)
from shared.auth.token import Signer, Verifier, ensure_keys
from shared.db import Database
from shared.db.group_commit import Entry, GroupCommit
from shared.db.tx import Origin, Tx
from shared.errors import Conflict, FieldError, Problem, Unavailable
from shared.http import Read, Write, accepts, create_app, router
from shared.http.problems import field_errors
from tests.conftest import FreshDatabase
from tests.rig import tabel

ANI, BUDI = uuid4(), uuid4()


class Catatan(BaseModel):
    """A note."""

    isi: str = Field(min_length=3, max_length=20)


class Tersimpan(BaseModel):
    """A stored note."""

    id: int
    isi: str


async def simpan(tx: Tx, pemilik: UUID, catatan: Catatan) -> Tersimpan:
    tx.guard.admit(Subject(pegawai_id=pemilik, unit_path="PEMDA/DINKES"))
    if catatan.isi == "bentrok":
        raise Conflict("Sudah ada.")
    nomor = await tx.conn.fetchval("INSERT INTO catatan (isi) VALUES ($1) RETURNING id", catatan.isi)
    return Tersimpan(id=nomor, isi=catatan.isi)


async def lupa_memeriksa(tx: Tx) -> Tersimpan:
    return Tersimpan(id=1, isi="rahasia")


api = router("/api/contoh", "contoh")


@api.post("/catatan/{pemilik}", response_model=Tersimpan)
async def tulis(w: Write, pemilik: UUID, catatan: Catatan) -> Response:
    return await w.run(simpan, pemilik, catatan, status=201)


@api.get("/lupa", response_model=Tersimpan)
async def lupa(r: Read) -> Response:
    return await r.run(lupa_memeriksa)


@api.get("/umum", response_model=Tersimpan)
async def umum(r: Read, angka: Annotated[int, Query(ge=1)] = 1) -> Response:
    return await r.run(lupa_memeriksa)


@api.post("/besar", openapi_extra=accepts(1000), response_model=Tersimpan)
async def besar(w: Write) -> Response:
    await w.request.body()
    return await w.run(lupa_memeriksa)


AUTHZ: AuthzTable = {
    ("POST", "/api/contoh/catatan/{pemilik}"): allow(DIRI, PENGELOLA),
    ("GET", "/api/contoh/lupa"): allow(DIRI, ADMIN_BKD),
    ("GET", "/api/contoh/umum"): public(),
    ("POST", "/api/contoh/besar"): public(),
}


class Rumah(SimpleNamespace):
    """What the tests use: client, database, signer."""

    client: httpx2.AsyncClient
    database: Database
    signer: Signer
    generations: Generations

    def token(self, who: UUID, *peran: Peranan, generation: int = 1) -> dict[str, str]:
        token, _ = self.signer.issue(Principal(who, "198501012010011001", peran, generation))
        return {"Authorization": f"Bearer {token}"}

    async def notes(self) -> int:
        return int(await self.database.pool.fetchval("SELECT count(*) FROM catatan"))


@asynccontextmanager
async def rumah(fresh_database: FreshDatabase) -> AsyncIterator[Rumah]:
    settings = fresh_database("tpp")
    await tabel(settings, "catatan", "id bigint GENERATED ALWAYS AS IDENTITY, isi text")
    database = Database(settings.database, size=8)
    await database.open()
    ensure_keys(settings.keys)
    app = create_app("contoh", "Contoh", [api], AUTHZ)
    generations = Generations(database)
    app.state.database, app.state.generations = database, generations
    app.state.verifier = Verifier(settings.keys)
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://uji") as client:
        yield Rumah(client=client, database=database, signer=Signer(settings.keys), generations=generations)
    await database.close()


@pytest.fixture
async def r(fresh_database: FreshDatabase) -> AsyncIterator[Rumah]:
    async with rumah(fresh_database) as house:
        yield house


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


URL = f"/api/contoh/catatan/{ANI}"


async def test_strangers_first(r: Rumah) -> None:
    body = {"isi": "halo"}
    assert (await r.client.post(URL, json=body, headers=key())).status_code == 401
    forged = {"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30."}
    assert (await r.client.post(URL, json=body, headers=forged | key())).status_code == 401
    assert (
        await r.client.post(URL, json=body, headers={"Authorization": "Basic x"} | key())
    ).status_code == 401
    wrong_unit = Peranan("pengelola", "PEMDA/DIKBUD")
    lookalike = Peranan("pengelola", "PEMDA/DIN")
    for headers in (r.token(BUDI), r.token(BUDI, wrong_unit), r.token(BUDI, lookalike)):
        assert (await r.client.post(URL, json=body, headers=headers | key())).status_code == 403
    assert await r.notes() == 0
    for headers in (r.token(ANI), r.token(BUDI, Peranan("pengelola", "PEMDA"))):
        assert (await r.client.post(URL, json=body, headers=headers | key())).status_code == 201
    assert await r.notes() == 2


async def test_strangers_are_refused_before_their_body_is_read(r: Rumah) -> None:
    answer = await r.client.post(URL, content=b"{bukan json", headers=key())
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_retry_gets_the_first_answer_and_writes_nothing(r: Rumah) -> None:
    headers = r.token(ANI) | key()
    first = await r.client.post(URL, json={"isi": "halo"}, headers=headers)
    again = await r.client.post(URL, json={"isi": "halo"}, headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    other = await r.client.post(URL, json={"isi": "lain"}, headers=headers)
    assert other.status_code == 422
    assert other.json()["errors"][0]["pointer"] == "/Idempotency-Key"
    assert await r.notes() == 1
    someone_else = r.token(BUDI, Peranan("pengelola", "PEMDA")) | {
        "Idempotency-Key": headers["Idempotency-Key"]
    }
    assert (await r.client.post(URL, json={"isi": "halo"}, headers=someone_else)).status_code == 201


async def test_twenty_at_once_with_one_key_write_once(r: Rumah) -> None:
    headers = r.token(ANI) | key()
    answers = await asyncio.gather(
        *(r.client.post(URL, json={"isi": "halo"}, headers=headers) for _ in range(20))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert await r.notes() == 1


async def test_a_refused_write_may_be_tried_again_with_its_key(r: Rumah) -> None:
    headers = r.token(ANI) | key()
    for _ in range(2):
        answer = await r.client.post(URL, json={"isi": "bentrok"}, headers=headers)
        assert answer.status_code == 409
        assert "Idempotency-Replayed" not in answer.headers


@pytest.mark.parametrize("bad", [{}, {"Idempotency-Key": "pendek"}, {"Idempotency-Key": "x" * 101}])
async def test_a_write_needs_a_key(r: Rumah, bad: dict[str, str]) -> None:
    answer = await r.client.post(URL, json={"isi": "halo"}, headers=r.token(ANI) | bad)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["remedy"]


async def test_bad_input_names_field_reason_and_way_out(r: Rumah) -> None:
    answer = await r.client.post(URL, json={"isi": "a"}, headers=r.token(ANI) | key())
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"pointer": "/isi", "reason": "terlalu pendek", "remedy": "Tulis paling sedikit 3 huruf."}
    ]
    assert len(answer.json()["trace_id"]) == 32


@pytest.mark.parametrize(
    "body", [b"\xff", b'{"isi": "\xff"}', b"{", b"[]", b"1e999", b'{"isi":' + b"[" * 50_000]
)
async def test_a_body_that_is_no_json_is_422(r: Rumah, body: bytes) -> None:
    answer = await r.client.post(URL, content=body, headers=r.token(ANI) | key())
    assert answer.status_code == 422
    assert "JSON" in answer.text or "objek" in answer.text


def test_a_reason_that_quotes_braces_is_told_as_it_is() -> None:
    def unknown(text: str) -> str:
        raise ValueError(f"tidak dikenal: {text}")

    class Isi(BaseModel):
        kode: Annotated[str, AfterValidator(unknown)]

    with pytest.raises(ValidationError) as refused:
        Isi.model_validate({"kode": "`{0}{"})
    (field,) = field_errors(refused.value.errors())
    assert field == FieldError("/kode", "tidak dikenal: `{0}{")


async def test_text_that_postgresql_cannot_hold_is_422(r: Rumah) -> None:
    answer = await r.client.post(URL, json={"isi": "nol\x00huruf"}, headers=r.token(ANI) | key())
    assert answer.status_code == 422


async def test_a_forgotten_check_leaks_nothing(r: Rumah) -> None:
    answer = await r.client.get("/api/contoh/lupa", headers=r.token(ANI))
    assert answer.status_code == 500
    assert "rahasia" not in answer.text
    assert answer.json()["trace_id"]
    allowed = await r.client.get("/api/contoh/lupa", headers=r.token(ANI, Peranan("admin_bkd")))
    assert allowed.status_code == 200, "wewenang seluruh instansi tidak perlu menyebut siapa"


async def test_a_body_has_a_limit_declared_or_not(r: Rumah) -> None:
    declared = await r.client.post("/api/contoh/besar", content=b"x" * 1001, headers=key())

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b"x" * 100

    streamed = await r.client.post("/api/contoh/besar", content=pieces(), headers=key())
    fits = await r.client.post("/api/contoh/besar", content=b"x" * 1000, headers=key())
    assert (declared.status_code, streamed.status_code, fits.status_code) == (413, 413, 200)


async def test_unknown_paths_and_methods_answer_as_problems(r: Rumah) -> None:
    for answer, status in (
        (await r.client.get("/api/contoh/tidak-ada"), 404),
        (await r.client.delete("/api/contoh/umum"), 405),
        (await r.client.get("/api/contoh/umum?angka=0"), 422),
    ):
        assert answer.status_code == status
        assert answer.json()["status"] == status


async def test_an_older_token_generation_is_refused_within_one_refresh(r: Rumah) -> None:
    old, new = r.token(ANI, generation=1), r.token(ANI, generation=2)
    assert (await r.client.post(URL, json={"isi": "halo"}, headers=old | key())).status_code == 201
    await r.database.pool.execute(
        "INSERT INTO kernel.token_generation (pegawai_id, generation, aktif) VALUES ($1, 2, true)", ANI
    )
    await r.generations.refresh()
    assert (await r.client.post(URL, json={"isi": "halo"}, headers=old | key())).status_code == 401
    assert (await r.client.post(URL, json={"isi": "halo"}, headers=new | key())).status_code == 201
    await r.database.pool.execute("UPDATE kernel.token_generation SET aktif = false, changed_at = now()")
    await r.generations.refresh()
    assert (await r.client.post(URL, json={"isi": "halo"}, headers=new | key())).status_code == 401


# --- group commit -----------------------------------------------------------------------------------


async def _apply(tx: Tx, entries: Any) -> list[BaseModel | Problem]:
    if any(entry.command == "meledak" for entry in entries):
        await tx.conn.execute("SELECT 1 / 0")
    accepted = [entry for entry in entries if entry.command != "ditolak"]
    rows = await tx.conn.fetch(
        "INSERT INTO catatan (isi) SELECT * FROM unnest($1::text[]) RETURNING id, isi",
        [entry.command for entry in accepted],
    )
    ids = iter(rows)
    return [
        Conflict("Ditolak.")
        if entry.command == "ditolak"
        else Tersimpan(id=next(ids)["id"], isi=entry.command)
        for entry in entries
    ]


def entry(command: str, key: str = "", content: bytes = b"h") -> Entry[str]:
    return Entry(command, Origin("pegawai:ani", None), key or str(uuid4()), content)


@asynccontextmanager
async def writer(database: Database, **options: Any) -> AsyncIterator[GroupCommit[str]]:
    group: GroupCommit[str] = GroupCommit(database, "contoh", _apply, **options)
    group.start()
    try:
        yield group
    finally:
        await group.stop()


async def test_group_everyone_gets_their_own_outcome(r: Rumah) -> None:
    async with writer(r.database) as group:
        commands = ["satu", "ditolak", "meledak", "dua"] * 10
        outcomes = await asyncio.gather(*(group.submit(entry(c)) for c in commands), return_exceptions=True)
    for command, outcome in zip(commands, outcomes, strict=True):
        if command in ("satu", "dua"):
            assert not isinstance(outcome, BaseException)
            assert Tersimpan.model_validate_json(outcome.body).isi == command
        else:
            assert isinstance(outcome, Conflict) == (command == "ditolak")
            assert isinstance(outcome, Exception)
    assert await r.notes() == 20


async def test_group_same_key_writes_once_also_across_writers(r: Rumah) -> None:
    async with writer(r.database) as one, writer(r.database) as two:
        answers = await asyncio.gather(
            *(group.submit(entry("satu", "kunci-yang-sama")) for group in (one, two) for _ in range(25))
        )
        other = await asyncio.gather(
            one.submit(entry("dua", "kunci-yang-sama", b"lain")), return_exceptions=True
        )
    assert len({answer.body for answer in answers}) == 1
    assert sum(not answer.replayed for answer in answers) == 1
    assert isinstance(other[0], Problem)
    assert other[0].status == 422
    assert await r.notes() == 1


async def test_group_joins_waiting_requests(r: Rumah) -> None:
    async with writer(r.database, writers=1) as group:
        await asyncio.gather(*(group.submit(entry("satu")) for _ in range(100)))
    transactions = await r.database.pool.fetchval("SELECT count(DISTINCT xmin::text) FROM catatan")
    assert transactions <= 10


async def test_group_sheds_load_at_once_when_too_many_wait(r: Rumah) -> None:
    async with writer(r.database, writers=1, max_queue=5) as group:
        outcomes = await asyncio.gather(
            *(group.submit(entry("satu")) for _ in range(50)), return_exceptions=True
        )
    shed = [outcome for outcome in outcomes if isinstance(outcome, Unavailable)]
    assert shed
    assert all(problem.extra["retry_after"] for problem in shed)
    assert await r.notes() == 50 - len(shed)
