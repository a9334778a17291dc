"""Tambahan Penghasilan Pegawai: the figure of each person and month."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Event, Topic
from shared.contracts.penilaian import Alasan
from shared.money import Rupiah
from shared.period import MasaBayar

TPP_BAGIAN = Topic("ekinerja.tpp-bagian.v1", frozenset({"tpp"}), frozenset({"tpp"}), in_turn=True)
TPP = Topic("ekinerja.tpp.v1", frozenset({"tpp"}), frozenset({"notification"}))


class TppRunPart(Event):
    """A part of a month's calculation, for whichever worker of tpp holds its partition.

    It names the part and carries no person: who belongs to it stands in tpp's own database. `version` counts
    how often the part was handed out; a part that is done already is done again by nobody.
    """

    TYPE: ClassVar[str] = "id.ekinerja.tpp.run-part"
    TOPIC: ClassVar[Topic] = TPP_BAGIAN
    KEY: ClassVar[str] = "bagian_id"

    bagian_id: str = Field(description="`periode/nomor/bagian`; menyebar ke semua partisi")
    periode: MasaBayar
    nomor: int = Field(ge=1, description="Perhitungan keberapa untuk bulan ini")
    bagian: int = Field(ge=0)


class TppEvent(Event):
    """Common to all: one person, and a month or an extra payment of the year (`2026-13`)."""

    TOPIC: ClassVar[Topic] = TPP
    KEY: ClassVar[str] = "pegawai_id"

    pegawai_id: UUID
    periode: MasaBayar


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


class TppCorrected(TppEvent):
    """A locked month would be another one with what is known now. What was paid stays; `selisih` is the
    signed difference of net to the figure known before, and becomes rapel in the next payable month."""

    TYPE: ClassVar[str] = "id.ekinerja.tpp.corrected"

    bruto: Rupiah
    potongan: Rupiah
    neto: Rupiah
    selisih: Rupiah
    sebab: tuple[str, ...] = Field(description="Masukan yang berubah, sebagai kalimat")


class TppKeberatanDecided(TppEvent):
    """An objection to a line of this month's slip was answered; once, so its version is always 1.

    The answer itself, which may tell of pay, stays in tpp, where the person reads it beside the line.
    """

    TYPE: ClassVar[str] = "id.ekinerja.tpp.keberatan-decided"
    KEY: ClassVar[str] = "keberatan_id"

    keberatan_id: UUID
    diterima: bool = Field(description="Diterima: datanya diperbaiki lalu dihitung ulang; tidak: ditolak")


class TppPaid(TppEvent):
    """Payroll reported the money as paid."""

    TYPE: ClassVar[str] = "id.ekinerja.tpp.paid"

    neto: Rupiah


class TppPaymentFailed(TppEvent):
    """Payroll could not pay; finance has to act."""

    TYPE: ClassVar[str] = "id.ekinerja.tpp.payment-failed"

    alasan: str
