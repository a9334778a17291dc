"""R4: every fact one to five times, in any order, in batches of any size: everyone's rupiah stays the same.

What tpp hears of a month with moves, changed ratings and a reopening goes straight into the inbox that
Kafka feeds, shuffled by hypothesis; the month is computed, locked, and payroll's answers come shuffled too.
"""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import date
from random import Random
from typing import Any

import asyncpg
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from services.tpp.app import build
from shared.auth.token import ensure_keys
from shared.contracts.payroll import ItemPayable
from shared.contracts.tpp import TppPaid
from shared.runtime.migrations import migrate_service
from shared.settings import ServiceSettings
from shared.testing.feed import Feed, Recorded
from tests.chaos.r09_rebuild import sidik_tpp
from tests.component.layanan import buka
from tests.component.tpp.dunia import (
    ANI,
    BUDI,
    CICI,
    DEDI,
    EKA,
    ORANG,
    Dunia,
    dibayar,
    dibuka,
    dibuka_kembali,
    dinilai,
    final,
    gagal,
    kontak,
    pegawai,
    penutupan,
    predikat_sementara,
    segmen,
)
from tests.measure import Context
from tests.rig import make_database

# Deleting, not TRUNCATE: that makes new files each time, and thousands of them delay the next checkpoint.
KOSONGKAN = ";".join(
    f"DELETE FROM {table}"
    for table in (
        "pegawai nama penempatan penilaian periode roster perhitungan_bagian perhitungan tpp_bulan"
        " tpp_riwayat rapel_dibawa koreksi_selesai koreksi_tertahan koreksi koreksi_antrean"
        " penetapan_tanggapan"
        " tpp_sementara penetapan_riwayat pembayaran pembayaran_batal pembatalan jawaban_payroll"
        " kelompok_bayar penetapan kernel.inbox kernel.tally kernel.barrier"
        " kernel.outbox kernel.idempotency kernel.audit_seal kernel.audit"
    ).split()
)
"""Forgets everything of tpp that follows from events and decisions."""


async def run(context: Context) -> list[dict[str, Any]]:
    """500 examples (full: 20.000)."""
    database = await make_database(context.platform, "tpp", "ukur-r04")
    await migrate_service(build(database))
    ensure_keys(database.keys)
    return [await kekacauan(database, examples=500 if context.small else 20_000, chosen=context.seed)]


def bulan() -> list[Recorded]:
    """A month as it happened: people move, ratings change, it closes, is reopened, and closes again."""
    facts = [pegawai(who) for who in ORANG]
    facts += [kontak(who, f"Orang {version}", version) for version in (1, 2, 3) for who in ORANG[:4]]
    facts += [
        dibuka(1),
        pegawai(ANI, segmen(ANI), segmen(ANI, mulai=date(2026, 10, 12), opd="DINKES", kelas=9), version=2),
        pegawai(BUDI, segmen(BUDI, plt=11), version=2),
        pegawai(BUDI, segmen(BUDI, kelas=10), version=3),
        *(predikat_sementara(who, 1 + number % 5) for number, who in enumerate(ORANG)),
        *(predikat_sementara(who, 2, version=2) for who in ORANG),
        *(dinilai(who, None if who == DEDI else 2, version=3) for who in ORANG),
    ]
    versions = {ANI: 2, BUDI: 3}
    facts += penutupan(facts, version=4, people=ORANG, versions=versions)
    facts.append(final(facts, 4))
    facts += [
        dibuka_kembali(5),
        predikat_sementara(CICI, 4, version=4),
        dinilai(CICI, 4, version=5),
        dinilai(DEDI, 1, version=4),
        pegawai(EKA, segmen(EKA, kelas=12), version=2),
    ]
    versions[EKA] = 2
    facts += penutupan(facts, version=8, people=ORANG, versions=versions, per_bagian=3)
    facts.append(final(facts, 8))
    return facts


async def kekacauan(database: ServiceSettings, *, examples: int, chosen: int) -> dict[str, Any]:
    """Compare so many disordered months with the orderly one."""
    facts = bulan()
    done = 0
    async with buka(database) as layanan:
        dunia = Dunia(layanan)
        await dunia.siapkan(skip=frozenset({"tutup"}))
        owner = await asyncpg.connect(layanan.running.settings.owner_database)
        try:
            expected = await _satu_bulan(dunia, owner, _berurut(facts), None)
            loop = asyncio.get_running_loop()

            @seed(chosen)
            @settings(
                max_examples=examples,
                deadline=None,
                database=None,
                # A month takes a good part of a second: shrinking would take hours, the seed gives it back.
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(
                times=st.lists(st.integers(1, 5), min_size=len(facts), max_size=len(facts)),
                dice=st.randoms(use_true_random=False),
            )
            def disordered(times: list[int], dice: Random) -> None:
                nonlocal done
                bag = [fact for fact, count in zip(facts, times, strict=True) for _ in range(count)]
                dice.shuffle(bag)
                month = _satu_bulan(dunia, owner, _sembarang(bag, dice), dice)
                assert asyncio.run_coroutine_threadsafe(month, loop).result() == expected
                done += 1

            reason = ""
            try:
                await asyncio.to_thread(disordered)
            except AssertionError as error:
                reason = f"{error}\n{getattr(error, '__notes__', '')}"[:4000]
        finally:
            await owner.close()
    return {
        "id": f"R4 {examples} kali tanpa urutan",
        "value": 0 if not reason else 1,
        "unit": "contoh yang berbeda",
        "goal": "0",
        "holds": not reason and done >= examples,
        "detail": {"contoh": done, "fakta": len(facts), "sha256": expected[0], "sebab": reason},
    }


def _berurut(facts: Sequence[Recorded]) -> list[Sequence[Recorded]]:
    return [facts]


def _sembarang(bag: Sequence[Recorded], dice: Random) -> list[Sequence[Recorded]]:
    """Batches of any size; some come again, as after a rebalance."""
    batches = []
    start = 0
    while start < len(bag):
        size = dice.randint(1, 60)
        batches.append(bag[start : start + size])
        if dice.random() < 0.2:
            batches.append(batches[-1])
        start += size
    return batches


async def _satu_bulan(
    dunia: Dunia, owner: Any, batches: Iterable[Sequence[Recorded]], dice: Random | None
) -> tuple[str, list[Any], list[Any], list[Any], int]:
    """The month from nothing: what everyone gets, what was paid, what was told, names, and dead letters."""
    await owner.execute(KOSONGKAN)
    tpp = dunia.tpp
    feeding = Feed("tpp", tpp.database, tpp.service.subscriptions, tpp.service.barriers)
    for batch in batches:
        await feeding.deliver(batch)
    assert await feeding.settle_barriers() == 0
    await dunia.jalankan()
    for opd in ("DISDIK", "DINKES"):
        await dunia.kunci(opd)
    answers = []
    for item in sorted(await tpp.keluar(ItemPayable), key=lambda one: one.pegawai_id):
        answers.append(gagal(item, version=1))
        if item.pegawai_id != CICI:
            answers.append(dibayar(item, version=2))
            answers.append(gagal(item, version=3))
    if dice is not None:
        answers = [answer for answer in answers for _ in range(dice.randint(1, 5))]
        dice.shuffle(answers)
        for batch in _sembarang(answers, dice):
            await feeding.deliver(batch)
    else:
        await feeding.deliver(answers)
    async with tpp.database.pool.acquire() as conn:
        figures = await sidik_tpp(conn)
        dead = await conn.fetchval("SELECT count(*) FROM kernel.dead_letter")
    paid = await tpp.baris("SELECT pegawai_id, keadaan, referensi FROM pembayaran ORDER BY pegawai_id")
    told = sorted((str(event.pegawai_id), str(event.neto)) for event in await tpp.keluar(TppPaid))
    called = await tpp.baris("SELECT pegawai_id, version, nama FROM nama ORDER BY pegawai_id")
    return figures, paid, told, called, dead
