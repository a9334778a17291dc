"""Somebody changes jabatan within a month: the policy says which jabatan pays, and for how many days."""

from datetime import date

import pytest

from services.tpp.kebijakan.reader import baca
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.rules import Hasil, Masukan, Segmen, baca_alasan, baca_baris, baca_masukan
from services.tpp.perhitungan.tambahan import gabung
from shared.contracts.pegawai import Penempatan
from shared.period import Period
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ANI,
    BUDI,
    BULAN,
    OKTOBER,
    Dunia,
    dinilai,
    hanya,
    kebijakan,
    pegawai,
    segmen,
)

_MENURUT_JABATAN = ("beban_kerja", "kondisi_kerja", "tempat_bertugas", "tambahan_plt")
ALAMAT = f"/slip/{BULAN}/saya"


def dengan(cara: str) -> bytes:
    """The common policy with another rule for a change of jabatan."""
    text = hanya(cara)
    if cara.startswith("pro_rata"):
        for kode in _MENURUT_JABATAN:
            text = text.replace(f"  - kode: {kode}\n", f"  - kode: {kode}\n    per_jabatan: true\n")
    return text.encode()


async def sebulan(tpp: Layanan, cara: str, *, sampai: date = date(2026, 10, 19)) -> Dunia:
    """Ani is kelas 7 until a day of October, then kelas 9 with a Plt; Budi changes only his atasan."""
    dunia = Dunia(tpp)
    await dunia.kebijakan(dengan(cara))
    await dunia.siapkan_tanpa_kebijakan(skip=frozenset({"tutup"}))
    await dunia.dengar(
        pegawai(ANI, segmen(ANI), segmen(ANI, mulai=sampai, kelas=9, plt=11), version=2),
        pegawai(BUDI, segmen(BUDI), segmen(BUDI, mulai=sampai), version=2),
    )
    assert await dunia.tutup(versions={ANI: 2, BUDI: 2}) == 0
    await dunia.jalankan()
    return dunia


async def masukan(dunia: Dunia, who: object = ANI) -> tuple[Masukan, Hasil]:
    (row,) = await dunia.tpp.baris("SELECT * FROM tpp_bulan WHERE pegawai_id = $1", who)
    result = Hasil(row["status"], row["bruto"], row["potongan"], row["neto"], baca_baris(row["baris"]), ())
    return baca_masukan(row["masukan"]), result


@pytest.mark.parametrize(
    ("cara", "kelas"),
    [
        ("hari_terakhir", 9),
        ("hari_pertama", 7),
        ("tanggal\n  sampai_tanggal: 15", 7),
        ("tanggal\n  sampai_tanggal: 20", 9),
    ],
)
async def test_one_jabatan_pays_the_whole_month(tpp: Layanan, cara: str, kelas: int) -> None:
    dunia = await sebulan(tpp, cara)
    inputs, result = await masukan(dunia)
    policy = baca(dengan(cara))
    whole = inputs._replace(segmen=(), kelas=kelas, plt_kelas=11 if kelas == 9 else None)
    assert engine.compile(policy)(whole) == result
    assert result.neto > 0
    slip = (await dunia.lihat(ALAMAT, ANI)).json()
    assert sum(int(line["jumlah"].split(".")[0]) for line in slip["baris"]) == result.neto
    assert (await masukan(dunia, BUDI))[0].segmen == ()


@pytest.mark.parametrize(
    ("cara", "hari"), [("pro_rata_hari_kalender", (18, 13)), ("pro_rata_hari_kerja", (12, 10))]
)
async def test_the_month_is_divided_by_days(tpp: Layanan, cara: str, hari: tuple[int, int]) -> None:
    dunia = await sebulan(tpp, cara)
    inputs, result = await masukan(dunia)
    assert [(one.hari, one.hari_kerja, one.kelas, one.plt_kelas) for one in inputs.segmen] == [
        (18, 12, 7, None),
        (13, 10, 9, 11),
    ]
    policy = baca(dengan(cara))
    assert engine.compile(policy)(inputs) == result
    parts = {line.angka: line.jumlah for line in result.baris if line.kode == "tempat_bertugas"}
    assert sum(parts.values()) == 250_000
    assert parts[1,] == round(250_000 * hari[0] / sum(hari))
    # Both wholes lie around the divided month.
    low, high = (
        engine.compile(policy)(inputs._replace(segmen=(), kelas=kelas, plt_kelas=plt)).bruto
        for kelas, plt in ((7, None), (9, 11))
    )
    assert low < result.bruto < high
    slip = (await dunia.lihat(ALAMAT, ANI)).json()
    assert sum(int(line["jumlah"].split(".")[0]) for line in slip["baris"]) == result.neto
    assert (await masukan(dunia, BUDI))[0].segmen == ()


async def test_a_move_dated_back_after_the_lock_divides_that_month(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.kebijakan(dengan("pro_rata_hari_kalender"))
    await dunia.siapkan_tanpa_kebijakan()
    await dunia.jalankan()
    await dunia.kunci("DISDIK")
    await dunia.dengar(pegawai(ANI, segmen(ANI), segmen(ANI, mulai=date(2026, 10, 19), kelas=9), version=2))
    await dunia.koreksi()
    (found,) = await tpp.baris("SELECT * FROM koreksi")
    assert "Perpindahan jabatan di dalam bulan ini" in found["sebab"]
    assert found["selisih_bruto"] > 0
    assert [one.hari for one in baca_masukan(found["masukan"]).segmen] == [18, 13]


async def test_an_earlier_months_predikat_pays_where_the_policy_says_so(tpp: Layanan) -> None:
    """September's predikat pays October; without it the payment waits."""
    dunia = Dunia(tpp)
    text = kebijakan().replace(b"mundur: 0", b"mundur: 1")
    await dunia.kebijakan(text.replace(b"{periode: 2026-10,", b"{periode: 2026-10, predikat_dari: 2026-09,"))
    september = Period(2026, 9)
    await dunia.siapkan_tanpa_kebijakan(skip=frozenset({"tutup"}))
    await dunia.dengar(dinilai(ANI, 1, bulan=september))
    assert await dunia.tutup() == 0
    await dunia.jalankan()
    inputs, result = await masukan(dunia)
    assert (inputs.predikat, inputs.predikat_dari, inputs.periode) == (1, september, OKTOBER)
    assert result.neto > 0
    assert (await dunia.angka())[BUDI][0] == "ditahan"


def test_parts_that_pay_the_same_are_one() -> None:
    one = Segmen(0, 0, 7, "PNS", "III/a")
    other = one._replace(kelas=9)
    days = [date(2026, 10, day) for day in range(1, 32)]
    working = {day for day in days if day.weekday() < 5}
    rows = [(days[0], days[4], one), (days[5], days[9], one), (days[10], days[30], other)]
    assert gabung(rows, working, frozenset({"kelas", "status"})) == (
        one._replace(hari=10, hari_kerja=7),
        other._replace(hari=21, hari_kerja=15),
    )
    assert gabung(rows, working, frozenset({"status"})) == (other._replace(hari=31, hari_kerja=22),)


SETELAH = date(2026, 10, 19)


def menurut_status(cara: str) -> bytes:
    """The same, with the step that pays CPNS less among those that follow the day."""
    text = dengan(cara).decode()
    return text.replace(
        "  - kode: faktor_status\n", "  - kode: faktor_status\n    per_jabatan: true\n"
    ).encode()


async def diangkat(tpp: Layanan, isi: bytes) -> Dunia:
    """Ani is CPNS until the 19th of October, and PNS from then on; nothing else changes."""
    dunia = Dunia(tpp)
    await dunia.kebijakan(isi)
    await dunia.siapkan_tanpa_kebijakan(skip=frozenset({"tutup"}))
    await dunia.dengar(
        pegawai(ANI, segmen(ANI, status="CPNS"), segmen(ANI, mulai=SETELAH, status="PNS"), version=2)
    )
    assert await dunia.tutup(versions={ANI: 2}) == 0
    await dunia.jalankan()
    return dunia


@pytest.mark.parametrize(
    ("cara", "hari"), [("pro_rata_hari_kalender", (18, 13)), ("pro_rata_hari_kerja", (12, 10))]
)
async def test_a_change_of_status_divides_the_month_like_a_change_of_jabatan(
    tpp: Layanan, cara: str, hari: tuple[int, int]
) -> None:
    isi = menurut_status(cara)
    dunia = await diangkat(tpp, isi)
    inputs, result = await masukan(dunia)
    assert [(one.hari, one.hari_kerja, one.status) for one in inputs.segmen] == [
        (18, 12, "CPNS"),
        (13, 10, "PNS"),
    ]
    policy = baca(isi)
    assert engine.compile(policy)(inputs) == result
    # Only the days as CPNS pay the share of CPNS, and the line says so.
    cuts = {line.angka: line.jumlah for line in result.baris if line.kode == "faktor_status"}
    whole = engine.compile(policy)(inputs._replace(segmen=(), status="CPNS"))
    (full,) = [line.jumlah for line in whole.baris if line.kode == "faktor_status"]
    assert cuts.keys() == {(1,)}
    assert abs(cuts[1,] - full * hari[0] / sum(hari)) <= 1
    slip = (await dunia.lihat(ALAMAT, ANI)).json()
    (line,) = [one for one in slip["baris"] if one["kode"] == "faktor_status"]
    assert f"{hari[0]} dari {sum(hari)} hari" in line["kalimat"]
    assert sum(int(one["jumlah"].split(".")[0]) for one in slip["baris"]) == result.neto


@pytest.mark.parametrize(("cara", "status"), [("hari_pertama", "CPNS"), ("hari_terakhir", "PNS")])
async def test_one_status_pays_the_whole_month(tpp: Layanan, cara: str, status: str) -> None:
    isi = dengan(cara)
    inputs, result = await masukan(await diangkat(tpp, isi))
    assert engine.compile(baca(isi))(inputs._replace(segmen=(), status=status)) == result


async def test_a_status_that_no_divided_step_rests_on_changes_nothing(tpp: Layanan) -> None:
    """The common policy counts status after the division: the month is one part, of the last status."""
    isi = dengan("pro_rata_hari_kalender")
    inputs, result = await masukan(await diangkat(tpp, isi))
    assert (inputs.segmen, inputs.status) == ((), "PNS")
    assert engine.compile(baca(isi))(inputs) == result


async def test_a_status_dated_back_after_the_lock_is_a_late_fact(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.kebijakan(menurut_status("pro_rata_hari_kalender"))
    await dunia.siapkan_tanpa_kebijakan()
    await dunia.jalankan()
    await dunia.kunci("DISDIK")
    await dunia.dengar(
        pegawai(ANI, segmen(ANI, status="CPNS"), segmen(ANI, mulai=SETELAH, status="PNS"), version=2)
    )
    await dunia.koreksi()
    (found,) = await tpp.baris("SELECT * FROM koreksi")
    assert "Perubahan status di dalam bulan ini" in found["sebab"]
    assert found["selisih_bruto"] < 0


MULAI = date(2026, 10, 19)


async def sebagian(tpp: Layanan, isi: bytes, *segments: Penempatan) -> Dunia:
    """Ani in service for a part of October only."""
    dunia = Dunia(tpp)
    await dunia.kebijakan(isi)
    await dunia.siapkan_tanpa_kebijakan(skip=frozenset({"tutup"}))
    await dunia.dengar(pegawai(ANI, *segments, version=2))
    assert await dunia.tutup(versions={ANI: 2}) == 0
    await dunia.jalankan()
    return dunia


BARU = (segmen(ANI, mulai=MULAI),)
BERHENTI = (segmen(ANI), segmen(ANI, mulai=MULAI).model_copy(update={"bertugas": False}))


@pytest.mark.parametrize(
    ("segments", "hari", "nomor"), [(BARU, 13, 2), (BERHENTI, 18, 1)], ids=["baru", "henti"]
)
async def test_only_days_in_service_are_paid(
    tpp: Layanan, segments: tuple[Penempatan, ...], hari: int, nomor: int
) -> None:
    isi = dengan("pro_rata_hari_kalender")
    dunia = await sebagian(tpp, isi, *segments)
    inputs, result = await masukan(dunia)
    assert [(one.hari, one.kosong) for one in inputs.segmen] == [(18, nomor == 2), (13, nomor == 1)]
    assert result.status == "dihitung"
    flat = {line.angka: line.jumlah for line in result.baris if line.kode == "tempat_bertugas"}
    assert flat == {(nomor,): round(250_000 * hari / 31)}
    slip = (await dunia.lihat(ALAMAT, ANI)).json()
    assert f"{hari} dari 31 hari" in next(
        one["kalimat"] for one in slip["baris"] if one["kode"] == "tempat_bertugas"
    )
    assert sum(int(one["jumlah"].split(".")[0]) for one in slip["baris"]) == result.neto


@pytest.mark.parametrize(
    ("cara", "segments", "dibayar"),
    [
        ("hari_terakhir", BARU, True),
        ("hari_terakhir", BERHENTI, False),
        ("hari_pertama", BARU, False),
        ("hari_pertama", BERHENTI, True),
        ("tanggal\n  sampai_tanggal: 15", BARU, False),
    ],
)
async def test_the_day_that_decides_pays_whole_or_holds(
    tpp: Layanan, cara: str, segments: tuple[Penempatan, ...], dibayar: bool
) -> None:
    await sebagian(tpp, dengan(cara), *segments)
    (row,) = await tpp.baris("SELECT status, bruto, alasan FROM tpp_bulan WHERE pegawai_id = $1", ANI)
    reasons = {one.kode for one in baca_alasan(row["alasan"])}
    assert (row["status"], reasons) == (
        ("dihitung", set()) if dibayar else ("ditahan", {"bertugas_sebagian"})
    )


async def test_who_is_out_of_service_all_month_is_held(tpp: Layanan) -> None:
    gone = segmen(ANI, mulai=date(2026, 9, 1)).model_copy(update={"bertugas": False})
    await sebagian(tpp, dengan("pro_rata_hari_kalender"), segmen(ANI), gone)
    (row,) = await tpp.baris("SELECT status, alasan FROM tpp_bulan WHERE pegawai_id = $1", ANI)
    assert row["status"] == "ditahan"
    assert "tidak_bertugas" in row["alasan"]


@pytest.mark.parametrize(
    ("cara", "dibayar"),
    [
        ("pro_rata_hari_kalender", {(1,): 782_109}),
        ("pro_rata_hari_kerja", {(1,): 734_709}),
        ("hari_terakhir", {}),
        ("hari_pertama", {(): 1_346_966}),
    ],
)
async def test_a_plt_that_ends_within_the_month_is_paid_for_its_days(
    tpp: Layanan, cara: str, dibayar: dict[tuple[int, ...], int]
) -> None:
    """Kelas 11: 7.300.000; a fifth of 55,5% and 33,3333% of it and 250.000 is 1.346.966 a month."""
    acting = (segmen(ANI, plt=11), segmen(ANI, mulai=SETELAH))
    inputs, result = await masukan(await sebagian(tpp, dengan(cara), *acting))
    found = {line.angka: line.jumlah for line in result.baris if line.kode == "tambahan_plt"}
    assert found == dibayar
    assert [one.plt_kelas for one in inputs.segmen] == ([] if cara == "hari_terakhir" else [11, None])


_AGUSTUS, _OKTOBER_5 = date(2026, 8, 15), date(2026, 10, 5)


@pytest.mark.parametrize(
    ("acting", "hari"),
    [
        ((segmen(ANI), segmen(ANI, mulai=MULAI, plt=11, plt_mulai=MULAI)), 13),
        ((segmen(ANI), segmen(ANI, mulai=MULAI, plt=11, plt_mulai=None)), 13),
        ((segmen(ANI), segmen(ANI, mulai=MULAI, plt=11, plt_mulai=_AGUSTUS)), 78),
        # The duty goes on while one's own jabatan changes; another duty begins anew.
        (
            (
                segmen(ANI, mulai=_AGUSTUS, plt=11, plt_mulai=None),
                segmen(ANI, mulai=_OKTOBER_5, kelas=9, plt=11, plt_mulai=None),
            ),
            78,
        ),
        (
            (
                segmen(ANI, mulai=_AGUSTUS, plt=9, plt_mulai=None),
                segmen(ANI, mulai=_OKTOBER_5, plt=11, plt_mulai=None),
            ),
            27,
        ),
    ],
    ids=["baru", "baru-dari-segmen", "dikatakan", "berlanjut", "lain"],
)
async def test_a_plt_is_paid_once_the_duty_has_lasted(
    tpp: Layanan, acting: tuple[Penempatan, ...], hari: int
) -> None:
    inputs, result = await masukan(await sebagian(tpp, dengan("hari_terakhir"), *acting))
    assert (inputs.plt_kelas, inputs.hari_plt) == (11, hari)
    lines = {line.kode: line.jumlah for line in result.baris}
    assert lines.get("tambahan_plt", 0) == (1_346_966 if hari >= 30 else 0)
    assert ("plt_belum_dibayar" in lines) == (hari < 30)


async def test_a_duty_dated_back_is_a_late_fact_and_the_slip_says_why_it_was_not_paid(tpp: Layanan) -> None:
    new = segmen(ANI, mulai=MULAI, plt=11, plt_mulai=MULAI)
    dunia = await sebagian(tpp, dengan("hari_terakhir"), segmen(ANI), new)
    slip = (await dunia.lihat(ALAMAT, ANI)).json()
    said = [line["kalimat"] for line in slip["baris"] if line["kode"] == "plt_belum_dibayar"]
    assert said == [
        "Tugas Plt jabatan kelas 11 baru 13 hari; bila mencapai 30 hari dibayar sejak hari pertamanya"
    ]
    await dunia.kunci("DISDIK")
    dated = segmen(ANI, mulai=MULAI, plt=11, plt_mulai=_AGUSTUS)
    await dunia.dengar(pegawai(ANI, segmen(ANI), dated, version=3))
    await dunia.koreksi()
    (found,) = await tpp.baris("SELECT * FROM koreksi")
    assert found["sebab"] == ["Lama tugas Plt (hari) 13 menjadi 78"]
    assert found["selisih_bruto"] > 0


async def test_a_policy_that_does_not_ask_keeps_its_inputs_as_they_were(tpp: Layanan) -> None:
    dunia = await sebagian(tpp, kebijakan("bontang"), segmen(ANI, plt=11))
    text = await dunia.tpp.nilai("SELECT masukan::text FROM tpp_bulan WHERE pegawai_id = $1", ANI)
    assert '"plt_kelas":11' in text
    assert "hari_plt" not in text


def golongan_pajak(cara: str, hari: str) -> bytes:
    """Which day's golongan is taxed."""
    return dengan(cara).replace(b"golongan: hari_terakhir", f"golongan: {hari}".encode())


@pytest.mark.parametrize("cara", ["hari_terakhir", "hari_pertama", "pro_rata_hari_kalender"])
@pytest.mark.parametrize(("hari", "pajak"), [("hari_pertama", 178_351), ("hari_terakhir", 535_054)])
async def test_the_policy_says_which_days_golongan_is_taxed(
    tpp: Layanan, cara: str, hari: str, pajak: int
) -> None:
    """III/d until the 19th, IV/a from then on: 5% or 15% of 3.567.033, whatever pays the jabatan."""
    before = segmen(ANI).model_copy(update={"golongan": "III/d"})
    after = segmen(ANI, mulai=SETELAH).model_copy(update={"golongan": "IV/a"})
    _, result = await masukan(await sebagian(tpp, golongan_pajak(cara, hari), before, after))
    assert {line.kode: line.jumlah for line in result.baris}["pph21"] == -pajak


async def test_a_golongan_dated_back_is_a_late_fact_of_the_months_since(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.siapkan()
    await dunia.jalankan()
    await dunia.kunci("DISDIK")
    raised = segmen(ANI, mulai=SETELAH).model_copy(update={"golongan": "IV/a"})
    await dunia.dengar(pegawai(ANI, segmen(ANI), raised, version=2))
    await dunia.koreksi()
    (found,) = await tpp.baris("SELECT * FROM koreksi")
    assert (found["selisih_bruto"], found["selisih_neto"]) == (0, 178_351 - 535_054)
    assert found["sebab"] == ["Golongan III/a menjadi IV/a"]
