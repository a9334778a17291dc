"""A policy made ready: every table exact, every formula typed, every step in its order.

`susun` gives the program of one stretch of time (tables may change within a policy) together with all
problems of meaning, each with its place in the document, the rule that is broken and the remedy.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from services.tpp.kebijakan.fakta import FAKTA, Fakta
from services.tpp.kebijakan.model import (
    KRITERIA,
    Kebijakan,
    Langkah,
    MasukanTambahan,
    Pembulat,
    Perubahan,
)
from services.tpp.kebijakan.rumus import RumusSalah
from services.tpp.kebijakan.susun_tabel import Masalah, Tempat, susun_tabel
from services.tpp.kebijakan.tampil import tampil
from services.tpp.kebijakan.tipe import (
    ANGKA,
    CONTOH_SATUAN,
    NOL,
    TERKECIL,
    Lingkungan,
    Simpul,
    TabelSiap,
    butuh,
    dijamin,
    kalikan,
    nama_satuan,
    terbaca,
    tetapan,
)
from shared.period import Period

Kalimat = tuple[str | Simpul, ...]
"""A sentence: its texts, and the formulas between them."""

IURAN = "iuran_pemberi_kerja"
"""The `sifat` of what the region pays beside a person's TPP: a line that no total counts."""

_BLOK = {
    "jumlah": ("jumlah", (), ()),
    "kali": ("kali", (), ("satuan", "persen", "dari")),
    "setiap": ("setiap", ("pita",), ("dari",)),
    "batas": ("batas", (), ("paling_banyak", "paling_sedikit")),
    "koreksi": ("koreksi", (), ()),
    "persen": ("bagian", ("dari",), ()),
}
"""What names a block: its kind, what must stand beside it, what may."""


@dataclass(frozen=True, slots=True)
class LangkahSiap:
    """A step made ready. `arah` is the sign of its lines; `isi` the formulas of its block by name."""

    kode: str
    blok: str
    sifat: str
    arah: int
    tipe: str
    loc: Tempat
    nama: str
    pasal: str
    kalimat: Kalimat
    bila: Simpul | None
    isi: Mapping[str, Simpul]
    daftar: str = ""
    pita: str = ""
    atas: tuple[str, ...] = ()
    cara: Pembulat | None = None
    kelipatan: Fraction = Fraction(1)
    per_satuan: bool = True
    per_jabatan: bool = False
    sehari: bool = False

    @property
    def mengembalikan(self) -> bool:
        """Whether it gives back of what it limits: a cap of cuts, or of what is added."""
        return self.blok == "batas" and self.arah != (1 if self.sifat == "tambah" else -1)

    def simpul(self) -> Iterable[Simpul]:
        """Every formula its amount follows from."""
        yield from self.isi.values()
        if self.bila is not None:
            yield self.bila


@dataclass(frozen=True, slots=True)
class TahanSiap:
    """A hold made ready."""

    kode: str
    bila: Simpul
    kalimat: Kalimat
    pemilik: str
    pasal: str


@dataclass(frozen=True, slots=True)
class Program:
    """One stretch of a policy, ready to be compiled or interpreted."""

    kebijakan: Kebijakan
    fakta: Mapping[str, Fakta]
    tabel: Mapping[str, TabelSiap]
    langkah: tuple[LangkahSiap, ...]
    penahanan: tuple[TahanSiap, ...]
    sanksi: Mapping[str, tuple[Fraction, int]]
    butuh: frozenset[str]
    """Groups of facts without which nobody is paid."""


@dataclass(slots=True)
class _Susunan:
    k: Kebijakan
    hari_nol: bool = False
    masalah: list[Masalah] = field(default_factory=list)

    def salah(self, loc: Tempat, alasan: str, perbaikan: str) -> None:
        self.masalah.append(Masalah(loc, alasan, perbaikan))

    def rumus(self, loc: Tempat, text: str, di: Lingkungan) -> Simpul | None:
        try:
            return terbaca(text, di)
        except RumusSalah as wrong:
            self.salah(loc, wrong.alasan, wrong.perbaikan)
            return None


def masa(k: Kebijakan) -> list[Period]:
    """The first months of the stretches in which the tables of a policy stay the same."""
    changes = {one.mulai for table in k.tabel.values() for one in table.perubahan}
    return sorted({Period.of(k.berlaku_mulai), *(Period.of(day) for day in changes)})


def susun(k: Kebijakan, pada: Period, *, hari_nol: bool = False) -> tuple[Program, tuple[Masalah, ...]]:
    """The program that holds in a month, and everything that is wrong with it.

    Made once for the same content: checks, sources, worked examples and the engine all ask for it.
    `hari_nol`: also what would be wrong for somebody without a day of service, whose steps that follow the
    jabatan come to nothing.
    """
    return _susun(k.sidik, pada, Terbungkus(k), hari_nol)


class Terbungkus:
    """A policy as argument of a cache that goes by its fingerprint."""

    def __init__(self, kebijakan: Kebijakan) -> None:
        self.kebijakan = kebijakan

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Terbungkus)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=64)
def _susun(sidik: str, pada: Period, isi: Terbungkus, hari_nol: bool) -> tuple[Program, tuple[Masalah, ...]]:
    k = isi.kebijakan
    s = _Susunan(k, hari_nol)
    sanksi = {
        one.kode: (_tetap(s, ("sanksi", place, "persen"), one.persen, "persen"), one.bulan)
        for place, one in enumerate(k.sanksi)
    }
    fakta = _fakta(s, [weight for weight, _ in sanksi.values()])
    tabel: dict[str, TabelSiap] = {}
    for kode, table in k.tabel.items():
        found, problems = susun_tabel(kode, table, fakta, berlaku(table.perubahan, pada), k)
        s.masalah += problems
        tabel[kode] = found
        if kode in fakta:
            s.salah(("tabel", kode), f"{kode} adalah nama fakta", "beri tabel ini nama lain")
    langkah = _langkah(s, Lingkungan(fakta, tabel))
    di = Lingkungan(fakta, tabel, total=False)
    penahanan = tuple(_penahanan(s, di))
    penahanan += tuple(_tanpa_data(langkah, penahanan, di))
    needed = frozenset[str]().union(
        *(butuh(node, fakta) for step in langkah for node in step.simpul()),
        *(frozenset({fakta[step.daftar].kosong}) for step in langkah if step.daftar),
    )
    stated = {name for hold in penahanan for name in disebut(hold.bila)}
    for name in sorted(needed - stated):
        s.salah(
            ("penahanan",),
            f"{name} dapat belum ada, dan belum disebut apa yang terjadi",
            f"tambahkan penahanan dengan bila: tidak_ada({name}), atau pakai nilai_atau(…; pengganti)",
        )
    return Program(k, fakta, tabel, langkah, penahanan, sanksi, needed), tuple(s.masalah)


def berlaku(changes: tuple[Perubahan, ...], pada: Period) -> int:
    """How many of the changes have come into force."""
    return sum(1 for one in changes if Period.of(one.mulai) <= pada)


def _tetap(s: _Susunan, loc: Tempat, text: str, satuan: str) -> Fraction:
    try:
        return tetapan(text, satuan)
    except RumusSalah as wrong:
        s.salah(loc, wrong.alasan, wrong.perbaikan)
        return NOL


def _fakta(s: _Susunan, sanksi: list[Fraction]) -> dict[str, Fakta]:
    found = dict(FAKTA)
    for place, one in enumerate(s.k.masukan):
        loc: Tempat = ("masukan", place)
        if one.nama in found:
            s.salah((*loc, "nama"), f"fakta {one.nama} sudah ada", "beri nama lain")
        found[one.nama] = _tambahan(s, loc, one)
    for nama, arti, hi in (
        (
            "sanksi_terbesar",
            "Persen sanksi disiplin terberat yang berlaku pada bulan ini",
            max(sanksi, default=NOL),
        ),
        ("sanksi_jumlah", "Jumlah persen semua sanksi disiplin yang berlaku pada bulan ini", None),
    ):
        found[nama] = Fakta(nama, "persen", "sanksi", arti, hi=hi)
    return found


def _tambahan(s: _Susunan, loc: Tempat, one: MasukanTambahan) -> Fakta:
    ends: dict[str, Fraction | None] = {"lo": NOL, "hi": None}
    for name, end in (("paling_sedikit", "lo"), ("paling_banyak", "hi")):
        text = getattr(one, name)
        if text is not None and one.satuan not in ANGKA:
            s.salah((*loc, name), f"{nama_satuan(one.satuan)} tidak mempunyai batas", f"hapus {name}")
        elif text is not None:
            ends[end] = _tetap(s, (*loc, name), text, one.satuan)
    lo, hi = ends["lo"], ends["hi"]
    if lo is not None and hi is not None and lo > hi:
        s.salah(
            (*loc, "paling_banyak"),
            f"paling banyak {tampil(hi, one.satuan)}, kurang dari paling sedikit {tampil(lo, one.satuan)}",
            "tukar kedua batasnya, atau perbaiki bilangannya",
        )
    return Fakta(one.nama, one.satuan, "tambahan", one.arti, kosong=one.nama, lo=ends["lo"], hi=ends["hi"])


# Steps


def ulangi(langkah: tuple[Langkah, ...]) -> list[tuple[int, Langkah]]:
    """Every step with its place in the document; one with `untuk` stands once for each of its keys."""
    found = []
    for place, step in enumerate(langkah):
        if step.untuk is None:
            found.append((place, step))
            continue
        for key, name in step.untuk.items():
            fields = {
                part: _ganti(value, key, name)
                for part, value in step
                if part != "untuk" and isinstance(value, str | tuple)
            }
            found.append((place, step.model_copy(update={**fields, "untuk": None})))
    return found


def _ganti(value: str | tuple[str, ...], key: str, name: str) -> str | tuple[str, ...]:
    if isinstance(value, tuple):
        return tuple(one.replace("@@", name).replace("@", key) for one in value)
    return value.replace("@@", name).replace("@", key)


def _langkah(s: _Susunan, di: Lingkungan) -> tuple[LangkahSiap, ...]:
    steps = ulangi(s.k.langkah)
    codes: dict[str, str] = {}
    found: list[LangkahSiap] = []
    di.langkah = {}
    for number, (place, step) in enumerate(steps):
        loc: Tempat = ("langkah", place)
        if "@" in step.kode:
            s.salah((*loc, "kode"), "@ hanya untuk langkah yang berulang", "tambahkan untuk: dengan kuncinya")
        later = frozenset(one.kode for _, one in steps[number + 1 :])
        here = di.dengan(nanti=later - set(di.langkah), sendiri=step.kode)
        ready = _satu(s, loc, step, here, found)
        if ready is None:
            di.langkah.setdefault(step.kode, Simpul("langkah", "rupiah", lo=NOL))
            continue
        for kode in _kode_baris(ready, di.tabel):
            if kode in codes or kode in di.fakta or kode in di.tabel:
                s.salah(
                    (*loc, "kode"),
                    f"kode {kode} sudah dipakai {codes.get(kode, 'fakta atau tabel')!r}",
                    "beri setiap aturan kode sendiri, karena baris slip dikenali dari kodenya",
                )
            codes[kode] = step.nama
        if ready.per_jabatan and (
            ready.blok not in ("jumlah", "bagian", "kali")
            or ready.sifat == IURAN
            or (found and not found[-1].per_jabatan)
        ):
            s.salah(
                (*loc, "per_jabatan"),
                "yang dibagi per jabatan adalah jumlah, persen atau kali, mendahului semua langkah lain, dan "
                "bukan iuran pemberi kerja",
                "pindahkan ke atas, atau hapus per_jabatan",
            )
        found.append(ready)
        di.langkah[step.kode] = _nilai(ready, hari_nol=s.hari_nol)
    if s.k.pergantian.pembagi and found and not found[0].per_jabatan:
        s.salah(
            ("pergantian", "sebagian" if s.k.pergantian.sebagian else "cara"),
            "belum ada langkah yang dibagi per jabatan",
            "tulis per_jabatan: true di langkah yang mengikuti jabatan",
        )
    return tuple(found)


def _kode_baris(step: LangkahSiap, tabel: Mapping[str, TabelSiap]) -> list[str]:
    bands = [band.kode for band in tabel[step.pita].pita] if step.pita else []
    return [step.kode, *bands]


def _nilai(step: LangkahSiap, *, hari_nol: bool) -> Simpul:
    """What later formulas may count on: unit and limits of a step's amount."""
    lo: Fraction | None = NOL
    hi: Fraction | None = None
    if step.blok == "jumlah":
        lo, hi = step.isi["jumlah"].lo, step.isi["jumlah"].hi
    elif step.blok == "bagian":
        product = step.isi["bagian"]
        lo, hi = product.lo, product.hi
    elif step.blok == "koreksi":
        lo = None
    if step.bila is not None or (hari_nol and step.per_jabatan):
        lo = None if lo is None else min(lo, NOL)
        hi = None if hi is None else max(hi, NOL)
    if step.cara and step.cara != "ke_bawah" and hi is not None:
        hi += step.kelipatan
    if step.cara and lo is not None:
        lo = lo // step.kelipatan * step.kelipatan
    return Simpul("langkah", step.tipe, lo=lo, hi=hi)


def _satu(
    s: _Susunan, loc: Tempat, step: Langkah, di: Lingkungan, before: list[LangkahSiap]
) -> LangkahSiap | None:
    blok = _blok(s, loc, step)
    if blok is None:
        return None
    wrong = len(s.masalah)
    bila = None
    if step.bila is not None:
        bila = s.rumus((*loc, "bila"), step.bila, di)
        if bila is not None:
            if bila.tipe != "ya_tidak":
                s.salah(
                    (*loc, "bila"),
                    f"bila berisi {nama_satuan(bila.tipe)}",
                    "tulis perbandingan, misalnya hadir > 0 hari",
                )
            di = di.dengan(dijamin=di.dijamin | dijamin(bila))
    isi: dict[str, Simpul] = {}
    for name in ("jumlah", "persen", "dari", "kali", "satuan", "paling_banyak", "paling_sedikit"):
        text = getattr(step, name)
        node = None if text is None else s.rumus((*loc, name), text, di)
        if node is not None:
            isi[name] = node
    if len(s.masalah) > wrong:
        return None
    sifat, arah = _sifat(s, loc, step, blok, before)
    tipe = _tipe(s, loc, step, blok, isi, sifat, di)
    _kriteria(s, loc, step, sifat, tipe)
    cara, kelipatan = _pembulatan(s, loc, step, sifat, tipe)
    if sifat != "nilai" and step.kalimat is None:
        s.salah(loc, f"kalimat langkah {step.kode} belum ada", "tambahkan kalimat: untuk baris slipnya")
    kalimat = _kalimat(
        s, (*loc, "kalimat"), step.kalimat or "", di.dengan(kata=_kata(blok, tipe, isi, di, step))
    )
    if len(s.masalah) > wrong:
        return None
    return LangkahSiap(
        step.kode, blok, sifat, arah, tipe, loc, step.nama, step.pasal, kalimat, bila, isi,
        "hari_kejadian" if step.sehari else step.setiap or "", step.pita or "", step.batas or (),
        cara, kelipatan, step.bulat_pada == "satuan", step.per_jabatan, step.sehari,
    )  # fmt: skip


def _blok(s: _Susunan, loc: Tempat, step: Langkah) -> str | None:
    names = [
        name for name in ("jumlah", "kali", "setiap", "batas", "koreksi") if getattr(step, name) is not None
    ]
    if not names and step.persen is not None:
        names = ["persen"]
    if len(names) != 1:
        what = " dan ".join(names) if names else "tidak ada"
        s.salah(
            loc,
            f"langkah {step.kode} harus berisi tepat satu cara menghitung ({what})",
            "pilih jumlah, persen dengan dari, kali, setiap dengan pita, batas, atau koreksi",
        )
        return None
    wrong = len(s.masalah)
    blok, must, may = _BLOK[names[0]]
    for name in must:
        if getattr(step, name) is None:
            s.salah(loc, f"isian {name} belum ada", f"tambahkan {name}: di samping {names[0]}:")
    for name in ("persen", "dari", "satuan", "pita", "paling_banyak", "paling_sedikit"):
        if getattr(step, name) is not None and name not in (*names, *must, *may):
            s.salah((*loc, name), f"{name} tidak dipakai bersama {names[0]}", f"hapus {name}")
    if blok == "kali" and (step.satuan is None) == (step.persen is None):
        s.salah(loc, "kali memerlukan satu nilai setiap kalinya", "tulis satuan: atau persen: dengan dari:")
    if blok == "kali" and (step.persen is None) != (step.dari is None):
        s.salah(loc, "persen dan dari harus bersama", "tulis keduanya")
    if blok == "batas" and (step.paling_banyak is None) == (step.paling_sedikit is None):
        s.salah(loc, "batas memerlukan satu ujung", "tulis paling_banyak: atau paling_sedikit:")
    if step.sehari and (blok != "batas" or step.paling_sedikit is not None):
        s.salah((*loc, "sehari"), "sehari hanya untuk batas dengan paling_banyak", "hapus sehari")
    return blok if len(s.masalah) == wrong else None


def _sifat(s: _Susunan, loc: Tempat, step: Langkah, blok: str, before: list[LangkahSiap]) -> tuple[str, int]:
    if blok == "koreksi" and step.sifat not in (None, "tambah"):
        s.salah((*loc, "sifat"), "koreksi selalu bersifat tambah", "hapus sifat; tandanya dari rapelnya")
    if blok == "koreksi":
        return "tambah", 1
    if blok != "batas":
        if step.sifat is None:
            s.salah(
                loc,
                f"sifat langkah {step.kode} belum ada",
                "tulis sifat: tambah, kurang, potongan, iuran_pemberi_kerja, catatan, atau nilai",
            )
        sifat = step.sifat or "nilai"
        return sifat, {"tambah": 1, "kurang": -1, "potongan": -1}.get(sifat, 0)
    known = {one.kode: one for one in before}
    kinds = set()
    for kode in step.batas or ():
        one = known.get(kode)
        if one is None or one.arah == 0 or one.blok == "koreksi" or (one.blok == "batas" and step.sehari):
            s.salah(
                (*loc, "batas"),
                f"{kode} bukan langkah berbaris di atas langkah ini",
                "sebut kode langkah yang dibatasi",
            )
        else:
            kinds.add(one.sifat)
    _sehari(s, loc, step, before)
    if len(kinds) > 1:
        s.salah(
            (*loc, "batas"),
            f"batas mencampur langkah {' dan '.join(sorted(kinds))}",
            "buat satu batas untuk setiap sifat",
        )
    if step.sifat is not None:
        s.salah((*loc, "sifat"), "sifat batas mengikuti langkah yang dibatasi", "hapus sifat")
    kind = next(iter(sorted(map(str, kinds))), "kurang")
    sign = 1 if kind == "tambah" else -1
    return kind, sign if step.paling_sedikit is not None else -sign


def _sehari(s: _Susunan, loc: Tempat, step: Langkah, before: list[LangkahSiap]) -> None:
    """A cap of each day is over events that have a day; one of the month over them counts what it gave."""
    named = frozenset(step.batas or ())
    for one in before:
        if step.sehari and one.kode in named and (one.blok != "setiap" or not one.per_satuan):
            s.salah(
                (*loc, "batas"),
                f"{one.kode} tidak berhari, sehingga tidak dapat dibatasi sehari",
                "batas sehari hanya atas langkah setiap: terlambat atau pulang_cepat, bulat_pada: satuan",
            )
        if one.blok != "batas" or named.isdisjoint((one.kode, *one.atas)):
            continue
        if step.sehari and not one.sehari:
            s.salah(
                loc,
                f"{one.kode} sudah membatasi sebagian sebulan, di atas batas sehari ini",
                f"pindahkan {step.kode} ke atas {one.kode}, lalu sebut {step.kode} di sana",
            )
        if not one.sehari:
            continue
        if step.sehari:
            s.salah(
                (*loc, "batas"),
                f"sebagian sudah dibatasi sehari oleh {one.kode}",
                "satukan kedua batas sehari itu, atau hapus salah satunya",
            )
        elif not named.issuperset((one.kode, *one.atas)):
            s.salah(
                (*loc, "batas"),
                f"sebagian sudah dikembalikan {one.kode}",
                f"sebut {one.kode} bersama semua yang dibatasinya ({', '.join(one.atas)}), agar yang sudah "
                "dikembalikan tidak dikembalikan dua kali",
            )


def _tipe(
    s: _Susunan, loc: Tempat, step: Langkah, blok: str, isi: dict[str, Simpul], sifat: str, di: Lingkungan
) -> str:
    """The unit of a step's amount; its parts must fit, and a line is rupiah and never below zero."""

    def harus(name: str, *units: str) -> None:
        if name in isi and isi[name].tipe not in units:
            s.salah(
                (*loc, name),
                f"{name} berisi {nama_satuan(isi[name].tipe)}, seharusnya {' atau '.join(units)}",
                CONTOH_SATUAN[units[0]],
            )

    if blok == "jumlah":
        node = isi["jumlah"]
    elif blok == "bagian":
        harus("persen", "persen")
        try:
            node = isi["bagian"] = kalikan(isi["persen"], isi["dari"])
        except RumusSalah as wrong:
            s.salah((*loc, "dari"), wrong.alasan, wrong.perbaikan)
            return "rupiah"
    else:
        harus("kali", "kali", "hari", "menit")
        harus("persen", "persen")
        for name in ("satuan", "dari", "paling_banyak", "paling_sedikit"):
            harus(name, "rupiah")
        for name in isi:
            if isi[name].lo is None or isi[name].lo < 0:  # type: ignore[operator]
                s.salah((*loc, name), f"{name} dapat bernilai negatif", "tulis maks(Rp 0; …)")
        if blok == "setiap":
            _pita(s, loc, step, di)
        return "rupiah"
    if node.tipe not in (*ANGKA, "teks", "predikat", "ya_tidak") or (
        node.tipe not in ANGKA and (step.bila or step.bulat)
    ):
        s.salah(
            loc,
            f"{nama_satuan(node.tipe)} tidak dapat bersyarat atau dibulatkan",
            "pakai jika(…; …; …) di rumusnya",
        )
    if sifat != "nilai":
        if node.tipe != "rupiah":
            s.salah(
                loc,
                f"baris slip harus rupiah, bukan {nama_satuan(node.tipe)}",
                CONTOH_SATUAN["rupiah"]
                if node.op == "tetap"
                else "kalikan dengan dasar rupiahnya, atau tulis sifat: nilai",
            )
        elif node.lo is None or node.lo < 0:
            where = "jumlah" if blok == "jumlah" else "dari"
            s.salah(
                (*loc, where), "jumlahnya dapat negatif", "tulis maks(Rp 0; …); arahnya sudah dikatakan sifat"
            )
    return node.tipe


def _kriteria(s: _Susunan, loc: Tempat, step: Langkah, sifat: str, tipe: str) -> None:
    """A criterion belongs to rupiah that are paid, or to the full amount that they are a part of."""
    if step.kriteria is None:
        return
    place, offered = (*loc, "kriteria"), ", ".join(KRITERIA)
    if step.kriteria not in KRITERIA:
        s.salah(place, f"kriteria {step.kriteria} tidak dikenal", f"pilih salah satu: {offered}")
    elif sifat not in ("tambah", "nilai") or step.koreksi or step.batas:
        s.salah(place, f"kriteria bukan untuk {step.kode}", "kriteria hanya untuk sifat tambah atau nilai")
    elif tipe != "rupiah":
        s.salah(
            place,
            f"{step.kode} berisi {nama_satuan(tipe)}, bukan rupiah",
            "tulis kriteria di langkah yang berisi besarannya dalam rupiah",
        )


def _pita(s: _Susunan, loc: Tempat, step: Langkah, di: Lingkungan) -> None:
    table = di.tabel.get(step.pita or "")
    if table is None or table.bentuk != "pita" or table.menurut != "menit":
        s.salah(
            (*loc, "pita"),
            f"{step.pita} bukan tabel pita menurut menit",
            "sebut tabel dengan pita: dan menurut: menit",
        )
        return
    if (table.satuan == "persen") != (step.dari is not None) or table.satuan not in ("persen", "rupiah"):
        s.salah(
            (*loc, "pita"),
            f"tabel {table.kode} berisi {table.satuan}",
            "pita berisi persen memerlukan dari:, pita berisi rupiah tidak",
        )
    previous = NOL
    for place, band in enumerate(table.pita):
        if band.nilai < previous:
            s.salah(
                ("tabel", table.kode, "pita", place, "nilai"),
                f"pita {band.nama} lebih lama tetapi dipotong lebih kecil",
                "menit yang lebih banyak tidak boleh dipotong lebih kecil",
            )
        previous = band.nilai


def _pembulatan(
    s: _Susunan, loc: Tempat, step: Langkah, sifat: str, tipe: str
) -> tuple[Pembulat | None, Fraction]:
    kelipatan = TERKECIL.get(tipe, Fraction(1))
    if step.kelipatan is not None:
        kelipatan = _tetap(s, (*loc, "kelipatan"), step.kelipatan, tipe)
        if kelipatan <= 0:
            s.salah((*loc, "kelipatan"), "kelipatan harus di atas nol", "misalnya Rp 100 atau 0,01%")
            kelipatan = Fraction(1)
        if sifat != "nilai" and kelipatan.denominator != 1:
            s.salah(
                (*loc, "kelipatan"), "baris slip adalah rupiah bulat", "tulis rupiah bulat, atau sifat: nilai"
            )
    if sifat == "nilai" and step.bulat is None:
        if step.kelipatan is not None:
            s.salah((*loc, "kelipatan"), "kelipatan tanpa cara pembulatan", "tambahkan bulat: ke_bawah")
        return None, kelipatan
    return step.bulat or s.k.pembulatan, kelipatan


# Sentences

_KURUNG = re.compile(r"\{([^{}]*)\}")


def _kata(
    blok: str, tipe: str, isi: Mapping[str, Simpul], di: Lingkungan, step: Langkah
) -> dict[str, Simpul]:
    """The words of a block, beside every fact, table and step."""
    units = {"jumlah": tipe}
    if blok in ("bagian", "kali"):
        units |= {name: node.tipe for name, node in isi.items() if name in ("persen", "kali", "satuan")}
    if "dari" in isi:
        units["dasar"] = isi["dari"].tipe
    if blok in ("kali", "setiap"):
        units["satuan"] = "rupiah"
    if blok == "setiap":
        units |= {"kali": "kali", "pita": "teks", "rentang": "teks", "menit": "teks"}
        table = di.tabel.get(step.pita or "")
        if table is not None and table.satuan == "persen":
            units["persen"] = "persen"
    if blok == "batas":
        units |= {"dibatasi": "rupiah", "batas": "rupiah"}
    if step.sehari:
        units |= {"tanggal": "teks"}
    if blok == "koreksi":
        units |= {"bulan_asal": "teks"}
    return {name: Simpul("kata", unit, isi=name) for name, unit in units.items()}


def _kalimat(s: _Susunan, loc: Tempat, text: str, di: Lingkungan) -> Kalimat:
    found: list[str | Simpul] = []
    parts = _KURUNG.split(text)
    for place, part in enumerate(parts):
        if place % 2 == 0:
            if "{" in part or "}" in part:
                offered = ", ".join(f"{{{word}}}" for word in sorted(di.kata))
                s.salah(loc, "kurung kurawal di kalimat tidak berpasangan", f"kata langkah ini: {offered}")
                return ()
            if part:
                found.append(part)
        else:
            try:
                found.append(terbaca(part, di))
            except RumusSalah as wrong:
                offered = ", ".join(f"{{{word}}}" for word in sorted(di.kata))
                s.salah(
                    loc,
                    f"kata {{{part}}} tidak dikenal di aturan ini: {wrong.alasan}",
                    f"kata langkah ini: {offered}; fakta, tabel dan langkah di atasnya juga boleh",
                )
    return tuple(found)


def _penahanan(s: _Susunan, di: Lingkungan) -> Iterable[TahanSiap]:
    seen = set()
    for place, hold in enumerate(s.k.penahanan):
        loc: Tempat = ("penahanan", place)
        if hold.kode in seen:
            s.salah((*loc, "kode"), f"{hold.kode} disebut dua kali", "hapus salah satunya")
        seen.add(hold.kode)
        bila = s.rumus((*loc, "bila"), hold.bila, di)
        words = {"periode": Simpul("kata", "teks", isi="periode")}
        kalimat = _kalimat(s, (*loc, "kalimat"), hold.kalimat, di.dengan(kata=words, fakta={}, tabel={}))
        if bila is None:
            continue
        if bila.tipe != "ya_tidak":
            s.salah(
                (*loc, "bila"),
                f"bila berisi {nama_satuan(bila.tipe)}",
                "tulis tidak_ada(fakta) atau perbandingan",
            )
            continue
        yield TahanSiap(hold.kode, bila, kalimat, hold.pemilik, hold.pasal)


TANPA_DATA = "hari_tanpa_data"
_HARIAN = frozenset(
    "hadir tanpa_keterangan terlambat pulang_cepat tanpa_masuk tanpa_pulang absen_terlewat tanpa_apel".split()
)
"""What is counted of the days that are recorded, and says less than it seems where some are not."""


def _tanpa_data(
    langkah: Iterable[LangkahSiap], penahanan: Iterable[TahanSiap], di: Lingkungan
) -> Iterable[TahanSiap]:
    """A policy that counts days and does not say how those without a record count lets the month wait."""
    nodes = [node for step in langkah for node in step.simpul()]
    named = {name for node in nodes for name in node.fakta} | {step.daftar for step in langkah}
    if TANPA_DATA in named or any(TANPA_DATA in hold.bila.fakta for hold in penahanan):
        return
    if not _HARIAN & named:
        return
    yield TahanSiap(
        TANPA_DATA,
        terbaca(f"{TANPA_DATA} > 0 hari", di),
        (
            "Kehadiran ", terbaca(TANPA_DATA, di), " kerja ", Simpul("kata", "teks", isi="periode"),
            " belum tercatat; impor harinya, atau surat cuti atau dinasnya",
        ),
        "pengelola_kinerja",
        "data kehadiran",
    )  # fmt: skip


def menunggu_data(program: Program) -> bool:
    """Whether payments wait for days without a record though the policy itself says nothing of them."""
    written = {one.kode for one in program.kebijakan.penahanan}
    return TANPA_DATA in {one.kode for one in program.penahanan} - written


def terpakai(program: Program) -> frozenset[str]:
    """Every step and table that a formula, a sentence, a band or a cap of this program rests on."""
    found: set[str] = set()

    def look(node: Simpul) -> None:
        found.update(node.langkah)
        if isinstance(node.isi, str):
            found.add(node.isi)
        for one in node.anak:
            look(one)

    for step in program.langkah:
        found.update(step.atas, {step.pita})
        for node in (*step.simpul(), *(one for one in step.kalimat if isinstance(one, Simpul))):
            look(node)
    for hold in program.penahanan:
        look(hold.bila)
    return frozenset(found)


def disebut(node: Simpul) -> Iterable[str]:
    """The groups of facts that a hold waits for."""
    if node.op == "tidak_ada":
        yield node.isi
    for one in node.anak:
        yield from disebut(one)
