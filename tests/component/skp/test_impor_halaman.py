"""An organisation file behind a page: checked, its faults shown, stored only when its sender says so."""

import csv
import io
import re
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.skp.pegawai.impor import ORGANISASI
from shared.runtime.imports import work
from shared.web.routes import KEY
from tests.component.helpers import JABATAN, NIP, PEGAWAI, PENEMPATAN, UNIT, Pemda, organisasi
from tests.component.layanan import Layanan

URL = "/skp/impor"
KINDS = {ORGANISASI.name: ORGANISASI}
HTML = {"Accept": "text/html"}


async def unggah(pemda: Pemda, isi: bytes, nama: str = "data.xlsx", **form: str) -> Any:
    return await pemda.http.post(
        URL,
        data={KEY: str(uuid4()), "lembar": "Pegawai"} | form,
        files={"berkas": (nama, isi)},
        headers=pemda.sebagai("admin") | HTML,
    )


async def kerjakan(pemda: Pemda) -> None:
    while await work(pemda.layanan.database, KINDS):
        pass


async def lihat(pemda: Pemda, path: str, who: str = "admin") -> Any:
    return await pemda.http.get(path, headers=pemda.sebagai(who) | HTML)


async def simpan(pemda: Pemda, path: str, **form: str) -> Any:
    return await pemda.http.post(
        f"{path}/simpan", data={KEY: str(uuid4())} | form, headers=pemda.sebagai("admin") | HTML
    )


async def test_only_admins_and_only_their_own(pemda: Pemda) -> None:
    assert (await pemda.http.get(URL, headers=HTML)).headers["Location"].startswith("/masuk")
    assert (await lihat(pemda, URL, "kabid")).status_code == 403
    path = (await unggah(pemda, organisasi())).headers["Location"]
    assert (await lihat(pemda, path)).status_code == 200
    other = pemda.layanan.kepala(uuid4(), "admin_bkd") | HTML
    for tail in ("", "/kemajuan", "/kesalahan.csv"):
        assert (await pemda.http.get(path + tail, headers=other)).status_code == 404
    denied = await pemda.http.post(f"{path}/simpan", data={KEY: str(uuid4())}, headers=other)
    assert denied.status_code == 404


async def test_checked_then_stored_and_the_same_file_again_changes_nothing(pemda: Pemda) -> None:
    baru = [*PEGAWAI, ["198801012012011009", "=Siti", "PNS", "III/a", ""]]
    assert "Siti" not in str(await pemda.baca("admin", "/api/skp/pegawai"))
    baru[-1][1] = "Siti"
    path = (await unggah(pemda, organisasi(pegawai=baru))).headers["Location"]
    assert "Menunggu giliran" in (await lihat(pemda, path)).text
    await kerjakan(pemda)
    page = (await lihat(pemda, path)).text
    assert "Semua baris benar. Belum ada yang disimpan." in page
    assert await pemda.layanan.nilai("SELECT count(*) FROM pegawai WHERE nama = 'Siti'") == 0
    await simpan(pemda, path)
    await kerjakan(pemda)
    assert "Isi berkas sudah disimpan." in (await lihat(pemda, path)).text
    assert await pemda.layanan.nilai("SELECT count(*) FROM pegawai WHERE nama = 'Siti'") == 1
    kept = await pemda.layanan.baris("SELECT isi FROM kernel.import")
    assert [row["isi"] for row in kept] == [None]
    again = (await simpan(pemda, path)).headers["Location"]
    assert again == path
    events = await pemda.layanan.nilai("SELECT count(*) FROM kernel.outbox")
    second = (await unggah(pemda, organisasi(pegawai=baru))).headers["Location"]
    await kerjakan(pemda)
    await simpan(pemda, second)
    await kerjakan(pemda)
    assert await pemda.layanan.nilai("SELECT count(*) FROM kernel.outbox") == events


async def test_faults_are_shown_downloaded_and_left_out_when_asked(pemda: Pemda) -> None:
    rows = [*PEGAWAI, ["12", "Tanpa NIP", "PNS", "III/a", ""], [NIP["guru"], "=1+1", "PNS", "III/a", ""]]
    path = (await unggah(pemda, organisasi(pegawai=rows))).headers["Location"]
    await kerjakan(pemda)
    page = (await lihat(pemda, path)).text
    assert "2 kesalahan ditemukan" in page
    assert "Simpan baris yang benar saja" in page
    told = await lihat(pemda, f"{path}/kesalahan.csv")
    table = list(csv.reader(io.StringIO(told.content.decode("utf-8-sig")), delimiter=";"))
    assert table[0] == ["Lembar", "Baris", "Kolom", "Nilai", "Alasan", "Perbaikan"]
    assert [row[0] for row in table[1:]] == ["Pegawai", "Pegawai"]
    assert [row[1] for row in table[1:]] == [str(len(PEGAWAI) + 2), str(len(PEGAWAI) + 3)]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in table for cell in row)
    # Storing all of it is refused; without the faulty rows it is taken in.
    refused = await simpan(pemda, path)
    assert refused.status_code == 303
    await kerjakan(pemda)
    assert await pemda.layanan.nilai("SELECT keadaan FROM kernel.import") == "diperiksa"
    await simpan(pemda, path, lewati_salah="ya")
    await kerjakan(pemda)
    assert "2 baris yang salah dilewati" in (await lihat(pemda, path)).text


@pytest.mark.parametrize(
    ("isi", "told"),
    [
        (b"%PDF-1.4 bukan lembar kerja\x00\x01", "Berkas ini tidak dapat dibaca"),
        (b"PK\x03\x04rusak", "Berkas ini tidak dapat dibaca"),
    ],
)
async def test_what_is_no_spreadsheet_says_so(pemda: Pemda, isi: bytes, told: str) -> None:
    path = (await unggah(pemda, isi)).headers["Location"]
    await kerjakan(pemda)
    assert told in (await lihat(pemda, path)).text


async def test_an_empty_or_absent_file_keeps_the_form(pemda: Pemda) -> None:
    told = await pemda.http.post(
        URL,
        data={KEY: str(uuid4()), "lembar": "Jabatan"},
        headers=pemda.sebagai("admin") | HTML,
    )
    assert told.status_code == 422
    assert "belum ada berkas yang dipilih" in told.text
    assert re.search(r'<option value="Jabatan" selected>', told.text)
    empty = await unggah(pemda, b"")
    assert (empty.status_code, "Berkas ini kosong." in empty.text) == (422, True)
    odd = await unggah(pemda, organisasi(), lembar="Lain")
    assert (odd.status_code, "belum dipilih" in odd.text) == (422, True)


async def test_a_worker_that_dies_lets_go_and_a_sender_who_lost_the_role_gets_nothing(
    skp: Layanan, pemda: Pemda
) -> None:
    path = (await unggah(pemda, organisasi(unit=UNIT, jabatan=JABATAN, penempatan=PENEMPATAN))).headers[
        "Location"
    ]
    one = UUID(path.rpartition("/")[2])
    hold = (
        "UPDATE kernel.import SET dipegang_sampai = now() + interval '{}' WHERE import_id = $1 RETURNING true"
    )
    await skp.nilai(hold.format("1 minute"), one)
    assert not await work(skp.database, KINDS)
    await skp.nilai(hold.format("-1 second"), one)
    assert await work(skp.database, KINDS)
    assert await skp.nilai("SELECT keadaan FROM kernel.import WHERE import_id = $1", one) == "diperiksa"
    await simpan(pemda, path)
    await skp.nilai(
        "INSERT INTO kernel.token_generation (pegawai_id, generation, aktif) VALUES ($1, 2, true)"
        " RETURNING true",
        pemda.admin,
    )
    await kerjakan(pemda)
    row = (await skp.baris("SELECT keadaan, galat, isi FROM kernel.import WHERE import_id = $1", one))[0]
    assert (row["keadaan"], row["isi"]) == ("gagal", None)
    assert "Peran Anda berubah" in row["galat"]["detail"]
