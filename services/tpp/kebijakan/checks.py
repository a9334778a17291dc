"""What a policy must mean, beyond its structure: no gap, no overlap, no unknown word, nothing unexplained.

Each check yields problems with the place in the document, the rule that is broken and the remedy, in the
words of the people who write policies. Tables, formulas and steps are checked where they are made ready
(`program`), once for each stretch of time in which the tables stay the same.
"""

from calendar import monthrange
from collections.abc import Iterator

from services.tpp.kebijakan.bobot import bobot
from services.tpp.kebijakan.fakta import LAMA_PLT
from services.tpp.kebijakan.model import Kebijakan
from services.tpp.kebijakan.program import masa, susun, terpakai, ulangi
from services.tpp.kebijakan.rumus import RumusSalah
from services.tpp.kebijakan.setahun import BAGIAN as BAGIAN_SETAHUN
from services.tpp.kebijakan.setahun import dengan_setahun
from services.tpp.kebijakan.susun_tabel import Masalah
from services.tpp.kebijakan.teliti import teliti
from services.tpp.kebijakan.tipe import Lingkungan, terbaca
from shared.period import Period

BAGIAN = ("masa_berlaku", "sumber_predikat", "pergantian", "rapel", "penahanan", "pembulatan")
"""Parts whose origin `sumber` must state, beside every table, sanction and step."""


def periksa(k: Kebijakan) -> tuple[Masalah, ...]:
    """All problems of meaning; empty when the policy may be used."""
    found = [
        problem
        for check in (_masa, _sumber, _pergantian, _plt, _rapel, _khusus, _uji)
        for problem in check(k)
    ]
    for month in masa(k):
        found += _susun(k, month)
    if not found:
        found += [problem for month in masa(k) for problem in bobot(k, month)]
        found += teliti(k)
    if not found:
        found += _terpakai(k)
    return tuple(dict.fromkeys(found))


def _susun(k: Kebijakan, month: Period) -> Iterator[Masalah]:
    """Problems of tables and steps, and of the sums of the year, which are looked at as further steps."""
    if k.setahun is None:
        yield from susun(k, month)[1]
        return
    for one in susun(dengan_setahun(k), month)[1]:
        place = one.loc[1] if one.loc[0] == "langkah" else 0
        if isinstance(place, int) and place >= len(k.langkah):
            part = BAGIAN_SETAHUN[(place - len(k.langkah)) % len(BAGIAN_SETAHUN)]
            yield Masalah(("setahun", part), one.reason, one.remedy)
        else:
            yield one


def _terpakai(k: Kebijakan) -> Iterator[Masalah]:
    """What is written down and changes nothing: most often a component that somebody believes is paid."""
    program, _ = susun(k if k.setahun is None else dengan_setahun(k), masa(k)[0])
    used = terpakai(program)
    for place, step in ulangi(k.langkah):
        if step.sifat == "nilai" and step.kode not in used and step.kriteria is None:
            yield Masalah(
                ("langkah", place),
                f"{step.kode} bersifat nilai, tetapi tidak dipakai apa pun, jadi tidak pernah dibayar",
                "tulis sifat: tambah bila ini dibayar, pakai di langkah sesudahnya, atau hapus",
            )
    for kode in k.tabel:
        if kode not in used:
            yield Masalah(
                ("tabel", kode),
                f"tabel {kode} tidak dipakai langkah mana pun",
                f"sebut {kode} di langkah yang memerlukannya, atau hapus",
            )


def _masa(k: Kebijakan) -> Iterator[Masalah]:
    if k.berlaku_mulai.day != 1:
        yield Masalah(
            ("berlaku_mulai",),
            f"kebijakan berlaku untuk bulan utuh, sedangkan {k.berlaku_mulai} bukan hari pertama bulan",
            f"tulis {k.berlaku_mulai.replace(day=1)}, atau buat dua versi dengan aturan bulan peralihan",
        )
    end = k.berlaku_sampai
    if end is None:
        return
    last = end.replace(day=monthrange(end.year, end.month)[1])
    if end != last:
        yield Masalah(("berlaku_sampai",), f"{end} bukan hari terakhir bulan", f"tulis {last}")
    if end < k.berlaku_mulai:
        yield Masalah(
            ("berlaku_sampai",),
            f"berakhir {end}, sebelum mulai {k.berlaku_mulai}",
            "tulis tanggal sesudah berlaku_mulai, atau null bila belum ada akhirnya",
        )


def _sumber(k: Kebijakan) -> Iterator[Masalah]:
    # A step that is repeated may be named whole, as it is written.
    own = [*BAGIAN, *(["setahun"] if k.setahun else [])]
    own += ["plt"] if k.plt else []
    own += ["kriteria"] if any(step.kriteria for step in k.langkah) else []
    parts = [*own, *k.tabel, *(one.kode for one in k.sanksi), *(one.kode for one in k.langkah)]
    repeated = {one.kode for _, one in ulangi(k.langkah)}
    stated: set[str] = set()
    for place, sumber in enumerate(k.sumber):
        stated.update(sumber.nama_bagian)
        for name in sumber.nama_bagian:
            if name not in parts and name not in repeated:
                yield Masalah(
                    ("sumber", place, "bagian"),
                    f"bagian {name!r} tidak dikenal",
                    f"pilih dari: {', '.join(BAGIAN)}, atau kode tabel, sanksi atau langkah",
                )
    missing = [name for name in parts if name not in stated]
    if missing:
        yield Masalah(
            ("sumber",),
            f"asal bagian {', '.join(missing)} belum disebut",
            "tambahkan baris dengan bagian itu, sifat hukum, praktik atau asumsi, dan catatannya",
        )


def _pergantian(k: Kebijakan) -> Iterator[Masalah]:
    if (k.pergantian.cara == "tanggal") != (k.pergantian.sampai_tanggal is not None):
        yield Masalah(
            ("pergantian", "sampai_tanggal"),
            "sampai_tanggal hanya dan selalu ada bersama cara: tanggal",
            "misalnya cara: tanggal dengan sampai_tanggal: 15",
        )
    if k.pergantian.sebagian and k.pergantian.cara.startswith("pro_rata"):
        yield Masalah(
            ("pergantian", "sebagian"),
            f"{k.pergantian.cara} sudah membayar menurut hari bertugas",
            "hapus sebagian, atau pilih cara lain",
        )


def _plt(k: Kebijakan) -> Iterator[Masalah]:
    program, _ = susun(k, masa(k)[0])
    nodes = [node for step in program.langkah for node in step.simpul()]
    asked = any(LAMA_PLT in node.fakta for node in (*nodes, *(hold.bila for hold in program.penahanan)))
    if asked and k.plt is None:
        yield Masalah(
            ("plt",),
            "tugas Plt dibayar menurut lamanya, dan belum disebut sejak kapan bila lama itu sudah tercapai",
            "tulis plt: dengan pasal dan dibayar: sejak_awal, atau sejak_tercapai",
        )
    if k.plt is not None and not asked:
        yield Masalah(
            ("plt", "dibayar"),
            f"tidak ada langkah yang memakai {LAMA_PLT}, jadi lama tugas Plt tidak menentukan apa pun",
            f"tulis bila: ada_plt dan {LAMA_PLT} >= … hari di langkahnya, atau hapus plt",
        )


def _rapel(k: Kebijakan) -> Iterator[Masalah]:
    written = k.rapel.angsuran
    if written is None:
        return
    place, remedy = ("rapel", "angsuran"), "tulis persen di atas 0% sampai 100%, misalnya 20%"
    try:
        share = terbaca(written, Lingkungan({}, {}))
    except RumusSalah as wrong:
        yield Masalah(place, wrong.alasan, remedy)
        return
    if share.tipe != "persen" or share.lo is None or share.lo != share.hi or not 0 < share.lo <= 1:
        yield Masalah(place, f"{written} bukan bagian dari TPP sebulan", remedy)
    if not any(step.koreksi for step in k.langkah):
        yield Masalah(
            place,
            "angsuran disebut, sedangkan tidak ada langkah yang memuat rapel",
            "tambahkan langkah dengan koreksi: rapel, atau hapus angsuran",
        )


def _khusus(k: Kebijakan) -> Iterator[Masalah]:
    for part in ("pembayaran", "sanksi"):
        seen = set()
        for place, one in enumerate(getattr(k, part)):
            if one.kode in seen:
                yield Masalah((part, place, "kode"), f"{one.kode} disebut dua kali", "hapus salah satunya")
            seen.add(one.kode)


def _uji(k: Kebijakan) -> Iterator[Masalah]:
    known: set[str] = set()
    for place, case in enumerate(k.uji):
        if case.nama in known:
            yield Masalah(("uji", place, "nama"), f"kasus {case.nama!r} ada dua kali", "beri nama lain")
        if case.sama_dengan is not None and case.sama_dengan not in known:
            yield Masalah(
                ("uji", place, "sama_dengan"),
                f"kasus {case.sama_dengan!r} belum ada di atasnya",
                "sebut nama kasus di atas kasus ini",
            )
        known.add(case.nama)
