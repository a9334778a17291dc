"""What the events of one day cost together, and the days that this needs."""

from itertools import permutations
from typing import Any

import pytest
import yaml

from services.tpp.kebijakan.reader import KebijakanTidakSah, baca
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.masukan_teks import baca_teks
from services.tpp.perhitungan.rules import HariKejadian, Kehadiran, Masukan, baca_masukan, tulis_masukan
from shared.period import Period
from tests.unit.tpp.strategi import CONTOH

TEXT = (CONTOH / "jawa-barat.yaml").read_text(encoding="utf-8")
POLICY = baca(TEXT)
HITUNG = engine.compile(POLICY)
MARET = Period(2026, 3)


def orang(terlambat: tuple[int, ...], pulang: tuple[int, ...], hari: HariKejadian | None) -> Masukan:
    hadir = Kehadiran(20, 0, 0, terlambat, pulang, 0, 0)
    return Masukan(
        MARET, 9, "PNS", "III/c", None, True, 2, hadir, 4_500_000, menit_aktivitas=6600, ptkp="TK/0",
        predikat_dari=Period(2026, 2), hari_kejadian=hari,
    )  # fmt: skip


def baris(m: Masukan, kode: str) -> int:
    return sum(line.jumlah for line in HITUNG(m).baris if line.kode == kode)


def test_events_of_one_day_share_the_cap_and_those_of_another_do_not() -> None:
    together = orang((40,), (35,), HariKejadian((3,), (3,)))
    apart = orang((40,), (35,), HariKejadian((3,), (4,)))
    # Discipline 40% of 5.500.000 = 2.200.000: 3% + 3% against 4%.
    assert baris(together, "batas_sehari") == 44_000
    assert baris(apart, "batas_sehari") == 0
    assert HITUNG(together).bruto - HITUNG(apart).bruto == 44_000


def test_minutes_keep_their_day_in_whatever_order_they_come() -> None:
    events = ((40, 3), (11, 9), (35, 3), (10, 12))
    found = {
        HITUNG(
            orang(
                tuple(minutes for minutes, _ in order),
                (35,),
                HariKejadian(tuple(day for _, day in order), (9,)),
            )
        )
        for order in permutations(events)
    }
    assert len(found) == 1


def test_a_cap_of_the_month_counts_what_the_day_gave_back() -> None:
    """Twenty days of 6% each leave 4% each: the month's cap of 100% has nothing to say."""
    days = tuple(range(1, 21))
    m = orang((40,) * 20, (35,) * 20, HariKejadian(days, days))
    assert baris(m, "tl2") + baris(m, "psw2") == -2 * 20 * 66_000
    assert baris(m, "batas_sehari") == 20 * 44_000
    assert baris(m, "batas_disiplin") == 0
    worse = m._replace(kehadiran=m.kehadiran._replace(tanpa_keterangan=11))  # type: ignore[union-attr]
    # 1.760.000 after the day's cap and 11 x 110.000, against 2.200.000.
    assert baris(worse, "batas_disiplin") == 1_760_000 + 1_210_000 - 2_200_000


@pytest.mark.parametrize(
    ("hari", "kode"),
    [
        (None, "hari_kejadian_belum_ada"),
        (HariKejadian((3, 4), (3,)), "hari_kejadian_tidak_mungkin"),
        (HariKejadian((32,), (3,)), "hari_kejadian_tidak_mungkin"),
        (HariKejadian((), ()), "hari_kejadian_tidak_mungkin"),
    ],
)
def test_events_without_their_day_hold_and_are_never_a_day_each(hari: HariKejadian | None, kode: str) -> None:
    m = orang((40,), (35,), hari)
    found = HITUNG(m)
    assert [one.kode for one in found.alasan] == [kode]
    assert found == engine.penafsir(POLICY, MARET).hitung(m).hasil


def test_a_month_without_events_needs_no_days() -> None:
    assert HITUNG(orang((), (), None)).status == "dihitung"


def test_inputs_of_before_there_were_days_are_written_and_read_as_they_were() -> None:
    m = orang((40,), (35,), None)
    assert "hari_kejadian" not in tulis_masukan(m)
    assert baca_masukan(tulis_masukan(m)) == m
    dated = m._replace(hari_kejadian=HariKejadian((3,), (3,)))
    assert tulis_masukan(dated).endswith(',"hari_kejadian":{"terlambat":[3],"pulang_cepat":[3]}}')
    assert baca_masukan(tulis_masukan(dated)) == dated


def fakta(**rest: Any) -> dict[str, Any]:
    return {"periode": "2026-03", "kelas": 9, "status": "PNS", "golongan": "III/c", "hadir": 20, **rest}


@pytest.mark.parametrize(
    ("terlambat", "pulang", "menit", "hari"),
    [
        ("3=40, 17=5", "3=35", (5, 40), HariKejadian((17, 3), (3,))),
        ({3: 40, 17: "5 menit"}, {"3": 35}, (5, 40), HariKejadian((17, 3), (3,))),
        (["3=40", "17=5"], "", (5, 40), HariKejadian((17, 3), ())),
        ("40, 5", "35", (5, 40), None),
    ],
)
def test_days_are_written_before_their_minutes(terlambat: Any, pulang: Any, menit: Any, hari: Any) -> None:
    known = engine.penafsir(POLICY, MARET).program.fakta
    m, wrong = baca_teks(fakta(terlambat=terlambat, pulang_cepat=pulang), known)
    assert (wrong, m and m.kehadiran and m.kehadiran.terlambat, m and m.hari_kejadian) == ([], menit, hari)


@pytest.mark.parametrize(
    ("terlambat", "pulang", "kolom", "alasan"),
    [
        ("3=40, 5", "", "terlambat", "sebagian menyebut tanggalnya"),
        ("32=40", "", "terlambat", "bukan tanggal 1 sampai 31"),
        ("3=40", "35", "pulang_cepat", "tanggalnya belum disebut"),
        ("3=x", "", "terlambat", "x"),
    ],
)
def test_a_day_that_cannot_be_is_told(terlambat: str, pulang: str, kolom: str, alasan: str) -> None:
    known = engine.penafsir(POLICY, MARET).program.fakta
    m, wrong = baca_teks(fakta(terlambat=terlambat, pulang_cepat=pulang), known)
    assert m is None
    assert [(one.kolom, alasan in one.alasan) for one in wrong] == [(kolom, True)]


def ubah(**langkah: dict[str, Any]) -> str:
    data = yaml.safe_load(TEXT)
    for step in data["langkah"]:
        step |= langkah.get(step["kode"], {})
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True)


@pytest.mark.parametrize(
    ("text", "alasan"),
    [
        (
            ubah(batas_sehari={"batas": ["terlambat_potong", "aktivitas_kurang"]}),
            "aktivitas_kurang tidak berhari",
        ),
        (ubah(pulang_cepat_potong={"bulat_pada": "jumlah"}), "pulang_cepat_potong tidak berhari"),
        (
            ubah(batas_disiplin={"batas": ["terlambat_potong", "tidak_hadir"]}),
            "sudah dikembalikan batas_sehari",
        ),
        (ubah(batas_disiplin={"batas": ["batas_sehari", "tidak_hadir"]}), "sudah dikembalikan batas_sehari"),
        (ubah(tidak_hadir={"sehari": True}), "sehari hanya untuk batas"),
        (TEXT.replace("tidak_ada(hari_kejadian)", "tidak_ada(gaji)"), "hari_kejadian dapat belum ada"),
        (TEXT.replace("    jumlah: gaji + bruto\n", "    jumlah: hari_kejadian\n"), "tidak dapat dihitung"),
    ],
)
def test_a_cap_of_a_day_that_cannot_be_is_refused(text: str, alasan: str) -> None:
    with pytest.raises(KebijakanTidakSah) as refused:
        baca(text)
    assert any(alasan in one.alasan for one in refused.value.masalah), refused.value.masalah


def test_a_day_is_capped_before_the_month() -> None:
    data = yaml.safe_load(TEXT)
    steps = {step["kode"]: step for step in data["langkah"]}
    steps["batas_disiplin"]["batas"].remove("batas_sehari")
    place = data["langkah"].index(steps["batas_sehari"])
    data["langkah"].insert(place + 2, data["langkah"].pop(place))
    with pytest.raises(KebijakanTidakSah) as refused:
        baca(yaml.safe_dump(data, sort_keys=False, allow_unicode=True))
    (one,) = refused.value.masalah
    assert "batas_disiplin sudah membatasi sebagian sebulan" in one.alasan
    assert "pindahkan batas_sehari ke atas batas_disiplin" in one.perbaikan


def test_contributions_are_not_divided_with_the_month() -> None:
    with pytest.raises(KebijakanTidakSah) as refused:
        baca(ubah(jkk_pemberi_kerja={"per_jabatan": True}))
    assert any("bukan iuran pemberi kerja" in one.alasan for one in refused.value.masalah)
