"""Where somebody stands on a day: what rights and decisions follow from."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel

from shared.auth.guard import Subject
from shared.db import Tx, queries

SQL = queries("services.skp.pegawai")


class Posisi(BaseModel):
    """A person's post, unit and pejabat penilai on a day; all empty before the first post."""

    pegawai_id: UUID
    nama: str
    jabatan_nama: str | None
    unit_nama: str | None
    unit_path: str | None
    atasan_id: UUID | None
    atasan_nama: str | None

    @property
    def subject(self) -> Subject:
        """Whose data it is, for the guard."""
        return Subject(self.pegawai_id, self.unit_path, self.atasan_id)


async def posisi(tx: Tx, pegawai_id: UUID, day: date) -> Posisi | None:
    """Where an active person stands on a day; None for nobody."""
    row = await SQL.posisi(tx.conn, pegawai_id=pegawai_id, hari=day)
    return Posisi(**row) if row else None
