"""Cell texts as values: days, months, times as offices write them, lost digits, unsafe text."""

import re
from datetime import date, time

from shared.period import Period

_SHORT_YEAR = re.compile(r"\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2}")
_DAY = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_WORDS = re.compile(r"(\d{1,2})[- ]([A-Za-z]+)[- ](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?")
_TIME = re.compile(r"(?:\d{4}-\d{2}-\d{2}[T ])?(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?")
_MONTH = re.compile(r"(\d{1,2})[-/. ](\d{4})")
_MONTHS = {Period(2000, month).tampil().partition(" ")[0].lower(): month for month in range(1, 13)}
_SERIAL = re.compile(r"([1-9]\d{4})(?:[.,]\d+)?")
_SERIALS = (36_526, 73_050)
"""Days as spreadsheets count them, of 2000 to 2099. Which day one is depends on the workbook."""
_FRACTION = re.compile(r"0[.,]\d{3,}")
_SCIENTIFIC = re.compile(r"\d([.,]\d+)?E\+?\d+", re.IGNORECASE)


def parse_date(text: str) -> date:
    """`2026-11-30` or day first: `30-11-2026`, `30/11/2026`, `30 November 2026`.

    Raises ValueError with the expected forms.
    """
    day, month, year = _day_first(text)
    try:
        return date(year, month, day)
    except ValueError as error:
        reason = "tanggal ini tidak ada dalam kalender"
        if month > 12:
            reason += f": tidak ada bulan {month}; hari ditulis sebelum bulan, misalnya 30-11-2026"
        raise ValueError(reason) from error


def _day_first(text: str) -> tuple[int, int, int]:
    if match := _ISO.fullmatch(text):
        return int(match[3]), int(match[2]), int(match[1])
    if match := _DAY.fullmatch(text):
        return int(match[1]), int(match[2]), int(match[3])
    if (match := _WORDS.fullmatch(text)) and (month := _MONTHS.get(match[2].lower())):
        return int(match[1]), month, int(match[3])
    if _SHORT_YEAR.fullmatch(text):
        raise ValueError("tahunnya dua angka; tulis empat angka, misalnya 30-11-2026")
    if (match := _SERIAL.fullmatch(text)) and _SERIALS[0] <= int(match[1]) <= _SERIALS[1]:
        raise ValueError("bilangan hari lembar kerja, bukan tanggal; format kolomnya sebagai Tanggal")
    raise ValueError("bukan tanggal; tulis 2026-11-30 atau 30-11-2026")


def parse_period(text: str) -> Period:
    """A month: `2026-11`, `11/2026`, `November 2026`. Raises ValueError with the expected forms."""
    nama, _, tahun = text.lower().partition(" ")
    try:
        if nama in _MONTHS and re.fullmatch(r"\d{4}", tahun):
            return Period(int(tahun), _MONTHS[nama])
        if match := _MONTH.fullmatch(text):
            return Period(int(match[2]), int(match[1]))
        return Period.parse(text)
    except ValueError as error:
        raise ValueError("bukan bulan; tulis 2026-11, 11/2026, atau November 2026") from error


def parse_time(text: str) -> time:
    """`07:30`, `07.30` or with seconds. Raises ValueError with the expected form."""
    match = _TIME.fullmatch(text)
    if match is None and _FRACTION.fullmatch(text):
        raise ValueError("pecahan hari lembar kerja, bukan jam; format kolomnya sebagai Jam")
    if match is None:
        raise ValueError("bukan jam; tulis 07:30")
    try:
        return time(int(match[1]), int(match[2]), int(match[3] or 0))
    except ValueError as error:
        raise ValueError("jam ini tidak ada; jam 00 sampai 23, menit 00 sampai 59") from error


def lost_digits(text: str, is_number: bool) -> str | None:
    """Why a long number (NIP, account) cannot be trusted: spreadsheets keep 15 digits of a number only."""
    if _SCIENTIFIC.fullmatch(text) or (is_number and len(text) > 15):
        return "sel berisi bilangan, bukan teks, sehingga angka di belakang digit ke-15 sudah hilang"
    return None


def unsafe_text(text: str) -> str | None:
    """Why a text may not be taken over: a formula once exported, or control characters; None when fine."""
    if text[:1] in ("=", "+", "-", "@"):
        return f"diawali “{text[0]}”, yang dibaca sebagai rumus oleh lembar kerja"
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in text):
        return "berisi huruf kendali yang tidak terlihat"
    return None
