"""Starting, pausing and resuming a period run, and what it still waits for."""

from typing import Any

from pydantic import BaseModel, Field

from services.tpp.kebijakan import queries as kebijakan
from services.tpp.kehadiran.ulang import sedang as sedang_dihitung_ulang
from services.tpp.perhitungan.masa import Khusus, buka, bulan_dasar, disebut
from services.tpp.perhitungan.run import SQL
from services.tpp.perhitungan.tambahan import minta_setahun
from shared.contracts.penilaian import PenilaianPeriodFinalised
from shared.contracts.periode import PeriodeClosed
from shared.contracts.tpp import TppRunPart
from shared.db import Tx
from shared.errors import Conflict
from shared.period import MasaBayar, Period

_BAGIAN_TERBANYAK = 500
_ORANG_SEBAGIAN = 200


class Kekurangan(BaseModel):
    """Something the run waits for, and who has to act."""

    kode: str
    kalimat: str
    pemilik: str = Field(description="Siapa yang harus bertindak; `sistem` bila cukup ditunggu")
    jumlah: int | None = Field(default=None, description="Berapa fakta yang belum sampai, bila diketahui")


class StatusPerhitungan(BaseModel):
    """The run of a month or an extra payment: where it stands, how far it is, what it waits for."""

    periode: MasaBayar
    nama: str | None = Field(description="Untuk pembayaran khusus: namanya menurut kebijakan")
    dasar: Period | None = Field(
        description="Untuk pembayaran khusus: bulan yang data dan kebijakannya dipakai"
    )
    dibayar: Period | None = Field(
        default=None, description="Untuk pembayaran khusus: bulan pembayarannya, yang pajaknya ia ikuti"
    )
    sesudah_dasar: bool = Field(
        default=False,
        description="Pajaknya dihitung ulang setahun sesudah bulan dasarnya dikunci; sebelum itu ditahan",
    )
    keadaan: str = Field(description="belum_siap, siap, berjalan, dijeda, selesai atau dibatalkan")
    kemajuan: float = Field(description="0 sampai 1")
    nomor: int | None = Field(description="Perhitungan keberapa untuk bulan ini")
    pegawai: int
    selesai: int = Field(description="Orang yang sudah melewati perhitungan ini")
    bagian: int = Field(description="Banyaknya bagian; pekerja mengambilnya satu per satu")
    bagian_selesai: int
    pekerja: int = Field(description="Proses yang ikut mengerjakan sejauh ini")
    dijeda_oleh: str | None = Field(description="Nama yang menjeda, selama dijeda")
    dihitung: int
    ditahan: int
    kurang: list[Kekurangan]


async def jalankan(tx: Tx, periode: MasaBayar) -> StatusPerhitungan:
    """Begin computing everyone of the closed month, or of an extra payment; workers do it in parts.

    A run in progress is left as it is. Raises Conflict naming what is missing and who has to act.
    """
    extra = None if isinstance(periode, Period) else await disebut(tx, periode)
    if extra is not None:
        await buka(tx, extra)
    month = await SQL.kunci_periode(tx.conn, periode=str(periode))
    run = await SQL.terakhir(tx.conn, periode=str(periode))
    if run is not None and run["keadaan"] == "berjalan" and run["untuk_version"] == month["version"]:
        return await status(tx, periode)
    missing = await kekurangan(tx, periode)
    if missing:
        raise Conflict(
            f"TPP {periode.tampil()} belum dapat dihitung: {missing[0].kalimat}",
            remedy=f"Yang harus bertindak: {missing[0].pemilik}.",
            kurang=[one.model_dump() for one in missing],
        )
    base = await bulan_dasar(tx, periode)
    policy = await kebijakan.berlaku(tx, base)
    assert policy is not None
    if run is not None and run["keadaan"] == "berjalan":
        await SQL.batalkan(tx.conn, periode=str(periode), nomor=run["nomor"])
    nomor = run["nomor"] + 1 if run is not None else 1
    people = await SQL.jumlah_roster(tx.conn, periode=str(base), version=month["version"])
    await SQL.mulai(
        tx.conn,
        periode=str(periode),
        nomor=nomor,
        version=month["version"],
        kebijakan_id=policy.kebijakan_id,
        pegawai=people,
    )
    await SQL.bagi(
        tx.conn,
        periode=str(periode),
        nomor=nomor,
        dasar=str(base),
        version=month["version"],
        bagian=max(1, min(_BAGIAN_TERBANYAK, people // _ORANG_SEBAGIAN)),
    )
    await _serahkan(tx, periode, nomor, 1)
    tx.audit(
        "tpp.perhitungan-dimulai",
        f"periode:{periode}",
        nomor=nomor,
        kebijakan_id=policy.kebijakan_id,
        pegawai=people,
    )
    return await status(tx, periode)


async def jeda(tx: Tx, periode: MasaBayar) -> StatusPerhitungan:
    """Let the parts at hand be finished and begin no other. Raises Conflict when nothing runs."""
    run = await _berjalan(tx, periode)
    if run["dijeda_pada"] is None:
        nama = tx.guard.principal.nama if tx.guard.principal else ""
        await SQL.jeda(tx.conn, periode=str(periode), nomor=run["nomor"], nama=nama)
        tx.audit("tpp.perhitungan-dijeda", f"periode:{periode}", nomor=run["nomor"])
    return await status(tx, periode)


async def lanjutkan(tx: Tx, periode: MasaBayar) -> StatusPerhitungan:
    """Hand out again what is left of a paused run. Raises Conflict when nothing is paused."""
    run = await _berjalan(tx, periode)
    if run["dijeda_pada"] is None:
        raise Conflict(
            f"Perhitungan TPP {periode.tampil()} tidak sedang dijeda.",
            remedy="Bila tidak maju, jeda dahulu, lalu lanjutkan: bagian yang belum selesai diserahkan lagi.",
        )
    await SQL.lanjutkan(tx.conn, periode=str(periode), nomor=run["nomor"])
    await _serahkan(tx, periode, run["nomor"], run["penyerahan"] + 1)
    tx.audit("tpp.perhitungan-dilanjutkan", f"periode:{periode}", nomor=run["nomor"])
    return await status(tx, periode)


async def _berjalan(tx: Tx, periode: MasaBayar) -> Any:
    """The run in progress, held against parts."""
    tx.guard.scope()
    await SQL.kunci_periode(tx.conn, periode=str(periode))
    run = await SQL.terakhir(tx.conn, periode=str(periode))
    if run is None or run["keadaan"] != "berjalan":
        raise Conflict(
            f"Tidak ada perhitungan TPP {periode.tampil()} yang sedang berjalan.",
            remedy="Lihat keadaannya pada halaman perhitungan.",
        )
    return run


async def _serahkan(tx: Tx, periode: MasaBayar, nomor: int, penyerahan: int) -> None:
    """Send every part that is left on its way to the workers."""
    async for row in SQL.bagian_sisa(tx.conn, periode=str(periode), nomor=nomor):
        tx.emit(
            TppRunPart(
                version=penyerahan,
                bagian_id=f"{periode}/{nomor}/{row['bagian']}",
                periode=periode,
                nomor=nomor,
                bagian=row["bagian"],
            )
        )


async def status(tx: Tx, periode: MasaBayar) -> StatusPerhitungan:
    """Where the run of a month stands. Holds no pay data."""
    tx.guard.scope()
    month = await SQL.periode(tx.conn, periode=str(periode))
    run = await SQL.terakhir(tx.conn, periode=str(periode))
    counts = await SQL.jumlah(tx.conn, periode=str(periode))
    missing = await kekurangan(tx, periode)
    named = None if isinstance(periode, Period) else await disebut(tx, periode)
    return StatusPerhitungan(
        periode=periode,
        nama=named.nama if named else None,
        dasar=named.dasar if named else None,
        dibayar=named.dibayar if named else None,
        sesudah_dasar=await _sesudah_dasar(tx, named) if named else False,
        keadaan=_keadaan(month, run, ready=not missing),
        kemajuan=run["bagian_selesai"] / max(1, run["bagian"]) if run else 0.0,
        nomor=run["nomor"] if run else None,
        pegawai=run["pegawai"] if run else 0,
        selesai=run["orang_selesai"] if run else 0,
        bagian=run["bagian"] if run else 0,
        bagian_selesai=run["bagian_selesai"] if run else 0,
        pekerja=run["pekerja"] if run else 0,
        dijeda_oleh=run["dijeda_nama"] if run and run["dijeda_pada"] else None,
        dihitung=counts["dihitung"],
        ditahan=counts["ditahan"],
        kurang=missing,
    )


async def _sesudah_dasar(tx: Tx, satu: Khusus) -> bool:
    policy = await kebijakan.berlaku(tx, satu.dasar)
    if policy is None or satu.dibayar.year != satu.dasar.year:
        return False
    return minta_setahun(policy.kebijakan, satu.dasar, satu.masa.kode)


def _keadaan(month: Any, run: Any, *, ready: bool) -> str:
    if run is not None and month is not None and run["untuk_version"] == month["version"]:
        return "dijeda" if run["keadaan"] == "berjalan" and run["dijeda_pada"] else str(run["keadaan"])
    return "siap" if ready else "belum_siap"


async def kekurangan(tx: Tx, masa: MasaBayar) -> list[Kekurangan]:
    """What a run of this month or extra payment still waits for; empty when it may begin.

    An extra payment waits for all that its month does, and for that month's own figures.
    """
    if isinstance(masa, Period):
        return await _kurang_sebulan(tx, masa)
    extra = await disebut(tx, masa)
    if extra is None:
        return [
            Kekurangan(
                kode="pembayaran_tidak_disebut",
                kalimat=f"Kebijakan TPP yang berlaku pada {masa.year} tidak menyebut TPP {masa.tampil()}.",
                pemilik="admin_bkd",
            )
        ]
    found = await _kurang_sebulan(tx, extra.dasar)
    month, run = await SQL.periode(tx.conn, periode=str(extra.dasar)), None
    if not found:
        run = await SQL.terakhir(tx.conn, periode=str(extra.dasar))
    if not found and (run is None or _keadaan(month, run, ready=True) != "selesai"):
        found.append(
            Kekurangan(
                kode="bulan_dasar_belum_dihitung",
                kalimat=f"TPP {extra.dasar.tampil()}, bulan dasarnya, belum selesai dihitung.",
                pemilik="admin_bkd",
            )
        )
    return found


async def _kurang_sebulan(tx: Tx, periode: Period) -> list[Kekurangan]:
    found = []
    nama = periode.tampil()
    month = await SQL.periode(tx.conn, periode=str(periode))
    if month is None or month["keadaan"] != "ditutup":
        found.append(
            Kekurangan(
                kode="periode_belum_ditutup",
                kalimat=f"Periode {nama} belum ditutup.",
                pemilik="admin_bkd",
            )
        )
    else:
        if month["lengkap_version"] < month["version"]:
            found.append(await _menunggu(tx, periode, PeriodeClosed.TYPE, "fakta_belum_lengkap", "fakta"))
        if month["final_version"] < month["version"]:
            found.append(
                await _menunggu(
                    tx, periode, PenilaianPeriodFinalised.TYPE, "penilaian_belum_final", "hasil penilaian"
                )
            )
    if await sedang_dihitung_ulang(tx, periode):
        found.append(
            Kekurangan(
                kode="kehadiran_dihitung_ulang",
                kalimat=f"Kehadiran {nama} sedang dihitung ulang sesudah kalender atau datanya berubah.",
                pemilik="sistem",
            )
        )
    if await kebijakan.berlaku(tx, periode) is None:
        found.append(
            Kekurangan(
                kode="kebijakan_belum_ada",
                kalimat=f"Belum ada kebijakan TPP aktif yang berlaku pada {nama}.",
                pemilik="admin_bkd",
            )
        )
    return found


async def _menunggu(tx: Tx, periode: Period, barrier: str, kode: str, apa: str) -> Kekurangan:
    known = await SQL.barrier(tx.conn, name=barrier, periode=str(periode))
    lacking = known["missing"] if known else None
    kalimat = f"{apa.capitalize()} {periode.tampil()} belum semuanya sampai"
    return Kekurangan(
        kode=kode,
        kalimat=f"{kalimat}; masih kurang {lacking}." if lacking else f"{kalimat}.",
        pemilik="sistem",
        jumlah=lacking,
    )
