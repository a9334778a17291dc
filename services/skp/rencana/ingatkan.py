"""Nudges about planning: a plan that waits for its decision, an atasan who has not planned yet."""

from uuid import UUID

from services.skp.pegawai.queries import Posisi, posisi
from services.skp.rencana import rules
from services.skp.rencana.commands import SQL
from shared import colek
from shared.auth.guard import Subject
from shared.clock import local_date
from shared.db import Tx
from shared.errors import Conflict, NotFound


def subjek_skp(skp_id: UUID) -> str:
    """What a nudge about one plan is about."""
    return f"skp:{skp_id}"


def subjek_atasan(atasan_id: UUID, tahun: int) -> str:
    """What a nudge to an atasan without RHK is about."""
    return f"rencana:{atasan_id}:{tahun}"


async def keputusan(tx: Tx, skp_id: UUID, zone: str) -> colek.Terkirim:
    """Remind whoever decides on a plan of mine that waits. Raises Conflict when it does not wait."""
    row = await SQL.satu(tx.conn, skp_id=skp_id)
    if row is None:
        raise NotFound("SKP ini tidak ada.", remedy="Muat ulang daftar SKP.")
    tx.guard.admit(Subject(row["pegawai_id"]))
    if await SQL.keadaan_skp(tx.conn, pegawai_id=row["pegawai_id"], tahun=row["tahun"]) != rules.DIAJUKAN:
        raise Conflict("SKP ini tidak sedang menunggu keputusan.", remedy="Muat ulang halaman ini.")
    where = await posisi(tx, row["pegawai_id"], local_date(tx.now, zone))
    return await colek.ingatkan(
        tx,
        zone,
        _pemutus(where),
        hal="skp",
        subjek=subjek_skp(skp_id),
        tentang_id=row["pegawai_id"],
        tahun=row["tahun"],
        kalimat=f"SKP tahun {row['tahun']} menunggu keputusan.",
    )


async def lanjutan(tx: Tx, skp_id: UUID, zone: str) -> colek.Terkirim:
    """Remind whoever acts next on a plan that cannot be returned now: its owner, or who decides about it.

    Raises Conflict when the caller is the one who acts next.
    """
    row = await SQL.satu(tx.conn, skp_id=skp_id)
    if row is None:
        raise NotFound("SKP ini tidak ada.", remedy="Muat ulang daftar SKP.")
    who = tx.guard.principal
    assert who is not None
    where = await posisi(tx, row["pegawai_id"], local_date(tx.now, zone))
    tx.guard.admit(where.subject if where else Subject(row["pegawai_id"]))
    state = await SQL.keadaan_skp(tx.conn, pegawai_id=row["pegawai_id"], tahun=row["tahun"])
    if state == rules.DIAJUKAN:
        target, hal = _pemutus(where), "skp"
    else:
        target, hal = colek.Tujuan(row["nama"], row["pegawai_id"]), "pengajuan"
    if target.pegawai_id == who.pegawai_id or (target.peran and who.holds(target.peran)):
        raise Conflict("Anda sendiri yang perlu bertindak.", remedy="Muat ulang halaman ini.")
    return await colek.ingatkan(
        tx,
        zone,
        target,
        hal=hal,
        subjek=subjek_skp(skp_id),
        tentang_id=row["pegawai_id"],
        tahun=row["tahun"],
        kalimat=rules.LANJUTAN[state].format(tahun=row["tahun"]),
    )


async def rencana_atasan(tx: Tx, tahun: int, zone: str) -> colek.Terkirim:
    """Remind my atasan, who has no RHK of the year that I could intervene. Raises Conflict otherwise."""
    who = tx.guard.principal
    assert who is not None
    tx.guard.admit(Subject(who.pegawai_id))
    where = await posisi(tx, who.pegawai_id, local_date(tx.now, zone))
    if where is None or where.atasan_id is None:
        raise Conflict("Anda tidak mempunyai atasan.", remedy="Susun SKP Anda tanpa intervensi.")
    if [row async for row in SQL.rhk_milik(tx.conn, pegawai_id=where.atasan_id, tahun=tahun)]:
        raise Conflict(f"{where.atasan_nama} sudah menyusun SKP {tahun}.", remedy="Muat ulang halaman ini.")
    return await colek.ingatkan(
        tx,
        zone,
        colek.Tujuan(where.atasan_nama or "Atasan Anda", where.atasan_id),
        hal="rencana",
        subjek=subjek_atasan(where.atasan_id, tahun),
        tentang_id=who.pegawai_id,
        tahun=tahun,
        kalimat=f"SKP tahun {tahun} belum disusun, sehingga bawahan belum dapat mengintervensinya.",
    )


def _pemutus(where: Posisi | None) -> colek.Tujuan:
    if where is None or where.atasan_id is None:
        return colek.Tujuan.kepada_peran("admin_bkd")
    return colek.Tujuan(where.atasan_nama or "Pejabat penilai Anda", where.atasan_id)


async def sudah(tx: Tx, zone: str, *subjek: str) -> set[str]:
    """Which of these the caller has sent a nudge about today; only the caller's own."""
    tx.guard.scope()
    return await colek.sudah_hari_ini(tx, zone, subjek)
