"""P7: tpp rebuilt from its topics: months of ratings and closings read from the start, each month computed.

What came by import (attendance, salaries) is there already, as it is in a restored database; people, ratings,
rosters and closings are read from Kafka by two real worker processes. Small: 3.000 people and 3 months; full:
100.000 people and 12 months. Besides the time the largest memory of any process is told.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from services.tpp.perhitungan.commands import jalankan
from shared.contracts.pegawai import PegawaiChanged, Penempatan
from shared.contracts.penilaian import PENILAIAN, PenilaianFinalised, PenilaianPeriodFinalised, Predikat
from shared.contracts.periode import PERIODE, PeriodeClosed, PeriodeOpened, PeriodeRoster
from shared.nip import Nip
from shared.period import Period
from shared.testing.feed import Recorded
from tests.chaos.r09_rebuild import terbitkan
from tests.component.layanan import manifest
from tests.measure import Context
from tests.para_pekerja import Bulan, kosong

_AWAL = Period(2026, 1)
_PATIENCE = 3 * 3600.0
_SEBAGIAN = 2000
_SELESAI = "SELECT count(*) FROM perhitungan WHERE keadaan = 'selesai'"
_SIAP = """
SELECT periode FROM periode m
WHERE keadaan = 'ditutup' AND lengkap_version >= version AND final_version >= version
  AND NOT EXISTS (SELECT FROM perhitungan h WHERE h.periode = m.periode) ORDER BY periode LIMIT 1
"""


async def run(context: Context) -> list[dict[str, Any]]:
    """3.000 people and 3 months (full: 100.000 and 12)."""
    people, months = (3_000, 3) if context.small else (100_000, 12)
    return await ulang(context, people=people, months=months)


async def ulang(context: Context, *, people: int, months: int) -> list[dict[str, Any]]:
    """Publish everything, then measure from the start of the workers to the end of the last month's run."""
    dice = Random(context.seed)
    ids = [UUID(int=dice.getrandbits(128), version=4) for _ in range(people)]
    periods = [_AWAL.plus(number) for number in range(months)]
    async with kosong(context.platform) as here:
        await _impor(here, ids, periods)
        facts = 0
        for batch in _fakta(ids, periods, dice):
            await terbitkan(context.platform.kafka_admin, here.settings.namespace, batch)
            facts += len(batch)
        began = time.perf_counter()
        here.nyalakan("relay", "relay")
        for number in range(2):
            here.nyalakan(f"pekerja{number}", "consumer", "jobs")
        while not await here.baris("SELECT 1 FROM kernel.inbox LIMIT 1"):
            await asyncio.sleep(0.05)
        ready = time.perf_counter() - began
        heard = await _hitung_semua(here, periods, began)
        seconds = time.perf_counter() - began
        memory = max(_rss(process.pid) for process in here.proses.values())
        (row,) = await here.baris("SELECT count(*) AS angka FROM tpp_bulan WHERE status = 'dihitung'")
    # Starting two processes says nothing of how much larger a replay they manage.
    rate = people * months / (seconds - ready)
    complete = row["angka"] == people * months
    detail = {
        "pegawai": people,
        "bulan": months,
        "fakta": facts,
        "detik_semua": round(seconds, 1),
        "detik_sampai_pekerja_siap": round(ready, 1),
        "detik_sampai_bulan_terakhir_siap": round(heard, 1),
        "menit_untuk_100.000_x_12": round((ready + 1_200_000 / rate) / 60, 1),
    }
    return [
        {
            "id": "P7-ulang",
            "value": round(rate),
            "unit": "orang-bulan per detik, sesudah pekerja siap",
            "goal": ">= 334 (100.000 x 12 dalam 60 menit)",
            "holds": complete and rate >= 334,
            "detail": detail,
        },
        {
            "id": "P7-memori",
            "value": round(memory / 1024),
            "unit": "MiB, proses terbesar",
            "goal": "< 1024",
            "holds": memory < 1024 * 1024,
            "detail": detail,
        },
    ]


async def _hitung_semua(here: Bulan, periods: Sequence[Period], began: float) -> float:
    """Begin each month's run as soon as its facts are there; returns when the last month was ready."""
    heard = 0.0
    end = time.monotonic() + _PATIENCE
    while True:
        (done,) = await here.baris(_SELESAI)
        if done["count"] == len(periods):
            return heard
        for row in await here.baris(_SIAP):
            async with here.database.transaction() as tx:
                await jalankan(tx, Period.parse(row["periode"]))
            heard = time.perf_counter() - began
        if time.monotonic() > end:
            raise TimeoutError(f"{done['count']} dari {len(periods)} bulan selesai")
        await asyncio.sleep(0.1)


async def _impor(here: Bulan, ids: Sequence[UUID], periods: Sequence[Period]) -> None:
    async with here.admin() as conn:
        await conn.copy_records_to_table(
            "gaji", columns=["pegawai_id", "gaji"], records=[(who, 4_500_000) for who in ids]
        )
        columns = (
            "pegawai_id periode hadir cuti tanpa_keterangan terlambat pulang_cepat tanpa_masuk tanpa_pulang"
        ).split()
        for month in periods:
            await conn.copy_records_to_table(
                "kehadiran_bulan",
                columns=columns,
                records=[
                    (who, str(month), 20, 1, 0, [7] if who.int % 5 == 0 else [], [], 0, 0) for who in ids
                ],
            )
        await conn.execute("ANALYZE")


def _fakta(ids: Sequence[UUID], periods: Sequence[Period], dice: Random) -> Iterator[list[Recorded]]:
    """What skp and assessment told, month by month; each month's facts shuffled within themselves."""
    yield [Recorded.of(_orang(number, who)) for number, who in enumerate(ids)]
    for month in periods:
        facts = [Recorded.of(PeriodeOpened(version=1, periode=month))]
        facts += [Recorded.of(_final(who, month, dice)) for who in ids]
        parts = [ids[start : start + _SEBAGIAN] for start in range(0, len(ids), _SEBAGIAN)]
        facts += [
            Recorded.of(
                PeriodeRoster(
                    version=2,
                    periode=month,
                    bagian=number,
                    dari=len(parts),
                    pegawai=tuple((who, 1) for who in part),
                )
            )
            for number, part in enumerate(parts, 1)
        ]
        closed = PeriodeClosed(
            version=3,
            periode=month,
            jumlah_pegawai=len(ids),
            manifest=manifest(facts, str(month), PERIODE),
        )
        ended = PenilaianPeriodFinalised(
            version=3,
            periode=month,
            dinilai=len(ids),
            ditahan=0,
            manifest=manifest(facts, str(month), PENILAIAN),
        )
        facts += [Recorded.of(closed), Recorded.of(ended)]
        dice.shuffle(facts)
        yield facts


def _orang(number: int, who: UUID) -> PegawaiChanged:
    opd = f"OPD{number % 40:02d}"
    return PegawaiChanged(
        version=1,
        pegawai_id=who,
        nip=Nip(f"198501012010{number % 12 + 1:02d}1{number % 1000:03d}"),
        status="PNS",
        aktif=True,
        penempatan=(
            Penempatan(
                berlaku_mulai=date(2025, 1, 1),
                unit_kode=opd,
                unit_nama=opd,
                unit_path=f"PEMDA/{opd}",
                opd_kode=opd,
                opd_nama=opd,
                jabatan_nama="Pelaksana",
                jenis_jabatan="Pelaksana",
                kelas=5 + number % 8,
                golongan="III/a",
                atasan_id=None,
            ),
        ),
    )


def _final(who: UUID, month: Period, dice: Random) -> PenilaianFinalised:
    predikat: Predikat = dice.choice((1, 2, 2, 2, 3))
    return PenilaianFinalised(
        version=1, pegawai_id=who, periode=month, skp_disetujui=True, predikat=predikat, alasan=()
    )


def _rss(pid: int) -> int:
    """The most memory a process has held, in KiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1])
    return 0
