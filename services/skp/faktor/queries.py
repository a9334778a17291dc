"""What somebody is told about the second factor of their own account."""

from collections.abc import Iterable, Set
from datetime import datetime

from pydantic import BaseModel, Field

from services.skp.faktor import rules
from shared.db import Tx, queries

SQL = queries("services.skp.faktor")


class KeadaanFaktor(BaseModel):
    """The second factor of one account."""

    aktif: bool
    dipasang_pada: datetime | None
    sisa_pemulihan: int = Field(description="Kode pemulihan yang masih dapat dipakai")
    dianjurkan: bool = Field(description="Pemegang peran ini sangat dianjurkan memasangnya")
    peran_tertahan: list[str] = Field(description="Peran yang baru berlaku sesudah faktor kedua dipasang")


async def keadaan(tx: Tx, wajib: Set[str]) -> KeadaanFaktor:
    """The caller's own; `wajib` are the roles that this installation grants with a second factor only."""
    tx.guard.scope()
    who = tx.guard.principal
    assert who is not None
    row = await SQL.keadaan(tx.conn, pegawai_id=who.pegawai_id)
    active = row["dipasang_pada"] is not None
    return KeadaanFaktor(
        aktif=active,
        dipasang_pada=row["dipasang_pada"],
        sisa_pemulihan=row["sisa"],
        dianjurkan=not active and bool(rules.PERAN_DIANJURKAN.intersection(row["peran"])),
        peran_tertahan=[] if active else tertahan(row["peran"], wajib),
    )


def tertahan(peran: Iterable[str], wajib: Set[str]) -> list[str]:
    """Which roles an account without a second factor does not get."""
    return sorted(wajib & set(peran))
