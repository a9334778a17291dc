"""Marking messages as read."""

from datetime import datetime
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from services.notification.kotak_masuk.queries import SQL, pembaca, pemilik_kotak, peran_dari
from shared.auth.guard import Subject, within
from shared.db import Tx
from shared.errors import NotFound


class Dibaca(BaseModel):
    """A message that was read."""

    id: UUID
    dibaca: bool


class Sampai(BaseModel):
    """Up to which message."""

    sampai: AwareDatetime = Field(description="Waktu pesan terbaru yang sudah dilihat")


class SemuaDibaca(BaseModel):
    """How many messages were new until now."""

    ditandai: int


async def tandai_semua(tx: Tx, sampai: datetime) -> SemuaDibaca:
    """Mark everything up to a moment as read by me; what came later stays new."""
    who = pemilik_kotak(tx)
    return SemuaDibaca(ditandai=await SQL.tandai_semua(tx.conn, **pembaca(who), sampai=sampai))


async def tandai_dibaca(tx: Tx, id: UUID) -> Dibaca:
    """Mark a message of mine, or of a role I hold, as read by me. Raises NotFound, Forbidden."""
    who = tx.guard.principal
    if who is None:
        raise RuntimeError("pesan selalu dibaca oleh seseorang")
    address = await SQL.alamat(tx.conn, id=id)
    if address is None:
        tx.guard.admit(Subject(who.pegawai_id))
        raise NotFound("Pesan ini tidak ditemukan.", remedy="Muat ulang kotak masuk Anda.")
    role, unit = address["untuk_peran"], address["untuk_unit"]
    mine = role in peran_dari(who) and (unit is None or within(unit, who.units(role)))
    tx.guard.admit(Subject(who.pegawai_id if mine else address["penerima_id"]))
    await SQL.tandai_dibaca(tx.conn, id=id, pegawai_id=who.pegawai_id)
    return Dibaca(id=id, dibaca=True)
