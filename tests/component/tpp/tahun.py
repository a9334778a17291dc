"""A year with the tax of its December: what is told of it, and its months."""

import json
from typing import Any
from uuid import UUID

from shared.period import Period
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import ADMIN, BULAN, NIP_DARI, ORANG, Dunia, csv, kebijakan

NOVEMBER, DESEMBER = Period(2026, 11), Period(2026, 12)
KEPALA = ("nip", "sampai bulan", "bruto", "pengurang", "pajak")


async def saldo(
    dunia: Dunia,
    *rows: tuple[object, ...],
    who: UUID = ADMIN,
    peran: str = "admin_bkd",
    unit: str | None = None,
) -> Any:
    """Import balances of the year so far; returns the report."""
    told = await dunia.kirim(
        "/impor/saldo-pajak", who, peran, unit=unit, params={"berkas": "x.csv"}, content=csv(KEPALA, *rows)
    )
    assert told.status_code == 200, told.text
    return told.json()


async def aktivitas(dunia: Dunia, bulan: str, *rows: tuple[object, ...]) -> None:
    """Import minutes of activity."""
    params = {"periode": bulan, "berkas": "x.csv", "alasan": "mesin presensi bermasalah"}
    told = await dunia.kirim(
        "/impor/aktivitas", ADMIN, "admin_bkd", params=params, content=csv(("nip", "menit"), *rows)
    )
    assert told.json()["diterapkan"], told.text


async def bulan(dunia: Dunia, month: Period) -> None:
    """A whole month with everyone's activity in full, closed and computed."""
    await aktivitas(dunia, str(month), *((NIP_DARI[who], 6600) for who in ORANG))
    await dunia.bulan(month)


async def baris(dunia: Dunia, who: UUID, bulan: str) -> Any:
    """A stored figure."""
    rows = await dunia.tpp.baris("SELECT * FROM tpp_bulan WHERE pegawai_id = $1 AND periode = $2", who, bulan)
    return rows[0]


def jumlah(row: Any, kode: str) -> int:
    """What the lines of one rule come to."""
    return sum(line[1] for line in json.loads(row["baris"]) if line[0] == kode)


async def ptkp(dunia: Dunia) -> None:
    """Everyone is single."""
    told = await dunia.kirim(
        "/impor/ptkp",
        ADMIN,
        "admin_bkd",
        params={"berkas": "x.csv"},
        content=csv(("nip", "ptkp", "mulai"), *((NIP_DARI[who], "TK/0", "2026-01-01") for who in ORANG)),
    )
    assert told.json()["diterapkan"]


async def oktober(tpp: Layanan) -> Dunia:
    """A policy with TER and the recalculation of December; October computed, not locked."""
    dunia = Dunia(tpp)
    await dunia.kebijakan(kebijakan("jawa-barat"))
    await dunia.siapkan_tanpa_kebijakan()
    await ptkp(dunia)
    await aktivitas(dunia, BULAN, *((NIP_DARI[who], 6600) for who in ORANG))
    await dunia.jalankan()
    return dunia
