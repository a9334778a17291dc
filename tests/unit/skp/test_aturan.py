"""Rules of accounts, months, plans and realisasi."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.skp.akun import rules as akun
from services.skp.periode import rules as periode
from services.skp.realisasi.rules import Fakta, alasan_ditolak
from services.skp.rencana import rules as rencana
from shared.errors import Conflict, Forbidden, InvalidInput
from shared.period import Period

NIP = "198501012010011001"
BULAN = Period(2026, 11)
HARI_INI = date(2026, 11, 20)


@given(st.binary(min_size=32, max_size=32))
def test_a_code_has_eighty_bits_and_is_read_however_it_is_typed(secret: bytes) -> None:
    kode = akun.kode_dari(secret)
    assert len(kode) == 19
    who = UUID(int=1)
    typed = kode.lower().replace("-", " ")
    assert akun.hash_kode(who, typed) == akun.hash_kode(who, kode)
    assert akun.hash_kode(UUID(int=2), kode) != akun.hash_kode(who, kode)


@given(st.binary(min_size=32, max_size=32), st.integers(0, 79))
def test_every_bit_of_a_code_counts(secret: bytes, bit: int) -> None:
    other = (int.from_bytes(secret) ^ 1 << bit).to_bytes(32)
    assert akun.kode_dari(other) != akun.kode_dari(secret)


@pytest.mark.parametrize(
    "sandi", ["aaaaaaaaaaaa", f"x{NIP}yz", "abc19850101xyz", "Password123456", "rahasia12345"]
)
def test_passwords_too_easy(sandi: str) -> None:
    with pytest.raises(InvalidInput):
        akun.periksa_sandi(sandi, NIP)


def test_a_good_password() -> None:
    akun.periksa_sandi("kuda-baterai-jepit", NIP)


@pytest.mark.parametrize(
    ("tindakan", "keadaan", "hasil"),
    [
        ("tutup-pengiriman", "dibuka", "pengiriman_ditutup"),
        ("tutup", "dibuka", "ditutup"),
        ("tutup", "pengiriman_ditutup", "ditutup"),
        ("buka-kembali", "ditutup", "dibuka"),
        ("buka-kembali", "pengiriman_ditutup", "dibuka"),
        ("tutup", "ditutup", None),
        ("tutup-pengiriman", "ditutup", None),
        ("tutup-pengiriman", "pengiriman_ditutup", None),
        ("buka-kembali", "dibuka", None),
    ],
)
def test_the_life_of_a_month(tindakan: str, keadaan: str, hasil: str | None) -> None:
    if hasil is None:
        with pytest.raises(Conflict):
            periode.sesudah(tindakan, keadaan)
    else:
        assert periode.sesudah(tindakan, keadaan) == hasil


def test_who_decides_an_skp() -> None:
    pemilik, atasan, lain = uuid4(), uuid4(), uuid4()
    rencana.periksa_pemutus(pemilik, atasan, atasan, admin_bkd=False)
    rencana.periksa_pemutus(pemilik, None, lain, admin_bkd=True)
    for penilai, pemutus, admin in (
        (atasan, pemilik, True),
        (pemilik, pemilik, False),
        (atasan, lain, True),
        (None, lain, False),
        (None, pemilik, True),
    ):
        with pytest.raises(Forbidden):
            rencana.periksa_pemutus(pemilik, penilai, pemutus, admin_bkd=admin)


def test_versions_of_an_skp() -> None:
    assert rencana.versi_untuk_diubah(rencana.DRAF, 3) == 3
    assert rencana.versi_untuk_diubah(rencana.DIKEMBALIKAN, 3) == 4
    assert rencana.versi_untuk_diubah(rencana.DISETUJUI, 3) == 4
    with pytest.raises(Conflict):
        rencana.versi_untuk_diubah(rencana.DIAJUKAN, 3)
    for keadaan in (rencana.DIAJUKAN, rencana.DIKEMBALIKAN, rencana.DISETUJUI):
        with pytest.raises(Conflict):
            rencana.periksa_draf(keadaan)
    with pytest.raises(Conflict):
        rencana.periksa_diajukan(rencana.DRAF)


def fakta(**changes: object) -> Fakta:
    known: dict[str, object] = {
        "skp_berlaku": True,
        "skp_tahun": 2026,
        "keadaan_periode": "dibuka",
        "hari_ini": HARI_INI,
        "bukti_kurang": [],
    }
    return Fakta(**(known | changes))  # type: ignore[arg-type]


def test_a_realisasi_that_may_be_recorded() -> None:
    assert alasan_ditolak(BULAN, HARI_INI, fakta()) is None
    assert alasan_ditolak(BULAN, date(2026, 11, 1), fakta()) is None


@pytest.mark.parametrize("keadaan", [None, "pengiriman_ditutup", "ditutup"])
def test_a_month_that_takes_nothing(keadaan: str | None) -> None:
    assert isinstance(alasan_ditolak(BULAN, HARI_INI, fakta(keadaan_periode=keadaan)), Conflict)


def test_a_plan_that_is_not_in_force() -> None:
    assert isinstance(alasan_ditolak(BULAN, HARI_INI, fakta(skp_berlaku=False, skp_tahun=None)), Conflict)


@pytest.mark.parametrize(
    ("tanggal", "changes", "pointer"),
    [
        (date(2026, 10, 31), {}, "/tanggal"),
        (date(2026, 11, 21), {}, "/tanggal"),
        (HARI_INI, {"skp_tahun": 2025}, "/periode"),
        (HARI_INI, {"bukti_kurang": ["a" * 64]}, "/bukti"),
    ],
)
def test_what_the_sender_must_mend(tanggal: date, changes: dict[str, object], pointer: str) -> None:
    problem = alasan_ditolak(BULAN, tanggal, fakta(**changes))
    assert isinstance(problem, InvalidInput)
    assert [error.pointer for error in problem.fields] == [pointer]
