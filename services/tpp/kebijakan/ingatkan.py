"""A nudge about a policy that waits for a second person to put it into force."""

from uuid import UUID

from services.tpp.kebijakan import queries
from shared import colek
from shared.db import Tx
from shared.errors import Conflict


def subjek(kebijakan_id: UUID) -> str:
    """What a nudge about one policy is about."""
    return f"kebijakan:{kebijakan_id}"


async def aktivasi(tx: Tx, kebijakan_id: UUID, zone: str) -> colek.Terkirim:
    """Whoever uploaded a policy reminds the other office. Raises NotFound, Conflict when it does not wait."""
    found = await queries.satu(tx, kebijakan_id)
    who = tx.guard.principal
    assert who is not None
    if found.keadaan == "aktif":
        raise Conflict("Kebijakan ini sudah berlaku.", remedy="Tidak ada yang perlu diingatkan.")
    if found.diunggah_oleh != who.pegawai_id:
        raise Conflict("Anda sendiri dapat mengaktifkannya.", remedy="Periksa isinya, lalu aktifkan.")
    return await colek.ingatkan(
        tx,
        zone,
        colek.Tujuan.kepada_peran("bpkad" if who.holds("admin_bkd") else "admin_bkd"),
        hal="kebijakan",
        subjek=subjek(kebijakan_id),
        kalimat=f"Kebijakan {found.nama} menunggu diperiksa dan diaktifkan orang kedua.",
    )


async def sudah(tx: Tx, kebijakan_id: UUID, zone: str) -> bool:
    """Whether the caller has done so today."""
    tx.guard.scope()
    return bool(await colek.sudah_hari_ini(tx, zone, [subjek(kebijakan_id)]))
