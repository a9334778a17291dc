"""Hand-over to payroll and its answers. Keyed by batch, so that one batch keeps its order."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.base import Event, Topic
from shared.money import Rupiah
from shared.nip import Nip
from shared.period import MasaBayar

PAYROLL = Topic("ekinerja.payroll.v1", frozenset({"tpp", "payroll"}), frozenset({"tpp", "payroll"}))


class TandaTangan(BaseModel):
    """An Ed25519 signature (RFC 8032) of tpp's, over the canonical form of the event that carries it."""

    model_config = ConfigDict(frozen=True)

    kunci: str = Field(description="`kid` kunci publik pada /api/tpp/.well-known/jwks.json")
    nilai: str = Field(
        pattern=r"^[A-Za-z0-9_-]{86}$", description="64 bita tanda tangan, base64url tanpa `=`"
    )


class PayrollEvent(Event):
    """Common to all: the batch and what it pays: a month, or an extra payment of the year (`2026-13`)."""

    TOPIC: ClassVar[Topic] = PAYROLL
    KEY: ClassVar[str] = "batch_id"

    batch_id: UUID
    periode: MasaBayar


def _naskah(judul: str, *lines: object) -> bytes:
    return "".join(f"{line}\n" for line in (judul, *lines)).encode()


class BatchApproved(PayrollEvent):
    """BPKAD locked the batch. Pay only when exactly these items have arrived and the signature is ours.

    `hash` is SHA-256 over the lines `item_id|nip|neto` + newline of all items, sorted by item_id.
    """

    TYPE: ClassVar[str] = "id.ekinerja.payroll.batch-approved"

    opd_kode: str
    jumlah_item: int = Field(ge=0)
    total_bruto: Rupiah
    total_potongan: Rupiah
    total_neto: Rupiah
    hash: str = Field(pattern=r"^[0-9a-f]{64}$")
    tanda_tangan: TandaTangan | None = Field(
        default=None,
        description="Atas naskah `ekinerja-payroll-manifes-1`; selalu ada sejak versi 2 skema ini",
    )

    def naskah(self) -> bytes:
        """What is signed: UTF-8 lines, each ended by one newline, in this order."""
        return _naskah(
            "ekinerja-payroll-manifes-1",
            self.batch_id,
            self.periode,
            self.opd_kode,
            self.jumlah_item,
            self.total_bruto,
            self.total_potongan,
            self.total_neto,
            self.hash,
        )


class BatchCancelled(PayrollEvent):
    """BPKAD takes a locked batch back. What has not been paid yet must not be paid any more.

    Payroll answers `item-failed` with `dibatalkan` for every item whose money has not gone out, also for one
    that had failed before. Only when none was paid is the OPD opened again; a corrected batch has new ids.
    """

    TYPE: ClassVar[str] = "id.ekinerja.payroll.batch-cancelled"

    opd_kode: str
    alasan: str
    tanda_tangan: TandaTangan

    @staticmethod
    def naskah(batch_id: UUID, periode: MasaBayar, opd_kode: str) -> bytes:
        """What is signed: UTF-8 lines, each ended by one newline, in this order."""
        return _naskah("ekinerja-payroll-pembatalan-1", batch_id, periode, opd_kode)


class ItemPayable(PayrollEvent):
    """One payment to one person. `item_id` is what payroll must never pay twice."""

    TYPE: ClassVar[str] = "id.ekinerja.payroll.item-payable"

    item_id: UUID
    pegawai_id: UUID
    nip: Nip
    bruto: Rupiah
    potongan: Rupiah
    neto: Rupiah


class ItemPaid(PayrollEvent):
    """From payroll: this item was paid."""

    TYPE: ClassVar[str] = "id.ekinerja.payroll.item-paid"

    item_id: UUID
    referensi: str = Field(description="Nomor bukti dari bank atau SP2D; satu pembayaran, satu nomor")
    dibayar_pada: datetime
    neto: Rupiah | None = Field(
        default=None, description="Rupiah yang sungguh keluar; dibandingkan pada rekonsiliasi"
    )


class ItemFailed(PayrollEvent):
    """From payroll: this item could not be paid, and why."""

    TYPE: ClassVar[str] = "id.ekinerja.payroll.item-failed"

    item_id: UUID
    alasan: str
    dibatalkan: bool = Field(
        default=False,
        description="Benar: tidak akan pernah dibayar lagi, sebagai jawaban atas pembatalan batch",
    )
