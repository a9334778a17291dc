"""Words and figures on pages, another language, and ways back that lead nowhere else."""

import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from shared.money import Rupiah
from shared.web.language import filters, languages, translations
from shared.web.render import local_path


def test_figures_as_people_write_them() -> None:
    shown = filters("id", "WITA")
    assert shown["tanggal"](date(2026, 8, 17)) == "17 Agustus 2026"
    assert shown["waktu"](datetime(2026, 12, 31, 16, 30, tzinfo=UTC)) == "1 Januari 2027 pukul 00.30 WITA"
    assert shown["tanggal"](datetime(2026, 12, 31, 16, 30, tzinfo=UTC)) == "1 Januari 2027"
    assert shown["rupiah"](Rupiah("1234567.50")) == "Rp\u00a01.234.567,50"
    assert shown["rupiah"](-5000) == "-Rp\u00a05.000"
    assert shown["nip"]("198501012010011001") == "19850101\u00a0201001\u00a01\u00a0001"
    assert shown["bulan"]("2026-11") == "November 2026"
    assert shown["angka"](10000) == "10.000"
    assert shown["utuh"]("Pajak Rp 5.000 dari Rp 9") == "Pajak Rp\u00a05.000 dari Rp\u00a09"
    assert {shown[name](None) for name in shown} == {"–"}


def test_another_language_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "contoh_bahasa" / "bahasa"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").write_text("")
    (folder / "jv.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Masuk"\nmsgstr "Mlebet"\n'
    )
    monkeypatch.syspath_prepend(tmp_path)
    try:
        assert list(languages("contoh_bahasa")) == ["jv"]
        words = translations("jv", "contoh_bahasa")
        assert words.gettext("Masuk") == "Mlebet"
        assert words.gettext("Belum diterjemahkan") == "Belum diterjemahkan"
        assert translations("id", "contoh_bahasa").gettext("Masuk") == "Masuk"
    finally:
        sys.modules.pop("contoh_bahasa", None)


@pytest.mark.parametrize(
    "text", ["", None, "https://a", "//a", "/\\a", "javascript:1", "/a\nb", "/a\tb", "a/b", "/\u2028"]
)
def test_no_way_back_leads_elsewhere(text: str | None) -> None:
    assert local_path(text) is None


def test_a_way_back_stays_here() -> None:
    assert local_path("/skp/rencana?tahun=2026&a=%2F") == "/skp/rencana?tahun=2026&a=%2F"
