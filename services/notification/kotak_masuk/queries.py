"""Reading one's own inbox."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.notification.kotak_masuk.pesan import SEMUA
from services.notification.templat.kata import TEMPAT, Orang, pesan
from shared.auth.guard import Principal
from shared.db import Tx, queries
from shared.http import Page, decode_cursor, page

SQL = queries("services.notification.kotak_masuk")


class Notifikasi(BaseModel):
    """One message, in words."""

    id: UUID
    jenis: str
    judul: str
    isi: str
    tempat: str = Field(description="Bagian e-Kinerja tempat menindaklanjutinya")
    waktu: datetime
    dibaca: bool


class Jumlah(BaseModel):
    """How many messages were not read yet."""

    belum_dibaca: int


def peran_dari(who: Principal) -> list[str]:
    """The roles whose messages somebody sees; everyone's broadcasts included."""
    return [SEMUA, *sorted({held.peran for held in who.peran})]


def pembaca(who: Principal) -> dict[str, Any]:
    """Who reads, as the questions about an inbox take it."""
    held = [(one.peran, one.unit_path) for one in who.peran if one.unit_path]
    return {
        "pegawai_id": who.pegawai_id,
        "peran": peran_dari(who),
        "unit_peran": [peran for peran, _ in held],
        "unit": [unit for _, unit in held],
    }


def pemilik_kotak(tx: Tx) -> Principal:
    """Whose inbox is read: always the caller's own."""
    who = tx.guard.principal
    if who is None:
        raise RuntimeError("kotak masuk selalu milik seseorang")
    tx.guard.scope()
    return who


async def kotak(tx: Tx, cursor: str | None, limit: int) -> Page[Notifikasi]:
    """My messages, newest first."""
    who = pemilik_kotak(tx)
    after = decode_cursor(cursor, waktu=_moment, id=UUID)
    rows = [
        row
        async for row in SQL.kotak(
            tx.conn,
            **pembaca(who),
            **after,
            limit=limit + 1,
        )
    ]
    found = []
    for row in rows:
        words = pesan(row["jenis"], row["data"], Orang(row["nama"], row["nip"]))
        found.append(
            Notifikasi(
                id=row["id"],
                jenis=row["jenis"],
                judul=words.judul,
                isi=words.isi,
                tempat=TEMPAT[row["jenis"]],
                waktu=row["waktu"],
                dibaca=row["dibaca"],
            )
        )
    return page(found, limit, lambda each: (each.waktu.isoformat(), each.id))


async def jumlah(tx: Tx) -> Jumlah:
    """How many of my messages wait to be read."""
    who = pemilik_kotak(tx)
    return Jumlah(belum_dibaca=await SQL.jumlah_belum_dibaca(tx.conn, **pembaca(who)))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("waktu tanpa zona")
    return moment
