"""Calculating from plain CSV without any server, so that anybody can check a month.

A folder holds `pegawai.csv` and, if wanted, more `*.csv` beside it (attendance, ratings, salaries …), each
with a column `nip`; every other column is a fact by its name. `segmen.csv` has one row for each part of a
month with a change of jabatan. A row that cannot be read is told of, and its person is held, never zero.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from services.tpp.kebijakan.model import Kebijakan
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.masukan_teks import baca_teks, nama_masukan
from services.tpp.perhitungan.rules import TIDAK_MASUK_AKAL, Segmen
from shared.period import Period
from shared.tabular import lost_digits

UTAMA = "pegawai.csv"
SEGMEN = "segmen.csv"
ABAIKAN = frozenset({"nama"})
"""Columns that are for people and decide nothing."""


@dataclass(frozen=True, slots=True)
class MasalahData:
    """One row or file that cannot be used, and the way out."""

    berkas: str
    baris: int
    nip: str
    kolom: str
    alasan: str
    perbaikan: str


@dataclass(slots=True)
class Data:
    """What a folder says of each person, and what is wrong with it; rows count as in a spreadsheet."""

    orang: dict[str, dict[str, Any]] = field(default_factory=dict)
    tempat: dict[str, tuple[str, int]] = field(default_factory=dict)
    masalah: list[MasalahData] = field(default_factory=list)
    keliru: set[str] = field(default_factory=set)
    """NIP of everyone about whom something cannot be read."""
    utuh: bool = True
    """Whether every file could be read at all."""


def baca_folder(folder: Path, kebijakan: Kebijakan) -> Data:
    """All people of a folder. Raises FileNotFoundError with a sentence when there is no `pegawai.csv`."""
    main = folder / UTAMA
    if not main.is_file():
        raise FileNotFoundError(f"{main} tidak ada; setiap folder data mempunyai {UTAMA} dengan kolom nip")
    data = Data()
    known = nama_masukan(engine.penafsir(kebijakan, Period.of(kebijakan.berlaku_mulai)).program.fakta)
    others = sorted(path for path in folder.glob("*.csv") if path.name not in (UTAMA, SEGMEN))
    for path in (main, *others):
        _gabung(data, path, known, main=path == main)
    if (folder / SEGMEN).is_file():
        _segmen(data, folder / SEGMEN)
    if not data.utuh:
        # What such a file says of somebody is not known, and may be what is cut.
        data.keliru |= data.orang.keys()
    return data


def _baris(path: Path, data: Data) -> Iterable[tuple[int, dict[str, str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        _salah(data, path, 1, "", "", "berkas bukan teks UTF-8", "simpan sebagai CSV UTF-8")
        return
    header = text.partition("\n")[0]
    reader = csv.DictReader(
        text.splitlines(), delimiter=";" if header.count(";") > header.count(",") else ","
    )
    names = [(name or "").strip().lower() for name in reader.fieldnames or []]
    if "nip" not in names:
        _salah(
            data,
            path,
            1,
            "",
            "nip",
            "kolom nip tidak ada",
            "beri judul kolom di baris pertama; salah satunya nip",
        )
        return
    doubled = sorted({name for name in names if name and names.count(name) > 1})
    if doubled:
        reason = "judul kolom ini ada lebih dari satu; berkas ini tidak dipakai"
        _salah(data, path, 1, "", ", ".join(doubled), reason, "hapus atau ganti nama salah satunya")
        return
    reader.fieldnames = names
    for number, row in enumerate(reader, 2):
        extra = row.pop(None, None)
        values = {name: (value or "").strip() for name, value in row.items()}
        values["nip"] = values["nip"].replace(" ", "")
        lost = lost_digits(values["nip"], is_number=False)
        if lost:
            _salah(data, path, number, values["nip"], "nip", lost, "format kolom nip sebagai teks, isi lagi")
            yield number, {"nip": values["nip"]}
        elif extra:
            _salah(
                data,
                path,
                number,
                values["nip"],
                "",
                "isi lebih banyak dari judul kolom",
                "beri tanda kutip pada isi yang memuat koma",
            )
            # Nothing of the row is believed but whose it is: that person waits, and is not lost.
            yield number, {"nip": values["nip"]}
        elif any(values.values()):
            yield number, values


def _salah(data: Data, path: Path, baris: int, nip: str, kolom: str, alasan: str, perbaikan: str) -> None:
    data.masalah.append(MasalahData(path.name, baris, nip, kolom, alasan, perbaikan))
    if nip:
        data.keliru.add(nip)
    elif baris == 1:
        data.utuh = False


def _gabung(data: Data, path: Path, known: Mapping[str, str], *, main: bool) -> None:
    seen: set[str] = set()
    told: set[str] = set()
    for number, row in _baris(path, data):
        nip = row.pop("nip")
        for name in [name for name in row if name not in known and name not in ABAIKAN]:
            if name not in told:
                close = get_close_matches(name, known, n=1)
                remedy = (
                    f"maksudnya {close[0]}?" if close else "hapus kolomnya, atau pakai nama fakta di panduan"
                )
                data.masalah.append(
                    MasalahData(path.name, 1, "", name, "kolom tidak dikenal; isinya tidak dipakai", remedy)
                )
                told.add(name)
        facts = {name: value for name, value in row.items() if value and name in known}
        if not nip:
            _salah(data, path, number, "", "nip", "nip kosong", "isi nip orang ini")
        elif nip in seen:
            _salah(
                data,
                path,
                number,
                nip,
                "nip",
                "orang ini ada dua kali di berkas ini",
                "hapus salah satu barisnya",
            )
        elif main:
            data.orang[nip], data.tempat[nip] = facts, (path.name, number)
        elif nip not in data.orang:
            data.masalah.append(
                MasalahData(
                    path.name,
                    number,
                    nip,
                    "nip",
                    f"orang ini tidak ada di {UTAMA}",
                    f"tambahkan ke {UTAMA}, atau hapus barisnya",
                )
            )
        else:
            for name, value in facts.items():
                if data.orang[nip].setdefault(name, value) != value:
                    _salah(
                        data,
                        path,
                        number,
                        nip,
                        name,
                        "berbeda dari berkas lain",
                        "samakan, atau hapus salah satunya",
                    )
        seen.add(nip)


def _segmen(data: Data, path: Path) -> None:
    parts: dict[str, list[dict[str, Any]]] = defaultdict(list)
    whole = ("hari", "hari_kerja", "kelas", "plt_kelas", "hari_plt")
    for number, row in _baris(path, data):
        nip = row.pop("nip")
        try:
            values = {name: int(value) if name in whole else value for name, value in row.items() if value}
            parts[nip].append(Segmen(**values)._asdict())  # type: ignore[arg-type]
        except (ValueError, TypeError):
            _salah(
                data,
                path,
                number,
                nip,
                "",
                "bagian bulan tidak terbaca",
                "isi hari, hari_kerja, kelas, status, golongan",
            )
    for nip, rows in parts.items():
        if nip in data.orang:
            data.orang[nip]["segmen"] = rows
        else:
            data.masalah.append(
                MasalahData(
                    path.name, 1, nip, "nip", f"orang ini tidak ada di {UTAMA}", f"tambahkan ke {UTAMA}"
                )
            )


@dataclass(frozen=True, slots=True)
class Ringkasan:
    """How a calculation came out."""

    orang: int
    dihitung: int
    ditahan: int
    masalah: int
    bruto: int
    potongan: int
    neto: int
    iuran: int
    """What the region pays beside it as employer."""


def hitung_folder(kebijakan: Kebijakan, folder: Path, keluaran: Path, periode: str = "") -> Ringkasan:
    """Calculate everyone of a folder and write `hasil.csv`, `baris.csv` and `masalah.csv`.

    `periode` is the month of people whose row does not say one. Somebody whose data cannot be calculated at
    all is held and told of, as in a run of the server; the others follow. Raises FileNotFoundError.
    """
    data = baca_folder(folder, kebijakan)
    hitung = engine.compile(kebijakan)
    results: list[list[Any]] = []
    lines: list[list[Any]] = []
    totals = [0, 0, 0, 0]
    held = 0
    for nip, facts in data.orang.items():
        month = facts.setdefault("periode", periode)
        berkas, number = data.tempat[nip]
        known = _fakta(kebijakan, str(month))
        unread = nip in data.keliru and not facts.keys() - {"periode"}
        m, wrong = (None, []) if unread else baca_teks(facts, known)
        for one in wrong:
            data.masalah.append(MasalahData(berkas, number, nip, one.kolom, one.alasan, one.perbaikan))
        if m is None or nip in data.keliru:
            held += 1
            results.append([nip, month, "ditahan", 0, 0, 0, 0, "data_tidak_terbaca", "Lihat masalah.csv"])
            continue
        try:
            hasil = hitung(m)
            explained = engine.jelaskan(kebijakan, hasil, m)
            contributed = engine.jelaskan_iuran(kebijakan, hasil, m)
        except Exception as error:  # whatever one person's data does, the others are paid
            cause = f"tidak dapat dihitung ({type(error).__name__}: {error})"
            data.masalah.append(MasalahData(berkas, number, nip, "", cause, "periksa semua data orang ini"))
            held += 1
            results.append(
                [nip, month, "ditahan", 0, 0, 0, 0, TIDAK_MASUK_AKAL.kode, TIDAK_MASUK_AKAL.kalimat]
            )
            continue
        if hasil.status == "ditahan":
            held += 1
        paid = (hasil.bruto, hasil.potongan, hasil.neto, hasil.jumlah_iuran)
        totals = [a + b for a, b in zip(totals, paid, strict=True)]
        results.append(
            [
                nip, month, hasil.status, *paid,
                " ".join(reason.kode for reason in hasil.alasan),
                "; ".join(reason.kalimat for reason in hasil.alasan),
            ]
        )  # fmt: skip
        for kind, told in (("slip", explained), ("iuran_pemberi_kerja", contributed)):
            lines += [
                [nip, month, place, kind, line.kode, line.nama, line.jumlah, line.kalimat, line.pasal]
                for place, line in enumerate(told, 1)
            ]
    keluaran.mkdir(parents=True, exist_ok=True)
    _tulis(
        keluaran / "hasil.csv",
        "nip periode status bruto potongan neto iuran_pemberi_kerja alasan keterangan",
        results,
    )
    _tulis(keluaran / "baris.csv", "nip periode urutan jenis kode nama jumlah kalimat pasal", lines)
    problems = [
        [one.berkas, one.baris, one.nip, one.kolom, one.alasan, one.perbaikan] for one in data.masalah
    ]
    _tulis(keluaran / "masalah.csv", "berkas baris nip kolom alasan perbaikan", problems)
    people = len(data.orang)
    return Ringkasan(people, people - held, held, len(problems), *totals)


def _fakta(kebijakan: Kebijakan, periode: str) -> Mapping[str, Any]:
    try:
        month = Period.parse(periode)
    except ValueError:
        month = Period.of(kebijakan.berlaku_mulai)
    return engine.penafsir(kebijakan, month).program.fakta


def _tulis(path: Path, judul: str, rows: Sequence[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(judul.split())
        writer.writerows(rows)
