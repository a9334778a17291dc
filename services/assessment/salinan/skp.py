"""Our copy of SKP decisions and realisasi, fed by the topics of skp."""

from collections.abc import Sequence

from shared.contracts.skp import RealisasiSubmitted, SkpApproved, SkpEvent, SkpReturned, SkpSubmitted
from shared.db.tx import Tx
from shared.inbox import Copy, Received

_DECISIONS = """
INSERT INTO skp_keputusan (skp_id, version, pegawai_id, tahun, periode, keadaan, rhk)
SELECT skp_id, version, pegawai_id, tahun, periode, $7, rhk::jsonb
FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::integer[], $5::text[], $6::text[])
     AS news(skp_id, version, pegawai_id, tahun, periode, rhk)
ON CONFLICT DO NOTHING
"""
REALISASI = Copy(
    "realisasi",
    ["realisasi_id uuid"],
    "version bigint",
    "pegawai_id uuid",
    "periode text",
    "rhk_id uuid",
    "tanggal date",
    "uraian text",
    "jumlah numeric",
    "satuan text",
    "jumlah_bukti smallint",
)


async def catat_diajukan(tx: Tx, batch: Sequence[Received[SkpSubmitted]]) -> None:
    """The employee asked for agreement."""
    await _record(tx, "diajukan", [received.event for received in batch])


async def catat_disetujui(tx: Tx, batch: Sequence[Received[SkpApproved]]) -> None:
    """The plan is in force, with these RHK."""
    await _record(tx, "disetujui", [received.event for received in batch])


async def catat_dikembalikan(tx: Tx, batch: Sequence[Received[SkpReturned]]) -> None:
    """The atasan sent it back."""
    await _record(tx, "dikembalikan", [received.event for received in batch])


async def _record(tx: Tx, keadaan: str, events: Sequence[SkpEvent]) -> None:
    await tx.conn.execute(
        _DECISIONS,
        [event.skp_id for event in events],
        [event.version for event in events],
        [event.pegawai_id for event in events],
        [event.tahun for event in events],
        [str(event.periode) for event in events],
        [_rhk(event) for event in events],
        keadaan,
    )


def _rhk(event: SkpEvent) -> str | None:
    if not isinstance(event, SkpApproved):
        return None
    return "[" + ",".join(rhk.model_dump_json() for rhk in event.rhk) + "]"


async def catat_realisasi(tx: Tx, batch: Sequence[Received[RealisasiSubmitted]]) -> None:
    """What was done; a newer version of the same realisasi replaces the older one."""
    events = [received.event for received in batch]
    await REALISASI.keep(
        tx,
        [
            (
                event.realisasi_id,
                event.version,
                event.pegawai_id,
                str(event.periode),
                event.rhk_id,
                event.tanggal,
                event.uraian,
                event.jumlah,
                event.satuan,
                len(event.bukti),
            )
            for event in events
        ],
    )
