"""What the demo's TPP must come to, worked out a second time in the plainest way.

Shares nothing with the services: it reads the policy file with a bare YAML loader and follows the money
with Decimal, step by step, for one person after another. Agreement to the rupiah with what the services
stored is what the demo and the rebuild test check.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, Protocol

import yaml

_PREDIKAT = ("sangat_baik", "baik", "butuh_perbaikan", "kurang", "sangat_kurang")
_MATRIKS = {1: {1: 1, 2: 2, 3: 4}, 2: {1: 2, 2: 2, 3: 4}, 3: {1: 3, 2: 3, 3: 5}}
"""Predikat by hasil kerja, then perilaku; 1 is above, 3 below expectation (PermenPANRB 6/2022)."""

_JAM_MASUK = time(7, 30)
_JAM_PULANG = time(16, 0)


class Hari(Protocol):
    """A day of the attendance sheet."""

    @property
    def tanggal(self) -> date: ...
    @property
    def masuk(self) -> time | None: ...
    @property
    def pulang(self) -> time | None: ...
    @property
    def keterangan(self) -> str: ...


@dataclass(frozen=True)
class Rekap:
    """A month of attendance, counted."""

    terlambat: list[int]
    pulang_cepat: list[int]
    tanpa_keterangan: int
    tanpa_masuk: int
    tanpa_pulang: int


@dataclass(frozen=True)
class Angka:
    """Whole rupiah; all zero when the payment is held."""

    ditahan: bool
    bruto: int
    potongan: int
    neto: int


def muat(path: Path) -> dict[str, Any]:
    """The policy file as plain YAML data."""
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return data


def predikat(hasil_kerja: int, perilaku: int) -> int:
    """1 Sangat Baik to 5 Sangat Kurang, from the two ratings (1 to 3)."""
    return _MATRIKS[hasil_kerja][perilaku]


def rekap(hari: Iterable[Hari]) -> Rekap:
    """Count a month of days against working hours 07.30 to 16.00."""
    terlambat, pulang_cepat = [], []
    alpa = tanpa_masuk = tanpa_pulang = 0
    for day in hari:
        if day.keterangan == "A" or (not day.keterangan and day.masuk is None and day.pulang is None):
            alpa += 1
        elif day.keterangan:
            continue
        else:
            if day.masuk is None:
                tanpa_masuk += 1
            elif day.masuk > _JAM_MASUK:
                terlambat.append(_minutes(day.masuk) - _minutes(_JAM_MASUK))
            if day.pulang is None:
                tanpa_pulang += 1
            elif day.pulang < _JAM_PULANG:
                pulang_cepat.append(_minutes(_JAM_PULANG) - _minutes(day.pulang))
    return Rekap(terlambat, pulang_cepat, alpa, tanpa_masuk, tanpa_pulang)


def hitung(
    kebijakan: Mapping[str, Any],
    *,
    kelas: int,
    status: str,
    golongan: str,
    plt_kelas: int | None,
    skp_disetujui: bool,
    predikat: int | None,
    kehadiran: Rekap | None,
    gaji: int | None,
) -> Angka:
    """One person's month under a policy as `muat` returns it; None says that a fact is missing."""
    k = kebijakan
    tahan_skp = any(hold["bila"] == "skp_belum_selesai" for hold in k["penahanan"])
    if (
        predikat is None
        or kehadiran is None
        or (tahan_skp and not skp_disetujui)
        or (k["bpjs"] and gaji is None)
    ):
        return Angka(True, 0, 0, 0)

    cara = k["pembulatan"]
    maksimum = _komponen(k, kelas)
    if plt_kelas is not None:
        dari = kelas if k["plt"]["dari"] == "jabatan_sendiri" else plt_kelas
        maksimum += _round(_komponen(k, dari) * _persen(k["plt"]["persen"]), cara["plt"])
    maksimum = _round(maksimum * _persen(k["status"]["dibayar"][status]), cara["status"])

    produktivitas = _round(maksimum * _persen(k["bobot"]["produktivitas"]), cara["produktivitas"])
    disiplin = maksimum - produktivitas
    dibayar = _persen(k["predikat"]["dibayar"][_PREDIKAT[predikat - 1]])
    bruto = _round(produktivitas * dibayar, cara["predikat"])
    bruto += disiplin - _potongan_disiplin(k, maksimum, disiplin, kehadiran)

    iuran = Decimal(0)
    if k["bpjs"]:
        sampai_plafon = _rupiah(k["bpjs"]["plafon"]) - Decimal(gaji or 0)
        kena = max(Decimal(0), min(sampai_plafon, bruto))
        iuran = _round(kena * _persen(k["bpjs"]["persen"]), cara["bpjs"])
    kena = bruto - iuran if k["pajak"]["dasar"] == "bruto_kurang_bpjs" else bruto
    pajak = _round(kena * _tarif(k, status, golongan), cara["pajak"])
    return Angka(False, int(bruto), int(iuran + pajak), int(bruto - iuran - pajak))


def _komponen(k: Mapping[str, Any], kelas: int) -> Decimal:
    dasar = _rupiah(k["tpp_dasar"]["rupiah_per_kelas"][kelas])
    total = Decimal(0)
    for part in k["komponen"]:
        if part["jenis"] == "nilai_tetap":
            total += _rupiah(part["nominal"])
        else:
            total += _round(dasar * _persen(part["persen"]), k["pembulatan"]["komponen"])
    return total


def _potongan_disiplin(k: Mapping[str, Any], maksimum: Decimal, disiplin: Decimal, h: Rekap) -> Decimal:
    d, cara = k["disiplin"], k["pembulatan"]["disiplin"]
    dasar = disiplin if d["dasar"] == "bagian_disiplin" else maksimum
    persen = [_pita(d["terlambat"], minutes) for minutes in h.terlambat]
    persen += [_pita(d["pulang_cepat"], minutes) for minutes in h.pulang_cepat]
    persen += [_persen(d["tidak_hadir"]["potongan"])] * h.tanpa_keterangan
    persen += [_persen(d["tanpa_absen_masuk"]["potongan"])] * h.tanpa_masuk
    persen += [_persen(d["tanpa_absen_pulang"]["potongan"])] * h.tanpa_pulang
    total = sum((_round(dasar * one, cara) for one in persen), Decimal(0))
    sebulan = d["batas_sebulan"]
    dari = disiplin if sebulan["dari"] == "bagian_disiplin" else maksimum
    return min(total, _round(dari * _persen(sebulan["paling_banyak"]), cara), disiplin)


def _pita(rule: Mapping[str, Any], minutes: int) -> Decimal:
    """The cut of the one band the minutes fall in; none up to the tolerance."""
    if minutes <= _menit(rule["toleransi"]):
        return Decimal(0)
    for band in rule["pita"]:
        below = ("mulai" in band and minutes < _menit(band["mulai"])) or (
            "lebih_dari" in band and minutes <= _menit(band["lebih_dari"])
        )
        above = ("sampai" in band and minutes > _menit(band["sampai"])) or (
            "kurang_dari" in band and minutes >= _menit(band["kurang_dari"])
        )
        if not below and not above:
            return _persen(band["potongan"])
    raise ValueError(f"{minutes} menit tidak masuk pita mana pun")


def _tarif(k: Mapping[str, Any], status: str, golongan: str) -> Decimal:
    for row in k["pajak"]["tarif"]:
        if status in row["status"] and golongan.split("/")[0] in row["golongan"]:
            return _persen(row["tarif"])
    raise ValueError(f"golongan {golongan} {status} tidak bertarif")


def _round(value: Decimal, cara: str) -> Decimal:
    return value.quantize(Decimal(1), ROUND_FLOOR if cara == "ke_bawah" else ROUND_HALF_UP)


def _persen(text: str) -> Decimal:
    return Decimal(text.removesuffix("%").strip().replace(",", ".")) / 100


def _rupiah(text: str) -> Decimal:
    return Decimal(text.removeprefix("Rp").strip().replace(".", ""))


def _menit(text: str) -> int:
    return int(text.removesuffix("menit"))


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
