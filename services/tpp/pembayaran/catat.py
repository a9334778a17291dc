"""What payroll answers: paid, or could not be paid. Money paid stays paid, whatever arrives afterwards."""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from shared.contracts.payroll import ItemFailed, ItemPaid
from shared.contracts.tpp import TppPaid, TppPaymentFailed
from shared.db import Tx, queries
from shared.db.tx import Origin
from shared.inbox import Received, Unacceptable, newest
from shared.money import Rupiah
from shared.period import Period

SQL = queries("services.tpp.pembayaran")

Jawaban = TypeVar("Jawaban", ItemPaid, ItemFailed)

_ALASAN_TERPANJANG = 1000


async def catat_dibayar(tx: Tx, batch: Sequence[Received[ItemPaid]]) -> None:
    """The money has gone out. The first answer counts; a second one changes nothing."""
    answers = await _answers(tx, batch)
    rows = [
        row
        async for row in SQL.dibayar(
            tx.conn,
            ids=list(answers),
            versions=[received.event.version for received in answers.values()],
            referensi=[received.event.referensi for received in answers.values()],
            pada=[received.event.dibayar_pada for received in answers.values()],
        )
    ]
    for row in rows:
        _on_behalf_of(tx, answers[row["item_id"]])
        tx.emit(TppPaid(**_subject(row), neto=Rupiah(row["neto"])))


async def catat_gagal(tx: Tx, batch: Sequence[Received[ItemFailed]]) -> None:
    """The money could not go out; payroll may try again. Never undoes a payment."""
    answers = await _answers(tx, batch)
    rows = [
        row
        async for row in SQL.gagal(
            tx.conn,
            ids=list(answers),
            versions=[received.event.version for received in answers.values()],
            alasan=[received.event.alasan[:_ALASAN_TERPANJANG] for received in answers.values()],
        )
    ]
    for row in rows:
        _on_behalf_of(tx, answers[row["item_id"]])
        tx.emit(TppPaymentFailed(**_subject(row), alasan=row["alasan"]))


async def _answers(tx: Tx, batch: Sequence[Received[Jawaban]]) -> dict[UUID, Received[Jawaban]]:
    """The newest answer about each payment, which are held.

    Raises Unacceptable for answers about a payment we never asked for: to the dead letters, never paid.
    """
    found = {received.event.item_id: received for received in newest(batch, lambda answer: answer.item_id)}
    rows = [row async for row in SQL.tahan(tx.conn, ids=sorted(found))]
    asked = {row["item_id"]: (row["batch_id"], row["periode"]) for row in rows}
    unknown = {
        received.id: f"item {event.item_id} bukan bagian batch {event.batch_id} bulan {event.periode}"
        for received in batch
        for event in (received.event,)
        if asked.get(event.item_id) != (event.batch_id, str(event.periode))
    }
    if unknown:
        raise Unacceptable(unknown)
    return found


def _subject(row: Any) -> dict[str, Any]:
    return {
        "version": row["version"],
        "pegawai_id": row["pegawai_id"],
        "periode": Period.parse(row["periode"]),
    }


def _on_behalf_of(tx: Tx, received: Received[Any]) -> None:
    """What follows from payroll's answer goes on in its trace."""
    tx.origin = Origin("mesin:payroll", received.traceparent)
