"""Reading corrections of a month: what was found after its lock, and which month carries it."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.koreksi.tandai import SQL
from shared.db import Tx
from shared.http import Page, decode_cursor, page
from shared.money import Rupiah
from shared.period import Period


class Koreksi(BaseModel):
    """One correction of one person's locked month; signed differences to what was known before."""

    pegawai_id: UUID
    nip: str
    opd_kode: str
    urutan: int = Field(description="Koreksi keberapa untuk orang dan bulan ini")
    neto: Rupiah = Field(description="TPP bersih bulan itu dengan semua data yang kini diketahui")
    selisih_bruto: Rupiah
    selisih_neto: Rupiah
    sebab: list[str]
    keadaan: Literal["menunggu", "diangsur", "dibawa", "batal", "diselesaikan"] = Field(
        description="dibawa: rapelnya ada pada TPP bulan `dibawa`; diangsur: sebagian, `sisa` menunggu; "
        "batal: bulannya sendiri dibuka lagi; diselesaikan: di luar pembayaran bulanan, menurut `bukti`"
    )
    dibawa: list[Period] = Field(description="Bulan-bulan yang membawanya; lebih dari satu bila diangsur")
    sisa: Rupiah | None = Field(description="Yang masih menunggu bila diangsur, bertanda")
    bukti: str | None = Field(description="Bila diselesaikan: nomor setoran, SP2D, atau keputusannya")
    dibuat_pada: datetime


async def daftar(tx: Tx, periode: Period, opd: str | None, cursor: str | None, limit: int) -> Page[Koreksi]:
    """Corrections of a month of everyone the caller may see, by OPD and NIP; each reading is audited."""
    scope = tx.guard.scope()
    after = decode_cursor(cursor, sesudah_opd=str, sesudah_nip=str, sesudah_urutan=int)
    rows = [
        row
        async for row in SQL.daftar(
            tx.conn,
            periode=str(periode),
            opd=opd,
            **scope.where,
            **after,
            limit=limit + 1,
        )
    ]
    for row in rows[:limit]:
        tx.audit("tpp.koreksi-dibaca", f"pegawai:{row['pegawai_id']}", periode=str(periode))
    return page([_satu(row) for row in rows], limit, lambda one: (one.opd_kode, one.nip, one.urutan))


def _satu(row: Any) -> Koreksi:
    keadaan: Literal["menunggu", "diangsur", "dibawa", "batal", "diselesaikan"] = "menunggu"
    if row["batal_pada"] is not None:
        keadaan = "batal"
    elif row["cara"]:
        keadaan = "diselesaikan"
    elif row["dibawa"]:
        keadaan = "diangsur" if row["sisa"] else "dibawa"
    return Koreksi(
        pegawai_id=row["pegawai_id"],
        nip=row["nip"],
        opd_kode=row["opd_kode"],
        urutan=row["urutan"],
        neto=Rupiah(row["neto"]),
        selisih_bruto=Rupiah(row["selisih_bruto"]),
        selisih_neto=Rupiah(row["selisih_neto"]),
        sebab=row["sebab"],
        keadaan=keadaan,
        dibawa=[Period.parse(month) for month in row["dibawa"]],
        sisa=Rupiah(row["sisa"]) if row["sisa"] else None,
        bukti=row["bukti"],
        dibuat_pada=row["dibuat_pada"],
    )
