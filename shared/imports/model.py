"""What an import is: how a file is read, how it is taken in, who may send it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import BaseModel, Field

from shared.auth.guard import Rule
from shared.brankas import Brankas
from shared.db import Tx

DIUNGGAH, DIPERIKSA, DISETUJUI, SELESAI, GAGAL = "diunggah", "diperiksa", "disetujui", "selesai", "gagal"
MENUNGGU = (DIUNGGAH, DISETUJUI)
"""States in which a worker acts next; in the others, people."""


class Choice(NamedTuple):
    """Something to choose before sending: the month of an attendance file, the sheet that a CSV is."""

    name: str
    label: str
    options: list[tuple[str, str]]
    help: str = ""


@dataclass(slots=True)
class Progress:
    """How far reading is; the worker writes it down once a second."""

    tahap: str = "dibaca"
    baris: int = 0

    def count(self, rows: int) -> None:
        """So many more rows were read."""
        self.baris += rows


class Upload(BaseModel):
    """A file on its way in, as its sender sees it."""

    import_id: UUID
    jenis: str
    berkas: str
    ukuran: int
    pilihan: dict[str, str]
    keadaan: str = Field(description="diunggah, diperiksa, disetujui, selesai atau gagal")
    tahap: str
    baris: int
    lewati_salah: bool
    laporan: dict[str, Any] | None
    galat: dict[str, Any] | None
    dibuat_pada: datetime
    diubah_pada: datetime

    @property
    def menunggu(self) -> bool:
        """Whether a worker still has to act."""
        return self.keadaan in MENUNGGU

    @property
    def salah(self) -> list[dict[str, Any]]:
        """The faulty rows that were found."""
        return list((self.laporan or {}).get("salah", []))

    @property
    def seluruh_lembar(self) -> bool:
        """Whether some sheet as a whole cannot be used: then no row of it may be taken in."""
        return any(row["baris"] == 0 for row in self.salah)


class Isi(NamedTuple):
    """A file as a worker gets it."""

    berkas: str
    data: bytes
    pilihan: Mapping[str, str]
    brankas: Brankas | None = None
    """What seals the kind's data; None for a kind that seals nothing."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of import.

    `read` turns the bytes into whatever `take` needs, outside any transaction; `take(tx, content, isi, uji,
    lewati_salah)` compares (`uji`) or stores and returns the report, with `diterapkan`, `lembar`, `salah` and
    `salah_jumlah`. It runs with the sender's rights under `rule`. `columns` tells people what a file holds;
    `dihitung` what the report counts, where that is not rows.

    `lain` are other pages about the same facts, each with its words: where they are taken back, for one.

    `brankas` names a resource of the service, a `Brankas`: the bytes of such a kind wait sealed, from the
    upload until they are taken in or given up, and `take` finds it in `isi`. The report is stored as it is:
    `take` leaves out of it what the seal is for.
    """

    name: str
    title: str
    lead: str
    rule: Rule
    columns: Sequence[tuple[str, Sequence[str]]]
    read: Callable[[Isi, Progress], Awaitable[Any]]
    take: Callable[[Tx, Any, Isi, bool, bool], Awaitable[BaseModel]]
    choices: Callable[[Tx], Awaitable[list[Choice]]]
    dihitung: str = ""
    brankas: str = ""
    lain: Sequence[tuple[str, str]] = ()


async def no_choices(tx: Tx) -> list[Choice]:
    """Nothing to choose."""
    tx.guard.scope()
    return []
