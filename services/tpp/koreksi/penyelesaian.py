"""What no monthly payment settles: corrections of people who left, months that cannot be worked out again.

Whoever left has no later TPP to take an overpayment from, or to pay what is owed with; and what an extra
payment (TPP 13, THR) should have been is not taken through the contributions and tax of a month. It stands
here with who has to act until BPKAD notes how it was settled; nothing is paid or claimed by this service
itself.
"""

import json
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from services.tpp.koreksi.tandai import SQL
from shared.auth.guard import Subject
from shared.clock import local_date
from shared.db import Tx
from shared.errors import Conflict, FieldError, Forbidden, InvalidInput, NotFound
from shared.http import Page, decode_cursor, page
from shared.money import Rupiah
from shared.period import MasaBayar, Period

Jenis = Literal["tagih", "bayar", "iuran", "periksa"]
Cara = Literal["disetor", "dibayar", "dihapus"]

_TINDAKAN: dict[Jenis, str] = {
    "tagih": "Tidak ada TPP berikutnya yang dapat dipotong. Bendahara OPD menagih pegawai itu, atau ahli "
    "warisnya bila ia meninggal, untuk disetor ke kas daerah; BPKAD lalu mencatat nomor setorannya.",
    "bayar": "Tidak ada TPP berikutnya yang dapat membawanya. Keuangan OPD mengajukan pembayaran tersendiri "
    "kepada pegawai itu, atau ahli warisnya bila ia meninggal; BPKAD lalu mencatat nomor SP2D-nya.",
    "iuran": "Yang diterima pegawai itu tidak berubah. Bendahara OPD membetulkan iuran pemberi kerja bulan "
    "itu pada penyelenggara jaminannya; BPKAD lalu mencatat nomor buktinya.",
    "periksa": "Yang sudah dibayar belum berubah. Lengkapi datanya; bulan itu lalu dihitung ulang sendiri.",
}


_TINDAKAN_KHUSUS: dict[Jenis, str] = _TINDAKAN | {
    "tagih": "TPP bulanan tidak memotong selisih pembayaran khusus. Bendahara OPD menagih pegawai itu, atau "
    "ahli warisnya bila ia meninggal, untuk disetor ke kas daerah; BPKAD lalu mencatat nomor setorannya.",
    "bayar": "TPP bulanan tidak membawa selisih pembayaran khusus. Keuangan OPD mengajukan "
    "pembayaran tersendiri kepada pegawai itu, atau ahli warisnya bila ia meninggal; BPKAD lalu mencatat "
    "nomor SP2D-nya.",
}


class Penyelesaian(BaseModel):
    """One thing to be settled: whose, of which month, how much, and what has to be done."""

    pegawai_id: UUID
    nip: str
    opd_kode: str
    periode: MasaBayar
    urutan: int = Field(description="Nomor koreksinya; 0 pada bulan yang tidak dapat dihitung ulang")
    jenis: Jenis = Field(
        description="tagih: kelebihan bayar; bayar: kekurangan bayar; iuran: hanya iuran pemberi kerjanya "
        "yang berbeda; periksa: bulan terkunci yang tidak dapat dihitung ulang"
    )
    jumlah: Rupiah = Field(description="Yang belum selesai, bersih dan bertanda; nol pada `periksa`")
    selisih_bruto: Rupiah = Field(description="Selisih sebelum potongan, untuk pembetulan pajak dan iuran")
    selisih_neto: Rupiah
    selisih_iuran: Rupiah = Field(description="Selisih iuran pemberi kerja di sampingnya, bertanda")
    sebab: list[str]
    pemilik: str = Field(description="Siapa yang harus bertindak")
    tindakan: str = Field(description="Apa yang harus dilakukan")
    sejak: datetime


class Selesai(BaseModel):
    """How it was settled."""

    cara: Cara = Field(description="disetor ke kas daerah, dibayar tersendiri, atau dihapus oleh keputusan")
    tanggal: date = Field(description="Tanggal setoran, SP2D, atau keputusan")
    bukti: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200)] = Field(
        description="Nomor setoran (STS), SP2D, atau keputusan penghapusan"
    )


async def daftar(tx: Tx, opd: str | None, cursor: str | None, limit: int) -> Page[Penyelesaian]:
    """All that waits to be settled, of everyone the caller may see; each reading is audited."""
    after = decode_cursor(cursor, sesudah_opd=str, sesudah_nip=str, sesudah_periode=str, sesudah_urutan=int)
    rows = [
        row
        async for row in SQL.penyelesaian(
            tx.conn, opd=opd, **tx.guard.scope().where, **after, limit=limit + 1
        )
    ]
    for row in rows[:limit]:
        tx.audit("tpp.penyelesaian-dibaca", f"pegawai:{row['pegawai_id']}", periode=row["periode"])
    return page(
        [_satu(row) for row in rows], limit, lambda one: (one.opd_kode, one.nip, str(one.periode), one.urutan)
    )


async def satu(tx: Tx, periode: MasaBayar, pegawai_id: UUID, urutan: int) -> Penyelesaian:
    """One correction that waits to be settled. Raises NotFound when it does not, Forbidden."""
    row = await SQL.luar(tx.conn, periode=str(periode), pegawai_id=pegawai_id, urutan=urutan)
    tx.guard.admit(Subject(pegawai_id, row["unit_path"]) if row else Subject())
    if row is None:
        raise NotFound(
            "Koreksi ini tidak menunggu penyelesaian.",
            remedy="Muat ulang daftarnya: mungkin sudah dicatat, atau dibawa bulan berikutnya.",
        )
    tx.audit("tpp.penyelesaian-dibaca", f"pegawai:{pegawai_id}", periode=str(periode))
    return _satu(row)


async def selesaikan(
    tx: Tx, periode: MasaBayar, pegawai_id: UUID, urutan: int, body: Selesai, zone: str
) -> Penyelesaian:
    """Note how a correction was settled outside the monthly payments, once and for its whole rest.

    Raises NotFound, Forbidden (also for one's own), InvalidInput for a way that does not fit its sign, or a
    day to come, Conflict when it is settled already or a monthly payment carries it.
    """
    whose = {"periode": str(periode), "pegawai_id": pegawai_id, "urutan": urutan}
    held = await SQL.tahan(tx.conn, **whose)
    tx.guard.admit(Subject(pegawai_id, held["unit_path"]) if held else Subject())
    if held is None:
        raise NotFound("Koreksi ini tidak ada.", remedy="Muat ulang daftarnya.")
    who = tx.guard.principal
    assert who is not None
    if who.pegawai_id == pegawai_id:
        raise Forbidden("Ini koreksi TPP Anda sendiri.", remedy="Minta petugas BPKAD lain mencatatnya.")
    row = await SQL.luar(tx.conn, **whose)
    if row is None:
        raise Conflict(
            "Koreksi ini tidak menunggu penyelesaian lagi.",
            remedy="Muat ulang daftarnya: mungkin sudah dicatat, atau dibawa bulan berikutnya.",
        )
    _periksa(body, row["jumlah"], local_date(tx.now, zone))
    await SQL.selesaikan(
        tx.conn, **whose, cara=body.cara, dasar=row["dasar"], jumlah=row["jumlah"], tanggal=body.tanggal,
        bukti=body.bukti, oleh=who.pegawai_id, nama=who.nama,
    )  # fmt: skip
    tx.audit(
        "tpp.koreksi-diselesaikan", f"pegawai:{pegawai_id}", periode=str(periode), urutan=urutan,
        cara=body.cara, bukti=body.bukti,
    )  # fmt: skip
    return _satu(row)


def _periksa(body: Selesai, jumlah: int, today: date) -> None:
    fields = []
    if (body.cara == "disetor" and jumlah > 0) or (body.cara == "dibayar" and jumlah < 0):
        fits = "dibayar" if jumlah > 0 else "disetor"
        what = "kekurangan" if jumlah > 0 else "kelebihan"
        fields.append(FieldError("/cara", f"ini {what} bayar", f"Pilih {fits}, atau dihapus."))
    if body.tanggal > today:
        fields.append(FieldError("/tanggal", "belum terjadi", "Tulis tanggal bukti yang sudah ada."))
    if fields:
        raise InvalidInput("Penyelesaian ini belum dapat dicatat.", fields=fields)


def _satu(row: Any) -> Penyelesaian:
    reasons = json.loads(row["alasan"]) if row["alasan"] else []
    jenis: Jenis = "periksa" if reasons else "tagih" if row["jumlah"] < 0 else "bayar"
    if jenis == "bayar" and not row["jumlah"] and row["selisih_iuran"]:
        jenis = "iuran"
    masa = MasaBayar.parse(row["periode"])
    return Penyelesaian(
        pegawai_id=row["pegawai_id"],
        nip=row["nip"],
        opd_kode=row["opd_kode"],
        periode=masa,
        urutan=row["urutan"],
        jenis=jenis,
        jumlah=Rupiah(row["jumlah"]),
        selisih_bruto=Rupiah(row["selisih_bruto"]),
        selisih_neto=Rupiah(row["selisih_neto"]),
        selisih_iuran=Rupiah(row["selisih_iuran"]),
        sebab=[reason["kalimat"] for reason in reasons] or row["sebab"],
        pemilik=reasons[0]["pemilik"] if reasons else "keuangan_opd",
        tindakan=(_TINDAKAN if isinstance(masa, Period) else _TINDAKAN_KHUSUS)[jenis],
        sejak=row["dibuat_pada"],
    )
