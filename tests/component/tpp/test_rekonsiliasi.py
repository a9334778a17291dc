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
from shared.contracts.payroll import ItemPaid, ItemPayable
from shared.money import Rupiah
from shared.testing.feed import Recorded, feed
from tests.component.tpp.dunia import (
    ANI,
    BPKAD,
    BUDI,
    BULAN,
    CICI,
    DEDI,
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
    for path in (PATH, f"{PATH}/xlsx"):
        assert (await dunia.tpp.client.get(f"/api/tpp{path}")).status_code == 401
        for peran in ("pengelola", "pimpinan", "sysadmin"):
            assert (await dunia.lihat(path, ANI, peran, unit="PEMDA")).status_code == 403
        assert (await dunia.lihat(path, ANI)).status_code == 403
    isi = csv(("nip", "jumlah"), (NIP_DARI[ANI], 1))
    for peran in ("auditor", "admin_bkd", "sysadmin"):
        assert (await dunia.kirim(f"{PATH}/banding", ANI, peran, content=isi)).status_code == 403


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
    own = (await dunia.lihat(PATH, KEUANGAN, "keuangan_opd", unit="PEMDA/DINKES")).json()
    assert own["temuan_jumlah"] == {"gagal": 1, "hanya_di_ekinerja": 2}
    trail = await dunia.tpp.baris(
        "SELECT DISTINCT subject FROM kernel.audit WHERE action = 'tpp.rekonsiliasi-dibaca'"
    )
    assert {f"pegawai:{who}" for who in (BUDI, CICI, DEDI)} <= {row["subject"] for row in trail}
    assert f"pegawai:{ANI}" not in {row["subject"] for row in trail}


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
    assert "baris 2" in told.json()["detail"]
    assert "baris 3" in told.json()["detail"]


def ours(number: int, neto: int) -> rules.Pembayaran:
    return rules.Pembayaran(uuid4(), uuid4(), f"nip-{number}", None, "OPD", neto, "dibayar", None, ["R"], [])


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
