"""What payroll answers: paid, or could not be paid. Money paid stays paid, whatever arrives afterwards.

Every answer about a payment of ours is kept as it came, so that reconciliation can compare what payroll says.
"""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from services.tpp.penetapan.commands import selesaikan_pembatalan
from shared.contracts.payroll import ItemFailed, ItemPaid
from shared.contracts.tpp import TppPaid, TppPaymentFailed
from shared.db import Tx, queries
from shared.db.tx import Origin
from shared.inbox import Received, Unacceptable, newest
from shared.money import Rupiah
from shared.period import MasaBayar

SQL = queries("services.tpp.pembayaran")

Jawaban = TypeVar("Jawaban", ItemPaid, ItemFailed)

_ALASAN_TERPANJANG = 1000


async def catat_dibayar(tx: Tx, batch: Sequence[Received[ItemPaid]]) -> None:
    """The money has gone out. The first answer counts; a second one changes nothing."""
    answers = await _answers(tx, batch)
    await SQL.catat_jawaban(
        tx.conn,
        **_said(batch),
        jenis="dibayar",
        referensi=[received.event.referensi for received in batch],
        neto=[received.event.neto.decimal if received.event.neto else None for received in batch],
        pada=[received.event.dibayar_pada for received in batch],
        alasan=[None] * len(batch),
    )
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
    tx.origin = None
    await selesaikan_pembatalan(tx, _batches(answers))


async def catat_gagal(tx: Tx, batch: Sequence[Received[ItemFailed]]) -> None:
    """The money could not go out; payroll may try again. Never undoes a payment."""
    answers = await _answers(tx, batch)
    await SQL.catat_jawaban(
        tx.conn,
        **_said(batch),
        jenis="gagal",
        referensi=[None] * len(batch),
        neto=[None] * len(batch),
        pada=[None] * len(batch),
        alasan=[received.event.alasan[:_ALASAN_TERPANJANG] for received in batch],
    )
    rows = [
        row
        async for row in SQL.gagal(
            tx.conn,
            ids=list(answers),
            versions=[received.event.version for received in answers.values()],
            alasan=[received.event.alasan[:_ALASAN_TERPANJANG] for received in answers.values()],
            dibatalkan=[received.event.dibatalkan for received in answers.values()],
        )
    ]
    for row in rows:
        _on_behalf_of(tx, answers[row["item_id"]])
        tx.emit(TppPaymentFailed(**_subject(row), alasan=row["alasan"]))
    tx.origin = None
    await selesaikan_pembatalan(tx, _batches(answers))


async def _answers(tx: Tx, batch: Sequence[Received[Jawaban]]) -> dict[UUID, Received[Jawaban]]:
    """The newest answer about each living payment, which are held.

    Raises Unacceptable for answers about a payment we never asked for, and for one that says paid of a
    payment that was taken back: to the dead letters, never paid. That such a one was not made is no news.
    """
    found = {received.event.item_id: received for received in newest(batch, lambda answer: answer.item_id)}
    ids = sorted(found)
    living = {row["item_id"]: row async for row in SQL.tahan(tx.conn, ids=ids)}
    taken_back = {row["item_id"]: row async for row in SQL.pernah(tx.conn, ids=ids)}
    refused = {}
    for received in batch:
        event = received.event
        row = living.get(event.item_id) or taken_back.get(event.item_id)
        if row is None or (row["batch_id"], row["periode"]) != (event.batch_id, str(event.periode)):
            refused[received.id] = (
                f"item {event.item_id} bukan bagian batch {event.batch_id} bulan {event.periode}"
            )
        elif event.item_id in taken_back and isinstance(event, ItemPaid):
            refused[received.id] = f"item {event.item_id} dibayar sesudah batch {event.batch_id} dibatalkan"
    if refused:
        raise Unacceptable(refused)
    return {item_id: received for item_id, received in found.items() if item_id in living}


def _batches(answers: dict[UUID, Received[Jawaban]]) -> list[UUID]:
    return sorted({received.event.batch_id for received in answers.values()})


def _said(batch: Sequence[Received[Jawaban]]) -> dict[str, list[Any]]:
    """What all kinds of answers have in common, column by column."""
    return {
        "event_ids": [received.id for received in batch],
        "item_ids": [received.event.item_id for received in batch],
        "periode": [str(received.event.periode) for received in batch],
        "versions": [received.event.version for received in batch],
    }


def _subject(row: Any) -> dict[str, Any]:
    return {
        "version": row["version"],
        "pegawai_id": row["pegawai_id"],
        "periode": MasaBayar.parse(row["periode"]),
    }


def _on_behalf_of(tx: Tx, received: Received[Any]) -> None:
    """What follows from payroll's answer goes on in its trace."""
    tx.origin = Origin("mesin:payroll", received.traceparent)
