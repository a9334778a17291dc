"""A policy as people read it: every figure of the file is there as it was written."""

import re
from importlib.resources import files
from typing import Any

import pytest
import yaml

from services.tpp.kebijakan.istilah import RUMUS, istilah, tulis
from services.tpp.kebijakan.reader import baca
from services.tpp.kebijakan.susunan import MASA_BERLAKU, Bagian, Isi, Susunan, susun
from tests.unit.tpp.strategi import CONTOH


def texts(susunan: Susunan) -> list[str]:
    found: list[str] = list(susunan.dasar_hukum)

    def walk(isi: list[Isi]) -> None:
        for piece in isi:
            for row in piece.baris:
                if piece.jenis == "sub":
                    found.extend([row.judul, row.pasal, *(one.catatan for one in row.asal)])
                    walk(row.isi)
                elif piece.jenis == "daftar":
                    found.append(row)
                else:
                    found.extend(row)

    for section in susunan.bagian:
        found += [section.judul, section.pasal, *(one.catatan for one in section.asal)]
        walk(section.isi)
    return found


def leaves(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for name, one in value.items() if name != "kode" for text in leaves(one)]
    if isinstance(value, list):
        return [text for one in value for text in leaves(one)]
    return [value]


def formulas(section: str, value: Any) -> set[str]:
    """What of a section is a formula, or names something else by its code."""
    if isinstance(value, list):
        return {text for one in value for text in formulas(section, one)}
    if not isinstance(value, dict):
        return set()
    found = {text for name in RUMUS.get(section, ()) if name in value for text in leaves(value[name])}
    return found | {text for one in value.values() for text in formulas(section, one)}


@pytest.mark.parametrize("nama", ["umum-60-40", "bontang"])
def test_nothing_of_a_shipped_policy_is_left_out_or_changed(nama: str) -> None:
    text = (files("services.tpp.kebijakan") / "contoh" / f"{nama}.yaml").read_text()
    shown = " | ".join(texts(susun(text)))
    tree = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506
    for section, value in tree.items():
        if section in ("bentuk", "kode", "nama", "daerah", "berlaku_mulai", "berlaku_sampai", "sumber"):
            continue
        for leaf in leaves(value):
            if leaf in formulas(section, value):
                # Formulas name what they are about, and keep every figure.
                assert all(figure in shown for figure in re.findall(r"[\d.,]*\d%?", leaf)), (section, leaf)
            elif leaf not in ("true", "false", "null"):
                said = re.sub(r"\{([\w.]+)\}", lambda blank: f"({blank[1].replace('.', ' ')})", leaf)
                forms = (said, said.replace("_", " "), said.replace("_", " ").capitalize())
                assert any(form in shown for form in forms), (section, leaf)


def sections(susunan: Susunan) -> list[Bagian]:
    found: list[Bagian] = []

    def walk(parts: list[Bagian]) -> None:
        for one in parts:
            found.append(one)
            walk([sub for piece in one.isi if piece.jenis == "sub" for sub in piece.baris])

    walk(susunan.bagian)
    return found


@pytest.mark.parametrize("nama", sorted(path.stem for path in CONTOH.glob("*.yaml")))
def test_each_rule_says_whether_it_is_law_and_the_summary_leads_to_it(nama: str) -> None:
    text = (CONTOH / f"{nama}.yaml").read_text(encoding="utf-8")
    policy, shown = baca(text), susun(text)
    parts = {one.jangkar: one for one in sections(shown)}
    names = [part for one in policy.sumber for part in one.nama_bagian]
    assert sum(one.banyak for one in shown.sumber) == len(names)
    for one in shown.sumber:
        assert one.banyak == sum(len(entry.bagian) for entry in one.sebutan)
        for entry in one.sebutan:
            for judul, jangkar in entry.bagian:
                if jangkar == MASA_BERLAKU:
                    assert judul == "Masa berlaku"
                    continue
                there = parts[jangkar]
                assert judul in (there.judul, there.judul.lower())
                assert any((told.sifat, told.catatan) == (one.sifat, entry.catatan) for told in there.asal), (
                    judul
                )
    steps = [one.pasal for one in policy.langkah] + [one.pasal for one in policy.sanksi]
    steps += [one.pasal for one in policy.tabel.values()]
    assert set(steps) <= {one.pasal for one in parts.values() if one.asal}
    # Every table, step and sanction has its badge.
    assert sum(bool(one.asal) and bool(one.pasal) for one in parts.values()) >= len(steps)
    assert len([one.jangkar for one in sections(shown) if one.asal]) == len(
        {one.jangkar for one in sections(shown) if one.asal}
    )


def test_a_step_for_several_parts_names_each_and_its_criterion() -> None:
    shown = susun((CONTOH / "aplikasi-2026.yaml").read_text(encoding="utf-8"))
    [table] = next(one for one in shown.bagian if one.jangkar == "b-kriteria").isi
    assert table.baris[:3] == [
        ["Besaran Beban kerja", "Beban kerja"],
        ["Besaran Kondisi kerja", "Kondisi kerja"],
        ["Beban kerja, produktivitas", "Beban kerja"],
    ]
    assert ["Tambahan peran", "Beban kerja"] in table.baris
    # What stands for a name in the file is nothing that people know.
    steps = {one.judul: one for one in sections(shown) if one.jangkar.startswith("b-langkah")}
    said = [list(row) for piece in steps["Setiap bagian, produktivitas"].isi for row in piece.baris]
    assert ["Dari", "Besaran bagian itu"] in said
    assert ["Persen", "“Bobot setiap komponen: produktivitas” × “Nilai produktivitas bulan ini”"] in said
    assert not any("@" in one for one in texts(shown))


@pytest.mark.parametrize("nama", sorted(path.stem for path in CONTOH.glob("*.yaml")))
def test_no_formula_of_a_shipped_policy_shows_a_code(nama: str) -> None:
    text = (CONTOH / f"{nama}.yaml").read_text(encoding="utf-8")
    tree = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506
    words = istilah(tree)
    repeated = {key: name for step in tree["langkah"] for key, name in step.get("untuk", {}).items()}
    checked = 0
    for section in RUMUS:
        for one in formulas(section, tree.get(section, [])):
            told = tulis(one, words, repeated)
            # What is left in quotation marks of the language's own is a value: 'JPT', 'ke_13'.
            bare = re.sub(r"'[^']*'", "", told)
            assert not re.search(r"[a-z]_[a-z]|@", bare), (one, told)
            checked += 1
    assert checked > 10


def test_a_formula_in_words() -> None:
    words = {"beban": "Beban kerja", "tarif": "Tarif", "kelas": "Kelas jabatan", "hadir": "Hari hadir",
             "komponen_satu": "Besaran tempat", "komponen_dua": "Besaran risiko",
             "lain_satu": "Tempat bertugas", "lain_dua": "Bahaya"}  # fmt: skip
    for written, said in (
        ("beban", "Beban kerja"),
        ("tarif.iii", "Tarif: iii"),
        ("beban x 55,5%", "“Beban kerja” × 55,5%"),
        ("tarif[kelas] >= Rp 250.000", "“Tarif” (“Kelas jabatan”) ≥ Rp 250.000"),
        ("maks(Rp 0; beban - hadir)", "yang terbesar dari (Rp 0; “Beban kerja” - “Hari hadir”)"),
        ("tidak_ada(hadir) dan hadir < 3 hari", "belum ada “Hari hadir” dan “Hari hadir” < 3 hari"),
        ("kelas = 'beban'", "“Kelas jabatan” = 'beban'"),
        ("bukan (beban > Rp 0)", "bukan (“Beban kerja” > Rp 0)"),
        ("komponen_@ > Rp 0", "“Besaran bagian itu” > Rp 0"),
        ("lain_@", "Tempat bertugas atau Bahaya"),
        ("tarif.@", "Tarif: bagian itu"),
        ("tak_dikenal", "tak dikenal"),
    ):
        assert tulis(written, words, {"satu": "Tempat", "dua": "Risiko"}) == said


def test_a_summary_counts_the_parts_and_names_the_first() -> None:
    shown = susun((CONTOH / "umum-60-40.yaml").read_text(encoding="utf-8"))
    told = {one.jangkar: one.ringkasan for one in shown.bagian}
    assert told["b-tabel"].startswith("7 tabel: TPP dasar; Bagian menurut status; ")
    assert told["b-langkah"].startswith("20 langkah: Beban kerja; Kondisi kerja; ")
    assert told["b-sumber-predikat"] == "Tiap: bulan; Mundur (bulan): 0"
    assert all(one.ringkasan and len(one.ringkasan) < 220 for one in shown.bagian)
