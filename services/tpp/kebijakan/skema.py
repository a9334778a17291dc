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
    "Sumber": "Asal satu bagian: hukum (dibaca di peraturan), praktik (lazim), atau asumsi",
    "Pembulatan": "Cara setiap langkah menjadi rupiah bulat",
    "TppDasar": "TPP dasar setiap kelas jabatan",
    "KomponenPersen": "Komponen berupa persen dari TPP dasar kelas",
    "KomponenTetap": "Komponen bernilai sama untuk semua pegawai",
    "TambahanPlt": "Tambahan bagi Plt: persen dari komponen jabatan sendiri atau jabatan yang dirangkap",
    "FaktorStatus": "Bagian yang diterima setiap status kepegawaian",
    "Bobot": "Pembagian TPP: yang mengikuti predikat dan yang mengikuti disiplin; berjumlah 100%",
    "TabelPredikat": "Berapa dari bagian produktivitas yang dibayar setiap predikat",
    "Disiplin": "Bagian disiplin dan potongannya; setiap persen dihitung dari `dasar`",
    "Menitan": "Potongan menurut menit: setiap kejadian jatuh di tepat satu pita",
    "Pita": "Satu pita menit; mulai dan sampai termasuk, lebih_dari dan kurang_dari tidak termasuk",
    "Kejadian": "Potongan untuk setiap hari atau setiap kali terjadi",
    "BatasSebulan": "Jumlah potongan disiplin paling banyak dalam sebulan",
    "Penahanan": "Data yang belum ada menahan pembayaran, tidak pernah menjadi nol",
    "Bpjs": "Iuran pegawai: persen x (plafon - gaji), paling banyak sebesar TPP",
    "PajakFinal": "PPh 21 final menurut golongan",
    "Tarif": "Tarif satu kelompok golongan; golongan III mencakup III/a sampai III/d",
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
