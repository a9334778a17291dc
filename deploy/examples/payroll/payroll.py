"""Contoh konsumen payroll yang berdiri sendiri. / A payroll consumer that stands alone.

It imports the kit beside it (`ekinerja_payroll.py`) and nothing else of e-Kinerja, so that a vendor can
start from both files. `BankContoh` stands for the bank: a ledger that would pay twice if it were asked twice.
"""

import argparse
import asyncio
import os
import sqlite3
import sys
from pathlib import Path

from ekinerja_payroll import Buku, Hasil, Item, Kafka, KafkaError, Kunci, jalankan


class BankContoh:
    """A bank's ledger: each call writes a line, whoever asks and however often."""

    def __init__(self, path: Path, tolak: list[str], jeda: float) -> None:
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute(
            "CREATE TABLE IF NOT EXISTS transaksi (nomor INTEGER PRIMARY KEY, item_id TEXT NOT NULL,"
            " nip TEXT NOT NULL, neto TEXT NOT NULL, ditolak INTEGER NOT NULL)"
        )
        self.db.execute("CREATE INDEX IF NOT EXISTS transaksi_item ON transaksi (item_id)")
        self._tolak = frozenset(tolak)
        self._jeda = jeda

    async def bayar(self, item: Item) -> Hasil:
        """Pay, or refuse the account of whoever is named in `--tolak`."""
        refused = item.nip in self._tolak
        done = self.db.execute(
            "INSERT INTO transaksi (item_id, nip, neto, ditolak) VALUES (?, ?, ?, ?)",
            (item.item_id, item.nip, item.neto, refused),
        )
        if self._jeda:
            await asyncio.sleep(self._jeda)
        return _hasil(done.lastrowid, refused)

    async def periksa(self, item: Item) -> Hasil | None:
        """What the ledger holds of this item."""
        row = self.db.execute(
            "SELECT nomor, ditolak FROM transaksi WHERE item_id = ? ORDER BY nomor DESC", (item.item_id,)
        ).fetchone()
        return _hasil(row[0], bool(row[1])) if row else None


def _hasil(nomor: int | None, refused: bool) -> Hasil:
    return Hasil(False, "Rekening ditolak bank") if refused else Hasil(True, f"CONTOH-{nomor:08d}")


def _sandi() -> str:
    """The password itself, or the content of the file that EKINERJA_KAFKA_PASSWORD_PAYROLL_FILE names."""
    path = os.environ.get("EKINERJA_KAFKA_PASSWORD_PAYROLL_FILE")
    return Path(path).read_text().strip() if path else os.environ["EKINERJA_KAFKA_PASSWORD_PAYROLL"]


def _kafka() -> Kafka:
    namespace = os.environ.get("EKINERJA_NAMESPACE", "ekinerja")
    return Kafka(
        bootstrap=os.environ["EKINERJA_KAFKA"],
        pengguna=os.environ["EKINERJA_KAFKA_USER_PAYROLL"],
        sandi=_sandi(),
        topik=f"{namespace}.payroll.v1",
        grup=f"{namespace}.payroll",
    )


def main() -> int:
    """Command line; exit status 2: cannot begin; 3: some batch or message had to be refused."""
    parser = argparse.ArgumentParser(description="Contoh konsumen payroll e-Kinerja")
    parser.add_argument("--data", type=Path, default=Path("payroll-contoh.sqlite"), help="berkas pembukuan")
    parser.add_argument("--bank", type=Path, help="berkas buku bank tiruan (bawaan: di samping pembukuan)")
    parser.add_argument(
        "--kunci",
        default=os.environ.get("EKINERJA_PAYROLL_JWKS"),
        help="kunci publik e-Kinerja: berkas atau alamat https (bawaan: EKINERJA_PAYROLL_JWKS)",
    )
    parser.add_argument("--once", action="store_true", help="berhenti bila semua yang ada sudah ditangani")
    parser.add_argument("--from-start", action="store_true", help="baca lagi topik dari awal")
    parser.add_argument("--ulangi-gagal", action="store_true", help="coba lagi yang gagal dibayar")
    parser.add_argument(
        "--tolak", action="append", default=[], metavar="NIP", help="tirukan bank yang menolak"
    )
    parser.add_argument(
        "--jeda", type=float, default=0.0, help="detik yang dipakai bank untuk satu pembayaran"
    )
    chosen = parser.parse_args()
    try:
        if not chosen.kunci:
            raise ValueError("isi --kunci atau EKINERJA_PAYROLL_JWKS")
        buku = Buku(chosen.data, Kunci.baca(chosen.kunci))
    except sqlite3.OperationalError as error:
        print(f"pembukuan {chosen.data} tidak dapat dibuka: {error}", file=sys.stderr)
        return 2
    except (OSError, ValueError, KeyError) as error:
        print(f"kunci publik e-Kinerja tidak terbaca: {error}", file=sys.stderr)
        return 2
    bank = BankContoh(chosen.bank or chosen.data.with_suffix(".bank.sqlite"), chosen.tolak, chosen.jeda)
    if chosen.ulangi_gagal:
        buku.ulangi_gagal()
    try:
        asyncio.run(jalankan(buku, bank, _kafka(), sekali=chosen.once, dari_awal=chosen.from_start))
    except KafkaError as error:
        print(f"topik payroll belum ada atau tidak boleh dibaca: {error!r}", file=sys.stderr)
        return 2
    lines, good = buku.laporan()
    print("\n".join(lines) or "Belum ada batch.")
    return 0 if good else 3


if __name__ == "__main__":
    sys.exit(main())
