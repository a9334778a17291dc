"""A policy file: what is accepted, and what is refused with line, rule and remedy."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.tpp.kebijakan import skema
from services.tpp.kebijakan.quantities import parse_persen, parse_rupiah, tampil_persen, tampil_rupiah
from services.tpp.kebijakan.reader import BATAS_UKURAN, KebijakanTidakSah, MasalahBaris, baca
from tests.unit.tpp.strategi import CONTOH

TEXT = (CONTOH / "bontang.yaml").read_text(encoding="utf-8")
LINES = TEXT.splitlines()


def masalah(text: str | bytes) -> tuple[MasalahBaris, ...]:
    with pytest.raises(KebijakanTidakSah) as refused:
        baca(text)
    return refused.value.masalah


def line_of(needle: str, nth: int = 1) -> int:
    """Line number (from 1) of the n-th line of the shipped file that holds this."""
    return [number for number, line in enumerate(LINES, 1) if needle in line][nth - 1]


def changed(number: int, line: str | None) -> str:
    """The shipped file with one line replaced, or left out."""
    return "\n".join([*LINES[: number - 1], *([] if line is None else [line]), *LINES[number:]])


def with_data(change: Callable[[dict[str, Any]], object]) -> str:
    data = yaml.safe_load(TEXT)
    change(data)
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True)


@pytest.mark.parametrize("path", sorted(CONTOH.glob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_policies_are_accepted_and_say_where_each_part_comes_from(path: Any) -> None:
    kebijakan = baca(path.read_bytes())
    assert kebijakan.kode == path.stem
    assert {one.sifat for one in kebijakan.sumber} <= {"hukum", "praktik", "asumsi"}


def test_content_alone_decides_the_fingerprint() -> None:
    shipped = baca(TEXT)
    reordered = with_data(
        lambda data: data["predikat"].update(dibayar=dict(reversed(data["predikat"]["dibayar"].items())))
    )
    assert baca(reordered).sidik == shipped.sidik
    assert baca("# komentar\n" + TEXT).sidik == shipped.sidik
    assert baca(with_data(lambda data: data["plt"].update(persen="20,0001%"))).sidik != shipped.sidik


@pytest.mark.parametrize(
    ("line", "written", "alasan", "perbaikan", "at"),
    [
        ("    persen: 60%", "    persen: 60", "60 bukan persen", "tulis dengan tanda persen", ""),
        ("    persen: 60%", "    persen: 0.6", "'0.6' bukan persen", "tulis dengan tanda persen", ""),
        ("    persen: 60%", "    persen: 120%", "120% lebih dari 100%", "paling banyak 100%", ""),
        ("    9: Rp", "    9: 5532975", "5532975 bukan rupiah", "dengan satuannya", ""),
        ("    9: Rp", "    9: Rp 5.532.975,50", "bukan rupiah", "rupiah bulat", ""),
        ("    9: Rp", "    19: Rp 5.532.975", "19 di luar batas", "paling banyak 17", ""),
        ("    9: Rp", "    kelas: Rp 5.532.975", "'kelas' bukan bilangan bulat", "bilangan bulat", ""),
        ("sampai: 30 menit", "        sampai: 30", "30 bukan menit", "misalnya 30 menit", ""),
        ("sampai: 30 menit", "        sampai: 3%", "'3%' bukan menit", "misalnya 30 menit", ""),
        ("sampai: 30 menit", "        sampai: 2000 menit", "lebih dari satu hari", "1440 menit", ""),
        ("  produktivitas: 60%", "  produktivitas: 70%", "berjumlah 110%", "tepat 100%", "bobot:"),
        ("  komponen: ke_bawah", "  komponen: ke_atas", "'ke_atas' tidak dikenal", "setengah_ke_atas", ""),
        ("  pajak: ke_bawah", None, "isian pajak belum ada", "tambahkan pajak:", "pembulatan:"),
        ("bentuk: 1", "bentuk: 2", "2 tidak dikenal", "pilih salah satu: 1", ""),
        ("kode: bontang", "kode: Kota Bontang", "bukan nama yang sah", "huruf kecil", ""),
        ("berlaku_mulai", "berlaku_mulai: 2026-01-15", "bulan utuh", "2026-01-01", ""),
        ("berlaku_mulai", "berlaku_mulai: 2026-02-30", "bukan tanggal", "2026-01-01", ""),
        ("berlaku_mulai", "berlaku_mulai: null", "bukan tanggal", "2026-01-01", ""),
        ("berlaku_sampai", "berlaku_sampai: 2025-12-31", "sebelum mulai", "sesudah berlaku_mulai", ""),
        ("berlaku_sampai", "berlaku_sampai: 2026-12-30", "bukan hari terakhir", "2026-12-31", ""),
        ("  - bagian: bobot", "  - bagian: bobott", "'bobott' tidak dikenal", "bobot", ""),
        ("  - bagian: bobot", "  - bagian: bobott", "asal bagian bobot belum", "bagian: bobot", "sumber:"),
        ("    sifat: asumsi", "    sifat: katanya", "'katanya' tidak dikenal", "hukum", ""),
        ("  - jenis: persen", "  - jenis: persen", "jenis 'persen' tidak dikenal", "nilai_tetap", ""),
        ("    kode: prestasi", "    kode: beban_kerja", "dipakai aturan 'Beban kerja'", "kode sendiri", ""),
        ('kalimat: "{status}', '  kalimat: "{golongan}"', "kata {golongan} tidak dikenal", "{status}", ""),
        ('kalimat: "{status}', '  kalimat: "{status"', "kurung kurawal", "{dasar}", ""),
        ('kalimat: "{status}', '  kalimat: "{status.x}"', "kurung kurawal", "{dasar}", ""),
        ('kalimat: "{status}', '  kalimat: "{dasar!r}"', "kurung kurawal", "{dasar}", ""),
        ("    kurang: 60%", "    kurang: 90%", "lebih tinggi dari butuh_perbaikan 80%", "tidak boleh", ""),
        ("    kurang: 60%", None, "predikat kurang belum ada", "tambahkan kurang:", "  dibayar:|2"),
        ("    CPNS: 80%", "    HONOR: 80%", "'HONOR' tidak dikenal", "PNS", ""),
        ("    CPNS: 80%", None, "status CPNS belum ada", "tambahkan CPNS:", "  dibayar:"),
        (
            "mulai: 31 menit",
            "        mulai: 32 menit",
            "celah: pita Terlambat TL1 berakhir di 30",
            "31 menit",
            "kode: tl2",
        ),
        ("mulai: 31 menit", "        mulai: 30 menit", "tumpang tindih", "mulai: 31 menit", "kode: tl2"),
        (
            "mulai: 1 menit",
            "        mulai: 2 menit",
            "toleransi berakhir di 0",
            "mulai: 1 menit",
            "kode: tl1",
        ),
        ("sampai: 60 menit", "        sampai: 20 menit", "tidak memuat satu menit pun", "ujung", "kode: tl2"),
        ("lebih_dari: 90 menit", "        kurang_dari: 99 menit", "ujung bawah", "mulai", "kode: tl4"),
        (
            "tanpa_batas_atas",
            "        sampai: 200 menit",
            "di atas 200 menit",
            "tanpa_batas_atas",
            "kode: tl4",
        ),
        ("tanpa_batas_atas", "        tanpa_batas_atas: mungkin", "harus true atau false", "true", ""),
        ("        potongan: 1%", "        potongan: 0,4%", "dipotong lebih kecil", "tidak boleh", ""),
        ("paling_banyak: 40%", "    paling_banyak: 41%", "dari bagian disiplin 40%", "bagian_disiplin", ""),
        (
            "  - bila: gaji_belum",
            "  - bila: predikat_belum_ada",
            "gaji_belum_ada belum",
            "menahan",
            "penahanan:",
        ),
        ("  - bila: gaji_belum", "  - bila: predikat_belum_ada", "disebut dua kali", "hapus", ""),
        ("pemilik: keuangan_opd", "    pemilik: siapa_saja", "'siapa_saja' tidak dikenal", "bpkad", ""),
        (
            "      golongan: [III]",
            "      golongan: [IIIA]",
            "IIIA bukan golongan PNS",
            "III",
            "- status: [PNS, CPNS]|2",
        ),
        (
            "      golongan: [III]",
            "      golongan: [II]",
            "bertarif dua kali",
            "hapus",
            "- status: [PNS, CPNS]|2",
        ),
        ("      golongan: [III]", "      golongan: [II]", "III untuk PNS belum bertarif", "0%", "  tarif:"),
        ("      golongan: [III]", "      golongan: III", "harus daftar", "tanda -", ""),
        ("      golongan: [III]", "      golongan: []", "kosong", "sedikitnya satu", ""),
        ("  dasar: bruto", "  dasar: neto", "'neto' tidak dikenal", "bruto", ""),
        ("      tarif: 15%", "      tarif: 99%", "tertinggi berjumlah 100%", "menyisakan", "  tarif:"),
        ("nama: Beban kerja", "    nama: B", "terlalu pendek", "3 huruf", ""),
        ("nama: Beban kerja", "    nama: 12345", "harus teks", "tanda kutip", ""),
        ("nama: Beban kerja", f"    nama: {'x' * 301}", "terlalu panjang", "300 huruf", ""),
        ("  plafon: Rp", "  plafond: Rp 12.000.000", "isian plafond tidak dikenal", "maksudnya plafon?", ""),
        (
            "  plafon: Rp",
            "  plafond: Rp 12.000.000",
            "isian plafon belum ada",
            "tambahkan plafon:",
            "bpjs:|2",
        ),
        ("  dasar: tpp_maksimum", "  dasar: tpp_maksimum\n  dasar: x", "ditulis dua kali", "hapus", "+1"),
    ],
)
def test_each_mistake_is_named_with_its_line_and_remedy(
    line: str, written: str | None, alasan: str, perbaikan: str, at: str
) -> None:
    number = line_of(line)
    found = masalah(changed(number, written))
    matching = [one for one in found if alasan in one.alasan and perbaikan in one.perbaikan]
    assert matching, "\n".join(map(str, found))
    expected = number
    if at == "+1":
        expected += 1
    elif at:
        needle, _, nth = at.partition("|")
        expected = line_of(needle, int(nth or 1))
    assert matching[0].baris == expected, str(matching[0])
    assert str(matching[0]).startswith(f"baris {expected} (")


@pytest.mark.parametrize(
    ("text", "alasan", "baris"),
    [
        ("", "isi berkas bukan kebijakan", 1),
        ("- a\n- b\n", "isi berkas bukan kebijakan", 1),
        ("a: 1\n\tb: 2\n", "YAML tidak terbaca", 2),
        ('a: 1\nb: "tak selesai\n', "YAML tidak terbaca", 3),
        ("a: 1\n---\nb: 2\n", "YAML tidak terbaca", 2),
        ("a: \x00", "karakter yang tidak boleh", 1),
        ("[" * 5000, "susunan terlalu dalam", 1),
        ("a: &x [1]\nb: *x\n", "acuan YAML", 2),
        ("a: &x [*x]\n", "acuan YAML", 1),
        ("? [a]\n: b\n", "nama isian tidak terbaca", 1),
        ("null: b\n", "nama isian tidak terbaca", 1),
        ("x" * (BATAS_UKURAN + 1), "lebih dari 128 KiB", 1),
        (b"\xff\xfe\x00", "bukan teks UTF-8", 1),
        (b"PK\x03\x04 bukan yaml", "karakter yang tidak boleh", 1),
    ],
)
def test_what_is_no_policy_at_all_is_said_so(text: str | bytes, alasan: str, baris: int) -> None:
    (first, *_) = masalah(text)
    assert alasan in first.alasan
    assert first.baris == baris
    assert first.perbaikan


def test_tags_run_nothing() -> None:
    found = masalah(changed(line_of("kode: bontang"), "kode: !!python/object/apply:os.system ['true']"))
    assert any("kode harus teks" in one.alasan for one in found)


def test_all_problems_come_at_once_in_the_order_of_the_file() -> None:
    text = changed(line_of("    persen: 60%"), "    persen: 60").replace(
        "plafon: Rp 12.000.000", "plafon: 12"
    )
    found = masalah(text)
    assert [one.bagian for one in found] == ["komponen.0.persen", "bpjs.plafon"]
    with pytest.raises(KebijakanTidakSah) as refused:
        baca(text)
    assert [field.pointer for field in refused.value.fields] == ["/komponen/0/persen", "/bpjs/plafon"]
    assert f"baris {found[0].baris}" in refused.value.fields[0].reason
    assert refused.value.status == 422


ENGLISH = re.compile(r"\b(should|must|valid|input|field|expected|value|string|integer|mapping|found)\b")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(1, len(LINES)),
    st.none()
    | st.text(max_size=40)
    | st.sampled_from(["  x: 1", "- 1", "  - {}", "    kode: [", "true", "  tarif: {}", "disiplin: null"]),
)
def test_any_damaged_line_gives_problems_in_indonesian_or_a_policy(number: int, written: str | None) -> None:
    found: tuple[MasalahBaris, ...] = ()
    try:
        baca(changed(number, written))
    except KebijakanTidakSah as refused:
        found = refused.masalah
    for one in found:
        assert 1 <= one.baris <= len(LINES) + 3
        assert one.alasan
        assert one.perbaikan
        assert not ENGLISH.search(one.alasan), one


def test_schema_file_is_the_models_and_in_indonesian() -> None:
    assert json.loads(skema.BERKAS.read_text(encoding="utf-8")) == skema.skema()
    assert skema.skema()["$defs"]["Pita"]["description"].startswith("Satu pita menit")


@settings(deadline=None)
@given(st.integers(0, 1_000_000))
def test_percentages_read_as_they_are_written(parts: int) -> None:
    assert parse_persen(tampil_persen(parts)) == parts


@settings(deadline=None)
@given(st.integers(0, 10**12))
def test_rupiah_read_as_they_are_written(amount: int) -> None:
    assert parse_rupiah(tampil_rupiah(amount)) == amount
