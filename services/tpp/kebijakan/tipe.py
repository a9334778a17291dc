"""Units and meaning of formulas: every name known, every unit right, nothing divided by what can be zero.

A formula read by `rumus` becomes a tree of `Simpul` in which each node knows its unit, the least and the
most it can come to, and the facts and steps it rests on. The engine and the interpreter both work on it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

from services.tpp.kebijakan.fakta import Fakta
from services.tpp.kebijakan.model import PREDIKAT
from services.tpp.kebijakan.rumus import (
    Ambil,
    Nama,
    Panggil,
    Rumus,
    RumusSalah,
    Tetap,
    baca_rumus,
    periksa_kebiasaan,
)

Batas = Fraction | None
"""An end of what a value can be; None is without end."""

NOL = Fraction(0)
ANGKA = ("rupiah", "persen", "bilangan", "menit", "hari", "kali")
HITUNGAN = ("menit", "hari", "kali")
TERKECIL = {"rupiah": Fraction(1), "persen": Fraction(1, 10_000)}
"""What rounding leaves by itself: whole rupiah, hundredths of a percent, whole units of everything else."""

PEMBAGI_NOL = "pembagi dapat bernilai nol"

TOTAL = ("bruto", "potongan", "neto")
"""What the lines so far come to."""

TAMPIL_SATUAN = {
    "ya_tidak": "ya/tidak", "daftar_menit": "daftar menit", "kamus_hari": "hari menurut jenis",
    "kamus_rupiah": "rupiah menurut kode", "daftar_kode": "daftar kode", "daftar_hari": "daftar tanggal",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Simpul:
    """A node: what it does (`op`) with its children, its unit and limits, and what it rests on."""

    op: str
    tipe: str
    anak: "tuple[Simpul, ...]" = ()
    isi: Any = None
    lo: Batas = None
    hi: Batas = None
    fakta: frozenset[str] = frozenset()
    langkah: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PitaSiap:
    """A band with exact ends; an end that is None is open without limit."""

    kode: str
    nama: str
    bawah: Batas
    termasuk_bawah: bool
    atas: Batas
    termasuk_atas: bool
    nilai: Fraction

    def memuat(self, value: Fraction) -> bool:
        """Whether a value falls in it."""
        above = self.bawah is None or value > self.bawah or (self.termasuk_bawah and value == self.bawah)
        return above and self.sampai_sini(value)

    def sampai_sini(self, value: Fraction) -> bool:
        """Whether a value lies below its upper end."""
        return self.atas is None or value < self.atas or (self.termasuk_atas and value == self.atas)


@dataclass(frozen=True, slots=True)
class TabelSiap:
    """A table with exact values: by keys (`baris`), by bands of a quantity, or progressive."""

    kode: str
    nama: str
    pasal: str
    satuan: str
    oleh: tuple[str, ...] = ()
    jenis_kunci: tuple[str, ...] = ()
    baris: Mapping[tuple[str | int, ...], Fraction] = field(default_factory=dict)
    lainnya: Fraction | None = None
    menurut: str = ""
    toleransi: Fraction | None = None
    pita: tuple[PitaSiap, ...] = ()
    lapisan: tuple[tuple[Batas, Fraction], ...] = ()

    @property
    def bentuk(self) -> str:
        """`isi`, `pita` or `lapisan`."""
        return "pita" if self.pita else "lapisan" if self.lapisan else "isi"

    def menurut_pita(self, value: Fraction) -> Fraction:
        """What the band of a value says; nothing within the tolerance, or below zero.

        Bands of whole units may go from 30 to 31: half an hour and a bit is more than 30, so it is the next.
        """
        if value < 0 or (self.toleransi is not None and value <= self.toleransi):
            return NOL
        return next(one.nilai for one in self.pita if one.sampai_sini(value))

    def nilai(self) -> Iterator[Fraction]:
        """Every value it can give."""
        yield from self.baris.values()
        if self.lainnya is not None:
            yield self.lainnya
        yield from (one.nilai for one in self.pita)
        if self.toleransi is not None:
            yield NOL
        yield from (rate for _, rate in self.lapisan)


@dataclass(slots=True)
class Lingkungan:
    """What a formula may speak of at its place: facts, tables, and the steps before it."""

    fakta: Mapping[str, Fakta]
    tabel: Mapping[str, TabelSiap]
    langkah: dict[str, Simpul] = field(default_factory=dict)
    nanti: frozenset[str] = frozenset()
    sendiri: str = ""
    dijamin: frozenset[str] = frozenset()
    kata: Mapping[str, Simpul] = field(default_factory=dict)
    total: bool = True

    def dengan(self, **change: Any) -> "Lingkungan":
        """The same with something more."""
        known = {name: getattr(self, name) for name in self.__slots__}
        return Lingkungan(**{**known, **change})

    def nama_dikenal(self) -> list[str]:
        """Every name that can stand in a formula here."""
        totals = TOTAL if self.total else ()
        return sorted({*self.fakta, *self.tabel, *self.langkah, *totals, *self.kata})


def terbaca(text: str, di: Lingkungan) -> Simpul:
    """The typed tree of a formula. Raises RumusSalah with reason and remedy."""
    try:
        return _simpul(baca_rumus(text), di)
    except RumusSalah:
        periksa_kebiasaan(text)
        raise


def tetapan(text: str, satuan: str) -> Fraction:
    """A constant of this unit. Raises RumusSalah for anything else."""
    found = terbaca(text, Lingkungan({}, {}))
    if found.tipe != satuan or found.fakta or found.langkah or found.lo is None or found.lo != found.hi:
        raise RumusSalah(f"{text!r} bukan {nama_satuan(satuan)}", CONTOH_SATUAN[satuan])
    return found.lo


CONTOH_SATUAN = {
    "rupiah": "tulis rupiah dengan satuannya, misalnya Rp 2.500.000",
    "persen": "tulis dengan tanda persen, misalnya 60% atau 1,25%",
    "bilangan": "tulis bilangan tanpa satuan, misalnya 0,59112978",
    "menit": "tulis dengan satuannya, misalnya 30 menit",
    "hari": "tulis dengan satuannya, misalnya 3 hari",
    "kali": "tulis dengan satuannya, misalnya 2 kali",
    "ya_tidak": "tulis perbandingan, misalnya hadir > 0 hari",
}


def nama_satuan(satuan: str) -> str:
    """A unit as people call it."""
    return TAMPIL_SATUAN.get(satuan, satuan)


def _kumpul(anak: Iterable[Simpul]) -> tuple[frozenset[str], frozenset[str]]:
    parts = tuple(anak)
    return (
        frozenset().union(*(one.fakta for one in parts)),
        frozenset().union(*(one.langkah for one in parts)),
    )


def _baru(
    op: str, tipe: str, anak: tuple[Simpul, ...], lo: Batas = None, hi: Batas = None, isi: Any = None
) -> Simpul:
    fakta, langkah = _kumpul(anak)
    return Simpul(op, tipe, anak, isi, lo, hi, fakta, langkah)


_LEMBAR_KERJA = {
    "if": "jika(syarat; a; b)", "max": "maks(a; b)", "min": "min(a; b)", "sum": "a + b + c",
    "round": "setengah_ke_atas(a)", "rounddown": "ke_bawah(a)", "roundup": "ke_atas(a)", "int": "ke_bawah(a)",
    "iferror": "bagi(a; b; nilai bila b nol)", "and": "a dan b", "or": "a atau b", "not": "bukan a",
    "vlookup": "tabel[kunci]",
}  # fmt: skip
"""Functions of spreadsheets, and what they are called in a policy."""


def _simpul(tree: Rumus, di: Lingkungan) -> Simpul:
    if isinstance(tree, Tetap):
        value = tree.nilai
        ends = (value, value) if isinstance(value, Fraction) else (None, None)
        return Simpul("tetap", tree.tipe, isi=value, lo=ends[0], hi=ends[1])
    if isinstance(tree, Nama):
        return _nama(tree.nama, di)
    if isinstance(tree, Ambil):
        return _ambil(tree, di)
    special = _KHUSUS.get(tree.fungsi)
    if special is not None:
        return special(tree, di)
    if tree.fungsi not in _BIASA:
        offered = ", ".join(sorted([*(name for name in _BIASA if name.isalpha() or "_" in name), *_KHUSUS]))
        ours = _LEMBAR_KERJA.get(tree.fungsi.lower())
        remedy = f"di sini ditulis {ours}" if ours else f"pilih salah satu: {offered}"
        raise RumusSalah(f"fungsi {tree.fungsi} tidak dikenal", remedy)
    return _BIASA[tree.fungsi](tree.fungsi, tuple(_simpul(one, di) for one in tree.isi))


def _nama(nama: str, di: Lingkungan) -> Simpul:
    if nama in di.kata:
        return di.kata[nama]
    if nama in di.langkah:
        step = di.langkah[nama]
        return Simpul("langkah", step.tipe, isi=nama, lo=step.lo, hi=step.hi, langkah=frozenset({nama}))
    if nama in TOTAL and di.total:
        return Simpul("total", "rupiah", isi=nama, lo=NOL, langkah=frozenset({nama}))
    if nama in di.fakta:
        fact = di.fakta[nama]
        if fact.bila and fact.bila not in di.dijamin:
            raise RumusSalah(f"{nama} hanya ada bila {fact.bila}", f"tulis bila: {fact.bila} di langkah ini")
        if fact.tipe == "daftar_hari":
            raise RumusSalah(
                f"{nama} tidak dapat dihitung", f"pakai tidak_ada({nama}), atau batas dengan sehari"
            )
        return Simpul("fakta", fact.tipe, isi=nama, lo=fact.lo, hi=fact.hi, fakta=frozenset({nama}))
    if nama in di.tabel:
        table = di.tabel[nama]
        if table.bentuk != "isi" or not table.oleh:
            raise RumusSalah(
                f"tabel {nama} belum disebut kuncinya", f"tulis {nama}[…] dengan nilai yang dicari"
            )
        if "peran" in table.oleh:
            raise RumusSalah(
                f"tabel {nama} menurut peran, dan orang dapat berperan lebih dari satu",
                f"tulis terbesar({nama}) atau semua({nama})",
            )
        return _cari(table, tuple(_nama(one, di) for one in table.oleh))
    raise _tidak_dikenal(nama, di)


def _tidak_dikenal(nama: str, di: Lingkungan) -> RumusSalah:
    if nama == di.sendiri:
        return RumusSalah(
            f"{nama} memakai dirinya sendiri (berputar)", "pakai langkah lain, atau hapus dari rumus ini"
        )
    if nama in di.nanti:
        return RumusSalah(
            f"{nama} baru dihitung sesudah langkah ini",
            f"pindahkan langkah {nama} ke atas; bila {nama} juga memakai langkah ini, keduanya berputar",
        )
    if nama in TOTAL:
        return RumusSalah(f"{nama} belum dihitung di sini", "pakai fakta atau tabel")
    close = get_close_matches(nama, di.nama_dikenal(), n=1)
    remedy = f"maksudnya {close[0]}?" if close else "pakai nama fakta, tabel, atau langkah di atasnya"
    return RumusSalah(f"nama {nama} tidak dikenal", remedy)


def _ambil(tree: Ambil, di: Lingkungan) -> Simpul:
    fact = di.fakta.get(tree.nama)
    if fact is not None and fact.tipe in ("kamus_hari", "kamus_rupiah"):
        if len(tree.kunci) != 1 or not isinstance(tree.kunci[0], Tetap) or tree.kunci[0].tipe != "teks":
            raise RumusSalah(f"kunci {tree.nama} harus ditulis langsung", f"misalnya {tree.nama}.sakit")
        unit = fact.tipe.removeprefix("kamus_")
        isi = (tree.nama, tree.kunci[0].nilai)
        return Simpul("kamus", unit, isi=isi, lo=fact.lo, hi=fact.hi, fakta=frozenset({tree.nama}))
    table = di.tabel.get(tree.nama)
    if table is None:
        if fact is not None or tree.nama in di.langkah:
            raise RumusSalah(f"{tree.nama} bukan tabel", f"tulis {tree.nama} saja")
        raise _tidak_dikenal(tree.nama, di)
    return _cari(table, tuple(_simpul(one, di) for one in tree.kunci))


def _cari(table: TabelSiap, keys: tuple[Simpul, ...]) -> Simpul:
    values = list(table.nilai())
    lo, hi = min(values), max(values)
    if table.bentuk == "lapisan":
        raise RumusSalah(
            f"tabel {table.kode} berlapis", f"tulis berjenjang({table.kode}; nilai yang dikenai)"
        )
    if table.bentuk == "pita":
        if len(keys) != 1 or keys[0].tipe != table.menurut:
            raise RumusSalah(
                f"tabel {table.kode} menurut {nama_satuan(table.menurut)}, bukan "
                f"{', '.join(nama_satuan(one.tipe) for one in keys)}",
                f"tulis {table.kode}[nilai dalam {nama_satuan(table.menurut)}]",
            )
        return _baru("pita", table.satuan, keys, lo, hi, table.kode)
    if len(keys) != len(table.oleh):
        raise RumusSalah(
            f"tabel {table.kode} menurut {', '.join(table.oleh)}; yang ditulis {len(keys)} kunci",
            f"tulis {table.kode}[{'; '.join(table.oleh)}]",
        )
    kinds = table.jenis_kunci
    keys = tuple(_kata_predikat(key, Simpul("fakta", kind)) for key, kind in zip(keys, kinds, strict=True))
    for name, kind, key in zip(table.oleh, table.jenis_kunci, keys, strict=True):
        if key.tipe != kind:
            raise RumusSalah(
                f"kunci {name} tabel {table.kode} adalah {nama_satuan(kind)}, bukan {nama_satuan(key.tipe)}",
                f"pakai nilai {nama_satuan(kind)}",
            )
    if all(key.op == "tetap" for key in keys):
        exact = tuple(kunci(key.isi) for key in keys)
        if exact not in table.baris and table.lainnya is None:
            offered = ", ".join("; ".join(map(str, row)) for row in list(table.baris)[:12])
            raise RumusSalah(
                f"{'; '.join(map(str, exact))} tidak ada di tabel {table.kode}", f"yang ada: {offered}"
            )
        lo = hi = table.baris.get(exact, table.lainnya or NOL)
    return _baru("tabel", table.satuan, keys, lo, hi, table.kode)


def kunci(value: Fraction | str | bool) -> str | int:
    """A value as key of a table."""
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else str(value)
    return str(value)


# Operations, functions


def _sama(apa: str, nodes: tuple[Simpul, ...]) -> str:
    units = list(dict.fromkeys(one.tipe for one in nodes))
    if len(units) > 1:
        names = " dan ".join(nama_satuan(one) for one in units[:2])
        bare = "bilangan" in units
        remedy = next(
            (CONTOH_SATUAN[one] for one in units if bare and one in CONTOH_SATUAN and one != "bilangan"), ""
        )
        raise RumusSalah(f"satuan campur: {apa} antara {names}", remedy or "samakan satuannya")
    return units[0]


def _angka(apa: str, nodes: tuple[Simpul, ...]) -> None:
    for one in nodes:
        if one.tipe not in ANGKA:
            raise RumusSalah(
                f"{nama_satuan(one.tipe)} tidak dapat {apa}", "pakai nilai berupa bilangan bersatuan"
            )


def _tambah(op: str, nodes: tuple[Simpul, ...]) -> Simpul:
    a, b = nodes
    _angka("ditambah atau dikurangi", nodes)
    unit = _sama("penjumlahan" if op == "+" else "pengurangan", nodes)
    if op == "+":
        lo = None if a.lo is None or b.lo is None else a.lo + b.lo
        hi = None if a.hi is None or b.hi is None else a.hi + b.hi
    else:
        lo = None if a.lo is None or b.hi is None else a.lo - b.hi
        hi = None if a.hi is None or b.lo is None else a.hi - b.lo
    return _baru(op, unit, nodes, lo, hi)


def _kali(op: str, nodes: tuple[Simpul, ...]) -> Simpul:
    _angka("dikalikan", nodes)
    a, b = nodes
    unit = _satuan_kali(a.tipe, b.tipe)
    if not unit:
        raise RumusSalah(
            f"{nama_satuan(a.tipe)} x {nama_satuan(b.tipe)} tidak berarti",
            "kalikan dengan persen, bilangan, atau banyaknya (hari, kali, menit)",
        )
    return _baru(op, unit, nodes, *_batas_kali(a, b))


def kalikan(a: Simpul, b: Simpul) -> Simpul:
    """The product of two nodes. Raises RumusSalah when their units do not multiply."""
    return _kali("*", (a, b))


def _satuan_kali(a: str, b: str) -> str:
    if a == "bilangan":
        return b
    if b == "bilangan":
        return a
    if a == "persen":
        return "persen" if b in HITUNGAN else b
    if b == "persen":
        return "persen" if a in HITUNGAN else a
    if "rupiah" in (a, b) and a != b:
        return "rupiah"
    return ""


def _batas_kali(a: Simpul, b: Simpul) -> tuple[Batas, Batas]:
    if a.lo is not None and a.lo >= 0 and b.lo is not None and b.lo >= 0:
        if a.hi == 0 or b.hi == 0:
            return NOL, NOL
        return a.lo * b.lo, None if a.hi is None or b.hi is None else a.hi * b.hi
    if a.lo is None or a.hi is None or b.lo is None or b.hi is None:
        return None, None
    corners = [x * y for x in (a.lo, a.hi) for y in (b.lo, b.hi)]
    return min(corners), max(corners)


def _bagi(op: str, nodes: tuple[Simpul, ...]) -> Simpul:
    a, b = nodes
    _angka("dibagi", nodes)
    if not ((b.lo is not None and b.lo > 0) or (b.hi is not None and b.hi < 0)):
        raise RumusSalah(PEMBAGI_NOL, "tulis bagi(yang dibagi; pembagi; nilai bila pembagi nol)")
    return _hasil_bagi(op, a, b, (a, b))


def _hasil_bagi(op: str, a: Simpul, b: Simpul, nodes: tuple[Simpul, ...]) -> Simpul:
    if a.tipe == b.tipe:
        unit = "bilangan" if a.tipe in ("persen", "bilangan") else "persen"
    elif b.tipe in ("bilangan", "persen") or (b.tipe in HITUNGAN and a.tipe in ("rupiah", "persen")):
        unit = a.tipe
    else:
        raise RumusSalah(
            f"{nama_satuan(a.tipe)} / {nama_satuan(b.tipe)} tidak berarti",
            "bagi dengan satuan yang sama, atau dengan bilangan",
        )
    lo: Batas = None
    hi: Batas = None
    if a.lo is not None and a.lo >= 0 and b.lo is not None and b.lo >= 0:
        lo = NOL if b.hi is None else a.lo / b.hi if b.hi else NOL
        hi = a.hi / b.lo if a.hi is not None and b.lo > 0 else None
    return _baru(op, unit, nodes, lo, hi)


def _bagi_aman(op: str, nodes: tuple[Simpul, ...]) -> Simpul:
    _banyaknya("bagi", nodes, 3)
    a, b, otherwise = nodes
    _angka("dibagi", nodes)
    found = _hasil_bagi(op, a, b, nodes)
    _sama("hasil bagi dan nilai bila nol", (found, otherwise))
    return _baru(op, found.tipe, nodes, *_gabung(found, otherwise))


def _gabung(a: Simpul, b: Simpul) -> tuple[Batas, Batas]:
    lo = None if a.lo is None or b.lo is None else min(a.lo, b.lo)
    hi = None if a.hi is None or b.hi is None else max(a.hi, b.hi)
    return lo, hi


def _negatif(op: str, nodes: tuple[Simpul, ...]) -> Simpul:
    (a,) = nodes
    _angka("dinegatifkan", nodes)
    return _baru(op, a.tipe, nodes, None if a.hi is None else -a.hi, None if a.lo is None else -a.lo)


def _banyaknya(nama: str, nodes: tuple[Any, ...], least: int, most: int | None = None) -> None:
    if len(nodes) < least or len(nodes) > (least if most is None else most):
        raise RumusSalah(
            f"isi {nama} {len(nodes)}, seharusnya {least}" + (f" sampai {most}" if most else ""),
            "pisahkan isinya dengan titik koma (;)",
        )


def _min_maks(op: str, nodes: tuple[Simpul, ...]) -> Simpul:
    _banyaknya(op, nodes, 2, 12)
    _angka("dibandingkan", nodes)
    unit = _sama(op, nodes)
    found = nodes[0]
    for one in nodes[1:]:
        los, his = [found.lo, one.lo], [found.hi, one.hi]
        if op == "maks":
            lo = max((x for x in los if x is not None), default=None)
            hi = None if None in his else max(x for x in his if x is not None)
        else:
            lo = None if None in los else min(x for x in los if x is not None)
            hi = min((x for x in his if x is not None), default=None)
        found = _baru(op, unit, (found, one), lo, hi)
    return found


def _bulat(op: str, nodes: tuple[Simpul, ...]) -> Simpul:
    _banyaknya(op, nodes, 1, 2)
    _angka("dibulatkan", nodes)
    step = TERKECIL.get(nodes[0].tipe, Fraction(1))
    if len(nodes) == 2:
        _sama("pembulatan dan kelipatannya", nodes)
        if nodes[1].op != "tetap" or not nodes[1].isi > 0:
            raise RumusSalah(
                "kelipatan pembulatan harus nilai tetap di atas nol", "misalnya Rp 100 atau 0,01%"
            )
        step = nodes[1].isi
    lo = None if nodes[0].lo is None else nodes[0].lo // step * step
    hi = None if nodes[0].hi is None else -(-nodes[0].hi // step) * step
    return _baru("bulat", nodes[0].tipe, nodes[:1], lo, hi, (op, step))


def _banding(op: str, nodes: tuple[Simpul, ...]) -> Simpul:
    a, b = (_kata_predikat(one, other) for one, other in (nodes, nodes[::-1]))
    unit = _sama("perbandingan", (a, b))
    if unit not in ANGKA and (op not in ("=", "<>") or unit not in ("teks", "predikat", "ya_tidak")):
        raise RumusSalah(f"{nama_satuan(unit)} tidak dapat dibandingkan dengan {op}", "pakai = atau <>")
    return _baru(op, "ya_tidak", (a, b))


def _kata_predikat(one: Simpul, other: Simpul) -> Simpul:
    """A written text beside a predikat is a predikat."""
    if other.tipe != "predikat" or one.op != "tetap" or one.tipe != "teks":
        return one
    if one.isi not in PREDIKAT:
        raise RumusSalah(f"predikat {one.isi!r} tidak dikenal", f"pilih salah satu: {', '.join(PREDIKAT)}")
    return Simpul("tetap", "predikat", isi=one.isi)


def _logika(op: str, nodes: tuple[Simpul, ...]) -> Simpul:
    for one in nodes:
        if one.tipe != "ya_tidak":
            raise RumusSalah(
                f"{op} menghubungkan ya/tidak, bukan {nama_satuan(one.tipe)}", CONTOH_SATUAN["ya_tidak"]
            )
    return _baru(op, "ya_tidak", nodes)


def _satu_dari(op: str, nodes: tuple[Simpul, ...]) -> Simpul:
    _banyaknya(op, nodes, 2, 40)
    choices = tuple(_kata_predikat(one, nodes[0]) for one in nodes[1:])
    _sama(op, (nodes[0], *choices))
    return _baru(op, "ya_tidak", (nodes[0], *choices))


def _daftar_menit(op: str, nodes: tuple[Simpul, ...]) -> Simpul:
    _banyaknya(op, nodes, 1)
    if nodes[0].tipe != "daftar_menit":
        raise RumusSalah(f"{op} memerlukan daftar menit", "pakai terlambat atau pulang_cepat")
    return _baru(op, "menit" if op == "jumlah_menit" else "kali", nodes, NOL)


def _punya(op: str, nodes: tuple[Simpul, ...]) -> Simpul:
    _banyaknya(op, nodes, 2)
    if nodes[0].tipe != "daftar_kode" or nodes[1].op != "tetap" or nodes[1].tipe != "teks":
        raise RumusSalah("isi punya tidak sesuai", "tulis punya(peran; 'kode')")
    return _baru(op, "ya_tidak", nodes)


_BIASA: dict[str, Callable[[str, tuple[Simpul, ...]], Simpul]] = {
    "+": _tambah, "-": _tambah, "*": _kali, "/": _bagi, "neg": _negatif,
    "min": _min_maks, "maks": _min_maks, "bagi": _bagi_aman,
    "ke_bawah": _bulat, "ke_atas": _bulat, "setengah_ke_atas": _bulat,
    "=": _banding, "<>": _banding, "<": _banding, "<=": _banding, ">": _banding, ">=": _banding,
    "atau": _logika, "bukan": _logika, "satu_dari": _satu_dari,
    "jumlah_menit": _daftar_menit, "banyak": _daftar_menit, "punya": _punya,
}  # fmt: skip


def _jika(tree: Panggil, di: Lingkungan) -> Simpul:
    _banyaknya("jika", tree.isi, 3)
    bila = _logika("jika", (_simpul(tree.isi[0], di),))
    then = _simpul(tree.isi[1], di.dengan(dijamin=di.dijamin | dijamin(bila.anak[0])))
    otherwise = _simpul(tree.isi[2], di)
    unit = _sama("kedua hasil jika", (then, otherwise))
    return _baru("jika", unit, (bila.anak[0], then, otherwise), *_gabung(then, otherwise))


def _dan(tree: Panggil, di: Lingkungan) -> Simpul:
    """What the first condition makes certain holds for the second."""
    _banyaknya("dan", tree.isi, 2)
    first = _simpul(tree.isi[0], di)
    return _logika("dan", (first, _simpul(tree.isi[1], di.dengan(dijamin=di.dijamin | dijamin(first)))))


def dijamin(bila: Simpul) -> frozenset[str]:
    """Facts that are certainly true where this condition holds."""
    if bila.op == "dan":
        return dijamin(bila.anak[0]) | dijamin(bila.anak[1])
    return frozenset({bila.isi}) if bila.op == "fakta" else frozenset()


def _tidak_ada(tree: Panggil, di: Lingkungan) -> Simpul:
    _banyaknya("tidak_ada", tree.isi, 1)
    groups = sorted({one.kosong for one in di.fakta.values() if one.kosong})
    (one,) = tree.isi
    if not isinstance(one, Nama) or one.nama not in groups:
        raise RumusSalah(
            "isi tidak_ada bukan data yang dapat belum ada", f"pilih salah satu: {', '.join(groups)}"
        )
    return Simpul("tidak_ada", "ya_tidak", isi=one.nama)


def _nilai_atau(tree: Panggil, di: Lingkungan) -> Simpul:
    _banyaknya("nilai_atau", tree.isi, 2)
    fact, otherwise = (_simpul(one, di) for one in tree.isi)
    if fact.op not in ("fakta", "kamus"):
        raise RumusSalah(
            "nilai_atau memerlukan satu fakta", "tulis nilai_atau(fakta; pengganti bila belum ada)"
        )
    otherwise = _kata_predikat(otherwise, fact)
    _sama("fakta dan penggantinya", (fact, otherwise))
    found = _baru("nilai_atau", fact.tipe, (fact, otherwise), *_gabung(fact, otherwise))
    return found


def _menurut_peran(tree: Panggil, di: Lingkungan) -> Simpul:
    _banyaknya(tree.fungsi, tree.isi, 1)
    (one,) = tree.isi
    table = di.tabel.get(one.nama) if isinstance(one, Nama) else None
    if table is None or table.oleh != ("peran",):
        raise RumusSalah(f"{tree.fungsi} memerlukan tabel menurut peran", "buat tabel dengan oleh: [peran]")
    highest = None if tree.fungsi == "semua" else max(NOL, *table.nilai())
    return Simpul(tree.fungsi, table.satuan, isi=table.kode, lo=NOL, hi=highest, fakta=frozenset({"peran"}))


def _berjenjang(tree: Panggil, di: Lingkungan) -> Simpul:
    _banyaknya("berjenjang", tree.isi, 2)
    first = tree.isi[0]
    table = di.tabel.get(first.nama) if isinstance(first, Nama) else None
    if table is None or table.bentuk != "lapisan":
        raise RumusSalah(
            "berjenjang memerlukan tabel berlapis", "tulis berjenjang(tabel; nilai yang dikenai)"
        )
    value = _simpul(tree.isi[1], di)
    if value.tipe != table.menurut:
        raise RumusSalah(
            f"tabel {table.kode} menurut {table.menurut}, bukan {nama_satuan(value.tipe)}",
            "samakan satuannya",
        )
    if value.lo is None or value.lo < 0:
        raise RumusSalah("nilai yang dikenai dapat negatif", "tulis maks(Rp 0; …)")
    return _baru("berjenjang", value.tipe, (value,), NOL, value.hi, table.kode)


_KHUSUS: dict[str, Callable[[Panggil, Lingkungan], Simpul]] = {
    "jika": _jika, "dan": _dan, "tidak_ada": _tidak_ada, "nilai_atau": _nilai_atau,
    "terbesar": _menurut_peran, "semua": _menurut_peran, "berjenjang": _berjenjang,
}  # fmt: skip


def butuh(node: Simpul, fakta: Mapping[str, Fakta]) -> frozenset[str]:
    """The groups of facts that must be known for this formula: all it names but those with a substitute."""
    if node.op == "nilai_atau":
        return butuh(node.anak[1], fakta)
    own = (
        fakta[node.isi if node.op == "fakta" else node.isi[0]].kosong if node.op in ("fakta", "kamus") else ""
    )
    return frozenset({own} - {""}).union(*(butuh(one, fakta) for one in node.anak))
