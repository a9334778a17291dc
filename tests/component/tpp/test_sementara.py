"""Provisional figures follow what they rest on: of just the people concerned, from the month concerned on."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
import yaml

from services.tpp.kebijakan.checks import BAGIAN
from services.tpp.perhitungan.rules import baca_alasan
from services.tpp.perhitungan.sementara import lanjutkan
from shared.period import Period
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BUDI,
    BULAN,
    CICI,
    DEDI,
    HARI,
    KEPALA_HARIAN,
    NIP_DARI,
    ORANG,
    Dunia,
    csv,
    dibuka,
    dinilai,
    hadir_semua,
    kebijakan,
    pegawai,
    predikat_sementara,
    segmen,
)
from tests.component.tpp.tahun import DESEMBER, NOVEMBER, bulan, oktober, saldo

SEPTEMBER = Period(2026, 9)
SANKSI = ("nip", "tingkat", "kode", "mulai", "sampai", "nomor sk")


def bersanksi() -> bytes:
    """The general policy, with a sanction of a quarter."""
    text = kebijakan().decode()
    text = text.replace(
        "\nsumber:\n",
        "\nsumber:\n  - {bagian: [pp94, sanksi_disiplin], sifat: hukum, catatan: PP 94/2021 pasal 10}\n",
        1,
    )
    text = text.replace(
        "\ntabel:\n",
        "\nsanksi:\n"
        "  - {kode: pp94, nama: Tidak masuk 11 hari, pasal: PP 94/2021 pasal 10, persen: 25%, bulan: 6}\n"
        "\ntabel:\n",
        1,
    )
    text = text.replace(
        "  - kode: rapel_lalu\n",
        "  - kode: sanksi_disiplin\n"
        "    nama: Sanksi disiplin\n"
        "    pasal: PP 94/2021 pasal 10\n"
        "    sifat: kurang\n"
        "    persen: sanksi_terbesar\n"
        "    dari: bruto\n"
        '    kalimat: "Sanksi {persen} dari {dasar} = {jumlah}"\n'
        "  - kode: rapel_lalu\n",
        1,
    )
    return text.encode()


def lebih_besar() -> bytes:
    """A later regulation that pays more."""
    tree = yaml.safe_load(bersanksi())
    tree["langkah"][0]["persen"] = "65,5%"
    tree["uji"] = _tak_dinilai(tree)
    return yaml.safe_dump(tree, allow_unicode=True, sort_keys=False).encode()


def _tak_dinilai(tree: Any) -> Any:
    """A worked example that comes out whatever is paid."""
    one = tree["uji"][0]
    return [
        {
            "nama": one["nama"],
            "masukan": {**one["masukan"], "predikat": None},
            "harap": {"ditahan": ["predikat_belum_ada"]},
        }
    ]


def tanpa_kehadiran() -> bytes:
    """The general policy for a region that divides months by working days and asks for no attendance."""
    tree = yaml.safe_load(kebijakan())
    tree["pergantian"] = {"pasal": "Perkada", "cara": "pro_rata_hari_kerja"}
    asks = ("disiplin", "terlambat", "pulang", "tidak_hadir", "tanpa_absen")
    tree["langkah"] = [one for one in tree["langkah"] if not any(word in one["kode"] for word in asks)]
    for one in tree["langkah"][:4]:
        one["per_jabatan"] = True
    for kode in ("pita_terlambat", "pita_pulang_cepat"):
        del tree["tabel"][kode]
    tree["penahanan"] = [one for one in tree["penahanan"] if one["kode"] != "kehadiran_belum_ada"]
    tree["uji"] = _tak_dinilai(tree)
    parts = {*BAGIAN, "kriteria", "plt", *tree["tabel"], *(one["kode"] for one in tree["langkah"])}
    tree["sumber"] = [{"bagian": sorted(parts), "sifat": "asumsi", "catatan": "Untuk pengujian"}]
    return yaml.safe_dump(tree, allow_unicode=True, sort_keys=False).encode()


@pytest.fixture
async def berjalan(tpp: Layanan) -> Dunia:
    """October goes on: everyone present and paid, Ani, Budi and Cici rated so far."""
    dunia = Dunia(tpp)
    await dunia.kebijakan(bersanksi())
    await dunia.siapkan_tanpa_kebijakan(skip=frozenset({"tutup"}))
    await dunia.dengar(*(predikat_sementara(who, 2) for who in (ANI, BUDI, CICI)))
    return dunia


async def angka(dunia: Dunia, bulan: str = BULAN) -> dict[UUID, tuple[str, int, str]]:
    """Status, neto and the version of the row itself, which any writing changes."""
    rows = await dunia.tpp.baris(
        "SELECT pegawai_id, status, neto, xmin::text AS tulis FROM tpp_sementara WHERE periode = $1", bulan
    )
    return {row["pegawai_id"]: (row["status"], row["neto"], row["tulis"]) for row in rows}


async def di_belakang(dunia: Dunia) -> None:
    """What the workers do about many people."""
    while await dunia.tpp.database.run(lanjutkan):
        pass


async def impor(dunia: Dunia, jenis: str, kepala: tuple[str, ...], *rows: tuple[object, ...]) -> Any:
    told = await dunia.kirim(
        f"/impor/{jenis}", ADMIN, "admin_bkd", params={"berkas": "x.csv"}, content=csv(kepala, *rows)
    )
    assert told.status_code in (200, 202), told.text
    assert told.json()["diterapkan"], told.text
    return told.json()


async def test_a_letter_changes_the_figure_of_its_person_alone(berjalan: Dunia) -> None:
    before = await angka(berjalan)
    assert {status for status, *_ in before.values()} == {"dihitung"}
    await impor(berjalan, "sanksi", SANKSI, (NIP_DARI[ANI], "sedang", "pp94", "2026-10-01", "", "SK 1"))
    after = await angka(berjalan)
    assert after[ANI][1] < before[ANI][1]
    assert {who for who in before if before[who] != after[who]} == {ANI}
    # Leave in place of an unexplained absence, by letter.
    absent = (NIP_DARI[BUDI], HARI[3], "", "", "A")
    await berjalan.kehadiran(csv(KEPALA_HARIAN, absent))
    cut = await angka(berjalan)
    assert cut[BUDI][1] < after[BUDI][1]
    kepala = ("nip", "jenis", "mulai", "sampai", "nomor surat")
    await impor(berjalan, "cuti", kepala, (NIP_DARI[BUDI], "sakit", str(HARI[3]), str(HARI[3]), "RS/1"))
    excused = await angka(berjalan)
    assert excused[BUDI][1] == after[BUDI][1]
    assert {who for who in after if after[who] != excused[who]} == {BUDI}
    # Taken back, it is as if there had been none.
    (letter,) = (await berjalan.lihat("/sanksi/saya", ANI)).json()["data"]
    body = {"alasan": "SK dibatalkan"}
    told = await berjalan.kirim(f"/sanksi/{letter['surat_id']}/cabut", ADMIN, "admin_bkd", json=body)
    assert told.status_code == 200, told.text
    assert (await angka(berjalan))[ANI][1] == before[ANI][1]


async def test_a_letter_of_a_later_month_leaves_this_one_alone(berjalan: Dunia) -> None:
    before = await angka(berjalan)
    await impor(berjalan, "sanksi", SANKSI, (NIP_DARI[ANI], "sedang", "pp94", "2026-11-01", "", "SK 1"))
    assert await angka(berjalan) == before


async def test_a_holiday_reaches_everybody_by_the_workers(berjalan: Dunia) -> None:
    absent = [(NIP_DARI[who], HARI[3], "", "", "A") for who in (ANI, BUDI)]
    await berjalan.kehadiran(csv(KEPALA_HARIAN, *absent))
    before = await angka(berjalan)
    kepala = ("tanggal", "jenis", "nama", "dasar")
    await impor(berjalan, "hari-libur", kepala, (HARI[3], "libur_daerah", "Hari jadi", "SK 1"))
    assert await angka(berjalan) == before
    await berjalan.hitung_ulang()
    after = await angka(berjalan)
    assert all(after[who][1] > before[who][1] for who in (ANI, BUDI))
    assert after[CICI][1] == before[CICI][1]


async def test_working_days_reach_those_without_attendance_too(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.kebijakan(tanpa_kehadiran())
    half = (segmen(ANI), segmen(ANI, mulai=date(2026, 10, 16), kelas=11))
    await dunia.dengar(pegawai(ANI, *half), dibuka())
    await dunia.gaji((NIP_DARI[ANI], 4_500_000))
    await dunia.dengar(predikat_sementara(ANI, 2))
    before = await angka(dunia)
    assert before[ANI][0] == "dihitung"
    kepala = ("tanggal", "jenis", "nama", "dasar")
    await impor(dunia, "hari-libur", kepala, ("2026-10-05", "libur_daerah", "Hari jadi", "SK 1"))
    await dunia.hitung_ulang()
    # One day less of the smaller jabatan among the working days.
    assert (await angka(dunia))[ANI][1] > before[ANI][1]


async def test_a_rating_before_its_person_is_known_waits_for_them(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.kebijakan()
    await dunia.dengar(predikat_sementara(ANI, 2))
    assert await angka(dunia) == {}
    await dunia.dengar(pegawai(ANI))
    assert set(await angka(dunia)) == {ANI}


async def test_an_undated_status_counts_for_what_is_not_run_yet(berjalan: Dunia) -> None:
    before = await angka(berjalan)
    await berjalan.dengar(pegawai(CICI, version=2, status="PNS"))  # CPNS until now
    after = await angka(berjalan)
    assert after[CICI][1] > before[CICI][1]
    assert {who for who in before if before[who] != after[who]} == {CICI}


async def test_a_policy_put_into_force_renews_everybody(berjalan: Dunia) -> None:
    before = await angka(berjalan)
    await berjalan.kebijakan(lebih_besar())
    assert await angka(berjalan) == before
    await di_belakang(berjalan)
    after = await angka(berjalan)
    assert set(after) == set(before) == set(ORANG)
    assert all(after[who][1] > before[who][1] for who in after)


async def test_who_was_known_before_there_was_a_policy_gets_a_figure(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.dengar(*(pegawai(who) for who in (ANI, BUDI, DEDI)))
    await dunia.gaji(*((NIP_DARI[who], 4_500_000) for who in (ANI, BUDI, DEDI)))
    await dunia.dengar(*(predikat_sementara(who, 2) for who in (ANI, DEDI)))
    assert await angka(dunia) == {}
    await dunia.kebijakan()
    await di_belakang(dunia)
    assert {who: status for who, (status, *_) in (await angka(dunia)).items()} == {
        ANI: "dihitung",
        DEDI: "dihitung",
    }
    # A month that takes work is everybody's.
    await dunia.dengar(dibuka())
    await dunia.kebijakan(lebih_besar())
    await di_belakang(dunia)
    assert set(await angka(dunia)) == {ANI, BUDI, DEDI}


async def test_the_result_of_an_earlier_month_that_pays_this_one(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.kebijakan(kebijakan("dki"))
    await dunia.siapkan_tanpa_kebijakan(skip=frozenset({"tutup"}))
    await dunia.dengar(predikat_sementara(ANI, 2), predikat_sementara(BUDI, 2))
    before = await angka(dunia)
    assert "predikat_belum_ada" in await sebab(dunia, ANI)
    await dunia.dengar(dinilai(ANI, bulan=SEPTEMBER))
    assert "predikat_belum_ada" not in await sebab(dunia, ANI)
    after = await angka(dunia)
    assert {who for who in before if before[who] != after[who]} == {ANI}


async def sebab(dunia: Dunia, who: UUID, bulan: str = BULAN) -> list[str]:
    text = await dunia.tpp.nilai(
        "SELECT alasan::text FROM tpp_sementara WHERE pegawai_id = $1 AND periode = $2", who, bulan
    )
    return [one.kode for one in baca_alasan(text)]


async def test_earlier_months_of_the_year_reach_december(tpp: Layanan) -> None:
    jabar = await oktober(tpp)
    await jabar.kunci("DISDIK")
    await bulan(jabar, NOVEMBER)
    await jabar.dengar(dibuka(bulan=DESEMBER))
    people = (ANI, BUDI)
    await jabar.kehadiran(hadir_semua(*people, bulan=DESEMBER), periode=str(DESEMBER))
    await jabar.dengar(*(predikat_sementara(who, 2, bulan=DESEMBER) for who in people))
    before = await angka(jabar, "2026-12")
    assert "setahun_belum_ada" in await sebab(jabar, ANI, "2026-12")
    await saldo(jabar, *((NIP_DARI[who], "2026-09", 70_000_000, 0, 1_000_000) for who in people))
    assert "setahun_belum_ada" in await sebab(jabar, ANI, "2026-12")
    told = await angka(jabar, "2026-12")
    assert all(told[who][2] != before[who][2] for who in people)
    # November alone was missing now.
    await jabar.kunci("DISDIK", "2026-11")
    assert await angka(jabar, "2026-12") == told
    await di_belakang(jabar)
    assert "setahun_belum_ada" not in await sebab(jabar, ANI, "2026-12")


async def test_what_was_computed_is_left_to_its_run(berjalan: Dunia) -> None:
    assert await berjalan.tutup() == 0
    await berjalan.jalankan()
    before = await angka(berjalan)
    await impor(berjalan, "sanksi", SANKSI, (NIP_DARI[ANI], "sedang", "pp94", "2026-10-01", "", "SK 1"))
    await berjalan.kebijakan(lebih_besar())
    await di_belakang(berjalan)
    assert await angka(berjalan) == before
    assert set(before) == set(ORANG)


async def andaian(dunia: Dunia, who: UUID, bulan: str = BULAN) -> set[str]:
    rows = await dunia.tpp.baris(
        "SELECT a ->> 'kode' AS kode FROM tpp_sementara, jsonb_array_elements(andaian) a"
        " WHERE pegawai_id = $1 AND periode = $2",
        who,
        bulan,
    )
    return {row["kode"] for row in rows}


async def test_attendance_tells_before_anybody_is_rated(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.kebijakan()
    await dunia.dengar(*(pegawai(who) for who in ORANG), dibuka())
    await dunia.gaji(*((NIP_DARI[who], 4_500_000) for who in ORANG))
    whole = await angka(dunia)
    assert {status for status, *_ in whole.values()} == {"dihitung"}
    assert await andaian(dunia, ANI) == {"predikat", "kehadiran"}
    # Days of which nothing is known stay full days, and only they are assumed.
    await dunia.kehadiran(
        csv(KEPALA_HARIAN, *((NIP_DARI[ANI], day, "07:25", "16:05", "") for day in HARI[:4]))
    )
    assert (await angka(dunia))[ANI][1] == whole[ANI][1]
    assert await andaian(dunia, ANI) == {"predikat", "hari_tanpa_data"}
    await dunia.kehadiran(csv(KEPALA_HARIAN, (NIP_DARI[ANI], HARI[4], "", "", "A")))
    assert (await angka(dunia))[ANI][1] < whole[ANI][1]
    await dunia.dengar(predikat_sementara(ANI, 2))
    assert await andaian(dunia, ANI) == {"hari_tanpa_data"}
    # A holiday is nobody's working day, also where no attendance is known.
    assert "22 hari kerja" in await anggapan(dunia, BUDI)
    kepala = ("tanggal", "jenis", "nama", "dasar")
    await impor(dunia, "hari-libur", kepala, (HARI[3], "libur_daerah", "Hari jadi", "SK 1"))
    await dunia.hitung_ulang()
    assert "21 hari kerja" in await anggapan(dunia, BUDI)


async def anggapan(dunia: Dunia, who: UUID) -> str:
    return str(await dunia.tpp.nilai("SELECT andaian::text FROM tpp_sementara WHERE pegawai_id = $1", who))


async def test_a_rating_of_the_month_that_pays_this_one_reaches_it_while_both_run(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.kebijakan(kebijakan("dki"))
    await dunia.dengar(*(pegawai(who) for who in ORANG), dibuka(bulan=SEPTEMBER), dibuka())
    await dunia.gaji(*((NIP_DARI[who], 4_500_000) for who in ORANG))
    pajak = ("nip", "pajak")
    await impor_bulan(dunia, "pajak-luar", pajak, *((NIP_DARI[who], 0) for who in (ANI, BUDI)))
    whole = await angka(dunia)
    assert "predikat" in await andaian(dunia, ANI)
    await dunia.dengar(predikat_sementara(ANI, 4, bulan=SEPTEMBER))
    told = await angka(dunia)
    assert 0 < told[ANI][1] < whole[ANI][1]
    assert "predikat" not in await andaian(dunia, ANI)
    # October's own rating pays November.
    await dunia.dengar(predikat_sementara(ANI, 1))
    assert (await angka(dunia))[ANI][1] == told[ANI][1]


async def impor_bulan(dunia: Dunia, jenis: str, kepala: tuple[str, ...], *rows: tuple[object, ...]) -> None:
    params = {"periode": BULAN, "berkas": "x.csv"}
    told = await dunia.kirim(f"/impor/{jenis}", ADMIN, "admin_bkd", params=params, content=csv(kepala, *rows))
    assert told.json()["diterapkan"], told.text


async def test_what_concerns_many_is_left_to_the_workers_once_for_each(
    berjalan: Dunia, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.tpp.perhitungan.sementara._SEKETIKA", 2)
    monkeypatch.setattr("services.tpp.perhitungan.sementara._ORANG_SEBAGIAN", 4)
    before = await angka(berjalan)
    waiting = "SELECT count(*) FROM perkiraan_antrean"
    for day in HARI[:3]:
        absent = [(NIP_DARI[who], day, "", "", "A") for who in ORANG]
        await berjalan.kehadiran(csv(KEPALA_HARIAN, *absent))
    assert await angka(berjalan) == before
    assert await berjalan.tpp.nilai(waiting) == 6
    # The three changes of the first four people are one piece of work, and so are those of the others.
    assert await berjalan.tpp.database.run(lanjutkan)
    assert await berjalan.tpp.nilai(waiting) == 3
    some = await angka(berjalan)
    assert sum(some[who] != before[who] for who in ORANG) == 4
    assert await berjalan.tpp.database.run(lanjutkan)
    assert not await berjalan.tpp.database.run(lanjutkan)
    after = await angka(berjalan)
    assert all(after[who][1] < before[who][1] for who in ORANG)
    # A part in the hands of one worker is nobody else's, and comes back when that worker dies.
    await berjalan.kehadiran(csv(KEPALA_HARIAN, *((NIP_DARI[who], HARI[3], "", "", "A") for who in ORANG)))

    async def mati() -> None:
        async with berjalan.tpp.database.transaction() as tx:
            assert await lanjutkan(tx)
            assert await berjalan.tpp.database.run(lanjutkan)
            assert not await berjalan.tpp.database.run(lanjutkan)
            raise ConnectionError("pekerja mati")

    with pytest.raises(ConnectionError):
        await mati()
    assert await berjalan.tpp.nilai(waiting) == 1
