"""What the home page's card tells: who I am, where my plan stands, what this month holds."""

from pydantic import BaseModel, Field

from services.skp.akun.queries import Saya, saya
from services.skp.bawahan.queries import JumlahBawahan, jumlah
from services.skp.rencana.queries import SkpBaris, milik
from shared.clock import local_date
from shared.db import Tx, queries
from shared.period import Period

SQL = queries("services.skp.beranda")


class Ringkasan(BaseModel):
    """My place, my plan of this year, and my realisasi of this month."""

    saya: Saya
    tahun: int
    skp: SkpBaris | None
    periode: Period
    periode_keadaan: str = Field(description="belum_dibuka, dibuka, pengiriman_ditutup atau ditutup")
    realisasi: int
    bawahan: JumlahBawahan


async def ringkasan(tx: Tx, zone: str) -> Ringkasan:
    """Everything the card needs, as of today in the region's zone."""
    me = await saya(tx, zone)
    today = local_date(tx.now, zone)
    periode = Period.of(today)
    row = await SQL.bulan(tx.conn, pegawai_id=me.pegawai_id, periode=str(periode))
    plans = await milik(tx, zone)
    return Ringkasan(
        saya=me,
        tahun=today.year,
        skp=next((plan for plan in plans.data if plan.tahun == today.year), None),
        periode=periode,
        periode_keadaan=row["keadaan"] or "belum_dibuka",
        realisasi=row["realisasi"],
        bawahan=await jumlah(tx, today.year, zone),
    )
