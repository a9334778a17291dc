"""The life of an SKP document: draft, submitted, returned, approved, and revised as a new version."""

from uuid import UUID

from shared.errors import Conflict, Forbidden

DRAF, DIAJUKAN, DIKEMBALIKAN, DISETUJUI = "draf", "diajukan", "dikembalikan", "disetujui"

LANJUTAN = {
    DRAF: "SKP tahun {tahun} masih draf dan belum diajukan.",
    DIAJUKAN: "SKP tahun {tahun} menunggu keputusan.",
    DIKEMBALIKAN: "SKP tahun {tahun} sudah dikembalikan dan belum diajukan lagi.",
    DISETUJUI: "SKP tahun {tahun} sudah disetujui. Bila perlu diubah, ajukan versi baru.",
}
"""Where a plan stands, as whoever acts next is told."""


def versi_untuk_diubah(keadaan: str, versi: int) -> int:
    """Which version an edit goes into: a draft is edited in place, a decided one is followed by a new draft.

    Raises Conflict while the atasan is deciding.
    """
    if keadaan == DIAJUKAN:
        raise Conflict(
            "SKP ini sedang menunggu keputusan atasan.",
            remedy="Minta atasan mengembalikannya bila perlu diubah.",
        )
    return versi if keadaan == DRAF else versi + 1


def periksa_diajukan(keadaan: str) -> None:
    """Raises Conflict unless the document waits for a decision."""
    if keadaan != DIAJUKAN:
        raise Conflict("SKP ini tidak sedang menunggu keputusan.", remedy=f"Keadaannya sekarang: {keadaan}.")


def periksa_versi(terbaru: int, dibaca: int | None) -> None:
    """Raises Conflict when another version is decided about than the one that was read."""
    if dibaca is not None and dibaca != terbaru:
        raise Conflict(
            f"Isi SKP ini sudah berubah: yang terbaru versi {terbaru}, yang Anda baca versi {dibaca}.",
            remedy="Baca versi terbarunya, lalu putuskan.",
        )


def dapat_memutuskan(pemilik: UUID, penilai: UUID | None, pemutus: UUID, *, admin_bkd: bool) -> bool:
    """Whether `periksa_pemutus` lets somebody decide."""
    try:
        periksa_pemutus(pemilik, penilai, pemutus, admin_bkd=admin_bkd)
    except Forbidden:
        return False
    return True


def periksa_draf(keadaan: str) -> None:
    """Raises Conflict unless the document can be submitted."""
    if keadaan != DRAF:
        raise Conflict(
            "Hanya SKP berbentuk draf yang dapat diajukan.",
            remedy="Ubah dahulu SKP yang dikembalikan, lalu ajukan lagi."
            if keadaan == DIKEMBALIKAN
            else f"Keadaannya sekarang: {keadaan}.",
        )


def periksa_pemutus(pemilik: UUID, penilai: UUID | None, pemutus: UUID, *, admin_bkd: bool) -> None:
    """Who decides: the pejabat penilai of today; for who has none (the top) an admin BKD; never oneself.

    Raises Forbidden saying who must act.
    """
    if pemilik == pemutus:
        raise Forbidden(
            "SKP sendiri tidak dapat diputuskan sendiri.", remedy="Pejabat penilai Anda yang memutuskan."
        )
    if penilai is None and not admin_bkd:
        raise Forbidden("Pegawai ini tidak mempunyai atasan.", remedy="Admin BKD yang memutuskan SKP-nya.")
    if penilai is not None and penilai != pemutus:
        raise Forbidden(
            "Anda bukan pejabat penilai pegawai ini pada hari ini.",
            remedy="Pejabat penilainya yang harus memutuskan; perbaiki data atasan bila keliru.",
        )
