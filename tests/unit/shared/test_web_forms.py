"""Forms: names that nest, rows that close ranks, and what comes back is what went out."""

from typing import Any

import pytest
from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field
from starlette.datastructures import FormData

from shared.errors import InvalidInput
from shared.web import Form


class Butir(BaseModel):
    """A row."""

    nama: str = Field(min_length=2)
    isi: list[int] = Field(default_factory=list)


class Daftar(BaseModel):
    """A form."""

    judul: str
    catatan: str | None = None
    butir: list[Butir] = Field(min_length=1)


def sent(pairs: list[tuple[str, str]]) -> Form:
    """A form as its POST would bring it."""
    request = Request({"type": "http", "state": {"form": FormData([*pairs]), "form_key": "kunci-kunci"}})
    return Form.sent(request)


def pairs(data: dict[str, Any]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in Form.blank(data).values.items() for value in values]


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Z")), min_size=2, max_size=8)
ROWS = st.builds(Butir, nama=WORDS, isi=st.lists(st.integers(0, 99), max_size=3))


@given(st.builds(Daftar, judul=WORDS, catatan=WORDS, butir=st.lists(ROWS, min_size=1, max_size=4)))
def test_what_goes_out_comes_back(daftar: Daftar) -> None:
    assert sent(pairs(daftar.model_dump())).read(Daftar) == daftar


def test_a_removed_row_leaves_no_gap_and_errors_point_at_what_is_shown() -> None:
    form = sent([("judul", "a"), ("butir/0/nama", "satu"), ("butir/3/nama", "x"), ("_aksi", "hapus:butir/0")])
    assert form.count("butir") == 2
    assert form.editing()
    assert form.count("butir") == 1
    with pytest.raises(InvalidInput) as refused:
        form.read(Daftar)
    assert [error.pointer for error in refused.value.fields] == ["/butir/0/nama"]
    assert form.refused(refused.value).error("butir/0/nama") is not None
    assert form.value("butir/0/nama") == "x"


def test_an_added_row_counts_and_is_told_when_left_empty() -> None:
    form = sent([("judul", "a"), ("butir/0/nama", "satu"), ("_aksi", "tambah:butir")])
    assert form.editing()
    assert form.count("butir") == 2
    with pytest.raises(InvalidInput) as refused:
        form.read(Daftar)
    assert [error.pointer for error in refused.value.fields] == ["/butir/1/nama"]


@pytest.mark.parametrize(
    "names",
    [
        ("a", "a/b"),
        ("a/b", "a"),
        ("a/0", "a"),
        ("", "/"),
        ("/", "//"),
        ("butir/x/nama",),
        ("butir[]", "butir/0"),
        ("butir/0/" * 5000,),
    ],
)
def test_made_up_names_are_refused_or_ignored_never_a_fault(names: tuple[str, ...]) -> None:
    form = sent([(name, "isi") for name in names])
    with pytest.raises(InvalidInput):
        form.read(Daftar)
