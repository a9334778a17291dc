"""Our copy of SKP decisions and realisasi, fed by the topics of skp."""

from collections.abc import Sequence

from shared.contracts.skp import RealisasiSubmitted, SkpApproved, SkpEvent, SkpReturned, SkpSubmitted
from shared.db.tx import Tx
from shared.inbox import Received

_DECISIONS = """
INSERT INTO skp_keputusan (skp_id, version, pegawai_id, tahun, periode, keadaan, rhk)
SELECT skp_id, version, pegawai_id, tahun, periode, $7, rhk::jsonb
FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::integer[], $5::text[], $6::text[])
     AS news(skp_id, version, pegawai_id, tahun, periode, rhk)
ON CONFLICT DO NOTHING
"""
_REALISASI = """
INSERT INTO realisasi AS known (realisasi_id, version, pegawai_id, periode, rhk_id, tanggal, uraian, jumlah,
                                satuan, jumlah_bukti)
SELECT DISTINCT ON (realisasi_id) *
FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[], $5::uuid[], $6::date[], $7::text[],
            $8::numeric[], $9::text[], $10::smallint[])
     AS news(realisasi_id, version, pegawai_id, periode, rhk_id, tanggal, uraian, jumlah, satuan,
             jumlah_bukti)
ORDER BY realisasi_id, version DESC
ON CONFLICT (realisasi_id) DO UPDATE
SET version = excluded.version, rhk_id = excluded.rhk_id, periode = excluded.periode,
    tanggal = excluded.tanggal, uraian = excluded.uraian, jumlah = excluded.jumlah, satuan = excluded.satuan,
    jumlah_bukti = excluded.jumlah_bukti
WHERE known.version < excluded.version
"""


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
    await tx.conn.execute(
        _REALISASI,
        [event.realisasi_id for event in events],
        [event.version for event in events],
        [event.pegawai_id for event in events],
        [str(event.periode) for event in events],
        [event.rhk_id for event in events],
        [event.tanggal for event in events],
        [event.uraian for event in events],
        [event.jumlah for event in events],
        [event.satuan for event in events],
        [len(event.bukti) for event in events],
    )
