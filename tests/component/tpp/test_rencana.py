"""How questions about pay are planned: for what they ask."""

from typing import Any

from shared.auth.guard import Cakupan, Grant, Guard, Peranan, Principal, Rule
from tests.component.tpp.dunia import BPKAD, Dunia


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
