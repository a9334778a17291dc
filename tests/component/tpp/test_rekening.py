"""Accounts and tax identities: sealed at rest, masked in lists, every reading traced, bad rows explained."""

from pathlib import Path
from typing import Any

import pytest

from services.tpp.rekening.rules import samarkan
from shared.brankas import Brankas, Tersegel, TidakTerbuka
from tests.component.helpers import buku
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import ANI, BPKAD, BUDI, DEDI, KEUANGAN, NIP_DARI, ORANG, Dunia, csv, pegawai

KEPALA = (
    "NIP",
    "Nama Pemilik Rekening",
    "Kode Bank",
    "Nama Bank",
    "No. Rekening",
    "NPWP",
    "NIK",
    "PTKP",
    "Alamat",
)
NOMOR, NPWP, NIK = "0071234567890", "09.254.294.3-407.000", "3171010101850001"


def baris(who: Any, **changed: str) -> tuple[str, ...]:
    """A good row of somebody, with cells changed by header."""
    row = dict(
        zip(
            KEPALA,
            (NIP_DARI[who], "Ani Rahmawati", "014", "Bank Contoh", NOMOR, NPWP, NIK, "k/1", "Jalan Satu"),
            strict=True,
        )
    )
    return tuple((row | changed).values())


@pytest.fixture
async def kantor(tpp: Layanan) -> Dunia:
    dunia = Dunia(tpp)
    await dunia.dengar(*(pegawai(who) for who in ORANG))
    return dunia


async def impor(dunia: Dunia, isi: bytes, *peran: str, unit: str | None = None, **query: Any) -> Any:
    params = {"berkas": "rekening.csv", **query}
    return await dunia.kirim("/impor/rekening", KEUANGAN, *peran, unit=unit, params=params, content=isi)


async def reads(dunia: Dunia) -> list[tuple[str, str]]:
    rows = await dunia.tpp.baris(
        "SELECT action, subject FROM kernel.audit WHERE action LIKE 'rekening%dibaca' ORDER BY 1, 2"
    )
    return [(row["action"], row["subject"]) for row in rows]


async def test_strangers_and_other_roles_neither_send_nor_see_accounts(kantor: Dunia) -> None:
    isi = csv(KEPALA, baris(ANI))
    params = {"berkas": "x"}
    headers = {"Idempotency-Key": "12345678"}
    told = await kantor.tpp.client.post(
        "/api/tpp/impor/rekening", params=params, content=isi, headers=headers
    )
    assert told.status_code == 401
    others = ("pengelola", "auditor", "pimpinan", "sysadmin", "admin_bkd")
    for peran in others:
        assert (await impor(kantor, isi, peran, unit="PEMDA")).status_code == 403, peran
    assert (await impor(kantor, isi, "bpkad")).json()["diterapkan"]
    for path in ("/rekening", f"/rekening/{ANI}", "/rekening/saya"):
        assert (await kantor.tpp.client.get(f"/api/tpp{path}")).status_code == 401
    for peran in ("pengelola", "pimpinan", "sysadmin", "admin_bkd"):
        for path in ("/rekening", f"/rekening/{ANI}"):
            assert (await kantor.lihat(path, BUDI, peran, unit="PEMDA")).status_code == 403, (peran, path)
    assert (await kantor.lihat(f"/rekening/{ANI}", BUDI, "auditor")).status_code == 403
    assert (
        await kantor.lihat(f"/rekening/{ANI}", BUDI, "keuangan_opd", unit="PEMDA/DINKES")
    ).status_code == 403
    assert (await kantor.lihat(f"/rekening/{ANI}", BUDI)).status_code == 403
    assert await reads(kantor) == []


async def test_one_sees_the_own_account_whole_and_others_leave_a_trace(kantor: Dunia) -> None:
    await impor(kantor, csv(KEPALA, baris(ANI)), "bpkad")
    own = (await kantor.lihat("/rekening/saya", ANI)).json()
    assert (own["nomor_rekening"], own["npwp"], own["nik"], own["ptkp"]) == (
        NOMOR,
        "092542943407000",
        NIK,
        "K/1",
    )
    assert await reads(kantor) == []
    told = await kantor.lihat(f"/rekening/{ANI}", KEUANGAN, "keuangan_opd", unit="PEMDA/DISDIK")
    assert told.json() == own
    assert await reads(kantor) == [("rekening.dibaca", f"pegawai:{ANI}")]
    assert (await kantor.lihat("/rekening/saya", BUDI)).status_code == 404


async def test_the_list_masks_numbers_and_names_who_has_none(kantor: Dunia) -> None:
    await impor(kantor, csv(KEPALA, baris(ANI), baris(DEDI)), "bpkad")
    told = await kantor.lihat("/rekening", KEUANGAN, "keuangan_opd", unit="PEMDA/DISDIK")
    rows = told.json()["data"]
    assert [(row["nip"], row["ada"]) for row in rows] == [(NIP_DARI[who], who == ANI) for who in ORANG[:3]]
    assert rows[0]["nomor_rekening"] == "•••••••••7890"
    for secret in (NOMOR, "092542943407000", NIK):
        assert secret not in told.text
    assert [subject for _, subject in await reads(kantor)] == sorted(f"pegawai:{who}" for who in ORANG[:3])
    page = (await kantor.lihat("/rekening", BPKAD, "bpkad", limit=4)).json()
    rest = (await kantor.lihat("/rekening", BPKAD, "bpkad", limit=4, cursor=page["berikutnya"])).json()
    assert [row["nip"] for row in page["data"] + rest["data"]] == [NIP_DARI[who] for who in ORANG]


async def test_nothing_readable_lies_in_the_database(kantor: Dunia) -> None:
    wrong = csv(KEPALA, baris(ANI), baris(BUDI, NIK="317101010185000X"))
    told = await impor(kantor, wrong, "bpkad", lewati_salah="true")
    assert told.json()["diterapkan"]
    tables = await kantor.tpp.baris(
        "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables"
        " WHERE schemaname IN ('public', 'kernel') AND has_table_privilege(format('%I.%I', schemaname,"
        " tablename), 'SELECT')"
    )
    for table in tables:
        text = await kantor.tpp.nilai(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table['name']} t")
        for secret in (NOMOR, "092542943407000", NIK, "317101010185000X", "Rahmawati"):
            for form in (secret, secret.encode().hex()):
                assert form not in text, (table["name"], secret)


async def test_a_trial_counts_and_a_second_import_changes_only_what_differs(kantor: Dunia) -> None:
    isi = csv(KEPALA, baris(ANI), baris(BUDI))
    trial = (await impor(kantor, isi, "bpkad", uji="true")).json()
    assert (trial["diterapkan"], trial["lembar"][0]["baru"]) == (False, 2)
    assert await kantor.tpp.nilai("SELECT count(*) FROM rekening") == 0
    assert (await impor(kantor, isi, "bpkad")).json()["diterapkan"]
    changed = csv(KEPALA, baris(ANI, **{"No. Rekening": "0079999888877"}), baris(BUDI))
    told = (await impor(kantor, changed, "bpkad")).json()["lembar"][0]
    assert (told["baru"], told["berubah"], told["sama"]) == (0, 1, 1)
    rows = await kantor.tpp.baris("SELECT pegawai_id, version FROM rekening")
    assert {row["pegawai_id"]: row["version"] for row in rows} == {ANI: 2, BUDI: 1}
    trail = await kantor.tpp.baris("SELECT subject FROM kernel.audit WHERE action = 'rekening.diubah'")
    assert sorted(row["subject"] for row in trail) == sorted(f"pegawai:{who}" for who in (ANI, ANI, BUDI))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"No. Rekening": ""}, "kosong"),
        ({"No. Rekening": "12345"}, "6 sampai 20 angka"),
        ({"No. Rekening": "7,1234E+12"}, "sudah hilang"),
        ({"No. Rekening": "1111111111"}, "diulang"),
        ({"NPWP": "123"}, "15 atau 16 angka, ini 3"),
        ({"NIK": "12345"}, "16 angka"),
        ({"PTKP": "K/9"}, "PTKP tidak dikenal"),
        ({"Kode Bank": "14"}, "3 angka"),
        ({"Nama Pemilik Rekening": "=HYPERLINK(1)"}, "rumus"),
        ({"Nama Bank": ""}, "kosong"),
        ({"Alamat": "x" * 201}, "lebih dari 200"),
        ({"NIP": "198501012010011999"}, "tidak ditemukan dalam wewenang"),
    ],
)
async def test_a_wrong_cell_is_explained_and_nothing_is_stored(
    kantor: Dunia, changed: dict[str, str], reason: str
) -> None:
    told = (await impor(kantor, csv(KEPALA, baris(ANI, **changed), baris(BUDI)), "bpkad")).json()
    assert not told["diterapkan"]
    (fault,) = told["salah"]
    assert reason in fault["alasan"]
    assert fault["perbaikan"]
    assert fault["baris"] == 2
    assert await kantor.tpp.nilai("SELECT count(*) FROM rekening") == 0


async def test_a_number_cell_is_no_account_and_finance_of_another_opd_sends_nothing(kantor: Dunia) -> None:
    row = list(baris(ANI))
    cells: list[Any] = [*row[:4], 71234567890, *row[5:]]
    told = (await impor(kantor, buku({"Rekening": [KEPALA, cells]}), "bpkad")).json()
    assert "nol di depan" in told["salah"][0]["alasan"]
    told = (await impor(kantor, csv(KEPALA, baris(DEDI)), "keuangan_opd", unit="PEMDA/DISDIK")).json()
    assert "wewenang Anda" in told["salah"][0]["alasan"]
    twice = (await impor(kantor, csv(KEPALA, baris(ANI), baris(ANI)), "bpkad")).json()
    assert "sudah ada pada baris 2" in twice["salah"][0]["alasan"]


def test_what_is_sealed_opens_for_its_own_context_only(tmp_path: Path) -> None:
    path = tmp_path / "rekening.key.json"
    brankas = Brankas(path)
    sealed = brankas.segel(ANI.bytes, b"rahasia")
    assert Brankas(path).buka(ANI.bytes, sealed) == b"rahasia"
    assert brankas.segel(ANI.bytes, b"rahasia").isi != sealed.isi
    broken = Tersegel(sealed.kunci, sealed.isi[:-1] + bytes([sealed.isi[-1] ^ 1]))
    for konteks, wrong in (
        (BUDI.bytes, sealed),
        (ANI.bytes, broken),
        (ANI.bytes, Tersegel("lain", sealed.isi)),
    ):
        with pytest.raises(TidakTerbuka):
            brankas.buka(konteks, wrong)
    assert path.stat().st_mode & 0o777 == 0o600


def test_masking_never_shows_a_short_number() -> None:
    assert [samarkan(text) for text in ("", "1234", "12345")] == ["", "••••", "•2345"]
