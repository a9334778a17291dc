"""R3: PostgreSQL is killed again and again under load: what was acknowledged is there, exactly once."""

import asyncio
import random
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from shared.db.database import Database
from shared.db.group_commit import Entry, GroupCommit
from shared.db.tx import Origin, Tx
from shared.errors import Problem, Unavailable
from shared.ids import uuid7
from tests.component.kernel.world import realisasi, until
from tests.measure import Context
from tests.pipeline import READER, pipeline
from tests.rig import ask, make_database, make_namespace

CLIENTS = 32
_TABLE = """
CREATE TABLE public.kiriman (
    nomor bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kunci text NOT NULL, pegawai_id uuid NOT NULL
)
"""
_INSERT = """
INSERT INTO kiriman (kunci, pegawai_id) SELECT * FROM unnest($1::text[], $2::uuid[]) RETURNING nomor
"""


class Receipt(BaseModel):
    """What a caller is told; the number is the database's, so a second execution would show."""

    nomor: int


async def _apply(tx: Tx, entries: Sequence[Entry[UUID]]) -> Sequence[BaseModel | Problem]:
    people = [entry.command for entry in entries]
    rows = await tx.conn.fetch(_INSERT, [entry.key for entry in entries], people)
    for entry, row in zip(entries, rows, strict=True):
        tx.origin = entry.origin
        tx.emit(realisasi(entry.command, row["nomor"]))
    return [Receipt(nomor=row["nomor"]) for row in rows]


async def run(context: Context) -> list[dict[str, Any]]:
    """Small: 10 kills; full: 50. Each a SIGKILL of the whole server in the middle of its work."""
    kills = 10 if context.small else 50
    platform = context.platform
    namespace = await make_namespace(platform)
    writer = await make_database(platform, "skp", namespace, _TABLE)
    reader = await make_database(platform, "assessment", namespace, READER)
    chance = random.Random(context.seed)
    database = Database(writer.database, size=6)
    await database.open()
    commits: GroupCommit[UUID] = GroupCommit(database, "ukur", _apply)
    commits.start()
    answers: dict[str, bytes] = {}
    stopping = asyncio.Event()
    differing: list[str] = []
    retried = 0

    async def client(number: int) -> None:
        nonlocal retried
        person = UUID(int=number + 1)
        while not stopping.is_set():
            key = uuid7().hex
            while True:
                try:
                    answer = await commits.submit(Entry(person, Origin(f"pegawai:{person}", None), key, b"x"))
                except Unavailable:
                    retried += 1
                    await asyncio.sleep(0.2)
                    continue
                answers[key] = answer.body
                break
            # Some ask again although they were answered: the first answer, whatever happened since.
            if chance.random() < 0.05:
                again = await _patiently(commits, person, key)
                if again != answers[key]:
                    differing.append(key)
            await asyncio.sleep(0.02)

    try:
        async with pipeline(writer, reader, "relay", "consumer"):
            clients = [asyncio.create_task(client(number)) for number in range(CLIENTS)]
            await until(lambda: _all_applied(reader.database, 1), seconds=60)
            for _ in range(kills):
                await asyncio.sleep(0.5 + chance.random())
                platform.kill("postgres")
                await asyncio.to_thread(platform.start, "postgres")
            await asyncio.sleep(1)
            stopping.set()
            await asyncio.gather(*clients)
            for key in chance.sample(sorted(answers), min(200, len(answers))):
                person = await ask(writer.database, "SELECT pegawai_id FROM kiriman WHERE kunci = $1", key)
                if await _patiently(commits, person, key) != answers[key]:
                    differing.append(key)
            rows = await ask(writer.database, "SELECT count(*) FROM kiriman")
            distinct = await ask(
                writer.database,
                "SELECT count(DISTINCT kunci) FROM kiriman WHERE kunci = ANY ($1)",
                list(answers),
            )
            await until(lambda: _all_applied(reader.database, rows), seconds=120)
            applied = await ask(reader.database, "SELECT sum(kali) FROM angka")
    finally:
        stopping.set()
        await commits.stop()
        await database.close()
    lost = len(answers) - distinct
    doubled = rows - len(answers)
    return [
        {
            "id": "R3",
            "value": lost,
            "unit": "kiriman hilang",
            "goal": "0 hilang, 0 ganda, jawaban ulang sama",
            "holds": lost == 0 and doubled == 0 and not differing and applied == rows,
            "detail": {
                "mati": kills,
                "dijawab": len(answers),
                "baris": rows,
                "diterapkan": applied,
                "jawaban_berbeda": len(differing),
                "diulang_pengirim": retried,
            },
        }
    ]


async def _patiently(commits: GroupCommit[UUID], person: UUID, key: str) -> bytes:
    while True:
        try:
            answer = await commits.submit(Entry(person, Origin(f"pegawai:{person}", None), key, b"x"))
        except Unavailable:
            await asyncio.sleep(0.2)
            continue
        return answer.body


async def _all_applied(dsn: str, count: int) -> bool:
    return bool(await ask(dsn, "SELECT coalesce(sum(kali), 0) >= $1 FROM angka", count))
