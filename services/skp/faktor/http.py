"""What the API and the pages of the second factor share: proving who it is, and codes that nobody stores."""

from fastapi import Response

from services.skp.akun import masuk as pintu
from services.skp.akun.http import alamat
from services.skp.faktor import commands
from shared.errors import FieldError, InvalidInput, Unauthenticated
from shared.http.context import Writer, idempotency_key
from shared.nip import Nip


async def pasang(w: Writer, body: commands.PasangFaktor) -> commands.DaftarPemulihan:
    """Put a second factor into use; a retry names the same recovery codes again."""
    codes = _kode(w)
    if await w.earlier() is None:
        calon = await _buktikan(w, body.kata_sandi)
        await w.run(commands.pasang, calon, body, _pintu(w).brankas, codes.kode)
    return codes


async def ganti_pemulihan(w: Writer, body: commands.Pembuktian) -> commands.DaftarPemulihan:
    """New recovery codes; a retry names the same ones again."""
    codes = _kode(w)
    if await w.earlier() is None:
        calon = await _buktikan(w, body.kata_sandi)
        await w.run(commands.ganti_pemulihan, calon, body, _pintu(w).brankas, codes.kode)
    return codes


async def lepas(w: Writer, body: commands.Pembuktian) -> Response:
    """Take the second factor away."""
    if (first := await w.earlier()) is not None:
        return first
    calon = await _buktikan(w, body.kata_sandi)
    return await w.run(commands.lepas, calon, body, _pintu(w).brankas, status=204)


async def _buktikan(w: Writer, kata_sandi: str) -> pintu.Calon:
    """The password once more: an open screen is not enough. Attempts count with those of logging in."""
    try:
        return await pintu.sandi_benar(
            w.database, w.request.app.state.sandi, Nip(w.principal.nip), kata_sandi, alamat(w.request)
        )
    except Unauthenticated:
        raise InvalidInput(
            "Kata sandi ini salah.",
            fields=[FieldError("/kata_sandi", "bukan kata sandi Anda", "Tulis sekali lagi.")],
        ) from None


def _kode(w: Writer) -> commands.DaftarPemulihan:
    request = f"{w.actor}|{idempotency_key(w.request)}"
    return commands.DaftarPemulihan(
        kode=commands.kode_pemulihan(_pintu(w).signer, request, w.principal.pegawai_id)
    )


def _pintu(w: Writer) -> pintu.Pintu:
    found: pintu.Pintu = w.request.app.state.pintu
    return found
