"""The audit chain: whatever is edited, deleted, reordered or cut off is found."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from shared.audit import seal, verify
from shared.db import Database
from shared.db.tx import Actor, Tx
from shared.settings import ServiceSettings
from tests.conftest import FreshDatabase

ACTOR = Actor("pegawai", "0198")


@pytest.fixture
async def trail(fresh_database: FreshDatabase) -> AsyncIterator[tuple[Database, ServiceSettings, Any]]:
    """Twelve sealed rows, the service's own connection, and one with the owner's rights."""
    settings = fresh_database("tpp")
    database = Database(settings.database, size=2)
    await database.open()
    owner = await asyncpg.connect(settings.owner_database)
    for number in range(12):
        async with database.transaction(actor=ACTOR) as tx:
            tx.audit("slip.dibaca", f"pegawai:{number}", periode="2026-10")
    while await seal(database, settings.keys, "tpp"):
        pass
    yield database, settings, owner
    await owner.close()
    await database.close()


Trail = tuple[Database, ServiceSettings, Any]


async def test_an_untouched_chain_is_whole_and_grows(trail: Trail) -> None:
    database, settings, _ = trail
    report = await verify(database, settings.keys, "tpp")
    assert (report.ok, report.sealed, report.unsealed) == (True, 12, 0)
    async with database.transaction(actor=ACTOR) as tx:
        tx.audit("slip.dibaca", "pegawai:13")
    assert (await verify(database, settings.keys, "tpp")).unsealed == 1
    await seal(database, settings.keys, "tpp")
    report = await verify(database, settings.keys, "tpp")
    assert (report.ok, report.sealed, report.unsealed) == (True, 13, 0)


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        ("UPDATE kernel.audit SET actor = 'pegawai:lain' WHERE seq = 5", "baris 5 atau urutannya diubah"),
        ("UPDATE kernel.audit SET detail = '{}' WHERE seq = 7", "baris 7 atau urutannya diubah"),
        (
            "UPDATE kernel.audit SET at = at - interval '1 hour' WHERE seq = 2",
            "baris 2 atau urutannya diubah",
        ),
        ("DELETE FROM kernel.audit WHERE seq = 4", "baris 4 dihapus"),
        ("DELETE FROM kernel.audit_seal WHERE position = 6", "segel 6 sampai 6 hilang"),
        (
            "UPDATE kernel.audit_seal SET audit_seq = CASE audit_seq WHEN 3 THEN 103 ELSE 3 END"
            " WHERE audit_seq IN (3, 9); UPDATE kernel.audit_seal SET audit_seq = 9 WHERE audit_seq = 103",
            "diubah",
        ),
        (
            "DELETE FROM kernel.audit_seal WHERE position > 9; DELETE FROM kernel.audit WHERE seq > 9",
            "rantai terpotong: kepala rantai menyebut segel 12, yang terakhir ada 9",
        ),
        ("UPDATE kernel.audit_root SET hash = sha256('x')", "tanda tangan akar"),
    ],
)
async def test_tampering_with_the_owners_rights_is_found(trail: Trail, tamper: str, found: str) -> None:
    database, settings, owner = trail
    for statement in tamper.split("; "):
        await owner.execute(statement)
    report = await verify(database, settings.keys, "tpp")
    assert not report.ok
    assert found in str(report)


@pytest.mark.parametrize("table", ["audit", "audit_seal", "audit_root"])
async def test_the_service_itself_may_neither_change_nor_delete(trail: Trail, table: str) -> None:
    database, _, _ = trail
    column = {"audit": "actor", "audit_seal": "audit_seq", "audit_root": "position"}[table]
    for statement in (f"DELETE FROM kernel.{table}", f"UPDATE kernel.{table} SET {column} = {column}"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await database.pool.execute(statement)


async def test_a_rolled_back_change_leaves_no_trail(trail: Trail) -> None:
    database, settings, _ = trail

    async def failing(tx: Tx) -> None:
        tx.audit("tidak.jadi", "pegawai:1")
        await tx.conn.execute("SELECT 1 / 0")

    with pytest.raises(asyncpg.DivisionByZeroError):
        await database.run(failing, actor=ACTOR)
    assert (await verify(database, settings.keys, "tpp")).unsealed == 0


async def test_a_row_of_a_long_transaction_is_sealed_later(trail: Trail) -> None:
    database, settings, _ = trail
    async with database.transaction(actor=ACTOR) as slow:
        slow.audit("lambat", "pegawai:1")
        await slow.flush()
        async with database.transaction(actor=ACTOR) as quick:
            quick.audit("cepat", "pegawai:2")
        await seal(database, settings.keys, "tpp")
        assert (await verify(database, settings.keys, "tpp")).sealed == 13
    await seal(database, settings.keys, "tpp")
    report = await verify(database, settings.keys, "tpp")
    assert (report.ok, report.sealed, report.unsealed) == (True, 14, 0)
