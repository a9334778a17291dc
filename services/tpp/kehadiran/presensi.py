"""Days of attendance as events of an outside system. What a day says goes where a file's days go.

Every event is looked at alone: one that can be taken is, newest first for each day, whatever came before it;
one that cannot is held with the reason and the way out, as an import reports a row. Neither order nor
repetition changes what stands in the end.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from services.tpp.kehadiran.hitung import SQL, hitung_bulan, simpan_harian
from services.tpp.kehadiran.rules import TERKUNCI, TIDAK_DIKENAL, Hari, Salah, periksa_hari, periksa_tanggal
from shared.clock import local_date
from shared.contracts.kehadiran import KehadiranRecorded
from shared.db import Tx
from shared.inbox import Received
from shared.period import Period

PELAKU = "mesin:presensi"
"""Who changed a day, in its history."""

_PALING_TIMUR = "WIT"
"""Where a day begins first: nowhere in the country has a later one happened."""


class Kiriman(NamedTuple):
    """What an event says of a day, and its place among what is said of that day."""

    event_id: UUID
    nip: str
    hari: Hari
    version: int
    pada: datetime

    @property
    def urutan(self) -> tuple[int, datetime, int]:
        """The highest counts."""
        return self.version, self.pada, self.event_id.int


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
                Hari(
                    received.event.tanggal,
                    received.event.masuk,
                    received.event.pulang,
                    received.event.keterangan,
                ),
                received.event.version,
                received.time,
            )
            for received in batch
        ],
    )


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
        Hari(row["tanggal"], row["masuk"], row["pulang"], row["keterangan"]),
        row["version"],
        row["pada"],
    )


async def terapkan(tx: Tx, kiriman: Sequence[Kiriman], *, koreksi: bool = False, oleh: str = PELAKU) -> int:
    """Take what can be taken, hold the rest; returns how many days changed hands.

    `koreksi`: also days of months that are locked for the person; they become late facts.
    """
    known = await _kenali(tx, kiriman)
    today = local_date(tx.now, _PALING_TIMUR)
    malam = await _sif_malam(tx, kiriman, known)
    taken: dict[tuple[UUID, date], Kiriman] = {}
    held: list[Tertahan] = []
    for one in kiriman:
        row = known[one.nip, one.hari.tanggal]
        if row["version"] is not None and one.urutan <= _urutan(row):
            continue
        who = row["pegawai_id"]
        wrong = _periksa(one, row, today, (who, one.hari.tanggal) in malam, koreksi=koreksi)
        if wrong is not None:
            held.append(Tertahan(one, *wrong))
            continue
        before = taken.get((who, one.hari.tanggal))
        if before is None or before.urutan < one.urutan:
            taken[who, one.hari.tanggal] = one
    newest = {(one.nip, one.hari.tanggal): one.urutan for one in taken.values()}
    await _tahan(
        tx,
        [
            one
            for one in held
            if (found := newest.get((one.kiriman.nip, one.kiriman.hari.tanggal))) is None
            or found < one.kiriman.urutan
        ],
    )
    return await _simpan(tx, taken, oleh)


async def _kenali(tx: Tx, kiriman: Sequence[Kiriman]) -> dict[tuple[str, date], Any]:
    days = sorted({(one.nip, one.hari.tanggal) for one in kiriman})
    rows = SQL.kenali(tx.conn, nip=[nip for nip, _ in days], tanggal=[day for _, day in days])
    return {(row["nip"], row["tanggal"]): row async for row in rows}


async def _sif_malam(
    tx: Tx, kiriman: Iterable[Kiriman], known: dict[tuple[str, date], Any]
) -> set[tuple[UUID, date]]:
    """Of the days whose times make sense only for a shift past midnight: whose shift is one."""
    asked = [
        (known[one.nip, one.hari.tanggal]["pegawai_id"], one.hari.tanggal)
        for one in kiriman
        if one.hari.masuk is not None and one.hari.pulang is not None and one.hari.pulang <= one.hari.masuk
    ]
    people = sorted({who for who, _ in asked if who is not None})
    if not people:
        return set()
    days = [day for _, day in asked]
    rows = SQL.sif_malam(tx.conn, ids=people, awal=min(days), akhir=max(days))
    return {(row["pegawai_id"], row["tanggal"]) async for row in rows}


def _urutan(row: Any) -> tuple[int, datetime, int]:
    return row["version"], row["pada"], row["event_id"].int


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
        kode=[one.kode for one in held],
        kolom=[one.salah.kolom for one in held],
        alasan=[one.salah.alasan for one in held],
        perbaikan=[one.salah.perbaikan for one in held],
    )


async def _simpan(tx: Tx, taken: dict[tuple[UUID, date], Kiriman], oleh: str) -> int:
    if not taken:
        return 0
    rows = SQL.terima(
        tx.conn,
        pegawai=[who for who, _ in taken],
        tanggal=[day for _, day in taken],
        version=[one.version for one in taken.values()],
        pada=[one.pada for one in taken.values()],
        event_id=[one.event_id for one in taken.values()],
    )
    newer = sorted([(row["pegawai_id"], row["tanggal"]) async for row in rows])
    await simpan_harian(tx, [who for who, _ in newer], [taken[key].hari for key in newer], oleh=oleh)
    for month in sorted({Period.of(day) for _, day in newer}):
        await hitung_bulan(tx, month, sorted({who for who, day in newer if day in month}))
    done = list(taken.values())
    await SQL.lepas(
        tx.conn,
        nip=[one.nip for one in done],
        tanggal=[one.hari.tanggal for one in done],
        version=[one.version for one in done],
        pada=[one.pada for one in done],
        event_id=[one.event_id for one in done],
    )
    tx.audit("kehadiran.dicatat", "presensi", oleh=oleh, hari=len(newer))
    return len(newer)
