"""Setting up, renewing, taking away: by the person with password and code, or by admin BKD."""

from uuid import UUID

from pydantic import BaseModel, Field

from services.skp.akun.generasi import naikkan
from services.skp.akun.masuk import Calon, berhasil
from services.skp.akun.rules import SANDI_MAX, kode_dari
from services.skp.faktor import rules, totp
from services.skp.faktor.periksa import SQL, FaktorSalah, konteks, periksa
from shared.auth.token import Signer
from shared.brankas import Brankas, Tersegel, TidakTerbuka
from shared.contracts.keamanan import FaktorChanged
from shared.db import Database, Tx
from shared.errors import Conflict, FieldError, InvalidInput, NotFound
from shared.nip import Nip


class Usulan(BaseModel):
    """A secret not yet in use, for an authenticator app; `segel` goes back with its first code."""

    rahasia: str
    uri: str
    segel: str


class Pembuktian(BaseModel):
    """Password and a code of the second factor (an authenticator's, or a recovery code)."""

    kata_sandi: str = Field(min_length=1, max_length=SANDI_MAX)
    kode: str = Field(min_length=1, max_length=40)


class PasangFaktor(Pembuktian):
    """The proposal, and the first code the app shows for it."""

    segel: str = Field(min_length=1, max_length=400)


class ResetFaktor(BaseModel):
    """Why somebody's second factor is taken away."""

    alasan: str = Field(min_length=5, max_length=300)


class DaftarPemulihan(BaseModel):
    """Recovery codes, shown this once; each opens once."""

    kode: list[str]


def usulkan(brankas: Brankas, pegawai_id: UUID, nip: str) -> Usulan:
    """A new secret for somebody. Nothing is stored: the sealed secret comes back with its first code."""
    rahasia = totp.rahasia_baru()
    return _tawaran(brankas.segel(konteks(pegawai_id), rahasia), rahasia, nip)


def usulan_lagi(brankas: Brankas, pegawai_id: UUID, nip: str, segel: str) -> Usulan:
    """The same proposal again, for a form with an error. Raises InvalidInput for one that is not theirs."""
    return _tawaran(*_dibuka(brankas, pegawai_id, segel), nip)


def kode_pemulihan(signer: Signer, permintaan: str, pegawai_id: UUID) -> list[str]:
    """The codes of one request: a retried request names them again, and nobody stores them."""
    return [
        kode_dari(
            signer.derive("kode-pemulihan", f"{permintaan}|{pegawai_id}|{number}"), rules.PANJANG_PEMULIHAN
        )
        for number in range(rules.BANYAK_PEMULIHAN)
    ]


async def pasang(
    tx: Tx, calon: Calon, body: PasangFaktor, brankas: Brankas, pemulihan: list[str]
) -> DaftarPemulihan:
    """Put a second factor into use. The answer leaves the codes out: it is stored, the codes must not be.

    Raises InvalidInput for a code that does not fit, Conflict when there is one already.
    """
    tx.guard.scope()
    pegawai_id = _orang(calon)
    sealed, rahasia = _dibuka(brankas, pegawai_id, body.segel)
    step = totp.langkah_kode(rahasia, rules.rapikan(body.kode), tx.now)
    if step is None:
        raise InvalidInput(
            "Kode ini tidak cocok dengan yang baru Anda pindai.",
            fields=[
                FieldError(
                    "/kode", "tidak cocok", "Tulis kode yang sedang tampil; periksa juga jam perangkat Anda."
                )
            ],
        )
    if not await SQL.pasang(tx.conn, pegawai_id=pegawai_id, kunci=sealed.kunci, isi=sealed.isi, langkah=step):
        raise Conflict(
            "Faktor kedua sudah terpasang.",
            remedy="Untuk pindah perangkat, lepas dahulu yang lama di halaman Keamanan akun.",
        )
    await _simpan_pemulihan(tx, pegawai_id, brankas, pemulihan)
    await berhasil(tx, calon)
    _catat(tx, pegawai_id, "dipasang", len(pemulihan))
    return DaftarPemulihan(kode=[])


async def ganti_pemulihan(
    tx: Tx, calon: Calon, body: Pembuktian, brankas: Brankas, pemulihan: list[str]
) -> DaftarPemulihan:
    """New recovery codes; the old ones open nothing any more. Raises InvalidInput, NotFound."""
    tx.guard.scope()
    pegawai_id = _orang(calon)
    await _buktikan(tx, brankas, pegawai_id, body.kode)
    await _simpan_pemulihan(tx, pegawai_id, brankas, pemulihan)
    await berhasil(tx, calon)
    _catat(tx, pegawai_id, "pemulihan-diganti", len(pemulihan))
    return DaftarPemulihan(kode=[])


async def lepas(tx: Tx, calon: Calon, body: Pembuktian, brankas: Brankas) -> None:
    """Take one's own second factor away; all sessions end. Raises InvalidInput, NotFound."""
    tx.guard.scope()
    pegawai_id = _orang(calon)
    await _buktikan(tx, brankas, pegawai_id, body.kode)
    await SQL.lepas(tx.conn, pegawai_id=pegawai_id)
    await berhasil(tx, calon)
    _catat(tx, pegawai_id, "dilepas")
    await naikkan(tx, [pegawai_id])


async def reset(tx: Tx, pegawai_id: UUID, body: ResetFaktor) -> None:
    """Take away the second factor of somebody who lost theirs; their sessions end and they are told.

    Raises Conflict for one's own, NotFound when there is none.
    """
    who = tx.guard.principal
    if who is not None and who.pegawai_id == pegawai_id:
        raise Conflict(
            "Faktor kedua Anda sendiri tidak dapat Anda reset dari sini.",
            remedy="Lepas di halaman Keamanan akun dengan kata sandi dan kode, atau mintalah admin BKD lain.",
        )
    if not await SQL.lepas(tx.conn, pegawai_id=pegawai_id):
        raise NotFound("Orang ini tidak memakai faktor kedua.", remedy="Tidak ada yang perlu direset.")
    tx.audit("faktor.direset", f"pegawai:{pegawai_id}", alasan=body.alasan)
    tx.emit(FaktorChanged(version=1, pegawai_id=pegawai_id, kejadian="direset"))
    await naikkan(tx, [pegawai_id])


async def reset_dari_mesin(database: Database, nip: str, alasan: str) -> None:
    """For whoever runs the machine, when the last administrator lost theirs.

    Raises NotFound, and ValueError for a NIP out of form or no reason.
    """
    number, body = Nip(nip), ResetFaktor(alasan=alasan)

    async def once(tx: Tx) -> None:
        pegawai_id = await SQL.pegawai_ber_nip(tx.conn, nip=number)
        if pegawai_id is None:
            raise NotFound("NIP ini tidak dikenal.", remedy="Periksa NIP-nya.")
        await reset(tx, pegawai_id, body)

    await database.run(once)


def _orang(calon: Calon) -> UUID:
    if calon.pegawai_id is None:
        raise NotFound("Akun ini tidak aktif lagi.", remedy="Hubungi admin BKD.")
    return calon.pegawai_id


async def _buktikan(tx: Tx, brankas: Brankas, pegawai_id: UUID, kode: str) -> None:
    if await SQL.pegang(tx.conn, pegawai_id=pegawai_id) is None:
        raise NotFound("Faktor kedua belum terpasang.", remedy="Pasang dahulu di halaman Keamanan akun.")
    try:
        await periksa(tx, brankas, pegawai_id, kode)
    except FaktorSalah as wrong:
        # Whoever asks is logged in: a wrong code is a wrong field.
        raise InvalidInput(wrong.detail, fields=wrong.fields) from None


async def _simpan_pemulihan(tx: Tx, pegawai_id: UUID, brankas: Brankas, kode: list[str]) -> None:
    prints = [brankas.sidik(pegawai_id.bytes, rules.rapikan(one).encode()) for one in kode]
    await SQL.ganti_pemulihan(tx.conn, pegawai_id=pegawai_id, sidik=prints)


def _catat(tx: Tx, pegawai_id: UUID, kejadian: str, sisa: int | None = None) -> None:
    tx.audit(f"faktor.{kejadian}", f"pegawai:{pegawai_id}")
    tx.emit(FaktorChanged(version=1, pegawai_id=pegawai_id, kejadian=kejadian, sisa_pemulihan=sisa))


def _tawaran(sealed: Tersegel, rahasia: bytes, nip: str) -> Usulan:
    return Usulan(rahasia=totp.ejaan(rahasia), uri=totp.alamat(rahasia, nip), segel=sealed.teks())


def _dibuka(brankas: Brankas, pegawai_id: UUID, segel: str) -> tuple[Tersegel, bytes]:
    """A proposal that came back, and its secret. Raises InvalidInput for one that is not this person's."""
    try:
        sealed = Tersegel.dari_teks(segel)
        return sealed, brankas.buka(konteks(pegawai_id), sealed)
    except TidakTerbuka:
        raise InvalidInput(
            "Kode QR ini tidak berlaku lagi.",
            fields=[
                FieldError("/segel", "tidak terbaca", "Buka lagi halamannya dan pindai kode QR yang baru.")
            ],
        ) from None
