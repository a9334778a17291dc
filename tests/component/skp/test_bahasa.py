"""Another language, whole: every text of a page comes from its catalogue; half a one is not offered."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.dates import get_day_names, get_month_names
from babel.messages.pofile import read_po, write_po

from services.installed import installed
from shared.web import language, texts
from shared.web.render import LANGUAGE, environment
from shared.web.routes import KEY
from tests.component.helpers import NIP, Pemda

PACKAGES = ("shared.web", *(f"services.{name}" for name in installed()))
_CACHES = (texts.offered, texts.missing, environment)
_SHOWN = {"aria-label", "placeholder", "title", "alt"}
# What is the same in every language: names of people and things, short forms.
_TANGGAL = {
    name
    for names in (get_month_names, get_day_names)
    for width in ("wide", "abbreviated")
    for name in names(width, locale="jv").values()
}
_DATA = re.compile(
    r"e-Kinerja|Nama \w+|\bNIP\b|\bSKP\b|\bRHK\b|\bOPD\b|\bBPKAD\b|\bTPP\b|\bPNS\b|\bIII/\w|\bWIB\b|"
    r"\b(?:kB|MB|PDF|XLSX|DOCX)\b|Indonesia|Jawa|\b[A-Z]{4}-|contoh\.go\.id|Jumlah laporan|12 laporan|"
    r"Perencana Ahli Pertama|Bidang Pelayanan|Tersusunnya laporan bulanan|"
    + "|".join(sorted(_TANGGAL, key=len, reverse=True))
)


def tanda(text: str) -> str:
    """A made-up translation that shows where it begins and ends."""
    return f"«{text}»"


@pytest.fixture
def katalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Every package with a complete catalogue of another language, outside the tree."""
    for one in _CACHES:
        one.cache_clear()
    monkeypatch.setattr(language, "folder", lambda package: tmp_path / package)
    for package in PACKAGES:
        assert texts.write("jv", package) == len(texts.keys(package))
        path = tmp_path / package / "jv.po"
        with path.open("rb") as file:
            made = read_po(file)
        for message in made:
            if message.id:
                message.string = tanda(str(message.id))
        with path.open("wb") as file:
            write_po(file, made)
    yield tmp_path
    for one in _CACHES:
        one.cache_clear()


class _Texts(HTMLParser):
    """What people see or hear of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("script", "style", "code")
        self.found += [value for name, value in attrs if name in _SHOWN and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style", "code")

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.found.append(data)


def leaks(html: str) -> list[str]:
    """Texts of a page that come from no catalogue."""
    parser = _Texts()
    parser.feed(html)
    left = []
    for text in parser.found:
        bare = text
        while (outer := re.sub(r"«[^«»]*»", "", bare)) != bare:
            bare = outer
        if re.search(r"[^\W\d_]{3}", _DATA.sub("", bare)):
            left.append(" ".join(text.split()))
    return left


async def test_every_text_of_a_page_comes_from_the_catalogue(pemda: Pemda, katalog: Path) -> None:
    http = pemda.http
    await pemda.buka_bulan()
    skp = await pemda.skp_disetujui("staf1")
    chosen = {"Accept": "text/html", "Cookie": f"{LANGUAGE}=jv"}
    pages = {
        path: await http.get(path, headers=chosen | ({} if who is None else pemda.sebagai(who)))
        for path, who in (
            ("/masuk?berakhir=1", None),
            ("/aktivasi", None),
            ("/tampilan", None),
            ("/", "staf1"),
            ("/skp/fragmen/ringkasan", "staf1"),
            ("/skp/rencana", "staf1"),
            (f"/skp/rencana/{skp['skp_id']}", "staf1"),
            ("/skp/rencana/baru", "staf2"),
            ("/skp/realisasi", "staf1"),
            ("/skp/realisasi/baru", "staf1"),
            ("/skp/realisasi", "staf2"),
            ("/skp/keamanan", "admin"),
            ("/skp/keamanan/pasang", "staf1"),
            ("/skp/akun/kode", "admin"),
            ("/skp/periode", "admin"),
            ("/skp/tidak-ada", "staf1"),
            (f"/skp/realisasi/{skp['skp_id']}", "staf1"),
        )
    }
    # Refusals, as code words them: a field of a form, a sentence with values in it, an attempt too many.
    for path, who, form in (
        ("/masuk", None, {"nip": "12", "kata_sandi": ""}),
        ("/masuk", None, {"nip": NIP["staf1"], "kata_sandi": "salah-sekali-ini"}),
        ("/skp/rencana/baru", "staf1", {"tahun": str(pemda.hari_ini.year), "rhk/0/rencana": "12 laporan"}),
        ("/skp/akun/kode", "admin", {"nip": "199212122019011999"}),
    ):
        headers = chosen | {"Sec-Fetch-Site": "same-origin"} | ({} if who is None else pemda.sebagai(who))
        pages[f"POST {path} {form}"] = await http.post(
            path, data=form | {KEY: f"kunci-{len(pages)}-bahasa"}, headers=headers
        )
    assert {path: leaks(answer.text) for path, answer in pages.items() if leaks(answer.text)} == {}
    assert all(
        "«" in answer.text and 'lang="jv"' in answer.text
        for path, answer in pages.items()
        if "<html" in answer.text
    )
    # Without the choice everything is as ever.
    plain = await http.get("/masuk", headers={"Accept": "text/html"})
    assert "«" not in plain.text
    assert 'lang="id"' in plain.text


async def test_a_language_is_offered_once_it_lacks_nothing(pemda: Pemda, katalog: Path) -> None:
    html = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
    offer = await pemda.http.get("/tampilan", headers=html)
    assert 'value="jv"' in offer.text
    saved = await pemda.http.post("/tampilan", data={KEY: "kunci-bahasa-1", "bahasa": "jv"}, headers=html)
    assert f"{LANGUAGE}=jv" in str(saved.headers.get_list("set-cookie"))
    other = await pemda.http.post("/tampilan", data={KEY: "kunci-bahasa-2", "bahasa": "xx"}, headers=html)
    assert LANGUAGE not in str(other.headers.get_list("set-cookie"))
    # One text of one service is lacking: nobody gets a page that is half in one language, half in another.
    path = katalog / "services.skp" / "jv.po"
    with path.open("rb") as file:
        made = read_po(file)
    gone = next(message for message in made if message.id == "Ukuran huruf")
    gone.string = ""
    with path.open("wb") as file:
        write_po(file, made)
    texts.offered.cache_clear()
    texts.missing.cache_clear()
    assert texts.missing("jv", "services.skp") == {"Ukuran huruf"}
    pemda.http.cookies.clear()
    chosen = html | {"Cookie": f"{LANGUAGE}=jv"}
    half = await pemda.http.get("/tampilan", headers=chosen)
    assert "«" not in half.text
    assert 'value="jv"' not in half.text
    # What is translated stays when the catalogue is written anew.
    assert texts.write("jv", "services.skp") == 1


def test_sentences_with_values_in_them(katalog: Path) -> None:
    words = language.translations("jv", "shared.web", "services.skp")
    assert words.say("SKP tahun 2026 sudah ada.") == "«SKP tahun 2026 sudah ada.»"
    assert words.say("Admin BKD sudah diingatkan hari ini.").startswith("«")
    assert words.say("Kalimat yang tidak dikenal siapa pun.") == "Kalimat yang tidak dikenal siapa pun."
    plain = language.translations("id", "shared.web", "services.skp")
    assert plain.say("SKP tahun 2026 sudah ada.") == "SKP tahun 2026 sudah ada."


def test_languages_that_are_shipped_are_whole() -> None:
    shipped = {code for package in PACKAGES for code in language.languages(package)}
    assert {
        (code, package): sorted(texts.missing(code, package)) for code in shipped for package in PACKAGES
    } == {(code, package): [] for code in shipped for package in PACKAGES}
