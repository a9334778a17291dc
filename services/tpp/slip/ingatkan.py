"""Nudges about one's own TPP: a held payment waits for an owner, a computed one for the next decision."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.pembayaran.rules import tindak_gagal
from services.tpp.penetapan import ingatkan as penetapan
from services.tpp.penetapan import rules as tahap
from services.tpp.perhitungan import rules
from services.tpp.perhitungan.masa import bulan_dasar
from services.tpp.perhitungan.run import SQL
from shared import colek
from shared.auth.guard import Principal, Subject
from shared.db import Tx
from shared.errors import Conflict, NotFound
from shared.period import MasaBayar

PENETAPAN = "penetapan"
PEMBARUAN = {
    "dibuka_kembali": "{bulan} dibuka kembali; TPP dihitung lagi sesudah bulan itu ditutup.",
    "dihitung_ulang": "{bulan} sudah ditutup lagi; TPP menunggu dihitung ulang.",
}
"""What an outdated figure waits for, by why it is outdated."""

PEMILIK = colek.PERAN | {
    "pegawai": "Pegawai sendiri",
    "atasan": "Pejabat penilai (atasan)",
    "pengelola_kinerja": colek.PERAN["pengelola"],
}
"""Owners of a held payment, as people call them."""


class Ingatan(BaseModel):
    """What to remind about."""

    kode: str = Field(
        min_length=1, max_length=64, description="Kode alasan pada slip, atau `penetapan`, atau `pembayaran`"
    )


class Tunggu(BaseModel):
    """One thing a payment waits for, seen by its owner."""

    kode: str
    kalimat: str
    siapa: str = Field(description="Sebutan yang perlu bertindak")
    anda: bool
    sudah_diingatkan: bool


def tujuan(row: Any, pemilik: str) -> colek.Tujuan:
    """Who an owner named by the policy is for this person."""
    match pemilik:
        case "pegawai":
            return colek.Tujuan(PEMILIK["pegawai"], row["pegawai_id"])
        case "atasan" if row["atasan_id"] is not None:
            return colek.Tujuan(PEMILIK["atasan"], row["atasan_id"])
        case "pengelola_kinerja":
            return colek.Tujuan.kepada_peran("pengelola", row["unit_kini"])
        case "keuangan_opd":
            return colek.Tujuan.kepada_peran("keuangan_opd", row["unit_kini"])
        case "bpkad" | "sysadmin":
            return colek.Tujuan.kepada_peran(pemilik)
        case _:
            return colek.Tujuan.kepada_peran("admin_bkd")


def subjek(periode: MasaBayar, pegawai_id: UUID, kode: str) -> str:
    """What a nudge about one reason of one person's month is about."""
    return f"tpp:{periode}:{pegawai_id}:{kode}"


def anda(who: Principal, target: colek.Tujuan) -> bool:
    """Whether somebody is the one to be reminded."""
    return target.pegawai_id == who.pegawai_id if target.pegawai_id else who.holds(str(target.peran))


async def _milik(tx: Tx, periode: MasaBayar) -> tuple[Principal, Any]:
    who = tx.guard.principal
    assert who is not None
    tx.guard.admit(Subject(who.pegawai_id))
    hari = (await bulan_dasar(tx, periode)).last_day
    row = await SQL.slip(tx.conn, periode=str(periode), pegawai_id=who.pegawai_id, hari=hari)
    if row is None or row["status"] is None:
        raise NotFound(f"TPP {periode.tampil()} belum dihitung.", remedy="Tunggu sampai TPP dihitung.")
    return who, row


async def daftar(tx: Tx, periode: MasaBayar, zone: str) -> list[Tunggu]:
    """What my TPP of a month waits for; empty once it is on its way to the bank."""
    who, row = await _milik(tx, periode)
    found: list[tuple[str, str, colek.Tujuan, str]] = []
    if row["sementara"]:
        # The month still runs: nobody is late.
        pass
    elif row["pembaruan"] and row["penetapan"] != "dikunci":
        kode = str(row["pembaruan"])
        kalimat = PEMBARUAN[kode].format(bulan=(await bulan_dasar(tx, periode)).tampil())
        target = colek.Tujuan.kepada_peran("admin_bkd")
        found.append((kode, kalimat, target, f"tpp-pembaruan:{periode}:{kode}"))
    elif row["status"] == "ditahan":
        for reason in rules.baca_alasan(row["alasan"]):
            target = tujuan(row, reason.pemilik)
            found.append((reason.kode, reason.kalimat, target, subjek(periode, who.pegawai_id, reason.kode)))
    elif row["penetapan"] in tahap.PEMUTUS:
        state = row["penetapan"]
        target = colek.Tujuan.kepada_peran(tahap.PEMUTUS[state], row["opd_path"])
        found.append(
            (
                PENETAPAN,
                tahap.menunggu(state, periode.tampil()),
                target,
                penetapan.subjek(periode, row["opd_kode"], state),
            )
        )
    elif row["bayar"] == "gagal":
        target = tujuan(row, tindak_gagal(row["ditarik"]).pemilik)
        kalimat = f"Pembayaran TPP {periode.tampil()} belum berhasil."
        found.append(("pembayaran", kalimat, target, subjek(periode, who.pegawai_id, "pembayaran")))
    told = await colek.sudah_hari_ini(tx, zone, [about for *_, about in found])
    return [
        Tunggu(
            kode=kode,
            kalimat=kalimat,
            siapa=target.sebutan,
            anda=anda(who, target),
            sudah_diingatkan=about in told,
        )
        for kode, kalimat, target, about in found
    ]


async def milik_saya(tx: Tx, periode: MasaBayar, kode: str, zone: str) -> colek.Terkirim:
    """Remind whoever my TPP waits for. Raises Conflict when it does not wait for that, or for myself."""
    who, row = await _milik(tx, periode)
    waits = {one.kode: one for one in await daftar(tx, periode, zone)}.get(kode)
    if waits is None:
        raise Conflict("TPP Anda tidak sedang menunggu hal ini.", remedy="Muat ulang halaman ini.")
    if waits.anda:
        raise Conflict("Anda sendiri yang perlu bertindak.", remedy=waits.kalimat)
    if kode == PENETAPAN:
        return await penetapan.ingatkan(tx, periode, row["opd_kode"], row["opd_path"], row["penetapan"], zone)
    if kode in PEMBARUAN:
        return await colek.ingatkan(
            tx,
            zone,
            colek.Tujuan.kepada_peran("admin_bkd"),
            hal="perhitungan",
            subjek=f"tpp-pembaruan:{periode}:{kode}",
            bulan=periode,
            kalimat=waits.kalimat,
            bersama=True,
        )
    reasons = {reason.kode: reason.pemilik for reason in rules.baca_alasan(row["alasan"])}
    return await colek.ingatkan(
        tx,
        zone,
        tujuan(row, reasons.get(kode, tindak_gagal(row["ditarik"]).pemilik)),
        hal="tpp",
        subjek=subjek(periode, who.pegawai_id, kode),
        tentang_id=who.pegawai_id,
        bulan=periode,
        kalimat=waits.kalimat,
    )
