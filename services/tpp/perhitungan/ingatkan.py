"""Nudges about a month's figures: somebody has to close the month, activate a policy, or start the run."""

from services.tpp.perhitungan.commands import StatusPerhitungan, status
from shared import colek
from shared.db import Tx
from shared.errors import Conflict
from shared.period import MasaBayar


def menunggu(found: StatusPerhitungan) -> tuple[str, str] | None:
    """What the month's figures wait for and which role has to act; None when nobody has to."""
    if found.keadaan in ("berjalan", "selesai"):
        return None
    if found.keadaan == "dijeda":
        return f"Perhitungan TPP {found.periode.tampil()} dijeda dan belum dilanjutkan.", "admin_bkd"
    for one in found.kurang:
        if one.pemilik in colek.PERAN:
            return one.kalimat, one.pemilik
    if found.kurang:
        return None
    return f"TPP {found.periode.tampil()} siap dihitung; perhitungannya belum dijalankan.", "admin_bkd"


def subjek(periode: MasaBayar) -> str:
    """What a nudge about one month's figures is about."""
    return f"perhitungan:{periode}"


async def perhitungan(tx: Tx, periode: MasaBayar, zone: str) -> colek.Terkirim:
    """Remind whoever keeps a month from being computed. Raises Conflict when nobody does, or oneself."""
    waits = menunggu(await status(tx, periode))
    if waits is None:
        raise Conflict(
            f"Perhitungan TPP {periode.tampil()} tidak sedang menunggu siapa pun.",
            remedy="Muat ulang halaman ini.",
        )
    kalimat, peran = waits
    if tx.guard.principal is not None and tx.guard.principal.holds(peran):
        raise Conflict("Anda sendiri yang perlu bertindak.", remedy=kalimat)
    return await colek.ingatkan(
        tx,
        zone,
        colek.Tujuan.kepada_peran(peran),
        hal="perhitungan",
        subjek=subjek(periode),
        bulan=periode,
        kalimat=kalimat,
    )


async def sudah(tx: Tx, periode: MasaBayar, zone: str) -> bool:
    """Whether the caller has done so today."""
    tx.guard.scope()
    return subjek(periode) in await colek.sudah_hari_ini(tx, zone, [subjek(periode)])
