"""What the API and the pages of realisasi share: one submission on its way through the group commit."""

from fastapi import Request

from services.skp.realisasi.commands import Kiriman, RealisasiBaru
from shared.db.group_commit import Answer, Entry, GroupCommit
from shared.db.tx import Origin
from shared.obs.tracing import traceparent


async def kirim(request: Request, isi: RealisasiBaru, key: str, asked: bytes) -> Answer:
    """Record one for the caller. Returns after the commit; raises the submission's own Problem."""
    pegawai_id = request.state.guard.principal.pegawai_id
    writer: GroupCommit[Kiriman] = request.app.state.penulis
    return await writer.submit(
        Entry(
            Kiriman.model_construct(pegawai_id=pegawai_id, isi=isi),
            Origin(f"pegawai:{pegawai_id}", traceparent()),
            key,
            asked,
        )
    )
