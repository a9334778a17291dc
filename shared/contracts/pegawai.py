"""People and organisation: who holds which jabatan, where, under whom, from when."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.base import Event, Topic
from shared.nip import Nip

StatusPegawai = Literal["PNS", "CPNS", "PPPK"]
SebabBerhenti = Literal["pensiun", "meninggal", "diberhentikan_sementara", "lainnya"]

PEGAWAI = Topic(
    "ekinerja.pegawai.v1",
    frozenset({"skp"}),
    frozenset({"assessment", "tpp", "notification"}),
    compacted=True,
)
KONTAK = Topic(
    "ekinerja.kontak.v1",
    frozenset({"skp"}),
    frozenset({"assessment", "tpp", "notification"}),
    compacted=True,
)
AKUN = Topic(
    "ekinerja.akun.v1",
    frozenset({"skp"}),
    frozenset({"assessment", "tpp", "notification"}),
    compacted=True,
)


class TugasPlt(BaseModel):
    """An acting duty (Plt) carried beside one's own jabatan."""

    model_config = ConfigDict(frozen=True)

    jabatan_nama: str
    kelas: int = Field(ge=1, le=17)


class Penempatan(BaseModel):
    """One segment of a person's history: valid from (inclusive) until the next segment begins."""

    model_config = ConfigDict(frozen=True)

    berlaku_mulai: date
    unit_kode: str
    unit_nama: str
    unit_path: str = Field(description="Kode unit dari akar ke unit ini, dipisah `/`")
    opd_kode: str
    opd_nama: str
    jabatan_nama: str
    jenis_jabatan: str
    kelas: int = Field(ge=1, le=17)
    golongan: str
    status: StatusPegawai | None = Field(
        default=None, description="Status sejak hari ini; kosong: status orangnya, yang tidak bertanggal"
    )
    bertugas: bool = Field(
        default=True,
        description="Salah: sejak hari ini tidak bertugas (pensiun, meninggal, diberhentikan sementara)",
    )
    sebab: SebabBerhenti | None = Field(
        default=None, description="Mengapa tidak bertugas; kosong: bertugas, atau tidak dikatakan"
    )
    atasan_id: UUID | None = Field(
        description="Pejabat penilai kinerja; kosong hanya pada pimpinan tertinggi"
    )
    plt: TugasPlt | None = None
    plt_mulai: date | None = Field(
        default=None,
        description="Hari pertama tugas Plt itu, tanpa jeda; kosong: sejak segmen pertama yang menyebutnya",
    )


class PegawaiChanged(Event):
    """State after: the person with every segment known. The newest version replaces all older ones."""

    TYPE: ClassVar[str] = "id.ekinerja.pegawai.changed"
    TOPIC: ClassVar[Topic] = PEGAWAI
    KEY: ClassVar[str] = "pegawai_id"

    pegawai_id: UUID
    nip: Nip
    status: StatusPegawai
    aktif: bool
    penempatan: tuple[Penempatan, ...] = Field(description="Urut menurut berlaku_mulai")

    def segmen(self) -> list[tuple[Penempatan, date | None]]:
        """Each segment with the day on which the next one begins; None after the last."""
        ends = [segment.berlaku_mulai for segment in self.penempatan[1:]]
        return list(zip(self.penempatan, [*ends, None], strict=True)) if self.penempatan else []

    def henti_sejak(self) -> list[date | None]:
        """For each segment out of service the day on which that began."""
        found: list[date | None] = []
        for segment in self.penempatan:
            before = found[-1] if found else None
            found.append(None if segment.bertugas else before or segment.berlaku_mulai)
        return found

    def plt_sejak(self) -> list[date | None]:
        """For each segment the first day of its acting duty: as told, else of the run that names the same."""
        found: list[date | None] = []
        before: TugasPlt | None = None
        for segment in self.penempatan:
            start = None
            if segment.plt is not None:
                start = segment.plt_mulai or (found[-1] if segment.plt == before else segment.berlaku_mulai)
            found.append(start)
            before = segment.plt
        return found

    def penempatan_pada(self, day: date) -> Penempatan | None:
        """The segment valid on a day, or None before the first one."""
        valid = [segment for segment in self.penempatan if segment.berlaku_mulai <= day]
        return valid[-1] if valid else None


class KontakChanged(Event):
    """Name and address; the one topic that carries a name."""

    TYPE: ClassVar[str] = "id.ekinerja.kontak.changed"
    TOPIC: ClassVar[Topic] = KONTAK
    KEY: ClassVar[str] = "pegawai_id"

    pegawai_id: UUID
    nama: str
    email: str | None


class Peran(BaseModel):
    """A role, and for roles that work for a part of the organisation, that part."""

    model_config = ConfigDict(frozen=True)

    peran: str
    unit_path: str | None = None


class AkunChanged(Event):
    """What a person may do. Session tokens of an older generation are refused from now on."""

    TYPE: ClassVar[str] = "id.ekinerja.akun.changed"
    TOPIC: ClassVar[Topic] = AKUN
    KEY: ClassVar[str] = "pegawai_id"

    pegawai_id: UUID
    generation: int = Field(ge=1)
    aktif: bool
    peran: tuple[Peran, ...]
