"""My month so far, and what would change it."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.andai.orang import SQL
from services.tpp.andai.pengaruh import catatan_predikat, pengaruh
from services.tpp.kebijakan import queries as kebijakan
from services.tpp.perhitungan.perkiraan import Pengandai
from services.tpp.perhitungan.queries import AlasanSlip, Status
from services.tpp.perhitungan.rules import Hasil
from services.tpp.perhitungan.run import masukan_dari, menurut_lain
from services.tpp.perhitungan.sementara import bahan
from services.tpp.slip.ingatkan import anda, subjek, tujuan
from shared import colek
from shared.auth.guard import Subject
from shared.db import Tx
from shared.errors import Conflict, NotFound
from shared.money import Rupiah
from shared.period import Period


class PengaruhSaya(BaseModel):
    """One thing that may still happen, and what my TPP would be then."""

    kode: str
    judul: str
    status: Status
    neto: Rupiah
    selisih: Rupiah | None = Field(description="Dibanding perkiraan; kosong bila pembayarannya lalu ditahan")
    rincian: list[str] = Field(description="Baris slip yang lalu berbunyi lain")
    alasan: list[AlasanSlip]


class BulanSaya(BaseModel):
    """My month as it stands, under the policy in force; nothing here is paid."""

    periode: Period
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


async def bulan_saya(tx: Tx, periode: Period) -> BulanSaya:
    """What the caller's month comes to so far, and what would change it.

    Raises Conflict when the month is computed already, NotFound without a jabatan or a policy.
    """
    assert tx.guard.principal is not None
    who = tx.guard.principal.pegawai_id
    tx.guard.admit(Subject(who))
    row = await SQL.fakta_saya(tx.conn, pegawai_id=who, periode=str(periode), hari=periode.last_day)
    policy = await kebijakan.berlaku(tx, periode)
    if row is not None and row["dihitung"]:
        raise Conflict(
            f"TPP {periode.tampil()} sudah dihitung.",
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
    known = await bahan(tx, policy.kebijakan, periode, [who])
    (fact,) = known.rows
    m = masukan_dari(fact, periode, known.lain)
    assert m is not None
    andai = Pengandai(policy.kebijakan, periode)
    guess = known.diandaikan(andai, fact, m)
    now = menurut_lain(andai.hitung(guess.masukan), who, known.lain)
    changes = [] if now.status == "ditahan" else pengaruh(policy.kebijakan, andai, guess, known.tahu[who])
    return BulanSaya(
        periode=periode,
        kebijakan_id=policy.kebijakan_id,
        kebijakan_nama=policy.nama,
        andaian=[one.kalimat for one in guess.andaian],
        catatan=catatan_predikat(policy.kebijakan, andai, guess.masukan),
        status=now.status,
        bruto=Rupiah(now.bruto),
        potongan=Rupiah(now.potongan),
        neto=Rupiah(now.neto),
        alasan=_alasan(now),
        pengaruh=[
            PengaruhSaya(
                kode=one.kode,
                judul=one.judul,
                status=one.hasil.status,
                neto=Rupiah(one.hasil.neto),
                selisih=Rupiah(one.hasil.neto - now.neto) if one.hasil.status == "dihitung" else None,
                rincian=list(one.rincian),
                alasan=_alasan(menurut_lain(one.hasil, who, known.lain)),
            )
            for one in changes
        ],
    )


async def ingatkan(tx: Tx, periode: Period, kode: str, zone: str) -> colek.Terkirim:
    """Remind whoever can mend what my estimate waits for. Raises Conflict when it does not, or for me."""
    found = await bulan_saya(tx, periode)
    reason = next((one for one in found.alasan if one.kode == kode), None)
    if reason is None:
        raise Conflict("Perkiraan Anda tidak sedang menunggu hal ini.", remedy="Muat ulang halaman ini.")
    who = tx.guard.principal
    assert who is not None
    row = await SQL.fakta_saya(
        tx.conn, pegawai_id=who.pegawai_id, periode=str(periode), hari=periode.last_day
    )
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


async def diingatkan(tx: Tx, periode: Period, kode: Sequence[str], zone: str) -> set[str]:
    """Of these reasons, those that the caller has sent a nudge about today."""
    who = tx.guard.principal
    assert who is not None
    tx.guard.admit(Subject(who.pegawai_id))
    about = {one: subjek(periode, who.pegawai_id, one) for one in kode}
    told = await colek.sudah_hari_ini(tx, zone, list(about.values()))
    return {one for one, subject in about.items() if subject in told}


def _alasan(hasil: Hasil) -> list[AlasanSlip]:
    return [AlasanSlip(**reason._asdict()) for reason in hasil.alasan]
