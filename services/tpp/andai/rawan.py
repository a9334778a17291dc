"""Who of an OPD may lose out this month, why, who can mend it, and a nudge to them.

Shares and reasons only: whoever looks after people need not see what they earn.
"""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.andai.orang import SQL
from services.tpp.kebijakan import queries as kebijakan
from services.tpp.pegawai.nama import NAMA_PEGAWAI
from services.tpp.perhitungan import rules
from services.tpp.perhitungan.perkiraan import KELENGKAPAN, Andaian, ditunggu
from services.tpp.slip.ingatkan import PEMILIK, anda, tujuan
from shared import colek
from shared.auth.guard import Principal, Subject
from shared.db import Tx
from shared.errors import Conflict, NotFound
from shared.http import decode_cursor, page
from shared.period import Period

Jenis = Literal[
    "ditahan", "belum_dinilai", "tanpa_kehadiran", "tanpa_gaji", "data_kurang", "nol", "potongan_besar",
    "turun",
]  # fmt: skip

_DITUNGGU = ("predikat", "kehadiran", "gaji")
"""What is looked for of everybody, also of whom there is no estimate."""


class SebabRawan(BaseModel):
    """One reason, and who can mend it."""

    kode: str
    kalimat: str
    pemilik: str
    siapa: str = Field(description="Sebutan yang perlu bertindak")
    anda: bool
    sudah_diingatkan: bool


class OrangRawan(BaseModel):
    """Somebody who may lose out."""

    pegawai_id: UUID
    nip: str
    nama_pegawai: str | None = Field(description=NAMA_PEGAWAI)
    opd_kode: str
    unit_path: str
    tetap: bool = Field(description="Angkanya sudah dihitung, bukan perkiraan")
    andaian: list[str] = Field(description="Yang belum diketahui dan diandaikan dalam perkiraannya")
    sebab: list[SebabRawan]


class RingkasanRawan(BaseModel):
    """How many people each reason touches; one person may have several."""

    orang: int
    ditahan: int
    belum_dinilai: int
    tanpa_kehadiran: int
    tanpa_gaji: int
    data_kurang: int
    nol: int
    potongan_besar: int
    turun: int


class DaftarRawan(BaseModel):
    """Those of a month, by NIP."""

    periode: Period
    kebijakan_nama: str | None = Field(description="Kosong bila belum ada kebijakan yang berlaku")
    ringkasan: RingkasanRawan
    data: list[OrangRawan]
    berikutnya: str | None


class Ingatan(BaseModel):
    """What to remind about."""

    kode: str = Field(min_length=1, max_length=64)


async def daftar(
    tx: Tx, periode: Period, jenis: Jenis | None, cursor: str | None, limit: int, zone: str
) -> DaftarRawan:
    """People of the caller's units who may lose out; each one shown is audited."""
    scope = tx.guard.scope()
    after = decode_cursor(cursor, sesudah_nip=str, sesudah_id=UUID)
    aturan = await _aturan(tx, periode)
    where = {**aturan.bulan, **scope.where, **{name: name in aturan.tunggu for name in _DITUNGGU}}
    found = [row async for row in SQL.rawan(tx.conn, **where, jenis=jenis, **after, limit=limit + 1)]
    sums = {name: found[0][f"jumlah_{name}"] for name in RingkasanRawan.model_fields}
    rows = [row for row in found if row["pegawai_id"] is not None]
    for row in rows[:limit]:
        tx.audit("tpp.rawan-dibaca", f"pegawai:{row['pegawai_id']}", periode=str(periode))
    reasons = {row["pegawai_id"]: _sebab(aturan, row) for row in rows}
    about = [_subjek(periode, who, one.kode) for who, found in reasons.items() for one in found]
    told = await colek.sudah_hari_ini(tx, zone, about)
    who = tx.guard.principal
    assert who is not None
    people = [_orang(who, periode, row, reasons[row["pegawai_id"]], told) for row in rows]
    shown = page(people, limit, lambda one: (one.nip, one.pegawai_id))
    return DaftarRawan(
        periode=periode,
        kebijakan_nama=aturan.nama,
        ringkasan=RingkasanRawan(**sums),
        data=shown.data,
        berikutnya=shown.berikutnya,
    )


async def ingatkan(tx: Tx, periode: Period, pegawai_id: UUID, kode: str, zone: str) -> colek.Terkirim:
    """Remind whoever can mend one reason. Raises NotFound, Forbidden, Conflict when it is no longer so."""
    aturan = await _aturan(tx, periode)
    row = await SQL.keadaan_satu(tx.conn, **aturan.bulan, pegawai_id=pegawai_id)
    tx.guard.admit(Subject(pegawai_id, row["unit_path"] if row else None))
    if row is None:
        raise NotFound("Pegawai ini tidak bertugas pada bulan itu.", remedy="Periksa bulannya.")
    reason = next((one for one in _sebab(aturan, row) if one.kode == kode), None)
    if reason is None:
        raise Conflict("Hal ini sudah tidak menunggu.", remedy="Muat ulang halaman ini.")
    return await colek.ingatkan(
        tx,
        zone,
        tujuan(row, reason.pemilik),
        hal="tpp",
        subjek=_subjek(periode, pegawai_id, kode),
        tentang_id=pegawai_id,
        bulan=periode,
        kalimat=reason.kalimat,
    )


class _Aturan(NamedTuple):
    """What the policy of a month makes of it: its name, the months whose facts count, and who owns each of
    the groups of facts that it waits for. Nothing is waited for where none is in force."""

    periode: Period
    nama: str | None
    sumber: Period
    tunggu: Mapping[str, str]

    @property
    def bulan(self) -> dict[str, Any]:
        """The months as the queries take them."""
        return {
            "periode": str(self.periode),
            "hari": self.periode.last_day,
            "sebelumnya": str(self.periode.plus(-1)),
            "sumber": str(self.sumber),
        }


async def _aturan(tx: Tx, periode: Period) -> _Aturan:
    policy = await kebijakan.berlaku(tx, periode)
    if policy is None:
        return _Aturan(periode, None, periode, {})
    rule = policy.kebijakan
    return _Aturan(periode, policy.nama, rule.sumber_predikat.periode(periode), ditunggu(rule, periode))


def _sebab(aturan: _Aturan, row: Any) -> list[rules.Alasan]:
    periode, nama, tunggu = aturan.periode, aturan.periode.tampil(), aturan.tunggu
    found: list[rules.Alasan] = []
    if row["status"] == "ditahan":
        found += rules.baca_alasan(row["alasan"])
    if not row["dihitung"]:
        known = {one.kode for one in found}
        if (
            "predikat" in tunggu
            and row["predikat"] is None
            and not known & {"belum_dinilai", "predikat_belum_ada"}
        ):
            kalimat = f"Kinerja {aturan.sumber.tampil()} belum dinilai"
            found.append(rules.Alasan("belum_dinilai", kalimat, "atasan", ""))
        if "kehadiran" in tunggu and not row["ada_kehadiran"] and "kehadiran_belum_ada" not in known:
            kalimat = f"Rekap kehadiran {nama} belum diterima"
            found.append(rules.Alasan("tanpa_kehadiran", kalimat, "pengelola_kinerja", ""))
        if "gaji" in tunggu and not row["ada_gaji"] and "gaji_belum_ada" not in known:
            found.append(rules.Alasan("tanpa_gaji", "Data gaji belum diterima", "keuangan_opd", ""))
        for one in row["andaian"]:
            if one["kode"] in KELENGKAPAN:
                owner = tunggu.get(one["kode"], "pengelola_kinerja")
                found.append(rules.Alasan(one["kode"], one["kurang"], owner, ""))
    if row["status"] == "dihitung":
        if row["neto"] == 0:
            found.append(rules.Alasan("nol", f"TPP {nama} nol rupiah", "pegawai", ""))
        elif row["potong"] > 0 and 4 * row["potong"] >= row["bruto"] + row["potong"]:
            share = 100 * row["potong"] // (row["bruto"] + row["potong"])
            kalimat = f"Potongan kinerja dan kehadiran {share}% dari hak {nama}"
            found.append(rules.Alasan("potongan_besar", kalimat, "pegawai", ""))
        fall = (row["lalu"] or 0) - row["neto"]
        if fall > 0 and 4 * fall >= row["lalu"]:
            before = periode.plus(-1).tampil()
            kalimat = f"TPP {nama} turun {100 * fall // row['lalu']}% dibanding {before}"
            found.append(rules.Alasan("turun", kalimat, "pegawai", ""))
    return list({one.kode: one for one in found}.values())


def _orang(
    who: Principal, periode: Period, row: Any, reasons: list[rules.Alasan], told: set[str]
) -> OrangRawan:
    return OrangRawan(
        pegawai_id=row["pegawai_id"],
        nip=row["nip"],
        nama_pegawai=row["nama_pegawai"],
        opd_kode=row["opd_kode"],
        unit_path=row["unit_path"],
        tetap=row["dihitung"],
        andaian=[Andaian(**one).kalimat for one in row["andaian"]],
        sebab=[
            SebabRawan(
                kode=one.kode,
                kalimat=one.kalimat,
                pemilik=one.pemilik,
                siapa=PEMILIK.get(one.pemilik, one.pemilik),
                anda=anda(who, tujuan(row, one.pemilik)),
                sudah_diingatkan=_subjek(periode, row["pegawai_id"], one.kode) in told,
            )
            for one in reasons
        ],
    )


def _subjek(periode: Period, pegawai_id: UUID, kode: str) -> str:
    return f"rawan:{periode}:{pegawai_id}:{kode}"
