"""How questions about pay are planned: for what they ask, and knowing how many rows there are."""

from typing import Any

from services.tpp.jobs import JOBS
from shared.auth.guard import Cakupan, Grant, Guard, Peranan, Principal, Rule
from tests.component.tpp.dunia import BPKAD, OKTOBER, Dunia

STATISTIK = next(job for job in JOBS if job.name == "segarkan-statistik")


async def test_a_list_is_planned_for_its_filters_however_often_it_was_asked(dunia: Dunia) -> None:
    who = Principal(BPKAD, "198501012010011001", (Peranan("bpkad"),), 1)

    async def plans(*, reading: bool) -> tuple[int, int]:
        guard = Guard(Rule((Grant("bpkad", Cakupan.INSTANSI),)), who)
        async with dunia.tpp.database.transaction(guard=guard, reading=reading) as tx:
            asked = await tx.conn.prepare("SELECT nip FROM pegawai WHERE $1::text IS NULL OR nip = $1")
            for _ in range(8):
                await asked.fetch(None)
            row: Any = await tx.conn.fetchrow(
                "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement = $1",
                asked.get_query(),
            )
            return row["generic_plans"], row["custom_plans"]

    assert await plans(reading=True) == (0, 8)
    generic, _ = await plans(reading=False)
    assert generic > 0


async def test_a_month_that_came_at_once_is_counted_at_once(dunia: Dunia) -> None:
    async def counted() -> int:
        return int(await dunia.tpp.nilai("SELECT reltuples FROM pg_class WHERE oid = 'penilaian'::regclass"))

    async def told(sql: str) -> None:
        """A write whose number of rows is known to others as soon as it is done."""
        async with dunia.tpp.database.pool.acquire() as conn:
            await conn.execute(sql, str(OKTOBER.plus(-3)))
            await conn.execute("SELECT pg_stat_force_next_flush()")

    await told(
        "INSERT INTO penilaian (pegawai_id, periode, predikat) "
        "SELECT gen_random_uuid(), $1, 2 FROM generate_series(1, 700)"
    )
    await STATISTIK.run(dunia.tpp.running)
    assert await counted() >= 700
    await told("DELETE FROM penilaian WHERE periode = $1")
    await STATISTIK.run(dunia.tpp.running)
    assert await counted() < 700
