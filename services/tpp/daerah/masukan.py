"""These facts as the calculation takes them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.tpp.daerah import ejaan
from services.tpp.kebijakan.fakta import Fakta
from services.tpp.perhitungan.masukan_teks import NilaiSalah, isi_tambahan
from shared.db import Tx, queries
from shared.period import Period

SQL = queries("services.tpp.daerah")

TEMPAT = frozenset({"eselon", "lokasi"})
"""Those that say something of a placement: each part of a divided month has its own."""


async def menurut_daerah(
    tx: Tx, fakta: Mapping[str, Fakta], dipakai: Collection[str], periode: Period, ids: Sequence[UUID]
) -> dict[UUID, dict[str, Any]]:
    """For whoever has any of the facts asked for (`dipakai`) on the month's last day: fields of the inputs.

    `fakta`: as the policy of the month declares them. A value that was kept as another quantity is none.
    """
    own = {name for name in dipakai if fakta[name].sumber == "tambahan"}
    names = [*own, *({*TEMPAT, "ikut_zakat"} & set(dipakai))]
    cuts = ejaan.POTONGAN in dipakai
    if not names and not cuts:
        return {}
    found: dict[UUID, dict[str, Any]] = {}
    rows = SQL.berlaku(tx.conn, ids=list(ids), nama=names, potongan=cuts, hari=periode.last_day)
    async for row in rows:
        inputs = found.setdefault(row["pegawai_id"], {})
        name, _, key = row["nama"].partition(".")
        if name == ejaan.POTONGAN:
            if amount := ejaan.baca(row["nilai"], "rupiah"):
                inputs[name] = tuple(sorted((*inputs.get(name, ()), (key, amount))))
            continue
        try:
            value = ejaan.baca(row["nilai"], fakta[name].tipe)
        except NilaiSalah:
            continue
        if name in own:
            kept = isi_tambahan(value, fakta[name])
            inputs["tambahan"] = tuple(sorted((*inputs.get("tambahan", ()), (name, kept))))
        else:
            inputs[name] = value
    return found


async def tempat_sebulan(tx: Tx, dipakai: Collection[str], periode: Period, ids: Sequence[UUID]) -> "Tempat":
    """Eselon and place of work of some people, for any day of a month."""
    found = Tempat()
    if names := sorted(TEMPAT.intersection(dipakai)):
        awal, akhir = periode.first_day, periode.last_day
        async for row in SQL.sebulan(tx.conn, ids=list(ids), nama=names, awal=awal, akhir=akhir):
            found.setdefault((row["pegawai_id"], row["nama"]), []).append(
                (row["mulai"], row["sampai"], row["nilai"])
            )
    return found


async def tempat_berganti(tx: Tx, nama: Collection[str], periode: Period, ids: Sequence[UUID]) -> list[UUID]:
    """Of whom one of these facts begins to hold, or holds no more, on a day within a month."""
    if not nama:
        return []
    awal, akhir = periode.first_day, periode.last_day
    rows = SQL.berganti(tx.conn, ids=list(ids), nama=sorted(nama), awal=awal, akhir=akhir)
    return [row["pegawai_id"] async for row in rows]


class Tempat(dict[tuple[UUID, str], list[tuple[date, date | None, str]]]):
    """For each person and fact what held when, the newest beginning first."""

    def pada(self, siapa: UUID, hari: date, nama: Collection[str]) -> dict[str, str]:
        """The fields of a part of the month, as on a day of it."""
        return {name: self._pada(siapa, name, hari) or "" for name in sorted(TEMPAT.intersection(nama))}

    def tercatat(self, siapa: UUID, nama: str, hari: date) -> bool:
        """Whether anything is said of a day, be it that there is none."""
        return self._pada(siapa, nama, hari) is not None

    def terbagi(
        self, siapa: UUID, mulai: date, sampai: date, nama: Collection[str]
    ) -> Iterator[tuple[date, date]]:
        """The parts of some days, both ends included, in each of which these facts stay the same."""
        starts = {mulai}
        for name in TEMPAT.intersection(nama):
            for first, last, _ in self.get((siapa, name), ()):
                starts |= {first} if last is None else {first, last + timedelta(days=1)}
        inside = sorted(day for day in starts if mulai <= day <= sampai)
        yield from zip(inside, [*(day - timedelta(days=1) for day in inside[1:]), sampai], strict=True)

    def _pada(self, siapa: UUID, nama: str, hari: date) -> str | None:
        for mulai, sampai, nilai in self.get((siapa, nama), ()):
            if mulai <= hari and (sampai is None or hari <= sampai):
                return nilai
        return None
