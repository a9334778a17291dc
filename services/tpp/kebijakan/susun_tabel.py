"""Tables made ready: keys spread out, values exact, bands without gap or overlap, weights that sum."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

from services.tpp.kebijakan.fakta import Fakta
from services.tpp.kebijakan.model import (
    GOLONGAN_PPPK,
    PREDIKAT,
    Kebijakan,
    Lapisan,
    Pita,
    Tabel,
    golongan_dari,
)
from services.tpp.kebijakan.rumus import RumusSalah
from services.tpp.kebijakan.tampil import tampil
from services.tpp.kebijakan.tipe import NOL, PitaSiap, TabelSiap, tetapan

Tempat = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Masalah:
    """One thing wrong: where in the document, which rule, and what to do about it."""

    loc: Tempat
    reason: str
    remedy: str


def kosong(written: str, *, angka: bool = False) -> tuple[str, str]:
    """Why there is no value after a key, and the way out: most often a comma or a space is the cause.

    `angka`: keys are numbers here, so that one is no part of a value torn off by a comma.
    """
    if not angka and re.fullmatch(r"\d+\s?%?", written):
        return (
            "koma di dalam { } memisahkan isi",
            'beri tanda kutip pada bilangan berkoma, misalnya "80,5%"',
        )
    name, colon, value = written.partition(":")
    if colon:
        return "tidak ada spasi sesudah titik dua", f"tulis {name}: {value}"
    return f"nilai {written} kosong", "tulis nilainya, atau hapus kuncinya; kosong bukan nol"


_BILANGAN = re.compile(r"[0-9]{1,9}")
_RENTANG = re.compile(r"([0-9]{1,9}) sampai ([0-9]{1,9})")
_TERPANJANG = 10_000
"""Rows that one range of keys may stand for; longer ones are bands."""
_TERBANYAK = 50_000
"""Rows of a table with all its keys spread out; the largest shipped one has some hundred."""
_UTUH = ("menit", "hari", "kali")
BEBAS = "bebas"
"""In place of a sum: the rows are no parts of one whole."""


def susun_tabel(
    kode: str, t: Tabel, fakta: Mapping[str, Fakta], perubahan: int, k: Kebijakan
) -> tuple[TabelSiap, list[Masalah]]:
    """The table as it stands after so many of its dated changes, and what is wrong with it.

    A wrong one still has a value for everything, so that formulas over it are not called wrong as well.
    """
    s = _Tabel(kode, t, fakta, [])
    s.bentuk(k)
    if not s.masalah:
        found = s.isi(perubahan) if t.isi is not None else s.pita() if t.pita is not None else s.lapisan()
        if not s.masalah:
            return found, []
    return s.pengganti(), s.masalah


def keseluruhan(
    oleh: Sequence[str], baris: Mapping[tuple[str | int, ...], Fraction], fakta: Collection[str]
) -> Iterator[tuple[str, list[Fraction]]]:
    """Rows that make up one whole together: for each of the facts among the keys (each kelas, each unit)
    those under all names of the author's own. Beside them whose they are, in words."""
    wholes: dict[tuple[str, ...], list[Fraction]] = {}
    for keys, value in baris.items():
        whose = tuple(f"{name} {key}" for name, key in zip(oleh, keys, strict=True) if name in fakta)
        wholes.setdefault(whose, []).append(value)
    for whose, shares in wholes.items():
        yield f" untuk {', '.join(whose)}" if whose else "", shares


@dataclass(slots=True)
class _Tabel:
    kode: str
    t: Tabel
    fakta: Mapping[str, Fakta]
    masalah: list[Masalah]
    tempat: dict[tuple[str | int, ...], Tempat] = field(default_factory=dict)
    """Where in the document the rows under some keys stand."""

    def salah(self, loc: Tempat, alasan: str, perbaikan: str) -> None:
        self.masalah.append(Masalah(("tabel", self.kode, *loc), alasan, perbaikan))

    def tetap(self, loc: Tempat, text: Any, satuan: str) -> Fraction:
        try:
            return tetapan(str(text), satuan)
        except RumusSalah as wrong:
            self.salah(loc, wrong.alasan, wrong.perbaikan)
            return NOL

    def bentuk(self, k: Kebijakan) -> None:
        t = self.t
        shapes = [name for name in ("isi", "pita", "lapisan") if getattr(t, name) is not None]
        if len(shapes) != 1:
            self.salah(
                (), f"tabel {self.kode} harus berisi tepat satu bentuk", "pilih isi, pita, atau lapisan"
            )
            return
        if t.isi is not None and not t.oleh:
            self.salah((), f"tabel {self.kode} belum menyebut kuncinya", "tambahkan oleh: misalnya [kelas]")
        if t.isi is None:
            if t.menurut is None:
                self.salah(
                    (),
                    f"tabel {self.kode} belum menyebut satuan yang dicari",
                    "tambahkan menurut: misalnya menit",
                )
            for name in ("oleh", "lainnya", "jumlah", "perubahan"):
                if getattr(t, name):
                    self.salah((name,), f"{name} hanya untuk tabel dengan isi", f"hapus {name}")
        elif t.menurut is not None or t.toleransi is not None:
            self.salah((), "menurut dan toleransi hanya untuk pita", "hapus")
        previous = k.berlaku_mulai
        for place, change in enumerate(t.perubahan):
            if change.mulai.day != 1 or change.mulai <= previous:
                self.salah(
                    ("perubahan", place, "mulai"),
                    f"perubahan mulai {change.mulai}, sedangkan sebelumnya {previous}",
                    "tulis hari pertama bulan, berurutan sesudah berlaku_mulai",
                )
            previous = change.mulai

    def pengganti(self) -> TabelSiap:
        """What stands in for a table that is wrong."""
        t = self.t
        found = TabelSiap(self.kode, t.nama, t.pasal, t.satuan, menurut=t.menurut or "menit")
        if t.pita is not None:
            return replace(found, pita=(PitaSiap("", "", NOL, True, None, False, NOL),))
        if t.lapisan is not None:
            return replace(found, lapisan=((None, NOL),))
        return replace(found, oleh=t.oleh, jenis_kunci=tuple(map(self._jenis, t.oleh)), lainnya=NOL)

    # By keys

    def isi(self, perubahan: int) -> TabelSiap:
        t = self.t
        kinds = tuple(self._jenis(name) for name in t.oleh)
        rows: dict[tuple[str | int, ...], Fraction] = {}
        loc: Tempat = ("isi",)
        source: Any = t.isi
        if perubahan:
            loc, source = ("perubahan", perubahan - 1, "isi"), t.perubahan[perubahan - 1].isi
        for keys, at, text in self._baris(source, kinds, loc):
            if keys in rows:
                self.salah(at, f"{'; '.join(map(str, keys))} disebut dua kali", "hapus salah satunya")
            rows[keys] = self.tetap(at, text, t.satuan)
            if len(rows) > _TERBANYAK:
                self.salah(
                    loc, f"tabel {self.kode} lebih dari {_TERBANYAK} baris", "pakai pita, atau lainnya"
                )
                break
        default = None if t.lainnya is None else self.tetap(("lainnya",), t.lainnya, t.satuan)
        if default is None and not self.masalah:
            self._lengkap(rows, loc)
        if t.jumlah is not None and t.jumlah != BEBAS and not self.masalah:
            expected = self.tetap(("jumlah",), t.jumlah, t.satuan)
            for whose, shares in keseluruhan(t.oleh, rows, self.fakta):
                if (total := sum(shares, NOL)) != expected:
                    self.salah(
                        loc,
                        f"{self.kode}{whose} berjumlah {tampil(total, t.satuan)}, "
                        f"bukan {tampil(expected, t.satuan)}",
                        f"ubah isinya sehingga berjumlah tepat {tampil(expected, t.satuan)}",
                    )
        return TabelSiap(self.kode, t.nama, t.pasal, t.satuan, t.oleh, kinds, rows, default)

    def _jenis(self, name: str) -> str:
        fact = self.fakta.get(name)
        if fact is None or name == "peran":
            return "teks"
        if fact.tipe not in ("teks", "bilangan", "predikat", "ya_tidak"):
            self.salah(
                ("oleh",), f"{name} tidak dapat menjadi kunci tabel", "pakai pita: untuk nilai bersatuan"
            )
        return fact.tipe

    def _baris(
        self, rows: Any, kinds: tuple[str, ...], loc: Tempat, before: tuple[str | int, ...] = ()
    ) -> Iterator[tuple[tuple[str | int, ...], Tempat, Any]]:
        level = len(before)
        if not isinstance(rows, dict):
            self.salah(
                loc, f"isi tabel {self.kode} kurang dalam", f"tulis kunci menurut {self.t.oleh[level]}"
            )
            return
        for written, inner in rows.items():
            here = (*loc, int(written) if _BILANGAN.fullmatch(written) else written)
            if inner is None:
                self.salah(here, *kosong(written, angka=kinds[level] == "bilangan"))
                continue
            for key in self._kunci(written, kinds[level], self.t.oleh[level], here):
                self.tempat[*before, key] = here
                if level + 1 < len(kinds):
                    yield from self._baris(inner, kinds, here, (*before, key))
                elif isinstance(inner, dict):
                    self.salah(
                        here,
                        f"isi tabel {self.kode} terlalu dalam",
                        f"kuncinya hanya {', '.join(self.t.oleh)}",
                    )
                else:
                    yield (*before, key), here, inner

    def _kunci(self, written: str, kind: str, name: str, loc: Tempat) -> Iterator[str | int]:
        domain = self._domain(name)
        for part in (one.strip() for one in written.split(",")):
            span = _RENTANG.fullmatch(part)
            if kind == "bilangan":
                if span is None and not _BILANGAN.fullmatch(part):
                    self.salah(
                        loc,
                        f"{part!r} bukan bilangan bulat",
                        "tulis bilangan bulat, atau misalnya 1 sampai 4",
                    )
                    continue
                first, last = (int(span[1]), int(span[2])) if span else (int(part), int(part))
                fact = self.fakta.get(name)
                lowest, highest = (fact.lo, fact.hi) if fact else (None, None)
                if (
                    first > last
                    or (lowest is not None and first < lowest)
                    or (highest is not None and last > highest)
                ):
                    self.salah(
                        loc, f"{part} di luar batas", f"tulis sedikitnya {lowest} dan paling banyak {highest}"
                    )
                    continue
                if last - first >= _TERPANJANG:
                    self.salah(loc, f"{part} terlalu panjang", "tulis sebagai pita: dengan menurut: bilangan")
                    continue
                yield from range(first, last + 1)
            elif domain and part not in domain:
                self.salah(loc, f"{name} {part!r} tidak dikenal", f"pilih salah satu: {', '.join(domain)}")
            else:
                yield part

    def _domain(self, name: str) -> tuple[str, ...]:
        if name == "predikat":
            return PREDIKAT
        if name == "golongan":
            return GOLONGAN_PPPK
        fact = self.fakta.get(name)
        return fact.domain if fact else ()

    def _lengkap(self, rows: Mapping[tuple[str | int, ...], Fraction], loc: Tempat) -> None:
        """Every predikat, status, golongan and PTKP has its row; a better predikat never pays less."""
        names = self.t.oleh
        outer = {keys[:-1] for keys in rows}
        for place, name in enumerate(names):
            if name == "golongan":
                continue
            for prefix in sorted({keys[:place] for keys in rows}, key=str):
                missing = [
                    one
                    for one in self._domain(name)
                    if not any(k[: place + 1] == (*prefix, one) for k in rows)
                ]
                if missing:
                    self.salah(
                        self.tempat.get(prefix, loc),
                        f"{name} {', '.join(missing)} belum ada di tabel {self.kode}",
                        f"tambahkan {missing[0]}: dengan nilainya, atau lainnya:",
                    )
        if names[-1] == "golongan":
            for prefix in sorted(outer, key=str):
                by_status = names[-2:-1] == ("status",)
                known = golongan_dari(str(prefix[-1])) if by_status else dict.fromkeys(GOLONGAN_PPPK, ())
                missing = [one for one in known if (*prefix, one) not in rows]
                foreign = [keys[-1] for keys in rows if keys[:-1] == prefix and keys[-1] not in known]
                who = f" untuk {prefix[-1] if prefix else 'ASN'}"
                if missing:
                    self.salah(
                        self.tempat.get(prefix, loc),
                        f"golongan {', '.join(missing)}{who} belum ada di tabel {self.kode}",
                        "tambahkan golongan itu; tulis 0% bila tidak dipotong",
                    )
                if foreign:
                    self.salah(
                        self.tempat.get(prefix, loc),
                        f"golongan {', '.join(map(str, foreign))} bukan golongan{who.removeprefix(' untuk')}",
                        f"pilih dari: {', '.join(known)}",
                    )
        if names[-1] == "predikat" and not self.masalah:
            for prefix in outer:
                for better, worse in pairwise(PREDIKAT):
                    if rows[*prefix, worse] > rows[*prefix, better]:
                        self.salah(
                            self.tempat[*prefix, worse],
                            f"{worse} dibayar {tampil(rows[*prefix, worse], self.t.satuan)}, lebih tinggi "
                            f"dari {better} {tampil(rows[*prefix, better], self.t.satuan)}",
                            "predikat yang lebih rendah tidak boleh dibayar lebih tinggi",
                        )

    # By bands

    def pita(self) -> TabelSiap:
        t = self.t
        unit = t.menurut or "menit"
        tolerance = None if t.toleransi is None else self.tetap(("toleransi",), t.toleransi, unit)
        ready: list[PitaSiap] = []
        for place, band in enumerate(t.pita or ()):
            loc: Tempat = ("pita", place)
            if not self._ujung(loc, band):
                return TabelSiap(self.kode, t.nama, t.pasal, t.satuan)
            ready.append(
                PitaSiap(
                    band.kode,
                    band.nama,
                    self._tetap_atau(loc, "mulai", band.mulai or band.lebih_dari, unit),
                    band.mulai is not None,
                    self._tetap_atau(loc, "sampai", band.sampai or band.kurang_dari, unit),
                    band.sampai is not None,
                    self.tetap((*loc, "nilai"), band.nilai, t.satuan),
                )
            )
        if not self.masalah:
            self._bersambung(ready, unit, tolerance)
        return TabelSiap(
            self.kode, t.nama, t.pasal, t.satuan, menurut=unit, toleransi=tolerance, pita=tuple(ready)
        )

    def _tetap_atau(self, loc: Tempat, name: str, text: str | None, unit: str) -> Fraction | None:
        return None if text is None else self.tetap((*loc, name), text, unit)

    def _ujung(self, loc: Tempat, band: Pita) -> bool:
        wrong = len(self.masalah)
        if (band.mulai is None) == (band.lebih_dari is None):
            self.salah(
                loc,
                f"ujung bawah pita {band.nama} harus tepat satu",
                "tulis mulai (nilai itu termasuk) atau lebih_dari (nilai itu tidak termasuk)",
            )
        if (band.sampai is not None) + (band.kurang_dari is not None) + band.tanpa_batas_atas != 1:
            self.salah(
                loc,
                f"ujung atas pita {band.nama} harus tepat satu",
                "tulis sampai (nilai itu termasuk), kurang_dari (tidak termasuk) atau tanpa_batas_atas: true",
            )
        return len(self.masalah) == wrong

    def _bersambung(self, bands: list[PitaSiap], unit: str, tolerance: Fraction | None) -> None:
        """Each band begins exactly where the one before ends; whole units may also go 30 to 31."""
        if tolerance is not None:
            end, included, before = tolerance, True, "toleransi"
        else:
            end, included, before = NOL, False, "nilai terendah"
        for place, band in enumerate(bands):
            loc: Tempat = ("pita", place)
            if place and bands[place - 1].atas is None:
                self.salah(
                    loc, f"{before} sudah tanpa batas atas", "pita tanpa batas atas harus yang terakhir"
                )
                return
            assert band.bawah is not None
            touches = band.bawah == end and band.termasuk_bawah != included
            if unit in _UTUH and not touches:
                first = band.bawah if band.termasuk_bawah else band.bawah + 1
                touches = first == (end + 1 if included else end)
            if not touches:
                begins = tampil(band.bawah, unit)
                wrong = (
                    "celah" if band.bawah > end or (band.bawah == end and not included) else "tumpang tindih"
                )
                step = 1 if unit in _UTUH and included else 0
                remedy = "mulai" if step or not included else "lebih_dari"
                self.salah(
                    loc,
                    f"{wrong}: {before} berakhir di {tampil(end, unit)}, pita {band.nama} mulai {begins}",
                    f"tulis {remedy}: {tampil(end + step, unit)}",
                )
            if band.atas is not None:
                empty = band.atas < band.bawah or (
                    band.atas == band.bawah and not (band.termasuk_bawah and band.termasuk_atas)
                )
                if empty:
                    self.salah(
                        loc, f"pita {band.nama} tidak memuat satu nilai pun", "perbaiki ujung-ujungnya"
                    )
                    return
                end, included, before = band.atas, band.termasuk_atas, f"pita {band.nama}"
        if bands and bands[-1].atas is not None:
            self.salah(
                ("pita", len(bands) - 1),
                f"celah: di atas {tampil(bands[-1].atas, unit)} tidak ada pita",
                "pita terakhir harus tanpa_batas_atas: true",
            )

    # Progressive

    def lapisan(self) -> TabelSiap:
        t = self.t
        unit = t.menurut or "rupiah"
        layers: list[tuple[Fraction | None, Fraction]] = []
        end = NOL
        rows: tuple[Lapisan, ...] = t.lapisan or ()
        if t.satuan != "persen":
            self.salah(("satuan",), "tarif berlapis adalah persen", "tulis satuan: persen")
        for place, layer in enumerate(rows):
            loc: Tempat = ("lapisan", place)
            last = place + 1 == len(rows)
            if (layer.sampai is None) != layer.tanpa_batas_atas or layer.tanpa_batas_atas != last:
                self.salah(
                    loc,
                    "lapisan terakhir, dan hanya itu, tanpa batas atas",
                    "tulis sampai: pada lapisan lain",
                )
            top = None if layer.sampai is None else self.tetap((*loc, "sampai"), layer.sampai, unit)
            if top is not None:
                if top <= end:
                    self.salah(
                        (*loc, "sampai"),
                        "lapisan tidak lebih tinggi dari sebelumnya",
                        "urutkan dari yang terendah",
                    )
                end = top
            layers.append((top, self.tetap((*loc, "tarif"), layer.tarif, "persen")))
        return TabelSiap(self.kode, t.nama, t.pasal, t.satuan, menurut=unit, lapisan=tuple(layers))
