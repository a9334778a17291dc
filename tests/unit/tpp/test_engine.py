"""Worked examples to the rupiah, each figure worked out by hand from the policy file."""

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from services.tpp.kebijakan.model import Kebijakan
from services.tpp.kebijakan.reader import baca
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.rules import (
    Alasan,
    Baris,
    Hasil,
    Kehadiran,
    Masukan,
    Segmen,
    baca_alasan,
    baca_masukan,
    tulis_alasan,
    tulis_masukan,
)
from tests.unit.tpp.strategi import CONTOH, PERIODE

BONTANG = baca((CONTOH / "bontang.yaml").read_bytes())
UMUM = baca((CONTOH / "umum-60-40.yaml").read_bytes())
RAJIN = Kehadiran(22, 0, 0, (), (), 0, 0)
ANI = Masukan(PERIODE, 9, "PNS", "III/a", None, True, 2, RAJIN, 4_500_000)


def hitung(k: Kebijakan, m: Masukan) -> Hasil:
    return engine.compile(k)(m)


def baris(hasil: Hasil) -> dict[str, int]:
    return {line.kode: line.jumlah for line in hasil.baris}


def test_bontang_full_month() -> None:
    # Kelas 9: 5.532.975. 60% = 3.319.785, 40% = 2.213.190. Baik pays all of the produktivitas part.
    # BPJS 1% of min(12.000.000 - 4.500.000, 5.532.975) = 55.329,75 -> 55.329. PPh 5% = 276.648,75 -> 276.648.
    hasil = hitung(BONTANG, ANI)
    assert hasil.baris == (
        Baris("beban_kerja", 3_319_785),
        Baris("prestasi_kerja", 2_213_190),
        Baris("predikat_kinerja", 0),
        Baris("disiplin", 0),
        Baris("bpjs_kesehatan", -55_329),
        Baris("pph21", -276_648),
    )
    assert (hasil.bruto, hasil.potongan, hasil.neto) == (5_532_975, 331_977, 5_200_998)


@pytest.mark.parametrize(
    ("predikat", "turun"), [(1, 0), (2, 0), (3, -663_957), (4, -1_327_914), (5, -3_319_785)]
)
def test_bontang_pays_100_100_80_60_0_of_the_produktivitas_part(predikat: int, turun: int) -> None:
    hasil = hitung(BONTANG, ANI._replace(predikat=predikat))
    assert baris(hasil)["predikat_kinerja"] == turun
    assert hasil.bruto == 5_532_975 + turun


def test_bontang_cpns_with_plt_and_a_bad_month() -> None:
    # Komponen 5.532.975; Plt 20% of own = 1.106.595; CPNS 80% of 6.639.570 = 5.311.656.
    # Produktivitas 60% = 3.186.993,6 -> 3.186.994; disiplin 2.124.662.
    # Butuh Perbaikan pays 80%: 2.549.595,2 -> 2.549.595, that is 637.399 less.
    # Cuts of 5.311.656, rounded down: 0,5% 26.558; 1% 53.116; 1,25% 66.395; 1,5% 79.674; 3% 159.349.
    # Together 677.230. Bruto 5.311.656 - 637.399 - 677.230 = 3.997.027; BPJS 1% = 39.970; golongan II 0%.
    hadir = Kehadiran(18, 2, 1, (31, 5, 12, 90, 91), (1,), 1, 2)
    hasil = hitung(
        BONTANG, ANI._replace(status="CPNS", golongan="II/c", plt_kelas=11, predikat=3, kehadiran=hadir)
    )
    assert baris(hasil) == {
        "beban_kerja": 3_319_785,
        "prestasi_kerja": 2_213_190,
        "tambahan_plt": 1_106_595,
        "faktor_status": -1_327_914,
        "predikat_kinerja": -637_399,
        "disiplin": 0,
        "tl1": -53_116,
        "tl2": -53_116,
        "tl3": -66_395,
        "tl4": -79_674,
        "psw1": -26_558,
        "tidak_hadir": -159_349,
        "tanpa_absen_masuk": -79_674,
        "tanpa_absen_pulang": -159_348,
        "bpjs_kesehatan": -39_970,
        "pph21": 0,
    }
    assert (hasil.bruto, hasil.potongan, hasil.neto) == (3_997_027, 39_970, 3_957_057)


def test_umum_rounds_half_up_and_takes_the_plt_jabatans_components() -> None:
    # Kelas 9: 55,5% of 5.500.000 = 3.052.500; 33,3333% = 1.833.331,5 -> 1.833.332; fixed 250.000.
    # Kelas 11: 4.051.500 + 2.433.330,9 -> 2.433.331 + 250.000 = 6.734.831; 20% = 1.346.966,2.
    # Together 6.482.798; PPPK 90% = 5.834.518,2 -> 5.834.518.
    # Produktivitas 60% = 3.500.710,8 -> 3.500.711; disiplin 2.333.807.
    # Baik 95% = 3.325.675,45 -> 3.325.675: 175.036 less.
    # TL1 (6 and 30 minutes) 0,5% of 2.333.807 = 11.669,035 -> 11.669 each.
    # Bruto 5.834.518 - 175.036 - 23.338 = 5.636.144; BPJS 1% of it = 56.361,44 -> 56.361.
    # PPh IX 5% of 5.579.783 = 278.989,15 -> 278.989.
    hadir = Kehadiran(21, 1, 0, (5, 6, 30), (), 0, 0)
    hasil = hitung(
        UMUM,
        ANI._replace(
            status="PPPK", golongan="IX", plt_kelas=11, hari_plt=30, kehadiran=hadir, gaji=4_000_000
        ),
    )
    assert baris(hasil) == {
        "beban_kerja": 3_052_500,
        "kondisi_kerja": 1_833_332,
        "tempat_bertugas": 250_000,
        "tambahan_plt": 1_346_966,
        "faktor_status": -648_280,
        "predikat_kinerja": -175_036,
        "disiplin": 0,
        "tl1": -23_338,
        "bpjs_kesehatan": -56_361,
        "pph21": -278_989,
    }
    assert (hasil.bruto, hasil.potongan, hasil.neto) == (5_636_144, 335_350, 5_300_794)


def diubah(change: Callable[[dict[str, Any]], object], nama: str = "bontang") -> Kebijakan:
    """A shipped policy with something in it changed."""
    data = yaml.safe_load((CONTOH / f"{nama}.yaml").read_text(encoding="utf-8"))
    change(data)
    return baca(yaml.safe_dump(data, sort_keys=False, allow_unicode=True))


def _tpp(rupiah: int) -> Kebijakan:
    """Bontang with this basic TPP for kelas 9, so that gross equals it."""
    return diubah(lambda data: data["tabel"]["tpp_dasar"].update(isi={9: f"Rp {rupiah}"}))


@pytest.mark.parametrize(
    ("gaji", "tpp", "iuran"),
    [
        (4_500_000, 9_000_000, 75_000),  # as published: 1% of the room below the ceiling
        (4_500_000, 7_500_000, 75_000),
        (4_500_000, 7_499_900, 74_999),
        (12_000_000, 9_000_000, 0),
        (15_000_000, 9_000_000, 0),
        (0, 9_000_000, 90_000),
    ],
)
def test_bpjs_has_room_only_below_the_ceiling(gaji: int, tpp: int, iuran: int) -> None:
    assert baris(hitung(_tpp(tpp), ANI._replace(gaji=gaji)))["bpjs_kesehatan"] == -iuran


@pytest.mark.parametrize(
    ("menit", "kode"),
    [
        (0, None), (1, "tl1"), (30, "tl1"), (31, "tl2"), (60, "tl2"), (61, "tl3"), (90, "tl3"), (91, "tl4"),
        (1440, "tl4"),
    ],
)  # fmt: skip
def test_each_minute_falls_in_its_band(menit: int, kode: str | None) -> None:
    hasil = hitung(BONTANG, ANI._replace(kehadiran=RAJIN._replace(terlambat=(menit,))))
    cut = {name: amount for name, amount in baris(hasil).items() if name.startswith("tl")}
    persen = {"tl1": 27_664, "tl2": 55_329, "tl3": 69_162, "tl4": 82_994}
    assert cut == ({} if kode is None else {kode: -persen[kode]})


@pytest.mark.parametrize(("menit", "kode"), [(5, None), (6, "tl1"), (30, "tl1"), (31, "tl2")])
def test_tolerance_is_not_cut(menit: int, kode: str | None) -> None:
    hasil = hitung(UMUM, ANI._replace(kehadiran=RAJIN._replace(terlambat=(menit,))))
    assert [name for name in baris(hasil) if name.startswith("tl")] == ([kode] if kode else [])


def test_cap_gives_back_what_is_cut_too_much() -> None:
    # 20 days x 3% of 5.532.975 (165.989,25 -> 165.989) = 3.319.780, above 40% = 2.213.190: 1.106.590 back.
    hasil = hitung(BONTANG, ANI._replace(kehadiran=Kehadiran(0, 0, 20, (), (), 0, 0)))
    assert baris(hasil)["tidak_hadir"] == -3_319_780
    assert baris(hasil)["batas_disiplin"] == 1_106_590
    assert hasil.bruto == 3_319_785


def test_worst_month_pays_nothing_but_is_not_held() -> None:
    hasil = hitung(BONTANG, ANI._replace(predikat=5, kehadiran=Kehadiran(0, 0, 22, (), (), 0, 0)))
    assert (hasil.status, hasil.bruto, hasil.neto) == ("dihitung", 0, 0)


@pytest.mark.parametrize(
    ("status", "golongan", "pajak"),
    [
        ("PNS", "I/a", 0), ("PNS", "II/d", 0), ("PNS", "III/a", -276_648), ("PNS", "III/d", -276_648),
        ("PNS", "IV/a", -829_946), ("PNS", "IV/e", -829_946), ("PPPK", "III", 0), ("PPPK", "VIII", 0),
        ("PPPK", "IX", -276_648), ("PPPK", "XVII", -829_946),
    ],
)  # fmt: skip
def test_final_tax_by_golongan(status: str, golongan: str, pajak: int) -> None:
    assert baris(hitung(BONTANG, ANI._replace(status=status, golongan=golongan)))["pph21"] == pajak


def test_basic_tpp_is_the_published_product() -> None:
    published = {15: 29_286_000, 14: 22_295_000, 12: 16_000_000, 9: 9_360_000, 7: 6_633_000, 5: 4_807_000}
    for kelas, tukin in published.items():
        exact = tukin * 59_112_978
        table = engine.penafsir(BONTANG, PERIODE).program.tabel["tpp_dasar"]
        assert table.baris[kelas,] == (2 * exact + 10**8) // (2 * 10**8)


def kode(hasil: Hasil) -> list[str]:
    assert (hasil.status, hasil.neto, hasil.baris) == ("ditahan", 0, ())
    return [reason.kode for reason in hasil.alasan]


def test_missing_facts_hold_and_name_who_acts() -> None:
    hasil = hitung(BONTANG, ANI._replace(predikat=None, kehadiran=None, gaji=None))
    assert hasil.alasan == (
        Alasan(
            "predikat_belum_ada",
            "Kinerja Oktober 2026 belum dinilai oleh atasan",
            "atasan",
            "Perwali Bontang 20/2023, tabel predikat aspek produktivitas",
        ),
        Alasan(
            "kehadiran_belum_ada",
            "Data kehadiran Oktober 2026 belum diterima",
            "pengelola_kinerja",
            "Perwali Bontang 20/2023, aspek disiplin",
        ),
        Alasan(
            "gaji_belum_ada",
            "Data gaji Oktober 2026 untuk iuran BPJS belum diterima",
            "keuangan_opd",
            "Perpres 82/2018 pasal 30",
        ),
    )
    assert baca_alasan(tulis_alasan(hasil.alasan)) == hasil.alasan


def test_unfinished_skp_holds_where_the_policy_says_so() -> None:
    unfinished = ANI._replace(skp_disetujui=False)
    assert kode(hitung(BONTANG, unfinished)) == ["skp_belum_selesai"]
    assert kode(hitung(BONTANG, unfinished._replace(predikat=None))) == ["skp_belum_selesai"]
    assert hitung(UMUM, unfinished).status == "dihitung"
    assert kode(hitung(UMUM, unfinished._replace(predikat=None))) == ["predikat_belum_ada"]


def test_gaji_matters_only_where_bpjs_is_taken() -> None:
    def no_bpjs(data: dict[str, Any]) -> None:
        data["langkah"] = [step for step in data["langkah"] if step["kode"] != "bpjs_kesehatan"]
        data["langkah"][-1]["dari"] = "bruto"
        data["penahanan"] = [hold for hold in data["penahanan"] if hold["kode"] != "gaji_belum_ada"]
        data["sumber"] = [row for row in data["sumber"] if row["bagian"] != "bpjs_kesehatan"]

    without = diubah(no_bpjs, "umum-60-40")
    hasil = hitung(without, ANI._replace(gaji=None))
    assert hasil.status == "dihitung"
    assert "bpjs_kesehatan" not in baris(hasil)


@pytest.mark.parametrize(
    ("impossible", "reason"),
    [
        (ANI._replace(kelas=99), "kelas_tidak_mungkin"),
        (ANI._replace(status="HONORER"), "status_tidak_dikenal"),
        (ANI._replace(golongan="III/z"), "golongan_tidak_dikenal"),
        (ANI._replace(status="PPPK", golongan="III/a"), "golongan_tidak_dikenal"),
        (ANI._replace(predikat=0), "predikat_tidak_dikenal"),
        (ANI._replace(predikat=6), "predikat_tidak_dikenal"),
        (ANI._replace(gaji=-1), "gaji_tidak_mungkin"),
        (ANI._replace(kehadiran=RAJIN._replace(terlambat=(-1,))), "kehadiran_tidak_mungkin"),
        (ANI._replace(kehadiran=RAJIN._replace(pulang_cepat=(1441,))), "kehadiran_tidak_mungkin"),
        (ANI._replace(kehadiran=RAJIN._replace(terlambat=(1,) * 32)), "kehadiran_tidak_mungkin"),
        (ANI._replace(kehadiran=RAJIN._replace(tanpa_keterangan=-3)), "kehadiran_tidak_mungkin"),
        (ANI._replace(kehadiran=RAJIN._replace(tanpa_keterangan=10)), "kehadiran_tidak_mungkin"),
        (ANI._replace(kehadiran=RAJIN._replace(tanpa_masuk=32)), "kehadiran_tidak_mungkin"),
    ],
)
def test_impossible_facts_hold_that_person_only(impossible: Masukan, reason: str) -> None:
    run = engine.compile(BONTANG)
    assert kode(run(impossible)) == [reason]
    assert run(ANI).status == "dihitung"


def test_a_kelas_without_row_holds_and_names_the_table() -> None:
    without = _tpp(5_000_000)
    hasil = hitung(without, ANI._replace(kelas=8, predikat=None))
    assert kode(hasil) == ["predikat_belum_ada", "tpp_dasar_tidak_ada"]
    assert hasil.alasan[1].kalimat == "Kelas 8 tidak ada di tabel TPP dasar kebijakan ini"
    without = diubah(lambda data: data["tabel"]["tpp_dasar"]["isi"].pop(16), "umum-60-40")
    acting = ANI._replace(plt_kelas=16, hari_plt=30)
    assert kode(hitung(without, acting)) == ["tpp_dasar_tidak_ada"]
    assert kode(hitung(UMUM, acting._replace(plt_kelas=0))) == ["plt_kelas_tidak_mungkin"]


def test_an_acting_duty_is_paid_from_a_length_on_and_an_unknown_length_waits() -> None:
    acting = ANI._replace(plt_kelas=11)
    for days, paid in ((1, False), (29, False), (30, True), (400, True)):
        found = baris(hitung(UMUM, acting._replace(hari_plt=days)))
        assert ("tambahan_plt" in found, "plt_belum_dibayar" in found) == (paid, not paid), days
    assert kode(hitung(UMUM, acting)) == ["hari_plt_tidak_mungkin"]
    assert hitung(UMUM, ANI).status == "dihitung"
    short = acting._replace(hari_plt=12)
    (note,) = [
        one for one in engine.jelaskan(UMUM, hitung(UMUM, short), short) if one.kode == "plt_belum_dibayar"
    ]
    assert (
        note.kalimat
        == "Tugas Plt jabatan kelas 11 baru 12 hari; bila mencapai 30 hari dibayar sejak hari pertamanya"
    )
    assert (note.jumlah, note.pasal) == (0, "Perkada, bagian Plt")


def test_inputs_without_the_length_are_written_as_before_there_was_one() -> None:
    acting = ANI._replace(plt_kelas=11, segmen=(Segmen(15, 11, 9, "PNS", "III/a", plt_kelas=11),) * 2)
    text = tulis_masukan(acting)
    assert "hari_plt" not in text
    assert baca_masukan(text) == acting
    longer = acting._replace(hari_plt=45, segmen=(acting.segmen[0]._replace(hari_plt=45),) * 2)
    assert tulis_masukan(longer).count('"hari_plt":45') == 3
    assert baca_masukan(tulis_masukan(longer)) == longer


def test_slip_reads_in_words() -> None:
    m = ANI._replace(kehadiran=RAJIN._replace(terlambat=(25, 45, 5)))
    hasil = hitung(BONTANG, m)
    lines = {line.kode: line for line in engine.jelaskan(BONTANG, hasil, m)}
    assert lines["beban_kerja"].kalimat == (
        "Beban kerja 60% dari TPP dasar kelas 9 (Rp 5.532.975) = Rp 3.319.785"
    )
    assert lines["predikat_kinerja"].kalimat == (
        "Predikat Baik membayar 100% dari bagian produktivitas Rp 3.319.785 (60% TPP); berkurang Rp 0"
    )
    assert lines["tl1"].kalimat == (
        "Terlambat TL1 (1 sampai 30 menit): 2 kali (5, 25 menit) x 0,5% dari Rp 5.532.975"
        " = 2 kali x Rp 27.664"
    )
    assert lines["tl1"].jumlah == -55_328
    assert lines["tl1"].sumber == "kehadiran"
    assert lines["pph21"].pasal == "PP 80/2010 pasal 4"
    assert lines["pph21"].kalimat.startswith("Golongan III: 5% dari ")


def test_held_payment_has_no_lines_to_explain() -> None:
    held = ANI._replace(kehadiran=None)
    assert engine.jelaskan(BONTANG, hitung(BONTANG, held), held) == []


def test_lines_of_another_policy_are_refused() -> None:
    with pytest.raises(ValueError, match="bukan dari kebijakan bontang"):
        engine.jelaskan(BONTANG, hitung(UMUM, ANI), ANI)
