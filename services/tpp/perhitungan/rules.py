"""What the calculation takes and what it gives: plain immutable values, whole rupiah as int, never a float.

The engine (`engine.compile`) turns a policy into a function from `Masukan` to `Hasil`. Both have a short
JSON form: a person-month keeps its inputs and its lines as written here, so that the slip can be rendered
(`engine.jelaskan`) and computed again years later with the same policy version, byte for byte.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache
from json.encoder import encode_basestring as _teks
from typing import Any, Literal, NamedTuple

from services.tpp.kebijakan.fakta import HARI_SEBULAN, KALI_TERBANYAK, MENIT_SEHARI, STATUS_PEGAWAI
from services.tpp.kebijakan.model import golongan_dari
from shared.period import Period

SAH = frozenset(
    (status, exact) for status in STATUS_PEGAWAI for each in golongan_dari(status).values() for exact in each
)
"""Every golongan that each status can have."""


class Kehadiran(NamedTuple):
    """One month of attendance, counted. Days and times as whole numbers, one entry of minutes per event."""

    hadir: int
    cuti: int
    """Days away that count as present: leave, sickness, official travel."""
    tanpa_keterangan: int
    """Days absent without a reason."""
    terlambat: tuple[int, ...]
    """Minutes late, one number for each time, in any order."""
    pulang_cepat: tuple[int, ...]
    tanpa_masuk: int
    """Times there was no clock-in although the person was present."""
    tanpa_pulang: int
    hari_cuti: tuple[tuple[str, int], ...] = ()
    """Of `cuti`, the days of each kind by its code, in the order of the codes: `(("sakit", 3),)`."""
    absen_terlewat: int | None = None
    """Clock-ins missed, where a day has more than two."""
    tanpa_apel: int | None = None
    tanpa_upacara: int | None = None
    hari_kerja: int | None = None
    """Working days of this person's month."""
    hari_tanpa_data: int = 0
    """Working days in service of which nothing is known at all: no record, no letter."""


class HariKejadian(NamedTuple):
    """The day of the month of each event of `Kehadiran`, in the order of its minutes."""

    terlambat: tuple[int, ...] = ()
    pulang_cepat: tuple[int, ...] = ()


class Peran(NamedTuple):
    """A role beside one's jabatan (bendahara, PPTK, …), from a day to a day, both included."""

    kode: str
    mulai: date
    sampai: date | None = None


class Sanksi(NamedTuple):
    """A discipline sanction. Its weight stands in the policy under `kode`; so does its length, unless
    `sampai`, the last month it is in force, says otherwise."""

    kode: str
    mulai: Period
    sampai: Period | None = None


class Setahun(NamedTuple):
    """Earlier months of the same year, for the tax of December; whole rupiah.

    `asal` names what they are the sums of: `("saldo:2026-09", version)` from outside, and for each month
    after it the run whose locked figure was taken, `("2026-10", nomor)`.
    """

    bruto: int
    pengurang: int
    pajak: int
    asal: tuple[tuple[str, int], ...] = ()


class Segmen(NamedTuple):
    """A part of a month with a change of jabatan or status: its calendar days, working days, and both.

    `kosong`: days before they began or while they were not in service, which pay nothing.
    """

    hari: int
    hari_kerja: int
    kelas: int
    status: str
    golongan: str
    jabatan: str = ""
    jenis_jabatan: str = ""
    eselon: str = ""
    unit: str = ""
    opd: str = ""
    lokasi: str = ""
    plt_kelas: int | None = None
    plt_jabatan: str = ""
    kosong: bool = False
    hari_plt: int = 0
    sebab: str = ""
    """Of the days without service why, where they begin in this month and the policy asks."""


class Masukan(NamedTuple):
    """Everything one person's TPP of one month follows from. None says: not known (yet), never zero.

    The facts after `gaji` serve policies that ask for them; their names are those of `kebijakan.fakta`.
    """

    periode: Period
    kelas: int
    status: str
    """PNS, CPNS or PPPK."""
    golongan: str
    """`III/a` for PNS and CPNS, `IX` for PPPK."""
    plt_kelas: int | None
    """Kelas of the jabatan carried as Plt beside one's own; None without one."""
    skp_disetujui: bool
    predikat: int | None
    """1 Sangat Baik … 5 Sangat Kurang, as SIASN numbers them."""
    kehadiran: Kehadiran | None
    gaji: int | None
    """Monthly salary that BPJS counts from, whole rupiah."""
    jabatan: str = ""
    jenis_jabatan: str = ""
    eselon: str = ""
    unit: str = ""
    opd: str = ""
    lokasi: str = ""
    plt_jabatan: str = ""
    peran: tuple[Peran, ...] = ()
    sanksi: tuple[Sanksi, ...] = ()
    menit_aktivitas: int | None = None
    hari_laporan: int | None = None
    ada_hasil: bool | None = None
    ptkp: str | None = None
    """`TK/0` to `K/3`."""
    pajak_luar: int | None = None
    """Income tax of the month as computed elsewhere."""
    setahun: Setahun | None = None
    ikut_zakat: bool = False
    potongan_lain: tuple[tuple[str, int], ...] = ()
    """Other cuts by their code (koperasi, bulog, …), in the order of the codes."""
    rapel: tuple[tuple[Period, int], ...] = ()
    """Corrections of earlier months that this payment carries: the month, and its signed rupiah."""
    pembayaran: str = "bulanan"
    """`bulanan`, or `ke_13` and `ke_14` (THR) for the months 13 and 14."""
    predikat_dari: Period | None = None
    """The month `predikat` was given for; None says the month itself."""
    segmen: tuple[Segmen, ...] = ()
    """Parts of a month with a change of jabatan, in order of time; the last is what the fields above say."""
    tambahan: tuple[tuple[str, int | str | bool], ...] = ()
    """Facts that the policy declares itself, in the order of their names; percentages as millionths."""
    hari_plt: int = 0
    """Days the Plt's duty has lasted by the month's end, from its first day on; 0 where nobody asks."""
    hari_kejadian: HariKejadian | None = None
    """On which days the minutes of `kehadiran` fell; None where nobody asks, or where it is not known."""
    rapel_iuran: tuple[tuple[Period, str, int], ...] | None = None
    """Employer contributions of earlier months that are put right beside this payment: the month, which one,
    and its signed rupiah. Known to be none or some: those of the month itself are then worked out without
    `rapel`, of which the earlier months have their own. None: `rapel` counts as a part of the month."""

    @property
    def tanpa_hari(self) -> bool:
        """Whether there are events of which the day is not known."""
        h = self.kehadiran
        return self.hari_kejadian is None and h is not None and bool(h.terlambat or h.pulang_cepat)

    @property
    def hari_masuk_akal(self) -> bool:
        """Whether each event has its one day of a month, if days are known at all."""
        h, days = self.kehadiran, self.hari_kejadian
        return (
            days is None
            or h is None
            or (
                len(days.terlambat) == len(h.terlambat)
                and len(days.pulang_cepat) == len(h.pulang_cepat)
                and all(1 <= day <= HARI_SEBULAN for dated in days for day in dated)
            )
        )


def masuk_akal(h: Kehadiran) -> bool:
    """Whether such a month can exist at all."""
    (
        hadir, cuti, tanpa_keterangan, terlambat, pulang_cepat, tanpa_masuk, tanpa_pulang,
        hari_cuti, absen_terlewat, tanpa_apel, tanpa_upacara, hari_kerja, hari_tanpa_data,
    ) = h  # fmt: skip
    return (
        hadir >= 0
        and cuti >= 0
        and tanpa_keterangan >= 0
        and hari_tanpa_data >= 0
        and hadir + cuti + tanpa_keterangan + hari_tanpa_data <= HARI_SEBULAN
        and 0 <= tanpa_masuk <= HARI_SEBULAN
        and 0 <= tanpa_pulang <= HARI_SEBULAN
        and (not terlambat or _menit_masuk_akal(terlambat))
        and (not pulang_cepat or _menit_masuk_akal(pulang_cepat))
        and (
            not hari_cuti
            or (min(days for _, days in hari_cuti) >= 0 and sum(days for _, days in hari_cuti) <= cuti)
        )
        and (absen_terlewat is None or 0 <= absen_terlewat <= KALI_TERBANYAK)
        and (tanpa_apel is None or 0 <= tanpa_apel <= KALI_TERBANYAK)
        and (tanpa_upacara is None or 0 <= tanpa_upacara <= KALI_TERBANYAK)
        and (hari_kerja is None or 1 <= hari_kerja <= HARI_SEBULAN)
    )


def _menit_masuk_akal(menit: tuple[int, ...]) -> bool:
    return len(menit) <= HARI_SEBULAN and min(menit) >= 0 and max(menit) <= MENIT_SEHARI


class Baris(NamedTuple):
    """One line of a slip: the rule that wrote it, its signed rupiah, and which of several it is.

    `angka` is empty for a rule with one line; a correction has the month it corrects (`202609`), a line of
    a part of the month the number of that part. The sentence is written from policy and inputs when read.
    """

    kode: str
    jumlah: int
    angka: tuple[int, ...] = ()

    @property
    def nama_tetap(self) -> str:
        """What tells this line from the others of its slip, also after another run: `rapel-202609`."""
        return "-".join((self.kode, *map(str, self.angka)))


TIDAK_BERTUGAS = "tidak_bertugas"
"""The reason that makes a month pay nothing for good: no day of service that the policy pays."""


class Alasan(NamedTuple):
    """Why a payment waits: stable code, sentence for people, who has to act, and the article."""

    kode: str
    kalimat: str
    pemilik: str
    pasal: str


TIDAK_MASUK_AKAL = Alasan(
    "data_tidak_masuk_akal",
    "Data orang ini tidak dapat dihitung; kelas, status, golongan, kehadiran atau gajinya perlu diperiksa",
    "pengelola_kinerja",
    "data kepegawaian",
)
"""Of somebody whose data no policy could be followed with: held, while the others are paid."""


class Hasil(NamedTuple):
    """One person's TPP of one month.

    `dihitung`: `baris` sums to `neto`, and `neto == bruto - potongan >= 0`; `bruto` is what was earned
    (after predikat and discipline), `potongan` what is taken off it (BPJS, tax). `ditahan`: all amounts are
    0, there are no lines, and `alasan` says why; it is not a payment of zero.
    """

    status: Literal["dihitung", "ditahan"]
    bruto: int
    potongan: int
    neto: int
    baris: tuple[Baris, ...]
    alasan: tuple[Alasan, ...]
    iuran: tuple[Baris, ...] = ()
    """What the region pays beside it as employer, each contribution a line; no part of any amount above.
    A line with a month in its `angka` puts that earlier month right."""

    @property
    def jumlah_iuran(self) -> int:
        """What the employer's contributions come to."""
        return sum([line.jumlah for line in self.iuran])

    @property
    def iuran_sendiri(self) -> dict[str, int]:
        """What the employer pays for the month itself, by contribution."""
        found: dict[str, int] = {}
        for kode, jumlah, angka in self.iuran:
            if not angka:
                found[kode] = found.get(kode, 0) + jumlah
        return found

    @property
    def tanpa_hak(self) -> bool:
        """Whether it is known that this month pays nothing, rather than not known what it pays."""
        return any(reason.kode == TIDAK_BERTUGAS for reason in self.alasan)


class Penjelasan(NamedTuple):
    """A line for people: name, sentence with numbers, article, signed rupiah, and what it rests on.

    `sumber` names the input whose event decided it, one of `kebijakan.fakta.Sumber`; `data` are the facts
    (`kebijakan.fakta`) that it follows from beside the lines above it, or `rapel`. `potongan`: taken from
    bruto, of which the other lines are made.
    """

    kode: str
    nama: str
    kalimat: str
    pasal: str
    jumlah: int
    sumber: str
    data: tuple[str, ...] = ()
    potongan: bool = False


_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
# A run writes these for everyone, so they are put together by hand; the tests hold them to what json writes.
_BENTUK = tuple('["%s",%d,[' + ",".join(["%d"] * banyak) + "]]" for banyak in range(3))


@lru_cache(maxsize=4096)
def _satu_baris(baris: Baris) -> str:
    # Most lines of a slip depend on kelas, status and predikat only, and come again for the next person.
    kode, jumlah, angka = baris
    return _BENTUK[len(angka)] % (kode, jumlah, *angka)


def tulis_baris(baris: tuple[Baris, ...]) -> str:
    """Lines as JSON: `[["beban_kerja",3000000,[5532975]],…]`, in slip order."""
    return "[" + ",".join(map(_satu_baris, baris)) + "]"


def baca_baris(text: str) -> tuple[Baris, ...]:
    """Lines from their JSON form."""
    return tuple(Baris(kode, jumlah, tuple(angka)) for kode, jumlah, angka in json.loads(text))


def tulis_alasan(alasan: tuple[Alasan, ...]) -> str:
    """Reasons as JSON objects."""
    return _dumps([reason._asdict() for reason in alasan]) if alasan else "[]"


def baca_alasan(text: str) -> tuple[Alasan, ...]:
    """Reasons from their JSON form."""
    return tuple(Alasan(**reason) for reason in json.loads(text))


_BAKU = tuple(Masukan._field_defaults.values())
_BAKU_KEHADIRAN = tuple(Kehadiran._field_defaults.values())
_POKOK, _POKOK_KEHADIRAN = len(Masukan._fields) - len(_BAKU), len(Kehadiran._fields) - len(_BAKU_KEHADIRAN)


def tulis_masukan(m: Masukan) -> str:
    """Inputs as a JSON object with the field names of `Masukan`; a month is `2026-11`, a day `2026-11-30`.

    A fact that is as usual (no roles, no sanction, …) is left out.
    """
    # Slicing a named tuple forgets what each of its places holds.
    first: tuple[Any, ...] = m[:_POKOK]
    periode, kelas, status, golongan, plt_kelas, skp_disetujui, predikat, kehadiran, gaji = first
    return (
        f'{{"periode":"{periode}","kelas":{kelas},"status":{_teks(status)},"golongan":{_teks(golongan)},'
        f'"plt_kelas":{_atau_null(plt_kelas)},"skp_disetujui":{"true" if skp_disetujui else "false"},'
        f'"predikat":{_atau_null(predikat)},"kehadiran":{_tulis_kehadiran(kehadiran)},'
        f'"gaji":{_atau_null(gaji)}{"" if m[_POKOK:] == _BAKU else _selebihnya(m)}}}'
    )


def _tulis_kehadiran(kehadiran: Kehadiran | None) -> str:
    if kehadiran is None:
        return "null"
    first: tuple[Any, ...] = kehadiran[:_POKOK_KEHADIRAN]
    hadir, cuti, tanpa_keterangan, terlambat, pulang_cepat, tanpa_masuk, tanpa_pulang = first
    # The working days of the month are known of nearly everybody, and nothing else of the rest.
    if kehadiran[_POKOK_KEHADIRAN:-2] == _BAKU_KEHADIRAN[:-2] and not kehadiran.hari_tanpa_data:
        rest = "" if kehadiran.hari_kerja is None else f',"hari_kerja":{kehadiran.hari_kerja}'
    else:
        rest = _selebihnya(kehadiran)
    return (
        f'{{"hadir":{hadir},"cuti":{cuti},"tanpa_keterangan":{tanpa_keterangan},'
        f'"terlambat":[{",".join(map(str, terlambat))}],"pulang_cepat":[{",".join(map(str, pulang_cepat))}],'
        f'"tanpa_masuk":{tanpa_masuk},"tanpa_pulang":{tanpa_pulang}{rest}}}'
    )


def _atau_null(value: int | None) -> int | str:
    return "null" if value is None else value


def _selebihnya(facts: Masukan | Kehadiran) -> str:
    """The facts that are not as usual, as members of a JSON object."""
    usual = facts._field_defaults
    found = {name: value for name, value in facts._asdict().items() if name in usual and value != usual[name]}
    return "".join(f",{_teks(name)}:{_dumps(_polos(value))}" for name, value in found.items())


_BILA_ADA = ("kosong", "asal", "hari_plt", "sebab")
"""Of parts of an input what is left out when there is nothing to say, as before there was such a thing."""


def _polos(value: Any) -> Any:
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        members = value._asdict().items()
        return {name: _polos(one) for name, one in members if name not in _BILA_ADA or one}
    if isinstance(value, tuple):
        return [_polos(one) for one in value]
    return str(value) if isinstance(value, Period | date) else value


def baca_masukan(text: str) -> Masukan:
    """Inputs from their JSON form. Raises KeyError, TypeError or ValueError when it is not one."""
    data: dict[str, Any] = json.loads(text)
    return Masukan(**{name: _BACA[name](value) if name in _BACA else value for name, value in data.items()})


def _kehadiran(data: dict[str, Any] | None) -> Kehadiran | None:
    if data is None:
        return None
    lists = {"terlambat": tuple(data["terlambat"]), "pulang_cepat": tuple(data["pulang_cepat"])}
    return Kehadiran(**{**data, **lists, "hari_cuti": _pasangan(data.get("hari_cuti", ()))})


def _pasangan(rows: Any) -> tuple[Any, ...]:
    return tuple(tuple(row) for row in rows)


def _bulan(value: str | None) -> Period | None:
    return None if value is None else Period.parse(value)


def _hari(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


_BACA: Mapping[str, Callable[[Any], Any]] = {
    "periode": Period.parse,
    "kehadiran": _kehadiran,
    "peran": lambda rows: tuple(
        Peran(row["kode"], date.fromisoformat(row["mulai"]), _hari(row["sampai"])) for row in rows
    ),
    "sanksi": lambda rows: tuple(
        Sanksi(row["kode"], Period.parse(row["mulai"]), _bulan(row["sampai"])) for row in rows
    ),
    "setahun": lambda row: row and Setahun(**{**row, "asal": _pasangan(row.get("asal", ()))}),
    "potongan_lain": _pasangan,
    "rapel_iuran": lambda rows: (
        None if rows is None else tuple((Period.parse(month), kode, amount) for month, kode, amount in rows)
    ),
    "rapel": lambda rows: tuple((Period.parse(month), amount) for month, amount in rows),
    "predikat_dari": _bulan,
    "segmen": lambda rows: tuple(Segmen(**row) for row in rows),
    "tambahan": _pasangan,
    "hari_kejadian": lambda row: row and HariKejadian(**{name: tuple(days) for name, days in row.items()}),
}


def iuran_dibawa(m: Masukan) -> tuple[Baris, ...]:
    """The lines that put employer contributions of earlier months right."""
    return tuple(
        Baris(kode, amount, (month.year * 100 + month.month,)) for month, kode, amount in m.rapel_iuran or ()
    )


def peran_berlaku(peran: Iterable[Peran], periode: Period) -> tuple[str, ...]:
    """Roles in force on the last day of a month."""
    day = periode.last_day
    held = {one.kode for one in peran if one.mulai <= day and (one.sampai is None or one.sampai >= day)}
    return tuple(sorted(held))


def sanksi_berlaku(
    sanksi: Iterable[Sanksi], periode: Period, berat: Mapping[str, tuple[Fraction, int]]
) -> list[Fraction]:
    """Weights of the sanctions in force in a month. Raises KeyError for one the policy does not know."""
    found = []
    for one in sanksi:
        weight, months = berat[one.kode]
        last = one.mulai.plus(months - 1) if one.sampai is None else one.sampai
        if one.mulai <= periode <= last:
            found.append(weight)
    return found
