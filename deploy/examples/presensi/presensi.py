"""Contoh pengirim kehadiran yang berdiri sendiri. / An attendance producer that stands alone.

It imports the kit beside it (`ekinerja_presensi.py`) and nothing else of e-Kinerja. A CSV file stands for the
machine: nip, tanggal, masuk, pulang, keterangan, one row a day, first row the titles. A row with a reason in
a column `tarik` takes its day back.
"""

import argparse
import asyncio
import csv
import os
import sqlite3
import sys
from datetime import date, time
from pathlib import Path

from ekinerja_presensi import KALI, Buku, Hari, Kafka, KafkaError, Tarik, kirim


def baca(path: Path) -> tuple[list[Hari | Tarik], list[str]]:
    """The days of a file, and a sentence for each row that is none. Nothing is guessed."""
    days: list[Hari | Tarik] = []
    wrong = []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        head = lines.readline()
        lines.seek(0)
        rows = csv.DictReader(lines, delimiter=";" if ";" in head else ",")
        absent = {"nip", "tanggal", "masuk", "pulang"} - set(rows.fieldnames or ())
        if absent:
            raise ValueError(f"kolom {', '.join(sorted(absent))} tidak ada")
        for number, row in enumerate(rows, 2):
            try:
                days.append(_hari({name: (text or "").strip() for name, text in row.items() if name}))
            except ValueError as error:
                wrong.append(f"baris {number}: {error}")
    return days, wrong


def _hari(row: dict[str, str]) -> Hari | Tarik:
    nip, tanggal = row["nip"].replace(" ", ""), date.fromisoformat(row["tanggal"])
    if row.get("tarik"):
        return Tarik(nip, tanggal, row["tarik"])
    return Hari(
        nip,
        tanggal,
        _jam(row["masuk"]),
        _jam(row["pulang"]),
        row.get("keterangan", "").upper(),
        **{name: int(text) for name in KALI if (text := row.get(name, ""))},
    )


def _jam(text: str) -> time | None:
    return time.fromisoformat(text) if text else None


def _sandi() -> str:
    """The password itself, or the content of the file that EKINERJA_KAFKA_PASSWORD_PRESENSI_FILE names."""
    path = os.environ.get("EKINERJA_KAFKA_PASSWORD_PRESENSI_FILE")
    return Path(path).read_text().strip() if path else os.environ["EKINERJA_KAFKA_PASSWORD_PRESENSI"]


def _kafka() -> Kafka:
    return Kafka(
        bootstrap=os.environ["EKINERJA_KAFKA"],
        pengguna=os.environ["EKINERJA_KAFKA_USER_PRESENSI"],
        sandi=_sandi(),
        topik=f"{os.environ.get('EKINERJA_NAMESPACE', 'ekinerja')}.kehadiran.v1",
    )


def main() -> int:
    """Command line; exit status 2: cannot begin; 3: some rows were no days, the others were sent."""
    parser = argparse.ArgumentParser(description="Contoh pengirim kehadiran ke e-Kinerja")
    parser.add_argument(
        "berkas", type=Path, nargs="*", help="berkas CSV: nip, tanggal, masuk, pulang, keterangan"
    )
    parser.add_argument("--data", type=Path, default=Path("presensi-contoh.sqlite"), help="berkas pembukuan")
    parser.add_argument("--ulang", action="store_true", help="kirim lagi semua hari yang pernah dicatat")
    chosen = parser.parse_args()
    wrong: list[str] = []
    try:
        kafka = _kafka()
        buku = Buku(chosen.data)
        new = 0
        for path in chosen.berkas:
            days, faults = baca(path)
            new += buku.catat(days)
            wrong += [f"{path.name}, {fault}" for fault in faults]
        if chosen.ulang:
            buku.ulang()
    except KeyError as error:
        print(f"isi dahulu {error.args[0]}", file=sys.stderr)
        return 2
    except (OSError, ValueError, sqlite3.OperationalError) as error:
        print(f"tidak dapat mulai: {error}", file=sys.stderr)
        return 2
    try:
        sent = asyncio.run(kirim(buku, kafka))
    except KafkaError as error:
        print(f"topik kehadiran belum ada atau tidak boleh ditulisi: {error!r}", file=sys.stderr)
        return 2
    print(f"{new} hari baru atau berubah, {sent} terkirim")
    for fault in wrong:
        print(fault, file=sys.stderr)
    return 3 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
