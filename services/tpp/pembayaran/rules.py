"""What a difference between our payments and payroll's word is called, and who has to do what about it.

Differences to payroll's answers are found in the database (query `temuan`), those to a list here; both
exactly, one finding for each fault.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple
from uuid import UUID

Jenis = Literal[
    "hanya_di_ekinerja", "hanya_di_payroll", "jumlah_berbeda", "dibayar_dua_kali", "gagal", "ditarik"
]
JENIS: dict[Jenis, str] = {
    "hanya_di_payroll": "Hanya ada di payroll",
    "dibayar_dua_kali": "Dibayar lebih dari sekali",
    "jumlah_berbeda": "Jumlah berbeda",
    "gagal": "Gagal dibayar",
    "ditarik": "Ditarik kembali, tidak dibayar",
    "hanya_di_ekinerja": "Belum ada di payroll",
}
"""Kinds of findings in the order of their weight, and their words."""


class Tindak(NamedTuple):
    """Who has to act, as a role, and the next step in words."""

    pemilik: str
    langkah: str


TINDAK: dict[Jenis, Tindak] = {
    "hanya_di_payroll": Tindak(
        "bpkad",
        "Tanyakan kepada payroll pembayaran mana yang dimaksud. Jawabannya tersimpan sebagai surat mati dan "
        "tidak dihitung; penjaga sistem memutarnya lagi atau membuangnya sesudah jelas.",
    ),
    "dibayar_dua_kali": Tindak(
        "bpkad", "Minta payroll menarik kembali kelebihannya menurut nomor bukti ini."
    ),
    "jumlah_berbeda": Tindak(
        "bpkad", "Minta payroll membayar kekurangannya atau menarik kelebihannya; angka yang dikunci berlaku."
    ),
    "gagal": Tindak(
        "keuangan_opd", "Perbaiki rekening orang ini lewat impor rekening, lalu minta payroll membayar lagi."
    ),
    "ditarik": Tindak(
        "bpkad",
        "Orang ini dibayar lewat kelompok baru: serahkan sisanya pada halaman persetujuan OPD-nya. "
        "Payroll tidak akan membayar yang lama. Bila pembayaran lain OPD itu belum dijawab, tunggu dahulu.",
    ),
    "hanya_di_ekinerja": Tindak(
        "bpkad",
        "Tunggu jawaban payroll. Bila hari pembayaran sudah lewat, tanyakan dengan nomor kelompoknya.",
    ),
}


def tindak_gagal(ditarik: bool) -> Tindak:
    """Who has to act on a payment that did not go out: it failed, or its batch was taken back."""
    return TINDAK["ditarik" if ditarik else "gagal"]


BELUM_DISERAHKAN = Tindak("sistem", "Penyerahannya masih berjalan; cukup ditunggu.")
TINDAK_DAFTAR: dict[Jenis, Tindak] = TINDAK | {
    "hanya_di_payroll": Tindak(
        "bpkad",
        "Tanyakan kepada payroll untuk apa orang ini dibayar; bila bukan haknya, minta ditarik kembali.",
    ),
    "dibayar_dua_kali": Tindak(
        "bpkad", "Pastikan dengan payroll apakah dibayar dua kali; bila ya, minta kelebihannya ditarik."
    ),
    "hanya_di_ekinerja": Tindak("bpkad", "Minta payroll menambahkan orang ini sebelum membayar."),
}
"""The same for a list that payroll sent."""


class Pembayaran(NamedTuple):
    """One payment of ours."""

    item_id: UUID
    pegawai_id: UUID
    nip: str
    nama_pegawai: str | None
    opd_kode: str
    neto: int


class Temuan(NamedTuple):
    """One difference to a list. `kita` and `payroll` are rupiah; None: not there."""

    jenis: Jenis
    pegawai_id: UUID | None
    nip: str
    nama_pegawai: str | None
    opd_kode: str
    item_id: str
    kita: int | None
    payroll: Decimal | None
    penjelasan: str


def dari_berkas(ours: Iterable[Pembayaran], rows: Sequence[tuple[str, Decimal]]) -> list[Temuan]:
    """Differences between our payments and payroll's own list of NIP and amount, the weightiest first."""
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
    found += [
        Temuan(
            "hanya_di_payroll",
            None,
            nip,
            None,
            "",
            "",
            None,
            paid,
            "Tidak ada pembayaran bulan ini di e-Kinerja",
        )
        for nip, paid in totals.items()
        if nip not in known
    ]
    weight = {jenis: at for at, jenis in enumerate(JENIS)}
    return sorted(found, key=lambda one: (weight[one.jenis], one.opd_kode, one.nip, one.item_id))


def _temuan(jenis: Jenis, one: Pembayaran, payroll: Decimal | None, penjelasan: str) -> Temuan:
    return Temuan(
        jenis,
        one.pegawai_id,
        one.nip,
        one.nama_pegawai,
        one.opd_kode,
        str(one.item_id),
        one.neto,
        payroll,
        penjelasan,
    )
