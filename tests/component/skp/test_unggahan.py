"""Evidence in parts: it goes on after a break, comes out whole or not at all, and leaves nothing behind."""

import asyncio
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from services.skp.bukti.rules import MAX_BYTES
from services.skp.bukti.unggahan import MAX_TERBUKA, MIN_BAGIAN, buang_yang_lewat
from tests.component.helpers import Pemda, pdf

BERKAS = pdf("x" * (3 * MIN_BAGIAN))
SIDIK = hashlib.sha256(BERKAS).hexdigest()


async def bagian(
    pemda: Pemda,
    mulai: int,
    sampai: int,
    data: bytes = BERKAS,
    *,
    who: str = "staf1",
    sha256: str | None = None,
    params: Mapping[str, str | int] | None = None,
    key: str | None = None,
) -> Any:
    asked: dict[str, str | int] = {"mulai": mulai, "ukuran": len(data), "nama": "Laporan.pdf"}
    sha256 = sha256 or hashlib.sha256(data).hexdigest()
    return await pemda.http.patch(
        f"/api/skp/bukti/{sha256}/unggahan",
        params={**asked, **(params or {})},
        content=data[mulai:sampai],
        headers=pemda.sebagai(who) | ({"Idempotency-Key": key} if key else {}),
    )


async def kemajuan(pemda: Pemda, who: str = "staf1") -> dict[str, Any]:
    found: dict[str, Any] = await pemda.baca(who, f"/api/skp/bukti/{SIDIK}/unggahan")
    return found


def di_gudang(pemda: Pemda) -> list[Path]:
    store = pemda.layanan.running.settings.home / "store"
    return [path for path in store.rglob("*") if path.is_file()]


async def test_a_stranger_and_who_is_no_employee_begin_nothing(pemda: Pemda) -> None:
    address = f"/api/skp/bukti/{SIDIK}/unggahan"
    for method in ("GET", "PATCH"):
        assert (await pemda.http.request(method, address, params={"mulai": 0})).status_code == 401
    response = await pemda.http.patch(
        address,
        params={"mulai": 0, "ukuran": len(BERKAS)},
        content=BERKAS[:MIN_BAGIAN],
        headers=pemda.layanan.kepala(uuid4()),
    )
    assert response.status_code == 409
    assert di_gudang(pemda) == []


async def test_it_goes_on_where_it_broke_off(pemda: Pemda) -> None:
    assert await kemajuan(pemda) == {"sha256": SIDIK, "ukuran": 0, "diterima": 0, "selesai": False}
    first = await bagian(pemda, 0, MIN_BAGIAN)
    assert first.json() == {"sha256": SIDIK, "ukuran": len(BERKAS), "diterima": MIN_BAGIAN, "selesai": False}
    # The answer got lost: the client asks, or sends the same again and is told from where to go on.
    again = await bagian(pemda, MIN_BAGIAN, 2 * MIN_BAGIAN)
    assert again.status_code == 200
    lost = await bagian(pemda, MIN_BAGIAN, 2 * MIN_BAGIAN)
    assert (lost.status_code, lost.json()["diterima"]) == (409, 2 * MIN_BAGIAN)
    assert (await kemajuan(pemda))["diterima"] == 2 * MIN_BAGIAN
    gap = await bagian(pemda, 2 * MIN_BAGIAN + 7, len(BERKAS))
    assert (gap.status_code, gap.json()["diterima"]) == (409, 2 * MIN_BAGIAN)
    assert await pemda.layanan.nilai("SELECT count(*) FROM bukti") == 0
    nobody = await pemda.http.get(f"/api/skp/bukti/{SIDIK}", headers=pemda.sebagai("staf1"))
    assert nobody.status_code == 404
    last = await bagian(pemda, 2 * MIN_BAGIAN, len(BERKAS))
    assert last.json()["selesai"] is True
    assert (await kemajuan(pemda))["selesai"] is True
    whole = await pemda.http.get(f"/api/skp/bukti/{SIDIK}", headers=pemda.sebagai("staf1"))
    assert whole.content == BERKAS
    assert whole.headers["content-disposition"].endswith("Laporan.pdf")
    assert len(di_gudang(pemda)) == 1
    assert await pemda.layanan.nilai("SELECT count(*) FROM unggahan") == 0


async def test_the_same_part_under_the_same_key_is_one_part(pemda: Pemda) -> None:
    key = str(uuid4())
    answers = [await bagian(pemda, 0, MIN_BAGIAN, key=key) for _ in range(2)]
    assert [one.json()["diterima"] for one in answers] == [MIN_BAGIAN, MIN_BAGIAN]
    assert answers[1].headers["idempotency-replayed"] == "true"


async def test_beginning_anew_forgets_what_had_arrived(pemda: Pemda) -> None:
    await bagian(pemda, 0, MIN_BAGIAN)
    await bagian(pemda, MIN_BAGIAN, 2 * MIN_BAGIAN + 5)
    assert (await bagian(pemda, 0, 2 * MIN_BAGIAN)).json()["diterima"] == 2 * MIN_BAGIAN
    assert (await bagian(pemda, 2 * MIN_BAGIAN, len(BERKAS))).json()["selesai"] is True
    whole = await pemda.http.get(f"/api/skp/bukti/{SIDIK}", headers=pemda.sebagai("staf1"))
    assert whole.content == BERKAS


async def test_two_windows_at_once_leave_one_whole_file(pemda: Pemda) -> None:
    await bagian(pemda, 0, MIN_BAGIAN)
    answers = await asyncio.gather(*(bagian(pemda, MIN_BAGIAN, len(BERKAS)) for _ in range(4)))
    assert sorted(one.status_code for one in answers) == [200, 409, 409, 409]
    whole = await pemda.http.get(f"/api/skp/bukti/{SIDIK}", headers=pemda.sebagai("staf1"))
    assert whole.content == BERKAS


async def test_an_upload_is_its_owners_alone(pemda: Pemda) -> None:
    await bagian(pemda, 0, MIN_BAGIAN)
    assert (await kemajuan(pemda, "staf2"))["diterima"] == 0
    assert (await bagian(pemda, MIN_BAGIAN, len(BERKAS), who="staf2")).status_code == 409
    assert (await kemajuan(pemda))["diterima"] == MIN_BAGIAN


async def test_the_whole_is_checked_like_any_file_and_nothing_of_a_refused_one_stays(pemda: Pemda) -> None:
    page = b"<html>" + b"x" * (2 * MIN_BAGIAN)
    assert (await bagian(pemda, 0, MIN_BAGIAN, page)).status_code == 200
    refused = await bagian(pemda, MIN_BAGIAN, len(page), page)
    assert refused.status_code == 422
    assert "jenis berkas ini tidak diterima" in refused.text
    other = await bagian(pemda, 0, MIN_BAGIAN, sha256="0" * 64)
    assert other.status_code == 200
    wrong = await bagian(pemda, MIN_BAGIAN, len(BERKAS), sha256="0" * 64)
    assert wrong.status_code == 422
    assert "sidik" in wrong.text
    assert di_gudang(pemda) == []
    assert await pemda.layanan.nilai("SELECT count(*) FROM unggahan") == 0
    assert await pemda.layanan.nilai("SELECT count(*) FROM bukti") == 0


@pytest.mark.parametrize(
    ("mulai", "sampai", "params"),
    [
        (0, 0, {}),
        (0, MIN_BAGIAN - 1, {}),
        (0, len(BERKAS), {"ukuran": len(BERKAS) - 1}),
        (0, MIN_BAGIAN, {"ukuran": MAX_BYTES + 1}),
        (0, MIN_BAGIAN, {"ukuran": 0}),
        (0, MIN_BAGIAN, {"mulai": -1}),
    ],
)
async def test_parts_of_a_wrong_size(pemda: Pemda, mulai: int, sampai: int, params: dict[str, int]) -> None:
    response = await bagian(pemda, mulai, sampai, params=params)
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] in ("/mulai", "/ukuran")
    assert di_gudang(pemda) == []


async def test_nobody_fills_the_store_with_beginnings(pemda: Pemda) -> None:
    files = [pdf(f"{n}" + "y" * 2 * MIN_BAGIAN) for n in range(MAX_TERBUKA + 1)]
    answers = await asyncio.gather(*(bagian(pemda, 0, MIN_BAGIAN, data) for data in files))
    assert sorted(one.status_code for one in answers) == [200] * MAX_TERBUKA + [429]
    other = await bagian(pemda, 0, MIN_BAGIAN, who="staf2")
    assert other.status_code == 200


async def test_what_nobody_continues_is_thrown_away(pemda: Pemda) -> None:
    await bagian(pemda, 0, MIN_BAGIAN)
    gudang = pemda.layanan.running.resources["gudang"]
    await buang_yang_lewat(pemda.layanan.database, gudang)
    assert len(di_gudang(pemda)) == 1
    await pemda.layanan.baris("UPDATE unggahan SET kedaluwarsa = now() - interval '1 second'")
    late = await bagian(pemda, MIN_BAGIAN, len(BERKAS))
    assert (late.status_code, late.json()["diterima"]) == (409, 0)
    await buang_yang_lewat(pemda.layanan.database, gudang)
    assert di_gudang(pemda) == []
    assert await pemda.layanan.nilai("SELECT count(*) FROM unggahan") == 0
