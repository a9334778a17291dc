"""Formulas as Python text: exact whole numbers, most denominators known while writing.

A number is a pair (numerator, denominator), each a number or an expression. What takes more than one
expression is written as statements at the present place; that may look something up which the formula
would have skipped, and a missing row then raises KeyError, upon which the interpreter decides.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from math import gcd, lcm
from typing import Any

from services.tpp.kebijakan.fakta import Fakta
from services.tpp.kebijakan.model import PREDIKAT
from services.tpp.kebijakan.program import Program
from services.tpp.kebijakan.tipe import NOL, Simpul, TabelSiap, kunci
from services.tpp.perhitungan.penafsir import JUTA, Penafsir
from services.tpp.perhitungan.rules import Baris, Hasil, Masukan, masuk_akal, peran_berlaku, sanksi_berlaku

Angka = tuple[str, int | str]
"""Numerator and denominator, each a number or a Python expression; the denominator is above zero."""

DARI_KEHADIRAN = ("absen_terlewat", "tanpa_apel", "tanpa_upacara", "hari_kerja")


class PenulisRumus:
    """Writes the formulas of one program, to `awal` (once for each combination) or to `orang` (everyone)."""

    def __init__(self, program: Program) -> None:
        self.p = program
        self.dipakai = Penafsir(program).dipakai
        self.tetap: dict[str, Any] = {
            "Baris": Baris, "Hasil": Hasil, "masuk_akal": masuk_akal, "peran_berlaku": peran_berlaku,
        }  # fmt: skip
        self.awal: list[str] = []
        self.orang: list[str] = []
        self.dini = True
        self.ke = self.awal
        self.lekuk = 1
        self.nomor = 0
        self.nilai: dict[str, Angka] = {}
        self.kejadian: dict[str, str] = {}
        """Of steps that a day limits: the variable of what each event costs, beside its day."""
        self.di_awal: dict[str, bool] = {}
        self.bulan = "m.periode.month"
        for kode, month in program.kebijakan.bulan_lain.items():
            self.bulan = f"({month} if m.pembayaran == {kode!r} else {self.bulan})"

    @contextmanager
    def bagian(self, *, dini: bool) -> Iterator[None]:
        """Write to the early part or to everyone's, whatever was being written."""
        before = self.ke, self.lekuk, self.dini
        self.ke, self.lekuk, self.dini = (self.awal if dini else self.orang), 1, dini
        yield
        self.ke, self.lekuk, self.dini = before

    @contextmanager
    def dalam(self, kepala: str) -> Iterator[None]:
        """An indented block under a line."""
        self.tulis(kepala)
        self.lekuk += 1
        yield
        self.lekuk -= 1

    def tulis(self, line: str) -> None:
        """One line at the present place."""
        self.ke.append("    " * self.lekuk + line)

    def baru(self) -> str:
        """A new variable. One of the early part (`a1_`) reaches everyone's part when that speaks of it."""
        self.nomor += 1
        return f"{'a' if self.dini else 'v'}{self.nomor}_"

    def konstanta(self, value: Any) -> str:
        """A name for something that is not written out."""
        name = f"K{len(self.tetap)}"
        self.tetap[name] = value
        return name

    def kosong(self, group: str) -> str:
        if group == "kehadiran":
            return "h is None"
        if group == "hari_kejadian":
            return "m.tanpa_hari"
        if group in DARI_KEHADIRAN:
            return f"(h is None or h.{group} is None)"
        if group in Masukan._fields:
            return f"m.{group} is None"
        return f"{group!r} not in t"

    # Facts

    def mentah(self, fact: Fakta) -> str:
        name = fact.nama
        match name:
            case "golongan":
                return "m.golongan.partition('/')[0]"
            case "golongan_ruang":
                return "m.golongan"
            case "ada_plt":
                return "(m.plt_kelas is not None)"
            case "bulan":
                return self.bulan
            case "peran":
                return "peran_berlaku(m.peran, m.periode)"
            case "bruto_setahun" | "pengurang_setahun" | "pajak_setahun":
                return f"m.setahun.{name.removesuffix('_setahun')}"
        if fact.sumber == "tambahan":
            return f"t[{name!r}]"
        return f"{'h' if fact.sumber == 'kehadiran' else 'm'}.{name}"

    def _sanksi(self, name: str) -> Angka:
        weights = self.p.sanksi
        scale = lcm(*(weight.denominator for weight, _ in weights.values())) if weights else 1
        most = max if name == "sanksi_terbesar" else sum

        def berat(m: Masukan) -> int:
            if not m.sanksi:
                return 0
            return int(most([*sanksi_berlaku(m.sanksi, m.periode, weights), NOL]) * scale)

        return f"{self.konstanta(berat)}(m)", scale

    # Numbers

    def angka(self, node: Simpul) -> Angka:
        """Numerator and denominator of a formula."""
        match node.op:
            case "tetap":
                return str(node.isi.numerator), node.isi.denominator
            case "fakta":
                if node.isi in ("sanksi_terbesar", "sanksi_jumlah"):
                    return self._sanksi(node.isi)
                fact = self.p.fakta[node.isi]
                scale = JUTA if fact.sumber == "tambahan" and fact.tipe in ("persen", "bilangan") else 1
                return self.mentah(fact), scale
            case "kamus":
                name, key = node.isi
                return f"dict({self.mentah(self.p.fakta[name])}).get({key!r}, 0)", 1
            case "langkah":
                return self.nilai[node.isi]
            case "total":
                return self._total(node.isi), 1
            case "tabel":
                return self._tabel(node)
            case "pita":
                return self._pita(node)
            case "berjenjang":
                return self._berjenjang(node)
            case "terbesar" | "semua":
                return self._peran(node)
            case "jika":
                return self._jika(node)
            case "nilai_atau":
                return self._nilai_atau(node)
            case "bulat":
                return self.bulat(self.angka(node.anak[0]), *node.isi)
            case "jumlah_menit":
                return f"sum({self.mentah(self.p.fakta[node.anak[0].isi])})", 1
            case "banyak":
                return f"len({self.mentah(self.p.fakta[node.anak[0].isi])})", 1
        return self._hitungan(node)

    def _hitungan(self, node: Simpul) -> Angka:
        parts = [self.angka(one) for one in node.anak]
        match node.op:
            case "neg":
                return f"(-{parts[0][0]})", parts[0][1]
            case "+" | "-":
                (a, b), d = self.senama(parts)
                return f"({a} {node.op} {b})", d
            case "min" | "maks":
                (a, b), d = self.senama(parts)
                return f"{'min' if node.op == 'min' else 'max'}({a}, {b})", d
            case "*":
                return self.kali(*parts)
            case "/":
                return self._bagi(parts[0], parts[1], node.anak[1])
            case "bagi":
                return self._bagi_aman(parts)
        raise AssertionError(node.op)

    def kali(self, a: Angka, b: Angka) -> Angka:
        """The product, shortened where both numbers are known."""
        if isinstance(a[1], int) and isinstance(b[1], int):
            for one, other in ((a, b), (b, a)):
                if one[0].isdigit() and isinstance(other[1], int) and isinstance(one[1], int):
                    both = gcd(int(one[0]), other[1]) or 1
                    count, d = int(one[0]) // both, one[1] * (other[1] // both)
                    if other[0].isdigit():
                        value = Fraction(count * int(other[0]), d)
                        return str(value.numerator), value.denominator
                    return (other[0] if count == 1 else f"({other[0]} * {count})"), d
            return f"({a[0]} * {b[0]})", a[1] * b[1]
        return f"({a[0]} * {b[0]})", self._kali_penyebut(a[1], b[1])

    def _kali_penyebut(self, a: int | str, b: int | str) -> int | str:
        if isinstance(a, int) and isinstance(b, int):
            return a * b
        if a == 1:
            return b
        if b == 1:
            return a
        return f"({a} * {b})"

    def senama(self, parts: list[Angka]) -> tuple[list[str], int | str]:
        """The same numbers over one denominator."""
        if all(isinstance(d, int) for _, d in parts):
            common = lcm(*(d for _, d in parts if isinstance(d, int)))
            return [kali_tetap(n, common // d) for n, d in parts if isinstance(d, int)], common
        named = [self.pasti(one) for one in parts]
        result = named[0]
        numerators = [result[0]]
        for one in named[1:]:
            numerators = [f"({n} * {one[1]})" for n in numerators] + [f"({one[0]} * {result[1]})"]
            result = ("", self._kali_penyebut(result[1], one[1]))
        return numerators, result[1]

    def pasti(self, one: Angka) -> Angka:
        """The number in variables, so that naming it twice does not work it out twice."""
        n, d = one
        if not re.fullmatch(r"\w+", n):
            name = self.baru()
            self.tulis(f"{name} = {n}")
            n = name
        if isinstance(d, str) and not re.fullmatch(r"\w+", d):
            name = self.baru()
            self.tulis(f"{name} = {d}")
            d = name
        return n, d

    def _bagi(self, a: Angka, b: Angka, pembagi: Simpul) -> Angka:
        if pembagi.op == "tetap":
            value = 1 / pembagi.isi
            if value < 0:
                return self.kali((f"(-{a[0]})", a[1]), (str(-value.numerator), value.denominator))
            return self.kali(a, (str(value.numerator), value.denominator))
        sign = "-" if pembagi.hi is not None and pembagi.hi < 0 else ""
        b = self.pasti(b)
        n = a[0] if b[1] == 1 else f"({a[0]} * {b[1]})"
        return f"({sign}{n})" if sign else n, self._kali_penyebut(a[1], f"({sign}{b[0]})" if sign else b[0])

    def _bagi_aman(self, parts: list[Angka]) -> Angka:
        a, b, otherwise = parts
        b = self.pasti(b)
        n, d = self.baru(), self.baru()
        with self.dalam(f"if {b[0]} > 0:"):
            self.tulis(f"{n}, {d} = {a[0]} * {b[1]}, {self._kali_penyebut(a[1], b[0])}")
        with self.dalam(f"elif {b[0]} < 0:"):
            self.tulis(f"{n}, {d} = -{a[0]} * {b[1]}, {self._kali_penyebut(a[1], f'(-{b[0]})')}")
        with self.dalam("else:"):
            self.tulis(f"{n}, {d} = {otherwise[0]}, {otherwise[1]}")
        return n, d

    def _jika(self, node: Simpul) -> Angka:
        bila = self.ya(node.anak[0])
        n, d = self.baru(), self.baru()
        branches: list[tuple[list[str], Angka]] = []
        for branch in node.anak[1:]:
            before, self.ke, self.lekuk = self.ke, [], self.lekuk + 1
            value = self.angka(branch)
            branches.append((self.ke, value))
            self.ke, self.lekuk = before, self.lekuk - 1
        known = [value[1] for _, value in branches if isinstance(value[1], int)]
        common = lcm(*known) if len(known) == len(branches) else None
        for word, (lines, value) in zip((f"if {bila}:", "else:"), branches, strict=True):
            with self.dalam(word):
                self.ke.extend(lines)
                if common is None:
                    self.tulis(f"{n}, {d} = {value[0]}, {value[1]}")
                else:
                    self.tulis(f"{n} = {kali_tetap(value[0], common // int(value[1]))}")
        return n, d if common is None else common

    def _nilai_atau(self, node: Simpul) -> Angka:
        fact, otherwise = node.anak
        name = fact.isi if fact.op == "fakta" else fact.isi[0]
        group = self.p.fakta[name].kosong
        value, other = self.angka(fact), self.angka(otherwise)
        if not group:
            return value
        (a, b), d = self.senama([value, other])
        return f"({b} if {self.kosong(group)} else {a})", d

    def bulat(self, value: Angka, cara: str, kelipatan: Fraction) -> Angka:
        """The number rounded to a multiple; whole numbers are left as they are."""
        n, d = value
        top, bottom = kelipatan.numerator, kelipatan.denominator
        if isinstance(d, int):
            both = gcd(bottom, d * top)
            times, over = bottom // both, d * top // both
            if over == 1:
                return (n if times == 1 and top == 1 else f"({n} * {times * top})"), bottom
            n = kali_tetap(n, times)
            divisor: str = str(over)
        else:
            d = self.pasti(("0", d))[1]
            n, divisor = kali_tetap(n, bottom), str(d) if top == 1 else f"({d} * {top})"
        if cara == "ke_bawah":
            count = f"({n} // {divisor})"
        elif cara == "ke_atas":
            count = f"(-(-{n} // {divisor}))"
        else:
            count = f"((2 * {n} + {divisor}) // (2 * {divisor}))"
        return kali_tetap(count, top), bottom

    def _total(self, name: str) -> str:
        with self.dalam("if bruto < 0 or bruto < potongan:"):
            self.tulis("raise KeyError")
        return "(bruto - potongan)" if name == "neto" else name

    # Tables

    def _tabel(self, node: Simpul) -> Angka:
        table = self.p.tabel[node.isi]
        if all(one.op == "tetap" for one in node.anak):
            exact = tuple(kunci(one.isi) for one in node.anak)
            known = table.baris.get(exact, table.lainnya)
            assert known is not None
            return str(known.numerator), known.denominator
        name, key, scale = self.baris_tabel(node)
        if table.lainnya is not None:
            return f"{name}.get({key}, {int(table.lainnya * scale)})", scale
        return f"{name}[{key}]", scale

    def baris_tabel(self, node: Simpul) -> tuple[str, str, int]:
        """The rows of a table as a constant, the key that is looked for, and the unit of the values."""
        table = self.p.tabel[node.isi]
        scale = penyebut(table.nilai())
        rows: dict[Any, int] = {}
        for keys, value in table.baris.items():
            exact = tuple(
                PREDIKAT.index(key) + 1 if kind == "predikat" else key
                for kind, key in zip(table.jenis_kunci, keys, strict=True)
            )
            rows[exact if len(exact) > 1 else exact[0]] = int(value * scale)
        keys_text = [self._kunci(one, kind) for one, kind in zip(node.anak, table.jenis_kunci, strict=True)]
        return (
            self.konstanta(rows),
            f"({', '.join(keys_text)})" if len(keys_text) > 1 else keys_text[0],
            scale,
        )

    def _kunci(self, node: Simpul, kind: str) -> str:
        if kind == "bilangan":
            n, d = self.angka(node)
            if d == 1:
                return n
            return f"{self.konstanta(_kunci_pecahan)}({n}, {d})"
        if kind == "ya_tidak":
            return f"str({self.ya(node)})"
        return self.teks(node)

    def _pita(self, node: Simpul) -> Angka:
        table = self.p.tabel[node.isi]
        scale = penyebut(table.nilai())
        n, d = self.angka(node.anak[0])
        return f"{self.konstanta(_pencari(table, scale))}({n}, {d})", scale

    def _berjenjang(self, node: Simpul) -> Angka:
        table = self.p.tabel[node.isi]
        n, d = self.pasti(self.angka(node.anak[0]))
        scale = penyebut(rate for _, rate in table.lapisan) * penyebut(top for top, _ in table.lapisan if top)
        return f"{self.konstanta(_lapisan(table, scale))}({n}, {d})", self._kali_penyebut(scale, d)

    def _peran(self, node: Simpul) -> Angka:
        table = self.p.tabel[node.isi]
        scale = penyebut(table.nilai())
        rows = {keys[0]: int(value * scale) for keys, value in table.baris.items()}
        other = int((table.lainnya or NOL) * scale)
        most = max if node.op == "terbesar" else sum

        def cari(roles: tuple[str, ...]) -> int:
            return most([0, *(rows.get(one, other) for one in roles)])

        return f"{self.konstanta(cari)}({self.mentah(self.p.fakta['peran'])})", scale

    # Texts and conditions

    def teks(self, node: Simpul) -> str:
        """A text, or a predikat as its number."""
        if node.op == "tetap":
            return str(PREDIKAT.index(node.isi) + 1) if node.tipe == "predikat" else repr(node.isi)
        if node.op == "jika":
            return f"({self.teks(node.anak[1])} if {self.ya(node.anak[0])} else {self.teks(node.anak[2])})"
        if node.op == "nilai_atau":
            group = self.p.fakta[node.anak[0].isi].kosong
            value, other = (self.teks(one) for one in node.anak)
            return f"({other} if {self.kosong(group)} else {value})" if group else value
        if node.op == "langkah":
            return self.nilai[node.isi][0]
        return self.mentah(self.p.fakta[node.isi])

    def ya(self, node: Simpul) -> str:
        """A condition."""
        match node.op:
            case "tetap":
                return str(node.isi)
            case "fakta":
                return self.mentah(self.p.fakta[node.isi])
            case "langkah":
                return self.nilai[node.isi][0]
            case "tidak_ada":
                return f"({self.kosong(node.isi)})"
            case "bukan":
                return f"(not {self.ya(node.anak[0])})"
            case "dan" | "atau":
                return (
                    f"({self.ya(node.anak[0])} {'and' if node.op == 'dan' else 'or'} {self.ya(node.anak[1])})"
                )
            case "jika":
                return f"({self.ya(node.anak[1])} if {self.ya(node.anak[0])} else {self.ya(node.anak[2])})"
            case "nilai_atau":
                group = self.p.fakta[node.anak[0].isi].kosong
                value, other = (self.ya(one) for one in node.anak)
                return f"({other} if {self.kosong(group)} else {value})" if group else value
            case "punya":
                return f"({self.teks(node.anak[1])} in {self.mentah(self.p.fakta[node.anak[0].isi])})"
            case "satu_dari":
                first, *rest = (self.banding_teks(one) for one in node.anak)
                return f"({first} in ({', '.join(rest)},))"
        sign = {"=": "==", "<>": "!="}.get(node.op, node.op)
        if node.anak[0].tipe in ("teks", "predikat"):
            return f"({self.banding_teks(node.anak[0])} {sign} {self.banding_teks(node.anak[1])})"
        if node.anak[0].tipe == "ya_tidak":
            return f"(bool({self.ya(node.anak[0])}) {sign} bool({self.ya(node.anak[1])}))"
        (a, b), _ = self.senama([self.angka(one) for one in node.anak])
        return f"({a} {sign} {b})"

    def banding_teks(self, node: Simpul) -> str:
        if node.tipe in ("teks", "predikat"):
            return self.teks(node)
        n, d = self.angka(node)
        return n if d == 1 else f"{self.konstanta(Fraction)}({n}, {d})"


def kali_tetap(n: str, times: int) -> str:
    if times == 1:
        return n
    return str(int(n) * times) if n.isdigit() else f"({n} * {times})"


def penyebut(values: Iterable[Fraction]) -> int:
    return lcm(*(one.denominator for one in values), 1)


def _kunci_pecahan(n: int, d: int) -> str | int:
    return kunci(Fraction(n, d))


def _pencari(table: TabelSiap, scale: int) -> Callable[[int, int], int]:
    """The value of the band that n/d falls in, as multiple of 1/scale."""
    bands = table.pita
    tops = [
        (one.atas.numerator, one.atas.denominator, one.termasuk_atas) for one in bands if one.atas is not None
    ]
    values = [int(one.nilai * scale) for one in bands]
    below = Fraction(-1) if table.toleransi is None else table.toleransi
    bottom, bottom_d = below.numerator, below.denominator

    def cari(n: int, d: int) -> int:
        if n < 0 or n * bottom_d <= bottom * d:
            return 0
        for place, (top, top_d, included) in enumerate(tops):
            left, right = n * top_d, top * d
            if left < right or (included and left == right):
                return values[place]
        return values[-1]

    return cari


def _lapisan(table: TabelSiap, scale: int) -> Callable[[int, int], int]:
    """Progressive tax of n/d, as multiple of 1/(scale * d)."""
    rate_scale = penyebut(rate for _, rate in table.lapisan)
    rest = scale // rate_scale
    layers = [(top, int(rate * rate_scale)) for top, rate in table.lapisan]

    def hitung(n: int, d: int) -> int:
        total, low = 0, 0
        value = n * rest
        for top, rate in layers:
            high = value if top is None else min(value, int(top * rest) * d)
            if high > low:
                total += (high - low) * rate
                low = high
        return total

    return hitung
