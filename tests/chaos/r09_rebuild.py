"""R9: tpp rebuilt from nothing, twice, from topics of different partition counts in different orders.

Both rebuilds must give the same SHA-256 over everyone's figures, and the same as an independent calculation.
"""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID, uuid5

import asyncpg
from aiokafka import AIOKafkaProducer

from deploy.demo import berkas, oracle
from deploy.demo import pemda as contoh
from deploy.demo.pemda import Orang, Pemda
from deploy.embedded.platform import Platform
from services.tpp.app import build
from shared.auth.token import ensure_keys
from shared.bus.admin import Login, connected, drop_namespace, ensure_rights, ensure_topics
from shared.contracts.catalogue import topic_name
from shared.contracts.pegawai import PegawaiChanged, Penempatan, StatusPegawai, TugasPlt
from shared.contracts.penilaian import (
    PENILAIAN,
    Alasan,
    PenilaianFinalised,
    PenilaianPeriodFinalised,
    Predikat,
    PredikatSet,
)
from shared.contracts.periode import PERIODE, PeriodeClosed, PeriodeOpened, PeriodeReopened, PeriodeRoster
from shared.ids import uuid7
from shared.nip import Nip
from shared.outbox.envelope import headers
from shared.period import Period
from shared.runtime.health import Health
from shared.runtime.host import open_worker
from shared.runtime.migrations import migrate_service
from shared.testing.feed import Recorded
from tests.component.layanan import Layanan, buka, manifest
from tests.component.tpp.dunia import ADMIN, Dunia
from tests.measure import Context
from tests.rig import make_database

PERIODE_UJI = Period(2026, 10)
KEBIJAKAN = "umum-60-40"
_SPACE = UUID("00000000-0000-4000-8000-00000000bbbb")
_PATIENCE = 180.0
_FIGURES = "SELECT nip, periode, status, bruto, potongan, neto FROM tpp_bulan"


async def run(context: Context) -> list[dict[str, Any]]:
    """60 people (full: 2.000)."""
    size = {"pegawai": 60, "opd": 3} if context.small else {"pegawai": 2000, "opd": 12}
    return [await bangun_ulang(context.platform, seed=context.seed, **size)]


async def bangun_ulang(platform: Platform, *, pegawai: int, opd: int, seed: int) -> dict[str, Any]:
    """Two rebuilds and the oracle."""
    data = contoh.bangun(pegawai=pegawai, opd=opd, seed=seed, periode=str(PERIODE_UJI))
    facts = fakta(data)
    began = time.monotonic()
    found = {}
    for partitions, order in ((3, seed + 1), (12, seed + 2)):
        async with pemasangan(platform, partitions) as layanan:
            found[partitions] = await _ulang(layanan, platform.kafka_admin, data, facts, Random(order))
    expected = sidik_pembanding(data)
    different = sorted({*found.values(), expected} - {expected})
    return {
        "id": f"R9 bangun ulang {pegawai} orang",
        "value": len(different),
        "unit": "sidik yang berbeda",
        "goal": "0",
        "holds": not different,
        "detail": {
            "sha256": expected,
            "partisi": {str(count): value for count, value in found.items()},
            "fakta": len(facts),
            "detik_semua": round(time.monotonic() - began, 1),
        },
    }


@asynccontextmanager
async def pemasangan(platform: Platform, partitions: int) -> AsyncIterator[Layanan]:
    """An empty tpp on topics of its own; both are removed afterwards."""
    namespace = f"ukur-r09-{uuid7().hex[-10:]}"
    async with connected(platform.kafka_admin) as admin:
        await ensure_topics(admin, namespace, partitions=partitions)
        await ensure_rights(admin, namespace)
    settings = await make_database(platform, "tpp", namespace)
    try:
        await migrate_service(build(settings))
        ensure_keys(settings.keys)
        async with buka(settings) as layanan:
            yield layanan
    finally:
        name = urlsplit(settings.database).path.lstrip("/")
        conn = await asyncpg.connect(platform.admin_dsn)
        await conn.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await conn.close()
        async with connected(platform.kafka_admin) as admin:
            await drop_namespace(admin, namespace)


async def _ulang(layanan: Layanan, login: Login, data: Pemda, facts: Sequence[Recorded], dice: Random) -> str:
    """Everything from the start of the topics, in this order of publishing; returns the hash."""
    dunia = Dunia(layanan)
    await dunia.kebijakan((files("services.tpp.kebijakan") / "contoh" / f"{KEBIJAKAN}.yaml").read_bytes())
    order = list(facts) + dice.choices(facts, k=len(facts) // 5)
    dice.shuffle(order)
    async with open_worker(layanan.service, ["relay", "consumer", "jobs"], Health()):
        await terbitkan(login, layanan.running.settings.namespace, order)

        async def semua_dikenal() -> bool:
            return bool(await layanan.nilai("SELECT count(*) FROM pegawai") == len(data.orang))

        await _tunggu(semua_dikenal, "semua pegawai dikenal")
        report = await dunia.kehadiran(berkas.kehadiran(data), lewati_salah="true")
        assert (report["diterapkan"], report["salah_jumlah"]) == (True, berkas.SALAH_KEHADIRAN)
        headers = layanan.kepala(ADMIN, "admin_bkd")
        told = await layanan.client.post(
            "/api/tpp/impor/gaji", params={"berkas": "gaji.xlsx"}, content=berkas.gaji(data), headers=headers
        )
        assert told.json()["diterapkan"], told.text

        async def dimulai() -> bool:
            path = f"/perhitungan/{PERIODE_UJI}/jalankan"
            return bool((await dunia.kirim(path, ADMIN, "admin_bkd")).status_code == 200)

        async def selesai() -> bool:
            state = await dunia.lihat(f"/perhitungan/{PERIODE_UJI}", ADMIN, "admin_bkd")
            return bool(state.json()["keadaan"] == "selesai")

        await _tunggu(dimulai, "semua fakta tiba")
        await _tunggu(selesai, "perhitungan selesai")
    async with layanan.database.pool.acquire() as conn:
        return await sidik_tpp(conn)


async def terbitkan(login: Login, namespace: str, facts: Sequence[Recorded]) -> None:
    """Put the facts on their topics, each with the headers its relay would give it."""
    producer = AIOKafkaProducer(
        bootstrap_servers=login.bootstrap,
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_plain_username=login.user,
        sasl_plain_password=login.password,
        acks="all",
        enable_idempotence=True,
    )
    await producer.start()
    try:
        for fact in facts:
            await producer.send(
                topic_name(fact.topic, namespace),
                fact.payload.encode(),
                key=fact.key.encode(),
                headers=headers(
                    source="uji",
                    id=fact.id,
                    type=fact.type,
                    time=fact.time,
                    subject=fact.key,
                    version=fact.version,
                    periode=fact.periode,
                    traceparent=None,
                ),
            )
        await producer.flush()
    finally:
        await producer.stop()


async def _tunggu(check: Callable[[], Awaitable[bool]], what: str) -> None:
    end = time.monotonic() + _PATIENCE
    while not await check():
        if time.monotonic() > end:
            raise TimeoutError(what)
        await asyncio.sleep(0.1)


async def sidik_tpp(conn: Any) -> str:
    """SHA-256 over the sorted lines `nip|periode|status|bruto|potongan|neto` of everyone's figure."""
    rows = await conn.fetch(_FIGURES)
    return _sidik("|".join(map(str, row)) for row in rows)


def sidik_pembanding(data: Pemda) -> str:
    """The same over what the independent calculation says."""
    policy = oracle.muat(Path(str(files("services.tpp.kebijakan") / "contoh" / f"{KEBIJAKAN}.yaml")))
    lines = []
    for orang in data.orang:
        jabatan = data.jabatan[orang.pindah_ke[0] if orang.pindah_ke else orang.jabatan]
        rated = orang.dinilai and orang.skp_disetujui
        angka = oracle.hitung(
            policy,
            kelas=jabatan.kelas,
            status=orang.status,
            golongan=orang.golongan,
            plt_kelas=data.jabatan[orang.plt].kelas if orang.plt else None,
            hari_plt=(PERIODE_UJI.last_day - orang.mulai).days + 1,
            skp_disetujui=orang.skp_disetujui,
            predikat=oracle.predikat(orang.hasil_kerja, orang.perilaku) if rated else None,
            kehadiran=oracle.rekap(orang.hadir) if orang.ada_presensi else None,
            gaji=orang.gaji,
        )
        status = "ditahan" if angka.ditahan else "dihitung"
        lines.append(f"{orang.nip}|{PERIODE_UJI}|{status}|{angka.bruto}|{angka.potongan}|{angka.neto}")
    return _sidik(lines)


def _sidik(lines: Any) -> str:
    return hashlib.sha256("".join(sorted(f"{line}\n" for line in lines)).encode()).hexdigest()


def fakta(data: Pemda) -> list[Recorded]:
    """What skp and assessment would have told of this month: with a first closing taken back."""
    ids = {orang.nip: uuid5(_SPACE, orang.nip) for orang in data.orang}
    facts = [Recorded.of(PeriodeOpened(version=1, periode=PERIODE_UJI))]
    versions = {}
    for orang in data.orang:
        early = replace(orang, pindah_ke=None, plt=None)
        facts.append(_pegawai(data, early, ids[orang.nip], 1))
        facts.append(_pegawai(data, orang, ids[orang.nip], 2))
        versions[ids[orang.nip]] = 2
        facts.append(_sementara(ids[orang.nip], 3))
        facts.append(_final(orang, ids[orang.nip], 2, late=True))
    facts += _tutup(facts, versions, 3)
    facts.append(Recorded.of(PeriodeReopened(version=4, periode=PERIODE_UJI, alasan="Ada yang tertinggal")))
    facts += [_final(orang, ids[orang.nip], 3, late=False) for orang in data.orang]
    facts += _tutup(facts, versions, 6)
    return facts


def _pegawai(data: Pemda, orang: Orang, pegawai_id: UUID, version: int) -> Recorded:
    moves = [(orang.jabatan, orang.mulai), *([orang.pindah_ke] if orang.pindah_ke else [])]
    return Recorded.of(
        PegawaiChanged(
            version=version,
            pegawai_id=pegawai_id,
            nip=Nip(orang.nip),
            status=cast("StatusPegawai", orang.status),
            aktif=True,
            penempatan=tuple(_segmen(data, orang, kode, mulai) for kode, mulai in moves),
        )
    )


def _segmen(data: Pemda, orang: Orang, kode: str, mulai: date) -> Penempatan:
    jabatan = data.jabatan[kode]
    opd = data.opd_dari(jabatan.unit)
    plt = data.jabatan[orang.plt] if orang.plt else None
    return Penempatan(
        berlaku_mulai=mulai,
        unit_kode=jabatan.unit,
        unit_nama=jabatan.unit,
        unit_path=data.jalur(jabatan.unit),
        opd_kode=opd,
        opd_nama=opd,
        jabatan_nama=jabatan.nama,
        jenis_jabatan=jabatan.jenis,
        kelas=jabatan.kelas,
        golongan=orang.golongan,
        atasan_id=None,
        plt=TugasPlt(jabatan_nama=plt.nama, kelas=plt.kelas) if plt else None,
    )


def _sementara(pegawai_id: UUID, predikat: Predikat) -> Recorded:
    return Recorded.of(
        PredikatSet(
            version=1,
            pegawai_id=pegawai_id,
            penilai_id=ADMIN,
            periode=PERIODE_UJI,
            hasil_kerja=3,
            perilaku=2,
            predikat=predikat,
        )
    )


def _final(orang: Orang, pegawai_id: UUID, version: int, *, late: bool) -> Recorded:
    """The month's result; before the reopening nobody had been rated yet."""
    rated = orang.dinilai and orang.skp_disetujui and not late
    predikat = cast("Predikat", oracle.predikat(orang.hasil_kerja, orang.perilaku)) if rated else None
    waiting = (Alasan(kode="belum_dinilai", kalimat="Atasan belum menilai.", pemilik="atasan"),)
    return Recorded.of(
        PenilaianFinalised(
            version=version,
            pegawai_id=pegawai_id,
            periode=PERIODE_UJI,
            skp_disetujui=orang.skp_disetujui,
            predikat=predikat,
            alasan=() if rated else waiting,
        )
    )


def _tutup(facts: Sequence[Recorded], versions: dict[UUID, int], version: int) -> list[Recorded]:
    """Roster, closing and the end of the ratings."""
    people = sorted(versions.items())
    parts = [people[start : start + 500] for start in range(0, len(people), 500)]
    roster = [
        Recorded.of(
            PeriodeRoster(
                version=version - 1,
                periode=PERIODE_UJI,
                bagian=number,
                dari=len(parts),
                pegawai=tuple(part),
            )
        )
        for number, part in enumerate(parts, 1)
    ]
    told = [*facts, *roster]
    closed = PeriodeClosed(
        version=version,
        periode=PERIODE_UJI,
        jumlah_pegawai=len(people),
        manifest=manifest(told, str(PERIODE_UJI), PERIODE),
    )
    ended = PenilaianPeriodFinalised(
        version=version,
        periode=PERIODE_UJI,
        dinilai=0,
        ditahan=0,
        manifest=manifest(told, str(PERIODE_UJI), PENILAIAN),
    )
    return [*roster, Recorded.of(closed), Recorded.of(ended)]
