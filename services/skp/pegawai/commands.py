"""Taking in the organisation file: whole, or all good rows; and telling others what it changed."""

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar
from uuid import UUID

from pydantic import BaseModel, Field

from services.skp.akun.generasi import sesudah_impor
from services.skp.pegawai.berkas import Jabatan, Lembar, Pegawai, Tempat, Unit, baca, kunci, periksa_lembar
from services.skp.pegawai.sebar import Identitas, Penyebaran, Sebelumnya, letak_unit, sebarkan
from services.skp.pegawai.susunan import Selisih, Susunan, bandingkan, gabungan
from shared.contracts.pegawai import KontakChanged
from shared.db import Tx, queries
from shared.ids import uuid7
from shared.tabular import Findings, SalahBaris, iter_sheets, uncounted

SQL = queries("services.skp.pegawai")
_CHUNK = 5_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kiriman:
    """A file as read, before it is held against what is on record."""

    berkas: str
    sha256: str
    lembar: Mapping[str, Lembar]
    findings: Findings


class LaporanLembar(BaseModel):
    """One sheet: rows read, and what they are compared with what is on record."""

    nama: str
    baris: int
    baru: int
    berubah: int
    sama: int


class LaporanImpor(BaseModel):
    """What a file would change (`uji`) or has changed (`diterapkan`), and every faulty row."""

    uji: bool
    diterapkan: bool
    lembar: list[LaporanLembar]
    salah: list[SalahBaris] = Field(description="Paling banyak 1.000; jumlah sebenarnya di `salah_jumlah`")
    salah_jumlah: int
    pegawai_diberitakan: int = Field(description="Pegawai yang keadaannya berubah dan diberitakan")


async def baca_kiriman(
    berkas: str, data: bytes, csv_name: str, count: Callable[[int], None] = uncounted
) -> Kiriman:
    """Read a file sheet by sheet, aside from the event loop. Raises InvalidInput for no spreadsheet."""
    findings, lembar = Findings(), dict[str, Lembar]()
    async for sheet in iter_sheets(data, csv_name=csv_name, count=count):
        await asyncio.to_thread(baca, sheet, lembar, findings)
    periksa_lembar(lembar, findings)
    return Kiriman(berkas, hashlib.sha256(data).hexdigest(), lembar, findings)


async def impor(tx: Tx, kiriman: Kiriman, uji: bool, lewati_salah: bool) -> LaporanImpor:
    """Take a file in. With faulty rows nothing is taken, unless `lewati_salah` leaves them out.

    The same file again changes nothing and tells nobody anything.
    """
    await SQL.satu_impor_saja(tx.conn)
    known = kiriman.findings
    # A transaction may be tried again: it must not report its findings twice.
    findings = replace(known, listed=list(known.listed), bad=set(known.bad))
    lama, identitas = await _tercatat(tx)
    selisih = await asyncio.to_thread(bandingkan, lama, kiriman.lembar, findings)
    diterapkan = not uji and not findings.whole_sheets and (lewati_salah or not findings.jumlah)
    diberitakan = await _terapkan(tx, lama, identitas, selisih) if diterapkan else 0
    tx.audit(
        "organisasi.impor",
        f"berkas:{kiriman.sha256[:16]}",
        berkas=kiriman.berkas,
        uji=uji,
        diterapkan=diterapkan,
        salah=findings.jumlah,
        diberitakan=diberitakan,
    )
    return LaporanImpor(
        uji=uji,
        diterapkan=diterapkan,
        lembar=[
            LaporanLembar(nama=nama, baris=lembar.baris, baru=baru, berubah=berubah, sama=sama)
            for nama, lembar in kiriman.lembar.items()
            for baru, berubah, sama in [selisih.hitungan[nama]]
        ],
        salah=findings.listed,
        salah_jumlah=findings.jumlah,
        pegawai_diberitakan=diberitakan,
    )


async def _tercatat(tx: Tx) -> tuple[Susunan, dict[str, Identitas]]:
    """Everything on record. People who only run the system count as not yet known, but keep their id."""
    susunan = Susunan()
    identitas = {}
    async for row in SQL.semua_unit(tx.conn):
        susunan.unit[(row["kode"],)] = Unit(*row)
    async for row in SQL.semua_jabatan(tx.conn):
        susunan.jabatan[(row["kode"],)] = Jabatan(*row)
    async for row in SQL.semua_pegawai(tx.conn):
        identitas[row["nip"]] = Identitas(row["pegawai_id"], row["version"], row["sidik"])
        if row["sumber"] == "impor":
            susunan.pegawai[(row["nip"],)] = Pegawai(
                row["nip"], row["nama"], row["status"], row["golongan"], row["email"], row["aktif"]
            )
    async for row in SQL.semua_penempatan(tx.conn):
        tempat = Tempat(*row)
        susunan.tempat[kunci(tempat)] = tempat
    return susunan, identitas


async def _terapkan(tx: Tx, lama: Susunan, identitas: dict[str, Identitas], selisih: Selisih) -> int:
    """Write what differs and tell others; returns the number of people told of."""
    sesudah = gabungan(lama, selisih)
    for row in selisih.pegawai.values():
        identitas.setdefault(row.nip, Identitas(uuid7()))
    ids = {nip: identity.pegawai_id for nip, identity in identitas.items()}
    before = letak_unit(lama.unit)
    await _simpan(tx, sesudah, selisih, ids)
    sebelumnya = await _sebelumnya(tx, lama, selisih, ids)
    penyebaran = await asyncio.to_thread(Penyebaran, sesudah, identitas, sebelumnya)
    nips = await asyncio.to_thread(penyebaran.terdampak, lama, selisih)
    told = await sebarkan(tx, penyebaran, nips)
    await _beritakan_kontak(tx, lama, selisih, ids)
    await sesudah_impor(
        tx,
        [
            ids[row.nip]
            for key, row in selisih.pegawai.items()
            if (old := lama.pegawai.get(key)) is not None and old.aktif != row.aktif
        ],
        [
            kode
            for kode, letak in penyebaran.letak.items()
            if kode in before and before[kode].path != letak.path
        ],
    )
    return told


async def _sebelumnya(tx: Tx, lama: Susunan, selisih: Selisih, ids: Mapping[str, UUID]) -> Sebelumnya:
    """Golongan and kelas as they were before they changed without a day, with what this file changes so."""
    since = await SQL.sesudah_penutupan(tx.conn)
    if since is not None:
        people = [
            (ids[row.nip], old.golongan)
            for key, row in selisih.pegawai.items()
            if (old := lama.pegawai.get(key)) is not None and old.golongan != row.golongan
        ]
        posts = [
            (row.kode, before.kelas)
            for key, row in selisih.jabatan.items()
            if (before := lama.jabatan.get(key)) is not None and before.kelas != row.kelas
        ]
        await SQL.simpan_golongan_sebelumnya(
            tx.conn, sampai=since, id=[who for who, _ in people], golongan=[one for _, one in people]
        )
        await SQL.simpan_kelas_sebelumnya(
            tx.conn, sampai=since, kode=[kode for kode, _ in posts], kelas=[kelas for _, kelas in posts]
        )
    found = Sebelumnya()
    async for row in SQL.semua_sebelumnya(tx.conn):
        if row["kelas"] is None:
            found.golongan.setdefault(row["kunci"], []).append((row["sampai"], row["golongan"]))
        else:
            found.kelas.setdefault(row["kunci"], []).append((row["sampai"], row["kelas"]))
    return found


async def _simpan(tx: Tx, sesudah: Susunan, selisih: Selisih, ids: Mapping[str, UUID]) -> None:
    letak = letak_unit(sesudah.unit)
    if selisih.unit:
        # A unit that moves takes everything below it along: their paths are written too.
        units = list(sesudah.unit.values())
        await SQL.simpan_unit(
            tx.conn,
            kode=[row.kode for row in units],
            nama=[row.nama for row in units],
            induk=[row.induk for row in units],
            jenis=[row.jenis for row in units],
            path=[letak[row.kode].path for row in units],
            opd=[letak[row.kode].opd_kode for row in units],
        )
    for posts in _chunks(list(selisih.jabatan.values())):
        await SQL.simpan_jabatan(
            tx.conn,
            kode=[row.kode for row in posts],
            nama=[row.nama for row in posts],
            jenis=[row.jenis for row in posts],
            kelas=[row.kelas for row in posts],
            unit=[row.unit for row in posts],
            atasan=[row.atasan for row in posts],
        )
    for people in _chunks(list(selisih.pegawai.values())):
        await SQL.simpan_pegawai(
            tx.conn,
            id=[ids[row.nip] for row in people],
            nip=[row.nip for row in people],
            nama=[row.nama for row in people],
            status=[row.status for row in people],
            golongan=[row.golongan for row in people],
            email=[row.email for row in people],
            aktif=[row.aktif for row in people],
        )
    for places in _chunks([row for row in selisih.tempat.values() if row.sebagai == "definitif"]):
        await SQL.simpan_definitif(
            tx.conn,
            id=[ids[row.nip] for row in places],
            jabatan=[row.jabatan for row in places],
            mulai=[row.mulai for row in places],
            status=[row.status for row in places],
            golongan=[row.golongan for row in places],
        )
    for places in _chunks([row for row in selisih.tempat.values() if row.sebagai == "plt"]):
        await SQL.simpan_plt(
            tx.conn,
            id=[ids[row.nip] for row in places],
            jabatan=[row.jabatan for row in places],
            mulai=[row.mulai for row in places],
            selesai=[row.selesai for row in places],
        )


async def _beritakan_kontak(tx: Tx, lama: Susunan, selisih: Selisih, ids: Mapping[str, UUID]) -> None:
    changed = [
        ids[row.nip]
        for key, row in selisih.pegawai.items()
        if (old := lama.pegawai.get(key)) is None or (old.nama, old.email) != (row.nama, row.email)
    ]
    for part in _chunks(changed):
        async for row in SQL.naikkan_versi_kontak(tx.conn, id=part):
            tx.emit(
                KontakChanged(
                    version=row["kontak_version"],
                    pegawai_id=row["pegawai_id"],
                    nama=row["nama"],
                    email=row["email"],
                )
            )
        await tx.flush()


def _chunks(rows: list[T]) -> Iterator[list[T]]:
    for start in range(0, len(rows), _CHUNK):
        yield rows[start : start + _CHUNK]
