"""HTTP of accounts: log in, activate, codes, roles, public keys."""

from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from services.skp.akun import commands, http, queries
from services.skp.akun import masuk as pintu
from shared.http import Read, Write, router
from shared.http.context import answer

api = router("/api/skp", "akun")
keys = router("", "akun")


@api.post("/masuk", response_model=pintu.Sesi)
async def masuk(r: Read, body: pintu.Masuk) -> Response:
    """Masuk dengan NIP dan kata sandi, dan kode bila akun ini memakai faktor kedua.

    Kata sandi benar tanpa kode dijawab 401 `perlu-faktor-kedua`; kirim lagi dengan `kode`.
    Tanpa Idempotency-Key: jawabannya rahasia, maka tidak disimpan; mengulang hanya membuat sesi lain.
    """
    state = r.request.app.state
    sesi = await pintu.masuk(r.database, state.sandi, state.pintu, body, http.alamat(r.request))
    response = answer(sesi, 200)
    response.headers["Cache-Control"] = "no-store"
    return response


@api.post("/keluar", status_code=204)
async def keluar(r: Read) -> Response:
    """Akhiri sesi ini; tokennya ditolak semua layanan dalam beberapa detik.

    Tanpa Idempotency-Key: sesi hanya dapat berakhir sekali.
    """
    await http.keluar(r, r.principal)
    return Response(status_code=204)


@api.post("/keluar/semua", status_code=204)
async def keluar_semua(r: Read) -> Response:
    """Akhiri semua sesi saya, di semua perangkat."""
    await http.keluar_semua(r, r.principal)
    return Response(status_code=204)


@api.post("/aktivasi", status_code=204)
async def aktivasi(w: Write, body: pintu.Aktivasi) -> Response:
    """Pasang kata sandi dengan kode sekali pakai."""
    return await http.aktifkan(w, body)


@api.post("/akun/kode-aktivasi", response_model=commands.DaftarKode)
async def kode_aktivasi(w: Write, body: commands.MintaKode) -> Response:
    """Terbitkan kode aktivasi sekali pakai; kode lama orang yang sama tidak berlaku lagi."""
    stored, replayed = await http.terbitkan(w, body)
    told = answer(stored, 200)
    told.headers["Cache-Control"] = "no-store"
    if replayed:
        told.headers["Idempotency-Replayed"] = "true"
    return told


@api.put("/akun/{pegawai_id}/peran", response_model=commands.UbahPeran)
async def ubah_peran(w: Write, pegawai_id: UUID, body: commands.UbahPeran) -> Response:
    """Tetapkan semua peran seseorang; sesi lamanya berakhir."""
    return await w.run(commands.ubah_peran, pegawai_id, body)


@api.get("/saya", response_model=queries.Saya)
async def saya(r: Read) -> Response:
    """Siapa saya: jabatan, unit, pejabat penilai, dan peran hari ini."""
    return await r.run(queries.saya, r.zone)


@keys.get("/.well-known/jwks.json")
async def jwks(request: Request) -> Response:
    """Kunci publik untuk memeriksa tanda masuk."""
    return JSONResponse(request.app.state.verifier.jwks, headers={"Cache-Control": "public, max-age=300"})
