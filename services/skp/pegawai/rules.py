"""Who holds which jabatan on a day, and who is therefore whose pejabat penilai."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

Sebagai = Literal["definitif", "plt"]


@dataclass(frozen=True, slots=True)
class Tugas:
    """Somebody in a jabatan from `mulai` to `selesai`, both included; no `selesai`: until further notice."""

    pegawai_id: UUID
    mulai: date
    selesai: date | None = None

    def meliputi(self, day: date) -> bool:
        """Whether the duty is held on a day."""
        return self.mulai <= day and (self.selesai is None or day <= self.selesai)


@dataclass(frozen=True, slots=True)
class Duduk:
    """One person's own posts: the definitif ones in order of time, and acting duties beside them."""

    definitif: tuple[tuple[date, str], ...]
    plt: tuple[tuple[date, date | None, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Segmen:
    """From `mulai` on: this jabatan, under this penilai, with this acting duty."""

    mulai: date
    jabatan: str
    penilai: UUID | None
    plt: str | None
    plt_mulai: date | None = None
    """The first day of that duty; one that was prolonged without a gap goes on."""


@dataclass(slots=True)
class Bagan:
    """The organisation chart over time. `atasan` maps each jabatan to the one above it, without cycles."""

    atasan: Mapping[str, str | None]
    kelas: Mapping[str, int]
    _definitif: dict[str, list[Tugas]] = field(default_factory=dict)
    _plt: dict[str, list[Tugas]] = field(default_factory=dict)
    _hari: dict[str, frozenset[date]] = field(default_factory=dict)

    def tempatkan(self, pegawai_id: UUID, duduk: Duduk) -> None:
        """Put an active person on the chart."""
        for (mulai, jabatan), berikut in zip(
            duduk.definitif, (*(mulai for mulai, _ in duduk.definitif[1:]), None), strict=True
        ):
            selesai = berikut - timedelta(days=1) if berikut else None
            self._definitif.setdefault(jabatan, []).append(Tugas(pegawai_id, mulai, selesai))
        for mulai, selesai, jabatan in duduk.plt:
            self._plt.setdefault(jabatan, []).append(Tugas(pegawai_id, mulai, selesai))

    def penilai(self, pegawai_id: UUID, jabatan: str, day: date) -> UUID | None:
        """The pejabat penilai of somebody in `jabatan` on a day: holder of the atasan jabatan, else its Plt,
        else one level up. Never oneself: whoever acts for his own atasan is rated one level higher.

        None when nobody stands above.
        """
        above = self.atasan.get(jabatan)
        while above is not None:
            found = self._pemegang(above, day)
            if found is not None and found != pegawai_id:
                return found
            above = self.atasan.get(above)
        return None

    def segmen(self, pegawai_id: UUID, duduk: Duduk) -> list[Segmen]:
        """A person's history: one segment for each day on which something changed for him."""
        if not duduk.definitif:
            return []
        first = duduk.definitif[0][0]
        days = {mulai for mulai, _ in duduk.definitif}
        for mulai, selesai, _ in duduk.plt:
            days |= _batas(mulai, selesai)
        for _, jabatan in duduk.definitif:
            days |= self._perubahan_di_atas(jabatan)
        found: list[Segmen] = []
        for day in sorted(day for day in days if day >= first):
            jabatan = next(kode for mulai, kode in reversed(duduk.definitif) if mulai <= day)
            plt = self._tugas_plt(duduk, day)
            since = _sejak(duduk.plt, plt, day) if plt else None
            segmen = Segmen(day, jabatan, self.penilai(pegawai_id, jabatan, day), plt, since)
            if not found or _isi(found[-1]) != _isi(segmen):
                found.append(segmen)
        return found

    def _pemegang(self, jabatan: str, day: date) -> UUID | None:
        for duties in (self._definitif.get(jabatan, ()), self._plt.get(jabatan, ())):
            held = [duty for duty in duties if duty.meliputi(day)]
            if held:
                # Two at once is a fault of the data: the one who came last, decided for all alike.
                return max(held, key=lambda duty: (duty.mulai, duty.pegawai_id)).pegawai_id
        return None

    def _perubahan_di_atas(self, jabatan: str) -> frozenset[date]:
        """Days on which someone above this jabatan comes or goes."""
        known = self._hari.get(jabatan)
        if known is None:
            chain = []
            above: str | None = jabatan
            while above is not None and above not in self._hari:
                chain.append(above)
                above = self.atasan.get(above)
            known = self._hari[above] if above is not None else frozenset()
            for kode in reversed(chain):
                parent = self.atasan.get(kode)
                if parent is not None:
                    duties = [*self._definitif.get(parent, ()), *self._plt.get(parent, ())]
                    known = known.union(*(_batas(duty.mulai, duty.selesai) for duty in duties))
                self._hari[kode] = known
        return known

    def _tugas_plt(self, duduk: Duduk, day: date) -> str | None:
        acting = [
            kode for mulai, selesai, kode in duduk.plt if mulai <= day and (not selesai or day <= selesai)
        ]
        return max(acting, key=lambda kode: (self.kelas.get(kode, 0), kode), default=None)


def _batas(mulai: date, selesai: date | None) -> set[date]:
    return {mulai, selesai + timedelta(days=1)} if selesai and selesai < date.max else {mulai}


def _sejak(tugas: Iterable[tuple[date, date | None, str]], jabatan: str, day: date) -> date:
    """The first day of the unbroken acting duty that is held on a day."""
    for mulai, selesai, kode in sorted(tugas, key=lambda duty: duty[0], reverse=True):
        if kode == jabatan and mulai <= day and (selesai is None or day - selesai <= timedelta(days=1)):
            day = mulai
    return day


def _isi(segmen: Segmen) -> tuple[str, UUID | None, str | None]:
    return segmen.jabatan, segmen.penilai, segmen.plt


def lingkaran(induk: Mapping[str, str | None]) -> set[str]:
    """The members of every cycle in a child -> parent map; empty for a tree or forest."""
    done: set[str] = set()
    found: set[str] = set()
    for start in induk:
        path: list[str] = []
        place: dict[str, int] = {}
        at: str | None = start
        while at is not None and at in induk and at not in done and at not in place:
            place[at] = len(path)
            path.append(at)
            at = induk[at]
        if at is not None and at in place:
            found.update(path[place[at] :])
        done.update(path)
    return found


def jalur(kode: str, induk: Mapping[str, str | None]) -> list[str]:
    """Codes from the root to `kode`. The map must be without cycles."""
    path = [kode]
    while (above := induk.get(path[-1])) is not None:
        path.append(above)
    return path[::-1]


def keturunan(tops: Iterable[str], induk: Mapping[str, str | None]) -> set[str]:
    """`tops` and everything below them."""
    below: dict[str, list[str]] = {}
    for child, parent in induk.items():
        if parent is not None:
            below.setdefault(parent, []).append(child)
    found: set[str] = set()
    waiting = list(tops)
    while waiting:
        at = waiting.pop()
        if at not in found:
            found.add(at)
            waiting.extend(below.get(at, ()))
    return found
