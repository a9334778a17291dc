"""The spreadsheets a kepegawaian office would send, with the mistakes such files really have.

Every cell is text, because a NIP loses digits as a number.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

import xlsxwriter

from deploy.demo.pemda import Pemda

SALAH_ORGANISASI = 4
"""Faulty rows put into the organisation file."""
SALAH_KEHADIRAN = 4
"""Faulty rows put into the attendance file."""


def organisasi(pemda: Pemda) -> bytes:
    """Sheets Unit Kerja, Jabatan, Pegawai, Penempatan; four rows are wrong in four different ways."""
    contoh = pemda.orang[0]
    pegawai = [[o.nip, o.nama, o.status, o.golongan, o.email] for o in pemda.orang]
    pegawai += [
        ["19790412200501100", "Nip Kurang Satu Angka", "PNS", "III/c", "a@contoh.go.id"],
        [contoh.nip, contoh.nama, contoh.status, contoh.golongan, contoh.email],
        ["198808172012011077", '=HYPERLINK("http://contoh","klik")', "PNS", "III/a", "b@contoh.go.id"],
    ]
    penempatan = []
    for orang in pemda.orang:
        penempatan.append([orang.nip, orang.jabatan, _tanggal(orang.mulai), "definitif"])
        if orang.pindah_ke:
            jabatan, sejak = orang.pindah_ke
            penempatan.append([orang.nip, jabatan, _tanggal(sejak), "definitif"])
        if orang.plt:
            penempatan.append([orang.nip, orang.plt, _tanggal(orang.mulai), "plt"])
    penempatan.append([contoh.nip, "TIDAK-ADA-0001", "2026-01-01", "definitif"])
    return _buku(
        (
            "Unit Kerja",
            ("kode", "nama", "induk", "jenis"),
            ([unit.kode, unit.nama, unit.induk or "", unit.jenis] for unit in pemda.unit),
        ),
        (
            "Jabatan",
            ("kode", "nama", "jenis", "kelas", "unit", "atasan"),
            ([j.kode, j.nama, j.jenis, str(j.kelas), j.unit, j.atasan or ""] for j in pemda.jabatan.values()),
        ),
        ("Pegawai", ("nip", "nama", "status", "golongan", "email"), pegawai),
        ("Penempatan", ("nip", "jabatan", "mulai", "sebagai"), penempatan),
    )


def kehadiran(pemda: Pemda) -> bytes:
    """One row for each person and working day; four rows are wrong in four different ways."""
    rows = [
        [
            orang.nip,
            _tanggal(hari.tanggal),
            f"{hari.masuk:%H:%M}" if hari.masuk else "",
            f"{hari.pulang:%H:%M}" if hari.pulang else "",
            hari.keterangan,
        ]
        for orang in pemda.orang
        if orang.ada_presensi
        for hari in orang.hadir
    ]
    nip, tanggal = rows[0][:2]
    sabtu = next(
        day for day in (date.fromisoformat(tanggal) + timedelta(n) for n in range(7)) if day.weekday() == 5
    )
    rows += [
        ["199912312024011999", tanggal, "07:10", "16:05", ""],
        [nip, "2025-12-31", "07:10", "16:05", ""],
        list(rows[0]),
        [nip, _tanggal(sabtu), "16:00", "07:30", ""],
    ]
    return _buku(("Kehadiran", ("nip", "tanggal", "masuk", "pulang", "keterangan"), rows))


def gaji(pemda: Pemda) -> bytes:
    """Basic pay of each person, which bounds the BPJS contribution."""
    return _buku(("Gaji", ("nip", "gaji"), ([orang.nip, str(orang.gaji)] for orang in pemda.orang)))


def rekening(pemda: Pemda) -> bytes:
    """Where each person's money goes. No such bank exists, and no NIK begins with 99."""
    ptkp = ("TK/0", "K/0", "K/1", "K/2")
    return _buku(
        (
            "Rekening",
            ("nip", "nama", "kode bank", "bank", "nomor rekening", "npwp", "nik", "ptkp", "alamat"),
            (
                [
                    orang.nip,
                    orang.nama,
                    "999",
                    "Bank Contoh",
                    str(7_000_000_000 + number),
                    *[f"99{orang.nip[:8]}{number:06}"] * 2,
                    ptkp[number % len(ptkp)],
                    f"Jalan Contoh Nomor {number}",
                ]
                for number, orang in enumerate(pemda.orang, 1)
            ),
        )
    )


def bukti(nama: str) -> bytes:
    """A one-page PDF as evidence."""
    teks = f"BT /F1 14 Tf 72 760 Td ({nama.encode('ascii', 'replace').decode()}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(teks), teks),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % table)


def _tanggal(day: date) -> str:
    return day.isoformat()


def _buku(*sheets: tuple[str, Sequence[str], Iterable[Sequence[str]]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        # A fixed date of making, so that the same rows are the same file and a retry is the same request.
        book.set_properties({"created": datetime(2026, 1, 2, tzinfo=UTC)})
        heading = book.add_format({"bold": True, "bg_color": "#E7EEF7", "border": 1})
        text = book.add_format({"num_format": "@"})
        for name, header, rows in sheets:
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(header) - 1, 24, text)
            sheet.write_row(0, 0, header, heading)
            for number, row in enumerate(rows, 1):
                for column, value in enumerate(row):
                    sheet.write_string(number, column, value, text)
    return out.getvalue()
