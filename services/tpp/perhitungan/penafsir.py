"""A policy followed by hand: one person, step after step, with plain fractions and a trace of every line.

Slow and simple on purpose. It writes the sentences of a slip, says why a payment waits, divides a month in
which somebody changed jabatan, and is what the compiled function is held against in the tests.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, NamedTuple

from services.tpp.kebijakan.fakta import STATUS_PEGAWAI, Fakta
from services.tpp.kebijakan.model import PREDIKAT
from services.tpp.kebijakan.program import IURAN, Kalimat, LangkahSiap, Program, disebut
from services.tpp.kebijakan.sebulan import dipakai_pada
from services.tpp.kebijakan.tampil import tampil
from services.tpp.kebijakan.tipe import NOL, PitaSiap, Simpul, TabelSiap, kunci
from services.tpp.perhitungan.bulan_terbagi import dalam_segmen, dibagi, pilih_jabatan, sampai_akhir, utuh
from services.tpp.perhitungan.rules import (
    SAH,
    TIDAK_BERTUGAS,
    Alasan,
    Baris,
    HariKejadian,
    Hasil,
    Masukan,
    Penjelasan,
    iuran_dibawa,
    masuk_akal,
    peran_berlaku,
    sanksi_berlaku,
)

Nilai = Fraction | str | bool | tuple[Any, ...]

RAPEL = "rapel"
"""The arrears that a payment carries, as data of a line: no fact of a formula."""

JUTA = 1_000_000
"""The unit of percentages and plain numbers among a policy's own facts."""

URUTAN_SUMBER = (
    "koreksi",
    "kehadiran",
    "aktivitas",
    "sanksi",
    "predikat",
    "gaji",
    "pajak",
    "tambahan",
    "pegawai",
)
_PEMILIK = {
    "kehadiran": "pengelola_kinerja", "aktivitas": "pengelola_kinerja", "gaji": "keuangan_opd",
    "pajak": "keuangan_opd", "predikat": "sysadmin",
}  # fmt: skip


class BelumAda(Exception):
    """A fact that is not known; the argument is its group."""


class TidakTerhitung(Exception):
    """A fact the policy has no figure for, or that cannot be true."""

    def __init__(self, alasan: Alasan) -> None:
        super().__init__(alasan.kode)
        self.alasan = alasan


class Jejak(NamedTuple):
    """A line and everything its sentence needs: the words of its block, and what was known at that step."""

    baris: Baris
    langkah: LangkahSiap
    nama: str
    kalimat: str


@dataclass(slots=True)
class Perhitungan:
    """A whole month of one person: the result, its trace, and what each step came to."""

    hasil: Hasil
    jejak: list[Jejak]
    nilai: dict[str, Fraction]
    iuran: Sequence[Jejak] = ()


class Penafsir:
    """One program, followed for one person at a time."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.sumber = _sumber(program)
        self.dipakai = sorted(_dipakai(program))
        dibagi = (step for step in program.langkah if step.per_jabatan)
        self.dibagi = frozenset(name for step in dibagi for node in step.simpul() for name in node.fakta)
        """Facts that steps rest on which are divided when the month is."""

    def hitung(self, m: Masukan) -> Perhitungan:
        """The month of one person. Never raises for a person's data."""
        died = False
        if m.segmen:
            died = sampai_akhir(k := self.program.kebijakan, m) is not m
            m = pilih_jabatan(k, m) or dibagi(k, m)
        gone = list(self._tidak_bertugas(m))
        if any(reason.kode == TIDAK_BERTUGAS for reason in gone):
            # Whatever else is missing of such a month is asked of nobody.
            return Perhitungan(Hasil("ditahan", 0, 0, 0, (), tuple(gone)), [], {})
        reasons = [*gone, *self.ditahan(m), *(wrong := list(self._tidak_mungkin(m)))]
        run = _Jalan(self, m)
        if not reasons:
            try:
                run.semua()
                if min(run.bruto, run.potongan, run.bruto - run.potongan) < 0:
                    raise _negatif(run.program.langkah[-1].pasal)
            except BelumAda as missing:
                reasons.append(_belum_ada(str(missing)))
            except TidakTerhitung as without:
                reasons.append(without.alasan)
        if not reasons:
            bruto, potongan = int(run.bruto), int(run.potongan)
            lines = tuple(one.baris for one in run.jejak)
            if died and run.jejak:
                said = f"{run.jejak[0].kalimat}; meninggal pada bulan ini, dibayar sampai akhir bulan"
                run.jejak[0] = run.jejak[0]._replace(kalimat=said)
            contributed = run.iuran
            if m.rapel_iuran is not None:
                contributed = [*self._iuran_sendiri(m), *self._iuran_dibawa(m)]
            paid = tuple(one.baris for one in contributed)
            return Perhitungan(
                Hasil("dihitung", bruto, potongan, bruto - potongan, lines, (), paid),
                run.jejak,
                run.nilai,
                contributed,
            )
        if not wrong and "potongan_melebihi_hak" not in [reason.kode for reason in reasons]:
            reasons += [one for one in dict.fromkeys(self._tanpa_angka(m)) if one not in reasons]
        return Perhitungan(Hasil("ditahan", 0, 0, 0, (), tuple(reasons)), [], {})

    def iuran_sendiri(self, m: Masukan) -> tuple[Baris, ...]:
        """What the employer pays for the month itself, whatever arrears come with it."""
        if m.segmen:
            k = self.program.kebijakan
            m = pilih_jabatan(k, m) or dibagi(k, m)
        return tuple(one.baris for one in self._iuran_sendiri(m))

    def _iuran_sendiri(self, m: Masukan) -> list[Jejak]:
        # Without its arrears a month may not bear its own deductions. It is paid with them, and owes this.
        run = _Jalan(self, m._replace(rapel=()), longgar=True)
        with suppress(BelumAda, TidakTerhitung):
            run.semua()
        return run.iuran

    def _iuran_dibawa(self, m: Masukan) -> Iterator[Jejak]:
        steps = {step.kode: step for step in self.program.langkah if step.sifat == IURAN}
        rule = self.program.kebijakan.rapel.pasal
        for line, (month, kode, amount) in zip(iuran_dibawa(m), m.rapel_iuran or (), strict=True):
            # The policy of the month that is put right may have had one that this one does not know.
            name = steps[kode].nama if kode in steps else f"Iuran {kode.replace('_', ' ')}"
            step = replace(self.program.langkah[0], kode=kode, sifat=IURAN, pasal=rule)
            what = "Kekurangan" if amount > 0 else "Kelebihan"
            kalimat = (
                f"{what} iuran {month.tampil()} {tampil(abs(amount), 'rupiah')}, menurut data yang diterima "
                "sesudah bulan itu dikunci"
            )
            yield Jejak(line, step, f"{name}, koreksi {month.tampil()}", kalimat)

    def jelaskan(self, m: Masukan) -> list[Penjelasan]:
        """The lines for people, in slip order."""
        return self._penjelasan(self.hitung(m).jejak, self._bulan(m))

    def jelaskan_iuran(self, m: Masukan) -> list[Penjelasan]:
        """What the region pays beside them, for people."""
        return self._penjelasan(self.hitung(m).iuran, self._bulan(m))

    def _bulan(self, m: Masukan) -> int:
        return self.program.kebijakan.bulan(m.pembayaran, m.periode)

    def _penjelasan(self, jejak: Iterable[Jejak], bulan: int) -> list[Penjelasan]:
        data = data_langkah(self.program, bulan)
        return [
            Penjelasan(
                one.baris.kode, one.nama, one.kalimat, one.langkah.pasal, one.baris.jumlah,
                *(
                    ("koreksi", (RAPEL,))
                    if one.langkah.sifat == IURAN and one.baris.angka
                    else (self.sumber[one.langkah.kode], data[one.langkah.kode])
                ),
                one.langkah.sifat == "potongan",
            )
            for one in jejak
        ]  # fmt: skip

    def _tidak_bertugas(self, m: Masukan) -> Iterator[Alasan]:
        """Nobody was in service on the day, or on any of the days, that the month is paid by."""
        rule = self.program.kebijakan.pergantian
        if not m.segmen:
            return
        if all(part.kosong for part in m.segmen):
            kalimat = (
                "Tidak bertugas sepanjang bulan ini (pensiun, meninggal, atau diberhentikan); tidak ada yang "
                "dibayar. Bila sudah berhenti tetap, admin BKD menulis Aktif: tidak pada data pegawai"
            )
            yield Alasan(TIDAK_BERTUGAS, kalimat, "admin_bkd", rule.pasal)
        elif rule.sebagian == "tidak_dibayar":
            kalimat = "Bertugas hanya sebagian bulan ini; menurut kebijakan bulan seperti itu tidak dibayar"
            yield Alasan(TIDAK_BERTUGAS, kalimat, "admin_bkd", rule.pasal)
        elif rule.pembagi is None:
            kalimat = (
                "Tidak bertugas pada hari yang menentukan jabatan bulan ini, dan kebijakan belum menyebut "
                "pembayaran bulan yang dijalani sebagian (pergantian: sebagian)"
            )
            yield Alasan("bertugas_sebagian", kalimat, "admin_bkd", rule.pasal)

    def ditahan(self, m: Masukan) -> Iterator[Alasan]:
        """Why the policy lets a payment wait: its holds, and whatever everyone needs and is not known."""
        look = _Jalan(self, m)
        for hold in self.program.penahanan:
            try:
                true = look.nilai_dari(hold.bila)
            except (BelumAda, TidakTerhitung):
                continue
            if true:
                look.kata = {"periode": m.periode.tampil()}
                yield Alasan(hold.kode, look.tulis(hold.kalimat), hold.pemilik, hold.pasal)
        held = {name for hold in self.program.penahanan for name in disebut(hold.bila)}
        for group in sorted(self.program.butuh - held):
            if look.kosong(group):
                yield _belum_ada(group)

    def _tidak_mungkin(self, m: Masukan) -> Iterator[Alasan]:
        """Facts that cannot be true, or that the policy does not provide for."""
        k = self.program.kebijakan
        facts = self.program.fakta
        if m.kehadiran is not None and not masuk_akal(m.kehadiran):
            if any(facts[name].sumber == "kehadiran" for name in self.dipakai):
                what = f"Rekap kehadiran {m.periode.tampil()}"
                kalimat = f"{what} tidak mungkin benar (hari atau menit di luar batas)"
                yield Alasan("kehadiran_tidak_mungkin", kalimat, "pengelola_kinerja", "data kehadiran")
        elif "hari_kejadian" in self.dipakai and not m.hari_masuk_akal:
            kalimat = f"Tanggal keterlambatan {m.periode.tampil()} tidak cocok dengan menitnya"
            yield Alasan("hari_kejadian_tidak_mungkin", kalimat, "pengelola_kinerja", "data kehadiran")
        else:
            look = _Jalan(self, m)
            for name in self.dipakai:
                reason = look.di_luar_batas(facts[name])
                if reason is not None:
                    yield reason
        if {"golongan", "golongan_ruang", "status"} & set(self.dipakai) and (m.status, m.golongan) not in SAH:
            known = m.status in STATUS_PEGAWAI
            kalimat = (
                f"Golongan {m.golongan} bukan golongan {m.status}"
                if known
                else f"Status {m.status} tidak dikenal"
            )
            kode = "golongan_tidak_dikenal" if known else "status_tidak_dikenal"
            yield Alasan(kode, kalimat, "pengelola_kinerja", "data kepegawaian")
        if "predikat" in self.dipakai and m.predikat is not None:
            if m.predikat not in range(1, len(PREDIKAT) + 1):
                yield Alasan(
                    "predikat_tidak_dikenal",
                    f"Predikat {m.predikat} tidak dikenal",
                    "sysadmin",
                    k.sumber_predikat.pasal,
                )
            expected, given = k.sumber_predikat.periode(m.periode), m.predikat_dari or m.periode
            if given != expected:
                kalimat = (
                    f"TPP {m.periode.tampil()} dibayar menurut predikat {expected.tampil()}, "
                    f"yang diterima {given.tampil()}"
                )
                yield Alasan("predikat_periode_lain", kalimat, "sysadmin", k.sumber_predikat.pasal)
        if m.pembayaran != "bulanan" and m.pembayaran not in {one.kode for one in k.pembayaran}:
            kalimat = f"Pembayaran {m.pembayaran} tidak diatur kebijakan ini"
            yield Alasan("pembayaran_tidak_diatur", kalimat, "admin_bkd", k.dasar_hukum[0])
        if m.rapel and not any(step.blok == "koreksi" for step in self.program.langkah):
            yield Alasan(
                "rapel_tidak_diatur",
                "Ada rapel, sedangkan kebijakan ini tidak menyebut tempatnya",
                "admin_bkd",
                k.rapel.pasal,
            )

    def _tanpa_angka(self, m: Masukan) -> Iterator[Alasan]:
        """Facts the policy has no figure for, also beside other reasons."""
        run = _Jalan(self, m)
        for step in self.program.langkah:
            try:
                run.satu(step)
            except TidakTerhitung as wrong:
                if wrong.alasan.kode != "potongan_melebihi_hak":
                    yield wrong.alasan
            except BelumAda:
                pass
            run.nilai.setdefault(step.kode, NOL)


def _negatif(pasal: str) -> TidakTerhitung:
    kalimat = "Potongan melebihi penghasilan bulan ini; kebijakan atau datanya perlu diperiksa"
    return TidakTerhitung(Alasan("potongan_melebihi_hak", kalimat, "bpkad", pasal))


def _belum_ada(group: str) -> Alasan:
    return Alasan(
        f"{group}_belum_ada",
        f"Data {group.replace('_', ' ')} belum ada",
        "pengelola_kinerja",
        "data yang dipakai kebijakan",
    )


def _dipakai(program: Program) -> set[str]:
    nodes = [node for step in program.langkah for node in step.simpul()]
    nodes += [hold.bila for hold in program.penahanan]
    lists = {step.daftar for step in program.langkah if step.daftar}
    return lists.union(*(node.fakta for node in nodes))


def _sumber(program: Program) -> dict[str, str]:
    """For each step the input that decided it."""
    found: dict[str, str] = {}
    for step in program.langkah:
        nodes = list(step.simpul())
        if step.sifat == "catatan":
            nodes += [part for part in step.kalimat if isinstance(part, Simpul)]
        own = {program.fakta[name].sumber for node in nodes for name in node.fakta}
        if step.blok == "koreksi":
            own = {"koreksi"}
        if step.daftar:
            own.add("kehadiran")
        if not own:
            own = {found[name] for node in nodes for name in node.langkah if name in found}  # type: ignore[misc]
        own |= {found[name] for name in step.atas}  # type: ignore[misc]
        found[step.kode] = next((one for one in URUTAN_SUMBER if one in own), "pegawai")
    return found


_SYARAT = frozenset({"bulan", "pembayaran"})
"""Facts that say which payment it is, and nothing of the person."""


def data_slip(program: Program, bulan: int) -> frozenset[str]:
    """The facts that a slip of this month rests on, those that only its sentences speak of included."""
    lines = (step for step in program.langkah if step.sifat != "nilai")
    words = (part for step in lines for part in step.kalimat if isinstance(part, Simpul))
    return dipakai_pada(program, bulan).union(*(part.fakta for part in words)) - _SYARAT


def data_langkah(program: Program, bulan: int) -> dict[str, tuple[str, ...]]:
    """For each step the facts that it follows from in this month: its own, and those of steps without a line
    and of steps that it caps. Of lines above it only where it has none itself."""
    asked = data_slip(program, bulan)
    found: dict[str, dict[str, None]] = {}
    lines: set[str] = set()
    for step in program.langkah:
        words = [part for part in step.kalimat if isinstance(part, Simpul)]
        nodes = [*step.simpul(), *words]
        own: dict[str, None] = {step.daftar: None} if step.daftar else {}
        if step.blok == "koreksi":
            own = {RAPEL: None}
        own.update((name, None) for node in nodes for name in sorted(node.fakta) if name in asked)
        below = dict.fromkeys(name for node in nodes for name in sorted(node.langkah) if name in found)
        for name in (*step.atas, *(name for name in below if name not in lines)):
            own |= found[name]
        for name in below if not own else ():
            own |= found[name]
        found[step.kode] = own
        if step.sifat != "nilai":
            lines.add(step.kode)
    return {kode: tuple(names) for kode, names in found.items()}


@dataclass(slots=True)
class _Jalan:
    """One person's way through a program."""

    oleh: Penafsir
    m: Masukan
    nilai: dict[str, Fraction] = field(default_factory=dict)
    kata: dict[str, Any] = field(default_factory=dict)
    jejak: list[Jejak] = field(default_factory=list)
    iuran: list[Jejak] = field(default_factory=list)
    kejadian: dict[str, list[tuple[int, Fraction]]] = field(default_factory=dict)
    """What each event of a step with `setiap` costs, beside the day it fell on."""
    bruto: Fraction = NOL
    potongan: Fraction = NOL
    longgar: bool = False
    """A total below zero counts as zero, rather than as a policy or data that cannot be."""

    @property
    def program(self) -> Program:
        return self.oleh.program

    def semua(self) -> None:
        steps = list(self.program.langkah)
        if self.m.segmen:
            split = [step for step in steps if step.per_jabatan]
            self._terbagi(split)
            served = [one for one in self.m.segmen if not one.kosong]
            self.m = utuh(self.program.kebijakan.pergantian, self.m, served[-1])
            steps = [step for step in steps if not step.per_jabatan]
        for step in steps:
            self.satu(step)

    def _terbagi(self, steps: list[LangkahSiap]) -> None:
        """Steps that follow the jabatan, once for each part of the month, divided by its days."""
        by_work = self.program.kebijakan.pergantian.pembagi == "hari_kerja"
        days = [one.hari_kerja if by_work else one.hari for one in self.m.segmen]
        total = sum(days)
        if min(days) < 0 or total <= 0:
            kalimat = "Hari pada bagian-bagian bulan ini tidak mungkin benar"
            raise TidakTerhitung(
                Alasan("segmen_tidak_mungkin", kalimat, "admin_bkd", self.program.kebijakan.pergantian.pasal)
            )
        sums: dict[str, Fraction] = {}
        for number, (segment, length) in enumerate(zip(self.m.segmen, days, strict=True), 1):
            if segment.kosong:
                continue
            part = _Jalan(self.oleh, dalam_segmen(self.m, segment))
            for step in steps:
                part.satu(step)
            share = Fraction(length, total)
            for step in steps:
                value = part.nilai[step.kode] * share if step.tipe == "rupiah" else part.nilai[step.kode]
                if step.cara is not None:
                    value = bulatkan(value, step.cara, step.kelipatan)
                sums[step.kode] = sums.get(step.kode, NOL) + value if step.tipe == "rupiah" else value
                if step.arah:
                    self._masukkan(step, value)
            for one in part.jejak:
                amount = (
                    int(
                        bulatkan(
                            one.baris.jumlah * one.langkah.arah * share,
                            one.langkah.cara or "ke_bawah",
                            one.langkah.kelipatan,
                        )
                    )
                    * one.langkah.arah
                )
                kalimat = f"{one.kalimat}; {length} dari {total} hari = {tampil(abs(amount), 'rupiah')}"
                self.jejak.append(
                    Jejak(Baris(one.baris.kode, amount, (number,)), one.langkah, one.nama, kalimat)
                )
        self.nilai.update(sums)

    def satu(self, step: LangkahSiap) -> None:
        """Follow one step: its amount, its lines, what it does to the totals."""
        if step.bila is not None and not self.nilai_dari(step.bila):
            self.nilai[step.kode] = NOL
            return
        amount = getattr(self, f"_{step.blok}")(step)
        self.nilai[step.kode] = amount
        if step.arah:
            self._masukkan(step, amount)

    def _masukkan(self, step: LangkahSiap, amount: Fraction) -> None:
        if step.sifat == "potongan":
            self.potongan -= step.arah * amount
        else:
            self.bruto += step.arah * amount

    def _jumlah(self, step: LangkahSiap) -> Fraction:
        amount = self._bulat(step, self._angka(step.isi["jumlah"]))
        self._baris(step, amount, {"jumlah": amount})
        return amount

    def _bagian(self, step: LangkahSiap) -> Fraction:
        share, base = self._angka(step.isi["persen"]), self._angka(step.isi["dari"])
        amount = self._bulat(step, share * base)
        self._baris(step, amount, {"jumlah": amount, "persen": share, "dasar": base})
        return amount

    def _kali(self, step: LangkahSiap) -> Fraction:
        times = self._angka(step.isi["kali"])
        words: dict[str, Any] = {"kali": times}
        if "satuan" in step.isi:
            each = self._angka(step.isi["satuan"])
        else:
            words |= {"persen": self._angka(step.isi["persen"]), "dasar": self._angka(step.isi["dari"])}
            each = words["persen"] * words["dasar"]
        if step.per_satuan:
            each = self._bulat(step, each)
        amount = self._bulat(step, times * each)
        if times:
            self._baris(step, amount, {**words, "satuan": each, "jumlah": amount})
        return amount

    def _setiap(self, step: LangkahSiap) -> Fraction:
        minutes = self._fakta(step.daftar)
        assert isinstance(minutes, tuple)
        base = self._angka(step.isi["dari"]) if "dari" in step.isi else None
        total = NOL
        for band in self.program.tabel[step.pita].pita:
            inside = sorted(one for one in minutes if band.memuat(Fraction(one)))
            if not inside:
                continue
            each = band.nilai if base is None else band.nilai * base
            if step.per_satuan:
                each = self._bulat(step, each)
            amount = self._bulat(step, len(inside) * each)
            total += amount
            days = getattr(self.m.hari_kejadian or HariKejadian(), step.daftar)
            self.kejadian.setdefault(step.kode, []).extend(
                (day, each) for day, one in zip(days, minutes, strict=False) if band.memuat(Fraction(one))
            )
            words = {
                "kali": Fraction(len(inside)), "satuan": each, "jumlah": amount, "pita": band.nama,
                "rentang": rentang(band), "menit": f"{', '.join(map(str, inside))} menit",
            }  # fmt: skip
            if base is not None:
                words |= {"persen": band.nilai, "dasar": base}
            self._baris(step, amount, words, kode=band.kode, nama=band.nama)
        return total

    def _batas(self, step: LangkahSiap) -> Fraction:
        highest = "paling_banyak" in step.isi
        limit = self._bulat(step, self._angka(step.isi["paling_banyak" if highest else "paling_sedikit"]))
        if step.sehari:
            return self._batas_sehari(step, limit)
        given_back = {one.kode for one in self.program.langkah if one.mengembalikan}
        so_far = sum(
            (-self.nilai[name] if name in given_back else self.nilai[name] for name in step.atas), NOL
        )
        amount = max(NOL, so_far - limit if highest else limit - so_far)
        if amount:
            self._baris(step, amount, {"dibatasi": so_far, "batas": limit, "jumlah": amount})
        return amount

    def _batas_sehari(self, step: LangkahSiap, limit: Fraction) -> Fraction:
        days: dict[int, Fraction] = {}
        for name in step.atas:
            for day, each in self.kejadian.get(name, ()):
                days[day] = days.get(day, NOL) + each
        above = {day: total for day, total in sorted(days.items()) if total > limit}
        amount = sum(above.values(), NOL) - len(above) * limit
        if amount:
            words = {
                "dibatasi": sum(above.values(), NOL), "batas": limit, "jumlah": amount,
                "tanggal": ", ".join(map(str, above)),
            }  # fmt: skip
            self._baris(step, amount, words)
        return amount

    def _koreksi(self, step: LangkahSiap) -> Fraction:
        for month, amount in self.m.rapel:
            words = {"bulan_asal": month.tampil(), "jumlah": Fraction(amount)}
            self._baris(step, Fraction(amount), words, angka=(month.year * 100 + month.month,))
        return Fraction(sum(amount for _, amount in self.m.rapel))

    def _bulat(self, step: LangkahSiap, value: Fraction) -> Fraction:
        return value if step.cara is None else bulatkan(value, step.cara, step.kelipatan)

    def _baris(
        self,
        step: LangkahSiap,
        amount: Fraction,
        words: dict[str, Any],
        *,
        kode: str = "",
        nama: str = "",
        angka: tuple[int, ...] = (),
    ) -> None:
        if step.sifat == "nilai":
            return
        self.kata = words
        paid = step.sifat == IURAN
        line = Baris(kode or step.kode, int(amount) * (1 if paid else step.arah), angka)
        (self.iuran if paid else self.jejak).append(
            Jejak(line, step, nama or step.nama, self.tulis(step.kalimat))
        )

    def tulis(self, kalimat: Kalimat) -> str:
        """A sentence with its numbers."""
        parts = []
        for part in kalimat:
            try:
                parts.append(part if isinstance(part, str) else self._tampil(part))
            except BelumAda:
                parts.append("belum ada")
        return "".join(parts)

    def _tampil(self, node: Simpul) -> str:
        value = self.nilai_dari(node)
        if isinstance(value, tuple):
            return ", ".join(map(str, value)) + (" menit" if node.tipe == "daftar_menit" else "")
        return tampil(value, node.tipe)

    # Facts

    def kosong(self, group: str) -> bool:
        """Whether this group of facts is unknown."""
        m, h = self.m, self.m.kehadiran
        if group in ("kehadiran", "setahun"):
            return getattr(m, group) is None
        if group == "hari_kejadian":
            return m.tanpa_hari
        if group in ("absen_terlewat", "tanpa_apel", "tanpa_upacara", "hari_kerja"):
            return h is None or getattr(h, group) is None
        if group in Masukan._fields:
            return getattr(m, group) is None
        return all(name != group for name, _ in m.tambahan)

    def _fakta(self, name: str) -> Nilai:
        fact = self.program.fakta[name]
        if fact.kosong and self.kosong(fact.kosong):
            raise BelumAda(fact.kosong)
        value = self._mentah(fact)
        if fact.sumber == "tambahan" and fact.tipe in ("persen", "bilangan"):
            return Fraction(value, JUTA)
        if isinstance(value, int) and not isinstance(value, bool):
            return Fraction(value)
        return value  # type: ignore[no-any-return]

    def _mentah(self, fact: Fakta) -> Any:
        m, name = self.m, fact.nama
        match name:
            case "golongan":
                return m.golongan.partition("/")[0]
            case "golongan_ruang":
                return m.golongan
            case "ada_plt":
                return m.plt_kelas is not None
            case "bulan":
                return self.oleh.program.kebijakan.bulan(m.pembayaran, m.periode)
            case "hari_kejadian":
                return m.hari_kejadian or HariKejadian()
            case "peran":
                return peran_berlaku(m.peran, m.periode)
            case "predikat":
                return PREDIKAT[m.predikat - 1] if m.predikat in range(1, 6) else ""  # type: ignore[operator]
            case "sanksi_terbesar" | "sanksi_jumlah":
                return self._sanksi(name)
            case "bruto_setahun" | "pengurang_setahun" | "pajak_setahun":
                return getattr(m.setahun, name.removesuffix("_setahun"))
        if fact.sumber == "tambahan":
            return dict(m.tambahan)[name]
        return getattr(m.kehadiran if fact.sumber == "kehadiran" else m, name)

    def _sanksi(self, name: str) -> Fraction:
        try:
            weights = sanksi_berlaku(self.m.sanksi, self.m.periode, self.program.sanksi)
        except KeyError as unknown:
            kalimat = f"Sanksi disiplin {unknown.args[0]} tidak dikenal kebijakan ini"
            raise TidakTerhitung(
                Alasan("sanksi_tidak_dikenal", kalimat, "admin_bkd", "sanksi disiplin")
            ) from unknown
        return max(weights, default=NOL) if name == "sanksi_terbesar" else sum(weights, NOL)

    def di_luar_batas(self, fact: Fakta) -> Alasan | None:
        """Why this fact cannot be true; None when it can, or is not known."""
        if fact.tipe in ("daftar_menit", "daftar_hari", "daftar_kode", "teks", "ya_tidak", "predikat"):
            return None
        if fact.bila and not self._mentah(self.program.fakta[fact.bila]):
            return None
        if fact.sumber == "sanksi" or (fact.kosong and self.kosong(fact.kosong)):
            return None
        values: list[Any] = [self._mentah(fact)]
        if fact.tipe.startswith("kamus"):
            values = [value for _, value in values[0]]
        scale = JUTA if fact.sumber == "tambahan" and fact.tipe in ("persen", "bilangan") else 1
        for value in values:
            exact = Fraction(value, scale)
            if (fact.lo is not None and exact < fact.lo) or (fact.hi is not None and exact > fact.hi):
                shown = tampil(exact, fact.tipe.removeprefix("kamus_"))
                kalimat = f"{fact.arti} tercatat {shown}; itu tidak mungkin"
                return Alasan(
                    f"{fact.nama}_tidak_mungkin",
                    kalimat,
                    _PEMILIK.get(fact.sumber, "admin_bkd"),
                    "data yang dipakai kebijakan",
                )
        return None

    # Formulas

    def _angka(self, node: Simpul) -> Fraction:
        value = self.nilai_dari(node)
        assert isinstance(value, Fraction)
        return value

    def nilai_dari(self, node: Simpul) -> Nilai:
        """What a formula comes to. Raises BelumAda, TidakTerhitung."""
        simple = getattr(self, f"_op_{node.op}", None)
        if simple is not None:
            return simple(node)  # type: ignore[no-any-return]
        values = [self.nilai_dari(one) for one in node.anak]
        return _OPERASI[node.op](*values)  # type: ignore[no-any-return]

    def _op_tetap(self, node: Simpul) -> Nilai:
        return node.isi  # type: ignore[no-any-return]

    def _op_kata(self, node: Simpul) -> Nilai:
        return self.kata[node.isi]  # type: ignore[no-any-return]

    def _op_fakta(self, node: Simpul) -> Nilai:
        return self._fakta(node.isi)

    def _op_kamus(self, node: Simpul) -> Nilai:
        name, key = node.isi
        known = self._fakta(name)
        assert isinstance(known, tuple)
        return Fraction(dict(known).get(key, 0))

    def _op_langkah(self, node: Simpul) -> Nilai:
        return self.nilai[node.isi]

    def _op_total(self, node: Simpul) -> Nilai:
        totals = {"bruto": self.bruto, "potongan": self.potongan, "neto": self.bruto - self.potongan}
        if self.longgar:
            return max(NOL, totals[node.isi])
        if min(totals["bruto"], totals["neto"]) < 0:
            raise _negatif("urutan langkah kebijakan")
        return totals[node.isi]

    def _op_tabel(self, node: Simpul) -> Nilai:
        table = self.program.tabel[node.isi]
        keys = [self.nilai_dari(one) for one in node.anak]
        exact = tuple(kunci(one) for one in keys)  # type: ignore[arg-type]
        found = table.baris.get(exact, table.lainnya)
        if found is None:
            raise TidakTerhitung(_tidak_di_tabel(table, exact))
        return found

    def _op_pita(self, node: Simpul) -> Nilai:
        return self.program.tabel[node.isi].menurut_pita(self._angka(node.anak[0]))

    def _op_berjenjang(self, node: Simpul) -> Nilai:
        value, low, total = self._angka(node.anak[0]), NOL, NOL
        for top, rate in self.program.tabel[node.isi].lapisan:
            inside = value - low if top is None else min(value, top) - low
            if inside > 0:
                total += inside * rate
            low = top or low
        return total

    def _op_jika(self, node: Simpul) -> Nilai:
        return self.nilai_dari(node.anak[1 if self.nilai_dari(node.anak[0]) else 2])

    def _op_dan(self, node: Simpul) -> Nilai:
        return bool(self.nilai_dari(node.anak[0])) and bool(self.nilai_dari(node.anak[1]))

    def _op_atau(self, node: Simpul) -> Nilai:
        return bool(self.nilai_dari(node.anak[0])) or bool(self.nilai_dari(node.anak[1]))

    def _op_bagi(self, node: Simpul) -> Nilai:
        divisor = self._angka(node.anak[1])
        return self._angka(node.anak[0]) / divisor if divisor else self.nilai_dari(node.anak[2])

    def _op_tidak_ada(self, node: Simpul) -> Nilai:
        return self.kosong(node.isi)

    def _op_nilai_atau(self, node: Simpul) -> Nilai:
        try:
            return self.nilai_dari(node.anak[0])
        except BelumAda:
            return self.nilai_dari(node.anak[1])

    def _op_terbesar(self, node: Simpul) -> Nilai:
        return max(self._peran(node), default=NOL)

    def _op_semua(self, node: Simpul) -> Nilai:
        return sum(self._peran(node), NOL)

    def _peran(self, node: Simpul) -> list[Fraction]:
        table = self.program.tabel[node.isi]
        found = (
            table.baris.get((kode,), table.lainnya) for kode in peran_berlaku(self.m.peran, self.m.periode)
        )
        return [one for one in found if one is not None]

    def _op_bulat(self, node: Simpul) -> Nilai:
        cara, kelipatan = node.isi
        return bulatkan(self._angka(node.anak[0]), cara, kelipatan)


def _tidak_di_tabel(table: TabelSiap, keys: tuple[str | int, ...]) -> Alasan:
    what = ", ".join(
        f"{name.replace('_', ' ')} {key or '(kosong)'}" for name, key in zip(table.oleh, keys, strict=True)
    )
    kalimat = f"{what[:1].upper()}{what[1:]} tidak ada di tabel {table.nama} kebijakan ini"
    return Alasan(f"{table.kode}_tidak_ada", kalimat, "admin_bkd", table.pasal)


def bulatkan(value: Fraction, cara: str, kelipatan: Fraction) -> Fraction:
    """To a multiple of `kelipatan`: down, up, or to the nearer one with the half going up."""
    count = value / kelipatan
    if cara == "ke_bawah":
        return count.__floor__() * kelipatan
    if cara == "ke_atas":
        return count.__ceil__() * kelipatan
    return (count + Fraction(1, 2)).__floor__() * kelipatan


def rentang(band: PitaSiap) -> str:
    """A band of minutes in words: `1 sampai 30 menit`, `lebih dari 90 menit`."""
    low = int(band.bawah or 0) + (0 if band.termasuk_bawah else 1)
    if band.atas is None:
        return f"lebih dari {low - 1} menit"
    return f"{low} sampai {int(band.atas) - (0 if band.termasuk_atas else 1)} menit"


_OPERASI: Mapping[str, Any] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
    "neg": lambda a: -a, "min": min, "maks": max,
    "=": lambda a, b: a == b, "<>": lambda a, b: a != b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
    "bukan": lambda a: not a, "satu_dari": lambda a, *b: a in b, "jumlah_menit": lambda a: Fraction(sum(a)),
    "banyak": lambda a: Fraction(len(a)), "punya": lambda a, b: b in a,
}  # fmt: skip
