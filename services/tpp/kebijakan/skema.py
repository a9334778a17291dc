"""The form of a policy file as JSON Schema, so that an editor completes and checks it while it is written.

`python -m services.tpp.kebijakan.skema` brings the committed file up to date.
"""

import json
from pathlib import Path
from typing import Any

from services.tpp.kebijakan.model import Kebijakan

BERKAS = Path(__file__).with_name("kebijakan.schema.json")

# What the editor shows; the models' docstrings are for programmers.
_KETERANGAN = {
    "Kebijakan": "Satu versi aturan TPP satu daerah, berlaku untuk bulan utuh",
    "Sumber": "Asal bagian-bagian: hukum (dibaca di peraturan), praktik (lazim), atau asumsi",
    "SumberPredikat": "Predikat bulan atau triwulan mana yang membayar; mundur 0 berarti bulan itu sendiri",
    "Pergantian": "Jabatan mana yang membayar bila seseorang pindah di tengah bulan",
    "AturanPlt": "Sejak kapan tugas Plt dibayar yang lamanya (hari_plt) harus mencapai batas",
    "AturanRapel": "Data terlambat dibayar atau dipotong pada bulan berikutnya sebagai baris tersendiri",
    "AturanSetahun": "Yang ditambahkan sebulan pada tahunnya, untuk hitung ulang pajak bulan terakhir",
    "PembayaranKhusus": "TPP ke-13 atau ke-14 (THR) dan bulan yang menjadi dasarnya",
    "MasukanTambahan": "Data milik daerah ini sendiri yang dipakai di rumus",
    "Pita": "Satu pita; mulai dan sampai termasuk, lebih_dari dan kurang_dari tidak termasuk",
    "Lapisan": "Satu lapisan tarif berjenjang",
    "Perubahan": "Isi tabel sejak suatu bulan",
    "Tabel": "Tabel peraturan: isi menurut kunci, pita menurut satu besaran, atau lapisan berjenjang",
    "SanksiDisiplin": "Sanksi disiplin: persen potongan dan lamanya dalam bulan",
    "Langkah": "Satu langkah hitungan; jumlah, persen+dari, kali, setiap+pita, batas, atau koreksi",
    "Penahanan": "Kapan pembayaran menunggu; data yang belum ada tidak pernah menjadi nol",
    "HarapanBaris": "Hasil yang harus keluar dari satu kasus uji",
    "Kasus": "Satu contoh hitungan: masukan dan hasil yang seharusnya",
}


def skema() -> dict[str, Any]:
    """JSON Schema 2020-12 of a policy document, described in Bahasa Indonesia."""
    found = Kebijakan.model_json_schema()
    for name, part in {**found["$defs"], "Kebijakan": found}.items():
        part["description"] = _KETERANGAN[name]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **found,
        "title": "Kebijakan TPP",
    }


def tulis() -> None:
    """Write the schema beside the model."""
    BERKAS.write_text(json.dumps(skema(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    tulis()
