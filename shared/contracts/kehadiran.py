"""Attendance as an outside system records it. Keyed by NIP: what is said of one person keeps its order."""

from datetime import date, time
from typing import Annotated, ClassVar, Literal

from pydantic import Field, field_validator

from shared.contracts.base import Event, Topic
from shared.nip import Nip

KEHADIRAN = Topic("ekinerja.kehadiran.v1", frozenset({"presensi"}), frozenset({"tpp"}))

Keterangan = Literal["", "A", "S", "C", "DL"]
Kali = Annotated[int, Field(ge=0, le=10, strict=True)] | None


class HariOrang(Event):
    """One day of one person: what every event on this topic is about."""

    TOPIC: ClassVar[Topic] = KEHADIRAN
    KEY: ClassVar[str] = "nip"

    version: int = Field(
        ge=1,
        le=2**63 - 1,
        description="Versi hari itu: naik setiap kali pengirim memperbaikinya; boleh milidetik waktu dicatat",
    )
    nip: Nip
    tanggal: date = Field(strict=True)


class KehadiranRecorded(HariOrang):
    """State after: one day of one person. A higher version of the same day replaces it.

    Presence and each count are replaced on their own, by the highest version that speaks of them. Without
    clock times and keterangan, but with a count, an event does not speak of presence: a list of apel.

    Of equal versions the later `ce_time` counts. Times are those of the clock where the person works, without
    a zone; seconds are kept but never counted. A shift past midnight belongs to the day it begins.
    """

    TYPE: ClassVar[str] = "id.ekinerja.kehadiran.recorded"

    masuk: time | None = Field(
        default=None, strict=True, description="Jam setempat tanpa zona; kosong: tidak ada"
    )
    pulang: time | None = Field(
        default=None,
        strict=True,
        description="Pada sif malam: jam keesokan harinya, jadi lebih kecil dari masuk",
    )
    keterangan: Keterangan = Field(
        default="", description="Kosong hadir, A tanpa keterangan, S sakit, C cuti, DL dinas luar"
    )
    absen_terlewat: Kali = Field(
        default=None,
        description="Absen yang terlewat, bila sehari lebih dari dua kali; kosong: tidak disebut",
    )
    tanpa_apel: Kali = Field(
        default=None, description="1 tidak mengikuti apel, 0 mengikuti; kosong: tidak disebut"
    )
    tanpa_upacara: Kali = Field(default=None, description="Begitu pula upacara")

    @field_validator("masuk", "pulang")
    @classmethod
    def _setempat(cls, at: time | None) -> time | None:
        if at is not None and at.tzinfo is not None:
            raise ValueError("jam setempat ditulis tanpa zona")
        return None if at is None else at.replace(microsecond=0)


class KehadiranWithdrawn(HariOrang):
    """State after: the sender knows nothing of this day any more; what it said was a mistake.

    It speaks of presence and of every count, and takes its place among the versions of the day: what was said
    with a lower version stays taken back, whenever it arrives, and a higher one tells the day again. A day of
    which nothing is known is not an absence.
    """

    TYPE: ClassVar[str] = "id.ekinerja.kehadiran.withdrawn"

    alasan: str = Field(
        default="", max_length=300, description="Mengapa harinya ditarik; tanpa nama dan data pribadi"
    )
