"""Hand-over to payroll and its answers. Keyed by batch, so that one batch keeps its order."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Event, Topic
from shared.money import Rupiah
from shared.nip import Nip
from shared.period import Period

PAYROLL = Topic("ekinerja.payroll.v1", frozenset({"tpp", "payroll"}), frozenset({"tpp", "payroll"}))


class PayrollEvent(Event):
    """Common to all: the batch and its month."""

    TOPIC: ClassVar[Topic] = PAYROLL
    KEY: ClassVar[str] = "batch_id"

    batch_id: UUID
    periode: Period


class BatchApproved(PayrollEvent):
    """BPKAD locked the batch. Pay only when exactly these items have arrived.

    `hash` is SHA-256 over the lines `item_id|nip|neto` + newline of all items, sorted by item_id.
    """

    TYPE: ClassVar[str] = "id.ekinerja.payroll.batch-approved"

    opd_kode: str
    jumlah_item: int = Field(ge=0)
    total_bruto: Rupiah
    total_potongan: Rupiah
    total_neto: Rupiah
    hash: str = Field(pattern=r"^[0-9a-f]{64}$")


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
    referensi: str
    dibayar_pada: datetime


class ItemFailed(PayrollEvent):
    """From payroll: this item could not be paid, and why."""

    TYPE: ClassVar[str] = "id.ekinerja.payroll.item-failed"

    item_id: UUID
    alasan: str
