"""P9: slips as PDF, one child process on one core, QR codes and all, every document different."""

import json
import subprocess
import sys
from statistics import median
from time import perf_counter
from typing import Any

from services.tpp.slip import anak
from tests.measure import Context

GOAL = 20.0


def dokumen(number: int) -> dict[str, Any]:
    """A slip of a usual length: twelve lines, two of them deductions."""
    lines = [
        {
            "nomor": at,
            "nama": f"Aturan {at}",
            "kalimat": f"{at} kali terlambat 31-60 menit, 1% dari Rp {number:,} = Rp {number * at:,}",
            "pasal": f"Perwali 20/2023 pasal {at}",
            "jumlah": f"Rp {number * at:,}",
            "kurang": at > 3,
        }
        for at in range(1, 13)
    ]
    return {
        "bulan": "Oktober 2026",
        "masa": "TPP bulan Oktober 2026",
        "apa": "bulan ini",
        "opd": "Dinas Pendidikan",
        "sementara": False,
        "status": "dihitung",
        "identitas": [
            [["Nama", f"Pegawai {number}"], ["NIP", f"{number:018d}"], ["Jabatan", "Analis"]],
            [["Status", "PNS"], ["Golongan", "III/c"], ["Kelas jabatan", "9"]],
        ],
        "bruto": "Rp 4.500.000",
        "potongan": "Rp 300.000",
        "jumlah_potongan": "-Rp 300.000",
        "neto": "Rp 4.200.000",
        "terbilang": "empat juta dua ratus ribu",
        "hak": lines[:10],
        "dipotong": lines[10:],
        "iuran": [],
        "jumlah_iuran": "Rp 0",
        "alasan": [],
        "dasar": [
            {
                "judul": title,
                "asal": "Berkas hadir.csv, 2 November 2026",
                "data": [
                    {"judul": "Predikat kinerja", "isi": "Baik", "asal": ""},
                    {"judul": "Hari hadir", "isi": f"{number % 22} hari", "asal": ""},
                ],
            }
            for title in ("Data kepegawaian", "Predikat kinerja", "Rekap kehadiran")
        ],
        "rapel": [],
        "bantuan": "Sampaikan kepada pengelola kinerja OPD dengan menyebut nomor barisnya.",
        "pembayaran": "Sudah diserahkan ke sistem penggajian, menunggu pembayaran.",
        "kaki": [f"Kebijakan: contoh ({number}).", "Dicetak 2 November 2026 pukul 08.00 WIB."],
        "periksa": f"https://ekinerja.contoh.go.id/tpp/verifikasi/{number:024d}",
    }


def run(context: Context) -> list[dict[str, Any]]:
    """Rounds of 50 documents (full: 200), the median round counts."""
    count = 50 if context.small else 200
    child = subprocess.Popen(
        [sys.executable, "-I", anak.__file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={}
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        sizes = [_satu(child, dokumen(number)) for number in range(3)]
        rates = []
        for turn in range(5):
            began = perf_counter()
            sizes += [_satu(child, dokumen(1000 * (turn + 1) + number)) for number in range(count)]
            rates.append(count / (perf_counter() - began))
    finally:
        child.stdin.close()
        child.wait()
    value = median(rates)
    return [
        {
            "id": "P9",
            "value": round(value, 1),
            "unit": "dokumen/s, satu inti",
            "goal": f">= {GOAL:g}",
            "holds": value >= GOAL,
            "detail": {"putaran": [round(rate, 1) for rate in rates], "bita_terbesar": max(sizes)},
        }
    ]


def _satu(child: "subprocess.Popen[bytes]", document: dict[str, Any]) -> int:
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(json.dumps(document).encode() + b"\n")
    child.stdin.flush()
    frame = child.stdout.read(11)
    body = child.stdout.read(int(frame[1:]))
    if frame[:1] != b"+" or not body.startswith(b"%PDF-"):
        raise RuntimeError(body[:500].decode(errors="replace"))
    return len(body)
