"""What a new document must keep to beside what it cannot be computed without.

A word that no person can ever match, a share below zero, a hold that rests on what may not be known: each of
these computes, and pays somebody something that nobody meant. They are asked of a document that is brought,
not of one that is stored: what was accepted stays readable and pays what it paid (as `bobot`).
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from services.tpp.kebijakan.fakta import EJAAN, Fakta
from services.tpp.kebijakan.model import Kebijakan
from services.tpp.kebijakan.program import LangkahSiap, Program, disebut, masa, susun, ulangi
from services.tpp.kebijakan.susun_tabel import BEBAS, Masalah, Tempat
from services.tpp.kebijakan.tampil import tampil
from services.tpp.kebijakan.tipe import ANGKA, NOL, PEMBAGI_NOL, TOTAL, Simpul, TabelSiap, butuh
from shared.period import Period

_UTUH = Fraction(1)
_KATA = (*TOTAL, "ya", "tidak", "dan", "atau", "bukan", "x")
"""Words of the formulas themselves: whatever else has such a name cannot be spoken of."""
_SANKSI = ("sanksi_terbesar", "sanksi_jumlah")


def teliti(k: Kebijakan) -> Iterator[Masalah]:
    """All of it, of a document whose formulas and tables can be used."""
    for month in masa(k):
        yield from _bulanan(k, month)
    yield from _dokumen(k)


def _dokumen(k: Kebijakan) -> Iterator[Masalah]:
    """What can be seen without the program of a month."""
    yield from _nama(k)
    for place, step in enumerate(k.langkah):
        if step.untuk is not None and not step.untuk:
            yield Masalah(
                ("langkah", place, "untuk"),
                f"{step.kode} diulang untuk nol hal, jadi tidak pernah dihitung",
                "sebut kunci dan namanya di untuk, atau hapus untuk",
            )
    yield from _perubahan(k)
    known = {*(name for month in masa(k) for name in _baris(susun(k, month)[0]))}
    for place, case in enumerate(k.uji):
        here: Tempat = ("uji", place, "harap")
        if not case.harap.model_fields_set:
            yield Masalah(
                here,
                f"kasus {case.nama!r} tidak mengharapkan apa pun, jadi tidak membuktikan apa pun",
                "tulis sedikitnya bruto, neto, baris, atau ditahan",
            )
        for kode in case.harap.tidak_ada:
            if kode not in known:
                yield Masalah(
                    (*here, "tidak_ada"),
                    f"{kode} bukan kode baris mana pun, jadi tidak pernah ada",
                    "tulis kode langkah atau pita yang dapat menjadi baris slip",
                )


def _bulanan(k: Kebijakan, pada: Period) -> Iterator[Masalah]:
    """What must be so in each stretch of time in which the tables stay the same."""
    program = susun(k, pada)[0]
    for table in program.tabel.values():
        yield from _tabel(k, table, program)
    for place, (kode, (share, _)) in enumerate(program.sanksi.items()):
        if not NOL < share <= _UTUH:
            yield Masalah(
                ("sanksi", place, "persen"),
                f"sanksi {kode} memotong {tampil(share, 'persen')}",
                "tulis persen di atas 0% sampai 100%",
            )
    yield from _terpakai(k, program)
    for loc, node in _rumus(program):
        yield from _periksa(loc, node, program)
    yield from _pembagi(k, pada, program)
    yield from _batas(program.langkah)
    yield from _penahanan(program)


def _nama(k: Kebijakan) -> Iterator[Masalah]:
    named: list[tuple[Tempat, str]] = [
        *((("langkah", place, "kode"), step.kode) for place, step in ulangi(k.langkah)),
        *((("tabel", kode), kode) for kode in k.tabel),
        *((("masukan", place, "nama"), one.nama) for place, one in enumerate(k.masukan)),
    ]
    for loc, name in named:
        if name in _KATA:
            what = "jumlah baris-baris di atasnya" if name in TOTAL else "kata rumus"
            yield Masalah(loc, f"{name} sudah berarti {what}", f"beri nama lain, misalnya {name}_daerah")


def _baris(program: Program) -> Iterator[str]:
    for step in program.langkah:
        if step.sifat != "nilai":
            yield step.kode
            yield from (band.kode for band in program.tabel[step.pita].pita) if step.pita else ()


def _perubahan(k: Kebijakan) -> Iterator[Masalah]:
    end: date | None = k.berlaku_sampai
    for kode, table in k.tabel.items():
        for place, change in enumerate(table.perubahan):
            if end is not None and change.mulai > end:
                yield Masalah(
                    ("tabel", kode, "perubahan", place, "mulai"),
                    f"perubahan mulai {change.mulai}, sesudah kebijakan ini berakhir {end}",
                    "tulis bulan di dalam masa berlaku, atau pindahkan ke versi kebijakan berikutnya",
                )


# Tables


def _tabel(k: Kebijakan, table: TabelSiap, program: Program) -> Iterator[Masalah]:
    for name, at in ((name, at) for at, name in enumerate(table.oleh) if name in EJAAN):
        for key in dict.fromkeys(str(row[at]) for row in table.baris):
            if key not in EJAAN[name]:
                yield Masalah(
                    ("tabel", table.kode, "isi", key),
                    f"{name} {key!r} tidak dikenal",
                    f"pilih salah satu: {', '.join(EJAAN[name])}",
                )
    rates = [rate for _, rate in table.lapisan]
    for place, rate in enumerate(rates):
        if not NOL <= rate <= _UTUH:
            yield Masalah(
                ("tabel", table.kode, "lapisan", place, "tarif"),
                f"tarif {tampil(rate, 'persen')}",
                "tulis persen dari 0% sampai 100%",
            )
    written = k.tabel[table.kode]
    own = bool(table.oleh) and table.oleh[-1] not in program.fakta
    shares = own and table.satuan == "persen" and written.jumlah != BEBAS and table.lainnya is None
    if shares or table.oleh == ("peran",):
        for keys, value in table.baris.items():
            if value < 0:
                yield Masalah(
                    ("tabel", table.kode, "isi", *(_kunci(one) for one in keys)),
                    f"{'; '.join(map(str, keys))} bernilai {tampil(value, table.satuan)}",
                    "tulis nilai dari nol ke atas; arahnya sudah dikatakan sifat langkah yang memakainya",
                )


def _kunci(key: str | int) -> str | int:
    return int(key) if isinstance(key, str) and key.isascii() and key.isdigit() else key


# Formulas


def _rumus(program: Program) -> Iterator[tuple[Tempat, Simpul]]:
    """Every formula that decides something, with its place."""
    for step in program.langkah:
        names = ("jumlah", "persen", "dari", "kali", "satuan", "paling_banyak", "paling_sedikit")
        yield from (((*step.loc, name), step.isi[name]) for name in names if name in step.isi)
        if step.bila is not None:
            yield (*step.loc, "bila"), step.bila
    for place, hold in enumerate(program.penahanan[: len(program.kebijakan.penahanan)]):
        yield ("penahanan", place, "bila"), hold.bila


def _periksa(loc: Tempat, node: Simpul, program: Program) -> Iterator[Masalah]:
    for one in semua(node):
        if one.op == "pita" and (one.anak[0].lo is None or one.anak[0].lo < 0):
            unit = program.tabel[one.isi].menurut
            zero = (
                "Rp 0"
                if unit == "rupiah"
                else "0%"
                if unit == "persen"
                else f"0 {unit}".replace(" bilangan", "")
            )
            yield Masalah(
                loc,
                f"nilai yang dicari di tabel {one.isi} dapat negatif, dan pitanya mulai dari {zero}",
                f"tulis {one.isi}[maks({zero}; …)]",
            )
        elif one.op in ("=", "<>", "<", "<=", ">", ">=", "satu_dari"):
            yield from _kata(loc, one, program)
    if (
        loc[-1] == "bila"
        and node.tipe == "ya_tidak"
        and not any(
            one.op
            in ("fakta", "kamus", "langkah", "total", "tabel", "pita", "tidak_ada", "terbesar", "semua")
            for one in semua(node)
        )
    ):
        yield Masalah(
            loc, "syarat ini sama bagi semua orang dan setiap bulan", "sebut fakta, tabel, atau langkah"
        )


def _kata(loc: Tempat, node: Simpul, program: Program) -> Iterator[Masalah]:
    """A fact beside a written value that it can never have."""
    facts = [one for one in node.anak if one.op == "fakta"]
    if len(facts) != 1:
        return
    fact = program.fakta[facts[0].isi]
    for one in node.anak:
        if one.op != "tetap":
            continue
        spelled = EJAAN.get(fact.nama, fact.domain)
        if fact.tipe == "teks" and spelled and one.isi not in spelled:
            yield Masalah(
                loc,
                f"{fact.nama} {one.isi!r} tidak dikenal, jadi tidak pernah sama",
                f"pilih salah satu: {', '.join(spelled)}",
            )
        elif fact.tipe in ANGKA:
            sign = _TERBALIK.get(node.op, node.op) if one is node.anak[0] else node.op
            if not _mungkin(sign, fact, one.isi):
                never = "" if sign in ("=", "<>", "satu_dari") else f"{sign} "
                yield Masalah(
                    loc,
                    f"{fact.nama} tidak pernah {never}{tampil(one.isi, fact.tipe)}",
                    f"{fact.nama} {_batas_fakta(fact)}; periksa bilangannya",
                )


def _mungkin(sign: str, fact: Fakta, wanted: Fraction) -> bool:
    """Whether the fact can be so; `<>` of a value out of reach is a slip of the pen, too."""
    lo, hi = fact.lo, fact.hi
    match sign:
        case "<":
            return lo is None or lo < wanted
        case ">":
            return hi is None or hi > wanted
        case "<=":
            return lo is None or lo <= wanted
        case ">=":
            return hi is None or hi >= wanted
    return (lo is None or lo <= wanted) and (hi is None or wanted <= hi)


_TERBALIK = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _batas_fakta(fact: Fakta) -> str:
    parts = [
        f"{word} {tampil(end, fact.tipe)}"
        for word, end in (("sedikitnya", fact.lo), ("paling banyak", fact.hi))
        if end is not None
    ]
    return " dan ".join(parts)


def semua(node: Simpul) -> Iterator[Simpul]:
    """A formula and everything inside it."""
    yield node
    for one in node.anak:
        yield from semua(one)


def _pembagi(k: Kebijakan, pada: Period, program: Program) -> Iterator[Masalah]:
    """What follows the days of a jabatan comes to nothing where those are none: it divides nothing."""
    divisors = (one.anak[1] for _, node in _rumus(program) for one in semua(node) if one.op == "/")
    if any(one.langkah for one in divisors):
        yield from (one for one in susun(k, pada, hari_nol=True)[1] if one.reason == PEMBAGI_NOL)


# Caps, holds, sanctions


def _batas(langkah: tuple[LangkahSiap, ...]) -> Iterator[Masalah]:
    """Two caps of a month over the same cuts: the later one counts what the earlier gave back."""
    for at, step in enumerate(langkah):
        if step.blok != "batas" or step.sehari:
            continue
        named = frozenset(step.atas)
        for one in langkah[:at]:
            if one.blok != "batas" or one.sehari or named.isdisjoint((one.kode, *one.atas)):
                continue
            if not named.issuperset((one.kode, *one.atas)):
                yield Masalah(
                    (*step.loc, "batas"),
                    f"sebagian sudah dibatasi {one.kode}",
                    f"sebut {one.kode} bersama semua yang dibatasinya ({', '.join(one.atas)}), agar yang "
                    "dikembalikan tidak dikembalikan dua kali",
                )


def _penahanan(program: Program) -> Iterator[Masalah]:
    """A hold that rests on what may not be known holds nobody then."""
    stated = {name for hold in program.penahanan for name in disebut(hold.bila)}
    for place, hold in enumerate(program.penahanan[: len(program.kebijakan.penahanan)]):
        for name in sorted(butuh(hold.bila, program.fakta) - stated - program.butuh):
            yield Masalah(
                ("penahanan", place, "bila"),
                f"{name} dapat belum ada; penahanan ini lalu tidak menahan siapa pun",
                f"tulis tidak_ada({name}) atau …, supaya yang belum diketahui juga ditahan",
            )


def _terpakai(k: Kebijakan, program: Program) -> Iterator[Masalah]:
    """Sanctions and inputs that are written down and change nothing."""
    used = {
        name
        for step in program.langkah
        for node in (*step.simpul(), *(one for one in step.kalimat if isinstance(one, Simpul)))
        for name in node.fakta
    }
    used |= {name for hold in program.penahanan for name in hold.bila.fakta}
    if k.sanksi and used.isdisjoint(_SANKSI):
        yield Masalah(
            ("sanksi",),
            "sanksi disebut, tetapi tidak ada langkah yang memotongnya",
            "tambahkan langkah dengan persen: sanksi_terbesar, atau hapus sanksi",
        )
    asked = {name for hold in program.penahanan for name in disebut(hold.bila)}
    for place, one in enumerate(k.masukan):
        if one.nama not in used | asked:
            yield Masalah(
                ("masukan", place),
                f"{one.nama} tidak dipakai langkah mana pun",
                f"sebut {one.nama} di langkah yang memerlukannya, atau hapus",
            )
