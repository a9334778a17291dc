"""An attendance system takes days back: in any order, any number of times, the newest word stands."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from services.tpp.kehadiran.rules import HAL, JAM
from shared.clock import local_date
from shared.contracts.kehadiran import KehadiranRecorded, KehadiranWithdrawn
from shared.nip import Nip
from shared.testing.feed import Feed, Recorded, feed
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BUDI,
    DEDI,
    HARI,
    KEPALA_HARIAN,
    NIP_DARI,
    ORANG,
    PENGELOLA,
    Dunia,
    csv,
    pegawai,
)

SENIN, SELASA = date(2026, 10, 5), date(2026, 10, 6)
TERTAHAN = "/presensi-tertahan"


@pytest.fixture
async def kantor(tpp: Layanan) -> Dunia:
    """Everyone known, nothing else."""
    dunia = Dunia(tpp)
    await dunia.dengar(*(pegawai(who) for who in ORANG))
    return dunia


def dicatat(who: UUID = ANI, tanggal: date = SENIN, version: int = 1, **isi: Any) -> Recorded:
    """A day as a machine tells it: in time, unless said otherwise."""
    usual = isi or {"masuk": time(7, 25), "pulang": time(16, 5)}
    return Recorded.of(KehadiranRecorded(version=version, nip=Nip(NIP_DARI[who]), tanggal=tanggal, **usual))


def ditarik(
    who: UUID = ANI, tanggal: date = SENIN, version: int = 2, alasan: str = "Salah orang"
) -> Recorded:
    """The machine takes it back."""
    return Recorded.of(
        KehadiranWithdrawn(version=version, nip=Nip(NIP_DARI[who]), tanggal=tanggal, alasan=alasan)
    )


async def kirim(dunia: Dunia, *facts: Recorded) -> None:
    await feed(dunia.tpp.service, dunia.tpp.database, facts)


async def hari(dunia: Dunia) -> dict[tuple[UUID, date], tuple[Any, ...]]:
    """What is known of every day of which anything is."""
    rows = await dunia.tpp.baris(
        "SELECT pegawai_id, tanggal, masuk, pulang, keterangan, absen_terlewat, tanpa_apel, tanpa_upacara"
        " FROM kehadiran_harian"
        " WHERE num_nonnulls(keterangan, absen_terlewat, tanpa_apel, tanpa_upacara) > 0"
    )
    return {(row["pegawai_id"], row["tanggal"]): tuple(row.values())[2:] for row in rows}


async def bulan(dunia: Dunia) -> list[dict[str, Any]]:
    """The months that are known, as they are counted."""
    return await dunia.tpp.baris(
        "SELECT pegawai_id, hadir, cuti, tanpa_keterangan, terlambat, tanpa_data, absen_terlewat, tanpa_apel,"
        " tanpa_upacara FROM kehadiran_bulan WHERE ada ORDER BY pegawai_id"
    )


async def tertahan(dunia: Dunia) -> list[tuple[Any, ...]]:
    rows = await dunia.tpp.baris("SELECT version, kode, cabut FROM presensi_tertahan ORDER BY 1")
    return [tuple(row.values()) for row in rows]


async def test_a_day_taken_back_is_unknown_and_its_history_says_who_and_why(kantor: Dunia) -> None:
    await kirim(kantor, dicatat(keterangan="A"), dicatat(tanggal=SELASA))
    assert (await bulan(kantor))[0]["tanpa_keterangan"] == 1
    await kirim(kantor, ditarik(alasan="Sidik jari orang lain"))
    assert list(await hari(kantor)) == [(ANI, SELASA)]
    (month,) = await bulan(kantor)
    assert (month["hadir"], month["tanpa_keterangan"], month["tanpa_data"]) == (1, 0, len(HARI) - 1)
    (old,) = await kantor.tpp.baris(
        "SELECT isi ->> 'keterangan' AS isi, diganti_oleh, alasan FROM riwayat_fakta"
    )
    assert old == {"isi": "A", "diganti_oleh": "mesin:presensi", "alasan": "Sidik jari orang lain"}
    (trail,) = await kantor.tpp.baris("SELECT detail FROM kernel.audit WHERE action = 'kehadiran.dicabut'")
    assert trail["detail"] == {"oleh": "mesin:presensi", "hari": 1}
    await kirim(kantor, dicatat(version=3))
    assert (await bulan(kantor))[0]["hadir"] == 2


async def test_taken_back_before_it_was_told(kantor: Dunia) -> None:
    await kirim(kantor, ditarik())
    await kirim(kantor, dicatat(), dicatat(tanpa_apel=1))
    assert (await hari(kantor), await bulan(kantor)) == ({}, [])
    await kirim(kantor, dicatat(version=3, tanpa_apel=0))
    assert await hari(kantor) == {(ANI, SENIN): (None, None, None, None, 0, None)}


async def test_what_was_said_later_of_one_thing_outlives_the_taking_back(kantor: Dunia) -> None:
    await kirim(kantor, dicatat(), dicatat(version=3, tanpa_apel=1), ditarik())
    assert await hari(kantor) == {(ANI, SENIN): (None, None, None, None, 1, None)}


async def test_a_day_that_cannot_be_or_is_locked_is_held_as_a_taking_back(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.siapkan()
    await kirim(dunia, dicatat(keterangan="A"))
    await dunia.jalankan()
    await dunia.kunci("DISDIK")
    tomorrow = local_date(datetime.now(UTC)) + timedelta(days=3)
    await kirim(dunia, ditarik(), ditarik(tanggal=tomorrow, version=5), ditarik(DEDI, version=7))
    assert await tertahan(dunia) == [(2, "terkunci", "Salah orang"), (5, "tidak_mungkin", "Salah orang")]
    assert (DEDI, SENIN) not in await hari(dunia)
    assert (ANI, SENIN) in await hari(dunia)
    headers = tpp.kepala(ADMIN, "admin_bkd") | {"Accept": "text/html"}
    seen = (await tpp.client.get("/tpp/presensi-tertahan", headers=headers)).text
    assert "Harinya ditarik" in seen
    assert "Salah orang" in seen
    told = await dunia.kirim(f"{TERTAHAN}/terapkan", PENGELOLA, "pengelola", unit="PEMDA/DISDIK", json={})
    assert told.json()["hari"] == 0
    told = await dunia.kirim(f"{TERTAHAN}/terapkan", ADMIN, "admin_bkd", json={"alasan": "kesalahan mesin"})
    assert told.json() == {"diperiksa": 2, "hari": 1, "tertahan": 1}
    assert (ANI, SENIN) not in await hari(dunia)
    await dunia.koreksi()
    # Nobody knows what the day was: what is paid stays, and the month waits for it.
    assert await tpp.baris("SELECT pegawai_id FROM koreksi_tertahan") == [{"pegawai_id": ANI}]
    assert await tpp.nilai("SELECT count(*) FROM koreksi") == 0
    isi = csv(KEPALA_HARIAN, (NIP_DARI[ANI], SENIN, "07:20", "16:00", ""))
    assert (await dunia.kehadiran(isi, alasan="kesalahan rekap"))["diterapkan"]
    await dunia.koreksi()
    (found,) = await tpp.baris("SELECT pegawai_id, selisih_neto, sebab FROM koreksi")
    assert found["pegawai_id"] == ANI
    assert found["selisih_neto"] > 0
    assert "tanpa keterangan 1 hari menjadi 0 hari" in found["sebab"][0]


async def test_a_file_and_a_taking_back_of_the_same_day(kantor: Dunia) -> None:
    """The later word counts, as between a file and a day that a machine tells."""
    told, withdrawn = dicatat(), ditarik()
    await kirim(kantor, told, withdrawn)
    isi = csv(KEPALA_HARIAN, (NIP_DARI[ANI], SENIN, "07:20", "16:00", ""))
    assert (await kantor.kehadiran(isi))["diterapkan"]
    await kirim(kantor, withdrawn, told)
    assert (await hari(kantor))[ANI, SENIN][0] == time(7, 20)
    await kirim(kantor, ditarik(version=3))
    assert await hari(kantor) == {}


async def _dikoreksi(dunia: Dunia, who: UUID = ANI) -> None:
    """Somebody's day as an approved request has it: present, and nothing said of the rest."""
    body = {
        "tanggal": str(SENIN), "masuk": "07:20", "pulang": "16:00", "sebab": "mesin",
        "bukti": "Laporan kerusakan mesin 3/2026",
    }  # fmt: skip
    asked = (await dunia.kirim("/koreksi-kehadiran", who, json=body)).json()["permohonan_id"]
    path = f"/koreksi-kehadiran/{asked}/setujui"
    told = await dunia.kirim(path, PENGELOLA, "pengelola", unit="PEMDA/DISDIK", json={})
    assert told.status_code == 200, told.text


TETAP = (time(7, 20), time(16, 0), "")


async def test_what_a_correction_set_stays_and_the_rest_goes(kantor: Dunia) -> None:
    await kirim(kantor, dicatat(masuk=time(9, 0)))
    await _dikoreksi(kantor)
    await kirim(kantor, dicatat(version=2, masuk=time(9, 0), tanpa_apel=1))
    assert await hari(kantor) == {(ANI, SENIN): (*TETAP, None, 1, None)}
    await kirim(kantor, ditarik(version=3))
    assert await hari(kantor) == {(ANI, SENIN): (*TETAP, None, None, None)}
    assert await kantor.tpp.nilai("SELECT permohonan_id IS NOT NULL FROM kehadiran_harian")


async def test_presence_may_follow_a_correction_that_spoke_of_apel_only(kantor: Dunia) -> None:
    await kirim(kantor, dicatat(tanpa_apel=1))
    body = {"tanggal": str(SENIN), "tanpa_apel": 0, "sebab": "lupa", "bukti": "Daftar hadir bertanda tangan"}
    asked = (await kantor.kirim("/koreksi-kehadiran", ANI, json=body)).json()["permohonan_id"]
    path = f"/koreksi-kehadiran/{asked}/setujui"
    await kantor.kirim(path, PENGELOLA, "pengelola", unit="PEMDA/DISDIK", json={})
    await kirim(kantor, dicatat(version=2), dicatat(version=3, tanpa_apel=1))
    assert await hari(kantor) == {(ANI, SENIN): (time(7, 25), time(16, 5), "", None, 0, None)}


ALIEN = [("version", 0), ("nip", "1985"), ("tanggal", "2026-13-01"), ("alasan", "x" * 301)]


@pytest.mark.parametrize(("field", "value"), ALIEN, ids=[name for name, _ in ALIEN])
async def test_what_breaks_the_contract_is_a_dead_letter(kantor: Dunia, field: str, value: Any) -> None:
    await kirim(kantor, dicatat())
    good = ditarik()
    payload = json.dumps(json.loads(good.payload) | {field: value})
    bad = Recorded(
        **{name: getattr(good, name) for name in good.__slots__} | {"id": uuid4(), "payload": payload}
    )
    await feed(kantor.tpp.service, kantor.tpp.database, [bad], strict=False)
    (letter,) = await kantor.tpp.baris("SELECT kind, cause FROM kernel.dead_letter")
    assert letter["kind"] == "invalid"
    assert field in letter["cause"]
    assert (ANI, SENIN) in await hari(kantor)


# --- Any order, any repetition ---------------------------------------------------------------------------


class Kata(NamedTuple):
    """Something said of a day: what of it, or (None) that it is taken back."""

    who: UUID
    tanggal: date
    version: int
    isi: dict[str, Any] | None


_JAM = st.one_of(
    st.builds(lambda menit: {"masuk": time(7, menit), "pulang": time(16, 5)}, st.integers(0, 59)),
    st.sampled_from([{"keterangan": kode} for kode in ("A", "S", "DL")]),
)
_KALI = st.dictionaries(st.sampled_from(HAL[1:]), st.integers(0, 10), min_size=1)
_ISI = st.one_of(st.none(), _JAM, _KALI, st.builds(lambda jam, kali: jam | kali, _JAM, _KALI))
kata = st.builds(
    Kata, st.sampled_from([ANI, BUDI, DEDI]), st.sampled_from([SENIN, SELASA]), st.integers(1, 4), _ISI
)


_NAMA = ("masuk", "pulang", "keterangan", *HAL[1:])


def tersisa(said: Sequence[Kata]) -> dict[tuple[UUID, date], tuple[Any, ...]]:
    """What must be known in the end; of equal versions the later one in this list counts."""
    newest: dict[tuple[UUID, date, str], tuple[int, int, dict[str, Any] | None]] = {}
    for number, one in enumerate(said):
        told = one.isi or {}
        spoken = HAL if one.isi is None else [hal for hal in HAL if hal in told]
        spoken = [JAM, *spoken] if {"masuk", "keterangan"} & told.keys() else spoken
        for hal in spoken:
            key = one.who, one.tanggal, hal
            if key not in newest or newest[key][:2] < (one.version, number):
                newest[key] = (one.version, number, one.isi)
    days: dict[tuple[UUID, date], dict[str, Any]] = {}
    for (who, day, hal), (*_, isi) in newest.items():
        if isi is None:
            continue
        told = {"keterangan": "", **isi} if hal == JAM else isi
        known = days.setdefault((who, day), {})
        known |= {name: told[name] for name in (_NAMA[:3] if hal == JAM else (hal,)) if name in told}
    days.setdefault((ANI, SENIN), {}).update(zip(_NAMA, TETAP, strict=False))
    return {key: tuple(known.get(name) for name in _NAMA) for key, known in days.items()}


_LUPAKAN = """
DELETE FROM kehadiran_harian WHERE permohonan_id IS NULL; DELETE FROM kehadiran_bulan; DELETE FROM presensi;
DELETE FROM presensi_tertahan; DELETE FROM riwayat_fakta; DELETE FROM kernel.inbox;
UPDATE kehadiran_harian SET absen_terlewat = NULL, tanpa_apel = NULL, tanpa_upacara = NULL
"""


async def _satu(dunia: Dunia, owner: Any, said: list[Kata], order: int) -> None:
    """ANI's Monday was corrected on request; DEDI becomes known somewhere in between."""
    facts = []
    for one in said:
        if one.isi is None:
            facts.append(ditarik(one.who, one.tanggal, one.version))
        else:
            facts.append(dicatat(one.who, one.tanggal, one.version, **one.isi))
    facts = [_pada(fact, number) for number, fact in enumerate(facts)]
    chance = Random(order)
    results = []
    for shuffled in (False, True):
        await owner.execute(_LUPAKAN)
        await owner.execute("DELETE FROM penempatan WHERE pegawai_id = $1", DEDI)
        await owner.execute("DELETE FROM pegawai WHERE pegawai_id = $1", DEDI)
        bag = [pegawai(DEDI), *facts]
        if shuffled:
            bag = [fact for fact in bag for _ in range(chance.randint(1, 3))]
            chance.shuffle(bag)
        feeding = Feed("tpp", dunia.tpp.database, dunia.tpp.service.subscriptions)
        while bag:
            size = chance.randint(1, 6)
            await feeding.deliver(bag[:size])
            bag = bag[size:]
        assert await tertahan(dunia) == []
        results.append((await hari(dunia), await bulan(dunia)))
    assert results[0][0] == tersisa(said)
    assert results[1] == results[0]


def _pada(fact: Recorded, number: int) -> Recorded:
    """The same, said so many seconds later."""
    known = {name: getattr(fact, name) for name in fact.__slots__}
    return Recorded(**known | {"time": datetime(2026, 10, 7, tzinfo=UTC) + timedelta(seconds=number)})


async def test_any_order_of_tellings_and_takings_back_ends_the_same(kantor: Dunia) -> None:
    await _dikoreksi(kantor)
    owner = await asyncpg.connect(kantor.tpp.running.settings.owner_database)
    loop = asyncio.get_running_loop()

    @seed(7)
    @settings(
        max_examples=60,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(said=st.lists(kata, min_size=1, max_size=12), order=st.integers(0, 2**32))
    def same(said: list[Kata], order: int) -> None:
        asyncio.run_coroutine_threadsafe(_satu(kantor, owner, said, order), loop).result()

    try:
        await asyncio.to_thread(same)
    finally:
        await owner.close()
