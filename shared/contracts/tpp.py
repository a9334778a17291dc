"""Tambahan Penghasilan Pegawai: the figure of each person and month."""

from typing import ClassVar
from uuid import UUID

from shared.contracts.base import Event, Topic
from shared.contracts.penilaian import Alasan
from shared.money import Rupiah
from shared.period import Period

TPP = Topic("ekinerja.tpp.v1", frozenset({"tpp"}), frozenset({"notification"}))


class TppEvent(Event):
    """Common to all: one person, one month."""

    TOPIC: ClassVar[Topic] = TPP
    KEY: ClassVar[str] = "pegawai_id"

    pegawai_id: UUID
    periode: Period


class TppCalculated(TppEvent):
    """A figure exists: gross, what is taken off (`potongan` includes tax), and what is received."""

    TYPE: ClassVar[str] = "id.ekinerja.tpp.calculated"

    bruto: Rupiah
    potongan: Rupiah
    neto: Rupiah


class TppHeld(TppEvent):
    """Payment waits; each reason names who has to act."""

    TYPE: ClassVar[str] = "id.ekinerja.tpp.held"

    alasan: tuple[Alasan, ...]


class TppPaid(TppEvent):
    """Payroll reported the money as paid."""

    TYPE: ClassVar[str] = "id.ekinerja.tpp.paid"

    neto: Rupiah


class TppPaymentFailed(TppEvent):
    """Payroll could not pay; finance has to act."""

    TYPE: ClassVar[str] = "id.ekinerja.tpp.payment-failed"

    alasan: str
