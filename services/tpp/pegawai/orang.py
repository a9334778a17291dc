"""Our copy of people: status, and for each segment of time kelas, golongan, unit, OPD and Plt."""

from collections.abc import Iterable, Sequence
from datetime import date
from operator import itemgetter
from uuid import UUID

from services.tpp.kehadiran.presensi import orang_datang
from services.tpp.koreksi.tandai import tandai
from services.tpp.perhitungan.sementara import ikuti
from shared.contracts.pegawai import PegawaiChanged, Penempatan
from shared.db import Tx
from shared.inbox import Copy, Received, newest
from shared.period import Period

ORANG = Copy(
    "pegawai", ["pegawai_id uuid"], "version bigint", "nip text", "status text", "aktif boolean",
    "pada timestamptz",
)  # fmt: skip
_DIGANTI = """
INSERT INTO riwayat_fakta (tabel, kunci, version, isi, diganti_oleh)
SELECT 'pegawai', jsonb_build_array(p.pegawai_id), p.version, jsonb_build_object('pada', p.pada), $3
FROM pegawai p JOIN unnest($1::uuid[], $2::bigint[]) AS baru(pegawai_id, version) USING (pegawai_id)
WHERE p.version < baru.version ORDER BY p.pegawai_id
ON CONFLICT DO NOTHING
"""
"""Figures keep the version of a person that they were computed with; when that was told is kept here."""
_DAHULU = "SELECT pegawai_id, nip, status FROM pegawai WHERE pegawai_id = ANY ($1::uuid[])"
_FORGET = """
DELETE FROM penempatan WHERE pegawai_id = ANY ($1::uuid[])
RETURNING pegawai_id, berlaku_mulai, unit_path, opd_kode, jabatan_nama, kelas, golongan, plt_kelas,
          jenis_jabatan, status, bertugas, plt_mulai, sebab, plt_jabatan, berlaku_sampai
"""
_SEGMENTS = """
INSERT INTO penempatan (pegawai_id, urutan, berlaku_mulai, berlaku_sampai, unit_path, opd_kode, opd_nama,
                        opd_path, jabatan_nama, kelas, golongan, plt_kelas, atasan_id, jenis_jabatan,
                        status, bertugas, plt_mulai, sebab, henti_mulai, plt_jabatan)
SELECT * FROM unnest($1::uuid[], $2::smallint[], $3::date[], $4::date[], $5::text[], $6::text[], $7::text[],
                     $8::text[], $9::text[], $10::smallint[], $11::text[], $12::smallint[], $13::uuid[],
                     $14::text[], $15::text[], $16::boolean[], $17::date[], $18::text[],
                     $19::date[], $20::text[])
"""
_DIBAYAR = itemgetter(0, 2, 4, 5, 8, 9, 10, 11, 13, 14, 15, 16, 17, 19)
"""Of a segment as it is stored, what `_FORGET` returns: all that somebody is paid by."""
_MASA_PLT, _MASA_PLT_LAMA = itemgetter(0, 16, 3), itemgetter("pegawai_id", "plt_mulai", "berlaku_sampai")


async def catat_pegawai(tx: Tx, batch: Sequence[Received[PegawaiChanged]]) -> None:
    """Keep the newest version of each person, with all segments."""
    news = newest(batch, lambda event: event.pegawai_id)
    people = [received.event for received in news]
    before = {
        row["pegawai_id"]: (row["nip"], row["status"])
        for row in await tx.conn.fetch(_DAHULU, [one.pegawai_id for one in people])
    }
    await tx.conn.execute(
        _DIGANTI, [one.pegawai_id for one in people], [one.version for one in people], str(tx.actor)
    )
    ids = await ORANG.keep(
        tx, [(one.pegawai_id, one.version, one.nip, one.status, one.aktif, pada) for one, _, pada, _ in news]
    )
    known = await tx.conn.fetch(_FORGET, list(ids))
    rows = [row for person in people if person.pegawai_id in ids for row in _segments(person)]
    if rows:
        await tx.conn.execute(_SEGMENTS, *(list(column) for column in zip(*rows, strict=True)))
    # Whatever says from a day on something else than before is new for the months since.
    since: dict[UUID, Period] = {}
    for who, day, *_ in {_DIBAYAR(row) for row in rows} ^ {tuple(row)[:-1] for row in known}:
        since[who] = min(Period.of(day), since.get(who, Period.of(day)))
    # A duty that ends on another day than before is of another length in all of its months.
    told, was = _tugas(map(_MASA_PLT, rows)), _tugas(map(_MASA_PLT_LAMA, known))
    for who, begun in {duty for duty, _ in told.items() ^ was.items()}:
        since[who] = min(Period.of(begun), since.get(who, Period.of(begun)))
    await tandai(tx, since)
    # NIP and status of a person have no date: they are news for every month that is not run yet.
    for person in people:
        known_as = before.get(person.pegawai_id)
        if person.pegawai_id in ids and known_as != (person.nip, person.status) and person.penempatan:
            since[person.pegawai_id] = Period.of(person.penempatan[0].berlaku_mulai)
    await ikuti(tx, since)
    await orang_datang(tx, [person.nip for person in people if person.pegawai_id in ids])


def _segments(person: PegawaiChanged) -> list[tuple[object, ...]]:
    return [
        (
            person.pegawai_id,
            number,
            segment.berlaku_mulai,
            until,
            segment.unit_path,
            segment.opd_kode,
            segment.opd_nama,
            _opd_path(segment),
            segment.jabatan_nama,
            segment.kelas,
            segment.golongan,
            segment.plt.kelas if segment.plt else None,
            None if segment.atasan_id == person.pegawai_id else segment.atasan_id,
            segment.jenis_jabatan,
            segment.status,
            segment.bertugas,
            acting,
            segment.sebab,
            away,
            segment.plt.jabatan_nama if segment.plt else None,
        )
        for number, ((segment, until), acting, away) in enumerate(
            zip(person.segmen(), person.plt_sejak(), person.henti_sejak(), strict=True)
        )
    ]


def _tugas(segments: Iterable[tuple[UUID, date | None, date | None]]) -> dict[tuple[UUID, date], date]:
    """Each person's acting duties by their first day: the day on which each ends, the last one if open."""
    found: dict[tuple[UUID, date], date] = {}
    for who, begun, until in segments:
        if begun is not None:
            found[who, begun] = max(until or date.max, found.get((who, begun), date.min))
    return found


def _opd_path(segment: Penempatan) -> str:
    """The unit path up to and including the OPD."""
    codes = segment.unit_path.split("/")
    if segment.opd_kode not in codes:
        return segment.unit_path
    return "/".join(codes[: codes.index(segment.opd_kode) + 1])
