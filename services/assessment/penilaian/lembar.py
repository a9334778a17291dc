"""The sheet an atasan fills in: many people at once, read from a form, compared with what is recorded."""

from collections.abc import Sequence
from typing import Annotated, NamedTuple
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field

from services.assessment.penilaian import rules
from services.assessment.penilaian.commands import DaftarNilai, HasilDaftar, Nilai, NilaiPegawai, Tingkat
from services.assessment.penilaian.queries import Bawahan
from shared.errors import FieldError, InvalidInput
from shared.web import Form
from shared.web.routes import new_key

_ISI = ("hasil_kerja", "perilaku", "catatan")


def _angka(value: object) -> object:
    """A radio button's value as the number it stands for."""
    return int(value) if isinstance(value, str) and value.isdecimal() else value


class Baris(Nilai):
    """A rating as a form sends it: everything is text there."""

    hasil_kerja: Annotated[Tingkat, BeforeValidator(_angka)]
    perilaku: Annotated[Tingkat, BeforeValidator(_angka)]


class Lembar(BaseModel):
    """Rows of the sheet by person; what else a form holds is not of interest."""

    penilaian: dict[UUID, Baris] = Field(default_factory=dict)


class Perubahan(NamedTuple):
    """One row that would be recorded."""

    orang: Bawahan
    nilai: Nilai
    predikat: str


def nama(orang: Bawahan, isi: str) -> str:
    """The name of a row's field."""
    return f"penilaian/{orang.pegawai_id}/{isi}"


def lengkapi(form: Form | None, people: Sequence[Bawahan]) -> Form:
    """The sheet as it was filled in, and where nothing was, with the ratings given earlier."""
    shown = form or Form.blank()
    rows = {
        one.pegawai_id: {isi: getattr(one.penilaian, isi) for isi in _ISI} for one in people if one.penilaian
    }
    known = Form.blank({"penilaian": rows, "massal": {"hasil_kerja": 2, "perilaku": 2}})
    for name, values in known.values.items():
        shown.values.setdefault(name, values)
    return shown


def terapkan(form: Form, people: Sequence[Bawahan]) -> int:
    """Give everyone who was ticked the ratings chosen above the list; notes stay each person's own.

    Returns how many.
    """
    ticked = [one for one in people if str(one.pegawai_id) in form.chosen("pilih[]")]
    for one in ticked:
        for isi in ("hasil_kerja", "perilaku"):
            form.values[nama(one, isi)] = [form.value(f"massal/{isi}")]
    form.values.pop("pilih[]", None)
    return len(ticked)


def perubahan(form: Form, people: Sequence[Bawahan]) -> list[Perubahan]:
    """What differs from what is recorded, in list order. Raises InvalidInput naming wrong fields."""
    filled = {one.pegawai_id for one in people if any(form.value(nama(one, isi)).strip() for isi in _ISI)}
    rows = {
        name: values
        for name, values in form.values.items()
        if name.startswith("penilaian/") and any(name.startswith(f"penilaian/{one}/") for one in filled)
    }
    _periksa_orang(form, people)
    sheet = Form(values=rows).read(Lembar)
    found = []
    for one in people:
        nilai = sheet.penilaian.get(one.pegawai_id)
        if nilai is None or _sama(one, nilai):
            continue
        code = rules.predikat(nilai.hasil_kerja, nilai.perilaku)
        found.append(Perubahan(one, nilai, rules.PREDIKAT[code]))
    if not found:
        raise InvalidInput(
            "Belum ada penilaian baru atau yang berubah.",
            remedy="Pilih hasil kerja dan perilaku untuk satu orang atau lebih, lalu periksa lagi.",
        )
    return found


def _periksa_orang(form: Form, people: Sequence[Bawahan]) -> None:
    """Raises InvalidInput when somebody filled in is not on the list any more: nobody is lost in silence."""
    known = {str(one.pegawai_id) for one in people}
    gone = {
        name.split("/")[1]
        for name, values in form.values.items()
        if name.startswith("penilaian/") and any(value.strip() for value in values)
    } - known
    if gone:
        raise InvalidInput(
            f"{len(gone)} orang yang Anda isi tidak lagi Anda nilai pada bulan ini; isian lainnya tetap ada.",
            remedy="Periksa daftar di bawah, lalu lanjutkan. Bila keliru, hubungi pengelola kinerja OPD.",
        )


def _sama(orang: Bawahan, nilai: Nilai) -> bool:
    known = orang.penilaian
    return known is not None and all(getattr(known, isi) == getattr(nilai, isi) for isi in _ISI)


def daftar(changes: Sequence[Perubahan]) -> DaftarNilai:
    """The changes as the command takes them."""
    return DaftarNilai(
        penilaian=[NilaiPegawai(pegawai_id=one.orang.pegawai_id, **one.nilai.model_dump()) for one in changes]
    )


def ditolak(form: Form, hasil: HasilDaftar) -> Form:
    """The sheet once more, each refused row with its reason; what was recorded is not asked again."""
    form.key = new_key()
    wrong = [
        FieldError(
            f"/penilaian/{one.pegawai_id}/hasil_kerja",
            (one.masalah or "").rstrip("."),
            one.jalan_keluar or "",
        )
        for one in hasil.hasil
        if not one.tercatat
    ]
    form.problem = InvalidInput(
        f"{hasil.tercatat} penilaian disimpan, {hasil.ditolak} belum.",
        fields=wrong,
        remedy="Yang belum tersimpan, dengan sebabnya:",
    )
    return form
