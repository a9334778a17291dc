"""Making a file of a month: rows are written as they are read, and everyone in it leaves an audit row."""

import asyncio
import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.ekspor import penulis, rules, sebelah
from services.tpp.ekspor.pembagian import Kurang, Pembagian
from services.tpp.ekspor.profil import MASA_PAJAK, Kolom, Profil, semua
from services.tpp.kebijakan.model import PREDIKAT
from services.tpp.kebijakan.queries import kebijakan_dari
from services.tpp.perhitungan.masa import bulan_dasar
from services.tpp.rekening.queries import buka
from services.tpp.rekening.rules import DataBayar
from shared.brankas import Brankas
from shared.db import Tx, queries
from shared.errors import Conflict, FieldError, InvalidInput
from shared.period import MasaBayar, Period

SQL = queries("services.tpp.ekspor")

_SEKALIGUS = 1000
_DARI_BARIS = (
    "nama_pegawai", "opd_kode", "opd_nama", "jabatan_nama", "jenis_jabatan", "golongan",
)  # fmt: skip
_DITUNJUKKAN = 20
_REKENING = "Impor rekening orang-orang itu, atau sesuaikan profil berkasnya."
_TANPA_REKENING = DataBayar("", "", "", "", "", "", "", "")


class RingkasanProfil(BaseModel):
    """A kind of file that can be made."""

    kode: str
    nama: str
    jenis: str
    hanya: str = Field(
        description="dikunci: pembayaran OPD yang sudah dikunci; dihitung: semua yang dihitung"
    )
    sumber: list[str] = Field(description="Mana yang hukum, praktik, atau asumsi")
    isian: list[str] = Field(description="Yang harus diisi saat membuat berkas ini")


class DaftarProfil(BaseModel):
    """Every kind of file."""

    profil: list[RingkasanProfil]


class JumlahOpd(BaseModel):
    """How many people of an OPD files hold: all with a figure, and those of its locked payment."""

    opd_kode: str
    opd_nama: str
    dihitung: int
    dikunci: int

    def hanya(self, hanya: str) -> int:
        """The people of a profile that holds only these."""
        return self.dikunci if hanya == "dikunci" else self.dihitung


class Berkas(NamedTuple):
    """A file that was made, and how many people it holds."""

    path: Path
    baris: int


async def daftar(tx: Tx, folder: Path) -> DaftarProfil:
    """The profiles there are."""
    tx.guard.scope()
    return DaftarProfil(
        profil=[
            RingkasanProfil(
                kode=one.kode,
                nama=one.nama,
                jenis=one.jenis,
                hanya=one.hanya,
                sumber=list(one.sumber),
                isian=one.isian,
            )
            for one in semua(folder).values()
        ]
    )


def _diam(_: int) -> None:
    """Nobody asks how far it is."""


async def jumlah(tx: Tx, periode: MasaBayar) -> list[JumlahOpd]:
    """How many people each OPD of the caller has in files of a month."""
    scope = tx.guard.scope()
    rows = SQL.jumlah(tx.conn, periode=str(periode), **scope.where)
    return [JumlahOpd(**row) async for row in rows]


def lengkap(profil: Profil, masa: MasaBayar, isian: Mapping[str, str]) -> None:
    """Raises InvalidInput for an `isian` of this profile that is missing, or no month where one is asked."""
    wanted = profil.isian_untuk(masa)
    if absent := [name for name in wanted if not isian.get(name)]:
        raise InvalidInput(
            f"Berkas {profil.nama} memerlukan isian: {', '.join(absent)}.",
            remedy="Sebutkan tiap isian sebagai nama=nilai (API: isian=…, baris perintah: --isian …).",
            fields=[FieldError(f"/isian/{name}", "belum diisi", "Isi kolom ini") for name in absent],
        )
    if MASA_PAJAK in wanted:
        try:
            Period.parse(isian[MASA_PAJAK])
        except ValueError as error:
            raise InvalidInput(
                "Masa pajak pembayaran ini tidak terbaca.",
                fields=[FieldError(f"/isian/{MASA_PAJAK}", "bukan bulan", "Tulis TTTT-BB, misalnya 2026-06")],
            ) from error


async def buat(
    tx: Tx,
    periode: MasaBayar,
    profil: Profil,
    opd: str | None,
    isian: Mapping[str, str],
    brankas: Brankas,
    maju: Callable[[int], None] = _diam,
) -> Berkas:
    """A file of everyone the caller may see; the caller removes it. Nothing half-made is left behind.

    `maju` hears how many rows were written more. Raises InvalidInput for an `isian` that is missing, Conflict
    when somebody lacks what the file must have.
    """
    scope = tx.guard.scope()
    lengkap(profil, periode, isian)
    base = await bulan_dasar(tx, periode)
    policies = [
        row["kebijakan_id"] async for row in SQL.kebijakan(tx.conn, periode=str(periode), **scope.where)
    ]
    shares = {one: Pembagian(profil, await kebijakan_dari(tx, one)) for one in policies}
    with tempfile.NamedTemporaryFile(prefix="ekinerja-", suffix=f".{profil.jenis}", delete=False) as made:
        path = Path(made.name)
    try:
        rows = _Baris(profil, periode, isian, brankas, shares)
        subject = f"{periode.tampil()} {opd or ''}".strip()
        async with (
            sebelah.buka(path, profil, subject, rows.pembuka()) as writer,
            SQL.orang_cursor(
                tx.conn,
                periode=str(periode),
                hari=base.last_day,
                opd=opd,
                **scope.where,
                dikunci=profil.hanya == "dikunci",
            ) as opening,
        ):
            cursor = await opening
            while people := await cursor.fetch(_SEKALIGUS):
                await writer.tulis(await asyncio.to_thread(rows.susun, people))
                for person in people:
                    tx.audit(
                        "tpp.berkas-dibuat",
                        f"pegawai:{person['pegawai_id']}",
                        periode=str(periode),
                        profil=profil.kode,
                    )
                await tx.flush()
                maju(len(people))
            await writer.tutup()
        rows.periksa()
        return Berkas(path, rows.jumlah)
    except BaseException:
        _buang(path)
        raise


def _buang(path: Path) -> None:
    path.unlink(missing_ok=True)


class _Baris:
    """People as rows of one file, and what is missing for it."""

    def __init__(
        self,
        profil: Profil,
        periode: MasaBayar,
        isian: Mapping[str, str],
        brankas: Brankas,
        pembagian: Mapping[UUID, Pembagian],
    ) -> None:
        self.jumlah = 0
        self._profil, self._periode, self._isian, self._brankas = profil, periode, isian, brankas
        taxed = MASA_PAJAK in profil.isian_untuk(periode)
        self._bulan = Period.parse(isian[MASA_PAJAK]) if taxed else periode
        self._pembagian = pembagian
        self._cells = [self._cell(column) for column in profil.kolom]
        self._kurang: dict[Kurang, list[str]] = {}

    def pembuka(self) -> list[penulis.Sel]:
        """The cells before the list."""
        nobody = _Orang({}, {}, {})
        return [self._cell(column)(nobody) for column in self._profil.pembuka]

    def susun(self, people: list[Any]) -> list[list[penulis.Sel]]:
        """People as rows."""
        return [[cell(person) for cell in self._cells] for person in map(self._orang, people)]

    def periksa(self) -> None:
        """Raises Conflict naming who lacks something."""
        if not self._kurang:
            return
        reasons = []
        for reason, nips in self._kurang.items():
            more = f" dan {len(nips) - _DITUNJUKKAN} lainnya" if len(nips) > _DITUNJUKKAN else ""
            reasons.append(f"{reason.alasan}: {', '.join(nips[:_DITUNJUKKAN])}{more}")
        raise Conflict(
            f"Berkas {self._profil.nama} belum dapat dibuat. {'; '.join(reasons)}.",
            remedy=" ".join(dict.fromkeys(reason.perbaikan for reason in self._kurang)),
        )

    def _orang(self, row: Any) -> "_Orang":
        self.jumlah += 1
        profil, nip = self._profil, row["nip"]
        lines = _per_kode(row["baris"])
        data = (
            buka(self._brankas, UUID(str(row["pegawai_id"])), row["kunci"], row["isi"])
            if row["isi"]
            else _TANPA_REKENING
        )
        rupiah = {name: row[name] for name in ("bruto", "potongan", "neto")}

        def lacks(what: Kurang) -> None:
            self._lacks(what, nip)

        shares = self._pembagian[row["kebijakan_id"]]
        if profil.kriteria:
            rupiah |= shares.kriteria(row["bruto"], lines, row["masukan"], lacks)
        if profil.potongan:
            rupiah |= shares.potongan(row["potongan"], lines, lacks)
        if profil.iuran:
            rupiah |= shares.iuran(_per_kode(row["iuran"]), lacks)
        inputs = json.loads(row["masukan"])
        predikat = inputs.get("predikat")
        texts = {
            "nip": nip,
            "periode": str(self._periode),
            "bulan": f"{self._bulan.month:02d}",
            "tahun": str(self._bulan.year),
            "tanggal_lahir": f"{nip[6:8]}-{nip[4:6]}-{nip[:4]}",
            "kelas": str(row["kelas"] or ""),
            "predikat": PREDIKAT[predikat - 1].replace("_", " ").title() if predikat else "",
            **{name: row[name] or "" for name in _DARI_BARIS},
            # As the figure has them: what somebody became since is not what this month was paid by.
            "status": inputs["status"],
            "eselon": inputs.get("eselon", ""),
            **data._asdict(),
        }
        return _Orang(texts, rupiah, {"urutan": self.jumlah})

    def _cell(self, column: Kolom) -> "Callable[[_Orang], penulis.Sel]":
        if column.urutan:
            return lambda person: person.lain["urutan"]
        if column.tetap is not None:
            fixed = column.tetap
            return lambda _: fixed
        if column.isian is not None:
            given = self._isian[column.isian]
            return lambda _: given
        if column.rupiah is not None:
            name = column.rupiah
            return lambda person: person.rupiah[name]
        if column.persen is not None:
            part, whole = column.persen
            # A sheet is for people, for whom a full stop parts thousands.
            koma = "." if self._profil.jenis == "xml" else ","
            return lambda person: rules.persen_dua_desimal(person.rupiah[part], person.rupiah[whole], koma)
        return lambda person: self._text(column, person)

    def _text(self, column: Kolom, person: "_Orang") -> str:
        assert column.teks is not None
        value = person.teks[column.teks]
        if column.wajib and not value:
            self._lacks(Kurang(f"{column.judul} belum ada", _REKENING), person.teks["nip"])
        if column.teks == "nama_pegawai":  # nobody goes unnamed: who has no name yet is called by NIP
            value = value or person.teks["nip"]
        return column.peta.get(value, value)

    def _lacks(self, reason: Kurang, nip: str) -> None:
        self._kurang.setdefault(reason, []).append(nip)


def _per_kode(baris: str) -> dict[str, int]:
    """Of stored lines the sum of each code: parts of a month, and what is put right of earlier ones."""
    found: dict[str, int] = {}
    for line in json.loads(baris):
        found[line[0]] = found.get(line[0], 0) + line[1]
    return found


class _Orang(NamedTuple):
    """One person's cells by name."""

    teks: dict[str, str]
    rupiah: dict[str, int]
    lain: dict[str, int]
