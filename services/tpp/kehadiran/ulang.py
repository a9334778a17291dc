"""Counting months of many people anew: asked for with the change itself, done in parts by workers.

The change and the wish to count anew commit together, so no worker's death forgets it. A part is one
transaction; counting is the same however often it is done. Until all parts are done, no run of the months
concerned begins.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.kehadiran.hitung import SQL, bulan_tersentuh, hitung_bulan, orang_sebulan, sampai_hari
from shared.db import Tx
from shared.errors import NotFound
from shared.ids import uuid7
from shared.period import Period

_ORANG_SEBAGIAN = 500
_SEKETIKA = 500
"""So few person-months are counted within the change itself."""


class HitungUlang(BaseModel):
    """Months being counted anew: how far it is, and where to look again."""

    hitung_ulang_id: UUID
    sebab: str = Field(description="Data yang berubah")
    dari: Period = Field(description="Bulan pertama yang tersentuh")
    sampai: Period = Field(description="Bulan terakhir yang tersentuh")
    keadaan: Literal["menunggu", "berjalan", "selesai"]
    orang_bulan: int | None = Field(description="Orang kali bulan; kosong selama menunggu dibagi")
    selesai: int = Field(description="Orang kali bulan yang sudah dihitung")
    diminta_pada: datetime
    selesai_pada: datetime | None
    kemajuan: str = Field(description="Alamat untuk melihat kemajuannya")


DIHITUNG_ULANG: dict[int | str, dict[str, Any]] = {
    202: {
        "description": "Disimpan; bulan yang tersentuh sedang dihitung ulang, lihat `hitung_ulang.kemajuan`"
    }
}
"""For routes whose change may be followed by a recount: what 202 says."""


def status_ulang(found: Any) -> int:
    """202 when a recount follows what a command returned, else 200."""
    return 200 if found.hitung_ulang is None else 202


async def hitung_ulang(
    tx: Tx, sebab: str, ids: Sequence[UUID] | None, dari: date, sampai: date | None
) -> HitungUlang | None:
    """Have every known month between two days counted anew, of these people or of everybody.

    Also a month that is locked: its count is a late fact then, and the figure paid stays as it was. A few
    people are counted at once, and None returned; else workers do it in parts.
    """
    until = sampai_hari(tx, sampai)
    months = await bulan_tersentuh(tx, dari, until)
    if not months:
        return None
    if ids is not None and len(ids) * len(months) <= _SEKETIKA:
        for periode in months:
            await hitung_bulan(tx, periode, ids)
        return None
    key = uuid7()
    await SQL.minta_ulang(
        tx.conn,
        hitung_ulang_id=key,
        sebab=sebab,
        dari=Period.of(dari).first_day,
        sampai=until,
        ids=None if ids is None else list(ids),
        oleh=str(tx.actor),
    )
    return _satu(await SQL.satu_ulang(tx.conn, hitung_ulang_id=key))


async def lanjutkan(tx: Tx) -> bool:
    """Do one part, or divide the next change into parts, or end one; True when there may be more to do."""
    part = await SQL.ambil_ulang(tx.conn)
    if part is not None:
        await hitung_bulan(tx, Period.parse(part["periode"]), part["pegawai_ids"])
        await SQL.tandai_bagian_ulang(tx.conn, hitung_ulang_id=part["hitung_ulang_id"], bagian=part["bagian"])
        return True
    row = await SQL.belum_dibagi(tx.conn)
    if row is not None:
        await _bagi(tx, row)
        return True
    done = await SQL.ulang_selesai_dibagi(tx.conn)
    if done is None:
        return False
    key = done["hitung_ulang_id"]
    await SQL.selesaikan_ulang(tx.conn, hitung_ulang_id=key)
    tx.audit("kehadiran.dihitung-ulang", f"hitung-ulang:{key}", orang_bulan=done["orang_bulan"])
    return True


async def _bagi(tx: Tx, row: Any) -> None:
    key = row["hitung_ulang_id"]
    for periode in await bulan_tersentuh(tx, row["dari"], row["sampai"]):
        people = row["pegawai_ids"]
        if people is None:
            people = await orang_sebulan(tx, periode)
        await SQL.bagi_ulang(
            tx.conn, hitung_ulang_id=key, periode=str(periode), ids=people, ukuran=_ORANG_SEBAGIAN
        )
    await SQL.tandai_dibagi(tx.conn, hitung_ulang_id=key)


async def sedang(tx: Tx, periode: Period) -> bool:
    """Whether this month of somebody is still to be counted anew."""
    return bool(await SQL.ulang_menyentuh(tx.conn, awal=periode.first_day, akhir=periode.last_day))


async def berjalan(tx: Tx) -> list[HitungUlang]:
    """All that is not done yet, the oldest first. Counts only, nobody's data."""
    tx.guard.scope()
    return [_satu(row) async for row in SQL.ulang_berjalan(tx.conn)]


async def satu(tx: Tx, hitung_ulang_id: UUID) -> HitungUlang:
    """How far one is. Raises NotFound."""
    tx.guard.scope()
    row = await SQL.satu_ulang(tx.conn, hitung_ulang_id=hitung_ulang_id)
    if row is None:
        raise NotFound("Hitung ulang ini tidak ada.", remedy="Lihat kalender kerja.")
    return _satu(row)


def _satu(row: Any) -> HitungUlang:
    keadaan: Literal["menunggu", "berjalan", "selesai"] = "menunggu"
    if row["selesai_pada"] is not None:
        keadaan = "selesai"
    elif row["orang_bulan"] is not None:
        keadaan = "berjalan"
    return HitungUlang(
        hitung_ulang_id=row["hitung_ulang_id"],
        sebab=row["sebab"],
        dari=Period.of(row["dari"]),
        sampai=Period.of(row["sampai"]),
        keadaan=keadaan,
        orang_bulan=row["orang_bulan"],
        selesai=row["selesai"],
        diminta_pada=row["diminta_pada"],
        selesai_pada=row["selesai_pada"],
        kemajuan=f"/api/tpp/kalender/hitung-ulang/{row['hitung_ulang_id']}",
    )
