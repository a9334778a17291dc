"""People as administrators look for them: by unit, by name, ten thousand of them page by page."""

from datetime import date
from typing import Any

import pytest

from tests.component.helpers import NIP, PENEMPATAN, Pemda, organisasi
from tests.component.layanan import Layanan

URL = "/api/skp/pegawai"


async def semua(pemda: Pemda, **query: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        more: dict[str, Any] = {"cursor": cursor} if cursor else {}
        told = await pemda.baca("admin", URL, limit=200, **query, **more)
        rows += told["data"]
        cursor = told["berikutnya"]
        if not cursor:
            return rows


async def test_who_may_look_and_how_far(pemda: Pemda) -> None:
    assert (await pemda.http.get(URL)).status_code == 401
    for who in ("guru", "kabid"):
        assert (await pemda.http.get(URL, headers=pemda.sebagai(who))).status_code == 403
    mine = await pemda.baca("kabid", URL, "pengelola", unit="PEMDA/DINKES")
    assert {row["nip"] for row in mine["data"]} == {NIP[who] for who in ("kadis", "kabid", "staf1", "staf2")}
    one = f"{URL}/{pemda.id['guru']}"
    outside = await pemda.http.get(one, headers=pemda.sebagai("kabid", "pengelola", unit="PEMDA/DINKES"))
    assert outside.status_code == 403
    assert (await pemda.baca("kabid", one, "pengelola", unit="PEMDA/DIKBUD"))["nip"] == NIP["guru"]
    missing = await pemda.http.get(f"{URL}/{pemda.admin}", headers=pemda.sebagai("admin"))
    assert missing.status_code == 404


async def test_search_means_what_was_typed(pemda: Pemda) -> None:
    async def found(cari: str, **query: str) -> list[str]:
        return [row["nama"] for row in await semua(pemda, cari=cari, **query)]

    assert await found("sta") == ["Nama Staf1", "Nama Staf2"]
    assert await found("nama") == sorted(f"Nama {who.capitalize()}" for who in NIP)
    assert await found("%") == await found("_") == await found("\\") == []
    assert await found("19850404 201001") == ["Nama Staf1"]
    assert await found("404") == []
    assert await found("", opd="DIKBUD", urut="-nama") == ["Nama Kadik", "Nama Guru"]
    assert len(await found("", keadaan="belum_masuk")) == len(NIP)
    assert await found("", keadaan="nonaktif") == []


async def test_one_person_with_posts_roles_and_what_the_data_said_before(pemda: Pemda) -> None:
    moved = [*PENEMPATAN, [NIP["staf1"], "STAF-2", "2026-03-01", "definitif"]]
    await pemda.impor(organisasi(penempatan=moved))
    await pemda.tulis(
        "admin",
        "PUT",
        f"/api/skp/akun/{pemda.id['staf1']}/peran",
        json={"peran": [{"peran": "pengelola", "unit_path": "PEMDA/DINKES"}, {"peran": "admin_bkd"}]},
    )
    await pemda.layanan.nilai(
        "UPDATE pegawai SET golongan = 'IV/a' WHERE pegawai_id = $1 RETURNING true", pemda.id["staf1"]
    )
    told = await pemda.baca("admin", f"{URL}/{pemda.id['staf1']}")
    posts = [(one["jabatan"], one["mulai"], one["sampai"]) for one in told["penempatan"]]
    assert posts[0] == ("Arsiparis Terampil", "2026-03-01", None)
    assert posts[-1] == ("Perencana Ahli Pertama", "2026-01-01", "2026-03-01")
    assert told["penempatan"][0]["atasan"] == "Nama Kabid"
    assert told["peran"] == [
        {"peran": "admin_bkd", "unit_path": None, "unit": None},
        {"peran": "pengelola", "unit_path": "PEMDA/DINKES", "unit": "Dinas Kesehatan"},
    ]
    assert [one["golongan"] for one in told["tercatat"]] == ["III/c"]


@pytest.mark.parametrize("urut", ["nama", "-nama", "nip", "-nip"])
async def test_ten_thousand_people_page_by_page(skp: Layanan, pemda: Pemda, urut: str) -> None:
    async with skp.database.pool.acquire() as conn:
        await conn.execute(
            "INSERT INTO pegawai (pegawai_id, nip, nama, status, golongan)"
            " SELECT gen_random_uuid(),"
            "  '1980010120' || (1000 + n / 1000) || '1' || lpad((n % 1000)::text, 3, '0'),"
            "  'Orang ' || (n % 700), 'PNS', 'III/a' FROM generate_series(1, 10000) n"
            " ON CONFLICT DO NOTHING"
        )
        await conn.execute(
            "INSERT INTO segmen (pegawai_id, berlaku_mulai, jabatan_kode, jabatan_nama, unit_kode, unit_nama,"
            " unit_path, opd_kode) SELECT pegawai_id, $1, 'X', 'Analis', 'DINKES', 'Dinas Kesehatan',"
            " 'PEMDA/DINKES', 'DINKES' FROM pegawai WHERE nama LIKE 'Orang %'",
            date(2026, 1, 1),
        )
    rows = await semua(pemda, urut=urut, opd="DINKES", cari="Orang")
    total = await skp.nilai("SELECT count(*) FROM pegawai WHERE nama LIKE 'Orang %'")
    assert total == 10_000
    assert len({row["pegawai_id"] for row in rows}) == len(rows) == total
    keys = [row[urut.removeprefix("-")].lower() for row in rows]
    assert keys == sorted(keys, reverse=urut.startswith("-"))
