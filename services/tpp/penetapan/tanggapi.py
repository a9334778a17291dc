"""Answering for what was found in an OPD's month."""

from pydantic import BaseModel, Field

from services.tpp.penetapan.commands import muat
from services.tpp.penetapan.pemeriksaan import SQL, Pemeriksaan, periksa
from shared.db import Tx
from shared.errors import Conflict
from shared.period import MasaBayar


class IsiTanggapan(BaseModel):
    """The answer: why the OPD's month may be locked as it is."""

    sidik: str = Field(pattern=r"^[0-9a-f]{64}$")
    jawaban: str = Field(min_length=5, max_length=1000)


async def tanggapi(tx: Tx, periode: MasaBayar, opd: str, body: IsiTanggapan, persen: int) -> Pemeriksaan:
    """Answer for the findings. Raises NotFound, Forbidden, Conflict when others were found meanwhile."""
    _, row, who = await muat(tx, periode, opd)
    if row["keadaan"] == "dikunci":
        raise Conflict("Penetapan OPD ini sudah dikunci.", remedy="Tidak ada lagi yang perlu ditanggapi.")
    found = await periksa(tx, periode, opd, persen)
    if found.sidik != body.sidik or not found.total:
        raise Conflict(
            "Temuannya sudah berubah sejak halaman ini dibuka.",
            remedy="Periksa daftar temuan yang terbaru, lalu tanggapi lagi.",
        )
    assert tx.guard.principal is not None
    await SQL.tanggapi(
        tx.conn,
        periode=str(periode),
        opd=opd,
        sidik=found.sidik,
        temuan=found.total,
        jawaban=body.jawaban,
        oleh=who,
        nama=tx.guard.principal.nama,
    )
    tx.audit("tpp.temuan-ditanggapi", f"opd:{opd}", periode=str(periode), temuan=found.total)
    return await periksa(tx, periode, opd, persen)
