"""P6: one worker and two, as they compute a period run, apply events, and publish (relays).

Two installations stand side by side, one with a worker more, real processes over real Kafka; their rounds
alternate. Each comparison is made twice:

- **terbatas**: each worker gets a small share of a core, as in a container with a quota, so that workers
  are what there is too little of. This is what a second one brings where it has a core of its own.
- **penuh**: nobody is held back. PostgreSQL, Kafka and the other half of the pipeline then want the same
  cores; from the CPU seconds that all used with one worker follows the most that a second could bring on
  this machine, whatever it does (`batas_mesin`).
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time
from typing import Any

from shared.contracts.penilaian import PENILAIAN, PenilaianFinalised
from shared.contracts.tpp import TPP, TPP_BAGIAN, TppCalculated
from shared.db.tx import SHARDS, shard_of
from shared.ids import uuid7
from shared.money import Rupiah
from shared.period import Period
from shared.testing.feed import Recorded
from tests.beban import detik_cpu, detik_mesin, dibatasi
from tests.chaos.r09_rebuild import terbitkan
from tests.measure import Context
from tests.para_pekerja import PERIODE, Bulan, bulan

ROUNDS = 5
_KEPENUHAN = 0.6
"""So much of the machine all parts together use while two workers are held back."""
_EVENT_SEORANG = 2
"""So many events for each person wait for consumers and for relays: they are fast."""
_KEDEKATAN = 0.9
"""A full machine counts as used well from here on."""
_ASING = "di_luar_pengukuran"
_KUNCI_SHARD = 0x6F73
_DITERAPKAN = (
    "SELECT coalesce(sum(count), 0)::integer AS n FROM kernel.tally WHERE topic = $1 AND periode = ANY ($2)"
)
_SHARD_TIAP_RELAY = """
SELECT count(*)::integer AS n FROM pg_locks
WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid::bigint = $1
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
GROUP BY pid
"""

Putaran = Callable[[Bulan, AbstractContextManager[None]], Awaitable[None]]
"""One round in one installation; what counts of it happens inside the given block."""


@dataclass(frozen=True, slots=True)
class _Sisi:
    """An installation, and which of its processes are what is compared."""

    here: Bulan
    pekerja: tuple[str, ...]

    def pids(self, names: Sequence[str]) -> list[int]:
        return [self.here.proses[name].pid for name in names]


async def run(context: Context) -> list[dict[str, Any]]:
    """20.000 people (full: 100.000), five rounds of each."""
    return await banding(context, 20_000 if context.small else 100_000)


async def banding(context: Context, people: int) -> list[dict[str, Any]]:
    """All comparisons with so many people."""
    rows: list[dict[str, Any]] = []
    async with (
        bulan(context.platform, people, context.seed) as one,
        bulan(context.platform, people, context.seed) as two,
    ):
        for here, workers in ((one, 1), (two, 2)):
            here.nyalakan("relay0", "relay")
            for number in range(workers):
                here.nyalakan(f"pekerja{number}", "consumer", "jobs")
            await _semua_ikut(here, workers)
        pair = (_Sisi(one, ("pekerja0",)), _Sisi(two, ("pekerja0", "pekerja1")))
        found = await _bandingkan(context, pair, _hitung)
        found["bagian_tiap_pekerja"] = [
            row["bagian"]
            for row in await two.baris(
                "SELECT pekerja, count(*)::integer AS bagian FROM perhitungan_bagian"
                " WHERE nomor = (SELECT max(nomor) FROM perhitungan) GROUP BY pekerja ORDER BY 2"
            )
        ]
        rows += _baris("perhitungan", "pekerja", found, people)

        consuming = await _fakta(context, one)
        found = await _bandingkan(context, pair, consuming)
        rows += _baris("konsumen", "konsumen", found, people)
        rows += [await _partisi("bagian perhitungan", TPP_BAGIAN.name, two)]
        rows += [await _partisi("event pegawai", PENILAIAN.name, two)]

        two.nyalakan("relay1", "relay")
        for here, relays in ((one, 1), (two, 2)):
            await _shard_terbagi(here, relays)
        relays_sides = (_Sisi(one, ("relay0",)), _Sisi(two, ("relay0", "relay1")))
        found = await _bandingkan(context, relays_sides, _antrean(_EVENT_SEORANG * people))
        rows += _baris("relay", "relay", found, people)
    return rows


async def _bandingkan(context: Context, sides: tuple[_Sisi, _Sisi], once: Putaran) -> dict[str, Any]:
    """Rounds on a full machine, then with the compared processes held back; seconds and CPU of each."""
    full, cpu = await _putaran(context, sides, once, None)
    # Whatever else runs on the machine takes its part of the cores.
    ours = {name: value for name, value in cpu[0].items() if name != _ASING}
    cores = max(1.0, _inti() - cpu[0][_ASING] / median(full[0]))
    # With two at this share, everything that hangs on their work uses this much of what is left.
    share = _KEPENUHAN * cores * ours["yang_dibandingkan"] / sum(ours.values()) / 2
    limited, _ = await _putaran(context, sides, once, share)
    ideal = max(median(full[0]) / 2, sum(ours.values()) / cores)
    return {
        "terbatas": median(a / b for a, b in zip(*limited, strict=True)),
        "penuh": median(a / b for a, b in zip(*full, strict=True)),
        "batas_mesin": median(full[0]) / ideal,
        "inti_bagi_kita": round(cores, 2),
        "jatah_inti": round(share, 3),
        "detik_terbatas": [[round(value, 2) for value in side] for side in limited],
        "detik_penuh": [[round(value, 2) for value in side] for side in full],
        "detik_cpu_penuh": [{name: round(value, 2) for name, value in one.items()} for one in cpu],
    }


async def _putaran(
    context: Context, sides: tuple[_Sisi, _Sisi], once: Putaran, share: float | None
) -> tuple[list[list[float]], list[dict[str, float]]]:
    seconds: list[list[float]] = [[], []]
    used: list[list[dict[str, float]]] = [[], []]
    pids = [pid for side in sides for pid in side.pids(side.pekerja)]
    with dibatasi(pids, share) if share else nullcontext():
        for _ in range(ROUNDS):
            for number, side in enumerate(sides):
                await once(side.here, _diukur(context, side, seconds[number], used[number]))
    return seconds, [{name: median(one[name] for one in found) for name in found[0]} for found in used]


@contextmanager
def _diukur(
    context: Context, side: _Sisi, seconds: list[float], used: list[dict[str, float]]
) -> Iterator[None]:
    before, own, busy, began = _cpu(context, side), process_time(), detik_mesin(), perf_counter()
    yield
    seconds.append(perf_counter() - began)
    own, busy = process_time() - own, detik_mesin() - busy
    found = {name: value - before[name] for name, value in _cpu(context, side).items()}
    found["pengukur"] = own
    used.append({**found, _ASING: max(0.0, busy - sum(found.values()))})


def _cpu(context: Context, side: _Sisi) -> dict[str, float]:
    names = {
        **{name: process.pid for name, process in side.here.proses.items()},
        **{name: part.pid for name, part in context.platform.running().items()},
    }
    found = detik_cpu(names)
    compared = sum(found.pop(name) for name in side.pekerja)
    others = sum(found.pop(name) for name in list(found) if name in side.here.proses)
    return {"yang_dibandingkan": compared, "proses_lain": others, **found}


def _inti() -> int:
    return len(os.sched_getaffinity(0))


def _baris(name: str, what: str, found: dict[str, Any], people: int) -> list[dict[str, Any]]:
    gain, full, most = (round(found.pop(key), 2) for key in ("terbatas", "penuh", "batas_mesin"))
    detail = {"pegawai": people, **found}
    return [
        {
            "id": f"P6-{name}",
            "value": gain,
            "unit": f"x lebih cepat dengan {what} kedua, masing-masing {found['jatah_inti']} inti",
            "goal": ">= 1.7",
            "holds": gain >= 1.7,
            "detail": detail,
        },
        {
            "id": f"P6-{name}-penuh",
            "value": full,
            "unit": f"x dengan {what} kedua, mesin dipakai penuh",
            "goal": f">= 1.7, atau {_KEDEKATAN} x batas mesin ({most})",
            "holds": full >= min(1.7, _KEDEKATAN * most),
            "detail": {"batas_mesin": most, **detail},
        },
    ]


async def _partisi(what: str, topic: str, here: Bulan) -> dict[str, Any]:
    rows = await here.baris(
        "SELECT partition, sum(count)::integer AS n FROM kernel.tally WHERE topic = $1 GROUP BY 1 ORDER BY 1",
        topic,
    )
    counts = [row["n"] for row in rows]
    hottest = max(counts) * len(counts) / sum(counts)
    return {
        "id": f"P6-partisi {what}",
        "value": round(hottest, 2),
        "unit": "x rata-rata, partisi terpanas",
        "goal": "<= 1.5",
        "holds": hottest <= 1.5,
        "detail": {"event_tiap_partisi": counts},
    }


async def _semua_ikut(here: Bulan, workers: int) -> None:
    """Everyone has a share of the partitions: a first run, again until all took part."""
    for _ in range(20):
        await _hitung(here, nullcontext())
        done = await here.status()
        if done.pekerja == workers:
            assert done.dihitung > done.ditahan, done
            return
    raise RuntimeError(f"tidak semua dari {workers} pekerja ikut")


async def _hitung(here: Bulan, ukur: AbstractContextManager[None]) -> None:
    """One run of everyone from nothing, until the last part is committed; the relay then catches up."""
    async with here.database.pool.acquire() as conn:
        await conn.execute("DELETE FROM tpp_bulan WHERE periode = $1", str(PERIODE))
        await conn.execute("DELETE FROM tpp_riwayat WHERE periode = $1", str(PERIODE))
    with ukur:
        await here.mulai()
        await here.sampai()
    await _terbit(here)


async def _fakta(context: Context, here: Bulan) -> Putaran:
    """A round of final ratings of everyone, for some months that are later than those of the round before."""
    ids = [row["pegawai_id"] for row in await here.baris("SELECT pegawai_id FROM pegawai")]
    told: dict[int, int] = {}

    async def once(side: Bulan, ukur: AbstractContextManager[None]) -> None:
        before = told.get(id(side), 0)
        told[id(side)] = before + _EVENT_SEORANG
        months = [PERIODE.plus(before + number) for number in range(1, _EVENT_SEORANG + 1)]
        facts = [
            Recorded.of(
                PenilaianFinalised(
                    version=1, pegawai_id=who, periode=month, skp_disetujui=True, predikat=2, alasan=()
                )
            )
            for month in months
            for who in ids
        ]
        async with side.admin() as conn, conn.transaction():
            # Whoever has a batch already waits with it until all events are there.
            await conn.execute("LOCK TABLE kernel.inbox IN ACCESS EXCLUSIVE MODE")
            await terbitkan(context.platform.kafka_admin, side.settings.namespace, facts)
        with ukur:
            while await _diterapkan(side, months) < len(facts):
                await asyncio.sleep(0.02)

    return once


async def _diterapkan(here: Bulan, months: Sequence[Period]) -> int:
    (row,) = await here.baris(_DITERAPKAN, PENILAIAN.name, [str(month) for month in months])
    return int(row["n"])


def _antrean(count: int) -> Putaran:
    """A round of so many events that are there all at once, until the last is published."""

    async def once(side: Bulan, ukur: AbstractContextManager[None]) -> None:
        rows = []
        for _ in range(count):
            who = uuid7()
            event = TppCalculated(
                version=1,
                pegawai_id=who,
                periode=PERIODE,
                bruto=Rupiah(5_000_000),
                potongan=Rupiah(400_000),
                neto=Rupiah(4_600_000),
            )
            key = event.key
            rows.append(
                (uuid7(), TPP.name, key, 1, event.TYPE, str(PERIODE), event.model_dump_json(), shard_of(key))
            )
        async with side.admin() as conn, conn.transaction():
            await conn.copy_records_to_table(
                "outbox",
                schema_name="kernel",
                columns="id aggregatetype aggregateid version type periode payload shard".split(),
                records=rows,
            )
            await conn.execute("SELECT pg_notify('kernel_outbox', '')")
        with ukur:
            await _terbit(side)

    return once


async def _terbit(here: Bulan) -> None:
    while await here.baris("SELECT 1 FROM kernel.outbox WHERE published_at IS NULL LIMIT 1"):
        await asyncio.sleep(0.02)


async def _shard_terbagi(here: Bulan, relays: int) -> None:
    """Every relay holds its part of the shards."""
    while [row["n"] for row in await here.baris(_SHARD_TIAP_RELAY, _KUNCI_SHARD)] != [
        SHARDS // relays
    ] * relays:
        await asyncio.sleep(0.1)
