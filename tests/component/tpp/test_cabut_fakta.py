"""Facts imported by mistake are made unknown again: held, never zero; what they said stays in the history."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from services.tpp.bulanan.pages import IMPOR_BULANAN
from services.tpp.fakta.halaman import IMPOR_FAKTA
from services.tpp.perhitungan.rules import baca_alasan, baca_masukan
from shared.period import Period
from shared.runtime.imports import work
from shared.web.routes import KEY
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BPKAD,
    BUDI,
    BULAN,
    DEDI,
    KEUANGAN,
    NIP_DARI,
    ORANG,
    PENGELOLA,
    Dunia,
    csv,
    dinilai,
    kebijakan,
    predikat_sementara,
)

SEBAB = "Tertukar dengan orang lain"


async def cabut(
    dunia: Dunia,
    jenis: str,
    *rows: tuple[object, ...],
    who: UUID = ADMIN,
    peran: str = "admin_bkd",
    unit: str | None = None,
    **query: Any,
) -> Any:
    params = {"berkas": "cabut.csv", **query}
    if jenis in ("aktivitas", "pajak-luar"):
        params = {"periode": BULAN, **params}
    return await dunia.kirim(
        f"/impor/cabut-{jenis}", who, peran, unit=unit, params=params, content=csv(*rows)
    )


async def isi(dunia: Dunia, jenis: str, *rows: tuple[object, ...], **query: Any) -> Any:
    params = {"berkas": "isi.csv", **query}
    if jenis in ("aktivitas", "pajak-luar"):
        params = {"periode": BULAN, **params}
    told = await dunia.kirim(f"/impor/{jenis}", ADMIN, "admin_bkd", params=params, content=csv(*rows))
    assert (told.status_code, told.json()["diterapkan"]) == (200, True), told.text
    return told.json()


async def alasan(dunia: Dunia, who: UUID = ANI, tabel: str = "tpp_bulan") -> list[str]:
    text = await dunia.tpp.nilai(f"SELECT alasan FROM {tabel} WHERE pegawai_id = $1", who)
    return [one.kode for one in baca_alasan(text)]


@pytest.mark.parametrize(
    ("jenis", "kolom", "luar"),
    [
        ("aktivitas", ("nip", "alasan"), ("keuangan_opd", "bpkad", "auditor", "pimpinan", "sysadmin")),
        ("pajak-luar", ("nip", "alasan"), ("pengelola", "auditor", "pimpinan", "sysadmin")),
        ("gaji", ("nip", "mulai", "alasan"), ("pengelola", "auditor", "pimpinan", "sysadmin")),
        ("ptkp", ("nip", "mulai", "alasan"), ("pengelola", "auditor", "pimpinan", "sysadmin")),
        ("saldo-pajak", ("nip", "sampai bulan", "alasan"), ("pengelola", "auditor", "pimpinan", "sysadmin")),
    ],
)
async def test_strangers_first_and_nothing_recorded_is_a_wrong_row(
    dunia: Dunia, jenis: str, kolom: tuple[str, ...], luar: tuple[str, ...]
) -> None:
    row = (NIP_DARI[DEDI], *{"mulai": ("2026-10-01",), "sampai bulan": ("2026-09",)}.get(kolom[1], ()), SEBAB)
    params = {"berkas": "x.csv", "periode": BULAN}
    url = f"/api/tpp/impor/cabut-{jenis}"
    told = await dunia.tpp.client.post(
        url, content=csv(kolom, row), params=params, headers={"Idempotency-Key": "12345678"}
    )
    assert told.status_code == 401
    for peran in luar:
        told = await cabut(dunia, jenis, kolom, row, who=PENGELOLA, peran=peran, unit="PEMDA")
        assert told.status_code == 403, peran
    kerja = "pengelola" if jenis == "aktivitas" else "keuangan_opd"
    told = await cabut(dunia, jenis, kolom, row, who=KEUANGAN, peran=kerja, unit="PEMDA/DISDIK")
    assert "wewenang Anda" in told.json()["salah"][0]["alasan"]
    told = await cabut(dunia, jenis, kolom, row)
    assert not told.json()["diterapkan"]
    assert "yang tercatat" in told.json()["salah"][0]["alasan"]
    told = await cabut(dunia, jenis, kolom, (*row[:-1], "xx"))
    assert {one["kolom"] for one in told.json()["salah"]} == {"alasan"}


async def test_a_wrong_zero_of_outside_tax_is_taken_back_and_the_payment_waits(dunia: Dunia) -> None:
    await dunia.kebijakan(kebijakan("bengkulu"))
    rows = [(NIP_DARI[who], 0) for who in ORANG]
    await isi(dunia, "pajak-luar", ("nip", "pph 21"), *rows)
    row = (("nip", "alasan"), (NIP_DARI[ANI], SEBAB))
    told = (await cabut(dunia, "pajak-luar", *row, uji=True)).json()
    assert (told["diterapkan"], told["lembar"][0]["berubah"]) == (False, 1)
    count = "SELECT count(*) FROM fakta_bulanan WHERE NOT dicabut"
    assert await dunia.tpp.nilai(count) == len(ORANG)
    assert (await cabut(dunia, "pajak-luar", *row)).json()["diterapkan"]
    assert await dunia.tpp.nilai(count) == len(ORANG) - 1
    (old,) = await dunia.tpp.baris(
        "SELECT isi ->> 'nilai' AS nilai, alasan FROM riwayat_fakta WHERE tabel = 'fakta_bulanan'"
    )
    assert tuple(old.values()) == ("0", SEBAB)
    assert not (await cabut(dunia, "pajak-luar", *row)).json()["diterapkan"]
    again = await isi(dunia, "pajak-luar", ("nip", "pph 21"), (NIP_DARI[ANI], 125_000))
    assert again["lembar"][0]["baru"] == 1


async def test_one_of_three_facts_of_activity_or_all_of_them(dunia: Dunia) -> None:
    kepala = ("nip", "menit aktivitas", "hari laporan", "ada hasil")
    await isi(dunia, "aktivitas", kepala, *((NIP_DARI[who], 6_800, 20, "ya") for who in (ANI, BUDI)))
    rows = (
        ("nip", "isian", "alasan"),
        (NIP_DARI[ANI], "Menit aktivitas", SEBAB),
        (NIP_DARI[BUDI], "", SEBAB),
    )
    told = (
        await cabut(dunia, "aktivitas", *rows, who=PENGELOLA, peran="pengelola", unit="PEMDA/DISDIK")
    ).json()
    assert (told["diterapkan"], told["lembar"][0]["berubah"]) == (True, 4)
    left = await dunia.tpp.baris("SELECT pegawai_id, nama FROM fakta_bulanan WHERE NOT dicabut ORDER BY nama")
    assert [tuple(row.values()) for row in left] == [(ANI, "ada_hasil"), (ANI, "hari_laporan")]
    wrong = await cabut(dunia, "aktivitas", rows[0], (NIP_DARI[ANI], "absensi", SEBAB))
    assert "menit_aktivitas" in wrong.json()["salah"][0]["perbaikan"]


async def test_a_salary_taken_back_holds_the_open_month_and_the_one_before_it_holds_again(
    dunia: Dunia,
) -> None:
    await isi(dunia, "gaji", ("nip", "gaji", "mulai"), (NIP_DARI[ANI], 9_900_000, "2026-10-01"))
    await dunia.jalankan()
    text = "SELECT masukan FROM tpp_bulan WHERE pegawai_id = $1"
    assert baca_masukan(await dunia.tpp.nilai(text, ANI)).gaji == 9_900_000
    row = (("nip", "mulai", "alasan"), (NIP_DARI[ANI], "2026-10-01", SEBAB))
    assert (await cabut(dunia, "gaji", *row, who=BPKAD, peran="bpkad")).json()["diterapkan"]
    await dunia.jalankan()
    assert baca_masukan(await dunia.tpp.nilai(text, ANI)).gaji == 4_500_000
    # The one without a day: taken back, nothing is known any more.
    assert (await cabut(dunia, "gaji", row[0], (NIP_DARI[ANI], "", SEBAB))).json()["diterapkan"]
    await dunia.jalankan()
    assert await alasan(dunia) == ["gaji_belum_ada"]


async def test_a_provisional_figure_follows_at_once(dunia: Dunia) -> None:
    november = Period(2026, 11)
    await dunia.kebijakan(kebijakan("banjarmasin"))
    await dunia.dengar(dinilai(ANI, bulan=Period(2026, 9)), predikat_sementara(ANI, 2, bulan=november))
    kepala, bulan = ("nip", "menit aktivitas"), str(november)
    await isi(dunia, "aktivitas", kepala, (NIP_DARI[ANI], 6_800), periode=bulan)
    look, assumed = (f"SELECT {what} FROM tpp_sementara WHERE periode = '2026-11'" for what in _DIKETAHUI)
    assert baca_masukan(await dunia.tpp.nilai(look)).menit_aktivitas == 6_800
    assert "menit_aktivitas" not in await dunia.tpp.nilai(assumed)
    row = (("nip", "alasan"), (NIP_DARI[ANI], SEBAB))
    assert (await cabut(dunia, "aktivitas", *row, periode=bulan)).json()["diterapkan"]
    assert baca_masukan(await dunia.tpp.nilai(look)).menit_aktivitas == 6_750
    assert "menit_aktivitas" in await dunia.tpp.nilai(assumed)


_DIKETAHUI = ("masukan", "andaian::text")


async def test_of_a_locked_month_only_bkd_takes_back_and_it_becomes_a_correction(dunia: Dunia) -> None:
    dated = (("nip", "gaji", "mulai"), (NIP_DARI[ANI], 9_900_000, "2026-10-01"))
    await isi(dunia, "gaji", *dated)
    await isi(dunia, "aktivitas", ("nip", "menit"), (NIP_DARI[ANI], 6_800))
    await dunia.jalankan()
    await dunia.kunci("DISDIK")
    row = (("nip", "alasan"), (NIP_DARI[ANI], SEBAB))
    told = await cabut(dunia, "aktivitas", *row, who=PENGELOLA, peran="pengelola", unit="PEMDA/DISDIK")
    assert (told.json()["diterapkan"], told.json()["salah"][0]["kolom"]) == (False, "nip")
    assert (await cabut(dunia, "aktivitas", *row)).json()["diterapkan"]
    told = await cabut(dunia, "gaji", ("nip", "mulai", "alasan"), (NIP_DARI[ANI], "2026-10-01", SEBAB))
    assert told.json()["diterapkan"]
    await dunia.koreksi()
    (found,) = await dunia.tpp.baris("SELECT selisih_neto, sebab FROM koreksi WHERE pegawai_id = $1", ANI)
    assert found["selisih_neto"] < 0  # below the ceiling of BPJS more of the TPP counts
    assert "Gaji dasar iuran berubah" in found["sebab"]
    # The rest of what was known of the salary too: what is paid stays paid, and the month waits for somebody.
    told = await cabut(dunia, "gaji", ("nip", "mulai", "alasan"), (NIP_DARI[ANI], "", SEBAB))
    assert told.json()["diterapkan"]
    await dunia.koreksi()
    assert await dunia.tpp.nilai("SELECT count(*) FROM pembayaran WHERE periode = $1", BULAN) == 3


async def test_a_balance_of_tax_taken_back_lets_december_wait(dunia: Dunia) -> None:
    kepala = ("nip", "sampai bulan", "bruto", "pengurang", "pajak")
    await isi(dunia, "saldo-pajak", kepala, (NIP_DARI[ANI], "2026-09", 90_000_000, 1_000_000, 2_000_000))
    row = (("nip", "sampai bulan", "alasan"), (NIP_DARI[ANI], "2026-09", SEBAB))
    assert (
        await cabut(dunia, "saldo-pajak", *row, who=KEUANGAN, peran="keuangan_opd", unit="PEMDA/DISDIK")
    ).json()["diterapkan"]
    assert await dunia.tpp.nilai("SELECT dicabut FROM saldo_pajak") is True
    (old,) = await dunia.tpp.baris("SELECT isi ->> 'bruto' AS bruto, alasan FROM riwayat_fakta")
    assert tuple(old.values()) == ("90000000", SEBAB)


async def test_the_page_checks_first_and_takes_back_when_told_to(dunia: Dunia) -> None:
    async def buka(path: str, *peran: str) -> Any:
        headers = dunia.tpp.kepala(BPKAD, *peran) | {"Accept": "text/html"}
        return await dunia.tpp.client.get(path, headers=headers)

    for jenis in ("gaji", "ptkp", "saldo-pajak", "pajak-luar"):
        assert f"/tpp/impor/cabut-{jenis}" in (await buka(f"/tpp/impor/{jenis}", "bpkad")).text, jenis
        page = await buka(f"/tpp/impor/cabut-{jenis}", "bpkad")
        assert (page.status_code, "menjadi tidak diketahui" in page.text) == (200, True), jenis
        assert (await buka(f"/tpp/impor/cabut-{jenis}", "pengelola")).status_code == 403, jenis
    kinds = {one.name: one for one in (*IMPOR_FAKTA, *IMPOR_BULANAN)}
    await isi(dunia, "aktivitas", ("nip", "menit"), (NIP_DARI[ANI], 6_800))
    for jenis, who, peran, rows, form, tabel in (
        ("gaji", BPKAD, "bpkad", csv(("nip", "mulai", "alasan"), (NIP_DARI[ANI], "", SEBAB)), {}, "gaji"),
        (
            "aktivitas", ADMIN, "admin_bkd", csv(("nip", "alasan"), (NIP_DARI[ANI], SEBAB)),
            {"periode": BULAN}, "fakta_bulanan",
        ),
    ):  # fmt: skip

        async def kirim(
            path: str,
            data: dict[str, str],
            files: Any = None,
            sebagai: tuple[UUID, str] = (who, peran),
        ) -> str:
            headers = dunia.tpp.kepala(*sebagai) | {"Accept": "text/html"}
            told = await dunia.tpp.client.post(
                path, data={KEY: str(uuid4())} | data, files=files, headers=headers
            )
            assert told.status_code == 303, told.text
            while await work(dunia.tpp.database, kinds):
                pass
            seen = await dunia.tpp.client.get(told.headers["Location"], headers=headers)
            assert seen.status_code == 200
            return str(told.headers["Location"])

        count = f"SELECT count(*) FROM {tabel} WHERE dicabut"
        where = await kirim(f"/tpp/impor/cabut-{jenis}", dict(form), {"berkas": ("cabut.csv", rows)})
        assert await dunia.tpp.nilai(count) == 0, jenis
        await kirim(f"{where}/simpan", {})
        assert await dunia.tpp.nilai(count) == 1, jenis
