"""The one place that knows every topic, its types, its key, who writes and who reads it."""

from shared.contracts.base import Event, Topic
from shared.contracts.colek import COLEK, ColekSent
from shared.contracts.keamanan import KEAMANAN, FaktorChanged, SesiEnded
from shared.contracts.kehadiran import KEHADIRAN, KehadiranRecorded, KehadiranWithdrawn
from shared.contracts.payroll import PAYROLL, BatchApproved, BatchCancelled, ItemFailed, ItemPaid, ItemPayable
from shared.contracts.pegawai import AKUN, KONTAK, PEGAWAI, AkunChanged, KontakChanged, PegawaiChanged
from shared.contracts.penilaian import PENILAIAN, PenilaianFinalised, PenilaianPeriodFinalised, PredikatSet
from shared.contracts.periode import (
    PERIODE,
    PeriodeClosed,
    PeriodeOpened,
    PeriodeReopened,
    PeriodeRoster,
    PeriodeSubmissionClosed,
)
from shared.contracts.skp import REALISASI, SKP, RealisasiSubmitted, SkpApproved, SkpReturned, SkpSubmitted
from shared.contracts.tpp import (
    TPP,
    TPP_BAGIAN,
    TppCalculated,
    TppCorrected,
    TppHeld,
    TppKeberatanDecided,
    TppPaid,
    TppPaymentFailed,
    TppRunPart,
)

TOPICS: tuple[Topic, ...] = (
    *(PEGAWAI, KONTAK, AKUN, KEAMANAN, PERIODE, SKP, REALISASI),
    *(PENILAIAN, TPP, TPP_BAGIAN, PAYROLL, COLEK, KEHADIRAN),
)

EVENTS: tuple[type[Event], ...] = (
    PegawaiChanged,
    KontakChanged,
    AkunChanged,
    SesiEnded,
    FaktorChanged,
    PeriodeOpened,
    PeriodeSubmissionClosed,
    PeriodeRoster,
    PeriodeClosed,
    PeriodeReopened,
    SkpSubmitted,
    SkpApproved,
    SkpReturned,
    RealisasiSubmitted,
    PredikatSet,
    PenilaianFinalised,
    PenilaianPeriodFinalised,
    TppCalculated,
    TppHeld,
    TppCorrected,
    TppKeberatanDecided,
    TppPaid,
    TppPaymentFailed,
    TppRunPart,
    BatchApproved,
    BatchCancelled,
    ItemPayable,
    ItemPaid,
    ItemFailed,
    ColekSent,
    KehadiranRecorded,
    KehadiranWithdrawn,
)

IN_TURN = frozenset(topic.name for topic in TOPICS if topic.in_turn)

BY_TYPE: dict[str, type[Event]] = {event.TYPE: event for event in EVENTS}

OUTSIDE: tuple[str, ...] = ("payroll", "presensi")
"""Kafka users of systems that are not ours: the payroll, and whatever records attendance."""

PRINCIPALS: tuple[str, ...] = ("skp", "assessment", "tpp", "notification", *OUTSIDE)
"""Every Kafka user besides the administrator."""

PARTITIONS = 12
"""Enough for 12 workers of one service; the key (a person) spreads evenly."""

_ROOT = "ekinerja"


def topic_name(logical: str, namespace: str = _ROOT) -> str:
    """The name on the broker: the leading `ekinerja` is replaced by the installation's namespace."""
    return namespace + logical.removeprefix(_ROOT)


def group_name(principal: str, namespace: str = _ROOT) -> str:
    """The consumer group of a service."""
    return f"{namespace}.{principal}"
