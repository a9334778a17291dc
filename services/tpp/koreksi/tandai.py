"""Marking person-months that have to be looked at again, because something was heard after their lock."""

from collections.abc import Mapping
from uuid import UUID

from shared.db import Tx, queries
from shared.errors import Conflict
from shared.period import MasaBayar, Period

SQL = queries("services.tpp.koreksi")


async def tandai(tx: Tx, sejak: Mapping[UUID, Period], *, ditahan: bool = False) -> None:
    """Look again at each person's locked months from the one named on. Marking twice is marking once.

    `ditahan`: only at months that were locked as held, for a fact that changes no computed month.

    Called in the transaction that stores the fact, after it.
    """
    if sejak:
        people = sorted(sejak)
        await SQL.tandai(tx.conn, ids=people, sejak=[str(sejak[who]) for who in people], ditahan=ditahan)


async def pastikan_belum_dibawa(tx: Tx, periode: MasaBayar, opd: str) -> None:
    """Raises Conflict when corrections of this month are carried by a later one, or settled."""
    people = await SQL.sudah_dibawa(tx.conn, periode=str(periode), opd=opd)
    if people:
        raise Conflict(
            f"Rapel {periode.tampil()} untuk {people} orang sudah dihitung dalam bulan berikutnya "
            "atau diselesaikan di luarnya, jadi bulan ini tidak dapat dibuka lagi.",
            remedy="Perbaiki datanya; selisihnya menjadi rapel berikutnya.",
        )
