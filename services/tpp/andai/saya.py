"""My month so far, and what would change it; an extra payment that is to come, as its month stands."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.andai.orang import SQL
from services.tpp.andai.pengaruh import catatan_predikat, pengaruh
from services.tpp.kebijakan import queries as kebijakan
from services.tpp.kebijakan.queries import Berlaku
from services.tpp.perhitungan.masa import Khusus, disebut, khusus
from services.tpp.perhitungan.perkiraan import Diketahui, Pengandai, Perkiraan
from services.tpp.perhitungan.queries import AlasanSlip, Status
from services.tpp.perhitungan.rules import Hasil
from services.tpp.perhitungan.run import masukan_dari, menurut_lain
from services.tpp.perhitungan.sementara import bahan
from services.tpp.perhitungan.tambahan import Tambahan
from services.tpp.slip.ingatkan import anda, subjek, tujuan
from shared import colek
from shared.auth.guard import Subject
from shared.db import Tx
from shared.errors import Conflict, NotFound
from shared.money import Rupiah
from shared.period import MasaBayar, Period

_SETAHUN = 12


class PengaruhSaya(BaseModel):
    """One thing that may still happen, and what my TPP would be then."""

    kode: str
    judul: str
    status: Status
    neto: Rupiah
    selisih: Rupiah | None = Field(description="Dibanding perkiraan; kosong bila pembayarannya lalu ditahan")
    rincian: list[str] = Field(description="Baris slip yang lalu berbunyi lain")
    alasan: list[AlasanSlip]


class SebutanKhusus(BaseModel):
    """An extra payment by its name."""

    periode: MasaBayar
    nama: str = Field(description="Menurut kebijakan")

    @property
    def sebutan(self) -> str:
        """As people call it."""
        return f"{self.nama} {self.periode.year}"


class KhususSaya(SebutanKhusus):
    """An extra payment that a policy names and that is not computed yet, as I may expect it."""

    dasar: Period = Field(description="Bulan yang datanya membayar")
    dibayar: Period = Field(description="Bulan pembayarannya menurut kebijakan")
    status: Status
    neto: Rupiah = Field(description="Perkiraan yang diterima")
    andaian: list[str] = Field(description="Yang belum diketahui dan diandaikan")


class DaftarKhusus(BaseModel):
    """My extra payments that are to come."""

    data: list[KhususSaya]


class BulanSaya(BaseModel):
    """My month, or an extra payment, as it stands under the policy in force; nothing here is paid."""

    periode: MasaBayar
    nama: str | None = Field(description="Untuk pembayaran khusus: namanya menurut kebijakan")
    dasar: Period | None = Field(description="Untuk pembayaran khusus: bulan yang datanya membayar")
    dibayar: Period | None = Field(description="Untuk pembayaran khusus: bulan pembayarannya")
    khusus: list[SebutanKhusus] = Field(description="Pembayaran khusus yang berdasar bulan ini")
    kebijakan_id: UUID
    kebijakan_nama: str
    andaian: list[str] = Field(description="Yang belum diketahui dan diandaikan")
    catatan: str | None = Field(description="Predikat bulan mana yang dipakai, bila bukan bulan ini")
    status: Status
    bruto: Rupiah
    potongan: Rupiah
    neto: Rupiah
    alasan: list[AlasanSlip]
    pengaruh: list[PengaruhSaya]


async def bulan_berjalan(tx: Tx) -> Period | None:
    """The newest month that still takes work. Holds no pay data."""
    tx.guard.scope()
    found = await SQL.bulan_berjalan(tx.conn)
    return Period.parse(found) if found else None


class _Kini(NamedTuple):
    """What somebody's payment comes to as it stands, and from what."""

    policy: Berlaku
    andai: Pengandai
    guess: Perkiraan
    tahu: Diketahui
    hasil: Hasil
    lain: Tambahan

    @property
    def andaian(self) -> list[str]:
        return [one.kalimat for one in self.guess.andaian]


async def bulan_saya(tx: Tx, masa: MasaBayar) -> BulanSaya:
    """What the caller's month or extra payment comes to so far, and what would change it.

    Raises Conflict when it is computed already, NotFound without a jabatan or a policy, or for an extra
    payment that no policy names or whose month is not there yet.
    """
    assert tx.guard.principal is not None
    who = tx.guard.principal.pegawai_id
    tx.guard.admit(Subject(who))
    extra = await _dinanti(tx, masa)
    one = await _kini(tx, who, masa, extra.dasar if extra else Period.parse(masa))
    now, k = one.hasil, one.policy.kebijakan
    changes = [] if now.status == "ditahan" else pengaruh(k, one.andai, one.guess, one.tahu)
    based = [] if extra else [found for found in await khusus(tx, [masa.year]) if found.dasar == masa]
    return BulanSaya(
        periode=masa,
        nama=extra.nama if extra else None,
        dasar=extra.dasar if extra else None,
        dibayar=extra.dibayar if extra else None,
        khusus=[SebutanKhusus(periode=found.masa, nama=found.nama) for found in based],
        kebijakan_id=one.policy.kebijakan_id,
        kebijakan_nama=one.policy.nama,
        andaian=one.andaian,
        catatan=catatan_predikat(k, one.andai, one.guess.masukan),
        status=now.status,
        bruto=Rupiah(now.bruto),
        potongan=Rupiah(now.potongan),
        neto=Rupiah(now.neto),
        alasan=_alasan(now),
        pengaruh=[
            PengaruhSaya(
                kode=change.kode,
                judul=change.judul,
                status=change.hasil.status,
                neto=Rupiah(change.hasil.neto),
                selisih=Rupiah(change.hasil.neto - now.neto) if change.hasil.status == "dihitung" else None,
                rincian=list(change.rincian),
                alasan=_alasan(menurut_lain(change.hasil, who, one.lain)),
            )
            for change in changes
        ],
    )


async def khusus_saya(tx: Tx) -> DaftarKhusus:
    """The extra payments that the caller may expect: named by a policy, based on a month that is there, not
    computed yet."""
    assert tx.guard.principal is not None
    who = tx.guard.principal.pegawai_id
    tx.guard.admit(Subject(who))
    months = [Period.parse(row["periode"]) async for row in SQL.bulan_dikenal(tx.conn, limit=_SETAHUN)]
    named = [one for one in await khusus(tx, [month.year for month in months]) if one.dasar in months]
    masa = [str(one.masa) for one in named]
    done = {row["periode"] async for row in SQL.khusus_terhitung(tx.conn, masa=masa, pegawai_id=who)}
    found: list[KhususSaya] = []
    for extra in named:
        if str(extra.masa) in done:
            continue
        try:
            one = await _kini(tx, who, extra.masa, extra.dasar)
        except NotFound:
            # Whoever had no jabatan in that month expects nothing of it.
            continue
        found.append(
            KhususSaya(
                periode=extra.masa,
                nama=extra.nama,
                dasar=extra.dasar,
                dibayar=extra.dibayar,
                status=one.hasil.status,
                neto=Rupiah(one.hasil.neto),
                andaian=one.andaian,
            )
        )
    return DaftarKhusus(data=found)


async def _dinanti(tx: Tx, masa: MasaBayar) -> Khusus | None:
    """The extra payment that somebody asks for; None of a month. Raises NotFound where none is to come."""
    if isinstance(masa, Period):
        return None
    extra = await disebut(tx, masa)
    if extra is None:
        raise NotFound(
            f"Kebijakan TPP yang berlaku pada {masa.year} tidak menyebut TPP {masa.tampil()}.",
            remedy="Tanyakan kepada admin BKD, bila pembayaran ini memang ada.",
        )
    if not await SQL.dikenal(tx.conn, periode=str(extra.dasar)):
        raise NotFound(
            f"{extra.nama} {masa.year} dihitung dari {extra.dasar.tampil()}, yang belum dibuka.",
            remedy="Perkiraannya muncul sesudah bulan itu dibuka.",
        )
    return extra


async def _kini(tx: Tx, who: UUID, masa: MasaBayar, periode: Period) -> _Kini:
    row = await SQL.fakta_saya(tx.conn, pegawai_id=who, periode=str(masa), hari=periode.last_day)
    policy = await kebijakan.berlaku(tx, periode)
    if row is not None and row["dihitung"]:
        raise Conflict(
            f"TPP {masa.tampil()} sudah dihitung.",
            remedy="Lihat rinciannya di slip; angkanya sudah tetap.",
        )
    if row is None or row["kelas"] is None:
        raise NotFound(
            "Jabatan Anda bulan itu belum tercatat.", remedy="Hubungi admin BKD untuk melengkapi datanya."
        )
    if policy is None:
        raise NotFound(
            f"Belum ada kebijakan TPP yang berlaku pada {periode.tampil()}.",
            remedy="Tunggu sampai admin BKD mengaktifkannya.",
        )
    known = await bahan(tx, policy.kebijakan, periode, [who], masa.kode)
    (fact,) = known.rows
    m = masukan_dari(fact, periode, known.lain)
    assert m is not None
    andai = Pengandai(policy.kebijakan, periode, masa.kode)
    guess = known.diandaikan(andai, fact, m)
    now = menurut_lain(andai.hitung(guess.masukan), who, known.lain)
    return _Kini(policy, andai, guess, known.tahu[who], now, known.lain)


async def ingatkan(tx: Tx, periode: MasaBayar, kode: str, zone: str) -> colek.Terkirim:
    """Remind whoever can mend what my estimate waits for. Raises Conflict when it does not, or for me."""
    found = await bulan_saya(tx, periode)
    reason = next((one for one in found.alasan if one.kode == kode), None)
    if reason is None:
        raise Conflict("Perkiraan Anda tidak sedang menunggu hal ini.", remedy="Muat ulang halaman ini.")
    who = tx.guard.principal
    assert who is not None
    base = found.dasar or Period.parse(periode)
    row = await SQL.fakta_saya(tx.conn, pegawai_id=who.pegawai_id, periode=str(periode), hari=base.last_day)
    target = tujuan(row, reason.pemilik)
    if anda(who, target):
        raise Conflict("Anda sendiri yang perlu bertindak.", remedy=reason.kalimat)
    return await colek.ingatkan(
        tx,
        zone,
        target,
        hal="tpp",
        subjek=subjek(periode, who.pegawai_id, kode),
        tentang_id=who.pegawai_id,
        bulan=periode,
        kalimat=reason.kalimat,
    )


async def diingatkan(tx: Tx, periode: MasaBayar, kode: Sequence[str], zone: str) -> set[str]:
    """Of these reasons, those that the caller has sent a nudge about today."""
    who = tx.guard.principal
    assert who is not None
    tx.guard.admit(Subject(who.pegawai_id))
    about = {one: subjek(periode, who.pegawai_id, one) for one in kode}
    told = await colek.sudah_hari_ini(tx, zone, list(about.values()))
    return {one for one, subject in about.items() if subject in told}


def _alasan(hasil: Hasil) -> list[AlasanSlip]:
    return [AlasanSlip(**reason._asdict()) for reason in hasil.alasan]
