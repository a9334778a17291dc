"""A worker's share of a what-if: take the next part nobody works on, or bring one to its end.

A part follows from stored figures alone, whichever other parts are done. Its sums are stored, never
anybody's new figure.
"""

import asyncio
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from services.tpp.andai.khusus import KhususAndai
from services.tpp.andai.orang import SQL, Orang
from services.tpp.andai.rules import Angka, Bagian, Banding, Sebab, Sel
from services.tpp.andai.setahun import Bagiannya, dengan_setahun, orang_bagian
from services.tpp.kebijakan.queries import terbaca
from services.tpp.perhitungan.engine import Hitung, compiled
from services.tpp.perhitungan.rules import TIDAK_MASUK_AKAL, Alasan
from services.tpp.perhitungan.run import lebih_jelas
from shared.db import Tx
from shared.obs.logging import log
from shared.period import MasaBayar, Period


async def lanjutkan(tx: Tx, andai_id: UUID | None = None) -> bool:
    """Do one part of some what-if, or of this one; True when there may be more to do."""
    part = await SQL.ambil(tx.conn, andai_id=andai_id)
    if part is None:
        return await _selesaikan(tx, andai_id)
    policy, masa = terbaca(part["dokumen"]), MasaBayar.parse(part["periode"])
    dari, sampai = part["dari"], part["sampai"]
    months = [Period.parse(one) for one in part["bulan"]]
    khusus = [KhususAndai.model_validate(one) for one in part["khusus"]]
    satu = _bagian(masa, khusus)
    people = await orang_bagian(tx, policy, satu, dari, sampai)
    people = await dengan_setahun(tx, policy, satu, months, khusus, dari, sampai, people)
    # Beside the event loop: the process has other work, and PostgreSQL can answer it meanwhile.
    found = await asyncio.to_thread(bandingkan, people, compiled(policy))
    await SQL.simpan_bagian(tx.conn, andai_id=part["andai_id"], bagian=part["bagian"], hasil=tulis(found))
    return True


def _bagian(masa: MasaBayar, khusus: list[KhususAndai]) -> Bagiannya:
    if isinstance(masa, Period):
        return Bagiannya(masa, masa, masa)
    extra = next(one for one in khusus if one.periode == masa)
    base = extra.dasar_baru or extra.dasar_lama
    assert base is not None
    return Bagiannya(masa, base, extra.dibayar or base, extra)


def bandingkan(orang: Iterable[Orang], hitung: Hitung) -> Bagian:
    """Sums over people: what they were paid, and what this policy would pay them."""
    found = Bagian()
    for one in orang:
        baru, reasons = _satu(one, hitung)
        found.tambah(
            Sel(one.opd_kode, one.unit_path, one.masukan.kelas if one.masukan else 0), one.lama, baru
        )
        for reason in reasons:
            found.ditahan(reason.kode, reason.kalimat, reason.pemilik)
    return found


def _satu(orang: Orang, hitung: Hitung) -> tuple[Angka | None, tuple[Alasan, ...]]:
    if orang.nol:
        return Angka(0, 0), ()
    if orang.tahan:
        return None, (orang.tahan,)
    assert orang.masukan is not None
    try:
        hasil = hitung(orang.masukan)
    except Exception as error:
        log.error("andai: perhitungan satu orang gagal", exc_info=error)
        return None, (TIDAK_MASUK_AKAL,)
    if hasil.status == "dihitung":
        return Angka(hasil.bruto, hasil.neto, hasil.jumlah_iuran), ()
    return None, lebih_jelas(hasil.alasan, orang.kurang) if orang.kurang else hasil.alasan


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
