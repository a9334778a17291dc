"""What the API and the pages of accounts share: where a caller comes from, and the steps of activating."""

from fastapi import Request, Response

from services.skp.akun import masuk as pintu
from services.skp.akun import rules
from shared.http.context import Writer


def alamat(request: Request) -> str:
    """The caller's network address, under which attempts are counted."""
    return request.client.host if request.client else "tidak-diketahui"


async def aktifkan(w: Writer, body: pintu.Aktivasi) -> Response:
    """Set the password with the one-time code; a retry gets the first answer and counts as no attempt."""
    if (first := await w.earlier()) is not None:
        return first
    rules.periksa_sandi(body.kata_sandi, body.nip)
    dari = alamat(w.request)
    calon = await pintu.hitung_percobaan(w.database, body.nip, dari, "aktivasi")
    # A password costs time to hash: only for somebody who brings the right code.
    hashed = (
        await w.request.app.state.sandi.hash(body.kata_sandi) if pintu.kode_cocok(calon, body.kode) else None
    )
    return await w.run(pintu.aktifkan, calon, body, hashed, dari, status=204)
