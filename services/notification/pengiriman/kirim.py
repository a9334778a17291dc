"""The sender: takes queued mails after their commit and hands each to the mail server.

A row is held under a lease while it is sent; only its holder may settle it. A mail goes out twice only when
nobody knows whether the server took it (the connection or this process died between the server's acceptance
and our commit of it); the repeat carries the same Message-ID.
"""

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from services.notification.pengiriman import smtp
from services.notification.pengiriman.rules import MAX_ATTEMPTS, Nasib, jeda
from services.notification.templat.kata import Orang, surel
from shared.db import Database, queries
from shared.obs.logging import log
from shared.obs.metrics import MAIL_SENT
from shared.obs.tracing import span
from shared.runtime import Running

SQL = queries("services.notification.pengiriman")

BATCH = 20
LEASE = timedelta(minutes=10)
_SERVER_PAUSE = timedelta(seconds=30)
_UNKNOWN_PAUSE = timedelta(minutes=5)
_UNKNOWN_LONGEST = timedelta(days=1)


async def kirim_surel(running: Running) -> bool:
    """Send the next mails; True when more may wait. Without a mail server, messages stay in the inbox."""
    database, settings = running.database, running.settings
    if settings.smtp is None:
        async with database.pool.acquire() as conn:
            return bool(await SQL.tanpa_peladen(conn, limit=1000))
    holder = uuid4()
    taken = time.monotonic()
    async with database.pool.acquire() as conn:
        rows = [row async for row in SQL.ambil(conn, pemegang=holder, lease=LEASE, limit=BATCH)]
    waiting = [row for row in rows if not await _without_address(database, holder, row)]
    if not waiting:
        return bool(rows)
    try:
        async with smtp.sambungan(settings.smtp) as client:
            while waiting and time.monotonic() - taken < LEASE.total_seconds() / 2:
                await _one(database, holder, client, settings.smtp_from, settings.service, waiting.pop(0))
    except smtp.ServerTrouble as trouble:
        log.warning("peladen surel bermasalah", sebab=str(trouble), menunggu=len(waiting))
        await _release(database, holder, waiting, _SERVER_PAUSE)
        return False
    await _release(database, holder, waiting, timedelta())
    return len(rows) == BATCH


async def _without_address(database: Database, holder: UUID, row: Any) -> bool:
    """Settle or postpone a mail that has no address; True when it is not to be sent now."""
    if row["email"]:
        return False
    if row["dikenal"] or row["umur"] > _UNKNOWN_LONGEST:
        await _settle(database, holder, row, "tanpa_surel", "tidak ada alamat surel")
    else:
        # The address travels by another topic and may still be on its way.
        await _release(database, holder, [row], _UNKNOWN_PAUSE)
    return True


async def _one(database: Database, holder: UUID, client: Any, sender: str, service: str, row: Any) -> None:
    with span(f"surel {row['jenis']}", parent=row["traceparent"], layanan=service):
        try:
            kata = surel(row["jenis"], row["data"], Orang(row["nama"], None))
            message = smtp.surat(row["id"], sender, row["nama"], row["email"], kata)
        except ValueError as error:
            answer = smtp.Jawaban(Nasib.DITOLAK, f"alamat tidak dapat dipakai: {error}"[:300])
        else:
            try:
                answer = await smtp.serahkan(client, message)
            except smtp.ServerTrouble as trouble:
                # A mail that was under way counts its attempt: none may break every connection forever.
                await _again(database, holder, row, str(trouble), counts=trouble.begun)
                MAIL_SENT.labels(service=service, outcome="retried").inc()
                raise
        match answer.nasib:
            case Nasib.TERKIRIM:
                await _settle(database, holder, row, "terkirim", None)
                outcome = "sent"
            case Nasib.DITOLAK:
                await _settle(database, holder, row, "ditolak", answer.sebab)
                outcome = "refused"
            case Nasib.ULANGI:
                await _again(database, holder, row, answer.sebab, counts=True)
                outcome = "retried"
        MAIL_SENT.labels(service=service, outcome=outcome).inc()


async def _again(database: Database, holder: UUID, row: Any, sebab: str | None, *, counts: bool) -> None:
    attempts = row["percobaan"] + counts
    if attempts >= MAX_ATTEMPTS:
        await _settle(database, holder, row, "gagal", sebab)
        return
    pause = jeda(attempts) if counts else _SERVER_PAUSE
    async with database.pool.acquire() as conn:
        await SQL.ulangi(conn, id=row["id"], pemegang=holder, percobaan=attempts, jeda=pause, sebab=sebab)


async def _settle(database: Database, holder: UUID, row: Any, keadaan: str, sebab: str | None) -> None:
    async with database.pool.acquire() as conn:
        await SQL.selesaikan(conn, id=row["id"], pemegang=holder, keadaan=keadaan, sebab=sebab)


async def _release(database: Database, holder: UUID, rows: Sequence[Any], pause: timedelta) -> None:
    if not rows:
        return
    async with database.pool.acquire() as conn:
        await SQL.lepaskan(conn, ids=[row["id"] for row in rows], pemegang=holder, jeda=pause)
