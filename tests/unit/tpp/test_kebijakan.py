"""A policy file: what is accepted, and what is refused with line, rule and remedy."""

import json
import re
from collections.abc import Callable
from copy import deepcopy
from hashlib import sha256
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.tpp.kebijakan import skema
from services.tpp.kebijakan.reader import (
    BATAS_UKURAN,
    KebijakanTidakSah,
    MasalahBaris,
    baca,
    baca_tersimpan,
)
from services.tpp.perhitungan import engine
from shared.period import Period
from tests.unit.tpp.strategi import CONTOH
from tests.unit.tpp.test_laws import UTUH

TEXT = (CONTOH / "bontang.yaml").read_text(encoding="utf-8")
LINES = TEXT.splitlines()
UMUM = (CONTOH / "umum-60-40.yaml").read_text(encoding="utf-8")


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


def pita(kode: str, ujung: str, nilai: str) -> str:
    """A band as a line of the file."""
    return f'      - {{kode: {kode}, nama: Pita {kode}, {ujung}, nilai: "{nilai}"}}'


@pytest.mark.parametrize("path", sorted(CONTOH.glob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_policies_are_accepted_and_say_where_each_part_comes_from(path: Any) -> None:
    kebijakan = baca(path.read_bytes())
    assert kebijakan.kode == path.stem
    assert {one.sifat for one in kebijakan.sumber} <= {"hukum", "praktik", "asumsi"}


def test_content_alone_decides_the_fingerprint() -> None:
    shipped = baca(TEXT)
    reordered = with_data(lambda data: data["tabel"].update(dict(reversed(data["tabel"].items()))))
    assert baca(reordered).sidik == shipped.sidik
    assert baca("# komentar\n" + TEXT).sidik == shipped.sidik
    assert baca(with_data(lambda data: data["langkah"][2].update(persen="20,0001%"))).sidik != shipped.sidik


@pytest.mark.parametrize(
    ("line", "written", "alasan", "perbaikan", "at"),
    [
        # Quantities and their units
        ("    persen: 60%", "    persen: 60,x%", "koma hanya untuk pecahan", "titik koma", ""),
        ("    persen: 60%", "    persen: 0.6", "'0.6' tidak terbaca", "pecahan dengan koma", ""),
        ("    persen: 60%", "    persen: 60 menit", "persen berisi menit", "tanda persen", ""),
        ("    persen: 60%", "    persen: 60", "persen berisi bilangan", "60% atau 1,25%", ""),
        ("    persen: 60%", "    persen: 60 persen", "satuan persen ditulis %", "60%", ""),
        ("      9: Rp", "      9:", "nilai 9 kosong", "kosong bukan nol", ""),
        ("      9: Rp", "      9: Rp -5.532.975", "tanda minus ditulis sebelum Rp", "-Rp", ""),
        ("      9: Rp", "      9: Rp. 5.532.975,-", "Rp ditulis tanpa titik", "Rp 250.000", ""),
        ("      9: Rp", "      9: Rp 5,532,975", "koma adalah tanda pecahan", "ribuan dengan titik", ""),
        ("      9: Rp", "      9: Rp 5,5 juta", "bilangan ditulis dengan angka", "Rp 2.500.000", ""),
        (
            "isi: {PNS",
            "    isi: {PNS: 100%, CPNS: 80,5%, PPPK: 100%}",
            "koma di dalam { } memisahkan isi",
            "tanda kutip",
            "",
        ),
        (
            "kode: tl1",
            "      - {kode: tl1, nama: TL1, mulai: 1 menit, sampai: 30 menit, nilai: 0,5%}",
            "koma di dalam { } memisahkan isi",
            "tanda kutip",
            "",
        ),
        (
            "kode: tl1",
            "      - {kode: tl1, nama: TL1, mulai: 1 menit, sampai: batas[kelas], nilai: 1%}",
            "kurung siku di dalam { }",
            "seluruh rumusnya",
            "",
        ),
        (
            "isi: {produktivitas",
            "    isi: {produktivitas:60%, disiplin: 40%}",
            "tidak ada spasi sesudah titik dua",
            "produktivitas: 60%",
            "",
        ),
        ("      9: Rp", "      9: 5532975", "bukan rupiah", "dengan satuannya", ""),
        ("      9: Rp", "      9: 55%", "bukan rupiah", "dengan satuannya", ""),
        ("      9: Rp", "      9: Rp 5.53.2", "tidak terbaca", "ribuan dengan titik", ""),
        ("      9: Rp", "      19: Rp 5.532.975", "19 di luar batas", "paling banyak 17", ""),
        ("      9: Rp", "      kelas: Rp 5.532.975", "'kelas' bukan bilangan bulat", "1 sampai 4", ""),
        ("      9: Rp", "      8: Rp 5.532.975", "ditulis dua kali", "hapus", "      8: Rp"),
        ("      9: Rp", '      "8 sampai 9": Rp 1', "8 disebut dua kali", "hapus", "      8: Rp"),
        ("kode: tl1", pita("tl1", "mulai: 1 menit, sampai: 3%", "1%"), "bukan menit", "30 menit", ""),
        # Weights and tables
        (
            "isi: {produktivitas",
            "    isi: {produktivitas: 70%, disiplin: 40%}",
            "berjumlah 110%",
            "tepat 100%",
            "",
        ),
        ("isi: {PNS", "    isi: {PNS: 100%, PPPK: 100%}", "status CPNS belum ada", "lainnya", ""),
        ("isi: {PNS", "    isi: {PNS: 100%, CPNS: 80%, HONOR: 1%}", "'HONOR' tidak dikenal", "PNS", ""),
        (
            "isi: {sangat_baik",
            "    isi: {sangat_baik: 100%}",
            "predikat baik, butuh_perbaikan",
            "tambahkan baik",
            "",
        ),
        (
            "isi: {sangat_baik",
            "    isi: {sangat_baik: 100%, baik: 100%, butuh_perbaikan: 80%, kurang: 90%, sangat_kurang: 0%}",
            "lebih tinggi dari butuh_perbaikan 80%",
            "tidak boleh",
            "",
        ),
        ("        III: 5%", "        II: 5%", "disebut dua kali", "hapus", ""),
        ("        III: 5%", "        V: 5%", "golongan III untuk PNS belum ada", "0%", '      "PNS, CPNS":'),
        ("        III: 5%", "        IIIA: 5%", "golongan 'IIIA' tidak dikenal", "III", ""),
        ("    oleh: [kelas]", "    oleh: [kelas, status]", "kurang dalam", "menurut status", "      17: Rp"),
        ("    oleh: [kelas]", None, "belum menyebut kuncinya", "oleh:", "  tpp_dasar:"),
        # Bands
        (
            "kode: tl2",
            pita("tl2", "mulai: 32 menit, sampai: 60 menit", "1%"),
            "celah: pita Terlambat TL1 berakhir di 30",
            "mulai: 31 menit",
            "",
        ),
        (
            "kode: tl2",
            pita("tl2", "mulai: 30 menit, sampai: 60 menit", "1%"),
            "tumpang tindih",
            "mulai: 31 menit",
            "",
        ),
        (
            "kode: tl1",
            pita("tl1", "mulai: 2 menit, sampai: 30 menit", "1%"),
            "toleransi berakhir di 0",
            "mulai: 1 menit",
            "",
        ),
        (
            "kode: tl2",
            pita("tl2", "mulai: 31 menit, sampai: 20 menit", "1%"),
            "tidak memuat satu nilai pun",
            "ujung",
            "",
        ),
        (
            "kode: tl2",
            pita("tl2", "mulai: 31 menit, lebih_dari: 30 menit, sampai: 60 menit", "1%"),
            "ujung bawah",
            "mulai",
            "",
        ),
        (
            "kode: tl4",
            pita("tl4", "lebih_dari: 90 menit, sampai: 200 menit", "2%"),
            "di atas 200 menit",
            "tanpa_batas_atas",
            "",
        ),
        (
            "kode: tl4",
            pita("tl4", "lebih_dari: 90 menit, tanpa_batas_atas: mungkin", "2%"),
            "harus true atau false",
            "true",
            "",
        ),
        (
            "kode: tl2",
            pita("tl2", "mulai: 31 menit, sampai: 60 menit", "0,4%"),
            "dipotong lebih kecil",
            "tidak boleh",
            "",
        ),
        # Names and order
        (
            "    dari: tpp_dasar",
            "    dari: tpp_dasr",
            "nama tpp_dasr tidak dikenal",
            "maksudnya tpp_dasar?",
            "",
        ),
        (
            "    dari: tpp_dasar",
            "    dari: beban_kerja",
            "memakai dirinya sendiri (berputar)",
            "langkah lain",
            "",
        ),
        ("    dari: tpp_dasar", "    dari: pph21", "pph21 baru dihitung sesudah", "berputar", ""),
        (
            "    dari: tpp_dasar",
            "    dari: predikat",
            "predikat tidak dapat dikalikan",
            "bilangan bersatuan",
            "",
        ),
        ("    dari: tpp_dasar", "    dari: hasil(tpp_dasar)", "fungsi hasil tidak dikenal", "maks", ""),
        ("    dari: tpp_dasar", "    dari: IF(kelas > 9; gaji; gaji)", "fungsi IF tidak", "jika(syarat", ""),
        ("    dari: tpp_dasar", "    dari: =tpp_dasar * 2", "kebiasaan lembar kerja", "hapus tanda =", ""),
        ("    dari: tpp_dasar", "    dari: jika(hadir > 0; gaji; gaji)", "satuan campur", "3 hari", ""),
        ("    dari: tpp_dasar", "    dari: tpp_dasar +", "rumus belum selesai", "lengkapi", ""),
        ("    dari: tpp_dasar", "    dari: (tpp_dasar", "tanda ')' belum ada", "tulis )", ""),
        ("    dari: tpp_dasar", "    dari: tpp_dasar x gaji", "rupiah x rupiah tidak berarti", "kalikan", ""),
        ("    dari: tpp_dasar", "    dari: tpp_dasar + 5%", "satuan campur", "samakan", ""),
        (
            "    dari: tpp_dasar",
            "    dari: tpp_dasar x (hadir / hari_kerja / hadir)",
            "pembagi dapat bernilai nol",
            "bagi(",
            "",
        ),
        (
            "    dari: tpp_dasar",
            "    dari: tpp_dasar x hadir / cuti",
            "pembagi dapat bernilai nol",
            "bagi(",
            "",
        ),
        ("    dari: tpp_dasar", "    dari: tpp_dasar - gaji", "dapat negatif", "maks(Rp 0", ""),
        (
            "    dari: tpp_dasar",
            "    dari: tpp_dasar[plt_kelas]",
            "plt_kelas hanya ada bila ada_plt",
            "bila: ada_plt",
            "",
        ),
        (
            "    dari: tpp_dasar",
            "    dari: tpp_dasar x min(1, 2)",
            "koma hanya untuk pecahan",
            "titik koma",
            "",
        ),
        (
            "    dari: tpp_dasar",
            "    dari: tpp_dasar[status]",
            "kunci kelas tabel tpp_dasar adalah bilangan",
            "bilangan",
            "",
        ),
        ("    dari: tpp_dasar", "    dari: tpp_dasar[18]", "18 tidak ada di tabel tpp_dasar", "yang ada", ""),
        ("    dari: tpp_dasar", None, "isian dari belum ada", "tambahkan dari:", "- kode: beban_kerja"),
        (
            "    dari: tpp_dasar",
            "    dari: tpp_dasar\n    jumlah: Rp 1",
            "persen tidak dipakai bersama jumlah",
            "hapus",
            "    persen: 60%",
        ),
        ("    persen: 60%", None, "tepat satu cara menghitung", "pilih jumlah", "- kode: beban_kerja"),
        ("    sifat: tambah", None, "sifat langkah beban_kerja belum ada", "tambah", "- kode: beban_kerja"),
        ("    sifat: tambah", "    sifat: katanya", "'katanya' tidak dikenal", "tambah", ""),
        ("  - kode: prestasi", "  - kode: beban_kerja", "dipakai 'Beban kerja'", "kode sendiri", ""),
        ("  - kode: prestasi", "  - kode: hadir", "sudah dipakai 'fakta atau tabel'", "kode sendiri", ""),
        ("    batas: [", "    batas: [pph21]", "pph21 bukan langkah berbaris di atas", "sebut kode", ""),
        ("bila: tidak_ada(gaji)", "    bila: tidak_ada(uang)", "bukan data yang dapat belum ada", "gaji", ""),
        (
            "bila: tidak_ada(gaji)",
            "    bila: bukan skp_disetujui",
            "gaji dapat belum ada",
            "tidak_ada(gaji)",
            "penahanan:",
        ),
        ("bila: ada_plt", "    bila: plt", "nama plt tidak dikenal", "maksudnya", ""),
        ("bila: ada_plt", "    bila: kelas", "bila berisi bilangan", "perbandingan", ""),
        # Sentences
        ('kalimat: "{status}', '    kalimat: "{golonga}"', "kata {golonga} tidak dikenal", "{jumlah}", ""),
        ('kalimat: "{status}', '    kalimat: "{status"', "kurung kurawal", "{jumlah}", ""),
        ('kalimat: "{status}', '    kalimat: "{dasar!r}"', "kata {dasar!r} tidak dikenal", "{dasar}", ""),
        (
            'kalimat: "{status}',
            None,
            "kalimat langkah faktor_status belum ada",
            "kalimat:",
            "- kode: faktor_status",
        ),
        # The document around them
        ("bentuk: 2", "bentuk: 1", "1 tidak dikenal", "pilih salah satu: 2", ""),
        ("kode: bontang", "kode: Kota Bontang", "bukan nama yang sah", "huruf kecil", ""),
        ("berlaku_mulai", "berlaku_mulai: 2026-01-15", "bulan utuh", "2026-01-01", ""),
        ("berlaku_mulai", "berlaku_mulai: 2026-02-30", "bukan tanggal", "2026-01-01", ""),
        ("berlaku_mulai", "berlaku_mulai: null", "bukan tanggal", "2026-01-01", ""),
        ("berlaku_mulai", None, "isian berlaku_mulai belum ada", "tambahkan", "bentuk: 2"),
        ("berlaku_sampai", "berlaku_sampai: 2025-12-31", "sebelum mulai", "sesudah berlaku_mulai", ""),
        ("berlaku_sampai", "berlaku_sampai: 2026-12-30", "bukan hari terakhir", "2026-12-31", ""),
        ("  - bagian: tpp_dasar", "  - bagian: bobott", "'bobott' tidak dikenal", "kode tabel", ""),
        (
            "  - bagian: tpp_dasar",
            "  - bagian: bobot",
            "asal bagian tpp_dasar belum",
            "bagian itu",
            "sumber:",
        ),
        ("    sifat: asumsi", "    sifat: katanya", "'katanya' tidak dikenal", "hukum", ""),
        ("  cara: hari_terakhir", "  cara: tanggal", "sampai_tanggal hanya", "15", "pergantian:"),
        (
            "  cara: hari_terakhir",
            "  cara: pro_rata_hari_kerja",
            "sudah membayar menurut hari bertugas",
            "hapus sebagian",
            "  sebagian:",
        ),
        (
            "    per_jabatan: true",
            "    per_jabatan: false",
            "belum ada langkah yang dibagi",
            "per_jabatan",
            "  sebagian:",
        ),
        (
            "    bila: ada_plt",
            "    bila: hari_plt >= 30 hari",
            "hari_plt hanya ada bila ada_plt",
            "ada_plt",
            "",
        ),
        (
            "    bila: ada_plt",
            "    bila: hari_plt >= 30 hari dan ada_plt",
            "hari_plt hanya ada bila ada_plt",
            "ada_plt",
            "",
        ),
        ("    bila: ada_plt", "    bila: ada_plt dan hari_plt >= 30", "satuan", "hari", ""),
        (
            "pembulatan: ke_bawah",
            "pembulatan: ke_samping",
            "'ke_samping' tidak dikenal",
            "setengah_ke_atas",
            "",
        ),
        ("pemilik: keuangan_opd", "    pemilik: siapa_saja", "'siapa_saja' tidak dikenal", "bpkad", ""),
        ("nama: Beban kerja", "    nama: B", "terlalu pendek", "3 huruf", ""),
        ("nama: Beban kerja", "    nama: 12345", "harus teks", "tanda kutip", ""),
        ("nama: Beban kerja", f"    nama: {'x' * 301}", "terlalu panjang", "300 huruf", ""),
        ("    persen: 3%", "    persenn: 3%", "isian persenn tidak dikenal", "maksudnya persen?", ""),
        ("    setiap: terlambat", "    setiap: terlambat\n    setiap: x", "ditulis dua kali", "hapus", "+1"),
        (
            "    pita: pita_terlambat",
            "    pita: bobot",
            "bobot bukan tabel pita menurut menit",
            "menurut: menit",
            "",
        ),
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
    assert re.match(rf"baris {expected}( \(|: )", str(matching[0]))


@pytest.mark.parametrize(
    ("text", "alasan", "baris"),
    [
        ("", "isi berkas bukan kebijakan", 1),
        ("- a\n- b\n", "isi berkas bukan kebijakan", 1),
        ("a: 1\n\tb: 2\n", "YAML tidak terbaca: ada tab", 2),
        ("a: 1\n b: 2\n", "titik dua tidak pada tempatnya", 2),
        ("a:\u00a01\nb: 2\n", "spasi tak terputus", 1),
        ("a: \u201cpasal: 1\u201d\n", "kutip lengkung", 1),
        ("a: -\n", "tanda - tidak pada tempatnya", 1),
        ('a: 1\nb: "tak selesai\n', "YAML tidak terbaca", 3),
        ("a: 1\n---\nb: 2\n", "YAML tidak terbaca", 2),
        ("a: \x00", "karakter yang tidak boleh", 1),
        ("[" * 5000, "susunan terlalu dalam", 1),
        ("a: &x [1]\nb: *x\n", "acuan YAML", 2),
        ("a: &x [*x]\n", "acuan YAML", 1),
        ("? [a]\n: b\n", "nama isian tidak terbaca", 1),
        ("null: b\n", "nama isian tidak terbaca", 1),
        ("x" * (BATAS_UKURAN + 1), "lebih dari 256 KiB", 1),
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
    text = changed(line_of("    persen: 60%"), "    persen: 60 hari").replace(
        "mulai: 31 menit", "mulai: 32 menit", 1
    )
    found = masalah(text)
    assert [one.bagian for one in found] == ["tabel.pita_terlambat.pita.1", "langkah.0.persen"]
    with pytest.raises(KebijakanTidakSah) as refused:
        baca(text)
    assert [field.pointer for field in refused.value.fields] == [
        "/tabel/pita_terlambat/pita/1",
        "/langkah/0/persen",
    ]
    assert f"baris {found[0].baris}" in refused.value.fields[0].reason
    assert refused.value.status == 422


@pytest.mark.parametrize(
    ("mulai", "alasan"),
    [
        ("2026-07-15", "perubahan mulai 2026-07-15"),
        ("2026-01-01", "sebelumnya 2026-01-01"),
        (None, "isian mulai belum ada"),
    ],
)
def test_a_change_within_a_policy_is_dated(mulai: str | None, alasan: str) -> None:
    change: dict[str, Any] = {"mulai": mulai, "pasal": "Perwali perubahan", "isi": {9: "Rp 6.000.000"}}
    if mulai is None:
        del change["mulai"]
    found = masalah(with_data(lambda data: data["tabel"]["tpp_dasar"].update(perubahan=[change])))
    assert any(alasan in one.alasan for one in found), found


def test_a_dated_change_holds_from_its_month() -> None:
    rows = dict.fromkeys(range(1, 18), "Rp 6.000.000")
    change = {"mulai": "2026-07-01", "pasal": "Perwali perubahan", "isi": rows}
    policy = baca(with_data(lambda data: data["tabel"]["tpp_dasar"].update(perubahan=[change])))
    hitung = engine.compile(policy)
    gross = [hitung(UTUH._replace(periode=Period(2026, month))).bruto for month in (6, 7, 12)]
    assert gross == [5_532_975, 6_000_000, 6_000_000]
    for month in (6, 7):
        m = UTUH._replace(periode=Period(2026, month))
        assert engine.jelaskan(policy, hitung(m), m)


def test_what_nobody_is_paid_by_is_refused() -> None:
    def forgotten(data: dict[str, Any]) -> None:
        step = {"kode": "kelangkaan", "nama": "Kelangkaan profesi", "pasal": "Pasal 5"}
        data["langkah"].append({**step, "sifat": "nilai", "jumlah": "Rp 1.000.000"})
        data["tabel"]["lampiran_ii"] = {**deepcopy(data["tabel"]["tpp_dasar"]), "nama": "Lampiran II"}
        data["sumber"][0]["bagian"] = [data["sumber"][0]["bagian"], "kelangkaan", "lampiran_ii"]

    found = masalah(with_data(forgotten))
    assert [one.bagian.partition(".")[0] for one in found] == ["tabel", "langkah"], found
    assert "lampiran_ii tidak dipakai" in found[0].alasan
    assert "tidak pernah dibayar" in found[1].alasan
    assert "sifat: tambah" in found[1].perbaikan


@pytest.mark.parametrize("angsuran", ["0%", "101%", "-5%", "Rp 500.000", "0,2", "tpp_dasar"])
def test_an_instalment_is_a_share_of_a_month(angsuran: str) -> None:
    found = masalah(with_data(lambda data: data["rapel"].update(angsuran=angsuran)))
    assert any(one.bagian == "rapel.angsuran" and "20%" in one.perbaikan for one in found), found
    assert baca(with_data(lambda data: data["rapel"].update(angsuran="33,3%"))).rapel.angsuran == "33,3%"


def test_an_instalment_needs_a_step_that_carries_it() -> None:
    def without(data: dict[str, Any]) -> None:
        data["rapel"].update(angsuran="20%")
        data["langkah"] = [one for one in data["langkah"] if "koreksi" not in one]

    assert any("tidak ada langkah yang memuat rapel" in one.alasan for one in masalah(with_data(without)))


def test_a_policy_that_asks_how_long_somebody_acts_says_since_when_that_pays() -> None:
    rule = "plt:\n  pasal: Perkada, bagian Plt\n  dibayar: sejak_awal\n"
    source = UMUM.index("  - bagian: plt\n")
    without = UMUM[:source] + UMUM[UMUM.index("  - bagian:", source + 5) :]
    (found,) = masalah(without.replace(rule, ""))
    assert "belum disebut sejak kapan" in found.alasan
    assert "sejak_awal, atau sejak_tercapai" in found.perbaikan
    # Where nobody's duty has to last, there is nothing to say.
    idle = UMUM.replace(" dan hari_plt >= 30 hari", "").replace(" dan hari_plt < 30 hari", " dan kelas > 17")
    idle = idle.replace("baru {hari_plt};", "baru;").partition("\nuji:\n")[0] + "\nuji: []\n"
    assert "tidak menentukan apa pun" in " ".join(one.alasan for one in masalah(idle))
    # It belongs to the content; a stored policy of before keeps its name.
    before = baca_tersimpan(without.replace(rule, ""))
    assert before.plt is None
    assert "plt" not in before.model_fields_set
    assert before.sidik != baca_tersimpan(UMUM).sidik


def test_a_policy_without_instalments_or_sums_of_the_year_keeps_its_fingerprint() -> None:
    """Policies are known by it where they are in force."""
    shipped = baca(
        TEXT.replace("  golongan: hari_terakhir\n", "").replace("  sebagian: pro_rata_hari_kalender\n", "")
    )
    plain = json.loads(json.dumps(shipped.model_dump(mode="json")))
    del plain["rapel"]["angsuran"], plain["setahun"], plain["plt"], plain["sumber_predikat"]["kecuali"]
    for name in ("sebagian", "golongan", "meninggal"):
        del plain["pergantian"][name]
    for step in plain["langkah"]:
        del step["sehari"], step["bobot"]
        if step["kriteria"] is None:
            del step["kriteria"]
    for case in plain["uji"]:
        del case["harap"]["iuran"]
    assert shipped.sidik == sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
    assert shipped.sidik != baca(with_data(lambda data: data["rapel"].update(angsuran="20%"))).sidik


ENGLISH = re.compile(r"\b(should|must|valid|input|field|expected|value|string|integer|mapping|found)\b")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(1, len(LINES)),
    st.none()
    | st.text(max_size=40)
    | st.sampled_from(
        [
            "  x: 1",
            "- 1",
            "  - {}",
            "    kode: [",
            "true",
            "  tarif: {}",
            "langkah: null",
            "    jumlah: jika(ya; 1; 2)",
        ]
    ),
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
    assert skema.skema()["$defs"]["Pita"]["description"].startswith("Satu pita")
