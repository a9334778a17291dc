"""What the calculation takes and what it gives: plain immutable values, whole rupiah as int, never a float.

The engine (`engine.compile`) turns a policy into a function from `Masukan` to `Hasil`. Both have a short
JSON form: a person-month keeps its inputs and its lines as written here, so that the slip can be rendered
(`engine.jelaskan`) and computed again years later with the same policy version, byte for byte.
"""

import json
from functools import lru_cache
from json.encoder import encode_basestring as _teks
from typing import Any, Literal, NamedTuple

from shared.period import Period


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


class Masukan(NamedTuple):
    """Everything one person's TPP of one month follows from. None says: not known (yet), never zero."""

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


class Baris(NamedTuple):
    """One line of a slip: the rule that wrote it, its signed rupiah, and the numbers of its sentence."""

    kode: str
    jumlah: int
    angka: tuple[int, ...]


class Alasan(NamedTuple):
    """Why a payment waits: stable code, sentence for people, who has to act, and the article."""

    kode: str
    kalimat: str
    pemilik: str
    pasal: str


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


class Penjelasan(NamedTuple):
    """A line for people: name, sentence with numbers, article, signed rupiah, and what it rests on.

    `sumber` names the input whose event decided it: `pegawai`, `predikat`, `kehadiran` or `gaji`.
    """

    kode: str
    nama: str
    kalimat: str
    pasal: str
    jumlah: int
    sumber: str


_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
# A run writes these for everyone, so they are put together by hand; the tests hold them to what json writes.
_BENTUK = tuple('["%s",%d,[' + ",".join(["%d"] * banyak) + "]]" for banyak in range(5))


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


def tulis_masukan(m: Masukan) -> str:
    """Inputs as a JSON object with the field names of `Masukan`; the period is `2026-11`."""
    periode, kelas, status, golongan, plt_kelas, skp_disetujui, predikat, kehadiran, gaji = m
    return (
        f'{{"periode":"{periode}","kelas":{kelas},"status":{_teks(status)},"golongan":{_teks(golongan)},'
        f'"plt_kelas":{_atau_null(plt_kelas)},"skp_disetujui":{"true" if skp_disetujui else "false"},'
        f'"predikat":{_atau_null(predikat)},"kehadiran":{_tulis_kehadiran(kehadiran)},'
        f'"gaji":{_atau_null(gaji)}}}'
    )


def _tulis_kehadiran(kehadiran: Kehadiran | None) -> str:
    if kehadiran is None:
        return "null"
    hadir, cuti, tanpa_keterangan, terlambat, pulang_cepat, tanpa_masuk, tanpa_pulang = kehadiran
    return (
        f'{{"hadir":{hadir},"cuti":{cuti},"tanpa_keterangan":{tanpa_keterangan},'
        f'"terlambat":[{",".join(map(str, terlambat))}],"pulang_cepat":[{",".join(map(str, pulang_cepat))}],'
        f'"tanpa_masuk":{tanpa_masuk},"tanpa_pulang":{tanpa_pulang}}}'
    )


def _atau_null(value: int | None) -> int | str:
    return "null" if value is None else value


def baca_masukan(text: str) -> Masukan:
    """Inputs from their JSON form. Raises KeyError or ValueError when it is not one."""
    data: dict[str, Any] = json.loads(text)
    hadir = data["kehadiran"]
    if hadir is not None:
        hadir = Kehadiran(
            **{
                **hadir,
                "terlambat": tuple(hadir["terlambat"]),
                "pulang_cepat": tuple(hadir["pulang_cepat"]),
            }
        )
    return Masukan(**{**data, "periode": Period.parse(data["periode"]), "kehadiran": hadir})
