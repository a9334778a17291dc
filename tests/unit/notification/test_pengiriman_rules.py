"""When an e-mail is tried again."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notification.pengiriman.rules import MAX_ATTEMPTS, Nasib, jeda, nasib_kode
from services.notification.pengiriman.smtp import surat
from services.notification.templat.kata import Kata

ID = UUID("018f0000-0000-7000-8000-000000000001")


@given(st.integers(1, 1000))
def test_pauses_grow_to_six_hours(percobaan: int) -> None:
    assert timedelta(minutes=1) <= jeda(percobaan) <= jeda(percobaan + 1) <= timedelta(hours=6)


def test_giving_up_takes_more_than_a_day() -> None:
    total = sum((jeda(number) for number in range(1, MAX_ATTEMPTS)), timedelta())
    assert timedelta(days=1) < total < timedelta(days=3)


@given(st.integers(500, 599))
def test_5yz_is_final(kode: int) -> None:
    assert nasib_kode(kode) is Nasib.DITOLAK


@given(st.integers(400, 499))
def test_4yz_may_pass(kode: int) -> None:
    assert nasib_kode(kode) is Nasib.ULANGI


def test_message_id_follows_from_the_row() -> None:
    first, again = (
        surat(ID, "ekinerja@contoh.go.id", "Budi", "budi@contoh.go.id", Kata("Judul", "Isi"))
        for _ in range(2)
    )
    assert first["Message-ID"] == again["Message-ID"] == f"<{ID}@contoh.go.id>"


@pytest.mark.parametrize(
    "email", ["", "budi", "@contoh.go.id", "budi@", "budi@contoh.go.id\r\nBcc: lain@contoh.go.id"]
)
def test_an_address_that_is_none_is_refused_before_it_is_sent(email: str) -> None:
    with pytest.raises(ValueError):
        surat(ID, "ekinerja@contoh.go.id", "Budi", email, Kata("Judul", "Isi"))


def test_a_name_cannot_add_a_header() -> None:
    with pytest.raises(ValueError):
        surat(ID, "ekinerja@contoh.go.id", "Budi\r\nBcc: x@y.z", "budi@contoh.go.id", Kata("Judul", "Isi"))
