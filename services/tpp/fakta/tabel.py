"""Tables of dated facts: the newest row stands with its version, what it replaced in the history."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from shared.db import Tx

_SEBAGIAN = 10_000
T = TypeVar("T")


class Banding(NamedTuple):
    """How rows compare with what is stored."""

    baru: int
    berubah: int
    sama: int


class Tersimpan(NamedTuple):
    """What became of rows: those that say something new, and how all of them compared with what stood."""

    baris: list[tuple[Any, ...]]
    banding: Banding


class Tabel:
    """A table: columns of its key, of what it says, and `version dicabut diubah_oleh diubah_pada`.

        LIBUR = Tabel("hari_libur", ["tanggal date"], "jenis text", "nama text", "dasar text")

    Rows are given in the order of these columns. A row taken back stays (`dicabut`), and may come again.
    """

    def __init__(self, nama: str, kunci: Sequence[str], *isi: str) -> None:
        columns = [column.split(" ", 1) for column in (*kunci, *isi)]
        names = [name for name, _ in columns]
        self.nama = nama
        self.kunci = names[: len(kunci)]
        self.kolom = names
        keys, rest = ", ".join(self.kunci), names[len(kunci) :]
        arrays = ", ".join(f"${number}::{kind}[]" for number, (_, kind) in enumerate(columns, 1))
        given = f"unnest({arrays}) AS baru({', '.join(names)})"
        differs = "({}) IS DISTINCT FROM ({})".format(
            ", ".join(f"lama.{name}" for name in rest), ", ".join(f"baru.{name}" for name in rest)
        )
        whose = f"${len(columns) + 1}::text"
        # The key as PostgreSQL writes it, so that `cabut` finds the same one.
        as_json = "jsonb_build_array({})".format(", ".join(f"lama.{name}" for name in self.kunci))
        self._bandingkan = f"""
SELECT count(*) FILTER (WHERE lama.version IS NULL OR lama.dicabut)::integer AS baru,
       count(*) FILTER (WHERE NOT lama.dicabut AND {differs})::integer AS berubah,
       count(*) FILTER (WHERE NOT lama.dicabut AND NOT ({differs}))::integer AS sama
FROM {given} LEFT JOIN {nama} AS lama USING ({keys})
"""
        # Told apart once, for the history, the table and the answer.
        self._simpan = f"""
WITH beda AS MATERIALIZED (
    SELECT {", ".join(f"baru.{name}" for name in names)}, lama.version IS NULL OR lama.dicabut AS belum_ada
    FROM {given} LEFT JOIN {nama} AS lama USING ({keys})
    WHERE lama.version IS NULL OR lama.dicabut OR {differs}
), riwayat AS (
    INSERT INTO riwayat_fakta (tabel, kunci, version, isi, diganti_oleh)
    SELECT '{nama}', {as_json}, lama.version, to_jsonb(lama), {whose}
    FROM {nama} AS lama JOIN beda USING ({keys}) ORDER BY {keys}
), tulis AS (
    INSERT INTO {nama} AS lama ({", ".join(names)}, diubah_oleh)
    SELECT {", ".join(names)}, {whose} FROM beda ORDER BY {keys}
    ON CONFLICT ({keys}) DO UPDATE
    SET {", ".join(f"{name} = excluded.{name}" for name in rest)}, version = lama.version + 1,
        dicabut = false, diubah_oleh = excluded.diubah_oleh, diubah_pada = now()
)
SELECT {keys}, belum_ada FROM beda
"""
        chosen = " AND ".join(f"lama.{name} = ${number}" for number, name in enumerate(self.kunci, 1))
        by = f"${len(self.kunci) + 1}::text"
        self._cabut = f"""
WITH riwayat AS (
    INSERT INTO riwayat_fakta (tabel, kunci, version, isi, diganti_oleh)
    SELECT '{nama}', {as_json}, lama.version, to_jsonb(lama), {by} FROM {nama} AS lama
    WHERE {chosen} AND NOT lama.dicabut
)
UPDATE {nama} AS lama
SET dicabut = true, version = lama.version + 1, diubah_oleh = {by}, diubah_pada = now()
WHERE {chosen} AND NOT lama.dicabut
RETURNING {", ".join(names)}
"""
        given_keys = ", ".join(
            f"${number}::{kind}[]" for number, (_, kind) in enumerate(columns[: len(kunci)], 1)
        )
        why, by = (f"${len(kunci) + number}" for number in (1, 2))
        self._cabut_semua = f"""
WITH hilang AS (SELECT * FROM unnest({given_keys}, {why}::text[]) AS hilang({keys}, alasan)
), riwayat AS (
    INSERT INTO riwayat_fakta (tabel, kunci, version, isi, diganti_oleh, alasan)
    SELECT '{nama}', {as_json}, lama.version, to_jsonb(lama), {by}::text, hilang.alasan
    FROM {nama} AS lama JOIN hilang USING ({keys}) WHERE NOT lama.dicabut
)
UPDATE {nama} AS lama
SET dicabut = true, version = lama.version + 1, diubah_oleh = {by}::text, diubah_pada = now()
FROM hilang WHERE {" AND ".join(f"lama.{name} = hilang.{name}" for name in self.kunci)} AND NOT lama.dicabut
RETURNING {", ".join(f"lama.{name}" for name in names)}
"""
        self._tercatat = (
            f"SELECT {keys} FROM {nama} WHERE {self.kunci[0]} = ANY ($1) AND NOT dicabut"
            f" AND ($2::text IS NULL OR {self.kunci[:2][-1]}::text = $2)"
        )
        self._tahan = f"LOCK TABLE {nama} IN SHARE ROW EXCLUSIVE MODE"

    async def bandingkan(self, tx: Tx, rows: Sequence[Sequence[Any]]) -> Banding:
        """How many rows are new, changed, and as they are stored."""
        if not rows:
            return Banding(0, 0, 0)
        found = [await tx.conn.fetch(self._bandingkan, *_columns(part)) for part in _parts(rows)]
        return Banding(*(sum(counts) for counts in zip(*(one[0] for one in found), strict=True)))

    async def simpan(self, tx: Tx, rows: Sequence[tuple[Any, ...]]) -> Tersimpan:
        """Store the rows, no key twice.

        Writers of one table wait for each other.
        """
        if not rows:
            return Tersimpan([], Banding(0, 0, 0))
        await tx.conn.execute(self._tahan)
        who, width = str(tx.actor), len(self.kunci)
        found: list[tuple[Any, ...]] = []
        baru = 0
        for part in _parts(rows):
            # The rows as given, by their keys: of a large file nothing is held twice.
            given = {tuple(row[:width]): row for row in part}
            for row in await tx.conn.fetch(self._simpan, *_columns(part), who):
                found.append(given[tuple(row)[:width]])
                baru += row["belum_ada"]
        return Tersimpan(found, Banding(baru, len(found) - baru, len(rows) - len(found)))

    async def terima(self, tx: Tx, rows: Sequence[tuple[Any, ...]], *, simpan: bool) -> Tersimpan:
        """Store the rows, or only tell how they compare."""
        return await self.simpan(tx, rows) if simpan else Tersimpan([], await self.bandingkan(tx, rows))

    async def cabut(self, tx: Tx, *kunci: Any) -> tuple[Any, ...] | None:
        """Take a row back; None when there is none, or it was taken back before."""
        await tx.conn.execute(self._tahan)
        row = await tx.conn.fetchrow(self._cabut, *kunci, str(tx.actor))
        return None if row is None else tuple(row)

    async def tercatat(self, tx: Tx, siapa: Sequence[Any], kapan: str | None = None) -> list[tuple[Any, ...]]:
        """The keys of the rows that stand of these people, first of the key; `kapan`: with this second."""
        return [tuple(row) for row in await tx.conn.fetch(self._tercatat, siapa, kapan)]

    async def cabut_semua(self, tx: Tx, alasan: Mapping[tuple[Any, ...], str]) -> list[tuple[Any, ...]]:
        """Take the rows of these keys back, each for its reason; returns those that stood, as they were."""
        if not alasan:
            return []
        await tx.conn.execute(self._tahan)
        who, found = str(tx.actor), []
        for part in _parts([(*key, why) for key, why in alasan.items()]):
            found += await tx.conn.fetch(self._cabut_semua, *_columns(part), who)
        return [tuple(row) for row in found]


def _parts(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """The rows of a large file in parts, so that no statement holds all of them once more."""
    return (rows[start : start + _SEBAGIAN] for start in range(0, len(rows), _SEBAGIAN))


def _columns(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
