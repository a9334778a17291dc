"""When a realisasi may be recorded."""

from dataclasses import dataclass
from datetime import date

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
