"""A worker's share of a what-if: take the next part nobody works on, or bring one to its end.

The inputs are those kept with each figure, so nothing that changed since plays a part; activity and outside
tax, which the policy that paid may not have asked for, are then those of now. The sums of a part are stored,
never anybody's new figure.
"""

import asyncio
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from services.tpp.andai.rules import Angka, Bagian, Banding, Sebab, Sel
from services.tpp.bulanan.masukan import menurut_bulan
from services.tpp.kebijakan.queries import terbaca
from services.tpp.kebijakan.sebulan import dipakai_pada
from services.tpp.perhitungan.engine import Hitung, penafsir
from services.tpp.perhitungan.rules import Masukan, baca_masukan
from services.tpp.perhitungan.run import compiled
from shared.db import Tx, queries
from shared.obs.logging import log
from shared.period import Period

SQL = queries("services.tpp.andai")


async def lanjutkan(tx: Tx, andai_id: UUID | None = None) -> bool:
    """Do one part of some what-if, or of this one; True when there may be more to do."""
    part = await SQL.ambil(tx.conn, andai_id=andai_id)
    if part is None:
        return await _selesaikan(tx, andai_id)
    policy, periode = terbaca(part["dokumen"]), Period.parse(part["periode"])
    source = policy.sumber_predikat.periode(periode)
    # Fetched whole: aiosql would hand over the rows one at a time. Parameters in order of appearance.
    rows = await tx.conn.fetch(SQL.orang.sql, str(source), part["dari"], part["sampai"], str(periode))
    used = dipakai_pada(penafsir(policy, periode).program, periode.month)
    lain = await menurut_bulan(tx, periode, [row["pegawai_id"] for row in rows], used)
    # Beside the event loop: the process has other work, and PostgreSQL can answer it meanwhile.
    found = await asyncio.to_thread(
        bandingkan, rows, compiled(policy), None if source == periode else source, lain
    )
    await SQL.simpan_bagian(tx.conn, andai_id=part["andai_id"], bagian=part["bagian"], hasil=tulis(found))
    return True


def bandingkan(
    rows: Iterable[Any],
    hitung: Hitung,
    sumber: Period | None,
    lain: Mapping[UUID, Mapping[str, Any]] = MappingProxyType({}),
) -> Bagian:
    """Sums over people: what they were paid, and what this policy would pay them.

    `sumber`: the month the policy takes the predikat from, where that is not the month itself. `lain`: facts
    of the month that this policy asks for and the one that paid may not have.
    """
    found = Bagian()
    for row in rows:
        lama = Angka(row["bruto"], row["neto"]) if row["status"] == "dihitung" else None
        if row["masukan"] == "null":
            found.tambah(Sel(row["opd_kode"], row["unit_path"], 0), lama, None)
            found.ditahan("penempatan_belum_ada", "Jabatan dan unit kerja belum tercatat", "admin_bkd")
            continue
        m = baca_masukan(row["masukan"])
        if sumber is not None:
            m = m._replace(predikat=row["predikat_sumber"], predikat_dari=sumber)
        if lain and (more := lain.get(row["pegawai_id"])):
            m = m._replace(**{name: value for name, value in more.items() if getattr(m, name) is None})
        baru = _satu(m, hitung, found)
        found.tambah(Sel(row["opd_kode"], row["unit_path"], m.kelas), lama, baru)
    return found


def _satu(m: Masukan, hitung: Hitung, found: Bagian) -> Angka | None:
    try:
        hasil = hitung(m)
    except Exception as error:
        log.error("andai: perhitungan satu orang gagal", exc_info=error)
        found.ditahan("data_tidak_masuk_akal", "Data orang ini tidak dapat dihitung", "admin_bkd")
        return None
    if hasil.status == "dihitung":
        return Angka(hasil.bruto, hasil.neto)
    for reason in hasil.alasan:
        found.ditahan(reason.kode, reason.kalimat, reason.pemilik)
    return None


def tulis(found: Bagian) -> dict[str, Any]:
    """Sums as plain JSON."""
    return {
        "sel": [[*sel, *cell.isi()] for sel, cell in found.sel.items()],
        "sebab": [[kode, one.kalimat, one.pemilik, one.orang] for kode, one in found.sebab.items()],
    }


def baca(isi: dict[str, Any]) -> Bagian:
    """Sums from their JSON."""
    return Bagian(
        {Sel(*row[:3]): Banding(*row[3:]) for row in isi["sel"]},
        {kode: Sebab(kalimat, pemilik, orang) for kode, kalimat, pemilik, orang in isi["sebab"]},
    )


async def _selesaikan(tx: Tx, andai_id: UUID | None) -> bool:
    """The end: the parts become one result for each month."""
    done = await SQL.selesai_dibagi(tx.conn, andai_id=andai_id)
    if done is None:
        return False
    months: dict[str, Bagian] = {}
    async for part in SQL.hasil_bagian(tx.conn, andai_id=done["andai_id"]):
        months.setdefault(part["periode"], Bagian()).gabung(baca(part["hasil"]))
    names = {row["opd_kode"]: row["opd_nama"] async for row in SQL.nama_opd(tx.conn)}
    result = {
        "bulan": {periode: tulis(found) for periode, found in sorted(months.items())},
        "opd": {
            kode: names.get(kode) or kode or "Tanpa OPD"
            for kode in sorted({sel.opd_kode for found in months.values() for sel in found.sel})
        },
    }
    await SQL.selesaikan(tx.conn, andai_id=done["andai_id"], hasil=result)
    await SQL.buang_bagian(tx.conn, andai_id=done["andai_id"])
    return True
