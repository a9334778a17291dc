"""Making a closed month final: everyone of its roster gets a predikat, or the reason why it waits."""

import json
from collections.abc import Sequence
from typing import Any, cast

from services.assessment.penilaian import rules
from shared.contracts.penilaian import (
    PENILAIAN,
    Alasan,
    PenilaianFinalised,
    PenilaianPeriodFinalised,
    Predikat,
)
from shared.contracts.periode import PeriodeClosed
from shared.db import Tx, queries
from shared.outbox.manifest import manifest

SQL = queries("services.assessment.penilaian")

_PARTS = 2
"""Parts of the roster (some 500 people each) in one transaction."""


async def kurang(tx: Tx, closed: PeriodeClosed) -> int:
    """How many people of the closing are not named here yet, or known only at an older version."""
    return int(
        await SQL.kurang(
            tx.conn, periode=str(closed.periode), version=closed.version, jumlah=closed.jumlah_pegawai
        )
    )


async def finalkan(tx: Tx, closed: PeriodeClosed) -> bool:
    """Finalise the next people of the roster; True while some remain.

    Ratings stopped when the closing was heard, and everything the closing counts has been applied, so the
    outcome depends on nothing that may still arrive. A second closing emits only results that changed.
    """
    periode = str(closed.periode)
    if not await SQL.masih_berlaku(tx.conn, periode=periode, version=closed.version):
        return False
    parts = [
        row
        async for row in SQL.bagian_berikut(tx.conn, periode=periode, version=closed.version, limit=_PARTS)
    ]
    if not parts:
        await _announce(tx, closed)
        return False
    ids = [pegawai_id for part in parts for pegawai_id in part["pegawai_ids"]]
    people = [
        row
        async for row in SQL.hasil_sekarang(
            tx.conn, ids=ids, periode=periode, hari=closed.periode.last_day, tahun=closed.periode.year
        )
    ]
    await _store(tx, closed, [_result(closed, person) for person in people], people)
    await SQL.tandai_bagian(
        tx.conn,
        periode=periode,
        version=closed.version,
        bagian=[part["bagian"] for part in parts],
    )
    return True


def _result(closed: PeriodeClosed, person: Any) -> PenilaianFinalised:
    """The result with the version it has if it is new. A rating needed an approved SKP when it was given."""
    rated = person["predikat"] is not None
    return PenilaianFinalised(
        version=person["version"] + 1,
        pegawai_id=person["pegawai_id"],
        penilai_id=person["atasan_id"],
        periode=closed.periode,
        skp_disetujui=rated or person["skp"] == "disetujui",
        predikat=cast("Predikat | None", person["predikat"]),
        alasan=() if rated else (_reason(closed, person),),
    )


def _reason(closed: PeriodeClosed, person: Any) -> Alasan:
    held = rules.alasan_ditahan(
        ditempatkan=person["ditempatkan"],
        ada_atasan=person["atasan_id"] is not None,
        keadaan_skp=person["skp"],
        tahun=closed.periode.year,
    )
    return Alasan(kode=held.kode, kalimat=held.kalimat, pemilik=held.pemilik)


def _alasan(result: PenilaianFinalised) -> list[dict[str, str]]:
    return [reason.model_dump() for reason in result.alasan]


def _changed(result: PenilaianFinalised, person: Any) -> bool:
    before = (
        person["final_untuk"] is not None,
        person["final_predikat"],
        person["final_skp"],
        person["final_penilai_id"],
        person["final_alasan"],
    )
    return before != (True, result.predikat, result.skp_disetujui, result.penilai_id, _alasan(result))


async def _store(
    tx: Tx, closed: PeriodeClosed, results: Sequence[PenilaianFinalised], people: Sequence[Any]
) -> None:
    versions = []
    for result, person in zip(results, people, strict=True):
        changed = _changed(result, person)
        versions.append(result.version if changed else person["version"])
        if changed:
            tx.emit(result)
    await SQL.simpan_final(
        tx.conn,
        periode=str(closed.periode),
        version=closed.version,
        ids=[result.pegawai_id for result in results],
        versions=versions,
        predikat=[result.predikat for result in results],
        skp=[result.skp_disetujui for result in results],
        penilai=[result.penilai_id for result in results],
        alasan=[json.dumps(_alasan(result)) for result in results],
    )


async def _announce(tx: Tx, closed: PeriodeClosed) -> None:
    """Tell the world that the month is final, and how many events that took."""
    counts = await SQL.selesai(tx.conn, periode=str(closed.periode), version=closed.version)
    tx.emit(
        PenilaianPeriodFinalised(
            # The version of the closing: a later reopening then counts as newer than this result.
            version=closed.version,
            periode=closed.periode,
            dinilai=counts["dinilai"],
            ditahan=counts["ditahan"],
            manifest=await manifest(tx, closed.periode, (PENILAIAN,)),
        )
    )
    tx.audit(
        "penilaian.periode-final",
        f"periode:{closed.periode}",
        dinilai=counts["dinilai"],
        ditahan=counts["ditahan"],
    )
