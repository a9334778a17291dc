"""What the demo's TPP must come to, worked out a second time in the plainest way.

Shares nothing with the services: it reads the numbers of a 60/40 policy with a bare YAML loader, knows by
itself what such a policy means, and follows the money with Decimal, for one person after another. Agreement
to the rupiah with what the services stored is what the demo and the rebuild test check.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
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
    hari_plt: int = 0,
) -> Angka:
    """One person's month under a policy as `muat` returns it; None says that a fact is missing.

    `hari_plt`: how long the acting duty has lasted.
    """
    langkah = {step["kode"]: step for step in kebijakan["langkah"]}
    tabel = kebijakan["tabel"]
    holds = {hold["kode"] for hold in kebijakan["penahanan"]}
    if (
        predikat is None
        or kehadiran is None
        or ("skp_belum_selesai" in holds and not skp_disetujui)
        or ("bpjs_kesehatan" in langkah and gaji is None)
    ):
        return Angka(True, 0, 0, 0)

    def bulat(kode: str, value: Decimal) -> Decimal:
        return _round(value, langkah[kode].get("bulat", kebijakan["pembulatan"]))

    maksimum = _komponen(kebijakan, kelas)
    least = re.search(r"hari_plt >= (\d+) hari", langkah["tambahan_plt"]["bila"])
    if plt_kelas is not None and (least is None or hari_plt >= int(least[1])):
        # The formula names the kelas of the Plt's jabatan where that one's components count.
        dari = plt_kelas if "plt_kelas" in langkah["tambahan_plt"]["dari"] else kelas
        tambahan = _komponen(kebijakan, dari) * _persen(langkah["tambahan_plt"]["persen"])
        maksimum += bulat("tambahan_plt", tambahan)
    kurang = 1 - _persen(tabel["status_dibayar"]["isi"][status])
    maksimum -= bulat("faktor_status", maksimum * kurang)

    bobot = _persen(tabel["bobot"]["isi"]["produktivitas"])
    produktivitas = bulat("bagian_produktivitas", maksimum * bobot)
    disiplin = maksimum - produktivitas
    kurang = 1 - _persen(tabel["predikat_dibayar"]["isi"][_PREDIKAT[predikat - 1]])
    bruto = maksimum - bulat("predikat_kinerja", produktivitas * kurang)
    bruto -= _potongan_disiplin(kebijakan, maksimum, disiplin, kehadiran)

    iuran = Decimal(0)
    if "bpjs_kesehatan" in langkah:
        plafon = Decimal(
            re.findall(r"Rp ([\d.]+) - gaji", langkah["bpjs_kesehatan"]["dari"])[0].replace(".", "")
        )
        kena = max(Decimal(0), min(plafon - Decimal(gaji or 0), bruto))
        iuran = bulat("bpjs_kesehatan", kena * _persen(langkah["bpjs_kesehatan"]["persen"]))
    kena = bruto - iuran if "bpjs_kesehatan" in langkah["pph21"]["dari"] else bruto
    pajak = bulat("pph21", kena * _tarif(tabel["tarif_pajak"], status, golongan))
    return Angka(False, int(bruto), int(iuran + pajak), int(bruto - iuran - pajak))


def _komponen(k: Mapping[str, Any], kelas: int) -> Decimal:
    """What stands before the Plt's supplement: percentages of the basic TPP, and fixed amounts."""
    dasar = _rupiah(k["tabel"]["tpp_dasar"]["isi"][kelas])
    total = Decimal(0)
    for step in k["langkah"]:
        if step["kode"] == "tambahan_plt":
            return total
        if "jumlah" in step:
            total += _rupiah(step["jumlah"])
        else:
            total += _round(dasar * _persen(step["persen"]), step.get("bulat", k["pembulatan"]))
    raise ValueError("langkah tambahan_plt tidak ada")


def _potongan_disiplin(k: Mapping[str, Any], maksimum: Decimal, disiplin: Decimal, h: Rekap) -> Decimal:
    langkah = {step["kode"]: step for step in k["langkah"]}
    dari = {"bagian_disiplin": disiplin, "tpp_maksimum": maksimum}
    total = Decimal(0)
    for kode, menit in (("terlambat_potong", h.terlambat), ("pulang_cepat_potong", h.pulang_cepat)):
        step = langkah[kode]
        for one in menit:
            cut = dari[step["dari"]] * _pita(k["tabel"][step["pita"]], one)
            total += _round(cut, step.get("bulat", k["pembulatan"]))
    for kode, kali in (
        ("tidak_hadir", h.tanpa_keterangan),
        ("tanpa_absen_masuk", h.tanpa_masuk),
        ("tanpa_absen_pulang", h.tanpa_pulang),
    ):
        step = langkah[kode]
        cut = dari[step["dari"]] * _persen(step["persen"])
        total += kali * _round(cut, step.get("bulat", k["pembulatan"]))
    share = re.findall(
        r"(bagian_disiplin|tpp_maksimum) x ([\d,]+%)", langkah["batas_disiplin"]["paling_banyak"]
    )
    cara = "ke_bawah" if "ke_bawah" in langkah["batas_disiplin"]["paling_banyak"] else "setengah_ke_atas"
    return min([total, disiplin, *(_round(dari[base] * _persen(part), cara) for base, part in share)])


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
            return _persen(band["nilai"])
    raise ValueError(f"{minutes} menit tidak masuk pita mana pun")


def _tarif(tabel: Mapping[str, Any], status: str, golongan: str) -> Decimal:
    for statuses, rows in tabel["isi"].items():
        for names, rate in rows.items():
            if status in statuses.split(", ") and golongan.split("/")[0] in names.split(", "):
                return _persen(rate)
    raise ValueError(f"golongan {golongan} {status} tidak bertarif")


_CARA = {"ke_bawah": ROUND_FLOOR, "setengah_ke_atas": ROUND_HALF_UP, "ke_atas": ROUND_CEILING}


def _round(value: Decimal, cara: str) -> Decimal:
    return value.quantize(Decimal(1), _CARA[cara])


def _persen(text: str) -> Decimal:
    return Decimal(text.removesuffix("%").strip().replace(",", ".")) / 100


def _rupiah(text: str) -> Decimal:
    return Decimal(text.removeprefix("Rp").strip().replace(".", ""))


def _menit(text: str) -> int:
    return int(text.removesuffix("menit"))


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
