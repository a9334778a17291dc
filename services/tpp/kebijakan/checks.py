"""What a policy must mean, beyond its structure: no gap, no overlap, no unknown word, nothing unexplained.

Each check yields problems with the place in the document, the rule that is broken and the remedy, in the
words of the people who write policies.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import get_args

from services.tpp.kebijakan.model import PREDIKAT, Kebijakan, Menitan, Pita, golongan_dari
from services.tpp.kebijakan.quantities import SATU, tampil_persen
from services.tpp.kebijakan.templates import WORDS_PENAHANAN, daftar_aturan, words_in
from shared.contracts.pegawai import StatusPegawai

STATUS: tuple[StatusPegawai, ...] = get_args(StatusPegawai)

BAGIAN = (
    "masa_berlaku",
    "tpp_dasar",
    "komponen",
    "plt",
    "status",
    "bobot",
    "predikat",
    "disiplin",
    "penahanan",
    "bpjs",
    "pajak",
    "pembulatan",
)
"""Parts whose origin `sumber` must state."""


@dataclass(frozen=True, slots=True)
class Masalah:
    """One thing wrong: where in the document, which rule, and what to do about it."""

    loc: tuple[str | int, ...]
    reason: str
    remedy: str


def periksa(k: Kebijakan) -> tuple[Masalah, ...]:
    """All problems of meaning; empty when the policy may be used."""
    checks = (_masa, _sumber, _kode, _kalimat, _bobot, _predikat, _status, _disiplin, _penahanan, _potongan)
    return tuple(problem for check in checks for problem in check(k))


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
    stated = set()
    for place, sumber in enumerate(k.sumber):
        stated.add(sumber.bagian)
        if sumber.bagian not in BAGIAN:
            yield Masalah(
                ("sumber", place, "bagian"),
                f"bagian {sumber.bagian!r} tidak dikenal",
                f"pilih salah satu: {', '.join(BAGIAN)}",
            )
    for bagian in BAGIAN:
        if bagian not in stated:
            yield Masalah(
                ("sumber",),
                f"asal bagian {bagian} belum disebut",
                f"tambahkan baris dengan bagian: {bagian}, sifat hukum, praktik atau asumsi, dan catatannya",
            )


def _kode(k: Kebijakan) -> Iterator[Masalah]:
    seen: dict[str, str] = {}
    for rule in daftar_aturan(k):
        if rule.kode in seen:
            yield Masalah(
                (*rule.loc, "kode"),
                f"kode {rule.kode} sudah dipakai aturan {seen[rule.kode]!r}",
                "beri setiap aturan kode sendiri, karena baris slip dikenali dari kodenya",
            )
        seen.setdefault(rule.kode, rule.nama)


def _kalimat(k: Kebijakan) -> Iterator[Masalah]:
    shared_sentences = set()
    for rule in daftar_aturan(k):
        loc = (*rule.loc[:2], "kalimat") if "pita" in rule.loc else (*rule.loc, "kalimat")
        if loc not in shared_sentences:
            shared_sentences.add(loc)
            yield from _words(loc, rule.kalimat, rule.jenis.words)
    for place, hold in enumerate(k.penahanan):
        yield from _words(("penahanan", place, "kalimat"), hold.kalimat, WORDS_PENAHANAN)


def _words(loc: tuple[str | int, ...], kalimat: str, known: frozenset[str]) -> Iterator[Masalah]:
    offered = ", ".join(f"{{{word}}}" for word in sorted(known))
    try:
        used = words_in(kalimat)
    except ValueError as error:
        yield Masalah(
            loc, f"kurung kurawal di kalimat tidak terbaca ({error})", f"kata yang tersedia: {offered}"
        )
        return
    for word in used:
        if word not in known:
            yield Masalah(
                loc, f"kata {{{word}}} tidak dikenal di aturan ini", f"kata yang tersedia: {offered}"
            )


def _bobot(k: Kebijakan) -> Iterator[Masalah]:
    total = k.bobot.produktivitas + k.bobot.disiplin
    if total != SATU:
        yield Masalah(
            ("bobot",),
            f"produktivitas dan disiplin berjumlah {tampil_persen(total)}, bukan 100%",
            "ubah salah satunya sehingga berjumlah tepat 100%",
        )


def _predikat(k: Kebijakan) -> Iterator[Masalah]:
    table = k.predikat.dibayar
    for name in PREDIKAT:
        if name not in table:
            yield Masalah(
                ("predikat", "dibayar"), f"predikat {name} belum ada", f"tambahkan {name}: dengan persennya"
            )
    paid = [(name, table[name]) for name in PREDIKAT if name in table]
    for (better, high), (worse, low) in pairwise(paid):
        if low > high:
            yield Masalah(
                ("predikat", "dibayar", worse),
                f"{worse} dibayar {tampil_persen(low)}, lebih tinggi dari {better} {tampil_persen(high)}",
                "predikat yang lebih rendah tidak boleh dibayar lebih tinggi",
            )


def _status(k: Kebijakan) -> Iterator[Masalah]:
    for status in STATUS:
        if status not in k.status.dibayar:
            yield Masalah(
                ("status", "dibayar"), f"status {status} belum ada", f"tambahkan {status}: dengan persennya"
            )
    covered: dict[tuple[StatusPegawai, str], int] = {}
    for place, row in enumerate(k.pajak.tarif):
        for status in row.status:
            known = golongan_dari(status)
            for golongan in row.golongan:
                loc = ("pajak", "tarif", place)
                if golongan not in known:
                    offered = ", ".join(known)
                    yield Masalah(
                        loc, f"golongan {golongan} bukan golongan {status}", f"pilih dari: {offered}"
                    )
                elif (status, golongan) in covered:
                    yield Masalah(
                        loc,
                        f"golongan {golongan} untuk {status} bertarif dua kali (juga di baris tarif ke-"
                        f"{covered[status, golongan] + 1})",
                        "hapus salah satunya",
                    )
                covered.setdefault((status, golongan), place)
    for status in STATUS:
        missing = [golongan for golongan in golongan_dari(status) if (status, golongan) not in covered]
        if missing:
            yield Masalah(
                ("pajak", "tarif"),
                f"golongan {', '.join(missing)} untuk {status} belum bertarif",
                "tambahkan golongan itu ke salah satu baris tarif; tulis 0% bila tidak dipotong",
            )


def _disiplin(k: Kebijakan) -> Iterator[Masalah]:
    yield from _menitan(("disiplin", "terlambat"), k.disiplin.terlambat)
    yield from _menitan(("disiplin", "pulang_cepat"), k.disiplin.pulang_cepat)
    batas = k.disiplin.batas_sebulan
    if batas.dari == "tpp_maksimum" and batas.paling_banyak > k.bobot.disiplin:
        yield Masalah(
            ("disiplin", "batas_sebulan", "paling_banyak"),
            f"potongan disiplin dapat mencapai {tampil_persen(batas.paling_banyak)} dari TPP, lebih dari "
            f"bagian disiplin {tampil_persen(k.bobot.disiplin)}",
            "kecilkan batasnya, atau tulis dari: bagian_disiplin",
        )


def _menitan(loc: tuple[str | int, ...], m: Menitan) -> Iterator[Masalah]:
    previous: Pita | None = None
    for place, pita in enumerate(m.pita):
        here = (*loc, "pita", place)
        ends = list(_ends(here, pita))
        if ends:
            yield from ends
            return
        expected = m.toleransi + 1 if previous is None else (previous.tertinggi or 0) + 1
        before = "toleransi" if previous is None else f"pita {previous.nama}"
        if previous is not None and previous.tertinggi is None:
            yield Masalah(
                here, f"{before} sudah tanpa batas atas", "pita tanpa batas atas harus yang terakhir"
            )
            return
        if pita.terendah != expected:
            wrong = "celah" if pita.terendah > expected else "tumpang tindih"
            yield Masalah(
                here,
                f"{wrong}: {before} berakhir di {expected - 1} menit, "
                f"pita {pita.nama} mulai {pita.terendah} menit",
                f"tulis mulai: {expected} menit",
            )
        if previous is not None and pita.potongan < previous.potongan:
            yield Masalah(
                (*here, "potongan"),
                f"pita {pita.nama} lebih lama tetapi dipotong lebih kecil dari pita {previous.nama}",
                "menit yang lebih banyak tidak boleh dipotong lebih kecil",
            )
        previous = pita
    if previous is not None and previous.tertinggi is not None:
        yield Masalah(
            (*loc, "pita", len(m.pita) - 1),
            f"celah: di atas {previous.tertinggi} menit tidak ada pita",
            "pita terakhir harus tanpa_batas_atas: true",
        )


def _ends(loc: tuple[str | int, ...], pita: Pita) -> Iterator[Masalah]:
    if (pita.mulai is None) == (pita.lebih_dari is None):
        yield Masalah(
            loc,
            f"ujung bawah pita {pita.nama} harus tepat satu",
            "tulis mulai (menit itu termasuk) atau lebih_dari (menit itu tidak termasuk)",
        )
    upper = (pita.sampai is not None) + (pita.kurang_dari is not None) + pita.tanpa_batas_atas
    if upper != 1:
        yield Masalah(
            loc,
            f"ujung atas pita {pita.nama} harus tepat satu",
            "tulis sampai (menit itu termasuk), kurang_dari (tidak termasuk) atau tanpa_batas_atas: true",
        )
    elif pita.tertinggi is not None and pita.tertinggi < pita.terendah:
        yield Masalah(loc, f"pita {pita.nama} tidak memuat satu menit pun", "perbaiki ujung-ujungnya")


def _penahanan(k: Kebijakan) -> Iterator[Masalah]:
    needed = ["predikat_belum_ada", "kehadiran_belum_ada"] + (["gaji_belum_ada"] if k.bpjs else [])
    stated = [hold.bila for hold in k.penahanan]
    for name in needed:
        if name not in stated:
            yield Masalah(
                ("penahanan",),
                f"aturan untuk {name} belum ada",
                "tambahkan: data yang belum ada menahan pembayaran, tidak pernah menjadi nol",
            )
    for place, name in enumerate(stated):
        if name in stated[:place]:
            yield Masalah(("penahanan", place, "bila"), f"{name} disebut dua kali", "hapus salah satunya")


def _potongan(k: Kebijakan) -> Iterator[Masalah]:
    if k.bpjs is None and k.pajak.dasar == "bruto_kurang_bpjs":
        yield Masalah(
            ("pajak", "dasar"),
            "dasar pajak dikurangi BPJS, tetapi kebijakan ini tidak memotong BPJS",
            "tulis dasar: bruto, atau isi bagian bpjs",
        )
    highest = max(row.tarif for row in k.pajak.tarif) + (k.bpjs.persen if k.bpjs else 0)
    if highest >= SATU:
        yield Masalah(
            ("pajak", "tarif"),
            f"BPJS dan tarif pajak tertinggi berjumlah {tampil_persen(highest)}",
            "potongan dan pajak harus menyisakan penerimaan; periksa persennya",
        )
