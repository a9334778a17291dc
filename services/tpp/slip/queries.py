"""A slip as a document: what it says of whom, and the code by which anyone can check the paper."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from services.tpp.perhitungan.dasar import KelompokData
from services.tpp.perhitungan.masa import bulan_dasar
from services.tpp.perhitungan.queries import BarisSlip, RapelSlip, Slip, slip
from services.tpp.slip import rules
from services.tpp.verifikasi.commands import kode_slip
from shared.clock import ZONES
from shared.db import Tx, queries
from shared.money import Rupiah
from shared.nip import Nip
from shared.period import MasaBayar, Period

SQL = queries("services.tpp.slip")

_PEMILIK = {
    "atasan": "Atasan Anda",
    "pegawai": "Anda sendiri",
    "pengelola_kinerja": "Pengelola kinerja OPD",
    "admin_bkd": "BKD",
    "keuangan_opd": "Keuangan OPD",
    "bpkad": "BPKAD",
    "sysadmin": "Pengelola sistem",
}


async def saya(tx: Tx, periode: MasaBayar, alamat: str, zone: str) -> dict[str, Any]:
    """The caller's own slip, as the template takes it."""
    assert tx.guard.principal is not None
    return await dokumen(tx, periode, tx.guard.principal.pegawai_id, alamat, zone)


async def dokumen(tx: Tx, periode: MasaBayar, pegawai_id: UUID, alamat: str, zone: str) -> dict[str, Any]:
    """One person's slip, as the template takes it. Raises NotFound; reading another's leaves an audit row."""
    found = await slip(tx, periode, pegawai_id)
    who = await SQL.orang(tx.conn, pegawai_id=pegawai_id, hari=(await bulan_dasar(tx, periode)).last_day)
    # What makes bruto first: a policy may bring arrears after the deductions.
    ordered = sorted(found.baris, key=lambda line: line.potongan)
    lines = [_baris(number, line) for number, line in enumerate(ordered, 1)]
    split = sum(not line.potongan for line in ordered)
    # There is nothing to confirm about an estimate, an outdated figure, or a payment that waits.
    checked = found.status == "dihitung" and found.tetap
    kode = await kode_slip(tx, periode, pegawai_id) if checked else None
    return {
        "bulan": periode.tampil(),
        "masa": _masa(found),
        "apa": "bulan ini" if found.nama_masa is None else "pembayaran ini",
        "opd": who["opd_nama"] or found.opd_kode,
        "sementara": not found.tetap,
        "status": found.status,
        "identitas": _identitas(found, who),
        "bruto": found.bruto.tampil(),
        "potongan": found.potongan.tampil(),
        "jumlah_potongan": (-found.potongan).tampil() if found.potongan else found.potongan.tampil(),
        "neto": found.neto.tampil(),
        "terbilang": rules.terbilang(int(found.neto.decimal)),
        "hak": lines[:split],
        "dipotong": lines[split:],
        "iuran": [_baris(number, line) for number, line in enumerate(found.iuran, 1)],
        "jumlah_iuran": found.jumlah_iuran.tampil(),
        "alasan": [
            {
                "kalimat": reason.kalimat,
                "pemilik": _PEMILIK.get(reason.pemilik, reason.pemilik),
                "pasal": reason.pasal,
            }
            for reason in found.alasan
        ],
        "dasar": [_kelompok(group, zone) for group in found.dasar],
        "rapel": [_rapel(one) for one in found.rapel],
        "bantuan": _bantuan(found),
        "pembayaran": _pembayaran(found, zone),
        "kaki": [
            f"Kebijakan: {found.kebijakan.nama} ({found.kebijakan.sidik[:12]}).",
            f"Dicetak {_waktu(tx.now, zone)}.",
        ],
        "periksa": f"{alamat}{kode.alamat}" if kode else "",
    }


def _masa(found: Slip) -> str:
    """What the slip is of; of an extra payment also the month whose data it is made with."""
    if found.nama_masa is None:
        return f"TPP bulan {found.sebutan}"
    inputs = found.masukan
    return (
        f"{found.sebutan}, dengan data {Period.parse(inputs['periode']).tampil()}"
        if inputs
        else found.sebutan
    )


def _baris(number: int, line: BarisSlip) -> dict[str, Any]:
    return {
        "nomor": number,
        "nama": line.nama,
        # The template sets the full stop.
        "kalimat": _utuh(line.kalimat.rstrip(".")),
        "pasal": line.pasal,
        "jumlah": line.jumlah.tampil(),
        "kurang": line.jumlah < Rupiah(0),
    }


def _identitas(found: Slip, who: Any) -> list[list[list[str]]]:
    left = [["Nama", found.nama_pegawai]] if found.nama_pegawai else []
    left += [["NIP", Nip(found.nip).tampil()], ["Jabatan", who["jabatan_nama"] or "-"]]
    # The status that the figure has, not what somebody became since.
    right = [["Status", (found.masukan or who)["status"]]]
    right += [["Golongan", who["golongan"] or "-"], ["Kelas jabatan", str(who["kelas"] or "-")]]
    return [left, right]


def _kelompok(group: KelompokData, zone: str) -> dict[str, Any]:
    """Facts of one origin, each with where it came from."""
    return {
        "judul": group.judul,
        "data": [
            {
                "judul": one.judul,
                "isi": _utuh(one.isi),
                "asal": "; ".join(source.tampil(zone) for source in one.asal),
            }
            for one in group.data
        ],
        "asal": "; ".join(source.tampil(zone) for source in group.asal),
    }


def _utuh(text: str) -> str:
    """A text in which no line ends inside an amount (`-Rp 100.000`) or a golongan (`III/b`)."""
    return re.sub(r"(?<=\w)/(?=\w)", "/\u2060", text.replace("Rp ", "Rp\u00a0").replace("-Rp", "-\u2060Rp"))


def _rapel(one: RapelSlip) -> str:
    text = f"{one.periode.tampil()}, {one.jumlah.tampil()}: {'; '.join(one.sebab)}."
    if one.jumlah == one.seluruhnya:
        return text
    rest = f"sisa {one.sisa.tampil()} menunggu bulan berikutnya" if one.sisa.decimal else "dengan ini lunas"
    return f"{text} Angsuran dari {one.seluruhnya.tampil()}; {rest}."


def _bantuan(found: Slip) -> str:
    if found.sementara:
        return "Ini perkiraan selama bulan berjalan dan belum dibayarkan; angkanya mengikuti data terbaru."
    if not found.tetap:
        return (
            "Bulan ini dibuka kembali; ini angka lama dan belum tetap. "
            "TPP dihitung ulang sesudah admin BKD menutup bulan ini."
        )
    if found.status == "ditahan":
        return "Hubungi yang bertindak pada daftar di atas, atau ajukan keberatan pada TPP saya."
    if found.penetapan == "dikunci":
        koreksi = "diselesaikan BPKAD tersendiri" if found.nama_masa else "dibayarkan pada bulan berikutnya"
        return (
            "Buka TPP saya dan ajukan keberatan pada barisnya. Karena sudah dikunci, "
            f"admin BKD yang menjawab dan koreksi {koreksi}."
        )
    return "Buka TPP saya dan ajukan keberatan pada barisnya, sebaiknya sebelum BPKAD mengunci bulan ini."


def _pembayaran(found: Slip, zone: str) -> str:
    paid = found.pembayaran
    if paid is not None and paid.keadaan == "dibayar" and paid.dibayar_pada is not None:
        return f"Dibayar {_waktu(paid.dibayar_pada, zone)}, nomor bukti {paid.referensi}."
    if paid is not None and paid.keadaan == "gagal":
        if paid.ditarik:
            return "Pembayarannya ditarik kembali; BPKAD menyerahkannya lagi dalam kelompok baru."
        return f"Pembayaran gagal: {paid.alasan}. Keuangan OPD memperbaiki data rekeningnya."
    if paid is not None:
        return "Sudah diserahkan ke sistem penggajian, menunggu pembayaran."
    return "Belum diserahkan ke sistem penggajian." if found.status == "dihitung" else ""


def _waktu(moment: datetime, zone: str) -> str:
    local = moment.astimezone(ZONES[zone])
    return f"{local.day} {Period.of(local.date()).tampil()} pukul {local:%H.%M} {zone}"
