"""The month a decision is counted in."""

from shared.clock import local_date
from shared.db import Tx, queries
from shared.period import Period

SQL = queries("services.skp.periode")


async def stempel(tx: Tx, zone: str) -> Period:
    """The month that a decision about an SKP is stamped with, held as it is until commit.

    The oldest month that is opened and not yet closed. While there is none: the calendar month by the
    database's clock, but later than every closed one, whose count never changes.
    """
    while True:
        if row := await SQL.tertua_terbuka(tx.conn):
            return Period.parse(row["periode"])
        closed = await SQL.ditutup_terakhir(tx.conn, sebelum=None)
        # A month that changes while we wait for its row is left out of the answer: look once more.
        if not await SQL.ada_terbuka(tx.conn):
            break
    month = Period.of(local_date(tx.now, zone))
    return max(month, Period.parse(closed["periode"]).plus(1)) if closed else month
