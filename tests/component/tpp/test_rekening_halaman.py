"""Accounts behind pages: the file waits sealed, nothing tells a number, everyone sees what is theirs."""

import io
import zipfile
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.tpp.rekening.berkas import KOLOM
from services.tpp.rekening.impor import REKENING
from shared.brankas import Brankas
from shared.contracts.colek import ColekSent
from shared.runtime.imports import work
from shared.web.routes import KEY
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ANI,
    BPKAD,
    BUDI,
    CICI,
    DEDI,
    KEUANGAN,
    NIP_DARI,
    ORANG,
    Dunia,
    csv,
    pegawai,
)
from tests.component.tpp.test_rekening import KEPALA, NIK, NOMOR, baris, reads

HTML = {"Accept": "text/html"}
NPWP = "092542943407000"
DISDIK = "PEMDA/DISDIK"
KINDS = {REKENING.name: REKENING}
URL = "/tpp/impor/rekening"


@pytest.fixture
async def kantor(tpp: Layanan) -> Dunia:
    dunia = Dunia(tpp)
    await dunia.dengar(*(pegawai(who) for who in ORANG))
    return dunia


def kepala(dunia: Dunia, who: UUID, *peran: str, unit: str | None = None) -> dict[str, str]:
    return dunia.tpp.kepala(who, *peran, unit=unit) | HTML


async def lihat(dunia: Dunia, path: str, who: UUID, *peran: str, unit: str | None = None) -> Any:
    return await dunia.tpp.client.get(path, headers=kepala(dunia, who, *peran, unit=unit))


async def tekan(dunia: Dunia, path: str, who: UUID, *peran: str, unit: str | None = None, **form: str) -> Any:
    headers = kepala(dunia, who, *peran, unit=unit)
    return await dunia.tpp.client.post(path, data={KEY: str(uuid4())} | form, headers=headers)


async def unggah(dunia: Dunia, isi: bytes, who: UUID, *peran: str, unit: str | None = None) -> Any:
    headers = kepala(dunia, who, *peran, unit=unit)
    files = {"berkas": ("rekening.csv", isi)}
    return await dunia.tpp.client.post(URL, data={KEY: str(uuid4())}, files=files, headers=headers)


async def kerjakan(dunia: Dunia, brankas: Brankas | None = None) -> None:
    resources = dunia.tpp.running.resources | ({"brankas": brankas} if brankas else {})
    while await work(dunia.tpp.database, KINDS, resources):
        pass


async def impor(dunia: Dunia, *who: UUID) -> None:
    told = await dunia.kirim(
        "/impor/rekening",
        BPKAD,
        "bpkad",
        params={"berkas": "x"},
        content=csv(KEPALA, *(baris(one) for one in who)),
    )
    assert told.json()["diterapkan"]


async def tersimpan(dunia: Dunia) -> dict[str, str]:
    """Everything that lies in the service's database, by table."""
    tables = await dunia.tpp.baris(
        "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables"
        " WHERE schemaname IN ('public', 'kernel') AND has_table_privilege(format('%I.%I', schemaname,"
        " tablename), 'SELECT')"
    )
    return {
        name: await dunia.tpp.nilai(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {name} t")
        for name in (table["name"] for table in tables)
    }


async def test_strangers_first(kantor: Dunia) -> None:
    paths = (
        "/tpp/rekening",
        "/tpp/rekening/saya",
        f"/tpp/rekening/{ANI}",
        f"/tpp/rekening/{ANI}/lengkap",
        URL,
    )
    for path in paths:
        told = await kantor.tpp.client.get(path, headers=HTML)
        assert told.headers["Location"].startswith("/masuk"), path
    for peran in ("pengelola", "pimpinan", "admin_bkd", "sysadmin"):
        for path in (*paths[:1], *paths[2:]):
            assert (await lihat(kantor, path, BUDI, peran, unit="PEMDA")).status_code == 403, (peran, path)
    for path in (*paths[2:],):
        assert (await lihat(kantor, path, BUDI, "auditor")).status_code == 403, path
    for path in paths[2:4]:
        other = await lihat(kantor, path, BUDI, "keuangan_opd", unit="PEMDA/DINKES")
        assert other.status_code == 403, path
    told = await unggah(kantor, csv(KEPALA, baris(ANI)), BUDI, "admin_bkd")
    assert told.status_code == 403
    assert (await tekan(kantor, "/tpp/rekening/ingatkan/DISDIK", BUDI, "auditor")).status_code == 403
    assert await reads(kantor) == []
    assert await kantor.tpp.keluar(ColekSent) == []


async def test_an_uploaded_file_lies_sealed_from_its_upload_until_it_is_taken_in(
    kantor: Dunia, capfd: pytest.CaptureFixture[str]
) -> None:
    """No table (bytes, report, choices, audit, events, answers) and no log line ever holds a number of it."""
    lain, kurang = "0079998887776665", "317101010185000X"
    rows = (
        baris(ANI),
        baris(BUDI, NIK=kurang),
        # Columns shifted by one: the account stands where the NIP should, the NPWP beside its place.
        (lain, *baris(CICI)[1:3], f"Bank {lain} " + "x" * 60, *baris(CICI)[4:]),
    )
    secrets = (NOMOR, NPWP, "09.254.294.3-407.000", NIK, kurang, lain, "Rahmawati")

    async def nothing_tells() -> None:
        for name, text in (await tersimpan(kantor)).items():
            for secret in secrets:
                for form in (secret, secret.encode().hex()):
                    assert form not in text, (name, secret)

    told = await unggah(kantor, csv(KEPALA, *rows), KEUANGAN, "keuangan_opd", unit=DISDIK)
    path = told.headers["Location"]
    held = (await kantor.tpp.baris("SELECT isi, kunci, ukuran FROM kernel.import"))[0]
    assert held["kunci"]
    assert len(held["isi"]) > held["ukuran"] > 0
    await nothing_tells()
    await kerjakan(kantor)
    page = (await lihat(kantor, path, KEUANGAN, "keuangan_opd", unit=DISDIK)).text
    assert "3 kesalahan ditemukan" in page
    assert "••••••••••••000X" in page
    faults = await lihat(kantor, f"{path}/kesalahan.csv", KEUANGAN, "keuangan_opd", unit=DISDIK)
    for text in (page, faults.text):
        assert not [secret for secret in secrets if secret in text]
    await nothing_tells()
    await tekan(kantor, f"{path}/simpan", KEUANGAN, "keuangan_opd", unit=DISDIK, lewati_salah="ya")
    await kerjakan(kantor)
    page = (await lihat(kantor, path, KEUANGAN, "keuangan_opd", unit=DISDIK)).text
    assert "Isi berkas sudah disimpan." in page
    assert await kantor.tpp.nilai("SELECT isi FROM kernel.import") is None
    own = (await kantor.lihat("/rekening/saya", ANI)).json()
    assert (own["nomor_rekening"], own["npwp"]) == (NOMOR, NPWP)
    await nothing_tells()
    out, err = capfd.readouterr()
    assert not [secret for secret in secrets if secret in out + err]


async def test_a_file_whose_key_is_gone_says_so_and_is_given_up(kantor: Dunia, tmp_path: Any) -> None:
    told = await unggah(kantor, csv(KEPALA, baris(ANI)), BPKAD, "bpkad")
    await kerjakan(kantor, Brankas(tmp_path / "lain.key.json"))
    page = (await lihat(kantor, told.headers["Location"], BPKAD, "bpkad")).text
    assert "kunci segelnya tidak ada" in page
    assert await kantor.tpp.nilai("SELECT isi FROM kernel.import") is None


async def test_the_template_is_read_back_and_keeps_zeros(kantor: Dunia) -> None:
    told = await lihat(kantor, f"{URL}/templat.xlsx", BPKAD, "bpkad")
    assert told.status_code == 200
    with zipfile.ZipFile(io.BytesIO(told.content)) as book:
        strings = book.read("xl/sharedStrings.xml").decode()
        styles = book.read("xl/styles.xml").decode()
    assert all(f">{column.title}<" in strings for column in KOLOM)
    assert 'numFmtId="49"' in styles  # Text
    sent = await unggah(kantor, told.content, BPKAD, "bpkad")
    await kerjakan(kantor)
    page = (await lihat(kantor, sent.headers["Location"], BPKAD, "bpkad")).text
    assert "Semua baris benar" in page


async def test_the_list_masks_filters_and_says_who_has_none(kantor: Dunia) -> None:
    await impor(kantor, ANI, DEDI)
    mine = (await lihat(kantor, "/tpp/rekening", KEUANGAN, "keuangan_opd", unit=DISDIK)).text
    assert "•••••••••7890" in mine
    assert not [secret for secret in (NOMOR, NPWP, NIK) if secret in mine]
    assert "2 pegawai belum punya rekening." in mine
    assert str(DEDI) not in mine
    assert "/tpp/rekening/ingatkan/" not in mine
    assert [subject for _, subject in await reads(kantor)] == sorted(f"pegawai:{who}" for who in ORANG[:3])
    lacking = (await lihat(kantor, "/tpp/rekening?belum=ya", KEUANGAN, "keuangan_opd", unit=DISDIK)).text
    assert [str(who) in lacking for who in (ANI, BUDI, CICI)] == [False, True, True]
    one = (await lihat(kantor, f"/tpp/rekening?cari={NIP_DARI[BUDI]}", BPKAD, "bpkad")).text
    assert [str(who) in one for who in (ANI, BUDI, CICI)] == [False, True, False]
    other = (await lihat(kantor, "/tpp/rekening?opd=DINKES", BPKAD, "bpkad")).text
    assert [str(who) in other for who in (ANI, DEDI)] == [False, True]
    auditor = (await lihat(kantor, "/tpp/rekening", BUDI, "auditor")).text
    assert "•••••••••7890" in auditor
    assert f"/tpp/rekening/{ANI}" not in auditor
    assert 'href="/tpp/impor/rekening"' not in auditor
    rows = (await kantor.lihat("/rekening", BPKAD, "bpkad", belum="true", cari=NIP_DARI[BUDI])).json()["data"]
    assert [row["nip"] for row in rows] == [NIP_DARI[BUDI]]


async def test_the_whole_account_opens_by_a_click_of_its_own_that_leaves_a_trace(kantor: Dunia) -> None:
    await impor(kantor, ANI)
    who, peran = KEUANGAN, "keuangan_opd"
    masked = await lihat(kantor, f"/tpp/rekening/{ANI}", who, peran, unit=DISDIK)
    assert not [secret for secret in (NOMOR, NPWP, NIK) if secret in masked.text]
    assert await reads(kantor) == [("rekening.daftar-dibaca", f"pegawai:{ANI}")]
    whole = await lihat(kantor, f"/tpp/rekening/{ANI}/lengkap", who, peran, unit=DISDIK)
    assert all(secret in whole.text for secret in (NOMOR, NPWP, NIK, "K/1", "Jalan Satu"))
    assert "Pembacaan ini tercatat dengan nama Anda." in whole.text
    assert ("rekening.dibaca", f"pegawai:{ANI}") in await reads(kantor)
    # Somebody without one, and nobody.
    for tail in ("", "/lengkap"):
        told = await lihat(kantor, f"/tpp/rekening/{BUDI}{tail}", who, peran, unit=DISDIK)
        assert "Rekening pegawai ini belum tercatat." in told.text
        assert (await lihat(kantor, f"/tpp/rekening/{uuid4()}{tail}", BPKAD, "bpkad")).status_code == 404


async def test_ones_own_is_masked_never_kept_on_the_device_and_missing_ones_name_who_acts(
    kantor: Dunia,
) -> None:
    await impor(kantor, ANI)
    own = await lihat(kantor, "/tpp/rekening/saya", ANI)
    assert not [secret for secret in (NOMOR, NPWP, NIK) if secret in own.text]
    assert "•••••••••7890" in own.text
    assert "Ani Rahmawati" in own.text
    assert await reads(kantor) == []
    for path in ("/tpp/rekening/saya", "/tpp/saya"):
        kept = (await lihat(kantor, path, ANI)).headers
        assert (kept["Cache-Control"], "Ekinerja-Luring" in kept) == ("no-store", False)
    assert "•••••••••7890" in (await lihat(kantor, "/tpp/saya", ANI)).text
    none = (await lihat(kantor, "/tpp/rekening/saya", BUDI)).text
    assert "Rekening Anda belum tercatat." in none
    assert "Keuangan OPD" in none
    assert "belum tercatat" in (await lihat(kantor, "/tpp/saya", BUDI)).text


async def test_each_reminds_whoever_keeps_accounts_once_a_day(kantor: Dunia) -> None:
    await impor(kantor, ANI)
    for who in (ANI, BUDI):
        assert (await tekan(kantor, "/tpp/rekening/saya/ingatkan", who)).status_code == 303
        assert (await kantor.kirim("/rekening/saya/ingatkan", who)).status_code == 429
    assert "Sudah Anda ingatkan hari ini." in (await lihat(kantor, "/tpp/rekening/saya", ANI)).text
    # Finance of one's own OPD reminds nobody; that of another OPD is not in charge here.
    own = await kantor.kirim("/rekening/saya/ingatkan", CICI, "keuangan_opd", unit=DISDIK)
    assert own.status_code == 409
    told = await kantor.kirim("/rekening/saya/ingatkan", CICI, "keuangan_opd", unit="PEMDA/DINKES")
    assert told.json()["kepada"] == "Keuangan OPD"
    assert (
        await kantor.kirim("/rekening/ingatkan/DISDIK", BUDI, "keuangan_opd", unit=DISDIK)
    ).status_code == 403
    assert (await kantor.kirim("/rekening/ingatkan/DISDIK", BPKAD, "bpkad")).status_code == 200
    assert (await kantor.kirim("/rekening/ingatkan/DISDIK", BPKAD, "bpkad")).status_code == 429
    assert "Sudah diingatkan hari ini." in (await lihat(kantor, "/tpp/rekening", BPKAD, "bpkad")).text
    assert (await kantor.kirim("/rekening/ingatkan/TIADA", BPKAD, "bpkad")).status_code == 404
    sent = await kantor.tpp.keluar(ColekSent)
    assert [(one.hal, one.kepada_peran, one.kepada_unit, one.kalimat) for one in sent] == [
        ("rekening", "keuangan_opd", "PEMDA/DISDIK/DISDIK-1", "Rekening saya yang tercatat keliru."),
        ("rekening", "keuangan_opd", "PEMDA/DISDIK/DISDIK-1", "Rekening saya belum tercatat."),
        ("rekening", "keuangan_opd", "PEMDA/DISDIK/DISDIK-1", "Rekening saya belum tercatat."),
        ("rekening", "keuangan_opd", "PEMDA/DISDIK", "2 pegawai Dinas DISDIK belum punya rekening."),
    ]
