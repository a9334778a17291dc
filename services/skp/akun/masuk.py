"""Logging in and activating: attempts are counted before a password or code is looked at."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hmac import compare_digest
from uuid import UUID

from pydantic import BaseModel, Field

from services.skp.akun import rules
from services.skp.akun.generasi import naikkan
from services.skp.akun.sandi import Sandi
from shared.auth.guard import Peranan, Principal
from shared.auth.token import Signer
from shared.db import Database, Tx, queries
from shared.db.tx import Actor
from shared.errors import TooManyRequests, Unauthenticated
from shared.nip import Nip

SQL = queries("services.skp.akun")


class Masuk(BaseModel):
    """NIP and password."""

    nip: Nip
    kata_sandi: str = Field(min_length=1, max_length=rules.SANDI_MAX)


class Aktivasi(BaseModel):
    """NIP, the one-time code, and the password from now on."""

    nip: Nip
    kode: str = Field(min_length=1, max_length=40)
    kata_sandi: str = Field(min_length=rules.SANDI_MIN, max_length=rules.SANDI_MAX)


class PeranSesi(BaseModel):
    """A role in a session."""

    peran: str
    unit_path: str | None


class Sesi(BaseModel):
    """A session: send the token as `Authorization: Bearer`."""

    token: str
    berlaku_sampai: datetime
    pegawai_id: UUID
    nama: str
    peran: list[PeranSesi]


@dataclass(frozen=True, slots=True)
class Calon:
    """Who says to be coming in, as far as we know them, and under which keys the attempt was counted."""

    pegawai_id: UUID | None
    kata_sandi: str | None
    kode_hash: bytes | None
    kunci: str
    kunci_alamat: str


async def hitung_percobaan(database: Database, nip: Nip, alamat: str, tujuan: str) -> Calon:
    """Count an attempt, in a transaction of its own so that it stays counted.

    Who has come in from this address before is counted apart: neither an office whose shared address has
    used up its attempts, nor a stranger guessing elsewhere, keeps them out. Raises TooManyRequests.
    """

    async def count(tx: Tx) -> tuple[Calon, int]:
        row = await SQL.calon_masuk(tx.conn, nip=nip, alamat=alamat)
        known = row is not None and row["dikenal"]
        kunci = f"{tujuan}:{nip}@{alamat}" if known else f"{tujuan}:{nip}"
        kunci_alamat = f"alamat:{alamat}"
        limits = {kunci: rules.BATAS_NIP} | ({} if known else {kunci_alamat: rules.BATAS_ALAMAT})
        wait = 0
        async for tried in SQL.catat_percobaan(tx.conn, kunci=list(limits), detik=rules.JENDELA_DETIK):
            if tried["jumlah"] > limits[tried["kunci"]]:
                wait = max(wait, tried["tunggu"], 1)
        usable = row is not None and row["aktif"]
        calon = Calon(
            pegawai_id=row["pegawai_id"] if usable else None,
            kata_sandi=row["kata_sandi"] if usable else None,
            kode_hash=row["kode_hash"] if usable and row["kode_berlaku"] else None,
            kunci=kunci,
            kunci_alamat=kunci_alamat,
        )
        return calon, wait

    calon, wait = await database.run(count)
    if wait:
        raise TooManyRequests(
            "Terlalu banyak percobaan masuk.",
            remedy=f"Tunggu {-(-wait // 60)} menit. Lupa kata sandi? Minta kode aktivasi baru.",
            retry_after=wait,
        )
    return calon


async def masuk(database: Database, sandi: Sandi, signer: Signer, body: Masuk, alamat: str) -> Sesi:
    """A session for the right password. Raises Unauthenticated, in the same time for a NIP nobody has."""
    calon = await hitung_percobaan(database, body.nip, alamat, "masuk")
    if not await sandi.cocok(calon.kata_sandi, body.kata_sandi):
        await _catat_gagal(database, calon, "masuk.gagal")
        raise Unauthenticated("NIP atau kata sandi salah.", remedy="Periksa keduanya, lalu coba lagi.")

    async def begin(tx: Tx) -> Sesi:
        row = await SQL.sesi(tx.conn, pegawai_id=calon.pegawai_id)
        if row is None or not row["aktif"] or row["kata_sandi"] != calon.kata_sandi:
            raise Unauthenticated("Akun ini baru saja berubah.", remedy="Coba masuk lagi.")
        found = [row async for row in SQL.peran_dan_keadaan(tx.conn, ids=[calon.pegawai_id])]
        peran = [PeranSesi(peran=peran, unit_path=path) for peran, path in found[0]["peran"]]
        principal = Principal(
            row["pegawai_id"],
            row["nip"],
            tuple(Peranan(held.peran, held.unit_path) for held in peran),
            row["generation"],
            row["nama"],
        )
        token, expires = signer.issue(principal)
        await SQL.percobaan_berhasil(tx.conn, kunci=calon.kunci, alamat=calon.kunci_alamat)
        await SQL.kenali_alamat(tx.conn, pegawai_id=calon.pegawai_id, alamat=alamat)
        tx.audit("masuk", f"pegawai:{calon.pegawai_id}", alamat=alamat)
        return Sesi(
            token=token,
            berlaku_sampai=datetime.fromtimestamp(expires, UTC),
            pegawai_id=row["pegawai_id"],
            nama=row["nama"],
            peran=peran,
        )

    return await database.run(begin, actor=Actor("pegawai", str(calon.pegawai_id)))


def kode_cocok(calon: Calon, kode: str) -> bool:
    """Whether a code is the person's current one."""
    if calon.pegawai_id is None or calon.kode_hash is None:
        return False
    return compare_digest(rules.hash_kode(calon.pegawai_id, kode), calon.kode_hash)


async def aktifkan(tx: Tx, calon: Calon, body: Aktivasi, hashed: str | None, alamat: str) -> None:
    """Set the password and use up the code; older sessions end. Raises Unauthenticated for a wrong code."""
    row = await SQL.kunci_akun(tx.conn, pegawai_id=calon.pegawai_id) if hashed else None
    if (
        row is None
        or calon.pegawai_id is None
        or not row["kode_berlaku"]
        or row["kode_hash"] != rules.hash_kode(calon.pegawai_id, body.kode)
    ):
        raise Unauthenticated(
            "NIP atau kode aktivasi salah, sudah terpakai, atau kedaluwarsa.",
            remedy="Minta kode baru kepada pengelola kinerja OPD.",
        )
    await SQL.pasang_sandi(tx.conn, pegawai_id=calon.pegawai_id, kata_sandi=hashed)
    await SQL.percobaan_berhasil(tx.conn, kunci=calon.kunci, alamat=calon.kunci_alamat)
    await SQL.kenali_alamat(tx.conn, pegawai_id=calon.pegawai_id, alamat=alamat)
    tx.audit("akun.aktivasi", f"pegawai:{calon.pegawai_id}", alamat=alamat)
    await naikkan(tx, [calon.pegawai_id])


async def _catat_gagal(database: Database, calon: Calon, action: str) -> None:
    async def note(tx: Tx) -> None:
        tx.audit(action, f"pegawai:{calon.pegawai_id}" if calon.pegawai_id else "pegawai:tidak-dikenal")

    await database.run(note)
