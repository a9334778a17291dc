"""The month after the demo's, brought to where a journey begins; whoever used it gives it back opened."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from deploy.demo import berkas
from deploy.demo import pemda as contoh
from deploy.demo.klien import tunggu
from deploy.demo.perintah import ADMIN_NIP
from tests.dunia import PILIHAN, Dunia

BULAN = "2026-11"
NAMA = "November 2026"
PERIODE = f"/api/skp/periode/{BULAN}"


def data() -> contoh.Pemda:
    """The same people with the attendance of that month."""
    return contoh.bangun(
        pegawai=int(str(PILIHAN["pegawai"])), opd=3, seed=int(str(PILIHAN["seed"])), periode=BULAN
    )


def keadaan(dunia: Dunia) -> str:
    """Where skp has the month."""
    rows = dunia.jalankan(dunia.klien.semua(ADMIN_NIP, "/api/skp/periode"))
    return next((str(row["keadaan"]) for row in rows if row["periode"] == BULAN), "belum")


def buka(dunia: Dunia) -> None:
    """Have the month opened, whatever it is now, and its people rated."""
    state = keadaan(dunia)
    if state == "belum":
        _tulis(dunia, "POST", "/api/skp/periode", json={"periode": BULAN})
    elif state != "dibuka":
        _tulis(dunia, "POST", f"{PERIODE}/buka-kembali", json={"alasan": "Uji halaman selesai"})
    nilai(dunia)


def nilai(dunia: Dunia) -> None:
    """Have everyone with an agreed plan rated by their atasan."""
    dunia.jalankan(_nilai(dunia))


@contextmanager
def dihitung(dunia: Dunia) -> Iterator[None]:
    """The month closed and computed; opened again afterwards, for the other journeys."""
    buka(dunia)
    _tulis(
        dunia,
        "POST",
        "/api/tpp/impor/kehadiran",
        isi=berkas.kehadiran(data()),
        periode=BULAN,
        berkas="kehadiran.xlsx",
        lewati_salah="true",
    )
    _tulis(dunia, "POST", f"{PERIODE}/tutup")
    try:
        dunia.jalankan(_hitung(dunia))
        yield
    finally:
        buka(dunia)


def _tulis(dunia: Dunia, method: str, path: str, **rest: Any) -> Any:
    return dunia.jalankan(dunia.klien.kirim(ADMIN_NIP, str(uuid4()), method, path, **rest))


async def _nilai(dunia: Dunia) -> None:
    """Every atasan rates whoever has an agreed plan."""
    klien = dunia.klien

    async def one(nip: str) -> None:
        async def ready() -> Any:
            rows = await klien.semua(nip, f"/api/penilaian/{BULAN}/bawahan")
            status = await klien.ambil(ADMIN_NIP, f"/api/penilaian/{BULAN}/status")
            return rows if status["keadaan"] == "dibuka" else None

        rows = await tunggu("assessment membuka bulan", ready)
        mine = [row["pegawai_id"] for row in rows if row["skp"] == "disetujui"]
        if mine:
            body = {
                "penilaian": [
                    {"pegawai_id": who, "hasil_kerja": 2, "perilaku": 2, "catatan": ""} for who in mine
                ]
            }
            await klien.kirim(nip, str(uuid4()), "POST", f"/api/penilaian/{BULAN}/banyak", json=body)

    pemda = dunia.pemda
    heads = [o.nip for o in pemda.orang if pemda.jabatan[o.jabatan].jenis in ("JPT", "Administrator")]
    await asyncio.gather(*(one(nip) for nip in heads))


async def _hitung(dunia: Dunia) -> None:
    klien, path = dunia.klien, f"/api/tpp/perhitungan/{BULAN}"

    async def siap() -> Any:
        state = await klien.ambil(ADMIN_NIP, path)
        return state if state["keadaan"] in ("siap", "berjalan", "selesai") else None

    await tunggu("fakta bulan tiba di tpp", siap)
    await klien.kirim(ADMIN_NIP, str(uuid4()), "POST", f"{path}/jalankan")

    async def selesai() -> Any:
        state = await klien.ambil(ADMIN_NIP, path)
        return state if state["keadaan"] == "selesai" else None

    await tunggu("perhitungan selesai", selesai)
