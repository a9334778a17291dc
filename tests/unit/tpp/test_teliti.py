"""What a new policy is refused for though it computes: words nobody matches, negative shares, idle parts."""

from typing import Any

import pytest

from services.tpp.kebijakan.model import Kebijakan
from services.tpp.kebijakan.reader import KebijakanTidakSah, MasalahBaris, baca, baca_tersimpan
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.masukan_teks import baca_teks
from services.tpp.perhitungan.rules import Hasil, Masukan
from services.tpp.perhitungan.uji import uji
from shared.period import Period
from tests.unit.tpp.strategi import CONTOH

TEXT = (CONTOH / "umum-60-40.yaml").read_text(encoding="utf-8")
OKTOBER = Period(2026, 10)

LANGKAH = """  - kode: uang_coba
    nama: Uang coba
    pasal: Pasal 99
    sifat: tambah
    kriteria: beban_kerja
    {isi}
    kalimat: "coba {{jumlah}}"
"""
TABEL = """tabel:
  tcoba:
    nama: Tabel coba
    pasal: Pasal 98
    {isi}
"""
MASUKAN = "masukan:\n  - {{nama: indeks, arti: Indeks daerah, {isi}}}\ntabel:\n"
TAHAN_INDEKS = """penahanan:
  - kode: indeks_belum_ada
    bila: tidak_ada(indeks)
    kalimat: Indeks belum diisi
    pemilik: bpkad
    pasal: Pasal 97
"""


def diganti(*pairs: tuple[str, str], text: str = TEXT) -> str:
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def dengan(isi: str = "jumlah: Rp 1", *pairs: tuple[str, str], bagian: str = "uang_coba") -> str:
    """The shipped policy with one more step."""
    source = f"sumber:\n  - {{bagian: [{bagian}], sifat: asumsi, catatan: percobaan}}\n"
    step = LANGKAH.format(isi=isi)
    return diganti(
        ("sumber:\n", source), ("  - kode: tpp_maksimum\n", step + "  - kode: tpp_maksimum\n"), *pairs
    )


def dengan_tabel(tabel: str, isi: str) -> str:
    table = TABEL.format(isi=tabel)
    return dengan(isi, ("tabel:\n", table), bagian="uang_coba, tcoba")


def dengan_masukan(masukan: str, isi: str) -> str:
    return dengan(
        isi, ("tabel:\n", MASUKAN.format(isi=masukan)), ("penahanan:\n  - kode", TAHAN_INDEKS + "  - kode")
    )


def dengan_sanksi(persen: str, *, langkah: bool = True) -> str:
    written = (
        f'sanksi: [{{kode: ringan, nama: Ringan, pasal: PP 94/2021, persen: "{persen}", bulan: 6}}]\ntabel:\n'
    )
    if not langkah:
        source = "sumber:\n  - {bagian: ringan, sifat: hukum, catatan: PP 94/2021}\n"
        return diganti(("sumber:\n", source), ("tabel:\n", written))
    return dengan(
        "persen: sanksi_terbesar\n    dari: tpp_dasar", ("tabel:\n", written), bagian="uang_coba, ringan"
    )


PITA_HARI = """satuan: persen
    menurut: hari
    pita:
      - {kode: z1, nama: Sampai sepuluh, mulai: 0 hari, sampai: 10 hari, nilai: 1%}
      - {kode: z2, nama: Di atas sepuluh, mulai: 11 hari, tanpa_batas_atas: true, nilai: 2%}"""
LAPISAN = """satuan: persen
    menurut: rupiah
    lapisan: [{{sampai: Rp 60.000.000, tarif: "{tarif}"}}, {{tanpa_batas_atas: true, tarif: 15%}}]"""
PERAN = """satuan: rupiah
    oleh: [peran]
    isi: {bendahara: -Rp 5, ppk: Rp 3}"""
PER_JABATAN = """  - kode: upah_hari
    per_jabatan: true
    nama: Upah sehari
    pasal: Pasal 96
    sifat: nilai
    jumlah: Rp 100
  - kode: beban_kerja
"""
GOLONGAN = """satuan: rupiah
    oleh: [golongan_ruang]
    isi: {III-a: Rp 5}
    lainnya: Rp 1"""


def masalah(text: str) -> tuple[MasalahBaris, ...]:
    with pytest.raises(KebijakanTidakSah) as refused:
        baca(text)
    return refused.value.masalah


@pytest.mark.parametrize(
    ("text", "letak", "alasan", "perbaikan"),
    [
        # Words of the formulas as names of something else
        (dengan().replace("uang_coba", "bruto"), "kode: bruto", "bruto sudah berarti jumlah", "bruto_daerah"),
        (dengan().replace("uang_coba", "x"), "kode: x", "x sudah berarti kata rumus", "nama lain"),
        (
            dengan_masukan("satuan: rupiah", "jumlah: bruto").replace("indeks", "bruto"),
            "nama: bruto",
            "bruto sudah berarti",
            "nama lain",
        ),
        # Written values that a fact never has
        (dengan("jumlah: Rp 1\n    bila: status = 'PNSS'"), "bila: status", "'PNSS' tidak dikenal", "CPNS"),
        (dengan("jumlah: Rp 1\n    bila: pembayaran <> 'thr'"), "bila: pemb", "'thr' tidak dikenal", "ke_14"),
        (
            dengan("jumlah: Rp 1\n    bila: satu_dari(status; 'PNS'; 'HONORER')"),
            "bila: satu_dari",
            "'HONORER' tidak dikenal",
            "PPPK",
        ),
        (dengan("jumlah: Rp 1\n    bila: golongan = '3'"), "bila: gol", "golongan '3' tidak dikenal", "III"),
        (
            dengan("jumlah: jika(jenis_jabatan = 'struktural'; Rp 1; Rp 2)"),
            "jumlah: jika(jenis",
            "jenis_jabatan 'struktural' tidak dikenal",
            "Administrator",
        ),
        (
            dengan_tabel(GOLONGAN, "jumlah: tcoba"),
            "isi: {III-a",
            "golongan_ruang 'III-a' tidak dikenal",
            "III/a",
        ),
        (
            dengan("jumlah: Rp 1\n    bila: bulan = 13"),
            "bila: bulan",
            "bulan tidak pernah 13",
            "paling banyak 12",
        ),
        (
            dengan("jumlah: Rp 1\n    bila: kelas >= 18"),
            "bila: kelas",
            "kelas tidak pernah >= 18",
            "banyak 17",
        ),
        (dengan("jumlah: Rp 1\n    bila: 18 <= kelas"), "bila: 18", "kelas tidak pernah >= 18", "banyak 17"),
        (dengan("jumlah: Rp 1\n    bila: 1 = 2"), "bila: 1", "sama bagi semua orang", "sebut fakta"),
        # What can come out below zero, or divide by it
        (
            dengan_tabel(PITA_HARI, "jumlah: tpp_dasar x tcoba[hadir - cuti]"),
            "jumlah: tpp_dasar x tcoba",
            "tabel tcoba dapat negatif",
            "tcoba[maks(0 hari; …)]",
        ),
        (
            dengan_tabel(LAPISAN.format(tarif="-5%"), "jumlah: berjenjang(tcoba; gaji)"),
            "lapisan:",
            "tarif -5%",
            "dari 0% sampai 100%",
        ),
        (
            dengan_tabel(LAPISAN.format(tarif="150%"), "jumlah: berjenjang(tcoba; gaji)"),
            "lapisan:",
            "tarif 150%",
            "dari 0% sampai 100%",
        ),
        (dengan_tabel(PERAN, "jumlah: semua(tcoba)"), "bendahara", "bendahara bernilai -Rp 5", "nol ke atas"),
        (
            diganti(("{produktivitas: 60%, disiplin: 40%}", '{produktivitas: 160%, disiplin: "-60%"}')),
            "produktivitas: 160%",
            "disiplin bernilai -60%",
            "nol ke atas",
        ),
        (dengan_sanksi("150%"), "sanksi:", "sanksi ringan memotong 150%", "sampai 100%"),
        (dengan_sanksi("-25%"), "sanksi:", "sanksi ringan memotong -25%", "di atas 0%"),
        (
            dengan(
                "jumlah: gaji / (upah_hari / Rp 1)",
                ("  - kode: beban_kerja\n", PER_JABATAN),
                bagian="uang_coba, upah_hari",
            ),
            "jumlah: gaji / (upah",
            "pembagi dapat bernilai nol",
            "bagi(",
        ),
        # Parts that never do anything
        (dengan("jumlah: Rp 1\n    untuk: {}"), "untuk: {}", "diulang untuk nol hal", "hapus untuk"),
        (
            dengan_sanksi("25%", langkah=False),
            "sanksi:",
            "tidak ada langkah yang memotongnya",
            "sanksi_terbesar",
        ),
        (
            dengan_masukan("satuan: rupiah", "jumlah: Rp 1").replace("tidak_ada(indeks)", "kelas = 1"),
            "nama: indeks",
            "indeks tidak dipakai",
            "hapus",
        ),
        (
            diganti(
                ("berlaku_sampai: null", "berlaku_sampai: 2026-06-30"),
                (
                    "isi: {PNS: 100%, CPNS: 80%, PPPK: 90%}",
                    "isi: {PNS: 100%, CPNS: 80%, PPPK: 90%}\n    perubahan: [{mulai: 2026-07-01, pasal: "
                    "Pasal 9, isi: {PNS: 100%, CPNS: 90%, PPPK: 90%}}]",
                ),
            ),
            "perubahan: [",
            "sesudah kebijakan ini berakhir 2026-06-30",
            "versi kebijakan berikutnya",
        ),
        # Limits of the region's own facts
        (
            dengan_masukan("satuan: bilangan, paling_sedikit: 10, paling_banyak: 1", "jumlah: Rp 1 x indeks"),
            "nama: indeks",
            "paling banyak 1, kurang dari paling sedikit 10",
            "tukar",
        ),
        (
            dengan_masukan("satuan: teks, paling_banyak: 1", "jumlah: jika(indeks = 'a'; Rp 1; Rp 2)"),
            "nama: indeks",
            "teks tidak mempunyai batas",
            "hapus paling_banyak",
        ),
        # Holds
        (
            diganti(("bila: tidak_ada(gaji)", "bila: tidak_ada(gaji) atau menit_aktivitas < 5 menit")),
            "menit_aktivitas < 5",
            "menit_aktivitas dapat belum ada; penahanan ini lalu tidak menahan siapa pun",
            "tidak_ada(menit_aktivitas) atau …",
        ),
        (
            diganti(("    bila: tidak_ada(gaji)", "    bila: tidak_ada(gaji) atau bruto > Rp 5")),
            "bruto > Rp 5",
            "bruto belum dihitung di sini",
            "fakta atau tabel",
        ),
        # Worked examples that prove nothing
        (
            diganti(("harap: {tidak_ada: [tl1]}", "harap: {}")),
            "harap: {}",
            "tidak membuktikan apa pun",
            "neto",
        ),
        (
            diganti(("harap: {tidak_ada: [tl1]}", "harap: {tidak_ada: [tl9]}")),
            "[tl9]",
            "tl9 bukan kode baris",
            "pita",
        ),
        # Days
        (
            diganti(("berlaku_mulai: 2026-01-01", "berlaku_mulai: 0")),
            "berlaku_mulai",
            "0 bukan tanggal",
            "TTTT",
        ),
        (
            diganti(("berlaku_mulai: 2026-01-01", 'berlaku_mulai: "1767225600"')),
            "berlaku_mulai",
            "bukan tanggal",
            "TTTT",
        ),
        (
            diganti(("berlaku_mulai: 2026-01-01", "berlaku_mulai: 0001-01-01")),
            "berlaku_mulai",
            "terlalu jauh",
            "2000",
        ),
        (
            diganti(("berlaku_mulai: 2026-01-01", "berlaku_mulai: 9999-12-01")),
            "berlaku_mulai",
            "terlalu jauh",
            "2199",
        ),
        # Keys that only look like numbers, or are far too many
        (diganti(("      17: Rp", '      "²": Rp')), '"²"', "'²' bukan bilangan bulat", "1 sampai 4"),
        (
            dengan_masukan("satuan: bilangan", "jumlah: tcoba")
            .replace(
                "tabel:\n",
                TABEL.format(isi='satuan: rupiah\n    oleh: [indeks]\n    isi: {"1 sampai 99999999": Rp 1}'),
                1,
            )
            .replace("[uang_coba]", "[uang_coba, tcoba]"),
            "1 sampai 99999999",
            "1 sampai 99999999 terlalu panjang",
            "pita",
        ),
    ],
)
def test_what_computes_but_means_nothing_is_refused_at_its_line(
    text: str, letak: str, alasan: str, perbaikan: str
) -> None:
    found = masalah(text)
    matching = [one for one in found if alasan in one.alasan and perbaikan in one.perbaikan]
    assert matching, "\n".join(map(str, found))
    assert letak in text.splitlines()[matching[0].baris - 1]


@pytest.mark.parametrize(
    "text",
    [
        dengan("jumlah: Rp 1\n    bila: kelas >= 17"),
        dengan("jumlah: Rp 1\n    bila: status <> 'CPNS' dan jenis_jabatan = 'JPT' dan bulan = 12"),
        dengan("jumlah: Rp 1\n    bila: satu_dari(golongan; 'III'; 'IX')"),
        dengan_tabel(PITA_HARI, "jumlah: tpp_dasar x tcoba[maks(0 hari; hadir - cuti)]"),
        dengan_tabel(LAPISAN.format(tarif="5%"), "jumlah: berjenjang(tcoba; gaji)"),
        dengan_sanksi("25%"),
        dengan_masukan("satuan: bilangan, paling_sedikit: 1", "jumlah: Rp 100 / indeks"),
        # Above zero whatever the days of service are.
        dengan(
            "jumlah: gaji / (maks(Rp 1; upah_hari) / Rp 1)",
            ("  - kode: beban_kerja\n", PER_JABATAN),
            bagian="uang_coba, upah_hari",
        ),
    ],
)
def test_what_means_something_is_taken(text: str) -> None:
    baca(text)


def test_what_was_accepted_before_stays_readable_and_pays_what_it_paid() -> None:
    text = dengan("jumlah: Rp 7\n    bila: status = 'PNS' atau status = 'HONORER'")
    masalah(text)
    stored = baca_tersimpan(text)
    assert {"uang_coba": 7}.items() <= {one.kode: one.jumlah for one in _bayar(stored).baris}.items()


# Bands between whole units


def _masukan(kebijakan: Kebijakan, **lain: Any) -> Masukan:
    written = {
        "periode": "2026-10", "kelas": 9, "status": "PNS", "golongan": "III/b", "predikat": "baik",
        "skp_disetujui": "ya", "hadir": 20, "gaji": 4_000_000, **lain,
    }  # fmt: skip
    found, wrong = baca_teks(written, engine.penafsir(kebijakan, OKTOBER).program.fakta)
    assert found is not None, wrong
    return found


def _bayar(kebijakan: Kebijakan, **lain: Any) -> Hasil:
    """What the compiled policy and the one followed by hand both say."""
    m = _masukan(kebijakan, **lain)
    hasil = engine.compile(kebijakan)(m)
    assert hasil == engine.penafsir(kebijakan, OKTOBER).hitung(m).hasil
    return hasil


@pytest.mark.parametrize(
    ("hadir", "persen"), [(0, 1), (20, 1), (21, 2), (22, 2)], ids=["nol", "tepat", "di antara", "di atas"]
)
def test_half_a_day_between_two_bands_is_in_the_higher_one(hadir: int, persen: int) -> None:
    """Bands may go from 10 to 11 days; 10,5 days are more than 10."""
    policy = baca(dengan_tabel(PITA_HARI, "jumlah: tpp_dasar x tcoba[hadir x 0,5]"))
    lines = {one.kode: one.jumlah for one in _bayar(policy, hadir=hadir).baris}
    assert lines["uang_coba"] == 5_500_000 * persen // 100


# One cap within another

DUA_BATAS = """  - kode: batas_dalam
    nama: Batas terlambat
    pasal: Pasal 18
    batas: [terlambat_potong]
    paling_banyak: Rp 10.000
    kalimat: "{dibatasi} melebihi {batas}; kembali {jumlah}"
  - kode: batas_disiplin
"""


def dua_batas(luar: str, ujung: str = "paling_banyak: Rp 10.000") -> str:
    cap = DUA_BATAS.replace("paling_banyak: Rp 10.000", ujung)
    source = "sumber:\n  - {bagian: batas_dalam, sifat: asumsi, catatan: percobaan}\n"
    return diganti(
        ("sumber:\n", source),
        ("  - kode: batas_disiplin\n", cap),
        ("    batas: [terlambat_potong, ", f"    batas: [{luar}, "),
        ("    paling_banyak: bagian_disiplin", "    paling_banyak: Rp 50.000"),
    )


@pytest.mark.parametrize(
    ("ujung", "dalam", "luar"),
    [
        # 2 x TL4 of 1,5% of 2.054.333 are 61.630: 51.630 come back, and 10.000 + 154.075 exceed 50.000.
        ("paling_banyak: Rp 10.000", 51_630, 114_075),
        # A floor takes 38.370 more: 100.000 + 154.075 exceed 50.000.
        ("paling_sedikit: Rp 100.000", -38_370, 204_075),
    ],
)
def test_a_cap_over_a_cap_counts_what_came_back_already(ujung: str, dalam: int, luar: int) -> None:
    policy = baca(dua_batas("terlambat_potong, batas_dalam", ujung))
    lines = {one.kode: one.jumlah for one in _bayar(policy, terlambat="100, 100", tanpa_keterangan=1).baris}
    assert (lines["tl4"], lines["tidak_hadir"]) == (-61_630, -154_075)
    assert (lines["batas_dalam"], lines["batas_disiplin"]) == (dalam, luar)
    assert sum(lines[kode] for kode in ("tl4", "tidak_hadir", "batas_dalam", "batas_disiplin")) == -50_000


def test_a_cap_over_what_another_cap_limits_must_name_it() -> None:
    (found,) = masalah(dua_batas("terlambat_potong"))
    assert found.alasan == "sebagian sudah dibatasi batas_dalam"
    assert "sebut batas_dalam bersama semua yang dibatasinya (terlambat_potong)" in found.perbaikan


def test_a_case_that_waits_for_another_reason_tells_its_sentence() -> None:
    policy = baca(
        diganti(("hari_plt: 31, predikat: baik,", "hari_plt: 31, predikat_dari: 2026-08, predikat: baik,"))
    )
    assert "predikat_periode_lain" in str(uji(policy)[0])
    assert "Agustus 2026" in str(uji(policy)[0])


# Another month's predikat for one month of the year


@pytest.mark.parametrize(
    ("rule", "bulan", "sumber"),
    [
        ("per: bulan\n  mundur: 0\n  kecuali: {12: 1}", "2026-12", "2026-11"),
        ("per: bulan\n  mundur: 0\n  kecuali: {12: 1}", "2026-11", "2026-11"),
        ("per: bulan\n  mundur: 1\n  kecuali: {12: 0, 1: 0}", "2027-01", "2027-01"),
        ("per: triwulan\n  mundur: 1\n  kecuali: {12: 0}", "2026-12", "2026-12"),
        ("per: triwulan\n  mundur: 1\n  kecuali: {12: 0}", "2026-11", "2026-09"),
    ],
)
def test_a_single_month_may_be_paid_by_another_predikat(rule: str, bulan: str, sumber: str) -> None:
    policy = baca(diganti(("per: bulan\n  mundur: 0", rule)))
    assert str(policy.sumber_predikat.periode(Period.parse(bulan))) == sumber
    assert _bayar(policy, periode=bulan, predikat_dari=sumber).status == "dihitung"
    wrong = _bayar(policy, periode=bulan, predikat_dari="2026-02")
    assert [one.kode for one in wrong.alasan] == ["predikat_periode_lain"]


def test_months_of_the_year_are_asked_for() -> None:
    (found,) = masalah(diganti(("  mundur: 0", "  mundur: 0\n  kecuali: {13: 1}")))
    assert found.perbaikan == "tulis paling banyak 12"
