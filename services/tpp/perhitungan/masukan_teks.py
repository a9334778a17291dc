"""Inputs as people write them, in a test pack or a CSV file: each fact by its name, with or without unit.

    hadir: 20              terlambat: 5, 40           hari_cuti: sakit=3, tahunan=2
    gaji: 4500000          predikat: baik             peran: bendahara, pptk:2026-01-01..2026-06-30
    skp_disetujui: ya      sanksi: ringan:2026-05     rapel: 2026-08=-150000
    terlambat: 3=40, 17=5 (where the day matters: 40 minutes on the 3rd, 5 on the 17th)

A fact that is not named, or has no value, is not known.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from services.tpp.kebijakan.fakta import HARI_SEBULAN, Fakta
from services.tpp.kebijakan.model import PREDIKAT, golongan_dari
from services.tpp.kebijakan.rumus import RumusSalah
from services.tpp.kebijakan.setahun import BAGIAN
from services.tpp.kebijakan.tipe import CONTOH_SATUAN, tetapan
from services.tpp.perhitungan.penafsir import JUTA
from services.tpp.perhitungan.rules import (
    HariKejadian,
    Kehadiran,
    Masukan,
    Peran,
    Sanksi,
    Segmen,
    Setahun,
)
from shared.period import Period

WAJIB = ("periode", "kelas", "status", "golongan")
"""Without these there is no person to calculate."""

LAIN = {
    "periode": "Bulan TPP, misalnya 2026-10",
    "predikat_dari": "Bulan yang predikatnya dipakai, bila bukan bulan TPP itu sendiri",
    "sanksi": "Sanksi disiplin: kode:2026-05, atau kode:2026-05..2026-10",
    "rapel": "Rapel: 2026-08=-150000",
    "rapel_iuran": "Koreksi iuran pemberi kerja bulan lalu: 2026-08:jkk_pemberi_kerja=-1500",
    "segmen": "Bagian bulan bila pindah jabatan",
}
"""Inputs that are no facts of a formula."""

_TURUNAN = ("golongan_ruang", "ada_plt", "bulan", "sanksi_terbesar", "sanksi_jumlah", "hari_kejadian")


_KEJADIAN = HariKejadian._fields
_TANGGAL = "tulis tanggal=menit bagi semuanya, misalnya 3=40, 17=5"


class Salah(NamedTuple):
    """What is wrong with a value: its name, why, and the way out."""

    kolom: str
    alasan: str
    perbaikan: str


class NilaiSalah(Exception):
    """A value that cannot be read: why, and the way out."""

    def __init__(self, alasan: str, perbaikan: str) -> None:
        super().__init__(alasan)
        self.alasan, self.perbaikan = alasan, perbaikan


def nama_masukan(fakta: Mapping[str, Fakta]) -> dict[str, str]:
    """Every name an input may have, with its meaning."""
    return {**LAIN, **{name: one.arti for name, one in fakta.items() if name not in _TURUNAN}}


def baca_teks(isi: Mapping[str, Any], fakta: Mapping[str, Fakta]) -> tuple[Masukan | None, list[Salah]]:
    """The inputs of one person, or everything that is wrong with them."""
    reader = _Pembaca({name: value for name, value in isi.items() if value not in (None, "")}, fakta)
    found = reader.semua()
    return (None if reader.salah else found), reader.salah


def baca_nilai(text: str, fact: Fakta) -> Any:
    """One value as people write it. Raises NilaiSalah."""
    return _BACA[fact.tipe](text, fact)


def isi_tambahan(value: Any, fact: Fakta) -> int | str | bool:
    """A value of a policy's own fact as the inputs keep it (`Masukan.tambahan`)."""
    return int(value * JUTA) if fact.tipe in ("persen", "bilangan") else value


class _Pembaca:
    def __init__(self, isi: Mapping[str, Any], fakta: Mapping[str, Fakta]) -> None:
        self.isi, self.fakta, self.salah = isi, fakta, list[Salah]()

    def semua(self) -> Masukan | None:
        known = nama_masukan(self.fakta)
        for name in self.isi:
            if name not in known:
                self._tambah(name, "nama ini tidak dikenal", "periksa ejaannya di daftar fakta, atau hapus")
        for name in WAJIB:
            if name not in self.isi:
                self._tambah(name, "belum diisi", f"isi {known[name].lower()}")
        facts = {name: self._satu(name, self.fakta[name]) for name in self.isi if name in self.fakta}
        periode = self._coba("periode", lambda text: Period.parse(text), "tulis misalnya 2026-10")
        usual = Masukan._field_defaults
        extra = {
            name: facts[name]
            for name in facts
            if name in usual and self.fakta[name].sumber != "tambahan" and facts[name] is not None
        }
        hari = self._hari_kejadian(facts)
        if self.salah or periode is None:
            self._kaya()
            return None
        return Masukan(
            periode=periode,
            kelas=facts["kelas"],
            status=facts["status"],
            golongan=self._golongan(str(facts["status"])),
            plt_kelas=facts.get("plt_kelas"),
            skp_disetujui=bool(facts.get("skp_disetujui", False)),
            predikat=facts.get("predikat"),
            kehadiran=self._kehadiran(facts),
            gaji=facts.get("gaji"),
            **{
                **extra,
                **self._kaya(),
                "setahun": self._setahun(facts),
                "tambahan": self._tambahan(facts),
                "hari_kejadian": hari,
            },
        )

    def _tambah(self, name: str, alasan: str, perbaikan: str) -> None:
        self.salah.append(Salah(name, alasan, perbaikan))

    def _coba(self, name: str, read: Callable[[Any], Any], remedy: str) -> Any:
        if name not in self.isi:
            return None
        try:
            return read(self.isi[name])
        except NilaiSalah as wrong:
            self._tambah(name, wrong.alasan, wrong.perbaikan)
            return None
        except (ValueError, TypeError, KeyError, AttributeError):
            self._tambah(name, f"{self.isi[name]!r} tidak terbaca", remedy)
            return None

    def _satu(self, name: str, fact: Fakta) -> Any:
        value = self.isi[name]
        try:
            found = _BACA[fact.tipe](value, fact)
        except NilaiSalah as wrong:
            self._tambah(name, wrong.alasan, wrong.perbaikan)
            return None
        if fact.domain and found not in fact.domain:
            self._tambah(name, f"{found!r} tidak dikenal", f"pilih salah satu: {', '.join(fact.domain)}")
        return found

    def _golongan(self, status: str) -> str:
        text = str(self.isi["golongan"]).strip()
        offered = [one for exact in golongan_dari(status).values() for one in exact]
        if text not in offered:
            kind = "IX" if status == "PPPK" else "III/a"
            self._tambah("golongan", f"{text!r} bukan golongan {status}", f"tulis misalnya {kind}")
        return text

    def _kehadiran(self, facts: Mapping[str, Any]) -> Kehadiran | None:
        given = {
            name: value for name, value in facts.items() if name in Kehadiran._fields and value is not None
        }
        if "hadir" not in given:
            if given:
                self._tambah(
                    "hadir",
                    "belum diisi, padahal ada data kehadiran lain",
                    "isi hari hadir; 0 bila tidak pernah",
                )
            return None
        start = {
            "cuti": 0,
            "tanpa_keterangan": 0,
            "terlambat": (),
            "pulang_cepat": (),
            "tanpa_masuk": 0,
            "tanpa_pulang": 0,
        }
        for name in _KEJADIAN:
            given[name] = tuple(minutes for minutes, _ in given.get(name, ()))
        return Kehadiran(**{**start, **given})

    def _hari_kejadian(self, facts: Mapping[str, Any]) -> HariKejadian | None:
        """The days of the minutes; None where they do not say any."""
        events = {name: facts.get(name) or () for name in _KEJADIAN}
        dated = {name: any(day for _, day in rows) for name, rows in events.items() if rows}
        if not any(dated.values()):
            return None
        for name, said in dated.items():
            if not said:
                self._tambah(name, "tanggalnya belum disebut, padahal yang lain disebut", _TANGGAL)
        return HariKejadian(*(tuple(day for _, day in rows) for rows in events.values()))

    def _setahun(self, facts: Mapping[str, Any]) -> Setahun | None:
        values = [facts.get(f"{name}_setahun") for name in BAGIAN]
        if all(value is None for value in values):
            return None
        bruto, pengurang, pajak = (value or 0 for value in values)
        return Setahun(bruto, pengurang, pajak)

    def _tambahan(self, facts: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
        own = {
            name: isi_tambahan(value, self.fakta[name])
            for name, value in facts.items()
            if self.fakta[name].sumber == "tambahan" and value is not None
        }
        return tuple(sorted(own.items()))

    def _kaya(self) -> dict[str, Any]:
        found = {
            "predikat_dari": self._coba("predikat_dari", Period.parse, "tulis misalnya 2026-09"),
            "sanksi": self._coba("sanksi", _sanksi, LAIN["sanksi"]),
            "rapel": self._coba("rapel", _rapel, LAIN["rapel"]),
            "rapel_iuran": self._coba("rapel_iuran", _rapel_iuran, LAIN["rapel_iuran"]),
            "segmen": self._coba(
                "segmen", _segmen, "tulis daftar dengan hari, hari_kerja, kelas, status, golongan"
            ),
        }
        if found["rapel"]:
            # As in a run: contributions of the month itself are those without what is put right of others.
            found["rapel_iuran"] = found["rapel_iuran"] or ()
        return {name: value for name, value in found.items() if value is not None}


def _potongan(value: Any) -> Iterator[str]:
    """The parts of a list, written `a, b` or as a list."""
    rows = value if isinstance(value, list | tuple) else str(value).replace(";", ",").split(",")
    yield from (str(one).strip() for one in rows if str(one).strip())


def _pasangan(value: Any, baca: Callable[[str], Any]) -> tuple[tuple[str, Any], ...]:
    if isinstance(value, Mapping):
        rows = [(str(key), str(one)) for key, one in value.items()]
    else:
        rows = [
            (key.strip(), one.strip()) for key, _, one in (part.partition("=") for part in _potongan(value))
        ]
    return tuple(sorted((key, baca(one)) for key, one in rows))


def _sanksi(value: Any) -> tuple[Sanksi, ...]:
    found = []
    for part in _potongan(value):
        kode, _, span = part.partition(":")
        first, _, last = span.partition("..")
        found.append(Sanksi(kode, Period.parse(first), Period.parse(last) if last else None))
    return tuple(sorted(found, key=lambda one: (one.mulai, one.kode)))


def _rapel(value: Any) -> tuple[tuple[Period, int], ...]:
    return tuple((Period.parse(month), amount) for month, amount in _pasangan(value, _rupiah_bertanda))


def _rapel_iuran(value: Any) -> tuple[tuple[Period, str, int], ...]:
    found = []
    for key, amount in _pasangan(value, _rupiah_bertanda):
        month, _, kode = key.partition(":")
        found.append((Period.parse(month), kode, amount))
    return tuple(found)


def _segmen(value: Any) -> tuple[Segmen, ...]:
    return tuple(Segmen(**row | {"kosong": _ya(row.get("kosong", False))}) for row in value)


def _rupiah_bertanda(text: str) -> int:
    return -_rupiah(text[1:]) if text.startswith("-") else _rupiah(text)


def _rupiah(text: str) -> int:
    found = _bersatuan(text, "rupiah")
    if found.denominator != 1:
        raise NilaiSalah(f"{text!r} bukan rupiah bulat", "tulis tanpa sen")
    return int(found)


def _bersatuan(value: Any, satuan: str) -> Fraction:
    """A quantity; a bare whole number is of the unit of its fact."""
    text = str(value).strip()
    if text.isdigit() and satuan != "persen":
        return Fraction(int(text))
    try:
        return tetapan(text, satuan)
    except RumusSalah as wrong:
        raise NilaiSalah(wrong.alasan, CONTOH_SATUAN[satuan]) from wrong


def _bulat(value: Any, fact: Fakta) -> Any:
    found = _bersatuan(value, fact.tipe)
    if fact.sumber == "tambahan" and fact.tipe in ("persen", "bilangan"):
        if (found * JUTA).denominator != 1:
            raise NilaiSalah(f"{value} lebih dari empat desimal persen", "bulatkan sampai 0,0001%")
        return found
    if found.denominator != 1:
        raise NilaiSalah(f"{value} bukan bilangan bulat", "tulis bilangan bulat")
    return int(found)


def _ya(value: Any, fact: Fakta | None = None) -> bool:
    text = str(value).strip().lower()
    if text not in ("ya", "tidak", "true", "false", "1", "0"):
        raise NilaiSalah(f"{value!r} bukan ya atau tidak", "tulis ya atau tidak")
    return text in ("ya", "true", "1")


def _predikat(value: Any, fact: Fakta) -> int:
    text = str(value).strip().lower().replace(" ", "_")
    if text.isdigit() and 1 <= int(text) <= len(PREDIKAT):
        return int(text)
    if text not in PREDIKAT:
        raise NilaiSalah(f"predikat {value!r} tidak dikenal", f"pilih salah satu: {', '.join(PREDIKAT)}")
    return PREDIKAT.index(text) + 1


def _menit(value: Any, fact: Fakta) -> tuple[tuple[int, int], ...]:
    """Minutes of each event with its day, 0 where none is said; in an order of their own."""
    if isinstance(value, Mapping):
        value = [f"{day}={minutes}" for day, minutes in value.items()]
    text = value.removesuffix("menit") if isinstance(value, str) else value
    found = []
    for part in _potongan(text):
        day, dated, minutes = part.rpartition("=")
        day = day.strip()
        if dated and not (day.isdigit() and 1 <= int(day) <= HARI_SEBULAN):
            raise NilaiSalah(f"{day!r} bukan tanggal 1 sampai {HARI_SEBULAN}", _TANGGAL)
        found.append((int(_bersatuan(minutes, "menit")), int(day) if dated else 0))
    if len({day > 0 for _, day in found}) > 1:
        raise NilaiSalah("sebagian menyebut tanggalnya, sebagian tidak", _TANGGAL)
    return tuple(sorted(found))


def _kamus(value: Any, fact: Fakta) -> tuple[tuple[str, int], ...]:
    unit = fact.tipe.removeprefix("kamus_")
    return _pasangan(value, lambda text: int(_bersatuan(text, unit)))


def _peran(value: Any, fact: Fakta) -> tuple[Peran, ...]:
    found = []
    try:
        for part in _potongan(value):
            kode, _, span = part.partition(":")
            first, _, last = span.partition("..")
            found.append(
                Peran(
                    kode,
                    date.fromisoformat(first) if first else date.min,
                    date.fromisoformat(last) if last else None,
                )
            )
    except ValueError as wrong:
        raise NilaiSalah(
            f"{value!r} tidak terbaca", "tulis kode, atau kode:2026-01-01..2026-06-30"
        ) from wrong
    return tuple(sorted(found))


_BACA: Mapping[str, Callable[[Any, Fakta], Any]] = {
    **dict.fromkeys(("rupiah", "persen", "bilangan", "menit", "hari", "kali"), _bulat),
    "teks": lambda value, fact: str(value).strip(),
    "ya_tidak": _ya,
    "predikat": _predikat,
    "daftar_menit": _menit,
    "kamus_hari": _kamus,
    "kamus_rupiah": _kamus,
    "daftar_kode": _peran,
}
