"""Recording realisasi: a whole group of callers in a handful of set-based statements."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from services.skp.realisasi.rules import Fakta, alasan_ditolak, gabungkan
from shared.auth.guard import Subject
from shared.clock import local_date
from shared.contracts.skp import Bukti, RealisasiSubmitted
from shared.db import Tx
from shared.db.group_commit import Apply, Entry
from shared.db.tx import Origin
from shared.errors import Problem
from shared.ids import uuid7
from shared.obs.tracing import traceparent
from shared.period import Period

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


Jumlah = Annotated[Decimal, Field(ge=0, lt=10**11, max_digits=15, decimal_places=4)]


class IsiRealisasi(BaseModel):
    """What was done for one RHK on one day."""

    rhk_id: UUID
    tanggal: date
    uraian: Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=4000)]
    jumlah: Jumlah
    satuan: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    bukti: list[Sha256] = Field(default_factory=list, max_length=10)


class RealisasiBaru(IsiRealisasi):
    """A realisasi as it is sent: of which plan, counted in which month."""

    skp_id: UUID
    periode: Period


class RealisasiSekaligus(BaseModel):
    """Several days, or several RHK: all are recorded, or none."""

    isi: list[RealisasiBaru] = Field(min_length=1, max_length=62)


class TandaTerima(BaseModel):
    """The receipt of a realisasi."""

    realisasi_id: UUID
    periode: Period
    dikirim_pada: datetime


class TandaTerimaSekaligus(BaseModel):
    """The receipts, in the order of what was sent."""

    data: list[TandaTerima]


class Kiriman(BaseModel):
    """A realisasi and who sends it."""

    pegawai_id: UUID
    isi: RealisasiBaru


# The month is held FOR SHARE: a closing waits for this transaction; if it was first, this one sees it.
_PERIODE = """
SELECT periode, keadaan FROM periode WHERE periode = ANY ($1::text[]) ORDER BY periode FOR SHARE
"""
_FAKTA = """
SELECT b.pegawai_id IS NOT NULL AS berlaku, b.tahun,
       coalesce((SELECT json_agg(json_build_array(k.sha256, k.ukuran, k.jenis))
                 FROM bukti k WHERE k.pegawai_id = a.pegawai_id
                              AND k.sha256 = ANY (string_to_array(a.bukti, ','))), '[]') AS bukti
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[])
     WITH ORDINALITY AS a(pegawai_id, skp_id, rhk_id, bukti, urutan)
LEFT JOIN rhk_berlaku b ON b.rhk_id = a.rhk_id AND b.skp_id = a.skp_id AND b.pegawai_id = a.pegawai_id
ORDER BY a.urutan
"""
_SIMPAN = """
INSERT INTO realisasi
    (realisasi_id, pegawai_id, skp_id, rhk_id, periode, tanggal, uraian, jumlah, satuan, bukti)
SELECT realisasi_id, pegawai_id, skp_id, rhk_id, periode, tanggal, uraian, jumlah, satuan,
       to_jsonb(string_to_array(bukti, ','))
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::date[], $7::text[], $8::numeric[],
            $9::text[], $10::text[])
     AS t(realisasi_id, pegawai_id, skp_id, rhk_id, periode, tanggal, uraian, jumlah, satuan, bukti)
"""


def catat(zone: str) -> Apply[Kiriman]:
    """The set-based writer of a region's realisasi."""

    async def apply(tx: Tx, entries: Sequence[Entry[Kiriman]]) -> list[BaseModel | Problem]:
        today = local_date(tx.now, zone)
        commands = [entry.command for entry in entries]
        months = sorted({str(command.isi.periode) for command in commands})
        keadaan = {row["periode"]: row["keadaan"] for row in await tx.conn.fetch(_PERIODE, months)}
        facts = await tx.conn.fetch(
            _FAKTA,
            [command.pegawai_id for command in commands],
            [command.isi.skp_id for command in commands],
            [command.isi.rhk_id for command in commands],
            [",".join(command.isi.bukti) for command in commands],
        )
        outcomes: list[BaseModel | Problem] = []
        rows = []
        for entry, row in zip(entries, facts, strict=True):
            isi = entry.command.isi
            files = {sha256: (ukuran, jenis) for sha256, ukuran, jenis in json.loads(row["bukti"])}
            problem = alasan_ditolak(
                isi.periode,
                isi.tanggal,
                Fakta(
                    row["berlaku"],
                    row["tahun"],
                    keadaan.get(str(isi.periode)),
                    today,
                    [sha256 for sha256 in isi.bukti if sha256 not in files],
                ),
            )
            if problem is not None:
                outcomes.append(problem)
                continue
            realisasi_id = uuid7()
            rows.append((realisasi_id, entry.command.pegawai_id, isi))
            tx.origin = entry.origin
            tx.emit(_event(realisasi_id, entry.command.pegawai_id, isi, files))
            tx.audit("realisasi.kirim", f"realisasi:{realisasi_id}")
            outcomes.append(TandaTerima(realisasi_id=realisasi_id, periode=isi.periode, dikirim_pada=tx.now))
        if rows:
            await tx.conn.execute(
                _SIMPAN,
                [one for one, _, _ in rows],
                [who for _, who, _ in rows],
                [isi.skp_id for _, _, isi in rows],
                [isi.rhk_id for _, _, isi in rows],
                [str(isi.periode) for _, _, isi in rows],
                [isi.tanggal for _, _, isi in rows],
                [isi.uraian for _, _, isi in rows],
                [isi.jumlah for _, _, isi in rows],
                [isi.satuan for _, _, isi in rows],
                [",".join(dict.fromkeys(isi.bukti)) for _, _, isi in rows],
            )
        return outcomes

    return apply


async def catat_sekaligus(tx: Tx, body: RealisasiSekaligus, zone: str) -> TandaTerimaSekaligus:
    """Record several of the caller's, by the same rules: one that is refused refuses all.

    Raises Conflict or InvalidInput, naming each wrong one.
    """
    who = tx.guard.principal
    assert who is not None
    tx.guard.admit(Subject(who.pegawai_id))
    origin = Origin(str(tx.actor), traceparent())
    entries = [
        Entry(Kiriman.model_construct(pegawai_id=who.pegawai_id, isi=isi), origin, "", b"")
        for isi in body.isi
    ]
    outcomes = await catat(zone)(tx, entries)
    problems = {place: told for place, told in enumerate(outcomes) if isinstance(told, Problem)}
    if problems:
        raise gabungkan(problems)
    return TandaTerimaSekaligus(data=[told for told in outcomes if isinstance(told, TandaTerima)])


def _event(
    realisasi_id: UUID, pegawai_id: UUID, isi: RealisasiBaru, files: dict[str, tuple[int, str]]
) -> RealisasiSubmitted:
    return RealisasiSubmitted(
        version=1,
        realisasi_id=realisasi_id,
        pegawai_id=pegawai_id,
        skp_id=isi.skp_id,
        rhk_id=isi.rhk_id,
        periode=isi.periode,
        tanggal=isi.tanggal,
        uraian=isi.uraian,
        jumlah=isi.jumlah,
        satuan=isi.satuan,
        bukti=tuple(
            Bukti(sha256=sha256, ukuran=files[sha256][0], jenis=files[sha256][1])
            for sha256 in dict.fromkeys(isi.bukti)
        ),
    )
