"""R11: people with impossible data in the middle of a month; they wait with a reason, everyone else is paid.

A month is computed by real workers while all is well. Then some people's data turn into what can never be
(a grade, a kelas, an attendance, a jabatan that does not exist), and the month is computed again. Whoever was
not touched must have exactly the figure of before, not even written again.
"""

import time
from typing import Any

from deploy.embedded.platform import Platform
from tests.measure import Context
from tests.para_pekerja import PERIODE, Bulan, bulan

# What is done to somebody, by what is left of the row's number; $1 are the people.
_CELAKA = (
    "UPDATE penempatan SET kelas = 99 WHERE pegawai_id = ANY ($1)",
    "UPDATE penempatan SET kelas = -1, plt_kelas = 0 WHERE pegawai_id = ANY ($1)",
    "UPDATE penempatan SET golongan = 'XX/z' WHERE pegawai_id = ANY ($1)",
    "UPDATE pegawai SET status = 'HONORER' WHERE pegawai_id = ANY ($1)",
    "DELETE FROM penempatan WHERE pegawai_id = ANY ($1)",
    "UPDATE kehadiran_bulan SET hadir = 32000 WHERE pegawai_id = ANY ($1)",
    "UPDATE kehadiran_bulan SET tanpa_keterangan = -3 WHERE pegawai_id = ANY ($1)",
    "UPDATE kehadiran_bulan SET terlambat = '{-5,20000}' WHERE pegawai_id = ANY ($1)",
    "UPDATE penilaian SET predikat = 9 WHERE pegawai_id = ANY ($1)",
)
_SELAMAT = """
SELECT md5(string_agg((pegawai_id, version, bruto, potongan, neto, baris::text)::text, ''
                      ORDER BY pegawai_id)) AS sidik,
       count(*) FILTER (WHERE status = 'dihitung')::integer AS dihitung
FROM tpp_bulan WHERE pegawai_id <> ALL ($1)
"""
_DITAHAN = """
SELECT count(*)::integer AS orang,
       count(*) FILTER (WHERE status = 'ditahan' AND json_array_length(alasan) > 0
                          AND (SELECT bool_and('' NOT IN (a ->> 'kalimat', a ->> 'pemilik', a ->> 'pasal'))
                               FROM json_array_elements(alasan) AS a))::integer AS ditahan
FROM tpp_bulan WHERE pegawai_id = ANY ($1)
"""


async def run(context: Context) -> list[dict[str, Any]]:
    """2.000 people, 50 of them impossible (full: 100.000 and 1.000)."""
    people, bad = (2_000, 50) if context.small else (100_000, 1_000)
    return [await satu_orang(context.platform, people=people, bad=bad, seed=context.seed)]


async def satu_orang(platform: Platform, *, people: int, bad: int, seed: int) -> dict[str, Any]:
    """Both runs; the row counts who was touched without being held, and everyone else if anything changed."""
    async with bulan(platform, people, seed) as here:
        here.nyalakan("relay", "relay")
        for nama in ("satu", "dua"):
            here.nyalakan(nama, "consumer", "jobs")
        await here.mulai()
        await here.sampai()
        chosen = [
            row["pegawai_id"]
            for row in await here.baris(
                "SELECT pegawai_id FROM tpp_bulan WHERE status = 'dihitung'"
                " ORDER BY md5(pegawai_id::text || $1) LIMIT $2",
                str(seed), bad,
            )
        ]  # fmt: skip
        (before,) = await here.baris(_SELAMAT, chosen)
        for number, harm in enumerate(_CELAKA):
            await here.baris(harm, chosen[number :: len(_CELAKA)])
        began = time.monotonic()
        await here.mulai()
        done = await here.sampai()
        (after,) = await here.baris(_SELAMAT, chosen)
        (held,) = await here.baris(_DITAHAN, chosen)
        reasons = await _sebab(here, chosen)
    wrong = held["orang"] - held["ditahan"] + (people - bad) * (before["sidik"] != after["sidik"])
    return {
        "id": f"R11 {bad} dari {people} orang tidak masuk akal",
        "value": wrong,
        "unit": "orang yang keliru dibayar, keliru ditahan, atau ikut berubah",
        "goal": "0",
        "holds": wrong == 0 and held["orang"] == bad and done.keadaan == "selesai",
        "detail": {
            "dibayar": after["dihitung"],
            "ditahan_dengan_sebab": held["ditahan"],
            "sebab": reasons,
            "detik_hitung_ulang": round(time.monotonic() - began, 1),
        },
    }


async def _sebab(here: Bulan, chosen: list[Any]) -> dict[str, int]:
    rows = await here.baris(
        "SELECT a ->> 'kode' AS kode, count(*)::integer AS orang FROM tpp_bulan,"
        " json_array_elements(alasan) AS a"
        " WHERE pegawai_id = ANY ($1) AND periode = $2 GROUP BY 1 ORDER BY 1",
        chosen, str(PERIODE),
    )  # fmt: skip
    return {row["kode"]: row["orang"] for row in rows}
