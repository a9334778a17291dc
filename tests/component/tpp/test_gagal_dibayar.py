"""A payment that failed: who must act is named, and the way to the account is shown to whoever may go it."""

import csv
from typing import Any
from uuid import UUID

import pytest

from shared.contracts.colek import ColekSent
from shared.contracts.payroll import ItemPayable
from shared.web.routes import KEY
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BPKAD,
    BUDI,
    BULAN,
    CICI,
    KEUANGAN,
    KEUANGAN_DINKES,
    ORANG,
    Dunia,
    gagal,
    pegawai,
    segmen,
)
from tests.component.tpp.test_ekspor import rekening
from tests.component.tpp.test_pembatalan import dibatalkan
from tests.component.tpp.test_rekening import baris

DISDIK, DINKES = "PEMDA/DISDIK", "PEMDA/DINKES"
REKON = f"/tpp/rekonsiliasi/{BULAN}"
HANYA = "hanya dapat dibuka dan diubah keuangan OPD tempat orang ini bekerja dan BPKAD"


@pytest.fixture
async def kantor(dunia: Dunia) -> Dunia:
    """DISDIK locked: Ani's and Budi's payments failed, Cici's was taken back. Budi works in DINKES by now."""
    await dunia.jalankan()
    await dunia.kunci("DISDIK")
    await rekening(dunia, *(baris(who) for who in ORANG))
    items = {item.pegawai_id: item for item in await dunia.tpp.keluar(ItemPayable)}
    await dunia.dengar(gagal(items[ANI]), gagal(items[BUDI]), dibatalkan(items[CICI]))
    await dunia.dengar(pegawai(BUDI, segmen(BUDI, opd="DINKES"), version=2))
    return dunia


async def buka(dunia: Dunia, path: str, who: UUID, *peran: str, unit: str | None = None) -> Any:
    headers = dunia.tpp.kepala(who, *peran, unit=unit) | {"Accept": "text/html"}
    return await dunia.tpp.client.get(path, headers=headers)


def tautan(who: UUID) -> str:
    return f'href="/tpp/rekening/{who}"'


async def test_strangers_first(kantor: Dunia) -> None:
    for path in (REKON, f"/tpp/slip/{BULAN}/{ANI}"):
        told = await kantor.tpp.client.get(path, headers={"Accept": "text/html"})
        assert told.headers["Location"].startswith("/masuk"), path
        assert (await buka(kantor, path, BUDI)).status_code == 403, path
    other = await buka(kantor, REKON, KEUANGAN_DINKES, "keuangan_opd", unit=DINKES)
    assert str(ANI) not in other.text


@pytest.mark.parametrize("who", [ANI, BUDI, CICI])
async def test_whoever_may_change_the_account_gets_the_way_there_and_the_others_hear_who_may(
    kantor: Dunia, who: UUID
) -> None:
    """On both pages a link never leads to a refusal, and nobody who could go is left without one."""
    page = f"/tpp/slip/{BULAN}/{who}"
    for reader, peran, unit in (
        (BPKAD, "bpkad", None),
        (KEUANGAN, "keuangan_opd", DISDIK),
        (ADMIN, "admin_bkd", None),
        (ADMIN, "auditor", None),
    ):
        may = (await buka(kantor, f"/tpp/rekening/{who}", reader, peran, unit=unit)).status_code == 200
        assert may == (peran == "bpkad" or (peran == "keuangan_opd" and who != BUDI)), (peran, who)
        slip = await buka(kantor, page, reader, peran, unit=unit)
        rekon = await buka(kantor, f"{REKON}?jenis=gagal", reader, peran, unit=unit)
        assert slip.status_code == rekon.status_code == 200
        # What was taken back is no fault of the account.
        failed = who != CICI
        assert (tautan(who) in slip.text) == (may and failed), (peran, who)
        assert (HANYA in slip.text) == (not may and failed), (peran, who)
        assert (tautan(who) in rekon.text) == (may and failed), (peran, who)
        assert (HANYA in rekon.text) == (peran != "bpkad"), peran
        owner = "Keuangan OPD" if failed else "BPKAD"
        assert f"Menunggu: <strong>{owner}</strong>" in slip.text, (peran, who)
        assert ("lewat impor rekening, lalu minta payroll membayar lagi" in slip.text) == failed
        assert ("dibayar lewat kelompok baru" in slip.text) == (not failed)


async def test_the_person_checks_the_own_account_and_reminds_whoever_mends_it(kantor: Dunia) -> None:
    own = (await buka(kantor, f"/tpp/saya/{BULAN}", ANI)).text
    assert 'href="/tpp/rekening/saya"' in own
    assert "Menunggu: <strong>Keuangan OPD</strong>" in own
    assert tautan(ANI) not in own
    headers = kantor.tpp.kepala(ANI)
    for who, kode in ((ANI, "pembayaran"), (CICI, "pembayaran")):
        headers = kantor.tpp.kepala(who)
        path = f"/tpp/saya/{BULAN}/ingatkan/{kode}"
        sent = await kantor.tpp.client.post(path, data={KEY: headers["Idempotency-Key"]}, headers=headers)
        assert sent.status_code == 303, sent.text
    assert [(one.kepada_peran, one.kepada_unit) for one in await kantor.tpp.keluar(ColekSent)] == [
        ("keuangan_opd", "PEMDA/DISDIK/DISDIK-1"),
        ("bpkad", None),
    ]
    taken_back = (await buka(kantor, f"/tpp/saya/{BULAN}", CICI)).text
    assert "Periksa rekening saya" not in taken_back
    assert "Menunggu: <strong>BPKAD</strong>" in taken_back


async def test_the_slip_of_the_api_says_which_it_is(kantor: Dunia) -> None:
    for who, ditarik in ((ANI, False), (CICI, True)):
        paid = (await kantor.lihat(f"/slip/{BULAN}/{who}", BPKAD, "bpkad")).json()["pembayaran"]
        assert (paid["keadaan"], paid["ditarik"]) == ("gagal", ditarik)


async def test_totals_tell_what_failed_from_what_was_taken_back(kantor: Dunia) -> None:
    whole = (await kantor.lihat(f"/rekap/{BULAN}", BPKAD, "bpkad")).json()["jumlah"]
    assert (whole["dibayar"], whole["gagal"], whole["ditarik"]) == (0, 2, 1)
    page = " ".join((await buka(kantor, f"/tpp/rekap/{BULAN}", BPKAD, "bpkad")).text.split())
    assert "<dt>Gagal dibayar</dt><dd>2</dd>" in page
    assert "<dt>Ditarik kembali</dt><dd>1</dd>" in page
    sheet = (await buka(kantor, f"/tpp/rekap/{BULAN}/rekap.csv", BPKAD, "bpkad")).text
    rows = csv.DictReader(sheet.removeprefix("\ufeff").splitlines(), delimiter=";")
    told = {row["Kode OPD"]: (row["Gagal"], row["Ditarik kembali"]) for row in rows}
    assert told["DISDIK"] == ("2", "1")
