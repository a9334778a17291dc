"""What a policy would change: for finance only, exact, taken over by any worker, never paid."""

import asyncio
import io
from typing import Any
from uuid import uuid4

import pytest
from python_calamine import CalamineWorkbook

from services.tpp.andai.hitung import lanjutkan
from services.tpp.kebijakan.queries import terbaca
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.kendali import kode_kendali
from services.tpp.perhitungan.rules import baca_baris, baca_masukan
from services.tpp.perhitungan.sementara import lanjutkan as perkiraan
from shared.contracts.colek import ColekSent
from shared.period import Period
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BPKAD,
    BUDI,
    BULAN,
    CICI,
    DEDI,
    EKA,
    KEPALA_HARIAN,
    KEUANGAN_DINKES,
    NIP_DARI,
    OKTOBER,
    ORANG,
    PENGELOLA,
    Dunia,
    csv,
    dibuka,
    dinilai,
    hadir_semua,
    hari_kerja,
    kebijakan,
    pegawai,
    predikat_sementara,
)

NAIK = kebijakan().replace(b"9: Rp 5.500.000", b"9: Rp 6.500.000")
"""Kelas 9 has a million more; Cici alone is of kelas 9."""
NAMA = terbaca(NAIK.decode()).nama
NOVEMBER = Period(2026, 11)


async def selesaikan(dunia: Dunia, andai_id: str) -> Any:
    while await dunia.tpp.database.run(lanjutkan):
        pass
    told = await dunia.lihat(f"/andai/{andai_id}/hasil", BPKAD, "bpkad")
    assert told.status_code == 200, told.text
    return told.json()


async def test_strangers_employees_and_other_roles_get_nothing(dunia: Dunia) -> None:
    await dunia.jalankan()
    made = (await dunia.kirim("/andai", BPKAD, "bpkad", content=NAIK)).json()["andai_id"]
    await selesaikan(dunia, made)
    reads = ("/andai", f"/andai/{made}", f"/andai/{made}/hasil", f"/andai/{made}/xlsx")
    headers = {"Idempotency-Key": "12345678"}
    for path in reads:
        assert (await dunia.tpp.client.get(f"/api/tpp{path}")).status_code == 401
        assert (await dunia.lihat(path, ANI)).status_code == 403
        for peran in ("keuangan_opd", "pengelola", "pimpinan", "sysadmin"):
            assert (await dunia.lihat(path, ANI, peran, unit="PEMDA")).status_code == 403, (path, peran)
        assert (await dunia.lihat(path, ADMIN, "auditor")).status_code == 200
    for path in ("/andai", f"/andai/kebijakan/{uuid4()}", f"/andai/{made}/hapus"):
        told = await dunia.tpp.client.post(f"/api/tpp{path}", content=NAIK, headers=headers)
        assert told.status_code == 401
        for peran in ("auditor", "keuangan_opd", "pimpinan", "sysadmin"):
            told = await dunia.kirim(path, ANI, peran, unit="PEMDA", content=NAIK)
            assert told.status_code == 403, (path, peran)
    for page in (f"/tpp/andai/{made}", "/tpp/andai", "/tpp/andai/baru"):
        told = await dunia.tpp.client.get(page, headers=dunia.tpp.kepala(ANI, "keuangan_opd", unit="PEMDA"))
        assert told.status_code == 403
    seen = await dunia.tpp.nilai("SELECT count(*) FROM kernel.audit WHERE action = 'tpp.andai-dibaca'")
    assert seen == 3


@pytest.mark.parametrize("selesai", [False, True])
async def test_the_pages_and_the_stream_of_one_what_if_open_for_finance_only(
    dunia: Dunia, selesai: bool
) -> None:
    """Running and done, as a page, as a piece of it, and as the stream that keeps it fresh."""
    await dunia.jalankan()
    made = (await dunia.kirim("/andai", BPKAD, "bpkad", content=NAIK)).json()["andai_id"]
    if selesai:
        await selesaikan(dunia, made)
    page, part, client = f"/tpp/andai/{made}", f"/tpp/andai/{made}/kemajuan", dunia.tpp.client
    for path, accept in ((page, "text/html"), (part, "text/html"), (part, "text/event-stream")):
        told = await client.get(path, headers={"Accept": accept})
        assert told.status_code in (401, 303), (path, told.status_code)
        for peran in ("pegawai", "pengelola", "keuangan_opd", "pimpinan", "sysadmin"):
            roles = () if peran == "pegawai" else (peran,)
            headers = dunia.tpp.kepala(ANI, *roles, unit="PEMDA") | {"Accept": accept}
            told = await client.get(path, headers=headers)
            assert told.status_code == 403, (path, peran)
            assert NAMA not in told.text
    for who, peran in ((BPKAD, "bpkad"), (ADMIN, "admin_bkd"), (ADMIN, "auditor")):
        headers = dunia.tpp.kepala(who, peran)
        assert NAMA in (await client.get(page, headers=headers)).text
        assert "Orang-bulan" in (await client.get(part, headers=headers)).text


async def test_pages_of_risk_keep_to_the_unit_and_my_month_to_me(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.siapkan(skip=frozenset({"tutup", "gaji"}))
    path, mine = f"/tpp/rawan/{BULAN}", f"/tpp/saya/{BULAN}/andai"
    for one in (path, mine):
        assert (await tpp.client.get(one)).status_code in (401, 303)
    assert (await tpp.client.get(path, headers=tpp.kepala(ANI))).status_code == 403
    for who, opd, sees, others in (
        (PENGELOLA, "DISDIK", (ANI, BUDI, CICI), (DEDI, EKA)),
        (KEUANGAN_DINKES, "DINKES", (DEDI, EKA), (ANI, BUDI, CICI)),
    ):
        told = await tpp.client.get(path, headers=tpp.kepala(who, "pimpinan", unit=f"PEMDA/{opd}"))
        assert told.status_code == 200
        assert all(str(one) in told.text for one in sees)
        assert not any(str(one) in told.text for one in others)
    # Whoever asks is answered about themselves: the address names nobody.
    told = await tpp.client.get(mine, headers=tpp.kepala(PENGELOLA, "pimpinan", "bpkad", unit="PEMDA"))
    assert told.status_code == 404


async def test_budget_winners_and_losers_add_up_and_nothing_else_changes(dunia: Dunia) -> None:
    await dunia.dengar(dinilai(BUDI, None, version=2))
    await dunia.tpp.baris("UPDATE periode SET final_version = version")
    await dunia.jalankan()
    before = await dunia.angka()
    told = await dunia.kirim("/andai", BPKAD, "bpkad", content=NAIK, params={"bulan": BULAN})
    assert told.status_code == 201, told.text
    assert (told.json()["keadaan"], told.json()["orang"]) == ("berjalan", len(ORANG))
    waiting = await dunia.lihat(f"/andai/{told.json()['andai_id']}/hasil", BPKAD, "bpkad")
    assert waiting.status_code == 409
    found = await selesaikan(dunia, told.json()["andai_id"])
    paid = await dunia.tpp.baris("SELECT pegawai_id, bruto, neto FROM tpp_bulan WHERE status = 'dihitung'")
    total = found["jumlah"]
    assert int(float(total["bruto_lama"])) == sum(row["bruto"] for row in paid)
    assert int(float(total["neto_lama"])) == sum(row["neto"] for row in paid)
    assert (total["orang"], total["dihitung_lama"], total["dihitung_baru"]) == (6, 5, 5)
    cici = baca_masukan(await dunia.tpp.nilai("SELECT masukan FROM tpp_bulan WHERE pegawai_id = $1", CICI))
    more = (
        engine.compile(terbaca(NAIK.decode()))(cici).bruto
        - engine.compile(terbaca(kebijakan().decode()))(cici).bruto
    )
    assert more > 0
    assert float(total["bruto_baru"]) - float(total["bruto_lama"]) == more
    assert (total["naik"], total["turun"], total["tetap"]) == (1, 0, 4)
    assert sum(total["sebaran"].values()) == 5
    assert [(one["kelas"], one["naik"]) for one in found["kelas"] if one["naik"]] == [(9, 1)]
    assert {one["opd_nama"] for one in found["opd"]} == {"Dinas DISDIK", "Dinas DINKES"}
    for table in ("bulan", "opd", "unit", "kelas"):
        for name in ("orang", "naik", "tetap", "jadi_ditahan"):
            assert sum(one[name] for one in found[table]) == total[name], (table, name)
        for name in ("bruto_lama", "bruto_baru", "neto_lama", "neto_baru", "naik_rupiah"):
            assert sum(float(one[name]) for one in found[table]) == float(total[name]), (table, name)
    assert await dunia.angka() == before
    assert await dunia.tpp.nilai("SELECT count(*) FROM kebijakan") == 1
    assert await dunia.tpp.nilai("SELECT count(*) FROM andai_bagian") == 0


async def test_the_policy_in_force_changes_nobody(dunia: Dunia) -> None:
    await dunia.jalankan()
    policy = await dunia.tpp.nilai("SELECT kebijakan_id FROM kebijakan")
    told = await dunia.kirim(f"/andai/kebijakan/{policy}", BPKAD, "bpkad")
    found = await selesaikan(dunia, told.json()["andai_id"])
    total = found["jumlah"]
    assert total["bruto_lama"] == total["bruto_baru"]
    assert (total["tetap"], total["naik"], total["turun"]) == (6, 0, 0)
    assert (await dunia.kirim(f"/andai/kebijakan/{uuid4()}", BPKAD, "bpkad")).status_code == 404


async def test_what_the_draft_cannot_compute_is_named_and_not_counted_as_saved(dunia: Dunia) -> None:
    await dunia.jalankan()
    # Banjarmasin pays by minutes of activity, which nobody has here, and by an earlier quarter's predikat.
    told = await dunia.kirim("/andai", BPKAD, "bpkad", content=kebijakan("banjarmasin"))
    found = await selesaikan(dunia, told.json()["andai_id"])
    total = found["jumlah"]
    assert (total["dihitung_baru"], total["jadi_ditahan"]) == (0, 6)
    assert total["jadi_ditahan_bruto"] == total["bruto_lama"]
    reasons = {one["kode"]: one["orang"] for one in found["sebab"]}
    assert "predikat_periode_lain" not in reasons
    assert reasons.get("predikat_belum_ada", reasons.get("skp_belum_ada")) == 6


async def test_bad_drafts_and_months_are_refused_with_the_way_out(dunia: Dunia) -> None:
    told = await dunia.kirim("/andai", BPKAD, "bpkad", content=NAIK)
    assert told.status_code == 409
    assert "Belum ada bulan" in told.json()["detail"]
    await dunia.jalankan()
    for content in (b"", b"a: [", b"\xff\xfe", NAIK.replace(b"langkah:", b"langkahh:")):
        assert (await dunia.kirim("/andai", BPKAD, "bpkad", content=content)).status_code == 422
    for month in ("2026-11", "2026-13", "x"):
        told = await dunia.kirim("/andai", BPKAD, "bpkad", content=NAIK, params={"bulan": month})
        assert told.status_code == 422, month
    first = await dunia.kirim("/andai", BPKAD, "bpkad", content=NAIK)
    assert first.status_code == 201
    again = await dunia.kirim("/andai", BPKAD, "bpkad", content=NAIK)
    assert again.status_code == 409
    made = first.json()["andai_id"]
    assert (await dunia.kirim(f"/andai/{made}/hapus", BPKAD, "bpkad")).status_code == 204
    assert (await dunia.lihat(f"/andai/{made}", BPKAD, "bpkad")).status_code == 404
    assert (await dunia.kirim(f"/andai/{made}/hapus", BPKAD, "bpkad")).status_code == 404
    assert await dunia.tpp.database.run(lanjutkan) is False


async def test_workers_share_the_parts_and_take_over_from_one_that_died(
    dunia: Dunia, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.tpp.andai.commands._ORANG_SEBAGIAN", 1)
    await dunia.jalankan()
    made = (await dunia.kirim("/andai", BPKAD, "bpkad", content=NAIK)).json()["andai_id"]
    database = dunia.tpp.database
    try:
        async with database.transaction() as tx:
            assert await lanjutkan(tx)
            raise ConnectionError("pekerja mati")
    except ConnectionError:
        pass
    assert (await dunia.lihat(f"/andai/{made}", BPKAD, "bpkad")).json()["orang_selesai"] == 0

    async def worker() -> int:
        done = 0
        while await database.run(lanjutkan):
            done += 1
        return done

    await asyncio.gather(worker(), worker(), worker())
    # Whoever found the last part still held by another left before the end.
    found = await selesaikan(dunia, made)
    assert found["jumlah"]["orang"] == 6
    assert found["andai"]["orang_selesai"] == 6


async def test_the_workbook_says_the_same(dunia: Dunia) -> None:
    await dunia.jalankan()
    made = (await dunia.kirim("/andai", BPKAD, "bpkad", content=NAIK)).json()["andai_id"]
    found = await selesaikan(dunia, made)
    told = await dunia.lihat(f"/andai/{made}/xlsx", BPKAD, "bpkad")
    book = CalamineWorkbook.from_filelike(io.BytesIO(told.content))
    assert book.sheet_names == [
        "Ringkasan", "Bulan", "OPD", "Unit", "Kelas", "Belum dapat dihitung",
    ]  # fmt: skip
    header, *rows = book.get_sheet_by_name("Kelas").to_python()
    at = header.index("Bruto dengan kebijakan ini")
    *rows, total = [row for row in rows if row[0]]
    assert total[0] == "Jumlah"
    assert float(str(total[at])) == float(found["jumlah"]["bruto_baru"])
    for at, title in enumerate(header[1:], 1):
        assert sum(float(str(row[at])) for row in rows) == float(str(total[at])), title
    page = await dunia.tpp.client.get(f"/tpp/andai/{made}", headers=dunia.tpp.kepala(BPKAD, "bpkad"))
    assert page.status_code == 200
    assert "Anggaran (bruto) berubah" in page.text
    assert "Dinas DISDIK" in page.text


async def test_my_month_so_far_and_what_changes_it(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    assert (await tpp.client.get(f"/api/tpp/andai-saya/{BULAN}")).status_code == 401
    assert (await dunia.lihat(f"/andai-saya/{BULAN}", ANI)).status_code == 404
    await dunia.kebijakan(kebijakan("bontang"))
    await dunia.dengar(pegawai(ANI), dibuka())
    told = (await dunia.lihat(f"/andai-saya/{BULAN}", ANI)).json()
    assert (told["status"], [one["pemilik"] for one in told["alasan"]]) == ("ditahan", ["keuangan_opd"])
    await dunia.gaji((NIP_DARI[ANI], 4_500_000))
    told = (await dunia.lihat(f"/andai-saya/{BULAN}", ANI)).json()
    assert told["status"] == "dihitung"
    assert [one.partition(";")[0] for one in told["andaian"]] == [
        "Kinerja Oktober 2026 belum dinilai",
        "Persetujuan SKP Oktober 2026 belum tercatat",
        "Rekap kehadiran Oktober 2026 belum diterima",
    ]
    assert "22 hari kerja" in told["andaian"][2]
    assert told["catatan"] is None
    changes = {one["kode"]: one for one in told["pengaruh"]}
    assert float(changes["terlambat"]["selisih"]) < 0
    assert "15 menit" in changes["terlambat"]["rincian"][0]
    assert changes["skp"]["status"] == "ditahan"
    assert changes["skp"]["selisih"] is None
    await dunia.dengar(predikat_sementara(ANI, 3))
    now = (await dunia.lihat(f"/andai-saya/{BULAN}", ANI)).json()
    later = {one["kode"]: one for one in now["pengaruh"]}
    # One step up is the figure that stood there when Baik was assumed.
    assert later["predikat_naik"]["neto"] == told["neto"]
    assert float(now["neto"]) + float(later["predikat_naik"]["selisih"]) == float(told["neto"])
    page = await tpp.client.get(f"/tpp/saya/{BULAN}/andai", headers=tpp.kepala(ANI))
    assert page.status_code == 200
    assert "Apa yang mengubahnya" in page.text


MENUNGGU = {
    "dki": {"pajak_luar_belum_ada"},
    "jawa-barat": {"ptkp_belum_ada"},
    "aplikasi-2026": {"nilai_produktivitas_belum_ada", "nilai_perilaku_belum_ada"},
}
"""What no policy could assume, and each waits for by its own rule."""
PERLU = {
    "banjarmasin": {"menit_kurang", "tanpa_keterangan"},
    "bengkulu": {"laporan_kurang", "terlambat", "tanpa_keterangan"},
    "bontang": {"skp", "predikat_turun", "tanpa_masuk"},
    "kaltim": {"tanpa_apel", "terlambat"},
    "kepahiang": {"realisasi", "predikat_turun"},
    "seluma": {"absen_terlewat", "predikat_turun"},
    "umum-60-40": {"predikat_naik", "predikat_turun", "terlambat"},
}
"""What each must offer among the rest."""


async def test_my_month_under_every_shipped_policy_is_what_its_estimate_says(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.dengar(pegawai(ANI), dibuka(), dinilai(ANI, 4, bulan=OKTOBER.plus(-1)))
    await dunia.gaji((NIP_DARI[ANI], 4_500_000))
    for name in sorted({*MENUNGGU, *PERLU}):
        await dunia.kebijakan(kebijakan(name))
        while await tpp.database.run(perkiraan):
            pass
        told = (await dunia.lihat(f"/andai-saya/{BULAN}", ANI)).json()
        slip = (await dunia.lihat(f"/slip/{BULAN}/saya", ANI)).json()
        same = ("status", "bruto", "potongan", "neto", "alasan", "andaian")
        assert [told[one] for one in same] == [slip[one] for one in same], name
        assert {one["kode"] for one in told["alasan"]} == MENUNGGU.get(name, set()), name
        assert any("Rekap kehadiran" in one for one in told["andaian"]), name
        found = {one["kode"]: one for one in told["pengaruh"]}
        assert found.keys() >= PERLU.get(name, set()), name
        assert all(one["selisih"] is None or float(one["selisih"]) for one in found.values()), name
        lagged = name in ("banjarmasin", "dki", "jawa-barat")
        assert (told["catatan"] is not None) == lagged, name
        assert not (lagged and {"predikat_naik", "predikat_turun", "skp"} & found.keys()), name
        page = await tpp.client.get(f"/tpp/saya/{BULAN}/andai", headers=tpp.kepala(ANI))
        assert page.status_code == 200
        if lagged:
            assert "predikat September 2026, yaitu Kurang" in page.text


async def test_a_computed_month_is_no_longer_guessed_at(dunia: Dunia) -> None:
    await dunia.jalankan()
    assert (await dunia.lihat(f"/andai-saya/{BULAN}", ANI)).status_code == 409


async def test_heads_see_who_may_lose_out_in_their_own_unit_and_remind(dunia: Dunia) -> None:
    path = f"/rawan/{BULAN}"
    assert (await dunia.tpp.client.get(f"/api/tpp{path}")).status_code == 401
    assert (await dunia.lihat(path, ANI)).status_code == 403
    for peran in ("bpkad", "auditor", "sysadmin"):
        assert (await dunia.lihat(path, ANI, peran)).status_code == 403
    await dunia.dengar(dinilai(CICI, None, version=2))
    await dunia.tpp.baris("UPDATE periode SET final_version = version")
    await dunia.jalankan()
    other = (await dunia.lihat(path, KEUANGAN_DINKES, "pimpinan", unit="PEMDA/DINKES")).json()
    assert (other["ringkasan"]["orang"], other["data"]) == (3, [])
    told = (await dunia.lihat(path, PENGELOLA, "pimpinan", unit="PEMDA/DISDIK")).json()
    assert told["ringkasan"]["ditahan"] == 1
    (person,) = told["data"]
    assert person["pegawai_id"] == str(CICI)
    assert "rupiah" not in str(told).lower()
    kode = person["sebab"][0]["kode"]
    url = f"{path}/{CICI}/ingatkan"
    for who, peran, unit, status in (
        (ANI, "pegawai", None, 403),
        (PENGELOLA, "pimpinan", "PEMDA/DINKES", 403),
        (PENGELOLA, "pimpinan", "PEMDA/DISDIK", 200),
        (PENGELOLA, "pimpinan", "PEMDA/DISDIK", 429),
    ):
        roles = () if peran == "pegawai" else (peran,)
        answer = await dunia.kirim(url, who, *roles, unit=unit, json={"kode": kode})
        assert answer.status_code == status, (who, unit, answer.text)
    (nudge,) = await dunia.tpp.keluar(ColekSent)
    assert nudge.tentang_id == CICI
    gone = await dunia.kirim(url, PENGELOLA, "pimpinan", unit="PEMDA/DISDIK", json={"kode": "lain"})
    assert gone.status_code == 409
    seen = await dunia.tpp.nilai("SELECT count(*) FROM kernel.audit WHERE action = 'tpp.rawan-dibaca'")
    assert seen == 1


async def test_a_quarter_cut_or_lost_is_told_from_what_the_run_kept(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.siapkan(skip=frozenset({"kehadiran", "tutup"}))
    days = hari_kerja(OKTOBER)
    absent = [(NIP_DARI[BUDI], day, "", "", "A") for day in days[:10]]
    present = [(NIP_DARI[BUDI], day, "07:25", "16:05", "") for day in days[10:]]
    assert (await dunia.kehadiran(hadir_semua(*(who for who in ORANG if who != BUDI))))["diterapkan"]
    told = await dunia.kehadiran(csv(KEPALA_HARIAN, *absent, *present))
    assert told["diterapkan"], told
    assert await dunia.tutup() == 0
    await dunia.jalankan()
    codes = kode_kendali(terbaca(kebijakan().decode()), OKTOBER)
    rows = await dunia.tpp.baris("SELECT pegawai_id, baris, terpotong, bruto FROM tpp_bulan")
    for row in rows:
        assert row["terpotong"] == -sum(one.jumlah for one in baca_baris(row["baris"]) if one.kode in codes)
    cut = {row["pegawai_id"]: row for row in rows}[BUDI]
    told = (await dunia.lihat(f"/rawan/{BULAN}", PENGELOLA, "pengelola", unit="PEMDA/DISDIK")).json()
    share = 100 * cut["terpotong"] // (cut["bruto"] + cut["terpotong"])
    assert share >= 25
    assert told["ringkasan"]["potongan_besar"] == 1
    (person,) = told["data"]
    assert person["pegawai_id"] == str(BUDI)
    assert f"{share}%" in person["sebab"][0]["kalimat"]
    await dunia.bulan(NOVEMBER, *ORANG)
    again = (await dunia.lihat(f"/rawan/{NOVEMBER}", PENGELOLA, "pengelola", unit="PEMDA/DISDIK")).json()
    assert (again["ringkasan"]["potongan_besar"], again["ringkasan"]["turun"]) == (0, 0)


async def test_attendance_puts_the_unrated_on_the_list_with_what_is_assumed(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.kebijakan()
    await dunia.dengar(*(pegawai(who) for who in ORANG), dibuka())
    await dunia.gaji(*((NIP_DARI[who], 4_500_000) for who in ORANG))
    absent = [(NIP_DARI[BUDI], day, "", "", "A") for day in hari_kerja(OKTOBER)[:14]]
    await dunia.kehadiran(csv(KEPALA_HARIAN, *absent))
    told = (await dunia.lihat(f"/rawan/{BULAN}", PENGELOLA, "pengelola", unit="PEMDA/DISDIK")).json()
    assert (told["ringkasan"]["belum_dinilai"], told["ringkasan"]["potongan_besar"]) == (3, 1)
    budi = next(one for one in told["data"] if one["pegawai_id"] == str(BUDI))
    # The month is over: days of it that nobody recorded are for somebody to mend.
    assert {one["kode"] for one in budi["sebab"]} == {"belum_dinilai", "potongan_besar", "hari_tanpa_data"}
    assert any("diandaikan Baik" in one for one in budi["andaian"])
    headers = tpp.kepala(PENGELOLA, "pengelola", unit="PEMDA/DISDIK")
    page = await tpp.client.get(f"/tpp/rawan/{BULAN}", headers=headers)
    # Beside the cut that rests on them, and not beside what is merely lacking.
    assert page.text.count("Perkiraan ini memakai andaian") == 1


async def test_only_what_the_policy_of_the_month_waits_for_is_a_lack(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.dengar(*(pegawai(who) for who in ORANG), dibuka())
    await dunia.gaji(*((NIP_DARI[who], 4_500_000) for who in ORANG))

    async def lacks() -> tuple[dict[str, Any], dict[str, Any]]:
        told = (await dunia.lihat(f"/rawan/{BULAN}", PENGELOLA, "pengelola", unit="PEMDA/DISDIK")).json()
        return {kode: n for kode, n in told["ringkasan"].items() if n and kode != "orang"}, told

    # No policy, no lack.
    found, told = await lacks()
    assert (found, told["kebijakan_nama"]) == ({}, None)
    for name, lack in (
        ("kaltim", {"tanpa_kehadiran": 3, "data_kurang": 3}),
        ("bengkulu", {"tanpa_kehadiran": 3, "data_kurang": 3}),
        ("umum-60-40", {"tanpa_kehadiran": 3, "belum_dinilai": 3}),
        ("dki", {"tanpa_kehadiran": 3, "belum_dinilai": 3, "ditahan": 3}),
    ):
        await dunia.kebijakan(kebijakan(name))
        while await tpp.database.run(perkiraan):
            pass
        found, told = await lacks()
        assert found == lack, name
        if name == "kaltim":
            kode, owner = "tanpa_apel", "pengelola_kinerja"
            assert (kode, owner) in {(s["kode"], s["pemilik"]) for s in told["data"][0]["sebab"]}
            url = f"/rawan/{BULAN}/{told['data'][0]['pegawai_id']}/ingatkan"
            sent = await dunia.kirim(url, PENGELOLA, "pimpinan", unit="PEMDA/DISDIK", json={"kode": kode})
            assert sent.status_code == 200, sent.text


async def test_during_the_month_each_lack_is_named(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.kebijakan()
    await dunia.dengar(*(pegawai(who) for who in ORANG), dibuka(), predikat_sementara(ANI, 2))
    told = (await dunia.lihat(f"/rawan/{BULAN}", PENGELOLA, "pengelola", unit="PEMDA/DISDIK")).json()
    sums = told["ringkasan"]
    assert (sums["orang"], sums["belum_dinilai"], sums["tanpa_kehadiran"], sums["tanpa_gaji"]) == (3, 2, 3, 3)
    only = (
        await dunia.lihat(
            f"/rawan/{BULAN}", PENGELOLA, "pengelola", unit="PEMDA/DISDIK", jenis="belum_dinilai"
        )
    ).json()
    assert {one["pegawai_id"] for one in only["data"]} == {str(BUDI), str(CICI)}
    page = await tpp.client.get(
        f"/tpp/rawan/{BULAN}", headers=tpp.kepala(PENGELOLA, "pengelola", unit="PEMDA/DISDIK")
    )
    assert page.status_code == 200
    assert "belum dinilai" in page.text
