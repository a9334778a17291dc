"""The organisation file: faulty in every way offices know; whole or not at all; told where it matters."""

import asyncio
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.contracts.pegawai import AkunChanged, KontakChanged, PegawaiChanged
from shared.period import Period
from tests.component.helpers import (
    JABATAN,
    NIP,
    PEGAWAI,
    PENEMPATAN,
    POST,
    UNIT,
    Pemda,
    buku,
    organisasi,
)

ALAMAT = "/api/skp/impor/organisasi"


async def isi(pemda: Pemda) -> list[Any]:
    """Everything on record, for comparing."""
    return [
        await pemda.layanan.baris(f"SELECT * FROM {table} ORDER BY 1, 2")
        for table in ("unit_kerja", "jabatan", "pegawai", "penempatan", "segmen")
    ]


async def terbaru(pemda: Pemda, who: str) -> PegawaiChanged:
    """What was last told about somebody."""
    found = [e for e in await pemda.layanan.keluar(PegawaiChanged) if e.pegawai_id == pemda.id[who]]
    assert [event.version for event in found] == list(range(1, len(found) + 1))
    newest: PegawaiChanged = found[-1]
    return newest


def orang_baru(nip: str = "199209092019011009", nama: str = "Orang Baru", **more: str) -> list[str]:
    row = {"status": "PNS", "golongan": "III/a", "email": "baru@contoh.go.id"} | more
    return [nip, nama, row["status"], row["golongan"], row["email"]]


SALAH: dict[str, tuple[dict[str, Any], str, int, str, str]] = {
    # name: sheets, then sheet, row, column and a word of the reason expected
    "nip-kurang": ({"pegawai": [*PEGAWAI, orang_baru("19920909201901100")]}, "Pegawai", 9, "NIP", "18 angka"),
    "nip-bukan-tanggal": (
        {"pegawai": [*PEGAWAI, orang_baru("199213092019011009")]},
        "Pegawai",
        9,
        "NIP",
        "tanggal lahir",
    ),
    "nip-bilangan": (
        {"pegawai": [*PEGAWAI, [199209092019011009, *orang_baru()[1:]]]},
        "Pegawai",
        9,
        "NIP",
        "bilangan",
    ),
    "nip-ilmiah": ({"pegawai": [*PEGAWAI, orang_baru("1,99209E+17")]}, "Pegawai", 9, "NIP", "hilang"),
    "orang-ganda": ({"pegawai": [*PEGAWAI, list(PEGAWAI[0])]}, "Pegawai", 9, "NIP", "baris 2"),
    "rumus": ({"pegawai": [*PEGAWAI, orang_baru(nama='=HYPERLINK("x")')]}, "Pegawai", 9, "Nama", "rumus"),
    "rumus-plus": ({"pegawai": [*PEGAWAI, orang_baru(nama="+62811")]}, "Pegawai", 9, "Nama", "rumus"),
    "nama-kosong": ({"pegawai": [*PEGAWAI, orang_baru(nama="")]}, "Pegawai", 9, "Nama", "wajib"),
    "status": (
        {"pegawai": [*PEGAWAI, orang_baru(status="Honorer")]},
        "Pegawai",
        9,
        "Status",
        "tidak dikenal",
    ),
    "golongan": ({"pegawai": [*PEGAWAI, orang_baru(golongan="V/z")]}, "Pegawai", 9, "Golongan", "I/a"),
    "surel": ({"pegawai": [*PEGAWAI, orang_baru(email="bukan surel")]}, "Pegawai", 9, "Email", "surel"),
    "unit-tak-dikenal": (
        {"jabatan": [*JABATAN, ["X", "X", "JF", "8", "TIADA", "KABID"]]},
        "Jabatan",
        9,
        "Unit",
        "tidak dikenal",
    ),
    "atasan-tak-dikenal": (
        {"jabatan": [*JABATAN, ["X", "X", "JF", "8", "DINKES", "TIADA"]]},
        "Jabatan",
        9,
        "Atasan",
        "tidak dikenal",
    ),
    "kelas": (
        {"jabatan": [*JABATAN, ["X", "X", "JF", "18", "DINKES", ""]]},
        "Jabatan",
        9,
        "Kelas",
        "1 sampai 17",
    ),
    "jabatan-tak-dikenal": (
        {"penempatan": [*PENEMPATAN, [NIP["staf1"], "TIADA", "2026-05-01", "definitif"]]},
        "Penempatan",
        9,
        "Jabatan",
        "tidak dikenal",
    ),
    "pegawai-tak-dikenal": (
        {"penempatan": [*PENEMPATAN, ["199209092019011009", "GURU", "2026-05-01", "definitif"]]},
        "Penempatan",
        9,
        "NIP",
        "tidak dikenal",
    ),
    "tanggal": (
        {"penempatan": [*PENEMPATAN, [NIP["staf1"], "GURU", "31-02-2026", "definitif"]]},
        "Penempatan",
        9,
        "Mulai",
        "kalender",
    ),
    "dua-jabatan-sehari": (
        {"penempatan": [*PENEMPATAN, [NIP["staf1"], "GURU", "2026-01-01", "definitif"]]},
        "Penempatan",
        9,
        "NIP",
        "sudah ada",
    ),
    "induk-tak-dikenal": (
        {"unit": [*UNIT, ["X", "X", "TIADA", "unit"]]},
        "Unit Kerja",
        7,
        "Induk",
        "tidak dikenal",
    ),
}


@pytest.mark.parametrize("nama", SALAH)
async def test_a_faulty_row_is_explained_and_nothing_is_half_imported(pemda: Pemda, nama: str) -> None:
    sheets, lembar, baris, kolom, kata = SALAH[nama]
    before = await isi(pemda)
    report = await pemda.impor(organisasi(**sheets))
    [fault] = report["salah"]
    assert (fault["lembar"], fault["baris"], fault["kolom"]) == (lembar, baris, kolom)
    assert kata in fault["alasan"]
    assert fault["perbaikan"]
    assert (report["diterapkan"], report["salah_jumlah"]) == (False, 1)
    assert await isi(pemda) == before


async def test_a_cycle_is_named_and_leaves_the_rest_usable(pemda: Pemda) -> None:
    rows = [list(row) for row in JABATAN]
    rows[1][5] = "STAF-1"  # KADIS under STAF-1, who is under KABID, who is under KADIS
    report = await pemda.impor(organisasi(jabatan=rows))
    assert {fault["baris"] for fault in report["salah"]} == {3, 4, 5}
    assert all("lingkaran" in fault["alasan"] for fault in report["salah"])
    assert not report["diterapkan"]
    skipped = await pemda.impor(
        organisasi(jabatan=rows, pegawai=[*PEGAWAI, orang_baru()]), lewati_salah="true"
    )
    assert skipped["diterapkan"]
    assert await pemda.layanan.nilai("SELECT atasan_kode FROM jabatan WHERE kode = 'KADIS'") == "SEKDA"
    assert await pemda.layanan.nilai("SELECT count(*) FROM pegawai") == len(NIP) + 1


async def test_a_cycle_of_units_and_who_depends_on_it(pemda: Pemda) -> None:
    unit = [*UNIT, ["A", "A", "B", "unit"], ["B", "B", "A", "unit"], ["C", "C", "B", "unit"]]
    jabatan = [*JABATAN, ["X", "X", "JF", "8", "C", "KABID"]]
    report = await pemda.impor(organisasi(unit=unit, jabatan=jabatan), lewati_salah="true")
    found = {(fault["lembar"], fault["baris"]) for fault in report["salah"]}
    assert found == {("Unit Kerja", 7), ("Unit Kerja", 8), ("Unit Kerja", 9), ("Jabatan", 9)}


async def test_a_chain_may_be_turned_round_in_one_file(pemda: Pemda) -> None:
    rows = [list(row) for row in JABATAN]
    rows[2][5], rows[3][5] = "STAF-1", "KADIS"  # KABID now under STAF-1, STAF-1 under KADIS
    report = await pemda.impor(organisasi(jabatan=rows))
    assert report["diterapkan"], report["salah"]
    assert (await terbaru(pemda, "kabid")).penempatan[0].atasan_id == pemda.id["staf1"]


async def test_a_trial_writes_nothing_and_says_what_would_change(pemda: Pemda) -> None:
    before, told = await isi(pemda), len(await pemda.layanan.keluar(PegawaiChanged))
    changed = [list(row) for row in PEGAWAI]
    changed[0][3] = "IV/a"
    report = await pemda.impor(organisasi(pegawai=[*changed, orang_baru()]), uji="true")
    counts = {row["nama"]: (row["baru"], row["berubah"], row["sama"]) for row in report["lembar"]}
    assert counts["Pegawai"] == (1, 1, len(NIP) - 1)
    assert counts["Jabatan"] == (0, 0, len(JABATAN))
    assert (report["uji"], report["diterapkan"]) == (True, False)
    assert await isi(pemda) == before
    assert len(await pemda.layanan.keluar(PegawaiChanged)) == told


async def test_the_same_file_again_tells_nobody_anything(pemda: Pemda) -> None:
    before = await isi(pemda)
    outbox = await pemda.layanan.nilai("SELECT count(*) FROM kernel.outbox")
    report = await pemda.impor(organisasi())
    assert report["diterapkan"]
    assert (report["pegawai_diberitakan"], await isi(pemda)) == (0, before)
    assert await pemda.layanan.nilai("SELECT count(*) FROM kernel.outbox") == outbox
    assert await pemda.layanan.nilai("SELECT count(*) FROM riwayat") == 0


async def test_good_rows_go_in_when_faulty_ones_are_skipped(pemda: Pemda) -> None:
    report = await pemda.impor(
        organisasi(pegawai=[*PEGAWAI, orang_baru("1"), orang_baru()]), lewati_salah="true"
    )
    assert (report["diterapkan"], report["salah_jumlah"], report["pegawai_diberitakan"]) == (True, 1, 1)
    assert (
        await pemda.layanan.nilai("SELECT nama FROM pegawai WHERE nip = '199209092019011009'") == "Orang Baru"
    )


async def test_a_new_head_is_told_to_everyone_below_and_nobody_else(pemda: Pemda) -> None:
    outbox = len(await pemda.layanan.keluar(PegawaiChanged))
    report = await pemda.impor(
        organisasi(
            pegawai=[*PEGAWAI, orang_baru()],
            penempatan=[*PENEMPATAN, ["199209092019011009", "KABID", "2026-07-01", "definitif"]],
        )
    )
    assert report["diterapkan"]
    news = (await pemda.layanan.keluar(PegawaiChanged))[outbox:]
    names = {pegawai_id: who for who, pegawai_id in pemda.id.items()}
    assert sorted(names.get(event.pegawai_id, "baru") for event in news) == ["baru", "staf1", "staf2"]
    segments = (await terbaru(pemda, "staf1")).penempatan
    assert [str(part.berlaku_mulai) for part in segments] == ["2026-01-01", "2026-07-01"]
    assert segments[0].atasan_id == pemda.id["kabid"]
    assert segments[1].atasan_id not in {None, pemda.id["kabid"]}


async def test_a_plt_of_ones_own_atasan_is_rated_one_level_higher(pemda: Pemda) -> None:
    moved = [NIP["kabid"], "GURU", "2026-06-01", "definitif"]
    acting = [NIP["staf1"], "KABID", "2026-06-01", "plt"]
    assert (await pemda.impor(organisasi(penempatan=[*PENEMPATAN, moved, acting])))["diterapkan"]
    last = {who: (await terbaru(pemda, who)).penempatan[-1] for who in ("staf1", "staf2", "kabid")}
    assert last["staf1"].atasan_id == pemda.id["kadis"]
    assert last["staf1"].plt is not None
    assert last["staf1"].plt.jabatan_nama == "Kepala Bidang Pelayanan"
    assert last["staf2"].atasan_id == pemda.id["staf1"]
    assert (last["kabid"].unit_kode, last["kabid"].atasan_id) == ("DIKBUD", pemda.id["kadik"])


def dengan_status(*rows: list[str]) -> bytes:
    """Placements with their two optional columns."""
    return buku({"Penempatan": [["nip", "jabatan", "mulai", "sebagai", "status", "golongan"], *rows]})


async def test_status_and_golongan_hold_from_the_day_of_a_placement_on(pemda: Pemda) -> None:
    """Nothing else changes on that day: nobody else is told. A file without the columns forgets nothing."""
    outbox = len(await pemda.layanan.keluar(PegawaiChanged))
    first = [NIP["staf1"], POST["staf1"], "2026-01-01", "definitif", "CPNS", "III/a"]
    report = await pemda.impor(
        dengan_status(first, [NIP["staf1"], POST["staf1"], "2026-10-19", "definitif", "PNS", ""])
    )
    assert report["diterapkan"], report
    assert report["pegawai_diberitakan"] == 1
    told = await terbaru(pemda, "staf1")
    assert [(str(one.berlaku_mulai), one.status, one.golongan) for one in told.penempatan] == [
        ("2026-01-01", "CPNS", "III/a"),
        ("2026-10-19", "PNS", "III/a"),
    ]
    raised = [NIP["staf1"], POST["staf1"], "2026-12-01", "definitif", "", "III/b"]
    assert (await pemda.impor(dengan_status(raised)))["pegawai_diberitakan"] == 1
    told = await terbaru(pemda, "staf1")
    assert [(one.status, one.golongan) for one in told.penempatan] == [
        ("CPNS", "III/a"),
        ("PNS", "III/a"),
        ("PNS", "III/b"),
    ]
    assert len(await pemda.layanan.keluar(PegawaiChanged)) == outbox + 2
    assert (await pemda.impor(organisasi()))["pegawai_diberitakan"] == 0
    left = [NIP["staf1"], POST["staf1"], "2027-03-10", "definitif", "berhenti", ""]
    back = [NIP["staf1"], POST["staf1"], "2027-06-01", "definitif", "PNS", ""]
    assert (await pemda.impor(dengan_status(left, back)))["diterapkan"]
    told = await terbaru(pemda, "staf1")
    assert [(one.status, one.bertugas) for one in told.penempatan[-3:]] == [
        ("PNS", True),
        ("PNS", False),
        ("PNS", True),
    ]


async def tutup_bulan(pemda: Pemda) -> date:
    """Close the month; returns the first day after it."""
    await pemda.buka_bulan()
    for step in ("tutup-pengiriman", "tutup"):
        await pemda.tulis("admin", "POST", f"/api/skp/periode/{pemda.bulan}/{step}")
    return Period.parse(str(pemda.bulan)).plus(1).first_day


async def test_a_golongan_without_a_day_leaves_closed_months_as_they_were(pemda: Pemda) -> None:
    """Once a month is closed: before that, what is wrong is wrong from the beginning."""
    rows = [list(row) for row in PEGAWAI]
    place = next(number for number, row in enumerate(rows) if row[0] == NIP["staf1"])
    first = rows[place][3]

    async def menjadi(golongan: str) -> list[tuple[date, str]]:
        rows[place][3] = golongan
        assert (await pemda.impor(organisasi(pegawai=rows)))["diterapkan"]
        told = (await terbaru(pemda, "staf1")).penempatan
        return [(one.berlaku_mulai, one.golongan) for one in told]

    (whole,) = await menjadi("III/b")
    assert whole[1] == "III/b" != first
    since = await tutup_bulan(pemda)
    assert await menjadi("III/c") == [whole, (since, "III/c")]
    # Again after the same closing: still what held until it, and then what is known now.
    assert await menjadi("III/d") == [whole, (since, "III/d")]
    assert await menjadi("III/b") == [whole]
    assert await menjadi("III/c") == [whole, (since, "III/c")]
    # With its day, it holds from that day on, also in closed months.
    dated = [NIP["staf1"], POST["staf1"], "2026-03-10", "definitif", "", "III/c"]
    assert (await pemda.impor(dengan_status(dated)))["diterapkan"]
    told = (await terbaru(pemda, "staf1")).penempatan
    assert [(one.berlaku_mulai, one.golongan) for one in told] == [whole, (date(2026, 3, 10), "III/c")]


async def test_a_kelas_without_a_day_leaves_closed_months_as_they_were(pemda: Pemda) -> None:
    """Of its holder, and of whoever acts in it."""
    acting = [NIP["staf2"], "KABID", "2026-01-01", "plt"]
    assert (await pemda.impor(organisasi(penempatan=[*PENEMPATAN, acting])))["diterapkan"]
    since = await tutup_bulan(pemda)
    posts = [list(row) for row in JABATAN]
    post = next(row for row in posts if row[0] == "KABID")
    before = int(post[3])
    post[3] = str(before + 1)
    assert (await pemda.impor(organisasi(jabatan=posts, penempatan=[*PENEMPATAN, acting])))["diterapkan"]
    held = (await terbaru(pemda, "kabid")).penempatan
    assert [(one.kelas, one.berlaku_mulai) for one in held[-2:]] == [
        (before, held[-2].berlaku_mulai),
        (before + 1, since),
    ]
    acted = (await terbaru(pemda, "staf2")).penempatan
    assert [(one.plt and one.plt.kelas, one.berlaku_mulai) for one in acted[-2:]] == [
        (before, acted[-2].berlaku_mulai),
        (before + 1, since),
    ]


@pytest.mark.parametrize(
    ("written", "sebab"),
    [
        ("Berhenti", None),
        ("Pensiun", "pensiun"),
        ("meninggal", "meninggal"),
        ("Wafat", "meninggal"),
        ("Meninggal dunia", "meninggal"),
        ("diberhentikan sementara", "diberhentikan_sementara"),
    ],
)
async def test_why_somebody_left_is_told(pemda: Pemda, written: str, sebab: str | None) -> None:
    left = [NIP["staf1"], POST["staf1"], "2026-10-19", "definitif", written, ""]
    assert (await pemda.impor(dengan_status(left)))["diterapkan"]
    last = (await terbaru(pemda, "staf1")).penempatan[-1]
    assert (str(last.berlaku_mulai), last.bertugas, last.sebab) == ("2026-10-19", False, sebab)
    # The same again is no news; another reason is.
    assert (await pemda.impor(dengan_status(left)))["pegawai_diberitakan"] == 0
    other = [*left[:4], "Pensiun" if sebab != "pensiun" else "Meninggal", ""]
    assert (await pemda.impor(dengan_status(other)))["pegawai_diberitakan"] == 1


@pytest.mark.parametrize(
    ("sebagai", "status", "golongan", "kolom"),
    [
        ("definitif", "Honorer", "", "Status"),
        ("definitif", "PPPK", "III/a", "Golongan"),
        ("plt", "PNS", "", "Status"),
        ("plt", "", "III/b", "Golongan"),
    ],
)
async def test_a_status_that_cannot_be_is_named(
    pemda: Pemda, sebagai: str, status: str, golongan: str, kolom: str
) -> None:
    row = [NIP["staf1"], POST["staf2"], "2026-10-19", sebagai, status, golongan]
    report = await pemda.impor(dengan_status(row))
    assert not report["diterapkan"]
    assert [fault["kolom"] for fault in report["salah"]] == [kolom]


async def test_what_was_on_record_before_is_kept_with_its_time(pemda: Pemda) -> None:
    corrected = [list(row) for row in PENEMPATAN]
    corrected[3][1] = "STAF-2"
    renamed = [list(row) for row in PEGAWAI]
    renamed[3][1] = "Nama Baru"
    await pemda.impor(organisasi(penempatan=corrected, pegawai=renamed))
    rows = await pemda.layanan.baris("SELECT tabel, kunci, isi, recorded_at, superseded_at FROM riwayat")
    found = {row["tabel"]: row for row in rows}
    assert set(found) == {"penempatan", "pegawai"}
    assert found["penempatan"]["isi"]["jabatan_kode"] == "STAF-1"
    assert found["pegawai"]["isi"]["nama"] == "Nama Staf1"
    assert all(row["recorded_at"] < row["superseded_at"] for row in rows)
    news = [
        event for event in await pemda.layanan.keluar(KontakChanged) if event.pegawai_id == pemda.id["staf1"]
    ]
    assert [(event.version, event.nama) for event in news] == [(1, "Nama Staf1"), (2, "Nama Baru")]


async def test_who_leaves_rates_nobody_and_their_session_ends(pemda: Pemda) -> None:
    await pemda.tulis("admin", "POST", "/api/skp/akun/kode-aktivasi", json={"pegawai": [NIP["kabid"]]})
    pegawai = [["nip", "nama", "status", "golongan", "email", "aktif"]]
    pegawai += [[*row, "tidak" if row[0] == NIP["kabid"] else "ya"] for row in PEGAWAI]
    assert (await pemda.impor(buku({"Pegawai": pegawai})))["diterapkan"]
    assert not (await terbaru(pemda, "kabid")).aktif
    assert (await terbaru(pemda, "staf1")).penempatan[0].atasan_id == pemda.id["kadis"]
    [account] = await pemda.layanan.keluar(AkunChanged)
    assert (account.pegawai_id, account.aktif) == (pemda.id["kabid"], False)
    await pemda.layanan.generations.refresh()
    response = await pemda.http.get("/api/skp/saya", headers=pemda.sebagai("kabid"))
    assert response.status_code == 401


async def test_a_unit_that_moves_takes_its_people_and_roles_along(pemda: Pemda) -> None:
    address = f"/api/skp/akun/{pemda.id['kabid']}/peran"
    held = {"peran": [{"peran": "pengelola", "unit_path": "PEMDA/DINKES/DINKES-1"}]}
    await pemda.tulis("admin", "PUT", "/api/skp/akun/" + str(pemda.id["sekda"]) + "/peran", json=_ADMIN)
    await pemda.tulis("admin", "PUT", address, json=held)
    unit = [list(row) for row in UNIT]
    unit[3][2] = "DIKBUD"
    assert (await pemda.impor(organisasi(unit=unit)))["diterapkan"]
    segment = (await terbaru(pemda, "staf1")).penempatan[0]
    assert (segment.unit_path, segment.opd_kode) == ("PEMDA/DIKBUD/DINKES-1", "DIKBUD")
    news = [e for e in await pemda.layanan.keluar(AkunChanged) if e.pegawai_id == pemda.id["kabid"]]
    assert [(event.generation, event.peran[0].unit_path) for event in news] == [
        (1, "PEMDA/DINKES/DINKES-1"),
        (2, "PEMDA/DIKBUD/DINKES-1"),
    ]


_ADMIN = {"peran": [{"peran": "admin_bkd", "unit_path": None}]}


async def test_a_single_sheet_as_csv(pemda: Pemda) -> None:
    text = "NIP;Nama Pegawai;Status;Gol;Surel\n199209092019011009;Orang Baru;pns;iii/A;\n"
    report = await pemda.impor(text.encode(), lembar="Pegawai", berkas="pegawai.csv")
    assert report["diterapkan"], report
    [row] = await pemda.layanan.baris(
        "SELECT golongan, status, email FROM pegawai WHERE nip LIKE '19920909%'"
    )
    assert row == {"golongan": "III/a", "status": "PNS", "email": None}


@pytest.mark.parametrize(
    ("sheets", "alasan"),
    [
        ({"Pegawai": [["nip", "nama", "status"], ["1", "x", "PNS"]]}, "tidak ditemukan"),
        ({"Daftar": [["nip", "nama"], ["1", "x"]]}, "tidak ada lembar yang dikenal"),
        ({"Pegawai": [["nip", "nama", "nama", "status", "golongan"]]}, "lebih dari satu"),
        ({"Pegawai": []}, "tidak ditemukan"),
    ],
)
async def test_a_sheet_that_cannot_be_used_stops_the_file_even_when_skipping(
    pemda: Pemda, sheets: dict[str, Any], alasan: str
) -> None:
    before = await isi(pemda)
    report = await pemda.impor(
        buku({"Unit Kerja": [["kode", "nama", "induk", "jenis"]], **sheets})
        if "Daftar" not in sheets
        else buku(sheets),
        lewati_salah="true",
    )
    assert not report["diterapkan"]
    assert alasan in report["salah"][0]["alasan"]
    assert await isi(pemda) == before


async def test_what_is_no_spreadsheet_is_a_problem(pemda: Pemda) -> None:
    for data in (b"", b"\x89PNG\r\n\x1a\n\0\0", b"PK\x03\x04rusak"):
        response = await pemda.http.post(ALAMAT, content=data, headers=pemda.sebagai("admin"))
        assert response.status_code == 422
        assert response.headers["content-type"] == "application/problem+json"
        assert "tidak dapat dibaca" in response.json()["detail"]


async def test_a_retry_gets_the_first_report(pemda: Pemda) -> None:
    headers = pemda.sebagai("admin")
    data = organisasi(pegawai=[*PEGAWAI, orang_baru()])
    first = await pemda.http.post(ALAMAT, content=data, headers=headers)
    again = await pemda.http.post(ALAMAT, content=data, headers=headers)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json() == first.json()
    other = await pemda.http.post(ALAMAT, content=organisasi(), headers=headers)
    assert other.status_code == 422


async def test_imports_at_once_are_taken_one_after_the_other(pemda: Pemda) -> None:
    files = [
        organisasi(pegawai=[*PEGAWAI, orang_baru(f"19920909201901{1 + number % 2}{number:03d}")])
        for number in range(4)
    ]
    reports = await asyncio.gather(*(pemda.impor(data) for data in files))
    assert all(report["pegawai_diberitakan"] == 1 for report in reports)
    assert await pemda.layanan.nilai("SELECT count(*) FROM pegawai") == len(NIP) + 4


async def test_more_faults_than_are_listed_are_counted(pemda: Pemda) -> None:
    rows = [orang_baru(str(number)) for number in range(1_500)]
    report = await pemda.impor(organisasi(pegawai=rows, penempatan=[]))
    assert (len(report["salah"]), report["salah_jumlah"]) == (1_000, 1_500)


MUTASI = st.lists(
    st.tuples(
        st.sampled_from(sorted(NIP)),
        st.sampled_from(sorted(POST.values())),
        st.sampled_from(["2026-02-01", "2026-03-15", "2026-08-01"]),
        st.sampled_from(["definitif", "plt"]),
    ),
    max_size=6,
    unique_by=lambda row: (row[0], row[2], row[3]),
)


@given(MUTASI)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_movements_leave_versions_in_order_and_nobody_under_himself(
    pemda: Pemda, moves: list[tuple[str, str, str, str]]
) -> None:
    extra = [[NIP[who], post, day, kind] for who, post, day, kind in moves]
    data = organisasi(penempatan=[*PENEMPATAN, *extra])
    assert (await pemda.impor(data))["diterapkan"]
    assert (await pemda.impor(data))["pegawai_diberitakan"] == 0
    told = {who: await terbaru(pemda, who) for who in NIP}
    for who, event in told.items():
        assert all(part.atasan_id != pemda.id[who] for part in event.penempatan)
        stored = await pemda.layanan.baris(
            "SELECT berlaku_mulai, atasan_id FROM segmen WHERE pegawai_id = $1 ORDER BY 1", pemda.id[who]
        )
        assert [(part.berlaku_mulai, part.atasan_id) for part in event.penempatan] == [
            (row["berlaku_mulai"], row["atasan_id"]) for row in stored
        ]
