"""The sentences of a slip: which words each kind of rule offers, and how a number reads.

A stored line carries only its code, its amount and its numbers (`angka`); the sentence is written from
the policy's template when somebody looks. The same policy version and the same numbers always give the
same sentence, byte for byte, so nothing is lost by writing it later.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from string import Formatter
from typing import Any

from services.tpp.kebijakan.model import (
    PREDIKAT,
    Aturan,
    Kebijakan,
    KomponenPersen,
    Menitan,
    Pita,
)
from services.tpp.kebijakan.quantities import tampil_persen, tampil_rupiah


def _bilangan(value: Any) -> str:
    return str(value)


def _hari(value: Any) -> str:
    return f"{value} hari"


def _kali(value: Any) -> str:
    return f"{value} kali"


def _daftar_menit(value: Any) -> str:
    return f"{', '.join(map(str, value))} menit"


def _predikat(value: Any) -> str:
    return str(PREDIKAT[value - 1]).replace("_", " ").title()


@dataclass(frozen=True, slots=True)
class Jenis:
    """A kind of rule: the numbers its line stores, in order, and the inputs it was decided by.

    `angka` and `masukan` give each word the way it is written; `tetap` are the words that are constants
    of the rule itself. `sumber` names the source event in the inputs that the line rests on.
    """

    sumber: str
    angka: Mapping[str, Callable[[Any], str]] = field(default_factory=dict)
    tetap: frozenset[str] = frozenset()
    masukan: Mapping[str, Callable[[Any], str]] = field(default_factory=dict)

    @property
    def words(self) -> frozenset[str]:
        """Every word a sentence of this kind may use."""
        return self.tetap | self.angka.keys() | self.masukan.keys() | {"jumlah"}


# How often, what each costs, and of which amount that is the percentage.
_POTONGAN = {"kali": _kali, "satuan": tampil_rupiah, "dasar": tampil_rupiah}

KOMPONEN_PERSEN = Jenis("pegawai", {"dasar": tampil_rupiah}, frozenset({"persen"}), {"kelas": _bilangan})
KOMPONEN_TETAP = Jenis("pegawai", tetap=frozenset({"nominal"}))
PLT = Jenis(
    "pegawai", {"kelas": _bilangan, "dasar": tampil_rupiah}, frozenset({"persen"}), {"plt_kelas": _bilangan}
)
STATUS = Jenis("pegawai", {"dasar": tampil_rupiah, "persen": tampil_persen}, masukan={"status": _bilangan})
PREDIKAT_LINE = Jenis(
    "predikat",
    {"bagian": tampil_rupiah, "persen": tampil_persen},
    frozenset({"bobot"}),
    {"predikat": _predikat},
)
DISIPLIN = Jenis(
    "kehadiran",
    {"bagian": tampil_rupiah},
    frozenset({"bobot"}),
    {"hadir": _hari, "cuti": _hari},
)
TERLAMBAT = Jenis(
    "kehadiran", _POTONGAN, frozenset({"persen", "pita", "rentang"}), {"terlambat": _daftar_menit}
)
PULANG_CEPAT = Jenis(
    "kehadiran", _POTONGAN, frozenset({"persen", "pita", "rentang"}), {"pulang_cepat": _daftar_menit}
)
TIDAK_HADIR = Jenis(
    "kehadiran",
    {"hari": _hari, "satuan": tampil_rupiah, "dasar": tampil_rupiah},
    frozenset({"persen"}),
    {"tanpa_keterangan": _hari},
)
TANPA_MASUK = Jenis("kehadiran", _POTONGAN, frozenset({"persen"}), {"tanpa_masuk": _kali})
TANPA_PULANG = Jenis("kehadiran", _POTONGAN, frozenset({"persen"}), {"tanpa_pulang": _kali})
BATAS = Jenis("kehadiran", {"potongan": tampil_rupiah, "batas": tampil_rupiah}, frozenset({"persen"}))
BPJS = Jenis(
    "gaji",
    {"gaji": tampil_rupiah, "dasar": tampil_rupiah},
    frozenset({"persen", "plafon"}),
    {"gaji": tampil_rupiah},
)
PAJAK = Jenis("pegawai", {"dasar": tampil_rupiah, "persen": tampil_persen}, masukan={"golongan": _bilangan})

WORDS_PENAHANAN = frozenset({"periode"})
"""Words of a hold's sentence."""


@dataclass(frozen=True, slots=True)
class Baku:
    """One rule that may write a line: its kind, its place in the document, its texts and constants."""

    kode: str
    jenis: Jenis
    loc: tuple[str | int, ...]
    nama: str
    pasal: str
    kalimat: str
    tetap: Mapping[str, str]
    pita: Pita | None = None

    def sentence(self, jumlah: int, angka: Sequence[int], masukan: Mapping[str, Any]) -> str:
        """The line in words: the template with its numbers, each written with its unit."""
        words = {name: show(self._of_this_line(masukan[name])) for name, show in self.jenis.masukan.items()}
        words |= {name: show(n) for (name, show), n in zip(self.jenis.angka.items(), angka, strict=True)}
        return self.kalimat.format_map({**words, **self.tetap, "jumlah": tampil_rupiah(abs(jumlah))})

    def _of_this_line(self, value: Any) -> Any:
        """Of a list of minutes, those of this line's band, sorted; anything else as it is."""
        if self.pita is None or not isinstance(value, tuple):
            return value
        highest = self.pita.tertinggi
        return sorted(n for n in value if self.pita.terendah <= n and (highest is None or n <= highest))


def rentang(pita: Pita) -> str:
    """A band in words: `1 sampai 30 menit`, `lebih dari 90 menit`."""
    if pita.tertinggi is None:
        return f"lebih dari {pita.terendah - 1} menit"
    return f"{pita.terendah} sampai {pita.tertinggi} menit"


def _pita(section: str, menitan: Menitan, jenis: Jenis) -> Iterator[Baku]:
    for place, pita in enumerate(menitan.pita):
        tetap = {"persen": tampil_persen(pita.potongan), "pita": pita.nama, "rentang": rentang(pita)}
        loc = ("disiplin", section, "pita", place)
        yield Baku(pita.kode, jenis, loc, pita.nama, menitan.pasal, menitan.kalimat, tetap, pita)


def _one(kode: str, jenis: Jenis, loc: tuple[str | int, ...], rule: Aturan, **tetap: str) -> Baku:
    return Baku(kode, jenis, loc, rule.nama, rule.pasal, rule.kalimat, tetap)


def daftar_aturan(k: Kebijakan) -> tuple[Baku, ...]:
    """Every rule of a policy that may write a line, in the order in which lines stand on the slip."""
    found: list[Baku] = []
    for place, c in enumerate(k.komponen):
        loc = ("komponen", place)
        if isinstance(c, KomponenPersen):
            found.append(_one(c.kode, KOMPONEN_PERSEN, loc, c, persen=tampil_persen(c.persen)))
        else:
            found.append(_one(c.kode, KOMPONEN_TETAP, loc, c, nominal=tampil_rupiah(c.nominal)))
    d, bobot = k.disiplin, k.bobot
    found.append(_one(k.plt.kode, PLT, ("plt",), k.plt, persen=tampil_persen(k.plt.persen)))
    found.append(_one(k.status.kode, STATUS, ("status",), k.status))
    produktivitas = tampil_persen(bobot.produktivitas)
    found.append(_one(k.predikat.kode, PREDIKAT_LINE, ("predikat",), k.predikat, bobot=produktivitas))
    found.append(_one(d.kode, DISIPLIN, ("disiplin",), d, bobot=tampil_persen(bobot.disiplin)))
    found.extend(_pita("terlambat", d.terlambat, TERLAMBAT))
    found.extend(_pita("pulang_cepat", d.pulang_cepat, PULANG_CEPAT))
    for name, jenis in (
        ("tidak_hadir", TIDAK_HADIR),
        ("tanpa_absen_masuk", TANPA_MASUK),
        ("tanpa_absen_pulang", TANPA_PULANG),
    ):
        event = getattr(d, name)
        found.append(_one(event.kode, jenis, ("disiplin", name), event, persen=tampil_persen(event.potongan)))
    batas = d.batas_sebulan
    loc_batas = ("disiplin", "batas_sebulan")
    found.append(_one(batas.kode, BATAS, loc_batas, batas, persen=tampil_persen(batas.paling_banyak)))
    if k.bpjs is not None:
        tetap = {"persen": tampil_persen(k.bpjs.persen), "plafon": tampil_rupiah(k.bpjs.plafon)}
        found.append(_one(k.bpjs.kode, BPJS, ("bpjs",), k.bpjs, **tetap))
    found.append(_one(k.pajak.kode, PAJAK, ("pajak",), k.pajak))
    return tuple(found)


def words_in(kalimat: str) -> list[str]:
    """The words in braces of a template. Raises ValueError for braces that hold more than a name."""
    names = []
    for _, name, spec, conversion in Formatter().parse(kalimat):
        if name is None:
            continue
        if spec or conversion or not name.isidentifier():
            raise ValueError(f"{{{name}}}")
        names.append(name)
    return names
