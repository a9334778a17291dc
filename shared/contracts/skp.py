"""Sasaran Kinerja Pegawai and its realisasi."""

from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.base import Event, Topic
from shared.period import Period

SKP = Topic("ekinerja.skp.v1", frozenset({"skp"}), frozenset({"assessment", "notification"}))
REALISASI = Topic("ekinerja.realisasi.v1", frozenset({"skp"}), frozenset({"assessment"}))

Aspek = Literal["kuantitas", "kualitas", "waktu", "biaya"]


class Indikator(BaseModel):
    """Indikator Kinerja Individu: what is measured and the target, by aspek (PermenPANRB 6/2022)."""

    model_config = ConfigDict(frozen=True)

    aspek: Aspek
    iki: str
    target: str


class Rhk(BaseModel):
    """Rencana Hasil Kerja, and the RHK of the atasan that it intervenes."""

    model_config = ConfigDict(frozen=True)

    rhk_id: UUID
    rencana: str
    rhk_atasan_id: UUID | None
    indikator: tuple[Indikator, ...]


class SkpEvent(Event):
    """Common to all: one SKP of one person for one year, stamped with the month it was decided in."""

    TOPIC: ClassVar[Topic] = SKP
    KEY: ClassVar[str] = "pegawai_id"

    skp_id: UUID
    pegawai_id: UUID
    atasan_id: UUID | None
    tahun: int
    periode: Period


class SkpSubmitted(SkpEvent):
    """The employee asks the atasan to agree."""

    TYPE: ClassVar[str] = "id.ekinerja.skp.submitted"


class SkpApproved(SkpEvent):
    """The atasan agreed; the plan is in force with exactly these RHK."""

    TYPE: ClassVar[str] = "id.ekinerja.skp.approved"

    rhk: tuple[Rhk, ...]


class SkpReturned(SkpEvent):
    """The atasan sent it back, and says why."""

    TYPE: ClassVar[str] = "id.ekinerja.skp.returned"

    catatan: str


class Bukti(BaseModel):
    """Evidence by content: the file itself stays in the store of skp."""

    model_config = ConfigDict(frozen=True)

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    ukuran: int = Field(ge=1, description="bita")
    jenis: str = Field(description="jenis media hasil pemeriksaan isi, misalnya application/pdf")


class RealisasiSubmitted(Event):
    """What was done for one RHK in one month, with evidence."""

    TYPE: ClassVar[str] = "id.ekinerja.realisasi.submitted"
    TOPIC: ClassVar[Topic] = REALISASI
    KEY: ClassVar[str] = "pegawai_id"

    realisasi_id: UUID
    pegawai_id: UUID
    skp_id: UUID
    rhk_id: UUID
    periode: Period
    tanggal: date
    uraian: str
    jumlah: Decimal
    satuan: str
    bukti: tuple[Bukti, ...]
