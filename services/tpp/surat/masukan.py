"""Sanctions and roles as the calculation takes them; what they weigh is for the policy to say."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.tpp.perhitungan.rules import Peran, Sanksi
from shared.db import Tx, queries
from shared.period import Period

SQL = queries("services.tpp.surat")


async def menurut_surat(tx: Tx, periode: Period, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """For whoever has any: `peran` and `sanksi` that had begun by the month's end, by code and day."""
    found: dict[UUID, dict[str, Any]] = {}
    async for row in SQL.berlaku(tx.conn, ids=list(ids), akhir=periode.last_day):
        inputs = found.setdefault(row["pegawai_id"], {})
        inputs[row["jenis"]] = (*inputs.get(row["jenis"], ()), _satu(row))
    return found


def _satu(row: Any) -> Peran | Sanksi:
    if row["jenis"] == "peran":
        return Peran(row["kode"], row["mulai"], row["sampai"])
    until = row["sampai"]
    return Sanksi(row["kode"], Period.of(row["mulai"]), None if until is None else Period.of(until))
