"""Planning: draft, submit, return, approve."""

import json
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from services.skp.pegawai.queries import Posisi, posisi
from services.skp.periode.stempel import stempel
from services.skp.rencana import rules
from shared.auth.guard import Subject
from shared.clock import local_date
from shared.contracts.skp import Aspek, Indikator, Rhk, SkpApproved, SkpReturned, SkpSubmitted
from shared.db import Tx, queries
from shared.errors import Conflict, FieldError, Forbidden, InvalidInput, NotFound
from shared.ids import uuid7
from shared.period import Period

SQL = queries("services.skp.rencana")


def _teks(maximum: int, minimum: int = 1) -> Any:
    return StringConstraints(strip_whitespace=True, min_length=minimum, max_length=maximum)


class IndikatorBaru(BaseModel):
    """Indikator Kinerja Individu with its target."""

    aspek: Aspek
    iki: Annotated[str, _teks(400)]
    target: Annotated[str, _teks(150)]


class RhkBaru(BaseModel):
    """Rencana Hasil Kerja; `rhk_id` when it goes on from an earlier version."""

    rhk_id: UUID | None = None
    rencana: Annotated[str, _teks(500, 5)]
    rhk_atasan_id: UUID | None = Field(default=None, description="RHK atasan yang diintervensi")
    indikator: list[IndikatorBaru] = Field(min_length=1, max_length=8)


class SkpBaru(BaseModel):
    """A year's plan, JA/JF kuantitatif (PermenPANRB 6/2022)."""

    tahun: int = Field(ge=2020, le=2100)
    rhk: list[RhkBaru] = Field(min_length=1, max_length=25)


class Kembalikan(BaseModel):
    """Why it is sent back."""

    catatan: Annotated[str, _teks(2000, 5)]


class Pilihan(BaseModel):
    """A plan in the version that was read."""

    skp_id: UUID
    versi: int = Field(ge=1, le=2**31 - 1)


class SetujuiSekaligus(BaseModel):
    """Plans to agree to, each as it was read."""

    pilihan: list[Pilihan] = Field(min_length=1, max_length=100)


class HasilSetuju(BaseModel):
    """What became of one of them."""

    skp_id: UUID
    disetujui: bool
    alasan: str = Field(default="", description="Mengapa tidak, dan apa jalan keluarnya")


class HasilSetujuSekaligus(BaseModel):
    """What became of each, in the order of the choice."""

    data: list[HasilSetuju]


class SkpRingkas(BaseModel):
    """Where a plan stands."""

    skp_id: UUID
    tahun: int
    versi: int
    keadaan: str = Field(description="draf, diajukan, dikembalikan atau disetujui")
    atasan_id: UUID | None = Field(description="Siapa yang memutuskan; kosong: admin BKD")


async def buat(tx: Tx, body: SkpBaru, zone: str) -> SkpRingkas:
    """Begin the plan of a year for oneself. Raises Conflict when there is one already."""
    who = _diri(tx)
    tx.guard.admit(Subject(who))
    if not await SQL.pegawai_aktif(tx.conn, pegawai_id=who):
        raise Conflict("Anda tidak tercatat sebagai pegawai.", remedy="Hubungi admin BKD.")
    skp_id = uuid7()
    if await SQL.buat(tx.conn, skp_id=skp_id, pegawai_id=who, tahun=body.tahun) is None:
        known = await SQL.skp_tahun(tx.conn, pegawai_id=who, tahun=body.tahun)
        raise Conflict(f"SKP tahun {body.tahun} sudah ada.", remedy="Ubah SKP itu.", skp_id=str(known))
    where = await posisi(tx, who, local_date(tx.now, zone))
    await _simpan(tx, skp_id, 1, body, where, set())
    tx.audit("skp.buat", f"skp:{skp_id}")
    return _ringkas(skp_id, body.tahun, 1, rules.DRAF, where)


async def ubah(tx: Tx, skp_id: UUID, body: SkpBaru, zone: str) -> SkpRingkas:
    """Replace the content; what was decided stays on record as an earlier version."""
    row = await _kunci(tx, skp_id)
    tx.guard.admit(Subject(row["pegawai_id"]))
    if body.tahun != row["tahun"]:
        raise InvalidInput(
            "Tahun SKP tidak dapat diubah.",
            fields=[
                FieldError("/tahun", f"SKP ini untuk tahun {row['tahun']}", "Buat SKP lain untuk tahun itu.")
            ],
        )
    versi = rules.versi_untuk_diubah(row["keadaan"], row["versi"])
    where = await posisi(tx, row["pegawai_id"], local_date(tx.now, zone))
    known = {one["rhk_id"] async for one in SQL.rhk_lama(tx.conn, skp_id=skp_id)}
    await _simpan(tx, skp_id, versi, body, where, known)
    tx.audit("skp.ubah", f"skp:{skp_id}", versi=versi)
    return _ringkas(skp_id, row["tahun"], versi, rules.DRAF, where)


async def ajukan(tx: Tx, skp_id: UUID, zone: str) -> SkpRingkas:
    """Ask the pejabat penilai of today to agree."""
    row = await _kunci(tx, skp_id)
    tx.guard.admit(Subject(row["pegawai_id"]))
    rules.periksa_draf(row["keadaan"])
    where = await posisi(tx, row["pegawai_id"], local_date(tx.now, zone))
    if where is None or where.jabatan_nama is None:
        raise Conflict(
            "Anda belum mempunyai jabatan.", remedy="Minta admin BKD melengkapi data penempatan Anda."
        )
    await SQL.ajukan(tx.conn, skp_id=skp_id, versi=row["versi"], atasan_id=where.atasan_id)
    version, periode = await _naik(tx, row, zone)
    tx.emit(SkpSubmitted(version=version, **_umum(row, where, periode)))
    tx.audit("skp.ajukan", f"skp:{skp_id}", versi=row["versi"])
    return _ringkas(skp_id, row["tahun"], row["versi"], rules.DIAJUKAN, where)


async def setujui(tx: Tx, skp_id: UUID, zone: str, versi: int | None = None) -> SkpRingkas:
    """Agree: the plan is in force with exactly these RHK; with `versi` only if that is still the newest."""
    row, where, periode, version = await _putuskan(tx, skp_id, rules.DISETUJUI, None, zone, versi)
    await SQL.berlakukan(tx.conn, skp_id=skp_id, versi=row["versi"])
    await SQL.cabut_rhk(tx.conn, skp_id=skp_id)
    await SQL.berlakukan_rhk(tx.conn, skp_id=skp_id, versi=row["versi"])
    rhk = tuple([baca_rhk(one) async for one in SQL.rhk(tx.conn, skp_id=skp_id, versi=row["versi"])])
    tx.emit(SkpApproved(version=version, rhk=rhk, **_umum(row, where, periode)))
    return _ringkas(skp_id, row["tahun"], row["versi"], rules.DISETUJUI, where)


async def setujui_sekaligus(tx: Tx, body: SetujuiSekaligus, zone: str) -> HasilSetujuSekaligus:
    """Agree to several: each that cannot be is left as it is, with the reason; the others are in force."""
    # Each plan is admitted by itself; this only says that somebody's own people are asked about.
    tx.guard.admit(Subject(atasan_id=_diri(tx)))
    found: dict[UUID, HasilSetuju] = {}
    # In one order for all, so that two who decide at once wait for each other instead of forever.
    for one in sorted(body.pilihan, key=lambda one: one.skp_id):
        try:
            # A plan is refused before anything of it is written.
            await setujui(tx, one.skp_id, zone, one.versi)
        except (Conflict, Forbidden, NotFound) as problem:
            told = f"{problem.detail} {problem.remedy}".strip()
            found.setdefault(one.skp_id, HasilSetuju(skp_id=one.skp_id, disetujui=False, alasan=told))
        else:
            found[one.skp_id] = HasilSetuju(skp_id=one.skp_id, disetujui=True)
    return HasilSetujuSekaligus(data=[found[one.skp_id] for one in body.pilihan])


async def kembalikan(tx: Tx, skp_id: UUID, body: Kembalikan, zone: str) -> SkpRingkas:
    """Send back with the reason."""
    row, where, periode, version = await _putuskan(tx, skp_id, rules.DIKEMBALIKAN, body.catatan, zone)
    tx.emit(SkpReturned(version=version, catatan=body.catatan, **_umum(row, where, periode)))
    return _ringkas(skp_id, row["tahun"], row["versi"], rules.DIKEMBALIKAN, where)


def baca_rhk(row: Any) -> Rhk:
    """A stored RHK as the contract knows it."""
    return Rhk(
        rhk_id=row["rhk_id"],
        rencana=row["rencana"],
        rhk_atasan_id=row["rhk_atasan_id"],
        indikator=tuple(Indikator(**one) for one in row["indikator"]),
    )


async def _putuskan(
    tx: Tx, skp_id: UUID, keadaan: str, catatan: str | None, zone: str, versi: int | None = None
) -> tuple[Any, Posisi, Period, int]:
    row = await _kunci(tx, skp_id)
    who = _diri(tx)
    where = await posisi(tx, row["pegawai_id"], local_date(tx.now, zone))
    if where is None:
        raise Conflict("Pegawai ini tidak aktif lagi.")
    principal = tx.guard.principal
    rules.periksa_pemutus(
        row["pegawai_id"],
        where.atasan_id,
        who,
        admin_bkd=principal is not None and principal.holds("admin_bkd"),
    )
    tx.guard.admit(where.subject)
    rules.periksa_diajukan(row["keadaan"])
    rules.periksa_versi(row["versi"], versi)
    await SQL.putuskan(
        tx.conn,
        skp_id=skp_id,
        versi=row["versi"],
        keadaan=keadaan,
        atasan_id=where.atasan_id,
        catatan=catatan,
        oleh=who,
    )
    version, periode = await _naik(tx, row, zone)
    tx.audit(f"skp.{keadaan}", f"skp:{skp_id}", versi=row["versi"], pegawai=row["pegawai_id"])
    return row, where, periode, version


async def _naik(tx: Tx, row: Any, zone: str) -> tuple[int, Period]:
    version = await SQL.naikkan(tx.conn, skp_id=row["skp_id"])
    return version, await stempel(tx, zone)


async def _kunci(tx: Tx, skp_id: UUID) -> Any:
    row = await SQL.kunci(tx.conn, skp_id=skp_id)
    if row is None:
        raise NotFound("SKP ini tidak ada.", remedy="Muat ulang daftar SKP.")
    return row


async def _simpan(
    tx: Tx, skp_id: UUID, versi: int, body: SkpBaru, where: Posisi | None, known: set[UUID]
) -> None:
    await _periksa_rujukan(tx, body, where, known)
    await SQL.buat_versi(tx.conn, skp_id=skp_id, versi=versi)
    await SQL.versi_terbaru(tx.conn, skp_id=skp_id, versi=versi)
    await SQL.hapus_rhk(tx.conn, skp_id=skp_id, versi=versi)
    await SQL.simpan_rhk(
        tx.conn,
        skp_id=skp_id,
        versi=versi,
        rhk_id=[rhk.rhk_id or uuid7() for rhk in body.rhk],
        rencana=[rhk.rencana for rhk in body.rhk],
        rhk_atasan_id=[rhk.rhk_atasan_id for rhk in body.rhk],
        indikator=[json.dumps([one.model_dump() for one in rhk.indikator]) for rhk in body.rhk],
    )


async def _periksa_rujukan(tx: Tx, body: SkpBaru, where: Posisi | None, known: set[UUID]) -> None:
    """Raises InvalidInput for a foreign RHK, or one named twice."""
    above = set()
    if where is not None and where.atasan_id is not None:
        above = {
            one["rhk_id"]
            async for one in SQL.rhk_milik(tx.conn, pegawai_id=where.atasan_id, tahun=body.tahun)
        }
    wrong, seen = [], set()
    for place, rhk in enumerate(body.rhk):
        if rhk.rhk_id is not None and (rhk.rhk_id not in known or rhk.rhk_id in seen):
            wrong.append(FieldError(f"/rhk/{place}/rhk_id", "bukan RHK dari SKP ini, atau disebut dua kali"))
        if rhk.rhk_id is not None:
            seen.add(rhk.rhk_id)
        if rhk.rhk_atasan_id is not None and rhk.rhk_atasan_id not in above:
            wrong.append(
                FieldError(
                    f"/rhk/{place}/rhk_atasan_id",
                    "bukan RHK atasan Anda tahun ini",
                    "Pilih dari daftar RHK atasan, atau kosongkan dahulu.",
                )
            )
    if wrong:
        raise InvalidInput("Ada RHK yang belum benar.", fields=wrong)


def _diri(tx: Tx) -> UUID:
    if tx.guard.principal is None:
        raise RuntimeError("SKP hanya diurus oleh seseorang")
    return tx.guard.principal.pegawai_id


def _umum(row: Any, where: Posisi, periode: Period) -> dict[str, Any]:
    return {
        "skp_id": row["skp_id"],
        "pegawai_id": row["pegawai_id"],
        "atasan_id": where.atasan_id,
        "tahun": row["tahun"],
        "periode": periode,
    }


def _ringkas(skp_id: UUID, tahun: int, versi: int, keadaan: str, where: Posisi | None) -> SkpRingkas:
    return SkpRingkas(
        skp_id=skp_id,
        tahun=tahun,
        versi=versi,
        keadaan=keadaan,
        atasan_id=where.atasan_id if where else None,
    )
