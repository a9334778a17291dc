"""Files with one row each time somebody touched the machine: first of a day is coming, last is going."""

from collections.abc import Sequence, Set
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from services.tpp.kehadiran.berkas import Dibaca, Dikenal, Isi, berisi, periksa, siapa
from services.tpp.kehadiran.profil import Profil
from services.tpp.kehadiran.rules import Hari
from shared.period import Period
from shared.tabular import Findings, Record, Sheet, find_table

_TENGAH_HARI = 12
_TAHUN_TERAWAL = 2000
Ketukan = dict[tuple[UUID, date], list[tuple[datetime, Record]]]


def baca_ketukan(
    sheets: Sequence[Sheet],
    periode: Period,
    people: dict[str, Dikenal],
    malam: Set[tuple[UUID, date]],
    findings: Findings,
    profil: Profil,
) -> list[Dibaca[Hari]]:
    """Days made of touches; rows that cannot be read go to `findings`, and so do their days.

    A touch before noon after a night shift belongs to the day on which the shift began. A single touch is
    coming in the first half of the day (of a night shift: on its first day), going otherwise. Raises
    InvalidInput for a file without sheets.
    """
    found = []
    days: Ketukan = {}
    for sheet in berisi(sheets):
        table = find_table(sheet, profil.judul, findings)
        if table is None:
            continue
        rows = 0
        own: Ketukan = {}
        for record in table.records(findings):
            rows += 1
            person = siapa(record, people, findings)
            at = _waktu(record, profil, findings)
            if person is None or at is None or record.is_bad(findings):
                continue
            key = (person.pegawai_id, _hari(person.pegawai_id, at, malam))
            if key in days:
                days[key].append((at, record))
            else:
                days[key] = own[key] = [(at, record)]
        found.append((sheet.nama, rows, own))
    read = []
    for nama, rows, own in found:
        made = [_satu(key, touches, periode, malam, findings, profil) for key, touches in own.items()]
        read.append(Dibaca(nama, rows, [one for one in made if one is not None]))
    return read


def _waktu(record: Record, profil: Profil, findings: Findings) -> datetime | None:
    kolom = "waktu" if profil.kolom.waktu else "tanggal"
    try:
        if profil.kolom.waktu:
            at = profil.baca_waktu(record.text("waktu"))
        else:
            hari = profil.baca_tanggal(record.text("tanggal"))
            kolom = "jam"
            at = datetime.combine(hari, profil.baca_jam(record.text("jam")), UTC)
        if at.year < _TAHUN_TERAWAL:
            raise ValueError(f"tahun {at.year} terlalu lampau")
        return at
    except ValueError as error:
        remedy = "Perbaiki selnya, atau pilih profil yang sesuai dengan mesinnya."
        record.wrong(findings, kolom, str(error), remedy)
        return None


def _hari(who: UUID, at: datetime, malam: Set[tuple[UUID, date]]) -> date:
    before = at.date() - timedelta(days=1)
    return before if at.hour < _TENGAH_HARI and (who, before) in malam else at.date()


def _satu(
    key: tuple[UUID, date],
    touches: list[tuple[datetime, Record]],
    periode: Period,
    malam: Set[tuple[UUID, date]],
    findings: Findings,
    profil: Profil,
) -> Isi[Hari] | None:
    who, day = key
    touches.sort(key=lambda one: one[0])
    (first, record), (last, _) = touches[0], touches[-1]
    lewat = key in malam
    if last - first < timedelta(minutes=max(1, profil.jarak_menit)):
        coming = first.date() == day if lewat else first.hour < _TENGAH_HARI
        hari = Hari(day, first.time() if coming else None, None if coming else last.time(), "")
    else:
        hari = Hari(day, first.time(), last.time(), "")
    if day not in periode and first.date() in periode:
        # The end of a shift that began in the month before: its day was counted there.
        return None
    periksa(record, hari, periode, lewat, findings)
    return None if any(one.is_bad(findings) for _, one in touches) else Isi(who, hari)
