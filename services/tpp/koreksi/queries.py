"""Reading corrections of a month: what was found after its lock, and which month carries it."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.koreksi.tandai import SQL
from services.tpp.pegawai.nama import NAMA_PEGAWAI
from shared.db import Tx
from shared.http import Page, decode_cursor, page
from shared.money import Rupiah
from shared.period import MasaBayar


class Bagian(BaseModel):
    """What one month's payment carries of a correction; signed. Of bruto where tax follows, else of neto."""

    periode: MasaBayar
    jumlah: Rupiah


class Koreksi(BaseModel):
    """One correction of one person's locked month; signed differences to what was known before."""

    pegawai_id: UUID
    nip: str
    nama_pegawai: str | None = Field(description=NAMA_PEGAWAI)
    opd_kode: str
    urutan: int = Field(description="Koreksi keberapa untuk orang dan bulan ini")
    neto_semula: Rupiah | None = Field(
        description="TPP bersih yang dikunci, atau menurut koreksi sebelumnya; kosong bila batal"
    )
    neto: Rupiah = Field(description="TPP bersih bulan itu dengan semua data yang kini diketahui")
    selisih_bruto: Rupiah
    selisih_neto: Rupiah
    selisih_iuran: Rupiah = Field(description="Selisih iuran pemberi kerja bulan itu; tidak di dalam bruto")
    iuran_menunggu: Rupiah = Field(description="Yang masih menunggu darinya, bertanda")
    sebab: list[str]
    keadaan: Literal["menunggu", "diangsur", "dibawa", "batal", "diselesaikan"] = Field(
        description="dibawa: rapelnya ada pada TPP bulan `dibawa`; diangsur: sebagian, `sisa` menunggu; "
        "batal: bulannya sendiri dibuka lagi; diselesaikan: di luar pembayaran bulanan, menurut `bukti`"
    )
    dibawa: list[MasaBayar] = Field(description="Bulan-bulan yang membawanya; lebih dari satu bila diangsur")
    bagian: list[Bagian] = Field(description="Yang dibawa tiap bulan, yang terlama lebih dahulu")
    sisa: Rupiah | None = Field(description="Yang masih menunggu bila diangsur, bertanda")
    tujuan: MasaBayar | None = Field(
        description="Bila menunggu: bulan paling cepat yang dapat membawanya, sesudah yang terakhir dikunci"
    )
    bukti: str | None = Field(description="Bila diselesaikan: nomor setoran, SP2D, atau keputusannya")
    dibuat_pada: datetime


async def daftar(
    tx: Tx, periode: MasaBayar, opd: str | None, menunggu: bool, cursor: str | None, limit: int
) -> Page[Koreksi]:
    """Corrections of a month of everyone the caller may see, by OPD and NIP; each reading is audited.

    `menunggu`: only those of which something waits to be carried.
    """
    scope = tx.guard.scope()
    after = decode_cursor(cursor, sesudah_opd=str, sesudah_nip=str, sesudah_urutan=int)
    rows = [
        row
        async for row in SQL.daftar(
            tx.conn,
            periode=str(periode),
            opd=opd,
            menunggu=menunggu,
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
    months = [MasaBayar.parse(month) for month in row["dibawa"]]
    waits = keadaan in ("menunggu", "diangsur")
    return Koreksi(
        pegawai_id=row["pegawai_id"],
        nip=row["nip"],
        nama_pegawai=row["nama_pegawai"],
        opd_kode=row["opd_kode"],
        urutan=row["urutan"],
        neto_semula=None if keadaan == "batal" or row["semula"] is None else Rupiah(row["semula"]),
        neto=Rupiah(row["neto"]),
        selisih_bruto=Rupiah(row["selisih_bruto"]),
        selisih_neto=Rupiah(row["selisih_neto"]),
        selisih_iuran=Rupiah(row["iuran_jumlah"]),
        iuran_menunggu=Rupiah(row["iuran_sisa"]),
        sebab=row["sebab"],
        keadaan=keadaan,
        dibawa=months,
        bagian=[
            Bagian(periode=month, jumlah=Rupiah(amount))
            for month, amount in zip(months, row["dibawa_jumlah"], strict=True)
        ],
        sisa=Rupiah(row["sisa"]) if row["sisa"] else None,
        tujuan=MasaBayar.parse(row["tujuan"]) if waits and row["tujuan"] else None,
        bukti=row["bukti"],
        dibuat_pada=row["dibuat_pada"],
    )
