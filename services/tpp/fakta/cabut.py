"""Facts that came by mistake made unknown again, by a file: whose, which, and why. Nothing known is not zero.

What they said stays in the history with the reason. The months follow as they follow an import: provisional
figures at once, computed ones with the next run, locked ones as corrections.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from uuid import UUID

from services.tpp.fakta.jenis import Baris, Sel
from services.tpp.fakta.tabel import Tabel
from services.tpp.kehadiran.berkas import NIP, LaporanImpor, LembarDibaca, Terbaca, baca_baris, siapa
from services.tpp.kehadiran.commands import laporan, orang_disebut
from shared.db import Tx
from shared.period import Period
from shared.tabular import Column, Findings, Record, Sheet

_ALASAN_TERPENDEK, _ALASAN_TERPANJANG = 5, 300
ALASAN = Column("alasan", "alasan", ("sebab", "alasan pencabutan"))


class Dicabut(NamedTuple):
    """What one row takes back: keys of the table (without the person), and why."""

    siapa: UUID
    kunci: tuple[tuple[Any, ...], ...]
    alasan: str


@dataclass(frozen=True, slots=True)
class Pencabutan:
    """The taking back of what the import `jenis` brings.

    `baca(cells, month, stored)` names the keys a row speaks of, of those that are `stored` for the person, or
    reports what is wrong. `sebulan`: the file is about one chosen month. `sesudah` makes the months follow;
    it gets the rows as they were stored.
    """

    jenis: str
    hal: str
    lead: str
    kolom: Sequence[Column]
    tabel: Tabel
    baca: Callable[[Sel, Period | None, frozenset[tuple[Any, ...]]], Iterable[tuple[Any, ...]]]
    sesudah: Callable[[Tx, Sequence[Baris]], Awaitable[None]]
    sebulan: bool = False

    @property
    def nama(self) -> str:
        """The name of the import that takes back."""
        return f"cabut-{self.jenis}"

    @property
    def judul(self) -> Sequence[Column]:
        """All columns of its file."""
        return (NIP, *self.kolom, ALASAN)


async def cabut_fakta(
    tx: Tx,
    cara: Pencabutan,
    periode: Period | None,
    sheets: Sequence[Sheet],
    berkas: str,
    uji: bool,
    lewati_salah: bool,
) -> LaporanImpor:
    """Make what a file names unknown again; `berubah` counts what is taken back.

    A row about something that is not recorded is wrong. A locked month is left to admin BKD.
    """
    findings = Findings()
    people = await orang_disebut(tx, sheets, periode)
    who = tx.guard.principal
    if who is None or who.holds("admin_bkd"):
        people = {nip: replace(one, terkunci=False) for nip, one in people.items()}
    stored: dict[UUID, set[tuple[Any, ...]]] = {}
    ids = [one.pegawai_id for one in people.values()]
    for whose, *key in await cara.tabel.tercatat(tx, ids, None if periode is None else str(periode)):
        stored.setdefault(whose, set()).add(tuple(key))

    def read(record: Record) -> Dicabut | None:
        person = siapa(record, people, findings)
        sel = Sel(record, findings, person.pegawai_id if person else None)
        alasan = sel.teks("alasan", _ALASAN_TERPANJANG)
        if 0 < len(alasan) < _ALASAN_TERPENDEK:
            sel.salah("alasan", "terlalu singkat", "Tulis mengapa isian ini keliru.")
        if person is None:
            return None
        keys = tuple(cara.baca(sel, periode, frozenset(stored.get(person.pegawai_id, ()))))
        if not keys and sel.benar:
            sel.salah("nip", f"tidak ada {cara.hal} yang tercatat", "Periksa orang dan waktunya.")
        return Dicabut(person.pegawai_id, keys, alasan)

    read_rows: list[Terbaca[Dicabut]] = baca_baris(
        sheets, cara.judul, findings, read, lambda one: one[:2], "nip", "hal yang sama"
    )
    taken = [{(one.siapa, *key): one.alasan for one in sheet.isi for key in one.kunci} for sheet in read_rows]
    counts = [
        LembarDibaca(nama=sheet.nama, baris=sheet.baris, baru=0, berubah=len(keys), sama=0)
        for sheet, keys in zip(read_rows, taken, strict=True)
    ]
    report = laporan(counts, findings, uji, lewati_salah)
    if report.diterapkan:
        gone = await cara.tabel.cabut_semua(tx, {key: why for part in taken for key, why in part.items()})
        await cara.sesudah(tx, gone)
        tx.audit(
            f"{cara.jenis}.dicabut",
            cara.jenis if periode is None else f"periode:{periode}",
            berkas=berkas,
            baris=sum(one.baris for one in read_rows),
            dicabut=len(gone),
            dilewati=report.salah_jumlah,
        )
    return report
