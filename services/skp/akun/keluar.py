"""Logging out: this session is refused by every service within seconds, or all of the person's are."""

from datetime import UTC, datetime

from services.skp.akun.generasi import naikkan
from shared.auth import generations
from shared.auth.guard import Principal
from shared.contracts.keamanan import SesiEnded
from shared.db import Tx, queries
from shared.errors import NotFound

SQL = queries("services.skp.akun")


async def keluar(tx: Tx, who: Principal) -> None:
    """End one session; ending it again changes nothing."""
    assert who.sesi is not None
    ended = SesiEnded(
        version=1,
        sesi=who.sesi,
        pegawai_id=who.pegawai_id,
        berlaku_sampai=datetime.fromtimestamp(who.berlaku_sampai, UTC),
    )
    if await generations.akhiri(tx, [ended]):
        tx.emit(ended)
        tx.audit("keluar", f"pegawai:{who.pegawai_id}")


async def keluar_semua(tx: Tx, who: Principal) -> None:
    """End every session of the person, on every device. Raises NotFound for nobody."""
    if not await SQL.ada_pegawai(tx.conn, pegawai_id=who.pegawai_id):
        raise NotFound("Anda tidak ada dalam daftar pegawai.", remedy="Hubungi admin BKD.")
    await naikkan(tx, [who.pegawai_id])
    tx.audit("keluar.semua", f"pegawai:{who.pegawai_id}")
