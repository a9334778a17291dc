"""Contoh konsumen payroll yang berdiri sendiri. / A payroll consumer that stands alone.

It knows the published contract only (topic, CloudEvents headers, JSON) and imports nothing of e-Kinerja, so
that a vendor can start from it. It keeps its books in SQLite, pays a batch only when exactly the items of its
manifest have arrived, pays each item once for ever, and answers each payment once. See README.md.
"""

import argparse
import asyncio
import hashlib
import json
import os
import sqlite3
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

MANIFEST = "id.ekinerja.payroll.batch-approved"
ITEM = "id.ekinerja.payroll.item-payable"
PAID = "id.ekinerja.payroll.item-paid"
FAILED = "id.ekinerja.payroll.item-failed"

SCHEMA = """
CREATE TABLE IF NOT EXISTS batch (
    batch_id TEXT PRIMARY KEY, periode TEXT, opd_kode TEXT, jumlah_item INTEGER, total_bruto TEXT,
    total_potongan TEXT, total_neto TEXT, hash TEXT, keadaan TEXT NOT NULL DEFAULT 'menunggu', sebab TEXT);
CREATE TABLE IF NOT EXISTS item (
    item_id TEXT PRIMARY KEY, batch_id TEXT NOT NULL, periode TEXT NOT NULL, nip TEXT NOT NULL,
    bruto TEXT NOT NULL, potongan TEXT NOT NULL, neto TEXT NOT NULL, traceparent TEXT);
CREATE INDEX IF NOT EXISTS item_batch ON item (batch_id);
CREATE TABLE IF NOT EXISTS pembayaran (
    item_id TEXT PRIMARY KEY REFERENCES item, berhasil INTEGER NOT NULL, keterangan TEXT NOT NULL,
    pada TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS jawaban (
    versi INTEGER PRIMARY KEY AUTOINCREMENT, item_id TEXT NOT NULL UNIQUE,
    terkirim INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS ditolak (topik TEXT, partisi INTEGER, posisi INTEGER, sebab TEXT,
    PRIMARY KEY (topik, partisi, posisi));
"""


class Books:
    """What has arrived, what was paid, what was answered. One process at a time holds the file."""

    def __init__(self, path: str, reject: Iterable[str] = ()) -> None:
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.row_factory = sqlite3.Row
        self.db.execute("PRAGMA locking_mode = EXCLUSIVE")
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = FULL")
        self.db.executescript(SCHEMA)
        self._reject = frozenset(reject)

    def take(self, records: Iterable[Any]) -> None:
        """Keep what arrived, then pay every batch that is complete: one transaction."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            for record in records:
                try:
                    self._keep(record)
                except (KeyError, ValueError, TypeError) as error:
                    self.db.execute(
                        "INSERT OR IGNORE INTO ditolak VALUES (?, ?, ?, ?)",
                        (record.topic, record.partition, record.offset, f"{type(error).__name__}: {error}"),
                    )
            for batch in self.db.execute("SELECT * FROM batch WHERE keadaan = 'menunggu'").fetchall():
                self._settle(batch)
            self.db.execute("COMMIT")
        except BaseException:
            self.db.execute("ROLLBACK")
            raise

    def _keep(self, record: Any) -> None:
        headers = {name: (value or b"").decode() for name, value in record.headers}
        kind = headers["ce_type"]
        if kind not in (MANIFEST, ITEM):
            return
        data = json.loads(record.value)
        batch_id = str(UUID(data["batch_id"]))
        if kind == MANIFEST:
            self.db.execute(
                "INSERT OR IGNORE INTO batch (batch_id, periode, opd_kode, jumlah_item, total_bruto,"
                " total_potongan, total_neto, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    batch_id, data["periode"], data["opd_kode"], int(data["jumlah_item"]),
                    _rupiah(data["total_bruto"]), _rupiah(data["total_potongan"]),
                    _rupiah(data["total_neto"]), data["hash"],
                ),
            )  # fmt: skip
            return
        item = (
            str(UUID(data["item_id"])), batch_id, data["periode"], str(data["nip"]), _rupiah(data["bruto"]),
            _rupiah(data["potongan"]), _rupiah(data["neto"]),
        )  # fmt: skip
        known = self.db.execute(
            "SELECT item_id, batch_id, periode, nip, bruto, potongan, neto FROM item WHERE item_id = ?",
            item[:1],
        ).fetchone()
        if known is not None and tuple(known) != item:
            raise ValueError(f"item {item[0]} datang lagi dengan isi lain")
        settled = self.db.execute(
            "SELECT 1 FROM batch WHERE batch_id = ? AND keadaan <> 'menunggu'", (batch_id,)
        ).fetchone()
        if known is None and settled:
            raise ValueError(f"item {item[0]} tidak termasuk manifes batchnya")
        self.db.execute(
            "INSERT OR IGNORE INTO item VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*item, headers.get("traceparent"))
        )

    def _settle(self, batch: sqlite3.Row) -> None:
        """Pay a batch when its items are all here and add up to its manifest; otherwise pay none of it."""
        items = self.db.execute("SELECT * FROM item WHERE batch_id = ?", (batch["batch_id"],)).fetchall()
        if len(items) < batch["jumlah_item"]:
            return
        found = control(items)
        wanted = Control(
            batch["jumlah_item"],
            batch["total_bruto"],
            batch["total_potongan"],
            batch["total_neto"],
            batch["hash"],
        )
        if found != wanted:
            self._finish(batch, "berbeda", f"manifes {wanted}, yang datang {found}")
            return
        now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        for item in items:
            self._pay(item, now)
        self._finish(batch, "dibayar", None)

    def _pay(self, item: sqlite3.Row, now: str) -> None:
        """Here a real payroll writes its bank file. The primary key is what prevents a second payment."""
        good = item["nip"] not in self._reject
        note = f"CONTOH-{item['item_id']}" if good else "Rekening ditolak bank"
        self.db.execute(
            "INSERT INTO pembayaran (item_id, berhasil, keterangan, pada) VALUES (?, ?, ?, ?)",
            (item["item_id"], good, note, now),
        )
        self.db.execute("INSERT INTO jawaban (item_id) VALUES (?)", (item["item_id"],))

    def _finish(self, batch: sqlite3.Row, state: str, reason: str | None) -> None:
        self.db.execute(
            "UPDATE batch SET keadaan = ?, sebab = ? WHERE batch_id = ?", (state, reason, batch["batch_id"])
        )

    def unanswered(self, limit: int = 1000) -> list[sqlite3.Row]:
        """Payments whose answer Kafka has not confirmed yet."""
        return self.db.execute(
            "SELECT j.versi, i.*, p.berhasil, p.keterangan, p.pada FROM jawaban j JOIN item i USING (item_id)"
            " JOIN pembayaran p USING (item_id) WHERE j.terkirim = 0 ORDER BY j.versi LIMIT ?",
            (limit,),
        ).fetchall()

    def answered(self, rows: Iterable[sqlite3.Row]) -> None:
        """Kafka has confirmed these answers."""
        self.db.execute("BEGIN IMMEDIATE")
        for row in rows:
            self.db.execute("UPDATE jawaban SET terkirim = 1 WHERE versi = ?", (row["versi"],))
        self.db.execute("COMMIT")

    def report(self) -> tuple[list[str], bool]:
        """One line for each batch, and whether all of them are as their manifests say."""
        lines, good = [], True
        query = (
            "SELECT b.*, count(i.item_id) AS datang, coalesce(sum(p.berhasil), 0) AS lunas FROM batch b"
            " LEFT JOIN item i USING (batch_id) LEFT JOIN pembayaran p USING (item_id) GROUP BY b.batch_id"
            " ORDER BY b.periode, b.opd_kode"
        )
        for row in self.db.execute(query):
            good = good and row["keadaan"] != "berbeda"
            lines.append(
                f"{row['periode']} {row['opd_kode']}: {row['keadaan']}, {row['datang']} dari "
                f"{row['jumlah_item']} item, {row['lunas']} dibayar"
                + (f"; {row['sebab']}" if row["sebab"] else "")
            )
        refused = self.db.execute("SELECT count(*) FROM ditolak").fetchone()[0]
        if refused:
            good = False
            lines.append(f"{refused} pesan tidak terbaca atau bertentangan, lihat tabel ditolak")
        return lines, good


@dataclass(frozen=True)
class Control:
    """What a manifest promises of its batch."""

    jumlah_item: int
    total_bruto: str
    total_potongan: str
    total_neto: str
    hash: str


def control(items: Iterable[sqlite3.Row]) -> Control:
    """Count, totals and hash of the items that arrived, to be compared with the manifest.

    The hash is SHA-256 over the lines `item_id|nip|neto` + newline, sorted by item_id.
    """
    rows = sorted(items, key=lambda item: item["item_id"])
    digest = hashlib.sha256()
    for item in rows:
        digest.update(f"{item['item_id']}|{item['nip']}|{item['neto']}\n".encode())

    def total(name: str) -> str:
        return _rupiah(sum((Decimal(item[name]) for item in rows), Decimal(0)))

    return Control(len(rows), total("bruto"), total("potongan"), total("neto"), digest.hexdigest())


def _rupiah(value: str | Decimal) -> str:
    """Exact rupiah as the contract writes it: `1500000` or `1500000.50`. Never a float."""
    if not isinstance(value, str | Decimal):
        raise TypeError("rupiah harus teks")
    exact = Decimal(value)
    return str(int(exact)) if exact == int(exact) else f"{exact:.2f}"


def answer(row: sqlite3.Row) -> tuple[bytes, list[tuple[str, bytes]]]:
    """Payload and headers of the answer about one payment. The same payment always has the same event id."""
    kind = PAID if row["berhasil"] else FAILED
    data = {
        "version": row["versi"],
        "batch_id": row["batch_id"],
        "periode": row["periode"],
        "item_id": row["item_id"],
    }
    if row["berhasil"]:
        data |= {"referensi": row["keterangan"], "dibayar_pada": row["pada"]}
    else:
        data |= {"alasan": row["keterangan"]}
    headers = {
        "ce_specversion": "1.0",
        "ce_id": str(uuid5(UUID(row["item_id"]), kind)),
        "ce_source": "/payroll/contoh",
        "ce_type": kind,
        "ce_time": row["pada"],
        "ce_subject": row["batch_id"],
        "ce_version": str(row["versi"]),
        "content-type": "application/json",
    }
    if row["traceparent"]:
        headers["traceparent"] = row["traceparent"]
    return json.dumps(data).encode(), [(name, value.encode()) for name, value in headers.items()]


async def send_answers(producer: AIOKafkaProducer, topic: str, books: Books) -> None:
    """Send what Kafka has not confirmed yet; safe to repeat."""
    while rows := books.unanswered():
        sending = []
        for row in rows:
            payload, headers = answer(row)
            sending.append(await producer.send(topic, payload, key=row["batch_id"].encode(), headers=headers))
        await asyncio.gather(*sending)
        books.answered(rows)


def password() -> str:
    """The password itself, or the content of the file that EKINERJA_KAFKA_PASSWORD_PAYROLL_FILE names."""
    path = os.environ.get("EKINERJA_KAFKA_PASSWORD_PAYROLL_FILE")
    return Path(path).read_text().strip() if path else os.environ["EKINERJA_KAFKA_PASSWORD_PAYROLL"]


async def run(books: Books, *, once: bool, from_start: bool) -> None:
    """Read, pay, answer, then move on in the topic; with `once` until everything that is there is handled."""
    namespace = os.environ.get("EKINERJA_NAMESPACE", "ekinerja")
    topic = f"{namespace}.payroll.v1"
    login = {
        "bootstrap_servers": os.environ["EKINERJA_KAFKA"],
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": os.environ["EKINERJA_KAFKA_USER_PAYROLL"],
        "sasl_plain_password": password(),
    }
    consumer = AIOKafkaConsumer(
        group_id=f"{namespace}.payroll", enable_auto_commit=False, auto_offset_reset="earliest", **login
    )
    producer = AIOKafkaProducer(acks="all", enable_idempotence=True, **login)
    await consumer.start()
    await producer.start()
    try:
        try:
            numbers = await producer.partitions_for(topic)
        except KafkaError as error:
            raise SystemExit(f"topik {topic} belum ada atau tidak boleh dibaca: {error}") from None
        partitions = [TopicPartition(topic, number) for number in sorted(numbers)]
        consumer.assign(partitions)
        if from_start:
            await consumer.seek_to_beginning(*partitions)
        await send_answers(producer, topic, books)
        while True:
            arrived = await consumer.getmany(*partitions, timeout_ms=300, max_records=2000)
            if arrived:
                books.take(record for records in arrived.values() for record in records)
                await send_answers(producer, topic, books)
                # Only now: a death before this line repeats the batch, and the books make that harmless.
                await consumer.commit()
            elif once and await _at_end(consumer, partitions):
                return
    finally:
        await consumer.stop()
        await producer.stop()


async def _at_end(consumer: AIOKafkaConsumer, partitions: list[TopicPartition]) -> bool:
    ends = await consumer.end_offsets(partitions)
    for partition, end in ends.items():
        if await consumer.position(partition) < end:
            return False
    return True


def main() -> int:
    """Command line; exit status 3 says that some batch is not what its manifest promised."""
    parser = argparse.ArgumentParser(description="Contoh konsumen payroll e-Kinerja")
    parser.add_argument("--data", type=Path, default=Path("payroll-contoh.sqlite"), help="berkas pembukuan")
    parser.add_argument("--once", action="store_true", help="berhenti bila semua yang ada sudah ditangani")
    parser.add_argument("--from-start", action="store_true", help="baca lagi topik dari awal")
    parser.add_argument(
        "--tolak", action="append", default=[], metavar="NIP", help="tirukan bank yang menolak"
    )
    chosen = parser.parse_args()
    try:
        books = Books(str(chosen.data), chosen.tolak)
    except sqlite3.OperationalError as error:
        print(f"pembukuan {chosen.data} tidak dapat dibuka: {error}", file=sys.stderr)
        return 2
    asyncio.run(run(books, once=chosen.once, from_start=chosen.from_start))
    lines, good = books.report()
    print("\n".join(lines) or "Belum ada batch.")
    return 0 if good else 3


if __name__ == "__main__":
    sys.exit(main())
