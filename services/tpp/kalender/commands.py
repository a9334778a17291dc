"""Taking a holiday back."""

from datetime import date

from pydantic import BaseModel, Field

from services.tpp.kalender.jenis import HARI_LIBUR
from services.tpp.kehadiran.ulang import HitungUlang, hitung_ulang
from shared.db import Tx
from shared.errors import NotFound


class Pencabutan(BaseModel):
    """Why a fact is taken back."""

    alasan: str = Field(min_length=5, max_length=500)


class Dicabut(BaseModel):
    """What was taken back."""

    tanggal: date
    nama: str
    hitung_ulang: HitungUlang | None = Field(
        default=None, description="Kehadiran bulannya sedang dihitung ulang; kosong bila belum ada isinya"
    )


async def cabut_libur(tx: Tx, tanggal: date, body: Pencabutan) -> Dicabut:
    """This day is a working day after all; workers count its month anew. Raises NotFound."""
    row = await HARI_LIBUR.cabut(tx, tanggal)
    if row is None:
        raise NotFound(
            f"{tanggal:%d-%m-%Y} bukan hari libur.", remedy="Periksa tanggalnya pada kalender kerja."
        )
    tx.audit("hari-libur.dicabut", f"tanggal:{tanggal}", alasan=body.alasan)
    asked = await hitung_ulang(tx, f"hari libur {tanggal:%d-%m-%Y} dicabut", None, tanggal, tanggal)
    return Dicabut(tanggal=tanggal, nama=row[2], hitung_ulang=asked)
