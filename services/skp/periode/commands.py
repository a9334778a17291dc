"""Opening, closing and reopening a month. Closing counts what it closes."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from services.skp.periode import rules
from services.skp.periode.queries import Periode
from shared.contracts.base import Closing
from shared.contracts.periode import (
    PERIODE,
    PeriodeClosed,
    PeriodeOpened,
    PeriodeReopened,
    PeriodeRoster,
    PeriodeSubmissionClosed,
)
from shared.contracts.skp import REALISASI, SKP
from shared.db import Tx, queries
from shared.errors import Conflict, NotFound
from shared.outbox.manifest import manifest
from shared.period import Period

SQL = queries("services.skp.periode")
_ROSTER_CHUNK = 500
_BEFORE_ALL = Period(1900, 1)


class BukaPeriode(BaseModel):
    """Which month."""

    periode: Period


class BukaKembali(BaseModel):
    """Why a closed month is opened again."""

    alasan: Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=1000)] = Field(
        description="Dicatat dan diberitakan"
    )


async def buka(tx: Tx, body: BukaPeriode) -> Periode:
    """Accept realisasi of a month from now on.

    Raises Conflict when it was opened before, or when a later month is closed already.
    """
    await SQL.kunci_daftar(tx.conn)
    await _terakhir(tx, body.periode)
    if await SQL.buka(tx.conn, periode=str(body.periode)) is None:
        raise Conflict("Periode ini sudah pernah dibuka.", remedy="Pakai buka kembali bila sudah ditutup.")
    tx.emit(PeriodeOpened(version=1, periode=body.periode))
    tx.audit("periode.buka", f"periode:{body.periode}")
    return Periode(periode=body.periode, keadaan=rules.DIBUKA, version=1, diubah_pada=tx.now)


async def tutup_pengiriman(tx: Tx, periode: Period) -> Periode:
    """Employees submit no more; atasan still rate."""
    found = await _ubah(tx, "tutup-pengiriman", periode)
    tx.emit(PeriodeSubmissionClosed(version=found.version, periode=periode))
    return found


async def tutup(tx: Tx, periode: Period) -> Periode:
    """Close the month: name everyone it is about, then say how many events of it there are.

    Holding the month's row, this waits for every submission in progress; those that come later are refused.
    Months close one after another, because a plan agreed in one counts in the next: the manifest counts from
    the last closing on, and names it as what must be final first.

    Raises NotFound, or Conflict when the month is closed already or an earlier one is not.
    """
    await SQL.kunci_urutan(tx.conn)
    if earlier := await SQL.terbuka_sebelum(tx.conn, periode=str(periode)):
        raise Conflict(
            f"{Period.parse(earlier).tampil()} belum ditutup.", remedy="Tutup bulan itu lebih dahulu."
        )
    found = await _ubah(tx, "tutup", periode)
    last = await SQL.ditutup_terakhir(tx.conn, sebelum=str(periode))
    before = Closing(periode=last["periode"], version=last["version"]) if last else None
    people = [(row["pegawai_id"], row["version"]) async for row in SQL.roster(tx.conn, hari=periode.last_day)]
    parts = [people[start : start + _ROSTER_CHUNK] for start in range(0, len(people), _ROSTER_CHUNK)]
    for number, part in enumerate(parts, start=1):
        tx.emit(
            PeriodeRoster(
                version=found.version, periode=periode, bagian=number, dari=len(parts), pegawai=tuple(part)
            )
        )
    tx.emit(
        PeriodeClosed(
            version=found.version,
            periode=periode,
            jumlah_pegawai=len(people),
            manifest=await manifest(
                tx,
                periode,
                (PERIODE, SKP, REALISASI),
                since=before.periode.plus(1) if before else _BEFORE_ALL,
                after=before,
            ),
        )
    )
    return found


async def buka_kembali(tx: Tx, periode: Period, body: BukaKembali) -> Periode:
    """Accept submissions again; a later closing carries a new count.

    Raises Conflict when a later month is closed: its results rest on this month.
    """
    await SQL.kunci_urutan(tx.conn)
    await _terakhir(tx, periode)
    found = await _ubah(tx, "buka-kembali", periode, alasan=body.alasan)
    tx.emit(PeriodeReopened(version=found.version, periode=periode, alasan=body.alasan))
    return found


async def _terakhir(tx: Tx, periode: Period) -> None:
    """Hold that no later month is closed. Raises Conflict naming the last one."""
    last = await SQL.ditutup_terakhir(tx.conn, sebelum=None)
    if last is not None and Period.parse(last["periode"]) > periode:
        bulan = Period.parse(last["periode"]).tampil()
        raise Conflict(f"{bulan} sudah ditutup.", remedy=f"Buka kembali {bulan} lebih dahulu.")


async def _ubah(tx: Tx, tindakan: str, periode: Period, **detail: str) -> Periode:
    row = await SQL.kunci(tx.conn, periode=str(periode))
    if row is None:
        raise NotFound("Periode ini belum pernah dibuka.", remedy="Buka periode ini lebih dahulu.")
    keadaan, version = rules.sesudah(tindakan, row["keadaan"]), row["version"] + 1
    await SQL.ubah(tx.conn, periode=str(periode), keadaan=keadaan, version=version)
    tx.audit(f"periode.{tindakan}", f"periode:{periode}", **detail)
    return Periode(periode=periode, keadaan=keadaan, version=version, diubah_pada=tx.now)
