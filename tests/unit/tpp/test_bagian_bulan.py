"""Laws of a month in parts: the parts make up the month, and what nothing is paid by divides nothing."""

from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from importlib.resources import files

from hypothesis import given
from hypothesis import strategies as st

from services.tpp.kebijakan.model import Kebijakan
from services.tpp.kebijakan.reader import baca
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.engine import penafsir
from services.tpp.perhitungan.rules import Kehadiran, Masukan, Segmen
from services.tpp.perhitungan.tambahan import gabung
from shared.period import Period

OKTOBER = Period(2026, 10)
HARI = [OKTOBER.first_day + timedelta(days=number) for number in range(31)]
KERJA = {day for day in HARI if day.weekday() < 5}
_IKUT = ("beban_kerja", "kondisi_kerja", "tempat_bertugas", "tambahan_plt", "faktor_status")


@lru_cache
def kebijakan(cara: str, meninggal: str = "") -> Kebijakan:
    """The common policy, its month divided by days, with the steps that follow jabatan and status."""
    text = (files("services.tpp.kebijakan") / "contoh" / "umum-60-40.yaml").read_text(encoding="utf-8")
    text = text.replace(
        "cara: hari_terakhir\n  sebagian: pro_rata_hari_kalender\n  meninggal: penuh",
        f"cara: {cara}{meninggal}",
    )
    text = text.replace("  - kode: faktor_status\n", "  - kode: faktor_status\n    per_jabatan: true\n")
    return baca(text.encode())


_GOLONGAN = {"PNS": ("II/c", "III/a", "IV/b"), "CPNS": ("II/c", "III/a"), "PPPK": ("V", "IX")}
status = st.sampled_from(sorted(_GOLONGAN))


@st.composite
def jabatan(draw: st.DrawFn) -> Segmen:
    chosen = draw(status)
    return Segmen(
        0,
        0,
        draw(st.integers(1, 17)),
        chosen,
        draw(st.sampled_from(_GOLONGAN[chosen])),
        plt_kelas=draw(st.none() | st.integers(1, 17)),
        hari_plt=draw(st.integers(1, 60)),
        kosong=draw(st.sampled_from([False, False, False, True])),
    )


@st.composite
def bulan(draw: st.DrawFn) -> list[tuple[date, date, Segmen]]:
    """First day, last day and jabatan of each part."""
    starts = sorted({0, *draw(st.lists(st.integers(1, 30), max_size=4))})
    ends = [*(start - 1 for start in starts[1:]), 30]
    pool = draw(st.lists(jabatan(), min_size=1, max_size=3))
    return [
        (HARI[start], HARI[end], draw(st.sampled_from(pool))) for start, end in zip(starts, ends, strict=True)
    ]


def masukan(parts: tuple[Segmen, ...], predikat: int = 2) -> Masukan:
    last = parts[-1]
    hadir = Kehadiran(22, 0, 0, (7,), (), 0, 0)
    return Masukan(
        OKTOBER, last.kelas, last.status, last.golongan, last.plt_kelas, True, predikat, hadir, 4_500_000,
        segmen=parts if len(parts) > 1 else (), hari_plt=last.hari_plt,
    )  # fmt: skip


cara = st.sampled_from(["pro_rata_hari_kalender", "pro_rata_hari_kerja"])


@given(rows=bulan(), cara=cara)
def test_parts_make_up_the_month(rows: list[tuple[date, date, Segmen]], cara: str) -> None:
    policy = kebijakan(cara)
    parts = gabung(rows, KERJA, penafsir(policy, OKTOBER).dibagi)
    assert sum(part.hari for part in parts) == len(HARI)
    assert sum(part.hari_kerja for part in parts) == len(KERJA)
    hitung = engine.compile(policy)
    result = hitung(masukan(parts))
    if len(parts) > 1 and all(part.kosong for part in parts):
        assert [one.kode for one in result.alasan] == ["tidak_bertugas"]
        return
    assert result.status == "dihitung"
    assert sum(line.jumlah for line in result.baris) == result.neto
    if len(parts) == 1:
        return
    days = [part.hari_kerja if cara.endswith("kerja") else part.hari for part in parts]
    for kode in _IKUT:
        exact = Fraction(0)
        for part, length in zip(parts, days, strict=True):
            if part.kosong:
                continue
            alone = hitung(masukan((part,)))
            whole = sum(line.jumlah for line in alone.baris if line.kode == kode)
            exact += Fraction(whole * length, sum(days))
        paid = sum(line.jumlah for line in result.baris if line.kode == kode)
        # Every part is rounded to whole rupiah by itself, and so is what it is a part of.
        assert abs(paid - exact) <= 2 * len(parts)
    flat = [line for line in result.baris if line.kode == "tempat_bertugas"]
    served = sum(length for part, length in zip(parts, days, strict=True) if not part.kosong)
    assert abs(sum(line.jumlah for line in flat) - Fraction(250_000 * served, sum(days))) <= len(parts)


@given(rows=bulan(), cara=cara, other=st.text("abc", min_size=1, max_size=3))
def test_what_nothing_is_paid_by_divides_nothing(
    rows: list[tuple[date, date, Segmen]], cara: str, other: str
) -> None:
    policy = kebijakan(cara)
    counts = penafsir(policy, OKTOBER).dibagi
    _, _, one = rows[-1]
    same = [
        (first, last, one._replace(unit=f"{other}{number}", golongan=row.golongan))
        for number, (first, last, row) in enumerate(rows)
    ]
    assert "golongan" not in counts
    (only,) = gabung(same, KERJA, counts)
    last = same[-1][2]
    assert only == last._replace(hari=len(HARI), hari_kerja=len(KERJA))


@given(rows=bulan(), cara=cara)
def test_dividing_a_part_once_more_pays_the_same(rows: list[tuple[date, date, Segmen]], cara: str) -> None:
    """A day on which nothing that is paid by changes may be written down, or not."""
    policy = kebijakan(cara)
    counts = penafsir(policy, OKTOBER).dibagi
    finer = [(day, day, row) for first, last, row in rows for day in HARI if first <= day <= last]
    assert gabung(finer, KERJA, counts) == gabung(rows, KERJA, counts)


@given(rows=bulan(), cara=cara)
def test_a_death_changes_nothing_of_its_month_where_the_policy_pays_it_whole(
    rows: list[tuple[date, date, Segmen]], cara: str
) -> None:
    served = [(first, last, part._replace(kosong=False)) for first, last, part in rows]
    died = [*served[:-1], (*served[-1][:2], served[-1][2]._replace(kosong=True, sebab="meninggal"))]
    policy = kebijakan(cara, "\n  meninggal: penuh")
    paid_by = penafsir(policy, OKTOBER).dibagi
    hitung = engine.compile(policy)
    whole, ended = (gabung(one, KERJA, paid_by) for one in (served, died))
    # Also a month of one part has to be told as a part: it is one without a day of service.
    m = masukan(ended)._replace(segmen=ended)
    assert hitung(m) == hitung(masukan(whole))
    for line in engine.jelaskan(policy, hitung(m), m)[:1]:
        assert line.kalimat.endswith("meninggal pada bulan ini, dibayar sampai akhir bulan")
    # Any other policy pays the days.
    plain = engine.compile(kebijakan(cara))
    retired = tuple(part._replace(sebab="") for part in ended)
    assert plain(m).neto == plain(m._replace(segmen=retired)).neto
