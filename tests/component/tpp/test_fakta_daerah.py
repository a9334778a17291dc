"""Facts that policies ask for and no other source tells: from file to rupiah, and nobody's but by right."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.tpp.andai.hitung import lanjutkan
from services.tpp.daerah.jenis import JENIS_DAERAH
from services.tpp.kebijakan.queries import terbaca
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.masukan_teks import baca_teks
from services.tpp.perhitungan.rules import Hasil, baca_alasan, baca_baris, baca_masukan
from shared.web.routes import KEY
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BPKAD,
    BUDI,
    BULAN,
    CICI,
    DEDI,
    GOLONGAN,
    HARI,
    KELAS,
    KEPALA_HARIAN,
    KEUANGAN,
    NIP_DARI,
    OKTOBER,
    ORANG,
    PENGELOLA,
    STATUS,
    Dunia,
    csv,
    dibuka,
    dinilai,
    kebijakan,
    pegawai,
    predikat_sementara,
    segmen,
)

SEPTEMBER = OKTOBER.plus(-1)
OKTOBER_1 = "2026-10-01"
BERKAS: dict[str, tuple[tuple[str, ...], tuple[object, ...], tuple[str, ...]]] = {
    "fakta-daerah": (
        ("fakta", "nilai", "bulan"),
        ("nilai_perilaku", "90%", BULAN),
        ("pengelola", "admin_bkd"),
    ),
    "eselon": (("eselon", "mulai"), ("II.b", OKTOBER_1), ("admin_bkd",)),
    "lokasi": (("lokasi", "tmt"), ("laboratorium", OKTOBER_1), ("pengelola", "admin_bkd")),
    "zakat": (("zakat", "mulai"), ("ya", OKTOBER_1), ("keuangan_opd", "admin_bkd", "bpkad")),
    "potongan": (
        ("potongan", "jumlah", "mulai"),
        ("koperasi", 250_000, OKTOBER_1),
        ("keuangan_opd", "admin_bkd", "bpkad"),
    ),
}
"""Each kind of file: its columns beside the NIP, a good row, and who may send it."""
PERAN = ("pengelola", "keuangan_opd", "admin_bkd", "bpkad", "auditor", "pimpinan", "sysadmin")


async def kirim(
    dunia: Dunia, jenis: str, isi: bytes, who: UUID = ADMIN, peran: str = "admin_bkd", **query: Any
) -> Any:
    unit = None if peran in ("admin_bkd", "bpkad") else "PEMDA/DISDIK"
    params = {"berkas": "x.csv", **query}
    return await dunia.kirim(f"/impor/{jenis}", who, peran, unit=unit, params=params, content=isi)


async def impor(dunia: Dunia, jenis: str, *rows: tuple[object, ...], **query: Any) -> Any:
    """Rows without their NIP's column named; the person first."""
    kepala = ("nip", *BERKAS[jenis][0])
    named = [(NIP_DARI[who], *rest) if isinstance(who, UUID) else (who, *rest) for who, *rest in rows]
    told = await kirim(dunia, jenis, csv(kepala, *named), **query)
    assert told.status_code == 200, told.text
    return told.json()


async def masuk(dunia: Dunia, jenis: str, *rows: tuple[object, ...]) -> None:
    report = await impor(dunia, jenis, *rows)
    assert report["diterapkan"], report["salah"]


async def baris(dunia: Dunia, who: UUID, tabel: str = "tpp_bulan") -> Any:
    rows = await dunia.tpp.baris(f"SELECT * FROM {tabel} WHERE pegawai_id = $1 AND periode = $2", who, BULAN)
    return rows[0]


def sebab(row: Any) -> dict[str, tuple[str, str]]:
    """Of a held payment the reasons: sentence and owner by code."""
    return {one.kode: (one.kalimat, one.pemilik) for one in baca_alasan(row["alasan"])}


def harap(nama: str | bytes, who: UUID, **teks: Any) -> Hasil:
    """What the pack's numbers give for a person of October with these facts, without any server."""
    policy = terbaca((kebijakan(nama) if isinstance(nama, str) else nama).decode())
    usual = {
        "periode": BULAN, "kelas": KELAS[who], "status": STATUS[who], "golongan": GOLONGAN[who],
        "predikat": "baik", "skp_disetujui": "ya", "hadir": len(HARI), "hari_kerja": len(HARI),
        "gaji": 4_500_000,
    }  # fmt: skip
    m, wrong = baca_teks(usual | teks, engine.penafsir(policy, OKTOBER).program.fakta)
    assert m is not None, wrong
    return engine.compile(policy)(m)


def sama(row: Any, hasil: Hasil) -> None:
    """A stored figure has these lines, to the rupiah, in this order."""
    assert row["status"] == hasil.status == "dihitung", (sebab(row), hasil.alasan)
    assert [one[:2] for one in baca_baris(row["baris"])] == [one[:2] for one in hasil.baris]
    assert (row["bruto"], row["potongan"], row["neto"]) == hasil[1:4]


def menjabat(who: UUID, jenis: str, kelas: int, mulai: date = date(2025, 1, 1), **lain: Any) -> Any:
    """Somebody with another kind of jabatan, of a kelas, since a day."""
    one = segmen(who, mulai=mulai, kelas=kelas).model_copy(update={"jenis_jabatan": jenis, **lain})
    before = () if mulai == date(2025, 1, 1) else (segmen(who),)
    return pegawai(who, *before, one, version=2)


async def oktober(tpp: Layanan, nama: str | bytes, *people: Any, harian: bytes | None = None) -> Dunia:
    """A closed October under a policy: all present and paid, rated in September and October."""
    dunia = Dunia(tpp)
    await dunia.kebijakan(kebijakan(nama) if isinstance(nama, str) else nama)
    await dunia.dengar(*(dinilai(who, bulan=SEPTEMBER) for who in ORANG))
    await dunia.siapkan_tanpa_kebijakan(skip=frozenset({"tutup"}))
    await dunia.dengar(*people)
    if harian is not None:
        assert (await dunia.kehadiran(harian))["diterapkan"]
    assert await dunia.tutup(versions={UUID(one.key): one.version for one in people}) == 0
    return dunia


def hitungan(kolom: str, **kali: Any) -> bytes:
    """Punctual days with a count on each; `kali` by the place of the person in ORANG, on the first day."""
    rows = [
        (NIP_DARI[who], day, "07:25", "16:05", "", kali.get(f"o{at}", 0) if day == HARI[0] else 0)
        for at, who in enumerate(ORANG)
        for day in HARI
    ]
    return csv((*KEPALA_HARIAN, kolom), *rows)


def test_every_kind_is_tried_here() -> None:
    assert set(BERKAS) == set(JENIS_DAERAH)


@pytest.fixture
async def kantor(tpp: Layanan) -> Dunia:
    """Policies that know a code of each kind; everyone known, October open."""
    dunia = Dunia(tpp)
    for nama in ("aplikasi-2026", "banjarmasin", "seluma", "jawa-barat"):
        await dunia.kebijakan(kebijakan(nama))
    await dunia.dengar(*(pegawai(who) for who in ORANG), dibuka())
    return dunia


@pytest.mark.parametrize("jenis", BERKAS)
async def test_strangers_and_other_offices_reach_no_fact(kantor: Dunia, jenis: str) -> None:
    kolom, row, boleh = BERKAS[jenis]
    client, isi = kantor.tpp.client, csv(("nip", *kolom), (NIP_DARI[ANI], *row))
    key = {"Idempotency-Key": "12345678"}
    cabut = {"alasan": "Salah orang"}
    nowhere = f"/fakta/{jenis}/{UUID(int=7)}/cabut"
    for told in (
        await client.post(f"/api/tpp/impor/{jenis}", params={"berkas": "x"}, content=isi, headers=key),
        await client.get(f"/api/tpp/fakta/{jenis}"),
        await client.get("/api/tpp/fakta/saya"),
        await client.post(f"/api/tpp{nowhere}", json=cabut, headers=key),
    ):
        assert told.status_code == 401
    for peran in PERAN:
        if peran not in boleh:
            assert (await kirim(kantor, jenis, isi, PENGELOLA, peran)).status_code == 403, peran
            told = await kantor.kirim(nowhere, PENGELOLA, peran, unit="PEMDA/DISDIK", json=cabut)
            assert told.status_code == 403, peran
        seen = await kantor.lihat(f"/fakta/{jenis}", PENGELOLA, peran, unit="PEMDA/DISDIK")
        assert seen.status_code == (200 if peran in (*boleh, "auditor") else 403), peran
    assert await kantor.tpp.nilai("SELECT count(*) FROM fakta_daerah") == 0
    # The right office of another OPD finds nobody, reads nothing and takes nothing back.
    await masuk(kantor, jenis, (DEDI, *row))
    if boleh[0] != "admin_bkd":
        told = await kirim(kantor, jenis, csv(("nip", *kolom), (NIP_DARI[DEDI], *row)), PENGELOLA, boleh[0])
        assert "tidak ditemukan dalam wewenang Anda" in told.json()["salah"][0]["alasan"]
        seen = await kantor.lihat(f"/fakta/{jenis}", PENGELOLA, boleh[0], unit="PEMDA/DISDIK")
        assert seen.json()["data"] == []
        (one,) = (await kantor.lihat(f"/fakta/{jenis}", ADMIN, "admin_bkd")).json()["data"]
        path = f"/fakta/{jenis}/{one['fakta_id']}/cabut"
        told = await kantor.kirim(path, PENGELOLA, boleh[0], unit="PEMDA/DISDIK", json=cabut)
        assert told.status_code == 403
        # Nor is it reached as a fact of another kind.
        other = "eselon" if jenis != "eselon" else "lokasi"
        path = f"/fakta/{other}/{one['fakta_id']}/cabut"
        assert (await kantor.kirim(path, ADMIN, "admin_bkd", json=cabut)).status_code == 404
    # One's own, and nobody else's.
    assert len((await kantor.lihat("/fakta/saya", DEDI)).json()["data"]) == 1
    assert (await kantor.lihat("/fakta/saya", ANI)).json()["data"] == []
    reads = await kantor.tpp.nilai("SELECT count(*) FROM kernel.audit WHERE action = $1", f"{jenis}.dibaca")
    assert bool(reads) == (bool(JENIS_DAERAH[jenis].brankas) and boleh[0] != "admin_bkd")


SALAH = [
    ("fakta-daerah", ("nilai_prilaku", "90%", BULAN), "fakta", "tidak dikenal", "nilai_perilaku"),
    ("fakta-daerah", ("nilai_perilaku", "101%", BULAN), "nilai", "di luar batas", "paling banyak 100%"),
    ("fakta-daerah", ("nilai_perilaku", "-1%", BULAN), "nilai", "di luar batas", "paling sedikit 0%"),
    ("fakta-daerah", ("nilai_perilaku", "0.9", BULAN), "nilai", "bukan persen", "tanda persen"),
    ("fakta-daerah", ("nilai_perilaku", "", BULAN), "nilai", "kosong", "Isi"),
    ("fakta-daerah", ("nilai_perilaku", "90%", ""), "bulan", "kosong", "mulai bila berlaku seterusnya"),
    ("fakta-daerah", ("nilai_perilaku", "90%", "kemarin"), "bulan", "bukan bulan", "2026-10"),
    ("eselon", ("VI.a", OKTOBER_1), "eselon", "tidak dikenal", "II.b"),
    ("eselon", ("II.b", ""), "mulai", "kosong", "tanggal"),
    ("lokasi", ("laborat", OKTOBER_1), "lokasi", "tidak dikenal", "LABORATORIUM, TPA"),
    ("zakat", ("mungkin", OKTOBER_1), "zakat", "bukan ya/tidak", "ya atau tidak"),
    ("potongan", ("bulog", 1, OKTOBER_1), "potongan", "tidak dikenal", "koperasi"),
    ("potongan", ("koperasi", -1, OKTOBER_1), "jumlah", "negatif", "rupiah"),
    ("potongan", ("koperasi", "1,5", OKTOBER_1), "jumlah", "bukan rupiah bulat", "rupiah"),
]


@pytest.mark.parametrize(("jenis", "row", "kolom", "alasan", "jalan"), SALAH)
async def test_a_wrong_row_is_named_and_the_rest_may_be_kept(
    kantor: Dunia, jenis: str, row: tuple[object, ...], kolom: str, alasan: str, jalan: str
) -> None:
    good = (BUDI, *BERKAS[jenis][1])
    report = await impor(kantor, jenis, (ANI, *row), good)
    assert not report["diterapkan"]
    (wrong,) = report["salah"]
    assert (wrong["kolom"], wrong["baris"]) == (kolom, 2)
    assert alasan in wrong["alasan"], wrong
    assert jalan in wrong["perbaikan"], wrong
    assert (await impor(kantor, jenis, (ANI, *row), good, lewati_salah="true"))["diterapkan"]
    assert await kantor.tpp.nilai("SELECT pegawai_id FROM fakta_daerah") == BUDI


async def test_a_month_or_a_day_and_the_same_file_again(kantor: Dunia) -> None:
    kepala = ("nip", "fakta", "nilai", "bulan", "mulai")
    rows = (
        (NIP_DARI[ANI], "Nilai perilaku kerja bulan ini", "91,50 %", "Oktober 2026", ""),
        (NIP_DARI[BUDI], "nilai_perilaku", "80%", "", OKTOBER_1),
        (NIP_DARI[CICI], "nilai_perilaku", "80%", BULAN, OKTOBER_1),
    )
    told = (await kirim(kantor, "fakta-daerah", csv(kepala, *rows))).json()
    assert [(one["baris"], one["alasan"]) for one in told["salah"]] == [
        (4, "bulan dan tanggal mulai terisi keduanya")
    ]
    for baru in (2, 0):
        report = (await kirim(kantor, "fakta-daerah", csv(kepala, *rows[:2]))).json()
        assert (report["diterapkan"], report["lembar"][0]["baru"]) == (True, baru)
    stored = await kantor.tpp.baris(
        "SELECT nama, nilai, mulai, sampai, version FROM fakta_daerah ORDER BY pegawai_id = $1 DESC", ANI
    )
    assert [tuple(one.values()) for one in stored] == [
        ("nilai_perilaku", "91,5%", date(2026, 10, 1), date(2026, 10, 31), 1),
        ("nilai_perilaku", "80%", date(2026, 10, 1), None, 1),
    ]
    (twice,) = (await impor(kantor, "eselon", (ANI, "II.a", OKTOBER_1), (ANI, "II.b", OKTOBER_1)))["salah"]
    assert "hal yang sama sudah ada pada baris 2" in twice["alasan"]


async def test_seluma_cuts_an_eselon_ii_by_sixty_thousand_and_waits_while_the_eselon_is_unknown(
    tpp: Layanan,
) -> None:
    dunia = await oktober(
        tpp, "seluma", menjabat(ANI, "JPT", 14), harian=hitungan("absen terlewat", o0=2, o1=2)
    )
    await dunia.jalankan()
    assert sebab(await baris(dunia, ANI)) == {
        "eselon_belum_ada": (
            "Eselon jabatan struktural ini belum tercatat; admin BKD mengisinya lewat Impor eselon",
            "admin_bkd",
        )
    }
    await masuk(dunia, "eselon", (ANI, "ii b", "2026-01-01"))
    await dunia.jalankan()
    ani, budi = await baris(dunia, ANI), await baris(dunia, BUDI)
    sama(ani, harap("seluma", ANI, kelas=14, eselon="II.b", absen_terlewat=2))
    sama(budi, harap("seluma", BUDI, absen_terlewat=2))
    cut = {who: dict(one[:2] for one in baca_baris(row["baris"])) for who, row in ((ANI, ani), (BUDI, budi))}
    assert (cut[ANI]["absen_potong"], cut[BUDI]["absen_potong"]) == (-120_000, -12_000)
    # What came between the run and the lock, and after the lock, is a late fact with its cause.
    await masuk(dunia, "eselon", (ANI, "III.a", "2026-10-15"))
    await dunia.kunci("DISDIK")
    await dunia.koreksi()
    (found,) = await tpp.baris("SELECT pegawai_id, selisih_bruto, sebab FROM koreksi")
    assert found == {"pegawai_id": ANI, "selisih_bruto": 60_000, "sebab": ["Eselon berubah"]}
    slip = (await dunia.lihat(f"/slip/{BULAN}/saya", ANI)).json()
    assert slip["masukan"]["eselon"] == "II.b"


async def test_aplikasi_2026_pays_by_values_of_its_own_and_names_who_supplies_them(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.kebijakan(kebijakan("aplikasi-2026"))
    await dunia.siapkan_tanpa_kebijakan(skip=frozenset({"tutup"}))
    assert (await dunia.kehadiran(hitungan("tanpa apel", o0=1)))["diterapkan"]
    await dunia.dengar(predikat_sementara(ANI, 2))
    told = "pengelola kinerja OPD atau admin BKD mengisinya lewat Impor fakta daerah"
    waits = sebab(await baris(dunia, ANI, "tpp_sementara"))
    assert set(waits) == {"nilai_produktivitas_belum_ada", "nilai_perilaku_belum_ada"}
    assert all(one[0].endswith(told) and one[1] == "pengelola_kinerja" for one in waits.values())
    await masuk(
        dunia, "fakta-daerah",
        *((who, "nilai_produktivitas", "87,5%", BULAN) for who in (ANI, BUDI)),
        *((who, "nilai_perilaku", nilai, BULAN) for who, nilai in ((ANI, "91,33%"), (BUDI, "100%"))),
        (CICI, "nilai_perilaku", "100%", "2026-09"),
    )  # fmt: skip
    facts = {"nilai_produktivitas": "87,5%", "nilai_perilaku": "91,33%", "tanpa_apel": 1}
    # The provisional figure follows in the same transaction, and one's own what-if sees the values.
    sama(await baris(dunia, ANI, "tpp_sementara"), harap("aplikasi-2026", ANI, **facts))
    mine = (await dunia.lihat(f"/andai-saya/{BULAN}", ANI)).json()
    assert (mine["status"], mine["alasan"]) == ("dihitung", [])
    assert await dunia.tutup() == 0
    await dunia.jalankan()
    ani = await baris(dunia, ANI)
    sama(ani, harap("aplikasi-2026", ANI, **facts))
    sama(
        await baris(dunia, BUDI),
        harap("aplikasi-2026", BUDI, **facts | {"nilai_perilaku": "100%", "tanpa_apel": 0}),
    )
    assert dict(baca_masukan(ani["masukan"]).tambahan) == {
        "nilai_perilaku": 913_300, "nilai_produktivitas": 875_000,
    }  # fmt: skip
    # A value of another month is none of this one.
    assert set(sebab(await baris(dunia, CICI))) == {
        "nilai_produktivitas_belum_ada",
        "nilai_perilaku_belum_ada",
    }
    # The slip explains its lines from what is kept, and after the lock a new value is arrears with its cause.
    slip = (await dunia.lihat(f"/slip/{BULAN}/saya", ANI)).json()
    line = next(one for one in slip["baris"] if one["kode"] == "perilaku_beban_kerja")
    assert "91,33%" in line["kalimat"]
    await dunia.kunci("DISDIK")
    await masuk(dunia, "fakta-daerah", (ANI, "nilai_perilaku", "100%", BULAN))
    await dunia.koreksi()
    (found,) = await tpp.baris("SELECT pegawai_id, selisih_bruto, sebab FROM koreksi")
    more = harap("aplikasi-2026", ANI, **facts | {"nilai_perilaku": "100%"}).bruto - ani["bruto"]
    assert (found["pegawai_id"], found["selisih_bruto"]) == (ANI, more)
    assert found["sebab"] == ["Fakta nilai perilaku berubah"]


async def test_dki_pays_a_head_by_the_indicators_of_the_organisation(tpp: Layanan) -> None:
    dunia = await oktober(tpp, "dki", menjabat(ANI, "JPT", 15))
    isi = csv(("nip", "pajak"), *((NIP_DARI[who], 100_000) for who in (ANI, BUDI)))
    assert (await kirim(dunia, "pajak-luar", isi, periode=BULAN)).json()["diterapkan"]
    await dunia.jalankan()
    assert list(sebab(await baris(dunia, ANI))) == ["indikator_belum_lengkap"]
    assert sebab(await baris(dunia, ANI))["indikator_belum_lengkap"][1] == "admin_bkd"
    values = {"capaian_iku": "92%", "capaian_khusus": "85%", "capaian_arahan": "110%"}
    await masuk(dunia, "fakta-daerah", *((ANI, nama, nilai, BULAN) for nama, nilai in values.items()))
    await dunia.jalankan()
    facts = {"predikat_dari": "2026-09", "pajak_luar": 100_000}
    ani = await baris(dunia, ANI)
    sama(ani, harap("dki", ANI, kelas=15, jenis_jabatan="JPT", **facts, **values))
    # 50% x 92% + 20% x 85% + 30% x 110% = 96% of 17.000.000.
    assert ani["bruto"] == 16_320_000
    sama(await baris(dunia, BUDI), harap("dki", BUDI, jenis_jabatan="JF", **facts))


async def test_banjarmasin_pays_working_conditions_by_the_place_of_work(tpp: Layanan) -> None:
    dunia = await oktober(tpp, "banjarmasin")
    isi = csv(("nip", "menit"), *((NIP_DARI[who], 7000) for who in (ANI, BUDI, CICI)))
    assert (await kirim(dunia, "aktivitas", isi, periode=BULAN)).json()["diterapkan"]
    await masuk(dunia, "lokasi", (ANI, "Laboratorium", OKTOBER_1), (CICI, "tpa", OKTOBER_1))
    await masuk(dunia, "lokasi", (CICI, "-", "2026-10-31"))
    await dunia.jalankan()
    facts = {"predikat_dari": "2026-09", "menit_aktivitas": 7000}
    ani = await baris(dunia, ANI)
    sama(ani, harap("banjarmasin", ANI, lokasi="LABORATORIUM", **facts))
    # All of 3.900.000, of which 20% are for the laboratory.
    assert ani["bruto"] == 3_900_000
    for who in (BUDI, CICI):
        sama(await baris(dunia, who), harap("banjarmasin", who, **facts))


async def test_each_part_of_a_divided_month_is_paid_by_its_own_place(tpp: Layanan) -> None:
    text = kebijakan("banjarmasin").decode().replace("cara: hari_terakhir", "cara: pro_rata_hari_kalender", 1)
    policy = text.replace("  sebagian: pro_rata_hari_kalender\n", "", 1).encode()
    # On the 16th Budi changes kelas, and comes to a place that is paid.
    dunia = await oktober(tpp, policy, menjabat(BUDI, "JF", 9, date(2026, 10, 16)))
    isi = csv(("nip", "menit"), (NIP_DARI[BUDI], 7000))
    assert (await kirim(dunia, "aktivitas", isi, periode=BULAN)).json()["diterapkan"]
    await masuk(dunia, "lokasi", (BUDI, "TPA", "2026-10-16"))
    await dunia.jalankan()
    budi = await baris(dunia, BUDI)
    first = {
        "hari": 15,
        "hari_kerja": 11,
        "kelas": 8,
        "status": "PNS",
        "golongan": "III/b",
        "unit": "DISDIK-1",
    }
    halves = [first, first | {"hari": 16, "kelas": 9, "lokasi": "TPA"}]
    facts = {"predikat_dari": "2026-09", "menit_aktivitas": 7000, "unit": "DISDIK-1"}
    sama(budi, harap(policy, BUDI, segmen=halves, **facts | {"kelas": 9, "lokasi": "TPA"}))
    assert [one.lokasi for one in baca_masukan(budi["masukan"]).segmen] == ["", "TPA"]
    elsewhere = harap(policy, BUDI, segmen=[first, first | {"hari": 16, "kelas": 9}], **facts | {"kelas": 9})
    assert budi["bruto"] > elsewhere.bruto


BERGANTI = (("cara: pro_rata_hari_kalender", 15), ("cara: tanggal\n  sampai_tanggal: 15", 31))


@pytest.mark.parametrize(("cara", "hari"), BERGANTI, ids=["dibagi", "tanggal"])
async def test_a_change_of_place_alone_divides_the_month_as_a_change_of_jabatan_does(
    tpp: Layanan, cara: str, hari: int
) -> None:
    text = kebijakan("banjarmasin").decode().replace("cara: hari_terakhir", cara, 1)
    policy = text.replace("  sebagian: pro_rata_hari_kalender\n", "", 1) if hari == 15 else text
    dunia = await oktober(tpp, policy.encode())
    isi = csv(("nip", "menit"), *((NIP_DARI[who], 7000) for who in (ANI, BUDI, CICI)))
    assert (await kirim(dunia, "aktivitas", isi, periode=BULAN)).json()["diterapkan"]
    # Ani leaves a place that is paid, Cici goes from one to another, Budi stays where he is.
    await masuk(dunia, "lokasi", (ANI, "TPA", "2026-09-01"), (CICI, "TPA", "2026-09-01"))
    await masuk(dunia, "lokasi", (ANI, "-", "2026-10-16"), (CICI, "laboratorium", "2026-10-16"))
    await masuk(dunia, "lokasi", (BUDI, "TPA", "2026-09-01"))
    await dunia.jalankan()
    facts: dict[str, Any] = {"predikat_dari": "2026-09", "menit_aktivitas": 7000}
    there, away = ({"lokasi": place, "unit": "DISDIK-1"} for place in ("TPA", ""))
    for who, after in ((ANI, ""), (CICI, "LABORATORIUM")):
        own = {"kelas": KELAS[who], "status": STATUS[who], "golongan": GOLONGAN[who], "unit": "DISDIK-1"}
        halves = [
            own | {"hari": 15, "hari_kerja": 11, "lokasi": "TPA"},
            own | {"hari": 16, "hari_kerja": 11, "lokasi": after},
        ]
        found = await baris(dunia, who)
        sama(found, harap(policy.encode(), who, segmen=halves, **facts | {"lokasi": after}))
        assert [one.lokasi for one in baca_masukan(found["masukan"]).segmen] == ["TPA", after]
    # The paid place counts for its days, or whole when the day that decides was spent there.
    whole, without = (harap(policy.encode(), ANI, **facts | where).bruto for where in (there, away))
    assert whole > without
    ani = await baris(dunia, ANI)
    assert without < ani["bruto"] < whole if hari == 15 else ani["bruto"] == whole
    # Both places of Cici are paid alike: her parts come to the whole, but for what each line rounds down.
    cici, same = await baris(dunia, CICI), harap(policy.encode(), CICI, **facts | there).bruto
    assert same - 6 <= cici["bruto"] <= same
    assert baca_masukan((await baris(dunia, BUDI))["masukan"]).segmen == ()


async def test_a_place_told_after_the_lock_divides_that_month_and_says_why(tpp: Layanan) -> None:
    text = kebijakan("banjarmasin").decode().replace("cara: hari_terakhir", "cara: pro_rata_hari_kalender", 1)
    policy = text.replace("  sebagian: pro_rata_hari_kalender\n", "", 1).encode()
    dunia = await oktober(tpp, policy)
    isi = csv(("nip", "menit"), *((NIP_DARI[who], 7000) for who in (ANI, BUDI, CICI)))
    assert (await kirim(dunia, "aktivitas", isi, periode=BULAN)).json()["diterapkan"]
    await dunia.jalankan()
    before = await baris(dunia, ANI)
    await dunia.kunci("DISDIK")
    await masuk(dunia, "lokasi", (ANI, "TPA", "2026-10-16"))
    await dunia.koreksi()
    (found,) = await tpp.baris("SELECT * FROM koreksi")
    assert "Perubahan tempat bertugas di dalam bulan ini" in found["sebab"]
    assert found["selisih_bruto"] == found["bruto"] - before["bruto"] > 0
    assert [one.hari for one in baca_masukan(found["masukan"]).segmen] == [15, 16]


@pytest.mark.parametrize(
    ("sejak", "ditahan"), [("2026-10-16", True), ("2026-10-10", False)], ids=["sesudah", "sebelum"]
)
async def test_a_part_that_pays_waits_for_the_eselon_of_its_own_days(
    tpp: Layanan, sejak: str, ditahan: bool
) -> None:
    """The jabatan of the 15th pays; an eselon that is told from the 16th on says nothing of that day."""
    text = (
        kebijakan("seluma").decode().replace("cara: hari_terakhir", "cara: tanggal\n  sampai_tanggal: 15", 1)
    )
    harian = hitungan("absen terlewat", o0=2, o1=2)
    dunia = await oktober(tpp, text.encode(), menjabat(ANI, "JPT", 14), harian=harian)
    await masuk(dunia, "eselon", (ANI, "II.b", sejak))
    await dunia.jalankan()
    ani = await baris(dunia, ANI)
    assert ("eselon_belum_ada" in sebab(ani)) == ditahan
    assert ditahan or [one.eselon for one in baca_masukan(ani["masukan"]).segmen] == ["", "II.b"]


async def test_jawa_barat_takes_the_cooperative_and_zakat_of_who_wants_it(tpp: Layanan) -> None:
    dunia = await oktober(tpp, "jawa-barat")
    isi = csv(("nip", "menit"), *((NIP_DARI[who], 6600) for who in (ANI, BUDI)))
    assert (await kirim(dunia, "aktivitas", isi, periode=BULAN)).json()["diterapkan"]
    isi = csv(("nip", "ptkp", "mulai"), *((NIP_DARI[who], "TK/0", "2026-01-01") for who in (ANI, BUDI)))
    assert (await kirim(dunia, "ptkp", isi)).json()["diterapkan"]
    await masuk(dunia, "zakat", (ANI, "ya", OKTOBER_1))
    kepala = ("nip", "potongan", "jumlah", "mulai", "sampai")
    rows = ((NIP_DARI[ANI], "Koperasi", "250.000", OKTOBER_1, "2026-12-31"),
            (NIP_DARI[BUDI], "koperasi", 99_000, "2026-01-01", "2026-09-30"))  # fmt: skip
    assert (await kirim(dunia, "potongan", csv(kepala, *rows), KEUANGAN, "keuangan_opd")).json()["diterapkan"]
    await dunia.jalankan()
    facts = {"predikat_dari": "2026-09", "menit_aktivitas": 6600, "ptkp": "TK/0", "jabatan": "Analis"}
    ani = await baris(dunia, ANI)
    own = {"ikut_zakat": "ya", "potongan_lain": {"koperasi": 250_000}}
    sama(ani, harap("jawa-barat", ANI, **facts, **own))
    sama(await baris(dunia, BUDI), harap("jawa-barat", BUDI, **facts))
    lines = dict(one[:2] for one in baca_baris(ani["baris"]))
    assert lines["koperasi"] == -250_000
    assert lines["zakat"] == -((ani["bruto"] + lines["pph21"]) * 25 // 1000)
    # Taken back after the lock: the month was paid with it, so the difference is arrears.
    await dunia.kunci("DISDIK")
    (one,) = (await dunia.lihat("/fakta/potongan", KEUANGAN, "keuangan_opd", unit="PEMDA/DISDIK")).json()[
        "data"
    ][:1]
    assert (one["nip"], one["fakta"], one["nilai"], one["oleh_orang"]) == (
        NIP_DARI[ANI],
        "koperasi",
        "Rp 250.000",
        True,
    )
    path, body = f"/fakta/potongan/{one['fakta_id']}/cabut", {"alasan": "Angsuran sudah lunas"}
    for expected in (200, 409):
        told = await dunia.kirim(path, KEUANGAN, "keuangan_opd", unit="PEMDA/DISDIK", json=body)
        assert told.status_code == expected, told.text
    await dunia.koreksi()
    (found,) = await tpp.baris("SELECT pegawai_id, selisih_bruto, selisih_neto, sebab FROM koreksi")
    assert (found["pegawai_id"], found["selisih_bruto"], found["selisih_neto"]) == (ANI, 0, 250_000)
    assert found["sebab"] == ["Potongan koperasi tidak berlaku lagi"]
    (old,) = await tpp.baris(
        "SELECT isi ->> 'nilai' AS nilai FROM riwayat_fakta WHERE tabel = 'fakta_daerah'"
    )
    assert old == {"nilai": "Rp 250.000"}


async def test_the_name_of_the_acting_duty_is_known_to_the_policy(tpp: Layanan) -> None:
    text = kebijakan().decode()
    text = text.replace(
        "bila: ada_plt dan hari", "bila: ada_plt dan plt_jabatan = 'Kepala Seksi' dan hari", 1
    )
    text = text.replace("plt_kelas: 11, hari", "plt_kelas: 11, plt_jabatan: Kepala Seksi, hari")
    dunia = Dunia(tpp)
    await dunia.kebijakan(text.encode())
    await dunia.siapkan_tanpa_kebijakan(skip=frozenset({"tutup"}))
    await dunia.dengar(*(pegawai(who, segmen(who, plt=11), version=2) for who in (ANI, BUDI)))
    # As it was kept before the name was.
    await tpp.baris("UPDATE penempatan SET plt_jabatan = NULL WHERE pegawai_id = $1 RETURNING 1", BUDI)
    assert await dunia.tutup(versions={ANI: 2, BUDI: 2}) == 0
    await dunia.jalankan()
    ani = await baris(dunia, ANI)
    assert "tambahan_plt" in dict(one[:2] for one in baca_baris(ani["baris"]))
    assert baca_masukan(ani["masukan"]).plt_jabatan == "Kepala Seksi"
    assert set(sebab(await baris(dunia, BUDI))) == {"jabatan_plt_belum_ada"}
    # Heard again, it is known, and the next run pays.
    await dunia.dengar(pegawai(BUDI, segmen(BUDI, plt=11), version=3))
    assert await dunia.tutup(6, versions={ANI: 2, BUDI: 3}) == 0
    await dunia.jalankan()
    assert (await baris(dunia, BUDI))["status"] == "dihitung"


async def test_a_what_if_reads_what_only_the_draft_asks_for(dunia: Dunia) -> None:
    facts = {"nilai_produktivitas": "80%", "nilai_perilaku": "80%", "tanpa_apel": 0}
    await dunia.kebijakan(kebijakan("aplikasi-2026"))
    await dunia.kebijakan(kebijakan().replace(b"kode: umum-60-40", b"kode: umum-lagi", 1))
    await masuk(
        dunia, "fakta-daerah",
        *((who, nama, "80%", BULAN) for who in (ANI, BUDI) for nama in facts if nama != "tanpa_apel"),
    )  # fmt: skip
    assert (await dunia.kehadiran(hitungan("tanpa apel")))["diterapkan"]
    await dunia.jalankan()
    assert baca_masukan((await baris(dunia, ANI))["masukan"]).tambahan == ()
    told = await dunia.kirim("/andai", BPKAD, "bpkad", content=kebijakan("aplikasi-2026"))
    assert told.status_code == 201, told.text
    while await dunia.tpp.database.run(lanjutkan):
        pass
    total = (await dunia.lihat(f"/andai/{told.json()['andai_id']}/hasil", BPKAD, "bpkad")).json()["jumlah"]
    assert (total["dihitung_baru"], total["jadi_ditahan"]) == (2, 4)
    both = sum(harap("aplikasi-2026", who, **facts).bruto for who in (ANI, BUDI))
    assert int(float(total["bruto_baru"])) == both


async def test_a_what_if_holds_who_would_be_paid_by_an_eselon_that_is_not_known(tpp: Layanan) -> None:
    dunia = await oktober(
        tpp, "umum-60-40", menjabat(ANI, "JPT", 14), menjabat(BUDI, "Pengawas", 8),
        harian=hitungan("absen terlewat"),
    )  # fmt: skip
    await masuk(dunia, "eselon", (BUDI, "IV.a", "2026-01-01"))
    await dunia.jalankan()
    assert (await baris(dunia, ANI))["status"] == "dihitung"
    told = await dunia.kirim("/andai", BPKAD, "bpkad", content=kebijakan("seluma"))
    while await tpp.database.run(lanjutkan):
        pass
    total = (await dunia.lihat(f"/andai/{told.json()['andai_id']}/hasil", BPKAD, "bpkad")).json()["jumlah"]
    assert (total["dihitung_baru"], total["jadi_ditahan"]) == (5, 1)


async def test_pages_show_what_stands_and_take_it_back(kantor: Dunia) -> None:
    client, html = kantor.tpp.client, {"Accept": "text/html"}
    await masuk(kantor, "eselon", (ANI, "II.b", OKTOBER_1), (BUDI, "-", OKTOBER_1))
    await masuk(kantor, "potongan", (ANI, "koperasi", 1_250_000, OKTOBER_1))
    anonymous = await client.get("/tpp/fakta/potongan", headers=html)
    assert anonymous.headers["Location"].startswith("/masuk")

    async def seen(path: str, who: UUID, *peran: str, unit: str | None = None) -> Any:
        return await client.get(path, headers=kantor.tpp.kepala(who, *peran, unit=unit) | html)

    assert (await seen("/tpp/fakta/potongan", PENGELOLA, "pengelola", unit="PEMDA/DISDIK")).status_code == 403
    assert (await seen("/tpp/fakta/zakat", BUDI)).status_code == 403
    listed = await seen("/tpp/fakta/eselon", ADMIN, "admin_bkd")
    for text in ("II.b", "Bukan struktural", "Impor eselon", "/cabut"):
        assert text in listed.text, text
    audited = await seen("/tpp/fakta/potongan", KEUANGAN, "auditor")
    assert ("Rp 1.250.000" in audited.text, "/cabut" in audited.text) == (True, False)
    own = await seen("/tpp/fakta/saya", ANI)
    assert ("II.b" in own.text, "Rp 1.250.000" in own.text) == (True, True)
    assert "Belum ada fakta lain" in (await seen("/tpp/fakta/saya", CICI)).text
    key = await kantor.tpp.nilai("SELECT fakta_id FROM fakta_daerah WHERE nama = 'eselon' AND nilai = 'II.b'")
    path = f"/tpp/fakta/eselon/{key}/cabut"
    assert "Cabut fakta ini" in (await seen(path, ADMIN, "admin_bkd")).text
    for alasan, status in (("a", 422), ("Salah orang", 303), ("Salah orang", 404)):
        form = {KEY: str(uuid4()), "alasan": alasan}
        headers = kantor.tpp.kepala(ADMIN, "admin_bkd") | html
        told = await client.post(path, data=form, headers=headers)
        assert told.status_code == status, (alasan, told.status_code)
    assert await kantor.tpp.nilai("SELECT dicabut FROM fakta_daerah WHERE fakta_id = $1", key)
