"""Looking up a document by its code, for anybody who holds the paper."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from services.tpp.verifikasi import rules
from services.tpp.verifikasi.commands import SQL
from shared.db import Tx
from shared.period import MasaBayar


class Dokumen(BaseModel):
    """What a stranger is shown: enough to compare with the paper, nothing to learn about the person."""

    jenis: Literal["slip"]
    periode: MasaBayar
    nip: str = Field(description="Empat angka terakhir; yang lain disamarkan")
    neto: str = Field(description="Angka pertama dan banyaknya angka")
    sidik: str = Field(description="Enam belas huruf pertama sidik angka dokumen")
    cocok: bool = Field(description="Sidik yang dicatat sama dengan sidik angka yang tersimpan")
    berlaku: bool = Field(description="Tidak ada versi yang lebih baru")
    dibayar: bool
    dibuat_pada: datetime


async def periksa(tx: Tx, kode: str) -> Dokumen | None:
    """The document of a code; None for a code that we never gave out."""
    key: bytes | None = await SQL.kunci(tx.conn)
    number = rules.baca_kode(key, kode) if key else None
    row = await SQL.dokumen(tx.conn, dokumen_id=number) if number else None
    if row is None or row["nip"] is None:
        return None
    now = rules.sidik_slip(
        row["periode"], row["nip"], row["version"], row["bruto"], row["potongan"], row["neto"]
    )
    return Dokumen(
        jenis=row["jenis"],
        periode=MasaBayar.parse(row["periode"]),
        nip=rules.samarkan_nip(row["nip"]),
        neto=rules.samarkan_rupiah(row["neto"]),
        sidik=row["sidik"][:16],
        cocok=now == row["sidik"],
        berlaku=row["kini"] == row["version"],
        dibayar=row["pembayaran"] == "dibayar" and row["kini"] == row["version"],
        dibuat_pada=row["dibuat_pada"],
    )
