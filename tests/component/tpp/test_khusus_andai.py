"""A year's budget is its months, the 13th and the THR: a draft's what-if has them all, to the rupiah."""

import io
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from python_calamine import CalamineWorkbook
from rich.console import Console

from services.tpp.andai.queries import HasilAndai
from services.tpp.cli import cetak_andai
from services.tpp.kebijakan.queries import terbaca
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.rules import baca_masukan
from shared.period import MasaBayar, Period
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import ADMIN, ANI, BPKAD, BULAN, CICI, OKTOBER, Dunia, kebijakan
from tests.component.tpp.tahun import DESEMBER
from tests.component.tpp.test_andai import selesaikan
from tests.component.tpp.test_andai_setahun import KELAS_7, sel
from tests.component.tpp.test_andai_setahun import andaikan as andaikan_sel
from tests.component.tpp.test_khusus_pajak import berdasar_desember, setahun
from tests.component.tpp.test_masa_bayar import KE_13, THR, dengan_khusus

NOVEMBER = Period(2026, 11)
DUA = (BULAN, str(NOVEMBER))
KELAS_9 = b"9: Rp 5.500.000"
NAIK = dengan_khusus().replace(KELAS_9, b"9: Rp 6.500.000")
"""Kelas 9 has a million more; Cici alone is of kelas 9."""
_RUPIAH = ("bruto_lama", "bruto_baru", "neto_lama", "neto_baru", "naik_rupiah", "turun_rupiah", "iuran_baru")
_ORANG = (
    "orang",
    "dihitung_lama",
    "dihitung_baru",
    "naik",
    "turun",
    "tetap",
    "jadi_ditahan",
    "jadi_dihitung",
)


@pytest.fixture
async def dunia(tpp: Layanan) -> Dunia:
    """October and November computed, the 13th and the THR named and not computed."""
    world = Dunia(tpp)
    await world.kebijakan(dengan_khusus())
    await world.siapkan_tanpa_kebijakan()
    await world.jalankan()
    await world.bulan(NOVEMBER, predikat=3)
    return world


async def andaikan(dunia: Dunia, isi: bytes, *bulan: str, **params: Any) -> Any:
    told = await dunia.kirim("/andai", BPKAD, "bpkad", content=isi, params={"bulan": list(bulan), **params})
    assert told.status_code == 201, told.text
    return await selesaikan(dunia, told.json()["andai_id"])


def rupiah(text: str) -> int:
    assert text.partition(".")[2] in ("", "0", "00")
    return int(text.partition(".")[0])


def per_masa(found: Any) -> dict[str, Mapping[str, Any]]:
    return {one["periode"]: one for one in found["bulan"]}


def berjumlah(found: Any) -> None:
    """Every table's parts are the total, to the rupiah."""
    for table in ("bulan", "opd", "unit", "kelas"):
        for name in _RUPIAH:
            parts = sum(rupiah(one[name]) for one in found[table])
            assert parts == rupiah(found["jumlah"][name]), (table, name)
        for name in _ORANG:
            assert sum(one[name] for one in found[table]) == found["jumlah"][name], (table, name)


async def dibayar(dunia: Dunia, masa: str) -> tuple[int, int]:
    """What was computed: bruto and neto of all."""
    rows = await dunia.tpp.baris("SELECT bruto, neto FROM tpp_bulan WHERE periode = $1", masa)
    return sum(row["bruto"] for row in rows), sum(row["neto"] for row in rows)


async def masukan(dunia: Dunia, who: UUID, masa: str) -> Any:
    text = "SELECT masukan FROM tpp_bulan WHERE pegawai_id = $1 AND periode = $2"
    return baca_masukan(await dunia.tpp.nilai(text, who, masa))


async def test_strangers_ask_for_no_budget(dunia: Dunia) -> None:
    params, key = {"bulan": BULAN, "khusus": "true"}, {"Idempotency-Key": "12345678"}
    policy = await dunia.tpp.nilai("SELECT kebijakan_id FROM kebijakan")
    for path in ("/andai", f"/andai/kebijakan/{policy}"):
        told = await dunia.tpp.client.post(f"/api/tpp{path}", content=NAIK, headers=key, params=params)
        assert told.status_code == 401
        for peran in ("", "auditor", "keuangan_opd", "pengelola", "pimpinan", "sysadmin"):
            roles = (peran,) if peran else ()
            told = await dunia.kirim(path, ANI, *roles, unit="PEMDA", content=NAIK, params=params)
            assert told.status_code == 403, (path, peran)
    made = (await andaikan(dunia, NAIK, BULAN))["andai"]["andai_id"]
    for path in (f"/api/tpp/andai/{made}/hasil", f"/api/tpp/andai/{made}/xlsx", f"/tpp/andai/{made}"):
        assert (await dunia.tpp.client.get(path)).status_code in (401, 303)
        for peran in ("keuangan_opd", "pimpinan", "sysadmin"):
            headers = dunia.tpp.kepala(ANI, peran, unit="PEMDA")
            assert (await dunia.tpp.client.get(path, headers=headers)).status_code == 403
        for who, peran in ((BPKAD, "bpkad"), (ADMIN, "admin_bkd"), (ADMIN, "auditor")):
            assert (await dunia.tpp.client.get(path, headers=dunia.tpp.kepala(who, peran))).status_code == 200


@pytest.mark.parametrize("ukuran", [2000, 1])
async def test_months_and_extra_payments_are_the_budget(
    dunia: Dunia, monkeypatch: pytest.MonkeyPatch, ukuran: int
) -> None:
    """As they were paid, and as the draft would pay them: rows of their own, and every sum the same."""
    monkeypatch.setattr("services.tpp.andai.commands._ORANG_SEBAGIAN", ukuran)
    for masa in (KE_13, THR):
        await dunia.jalankan(masa)
    before = {masa: await dunia.angka(masa) for masa in (*DUA, KE_13, THR)}
    found = await andaikan(dunia, NAIK, *DUA)
    rows = per_masa(found)
    assert [(one["periode"], one["nama"]) for one in found["bulan"]] == [
        (BULAN, None), (str(NOVEMBER), None), (KE_13, "TPP ke-13"), (THR, "TPP Hari Raya"),
    ]  # fmt: skip
    berjumlah(found)
    hitung = engine.compile(terbaca(NAIK.decode()))
    for masa, row in rows.items():
        paid = await dibayar(dunia, masa)
        assert (rupiah(row["bruto_lama"]), rupiah(row["neto_lama"])) == paid, masa
        # Cici alone earns more: what she would is what the draft makes of the inputs that paid her.
        m = await masukan(dunia, CICI, masa)
        more = hitung(m).neto - before[masa][CICI][1]
        assert more > 0
        assert rupiah(row["neto_baru"]) - paid[1] == rupiah(row["naik_rupiah"]) == more
        assert (row["naik"], row["turun"], row["tetap"]) == (1, 0, 5)
    assert found["jumlah"]["orang"] == found["andai"]["orang"] == 4 * 6
    assert {one["periode"]: (one["dasar_lama"], one["dasar_baru"]) for one in found["andai"]["khusus"]} == {
        KE_13: (BULAN, BULAN), THR: (str(NOVEMBER), str(NOVEMBER)),
    }  # fmt: skip
    # Only what is based on the chosen months, and nothing of it if it is not wanted.
    assert list(per_masa(await andaikan(dunia, NAIK, BULAN))) == [BULAN, KE_13]
    plain = await andaikan(dunia, NAIK, *DUA, khusus=False)
    assert list(per_masa(plain)) == list(DUA)
    berjumlah(plain)
    assert {masa: await dunia.angka(masa) for masa in before} == before


async def test_one_that_has_no_figures_yet_is_what_it_will_be(dunia: Dunia) -> None:
    found = await andaikan(dunia, NAIK, *DUA)
    berjumlah(found)
    rows = per_masa(found)
    for masa in (KE_13, THR):
        await dunia.jalankan(masa)
        assert (rupiah(rows[masa]["bruto_lama"]), rupiah(rows[masa]["neto_lama"])) == await dibayar(
            dunia, masa
        )
    # And what the draft makes of it is the same, whichever figures it is made from.
    again = per_masa(await andaikan(dunia, NAIK, *DUA))
    for masa in (KE_13, THR):
        for name in (*_RUPIAH, *_ORANG):
            assert again[masa][name] == rows[masa][name], (masa, name)


async def test_the_policy_in_force_changes_nothing(dunia: Dunia) -> None:
    await dunia.jalankan(KE_13)
    found = await andaikan(dunia, dengan_khusus(), *DUA)
    total = found["jumlah"]
    assert (total["naik"], total["turun"], total["tetap"]) == (0, 0, 24)
    assert (total["bruto_lama"], total["neto_lama"]) == (total["bruto_baru"], total["neto_baru"])


async def test_what_only_one_of_the_two_names_is_nothing_under_the_other(dunia: Dunia) -> None:
    """Nothing, and no payment that waits: it is saved, or it is new."""
    await dunia.jalankan(KE_13)
    found = await andaikan(dunia, kebijakan(), BULAN)
    row = per_masa(found)[KE_13]
    paid = await dibayar(dunia, KE_13)
    assert (rupiah(row["bruto_lama"]), rupiah(row["bruto_baru"])) == (paid[0], 0)
    assert (row["turun"], row["jadi_ditahan"], rupiah(row["turun_rupiah"])) == (6, 0, paid[1])
    assert found["sebab"] == []
    berjumlah(found)
    page = await dunia.tpp.client.get(
        f"/tpp/andai/{found['andai']['andai_id']}", headers=dunia.tpp.kepala(BPKAD, "bpkad")
    )
    assert "TPP ke-13 2026 tidak disebut rancangan ini; dengan rancangan ini nol." in page.text


async def test_a_draft_that_brings_a_payment_costs_what_it_would_pay(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.siapkan()
    await dunia.jalankan()
    found = await andaikan(dunia, dengan_khusus(), BULAN)
    row = per_masa(found)[KE_13]
    hitung = engine.compile(terbaca(dengan_khusus().decode()))
    would = [
        hitung(baca_masukan(one["masukan"])._replace(pembayaran="ke_13"))
        for one in await tpp.baris("SELECT masukan FROM tpp_bulan WHERE periode = $1", BULAN)
    ]
    assert (rupiah(row["bruto_lama"]), rupiah(row["neto_lama"])) == (0, 0)
    assert rupiah(row["bruto_baru"]) == sum(one.bruto for one in would) > 0
    assert rupiah(row["neto_baru"]) == sum(one.neto for one in would)
    assert (row["naik"], row["sebaran"]["naik_lebih_25"]) == (6, 6)
    berjumlah(found)


async def test_a_draft_may_base_it_on_another_month(dunia: Dunia) -> None:
    await dunia.jalankan(KE_13)
    moved = dengan_khusus().replace(b"dasar_bulan: 10", b"dasar_bulan: 11")
    found = await andaikan(dunia, moved, *DUA)
    rows = per_masa(found)
    assert rupiah(rows[KE_13]["bruto_lama"]) == (await dibayar(dunia, KE_13))[0]
    assert rupiah(rows[KE_13]["bruto_baru"]) == rupiah(rows[THR]["bruto_baru"])
    assert rupiah(rows[KE_13]["bruto_baru"]) < rupiah(rows[KE_13]["bruto_lama"])
    berjumlah(found)
    # On a month that has no figures nothing can be said of it, which is no saving.
    later = await andaikan(dunia, dengan_khusus().replace(b"dasar_bulan: 10", b"dasar_bulan: 12"), BULAN)
    row = per_masa(later)[KE_13]
    assert (row["jadi_ditahan"], row["dihitung_baru"]) == (6, 0)
    reasons = {one["kode"]: one["kalimat"] for one in later["sebab"]}
    assert "Desember 2026" in reasons["bulan_dasar_belum_dihitung"]


TIGA = (OKTOBER, NOVEMBER, DESEMBER)


@pytest.mark.parametrize(("dasar", "pajak"), [(10, (85_750, 842_500)), (12, (446_500, 560_500))])
async def test_december_counts_it_as_the_draft_makes_it(
    tpp: Layanan, dasar: int, pajak: tuple[int, int]
) -> None:
    """Ani under the draft: a month or the 13th is salary 4.500.000 and TPP 4.900.000, of which 1,75% is
    164.500, 85.750 of it from TPP. In all 70 + 4 x 9,4 = 107.600.000: 5% of (that - 5% - 1.500.000 -
    54.000.000) = 2.336.000. After October December withholds what is left of 1.000.000 + 3 x 164.500. After
    December (560.500, as without it) the 13th withholds what is left of 1.000.000 + 2 x 164.500 + 560.500."""
    text = kebijakan("jawa-barat").decode().replace("dasar_bulan: 5", f"dasar_bulan: {dasar}").encode()
    dunia = await setahun(tpp, text)
    await dunia.jalankan(KE_13)
    await dunia.kunci("DISDIK", KE_13)
    found = await andaikan_sel(dunia, text.replace(KELAS_7, b"7: Rp 4.900.000"), *TIGA)
    extra, last = sel(found, MasaBayar(2026, 13)), sel(found, DESEMBER)  # type: ignore[arg-type]
    assert extra.neto_baru == 4_900_000 - pajak[0]
    assert last.neto_baru == 4_900_000 - 98_000 - pajak[1]
    berjumlah(found)


@pytest.mark.parametrize("januari", [False, True])
async def test_paid_again_by_the_same_policy_the_year_is_the_same(tpp: Layanan, *, januari: bool) -> None:
    """Also with payments that come after December, locked one after the other."""
    policy = berdasar_desember(januari=januari)
    dunia = await setahun(tpp, policy)
    for masa in (KE_13, THR):
        await dunia.jalankan(masa)
        await dunia.kunci("DISDIK", masa)
    for months in (TIGA, (DESEMBER,)):
        found = await andaikan_sel(dunia, policy, *months)
        total = found["jumlah"]
        assert (total["naik"], total["turun"], total["jadi_ditahan"]) == (0, 0, 0), months
        assert (total["bruto_lama"], total["neto_lama"]) == (total["bruto_baru"], total["neto_baru"])
        assert {KE_13, THR} < set(per_masa(found))
        berjumlah(found)


async def test_page_workbook_and_prompt_say_the_same(dunia: Dunia, capsys: Any) -> None:
    await dunia.jalankan(KE_13)
    found = await andaikan(dunia, NAIK, *DUA)
    made = found["andai"]["andai_id"]
    told = await dunia.lihat(f"/andai/{made}/xlsx", BPKAD, "bpkad")
    book = CalamineWorkbook.from_filelike(io.BytesIO(told.content))
    header, *rows = book.get_sheet_by_name("Bulan").to_python()
    *rows, total = [row for row in rows if row[0]]
    names = ["Oktober 2026", "November 2026", "TPP ke-13 2026", "TPP Hari Raya 2026"]
    assert [row[0] for row in rows] == names
    for at, title in enumerate(header[1:], 1):
        assert sum(float(str(row[at])) for row in rows) == float(str(total[at])), title
    at = header.index("Bruto dengan kebijakan ini")
    assert [float(str(row[at])) for row in rows] == [float(one["bruto_baru"]) for one in found["bulan"]]
    summary = {row[0]: row[1] for row in book.get_sheet_by_name("Ringkasan").to_python() if row[0]}
    parts = ("TPP bulanan (2 bulan)", "TPP ke-13 2026", "TPP Hari Raya 2026")
    for when in ("dahulu", "dengan kebijakan ini"):
        sums = sum(float(str(summary[f"{name}, bruto {when}"])) for name in parts)
        assert sums == float(str(summary[f"Bruto {when}"])), when
    assert summary["Bulan"] == "Oktober sampai November 2026, TPP ke-13 2026, TPP Hari Raya 2026"

    page = await dunia.tpp.client.get(f"/tpp/andai/{made}", headers=dunia.tpp.kepala(BPKAD, "bpkad"))
    assert "Terdiri dari" in page.text
    assert "TPP bulanan (2 bulan)" in page.text
    assert "TPP Hari Raya 2026, kebijakan ini" in page.text
    assert "TPP Hari Raya 2026 belum dihitung; yang dahulu adalah menurut kebijakan" in page.text
    form = await dunia.tpp.client.get("/tpp/andai/baru", headers=dunia.tpp.kepala(BPKAD, "bpkad"))
    assert 'name="khusus[]" value="ya"' in form.text
    cetak_andai(Console(width=200), HasilAndai.model_validate(found))
    shown = capsys.readouterr().out
    assert all(name in shown for name in names)
