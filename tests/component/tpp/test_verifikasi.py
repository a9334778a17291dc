"""A document's code: what it proves to whoever holds the paper, and what it keeps to itself."""

import re
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.tpp.verifikasi import rules
from tests.component.tpp.dunia import (
    ANI,
    BUDI,
    BULAN,
    KEUANGAN,
    NIP_DARI,
    ORANG,
    Dunia,
    dibuka_kembali,
    dinilai,
)

HTML = {"Accept": "text/html"}


async def kode(dunia: Dunia, who: UUID) -> dict[str, Any]:
    told = await dunia.kirim(f"/slip/{BULAN}/kode", who)
    assert told.status_code == 200, told.text
    found: dict[str, Any] = told.json()
    return found


async def periksa(dunia: Dunia, alamat: str) -> Any:
    return await dunia.tpp.client.get(alamat, headers=HTML)


async def test_only_the_person_gets_a_code_and_only_for_a_computed_slip(dunia: Dunia) -> None:
    path = f"/api/tpp/slip/{BULAN}/kode"
    assert (await dunia.tpp.client.post(path, headers={"Idempotency-Key": "12345678"})).status_code == 401
    assert (await dunia.kirim(f"/slip/{BULAN}/kode", ANI)).status_code == 404
    await dunia.jalankan()
    assert (await dunia.kirim(f"/slip/{BULAN}/kode", KEUANGAN)).status_code == 404
    assert await kode(dunia, ANI) == await kode(dunia, ANI)
    assert (await kode(dunia, ANI))["kode"] != (await kode(dunia, BUDI))["kode"]


async def test_a_stranger_sees_that_it_is_ours_and_nothing_about_the_person(dunia: Dunia) -> None:
    await dunia.jalankan()
    mine = await kode(dunia, ANI)
    slip = (await dunia.lihat(f"/slip/{BULAN}/saya", ANI)).json()
    page = await periksa(dunia, mine["alamat"])
    assert page.status_code == 200
    assert "Dokumen ini asli dan masih berlaku." in page.text
    assert NIP_DARI[ANI][-4:] in page.text
    assert mine["sidik"][:16] in page.text
    neto = str(slip["neto"]).partition(".")[0]
    for secret in (NIP_DARI[ANI], NIP_DARI[ANI][:8], str(ANI), neto, f"{int(neto):,}".replace(",", ".")):
        assert secret not in page.text
        assert secret not in mine["kode"]
    assert re.search(r"Rp \d\.•••\.•••", page.text)


async def test_a_newer_figure_and_a_changed_one_are_told(dunia: Dunia) -> None:
    await dunia.jalankan()
    mine = await kode(dunia, ANI)
    await dunia.dengar(dibuka_kembali(4), *(dinilai(who, 4, version=2) for who in ORANG))
    await dunia.tutup(version=5)
    await dunia.jalankan()
    assert "sudah ada versi yang lebih baru" in (await periksa(dunia, mine["alamat"])).text
    newer = await kode(dunia, ANI)
    assert newer["kode"] != mine["kode"]
    assert "masih berlaku" in (await periksa(dunia, newer["alamat"])).text
    await dunia.tpp.nilai(
        "UPDATE tpp_bulan SET bruto = bruto + 1, neto = neto + 1 WHERE pegawai_id = $1 RETURNING true", ANI
    )
    assert "tidak cocok" in (await periksa(dunia, newer["alamat"])).text


async def test_codes_nobody_gave_out(dunia: Dunia) -> None:
    await dunia.jalankan()
    good = (await kode(dunia, ANI))["kode"]
    swapped = good[:-1] + ("A" if good[-1] != "A" else "B")
    for bad in (swapped, good.lower(), good[::-1], "x", "%00", "A" * 24, "a" * 64):
        told = await periksa(dunia, f"/tpp/verifikasi/{bad}")
        assert told.status_code in (404, 422), bad
        assert "asli" not in told.text


@given(
    st.binary(min_size=12, max_size=12),
    st.binary(min_size=32, max_size=32),
    st.binary(min_size=32, max_size=32),
)
def test_a_code_reads_back_and_another_key_reads_nothing(number: bytes, key: bytes, other: bytes) -> None:
    text = rules.kode(key, number)
    assert len(text) == 24
    assert rules.baca_kode(key, text) == number
    if other != key:
        assert rules.baca_kode(other, text) is None


@given(st.integers(min_value=0, max_value=10**12))
def test_masked_rupiah_keeps_its_first_digit_and_size(amount: int) -> None:
    shown = rules.samarkan_rupiah(amount)
    assert shown.startswith(f"Rp {str(amount)[0]}")
    assert len(shown) == len(f"Rp {amount:,}")
    assert sum(letter.isdigit() for letter in shown) == 1
