"""Monitoring: counts of each OPD worst first, and who is waited for, as far as one may see."""

import csv
import io
from typing import Any
from uuid import uuid4

from tests.component.assessment.fakta import (
    KADIS,
    SEKDA,
    STAF,
    STAF_LAIN,
    bagan,
    dibuka,
    disetujui,
    realisasi,
)
from tests.component.layanan import Layanan

URL = "/penilaian/monev/2026-11"


async def siap(assessment: Layanan) -> None:
    await assessment.dengar(
        *bagan(), dibuka(), disetujui(SEKDA, None), disetujui(STAF, KADIS), realisasi(STAF)
    )
    told = await assessment.client.post(
        f"/api/penilaian/2026-11/pegawai/{STAF}",
        json={"hasil_kerja": 2, "perilaku": 2, "catatan": ""},
        headers=assessment.kepala(KADIS),
    )
    assert told.status_code == 200, told.text


async def lihat(assessment: Layanan, path: str, *peran: str, unit: str | None = None) -> Any:
    headers = assessment.kepala(uuid4(), *peran, unit=unit) | {"Accept": "text/html"}
    return await assessment.client.get(path, headers=headers)


def tabel(text: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.decode("utf-8-sig")), delimiter=";"))


async def test_who_may_look(assessment: Layanan) -> None:
    await siap(assessment)
    for path in (URL, f"{URL}/opd.csv", f"{URL}/DISDIK", f"{URL}/DISDIK/orang.csv"):
        stranger = await assessment.client.get(path, headers={"Accept": "text/html"})
        assert stranger.status_code == 303
        for peran in ((), ("bpkad",), ("keuangan_opd",), ("sysadmin",)):
            assert (await lihat(assessment, path, *peran, unit="PEMDA")).status_code == 403
    outside = await lihat(assessment, f"{URL}/DISDIK", "pengelola", unit="PEMDA/SETDA")
    assert outside.status_code == 404


async def test_worst_first_with_true_counts(assessment: Layanan) -> None:
    await siap(assessment)
    told = tabel((await lihat(assessment, f"{URL}/opd.csv", "admin_bkd")).content)
    assert told[1:] == [
        ["SETDA", "OPD SETDA", "1", "1", "0", "0"],
        ["DISDIK", "OPD DISDIK", "3", "1", "1", "1"],
    ]
    mine = tabel((await lihat(assessment, f"{URL}/opd.csv", "pimpinan", unit="PEMDA/DISDIK")).content)
    assert [row[0] for row in mine[1:]] == ["DISDIK"]
    page = (await lihat(assessment, URL, "auditor")).text
    assert page.index("OPD SETDA") < page.index("OPD DISDIK")
    assert "33%" in page


async def test_people_with_what_waits(assessment: Layanan) -> None:
    await siap(assessment)
    rows = tabel((await lihat(assessment, f"{URL}/DISDIK/orang.csv", "admin_bkd")).content)[1:]
    waits = {row[0].strip()[-3:]: row[5] or row[6] for row in rows}
    assert waits == {
        "002": "SKP tahun 2026 belum diajukan.",
        "003": "Baik",
        "004": "SKP tahun 2026 belum diajukan.",
    }
    page = (await lihat(assessment, f"{URL}/DISDIK", "admin_bkd")).text
    assert "Baik" not in page
    assert str(STAF_LAIN) in page
    assert str(STAF) not in page
    assert str(STAF) in (await lihat(assessment, f"{URL}/DISDIK?tampil=semua", "admin_bkd")).text
