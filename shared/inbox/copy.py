"""Copies of what another service owns, kept from its events: of each row the newest version stays."""

from collections.abc import Iterable, Sequence
from typing import Any

from shared.db.tx import Tx


class Copy:
    """A table with one row for each key, in which an older version never overwrites a newer one.

        KONTAK = Copy("kontak", ["pegawai_id uuid"], "version bigint", "nama text", "email text")

    Columns are named with their PostgreSQL types: those of the key, the version, then what else the events
    tell. Other columns of the table stay as they are. What goes into `jsonb` is given as text.
    """

    def __init__(self, table: str, key: Sequence[str], version: str, *rest: str) -> None:
        columns = [column.split() for column in (*key, version, *rest)]
        names = [name for name, _ in columns]
        keys = ", ".join(names[: len(key)])
        told = ", ".join(f"{name}::jsonb" if kind == "jsonb" else name for name, kind in columns)
        arrays = ", ".join(
            f"${number}::{'text' if kind == 'jsonb' else kind}[]"
            for number, (_, kind) in enumerate(columns, 1)
        )
        changes = ", ".join(f"{name} = excluded.{name}" for name in names[len(key) :])
        newer = names[len(key)]
        # In the order of the keys, so that two transactions never wait for each other.
        self._keep = f"""
INSERT INTO {table} AS known ({", ".join(names)})
SELECT DISTINCT ON ({keys}) {told} FROM unnest({arrays}) AS news({", ".join(names)})
ORDER BY {keys}, {newer} DESC
ON CONFLICT ({keys}) DO UPDATE SET {changes}
WHERE known.{newer} < excluded.{newer}
RETURNING {keys}
"""

    async def keep(self, tx: Tx, rows: Iterable[Sequence[Any]]) -> set[Any]:
        """Write the rows, each in the order of the columns; returns the keys that changed.

        The same key may come several times, in any order. A key of several columns is a tuple.
        """
        columns = list(zip(*rows, strict=True))
        if not columns:
            return set()
        changed = await tx.conn.fetch(self._keep, *map(list, columns))
        return {row[0] if len(row) == 1 else tuple(row) for row in changed}
