"""Which months there are, and how far they are."""

from datetime import datetime

from pydantic import BaseModel, Field

from shared.db import Tx, queries
from shared.errors import NotFound
from shared.http import Page, decode_cursor, page
from shared.period import Period

SQL = queries("services.skp.periode")


class Periode(BaseModel):
    """A month."""

    periode: Period
    keadaan: str = Field(description="dibuka, pengiriman_ditutup atau ditutup")
    version: int
    diubah_pada: datetime


async def daftar(tx: Tx, cursor: str | None, limit: int) -> Page[Periode]:
    """Months, the latest first."""
    after = decode_cursor(cursor, 1, Period.parse)
    rows = [
        Periode(
            periode=Period.parse(row["periode"]),
            keadaan=row["keadaan"],
            version=row["version"],
            diubah_pada=row["diubah_pada"],
        )
        async for row in SQL.daftar(tx.conn, sebelum=str(after[0]) if after else None, limit=limit + 1)
    ]
    return page(rows, limit, lambda row: [str(row.periode)])


async def satu(tx: Tx, periode: Period) -> Periode:
    """One month. Raises NotFound."""
    row = await SQL.satu(tx.conn, periode=str(periode))
    if row is None:
        raise NotFound("Periode ini belum pernah dibuka.")
    return Periode(
        periode=periode,
        keadaan=row["keadaan"],
        version=row["version"],
        diubah_pada=row["diubah_pada"],
    )
