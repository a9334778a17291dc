"""Reading policies: the versions there are, one with its text, and the one that holds in a month."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.kebijakan.model import Kebijakan
from services.tpp.kebijakan.reader import baca_tersimpan
from services.tpp.perhitungan.beda import beda
from shared.db import Tx, queries
from shared.errors import NotFound
from shared.http import Page, decode_cursor, page
from shared.period import Period

SQL = queries("services.tpp.kebijakan")


class VersiKebijakan(BaseModel):
    """One stored version; immutable but for its activation."""

    kebijakan_id: UUID
    kode: str
    nama: str
    daerah: str
    sidik: str = Field(description="SHA-256 isi kebijakan")
    berlaku_mulai: date
    berlaku_sampai: date | None
    keadaan: str = Field(description="menunggu_aktivasi atau aktif")
    diunggah_oleh: UUID
    diunggah_nama: str
    diunggah_pada: datetime
    diaktifkan_oleh: UUID | None
    diaktifkan_nama: str
    diaktifkan_pada: datetime | None


class KebijakanLengkap(VersiKebijakan):
    """A version with its text as uploaded."""

    dokumen: str = Field(description="YAML seperti diunggah")


class PerbedaanKebijakan(BaseModel):
    """What changed, in sentences; then what that does to the worked examples."""

    kalimat: list[str]


class Perubahan(NamedTuple):
    """What a version changes of the one it takes the place of, in sentences."""

    lama: VersiKebijakan
    kalimat: list[str]


class Berlaku(NamedTuple):
    """The policy of a month, read."""

    kebijakan_id: UUID
    nama: str
    kebijakan: Kebijakan


def versi(row: Any) -> VersiKebijakan:
    """A stored row as people see it."""
    return VersiKebijakan(**row, keadaan="aktif" if row["diaktifkan_pada"] else "menunggu_aktivasi")


async def daftar(tx: Tx, cursor: str | None, limit: int) -> Page[VersiKebijakan]:
    """All versions, the newest beginning first."""
    after = decode_cursor(cursor, sesudah_mulai=date.fromisoformat, sesudah_id=UUID)
    rows = [row async for row in SQL.daftar(tx.conn, **after, limit=limit + 1)]
    return page([versi(row) for row in rows], limit, lambda one: (one.berlaku_mulai, one.kebijakan_id))


async def satu(tx: Tx, kebijakan_id: UUID) -> KebijakanLengkap:
    """One version with its text. Raises NotFound."""
    row = await SQL.satu(tx.conn, kebijakan_id=kebijakan_id)
    if row is None:
        raise tidak_ada()
    return KebijakanLengkap(**versi(row).model_dump(), dokumen=row["dokumen"])


async def beda_dari(tx: Tx, kebijakan_id: UUID, lama_id: UUID) -> PerbedaanKebijakan:
    """What one version says differently from another. Raises NotFound."""
    rows = [await SQL.satu(tx.conn, kebijakan_id=one) for one in (lama_id, kebijakan_id)]
    if None in rows:
        raise tidak_ada()
    return PerbedaanKebijakan(kalimat=beda(*(terbaca(row["dokumen"]) for row in rows)))


async def perubahan(tx: Tx, kebijakan_id: UUID) -> Perubahan | None:
    """What a version changes; None for the first one, or one that does not exist."""
    lama = await SQL.pendahulu(tx.conn, kebijakan_id=kebijakan_id)
    if lama is None:
        return None
    told = await beda_dari(tx, kebijakan_id, lama["kebijakan_id"])
    return Perubahan(versi(lama), told.kalimat)


def tidak_ada() -> NotFound:
    """No such version."""
    return NotFound("Kebijakan ini tidak ada.", remedy="Lihat daftar kebijakan yang tersimpan.")


async def berlaku(tx: Tx, periode: Period) -> Berlaku | None:
    """The activated policy that holds in a month; None when there is none."""
    row = await SQL.berlaku(tx.conn, awal=periode.first_day, akhir=periode.last_day)
    return None if row is None else Berlaku(row["kebijakan_id"], row["nama"], terbaca(row["dokumen"]))


async def berlaku_tiap(tx: Tx, bulan: Sequence[Period]) -> dict[Period, Berlaku]:
    """As `berlaku`, of each of these months that has a policy."""
    ends = {"awal": [one.first_day for one in bulan], "akhir": [one.last_day for one in bulan]}
    rows = [row async for row in SQL.berlaku_tiap(tx.conn, **ends)]
    known = {one: await SQL.satu(tx.conn, kebijakan_id=one) for one in {row["kebijakan_id"] for row in rows}}
    return {
        Period.of(row["awal"]): Berlaku(
            row["kebijakan_id"],
            known[row["kebijakan_id"]]["nama"],
            terbaca(known[row["kebijakan_id"]]["dokumen"]),
        )
        for row in rows
    }


async def kebijakan_dari(tx: Tx, kebijakan_id: UUID) -> Kebijakan:
    """The policy of a stored version."""
    row = await SQL.satu(tx.conn, kebijakan_id=kebijakan_id)
    return terbaca(row["dokumen"])


@lru_cache(maxsize=32)
def terbaca(dokumen: str) -> Kebijakan:
    """A stored text as policy; the same object for the same text."""
    return baca_tersimpan(dokumen)
