"""Nudges ("Ingatkan"): one for each person, subject and day, an event in the caller's transaction.

A service that knows why something waits, and for whom, sends them; notification puts them into that person's
inbox. No service is called.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from pydantic import BaseModel, Field

from shared.clock import ZONES, local_date
from shared.contracts.colek import ColekSent
from shared.db.tx import Tx
from shared.errors import TooManyRequests
from shared.ids import uuid7
from shared.period import MasaBayar

_CLAIM = """
INSERT INTO kernel.colek (dari_id, subjek, hari, colek_id) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING RETURNING true
"""
_TODAY = """
SELECT subjek FROM kernel.colek WHERE dari_id = ANY ($1::uuid[]) AND hari = $2 AND subjek = ANY ($3::text[])
"""
_SEMUA = UUID(int=0)
"""Stands for everybody together, in the claim of a nudge that one person sends for all."""

PERAN = {
    "admin_bkd": "Admin BKD",
    "bpkad": "BPKAD",
    "keuangan_opd": "Keuangan OPD",
    "pengelola": "Pengelola kinerja OPD",
    "sysadmin": "Pengelola sistem",
}
"""Roles that can be reminded, as people call them."""


@dataclass(frozen=True, slots=True)
class Tujuan:
    """Who has to act: one person (`pegawai_id`), or a role, for a unit where the role works for one.

    `sebutan` is how people call them.
    """

    sebutan: str
    pegawai_id: UUID | None = None
    peran: str | None = None
    unit: str | None = None

    @classmethod
    def kepada_peran(cls, peran: str, unit: str | None = None) -> "Tujuan":
        """A role of `PERAN`."""
        return cls(PERAN[peran], peran=peran, unit=unit)


class Terkirim(BaseModel):
    """A nudge that is on its way."""

    colek_id: UUID
    kepada: str = Field(description="Siapa yang diingatkan")
    kalimat: str = Field(description="Apa yang terjadi sekarang, untuk ditampilkan")


async def ingatkan(
    tx: Tx,
    zone: str,
    tujuan: Tujuan,
    *,
    hal: str,
    subjek: str,
    tentang_id: UUID | None = None,
    bulan: MasaBayar | None = None,
    tahun: int | None = None,
    kalimat: str = "",
    bersama: bool = False,
) -> Terkirim:
    """Remind `tujuan` about `subjek` (stable text that names what waits, without who asks).

    `bersama`: it keeps many people waiting, and one reminder a day is enough for all of them. The caller has
    checked that it does wait, and for them. Raises TooManyRequests when this person (or with `bersama`
    anybody) has done so today, in the region's zone.
    """
    who = tx.guard.principal
    if who is None:
        raise RuntimeError("pengingat selalu dikirim seseorang")
    colek_id, today = uuid7(), local_date(tx.now, zone)
    claimant = _SEMUA if bersama else who.pegawai_id
    if not await tx.conn.fetchval(_CLAIM, claimant, subjek, today, colek_id):
        tomorrow = datetime.combine(today + timedelta(days=1), time(), ZONES[zone])
        raise TooManyRequests(
            f"{tujuan.sebutan} sudah diingatkan hari ini."
            if bersama
            else f"{tujuan.sebutan} sudah Anda ingatkan hari ini.",
            remedy="Anda dapat mengingatkan lagi besok. Bila mendesak, hubungi langsung.",
            retry_after=max(1, int((tomorrow - tx.now).total_seconds())),
        )
    tx.emit(
        ColekSent(
            version=1,
            colek_id=colek_id,
            hal=hal,
            dari_id=who.pegawai_id,
            kepada_id=tujuan.pegawai_id,
            kepada_peran=tujuan.peran,
            kepada_unit=tujuan.unit,
            tentang_id=tentang_id,
            bulan=bulan,
            tahun=tahun,
            kalimat=kalimat,
        )
    )
    tx.audit(
        "colek.kirim",
        f"pegawai:{tujuan.pegawai_id}" if tujuan.pegawai_id else f"peran:{tujuan.peran}",
        hal=hal,
    )
    return Terkirim(
        colek_id=colek_id,
        kepada=tujuan.sebutan,
        kalimat=f"{tujuan.sebutan} sudah diingatkan. Pesannya masuk ke kotak masuk penerima.",
    )


async def sudah_hari_ini(tx: Tx, zone: str, subjek: Sequence[str]) -> set[str]:
    """Which of these subjects the caller, or somebody for all, has sent a nudge about today."""
    who = tx.guard.principal
    if who is None or not subjek:
        return set()
    rows = await tx.conn.fetch(_TODAY, [who.pegawai_id, _SEMUA], local_date(tx.now, zone), list(subjek))
    return {row["subjek"] for row in rows}
