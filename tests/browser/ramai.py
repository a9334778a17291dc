"""An office with twenty people under one atasan in the month after the demo's, for pages that show many."""

from datetime import date
from typing import Any
from uuid import UUID

from deploy.demo.klien import Ditolak, tunggu
from deploy.demo.perintah import ADMIN_NIP
from shared.auth.guard import Principal
from shared.auth.token import Signer
from tests.browser.conftest import person
from tests.component.helpers import buku
from tests.dunia import Dunia

BULAN = "2026-11"
_NAMA = (
    "Siti Nurhaliza Rahmawati Puspitasari",
    "I Gusti Ngurah Bagus Adi Wirawan Pratama",
    "Budi",
    "Raden Mas Haryo Kusumo Dewantoro",
    "Yohana Maria Goreti Simanjuntak",
)
BELUM_DIAJUKAN, DIAJUKAN = 1, 1
"""How many of those added cannot be rated: nothing submitted; submitted and waiting for the atasan."""


async def buka_bulan(dunia: Dunia, bulan: str = BULAN) -> None:
    """Open a month, by default the one after the demo's, unless another test has."""
    try:
        await dunia.klien.kirim(
            ADMIN_NIP, f"buka-{bulan}", "POST", "/api/skp/periode", json={"periode": bulan}
        )
    except Ditolak as refusal:
        if refusal.status != 409:
            raise


def nip_dari(dunia: Dunia, pegawai_id: str) -> str:
    """The NIP of somebody who has a plan of the demo's year."""
    rows = dunia.jalankan(dunia.klien.semua(ADMIN_NIP, "/api/skp/skp", tahun=2026))
    return next(str(row["nip"]) for row in rows if row["pegawai_id"] == pegawai_id)


def atasan_dari(dunia: Dunia, nip: str) -> str:
    """The NIP of somebody's atasan."""
    me = dunia.jalankan(dunia.klien.ambil(nip, "/api/skp/saya"))
    return nip_dari(dunia, me["atasan_id"])


async def kantor_ramai(dunia: Dunia, banyak: int = 20) -> list[dict[str, Any]]:
    """Fill the office of the role `atasan` up to `banyak` people; their rows as that list has them."""
    boss = person(dunia, "atasan")
    await buka_bulan(dunia)
    before = await _bawahan(dunia, boss)
    new = [f"19880101201501{1 + n % 2}{200 + n}" for n in range(banyak - len(before))]
    post = next(one.jabatan for one in dunia.pemda.orang if one.nip == boss)
    unit = dunia.pemda.jabatan[post].unit
    isi = buku(
        {
            "Jabatan": [
                ["kode", "nama", "jenis", "kelas", "unit", "atasan"],
                *(
                    [f"RAMAI-{n}", f"Analis Kebijakan Ahli Pertama {n}", "JF", "8", unit, post]
                    for n in range(len(new))
                ),
            ],
            "Pegawai": [
                ["nip", "nama", "status", "golongan", "email"],
                *(
                    [nip, f"{_NAMA[n % len(_NAMA)]} {n}", "PNS", "III/a", f"ramai{n}@contoh.go.id"]
                    for n, nip in enumerate(new)
                ),
            ],
            "Penempatan": [
                ["nip", "jabatan", "mulai", "sebagai"],
                *([nip, f"RAMAI-{n}", "2026-11-01", "definitif"] for n, nip in enumerate(new)),
            ],
        }
    )
    told = await dunia.klien.kirim(
        ADMIN_NIP, "ramai", "POST", "/api/skp/impor/organisasi", isi=isi, berkas="ramai.xlsx"
    )
    assert told["diterapkan"], told
    rows = await _sampai(dunia, boss, lambda found: len(found) >= banyak)
    signer = Signer(dunia.home / "keys")
    for n, nip in enumerate(new):
        row = rows[nip]
        token, _ = signer.issue(Principal(UUID(row["pegawai_id"]), nip, (), 1))
        dunia.klien._tokens[nip] = token
        await _kerja(dunia, boss, nip, n)
    agreed = sum(one["skp"] == "disetujui" for one in before.values())
    ready = agreed + len(new) - BELUM_DIAJUKAN - DIAJUKAN
    rows = await _sampai(
        dunia,
        boss,
        lambda found: (
            sum(one["skp"] == "disetujui" for one in found.values()) >= ready
            and all(one["nama"] for one in found.values())
        ),
    )
    return list(rows.values())


async def _kerja(dunia: Dunia, boss: str, nip: str, n: int) -> None:
    """A plan, agreed but for the first two; some realisasi for two out of three."""
    if n < BELUM_DIAJUKAN:
        return
    klien = dunia.klien
    rhk = {
        "rencana": "Tersusunnya telaah kebijakan bulanan yang dipakai pimpinan sebagai bahan keputusan",
        "indikator": [{"aspek": "kuantitas", "iki": "Jumlah telaah", "target": "12 dokumen"}],
    }
    plan = await klien.kirim(
        nip, f"ramai-skp-{nip}", "POST", "/api/skp/skp", json={"tahun": 2026, "rhk": [rhk]}
    )
    address = f"/api/skp/skp/{plan['skp_id']}"
    await klien.kirim(nip, f"ramai-ajukan-{nip}", "POST", f"{address}/ajukan")
    if n < BELUM_DIAJUKAN + DIAJUKAN:
        return
    await klien.kirim(boss, f"ramai-setujui-{nip}", "POST", f"{address}/setujui")
    if n % 3:
        full = await klien.ambil(nip, address)
        for place in range(n % 4 + 1):
            await klien.kirim(
                nip,
                f"ramai-realisasi-{nip}-{place}",
                "POST",
                "/api/skp/realisasi",
                json={
                    "skp_id": plan["skp_id"],
                    "rhk_id": full["rhk"][0]["rhk_id"],
                    "periode": BULAN,
                    "tanggal": date(2026, 11, 2 + place).isoformat(),
                    "uraian": "Menyusun telaah tentang pelayanan terpadu di kecamatan",
                    "jumlah": "1",
                    "satuan": "dokumen",
                    "bukti": [],
                },
            )


async def _bawahan(dunia: Dunia, boss: str) -> dict[str, dict[str, Any]]:
    rows = await dunia.klien.semua(boss, f"/api/penilaian/{BULAN}/bawahan")
    return {row["nip"]: row for row in rows}


async def _sampai(dunia: Dunia, boss: str, enough: Any) -> dict[str, dict[str, Any]]:
    async def look() -> dict[str, dict[str, Any]] | None:
        found = await _bawahan(dunia, boss)
        return found if enough(found) else None

    rows: dict[str, dict[str, Any]] = await tunggu("assessment mengenal semua bawahan", look, seconds=60)
    return rows
