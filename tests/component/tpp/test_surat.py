"""Leave, sanctions and roles: dated facts by letter, whose effect stands in the policy alone."""

from typing import Any

import pytest

from services.tpp.kebijakan.queries import terbaca
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.rules import baca_masukan
from services.tpp.surat.jenis import SQL
from services.tpp.surat.masukan import menurut_surat
from shared.period import Period
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BUDI,
    BULAN,
    DEDI,
    HARI,
    KEPALA_HARIAN,
    KEUANGAN,
    NIP_DARI,
    ORANG,
    PENGELOLA,
    Dunia,
    csv,
    dibuka,
    dinilai,
    kebijakan,
    pegawai,
)

CUTI = ("nip", "jenis", "mulai", "sampai", "nomor surat", "keterangan")
SANKSI = ("nip", "tingkat", "kode", "mulai", "sampai", "nomor sk")
PERAN = ("nip", "peran", "mulai", "sampai", "nomor sk")
JENIS = {"cuti": ("pengelola", "admin_bkd"), "sanksi": ("admin_bkd",), "peran": ("keuangan_opd", "admin_bkd")}


@pytest.fixture
async def kantor(tpp: Layanan) -> Dunia:
    """Everyone known, October open, nothing else."""
    dunia = Dunia(tpp)
    await dunia.dengar(*(pegawai(who) for who in ORANG), dibuka())
    return dunia


async def impor(dunia: Dunia, jenis: str, *rows: Any, **query: str) -> Any:
    kepala = {"cuti": CUTI, "sanksi": SANKSI, "peran": PERAN}[jenis]
    params = {"berkas": "uji.csv", **query}
    told = await dunia.kirim(f"/impor/{jenis}", ADMIN, "admin_bkd", content=csv(kepala, *rows), params=params)
    assert told.status_code == 200, told.text
    return told.json()


async def bulan(dunia: Dunia, who: Any = ANI) -> dict[str, Any]:
    rows = await dunia.tpp.baris("SELECT * FROM kehadiran_bulan WHERE pegawai_id = $1", who)
    return rows[0] if rows else {"ada": False, "version": 0}


async def test_strangers_and_other_roles_reach_no_letter(kantor: Dunia) -> None:
    client = kantor.tpp.client
    await impor(kantor, "sanksi", (NIP_DARI[ANI], "ringan", "ringan", "2026-10-01", "", "SK 1/2026"))
    for jenis, boleh in JENIS.items():
        assert (await client.get(f"/api/tpp/{jenis}")).status_code == 401
        assert (await client.get(f"/api/tpp/{jenis}/saya")).status_code == 401
        for peran in ("pengelola", "keuangan_opd", "bpkad", "pimpinan", "sysadmin", "admin_bkd"):
            told = await kantor.kirim(
                f"/impor/{jenis}", KEUANGAN, peran, unit="PEMDA/DISDIK", params={"berkas": "x"},
                content=csv(CUTI),
            )  # fmt: skip
            assert told.status_code == (200 if peran in boleh else 403), (jenis, peran)
            seen = await kantor.lihat(f"/{jenis}", KEUANGAN, peran, unit="PEMDA/DISDIK")
            assert seen.status_code == (200 if peran in boleh else 403), (jenis, peran)
    # One's own letters only; sanctions of others leave a trace.
    assert [one["nomor"] for one in (await kantor.lihat("/sanksi/saya", ANI)).json()["data"]] == ["SK 1/2026"]
    assert (await kantor.lihat("/sanksi/saya", BUDI)).json()["data"] == []
    assert len((await kantor.lihat("/sanksi", ADMIN, "auditor")).json()["data"]) == 1
    (row,) = await kantor.tpp.baris("SELECT subject FROM kernel.audit WHERE action = 'sanksi.dibaca' LIMIT 1")
    assert row["subject"] == f"pegawai:{ANI}"


async def test_an_officer_sees_and_takes_back_letters_of_the_own_unit_only(kantor: Dunia) -> None:
    await impor(
        kantor, "cuti",
        (NIP_DARI[ANI], "tahunan", "2026-10-05", "2026-10-06", "851/1", ""),
        (NIP_DARI[DEDI], "tahunan", "2026-10-05", "2026-10-06", "851/2", ""),
    )  # fmt: skip
    seen = await kantor.lihat("/cuti", PENGELOLA, "pengelola", unit="PEMDA/DISDIK")
    (mine,) = seen.json()["data"]
    assert mine["nip"] == NIP_DARI[ANI]
    everyone = {one["nip"]: one for one in (await kantor.lihat("/cuti", ADMIN, "admin_bkd")).json()["data"]}
    other = everyone[NIP_DARI[DEDI]]["surat_id"]
    body = {"alasan": "Salah ketik"}
    told = await kantor.kirim(f"/cuti/{other}/cabut", PENGELOLA, "pengelola", unit="PEMDA/DISDIK", json=body)
    assert told.status_code == 403
    for expected in (200, 409):
        told = await kantor.kirim(
            f"/cuti/{mine['surat_id']}/cabut", PENGELOLA, "pengelola", unit="PEMDA/DISDIK", json=body
        )
        assert told.status_code == expected, told.text
    assert (await kantor.lihat("/cuti/saya", ANI)).json()["data"] == []
    (lama,) = await kantor.tpp.baris("SELECT version, isi FROM riwayat_fakta WHERE tabel = 'surat'")
    assert (lama["version"], lama["isi"]["nomor"]) == (1, "851/1")


async def test_leave_counts_by_kind_outweighs_the_day_and_is_taken_back_whole(kantor: Dunia) -> None:
    days = [(NIP_DARI[ANI], day, "07:25", "16:05", "") for day in HARI]
    days[2] = (NIP_DARI[ANI], HARI[2], "", "", "A")  # recorded absent, but on leave by letter
    days[10] = (NIP_DARI[ANI], HARI[10], "", "", "S")
    await kantor.kehadiran(csv(KEPALA_HARIAN, *days))
    month = await bulan(kantor)
    assert (month["hadir"], month["cuti"], month["tanpa_keterangan"]) == (20, 1, 1)
    assert (month["cuti_kode"], month["cuti_hari"]) == (["sakit"], [1])
    # Monday to Sunday: five working days.
    rows = [(NIP_DARI[ANI], "Sakit", "2026-10-05", "2026-10-11", "RS/7/2026", "rawat inap"),
            (NIP_DARI[ANI], "dinas luar", "2026-10-20", "2026-10-20", "ST/9/2026", "")]  # fmt: skip
    assert (await impor(kantor, "cuti", *rows))["diterapkan"]
    month = await bulan(kantor)
    assert (month["hadir"], month["cuti"], month["tanpa_keterangan"]) == (15, 7, 0)
    assert (month["cuti_kode"], month["cuti_hari"]) == (["dinas_luar", "sakit"], [1, 6])
    # A correction: it ended earlier. The same file again changes nothing.
    shorter = (NIP_DARI[ANI], "sakit", "2026-10-05", "2026-10-06", "RS/7/2026", "rawat inap")
    assert (await impor(kantor, "cuti", shorter))["lembar"][0]["berubah"] == 1
    assert (await impor(kantor, "cuti", shorter))["lembar"][0]["sama"] == 1
    assert (await bulan(kantor))["cuti_hari"] == [1, 3]
    found = (await kantor.lihat("/cuti/saya", ANI)).json()["data"]
    assert [(one["kode"], one["version"]) for one in found] == [("dinas_luar", 1), ("sakit", 2)]


async def test_a_missing_row_zeroes_nobody(kantor: Dunia) -> None:
    # Leave alone is not the month: the machine's file has not come yet.
    await impor(kantor, "cuti", (NIP_DARI[ANI], "tahunan", "2026-10-05", "2026-10-09", "851/1", ""))
    assert not (await bulan(kantor))["ada"]
    # A whole month of leave is: nothing else can come.
    await impor(kantor, "cuti", (NIP_DARI[BUDI], "cltn", "2026-09-01", "2026-12-31", "CLTN/1", ""))
    month = await bulan(kantor, BUDI)
    assert (month["ada"], month["hadir"], month["cuti"], month["tanpa_data"]) == (True, 0, 22, 0)
    # One day known, the rest unknown: no absence, but said.
    await kantor.kehadiran(csv(KEPALA_HARIAN, (NIP_DARI[ANI], HARI[0], "07:25", "16:05", "")))
    month = await bulan(kantor)
    assert (month["ada"], month["hadir"], month["cuti"], month["tanpa_keterangan"]) == (True, 1, 5, 0)
    assert month["tanpa_data"] == 16
    # Taken back, the month of leave is unknown again, under a new version.
    (letter,) = (await kantor.lihat("/cuti/saya", BUDI)).json()["data"]
    await kantor.kirim(f"/cuti/{letter['surat_id']}/cabut", ADMIN, "admin_bkd", json={"alasan": "Dibatalkan"})
    month = await bulan(kantor, BUDI)
    assert (month["ada"], month["version"]) == (False, 2)


SALAH = [
    ("cuti", (NIP_DARI[ANI], "liburan", "2026-10-05", "2026-10-06", "1", ""), "jenis", "tidak dikenal"),
    ("cuti", (NIP_DARI[ANI], "sakit", "2026-10-05", "", "1", ""), "sampai", "kosong"),
    ("cuti", (NIP_DARI[ANI], "sakit", "2026-10-05", "2026-10-01", "1", ""), "sampai", "lebih awal"),
    ("cuti", (NIP_DARI[ANI], "sakit", "2026-10-05", "2026-10-06", "", ""), "nomor surat", "kosong"),
    ("cuti", ("199912312024011999", "sakit", "2026-10-05", "2026-10-06", "1", ""), "nip", "tidak ditemukan"),
    ("cuti", (NIP_DARI[BUDI], "sakit", "2026-10-12", "2026-10-13", "1", ""), "mulai", "beririsan"),
    ("sanksi", (NIP_DARI[ANI], "parah", "ringan", "2026-10-05", "", "SK"), "tingkat", "tidak dikenal"),
    ("sanksi", (NIP_DARI[ANI], "ringan", "tegur", "2026-10-05", "", "SK"), "kode", "tidak dikenal"),
    ("peran", (NIP_DARI[ANI], "=1", "2026-10-05", "", "SK"), "peran", "tidak dikenal"),
    ("peran", (NIP_DARI[ANI], "Bendahara Pengeluaran", "2026-10-05", "", "SK"), "peran", "kebijakan"),
    ("peran", (NIP_DARI[ANI], "", "2026-10-05", "", "SK"), "peran", "kosong"),
]


@pytest.mark.parametrize(("jenis", "row", "kolom", "alasan"), SALAH, ids=[f"{s[0]}-{s[3]}" for s in SALAH])
async def test_a_wrong_row_is_named_and_the_rest_is_kept(
    kantor: Dunia, jenis: str, row: tuple[object, ...], kolom: str, alasan: str
) -> None:
    if jenis == "peran":
        await kantor.kebijakan(kebijakan("jawa-barat"))
    await impor(kantor, "cuti", (NIP_DARI[BUDI], "sakit", "2026-10-10", "2026-10-12", "RS/1", ""))
    good = {
        "cuti": (NIP_DARI[DEDI], "izin", "2026-10-01", "2026-10-01", "1", ""),
        "sanksi": (NIP_DARI[DEDI], "berat", "berat", "2026-10-01", "", "SK 2"),
        "peran": (NIP_DARI[DEDI], "Pengurus Barang", "2026-10-01", "", "SK 3"),
    }[jenis]
    report = await impor(kantor, jenis, good, row)
    assert (report["diterapkan"], report["salah_jumlah"]) == (False, 1)
    (wrong,) = report["salah"]
    assert (wrong["kolom"], wrong["baris"]) == (kolom, 3)
    assert alasan in wrong["alasan"]
    assert wrong["perbaikan"]
    assert (await impor(kantor, jenis, good, row, lewati_salah="true"))["diterapkan"]
    assert await kantor.tpp.nilai("SELECT count(*) FROM surat WHERE pegawai_id = $1", DEDI) == 1


async def test_a_role_that_no_policy_in_force_pays_is_refused_with_those_that_exist(kantor: Dunia) -> None:
    row = (NIP_DARI[ANI], "Bendahara Pengeluaran", "2026-10-01", "", "SK 3")
    (wrong,) = (await impor(kantor, "peran", row))["salah"]
    assert "Aktifkan dahulu kebijakan" in wrong["perbaikan"]
    await kantor.kebijakan(kebijakan("jawa-barat"))
    (wrong,) = (await impor(kantor, "peran", row))["salah"]
    assert (wrong["kolom"], wrong["alasan"]) == ("peran", "tidak dikenal kebijakan yang aktif")
    assert wrong["perbaikan"] == "Pilih salah satu: bendahara, pengurus_barang, ppk, pptk."


async def test_the_policy_alone_says_what_a_sanction_and_a_kind_of_leave_cost(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    # Of two that begin together the one activated last holds; codes are those of both.
    await dunia.kebijakan(kebijakan("jawa-barat"))
    await dunia.kebijakan(kebijakan("kaltim"))
    await dunia.dengar(*(pegawai(who) for who in ORANG), dibuka())
    days = [(NIP_DARI[who], day, "07:25", "16:05", "") for who in (ANI, BUDI) for day in HARI]
    await dunia.kehadiran(csv(KEPALA_HARIAN, *days))
    await dunia.gaji(*((NIP_DARI[who], 4_500_000) for who in ORANG))
    # Only codes that the policy declares are taken.
    report = await impor(dunia, "sanksi", (NIP_DARI[ANI], "sedang", "sedang", "2026-08-01", "", "SK 9"))
    assert "pp94_berat, pp94_ringan, pp94_sedang" in report["salah"][0]["perbaikan"]
    await impor(
        dunia, "sanksi",
        (NIP_DARI[ANI], "sedang", "pp94_sedang", "2026-08-01", "", "SK 9/2026"),
        (NIP_DARI[BUDI], "ringan", "pp94_ringan", "2026-01-01", "2026-06-30", "SK 2/2026"),
    )  # fmt: skip
    await impor(
        dunia, "peran",
        (NIP_DARI[ANI], "Bendahara", "2026-01-01", "", "SK 3"),
        (NIP_DARI[ANI], "PPTK", "2026-01-01", "2026-03-31", "SK 4"),
        (NIP_DARI[BUDI], "PPK", "2026-11-01", "", "SK 5"),
    )  # fmt: skip
    await impor(dunia, "cuti", (NIP_DARI[BUDI], "sakit", "2026-10-05", "2026-10-09", "RS/1", ""))

    async def facts(tx: Any) -> Any:
        return await menurut_surat(tx, Period.parse(BULAN), [ANI, BUDI, DEDI])

    found = await dunia.tpp.database.run(facts)
    assert [one.kode for one in found[ANI]["peran"]] == ["bendahara", "pptk"]
    assert [(one.kode, one.sampai) for one in found[BUDI]["sanksi"]] == [("pp94_ringan", Period(2026, 6))]
    assert "peran" not in found[BUDI]
    assert DEDI not in found
    await dunia.dengar(*(dinilai(who) for who in ORANG))
    await dunia.tutup()
    await dunia.jalankan()
    hitung = engine.compile(terbaca(kebijakan("kaltim").decode()))
    lines = {}
    for who in (ANI, BUDI):
        row = await tpp.nilai("SELECT masukan::text FROM tpp_bulan WHERE pegawai_id = $1", who)
        inputs = baca_masukan(row)
        assert inputs.kehadiran is not None
        assert inputs.kehadiran.hari_kerja == 22
        # Nothing counts apel yet: this policy holds everyone for it.
        result = hitung(inputs._replace(kehadiran=inputs.kehadiran._replace(tanpa_apel=0)))
        assert result.status == "dihitung"
        lines[who] = {line.kode: line.jumlah for line in result.baris}
    basic = max(lines[ANI].values())
    assert lines[ANI]["sanksi_disiplin"] == -basic // 4
    assert "sanksi_disiplin" not in lines[BUDI]  # it ended in June
    assert lines[BUDI]["cuti_sakit"] < 0
    assert "cuti_sakit" not in lines[ANI]


async def halaman(dunia: Dunia, method: str, path: str, *siapa: Any, **rest: Any) -> Any:
    who, *peran = siapa
    kepala = dunia.tpp.kepala(who, *peran, unit=rest.pop("unit", None)) | {"Accept": "text/html"}
    return await dunia.tpp.client.request(method, f"/tpp/surat{path}", headers=kepala, **rest)


async def test_pages_list_filter_and_take_back_letters_by_kind(kantor: Dunia) -> None:
    await impor(
        kantor, "cuti",
        (NIP_DARI[ANI], "alasan penting", "2026-10-05", "2026-10-06", "851/1", "Menikahkan anak"),
        (NIP_DARI[DEDI], "tahunan", "2026-10-05", "2026-10-05", "851/2", ""),
    )  # fmt: skip
    await impor(
        kantor,
        "cuti",
        (NIP_DARI[ANI], "alasan penting", "2026-10-05", "2026-10-07", "851/1b", "Diperpanjang"),
    )
    await impor(kantor, "sanksi", (NIP_DARI[ANI], "berat", "berat", "2026-10-01", "", "SK 1/2026"))
    assert (await kantor.tpp.client.get("/tpp/surat", headers={"Accept": "text/html"})).status_code == 303
    assert (await halaman(kantor, "GET", "", ANI)).status_code == 403
    # Each role starts at a kind it may see, and is offered no other.
    for peran, kind in (("pengelola", "cuti"), ("keuangan_opd", "peran"), ("auditor", "cuti")):
        told = await halaman(kantor, "GET", "", KEUANGAN, peran, unit="PEMDA/DISDIK")
        assert (told.status_code, told.headers["location"]) == (303, f"/tpp/surat/{kind}"), peran
    seen = await halaman(kantor, "GET", "/cuti", PENGELOLA, "pengelola", unit="PEMDA/DISDIK")
    assert seen.status_code == 200
    assert "Alasan penting" in seen.text
    assert "851/1b" in seen.text
    assert "851/2" not in seen.text
    assert "/tpp/surat/sanksi" not in seen.text
    for query, there in (({"nip": NIP_DARI[DEDI][:10]}, "851/2"), ({"nip": NIP_DARI[ANI]}, "851/1b")):
        seen = await halaman(kantor, "GET", "/cuti", ADMIN, "admin_bkd", params=query)
        assert there in seen.text
    assert (
        "Tidak ada surat yang cocok."
        in (await halaman(kantor, "GET", "/cuti", ADMIN, "admin_bkd", params={"opd": "TIDAK-ADA"})).text
    )
    # Every OPD of one's own is offered, whether or not it ever had a figure.
    everyone = await halaman(kantor, "GET", "/cuti", ADMIN, "admin_bkd")
    assert 'value="DISDIK"' in everyone.text
    assert 'value="DINKES"' in everyone.text
    async with kantor.tpp.database.transaction() as tx:
        names = SQL.opd(tx.conn, hari=tx.now.date(), semua=False, units=["PEMDA/DISDIK/DISDIK-1"])
        assert [row["opd_kode"] async for row in names] == ["DISDIK"]
        names = SQL.opd(tx.conn, hari=tx.now.date(), semua=False, units=["PEMDA/DINKES", "PEMDA/TIDAK-ADA"])
        assert [row["opd_kode"] async for row in names] == ["DINKES"]
        names = SQL.opd(tx.conn, hari=tx.now.date(), semua=False, units=["PEMDA"])
        assert [row["opd_kode"] async for row in names] == ["DINKES", "DISDIK"]
    # One letter with what it said before; withdrawn only with a reason, and only once.
    rows = (await kantor.lihat("/cuti", ADMIN, "admin_bkd", cari=NIP_DARI[ANI])).json()["data"]
    (one,) = rows
    path = f"/cuti/{one['surat_id']}"
    scope = {"unit": "PEMDA/DISDIK"}
    seen = await halaman(kantor, "GET", path, PENGELOLA, "pengelola", **scope)
    assert "Menikahkan anak" in seen.text
    assert "Cabut surat" in seen.text
    assert (
        await halaman(kantor, "GET", path, PENGELOLA, "pengelola", unit="PEMDA/DINKES")
    ).status_code == 403
    assert "Cabut surat" not in (await halaman(kantor, "GET", path, ADMIN, "auditor")).text
    short = await halaman(
        kantor, "POST", f"{path}/cabut", PENGELOLA, "pengelola", data={"alasan": "x"}, **scope
    )
    assert short.status_code == 422
    data = {"alasan": "Salah orang"}
    done = await halaman(kantor, "POST", f"{path}/cabut", PENGELOLA, "pengelola", data=data, **scope)
    assert (done.status_code, done.headers["location"]) == (303, "/tpp/surat/cuti")
    again = await halaman(kantor, "POST", f"{path}/cabut", PENGELOLA, "pengelola", data=data, **scope)
    assert again.status_code == 409
    assert "Dicabut" in (await halaman(kantor, "GET", path, PENGELOLA, "pengelola", **scope)).text
    mine = await halaman(kantor, "GET", "/saya", ANI)
    assert "SK 1/2026" in mine.text
    assert "851/1b" not in mine.text
