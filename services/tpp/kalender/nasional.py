"""The national calendar that comes with the product: what law and SKB have set, nothing only expected.

2025 and 2026 are whole (SKB 3 Menteri). Of 2027 only the holidays with a fixed date are here (Keppres
8/2024): for the others and for cuti bersama the region imports the SKB.
"""

import csv
from importlib.resources import files

from services.tpp.kalender.jenis import HARI_LIBUR, SQL, baris_nasional
from services.tpp.kehadiran.ulang import hitung_ulang
from shared.db import Tx

LENGKAP = (2025, 2026)
"""Years whose every holiday and cuti bersama is in the shipped file."""


async def muat(tx: Tx) -> int:
    """Take in shipped days that were never known here; returns how many. What the region changed stays."""
    text = (files("services.tpp.kalender") / "nasional.csv").read_text(encoding="utf-8")
    shipped = baris_nasional(list(csv.DictReader(text.splitlines(), delimiter=";")))
    rows = SQL.tanggal_dikenal(tx.conn, tanggal=[row[0] for row in shipped])
    known = {row["tanggal"] async for row in rows}
    added = (await HARI_LIBUR.simpan(tx, [row for row in shipped if row[0] not in known])).baris
    if added:
        tx.audit("kalender.dimuat", "kalender", hari=len(added))
        days = [row[0] for row in added]
        await hitung_ulang(tx, "hari libur nasional", None, min(days), max(days))
    return len(added)
