"""A batch taken back when part of it was paid: the others are paid in a new batch, and nobody twice."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, example, given, seed, settings
from hypothesis import strategies as st

from deploy.examples.payroll.ekinerja_payroll import Buku, Hasil, Item, Kunci, jawaban
from services.tpp.penetapan.commands import kirim_item
from shared.contracts.payroll import BatchApproved, BatchCancelled, ItemFailed, ItemPaid, ItemPayable
from shared.testing.feed import Recorded, feed, recorded
from shared.web.routes import KEY
from tests.chaos.r04_disorder import KOSONGKAN
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BPKAD,
    BULAN,
    KEUANGAN,
    Dunia,
    dibayar,
    kebijakan,
)
from tests.component.tpp.test_payroll_contoh import record
from tests.component.tpp.test_pembatalan import ALASAN, dibatalkan, locked, state

SISA = {"alasan": "Yang keliru sudah diperiksa"}


async def serahkan(dunia: Dunia, who: UUID = BPKAD, peran: str = "bpkad", **rest: Any) -> Any:
    return await dunia.putuskan("DISDIK", "serahkan-sisa", who, peran, **({"json": SISA} | rest))


async def kirim(dunia: Dunia) -> None:
    while await dunia.tpp.database.run(kirim_item):
        pass


async def satu_opd(dunia: Dunia) -> Any:
    told = (await dunia.lihat(f"/penetapan/{BULAN}", BPKAD, "bpkad")).json()
    return next(row for row in told["opd"] if row["opd_kode"] == "DISDIK")


async def rekon(dunia: Dunia) -> Any:
    return (await dunia.lihat(f"/rekonsiliasi/{BULAN}", BPKAD, "bpkad")).json()


@pytest.fixture
async def sebagian(dunia: Dunia) -> tuple[Dunia, list[ItemPayable]]:
    """DISDIK was locked and taken back after the second of three was paid."""
    items = await locked(dunia)
    await dunia.putuskan("DISDIK", "batalkan", BPKAD, "bpkad", json=ALASAN)
    await dunia.dengar(dibatalkan(items[0]), dibayar(items[1]), dibatalkan(items[2]))
    return dunia, items


async def test_strangers_hand_nothing_over(sebagian: tuple[Dunia, list[ItemPayable]]) -> None:
    dunia, _ = sebagian
    url = f"/api/tpp/penetapan/{BULAN}/DISDIK/serahkan-sisa"
    told = await dunia.tpp.client.post(url, json=SISA, headers={"Idempotency-Key": "12345678"})
    assert told.status_code == 401
    for who, peran in (
        (ANI, "pegawai"), (KEUANGAN, "keuangan_opd"), (ADMIN, "admin_bkd"), (ADMIN, "auditor"),
        (ADMIN, "sysadmin"), (ADMIN, "pimpinan"), (ADMIN, "pengelola"),
    ):  # fmt: skip
        assert (await serahkan(dunia, who, peran)).status_code == 403, peran
    assert (await serahkan(dunia, json={})).status_code == 422
    assert len(await dunia.tpp.keluar(BatchApproved)) == 1


async def test_the_rest_is_paid_in_a_new_batch_and_the_month_adds_up(
    sebagian: tuple[Dunia, list[ItemPayable]],
) -> None:
    dunia, items = sebagian
    before = await satu_opd(dunia)
    assert (before["ditarik"], before["dapat_diserahkan"], before["item"]) == (2, True, 3)
    assert int(before["ditarik_neto"]) == sum(int(str(items[at].neto)) for at in (0, 2))
    found = await rekon(dunia)
    assert (found["cocok"], found["temuan_jumlah"]) == (False, {"ditarik": 2})
    assert {one["pemilik"] for one in found["temuan"]} == {"bpkad"}
    assert all("kelompok baru" in one["langkah"] for one in found["temuan"])
    told = await serahkan(dunia)
    assert told.status_code == 200, told.text
    assert (told.json()["keadaan"], told.json()["jumlah_item"]) == ("dikunci", 2)
    assert (await serahkan(dunia)).status_code == 409
    await kirim(dunia)
    new = [item for item in await dunia.tpp.keluar(ItemPayable) if item not in items]
    manifest = (await dunia.tpp.keluar(BatchApproved))[-1]
    assert {str(item.batch_id) for item in new} == {told.json()["batch_id"]} == {str(manifest.batch_id)}
    assert {item.pegawai_id for item in new} == {items[0].pegawai_id, items[2].pegawai_id}
    assert {item.item_id for item in new}.isdisjoint(item.item_id for item in items)
    figures = {
        row["pegawai_id"]: row["neto"]
        for row in await dunia.tpp.baris("SELECT pegawai_id, neto FROM tpp_bulan WHERE opd_kode = 'DISDIK'")
    }
    assert {item.pegawai_id: int(str(item.neto)) for item in (items[1], *new)} == figures
    assert await state(dunia) == ("dikunci", None)
    await dunia.dengar(*map(dibayar, new))
    found = await rekon(dunia)
    (opd,) = found["opd"]
    assert (found["cocok"], found["temuan_jumlah"], opd["pembayaran"], opd["dibayar"]) == (True, {}, 3, 3)
    assert int(opd["neto_payroll"]) == int(opd["neto"]) == sum(figures.values())
    assert (opd["dibatalkan"], (await satu_opd(dunia))["ditarik"]) == (2, 0)
    # An answer about what was replaced changes nothing, and is not lost.
    late = dibayar(items[0], version=10)
    await feed(dunia.tpp.service, dunia.tpp.database, [late], strict=False)
    (letter,) = await dunia.tpp.baris("SELECT cause FROM kernel.dead_letter")
    assert "sesudah batch" in letter["cause"]
    assert (await rekon(dunia))["temuan_jumlah"] == {"hanya_di_payroll": 1}


async def test_nothing_goes_twice_while_payroll_still_holds_something(dunia: Dunia) -> None:
    items = await locked(dunia)
    assert (await serahkan(dunia)).status_code == 409
    await dunia.putuskan("DISDIK", "batalkan", BPKAD, "bpkad", json=ALASAN)
    await dunia.dengar(dibatalkan(items[0]), dibayar(items[1]))
    told = await serahkan(dunia)
    assert (told.status_code, "masih dipegang" in told.json()["detail"]) == (409, True)
    # Paid after all, although payroll had said no: it stays paid, and is not handed over again.
    await dunia.dengar(dibatalkan(items[2]), dibayar(items[0], version=8))
    assert (await serahkan(dunia)).json()["jumlah_item"] == 1
    await kirim(dunia)
    (new,) = [item for item in await dunia.tpp.keluar(ItemPayable) if item not in items]
    assert new.pegawai_id == items[2].pegawai_id


async def test_the_new_batch_can_be_taken_back_too_and_what_was_paid_keeps_the_opd_locked(
    sebagian: tuple[Dunia, list[ItemPayable]],
) -> None:
    dunia, items = sebagian
    await serahkan(dunia)
    await kirim(dunia)
    new = [item for item in await dunia.tpp.keluar(ItemPayable) if item not in items]
    told = await dunia.putuskan("DISDIK", "batalkan", BPKAD, "bpkad", json=ALASAN)
    assert told.status_code == 200, told.text
    await dunia.dengar(*map(dibatalkan, new))
    assert await state(dunia) == ("dikunci", "sebagian_sudah_dibayar")
    assert (await serahkan(dunia)).json()["jumlah_item"] == 2
    await kirim(dunia)
    last = [item for item in await dunia.tpp.keluar(ItemPayable) if item not in [*items, *new]]
    await dunia.dengar(*map(dibayar, last))
    assert (await rekon(dunia))["cocok"]
    assert len(await dunia.tpp.keluar(BatchCancelled)) == 2


async def test_the_page_says_who_waits_and_bpkad_hands_over_there(
    sebagian: tuple[Dunia, list[ItemPayable]],
) -> None:
    dunia, items = sebagian
    path = f"/tpp/persetujuan/{BULAN}/DISDIK"

    async def page(where: str, who: UUID, *peran: str, unit: str | None = None) -> str:
        headers = dunia.tpp.kepala(who, *peran, unit=unit) | {"Accept": "text/html"}
        told = await dunia.tpp.client.get(where, headers=headers)
        assert told.status_code == 200
        return str(told.text)

    async def send(alasan: str, *peran: str) -> Any:
        headers = dunia.tpp.kepala(BPKAD, *peran) | {"Accept": "text/html"}
        form = {KEY: headers["Idempotency-Key"], "alasan": alasan}
        return await dunia.tpp.client.post(f"{path}/serahkan-sisa", data=form, headers=headers)

    anonymous = await dunia.tpp.client.post(f"{path}/serahkan-sisa", data=SISA)
    assert anonymous.status_code == 401
    assert (await send("Bukan wewenangnya", "admin_bkd")).status_code == 403
    seen = await page(path, KEUANGAN, "keuangan_opd", unit="PEMDA/DISDIK")
    assert "Pembayaran 2 orang" in seen
    assert "Menunggu: <strong>BPKAD</strong>" in seen
    assert "Ya, serahkan sisanya" not in seen
    assert "2 ditarik kembali, belum dibayar" in await page(f"/tpp/persetujuan/{BULAN}", BPKAD, "bpkad")
    slip = await page(f"/tpp/slip/{BULAN}/{items[0].pegawai_id}", BPKAD, "bpkad")
    assert "serahkan sisanya pada halaman persetujuan" in slip
    # It did not fail: it was taken back, which lists and slip say instead of payroll's own words.
    mine = f"/tpp/saya/{BULAN}"
    for where, whom, peran in (
        (f"/tpp/slip/{BULAN}/{items[0].pegawai_id}", BPKAD, ("bpkad",)),
        (f"/tpp/daftar/{BULAN}", BPKAD, ("bpkad",)),
        (mine, items[0].pegawai_id, ()),
        ("/tpp/saya", items[0].pegawai_id, ()),
        ("/tpp/fragmen/ringkasan", items[0].pegawai_id, ()),
    ):
        told = await page(where, whom, *peran)
        assert "Ditarik kembali" in told, where
        assert "Pembayaran gagal" not in told, where
        assert "Batch dibatalkan" not in told, where
    assert "Ditarik kembali" not in await page(mine, items[1].pegawai_id)
    assert "1 OPD menunggu keputusan Anda." in await page(f"/tpp/persetujuan/{BULAN}", BPKAD, "bpkad")
    assert "Ya, serahkan sisanya" in await page(path, BPKAD, "bpkad")
    refused = await send("abc", "bpkad")
    assert (refused.status_code, "Alasan diserahkan lagi" in refused.text) == (422, True)
    assert (await send("Sudah diperiksa", "bpkad")).status_code == 303
    assert "Serahkan sisanya" not in await page(path, BPKAD, "bpkad")
    again = await send("Sekali lagi", "bpkad")
    assert again.status_code == 303
    assert len(await dunia.tpp.keluar(BatchApproved)) == 2


class _Bank:
    """Pays, refuses or breaks off as it is told, item by item; `keluar` is the money that went out."""

    def __init__(self) -> None:
        self.keluar: list[tuple[str, str, int]] = []
        self.menolak = 0

    async def bayar(self, item: Item) -> Hasil:
        if self.menolak:
            self.menolak -= 1
            return Hasil(False, "Rekening ditolak")
        self.keluar.append((item.nip, item.item_id, int(item.neto)))
        return Hasil(True, f"TRX-{item.item_id}")

    async def periksa(self, item: Item) -> Hasil | None:
        return None


LANGKAH = st.lists(
    st.sampled_from(
        (
            "payroll", "payroll", "payroll menolak satu", "payroll menolak satu", "baca", "bayar",
            "jawab", "jawab lagi", "ulangi", "batalkan", "batalkan", "batalkan", "serahkan", "serahkan",
            "kunci", "susul",
        )
    ),
    min_size=6,
    max_size=16,
)  # fmt: skip


async def _satu(dunia: Dunia, owner: Any, buku: Buku, langkah: list[str]) -> None:
    """Whatever the order of taking back, paying, failing, answering and handing over again."""
    await owner.execute(KOSONGKAN)
    for table in ("ditolak", "jawaban", "item", "pembatalan", "batch"):
        buku.db.execute(f"DELETE FROM {table}")
    dunia.facts.clear()
    await dunia.siapkan_tanpa_kebijakan()
    await dunia.jalankan()
    await dunia.kunci("DISDIK")
    bank, told = _Bank(), list[Recorded]()

    async def baca() -> None:
        events = [
            one for one in await recorded(dunia.tpp.database) if one.type.startswith("id.ekinerja.payroll.")
        ]
        kinds = {kind.TYPE: kind for kind in (BatchApproved, BatchCancelled, ItemPayable)}
        known = [kinds[one.type].model_validate_json(one.payload) for one in events if one.type in kinds]
        buku.terima(record(event, at) for at, event in enumerate(known))

    async def jawab() -> None:
        rows = buku.belum_terjawab()
        for row in rows:
            payload, headers = jawaban(row)
            paid = dict(headers)["ce_type"].decode() == ItemPaid.TYPE
            told.append(Recorded.of((ItemPaid if paid else ItemFailed).model_validate_json(payload)))
        await feed(dunia.tpp.service, dunia.tpp.database, told[len(told) - len(rows) :], strict=False)
        buku.terjawab(rows)

    for one in langkah:
        if one in ("baca", "payroll", "payroll menolak satu"):
            await baca()
        if one in ("bayar", "payroll", "payroll menolak satu"):
            bank.menolak = int(one == "payroll menolak satu")
            await buku.bayarkan(bank)
            bank.menolak = 0
            if one != "bayar":
                await jawab()
        if one == "ulangi":
            buku.ulangi_gagal()
        elif one == "jawab":
            await jawab()
        elif one == "jawab lagi":
            await feed(dunia.tpp.service, dunia.tpp.database, told[::-1], strict=False)
        elif one == "batalkan":
            await dunia.putuskan("DISDIK", "batalkan", BPKAD, "bpkad", json=ALASAN)
        elif one == "serahkan":
            await serahkan(dunia)
            await kirim(dunia)
        elif one == "kunci":
            if await dunia.tpp.nilai("SELECT keadaan = 'draf' FROM penetapan WHERE opd_kode = 'DISDIK'"):
                await dunia.kunci("DISDIK")
        elif one == "susul":
            # Payroll says paid of something it had given up: whoever is wrong, it is never paid again here.
            old = await dunia.tpp.nilai("SELECT array_agg(item_id) FROM pembayaran_batal")
            items = [one for one in await dunia.tpp.keluar(ItemPayable) if one.item_id in (old or [])]
            late = [dibayar(one, version=99) for one in items[:1]]
            await feed(dunia.tpp.service, dunia.tpp.database, late, strict=False)
        living = await dunia.tpp.baris(
            "SELECT count(*) AS semua, count(DISTINCT pegawai_id) AS orang FROM pembayaran"
        )
        assert living[0]["semua"] == living[0]["orang"]
        paid = [nip for nip, _, _ in bank.keluar]
        assert len(paid) == len(set(paid)), langkah
    # Then everything is brought to its end: whatever happened, everybody has the month's figure once.
    for _ in range(3):
        await baca()
        buku.ulangi_gagal()
        await buku.bayarkan(bank)
        await jawab()
        if await dunia.tpp.nilai("SELECT keadaan = 'draf' FROM penetapan WHERE opd_kode = 'DISDIK'"):
            await dunia.kunci("DISDIK")
        await serahkan(dunia)
        await kirim(dunia)
    figures = await dunia.tpp.baris("SELECT nip, neto FROM tpp_bulan WHERE opd_kode = 'DISDIK' ORDER BY nip")
    assert sorted((nip, neto) for nip, _, neto in bank.keluar) == [(r["nip"], r["neto"]) for r in figures], (
        langkah
    )
    recorded_paid = await dunia.tpp.baris(
        "SELECT nip, neto FROM pembayaran WHERE keadaan = 'dibayar' ORDER BY nip"
    )
    assert [tuple(row.values()) for row in recorded_paid] == [(r["nip"], r["neto"]) for r in figures], langkah
    found = await rekon(dunia)
    assert all(
        found["temuan_jumlah"][kind] == 0 for kind in found["temuan_jumlah"] if kind != "hanya_di_payroll"
    )


async def test_whatever_the_order_everybody_is_paid_exactly_once(tpp: Layanan, tmp_path: Path) -> None:
    dunia = Dunia(tpp)
    await dunia.kebijakan(kebijakan())
    keys = (await tpp.client.get("/api/tpp/.well-known/jwks.json")).json()
    buku = Buku(tmp_path / "buku.sqlite", Kunci(keys))
    owner = await asyncpg.connect(tpp.running.settings.owner_database)
    loop = asyncio.get_running_loop()

    @seed(11)
    @settings(
        max_examples=25,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(langkah=LANGKAH)
    @example(
        ["payroll menolak satu", "batalkan", "payroll", "serahkan", "batalkan", "payroll", "kunci", "payroll"]
    )
    @example(["payroll menolak satu", "batalkan", "payroll", "serahkan", "susul", "jawab lagi", "payroll"])
    def exact(langkah: list[str]) -> None:
        asyncio.run_coroutine_threadsafe(_satu(dunia, owner, buku, langkah), loop).result()

    try:
        await asyncio.to_thread(exact)
    finally:
        await owner.close()
