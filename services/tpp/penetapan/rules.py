"""The way of an OPD's month to payment: OPD verifies, BKD approves, BPKAD locks; three different people."""

from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from shared.errors import Conflict, Forbidden


class Tahap(NamedTuple):
    """One decision: from which state to which, and the words for it."""

    dari: str
    menjadi: str
    kata: str


TAHAP = {
    "verifikasi": Tahap("draf", "diverifikasi", "diverifikasi"),
    "setujui": Tahap("diverifikasi", "disetujui", "disetujui"),
    "kunci": Tahap("disetujui", "dikunci", "dikunci"),
}
_BERIKUTNYA = {
    "draf": "diverifikasi oleh keuangan OPD",
    "diverifikasi": "disetujui oleh admin BKD",
    "disetujui": "dikunci oleh BPKAD",
}

PEMUTUS = {"draf": "keuangan_opd", "diverifikasi": "admin_bkd", "disetujui": "bpkad"}
"""Which role takes the next decision, by the state; nobody after the lock."""


def menunggu(keadaan: str, bulan: str) -> str:
    """What the next decision is, as a sentence."""
    return f"TPP {bulan} menunggu {_BERIKUTNYA[keadaan]}."


_KOREKSI = (
    "Perbaiki datanya; selisihnya menjadi koreksi, yang dibawa TPP bulan berikutnya sebagai rapel, atau "
    "diselesaikan BPKAD bila ini pembayaran khusus."
)


def periksa_tahap(tindakan: str, keadaan: str) -> Tahap:
    """The decision if the state allows it. Raises Conflict naming what comes first."""
    tahap = TAHAP[tindakan]
    if keadaan != tahap.dari:
        if keadaan == "dikunci":
            raise Conflict("Penetapan OPD ini sudah dikunci.", remedy=_KOREKSI)
        raise Conflict(
            f"Penetapan ini berstatus {keadaan}, sehingga belum dapat {tahap.kata}.",
            remedy=f"Berikutnya harus {_BERIKUTNYA[keadaan]}.",
        )
    return tahap


def periksa_kembali(keadaan: str) -> None:
    """Raises Conflict when there is no decision to take back."""
    if keadaan == "dikunci":
        raise Conflict(
            "Penetapan OPD ini sudah dikunci dan diserahkan ke pembayaran.",
            remedy=_KOREKSI,
        )
    if keadaan == "draf":
        raise Conflict("Penetapan ini masih draf.", remedy="Tidak ada yang perlu dikembalikan.")


def periksa_batal(keadaan: str, item: int, dibayar: int, diminta: bool, dijawab: bool) -> None:
    """Raises Conflict when a locked batch cannot be taken back."""
    if keadaan != "dikunci":
        raise Conflict(
            f"Penetapan ini berstatus {keadaan}; tidak ada pembayaran yang perlu dibatalkan.",
            remedy="Pakai kembalikan untuk mengulang penetapan yang belum dikunci.",
        )
    if item and dibayar == item:
        raise Conflict(
            f"Semua {item} pembayaran kelompok ini sudah dibayar; tidak ada yang dapat ditarik kembali.",
            remedy=_KOREKSI,
        )
    if dijawab:
        raise Conflict(
            f"Kelompok ini sudah ditarik kembali: {dibayar} dari {item} pembayarannya sudah dibayar.",
            remedy="Serahkan sisanya dalam kelompok baru.",
        )
    if diminta:
        raise Conflict(
            "Pembatalan batch ini sudah diminta.",
            remedy="Tunggu jawaban sistem penggajian untuk setiap pembayaran.",
        )


def periksa_serahkan(keadaan: str, ditarik: int, hidup: int) -> None:
    """Raises Conflict when there is nobody whose payment was taken back, or payroll may still pay somebody.

    `ditarik`: payments that payroll will never make; `hidup`: those that are neither made nor given up.
    """
    if keadaan != "dikunci":
        raise Conflict(
            f"Penetapan ini berstatus {keadaan}; pembayarannya diserahkan ketika dikunci.",
            remedy=f"Berikutnya harus {_BERIKUTNYA[keadaan]}.",
        )
    if hidup:
        raise Conflict(
            f"{hidup} pembayaran OPD ini masih dipegang sistem penggajian.",
            remedy="Tunggu jawabannya, atau tarik kembali kelompok itu lebih dahulu.",
        )
    if not ditarik:
        raise Conflict(
            "Tidak ada pembayaran OPD ini yang ditarik kembali.",
            remedy="Tidak ada yang perlu diserahkan lagi.",
        )


def periksa_orang(siapa: UUID, sebelumnya: Iterable[UUID | None]) -> None:
    """Raises Forbidden when the same person decided an earlier step."""
    if siapa in sebelumnya:
        raise Forbidden(
            "Anda sudah memutuskan tahap sebelumnya; tiap tahap diputuskan orang yang berbeda.",
            remedy="Mintalah pejabat lain dengan peran yang sama untuk tahap ini.",
        )


class Item(NamedTuple):
    """One payment of a batch, whole rupiah."""

    item_id: UUID
    pegawai_id: UUID
    nip: str
    bruto: int
    potongan: int
    neto: int


def sidik_batch(items: Iterable[Item]) -> str:
    """SHA-256 over the lines `item_id|nip|neto` of all items, sorted by item_id."""
    digest = sha256()
    for item in sorted(items, key=lambda one: str(one.item_id)):
        digest.update(f"{item.item_id}|{item.nip}|{item.neto}\n".encode())
    return digest.hexdigest()
