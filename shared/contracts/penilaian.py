"""Ratings: hasil kerja, perilaku kerja, the predikat they give, and the month's final result."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.base import Event, Manifest, Topic
from shared.period import Period

PENILAIAN = Topic("ekinerja.penilaian.v1", frozenset({"assessment"}), frozenset({"tpp", "notification"}))

Predikat = Literal[1, 2, 3, 4, 5]
"""As SIASN numbers them: 1 Sangat Baik, 2 Baik, 3 Butuh Perbaikan, 4 Kurang, 5 Sangat Kurang."""

Tingkat = Literal[1, 2, 3]
"""1 di atas ekspektasi, 2 sesuai ekspektasi, 3 di bawah ekspektasi."""


class Alasan(BaseModel):
    """Why something waits: a stable code, a sentence for people, and who has to act."""

    model_config = ConfigDict(frozen=True)

    kode: str
    kalimat: str
    pemilik: str = Field(description="Siapa yang harus bertindak, misalnya `atasan` atau `pegawai`")


class PredikatSet(Event):
    """The atasan rated; may still change until the month is final."""

    TYPE: ClassVar[str] = "id.ekinerja.penilaian.predikat-set"
    TOPIC: ClassVar[Topic] = PENILAIAN
    KEY: ClassVar[str] = "pegawai_id"

    pegawai_id: UUID
    penilai_id: UUID
    periode: Period
    hasil_kerja: Tingkat
    perilaku: Tingkat
    predikat: Predikat


class PenilaianFinalised(Event):
    """The month's result for one person: a predikat, or held with the reason. Never silently nothing."""

    TYPE: ClassVar[str] = "id.ekinerja.penilaian.finalised"
    TOPIC: ClassVar[Topic] = PENILAIAN
    KEY: ClassVar[str] = "pegawai_id"

    pegawai_id: UUID
    penilai_id: UUID | None = Field(
        default=None,
        description="Pejabat penilai pada hari terakhir bulan itu; kosong pada pimpinan tertinggi",
    )
    periode: Period
    skp_disetujui: bool
    predikat: Predikat | None
    alasan: tuple[Alasan, ...] = Field(description="Kosong bila ada predikat")


class PenilaianPeriodFinalised(Event):
    """Everyone of the month is final; the manifest counts this topic's events of the month."""

    TYPE: ClassVar[str] = "id.ekinerja.penilaian.period-finalised"
    TOPIC: ClassVar[Topic] = PENILAIAN
    KEY: ClassVar[str] = "periode"

    periode: Period
    dinilai: int = Field(ge=0)
    ditahan: int = Field(ge=0)
    manifest: Manifest
