"""Words and figures as people read them: gettext catalogues, dates, rupiah, NIP.

Texts stand in Bahasa Indonesia in templates (`{{ _("SKP saya") }}`) and in code, and are their own keys.
Another language is a file `bahasa/<code>.po` in `shared/web` and in each service; what it leaves out stays
Indonesian. `shared.web.texts` writes such files, and offers a language once it leaves out nothing.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import Translations
from markupsafe import Markup

from shared.clock import ZONES
from shared.money import Rupiah
from shared.nip import Nip
from shared.period import MasaBayar, Period

INDONESIAN = "id"
_PLACE = re.compile(r"\{(\w+)\}")
_SENTENCES = re.compile(r"(?<=[.?!]) +(?=[A-Z0-9])")


def folder(package: str) -> Path:
    """Where a package keeps its catalogues."""
    return Path(str(files(package))) / "bahasa"


def languages(package: str = "shared.web") -> dict[str, Path]:
    """The languages a package has a catalogue for, by code, complete or not."""
    return {path.stem: path for path in sorted(folder(package).glob("*.po"))}


class Words(Translations):
    """The words of a language. `say` also knows texts with values in them."""

    def say(self, text: str) -> str:
        """A text of code, translated; as it is when the catalogue does not have it."""
        if isinstance(text, Markup):
            return text  # a template's own text, which is translated already
        if (told := str(self.gettext(text))) != text:
            return told
        for pattern, places, translated in self._patterns:
            found = pattern.fullmatch(text)
            if found and not any(map(_SENTENCES.search, found.groups())):
                values = dict(zip(places, map(self.say, found.groups()), strict=True))
                return _filled(translated, values)
        # What happened and what to do next, put together by whoever tells it.
        sentences = _SENTENCES.split(text)
        return " ".join(map(self.say, sentences)) if len(sentences) > 1 else text

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], list[str], str]]:
        """The longest first: the one that says most fits best."""
        known = [(str(key), str(said)) for key, said in self._catalog.items() if _PLACE.search(str(key))]
        known.sort(key=lambda entry: -len(entry[0]))
        return [(_pattern(key), _PLACE.findall(key), said) for key, said in known]


def _pattern(key: str) -> re.Pattern[str]:
    return re.compile("(.*?)".join(map(re.escape, _PLACE.split(key)[::2])), re.DOTALL)


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), text)


def translations(language: str, *packages: str) -> Words:
    """The words of a language from the catalogues of these packages; untranslated ones stay as they are."""
    merged = Words()
    for package in packages:
        if (source := languages(package).get(language)) is None:
            continue
        compiled = BytesIO()
        write_mo(compiled, read_po(BytesIO(source.read_bytes())))
        compiled.seek(0)
        merged.merge(Words(compiled))
    return merged


def filters(language: str, zone: str) -> dict[str, Callable[[Any], str]]:
    """Jinja filters for a language and a region's zone. None becomes an en dash."""
    tz = ZONES[zone]

    def tanggal(value: date | None) -> str:
        """`30 November 2026`."""
        return format_date(_local(value), "d MMMM y", locale=language) if value else "–"

    def tanggal_pendek(value: date | None) -> str:
        """`30 Nov 2026`."""
        return format_date(_local(value), "d MMM y", locale=language) if value else "–"

    def hari(value: date | None) -> str:
        """`Senin, 30 November`."""
        return format_date(_local(value), "EEEE, d MMMM", locale=language) if value else "–"

    def waktu(value: datetime | None) -> str:
        """`30 November 2026 pukul 14.05 WIB`."""
        if value is None:
            return "–"
        at = "d MMMM y 'pukul' HH.mm" if language == INDONESIAN else "d MMMM y, HH.mm"
        return format_datetime(value, f"{at} '{zone}'", tzinfo=tz, locale=language)

    def _local(value: date) -> date:
        return value.astimezone(tz).date() if isinstance(value, datetime) else value

    def rupiah(value: Rupiah | int | str | Decimal | None) -> str:
        """`Rp 1.500.000`, with spaces that do not break."""
        return "–" if value is None else Rupiah(value).tampil().replace(" ", "\u00a0")

    def utuh(value: str | None) -> str:
        """A sentence in which no line ends between `Rp` and its figure."""
        return "–" if value is None else value.replace("Rp ", "Rp\u00a0")

    def angka(value: int | Decimal | None) -> str:
        """`1.234,5`."""
        return "–" if value is None else format_decimal(value, locale=language)

    def nip(value: str | None) -> str:
        """`19850101 201001 1 001`, on one line."""
        return "–" if not value else Nip(value).tampil().replace(" ", "\u00a0")

    def bulan(value: MasaBayar | str | None) -> str:
        """`November 2026`; an extra payment of a year as it is said after `TPP`: `ke-13 2026`."""
        if value is None:
            return "–"
        masa = MasaBayar.parse(value)
        if not isinstance(masa, Period):
            return masa.tampil()
        return format_date(masa.first_day, "MMMM y", locale=language)

    def masa(value: MasaBayar | str | None) -> str:
        """What is paid, where no `TPP` stands before it: `November 2026`, `TPP ke-13 2026`."""
        return (
            bulan(value)
            if value is None or MasaBayar.parse(value).kode == "bulanan"
            else f"TPP {bulan(value)}"
        )

    return {
        "masa": masa,
        "tanggal": tanggal,
        "tanggal_pendek": tanggal_pendek,
        "hari": hari,
        "waktu": waktu,
        "rupiah": rupiah,
        "utuh": utuh,
        "angka": angka,
        "nip": nip,
        "bulan": bulan,
    }
