"""A hundred thousand rows: every fault found, nothing half imported, then all good rows at once."""

import io

import xlsxwriter

from shared.contracts.pegawai import PegawaiChanged
from tests.component.helpers import NIP, Pemda

ROWS = 100_000
FAULTY = 1_500
_EVERY = ROWS // FAULTY


def seratus_ribu() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Pegawai")
        sheet.write_row(0, 0, ["NIP", "Nama", "Status", "Golongan", "Email"])
        for number in range(ROWS):
            day = f"{1960 + number % 40}{1 + number // 40 % 12:02d}{1 + number // 480 % 28:02d}"
            nip = f"{day}201001{1 + number // 13_440 % 2}{number // 26_880:03d}"
            wrong = number % _EVERY == 0 and number // _EVERY < FAULTY
            row = [
                nip[:-1] if wrong else nip,
                f"Pegawai Nomor {number}",
                "PNS",
                "III/a",
                f"p{number}@contoh.go.id",
            ]
            sheet.write_row(number + 1, 0, row)
    return out.getvalue()


async def test_a_hundred_thousand_rows(pemda: Pemda) -> None:
    data = seratus_ribu()
    told = len(await pemda.layanan.keluar(PegawaiChanged))
    report = await pemda.impor(data)
    assert not report["diterapkan"]
    assert (report["salah_jumlah"], len(report["salah"])) == (FAULTY, 1_000)
    assert await pemda.layanan.nilai("SELECT count(*) FROM pegawai") == len(NIP)
    assert len(await pemda.layanan.keluar(PegawaiChanged)) == told
    skipped = await pemda.impor(data, lewati_salah="true")
    [sheet] = skipped["lembar"]
    assert (sheet["baris"], sheet["baru"]) == (ROWS, ROWS - FAULTY)
    assert skipped["pegawai_diberitakan"] == ROWS - FAULTY
    count = "SELECT count(*) FROM kernel.outbox WHERE type = $1"
    assert await pemda.layanan.nilai(count, PegawaiChanged.TYPE) == told + ROWS - FAULTY
