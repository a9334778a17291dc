"""Comparing what we asked to be paid with what payroll says it paid, exactly; one finding for each fault."""

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple
from uuid import UUID

Jenis = Literal["hanya_di_ekinerja", "hanya_di_payroll", "jumlah_berbeda", "dibayar_dua_kali", "gagal"]
JENIS: dict[Jenis, str] = {
    "hanya_di_payroll": "Hanya ada di payroll",
    "dibayar_dua_kali": "Dibayar lebih dari sekali",
    "jumlah_berbeda": "Jumlah berbeda",
    "gagal": "Gagal dibayar",
    "hanya_di_ekinerja": "Belum ada di payroll",
}
"""Kinds of findings in the order of their weight, and their words."""


class Pembayaran(NamedTuple):
    """One payment of ours, and what payroll's answers named: reference numbers and amounts."""

    item_id: UUID
    pegawai_id: UUID
    nip: str
    nama_pegawai: str | None
    opd_kode: str
    neto: int
    keadaan: str
    alasan: str | None
    referensi: Sequence[str]
    jumlah: Sequence[Decimal]


class Asing(NamedTuple):
    """Something payroll says of a payment that is none of ours."""

    nip: str
    item_id: str
    jumlah: Decimal | None
    sebab: str


class Temuan(NamedTuple):
    """One difference. `kita` and `payroll` are rupiah; None: not there."""

    jenis: Jenis
    pegawai_id: UUID | None
    nip: str
    nama_pegawai: str | None
    opd_kode: str
    item_id: str
    kita: int | None
    payroll: Decimal | None
    penjelasan: str


def dari_jawaban(ours: Iterable[Pembayaran], foreign: Iterable[Asing]) -> list[Temuan]:
    """Differences between our payments and the answers that came as events."""
    found = [
        Temuan("hanya_di_payroll", None, one.nip, None, "", one.item_id, None, one.jumlah, one.sebab)
        for one in foreign
    ]
    for one in ours:
        if len(one.referensi) > 1:
            numbers = ", ".join(sorted(one.referensi))
            paid = sum(one.jumlah) if len(one.jumlah) > 1 else None
            found.append(_temuan("dibayar_dua_kali", one, paid, f"Nomor bukti: {numbers}"))
        other = [amount for amount in one.jumlah if amount != one.neto]
        if other:
            found.append(_temuan("jumlah_berbeda", one, other[0], "Payroll membayar jumlah lain"))
        if one.keadaan == "gagal":
            found.append(_temuan("gagal", one, None, one.alasan or ""))
        elif one.keadaan == "menunggu":
            found.append(_temuan("hanya_di_ekinerja", one, None, "Payroll belum menjawab"))
    return _terurut(found)


def dari_berkas(ours: Iterable[Pembayaran], rows: Sequence[tuple[str, Decimal]]) -> list[Temuan]:
    """Differences between our payments and payroll's own list of NIP and amount."""
    times = Counter(nip for nip, _ in rows)
    totals: dict[str, Decimal] = {}
    for nip, amount in rows:
        totals[nip] = totals.get(nip, Decimal(0)) + amount
    found, known = [], set()
    for one in ours:
        known.add(one.nip)
        paid = totals.get(one.nip)
        if paid is None:
            found.append(_temuan("hanya_di_ekinerja", one, None, "Tidak ada di daftar payroll"))
        elif times[one.nip] > 1:
            found.append(_temuan("dibayar_dua_kali", one, paid, f"{times[one.nip]} baris di daftar payroll"))
        elif paid != one.neto:
            found.append(_temuan("jumlah_berbeda", one, paid, "Jumlah di daftar payroll lain"))
    nothing = "Tidak ada pembayaran bulan ini di e-Kinerja"
    found += [
        Temuan("hanya_di_payroll", None, nip, None, "", "", None, paid, nothing)
        for nip, paid in totals.items()
        if nip not in known
    ]
    return _terurut(found)


def _temuan(jenis: Jenis, one: Pembayaran, payroll: Decimal | int | None, penjelasan: str) -> Temuan:
    amount = None if payroll is None else Decimal(payroll)
    return Temuan(
        jenis,
        one.pegawai_id,
        one.nip,
        one.nama_pegawai,
        one.opd_kode,
        str(one.item_id),
        one.neto,
        amount,
        penjelasan,
    )


def _terurut(found: list[Temuan]) -> list[Temuan]:
    weight = {jenis: at for at, jenis in enumerate(JENIS)}
    return sorted(found, key=lambda one: (weight[one.jenis], one.opd_kode, one.nip, one.item_id))
