"""Nudges about an OPD's month on its way to payment."""

from services.tpp.penetapan import rules
from services.tpp.penetapan.pemeriksaan import SQL
from services.tpp.perhitungan import ingatkan as hitungan
from services.tpp.perhitungan.commands import status
from shared import colek
from shared.auth.guard import Subject
from shared.db import Tx
from shared.errors import Conflict, NotFound
from shared.period import MasaBayar


def subjek(periode: MasaBayar, opd: str, keadaan: str) -> str:
    """What a nudge about one OPD's next decision is about."""
    return f"penetapan:{periode}:{opd}:{keadaan}"


async def tahap_berikut(tx: Tx, periode: MasaBayar, opd: str, zone: str) -> colek.Terkirim:
    """Remind whoever takes the next decision. Raises NotFound, Forbidden, Conflict after the lock."""
    row = await SQL.satu(tx.conn, periode=str(periode), opd=opd)
    tx.guard.admit(Subject(unit_path=row["opd_path"] if row else None))
    if row is None:
        raise NotFound(
            f"OPD ini belum punya hasil perhitungan TPP {periode.tampil()}.",
            remedy="Jalankan perhitungan TPP lebih dahulu, atau periksa kode OPD-nya.",
        )
    if row["keadaan"] not in rules.PEMUTUS:
        raise Conflict("Penetapan OPD ini sudah dikunci.", remedy="Tidak ada yang perlu diingatkan.")
    if (await status(tx, periode)).keadaan != "selesai":
        # Nobody can decide before the figures are there.
        return await hitungan.perhitungan(tx, periode, zone)
    return await ingatkan(tx, periode, opd, row["opd_path"], row["keadaan"], zone)


async def ingatkan(
    tx: Tx, periode: MasaBayar, opd: str, opd_path: str, keadaan: str, zone: str
) -> colek.Terkirim:
    """Remind the role that decides next on an OPD in this state; the caller may."""
    peran = rules.PEMUTUS[keadaan]
    return await colek.ingatkan(
        tx,
        zone,
        colek.Tujuan.kepada_peran(peran, opd_path if peran == "keuangan_opd" else None),
        hal="penetapan",
        subjek=subjek(periode, opd, keadaan),
        bulan=periode,
        kalimat=rules.menunggu(keadaan, periode.tampil()),
    )


async def sudah(tx: Tx, periode: MasaBayar, opd: str, keadaan: str, zone: str) -> bool:
    """Whether the caller has reminded about this OPD's next decision, or about the run before it, today."""
    tx.guard.scope()
    subjects = [subjek(periode, opd, keadaan)]
    if (await status(tx, periode)).keadaan != "selesai":
        subjects = [hitungan.subjek(periode)]
    return bool(await colek.sudah_hari_ini(tx, zone, subjects))
