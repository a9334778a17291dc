"""Words and figures as people read them: gettext catalogues, dates, rupiah, NIP.

Texts stand in Bahasa Indonesia in templates (`{{ _("SKP saya") }}`) and are their own keys. Another language
is a file `bahasa/<code>.po` in `shared/web` and in each service; what it leaves out stays Indonesian.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from gettext import NullTranslations
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO
from typing import Any

from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import Translations

from shared.clock import ZONES
from shared.money import Rupiah
from shared.nip import Nip
from shared.period import Period

INDONESIAN = "id"


def languages(package: str = "shared.web") -> dict[str, Traversable]:
    """The languages a package has a catalogue for, by code."""
    folder = files(package) / "bahasa"
    if not folder.is_dir():
        return {}
    return {path.name.removesuffix(".po"): path for path in folder.iterdir() if path.name.endswith(".po")}


def translations(language: str, *packages: str) -> NullTranslations:
    """The words of a language from the catalogues of these packages; untranslated ones stay as they are."""
    merged: Translations | None = None
    for package in packages:
        if (source := languages(package).get(language)) is None:
            continue
        compiled = BytesIO()
        write_mo(compiled, read_po(BytesIO(source.read_bytes())))
        compiled.seek(0)
        found = Translations(compiled)
        merged = found if merged is None else merged.merge(found)
    return merged or NullTranslations()


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
        return format_datetime(value, f"d MMMM y 'pukul' HH.mm '{zone}'", tzinfo=tz, locale=language)

    def _local(value: date) -> date:
        return value.astimezone(tz).date() if isinstance(value, datetime) else value

    def rupiah(value: Rupiah | int | str | Decimal | None) -> str:
        """`Rp 1.500.000`, with spaces that do not break."""
        return "–" if value is None else Rupiah(value).tampil().replace(" ", "\u00a0")

    def angka(value: int | Decimal | None) -> str:
        """`1.234,5`."""
        return "–" if value is None else format_decimal(value, locale=language)

    def nip(value: str | None) -> str:
        """`19850101 201001 1 001`, on one line."""
        return "–" if not value else Nip(value).tampil().replace(" ", "\u00a0")

    def bulan(value: Period | str | None) -> str:
        """`November 2026`."""
        return "–" if value is None else format_date(Period.parse(value).first_day, "MMMM y", locale=language)

    return {
        "tanggal": tanggal,
        "tanggal_pendek": tanggal_pendek,
        "hari": hari,
        "waktu": waktu,
        "rupiah": rupiah,
        "angka": angka,
        "nip": nip,
        "bulan": bulan,
    }
