"""When a realisasi may be recorded, and how its amounts are read and proposed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.errors import Conflict, FieldError, InvalidInput, Problem
from shared.period import Period


@dataclass(frozen=True, slots=True)
class Fakta:
    """What the database knows of one submission."""

    skp_berlaku: bool
    """The RHK is in force, in that SKP, and the SKP is the sender's own."""
    skp_tahun: int | None
    keadaan_periode: str | None
    hari_ini: date
    bukti_kurang: list[str]
    """Evidence named but not among the sender's files."""


def alasan_ditolak(periode: Period, tanggal: date, fakta: Fakta) -> Problem | None:
    """Why a submission is refused, or None."""
    if fakta.keadaan_periode != "dibuka":
        return Conflict(
            f"Pengiriman realisasi {periode.tampil()} "
            + ("sudah ditutup." if fakta.keadaan_periode else "belum dibuka."),
            remedy="Hubungi admin BKD bila periode ini seharusnya masih terbuka.",
        )
    if not fakta.skp_berlaku:
        return Conflict(
            "RHK ini tidak ada dalam SKP Anda yang berlaku.",
            remedy="Ajukan SKP dan tunggu persetujuan atasan, lalu pilih RHK dari SKP itu.",
        )
    fields = []
    if fakta.skp_tahun != periode.year:
        fields.append(
            FieldError("/periode", f"SKP ini untuk tahun {fakta.skp_tahun}", "Pilih SKP tahun itu.")
        )
    if tanggal not in periode:
        fields.append(FieldError("/tanggal", f"di luar {periode.tampil()}", "Pilih tanggal dalam bulan itu."))
    if tanggal > fakta.hari_ini:
        fields.append(FieldError("/tanggal", "belum terjadi", "Pilih hari ini atau sebelumnya."))
    fields.extend(
        FieldError("/bukti", f"berkas {sha256[:12]}… belum Anda unggah", "Unggah berkasnya lebih dahulu.")
        for sha256 in fakta.bukti_kurang
    )
    return InvalidInput("Realisasi ini belum dapat dicatat.", fields=fields) if fields else None


def gabungkan(problems: Mapping[int, Problem]) -> Problem:
    """One answer for several that were sent together, each named by its place."""
    fields: list[FieldError] = []
    for place, problem in problems.items():
        fields.extend(
            FieldError(f"/isi/{place}{error.pointer}", error.reason, error.remedy) for error in problem.fields
        )
        if not problem.fields:
            fields.append(FieldError(f"/isi/{place}", problem.detail.rstrip("."), problem.remedy))
    if all(isinstance(problem, Conflict) for problem in problems.values()):
        return Conflict("Belum ada yang dicatat.", fields=fields)
    return InvalidInput("Belum ada yang dicatat: ada isian yang belum benar.", fields=fields)


_RIBUAN = re.compile(r"\d{1,3}(\.\d{3})+")


def baca_jumlah(teks: Any) -> Any:
    """An amount as people write it: `10,5` and `1.250,5`; also `10.5`. Raises ValueError for anything else.

    Dots before a comma, or in groups of three, separate thousands: `1.250` is one thousand two hundred fifty.
    """
    if not isinstance(teks, str):
        return teks
    plain = "".join(teks.split())
    whole, comma, rest = plain.partition(",")
    if comma or _RIBUAN.fullmatch(whole):
        if "." in whole and not _RIBUAN.fullmatch(whole):
            raise ValueError("titik di tempat yang tidak biasa; tulis misalnya 1.250,5")
        plain = whole.replace(".", "") + (f".{rest}" if comma else "")
    if not re.fullmatch(r"\d{1,15}(\.\d{1,15})?", plain, re.ASCII):
        raise ValueError("harus bilangan, misalnya 10 atau 10,5")
    return plain


def satuan_dari(target: str) -> str:
    """The unit that a target counts in: `laporan` of `12 laporan`; nothing when no number comes first."""
    found = re.fullmatch(r"\s*\d[\d.,]*\s*(\D.*?)\s*", target, re.DOTALL)
    return found[1][:60] if found else ""
