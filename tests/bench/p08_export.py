"""P8, the export half: a file of 100.000 people by profile, from the database to the finished file.

The service's own query makes it: accounts are opened, audit rows written. Time is of one file; memory is
all that the process and the one that writes beside it hold at their peak. The figures are those of a shipped
policy's first worked example; of one whose criteria are lines, and of one whose full amounts have to be
worked out for each person.
"""

import asyncio
import contextlib
import json
import os
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import psutil

from services.tpp.ekspor import profil, queries
from services.tpp.kebijakan.queries import terbaca
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.masukan_teks import baca_teks
from services.tpp.perhitungan.rules import tulis_baris, tulis_masukan
from services.tpp.perhitungan.uji import masukan_kasus
from services.tpp.rekening.rules import DataBayar
from shared.brankas import Brankas
from shared.db import Database, Tx
from shared.db.migrate import migrate
from shared.ids import uuid7
from shared.period import Period
from tests.bench.tpp_pembanding import isi_data
from tests.measure import ROOT, Context

PERIODE = Period(2026, 10)
PROFIL = {"bontang": ("nominatif", "sipd-tpp", "nominatif-csv"), "banjarmasin": ("nominatif",)}
"""The files made of figures by each policy."""
_CONTOH = ROOT / "services" / "tpp" / "kebijakan" / "contoh"

_NAMA = """
INSERT INTO nama (pegawai_id, version, nama)
SELECT pegawai_id, 1, 'Drs. Pegawai Contoh ' || nip || ', M.Si.' FROM pegawai
"""
_KEBIJAKAN = """
INSERT INTO kebijakan (kebijakan_id, sidik, kode, nama, daerah, dokumen, berlaku_mulai, diunggah_oleh)
VALUES ($1, $2, $3, $4, $5, $6, $7, $1)
"""
_BULAN = """
INSERT INTO tpp_bulan (pegawai_id, periode, version, nomor, kebijakan_id, nip, opd_kode, unit_path, status,
                       bruto, potongan, neto, baris, alasan, masukan, v_pegawai, v_penilaian, v_kehadiran,
                       v_gaji, dihitung_pada)
SELECT p.pegawai_id, $1, 1, 1, $2, p.nip, n.opd_kode, n.unit_path, 'dihitung', $3, $4, $5, $6, '[]', $7,
       1, 1, 1, 1, now()
FROM pegawai p JOIN penempatan n USING (pegawai_id)
ON CONFLICT (pegawai_id, periode) DO UPDATE
SET kebijakan_id = excluded.kebijakan_id, bruto = excluded.bruto, potongan = excluded.potongan,
    neto = excluded.neto, baris = excluded.baris, masukan = excluded.masukan
"""
_KUNCI = """
INSERT INTO penetapan (periode, opd_kode, opd_nama, opd_path, keadaan, batch_id)
SELECT $1, opd_kode, opd_kode, opd_kode, 'dikunci', gen_random_uuid() FROM tpp_bulan GROUP BY opd_kode
"""
_BAYAR = """
INSERT INTO pembayaran (item_id, batch_id, urutan, pegawai_id, periode, nip, bruto, potongan, neto,
                        dikirim_pada)
SELECT gen_random_uuid(), k.batch_id, row_number() OVER (PARTITION BY k.batch_id), t.pegawai_id, t.periode,
       t.nip, t.bruto, t.potongan, t.neto, now()
FROM tpp_bulan t JOIN penetapan k USING (periode, opd_kode)
"""


async def run(context: Context) -> list[dict[str, Any]]:
    """100.000 people (small: 10.000, the goal of time scaled); each file in a process of its own."""
    people = 10_000 if context.small else 100_000
    environment = context.platform.environment()
    name = f"p08_{uuid4().hex[:8]}"
    app, owner = (
        urlsplit(environment[f"EKINERJA_DB_TPP_{role}"])._replace(path=f"/{name}").geturl()
        for role in ("APP", "OWNER")
    )
    admin = await asyncpg.connect(context.platform.admin_dsn)
    await admin.execute(f'CREATE DATABASE "{name}" OWNER tpp_owner')
    try:
        await migrate(owner, "tpp_app", {"kernel": "shared.db", "tpp": "services.tpp"})
        with tempfile.TemporaryDirectory(prefix="ekinerja-p08-") as folder:
            await _isi(owner, people, context.seed, Path(folder))
            rows = []
            for daerah, profiles in PROFIL.items():
                await _bulan(owner, daerah)
                for kode in profiles:
                    measured = [
                        await _ukur(app, kode, Path(folder)) for _ in range(1 if context.small else 3)
                    ]
                    rows.append(_row(f"{kode}-{daerah}", people, measured))
        return rows
    finally:
        await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        await admin.close()


async def _isi(owner: str, people: int, seed: int, keys: Path) -> None:
    conn = await asyncpg.connect(owner)
    try:
        async with conn.transaction():
            ids = await isi_data(conn, people, PERIODE, seed)
            await conn.execute(_NAMA)
            brankas = Brankas(keys / "rekening.key.json")
            sealed = []
            for number, who in enumerate(ids):
                data = DataBayar(
                    f"Pegawai {number}", "014", "Bank Contoh", f"{number:013d}", f"{number:016d}",
                    f"{number:016d}", "K/1", "Jalan Contoh Nomor Satu",
                )  # fmt: skip
                sealed.append((who, *brankas.segel(who.bytes, json.dumps(data._asdict()).encode()), "bench"))
            await conn.copy_records_to_table(
                "rekening", columns=("pegawai_id", "kunci", "isi", "diubah_oleh"), records=sealed
            )
    finally:
        await conn.close()


async def _bulan(owner: str, daerah: str) -> None:
    """Everybody's month as this policy's first worked example, locked and handed over."""
    dokumen = (_CONTOH / f"{daerah}.yaml").read_text(encoding="utf-8")
    policy, kebijakan_id = terbaca(dokumen), uuid7()
    example = masukan_kasus(policy, policy.uji[0])
    periode = Period.parse(str(example["periode"]))
    m, wrong = baca_teks(example, engine.penafsir(policy, periode).program.fakta)
    if m is None:
        raise RuntimeError(f"contoh hitungan {daerah} tidak terbaca: {wrong}")
    hasil = engine.compile(policy)(m)
    conn = await asyncpg.connect(owner)
    try:
        async with conn.transaction():
            await conn.execute(
                _KEBIJAKAN, kebijakan_id, policy.sidik, policy.kode, policy.nama, policy.daerah, dokumen,
                policy.berlaku_mulai,
            )  # fmt: skip
            await conn.execute(
                _BULAN, str(PERIODE), kebijakan_id, hasil.bruto, hasil.potongan, hasil.neto,
                tulis_baris(hasil.baris), tulis_masukan(m),
            )  # fmt: skip
            await conn.execute("TRUNCATE pembayaran, penetapan CASCADE")
            await conn.execute(_KUNCI, str(PERIODE))
            await conn.execute(_BAYAR)
        await conn.execute("ANALYZE")
    finally:
        await conn.close()


async def _ukur(app: str, kode: str, keys: Path) -> dict[str, float]:
    """One file in a fresh process: seconds, MB above the start, rows, bytes."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.p08_export", kode, str(keys),
        cwd=ROOT, env={**os.environ, "P08_DSN": app}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await child.communicate()
    if child.returncode:
        raise RuntimeError(f"berkas {kode} gagal dibuat; lihat galat di atas")
    found: dict[str, float] = json.loads(out.decode().splitlines()[-1])
    return found


async def _satu_berkas(kode: str, keys: Path) -> dict[str, float]:
    database = Database(os.environ["P08_DSN"], size=1)
    await database.open()
    chosen, brankas = profil.satu(keys / "profil", kode), Brankas(keys / "rekening.key.json")
    me = psutil.Process()
    before = me.memory_info().rss
    peak = before

    def held() -> int:
        """By this process and the one beside it that writes."""
        size = int(me.memory_info().rss)
        for child in me.children():
            with contextlib.suppress(psutil.NoSuchProcess):
                size += int(child.memory_info().rss)
        return size

    async def watch() -> None:
        nonlocal peak
        while True:
            peak = max(peak, held())
            await asyncio.sleep(0.02)

    async def make(tx: Tx) -> queries.Berkas:
        return await queries.buat(tx, PERIODE, chosen, None, {}, brankas)

    watching = asyncio.create_task(watch())
    began = perf_counter()
    made = await database.run(make)
    seconds = perf_counter() - began
    watching.cancel()
    await database.close()
    size = made.path.stat().st_size
    made.path.unlink()
    return {
        "detik": seconds,
        "mb": (peak - before) / 1e6,
        "mb_proses": peak / 1e6,
        "baris": made.baris,
        "bita": size,
    }


def _row(kode: str, people: int, measured: list[dict[str, float]]) -> dict[str, Any]:
    seconds = median(one["detik"] for one in measured)
    memory = max(one["mb_proses"] for one in measured)
    goal = 30 * people / 100_000
    whole = all(one["baris"] == people for one in measured)
    return {
        "id": f"P8-{kode}",
        "value": round(seconds, 2),
        "unit": f"s untuk {people} baris",
        "goal": f"<= {goal:g} s, < 300 MB",
        "holds": seconds <= goal and memory < 300 and whole,
        "detail": {"pegawai": people, "putaran": measured},
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_satu_berkas(sys.argv[1], Path(sys.argv[2])))))
