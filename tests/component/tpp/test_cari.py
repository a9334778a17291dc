"""Lists are searched by part of a name or the beginning of a NIP, within what one may see and no wider."""

import re
from typing import Any
from uuid import UUID

import pytest

from shared.http import app as pintu
from shared.web.routes import KEY
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BPKAD,
    BUDI,
    BULAN,
    CICI,
    DEDI,
    EKA,
    KEUANGAN,
    KEUANGAN_DINKES,
    NIP_DARI,
    ORANG,
    PENGELOLA,
    Dunia,
    csv,
    kontak,
    pegawai,
    segmen,
)
from tests.component.tpp.test_pagar import TanpaPeriksa

NAMA = {ANI: "Ani Lestari, S.E.", BUDI: "Budi Santoso", DEDI: "Dedi 100% Santoso", EKA: "Eka_Sari"}
DISDIK, DINKES = "PEMDA/DISDIK", "PEMDA/DINKES"

# Of each list: its address at the API and as a page, who looks after DISDIK there, who after DINKES.
DAFTAR = {
    f"/daftar/{BULAN}": (f"/tpp/daftar/{BULAN}", "keuangan_opd"),
    "/rekening": ("/tpp/rekening", "keuangan_opd"),
    f"/kehadiran/{BULAN}": (f"/tpp/kehadiran-pegawai/{BULAN}", "pengelola"),
    "/cuti": ("/tpp/surat/cuti", "pengelola"),
}


@pytest.fixture
async def kantor(dunia: Dunia) -> Dunia:
    """The world computed, with a letter of everyone and names of some."""
    head = ("nip", "jenis", "mulai", "sampai", "nomor surat")
    rows = ((NIP_DARI[who], "tahunan", "2026-10-05", "2026-10-05", f"800/{NIP_DARI[who]}") for who in ORANG)
    told = await dunia.kirim(
        "/impor/cuti", ADMIN, "admin_bkd", content=csv(head, *rows), params={"berkas": "cuti.csv"}
    )
    assert told.json()["diterapkan"], told.text
    await dunia.jalankan()
    await dunia.dengar(*(kontak(who, text) for who, text in NAMA.items()))
    return dunia


async def cari(
    dunia: Dunia, path: str, teks: str, who: UUID, peran: str, unit: str | None = None
) -> set[UUID]:
    told = await dunia.lihat(path, who, peran, unit=unit, cari=teks)
    assert told.status_code == 200, told.text
    return {UUID(row["pegawai_id"]) for row in told.json()["data"]}


async def halaman(tpp: Layanan, path: str, teks: str, who: UUID, *peran: str, unit: str | None = None) -> Any:
    tpp.client.cookies.clear()
    headers = tpp.kepala(who, *peran, unit=unit) | {"Accept": "text/html"}
    return await tpp.client.get(path, params={"cari": teks}, headers=headers)


@pytest.mark.parametrize("path", DAFTAR)
async def test_a_search_tells_nothing_of_whom_one_may_not_see(kantor: Dunia, path: str) -> None:
    url, peran = DAFTAR[path]
    assert (await kantor.tpp.client.get(f"/api/tpp{path}", params={"cari": "Lestari"})).status_code == 401
    told = await kantor.lihat(path, BUDI, "sysadmin", cari="Lestari")
    # Whoever leads nobody has an empty list of attendance; the others are not for everybody.
    assert told.status_code == 403 or (path.startswith("/kehadiran") and told.json()["data"] == [])
    assert await cari(kantor, path, "Lestari", KEUANGAN_DINKES, peran, DINKES) == set()
    assert await cari(kantor, path, NIP_DARI[ANI], KEUANGAN_DINKES, peran, DINKES) == set()
    assert await cari(kantor, path, "santoso", KEUANGAN_DINKES, peran, DINKES) == {DEDI}
    assert await cari(kantor, path, "santoso", KEUANGAN, peran, DISDIK) == {BUDI}
    assert await cari(kantor, path, "SANTOSO", ADMIN, "admin_bkd" if peran == "pengelola" else "bpkad") == {
        BUDI,
        DEDI,
    }

    def plain(told: Any, teks: str) -> str:
        assert told.status_code == 200
        text = re.sub(rf'name="{KEY}" value="[^"]*"', "", told.text)
        return text.replace(teks, "…")

    # Somebody of another OPD and nobody at all read the same.
    foreign, nobody = "Lestari", "Nobodyx"
    there = await halaman(kantor.tpp, url, foreign, KEUANGAN_DINKES, peran, unit=DINKES)
    none = await halaman(kantor.tpp, url, nobody, KEUANGAN_DINKES, peran, unit=DINKES)
    assert plain(there, foreign) == plain(none, nobody)
    mine = await halaman(kantor.tpp, url, foreign, KEUANGAN, peran, unit=DISDIK)
    assert NAMA[ANI] in mine.text
    assert NAMA[BUDI] not in mine.text
    assert 'value="Lestari"' in mine.text


@pytest.mark.parametrize("path", DAFTAR)
async def test_it_means_what_was_typed(kantor: Dunia, path: str) -> None:
    peran = "admin_bkd" if DAFTAR[path][1] == "pengelola" else "bpkad"

    async def found(teks: str) -> set[UUID]:
        return await cari(kantor, path, teks, BPKAD, peran)

    assert await found("") == await found("   ") == set(ORANG)
    assert await found("tari") == {ANI}
    assert await found("  ani   lestari ") == {ANI}
    assert await found("%") == {DEDI}
    assert await found("_") == {EKA}
    assert await found("\\") == set()
    assert await found("' OR true --") == set()
    nip = NIP_DARI[CICI]
    assert await found(f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}") == {CICI}
    assert await found(nip[:8]) == set(ORANG)
    assert await found(nip[5:]) == set()
    # Digits are looked for in names, too.
    assert await found("100") == {DEDI}
    long = await kantor.lihat(path, BPKAD, peran, cari="x" * 101)
    assert long.status_code == 422
    assert (await halaman(kantor.tpp, DAFTAR[path][0], "x" * 500, BPKAD, peran)).status_code == 200
    # A name that was emptied is found by its NIP alone.
    await kantor.dengar(kontak(ANI, "", 2))
    assert await found("lestari") == set()
    assert await found(NIP_DARI[ANI]) == {ANI}


async def test_pages_of_a_search_go_on_where_they_stopped(kantor: Dunia) -> None:
    await kantor.dengar(*(kontak(who, f"Orang {at}", 5) for at, who in enumerate(ORANG)))
    for path, (_, peran) in DAFTAR.items():
        who, seen, cursor = "admin_bkd" if peran == "pengelola" else "bpkad", [], None
        while True:
            more: dict[str, Any] = {"cursor": cursor} if cursor else {}
            told = (await kantor.lihat(path, BPKAD, who, cari="orang", limit=2, **more)).json()
            seen += [row["pegawai_id"] for row in told["data"]]
            cursor = told["berikutnya"]
            if not cursor:
                break
        assert sorted(seen) == sorted(map(str, ORANG)), path


async def test_an_atasan_searches_among_their_own_people(kantor: Dunia) -> None:
    mine = segmen(BUDI).model_copy(update={"atasan_id": CICI})
    await kantor.dengar(pegawai(BUDI, mine, version=2))
    told = await kantor.lihat(f"/kehadiran/{BULAN}", CICI, cari="santoso")
    assert [row["nama_pegawai"] for row in told.json()["data"]] == [NAMA[BUDI]]
    told = await kantor.lihat(f"/kehadiran/{BULAN}", CICI, cari="lestari")
    assert told.json()["data"] == []


async def test_without_the_guard_a_search_finds_nobody_elses_pay(
    kantor: Dunia, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second net (decision 30) holds a search as it holds the list."""
    monkeypatch.setattr(pintu, "Guard", TanpaPeriksa)
    for who, peran, unit in ((KEUANGAN_DINKES, "keuangan_opd", DINKES), (PENGELOLA, "pengelola", DISDIK)):
        assert await cari(kantor, f"/daftar/{BULAN}", "lestari", who, peran, unit) == set()
    assert await cari(kantor, f"/daftar/{BULAN}", "lestari", KEUANGAN, "keuangan_opd", DISDIK) == {ANI}
