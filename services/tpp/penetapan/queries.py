"""Where the decisions of a month stand."""

import json
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.penetapan.pemeriksaan import SQL
from shared.db import Tx
from shared.money import Rupiah
from shared.period import MasaBayar


class Riwayat(BaseModel):
    """One decision taken, or taken back."""

    dari: str
    menjadi: str
    oleh: str
    nama: str = Field(description="Nama pemutus ketika memutuskan; kosong bila sistem")
    pada: datetime
    alasan: str


class PenetapanOpd(BaseModel):
    """One OPD's month on its way to payment."""

    opd_kode: str
    opd_nama: str
    opd_path: str
    keadaan: str = Field(description="draf, diverifikasi, disetujui atau dikunci")
    diverifikasi_oleh: UUID | None
    disetujui_oleh: UUID | None
    dikunci_oleh: UUID | None
    batch_id: UUID | None
    item: int = Field(description="Pembayaran yang berlaku, sesudah dikunci; satu untuk setiap orang")
    item_dikirim: int
    ditarik: int = Field(description="Pembayaran yang ditarik kembali dan tidak akan dibayar payroll")
    ditarik_neto: Rupiah
    pembatalan: str | None = Field(
        description="menunggu_payroll; sebagian_sudah_dibayar bila sisanya menunggu diserahkan lagi; "
        "kosong bila tidak ada kelompok yang ditarik"
    )
    dapat_diserahkan: bool = Field(description="Yang ditarik kembali dapat diserahkan dalam kelompok baru")
    riwayat: list[Riwayat]


class Penetapan(BaseModel):
    """All OPDs the caller may see."""

    periode: MasaBayar
    opd: list[PenetapanOpd]


async def daftar(tx: Tx, periode: MasaBayar) -> Penetapan:
    """The decisions on each OPD, with their history."""
    scope = tx.guard.scope()
    rows = [row async for row in SQL.daftar(tx.conn, periode=str(periode), **scope.where)]
    return Penetapan(
        periode=periode,
        opd=[
            PenetapanOpd(
                **{
                    **row,
                    "riwayat": json.loads(row["riwayat"]),
                    "ditarik_neto": Rupiah(row["ditarik_neto"]),
                }
            )
            for row in rows
        ],
    )
