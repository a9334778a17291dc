"""Whatever arrives late, in whatever order: what is paid over the months is what the facts say in the end."""

import asyncio
from datetime import date, time
from typing import NamedTuple
from uuid import UUID

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from services.tpp.kebijakan.reader import baca
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.rules import Kehadiran, Masukan
from shared.contracts.payroll import ItemPayable
from shared.period import Period
from tests.chaos.r04_disorder import KOSONGKAN
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ANI,
    DEDI,
    GOLONGAN,
    KELAS,
    KEPALA_HARIAN,
    NIP_DARI,
    OKTOBER,
    STATUS,
    Dunia,
    csv,
    dibuka,
    dinilai,
    hadir_semua,
    hari_kerja,
    kebijakan,
    pegawai,
    segmen,
)

BULAN = (OKTOBER, OKTOBER.plus(1), OKTOBER.plus(2))
TERAKHIR = OKTOBER.plus(3)
SIAPA = (ANI, DEDI)
_CONTOH = 12


class Susulan(NamedTuple):
    """A fact about a month that arrives after the lock of `sesudah` (or of the month itself, if later)."""

    who: UUID
    bulan: int
    sesudah: int
    jenis: str
    nilai: int


susulan = st.builds(
    Susulan,
    st.sampled_from(SIAPA),
    st.integers(0, 2),
    st.integers(0, 2),
    st.sampled_from(["predikat", "alpa", "terlambat", "kelas"]),
    st.integers(0, 4),
)


class Fakta:
    """What is known of everyone, and how it is told."""

    def __init__(self, dunia: Dunia) -> None:
        self.dunia = dunia
        self.predikat = {(who, month): 2 for who in SIAPA for month in BULAN}
        self.hari: dict[tuple[UUID, Period], dict[date, str]] = {
            (who, month): {} for who in SIAPA for month in BULAN
        }
        self.kelas = {who: {0: KELAS[who]} for who in SIAPA}
        self.versi = dict.fromkeys(SIAPA, 1)
        self.versi_nilai = 1

    async def tambah(self, one: Susulan) -> None:
        month = BULAN[one.bulan]
        if one.jenis == "predikat":
            self.versi_nilai += 1
            self.predikat[one.who, month] = one.nilai + 1
            await self.dunia.dengar(dinilai(one.who, one.nilai + 1, version=self.versi_nilai, bulan=month))
        elif one.jenis == "kelas":
            self.versi[one.who] += 1
            self.kelas[one.who][one.bulan] = 7 + one.nilai
            parts = [
                segmen(
                    one.who,
                    mulai=date(2025, 1, 1) if at == 0 else BULAN[at].first_day,
                    kelas=self.kelas[one.who][at],
                )
                for at in sorted(self.kelas[one.who])
            ]
            await self.dunia.dengar(pegawai(one.who, *parts, version=self.versi[one.who]))
        else:
            day = hari_kerja(month)[one.nilai]
            self.hari[one.who, month][day] = one.jenis
            row = ("", "", "A") if one.jenis == "alpa" else ("08:10", "16:05", "")
            told = await self.dunia.kehadiran(
                csv(KEPALA_HARIAN, (NIP_DARI[one.who], day, *row)),
                periode=str(month),
                alasan="kesalahan rekap",
            )
            assert told["diterapkan"]

    def masukan(self, who: UUID, number: int) -> Masukan:
        """The month as it should have been computed, had all been known from the start."""
        month = BULAN[number]
        odd = list(self.hari[who, month].values())
        late = (time(8, 10).hour * 60 + 10 - 450,) * odd.count("terlambat")
        alpa = odd.count("alpa")
        present = len(hari_kerja(month)) - alpa
        kelas = self.kelas[who][max(at for at in self.kelas[who] if at <= number)]
        return Masukan(
            month, kelas, STATUS[who], GOLONGAN[who], None, True, self.predikat[who, month],
            Kehadiran(present, 0, alpa, late, (), 0, 0), 4_500_000,
        )  # fmt: skip


async def _tutup(dunia: Dunia, fakta: Fakta, month: Period) -> None:
    await dunia.dengar(dibuka(bulan=month))
    told = await dunia.kehadiran(hadir_semua(*SIAPA, bulan=month), periode=str(month))
    assert told["diterapkan"]
    await dunia.dengar(*(dinilai(who, 2, bulan=month) for who in SIAPA))
    assert await dunia.tutup(bulan=month, people=SIAPA, versions=fakta.versi) == 0
    assert (await dunia.jalankan(str(month)))["ditahan"] == 0
    for opd in ("DISDIK", "DINKES"):
        await dunia.kunci(opd, str(month))


async def _satu(dunia: Dunia, owner: object, late: list[Susulan], share: int) -> None:
    await owner.execute(KOSONGKAN)  # type: ignore[attr-defined]
    forgotten = ("kehadiran_harian", "kehadiran_bulan", "gaji", "riwayat_fakta")
    await owner.execute(";".join(f"DELETE FROM {table}" for table in forgotten))  # type: ignore[attr-defined]
    dunia.facts.clear()
    fakta = Fakta(dunia)
    await dunia.dengar(*(pegawai(who) for who in SIAPA))
    await dunia.gaji(*((NIP_DARI[who], 4_500_000) for who in SIAPA))
    for number, month in enumerate(BULAN):
        await _tutup(dunia, fakta, month)
        for one in late:
            if max(one.bulan, one.sesudah) == number:
                await fakta.tambah(one)
                await dunia.koreksi()
    await _tutup(dunia, fakta, TERAKHIR)
    hitung = engine.compile(baca(kebijakan()))
    paid = await dunia.tpp.baris("SELECT pegawai_id, sum(bruto)::bigint AS bruto FROM tpp_bulan GROUP BY 1")
    waiting = await dunia.tpp.baris(
        "SELECT k.pegawai_id, coalesce(s.sisa, k.selisih_bruto) AS sisa FROM koreksi k"
        " JOIN koreksi_sisa s USING (periode, pegawai_id, urutan) WHERE s.sisa IS DISTINCT FROM 0"
    )
    for row in paid:
        who = row["pegawai_id"]
        last = fakta.masukan(who, 2)._replace(
            periode=TERAKHIR,
            predikat=2,
            kehadiran=Kehadiran(len(hari_kerja(TERAKHIR)), 0, 0, (), (), 0, 0),
        )
        due = sum(hitung(fakta.masukan(who, number)).bruto for number in range(3)) + hitung(last).bruto
        still = sum(one["sisa"] for one in waiting if one["pegawai_id"] == who)
        assert row["bruto"] + still == due, late
        # What still waits is only what is owed back and more than a month can bear.
        assert still <= 0
    if share:
        taken = await dunia.tpp.baris(
            "SELECT t.bruto, sum(b.jumlah)::bigint AS jumlah FROM rapel_dibawa b JOIN tpp_bulan t"
            " ON t.periode = b.dibawa AND t.pegawai_id = b.pegawai_id GROUP BY t.periode, t.pegawai_id"
        )
        assert all(-row["jumlah"] * 100 <= share * (row["bruto"] - row["jumlah"]) for row in taken)
    items = await dunia.tpp.keluar(ItemPayable)
    assert len(items) == len({(one.pegawai_id, one.periode) for one in items})


@pytest.mark.parametrize("share", [0, 10])
async def test_paid_and_carried_together_are_what_the_facts_say(tpp: Layanan, share: int) -> None:
    """Taken back whole (0), or in instalments of at most so many percent of a month."""
    dunia = Dunia(tpp)
    rule = f"\n  angsuran: {share}%" if share else ""
    months = "paling_lama_bulan: 12"
    await dunia.kebijakan(kebijakan().decode().replace(months, months + rule).encode())
    owner = await asyncpg.connect(tpp.running.settings.owner_database)
    loop = asyncio.get_running_loop()

    @seed(7)
    @settings(
        max_examples=_CONTOH,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(late=st.lists(susulan, min_size=1, max_size=6))
    def exact(late: list[Susulan]) -> None:
        asyncio.run_coroutine_threadsafe(_satu(dunia, owner, late, share), loop).result()

    try:
        await asyncio.to_thread(exact)
    finally:
        await owner.close()
