"""A program as Python text: what is worked out once for each combination of few facts, and for everyone."""

import re
from collections.abc import Iterable
from contextlib import nullcontext
from functools import lru_cache
from math import ceil, floor
from typing import Any

from services.tpp.kebijakan.fakta import MENIT_SEHARI, Fakta
from services.tpp.kebijakan.program import IURAN, LangkahSiap, Program
from services.tpp.kebijakan.sebulan import butuh_pada
from services.tpp.kebijakan.tipe import PitaSiap, Simpul
from services.tpp.perhitungan.penafsir import JUTA
from services.tpp.perhitungan.penulis_rumus import DARI_KEHADIRAN, Angka, PenulisRumus
from services.tpp.perhitungan.rules import SAH

_MENTAH = {
    "golongan": "m.golongan", "golongan_ruang": "m.golongan", "ada_plt": "m.plt_kelas", "bulan": "m.periode",
}  # fmt: skip


def kode_python(program: Program) -> tuple[str, dict[str, Any]]:
    """The program as Python text, and the constants it speaks of."""
    writer = _Penulis(program)
    return writer.semua(), writer.tetap


class _Penulis(PenulisRumus):
    """Writes the steps, the guards before them, and the function around both."""

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self.ada_iuran = any(step.sifat == IURAN for step in program.langkah)
        self.harian = frozenset(name for step in program.langkah if step.sehari for name in step.atas)

    def semua(self) -> str:
        """The whole text."""
        totals_early = True
        for test in self._mustahil():
            self.tulis(f"if {test}: raise KeyError")
        if self.ada_iuran:
            self.tulis("awal_iuran = []")
        self.tulis("awal_baris = []")
        self.tulis("bruto = potongan = 0")
        for step in self.p.langkah:
            early = self.di_awal[step.kode] = self._awal(step, totals_early)
            with self.bagian(dini=early):
                lines = "iuran" if step.sifat == IURAN else "baris"
                if not early:
                    totals_early = False
                    self._langkah(step, lines)
                elif totals_early:
                    self._langkah(step, f"awal_{lines}")
                else:
                    self._langkah_terpisah(step)
        with self.bagian(dini=False):
            guards = self._penjaga()
        key_facts = sorted({_MENTAH.get(name, f"m.{name}") for name in self._fakta_awal()})
        shared = [
            *(["awal_iuran"] if self.ada_iuran else []),
            "awal_baris",
            "bruto",
            "potongan",
            *sorted(set(re.findall(r"\ba\d+_\b", "\n".join(self.orang)))),
        ]
        paid = ", tuple(iuran)" if self.ada_iuran else ""
        return "\n".join(
            [
                "def hitung_awal(m):",
                *self.awal,
                f"    return ({', '.join(shared)})",
                "tabel_awal = {}",
                "def hitung(m):",
                "    if m.segmen or m.rapel_iuran is not None:",
                "        return pindah(m)",
                "    h = m.kehadiran",
                *(["    t = dict(m.tambahan)"] if self.p.kebijakan.masukan else []),
                f"    if {' or '.join(guards)}:",
                "        return dengan_tangan(m)",
                f"    kunci = ({''.join(fact + ', ' for fact in key_facts)})",
                "    try:",
                "        awal = tabel_awal.get(kunci)",
                "        if awal is None:",
                "            awal = tabel_awal[kunci] = hitung_awal(m)",
                f"        {', '.join(shared)} = awal",
                "        baris = awal_baris.copy()",
                *(["        iuran = awal_iuran.copy()"] if self.ada_iuran else []),
                *("    " + line for line in self.orang),
                "    except KeyError:",
                "        return dengan_tangan(m)",
                "    neto = bruto - potongan",
                "    if bruto < 0 or potongan < 0 or neto < 0:",
                "        return dengan_tangan(m)",
                f'    return Hasil("dihitung", bruto, potongan, neto, tuple(baris), (){paid})',
                "def wajar(m):",
                "    h = m.kehadiran",
                *(["    t = dict(m.tambahan)"] if self.p.kebijakan.masukan else []),
                f"    return not ({' or '.join(self._tak_wajar())})",
            ]
        )

    def _fakta_awal(self) -> set[str]:
        """Facts that the early part rests on."""
        text = "\n".join(self.awal)
        return {
            name
            for name in self.p.fakta
            if re.search(rf"\b{re.escape(_MENTAH.get(name, f'm.{name}'))}\b", text)
        }

    # What is early

    def simpul_awal(self, node: Simpul, totals_early: bool) -> bool:
        # Whether a fact is known differs among people as the fact itself does.
        groups = set(_ditanya(node))
        facts = [one for one in self.p.fakta.values() if one.nama in node.fakta or one.kosong in groups]
        return all(one.awal for one in facts) and all(
            totals_early if name in ("bruto", "potongan", "neto") else self.di_awal[name]
            for name in node.langkah
        )

    def _awal(self, step: LangkahSiap, totals_early: bool) -> bool:
        return (
            step.blok not in ("setiap", "koreksi")
            and all(self.simpul_awal(node, totals_early) for node in step.simpul())
            and all(self.di_awal[name] for name in step.atas)
        )

    # Guards: whatever may hold a payment before anything is worked out

    def _penjaga(self) -> list[str]:
        used = self.dipakai
        facts = [self.p.fakta[name] for name in used]
        months = {number: butuh_pada(self.p, number) for number in range(1, 13)}
        always = frozenset.intersection(*months.values())
        found = []
        for group in sorted(frozenset[str]().union(*months.values()), key=_mudah):
            missing = self.kosong(group)
            if group not in always:
                here = self.konstanta(frozenset(one for one, needed in months.items() if group in needed))
                missing = f"({self.bulan} in {here} and {missing})"
            found.append(missing)
        for hold in self.p.penahanan:
            if _hanya_tidak_ada(hold.bila, always):
                continue
            needed = sorted(
                {fact.kosong for fact in facts if fact.nama in hold.bila.fakta and fact.kosong} - always
            )
            missing = "".join(f"not {self.kosong(group)} and " for group in needed)
            found.append(f"({missing}{self._tahan(hold.bila)})")
        found += self._mustahil_sendiri(always)
        return found

    def _mustahil_sendiri(self, sudah: frozenset[str]) -> Iterable[str]:
        """Of what is anyone's own, what cannot be true; the groups `sudah` are known to be there."""
        used = self.dipakai
        facts = [self.p.fakta[name] for name in used]
        if any(fact.sumber == "kehadiran" for fact in facts):
            yield "(h is not None and not masuk_akal(h))"
        if "hari_kejadian" in used:
            yield "not m.hari_masuk_akal"
        for fact in facts:
            if not fact.awal:
                yield from self._batas(fact, sudah)
        if "predikat" in used:
            source = self.p.kebijakan.sumber_predikat
            if source.mundur == 0 and source.per == "bulan" and not source.kecuali:
                yield "(m.predikat_dari is not None and m.predikat_dari != m.periode)"
            else:
                expected = self.konstanta(lru_cache(64)(source.periode))
                yield f"(m.predikat_dari or m.periode) != {expected}(m.periode)"
        allowed = ("bulanan", *(one.kode for one in self.p.kebijakan.pembayaran))
        yield f'm.pembayaran != "bulanan" and m.pembayaran not in {self.konstanta(allowed)}'
        if not any(step.blok == "koreksi" for step in self.p.langkah):
            yield "m.rapel"

    # Whether a payment can only be held by the holds of the policy themselves

    def _tak_wajar(self) -> Iterable[str]:
        """What may give a held payment a further reason: an impossible fact, or one without a figure."""
        yield "m.segmen"
        yield from self._mustahil()
        yield from self._mustahil_sendiri(frozenset())
        if {"sanksi_terbesar", "sanksi_jumlah"} & set(self.dipakai):
            yield "m.sanksi"
        for node in dict.fromkeys(self._pencarian()):
            yield self._tak_ditemukan(node)

    def _pencarian(self) -> Iterable[Simpul]:
        """Every look into a table that may lack a row, in formulas and sentences."""
        for step in self.p.langkah:
            words = [part for part in step.kalimat if isinstance(part, Simpul)]
            for node in (*step.simpul(), *words):
                yield from (
                    one
                    for one in _semua(node)
                    if one.op == "tabel"
                    and self.p.tabel[one.isi].lainnya is None
                    and any(key.op != "tetap" for key in one.anak)
                )

    def _tak_ditemukan(self, node: Simpul) -> str:
        if any(key.op not in ("fakta", "tetap") for key in node.anak):
            return "True"
        facts = [self.p.fakta[key.isi] for key in node.anak if key.op == "fakta"]
        known = "".join(
            f"not {self.kosong(group)} and "
            for group in sorted({fact.kosong for fact in facts if fact.kosong})
        )
        rows, key, _ = self.baris_tabel(node)
        return f"({known}{key} not in {rows})"

    def _mustahil(self) -> Iterable[str]:
        """Of the facts that few differ in, those that cannot be true."""
        for name in self.dipakai:
            if self.p.fakta[name].awal:
                yield from self._batas(self.p.fakta[name], frozenset())
        if "predikat" in self.dipakai:
            yield "m.predikat is not None and not 1 <= m.predikat <= 5"
        if {"golongan", "golongan_ruang", "status"} & set(self.dipakai):
            yield f"(m.status, m.golongan) not in {self.konstanta(SAH)}"

    def _tahan(self, bila: Simpul) -> str:
        """A condition of a hold; what is more than one expression is left to the interpreter."""
        before, self.ke = self.ke, []
        text = self.ya(bila)
        simple = not self.ke
        self.ke = before
        return text if simple and "K" not in re.sub(r"'[^']*'", "", text) else "True"

    def _batas(self, fact: Fakta, sudah: frozenset[str]) -> Iterable[str]:
        """Limits of a fact that the month of attendance does not already keep."""
        if fact.sumber in ("kehadiran", "sanksi") or fact.tipe in (
            "teks",
            "ya_tidak",
            "predikat",
            "daftar_kode",
        ):
            return
        if fact.tipe == "kamus_rupiah":
            yield f"(m.{fact.nama} and not all(0 <= n <= {fact.hi} for _, n in m.{fact.nama}))"
            return
        scale = JUTA if fact.sumber == "tambahan" and fact.tipe in ("persen", "bilangan") else 1
        value = self.mentah(fact)
        tests = []
        if fact.lo is not None:
            tests.append(f"{value} < {(fact.lo * scale).__ceil__()}")
        if fact.hi is not None:
            tests.append(f"{value} > {(fact.hi * scale).__floor__()}")
        if tests:
            unknown = fact.kosong and fact.kosong not in sudah
            known = f"not {self.kosong(fact.kosong)} and " if unknown else ""
            if fact.bila:
                known += f"{self.mentah(self.p.fakta[fact.bila])} and "
            yield f"({known}({' or '.join(tests)}))"

    # Steps

    def _langkah(self, step: LangkahSiap, baris: str, *, total: bool = True) -> None:
        """A step: its value, its line at the end of `baris`, what it does to the totals."""
        result = self.baru()
        if step.kode in self.harian:
            self.kejadian[step.kode] = self.baru()
            self.tulis(f"{self.kejadian[step.kode]} = ()")
        if step.bila is None:
            n, d = self._hasil(step, baris)
            self.tulis(f"{result} = {n}")
        else:
            bila = self.ya(step.bila)
            self.tulis(f"{result} = 0")
            at = len(self.ke)
            with self.dalam(f"if {bila}:"):
                n, d = self._hasil(step, baris)
                self.tulis(f"{result} = {n}")
        if isinstance(d, str):
            name = self.baru()
            if step.bila is not None:
                self.ke.insert(at, "    " * self.lekuk + f"{name} = 1")
                self.tulis(f"if {bila}: {name} = {d}")
            else:
                self.tulis(f"{name} = {d}")
            d = name
        self.nilai[step.kode] = (result, d)
        if total:
            self._total_langkah(step, result)

    def _langkah_terpisah(self, step: LangkahSiap) -> None:
        """A step known early whose line stands after those of a person."""
        lines = self.baru()
        self.tulis(f"{lines} = []")
        self._langkah(step, lines, total=False)
        if step.sifat != "nilai":
            with self.bagian(dini=False):
                self.tulis(f"{'iuran' if step.sifat == IURAN else 'baris'} += {lines}")
                self._total_langkah(step, self.nilai[step.kode][0])

    def _total_langkah(self, step: LangkahSiap, amount: str) -> None:
        if step.arah == 0:
            return
        name = "potongan" if step.sifat == "potongan" else "bruto"
        up = (step.arah > 0) != (name == "potongan")
        self.tulis(f"{name} {'+=' if up else '-='} {amount}")

    def _satu_baris(
        self, step: LangkahSiap, baris: str, amount: str, kode: str = "", angka: str = "()"
    ) -> None:
        if step.sifat == "nilai":
            return
        sign = 1 if step.sifat == IURAN else step.arah
        value = "0" if sign == 0 else amount if sign > 0 else f"-{amount}"
        self.tulis(f"{baris}.append(Baris({kode or step.kode!r}, {value}, {angka}))")

    def _hasil(self, step: LangkahSiap, baris: str) -> Angka:
        return getattr(self, f"_blok_{step.blok}")(step, baris)  # type: ignore[no-any-return]

    def _selesai(self, step: LangkahSiap, value: Angka) -> Angka:
        return value if step.cara is None else self.bulat(value, step.cara, step.kelipatan)

    def _satu_nilai(self, step: LangkahSiap, baris: str, value: Angka) -> Angka:
        n, d = self._selesai(step, value)
        if step.sifat == "nilai":
            return n, d
        assert d == 1
        amount = self.pasti((n, 1))[0]
        self._satu_baris(step, baris, amount)
        return amount, 1

    def _blok_jumlah(self, step: LangkahSiap, baris: str) -> Angka:
        node = step.isi["jumlah"]
        if node.tipe == "ya_tidak":
            return self.ya(node), 1
        if node.tipe in ("teks", "predikat"):
            return self.banding_teks(node), 1
        return self._satu_nilai(step, baris, self.angka(node))

    def _blok_bagian(self, step: LangkahSiap, baris: str) -> Angka:
        return self._satu_nilai(
            step, baris, self.kali(self._dini(step, step.isi["persen"]), self._dini(step, step.isi["dari"]))
        )

    def _blok_kali(self, step: LangkahSiap, baris: str) -> Angka:
        times = self.angka(step.isi["kali"])
        if step.sifat != "nilai":
            times = self.pasti(times)
        each = self._satuan(step)
        amount = self.pasti(self._selesai(step, self.kali(each, times)))
        if step.sifat != "nilai":
            with self.dalam(f"if {times[0]}:"):
                self._satu_baris(step, baris, amount[0])
        return amount

    def _bisa_dini(self, step: LangkahSiap, *nodes: Simpul) -> bool:
        """Whether these may be worked out before anything is known of a person.

        A table is not looked up for somebody to whom the step does not apply: a row may be missing there.
        """
        return not self.dini and all(
            self.simpul_awal(node, False) and (step.bila is None or not _mencari(node)) for node in nodes
        )

    def _satuan(self, step: LangkahSiap) -> Angka:
        """What one time costs, worked out early where that can be."""
        nodes = [step.isi[name] for name in ("satuan", "persen", "dari") if name in step.isi]
        with self.bagian(dini=True) if self._bisa_dini(step, *nodes) else nullcontext():
            parts = [self.angka(node) for node in nodes]
            each = parts[0] if len(parts) == 1 else self.kali(*parts)
            return self.pasti(self._selesai(step, each) if step.per_satuan else each)

    def _dini(self, step: LangkahSiap, node: Simpul) -> Angka:
        """A formula, worked out early where that can be."""
        if node.op in ("tetap", "langkah") or not self._bisa_dini(step, node):
            return self.angka(node)
        with self.bagian(dini=True):
            return self.pasti(self.angka(node))

    def _blok_setiap(self, step: LangkahSiap, baris: str) -> Angka:
        bands = self.p.tabel[step.pita].pita
        base = self._dini(step, step.isi["dari"]) if "dari" in step.isi else None
        early = not step.isi or self._bisa_dini(step, step.isi["dari"])
        minutes = self.mentah(self.p.fakta[step.daftar])
        total, places, count = self.baru(), self.baru(), self.baru()
        dated, costs = self.kejadian.get(step.kode), self.baru()
        self.tulis(f"{total} = 0")
        with self.dalam(f"if {minutes}:"):
            if dated:
                self.tulis(f"{costs} = [0] * {len(bands)}")
            self.tulis(f"{places} = [{self.konstanta(_tempat_menit(bands))}[n] for n in {minutes}]")
            for place, band in enumerate(bands):
                self.tulis(f"{count} = {places}.count({place})")
                with self.dalam(f"if {count}:"):
                    each: Angka = (str(band.nilai.numerator), band.nilai.denominator)
                    with self.bagian(dini=True) if early else nullcontext():
                        each = each if base is None else self.kali(each, base)
                        each = self.pasti(self._selesai(step, each) if step.per_satuan else each)
                    amount = self.pasti(self._selesai(step, self.kali(each, (count, 1))))[0]
                    self.tulis(f"{total} += {amount}")
                    if dated:
                        self.tulis(f"{costs}[{place}] = {each[0]}")
                    self._satu_baris(step, baris, amount, kode=band.kode)
            if dated:
                days = f"m.hari_kejadian.{step.daftar} if m.hari_kejadian else ()"
                self.tulis(f"{dated} = [(d, {costs}[n]) for n, d in zip({places}, {days}) if n >= 0]")
        return total, 1

    def _blok_batas(self, step: LangkahSiap, baris: str) -> Angka:
        highest = "paling_banyak" in step.isi
        node = step.isi["paling_banyak" if highest else "paling_sedikit"]
        with self.bagian(dini=True) if self._bisa_dini(step, node) else nullcontext():
            limit = self.pasti(self._selesai(step, self.angka(node)))[0]
        if step.sehari:
            return self._batas_sehari(step, baris, limit)
        given_back = {one.kode for one in self.p.langkah if one.mengembalikan}
        parts = " + ".join(f"{'-' if name in given_back else ''}{self.nilai[name][0]}" for name in step.atas)
        excess = self.baru()
        self.tulis(f"{excess} = {parts} - {limit}" if highest else f"{excess} = {limit} - ({parts})")
        with self.dalam(f"if {excess} > 0:"):
            self._satu_baris(step, baris, excess)
        with self.dalam("else:"):
            self.tulis(f"{excess} = 0")
        return excess, 1

    def _batas_sehari(self, step: LangkahSiap, baris: str, limit: str) -> Angka:
        excess, days = self.baru(), self.baru()
        self.tulis(f"{excess}, {days} = 0, {{}}")
        events = "".join(f"*{self.kejadian[name]}, " for name in step.atas)
        with self.dalam(f"for d, n in ({events}):"):
            self.tulis(f"{days}[d] = {days}.get(d, 0) + n")
        with self.dalam(f"for n in {days}.values():"), self.dalam(f"if n > {limit}:"):
            self.tulis(f"{excess} += n - {limit}")
        with self.dalam(f"if {excess}:"):
            self._satu_baris(step, baris, excess)
        return excess, 1

    def _blok_koreksi(self, step: LangkahSiap, baris: str) -> Angka:
        total = self.baru()
        self.tulis(f"{total} = 0")
        self.tulis("for r_bulan, r_jumlah in m.rapel:")
        self.lekuk += 1
        self.tulis(f"{total} += r_jumlah")
        self._satu_baris(step, baris, "r_jumlah", angka="(r_bulan.year * 100 + r_bulan.month,)")
        self.lekuk -= 1
        return total, 1


def _mudah(group: str) -> tuple[bool, str]:
    return group in DARI_KEHADIRAN, group


def _semua(node: Simpul) -> Iterable[Simpul]:
    """A formula and everything inside it."""
    yield node
    for one in node.anak:
        yield from _semua(one)


def _mencari(node: Simpul) -> bool:
    """Whether a formula looks into a table by key."""
    return any(one.op == "tabel" for one in _semua(node))


def _ditanya(node: Simpul) -> Iterable[str]:
    """The groups of facts that a formula asks after with `tidak_ada`."""
    return (one.isi for one in _semua(node) if one.op == "tidak_ada")


def _hanya_tidak_ada(node: Simpul, butuh: frozenset[str]) -> bool:
    """Whether a hold only speaks of facts that everyone needs anyway."""
    if node.op == "dan":
        return any(_hanya_tidak_ada(one, butuh) for one in node.anak)
    return node.op == "tidak_ada" and node.isi in butuh


def _tempat_menit(bands: tuple[PitaSiap, ...]) -> tuple[int, ...]:
    """The place of the band of each minute of a day; -1 within the tolerance."""
    places = [-1] * (MENIT_SEHARI + 1)
    for place, band in enumerate(bands):
        # The last minute below the band; from the next one on it is this band's, until a higher one.
        below = ceil(band.bawah or 0) - 1 if band.termasuk_bawah else floor(band.bawah or 0)
        places[below + 1 :] = [place] * len(places[below + 1 :])
    return tuple(places)
