"""Our copy of people and where they work, fed by pegawai.changed."""

from collections.abc import Sequence

from shared.contracts.pegawai import PegawaiChanged
from shared.db.tx import Tx
from shared.inbox import Copy, Received, newest

ORANG = Copy("pegawai", ["pegawai_id uuid"], "version bigint", "nip text", "aktif boolean")
_FORGET = "DELETE FROM penempatan WHERE pegawai_id = ANY ($1::uuid[])"
_SEGMENTS = """
INSERT INTO penempatan (pegawai_id, urutan, berlaku_mulai, berlaku_sampai, unit_nama, unit_path, opd_kode,
                        opd_nama, jabatan_nama, atasan_id)
SELECT * FROM unnest($1::uuid[], $2::smallint[], $3::date[], $4::date[], $5::text[], $6::text[], $7::text[],
                     $8::text[], $9::text[], $10::uuid[])
"""


async def catat_pegawai(tx: Tx, batch: Sequence[Received[PegawaiChanged]]) -> None:
    """Keep the newest version of each person, with all segments."""
    people = [received.event for received in newest(batch, lambda event: event.pegawai_id)]
    ids = await ORANG.keep(tx, [(one.pegawai_id, one.version, one.nip, one.aktif) for one in people])
    await tx.conn.execute(_FORGET, list(ids))
    rows = [row for person in people if person.pegawai_id in ids for row in _segments(person)]
    if rows:
        await tx.conn.execute(_SEGMENTS, *(list(column) for column in zip(*rows, strict=True)))


def _segments(person: PegawaiChanged) -> list[tuple[object, ...]]:
    return [
        (
            person.pegawai_id,
            number,
            segment.berlaku_mulai,
            until,
            segment.unit_nama,
            segment.unit_path,
            segment.opd_kode,
            segment.opd_nama,
            segment.jabatan_nama,
            # Nobody rates themselves, whatever a chart says.
            None if segment.atasan_id == person.pegawai_id else segment.atasan_id,
        )
        for number, (segment, until) in enumerate(person.segmen())
    ]
