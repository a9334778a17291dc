"""Large files: asked for, made by a worker with its asker's rights, followed, fetched for a day."""

import asyncio
import re
from typing import Any
from uuid import UUID

import httpx2
import pytest

from services.tpp.authz import AUTHZ
from services.tpp.ekspor import commands
from services.tpp.ekspor.kerja import kerjakan
from shared.brankas import Brankas
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BPKAD,
    BUDI,
    BULAN,
    KEUANGAN,
    KEUANGAN_DINKES,
    NIP_DARI,
    Dunia,
)
from tests.component.tpp.test_ekspor import BERKAS, reads, rekening, terkunci
from tests.component.tpp.test_rekening import baris

__all__ = ["terkunci"]

RULE = AUTHZ["POST", "/tpp/berkas/baru"]
HTML = {"Accept": "text/html"}
DISDIK, DINKES = "PEMDA/DISDIK", "PEMDA/DINKES"


class Kantor:
    """The pages of files, as somebody uses them."""

    def __init__(self, dunia: Dunia) -> None:
        self.dunia = dunia

    async def minta(
        self, who: UUID, peran: str, kode: str = "nominatif-csv", *, unit: str | None = None, **isian: str
    ) -> httpx2.Response:
        """Ask for a file by the form."""
        fields = {"kode": kode, "bulan": BULAN, "opd": isian.pop("opd", "")}
        fields |= {f"isian/{name}": value for name, value in isian.items()}
        headers = self.dunia.tpp.kepala(who, peran, unit=unit) | HTML
        return await self.dunia.tpp.client.post("/tpp/berkas/baru", data=fields, headers=headers)

    async def buka(self, path: str, who: UUID, peran: str, *, unit: str | None = None) -> httpx2.Response:
        """Look at a page."""
        headers = self.dunia.tpp.kepala(who, peran, unit=unit) | HTML
        return await self.dunia.tpp.client.get(path, headers=headers)

    async def kerja(self) -> bool:
        """A worker's turn."""
        running = self.dunia.tpp.running
        brankas: Brankas = running.resources["brankas"]
        return await kerjakan(running.database, running.settings.home / "profil", brankas, RULE)

    async def baris(self) -> dict[str, Any]:
        """The file's row."""
        (row,) = await self.dunia.tpp.baris("SELECT * FROM ekspor")
        return row


@pytest.fixture
def kantor(terkunci: Dunia) -> Kantor:
    """Where files are made."""
    return Kantor(terkunci)


async def test_a_stranger_and_other_roles_ask_for_nothing(kantor: Kantor) -> None:
    client = kantor.dunia.tpp.client
    assert (await client.get("/tpp/berkas")).status_code == 401
    assert (await client.post("/tpp/berkas/baru", data={"kode": "bank"})).status_code == 401
    for peran in ("pengelola", "pimpinan", "admin_bkd", "auditor", "sysadmin"):
        assert (await kantor.buka("/tpp/berkas", ADMIN, peran, unit="PEMDA")).status_code == 403, peran
        assert (await kantor.minta(ADMIN, peran, unit="PEMDA")).status_code == 403, peran
    assert await kantor.dunia.tpp.nilai("SELECT count(*) FROM ekspor") == 0


async def test_the_worker_makes_what_the_api_makes_and_only_its_asker_gets_it(kantor: Kantor) -> None:
    asked = await kantor.minta(BPKAD, "bpkad")
    assert asked.status_code == 303, asked.text
    address = asked.headers["Location"]
    waiting = await kantor.buka(address, BPKAD, "bpkad")
    assert "Sedang dibuat" in waiting.text
    assert (await kantor.buka(f"{address}/unduh", BPKAD, "bpkad")).status_code == 404
    assert await reads(kantor.dunia) == set()

    assert await kantor.kerja()
    assert not await kantor.kerja()
    row = await kantor.baris()
    assert (row["keadaan"], row["baris"], row["jumlah"]) == ("selesai", 6, 6)
    assert len(await reads(kantor.dunia)) == 6
    told = await kantor.buka(f"{address}/unduh", BPKAD, "bpkad")
    direct = await kantor.dunia.lihat(f"{BERKAS}/nominatif-csv", BPKAD, "bpkad")
    assert told.content == direct.content
    assert told.headers["Content-Disposition"] == f'attachment; filename="nominatif-csv-{BULAN}.csv"'
    assert NIP_DARI[ANI].encode() in told.content
    assert NIP_DARI[ANI].encode() not in row["isi"], "tersimpan tersegel"

    for path in (address, f"{address}/kemajuan", f"{address}/unduh"):
        assert (await kantor.buka(path, ADMIN, "bpkad")).status_code == 404, path
    listed = await kantor.buka("/tpp/berkas", BPKAD, "bpkad")
    assert address in listed.text
    assert address not in (await kantor.buka("/tpp/berkas", ADMIN, "bpkad")).text


async def test_finance_of_an_opd_gets_its_own_people(kantor: Kantor) -> None:
    asked = await kantor.minta(KEUANGAN, "keuangan_opd", unit=DISDIK)
    await kantor.kerja()
    told = await kantor.buka(f"{asked.headers['Location']}/unduh", KEUANGAN, "keuangan_opd", unit=DISDIK)
    assert len(set(re.findall(rb'"(1985\d{14})"', told.content))) == 3
    refused = await kantor.minta(KEUANGAN_DINKES, "keuangan_opd", "bank", unit=DINKES)
    assert refused.status_code == 409
    assert "dikunci BPKAD" in refused.text


async def test_what_is_missing_stands_beside_its_field(kantor: Kantor) -> None:
    refused = await kantor.minta(BPKAD, "bpkad", "pajak-mmpayroll", id_tku="1")
    assert refused.status_code == 422
    assert "belum diisi" in refused.text
    asked = await kantor.minta(
        BPKAD, "bpkad", "pajak-mmpayroll", id_tku="1", npwp_pemotong="2", tanggal_potong="2026-10-31"
    )
    await kantor.kerja()
    told = await kantor.buka(f"{asked.headers['Location']}/unduh", BPKAD, "bpkad")
    assert b"<TIN>2</TIN>" in told.content
    assert (await kantor.buka("/tpp/berkas/baru?kode=bank&bulan=kapan", BPKAD, "bpkad")).status_code == 422
    assert (await kantor.buka(f"/tpp/berkas/baru?kode=xx&bulan={BULAN}", BPKAD, "bpkad")).status_code == 404


async def test_a_worker_that_died_leaves_the_file_to_the_next(kantor: Kantor) -> None:
    await kantor.minta(BPKAD, "bpkad")
    database = kantor.dunia.tpp.running.database
    async with database.pool.acquire() as conn:
        await conn.execute("UPDATE ekspor SET dipegang_sampai = now() + interval '1 minute', baris = 3")
    assert not await kantor.kerja(), "masih dipegang"
    async with database.pool.acquire() as conn:
        await conn.execute("UPDATE ekspor SET dipegang_sampai = now() - interval '1 second'")
    # Two workers at once: one makes it, the other finds nothing.
    assert sorted(await asyncio.gather(kantor.kerja(), kantor.kerja())) == [False, True]
    assert (await kantor.baris())["baris"] == 6
    assert len(await reads(kantor.dunia)) == 6


async def test_a_file_that_cannot_be_made_says_why_and_leaves_no_trace(dunia: Dunia) -> None:
    await dunia.jalankan()
    await dunia.kunci("DISDIK")
    await rekening(dunia, baris(ANI))
    kantor = Kantor(dunia)
    asked = await kantor.minta(BPKAD, "bpkad", "bank")
    await kantor.kerja()
    told = await kantor.buka(asked.headers["Location"], BPKAD, "bpkad")
    assert NIP_DARI[BUDI] in told.text
    assert "Impor rekening" in told.text
    assert await reads(dunia) == set()


async def test_changed_roles_and_a_day_end_a_file(kantor: Kantor) -> None:
    asked = await kantor.minta(BPKAD, "bpkad")
    await kantor.kerja()
    address = f"{asked.headers['Location']}/unduh"
    database = kantor.dunia.tpp.running.database
    async with database.pool.acquire() as conn:
        await conn.execute("UPDATE ekspor SET pengirim = pengirim || '{\"generation\": 0}'")
    assert (await kantor.buka(address, BPKAD, "bpkad")).status_code == 409
    async with database.pool.acquire() as conn:
        await conn.execute("UPDATE ekspor SET pengirim = pengirim || '{\"generation\": 1}'")
    assert (await kantor.buka(address, BPKAD, "bpkad")).status_code == 200
    async with database.pool.acquire() as conn:
        await conn.execute("UPDATE ekspor SET diubah_pada = now() - interval '25 hours'")
    await kantor.kerja()
    assert (await kantor.buka(address, BPKAD, "bpkad")).status_code == 404
    assert "sudah dibuang" in (await kantor.buka(asked.headers["Location"], BPKAD, "bpkad")).text


async def test_not_more_than_a_few_at_a_time(kantor: Kantor) -> None:
    for _ in range(5):
        assert (await kantor.minta(BPKAD, "bpkad")).status_code == 303
    assert (await kantor.minta(BPKAD, "bpkad")).status_code == 429


async def test_the_list_offers_small_files_at_once(kantor: Kantor, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"/api/tpp/berkas/{BULAN}/nominatif"
    assert f'href="{path}"' in (await kantor.buka("/tpp/berkas", BPKAD, "bpkad")).text
    monkeypatch.setattr(commands, "LANGSUNG", 5)
    told = (await kantor.buka("/tpp/berkas", BPKAD, "bpkad")).text
    assert f'href="{path}"' not in told
    assert f"/tpp/berkas/baru?kode=nominatif&amp;bulan={BULAN}" in told
