"""Words of messages: complete for every kind, kind in tone, and e-mails that give nothing away."""

import re
from pathlib import Path
from typing import Any

import pytest

from services.notification.consumers import SUBSCRIPTIONS
from services.notification.templat import kata
from services.notification.templat.kata import TEMPAT, Orang

DATA: dict[str, Any] = {
    "tahun": 2026,
    "periode": "2026-11",
    "catatan": "Target indikator kedua belum terukur.",
    "sisa": 9,
    "kalimat": "SKP tahun 2026 menunggu keputusan.",
    "alasan": ["SKP tahun 2026 belum disetujui atasan.", "Kehadiran bulan ini belum lengkap."],
}
TENTANG = Orang("Siti Rahmawati", "198703152010012003")
WITHOUT_MAIL = {jenis for jenis in TEMPAT if jenis.startswith("periode_")}


@pytest.mark.parametrize("jenis", TEMPAT)
def test_every_kind_has_a_title_and_a_text(jenis: str) -> None:
    words = kata.pesan(jenis, DATA, TENTANG)
    assert words.judul
    assert "\n" not in words.judul
    assert len(words.judul) <= 80
    assert words.isi.endswith((".", "?")) or "- " in words.isi
    assert not re.search(r"None|\{|\}|2026-11", words.judul + words.isi)


@pytest.mark.parametrize("jenis", sorted(set(TEMPAT) - WITHOUT_MAIL))
def test_mail_says_where_to_look_and_nothing_about_others(jenis: str) -> None:
    mail = kata.surel(jenis, DATA, Orang("Budi Santoso", None))
    text = mail.judul + mail.isi
    assert "Budi Santoso" in mail.isi
    assert TEMPAT[jenis] in mail.isi
    assert "\n" not in mail.judul
    for secret in ("Siti", "19870315", DATA["catatan"], DATA["kalimat"], *DATA["alasan"], "Rp"):
        assert secret not in text


def test_reasons_stand_one_on_a_line() -> None:
    words = kata.pesan("tpp_ditahan", DATA, TENTANG)
    assert [line for line in words.isi.splitlines() if line.startswith("- ")] == [
        f"- {reason}" for reason in DATA["alasan"]
    ]


@pytest.mark.parametrize(
    ("orang", "text"),
    [
        (TENTANG, "Siti Rahmawati (NIP 19870315 201001 2 003)"),
        (Orang("Siti Rahmawati", None), "Siti Rahmawati"),
        (Orang(None, "198703152010012003"), "Pegawai dengan NIP 19870315 201001 2 003"),
        (Orang(None, None), "Seorang pegawai"),
    ],
)
def test_people_are_named_as_far_as_known(orang: Orang, text: str) -> None:
    assert str(orang) == text


def test_every_text_belongs_to_a_kind() -> None:
    folder = Path(kata.__file__).parent / "teks"
    assert {path.stem for path in folder.glob("*.txt")} - {"_surel"} == set(TEMPAT)


def test_nothing_in_a_template_knows_money() -> None:
    folder = Path(kata.__file__).parent / "teks"
    for path in folder.glob("*.txt"):
        assert not re.search(r"neto|bruto|potongan|\bRp\b", path.read_text()), path.name


def test_every_subscription_is_named_once() -> None:
    types = [subscription.event.TYPE for subscription in SUBSCRIPTIONS]
    assert len(types) == len(set(types))
