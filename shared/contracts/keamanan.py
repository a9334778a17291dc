"""Security of accounts: a session that has ended, a second factor that came or went."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Event, Topic

KEAMANAN = Topic("ekinerja.keamanan.v1", frozenset({"skp"}), frozenset({"assessment", "tpp", "notification"}))


class SesiEnded(Event):
    """Somebody logged out: this one session is refused everywhere from now on; others of the person go on.

    A session ends once, so its version is always 1, and order does not matter.
    """

    TYPE: ClassVar[str] = "id.ekinerja.sesi.ended"
    TOPIC: ClassVar[Topic] = KEAMANAN
    KEY: ClassVar[str] = "sesi"

    sesi: UUID = Field(
        description="Sidik sesi: 128 bit pertama SHA-256 atas bagian token yang ditandatangani"
    )
    pegawai_id: UUID
    berlaku_sampai: datetime = Field(description="Sesudah ini tokennya lewat waktu dengan sendirinya")


class FaktorChanged(Event):
    """The second factor of an account was set up, taken away or used in an unusual way; never a secret."""

    TYPE: ClassVar[str] = "id.ekinerja.akun.factor-changed"
    TOPIC: ClassVar[Topic] = KEAMANAN
    KEY: ClassVar[str] = "pegawai_id"

    pegawai_id: UUID
    kejadian: str = Field(
        description="dipasang, dilepas, direset, pemulihan-diganti atau pemulihan-dipakai; "
        "yang belum dikenal dibaca sebagai umum"
    )
    sisa_pemulihan: int | None = Field(default=None, description="Kode pemulihan yang masih dapat dipakai")
