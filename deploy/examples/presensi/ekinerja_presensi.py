"""Perangkat pengirim kehadiran ke e-Kinerja. / A kit for systems that record attendance.

One file to copy beside your program. It knows the published contract only and needs aiokafka and the
standard library. You say what a day was; the kit keeps it in SQLite, gives it its version, and sends it
until Kafka has confirmed it, also after a crash. The same day said twice is sent once; a day that changed is
sent again with the next version.

    buku = Buku("kehadiran.sqlite")
    buku.catat([Hari("198501012010011001", date(2026, 11, 2), time(7, 25), time(16, 5))])
    buku.catat([Tarik("198501012010011001", date(2026, 11, 3), "sidik jari orang lain")])
    asyncio.run(kirim(buku, Kafka(...)))
"""

import asyncio
import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4, uuid5

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

TIPE = "id.ekinerja.kehadiran.recorded"
TIPE_TARIK = "id.ekinerja.kehadiran.withdrawn"
KETERANGAN = ("", "A", "S", "C", "DL")
"""Present, absent without reason, sick, on leave, on official travel."""

KALI = ("absen_terlewat", "tanpa_apel", "tanpa_upacara")
KALI_SEHARI = 10

_TABEL = """
CREATE TABLE IF NOT EXISTS pengirim (id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS hari (
    nip TEXT NOT NULL, tanggal TEXT NOT NULL, versi INTEGER NOT NULL, isi TEXT NOT NULL, pada TEXT NOT NULL,
    terkirim INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (nip, tanggal));
CREATE INDEX IF NOT EXISTS hari_belum ON hari (nip, tanggal) WHERE terkirim = 0;
"""


@dataclass(frozen=True, slots=True)
class Hari:
    """One day of one person, by the clock where they work. A night shift stands on the day it begins.

    Raises ValueError for what e-Kinerja could not take.
    """

    nip: str
    tanggal: date
    masuk: time | None = None
    pulang: time | None = None
    keterangan: str = ""
    absen_terlewat: int | None = None
    """How often that day; None: not spoken of. So are the two below."""
    tanpa_apel: int | None = None
    tanpa_upacara: int | None = None

    def __post_init__(self) -> None:
        _periksa_nip(self.nip)
        if self.keterangan not in KETERANGAN:
            raise ValueError(f"keterangan {self.keterangan!r} tidak dikenal; ada A, S, C, DL, atau kosong")
        clocked = self.masuk is not None or self.pulang is not None
        if not self.keterangan and not clocked and not self.kali():
            raise ValueError("tidak ada jam maupun keterangan")
        if any(not 0 <= count <= KALI_SEHARI for count in self.kali().values()):
            raise ValueError(f"banyaknya sehari harus 0 sampai {KALI_SEHARI}")
        if self.keterangan in ("A", "S", "C") and clocked:
            raise ValueError(f"keterangan {self.keterangan}, tetapi ada jam masuk atau pulang")
        if any(at is not None and at.tzinfo is not None for at in (self.masuk, self.pulang)):
            raise ValueError("jam setempat ditulis tanpa zona")

    def kali(self) -> dict[str, int]:
        """The counts that are spoken of."""
        known = {name: getattr(self, name) for name in KALI}
        return {name: count for name, count in known.items() if count is not None}

    def isi(self) -> str:
        """The payload without its version, always written the same way."""
        return json.dumps(
            {
                "nip": self.nip,
                "tanggal": self.tanggal.isoformat(),
                "masuk": _jam(self.masuk),
                "pulang": _jam(self.pulang),
                "keterangan": self.keterangan,
                **self.kali(),
            }
        )


@dataclass(frozen=True, slots=True)
class Tarik:
    """A day that was sent by mistake: nothing is known of it then, and nobody is absent for it.

    Say it again as a `Hari` and it counts again. Raises ValueError for what e-Kinerja could not take.
    """

    nip: str
    tanggal: date
    alasan: str = ""
    """Why, without names; the officer sees it in the day's history."""

    def __post_init__(self) -> None:
        _periksa_nip(self.nip)
        if len(self.alasan) > 300:
            raise ValueError("alasan lebih dari 300 huruf")

    def isi(self) -> str:
        """The payload without its version, always written the same way."""
        return json.dumps({"nip": self.nip, "tanggal": self.tanggal.isoformat(), "alasan": self.alasan})


def _periksa_nip(nip: str) -> None:
    if not (len(nip) == 18 and nip.isascii() and nip.isdigit()):
        raise ValueError(f"NIP harus 18 angka: {nip[:40]!r}")


def _jam(at: time | None) -> str | None:
    return None if at is None else at.replace(microsecond=0).isoformat()


class Buku:
    """What was said of each day, at which version, and whether Kafka has confirmed it.

    Keep the file: without it versions begin again at one, and e-Kinerja leaves the days it knows as they are.
    One process at a time holds it; raises sqlite3.OperationalError when another does.
    """

    def __init__(self, path: str | Path) -> None:
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.row_factory = sqlite3.Row
        for setting in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = FULL"):
            self.db.execute(f"PRAGMA {setting}")
        self.db.executescript(_TABEL)
        if self.db.execute("SELECT 1 FROM pengirim").fetchone() is None:
            self.db.execute("INSERT INTO pengirim VALUES (?)", (str(uuid4()),))
        self.pengirim = UUID(self.db.execute("SELECT id FROM pengirim").fetchone()[0])

    def catat(self, hari: Iterable[Hari | Tarik]) -> int:
        """Keep these days: one transaction. Returns how many say something new."""
        now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        self.db.execute("BEGIN IMMEDIATE")
        try:
            new = sum(
                self.db.execute(
                    "INSERT INTO hari (nip, tanggal, versi, isi, pada) VALUES (?, ?, 1, ?, ?)"
                    " ON CONFLICT (nip, tanggal) DO UPDATE SET versi = versi + 1, isi = excluded.isi,"
                    " pada = excluded.pada, terkirim = 0 WHERE isi <> excluded.isi",
                    (one.nip, one.tanggal.isoformat(), one.isi(), now),
                ).rowcount
                for one in hari
            )
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")
        return new

    def ulang(self) -> int:
        """Send every day once more, as it is now; e-Kinerja knows them by their ids. Returns how many."""
        return self.db.execute("UPDATE hari SET terkirim = 0").rowcount

    def belum_terkirim(self, limit: int = 1000) -> list[sqlite3.Row]:
        """Days that Kafka has not confirmed."""
        return self.db.execute(
            "SELECT nip, tanggal, versi, isi, pada FROM hari WHERE terkirim = 0"
            " ORDER BY nip, tanggal LIMIT ?",
            (limit,),
        ).fetchall()

    def terkirim(self, rows: Sequence[sqlite3.Row]) -> None:
        """Kafka has confirmed these, unless they changed meanwhile."""
        self.db.execute("BEGIN IMMEDIATE")
        self.db.executemany(
            "UPDATE hari SET terkirim = 1 WHERE nip = ? AND tanggal = ? AND versi = ?",
            [(row["nip"], row["tanggal"], row["versi"]) for row in rows],
        )
        self.db.execute("COMMIT")


def pesan(buku: Buku, row: sqlite3.Row) -> tuple[bytes, bytes, list[tuple[str, bytes]]]:
    """Key, payload and headers of one day. The same version of a day always has the same event id."""
    isi = json.loads(row["isi"])
    headers = {
        "ce_specversion": "1.0",
        "ce_id": str(uuid5(buku.pengirim, f"{row['nip']}/{row['tanggal']}/{row['versi']}")),
        "ce_source": "/presensi",
        "ce_type": TIPE_TARIK if "alasan" in isi else TIPE,
        "ce_time": row["pada"],
        "ce_subject": row["nip"],
        "ce_version": str(row["versi"]),
        "content-type": "application/json",
    }
    payload = json.dumps({"version": row["versi"], **isi}).encode()
    return row["nip"].encode(), payload, [(name, value.encode()) for name, value in headers.items()]


@dataclass(frozen=True, slots=True)
class Kafka:
    """Where the topic is and who you are there. `protokol` is SASL_SSL outside a test machine."""

    bootstrap: str
    pengguna: str
    sandi: str
    topik: str = "ekinerja.kehadiran.v1"
    protokol: str = "SASL_PLAINTEXT"

    def login(self) -> dict[str, Any]:
        """Arguments for aiokafka."""
        return {
            "bootstrap_servers": self.bootstrap,
            "security_protocol": self.protokol,
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": self.pengguna,
            "sasl_plain_password": self.sandi,
        }


async def kirim(buku: Buku, kafka: Kafka) -> int:
    """Send everything that is not confirmed; returns how many. Safe to repeat and to interrupt.

    Raises KafkaError when the topic is absent or may not be written to.
    """
    producer = AIOKafkaProducer(acks="all", enable_idempotence=True, **kafka.login())
    await producer.start()
    sent = 0
    try:
        while rows := buku.belum_terkirim():
            sending = []
            for row in rows:
                key, payload, headers = pesan(buku, row)
                sending.append(await producer.send(kafka.topik, payload, key=key, headers=headers))
            await asyncio.gather(*sending)
            buku.terkirim(rows)
            sent += len(rows)
    finally:
        await producer.stop()
    return sent


__all__ = [
    "KALI",
    "KETERANGAN",
    "TIPE",
    "TIPE_TARIK",
    "Buku",
    "Hari",
    "Kafka",
    "KafkaError",
    "Tarik",
    "kirim",
    "pesan",
]
