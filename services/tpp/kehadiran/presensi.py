"""Days of attendance as events of an outside system. What a day says goes where a file's days go.

Every event is looked at alone. Of presence and of each count of a day stands what the newest event says that
speaks of it, whatever came before; one that takes the day back speaks of all of it. An event that cannot be
taken is held with the reason and the way out, as an import reports a row. Neither order nor
repetition changes what stands in the end.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from services.tpp.kehadiran.hitung import SQL, cabut_harian, hitung_bulan, simpan_harian
from services.tpp.kehadiran.rules import (
    HAL,
    JAM,
    KALI,
    TERKUNCI,
    TIDAK_DIKENAL,
    Hari,
    Salah,
    periksa_hari,
    periksa_tanggal,
    susun_hari,
)
from shared.clock import local_date
from shared.contracts.kehadiran import KehadiranRecorded, KehadiranWithdrawn
from shared.db import Tx
from shared.inbox import Received
from shared.period import Period

PELAKU = "mesin:presensi"
"""Who changed a day, in its history."""

_PALING_TIMUR = "WIT"
"""Where a day begins first: nowhere in the country has a later one happened."""

Urutan = tuple[int, datetime, int]
Kunci = tuple[UUID | None, date, str]
"""Whose day, and what is said of it."""


class Kiriman(NamedTuple):
    """What an event says of a day, and its place among what is said of that day."""

    event_id: UUID
    nip: str
    hari: Hari
    version: int
    pada: datetime
    cabut: str | None = None
    """Why the day is taken back, which may be left unsaid (''); None: it is told."""

    @property
    def urutan(self) -> Urutan:
        """The highest counts."""
        return self.version, self.pada, self.event_id.int

    @property
    def tentang(self) -> list[str]:
        """What of the day it speaks of: presence, and each count on its own."""
        if self.cabut is not None:
            return list(HAL)
        counts = [name for name in KALI if getattr(self.hari, name) is not None]
        return counts if self.hari.keterangan is None else [JAM, *counts]


class Tertahan(NamedTuple):
    """An event that cannot be taken, and why."""

    kiriman: Kiriman
    kode: str
    salah: Salah


async def catat_hari(tx: Tx, batch: Sequence[Received[KehadiranRecorded]]) -> None:
    """Take the days that can be believed and count the months they touch anew; hold the others."""
    await terapkan(
        tx,
        [
            Kiriman(
                UUID(int=received.id.int),
                received.event.nip,
                _hari(received.event),
                received.event.version,
                received.time,
            )
            for received in batch
        ],
    )


async def catat_cabut(tx: Tx, batch: Sequence[Received[KehadiranWithdrawn]]) -> None:
    """Take days back that the sender knows nothing of any more; nobody is absent for it."""
    await terapkan(
        tx,
        [
            Kiriman(
                UUID(int=received.id.int),
                received.event.nip,
                Hari(received.event.tanggal, None, None, None),
                received.event.version,
                received.time,
                received.event.alasan,
            )
            for received in batch
        ],
    )


def _hari(event: KehadiranRecorded) -> Hari:
    kali = [getattr(event, name) for name in KALI]
    return susun_hari(event.tanggal, event.masuk, event.pulang, event.keterangan, *kali)


async def orang_datang(tx: Tx, nip: Sequence[str]) -> None:
    """Look again at what was said of people whom nobody knew until now."""
    rows = [row async for row in SQL.menunggu_orang(tx.conn, nip=nip)]
    if rows:
        await terapkan(tx, [kiriman(row) for row in rows])


def kiriman(row: Any) -> Kiriman:
    """From a row of `presensi_tertahan`."""
    return Kiriman(
        row["event_id"],
        row["nip"],
        Hari(*(row[name] for name in Hari._fields)),
        row["version"],
        row["pada"],
        row["cabut"],
    )


async def terapkan(tx: Tx, kiriman: Sequence[Kiriman], *, koreksi: bool = False, oleh: str = PELAKU) -> int:
    """Take what can be taken, hold the rest; returns how many days something new was said of.

    `koreksi`: also days of months that are locked for the person; they become late facts.
    """
    known = await _kenali(tx, kiriman)
    today = local_date(tx.now, _PALING_TIMUR)
    malam = await _sif_malam(tx, kiriman, known, today)
    before = await _terakhir(tx, known)
    taken: dict[Kunci, Kiriman] = {}
    held: list[Tertahan] = []
    for one in kiriman:
        row = known[one.nip, one.hari.tanggal]
        who = row["pegawai_id"]
        keys = [(who, one.hari.tanggal, hal) for hal in one.tentang]
        news = [key for key in keys if key not in before or before[key] < one.urutan]
        if not news:
            continue
        wrong = _periksa(one, row, today, (who, one.hari.tanggal) in malam, koreksi=koreksi)
        if wrong is not None:
            held.append(Tertahan(one, *wrong))
            continue
        for key in news:
            if key not in taken or taken[key].urutan < one.urutan:
                taken[key] = one
    after = before | {key: one.urutan for key, one in taken.items()}
    await _tahan(tx, [one for one in held if not _terlampaui(one.kiriman, known, after)])
    if not taken:
        return 0
    await _lepas(tx, {(one.nip, one.hari.tanggal) for one in taken.values()}, known, after)
    return await _simpan(tx, taken, oleh)


def _terlampaui(one: Kiriman, known: dict[tuple[str, date], Any], after: dict[Kunci, Urutan]) -> bool:
    """Whether of all that this event speaks of, it or something newer was taken."""
    who = known[one.nip, one.hari.tanggal]["pegawai_id"]
    keys = [(who, one.hari.tanggal, hal) for hal in one.tentang]
    return all(key in after and after[key] >= one.urutan for key in keys)


async def _kenali(tx: Tx, kiriman: Sequence[Kiriman]) -> dict[tuple[str, date], Any]:
    days = sorted({(one.nip, one.hari.tanggal) for one in kiriman})
    rows = SQL.kenali(tx.conn, nip=[nip for nip, _ in days], tanggal=[day for _, day in days])
    return {(row["nip"], row["tanggal"]): row async for row in rows}


async def _sif_malam(
    tx: Tx, kiriman: Iterable[Kiriman], known: dict[tuple[str, date], Any], today: date
) -> set[tuple[UUID, date]]:
    """Of the days whose times make sense only for a shift past midnight: whose shift is one.

    Days that cannot be taken anyway are not looked up: one of them could stretch the span over centuries.
    """
    asked = [
        (known[one.nip, one.hari.tanggal]["pegawai_id"], one.hari.tanggal)
        for one in kiriman
        if one.hari.masuk is not None
        and one.hari.pulang is not None
        and one.hari.pulang <= one.hari.masuk
        and periksa_tanggal(one.hari.tanggal, today) is None
    ]
    people = sorted({who for who, _ in asked if who is not None})
    if not people:
        return set()
    days = [day for _, day in asked]
    rows = SQL.sif_malam(tx.conn, ids=people, awal=min(days), akhir=max(days))
    return {(row["pegawai_id"], row["tanggal"]) async for row in rows}


async def _terakhir(tx: Tx, known: dict[tuple[str, date], Any]) -> dict[Kunci, Urutan]:
    """The newest that was taken of each of these days, for each thing that is said of a day."""
    rows = [row for row in known.values() if row["pegawai_id"] is not None]
    if not rows:
        return {}
    found = SQL.terakhir(
        tx.conn, pegawai=[row["pegawai_id"] for row in rows], tanggal=[row["tanggal"] for row in rows]
    )
    return {
        (row["pegawai_id"], row["tanggal"], row["hal"]): (row["version"], row["pada"], row["event_id"].int)
        async for row in found
    }


def _periksa(one: Kiriman, row: Any, today: date, lewat: bool, *, koreksi: bool) -> tuple[str, Salah] | None:
    """Why this cannot be taken, or not yet."""
    if row["pegawai_id"] is None:
        return "tidak_dikenal", TIDAK_DIKENAL
    wrong = periksa_tanggal(one.hari.tanggal, today) or periksa_hari(
        one.hari, Period.of(one.hari.tanggal), lewat_tengah_malam=lewat
    )
    if wrong is not None:
        return "tidak_mungkin", wrong
    return ("terkunci", TERKUNCI) if row["terkunci"] and not koreksi else None


async def _tahan(tx: Tx, held: Sequence[Tertahan]) -> None:
    if not held:
        return
    sent = [one.kiriman for one in held]
    await SQL.tahan(
        tx.conn,
        event_id=[one.event_id for one in sent],
        nip=[one.nip for one in sent],
        tanggal=[one.hari.tanggal for one in sent],
        version=[one.version for one in sent],
        pada=[one.pada for one in sent],
        masuk=[one.hari.masuk for one in sent],
        pulang=[one.hari.pulang for one in sent],
        keterangan=[one.hari.keterangan for one in sent],
        **{name: [getattr(one.hari, name) for one in sent] for name in KALI},
        cabut=[one.cabut for one in sent],
        kode=[one.kode for one in held],
        kolom=[one.salah.kolom for one in held],
        alasan=[one.salah.alasan for one in held],
        perbaikan=[one.salah.perbaikan for one in held],
    )


async def _lepas(
    tx: Tx, days: set[tuple[str, date]], known: dict[tuple[str, date], Any], after: dict[Kunci, Urutan]
) -> None:
    """What was held of these days and is taken now, or no longer news, is held no more."""
    ordered = sorted(days)
    rows = SQL.tertahan_hari(tx.conn, nip=[nip for nip, _ in ordered], tanggal=[day for _, day in ordered])
    done = [one.event_id for one in [kiriman(row) async for row in rows] if _terlampaui(one, known, after)]
    if done:
        await SQL.lepas(tx.conn, event_id=done)


async def _simpan(tx: Tx, taken: dict[Kunci, Kiriman], oleh: str) -> int:
    rows = SQL.terima(
        tx.conn,
        pegawai=[who for who, _, _ in taken],
        tanggal=[day for _, day, _ in taken],
        hal=[hal for _, _, hal in taken],
        version=[one.version for one in taken.values()],
        pada=[one.pada for one in taken.values()],
        event_id=[one.event_id for one in taken.values()],
    )
    days: dict[tuple[UUID, date], Hari] = {}
    gone: list[tuple[UUID, date, str, str]] = []
    async for row in rows:
        who, day, hal = row["pegawai_id"], row["tanggal"], row["hal"]
        said, why = taken[who, day, hal].hari, taken[who, day, hal].cabut
        if why is not None:
            gone.append((who, day, hal, why))
            continue
        so_far = days.get((who, day), Hari(day, None, None, None))
        names = ("masuk", "pulang", "keterangan") if hal == JAM else (hal,)
        days[who, day] = so_far._replace(**{name: getattr(said, name) for name in names})
    keys = sorted(days)
    touched = sorted({*keys, *((who, day) for who, day, _, _ in gone)})
    withdrawn = await cabut_harian(tx, gone, oleh=oleh)
    await simpan_harian(tx, [who for who, _ in keys], [days[key] for key in keys], oleh=oleh)
    for month in sorted({Period.of(day) for _, day in touched}):
        await hitung_bulan(tx, month, sorted({who for who, day in touched if day in month}))
    for action, count in (("dicatat", len(keys)), ("dicabut", len(withdrawn))):
        if count:
            tx.audit(f"kehadiran.{action}", "presensi", oleh=oleh, hari=count)
    return len(touched)
