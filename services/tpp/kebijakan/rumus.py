"""The formula language of a policy: what it looks like, and its reading into a tree.

Total by construction: no loop, no recursion, no assignment. A formula is a number with its unit, a name,
a table with its keys, an operation or one of the functions in `tipe`. It is written the Indonesian way:
thousands with a dot, decimals with a comma, arguments separated by a semicolon.

    maks(Rp 0; min(Rp 12.000.000 - gaji; bruto)) x 1%

Grammar, weakest binding first; both spellings of an operator mean the same:

    rumus   = dan { "atau" dan }
    dan     = bukan { "dan" bukan }
    bukan   = "bukan" bukan | banding
    banding = jumlah [ ( "=" | "<>" | "<" | "<=" | ">" | ">=" ) jumlah ]
    jumlah  = suku { ( "+" | "-" ) suku }
    suku    = tanda { ( "x" | "*" | "/" ) tanda }
    tanda   = "-" tanda | primer
    primer  = bilangan [ satuan ] | "Rp" bilangan | teks | "ya" | "tidak" | "(" rumus ")"
            | nama | nama "." kata | nama "[" rumus { ";" rumus } "]" | nama "(" [ rumus { ";" rumus } ] ")"
"""

import re
from dataclasses import dataclass
from fractions import Fraction

TERPANJANG = 600
TERDALAM = 40

SATUAN = {"%": "persen", "menit": "menit", "hari": "hari", "kali": "kali"}


class RumusSalah(Exception):
    """A formula that cannot be used: the rule that is broken and the way out, in Bahasa Indonesia."""

    def __init__(self, alasan: str, perbaikan: str) -> None:
        super().__init__(alasan)
        self.alasan, self.perbaikan = alasan, perbaikan


@dataclass(frozen=True, slots=True)
class Tetap:
    """A constant: a number of a unit (exact), a text, or ya/tidak."""

    nilai: Fraction | str | bool
    tipe: str


@dataclass(frozen=True, slots=True)
class Nama:
    """A fact, an earlier step, or a table with its usual keys."""

    nama: str


@dataclass(frozen=True, slots=True)
class Ambil:
    """`tabel[kunci; …]`, or `tabel.kata` for a key that is written down."""

    nama: str
    kunci: "tuple[Rumus, ...]"


@dataclass(frozen=True, slots=True)
class Panggil:
    """A function with its arguments, or an operation under the name of its sign."""

    fungsi: str
    isi: "tuple[Rumus, ...]"


Rumus = Tetap | Nama | Ambil | Panggil

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<rupiah>Rp\s?(?:[1-9]\d{0,2}(?:\.\d{3})+|\d+)(?:,\d{1,2})?(?![\d.,]*\d))
    | (?P<angka>(?:[1-9]\d{0,2}(?:\.\d{3})+|\d+)(?:,\d+)?(?![\d.,]*\d))
    | (?P<teks>'[^']*'|"[^"]*")
    | (?P<nama>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<tanda><>|<=|>=|[-+*/×=<>()\[\];.%])
    )""",
    re.VERBOSE,
)


_KEBIASAAN = (
    (r"^\s*=", "tanda = di depan adalah kebiasaan lembar kerja", "hapus tanda =, tulis rumusnya saja"),
    (r"(?i:\brp)\s*\.", "Rp ditulis tanpa titik", "tulis misalnya Rp 250.000"),
    (r"\d\s*,\s*[-\u2013]", "akhiran ,- tidak dipakai", "tulis misalnya Rp 250.000"),
    (r"(?i:\brp)\s*[-\u2013]\s*\d", "tanda minus ditulis sebelum Rp", "tulis misalnya -Rp 250.000"),
    (r"(?i:\brp)\s?\d{1,3}(,\d{3})+", "koma adalah tanda pecahan", "pisahkan ribuan dengan titik"),
    (r"\b(rp|RP|IDR)\s?\d", "satuan rupiah ditulis Rp", "tulis misalnya Rp 250.000"),
    (r"\d\s*(?i:persen|prosen)\b", "satuan persen ditulis %", "tulis misalnya 60%"),
    (r"\d\s*(?i:ribu|rb|juta|jt|mil[iy]ar)\b", "bilangan ditulis dengan angka", "misalnya Rp 2.500.000"),
)  # fmt: skip
"""How offices write numbers elsewhere: pattern, what is wrong with it here, the way out."""


def periksa_kebiasaan(text: str) -> None:
    """Raise RumusSalah for a habit from elsewhere, of which grammar and units alone would say little."""
    for pattern, alasan, perbaikan in _KEBIASAAN:
        if re.search(pattern, text):
            raise RumusSalah(f"{text.strip()[:40]!r}: {alasan}", perbaikan)


def _potong(text: str) -> list[tuple[str, str]]:
    if len(text) > TERPANJANG:
        raise RumusSalah(
            f"rumus lebih dari {TERPANJANG} huruf", "pecah menjadi beberapa langkah bersifat nilai"
        )
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            rest = text[at:].strip()
            if re.match(r"(Rp\s?)?\d", rest):
                raise RumusSalah(
                    f"bilangan {rest.split()[0]!r} tidak terbaca",
                    "pisahkan ribuan dengan titik dan pecahan dengan koma, misalnya Rp 1.250.000 atau 1,25%",
                )
            if rest.startswith(","):
                raise RumusSalah(
                    "koma hanya untuk pecahan bilangan", "pisahkan isi fungsi dengan titik koma (;)"
                )
            raise RumusSalah(
                f"{rest[:20]!r} tidak terbaca di dalam rumus", "hapus, atau beri tanda kutip bila ini teks"
            )
        kind = str(match.lastgroup)
        found.append((kind, match[kind]))
        at = match.end()
    return found


class _Pembaca:
    def __init__(self, text: str) -> None:
        self._tokens = _potong(text)
        self._at = 0
        self._depth = 0

    def semua(self) -> Rumus:
        if not self._tokens:
            raise RumusSalah("rumus kosong", "tulis nilai, nama atau rumus")
        tree = self._rumus()
        if self._at < len(self._tokens):
            raise RumusSalah(
                f"{self._tokens[self._at][1]!r} tidak pada tempatnya",
                "periksa tanda hitung, kurung, dan titik koma di sekitarnya",
            )
        return tree

    def _lihat(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    def _jenis(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    def _ambil(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise RumusSalah("rumus belum selesai", "lengkapi bagian sesudah tanda hitung atau kurung")
        self._at += 1
        return self._tokens[self._at - 1]

    def _harus(self, tanda: str) -> None:
        if self._lihat() != tanda or self._jenis() != "tanda":
            raise RumusSalah(
                f"tanda {tanda!r} belum ada", f"tulis {tanda} sebelum {self._lihat() or 'akhir'!r}"
            )
        self._at += 1

    def _kata(self, *words: str) -> str:
        """The operator at this place when it is one of these, and steps over it."""
        if self._jenis() in ("tanda", "nama") and self._lihat() in words:
            return self._ambil()[1]
        return ""

    def _rumus(self) -> Rumus:
        self._depth += 1
        if self._depth > TERDALAM:
            raise RumusSalah("rumus bersarang terlalu dalam", "pecah menjadi beberapa langkah bersifat nilai")
        left = self._dan()
        while self._kata("atau"):
            left = Panggil("atau", (left, self._dan()))
        self._depth -= 1
        return left

    def _dan(self) -> Rumus:
        left = self._bukan()
        while self._kata("dan"):
            left = Panggil("dan", (left, self._bukan()))
        return left

    def _bukan(self) -> Rumus:
        times = 0
        while self._kata("bukan"):
            times += 1
        found = self._banding()
        return Panggil("bukan", (found,)) if times % 2 else found

    def _banding(self) -> Rumus:
        left = self._jumlah()
        sign = self._kata("=", "<>", "<", "<=", ">", ">=")
        return Panggil(sign, (left, self._jumlah())) if sign else left

    def _jumlah(self) -> Rumus:
        left = self._suku()
        while sign := self._kata("+", "-"):
            left = Panggil(sign, (left, self._suku()))
        return left

    def _suku(self) -> Rumus:
        left = self._tanda()
        while sign := self._kata("x", "*", "×", "/"):
            left = Panggil("/" if sign == "/" else "*", (left, self._tanda()))
        return left

    def _tanda(self) -> Rumus:
        times = 0
        while self._kata("-"):
            times += 1
        found = self._primer()
        return Panggil("neg", (found,)) if times % 2 else found

    def _primer(self) -> Rumus:
        kind, text = self._ambil()
        if kind == "rupiah":
            return Tetap(_pecahan(text[2:]), "rupiah")
        if kind == "angka":
            unit = SATUAN[self._ambil()[1]] if self._lihat() in SATUAN else "bilangan"
            return Tetap(_pecahan(text) / (100 if unit == "persen" else 1), unit)
        if kind == "teks":
            return Tetap(text[1:-1], "teks")
        if kind == "nama" and text in ("ya", "tidak"):
            return Tetap(text == "ya", "ya_tidak")
        if kind == "nama" and text not in ("x", "dan", "atau", "bukan"):
            return self._bernama(text)
        if text == "(":
            tree = self._rumus()
            self._harus(")")
            return tree
        raise RumusSalah(
            f"{text!r} tidak pada tempatnya", "di sini seharusnya nilai, nama, atau rumus dalam kurung"
        )

    def _bernama(self, nama: str) -> Rumus:
        if self._kata("."):
            kind, key = self._ambil()
            if kind not in ("nama", "angka"):
                raise RumusSalah(f"kunci sesudah {nama}. tidak terbaca", f"tulis {nama}['kunci']")
            return Ambil(nama, (Tetap(key, "teks"),))
        if self._kata("["):
            return Ambil(nama, self._isi("]"))
        if self._kata("("):
            return Panggil(nama, () if self._kata(")") else self._isi(")"))
        return Nama(nama)

    def _isi(self, penutup: str) -> tuple[Rumus, ...]:
        found = [self._rumus()]
        while self._kata(";"):
            found.append(self._rumus())
        self._harus(penutup)
        return tuple(found)


def _pecahan(text: str) -> Fraction:
    return Fraction(text.strip().replace(".", "").replace(",", "."))


def baca_rumus(text: str) -> Rumus:
    """The tree of a formula. Raises RumusSalah with reason and remedy."""
    return _Pembaca(text).semua()
