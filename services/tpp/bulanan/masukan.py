"""Facts of a month as the calculation takes them."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from services.tpp.bulanan.rules import NAMA
from shared.db import Tx, queries
from shared.period import Period

SQL = queries("services.tpp.bulanan")


async def menurut_bulan(
    tx: Tx, periode: Period, ids: Sequence[UUID], dipakai: Iterable[str]
) -> dict[UUID, dict[str, Any]]:
    """For whoever has any of the facts that are asked for (`dipakai`): fields of the inputs."""
    names = sorted(set(NAMA).intersection(dipakai))
    found: dict[UUID, dict[str, Any]] = {}
    if names:
        async for row in SQL.nilai(tx.conn, ids=list(ids), periode=str(periode), nama=names):
            value = bool(row["nilai"]) if row["nama"] == "ada_hasil" else row["nilai"]
            found.setdefault(row["pegawai_id"], {})[row["nama"]] = value
    return found
