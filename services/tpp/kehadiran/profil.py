"""A mapping profile: how the file of a machine, vendor or application is read. A YAML document, not code.

It names the columns as the file calls them, the forms of dates and times, and the words for sickness or
leave. `harian`: one row a day. `ketukan`: one row each time somebody touched the machine; the first of a day
is coming, the last is going. `bulanan`: one row for a person's month, with what of it is one number.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from functools import lru_cache
from importlib.resources import files
from typing import Annotated, Literal, Self

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from services.tpp.bulanan.rules import NAMA as BULANAN
from services.tpp.kehadiran.rules import KALI, KALI_SEHARI, KETERANGAN, baca_kali
from shared.errors import FieldError, InvalidInput
from shared.http.problems import field_errors
from shared.tabular import Column, parse_date, parse_time

_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?))?(?:\.\d+)?")
_SAAT = datetime(2026, 10, 31, 16, 5, 9, tzinfo=UTC)
"""Tells day, month and both halves of the day apart."""
_SETENGAH = re.compile(r"\d{1,2}[.,]\d")
"""Half past seven for some, five past seven for others."""
_BENTUK = re.compile(r"(?:%[dmYyHIMSpbB]|[-/.,: T])+")

Judul = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=60)], ...], Field(min_length=1)]


def _bentuk(form: str) -> str:
    if not _BENTUK.fullmatch(form):
        raise ValueError(f"bentuk {form!r} tidak dikenal; pakai misalnya %d/%m/%Y atau %H:%M")
    return form


def _kode(code: str) -> str:
    if code not in KETERANGAN:
        raise ValueError(f"keterangan {code!r} tidak dikenal; ada A, S, C, DL, atau kosong")
    return code


Bentuk = Annotated[str, Field(min_length=2, max_length=40), AfterValidator(_bentuk)]
Kode = Annotated[str, AfterValidator(_kode)]


class _Bagian(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Kolom(_Bagian):
    """What the file calls each column; several names where versions of a machine differ."""

    nip: Judul
    tanggal: Judul | None = None
    masuk: Judul | None = None
    pulang: Judul | None = None
    keterangan: Judul | None = None
    absen_terlewat: Judul | None = None
    tanpa_apel: Judul | None = None
    tanpa_upacara: Judul | None = None
    waktu: Judul | None = None
    jam: Judul | None = None
    bulan: Judul | None = None
    menit_aktivitas: Judul | None = None
    hari_laporan: Judul | None = None
    ada_hasil: Judul | None = None
    pajak_luar: Judul | None = None


class Format(_Bagian):
    """Forms in which dates, times and both together are written, as `%d/%m/%Y`; ISO is always read."""

    tanggal: tuple[Bentuk, ...] = ()
    jam: tuple[Bentuk, ...] = ()
    waktu: tuple[Bentuk, ...] = ()


class Profil(_Bagian):
    """One way of reading a file."""

    bentuk: Literal[1]
    kode: Annotated[str, Field(pattern=r"^[a-z0-9-]{2,40}$")]
    nama: Annotated[str, Field(min_length=3, max_length=120)]
    sumber: tuple[str, ...] = Field(min_length=1)
    """What of this form was seen in practice, and what is assumed."""
    susunan: Literal["harian", "ketukan", "bulanan"]
    kolom: Kolom
    format: Format = Format()
    kosong: tuple[str, ...] = ()
    """Texts that say nothing: `-`, `--:--`."""
    keterangan: dict[str, Kode] = Field(default_factory=dict)
    """Words of the file -> A, S, C, DL, or empty for present."""
    kali: dict[str, Annotated[int, Field(ge=0, le=KALI_SEHARI)]] = Field(default_factory=dict)
    """Words of absen_terlewat, tanpa_apel and tanpa_upacara -> how often: `{Hadir: 0, Alpa: 1}`."""
    lewati: tuple[str, ...] = ()
    """Words for days that need no row: days off."""
    jarak_menit: int = Field(default=10, ge=0, le=240)
    """Touches nearer than this count as one."""
    satuan_aktivitas: Literal["menit", "jam"] = "menit"
    """What menit_aktivitas is written in: minutes, or hours as `112:30` and `112,5`."""

    @model_validator(mode="after")
    def _utuh(self) -> Self:
        k = self.kolom
        if self.susunan == "bulanan":
            return self._bulanan_utuh()
        if k.bulan or any(getattr(k, name) for name in BULANAN):
            raise ValueError(f"kolom bulan, {', '.join(BULANAN)} hanya untuk susunan bulanan")
        counts = any(getattr(k, name) for name in KALI)
        clock = bool(k.masuk and k.pulang) if k.masuk or k.pulang or k.keterangan else counts
        if self.susunan == "harian" and not (k.tanggal and clock):
            raise ValueError(
                "susunan harian memerlukan kolom tanggal, masuk, dan pulang; "
                f"atau tanggal dan salah satu dari {', '.join(KALI)}"
            )
        if self.susunan == "harian" and (k.waktu or k.jam):
            raise ValueError("kolom waktu dan jam hanya untuk susunan ketukan")
        if self.susunan == "ketukan" and bool(k.waktu) == bool(k.tanggal and k.jam):
            raise ValueError("susunan ketukan memerlukan kolom waktu, atau kolom tanggal dan jam")
        if self.susunan == "ketukan" and (k.masuk or k.pulang or k.keterangan or counts):
            raise ValueError("selain nip dan waktu, kolom hanya untuk susunan harian")
        return self

    def _bulanan_utuh(self) -> Self:
        own = ("nip", "bulan", *BULANAN)
        wrong = [name for name, titles in self.kolom if titles and name not in own]
        if wrong:
            raise ValueError(f"kolom {', '.join(wrong)} bukan untuk susunan bulanan")
        if not self.bulanan:
            raise ValueError(f"susunan bulanan memerlukan sedikitnya satu dari {', '.join(BULANAN)}")
        return self

    @property
    def bulanan(self) -> tuple[str, ...]:
        """The facts of a month that this form has columns for."""
        return tuple(name for name in BULANAN if getattr(self.kolom, name))

    @property
    def judul(self) -> list[Column]:
        """The columns to look for; the word for leave and counts beside clock times may be absent."""
        if self.susunan == "bulanan":
            return [
                Column(key, names[0], tuple(names[1:]), required=key == "nip", secret=key == "pajak_luar")
                for key in ("nip", "bulan", *BULANAN)
                if (names := getattr(self.kolom, key))
            ]
        # A list of apel alone has one of its columns at least; which one differs from list to list.
        optional = {"keterangan", *KALI}
        return [
            Column(key, names[0], tuple(names[1:]), required=key not in optional)
            for key in ("nip", "tanggal", "masuk", "pulang", "keterangan", *KALI, "waktu", "jam")
            if (names := getattr(self.kolom, key))
        ]

    def isi(self, text: str) -> str:
        """A cell's text; empty where the file says nothing."""
        return "" if text in self.kosong else text

    def baca_tanggal(self, text: str) -> date:
        """A day. Raises ValueError with the expected form."""
        return (
            _waktu(text, self.format.tanggal, "tanggal").date() if self.format.tanggal else parse_date(text)
        )

    def baca_jam(self, text: str) -> time:
        """A clock time. Raises ValueError with the expected form."""
        if not self.format.jam:
            return parse_time(text)
        if _SETENGAH.fullmatch(text):
            raise ValueError("menit ditulis dua angka, misalnya 07.30 atau 07.05")
        for form in self.format.jam:
            try:
                return datetime.strptime(text, form).replace(tzinfo=UTC).time()
            except ValueError:
                continue
        try:
            return parse_time(text)
        except ValueError as error:
            raise ValueError(f"bukan jam; profil ini membaca {_contoh(self.format.jam)}") from error

    def baca_kali(self, text: str) -> int:
        """How often. Raises ValueError with what may be written."""
        for known, count in self.kali.items():
            if known.casefold() == text.casefold():
                return count
        try:
            return baca_kali(text)
        except ValueError as error:
            if not self.kali:
                raise
            raise ValueError(f"tidak dikenal; profil ini membaca {', '.join(self.kali)}") from error

    def baca_waktu(self, text: str) -> datetime:
        """A day and a clock time of the region, in no real zone. Raises ValueError with the expected form."""
        return _waktu(text, self.format.waktu, "tanggal dan jam")

    def baca_keterangan(self, text: str) -> str | None:
        """Our code for a word; None for a day that needs no row. Raises ValueError for an unknown word."""
        word = text.casefold()
        if word in {one.casefold() for one in self.lewati}:
            return None
        for known, code in self.keterangan.items():
            if known.casefold() == word:
                return code
        if text.upper() in KETERANGAN:
            return text.upper()
        known = ", ".join([*self.keterangan, *self.lewati]) or "A, S, C, DL"
        raise ValueError(f"keterangan tidak dikenal profil {self.kode}; ada {known}")


def _waktu(text: str, forms: tuple[str, ...], apa: str) -> datetime:
    if match := _ISO.fullmatch(text):
        return datetime.fromisoformat(f"{match[1]}T{match[2] or '00:00'}+00:00")
    for form in forms:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise ValueError(f"bukan {apa}; profil ini membaca {_contoh(forms)}")


def _contoh(forms: tuple[str, ...]) -> str:
    """The first form, shown on a moment."""
    return _SAAT.strftime(forms[0]) if forms else "2026-10-31 16:05"


class ProfilTidakSah(InvalidInput):
    """A text that is no profile; `masalah` are its faults, each with its line (from 1), the first first."""

    def __init__(self, masalah: Sequence[tuple[int, str]]) -> None:
        self.masalah = tuple(sorted(masalah))
        told = [f"baris {line}: {reason}" for line, reason in self.masalah]
        super().__init__(
            f"Profil ini belum benar: {'; '.join(told)}",
            fields=[FieldError("/dokumen", one) for one in told],
            remedy="Perbaiki baris yang disebut, atau mulailah dari salah satu profil contoh.",
        )


@lru_cache(maxsize=64)
def baca(text: str) -> Profil:
    """A profile from its YAML. Raises ProfilTidakSah naming what is wrong, and on which line."""
    try:
        aliases = [one for one in yaml.scan(text) if isinstance(one, yaml.AliasToken)]
        if aliases:
            line = aliases[0].start_mark.line + 1
            raise ProfilTidakSah([(line, "alias YAML (*) tidak dipakai; tulis isinya langsung")])
        root, data = yaml.compose(text, Loader=yaml.SafeLoader), yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = "bukan YAML yang benar; periksa lekuk, titik dua, dan tanda kutip di sekitarnya"
        raise ProfilTidakSah([(mark.line + 1 if mark else 1, reason)]) from error
    except yaml.YAMLError as error:
        raise ProfilTidakSah([(1, "bukan YAML yang benar; ada karakter yang tidak boleh")]) from error
    try:
        return Profil.model_validate(data)
    except ValidationError as error:
        faults = zip(error.errors(include_url=False), field_errors(error.errors()), strict=True)
        raise ProfilTidakSah([_fault(root, fault["loc"], told) for fault, told in faults]) from error


def _fault(root: yaml.Node | None, loc: Sequence[str | int], told: FieldError) -> tuple[int, str]:
    """The line of the nearest part that the text has, and what is wrong there."""
    line, node = 1, root
    for part in loc:
        inner: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == part:
                    line, inner = key.start_mark.line + 1, value
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            inner = node.value[part]
            line = inner.start_mark.line + 1
        if inner is None:
            break
        node = inner
    where = ".".join(map(str, loc)) or "profil"
    return line, f"{where}: {told.reason}" + (f". {told.remedy}" if told.remedy else "")


BAKU = Profil(
    bentuk=1,
    kode="baku",
    nama="Bentuk baku",
    sumber=("bentuk e-Kinerja sendiri",),
    susunan="harian",
    kolom=Kolom(
        nip=("nip", "nip pegawai", "nomor induk pegawai"),
        tanggal=("tanggal", "tgl", "hari/tanggal"),
        masuk=("masuk", "jam masuk", "datang", "jam datang"),
        pulang=("pulang", "jam pulang"),
        keterangan=("keterangan", "ket", "ket."),
        absen_terlewat=("absen terlewat",),
        tanpa_apel=("tanpa apel",),
        tanpa_upacara=("tanpa upacara",),
    ),
    kosong=("-",),
    keterangan={
        "hadir": "",
        "tanpa keterangan": "A",
        "alpa": "A",
        "sakit": "S",
        "cuti": "C",
        "dinas luar": "DL",
    },
)
"""What is read without naming a profile."""

BAKU_BULANAN = Profil(
    bentuk=1,
    kode="baku",
    nama="Bentuk baku",
    sumber=("bentuk e-Kinerja sendiri",),
    susunan="bulanan",
    kolom=Kolom(
        nip=("nip", "nip pegawai", "nomor induk pegawai"),
        bulan=("bulan", "periode", "masa", "masa pajak"),
        menit_aktivitas=("menit aktivitas", "menit", "jumlah menit", "total menit", "waktu efektif"),
        hari_laporan=("hari laporan", "laporan harian", "hari lapor"),
        ada_hasil=("ada hasil", "hasil kerja"),
        pajak_luar=("pajak", "pph 21", "pph21", "pph pasal 21", "pph 21 terutang", "pajak luar"),
    ),
)
"""The same for facts of a month."""


@lru_cache(maxsize=1)
def bawaan() -> dict[str, str]:
    """The shipped profiles, as text by their code."""
    folder = files("services.tpp.kehadiran") / "profil"
    texts = [
        path.read_text(encoding="utf-8")
        for path in sorted(folder.iterdir(), key=lambda one: one.name)
        if path.name.endswith(".yaml")
    ]
    return {baca(text).kode: text for text in texts}
