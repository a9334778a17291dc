"""The month a decision is counted in."""

from shared.clock import local_date
from shared.db import Tx, queries
from shared.period import Period

SQL = queries("services.skp.periode")


async def stempel(tx: Tx, tahun: int, zone: str) -> Period:
    """The month that a decision about an SKP of `tahun` is stamped with, held open until commit.

    The oldest month of that year that is opened and not yet closed; else the calendar month by the
    database's clock, or the first later one that is not closed: a closed month's count never changes.
    """
    # A closing that finishes while we wait for its row leaves that row out of the answer: look once more.
    for _ in range(13):
        row = await SQL.tertua_terbuka(tx.conn, awal=f"{tahun}-01", akhir=f"{tahun}-12")
        if row is not None:
            return Period.parse(row["periode"])
        if not await SQL.ada_terbuka(tx.conn, awal=f"{tahun}-01", akhir=f"{tahun}-12"):
            break
    month = Period.of(local_date(tx.now, zone))
    closed = {row["periode"] async for row in SQL.ditutup_sejak(tx.conn, awal=str(month))}
    while str(month) in closed:
        month = month.plus(1)
    return month
