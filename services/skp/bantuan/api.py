"""HTTP of help: who helps me."""

from fastapi import Response

from services.skp.bantuan import queries
from shared.http import Read, router

api = router("/api/skp", "bantuan")


@api.get("/bantuan", response_model=queries.Bantuan)
async def bantuan_saya(r: Read) -> Response:
    """Siapa yang dapat menolong saya: pejabat penilai, pengelola dan keuangan unit saya, admin BKD."""
    return await r.run(queries.bantuan_saya, r.zone)
