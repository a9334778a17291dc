"""Marking person-months that have to be looked at again, because something was heard after their lock."""

from collections.abc import Iterable
from uuid import UUID

from shared.db import Tx, queries
from shared.errors import Conflict
from shared.period import Period

SQL = queries("services.tpp.koreksi")


async def tandai(tx: Tx, ids: Iterable[UUID], sejak: Period) -> None:
    """Look again at these people's locked months from this one on. Marking twice is marking once.

    Called in the transaction that stores the fact, after it.
    """
    if found := sorted(set(ids)):
        await SQL.tandai(tx.conn, ids=found, sejak=str(sejak))


async def pastikan_belum_dibawa(tx: Tx, periode: Period, opd: str) -> None:
    """Raises Conflict when a later month carries corrections of this one, which then cannot be opened."""
    people = await SQL.sudah_dibawa(tx.conn, periode=str(periode), opd=opd)
    if people:
        raise Conflict(
            f"Rapel {periode.tampil()} untuk {people} orang sudah dihitung dalam bulan berikutnya, "
            "jadi bulan ini tidak dapat dibuka lagi.",
            remedy="Perbaiki datanya; selisihnya menjadi rapel berikutnya.",
        )
