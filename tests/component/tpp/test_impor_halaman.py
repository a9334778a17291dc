"""Attendance behind a page: taken in by the worker with the sender's own reach, never wider."""

from typing import Any
from uuid import uuid4

from services.tpp.fakta.halaman import IMPOR_FAKTA
from services.tpp.kehadiran.impor import KEHADIRAN
from shared.runtime.imports import work
from shared.web.routes import KEY
from tests.component.tpp.dunia import ANI, BULAN, DEDI, KEUANGAN, PENGELOLA, Dunia, csv, hadir_semua

KINDS = {one.name: one for one in (KEHADIRAN, *IMPOR_FAKTA)}


async def unggah(dunia: Dunia, jenis: str, isi: bytes, *peran: str, unit: str | None, **form: str) -> Any:
    headers = dunia.tpp.kepala(PENGELOLA, *peran, unit=unit) | {"Accept": "text/html"}
    told = await dunia.tpp.client.post(
        f"/tpp/impor/{jenis}",
        data={KEY: str(uuid4())} | form,
        files={"berkas": ("hadir.csv", isi)},
        headers=headers,
    )
    if told.status_code != 303:
        return told
    while await work(dunia.tpp.database, KINDS):
        pass
    return await dunia.tpp.client.get(told.headers["Location"], headers=headers)


async def test_a_pengelola_reaches_their_own_unit_only(dunia: Dunia) -> None:
    mine = await unggah(dunia, "kehadiran", hadir_semua(ANI), "pengelola", unit="PEMDA/DISDIK", periode=BULAN)
    assert "Semua baris benar" in mine.text
    other = await unggah(
        dunia, "kehadiran", hadir_semua(DEDI), "pengelola", unit="PEMDA/DISDIK", periode=BULAN
    )
    assert "kesalahan ditemukan" in other.text
    refused = await unggah(dunia, "gaji", csv(("nip", "gaji")), "pengelola", unit="PEMDA/DISDIK")
    assert refused.status_code == 403


async def test_a_month_nobody_opened_is_no_choice(dunia: Dunia) -> None:
    told = await unggah(
        dunia, "kehadiran", hadir_semua(ANI), "pengelola", unit="PEMDA/DISDIK", periode="2031-01"
    )
    assert (told.status_code, "belum dipilih" in told.text) == (422, True)


async def test_pages_of_decisions_offer_what_the_person_may_do(dunia: Dunia) -> None:
    await dunia.jalankan()

    async def page(*peran: str, unit: str | None = None) -> str:
        headers = dunia.tpp.kepala(KEUANGAN, *peran, unit=unit) | {"Accept": "text/html"}
        told = await dunia.tpp.client.get(f"/tpp/persetujuan/{BULAN}/DISDIK", headers=headers)
        return str(told.text) if told.status_code == 200 else str(told.status_code)

    assert await page() == "403"
    assert await page("keuangan_opd", unit="PEMDA/DINKES") == "404"
    assert "Ya, verifikasi" in await page("keuangan_opd", unit="PEMDA/DISDIK")
    for peran in ("admin_bkd", "bpkad", "auditor"):
        seen = await page(peran)
        assert "Tahap berikutnya bukan giliran Anda." in seen
        assert "Keuangan OPD" in seen
        assert "/verifikasi" not in seen
