"""A profile of a file: which column holds what, in which order. A YAML document for each target, not code.

Shipped profiles lie in `profil/`; a file of the same name in `<EKINERJA_HOME>/profil/` takes its place, and
other names there are further profiles of the region.
"""

from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from shared.errors import InvalidInput, NotFound
from shared.period import MasaBayar, Period

TEKS = frozenset(
    {
        "nip", "periode", "bulan", "tahun", "opd_kode", "opd_nama", "golongan", "jabatan_nama",
        "jenis_jabatan", "eselon", "kelas", "status", "tanggal_lahir", "predikat", "nama_pegawai", "nama",
        "nik", "npwp", "ptkp", "alamat", "kode_bank", "nama_bank", "nomor_rekening",
    }
)  # fmt: skip
"""What a text column can show of a person. `nama_pegawai`: what the person is called, the NIP while that is
not known; `nama`: whose the account is, as the bank has it."""
RUPIAH = frozenset({"bruto", "potongan", "neto", "besaran"})
"""What an amount column can show. `besaran`: the sum of the criteria before predikat and discipline."""


class _Bagian(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Kolom(_Bagian):
    """One column: exactly one of `teks`, `rupiah`, `urutan`, `tetap`, `isian`, `persen`."""

    judul: str
    teks: str | None = None
    rupiah: str | None = None
    """A figure of the person, `kriteria.<name>`, `potongan.<name>` or `iuran.<name>`."""
    urutan: bool = False
    """The running number of the row."""
    tetap: str | int | None = None
    """The same in every row: text, or a number of rupiah."""
    isian: str | None = None
    """Asked for when the file is made, by this name."""
    persen: tuple[str, str] | None = None
    """The first figure as a percentage of the second, two decimals, half up."""
    peta: dict[str, str] = Field(default_factory=dict)
    """Other words for a text; what is not listed stays as it is."""
    wajib: bool = False
    """Without it the file is refused, naming whose it is."""
    lebar: int = Field(default=16, ge=3, le=80)

    @model_validator(mode="after")
    def _satu_isi(self) -> Self:
        kinds = [
            self.teks, self.rupiah, self.urutan or None, self.tetap, self.isian, self.persen,
        ]  # fmt: skip
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError(
                f"kolom {self.judul!r} harus punya tepat satu dari teks, rupiah, urutan, tetap, isian, persen"
            )
        if self.teks is not None and self.teks not in TEKS:
            raise ValueError(f"kolom {self.judul!r}: teks {self.teks!r} tidak dikenal; ada {sorted(TEKS)}")
        return self


class Cetak(_Bagian):
    """How a sheet is printed: landscape, as wide as the page, the names of columns and a title on each."""

    judul: str
    """The title; month and OPD are added."""
    tinggi: int = Field(default=30, ge=12, le=60)
    """Height of a row in points: people sign beside their name."""


class Profil(_Bagian):
    """A file: its form, whom it holds, and its columns."""

    bentuk: Literal[1]
    kode: Annotated[str, Field(pattern=r"^[a-z0-9-]{2,40}$")]
    nama: str
    jenis: Literal["xlsx", "csv", "xml"]
    hanya: Literal["dikunci", "dihitung"]
    """`dikunci`: the payments of locked OPDs; `dihitung`: everyone with a figure."""
    sumber: tuple[str, ...] = Field(min_length=1)
    """What of this form is law, practice or an assumption; shown to whoever makes the file."""
    lembar: str = "Data"
    kepala: bool = True
    """Whether the first row names the columns."""
    jumlah: bool = False
    """Whether the last row sums the amounts (XLSX and CSV)."""
    cetak: Cetak | None = None
    """XLSX only: for a list that is printed."""
    pemisah: Literal[",", ";", "\t"] = ";"
    akar: str = "Data"
    daftar: str = "Daftar"
    baris: str = "Baris"
    pembuka: tuple[Kolom, ...] = ()
    """XML only: elements before the list."""
    kriteria: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Name of a share -> criteria of TPP (`kriteria` of a policy's steps), or codes of lines that state none.
    The gross amount is divided in proportion to what their lines add."""
    kriteria_selebihnya: str = ""
    """The share of lines that belong to none of these; without it, such a line stops the file."""
    potongan: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Name of a deduction -> codes of the slip's lines. Together they must be all that was deducted."""
    iuran: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Name of what the region pays as employer -> codes of its lines. Together they must be all of it."""
    kolom: tuple[Kolom, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _utuh(self) -> Self:
        known = (
            RUPIAH
            | {f"kriteria.{name}" for name in self.kriteria}
            | {f"potongan.{name}" for name in self.potongan}
            | {f"iuran.{name}" for name in self.iuran}
        )
        used = [column.rupiah for column in self.kolom if column.rupiah is not None]
        used += [name for column in self.kolom for name in column.persen or ()]
        for name in used:
            if name not in known:
                raise ValueError(f"rupiah {name!r} tidak dikenal; ada {sorted(known)}")
        if self.kriteria_selebihnya and self.kriteria_selebihnya not in self.kriteria:
            raise ValueError("kriteria_selebihnya harus salah satu nama di kriteria")
        if "besaran" in used and not self.kriteria:
            raise ValueError("besaran memerlukan kriteria")
        if self.pembuka and self.jenis != "xml":
            raise ValueError("pembuka hanya untuk jenis xml")
        if self.cetak and self.jenis != "xlsx":
            raise ValueError("cetak hanya untuk jenis xlsx")
        return self

    @property
    def isian(self) -> list[str]:
        """What has to be given when the file is made."""
        return sorted({one.isian for one in (*self.pembuka, *self.kolom) if one.isian})

    def isian_untuk(self, masa: MasaBayar) -> list[str]:
        """As `isian`, for what is paid: an extra payment is no month of the calendar, so a file that names
        one asks for the month it is taxed in (`masa_pajak`, `2026-06`)."""
        dated = any(one.teks in ("bulan", "tahun") for one in (*self.pembuka, *self.kolom))
        return [*self.isian, *([MASA_PAJAK] if dated and not isinstance(masa, Period) else [])]


MASA_PAJAK = "masa_pajak"


def baca(text: str) -> Profil:
    """A profile from its YAML. Raises InvalidInput naming what is wrong."""
    try:
        return Profil.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise InvalidInput(f"Profil berkas ini bukan YAML yang benar: {error}") from error
    except ValidationError as error:
        reasons = "; ".join(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors(include_url=False)
        )
        raise InvalidInput(f"Profil berkas ini belum benar: {reasons}") from error


@lru_cache(maxsize=64)
def _terbaca(path: Path, changed: int) -> Profil:
    return baca(path.read_text(encoding="utf-8"))


def semua(folder: Path) -> dict[str, Profil]:
    """Every profile by its code: the shipped ones, and those of the region's folder over them."""
    found: dict[str, Profil] = {}
    for place in (Path(str(files("services.tpp.ekspor") / "profil")), folder):
        for path in sorted(place.glob("*.yaml")):
            profil = _terbaca(path, path.stat().st_mtime_ns)
            found[profil.kode] = profil
    return found


def satu(folder: Path, kode: str) -> Profil:
    """One profile. Raises NotFound naming those there are."""
    known = semua(folder)
    if kode not in known:
        raise NotFound(
            f"Tidak ada profil berkas bernama {kode}.",
            remedy=f"Pilih salah satu: {', '.join(sorted(known))}.",
        )
    return known[kode]
