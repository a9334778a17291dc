"""P8, the import half: an XLSX of attendance with row errors, from its upload to the days stored.

The file goes over HTTP to a process with the pages, a second process does the jobs and starts a third one
that reads the workbook, as in an installation. Time runs from the upload to the list of faults, and from the
sender's "leave those rows out" to the end; the goal is held against both together. Memory is the largest that
any of the processes has held. What else a kepegawaian office sends is measured beside it, a row a person.
"""

import asyncio
import io
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from random import Random
from statistics import median
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import httpx2
import psutil
import xlsxwriter

from shared.auth.guard import Peranan, Principal
from shared.auth.token import Signer
from shared.period import Period
from shared.web.routes import KEY
from tests.measure import Context
from tests.para_pekerja import Bulan, kosong

BULAN = Period(2026, 10)
HARI = [day for number in range(28) if (day := BULAN.first_day + timedelta(number)).weekday() < 5]
"""The working days that each person's rows are of."""
_PATIENCE = 180.0
_TAK_DIKENAL = "198001011999011999"

Sel = str | float
Baris = list[Sel]


class Berkas(NamedTuple):
    """A kind of file, its header, and its good rows for these NIP."""

    jenis: str
    kepala: Sequence[str]
    baris: Callable[[Sequence[str], Random], Iterator[Baris]]
    rusak: Sequence[Callable[[Baris], None]]
    """What may be wrong with a row, each told of once."""


def _hadir(nip: Sequence[str], dice: Random) -> Iterator[Baris]:
    for who in nip:
        for day in HARI:
            masuk, pulang = 7 * 60 + dice.randint(0, 75), 16 * 60 + dice.randint(-20, 90)
            kind = dice.choices(("", "DL", "S", "A"), (94, 2, 2, 2))[0]
            clocks = [f"{m // 60:02d}:{m % 60:02d}" if kind in ("", "DL") else "" for m in (masuk, pulang)]
            yield [who, f"{day:%d-%m-%Y}", *clocks, kind]


def _ganti(position: int, value: Sel) -> Callable[[Baris], None]:
    def change(row: Baris) -> None:
        row[position] = value

    return change


def _terbalik(row: Baris) -> None:
    row[2:] = ["16:00", "07:30", ""]


_NIP = (_ganti(0, _TAK_DIKENAL), _ganti(0, 1.98501012010011e17), _ganti(0, "1985-0101"))
"""Of nobody, as a number of the spreadsheet, and no NIP at all."""

BERKAS = (
    Berkas(
        "kehadiran",
        ("NIP", "Tanggal", "Jam Masuk", "Jam Pulang", "Keterangan"),
        _hadir,
        (*_NIP, _ganti(1, "31-02-2026"), _ganti(1, "05-09-2026"), _terbalik, _ganti(4, "liburan")),
    ),
    Berkas(
        "gaji",
        ("NIP", "Gaji", "TMT"),
        lambda nip, dice: ([who, float(dice.randint(25, 60) * 100_000), "01-03-2026"] for who in nip),
        (*_NIP, _ganti(1, "-4500000"), _ganti(2, "31-02-2026")),
    ),
    Berkas(
        "aktivitas",
        ("NIP", "Bulan", "Menit Aktivitas", "Hari Laporan"),
        lambda nip, dice: ([who, "Oktober 2026", float(dice.randint(4000, 9000)), 20.0] for who in nip),
        (*_NIP, _ganti(1, "September 2026"), _ganti(2, "banyak")),
    ),
)


def susun(jenis: Berkas, nip: Sequence[str], seed: int) -> tuple[bytes, int, int]:
    """A workbook with a wrong row in a hundred, of every kind in turn; its rows, and the wrong ones."""
    dice = Random(seed)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Rekap")
        sheet.write_row(0, 0, jenis.kepala)
        rows = wrong = 0
        before: Baris = []
        for row in jenis.baris(nip, dice):
            rows += 1
            if rows % 100 == 50:
                # The last kind of fault is a row twice, which makes the second wrong.
                kind = wrong % (len(jenis.rusak) + 1)
                wrong += 1
                if kind < len(jenis.rusak):
                    jenis.rusak[kind](row)
                else:
                    row = before
            before = list(row)
            sheet.write_row(rows, 0, row)
    return out.getvalue(), rows, wrong


async def run(context: Context) -> list[dict[str, Any]]:
    """100.000 rows (small: 10.000, the goal of time scaled)."""
    rows = 10_000 if context.small else 100_000
    rounds = 1 if context.small else 3
    async with kosong(context.platform) as here:
        nip = await _orang(here, rows)
        found = []
        for jenis in BERKAS:
            people = nip[: rows // len(HARI)] if jenis.jenis == "kehadiran" else nip
            measured = [
                await _ukur(here, jenis, people, context.seed + number, number) for number in range(rounds)
            ]
            found.append(_row(jenis, rows, measured))
    return found


async def _orang(here: Bulan, banyak: int) -> list[str]:
    """So many people in forty OPD, and the month open; their NIP."""
    lahir = [date(1970, 1, 1) + timedelta(number // 999) for number in range(banyak)]
    known = [
        (UUID(int=number + 1), f"{day:%Y%m%d}2010011{number % 999 + 1:03d}")
        for number, day in enumerate(lahir)
    ]
    async with here.admin() as conn:
        await conn.execute(
            "INSERT INTO periode (periode, version, keadaan) VALUES ($1, 1, 'dibuka')", str(BULAN)
        )
        await conn.copy_records_to_table(
            "pegawai",
            columns="pegawai_id version nip status aktif".split(),
            records=[(who, 1, nip, "PNS", True) for who, nip in known],
        )
        await conn.copy_records_to_table(
            "penempatan",
            columns=(
                "pegawai_id urutan berlaku_mulai unit_path opd_kode opd_nama opd_path jabatan_nama"
                " kelas golongan"
            ).split(),
            records=[
                (who, 1, date(2025, 1, 1), path, opd, opd, path, "Pelaksana", 7, "III/a")
                for number, (who, _) in enumerate(known)
                for opd in [f"OPD{number % 40:02d}"]
                for path in [f"PEMDA/{opd}"]
            ],
        )
        await conn.execute("ANALYZE")
    return [nip for _, nip in known]


async def _ukur(here: Bulan, jenis: Berkas, nip: Sequence[str], seed: int, number: int) -> dict[str, Any]:
    """One file through fresh processes."""
    data, rows, wrong = await asyncio.to_thread(susun, jenis, nip, seed)
    names = (f"halaman-{jenis.jenis}-{number}", f"kerja-{jenis.jenis}-{number}")
    port = here.nyalakan(names[0], "api")
    here.nyalakan(names[1], "jobs")
    watching = asyncio.create_task(_puncak([here.proses[name].pid for name in names]))
    who = Principal(uuid4(), nip[0], (Peranan("admin_bkd", None),), 1)
    token, _ = Signer(here.settings.keys).issue(who)
    headers = {"Authorization": f"Bearer {token}", "Accept": "text/html"}
    base = f"http://127.0.0.1:{port}"
    try:
        async with httpx2.AsyncClient(base_url=base, headers=headers, timeout=60) as client:
            await _siap(client)
            began = time.perf_counter()
            sent = await client.post(
                f"/tpp/impor/{jenis.jenis}",
                data={KEY: str(uuid4()), "periode": str(BULAN), "profil": "", "alasan": ""},
                files={"berkas": ("rekap.xlsx", data)},
            )
            _diterima(sent)
            one = sent.headers["Location"]
            checked = await _sampai(here, one, "diperiksa")
            seen = time.perf_counter()
            page = await client.get(one)
            _diterima(await client.post(f"{one}/simpan", data={KEY: str(uuid4()), "lewati_salah": "ya"}))
            stored = await _sampai(here, one, "selesai")
            ended = time.perf_counter()
    finally:
        watching.cancel()
        memory = await watching
        for name in names:
            here.bunuh(name)
        async with here.admin() as conn:
            # That estimates follow is measured by P14; here they must not fall into the next file's time.
            await conn.execute("DELETE FROM perkiraan_antrean")
    whole = (checked["salah_jumlah"], stored["salah_jumlah"], stored["diterapkan"]) == (wrong, wrong, True)
    return {
        "baris": rows,
        "salah": wrong,
        "utuh": whole and page.status_code == 200,
        "sampai_kesalahan_terlihat": round(seen - began, 2),
        "sampai_tersimpan": round(ended - seen, 2),
        "detik": round(ended - began, 2),
        "bita": len(data),
        **memory,
    }


def _diterima(answer: Any) -> None:
    if answer.status_code != 303:
        raise RuntimeError(f"ditolak dengan {answer.status_code}: {answer.text[:300]}")


async def _siap(client: Any) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        try:
            if (await client.get("/health/ready")).status_code == 200:
                return
        except httpx2.TransportError:
            pass
        await asyncio.sleep(0.1)
    raise TimeoutError("halaman tidak siap")


async def _sampai(here: Bulan, one: str, keadaan: str) -> dict[str, Any]:
    """The report once the file is that far. Raises RuntimeError when it came to nothing."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        (row,) = await here.baris(
            "SELECT keadaan, laporan, galat FROM kernel.import WHERE import_id = $1",
            UUID(one.rpartition("/")[2]),
        )
        if row["keadaan"] == keadaan:
            return dict(row["laporan"])
        if row["keadaan"] == "gagal":
            raise RuntimeError(f"impor gagal: {row['galat']}")
        await asyncio.sleep(0.02)
    raise TimeoutError(f"berkas belum {keadaan}")


async def _puncak(pids: Sequence[int]) -> dict[str, float]:
    """Until cancelled: the most MB that the pages, the jobs and what they started have held."""
    most = dict.fromkeys(("mb_halaman", "mb_kerja", "mb_anak"), 0.0)
    try:
        while True:
            for name, pid in zip(most, pids, strict=False):
                most[name] = max(most[name], _rss(pid))
                for child in psutil.Process(pid).children(recursive=True):
                    most["mb_anak"] = max(most["mb_anak"], _rss(child.pid))
            await asyncio.sleep(0.02)
    except (asyncio.CancelledError, psutil.NoSuchProcess):
        return most


def _rss(pid: int) -> float:
    try:
        return float(psutil.Process(pid).memory_info().rss) / 1e6
    except psutil.NoSuchProcess:
        return 0.0


def _row(jenis: Berkas, rows: int, measured: list[dict[str, Any]]) -> dict[str, Any]:
    seconds = median(one["detik"] for one in measured)
    memory = max(one[name] for one in measured for name in ("mb_halaman", "mb_kerja", "mb_anak"))
    goal = 15 * rows / 100_000
    return {
        "id": f"P8-impor-{jenis.jenis}",
        "value": round(seconds, 2),
        "unit": f"s untuk {measured[0]['baris']} baris, {memory:.0f} MB",
        "goal": f"<= {goal:g} s, < 300 MB",
        "holds": seconds <= goal and memory < 300 and all(one["utuh"] for one in measured),
        "detail": {"putaran": measured},
    }
