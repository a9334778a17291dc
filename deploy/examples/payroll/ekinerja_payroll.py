"""Perangkat konsumen payroll e-Kinerja: pembukuan yang membayar tepat satu kali. / A payroll consumer's kit.

One file to copy beside your program. It knows the published contract only and needs aiokafka, cryptography
and the standard library. You bring a `Bank` with two calls; the kit does the rest: it keeps every message in
SQLite, believes a manifest only with e-Kinerja's signature, releases a batch only when exactly its items have
arrived, never asks for the same payment twice (also after a crash in the middle), and answers each payment.

    buku = Buku("pembukuan.sqlite", Kunci.baca("payroll.jwks.json"))
    asyncio.run(jalankan(buku, BankSaya(), Kafka(...)))
"""

import asyncio
import base64
import hashlib
import json
import sqlite3
import urllib.request
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid5

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MANIFES = "id.ekinerja.payroll.batch-approved"
PEMBATALAN = "id.ekinerja.payroll.batch-cancelled"
ITEM = "id.ekinerja.payroll.item-payable"
DIBAYAR = "id.ekinerja.payroll.item-paid"
GAGAL = "id.ekinerja.payroll.item-failed"

_SEKALIGUS = 100
"""Payments begun together: so many at most have to be asked for at the bank after a crash."""

_TABEL = """
CREATE TABLE IF NOT EXISTS batch (
    batch_id TEXT PRIMARY KEY, periode TEXT NOT NULL, opd_kode TEXT NOT NULL, jumlah_item INTEGER NOT NULL,
    total_bruto TEXT NOT NULL, total_potongan TEXT NOT NULL, total_neto TEXT NOT NULL, hash TEXT NOT NULL,
    keadaan TEXT NOT NULL DEFAULT 'menunggu'
        CHECK (keadaan IN ('menunggu', 'dibayarkan', 'ditolak', 'dibatalkan')),
    sebab TEXT);
CREATE TABLE IF NOT EXISTS pembatalan (batch_id TEXT PRIMARY KEY, alasan TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS item (
    item_id TEXT PRIMARY KEY, batch_id TEXT NOT NULL, periode TEXT NOT NULL, nip TEXT NOT NULL,
    bruto TEXT NOT NULL, potongan TEXT NOT NULL, neto TEXT NOT NULL, traceparent TEXT,
    keadaan TEXT NOT NULL DEFAULT 'diterima'
        CHECK (keadaan IN ('diterima', 'dimulai', 'dibayar', 'gagal', 'dibatalkan')),
    keterangan TEXT, pada TEXT);
CREATE INDEX IF NOT EXISTS item_batch ON item (batch_id);
CREATE INDEX IF NOT EXISTS item_orang ON item (nip, periode);
CREATE TABLE IF NOT EXISTS jawaban (
    versi INTEGER PRIMARY KEY AUTOINCREMENT, item_id TEXT NOT NULL REFERENCES item, tipe TEXT NOT NULL,
    keterangan TEXT NOT NULL, dibatalkan INTEGER NOT NULL, pada TEXT NOT NULL,
    terkirim INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS jawaban_item ON jawaban (item_id);
CREATE INDEX IF NOT EXISTS jawaban_belum ON jawaban (versi) WHERE terkirim = 0;
CREATE TABLE IF NOT EXISTS ditolak (
    topik TEXT, partisi INTEGER, posisi INTEGER, sebab TEXT NOT NULL, PRIMARY KEY (topik, partisi, posisi));
"""


class Ditolak(Exception):
    """This message must not be acted upon; the text says why."""


@dataclass(frozen=True, slots=True)
class Item:
    """One payment to one person. `neto` is exact rupiah as text: never make a float of it."""

    item_id: str
    batch_id: str
    periode: str
    nip: str
    bruto: str
    potongan: str
    neto: str


@dataclass(frozen=True, slots=True)
class Hasil:
    """What the bank says: paid with this reference number, or not paid for this reason."""

    berhasil: bool
    keterangan: str


class Bank(Protocol):
    """How you pay. Both calls are about one `item_id`: the idempotency key for a bank that takes one."""

    async def bayar(self, item: Item) -> Hasil:
        """Pay now. The kit calls this once for an item unless `periksa` says that it never arrived."""

    async def periksa(self, item: Item) -> Hasil | None:
        """Was this payment already made? Asked after a crash; None when the bank never saw it."""


class Kunci:
    """e-Kinerja's public keys. Compare their fingerprint with BPKAD once, by telephone."""

    def __init__(self, jwks: Mapping[str, Any]) -> None:
        self._keys = {
            key["kid"]: Ed25519PublicKey.from_public_bytes(_base64(key["x"]))
            for key in jwks["keys"]
            if (key.get("kty"), key.get("crv")) == ("OKP", "Ed25519")
        }
        if not self._keys:
            raise ValueError("tidak ada kunci Ed25519 di dalamnya")

    @classmethod
    def baca(cls, tempat: str) -> "Kunci":
        """From a file, or from `https://…/api/tpp/.well-known/jwks.json`."""
        if tempat.startswith(("https://", "http://")):
            with urllib.request.urlopen(tempat, timeout=30) as answer:  # noqa: S310 (the scheme is checked)
                return cls(json.load(answer))
        return cls(json.loads(Path(tempat).read_text(encoding="utf-8")))

    def periksa(self, tanda: Any, naskah: bytes) -> None:
        """Raises Ditolak unless the signature is of one of these keys and over exactly these bytes."""
        if not isinstance(tanda, dict):
            raise Ditolak("tidak bertanda tangan")
        key = self._keys.get(str(tanda.get("kunci")))
        if key is None:
            raise Ditolak(f"kunci {tanda.get('kunci')} tidak dikenal; ambil kunci publik yang terbaru")
        try:
            key.verify(_base64(str(tanda["nilai"])), naskah)
        except (InvalidSignature, KeyError, ValueError) as error:
            raise Ditolak("tanda tangan tidak cocok dengan isinya") from error


def naskah_manifes(data: Mapping[str, Any]) -> bytes:
    """The bytes under a manifest's signature."""
    names = (
        "batch_id", "periode", "opd_kode", "jumlah_item", "total_bruto", "total_potongan", "total_neto",
        "hash",
    )  # fmt: skip
    return _naskah("ekinerja-payroll-manifes-1", *(data[name] for name in names))


def naskah_pembatalan(data: Mapping[str, Any]) -> bytes:
    """The bytes under a cancellation's signature."""
    names = ("batch_id", "periode", "opd_kode")
    return _naskah("ekinerja-payroll-pembatalan-1", *(data[name] for name in names))


def _naskah(*lines: object) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _base64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass(frozen=True, slots=True)
class Kendali:
    """What a manifest promises of its batch."""

    jumlah_item: int
    total_bruto: str
    total_potongan: str
    total_neto: str
    hash: str


def kendali(items: Iterable[Item]) -> Kendali:
    """Count, totals and hash of items, to be compared with the manifest.

    The hash is SHA-256 over the lines `item_id|nip|neto` + newline, sorted by item_id.
    """
    rows = sorted(items, key=lambda item: item.item_id)
    digest = hashlib.sha256()
    for item in rows:
        digest.update(f"{item.item_id}|{item.nip}|{item.neto}\n".encode())

    def total(name: str) -> str:
        return rupiah(sum((Decimal(getattr(item, name)) for item in rows), Decimal(0)))

    return Kendali(len(rows), total("bruto"), total("potongan"), total("neto"), digest.hexdigest())


def rupiah(value: Any) -> str:
    """Exact rupiah as the contract writes it: `1500000` or `1500000.50`. Raises Ditolak for anything else."""
    if not isinstance(value, str | Decimal):
        raise Ditolak("rupiah harus teks desimal")
    try:
        exact = Decimal(value)
        whole = exact == exact.to_integral_value()
        text = str(int(exact)) if whole else f"{exact:.2f}"
    except ArithmeticError as error:
        raise Ditolak(f"rupiah tidak terbaca: {value}") from error
    if Decimal(text) != exact:
        raise Ditolak(f"rupiah lebih dari dua desimal: {value}")
    return text


class Buku:
    """What has arrived, what was paid, what was answered. One process at a time holds the file.

    Raises sqlite3.OperationalError when another process holds it.
    """

    def __init__(self, path: str | Path, kunci: Kunci) -> None:
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.row_factory = sqlite3.Row
        for setting in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = FULL"):
            self.db.execute(f"PRAGMA {setting}")
        self.db.executescript(_TABEL)
        self._kunci = kunci

    def terima(self, records: Iterable[Any]) -> None:
        """Keep what arrived and release every batch that is whole: one transaction. Safe to repeat.

        A message that cannot be believed is written to `ditolak` and changes nothing else.
        """
        with self._transaksi():
            for record in records:
                try:
                    self._simpan(record)
                except (Ditolak, KeyError, ValueError, TypeError, AttributeError) as error:
                    sebab = str(error) if isinstance(error, Ditolak) else f"tidak terbaca: {error!r}"
                    self.db.execute(
                        "INSERT OR IGNORE INTO ditolak VALUES (?, ?, ?, ?)",
                        (record.topic, record.partition, record.offset, sebab),
                    )
            for batch in self.db.execute("SELECT * FROM batch WHERE keadaan = 'menunggu'").fetchall():
                self._periksa_batch(batch)
            for (batch_id,) in self.db.execute(
                "SELECT DISTINCT batch_id FROM item JOIN pembatalan USING (batch_id)"
                " WHERE keadaan IN ('diterima', 'gagal')"
            ).fetchall():
                self._batalkan(batch_id)

    def _simpan(self, record: Any) -> None:
        headers = {name: (value or b"").decode() for name, value in record.headers}
        tipe = headers["ce_type"]
        if tipe not in (MANIFES, PEMBATALAN, ITEM):
            return
        data = json.loads(record.value)
        batch_id = str(UUID(data["batch_id"]))
        if tipe == MANIFES:
            self._kunci.periksa(data.get("tanda_tangan"), naskah_manifes(data))
            self._simpan_manifes(batch_id, data)
        elif tipe == PEMBATALAN:
            self._kunci.periksa(data.get("tanda_tangan"), naskah_pembatalan(data))
            self.db.execute("INSERT OR IGNORE INTO pembatalan VALUES (?, ?)", (batch_id, str(data["alasan"])))
        else:
            self._simpan_item(
                Item(
                    str(UUID(data["item_id"])), batch_id, str(data["periode"]), str(data["nip"]),
                    rupiah(data["bruto"]), rupiah(data["potongan"]), rupiah(data["neto"]),
                ),
                headers.get("traceparent"),
            )  # fmt: skip

    def _simpan_manifes(self, batch_id: str, data: Mapping[str, Any]) -> None:
        manifest = (
            batch_id, str(data["periode"]), str(data["opd_kode"]), int(data["jumlah_item"]),
            rupiah(data["total_bruto"]), rupiah(data["total_potongan"]), rupiah(data["total_neto"]),
            str(data["hash"]),
        )  # fmt: skip
        known = self.db.execute(
            "SELECT batch_id, periode, opd_kode, jumlah_item, total_bruto, total_potongan, total_neto, hash"
            " FROM batch WHERE batch_id = ?",
            (batch_id,),
        ).fetchone()
        if known is not None and tuple(known) != manifest:
            raise Ditolak(f"batch {batch_id} datang lagi dengan manifes lain; koreksi memakai batch baru")
        self.db.execute(
            "INSERT OR IGNORE INTO batch (batch_id, periode, opd_kode, jumlah_item, total_bruto,"
            " total_potongan, total_neto, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            manifest,
        )

    def _simpan_item(self, item: Item, traceparent: str | None) -> None:
        known = self._item(item.item_id)
        if known == item:
            # Whoever asks again may have lost the answer (a restored backup). Its old id makes it harmless.
            self.db.execute("UPDATE jawaban SET terkirim = 0 WHERE item_id = ?", (item.item_id,))
            return
        if known is not None:
            raise Ditolak(f"item {item.item_id} datang lagi dengan isi lain")
        settled = self.db.execute(
            "SELECT 1 FROM batch WHERE batch_id = ? AND keadaan IN ('dibayarkan', 'ditolak')",
            (item.batch_id,),
        ).fetchone()
        if settled:
            raise Ditolak(f"item {item.item_id} tidak termasuk manifes batchnya")
        self.db.execute(
            "INSERT INTO item (item_id, batch_id, periode, nip, bruto, potongan, neto, traceparent)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                item.item_id,
                item.batch_id,
                item.periode,
                item.nip,
                item.bruto,
                item.potongan,
                item.neto,
                traceparent,
            ),
        )

    def _periksa_batch(self, batch: sqlite3.Row) -> None:
        """Release a batch when its items are all here and add up to its manifest; otherwise none of it."""
        batch_id = batch["batch_id"]
        items = [_item(row) for row in self.db.execute("SELECT * FROM item WHERE batch_id = ?", (batch_id,))]
        if self.db.execute("SELECT 1 FROM pembatalan WHERE batch_id = ?", (batch_id,)).fetchone():
            self._akhiri(batch_id, "dibatalkan", "dibatalkan BPKAD")
            return
        if len(items) < batch["jumlah_item"]:
            return
        found = kendali(items)
        wanted = Kendali(*(batch[name] for name in Kendali.__slots__))
        if found != wanted:
            self._akhiri(batch_id, "ditolak", f"manifes {wanted}, yang datang {found}")
            return
        if any(item.periode != batch["periode"] for item in items):
            self._akhiri(batch_id, "ditolak", "ada item dari bulan lain")
            return
        if twice := self._sudah_dibayar(batch_id, batch["periode"]):
            self._akhiri(
                batch_id, "ditolak", f"{twice} orang sudah punya pembayaran bulan ini dari batch lain"
            )
            return
        self._akhiri(batch_id, "dibayarkan", None)

    def _sudah_dibayar(self, batch_id: str, periode: str) -> int:
        """How many people of a batch have another living payment of the same month, or occur twice in it."""
        row = self.db.execute(
            "SELECT count(DISTINCT a.nip) FROM item a JOIN item b ON b.nip = a.nip AND b.periode = a.periode"
            " AND b.item_id <> a.item_id LEFT JOIN batch k ON k.batch_id = b.batch_id"
            " WHERE a.batch_id = ? AND a.periode = ? AND b.keadaan <> 'dibatalkan'"
            " AND (b.batch_id = a.batch_id OR k.keadaan = 'dibayarkan' OR b.keadaan = 'dibayar')",
            (batch_id, periode),
        ).fetchone()
        return int(row[0])

    def _batalkan(self, batch_id: str) -> None:
        """Nothing of this batch is paid from now on; each item not begun is answered so."""
        self._akhiri(batch_id, "dibatalkan", "dibatalkan BPKAD")
        for row in self.db.execute(
            "SELECT * FROM item WHERE batch_id = ? AND keadaan IN ('diterima', 'gagal')", (batch_id,)
        ).fetchall():
            self._catat(_item(row), "dibatalkan", "Batch dibatalkan BPKAD sebelum dibayar")

    def _akhiri(self, batch_id: str, keadaan: str, sebab: str | None) -> None:
        self.db.execute(
            "UPDATE batch SET keadaan = ?, sebab = ? WHERE batch_id = ?", (keadaan, sebab, batch_id)
        )

    async def bayarkan(self, bank: Bank) -> int:
        """Make every payment that is released and not yet made; returns how many were tried.

        An item is marked as begun, durably, before the bank is asked. After a crash the bank is first asked
        whether it knows the item, so that nothing is paid twice and nothing is forgotten.
        """
        tried = 0
        for item in self._dimulai():
            hasil = await bank.periksa(item)
            batal = self.db.execute(
                "SELECT 1 FROM pembatalan WHERE batch_id = ?", (item.batch_id,)
            ).fetchone()
            if hasil is None and batal:
                with self._transaksi():
                    self._catat(item, "dibatalkan", "Batch dibatalkan BPKAD sebelum dibayar")
                continue
            self.catat(item, hasil or await bank.bayar(item))
            tried += 1
        while items := self._mulai():
            hasil_semua = [(item, await bank.bayar(item)) for item in items]
            with self._transaksi():
                for item, hasil in hasil_semua:
                    self._catat(item, "dibayar" if hasil.berhasil else "gagal", hasil.keterangan)
            tried += len(items)
        return tried

    def _dimulai(self) -> list[Item]:
        return [
            _item(row) for row in self.db.execute("SELECT * FROM item WHERE keadaan = 'dimulai'").fetchall()
        ]

    def _mulai(self) -> list[Item]:
        with self._transaksi():
            rows = self.db.execute(
                "SELECT i.* FROM item i JOIN batch b USING (batch_id)"
                " WHERE b.keadaan = 'dibayarkan' AND i.keadaan = 'diterima' ORDER BY i.item_id LIMIT ?",
                (_SEKALIGUS,),
            ).fetchall()
            self.db.executemany(
                "UPDATE item SET keadaan = 'dimulai' WHERE item_id = ?", [(row["item_id"],) for row in rows]
            )
        return [_item(row) for row in rows]

    def catat(self, item: Item, hasil: Hasil) -> None:
        """Record what the bank said of one payment, and its answer to e-Kinerja."""
        with self._transaksi():
            self._catat(item, "dibayar" if hasil.berhasil else "gagal", hasil.keterangan)

    def _catat(self, item: Item, keadaan: str, keterangan: str) -> None:
        now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        changed = self.db.execute(
            "UPDATE item SET keadaan = ?, keterangan = ?, pada = ? WHERE item_id = ?"
            " AND keadaan NOT IN ('dibayar', 'dibatalkan')",
            (keadaan, keterangan, now, item.item_id),
        ).rowcount
        if changed:
            self.db.execute(
                "INSERT INTO jawaban (item_id, tipe, keterangan, dibatalkan, pada) VALUES (?, ?, ?, ?, ?)",
                (
                    item.item_id, DIBAYAR if keadaan == "dibayar" else GAGAL, keterangan,
                    keadaan == "dibatalkan", now,
                ),
            )  # fmt: skip

    def ulangi_gagal(self) -> int:
        """Try once more what failed (a mended account number, for example); returns how many."""
        with self._transaksi():
            return self.db.execute(
                "UPDATE item SET keadaan = 'diterima' WHERE keadaan = 'gagal'"
                " AND batch_id IN (SELECT batch_id FROM batch WHERE keadaan = 'dibayarkan')"
            ).rowcount

    def belum_terjawab(self, limit: int = 1000) -> list[sqlite3.Row]:
        """Answers that Kafka has not confirmed yet."""
        return self.db.execute(
            "SELECT j.*, i.batch_id, i.periode, i.neto, i.traceparent"
            " FROM jawaban j JOIN item i USING (item_id) WHERE j.terkirim = 0 ORDER BY j.versi LIMIT ?",
            (limit,),
        ).fetchall()

    def terjawab(self, rows: Sequence[sqlite3.Row]) -> None:
        """Kafka has confirmed these answers."""
        with self._transaksi():
            self.db.executemany(
                "UPDATE jawaban SET terkirim = 1 WHERE versi = ?", [(row["versi"],) for row in rows]
            )

    def laporan(self) -> tuple[list[str], bool]:
        """One line for each batch, and whether all of them are as their manifests say."""
        lines, good = [], True
        query = (
            "SELECT b.*, count(i.item_id) AS datang, count(*) FILTER (WHERE i.keadaan = 'dibayar') AS lunas"
            " FROM batch b LEFT JOIN item i USING (batch_id) GROUP BY b.batch_id"
            " ORDER BY b.periode, b.opd_kode, b.batch_id"
        )
        for row in self.db.execute(query):
            good = good and row["keadaan"] != "ditolak"
            lines.append(
                f"{row['periode']} {row['opd_kode']}: {row['keadaan']}, {row['datang']} dari "
                f"{row['jumlah_item']} item, {row['lunas']} dibayar"
                + (f"; {row['sebab']}" if row["sebab"] else "")
            )
        refused = self.db.execute("SELECT count(*) FROM ditolak").fetchone()[0]
        if refused:
            good = False
            lines.append(f"{refused} pesan ditolak, sebabnya di tabel ditolak")
        return lines, good

    def _item(self, item_id: str) -> Item | None:
        row = self.db.execute("SELECT * FROM item WHERE item_id = ?", (item_id,)).fetchone()
        return _item(row) if row else None

    def _transaksi(self) -> "_Transaksi":
        return _Transaksi(self.db)


class _Transaksi:
    """`BEGIN IMMEDIATE` … `COMMIT`, or `ROLLBACK` when the block fails."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._db.execute("COMMIT" if kind is None else "ROLLBACK")


def _item(row: sqlite3.Row) -> Item:
    return Item(*(row[name] for name in Item.__slots__))


def jawaban(row: sqlite3.Row) -> tuple[bytes, list[tuple[str, bytes]]]:
    """Payload and headers of one answer. The same answer always has the same event id."""
    data = {"version": row["versi"], **{name: row[name] for name in ("batch_id", "periode", "item_id")}}
    if row["tipe"] == DIBAYAR:
        data |= {"referensi": row["keterangan"], "dibayar_pada": row["pada"], "neto": row["neto"]}
    else:
        data |= {"alasan": row["keterangan"], "dibatalkan": bool(row["dibatalkan"])}
    headers = {
        "ce_specversion": "1.0",
        "ce_id": str(uuid5(UUID(row["item_id"]), f"{row['tipe']}/{row['versi']}")),
        "ce_source": "/payroll",
        "ce_type": row["tipe"],
        "ce_time": row["pada"],
        "ce_subject": row["batch_id"],
        "ce_version": str(row["versi"]),
        "content-type": "application/json",
    }
    if row["traceparent"]:
        headers["traceparent"] = row["traceparent"]
    return json.dumps(data).encode(), [(name, value.encode()) for name, value in headers.items()]


@dataclass(frozen=True, slots=True)
class Kafka:
    """Where the topic is and who you are there. `protokol` is SASL_SSL outside a test machine."""

    bootstrap: str
    pengguna: str
    sandi: str
    topik: str = "ekinerja.payroll.v1"
    grup: str = "ekinerja.payroll"
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


async def jalankan(
    buku: Buku, bank: Bank, kafka: Kafka, *, sekali: bool = False, dari_awal: bool = False
) -> None:
    """Read, pay, answer, then move on in the topic; with `sekali` until everything that is there is handled.

    Raises KafkaError when the topic is absent or may not be read.
    """
    consumer = AIOKafkaConsumer(
        group_id=kafka.grup, enable_auto_commit=False, auto_offset_reset="earliest", **kafka.login()
    )
    producer = AIOKafkaProducer(acks="all", enable_idempotence=True, **kafka.login())
    await consumer.start()
    await producer.start()
    try:
        numbers = await producer.partitions_for(kafka.topik)
        partitions = [TopicPartition(kafka.topik, number) for number in sorted(numbers)]
        consumer.assign(partitions)
        if dari_awal:
            await consumer.seek_to_beginning(*partitions)
        await buku.bayarkan(bank)
        await _jawab(producer, kafka.topik, buku)
        while True:
            arrived = await consumer.getmany(*partitions, timeout_ms=300, max_records=2000)
            if arrived:
                buku.terima(record for records in arrived.values() for record in records)
                await buku.bayarkan(bank)
                await _jawab(producer, kafka.topik, buku)
                # Only now: a death before this line repeats the batch, and the books make that harmless.
                await consumer.commit()
            elif sekali and await _di_ujung(consumer, partitions):
                return
    finally:
        await consumer.stop()
        await producer.stop()


async def _jawab(producer: AIOKafkaProducer, topic: str, buku: Buku) -> None:
    """Send what Kafka has not confirmed yet; safe to repeat."""
    while rows := buku.belum_terjawab():
        sending = []
        for row in rows:
            payload, headers = jawaban(row)
            sending.append(await producer.send(topic, payload, key=row["batch_id"].encode(), headers=headers))
        await asyncio.gather(*sending)
        buku.terjawab(rows)


async def _di_ujung(consumer: AIOKafkaConsumer, partitions: list[TopicPartition]) -> bool:
    ends = await consumer.end_offsets(partitions)
    for partition, end in ends.items():
        if await consumer.position(partition) < end:
            return False
    return True


__all__ = [
    "Bank", "Buku", "Ditolak", "Hasil", "Item", "Kafka", "KafkaError", "Kendali", "Kunci", "jalankan",
    "jawaban", "kendali", "naskah_manifes", "naskah_pembatalan", "rupiah",
]  # fmt: skip
