"""What the API and the pages of accounts share: where a caller comes from, activating, issuing codes."""

from collections.abc import Awaitable, Callable

from fastapi import Request, Response

from services.skp.akun import commands, rules
from services.skp.akun import keluar as sesi
from services.skp.akun import masuk as pintu
from shared.auth.guard import Principal
from shared.db import Tx
from shared.db.tx import Actor
from shared.http.context import Context, Writer, idempotency_key


def alamat(request: Request) -> str:
    """The caller's network address, under which attempts are counted."""
    return request.client.host if request.client else "tidak-diketahui"


async def keluar(r: Context, who: Principal) -> None:
    """End a session: here at once, elsewhere as soon as the event arrives."""
    await _akhiri(r, lambda tx: sesi.keluar(tx, who), who)


async def keluar_semua(r: Context, who: Principal) -> None:
    """End all sessions of a person."""
    await _akhiri(r, lambda tx: sesi.keluar_semua(tx, who), who)


async def _akhiri(r: Context, work: Callable[[Tx], Awaitable[None]], who: Principal) -> None:
    await r.database.run(work, actor=Actor("pegawai", str(who.pegawai_id)))
    await r.request.app.state.generations.refresh()


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


async def terbitkan(w: Writer, body: commands.MintaKode) -> tuple[commands.DaftarKode, bool]:
    """Issue activation codes; a retry names the same ones again. Also whether this was a retry."""
    state = w.request.app.state
    permintaan = f"{w.actor}|{idempotency_key(w.request)}"
    response = await w.run(commands.terbitkan_kode, body, state.signer, permintaan, state.settings.zone)
    stored = commands.DaftarKode.model_validate_json(bytes(response.body))
    for entry in stored.kode:
        entry.kode = commands.kode_untuk(state.signer, permintaan, entry.pegawai_id)
    return stored, "idempotency-replayed" in response.headers
