"""A nudge: somebody who cannot go on reminds whoever has to act first."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Event, Topic
from shared.period import MasaBayar

COLEK = Topic("ekinerja.colek.v1", frozenset({"skp", "assessment", "tpp"}), frozenset({"notification"}))
"""Written by each service that knows why something waits; one shape, one reader."""


class ColekSent(Event):
    """Somebody pressed "Ingatkan". Addressed to one person, or to a role in a part of the organisation.

    Each nudge is a fact of its own: its version is always 1, and order does not matter.
    """

    TYPE: ClassVar[str] = "id.ekinerja.colek.sent"
    TOPIC: ClassVar[Topic] = COLEK
    KEY: ClassVar[str] = "colek_id"

    colek_id: UUID
    hal: str = Field(
        description="skp, rencana, penilaian, tpp atau penetapan; yang belum dikenal dibaca sebagai umum"
    )
    dari_id: UUID = Field(description="Yang mengingatkan")
    kepada_id: UUID | None = Field(description="Yang perlu bertindak; kosong: lihat kepada_peran")
    kepada_peran: str | None = Field(description="Peran yang perlu bertindak, bila bukan satu orang")
    kepada_unit: str | None = Field(
        default=None, description="Unit yang diurus peran itu; kosong: seluruh instansi"
    )
    tentang_id: UUID | None = Field(default=None, description="Pegawai yang urusannya menunggu")
    bulan: MasaBayar | None = Field(
        default=None, description="Bulan urusannya; bukan `periode`, sebab tidak ikut dihitung penutupan"
    )
    tahun: int | None = None
    kalimat: str = Field(default="", description="Apa yang ditunggu, sebagai kalimat")
