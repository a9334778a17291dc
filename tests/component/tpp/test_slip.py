"""Slips, lists and totals: who may see whose pay, and the trace that reading leaves."""

from uuid import UUID, uuid4

import pytest
from rich.console import Console

from services.tpp.cli import cetak
from services.tpp.perhitungan.queries import slip_menurut_nip
from shared.contracts.colek import ColekSent
from shared.errors import NotFound
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BPKAD,
    BUDI,
    BULAN,
    CICI,
    DEDI,
    KEUANGAN,
    KEUANGAN_DINKES,
    NIP_DARI,
    OKTOBER,
    ORANG,
    Dunia,
    dibuka,
    dibuka_kembali,
    dinilai,
    hadir_semua,
    pegawai,
    predikat_sementara,
    segmen,
)

SLIP = f"/slip/{BULAN}"


async def reads(dunia: Dunia) -> list[tuple[str, str, str]]:
    rows = await dunia.tpp.baris(
        "SELECT actor, action, subject FROM kernel.audit WHERE action LIKE '%dibaca'"
    )
    return [(row["actor"], row["action"], row["subject"]) for row in rows]


async def test_strangers_see_no_pay(dunia: Dunia) -> None:
    await dunia.jalankan()
    for path in (
        f"{SLIP}/saya",
        f"{SLIP}/{ANI}",
        f"/daftar/{BULAN}",
        f"/rekap/{BULAN}",
        f"/penetapan/{BULAN}",
    ):
        assert (await dunia.tpp.client.get(f"/api/tpp{path}")).status_code == 401
        if not path.endswith("saya"):
            assert (await dunia.lihat(path, BUDI)).status_code == 403
            assert (await dunia.lihat(path, BUDI, "sysadmin")).status_code == 403
            assert (await dunia.lihat(path, BUDI, "pengelola", unit="PEMDA/DISDIK")).status_code == 403
    assert await reads(dunia) == []


SIAPA = [
    ("keuangan_opd", "PEMDA/DISDIK", 200),
    ("keuangan_opd", "PEMDA/DISDIK/DISDIK-1", 200),
    ("keuangan_opd", "PEMDA/DINKES", 403),
    ("keuangan_opd", "PEMDA/DIS", 403),
    ("admin_bkd", None, 200),
    ("bpkad", None, 200),
    ("auditor", None, 200),
    ("pimpinan", "PEMDA", 403),
]


@pytest.mark.parametrize(("peran", "unit", "expected"), SIAPA)
async def test_anothers_slip_opens_by_role_and_unit_and_leaves_a_trace(
    dunia: Dunia, peran: str, unit: str | None, expected: int
) -> None:
    await dunia.jalankan()
    told = await dunia.lihat(f"{SLIP}/{ANI}", KEUANGAN, peran, unit=unit)
    assert told.status_code == expected
    trace = (f"pegawai:{KEUANGAN}", "tpp.slip-dibaca", f"pegawai:{ANI}")
    assert await reads(dunia) == ([trace] if expected == 200 else [])


async def test_ones_own_slip_adds_up_in_sentences_and_leaves_no_trace(dunia: Dunia) -> None:
    await dunia.jalankan()
    slip = (await dunia.lihat(f"{SLIP}/saya", ANI)).json()
    assert slip == (await dunia.lihat(f"{SLIP}/{ANI}", ANI)).json()
    assert (slip["status"], slip["sementara"], slip["nip"]) == ("dihitung", False, NIP_DARI[ANI])
    assert sum(int(line["jumlah"]) for line in slip["baris"]) == int(slip["neto"]) > 0
    assert int(slip["bruto"]) - int(slip["potongan"]) == int(slip["neto"])
    for line in slip["baris"]:
        assert line["nama"]
        assert line["kalimat"]
        assert line["pasal"]
        assert "{" not in line["kalimat"]
    assert (slip["penetapan"], slip["pembayaran"]) == ("draf", None)
    assert await reads(dunia) == []


async def test_a_held_slip_says_why_and_who_acts(dunia: Dunia) -> None:
    await dunia.dengar(dinilai(ANI, None, version=2))
    await dunia.tpp.baris("UPDATE periode SET final_version = version")
    await dunia.jalankan()
    slip = (await dunia.lihat(f"{SLIP}/saya", ANI)).json()
    assert (slip["status"], slip["neto"], slip["baris"]) == ("ditahan", "0", [])
    # What the rating says of itself, under the policy's article.
    assert [(reason["kode"], reason["pemilik"]) for reason in slip["alasan"]] == [("belum_dinilai", "atasan")]
    assert "predikat" in slip["alasan"][0]["pasal"]


async def test_a_reopened_month_never_shows_its_old_figure_as_final(dunia: Dunia) -> None:
    await dunia.jalankan()
    html = {"Accept": "text/html"}

    async def seen(path: str) -> str:
        answer = await dunia.tpp.client.get(path, headers=dunia.tpp.kepala(ANI) | html)
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    assert (await dunia.lihat(f"{SLIP}/saya", ANI)).json()["pembaruan"] is None
    assert "Unduh slip" in await seen(f"/tpp/saya/{BULAN}")
    await dunia.dengar(dibuka_kembali(4))
    slip = (await dunia.lihat(f"{SLIP}/saya", ANI)).json()
    assert slip["pembaruan"] == "dibuka_kembali"
    text = await seen(f"/tpp/saya/{BULAN}")
    assert "Bulan ini dibuka kembali. Angka di bawah belum tetap." in text
    assert "Bulan ini perlu ditutup lagi." in text
    assert f'action="/tpp/saya/{BULAN}/ingatkan/dibuka_kembali"' in text
    for gone in ("Unduh slip", "Yang diterima", "Sampai di mana pembayarannya", "Menunggu persetujuan"):
        assert gone not in text, gone
    mine = await seen("/tpp/saya")
    assert "Dihitung ulang" in mine
    assert "slip-pdf" not in mine
    assert "Dihitung ulang" in await seen("/tpp/fragmen/ringkasan")
    assert (await dunia.lihat("/slip", ANI)).json()["data"][0]["pembaruan"] == "dibuka_kembali"
    # Closed again: the run is waited for, and whoever reminds does so for all.
    await dunia.tpp.baris("UPDATE periode SET keadaan = 'ditutup', version = 5")
    assert "Angka di bawah masih yang lama, sedang dihitung ulang." in await seen(f"/tpp/saya/{BULAN}")
    path = f"/api/tpp/slip/{BULAN}/saya/ingatkan"
    body = {"kode": "dihitung_ulang"}
    told = [
        (await dunia.tpp.client.post(path, headers=dunia.tpp.kepala(who), json=body)).status_code
        for who in (ANI, BUDI)
    ]
    assert told == [200, 429]
    [sent] = await dunia.tpp.keluar(ColekSent)
    assert (sent.hal, sent.kepada_peran, str(sent.bulan)) == ("perhitungan", "admin_bkd", BULAN)
    # What was locked stays to be paid, and says what becomes of changes.
    await dunia.tpp.baris("UPDATE penetapan SET keadaan = 'dikunci', batch_id = gen_random_uuid()")
    text = await seen(f"/tpp/saya/{BULAN}")
    assert "rapel pada bulan berikutnya" in text
    assert "Unduh slip" in text
    assert "Menunggu dibayar" in text


async def test_no_figure_yet_is_not_zero(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.kebijakan()
    await dunia.dengar(*(pegawai(who) for who in ORANG))
    assert (await dunia.lihat(f"{SLIP}/saya", ANI)).status_code == 404
    assert (await dunia.lihat(f"{SLIP}/{uuid4()}", BPKAD, "bpkad")).status_code == 404
    assert (await dunia.lihat(f"{SLIP}/{uuid4()}", KEUANGAN, "keuangan_opd", unit="PEMDA")).status_code == 403


async def test_the_list_shows_ones_units_page_by_page_and_names_every_reading(dunia: Dunia) -> None:
    await dunia.jalankan()
    seen: list[str] = []
    cursor = None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        told = await dunia.lihat(f"/daftar/{BULAN}", KEUANGAN, "keuangan_opd", unit="PEMDA/DISDIK", **query)
        page = told.json()
        seen += [row["pegawai_id"] for row in page["data"]]
        cursor = page["berikutnya"]
        if cursor is None:
            break
        assert told.headers["Link"].endswith('rel="next"')
    assert [UUID(one) for one in seen] == [ANI, BUDI, CICI]
    assert sorted(subject for _, _, subject in await reads(dunia)) == sorted(f"pegawai:{who}" for who in seen)
    everyone = (await dunia.lihat(f"/daftar/{BULAN}", BPKAD, "bpkad")).json()["data"]
    assert [UUID(row["pegawai_id"]) for row in everyone] == [
        who
        for opd in ("DINKES", "DISDIK")
        for who in ORANG
        if (who in (ANI, BUDI, CICI)) == (opd == "DISDIK")
    ]
    only = (await dunia.lihat(f"/daftar/{BULAN}", BPKAD, "bpkad", opd="DINKES", status="ditahan")).json()
    assert only["data"] == []
    assert (await dunia.lihat(f"/daftar/{BULAN}", BPKAD, "bpkad", cursor="xxxx")).status_code == 422


async def test_totals_are_the_sums_of_what_one_may_see(dunia: Dunia) -> None:
    await dunia.jalankan()
    rekap = (await dunia.lihat(f"/rekap/{BULAN}", BPKAD, "bpkad")).json()
    figures = await dunia.angka()
    assert [row["opd_kode"] for row in rekap["opd"]] == ["DINKES", "DISDIK"]
    assert int(rekap["jumlah"]["neto"]) == sum(neto for _, neto, _ in figures.values())
    assert sum(int(row["neto"]) for row in rekap["opd"]) == int(rekap["jumlah"]["neto"])
    assert (rekap["jumlah"]["pegawai"], rekap["jumlah"]["dihitung"], rekap["jumlah"]["dibayar"]) == (6, 6, 0)
    own = (await dunia.lihat(f"/rekap/{BULAN}", KEUANGAN_DINKES, "keuangan_opd", unit="PEMDA/DINKES")).json()
    assert [row["opd_kode"] for row in own["opd"]] == ["DINKES"]
    assert own["jumlah"]["neto"] == rekap["opd"][0]["neto"]


async def test_a_rating_during_the_month_gives_a_provisional_figure_at_once(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.dengar(predikat_sementara(ANI, 4))
    await dunia.kebijakan()
    await dunia.dengar(*(pegawai(who) for who in ORANG), dibuka())
    await dunia.kehadiran(hadir_semua(*ORANG))
    await dunia.gaji(*((NIP_DARI[who], 4_500_000) for who in ORANG))
    # Nobody rated Budi, which his estimate says; Ani was before there was a policy, or anything known of her.
    budi = (await dunia.lihat(f"{SLIP}/saya", BUDI)).json()
    assert (budi["sementara"], budi["status"]) == (True, "dihitung")
    assert budi["andaian"] == ["Kinerja Oktober 2026 belum dinilai; diandaikan Baik."]
    page = await tpp.client.get(f"/tpp/saya/{BULAN}", headers=tpp.kepala(BUDI))
    assert "belum dinilai; diandaikan Baik" in page.text
    early = (await dunia.lihat(f"{SLIP}/saya", ANI)).json()
    assert (early["sementara"], early["status"], early["andaian"]) == (True, "dihitung", [])
    await dunia.dengar(predikat_sementara(ANI, 2, version=3), predikat_sementara(ANI, 4, version=2))
    good = (await dunia.lihat(f"{SLIP}/saya", ANI)).json()
    assert int(good["neto"]) > int(early["neto"])
    assert (good["sementara"], good["status"], good["penetapan"]) == (True, "dihitung", None)
    await dunia.dengar(predikat_sementara(ANI, 5, version=4))
    assert int((await dunia.lihat(f"{SLIP}/saya", ANI)).json()["neto"]) < int(good["neto"])
    assert await tpp.nilai("SELECT count(*) FROM kernel.outbox") == 0
    assert (await dunia.lihat(f"{SLIP}/{ANI}", DEDI)).status_code == 403
    assert (await dunia.lihat(f"{SLIP}/{ANI}", ADMIN, "admin_bkd")).status_code == 200


async def test_a_provisional_figure_follows_every_fact_of_the_month(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.kebijakan()
    await dunia.dengar(*(pegawai(who) for who in ORANG), dibuka(), predikat_sementara(ANI, 2))

    async def now() -> tuple[str, int, list[str]]:
        told = (await dunia.lihat(f"{SLIP}/saya", ANI)).json()
        return told["status"], int(told["neto"]), [one["kode"] for one in told["alasan"]]

    # Attendance that is still to come is assumed; a salary is not.
    assert await now() == ("ditahan", 0, ["gaji_belum_ada"])
    await dunia.kehadiran(hadir_semua(ANI))
    assert await now() == ("ditahan", 0, ["gaji_belum_ada"])
    await dunia.gaji((NIP_DARI[ANI], 4_500_000))
    status, whole, _ = await now()
    assert (status, whole > 0) == ("dihitung", True)
    await dunia.kehadiran(hadir_semua(ANI).replace(b"07:25", b"08:45"))
    assert 0 < (await now())[1] < whole
    await dunia.kehadiran(hadir_semua(ANI))
    assert (await now())[1] == whole
    await dunia.dengar(pegawai(ANI, segmen(ANI, kelas=9), version=2))
    assert (await now())[1] > whole


async def test_the_run_replaces_the_provisional_figure(dunia: Dunia) -> None:
    await dunia.dengar(predikat_sementara(ANI, 5))
    assert (await dunia.lihat(f"{SLIP}/saya", ANI)).json()["sementara"]
    await dunia.tpp.baris("UPDATE periode SET final_version = version")
    await dunia.jalankan()
    assert not (await dunia.lihat(f"{SLIP}/saya", ANI)).json()["sementara"]


async def test_an_operator_prints_one_slip_and_leaves_a_trace(dunia: Dunia) -> None:
    await dunia.jalankan()
    async with dunia.tpp.database.transaction() as tx:
        slip = await slip_menurut_nip(tx, NIP_DARI[ANI], OKTOBER)
    console = Console(record=True, width=200)
    cetak(console, slip)
    text = console.export_text()
    assert f"NIP {NIP_DARI[ANI]}" in text
    for line in slip.baris:
        assert line.kalimat in text
        assert line.jumlah.tampil() in text
    assert "Diterima" in text
    for fact in (one for group in slip.dasar for one in group.data):
        assert fact.judul in text
    assert "Berkas gaji.csv" in text
    assert slip.neto.tampil() in text
    (row,) = await dunia.tpp.baris("SELECT * FROM kernel.audit WHERE action = 'tpp.slip-dibaca'")
    assert row["subject"] == f"pegawai:{ANI}"
    async with dunia.tpp.database.transaction() as tx:
        with pytest.raises(NotFound, match="Tidak ada pegawai dengan NIP 1"):
            await slip_menurut_nip(tx, "1", OKTOBER)
