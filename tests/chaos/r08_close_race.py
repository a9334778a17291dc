"""R8: submissions and ratings race the closing of a month, and facts arrive in the worst order.

Each round reopens the month, sends realisasi from 64 callers while the month is being closed, and ratings
while assessment hears of the closing. The closing is delivered before everything it counts, that partition by
partition, in small batches. Counted as faults: a submission neither frozen everywhere nor refused with a
reason; a rating accepted and not in the result, or in it and not accepted; a service that is final too early.
"""

import asyncio
import importlib
import json
import random
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2

from deploy.demo import berkas, pemda
from services.skp.akun.commands import buat_admin
from shared.auth.guard import Peranan, Principal
from shared.auth.token import Signer, ensure_keys
from shared.contracts.penilaian import PenilaianFinalised, PenilaianPeriodFinalised
from shared.contracts.periode import PeriodeClosed, PeriodeReopened
from shared.db import Database
from shared.period import Period
from shared.runtime.health import Health
from shared.runtime.host import open_api
from shared.runtime.service import Service
from shared.testing.feed import Feed, Recorded, recorded
from tests import conftest
from tests.measure import Context

NAMES = ("skp", "assessment", "tpp")
CALLERS = 64
PEOPLE = 24
BATCH = 60
NEWEST = 1_000
"""A token generation that no change of roles in this test reaches."""
ADMIN_NIP = "197001012000011001"


@dataclass
class Bagian:
    """One service of the race: its API, database and inbox."""

    service: Service
    database: Database
    client: httpx2.AsyncClient
    inbox: Feed

    async def rows(self, sql: str, *args: Any) -> list[Any]:
        async with self.database.pool.acquire() as conn:
            return list(await conn.fetch(sql, *args))


@dataclass
class Dunia:
    """Three services and what was told to whom so far."""

    bagian: dict[str, Bagian]
    signer: Signer
    periode: Period
    admin: UUID = field(default=UUID(int=0))
    told: dict[str, set[UUID]] = field(default_factory=lambda: {"assessment": set(), "tpp": set()})
    faults: list[str] = field(default_factory=list)
    ratings: dict[UUID, int] = field(default_factory=dict)
    """The newest accepted rating of each person: the predikat it gave."""

    def headers(self, who: UUID, *peran: str) -> dict[str, str]:
        token, _ = self.signer.issue(
            Principal(who, ADMIN_NIP, tuple(Peranan(each) for each in peran), NEWEST)
        )
        return {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}

    async def post(self, service: str, path: str, who: UUID, *peran: str, **body: Any) -> httpx2.Response:
        client = self.bagian[service].client
        return await client.post(path, headers=self.headers(who, *peran), **body)

    async def must(self, service: str, path: str, who: UUID, *peran: str, **body: Any) -> Any:
        answer = await self.post(service, path, who, *peran, **body)
        if answer.status_code >= 300:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.text[:300]}")
        return answer.json()

    async def news(self, consumer: str) -> list[Recorded]:
        """What the others recorded and this consumer was not told yet."""
        hears = self.bagian[consumer].inbox.inbox.hearing.topics
        found = [
            one
            for name in NAMES
            if name != consumer
            for one in await recorded(self.bagian[name].database)
            if one.id not in self.told[consumer] and one.topic in hears
        ]
        self.told[consumer] |= {one.id for one in found}
        return found


@asynccontextmanager
async def _dunia(context: Context) -> AsyncIterator[Dunia]:
    made: list[str] = []
    space = f"r08-{uuid4().hex[:8]}"
    with tempfile.TemporaryDirectory(prefix="ekinerja-r08-") as folder:
        ensure_keys(Path(folder) / "keys")
        try:
            async with AsyncExitStack() as stack:
                bagian = {}
                for name in NAMES:
                    database = f"{name}_{space.replace('-', '_')}"
                    made.append(database)
                    await conftest._create(context.platform, name, database, migrated=True)
                    settings = conftest._settings(context.platform, name, database, Path(folder), space)
                    service: Service = importlib.import_module(f"services.{name}.app").build(settings)
                    app = await stack.enter_async_context(open_api(service, Health()))
                    transport = httpx2.ASGITransport(app=app)
                    client = await stack.enter_async_context(
                        httpx2.AsyncClient(transport=transport, base_url="http://r08", timeout=60)
                    )
                    inbox = Feed(name, app.state.database, service.subscriptions, service.barriers)
                    bagian[name] = Bagian(service, app.state.database, client, inbox)
                (row,) = await bagian["skp"].rows("SELECT now()::date AS hari")
                yield Dunia(bagian, Signer(Path(folder) / "keys"), Period.of(row["hari"]).plus(-1))
        finally:
            await conftest._drop(context.platform, made)


@dataclass(frozen=True)
class Pengirim:
    """An employee with an agreed SKP, and who rates them (None: admin BKD)."""

    pegawai_id: UUID
    atasan_id: UUID | None
    skp_id: str
    rhk_id: str


async def _mulai(dunia: Dunia, seed: int) -> list[Pengirim]:
    """People from spreadsheets, the month opened, everyone's SKP agreed, all of it told to everyone."""
    await buat_admin(dunia.bagian["skp"].database, ADMIN_NIP, "Admin BKD")
    (row,) = await dunia.bagian["skp"].rows("SELECT pegawai_id FROM pegawai")
    dunia.admin = row["pegawai_id"]
    contoh = pemda.bangun(pegawai=PEOPLE, opd=3, seed=seed, periode=str(dunia.periode))
    await dunia.must(
        "skp",
        "/api/skp/impor/organisasi?berkas=r08.xlsx&lewati_salah=true",
        dunia.admin,
        "admin_bkd",
        content=berkas.organisasi(contoh),
    )
    await dunia.must(
        "skp", "/api/skp/periode", dunia.admin, "admin_bkd", json={"periode": str(dunia.periode)}
    )
    people = await dunia.bagian["skp"].rows(
        "SELECT DISTINCT ON (pegawai_id) pegawai_id, atasan_id FROM segmen WHERE berlaku_mulai <= $1"
        " ORDER BY pegawai_id, berlaku_mulai DESC",
        dunia.periode.last_day,
    )
    today = await dunia.bagian["skp"].rows(
        "SELECT DISTINCT ON (pegawai_id) pegawai_id, atasan_id FROM segmen WHERE berlaku_mulai <= now()::date"
        " ORDER BY pegawai_id, berlaku_mulai DESC"
    )
    decides = {row["pegawai_id"]: row["atasan_id"] for row in today}
    pengirim = []
    for row in people:
        who = row["pegawai_id"]
        body = {
            "tahun": dunia.periode.year,
            "rhk": [
                {
                    "rencana": "Layanan terselesaikan tepat waktu",
                    "rhk_atasan_id": None,
                    "indikator": [{"aspek": "kuantitas", "iki": "Jumlah layanan", "target": "12 layanan"}],
                }
            ],
        }
        plan = await dunia.must("skp", "/api/skp/skp", who, json=body)
        await dunia.must("skp", f"/api/skp/skp/{plan['skp_id']}/ajukan", who)
        atasan, peran = (decides[who], ()) if decides[who] else (dunia.admin, ("admin_bkd",))
        await dunia.must("skp", f"/api/skp/skp/{plan['skp_id']}/setujui", atasan, *peran)
        (rhk,) = await dunia.bagian["skp"].rows("SELECT rhk_id FROM rhk_berlaku WHERE pegawai_id = $1", who)
        pengirim.append(Pengirim(who, row["atasan_id"], plan["skp_id"], str(rhk["rhk_id"])))
    for consumer in ("assessment", "tpp"):
        await dunia.bagian[consumer].inbox.deliver(await dunia.news(consumer))
    return pengirim


async def run(context: Context) -> list[dict[str, Any]]:
    """20 rounds of 2.000 submissions; small: 3 rounds of 240."""
    rounds, submits = (3, 240) if context.small else (20, 2_000)
    counts = {"diterima": 0, "ditolak": 0, "nilai_diterima": 0, "nilai_ditolak": 0}
    async with _dunia(context) as dunia:
        pengirim = await _mulai(dunia, context.seed)
        for number in range(rounds):
            chance = random.Random(context.seed * 1000 + number)
            if number:
                await _buka_kembali(dunia)
            await _kirim_sambil_menutup(dunia, pengirim, submits, chance, counts)
            await _sampaikan(dunia, pengirim, chance, counts)
        if not (counts["diterima"] and counts["ditolak"]):
            dunia.faults.append(f"tidak ada lomba: {counts}")
        return [
            {
                "id": "R8",
                "value": len(dunia.faults),
                "unit": "pelanggaran",
                "goal": 0,
                "holds": not dunia.faults,
                "detail": {"putaran": rounds, "kiriman": submits, **counts, "contoh": dunia.faults[:10]},
            }
        ]


async def _buka_kembali(dunia: Dunia) -> None:
    url = f"/api/skp/periode/{dunia.periode}/buka-kembali"
    await dunia.must("skp", url, dunia.admin, "admin_bkd", json={"alasan": "Lomba penutupan berikutnya"})
    told = await recorded(dunia.bagian["skp"].database)
    reopened = [one for one in told if one.type == PeriodeReopened.TYPE]
    for consumer in ("assessment", "tpp"):
        fresh = [one for one in reopened if one.id not in dunia.told[consumer]]
        dunia.told[consumer] |= {one.id for one in fresh}
        await dunia.bagian[consumer].inbox.deliver(fresh)


async def _kirim_sambil_menutup(
    dunia: Dunia, pengirim: list[Pengirim], submits: int, chance: random.Random, counts: dict[str, int]
) -> None:
    """Submissions from many callers, the closing somewhere among them."""
    gate = asyncio.Semaphore(CALLERS)
    before = {row["realisasi_id"] for row in await _realisasi(dunia, "skp")}
    accepted: set[UUID] = set()

    async def submit(number: int) -> None:
        who = pengirim[number % len(pengirim)]
        body = {
            "skp_id": who.skp_id,
            "rhk_id": who.rhk_id,
            "periode": str(dunia.periode),
            "tanggal": str(date(dunia.periode.year, dunia.periode.month, 1 + number % 28)),
            "uraian": f"Kiriman ke-{number}",
            "jumlah": "1",
            "satuan": "layanan",
        }
        async with gate:
            answer = await dunia.post("skp", "/api/skp/realisasi", who.pegawai_id, json=body)
        if answer.status_code == 201:
            accepted.add(UUID(answer.json()["realisasi_id"]))
        elif answer.status_code == 409 and "sudah ditutup" in answer.json()["detail"]:
            counts["ditolak"] += 1
        else:
            dunia.faults.append(f"kiriman dijawab {answer.status_code}: {answer.text[:200]}")

    async def close() -> None:
        async with gate:
            await dunia.must("skp", f"/api/skp/periode/{dunia.periode}/tutup", dunia.admin, "admin_bkd")

    work = [submit(number) for number in range(submits)]
    work.insert(chance.randrange(submits // 3, 2 * submits // 3), close())
    await asyncio.gather(*work)
    counts["diterima"] += len(accepted)
    stored = {row["realisasi_id"] for row in await _realisasi(dunia, "skp")} - before
    if stored != accepted:
        dunia.faults.append(f"skp menyimpan {len(stored)} kiriman, menjawab diterima {len(accepted)}")


async def _sampaikan(
    dunia: Dunia, pengirim: list[Pengirim], chance: random.Random, counts: dict[str, int]
) -> None:
    """The closing first, then everything else by partition; ratings meanwhile; then the results to tpp."""
    news = await dunia.news("assessment")
    closed = PeriodeClosed.model_validate_json(
        next(one for one in news if one.type == PeriodeClosed.TYPE).payload
    )
    stopped = counts["nilai_diterima"] + chance.randrange(1, len(pengirim))
    rated = asyncio.create_task(_nilai(dunia, pengirim, chance, counts))
    while counts["nilai_diterima"] < stopped and not rated.done():
        await asyncio.sleep(0.001)
    await _terburuk(dunia, "assessment", news, PeriodeClosed.TYPE, closed.version, chance)
    await rated
    await _periksa_hasil(dunia, closed)
    await _terburuk(
        dunia, "tpp", await dunia.news("tpp"), PenilaianPeriodFinalised.TYPE, closed.version, chance
    )
    if await _penilaian_tpp(dunia) != await _penilaian(dunia):
        dunia.faults.append(f"tpp menyimpan hasil lain daripada assessment pada versi {closed.version}")


async def _terburuk(
    dunia: Dunia, consumer: str, news: list[Recorded], first: str, version: int, chance: random.Random
) -> None:
    """What finalises comes first, what it counts follows by partition; after each batch, is it too early?"""
    inbox = dunia.bagian[consumer].inbox
    final = next(one for one in news if one.type == first)
    counted = {entry["topic"] for entry in json.loads(final.payload)["manifest"]["topics"]}
    partitions: dict[tuple[str, int], list[Recorded]] = {}
    for one in news:
        if one is not final and one.topic in counted:
            partitions.setdefault((one.topic, inbox.record(one).partition), []).append(one)
    order = list(partitions)
    chance.shuffle(order)
    rest = [one for place in order for one in partitions[place]]
    batches = [[final], [one for one in news if one is not final and one.topic not in counted]]
    batches += [rest[start : start + BATCH] for start in range(0, len(rest), BATCH)]
    for number, batch in enumerate(batches):
        await inbox.deliver(batch)
        await inbox.settle_barriers()
        # Ratings in flight get their turn.
        await asyncio.sleep(0)
        # With nothing to count (a round that changed no rating) the first batch is already everything.
        if rest and number < len(batches) - 1 and await _final(dunia, consumer, version):
            dunia.faults.append(f"{consumer} menuntaskan versi {version} terlalu dini")
            return
    if not await _final(dunia, consumer, version):
        dunia.faults.append(f"{consumer} tidak menuntaskan versi {version}")


async def _final(dunia: Dunia, consumer: str, version: int) -> bool:
    sql = {
        "assessment": "SELECT version FROM periode_final WHERE periode = $1",
        "tpp": "SELECT final_version AS version FROM periode WHERE periode = $1",
    }[consumer]
    rows = await dunia.bagian[consumer].rows(sql, str(dunia.periode))
    return bool(rows) and rows[0]["version"] == version


async def _nilai(
    dunia: Dunia, pengirim: list[Pengirim], chance: random.Random, counts: dict[str, int]
) -> None:
    """Everybody rates, in any order, until the closing stops them."""

    async def one(who: Pengirim, hasil: int) -> None:
        oleh, peran = (who.atasan_id, ()) if who.atasan_id else (dunia.admin, ("admin_bkd",))
        answer = await dunia.post(
            "assessment",
            f"/api/penilaian/{dunia.periode}/pegawai/{who.pegawai_id}",
            oleh,
            *peran,
            json={"hasil_kerja": hasil, "perilaku": 2},
        )
        if answer.status_code == 200:
            counts["nilai_diterima"] += 1
            dunia.ratings[who.pegawai_id] = answer.json()["predikat"]
        elif answer.status_code == 409 and "sudah ditutup" in answer.json()["detail"]:
            counts["nilai_ditolak"] += 1
        else:
            dunia.faults.append(f"penilaian dijawab {answer.status_code}: {answer.text[:200]}")

    for who in chance.sample(pengirim, len(pengirim)):
        await one(who, chance.choice((1, 2, 3)))


async def _periksa_hasil(dunia: Dunia, closed: PeriodeClosed) -> None:
    """assessment froze exactly what skp accepted, and its results are exactly the accepted ratings."""
    here, there = [
        {row["realisasi_id"] for row in await _realisasi(dunia, name)} for name in ("assessment", "skp")
    ]
    if here != there:
        dunia.faults.append(f"assessment membekukan {len(here)} kiriman, skp {len(there)}")
    results = await _penilaian(dunia)
    if len(results) != closed.jumlah_pegawai:
        dunia.faults.append(f"{len(results)} hasil untuk {closed.jumlah_pegawai} pegawai")
    for pegawai_id, (predikat, held) in results.items():
        if predikat != dunia.ratings.get(pegawai_id) or held == (predikat is not None):
            dunia.faults.append(
                f"pegawai {pegawai_id}: hasil {predikat}, diterima {dunia.ratings.get(pegawai_id)}"
            )


async def _realisasi(dunia: Dunia, name: str) -> list[Any]:
    return await dunia.bagian[name].rows(
        "SELECT realisasi_id FROM realisasi WHERE periode = $1", str(dunia.periode)
    )


async def _penilaian(dunia: Dunia) -> dict[UUID, tuple[int | None, bool]]:
    """The newest result of each person as assessment published it: predikat, and whether it is held."""
    found: dict[UUID, tuple[int | None, bool]] = {}
    for one in await recorded(dunia.bagian["assessment"].database):
        if one.type == PenilaianFinalised.TYPE:
            event = PenilaianFinalised.model_validate_json(one.payload)
            found[event.pegawai_id] = (event.predikat, bool(event.alasan))
    return found


async def _penilaian_tpp(dunia: Dunia) -> dict[UUID, tuple[int | None, bool]]:
    rows = await dunia.bagian["tpp"].rows(
        "SELECT pegawai_id, predikat, alasan FROM penilaian WHERE periode = $1 AND version > 0",
        str(dunia.periode),
    )
    return {row["pegawai_id"]: (row["predikat"], row["alasan"] != []) for row in rows}
