"""What a changed organisation means for each person: segments, versions and events."""

import asyncio
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from operator import itemgetter
from typing import NamedTuple, TypeVar
from uuid import UUID

from services.skp.pegawai.berkas import Kunci, Tempat, Unit
from services.skp.pegawai.rules import Bagan, Duduk, Segmen, jalur, keturunan
from services.skp.pegawai.sel import TIDAK_BERTUGAS
from services.skp.pegawai.susunan import Selisih, Susunan
from shared.contracts.pegawai import PegawaiChanged, Penempatan, SebabBerhenti, TugasPlt
from shared.db import Tx, queries
from shared.nip import Nip

SQL = queries("services.skp.pegawai")
_CHUNK = 2_000

T = TypeVar("T")


class Letak(NamedTuple):
    """Where a unit stands in the tree, and to which OPD it belongs."""

    nama: str
    path: str
    opd_kode: str
    opd_nama: str


@dataclass(frozen=True, slots=True)
class Identitas:
    """A person's id, and what was last told about him: version and hash (None: nothing yet)."""

    pegawai_id: UUID
    version: int = 0
    sidik: bytes | None = None


@dataclass(frozen=True, slots=True)
class Sebelumnya:
    """What held before it changed without a day: for a NIP or the code of a jabatan, until which day
    (excluded), and what."""

    golongan: dict[str, list[tuple[date, str]]] = field(default_factory=dict)
    kelas: dict[str, list[tuple[date, int]]] = field(default_factory=dict)


def letak_unit(units: Mapping[Kunci, Unit]) -> dict[str, Letak]:
    """Each unit's path from the root, and its OPD: the nearest above or itself, else the root."""
    parents = {unit.kode: unit.induk for unit in units.values()}
    found = {}
    for kode in parents:
        path = jalur(kode, parents)
        opd = next((at for at in reversed(path) if units[(at,)].jenis == "opd"), path[0])
        found[kode] = Letak(units[(kode,)].nama, "/".join(path), opd, units[(opd,)].nama)
    return found


class Penyebaran:
    """The organisation as it is now, ready to say what each person's history looks like."""

    def __init__(
        self, susunan: Susunan, identitas: Mapping[str, Identitas], sebelumnya: Sebelumnya | None = None
    ) -> None:
        self.identitas = identitas
        self._sebelumnya = sebelumnya or Sebelumnya()
        self.letak = letak_unit(susunan.unit)
        self._pegawai = {row.nip: row for row in susunan.pegawai.values()}
        self._jabatan = {row.kode: row for row in susunan.jabatan.values()}
        self._duduk = _duduk(susunan.tempat.values())
        self._kepegawaian: dict[str, list[Tempat]] = {}
        """Of whom some placement says status or golongan: those that do, in order of time."""
        for row in sorted(susunan.tempat.values(), key=lambda row: row.mulai):
            if row.status or row.golongan:
                self._kepegawaian.setdefault(row.nip, []).append(row)
        self._bagan = Bagan(
            {row.kode: row.atasan for row in susunan.jabatan.values()},
            {row.kode: row.kelas for row in susunan.jabatan.values()},
        )
        for nip, duduk in self._duduk.items():
            if self._pegawai[nip].aktif:
                self._bagan.tempatkan(identitas[nip].pegawai_id, duduk)

    def terdampak(self, lama: Susunan, selisih: Selisih) -> list[str]:
        """NIPs of everyone for whom something may be different now, in the order of their ids."""
        before = letak_unit(lama.unit)
        moved = {kode for kode, letak in self.letak.items() if before.get(kode) != letak}
        nips = {row.nip for row in selisih.pegawai.values()} | {row.nip for row in selisih.tempat.values()}
        posts = {row.kode for row in selisih.jabatan.values()}
        posts |= {row.kode for row in self._jabatan.values() if row.unit in moved}
        for key, row in selisih.tempat.items():
            posts.add(row.jabatan)
            if (old := lama.tempat.get(key)) is not None:
                posts.add(old.jabatan)
        for nip in nips:
            posts.update(_posts(self._duduk.get(nip)))
        touched = keturunan(posts, self._bagan.atasan)
        nips |= {nip for nip, duduk in self._duduk.items() if not touched.isdisjoint(_posts(duduk))}
        return sorted(nips, key=lambda nip: self.identitas[nip].pegawai_id)

    def keadaan(self, nip: str) -> "Keadaan":
        """One person as others shall know him."""
        who, identity = self._pegawai[nip], self.identitas[nip]
        segmen, keadaan = [], []
        for part in self._bagian(nip, identity.pegawai_id):
            since = self._sejak(nip, part.mulai)
            keadaan.append(since)
            jabatan = self._jabatan[part.jabatan]
            plt = self._jabatan[part.plt] if part.plt else None
            segmen.append(
                Baris(
                    part.mulai,
                    jabatan.kode,
                    jabatan.nama,
                    jabatan.jenis,
                    self._kelas(jabatan.kode, part.mulai),
                    jabatan.unit,
                    self.letak[jabatan.unit],
                    since.golongan or self._golongan(nip, part.mulai),
                    part.penilai,
                    (plt.nama, self._kelas(plt.kode, part.mulai), part.plt_mulai) if plt else None,
                )
            )
        dated = [(one.status, one.bertugas, *([one.sebab] if one.sebab else [])) for one in keadaan]
        told = (nip, who.status, who.aktif, segmen) + ((dated,) if set(dated) - {(None, True)} else ())
        sidik = hashlib.sha256(repr(told).encode()).digest()
        version = identity.version + 1
        return Keadaan(identity.pegawai_id, nip, who.status, who.aktif, segmen, keadaan, version, sidik)

    def _bagian(self, nip: str, who: UUID) -> Iterator[Segmen]:
        """The person's segments, each divided where only status, golongan or kelas changes."""
        parts = self._bagan.segmen(who, self._duduk.get(nip, _TANPA))
        own = {one.mulai for one in self._kepegawaian.get(nip, ())}
        own |= {day for day, _ in self._sebelumnya.golongan.get(nip, ())}
        for number, part in enumerate(parts):
            end = parts[number + 1].mulai if number + 1 < len(parts) else date.max
            yield part
            before = self._isi(nip, part, part.mulai)
            posts = [kode for kode in (part.jabatan, part.plt) if kode]
            days = own.union(*({day for day, _ in self._sebelumnya.kelas.get(kode, ())} for kode in posts))
            for day in sorted(days):
                if part.mulai < day < end and (now := self._isi(nip, part, day)) != before:
                    before = now
                    yield replace(part, mulai=day)

    def _isi(self, nip: str, part: Segmen, day: date) -> tuple[object, ...]:
        """What a day of a segment says beside jabatan and penilai."""
        since = self._sejak(nip, day)
        return (
            since.status,
            since.bertugas,
            since.sebab,
            since.golongan or self._golongan(nip, day),
            self._kelas(part.jabatan, day),
            self._kelas(part.plt, day) if part.plt else None,
        )

    def _golongan(self, nip: str, day: date) -> str:
        """The golongan that no placement dates: as it is now, or was until it changed without a day."""
        return _pada(self._sebelumnya.golongan.get(nip, ()), day, self._pegawai[nip].golongan)

    def _kelas(self, jabatan: str, day: date) -> int:
        return _pada(self._sebelumnya.kelas.get(jabatan, ()), day, self._jabatan[jabatan].kelas)

    def _sejak(self, nip: str, day: date) -> "Sejak":
        """Status and golongan as placements say them on a day, each by the last one that does."""
        known = [one for one in self._kepegawaian.get(nip, ()) if one.mulai <= day]
        said = [one.status for one in reversed(known) if one.status]
        last = said[0] if said else ""
        return Sejak(
            next((status for status in said if status not in TIDAK_BERTUGAS), None),
            next((one.golongan for one in reversed(known) if one.golongan), None),
            last not in TIDAK_BERTUGAS,
            TIDAK_BERTUGAS.get(last),
        )


class Sejak(NamedTuple):
    """What placements say of a person on a day; None: nothing."""

    status: str | None
    golongan: str | None
    bertugas: bool
    sebab: SebabBerhenti | None


class Baris(NamedTuple):
    """A segment with every name spelled out."""

    mulai: date
    jabatan_kode: str
    jabatan_nama: str
    jenis: str
    kelas: int
    unit_kode: str
    letak: Letak
    golongan: str
    penilai: UUID | None
    plt: tuple[str, int, date | None] | None


@dataclass(frozen=True, slots=True)
class Keadaan:
    """A person's state; `sidik` is its hash, equal exactly when there is nothing new to tell."""

    pegawai_id: UUID
    nip: str
    status: str
    aktif: bool
    segmen: list[Baris]
    sejak: list[Sejak]
    """For each segment what placements say of it."""
    version: int
    sidik: bytes

    def event(self) -> PegawaiChanged:
        """The state as a published fact."""
        return PegawaiChanged(
            version=self.version,
            pegawai_id=self.pegawai_id,
            nip=Nip(self.nip),
            status=self.status,
            aktif=self.aktif,
            penempatan=tuple(
                Penempatan(
                    berlaku_mulai=row.mulai,
                    unit_kode=row.unit_kode,
                    unit_nama=row.letak.nama,
                    unit_path=row.letak.path,
                    opd_kode=row.letak.opd_kode,
                    opd_nama=row.letak.opd_nama,
                    jabatan_nama=row.jabatan_nama,
                    jenis_jabatan=row.jenis,
                    kelas=row.kelas,
                    golongan=row.golongan,
                    status=since.status,
                    bertugas=since.bertugas,
                    sebab=since.sebab,
                    atasan_id=row.penilai,
                    plt=TugasPlt(jabatan_nama=row.plt[0], kelas=row.plt[1]) if row.plt else None,
                    plt_mulai=row.plt[2] if row.plt else None,
                )
                for row, since in zip(self.segmen, self.sejak, strict=True)
            ),
        )


async def sebarkan(tx: Tx, penyebaran: Penyebaran, nips: Sequence[str]) -> int:
    """Store and publish the state of those whose state differs from what was last told; returns how many."""
    told = 0
    for start in range(0, len(nips), _CHUNK):
        part = nips[start : start + _CHUNK]
        changed = await asyncio.to_thread(_berbeda, penyebaran, part)
        for state in changed:
            tx.emit(state.event())
        ids = [state.pegawai_id for state in changed]
        rows = [(state.pegawai_id, row) for state in changed for row in state.segmen]
        await SQL.hapus_segmen(tx.conn, ids=ids)
        await SQL.simpan_segmen(
            tx.conn,
            id=[who for who, _ in rows],
            mulai=[row.mulai for _, row in rows],
            jabatan_kode=[row.jabatan_kode for _, row in rows],
            jabatan_nama=[row.jabatan_nama for _, row in rows],
            unit_kode=[row.unit_kode for _, row in rows],
            unit_nama=[row.letak.nama for _, row in rows],
            unit_path=[row.letak.path for _, row in rows],
            opd_kode=[row.letak.opd_kode for _, row in rows],
            atasan=[row.penilai for _, row in rows],
        )
        await SQL.naikkan_versi(
            tx.conn,
            id=ids,
            version=[state.version for state in changed],
            sidik=[state.sidik for state in changed],
        )
        # Events leave memory chunk by chunk: a hundred thousand at once would not fit the service's share.
        await tx.flush()
        told += len(changed)
    return told


def _berbeda(penyebaran: Penyebaran, nips: Sequence[str]) -> list[Keadaan]:
    states = (penyebaran.keadaan(nip) for nip in nips)
    return [state for state in states if state.sidik != penyebaran.identitas[state.nip].sidik]


_TANPA = Duduk(())


def _pada(lama: Iterable[tuple[date, T]], day: date, now: T) -> T:
    """What held on a day: of what ended later, the first to end; else what holds now."""
    return min(((until, one) for until, one in lama if day < until), default=(day, now), key=_AKHIR)[1]


_AKHIR = itemgetter(0)


def _posts(duduk: Duduk | None) -> set[str]:
    if duduk is None:
        return set()
    return {kode for _, kode in duduk.definitif} | {kode for _, _, kode in duduk.plt}


def _duduk(rows: Iterable[Tempat]) -> dict[str, Duduk]:
    definitif: dict[str, list[tuple[date, str]]] = {}
    plt: dict[str, list[tuple[date, date | None, str]]] = {}
    for row in rows:
        if row.sebagai == "definitif":
            definitif.setdefault(row.nip, []).append((row.mulai, row.jabatan))
        else:
            plt.setdefault(row.nip, []).append((row.mulai, row.selesai, row.jabatan))
    return {
        nip: Duduk(
            tuple(sorted(definitif.get(nip, ()))),
            tuple(sorted(plt.get(nip, ()), key=lambda duty: (duty[0], duty[2]))),
        )
        for nip in definitif.keys() | plt.keys()
    }
