"""Codes, roles, and the first administrator."""

import secrets
from uuid import UUID

from pydantic import BaseModel, Field

from services.skp.akun import rules
from services.skp.akun.generasi import naikkan
from shared.auth.guard import PERAN, Subject
from shared.auth.token import Signer
from shared.clock import local_date
from shared.contracts.pegawai import KontakChanged
from shared.db import Database, Tx, queries
from shared.errors import Conflict, FieldError, Forbidden, InvalidInput, NotFound
from shared.ids import uuid7
from shared.nip import Nip

SQL = queries("services.skp.akun")


class MintaKode(BaseModel):
    """Who shall get a one-time activation code."""

    pegawai: list[Nip] = Field(min_length=1, max_length=500)


class Kode(BaseModel):
    """A one-time code, to be handed to its person only."""

    nip: Nip
    pegawai_id: UUID
    kode: str


class DaftarKode(BaseModel):
    """Codes as asked for."""

    kode: list[Kode]


class PeranBaru(BaseModel):
    """A role; `unit_path` for those that work for a part of the organisation."""

    peran: str = Field(max_length=30)
    unit_path: str | None = Field(default=None, max_length=1000)


class UbahPeran(BaseModel):
    """All roles a person shall have from now on."""

    peran: list[PeranBaru] = Field(max_length=50)


def kode_untuk(signer: Signer, permintaan: str, pegawai_id: UUID) -> str:
    """The code of a person under one request: a retried request names it again, and nobody stores it."""
    return rules.kode_dari(signer.derive("kode-aktivasi", f"{permintaan}|{pegawai_id}"))


async def terbitkan_kode(tx: Tx, body: MintaKode, signer: Signer, permintaan: str, zone: str) -> DaftarKode:
    """Set new codes for people. The answer leaves the codes out: it is stored, the codes must not be.

    Raises InvalidInput naming each unknown NIP, Forbidden for somebody outside one's own unit.
    """
    nips = list(dict.fromkeys(body.pegawai))
    rows = {
        row["nip"]: row
        async for row in SQL.pegawai_dari_nip(tx.conn, nip=nips, hari=local_date(tx.now, zone))
    }
    who = tx.guard.principal
    for row in rows.values():
        tx.guard.admit(Subject(unit_path=row["unit_path"]))
        # Who resets a password can become that person: roles must not be reached that way.
        if row["berperan"] and who is not None and not who.holds("admin_bkd"):
            raise Forbidden(
                "Kode bagi pemegang peran hanya diterbitkan admin BKD.",
                remedy=f"Mintakan kode NIP {row['nip']} kepada admin BKD.",
            )
    unknown = [
        FieldError(f"/pegawai/{place}", "NIP ini tidak dikenal atau tidak aktif", "Periksa NIP-nya.")
        for place, nip in enumerate(body.pegawai)
        if nip not in rows or not rows[nip]["aktif"]
    ]
    if unknown:
        raise InvalidInput("Ada NIP yang tidak dikenal.", fields=unknown[:50])
    ids = [rows[nip]["pegawai_id"] for nip in nips]
    hashes = [rules.hash_kode(one, kode_untuk(signer, permintaan, one)) for one in ids]
    await SQL.pasang_kode(tx.conn, ids=ids, kode_hash=hashes, jam=rules.BERLAKU_KODE_JAM)
    for one in ids:
        tx.audit("akun.kode", f"pegawai:{one}")
    return DaftarKode(kode=[Kode(nip=nip, pegawai_id=rows[nip]["pegawai_id"], kode="") for nip in nips])


async def ubah_peran(tx: Tx, pegawai_id: UUID, body: UbahPeran) -> UbahPeran:
    """Replace a person's roles; older sessions end. Raises InvalidInput, NotFound, or Conflict when nobody
    would be left to administer."""
    if not await SQL.ada_pegawai(tx.conn, pegawai_id=pegawai_id):
        raise NotFound("Pegawai ini tidak ada.", remedy="Periksa daftar pegawai.")
    paths = [held.unit_path for held in body.peran if held.unit_path]
    units = {row["path"]: row["kode"] async for row in SQL.unit_dari_path(tx.conn, path=paths)}
    wrong = [
        FieldError(f"/peran/{place}/{part}", reason, remedy)
        for place, held in enumerate(body.peran)
        for part, reason, remedy in _faults(held, units)
    ]
    if wrong:
        raise InvalidInput("Ada peran yang belum benar.", fields=wrong)
    keeps_admin = any(held.peran == "admin_bkd" for held in body.peran)
    if not keeps_admin and not await SQL.admin_lain(tx.conn, pegawai_id=pegawai_id):
        raise Conflict("Ini admin BKD terakhir.", remedy="Tetapkan admin BKD lain lebih dahulu.")
    await SQL.hapus_peran(tx.conn, pegawai_id=pegawai_id)
    await SQL.simpan_peran(
        tx.conn,
        pegawai_id=pegawai_id,
        peran=[held.peran for held in body.peran],
        unit=[units[held.unit_path] if held.unit_path else None for held in body.peran],
    )
    tx.audit(
        "akun.peran", f"pegawai:{pegawai_id}", peran=[f"{held.peran}:{held.unit_path}" for held in body.peran]
    )
    await naikkan(tx, [pegawai_id])
    return body


def _faults(held: PeranBaru, units: dict[str, str]) -> list[tuple[str, str, str]]:
    if held.peran not in PERAN:
        return [("peran", "peran ini tidak dikenal", f"Pilih salah satu: {', '.join(sorted(PERAN))}.")]
    if held.peran in rules.UNIT_ROLES and held.unit_path is None:
        return [
            (
                "unit_path",
                "peran ini memerlukan unit",
                "Pilih unit kerjanya.",
            )
        ]
    if held.peran not in rules.UNIT_ROLES and held.unit_path is not None:
        return [("unit_path", "peran ini berlaku untuk seluruh instansi", "Kosongkan unitnya.")]
    if held.unit_path is not None and held.unit_path not in units:
        return [("unit_path", "unit ini tidak ada", "Periksa jalur unitnya.")]
    return []


async def buat_admin(database: Database, nip: str, nama: str) -> str:
    """Make somebody admin BKD and sysadmin; returns the activation code, shown this once.

    Somebody who is not yet among the employees becomes a person who only runs the system: never rated.
    Raises ValueError for a NIP out of form.
    """
    number = Nip(nip)

    async def make(tx: Tx) -> str:
        row = await SQL.buat_orang_admin(tx.conn, pegawai_id=uuid7(), nip=number, nama=nama.strip())
        who = row["pegawai_id"]
        if row["baru"]:
            tx.emit(KontakChanged(version=1, pegawai_id=who, nama=row["nama"], email=row["email"]))
        code = rules.kode_dari(secrets.token_bytes(32))
        await SQL.pasang_kode(
            tx.conn, ids=[who], kode_hash=[rules.hash_kode(who, code)], jam=rules.BERLAKU_KODE_JAM
        )
        await SQL.simpan_peran(tx.conn, pegawai_id=who, peran=["admin_bkd", "sysadmin"], unit=[None, None])
        tx.audit("akun.admin", f"pegawai:{who}")
        await naikkan(tx, [who])
        return code

    return await database.run(make)
