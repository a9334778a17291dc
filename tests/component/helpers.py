"""A small pemda for tests of skp: its spreadsheet, its people, and ways to the state a test begins with."""

import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import httpx2
import xlsxwriter

from shared.clock import local_date
from shared.period import Period
from tests.component.layanan import Layanan

Rows = list[list[str]]

UNIT: Rows = [
    ["PEMDA", "Pemerintah Daerah", "", "unit"],
    ["SETDA", "Sekretariat Daerah", "PEMDA", "opd"],
    ["DINKES", "Dinas Kesehatan", "PEMDA", "opd"],
    ["DINKES-1", "Bidang Pelayanan", "DINKES", "unit"],
    ["DIKBUD", "Dinas Pendidikan", "PEMDA", "opd"],
]
JABATAN: Rows = [
    ["SEKDA", "Sekretaris Daerah", "JPT", "15", "SETDA", ""],
    ["KADIS", "Kepala Dinas Kesehatan", "JPT", "14", "DINKES", "SEKDA"],
    ["KABID", "Kepala Bidang Pelayanan", "Administrator", "11", "DINKES-1", "KADIS"],
    ["STAF-1", "Perencana Ahli Pertama", "JF", "8", "DINKES-1", "KABID"],
    ["STAF-2", "Arsiparis Terampil", "JF", "6", "DINKES-1", "KABID"],
    ["KADIK", "Kepala Dinas Pendidikan", "JPT", "14", "DIKBUD", "SEKDA"],
    ["GURU", "Guru Ahli Muda", "JF", "9", "DIKBUD", "KADIK"],
]
NIP = {
    "sekda": "196801011995031001",
    "kadis": "197002022000031002",
    "kabid": "197503032001032003",
    "staf1": "198504042010011004",
    "staf2": "199005052015012005",
    "kadik": "197106061998031006",
    "guru": "198807072012012007",
}
POST = {
    "sekda": "SEKDA",
    "kadis": "KADIS",
    "kabid": "KABID",
    "staf1": "STAF-1",
    "staf2": "STAF-2",
    "kadik": "KADIK",
    "guru": "GURU",
}
ATASAN = {
    "kadis": "sekda",
    "kabid": "kadis",
    "staf1": "kabid",
    "staf2": "kabid",
    "kadik": "sekda",
    "guru": "kadik",
}
PEGAWAI: Rows = [
    [nip, f"Nama {who.capitalize()}", "PNS", "III/c", f"{who}@contoh.go.id"] for who, nip in NIP.items()
]
PENEMPATAN: Rows = [[nip, POST[who], "2026-01-01", "definitif"] for who, nip in NIP.items()]

_HEADERS = {
    "Unit Kerja": ["kode", "nama", "induk", "jenis"],
    "Jabatan": ["kode", "nama", "jenis", "kelas", "unit", "atasan"],
    "Pegawai": ["nip", "nama", "status", "golongan", "email"],
    "Penempatan": ["nip", "jabatan", "mulai", "sebagai"],
}


def buku(sheets: dict[str, Iterable[Sequence[Any]]]) -> bytes:
    """An XLSX with these sheets; text stays text, numbers stay numbers."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(number, column, value)
                    else:
                        sheet.write(number, column, value)
    return out.getvalue()


def organisasi(
    *,
    unit: Rows = UNIT,
    jabatan: Rows = JABATAN,
    pegawai: Rows = PEGAWAI,
    penempatan: Rows = PENEMPATAN,
) -> bytes:
    """The organisation file, with sheets replaced as a test needs it."""
    rows = {"Unit Kerja": unit, "Jabatan": jabatan, "Pegawai": pegawai, "Penempatan": penempatan}
    return buku({name: [_HEADERS[name], *rows[name]] for name in rows})


def pdf(text: str = "bukti") -> bytes:
    """A small whole PDF."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]>>endobj\n% "
        + text.encode()
        + b"\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
    )


@dataclass
class Pemda:
    """skp with the small pemda taken in."""

    layanan: Layanan
    hari_ini: date
    id: dict[str, UUID] = field(default_factory=dict)
    admin: UUID = field(default_factory=uuid4)

    @property
    def http(self) -> httpx2.AsyncClient:
        """The API."""
        return self.layanan.client

    @property
    def bulan(self) -> Period:
        """This month."""
        return Period.of(self.hari_ini)

    def sebagai(self, who: str, *peran: str, unit: str | None = None) -> dict[str, str]:
        """Headers of a request by somebody; `admin` is admin BKD. Each call carries a new key."""
        if who == "admin":
            return self.layanan.kepala(self.admin, "admin_bkd")
        return self.layanan.kepala(self.id[who], *peran, unit=unit)

    async def impor(self, isi: bytes, **query: str) -> dict[str, Any]:
        """Send an organisation file; the report."""
        response = await self.http.post(
            "/api/skp/impor/organisasi", params=query, content=isi, headers=self.sebagai("admin")
        )
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found

    async def tulis(self, who: str, method: str, path: str, **rest: Any) -> Any:
        """A write that must succeed; its answer."""
        response = await self.http.request(method, path, headers=self.sebagai(who), **rest)
        assert response.is_success, f"{response.status_code} {response.text}"
        return response.json() if response.content else None

    async def baca(self, who: str, path: str, *peran: str, unit: str | None = None, **query: Any) -> Any:
        """A read that must succeed; its answer."""
        response = await self.http.get(path, params=query, headers=self.sebagai(who, *peran, unit=unit))
        assert response.is_success, f"{response.status_code} {response.text}"
        return response.json()

    async def buka_bulan(self, bulan: Period | None = None) -> Period:
        """Open a month, this one unless named."""
        chosen = bulan or self.bulan
        await self.tulis("admin", "POST", "/api/skp/periode", json={"periode": str(chosen)})
        return chosen

    async def skp_disetujui(self, who: str) -> dict[str, Any]:
        """A plan of this year, agreed: as it reads afterwards."""
        made = await self.tulis(who, "POST", "/api/skp/skp", json=rencana(self.hari_ini.year))
        address = f"/api/skp/skp/{made['skp_id']}"
        await self.tulis(who, "POST", f"{address}/ajukan")
        await self.tulis(ATASAN.get(who, "admin"), "POST", f"{address}/setujui")
        found: dict[str, Any] = await self.baca(who, address)
        return found

    def realisasi(self, skp: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """The body of a realisasi for the first RHK of a plan."""
        body = {
            "skp_id": skp["skp_id"],
            "rhk_id": skp["rhk"][0]["rhk_id"],
            "periode": str(self.bulan),
            "tanggal": self.hari_ini.isoformat(),
            "uraian": "Menyusun laporan bulanan",
            "jumlah": "3",
            "satuan": "dokumen",
            "bukti": [],
        }
        return body | changes

    async def unggah(self, who: str, data: bytes, nama: str = "laporan.pdf") -> str:
        """Upload evidence; its hash."""
        sha256 = hashlib.sha256(data).hexdigest()
        await self.tulis(who, "PUT", f"/api/skp/bukti/{sha256}", params={"nama": nama}, content=data)
        return sha256


def rencana(tahun: int, *rhk: dict[str, Any]) -> dict[str, Any]:
    """The body of a plan with one RHK, or these."""
    one = {
        "rencana": "Tersusunnya laporan bulanan",
        "rhk_atasan_id": None,
        "indikator": [{"aspek": "kuantitas", "iki": "Jumlah laporan", "target": "12 laporan"}],
    }
    return {"tahun": tahun, "rhk": list(rhk) or [one]}


async def dirikan(layanan: Layanan) -> Pemda:
    """Take the small pemda in through the API."""
    now = await layanan.nilai("SELECT now()")
    pemda = Pemda(layanan, local_date(now, layanan.running.settings.zone))
    report = await pemda.impor(organisasi())
    assert report["diterapkan"], report
    rows = await layanan.baris("SELECT nip, pegawai_id FROM pegawai")
    by_nip = {row["nip"]: row["pegawai_id"] for row in rows}
    pemda.id = {who: by_nip[nip] for who, nip in NIP.items()}
    return pemda
