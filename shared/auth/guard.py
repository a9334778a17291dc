"""Authorization: one table says who may use a route, the guard holds the command to it.

A route's rule is a set of grants. A grant is a role and how far it reaches: oneself, one's direct
subordinates, a part of the organisation, or the whole instansi. Grants that reach only a part oblige the
command to say whose data it touches (`admit`) or to filter a list by `scope`; an answer without either is
refused, so that a forgotten check can never leak.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from uuid import UUID

from shared.errors import Forbidden, Unauthenticated


class Cakupan(Enum):
    """How far a grant reaches."""

    DIRI = "diri"
    BAWAHAN = "bawahan"
    UNIT = "unit"
    INSTANSI = "instansi"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, and how far it reaches on a route."""

    peran: str
    cakupan: Cakupan


DIRI = Grant("pegawai", Cakupan.DIRI)
"""The person the data is about."""
ATASAN = Grant("atasan", Cakupan.BAWAHAN)
"""The pejabat penilai of that person on that date (Plt included), from the organisation chart."""
PENGELOLA = Grant("pengelola", Cakupan.UNIT)
"""Pengelola kinerja of an OPD: the unit and everything below it."""
PIMPINAN = Grant("pimpinan", Cakupan.UNIT)
KEUANGAN_OPD = Grant("keuangan_opd", Cakupan.UNIT)
ADMIN_BKD = Grant("admin_bkd", Cakupan.INSTANSI)
BPKAD = Grant("bpkad", Cakupan.INSTANSI)
AUDITOR = Grant("auditor", Cakupan.INSTANSI)
SYSADMIN = Grant("sysadmin", Cakupan.INSTANSI)
"""Runs the system; sees no pay data."""
SIAPA_SAJA = Grant("pegawai", Cakupan.INSTANSI)
"""Anyone who is logged in."""

PERAN = frozenset({"pengelola", "pimpinan", "keuangan_opd", "admin_bkd", "bpkad", "auditor", "sysadmin"})
"""Roles an administrator can give; `pegawai` and `atasan` follow from the person and the chart."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may use one route. No grants and public: anyone, also strangers."""

    grants: tuple[Grant, ...] = ()
    public: bool = False


def allow(*grants: Grant) -> Rule:
    """A rule that any of these grants satisfies."""
    return Rule(grants)


def public() -> Rule:
    """A rule that lets strangers in; for login, health and published keys."""
    return Rule(public=True)


AuthzTable = dict[tuple[str, str], Rule]
"""(METHOD, full route path) -> rule."""


@dataclass(frozen=True, slots=True)
class Peranan:
    """A role somebody holds, and for which part of the organisation (None: where it does not matter)."""

    peran: str
    unit_path: str | None = None


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking, as the session token says; `sesi` tells this session from others of the person."""

    pegawai_id: UUID
    nip: str
    peran: tuple[Peranan, ...]
    generation: int
    nama: str = ""
    sesi: UUID | None = None
    berlaku_sampai: int = 0

    def units(self, peran: str) -> list[str]:
        """The unit paths for which the person holds a role."""
        return [held.unit_path for held in self.peran if held.peran == peran and held.unit_path]

    def holds(self, peran: str) -> bool:
        """Whether the person holds a role at all; everyone is `pegawai` and may be someone's `atasan`."""
        return peran in ("pegawai", "atasan") or any(held.peran == peran for held in self.peran)

    def grants(self, rule: Rule) -> list[Grant]:
        """Those of a rule's grants whose role the person holds; how far each reaches is another question."""
        return [grant for grant in rule.grants if self.holds(grant.peran)]

    def may(self, rule: Rule) -> bool:
        """Whether the person may use a route at all: what a page asks before it offers a button."""
        return bool(self.grants(rule))


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose data a command touches: the person, where they work, who their atasan is."""

    pegawai_id: UUID | None = None
    unit_path: str | None = None
    atasan_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ListScope:
    """What a list may show. Use as filter: all, or own, or subordinates', or below these units."""

    all: bool
    unit_paths: list[str]
    self_id: UUID | None
    atasan_id: UUID | None

    @property
    def where(self) -> dict[str, Any]:
        """The parameters `semua` and `units` of a query that lists what lies below units."""
        return {"semua": self.all, "units": self.unit_paths}


def within(unit_path: str | None, tops: Iterable[str]) -> bool:
    """Whether a unit is one of `tops` or below one of them."""
    return unit_path is not None and any(unit_path == top or unit_path.startswith(top + "/") for top in tops)


@dataclass(slots=True)
class Guard:
    """One request's authorization. `open_to` decides at the door, `admit` and `scope` inside."""

    rule: Rule
    principal: Principal | None
    _admitted: bool = field(default=False)

    @classmethod
    def internal(cls) -> "Guard":
        """For consumers, jobs and the command line: no caller, nothing to check."""
        return cls(Rule(public=True), None, True)

    def open_to(self) -> None:
        """Refuse at the door. Raises Unauthenticated, or Forbidden when no grant could ever fit."""
        if self.rule.public:
            self._admitted = True
            return
        if self.principal is None:
            raise Unauthenticated("Anda belum masuk.", remedy="Masuk dengan NIP dan kata sandi Anda.")
        held = self.principal.grants(self.rule)
        if not held:
            raise Forbidden(
                "Halaman atau tindakan ini bukan untuk peran Anda.",
                remedy="Hubungi pengelola kinerja OPD atau BKD bila Anda memerlukannya.",
            )
        if any(grant.cakupan is Cakupan.INSTANSI for grant in held):
            self._admitted = True

    def admit(self, subject: Subject) -> None:
        """Refuse unless some grant reaches this person or unit. Raises Forbidden."""
        if self.principal is None or any(self._reaches(grant, subject) for grant in self.rule.grants):
            self._admitted = True
            return
        raise Forbidden(
            "Data ini bukan milik Anda dan tidak berada dalam wewenang Anda.",
            remedy="Hubungi pengelola kinerja OPD bila ini seharusnya wewenang Anda.",
        )

    def reaches(self, subject: Subject) -> bool:
        """Whether `admit` would let this subject pass."""
        return self.principal is None or any(self._reaches(grant, subject) for grant in self.rule.grants)

    def scope(self) -> ListScope:
        """What a list may contain for this caller."""
        self._admitted = True
        return self.reach()

    def reach(self) -> ListScope:
        """How far this caller's grants reach on this route; admits nobody."""
        who = self.principal
        if who is None:
            return ListScope(True, [], None, None)
        held = who.grants(self.rule)
        reach = {grant.cakupan for grant in held}
        return ListScope(
            all=Cakupan.INSTANSI in reach,
            unit_paths=[
                path for grant in held if grant.cakupan is Cakupan.UNIT for path in who.units(grant.peran)
            ],
            self_id=who.pegawai_id if Cakupan.DIRI in reach else None,
            atasan_id=who.pegawai_id if Cakupan.BAWAHAN in reach else None,
        )

    def ensure_admitted(self) -> None:
        """Raises RuntimeError when a command answered without saying whose data it touched."""
        if not self._admitted:
            raise RuntimeError("perintah menjawab tanpa memeriksa wewenang (guard.admit atau guard.scope)")

    def _reaches(self, grant: Grant, subject: Subject) -> bool:
        who = self.principal
        if who is None or not who.holds(grant.peran):
            return False
        match grant.cakupan:
            case Cakupan.INSTANSI:
                return True
            case Cakupan.DIRI:
                return subject.pegawai_id == who.pegawai_id
            case Cakupan.BAWAHAN:
                return subject.atasan_id == who.pegawai_id
            case Cakupan.UNIT:
                return within(subject.unit_path, who.units(grant.peran))
