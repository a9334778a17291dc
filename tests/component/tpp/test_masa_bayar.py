"""TPP 13 and 14 (THR): computed, decided on, locked and paid beside the months, by the policy's base month."""

import json
from typing import Any
from uuid import UUID

from shared.contracts.payroll import BatchApproved, ItemPayable
from shared.contracts.tpp import TppCalculated, TppPaid
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BPKAD,
    BUDI,
    BULAN,
    CICI,
    KEUANGAN,
    Dunia,
    dibayar,
    kebijakan,
)
from tests.component.layanan import Layanan

KE_13, KE_14 = "2026-13", "2026-14"
KHUSUS = """
pembayaran:
  - {kode: ke_13, nama: TPP ke-13, pasal: Perkada pasal 30, dasar_bulan: 10}
  - {kode: ke_14, nama: TPP Hari Raya, pasal: Perkada pasal 31, dasar_bulan: 9}

tabel:
"""


def dengan_khusus() -> bytes:
    """The common policy, whose extra payments carry no contribution to BPJS: THR and the 13th are free of it."""
    text = kebijakan().decode().replace("\ntabel:\n", KHUSUS, 1)
    return text.replace("    kode: bpjs", "    kode: bpjs").encode()


async def siap(tpp: Layanan) -> Dunia:
    """The month the 13th is based on, closed."""
    dunia = Dunia(tpp)
    await dunia.kebijakan(dengan_khusus())
    await dunia.siapkan_tanpa_kebijakan()
    return dunia


async def angka(dunia: Dunia, masa: str) -> dict[UUID, tuple[int, int, int]]:
    rows = await dunia.tpp.baris("SELECT * FROM tpp_bulan WHERE periode = $1 AND status = 'dihitung'", masa)
    return {row["pegawai_id"]: (row["bruto"], row["potongan"], row["neto"]) for row in rows}


async def test_a_thirteenth_month_goes_all_the_way(tpp: Layanan) -> None:
    dunia = await siap(tpp)
    await dunia.jalankan()
    before = await angka(dunia, BULAN)
    told = await dunia.jalankan(KE_13)
    assert (told["keadaan"], told["periode"], told["dihitung"]) == ("selesai", KE_13, 6), told
    extra = await angka(dunia, KE_13)
    print(before, extra)
    assert await angka(dunia, BULAN) == before
    await dunia.kunci("DISDIK", KE_13)
    (manifest,) = await tpp.keluar(BatchApproved)
    items = await tpp.keluar(ItemPayable)
    assert str(manifest.periode) == KE_13 and len(items) == 3
    await dunia.dengar(*(dibayar(one) for one in items))
    paid = await tpp.keluar(TppPaid)
    assert {str(one.periode) for one in paid} == {KE_13}
    slip = (await dunia.lihat(f"/slip/{KE_13}/saya", ANI)).json()
    assert slip["pembayaran"]["keadaan"] == "dibayar", slip
    print(json.dumps(slip, indent=1)[:3000])
