"""A policy as people read it: every figure of the file is there as it was written."""

import re
from importlib.resources import files
from typing import Any

import pytest
import yaml

from services.tpp.kebijakan.susunan import Isi, Susunan, susun


def texts(susunan: Susunan) -> list[str]:
    found: list[str] = list(susunan.dasar_hukum)

    def walk(isi: list[Isi]) -> None:
        for piece in isi:
            for row in piece.baris:
                if piece.jenis == "sub":
                    found += [row.judul, row.pasal, *(one.catatan for one in row.asal)]
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


@pytest.mark.parametrize("nama", ["umum-60-40", "bontang"])
def test_nothing_of_a_shipped_policy_is_left_out_or_changed(nama: str) -> None:
    text = (files("services.tpp.kebijakan") / "contoh" / f"{nama}.yaml").read_text()
    shown = " | ".join(texts(susun(text)))
    tree = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506
    for section, value in tree.items():
        if section in ("bentuk", "kode", "nama", "daerah", "berlaku_mulai", "berlaku_sampai", "sumber"):
            continue
        for leaf in leaves(value):
            if leaf not in ("true", "false", "null"):
                said = re.sub(r"\{(\w+)\}", r"(\1)", leaf)
                forms = (said, said.replace("_", " "), said.replace("_", " ").capitalize())
                assert any(form in shown for form in forms), (section, leaf)
