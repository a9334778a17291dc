"""Marking messages as read."""

from uuid import UUID

from pydantic import BaseModel

from services.notification.kotak_masuk.queries import SQL, peran_dari
from shared.auth.guard import Subject
from shared.db import Tx
from shared.errors import NotFound


class Dibaca(BaseModel):
    """A message that was read."""

    id: UUID
    dibaca: bool


async def tandai_dibaca(tx: Tx, id: UUID) -> Dibaca:
    """Mark a message of mine, or of a role I hold, as read by me. Raises NotFound, Forbidden."""
    who = tx.guard.principal
    if who is None:
        raise RuntimeError("pesan selalu dibaca oleh seseorang")
    address = await SQL.alamat(tx.conn, id=id)
    if address is None:
        tx.guard.admit(Subject(who.pegawai_id))
        raise NotFound("Pesan ini tidak ditemukan.", remedy="Muat ulang kotak masuk Anda.")
    mine = address["untuk_peran"] in peran_dari(who)
    tx.guard.admit(Subject(who.pegawai_id if mine else address["penerima_id"]))
    await SQL.tandai_dibaca(tx.conn, id=id, pegawai_id=who.pegawai_id)
    return Dibaca(id=id, dibaca=True)
