"""HTTP of the second factor: `/api/skp/akun/faktor`. Answers that hold a secret are not stored anywhere."""

from uuid import UUID

from fastapi import Response
from pydantic import BaseModel

from services.skp.faktor import commands, http, queries
from shared.http import Read, Write, router
from shared.http.context import answer

api = router("/api/skp/akun", "faktor kedua")


@api.get("/faktor", response_model=queries.KeadaanFaktor)
async def keadaan(r: Read) -> Response:
    """Faktor kedua akun saya."""
    return await r.run(queries.keadaan, r.request.app.state.pintu.wajib)


@api.post("/faktor/usulan", response_model=commands.Usulan)
async def usulan(r: Read) -> Response:
    """Rahasia baru untuk aplikasi autentikator; berlaku sesudah kode pertamanya dikirim ke `/faktor`.

    Tanpa Idempotency-Key: tidak ada yang disimpan; mengulang hanya membuat usulan lain.
    """
    brankas = r.request.app.state.pintu.brankas
    return _rahasia(commands.usulkan(brankas, r.principal.pegawai_id, r.principal.nip))


@api.post("/faktor", response_model=commands.DaftarPemulihan)
async def pasang(w: Write, body: commands.PasangFaktor) -> Response:
    """Pasang faktor kedua; jawabannya kode pemulihan, yang hanya tampil sekali ini."""
    return _rahasia(await http.pasang(w, body))


@api.post("/faktor/pemulihan", response_model=commands.DaftarPemulihan)
async def ganti_pemulihan(w: Write, body: commands.Pembuktian) -> Response:
    """Buat kode pemulihan baru; yang lama tidak berlaku lagi."""
    return _rahasia(await http.ganti_pemulihan(w, body))


@api.post("/faktor/lepas", status_code=204)
async def lepas(w: Write, body: commands.Pembuktian) -> Response:
    """Lepas faktor kedua; semua sesi berakhir."""
    return await http.lepas(w, body)


@api.post("/{pegawai_id}/faktor/reset", status_code=204)
async def reset(w: Write, pegawai_id: UUID, body: commands.ResetFaktor) -> Response:
    """Lepaskan faktor kedua orang yang kehilangan perangkatnya; sesinya berakhir dan ia diberi tahu."""
    return await w.run(commands.reset, pegawai_id, body, status=204)


def _rahasia(found: BaseModel) -> Response:
    response = answer(found, 200)
    response.headers["Cache-Control"] = "no-store"
    return response
