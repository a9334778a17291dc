"""The month: opened, no longer accepting submissions, closed with its manifest, reopened."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Event, Manifest, Topic
from shared.period import Period

PERIODE = Topic("ekinerja.periode.v1", frozenset({"skp"}), frozenset({"assessment", "tpp", "notification"}))


class PeriodeEvent(Event):
    """Common to all: keyed by the month, so that one month's events keep their order."""

    TOPIC: ClassVar[Topic] = PERIODE
    KEY: ClassVar[str] = "periode"

    periode: Period


class PeriodeOpened(PeriodeEvent):
    """Realisasi of this month are accepted from now on."""

    TYPE: ClassVar[str] = "id.ekinerja.periode.opened"


class PeriodeSubmissionClosed(PeriodeEvent):
    """Employees can no longer submit; atasan may still rate."""

    TYPE: ClassVar[str] = "id.ekinerja.periode.submission-closed"


class PeriodeRoster(PeriodeEvent):
    """A part of the people of the closing month: who must be rated and paid, at which version of the person.

    The topic of people is compacted and cannot be counted, so the closing names every person instead.
    """

    TYPE: ClassVar[str] = "id.ekinerja.periode.roster"

    bagian: int = Field(ge=1)
    dari: int = Field(ge=1)
    pegawai: tuple[tuple[UUID, int], ...]


class PeriodeClosed(PeriodeEvent):
    """The month is closed. A consumer finalises when it has applied exactly what the manifest counts."""

    TYPE: ClassVar[str] = "id.ekinerja.periode.closed"

    jumlah_pegawai: int = Field(ge=0)
    manifest: Manifest


class PeriodeReopened(PeriodeEvent):
    """The month accepts submissions again; a later closing carries a new manifest."""

    TYPE: ClassVar[str] = "id.ekinerja.periode.reopened"

    alasan: str
