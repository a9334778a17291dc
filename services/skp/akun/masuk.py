"""Logging in and activating: attempts are counted before a password or code is looked at."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import UTC, datetime
from hmac import compare_digest
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.skp.akun import rules
from services.skp.akun.generasi import naikkan
from services.skp.akun.sandi import Sandi
from services.skp.faktor.periksa import FaktorSalah, periksa
from shared.auth.guard import Peranan, Principal
from shared.auth.token import Signer
from shared.brankas import Brankas
from shared.db import Database, Tx, queries
from shared.db.tx import Actor
from shared.errors import TooManyRequests, Unauthenticated
from shared.nip import Nip

SQL = queries("services.skp.akun")


class Masuk(BaseModel):
    """NIP and password, and a code for accounts with a second factor."""

    nip: Nip
    kata_sandi: str = Field(min_length=1, max_length=rules.SANDI_MAX)
    kode: str = Field(
        default="",
        max_length=40,
        description="Kode aplikasi autentikator atau kode pemulihan, bila akun ini memakai faktor kedua",
    )


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
    peran_tertahan: list[PeranSesi] = Field(
        default=[], description="Peran yang baru berlaku sesudah akun ini memakai faktor kedua"
    )


@dataclass(frozen=True, slots=True)
class Calon:
    """Who says to be coming in, as far as we know them, and under which keys the attempt was counted."""

    pegawai_id: UUID | None
    nip: Nip
    kata_sandi: str | None
    kode_hash: bytes | None
    berfaktor: bool
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
            nip=nip,
            kata_sandi=row["kata_sandi"] if usable else None,
            kode_hash=row["kode_hash"] if usable and row["kode_berlaku"] else None,
            berfaktor=usable and row["berfaktor"],
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


async def sandi_benar(database: Database, sandi: Sandi, nip: Nip, kata_sandi: str, alamat: str) -> Calon:
    """Who it is, after a right password; the attempt stays counted until `berhasil`.

    Raises Unauthenticated, in the same time for a NIP nobody has, and TooManyRequests.
    """
    calon = await hitung_percobaan(database, nip, alamat, "masuk")
    if not await sandi.cocok(calon.kata_sandi, kata_sandi):
        await _catat_gagal(database, calon, "masuk.gagal")
        raise Unauthenticated("NIP atau kata sandi salah.", remedy="Periksa keduanya, lalu coba lagi.")
    return calon


@dataclass(frozen=True, slots=True)
class Pintu:
    """What a session is begun with: who signs it, what opens second factors, which roles need one."""

    signer: Signer
    brankas: Brankas
    wajib: Set[str]


async def masuk(database: Database, sandi: Sandi, pintu: Pintu, body: Masuk, alamat: str) -> Sesi:
    """Begin a session with NIP, password, and a code where the account has a second factor.

    Raises Unauthenticated (also as FaktorDiperlukan, FaktorSalah) and TooManyRequests.
    """
    calon = await sandi_benar(database, sandi, body.nip, body.kata_sandi, alamat)
    return await mulai(database, pintu, calon, body.kode, alamat)


async def mulai(database: Database, pintu: Pintu, calon: Calon, kode: str, alamat: str) -> Sesi:
    """The session of somebody whose password was right. Raises as `masuk` does."""

    async def begin(tx: Tx) -> Sesi:
        row = await SQL.sesi(tx.conn, pegawai_id=calon.pegawai_id)
        if row is None or not row["aktif"] or row["kata_sandi"] != calon.kata_sandi:
            raise Unauthenticated("Akun ini baru saja berubah.", remedy="Coba masuk lagi.")
        await periksa(tx, pintu.brankas, row["pegawai_id"], kode)
        await berhasil(tx, calon)
        await SQL.kenali_alamat(tx.conn, pegawai_id=calon.pegawai_id, alamat=alamat)
        tx.audit("masuk", f"pegawai:{calon.pegawai_id}", alamat=alamat)
        return await _sesi(tx, pintu, row)

    try:
        return await database.run(begin, actor=Actor("pegawai", str(calon.pegawai_id)))
    except FaktorSalah:
        await _catat_gagal(database, calon, "masuk.faktor-gagal")
        raise


async def sesi_baru(database: Database, pintu: Pintu, pegawai_id: UUID) -> Sesi:
    """Another session of somebody who is logged in and has just proved it again."""

    async def begin(tx: Tx) -> Sesi:
        row = await SQL.sesi(tx.conn, pegawai_id=pegawai_id)
        if row is None or not row["aktif"]:
            raise Unauthenticated("Akun ini baru saja berubah.", remedy="Coba masuk lagi.")
        return await _sesi(tx, pintu, row)

    return await database.run(begin, actor=Actor("pegawai", str(pegawai_id)))


async def _sesi(tx: Tx, pintu: Pintu, row: Any) -> Sesi:
    found = [one async for one in SQL.peran_dan_keadaan(tx.conn, ids=[row["pegawai_id"]])]
    held = [PeranSesi(peran=peran, unit_path=path) for peran, path in found[0]["peran"]]
    without = set() if row["berfaktor"] else pintu.wajib
    peran = [one for one in held if one.peran not in without]
    token, expires = pintu.signer.issue(
        Principal(
            row["pegawai_id"],
            row["nip"],
            tuple(Peranan(one.peran, one.unit_path) for one in peran),
            row["generation"],
            row["nama"],
        )
    )
    return Sesi(
        token=token,
        berlaku_sampai=datetime.fromtimestamp(expires, UTC),
        pegawai_id=row["pegawai_id"],
        nama=row["nama"],
        peran=peran,
        peran_tertahan=[one for one in held if one.peran in without],
    )


async def berhasil(tx: Tx, calon: Calon) -> None:
    """The attempt was no guess: it is not counted any longer."""
    await SQL.percobaan_berhasil(tx.conn, kunci=calon.kunci, alamat=calon.kunci_alamat)


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
    await berhasil(tx, calon)
    await SQL.kenali_alamat(tx.conn, pegawai_id=calon.pegawai_id, alamat=alamat)
    tx.audit("akun.aktivasi", f"pegawai:{calon.pegawai_id}", alamat=alamat)
    await naikkan(tx, [calon.pegawai_id])


async def _catat_gagal(database: Database, calon: Calon, action: str) -> None:
    async def note(tx: Tx) -> None:
        tx.audit(action, f"pegawai:{calon.pegawai_id}" if calon.pegawai_id else "pegawai:tidak-dikenal")

    await database.run(note)
