"""Reconciliation: in one and not in the other, other amounts, paid twice, unknown; and who may see it."""

import io
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import python_calamine as calamine
from hypothesis import given
from hypothesis import strategies as st

from services.tpp.pembayaran import rules
from shared.contracts.payroll import ItemFailed, ItemPaid, ItemPayable
from shared.money import Rupiah
from shared.testing.feed import Recorded, feed
from shared.web.routes import KEY
from tests.component.tpp.dunia import (
    ANI,
    BPKAD,
    BUDI,
    BULAN,
    CICI,
    DEDI,
    EKA,
    FIRDAUS,
    KEUANGAN,
    NIP_DARI,
    Dunia,
    csv,
    dibayar,
    gagal,
)

PATH = f"/rekonsiliasi/{BULAN}"


def paid(item: ItemPayable, referensi: str, neto: int | None = None, version: int = 1) -> Recorded:
    """Payroll says paid, under this number and of this amount."""
    plain = ItemPaid.model_validate_json(dibayar(item, version=version).payload)
    changed = {"referensi": referensi, "neto": None if neto is None else Rupiah(neto)}
    return Recorded.of(plain.model_copy(update=changed))


@pytest.fixture
async def items(dunia: Dunia) -> dict[Any, ItemPayable]:
    """Both OPDs locked: each person's payment."""
    await dunia.jalankan()
    await dunia.kunci("DISDIK")
    await dunia.kunci("DINKES")
    return {item.pegawai_id: item for item in await dunia.tpp.keluar(ItemPayable)}


async def test_strangers_see_no_reconciliation(dunia: Dunia, items: dict[Any, ItemPayable]) -> None:
    for path in (PATH, f"{PATH}/xlsx", f"{PATH}/temuan"):
        assert (await dunia.tpp.client.get(f"/api/tpp{path}")).status_code == 401
        for peran in ("pengelola", "pimpinan", "sysadmin"):
            assert (await dunia.lihat(path, ANI, peran, unit="PEMDA")).status_code == 403
        assert (await dunia.lihat(path, ANI)).status_code == 403
    isi = csv(("nip", "jumlah"), (NIP_DARI[ANI], 1))
    for peran in ("auditor", "admin_bkd", "sysadmin"):
        for path in (f"{PATH}/banding", f"{PATH}/banding/xlsx"):
            assert (await dunia.kirim(path, ANI, peran, content=isi)).status_code == 403


async def test_every_kind_of_difference_is_found_and_reading_leaves_a_trace(
    dunia: Dunia, items: dict[Any, ItemPayable]
) -> None:
    await dunia.dengar(
        paid(items[ANI], "A-1", int(str(items[ANI].neto))),
        paid(items[BUDI], "B-1", int(str(items[BUDI].neto)) - 1),
        paid(items[CICI], "C-1"),
        paid(items[CICI], "C-2", version=2),
        gagal(items[DEDI]),
    )
    unknown = paid(items[ANI].model_copy(update={"item_id": uuid4()}), "X-1", 5)
    await feed(dunia.tpp.service, dunia.tpp.database, [unknown], strict=False)
    told = (await dunia.lihat(PATH, BPKAD, "bpkad")).json()
    assert (told["pembayaran"], told["dibayar"], told["gagal"], told["menunggu"]) == (6, 3, 1, 2)
    assert told["temuan_jumlah"] == {
        "hanya_di_payroll": 1,
        "dibayar_dua_kali": 1,
        "jumlah_berbeda": 1,
        "gagal": 1,
        "hanya_di_ekinerja": 2,
    }
    found = {one["jenis"]: one for one in told["temuan"]}
    assert found["jumlah_berbeda"]["nip"] == NIP_DARI[BUDI]
    assert int(found["jumlah_berbeda"]["payroll"]) == int(found["jumlah_berbeda"]["kita"]) - 1
    assert "C-1, C-2" in found["dibayar_dua_kali"]["penjelasan"]
    assert found["hanya_di_payroll"]["payroll"] == "5"
    assert not told["cocok"]
    assert {one["jenis"]: one["pemilik"] for one in told["temuan"]} == {
        "hanya_di_payroll": "bpkad",
        "dibayar_dua_kali": "bpkad",
        "jumlah_berbeda": "bpkad",
        "gagal": "keuangan_opd",
        "hanya_di_ekinerja": "bpkad",
    }
    assert all(one["langkah"] and one["sejak"] for one in told["temuan"])
    dinkes, disdik = told["opd"]
    assert (disdik["pembayaran"], disdik["dibayar"], dinkes["gagal"], dinkes["menunggu"]) == (3, 3, 1, 2)
    # Budi's rupiah less, and all of Cici's once more.
    over = int(disdik["neto_payroll"]) - int(disdik["neto"])
    assert over == int(str(items[CICI].neto)) - 1
    assert (dinkes["neto_dibayar"], dinkes["neto_payroll"]) == ("0", "0")
    assert sum(int(one["neto"]) for one in told["opd"]) == int(told["neto"])
    own = (await dunia.lihat(PATH, KEUANGAN, "keuangan_opd", unit="PEMDA/DINKES")).json()
    assert [one["opd_kode"] for one in own["opd"]] == ["DINKES"]
    assert own["temuan_jumlah"] == {"gagal": 1, "hanya_di_ekinerja": 2}
    # Everybody's are read another way than one unit's, and say the same.
    for whole in (dinkes, disdik):
        kode = whole["opd_kode"]
        own = (await dunia.lihat(PATH, KEUANGAN, "keuangan_opd", unit=f"PEMDA/{kode}")).json()
        assert own["opd"] == [whole]
        assert own["temuan"] == [one for one in told["temuan"] if one["opd_kode"] == kode]
    trail = await dunia.tpp.baris(
        "SELECT DISTINCT subject FROM kernel.audit WHERE action = 'tpp.rekonsiliasi-dibaca'"
    )
    assert {f"pegawai:{who}" for who in (BUDI, CICI, DEDI)} <= {row["subject"] for row in trail}
    assert f"pegawai:{ANI}" not in {row["subject"] for row in trail}


async def test_the_list_of_differences_goes_on_page_by_page_in_one_order(
    dunia: Dunia, items: dict[Any, ItemPayable]
) -> None:
    await dunia.dengar(
        gagal(items[DEDI]), paid(items[ANI], "A-1", 1), paid(items[BUDI], "B-1", 1), paid(items[BUDI], "B-2")
    )
    strange = [paid(items[ANI].model_copy(update={"item_id": uuid4()}), f"X-{n}", n + 1) for n in range(3)]
    await feed(dunia.tpp.service, dunia.tpp.database, strange, strict=False)
    whole = (await dunia.lihat(PATH, BPKAD, "bpkad")).json()["temuan"]
    assert len(whole) == 3 + 1 + 2 + 1 + 3
    for limit in (1, 2, 4, 9):
        seen: list[Any] = []
        cursor = None
        while True:
            query: dict[str, Any] = {"limit": limit} | ({"cursor": cursor} if cursor else {})
            told = (await dunia.lihat(f"{PATH}/temuan", BPKAD, "bpkad", **query)).json()
            seen += told["data"]
            cursor = told["berikutnya"]
            if not cursor:
                break
        assert seen == whole
    only = (await dunia.lihat(f"{PATH}/temuan", BPKAD, "bpkad", jenis="jumlah_berbeda")).json()["data"]
    assert [one["nip"] for one in only] == [NIP_DARI[ANI], NIP_DARI[BUDI]]
    only = (await dunia.lihat(f"{PATH}/temuan", BPKAD, "bpkad", opd="DINKES")).json()["data"]
    assert {one["opd_kode"] for one in only} == {"DINKES"}
    assert (await dunia.lihat(f"{PATH}/temuan", BPKAD, "bpkad", cursor="x")).status_code == 422


async def test_a_month_agrees_when_each_was_paid_once_and_in_full(
    dunia: Dunia, items: dict[Any, ItemPayable]
) -> None:
    facts = [
        paid(item, f"R-{n}", int(str(item.neto)) if n % 2 else None) for n, item in enumerate(items.values())
    ]
    # Told twice: one payment.
    await dunia.dengar(*facts, *facts)
    told = (await dunia.lihat(PATH, BPKAD, "bpkad")).json()
    assert told["cocok"]
    assert told["neto"] == told["neto_dibayar"] == told["neto_payroll"]
    assert (told["temuan"], told["temuan_jumlah"], told["menunggu"]) == ([], {}, 0)
    text = await halaman(dunia, "", BPKAD, "bpkad")
    assert "Cocok: 6 pembayaran" in text


async def test_what_was_taken_back_is_told_apart(dunia: Dunia, items: dict[Any, ItemPayable]) -> None:
    told = await dunia.putuskan("DINKES", "batalkan", BPKAD, "bpkad", json={"alasan": "Salah kelas jabatan"})
    assert told.status_code == 200, told.text
    ours = [items[who] for who in (DEDI, EKA, FIRDAUS)]
    refused = [ItemFailed.model_validate_json(gagal(item).payload) for item in ours]
    taken = [Recorded.of(one.model_copy(update={"dibatalkan": True})) for one in refused]
    await dunia.dengar(taken[0])
    one = (await dunia.lihat(PATH, BPKAD, "bpkad")).json()
    assert (one["ditarik"], one["gagal"], one["dibatalkan"]) == (1, 0, 0)
    assert "ditarik" in one["temuan_jumlah"]
    await dunia.dengar(*taken[1:])
    one = (await dunia.lihat(PATH, BPKAD, "bpkad")).json()
    assert (one["pembayaran"], one["ditarik"], one["dibatalkan"]) == (3, 0, 3)
    assert int(one["neto_dibatalkan"]) == sum(int(str(item.neto)) for item in ours)
    dinkes = next(opd for opd in one["opd"] if opd["opd_kode"] == "DINKES")
    assert (dinkes["batch_id"], dinkes["pembayaran"], dinkes["dibatalkan"]) == (None, 0, 3)
    assert "kelompok lama dibatalkan" in await halaman(dunia, "", BPKAD, "bpkad")
    assert (await dunia.lihat(PATH, KEUANGAN, "keuangan_opd", unit="PEMDA/DISDIK")).json()["dibatalkan"] == 0


async def halaman(
    dunia: Dunia, path: str, who: Any, *peran: str, unit: str | None = None, status: int = 200
) -> str:
    """A page of the month as somebody."""
    headers = dunia.tpp.kepala(who, *peran, unit=unit) | {"Accept": "text/html"}
    told = await dunia.tpp.client.get(f"/tpp/rekonsiliasi/{BULAN}{path}", headers=headers)
    assert told.status_code == status, told.text
    return str(told.text)


async def unggah(
    dunia: Dunia, isi: bytes | None, who: Any, *peran: str, unit: str | None = None, **fields: str
) -> Any:
    """Payroll's list sent with the page's form."""
    headers = dunia.tpp.kepala(who, *peran, unit=unit) | {"Accept": "text/html"}
    files = {"berkas": ("daftar.csv", isi, "text/csv")} if isi is not None else {"kosong": ("", b"")}
    data = {KEY: str(uuid4()), "hasil": "layar"} | fields
    return await dunia.tpp.client.post(
        f"/tpp/rekonsiliasi/{BULAN}/banding", headers=headers, data=data, files=files
    )


async def test_pages_are_for_those_of_the_api_and_name_the_next_step(
    dunia: Dunia, items: dict[Any, ItemPayable]
) -> None:
    isi = csv(("nip", "jumlah"), (NIP_DARI[ANI], 1))
    for peran in ("pengelola", "pimpinan", "sysadmin"):
        await halaman(dunia, "", ANI, peran, unit="PEMDA", status=403)
    for peran in ("auditor", "admin_bkd"):
        assert "/banding" not in await halaman(dunia, "", ANI, peran)
        await halaman(dunia, "/banding", ANI, peran, status=403)
        assert (await unggah(dunia, isi, ANI, peran)).status_code == 403
    await dunia.dengar(gagal(items[DEDI]))
    text = await halaman(dunia, "", KEUANGAN, "keuangan_opd", unit="PEMDA/DINKES")
    assert "Rekening ditolak" in text
    assert "Perbaiki rekening orang ini" in text
    assert "PEMDA/DISDIK" not in text
    assert "Dinas DISDIK" not in text
    assert f"{NIP_DARI[DEDI][:8]}" in text
    empty = await halaman(dunia, "?jenis=gagal&opd=DISDIK", KEUANGAN, "keuangan_opd", unit="PEMDA/DINKES")
    assert "Tidak ada perbedaan pada saringan ini." in empty


async def test_a_list_sent_by_the_page_is_compared_and_nothing_of_it_is_kept(
    dunia: Dunia, items: dict[Any, ItemPayable]
) -> None:
    before = await dunia.tpp.nilai("SELECT count(*) FROM kernel.import")
    same = csv(("NIP", "Jumlah"), *((NIP_DARI[who], str(item.neto)) for who, item in items.items()))
    told = await unggah(dunia, same, BPKAD, "bpkad")
    assert (told.status_code, "Sama semua: 6 orang" in told.text) == (200, True)
    rows = [(NIP_DARI[ANI], "Rp 1.234"), ("198501012010011777", "5,50")]
    told = await unggah(dunia, csv(("nip", "jumlah"), *rows), BPKAD, "bpkad")
    assert "7 perbedaan ditemukan." in told.text
    book = await unggah(dunia, csv(("nip", "jumlah"), *rows), BPKAD, "bpkad", hasil="xlsx")
    _, *lines = (
        calamine.CalamineWorkbook.from_object(io.BytesIO(book.content))
        .get_sheet_by_name("Temuan")
        .to_python()
    )
    assert len(lines) == 7
    assert await dunia.tpp.nilai("SELECT count(*) FROM kernel.import") == before


async def test_a_bad_list_is_refused_row_by_row_with_a_remedy(
    dunia: Dunia, items: dict[Any, ItemPayable]
) -> None:
    assert "belum ada berkas yang dipilih" in (await unggah(dunia, None, BPKAD, "bpkad")).text
    wrong = csv(("nip", "jumlah"), ("12", "5"), (NIP_DARI[ANI], "-5"), (NIP_DARI[BUDI], "1.23.456"), ("", ""))
    told = await unggah(dunia, wrong, BPKAD, "bpkad")
    assert told.status_code == 422
    for text in (
        "NIP harus 18 angka, ini 2",
        "Bukan jumlah rupiah dari nol ke atas",
        "Tulis jumlahnya seperti",
    ):
        assert text in told.text
    for isi, reason in (
        (csv(("nama", "jumlah"), ("Ani", "5")), "Judul kolom ini tidak ditemukan"),
        (csv(("nip", "jumlah")), "tidak berisi satu baris pun"),
        (b"PK\x03\x04rusak", "lembar kerja"),
    ):
        told = await unggah(dunia, isi, BPKAD, "bpkad")
        assert told.status_code == 422, told.text
        assert reason in told.text, told.text


async def test_the_workbook_says_the_same(dunia: Dunia, items: dict[Any, ItemPayable]) -> None:
    await dunia.dengar(paid(items[BUDI], "=B-1", 1), paid(items[BUDI], "B-2", 1, version=2))
    told = (await dunia.lihat(PATH, BPKAD, "bpkad")).json()
    data = (await dunia.lihat(f"{PATH}/xlsx", BPKAD, "bpkad")).content
    book = calamine.CalamineWorkbook.from_object(io.BytesIO(data))
    summary: dict[Any, Any] = {row[0]: row[1] for row in book.get_sheet_by_name("Ringkasan").to_python()}
    assert summary["Pembayaran"] == 6
    assert summary["Jumlah neto"] == float(told["neto"])
    _, *rows = book.get_sheet_by_name("Temuan").to_python()
    assert [row[1] for row in rows] == [one["nip"] for one in told["temuan"]]
    assert all(isinstance(row[1], str) for row in rows)


async def test_payrolls_own_list_is_compared_person_by_person(
    dunia: Dunia, items: dict[Any, ItemPayable]
) -> None:
    neto = {who: str(item.neto) for who, item in items.items()}
    rows = [(NIP_DARI[who], neto[who]) for who in items if who not in (ANI, BUDI)]
    rows += [(NIP_DARI[BUDI], "1"), (NIP_DARI[CICI], "1"), ("198501012010011777", "Rp 1.234,50")]
    isi = csv(("NIP", "Jumlah Bersih"), *rows)
    told = (await dunia.kirim(f"{PATH}/banding", BPKAD, "bpkad", content=isi)).json()
    assert [(one["jenis"], one["nip"]) for one in told["temuan"]] == [
        ("hanya_di_payroll", "198501012010011777"),
        ("dibayar_dua_kali", NIP_DARI[CICI]),
        ("jumlah_berbeda", NIP_DARI[BUDI]),
        ("hanya_di_ekinerja", NIP_DARI[ANI]),
    ]
    assert told["temuan"][0]["payroll"] == "1234.50"
    wrong = csv(("nip", "jumlah"), ("12", "5"), (NIP_DARI[ANI], "banyak"))
    told = await dunia.kirim(f"{PATH}/banding", BPKAD, "bpkad", content=wrong)
    assert told.status_code == 422
    assert told.json()["salah_jumlah"] == 2
    assert [(one["baris"], one["kolom"]) for one in told.json()["salah"]] == [(2, "nip"), (3, "jumlah")]
    assert all(one["alasan"] and one["perbaikan"] for one in told.json()["salah"])


def ours(number: int, neto: int) -> rules.Pembayaran:
    return rules.Pembayaran(uuid4(), uuid4(), f"nip-{number}", None, "OPD", neto)


@given(
    st.dictionaries(st.integers(0, 30), st.integers(1, 10**9)),
    st.dictionaries(st.integers(0, 30), st.integers(1, 10**9)),
)
def test_two_lists_that_agree_have_no_findings_and_each_difference_has_one(
    mine: dict[int, int], theirs: dict[int, int]
) -> None:
    people = [ours(number, neto) for number, neto in mine.items()]
    rows = [(f"nip-{number}", Decimal(neto)) for number, neto in theirs.items()]
    found = rules.dari_berkas(people, rows)
    different = {number for number in mine.keys() | theirs.keys() if mine.get(number) != theirs.get(number)}
    assert sorted(one.nip for one in found) == sorted(f"nip-{number}" for number in different)
    assert rules.dari_berkas(people, list(reversed(rows))) == found
    total = sum(one.payroll or 0 for one in found) - sum(one.kita or 0 for one in found)
    assert total == sum(theirs.values()) - sum(mine.values())
