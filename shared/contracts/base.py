"""What every event is: a frozen fact with a type, a topic, a key and the month it belongs to."""

from dataclasses import dataclass
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from shared.period import Period

TYPE_PREFIX = "id.ekinerja."


@dataclass(frozen=True, slots=True)
class Topic:
    """A Kafka topic and who may use it. Principals are service names, or an outside system's name.

    `in_turn`: its events keep no order, and the relay gives them to the partitions in turn. For few and heavy
    ones, which keys would spread by chance: with a hundred of them one worker of two may get three fifths.
    """

    name: str
    producers: frozenset[str]
    consumers: frozenset[str]
    compacted: bool = False
    in_turn: bool = False


class Event(BaseModel):
    """Base of all payloads. Unknown fields are ignored, so that additions never break a reader."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    TYPE: ClassVar[str]
    TOPIC: ClassVar[Topic]
    KEY: ClassVar[str]
    """Name of the field that is the Kafka key: it decides partition and order."""

    version: int = Field(ge=1, description="Versi agregat; keadaan lama tidak boleh menimpa yang baru")

    @property
    def key(self) -> str:
        """The aggregate id as text."""
        return str(getattr(self, self.KEY))

    @property
    def stamped_period(self) -> Period | None:
        """The month this fact is counted in by period manifests, if any."""
        period = getattr(self, "periode", None)
        return period if isinstance(period, Period) else None


class TopicCount(BaseModel):
    """How many distinct events of one period a topic carries, and the XOR of the low 64 bits of their ids."""

    model_config = ConfigDict(frozen=True)

    topic: str
    count: int = Field(ge=0)
    xor: str = Field(pattern=r"^[0-9a-f]{16}$", description="XOR 64 bit terbawah id event, heksadesimal")


class Closing(BaseModel):
    """One closing of a month; `version` tells it from a later closing of the same month."""

    model_config = ConfigDict(frozen=True)

    periode: Period
    version: int = Field(ge=1)


class Manifest(BaseModel):
    """What a consumer must have applied before it may finalise the period."""

    model_config = ConfigDict(frozen=True)

    topics: tuple[TopicCount, ...]
    since: Period | None = Field(
        default=None, description="Bulan pertama yang ikut dihitung; kosong: hanya bulan event ini"
    )
    after: Closing | None = Field(
        default=None, description="Penutupan sebelumnya, yang harus tuntas lebih dahulu"
    )
