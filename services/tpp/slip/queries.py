"""A slip as a document: what it says of whom, and the token by which anyone can check the paper."""

import base64
import struct
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.kebijakan.model import PREDIKAT
from services.tpp.perhitungan.queries import BarisSlip, Slip, slip
from services.tpp.rekening.brankas import Brankas, Tersegel, TidakTerbuka
from services.tpp.rekening.queries import buka
from services.tpp.slip import rules
from shared.clock import ZONES
from shared.db import Tx, queries
from shared.errors import NotFound
from shared.money import Rupiah
from shared.nip import Nip
from shared.period import Period

SQL = queries("services.tpp.slip")

_KONTEKS = b"slip"
_ISI = struct.Struct(">16sHBQ")
_KID = 6
_PEMILIK = {
    "atasan": "Atasan Anda",
    "pegawai": "Anda sendiri",
    "pengelola_kinerja": "Pengelola kinerja OPD",
    "admin_bkd": "BKD",
    "keuangan_opd": "Keuangan OPD",
    "bpkad": "BPKAD",
    "sysadmin": "Pengelola sistem",
}


class HasilPeriksa(BaseModel):
    """What a printed slip's token says. No name, and the NIP only in part."""

    asli: bool = Field(description="Token ini dibuat sistem ini")
    cocok: bool = Field(description="Jumlah pada slip sama dengan yang tercatat sekarang")
    periode: Period
    opd_kode: str
    nip: str = Field(description="Empat angka pertama dan tiga terakhir")
    neto: Rupiah = Field(description="Jumlah yang tertulis saat slip dicetak")
    kalimat: str


async def saya(tx: Tx, periode: Period, alamat: str, zone: str, brankas: Brankas) -> dict[str, Any]:
    """The caller's own slip, as the template takes it."""
    assert tx.guard.principal is not None
    return await dokumen(tx, periode, tx.guard.principal.pegawai_id, alamat, zone, brankas)


async def dokumen(
    tx: Tx, periode: Period, pegawai_id: UUID, alamat: str, zone: str, brankas: Brankas
) -> dict[str, Any]:
    """One person's slip, as the template takes it. Raises NotFound; reading another's leaves an audit row."""
    found = await slip(tx, periode, pegawai_id)
    who = await SQL.orang(tx.conn, pegawai_id=pegawai_id, hari=periode.last_day)
    nama = buka(brankas, pegawai_id, who["kunci"], who["isi"]).nama if who["isi"] else ""
    split = rules.bagi_baris([int(str(line.jumlah)) for line in found.baris], int(str(found.bruto)))
    lines = [_baris(number, line) for number, line in enumerate(found.baris, 1)]
    # There is nothing to confirm about an estimate or a payment that waits.
    token = None if found.sementara or found.status == "ditahan" else buat_token(brankas, found)
    return {
        "bulan": periode.tampil(),
        "opd": who["opd_nama"] or found.opd_kode,
        "sementara": found.sementara,
        "status": found.status,
        "identitas": _identitas(found, who, nama),
        "bruto": found.bruto.tampil(),
        "potongan": found.potongan.tampil(),
        "jumlah_potongan": (-found.potongan).tampil() if found.potongan else found.potongan.tampil(),
        "neto": found.neto.tampil(),
        "terbilang": rules.terbilang(int(found.neto.decimal)),
        "hak": lines[:split] if split else lines,
        "dipotong": lines[split:] if split else [],
        "alasan": [
            {
                "kalimat": reason.kalimat,
                "pemilik": _PEMILIK.get(reason.pemilik, reason.pemilik),
                "pasal": reason.pasal,
            }
            for reason in found.alasan
        ],
        "fakta": _fakta(found.masukan or {}),
        "bantuan": _bantuan(found),
        "pembayaran": _pembayaran(found, zone),
        "kaki": f"Kebijakan: {found.kebijakan.nama} ({found.kebijakan.sidik[:12]}). "
        f"Dicetak {_waktu(tx.now, zone)}.",
        "periksa": f"{alamat}/api/tpp/periksa-slip/{token}" if token else "",
    }


def buat_token(brankas: Brankas, found: Slip) -> str:
    """What the QR code carries: sealed, so that it says nothing to anyone but this system."""
    content = _ISI.pack(
        found.pegawai_id.bytes, found.periode.year, found.periode.month, int(found.neto.decimal)
    )
    sealed = brankas.segel(_KONTEKS, content)
    return base64.urlsafe_b64encode(bytes.fromhex(sealed.kunci) + sealed.isi).decode().rstrip("=")


async def periksa(tx: Tx, token: str, brankas: Brankas) -> HasilPeriksa:
    """Compare a printed slip with what is recorded now. Raises NotFound for a token that is not ours."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        content = brankas.buka(_KONTEKS, Tersegel(raw[:_KID].hex(), raw[_KID:]))
    except (TidakTerbuka, ValueError) as error:
        raise NotFound(
            "Kode ini tidak dibuat oleh sistem ini; slipnya jangan dipercaya.",
            remedy="Pindai ulang kodenya, atau minta slip baru dari pemiliknya.",
        ) from error
    pegawai, year, month, neto = _ISI.unpack(content)
    periode = Period(year, month)
    row = await SQL.angka(tx.conn, pegawai_id=UUID(bytes=pegawai), periode=str(periode))
    same = row is not None and row["status"] == "dihitung" and row["neto"] == neto
    amount = Rupiah(neto)
    return HasilPeriksa(
        asli=True,
        cocok=same,
        periode=periode,
        opd_kode=row["opd_kode"] if row else "",
        nip=f"{row['nip'][:4]}…{row['nip'][-3:]}" if row else "",
        neto=amount,
        kalimat=f"Slip TPP {periode.tampil()} ini asli. Jumlah diterima {amount.tampil()} "
        + ("sama dengan yang tercatat." if same else "sudah berubah sejak dicetak; minta slip yang terbaru."),
    )


def _baris(number: int, line: BarisSlip) -> dict[str, Any]:
    return {
        "nomor": number,
        "nama": line.nama,
        # No line ends between "Rp" and its figure, and the template sets the full stop.
        "kalimat": line.kalimat.rstrip(".").replace("Rp ", "Rp\u00a0"),
        "pasal": line.pasal,
        "jumlah": line.jumlah.tampil(),
        "kurang": line.jumlah < Rupiah(0),
    }


def _identitas(found: Slip, who: Any, nama: str) -> list[list[list[str]]]:
    left = [["Nama", nama]] if nama else []
    left += [["NIP", Nip(found.nip).tampil()], ["Jabatan", who["jabatan_nama"] or "-"]]
    right = [["Status", who["status"]]]
    right += [["Golongan", who["golongan"] or "-"], ["Kelas jabatan", str(who["kelas"] or "-")]]
    return [left, right]


def _fakta(inputs: dict[str, Any]) -> list[list[str]]:
    """The facts a figure follows from, in the words of a person."""
    found = []
    predikat = inputs.get("predikat")
    if isinstance(predikat, int) and 1 <= predikat <= len(PREDIKAT):
        found.append(["Predikat kinerja", PREDIKAT[predikat - 1].replace("_", " ").title()])
    hadir = inputs.get("kehadiran")
    if isinstance(hadir, dict):
        late, early = hadir.get("terlambat") or [], hadir.get("pulang_cepat") or []
        found += [
            ["Hari hadir", f"{hadir.get('hadir', 0)} hari"],
            ["Cuti, sakit, dinas luar", f"{hadir.get('cuti', 0)} hari"],
            ["Tanpa keterangan", f"{hadir.get('tanpa_keterangan', 0)} hari"],
            ["Terlambat", f"{len(late)} kali, {sum(late)} menit"],
            ["Pulang cepat", f"{len(early)} kali, {sum(early)} menit"],
            [
                "Tanpa absen masuk / pulang",
                f"{hadir.get('tanpa_masuk', 0)} / {hadir.get('tanpa_pulang', 0)} kali",
            ],
        ]
    if isinstance(inputs.get("gaji"), int):
        found.append(["Gaji sebulan (dasar BPJS)", Rupiah(inputs["gaji"]).tampil()])
    return found


def _bantuan(found: Slip) -> str:
    if found.sementara:
        return "Ini perkiraan selama bulan berjalan dan belum dibayarkan; angkanya mengikuti data terbaru."
    if found.status == "ditahan":
        return "Hubungi yang bertindak pada daftar di atas; sebutkan bulan dan sebabnya."
    if found.penetapan == "dikunci":
        return (
            "Sampaikan kepada keuangan OPD dengan menyebut nomor barisnya. Karena bulan ini sudah dikunci, "
            "koreksi dibayarkan pada bulan berikutnya."
        )
    return (
        "Sampaikan kepada pengelola kinerja OPD dengan menyebut nomor barisnya, "
        "sebelum BPKAD mengunci bulan ini."
    )


def _pembayaran(found: Slip, zone: str) -> str:
    paid = found.pembayaran
    if paid is not None and paid.keadaan == "dibayar" and paid.dibayar_pada is not None:
        return f"Dibayar {_waktu(paid.dibayar_pada, zone)}, nomor bukti {paid.referensi}."
    if paid is not None and paid.keadaan == "gagal":
        return f"Pembayaran gagal: {paid.alasan}. Keuangan OPD memperbaiki data rekeningnya."
    if paid is not None:
        return "Sudah diserahkan ke sistem penggajian, menunggu pembayaran."
    return "Belum diserahkan ke sistem penggajian." if found.status == "dihitung" else ""


def _waktu(moment: datetime, zone: str) -> str:
    local = moment.astimezone(ZONES[zone])
    return f"{local.day} {Period.of(local.date()).tampil()} pukul {local:%H.%M} {zone}"
