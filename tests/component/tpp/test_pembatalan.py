"""A locked batch taken back: opened again only when no money has gone out; paid stays paid."""

import asyncio
import stat
from pathlib import Path
from typing import Any

import pytest

from deploy.examples.payroll.ekinerja_payroll import Ditolak, Kunci, naskah_manifes, naskah_pembatalan
from services.tpp.penetapan.tanda_tangan import Penanda
from shared.contracts.payroll import BatchApproved, BatchCancelled, ItemFailed, ItemPayable
from shared.testing.feed import Recorded, feed
from shared.web.routes import KEY
from tests.component.tpp.dunia import ADMIN, ANI, BPKAD, BULAN, Dunia, dibayar

ALASAN = {"alasan": "Absensi satu orang keliru"}


def dibatalkan(item: ItemPayable, version: int = 5) -> Recorded:
    """Payroll answers that this one will never be paid."""
    return Recorded.of(
        ItemFailed(
            version=version,
            batch_id=item.batch_id,
            periode=item.periode,
            item_id=item.item_id,
            alasan="Batch dibatalkan",
            dibatalkan=True,
        )
    )


async def locked(dunia: Dunia) -> list[ItemPayable]:
    await dunia.jalankan()
    await dunia.kunci("DISDIK")
    return sorted(await dunia.tpp.keluar(ItemPayable), key=lambda item: item.version)


async def state(dunia: Dunia) -> tuple[str, str | None]:
    told = (await dunia.lihat(f"/penetapan/{BULAN}", BPKAD, "bpkad")).json()
    row = next(row for row in told["opd"] if row["opd_kode"] == "DISDIK")
    return row["keadaan"], row["pembatalan"]


async def test_only_bpkad_cancels_and_only_what_is_locked(dunia: Dunia) -> None:
    await dunia.jalankan()
    for peran in ("keuangan_opd", "admin_bkd", "auditor", "sysadmin", "pimpinan", "pengelola"):
        told = await dunia.putuskan("DISDIK", "batalkan", ANI, peran, json=ALASAN)
        assert told.status_code == 403, peran
    told = await dunia.putuskan("DISDIK", "batalkan", BPKAD, "bpkad", json=ALASAN)
    assert told.status_code == 409
    assert "kembalikan" in told.json()["remedy"]
    await dunia.kunci("DISDIK")
    assert (await dunia.putuskan("DISDIK", "batalkan", BPKAD, "bpkad", json={})).status_code == 422


async def test_manifest_and_cancellation_carry_a_signature_that_the_published_key_confirms(
    dunia: Dunia,
) -> None:
    await locked(dunia)
    await dunia.putuskan("DISDIK", "batalkan", BPKAD, "bpkad", json=ALASAN)
    published = await dunia.tpp.client.get("/api/tpp/.well-known/jwks.json")
    assert published.status_code == 200
    assert all("d" not in key for key in published.json()["keys"])
    kunci = Kunci(published.json())
    (manifest,) = await dunia.tpp.keluar(BatchApproved)
    (cancelled,) = await dunia.tpp.keluar(BatchCancelled)
    data, undo = manifest.model_dump(mode="json"), cancelled.model_dump(mode="json")
    assert naskah_manifes(data) == manifest.naskah()
    kunci.periksa(data["tanda_tangan"], naskah_manifes(data))
    kunci.periksa(undo["tanda_tangan"], naskah_pembatalan(undo))
    with pytest.raises(Ditolak):
        kunci.periksa(data["tanda_tangan"], naskah_manifes({**data, "total_neto": "1"}))


async def test_nobody_paid_opens_the_opd_again_and_a_new_batch_has_new_ids(dunia: Dunia) -> None:
    items = await locked(dunia)
    told = await dunia.putuskan("DISDIK", "batalkan", BPKAD, "bpkad", json=ALASAN)
    assert (told.status_code, told.json()["keadaan"]) == (200, "dikunci")
    assert await state(dunia) == ("dikunci", "menunggu_payroll")
    assert (await dunia.putuskan("DISDIK", "batalkan", BPKAD, "bpkad", json=ALASAN)).status_code == 409
    for item in items[:2]:
        await dunia.dengar(dibatalkan(item))
    assert await state(dunia) == ("dikunci", "menunggu_payroll")
    await dunia.dengar(dibatalkan(items[2]))
    assert await state(dunia) == ("draf", None)
    assert await dunia.tpp.nilai("SELECT count(*) FROM pembayaran") == 0
    assert await dunia.tpp.nilai("SELECT count(*) FROM pembayaran_batal") == 3
    await dunia.kunci("DISDIK")
    again = [item for item in await dunia.tpp.keluar(ItemPayable) if item not in items]
    assert len(again) == 3
    assert {item.item_id for item in again}.isdisjoint(item.item_id for item in items)
    assert (await dunia.dengar(dibatalkan(items[0], version=9))) == 0
    assert await dunia.tpp.nilai("SELECT count(*) FROM kernel.dead_letter") == 0
    late = dibayar(items[0], version=10)
    await feed(dunia.tpp.service, dunia.tpp.database, [late, dibayar(again[0])], strict=False)
    (letter,) = await dunia.tpp.baris("SELECT cause FROM kernel.dead_letter")
    assert "sesudah batch" in letter["cause"]
    assert await dunia.tpp.nilai("SELECT count(*) FROM pembayaran WHERE keadaan = 'dibayar'") == 1


async def test_one_payment_made_keeps_the_batch_locked(dunia: Dunia) -> None:
    items = await locked(dunia)
    await dunia.putuskan("DISDIK", "batalkan", BPKAD, "bpkad", json=ALASAN)
    await dunia.dengar(dibatalkan(items[0]), dibayar(items[1]), dibatalkan(items[2]))
    assert await state(dunia) == ("dikunci", "sebagian_sudah_dibayar")
    told = await dunia.putuskan("DISDIK", "batalkan", BPKAD, "bpkad", json=ALASAN)
    assert told.status_code == 409
    assert "1 dari 3 pembayaran" in told.json()["detail"]
    assert "Serahkan sisanya" in told.json()["remedy"]
    (row,) = await dunia.tpp.baris("SELECT alasan FROM penetapan_riwayat ORDER BY version DESC LIMIT 1")
    assert "1 dari 3 pembayaran kelompok ini sudah dibayar; 2 menunggu diserahkan lagi" in row["alasan"]


async def test_what_is_all_paid_cannot_be_cancelled(dunia: Dunia) -> None:
    items = await locked(dunia)
    await dunia.dengar(*map(dibayar, items))
    told = await dunia.putuskan("DISDIK", "batalkan", BPKAD, "bpkad", json=ALASAN)
    assert told.status_code == 409
    assert not await dunia.tpp.keluar(BatchCancelled)


async def test_payments_that_payroll_never_heard_of_need_no_answer(dunia: Dunia) -> None:
    await dunia.jalankan()
    for tindakan, who, peran in (
        ("verifikasi", ANI, "keuangan_opd"),
        ("setujui", ADMIN, "admin_bkd"),
        ("kunci", BPKAD, "bpkad"),
    ):
        assert (await dunia.putuskan("DISDIK", tindakan, who, peran)).status_code == 200
    told = await dunia.putuskan("DISDIK", "batalkan", BPKAD, "bpkad", json=ALASAN)
    assert told.json()["keadaan"] == "draf"
    await dunia.kerjakan()
    assert not await dunia.tpp.keluar(ItemPayable)
    assert len(await dunia.tpp.keluar(BatchCancelled)) == 1


async def test_the_key_is_made_once_for_however_many_processes_and_can_be_replaced(tmp_path: Path) -> None:
    signers = await asyncio.gather(*(asyncio.to_thread(Penanda, tmp_path) for _ in range(8)))
    assert len({one.tanda_tangani(b"x").nilai for one in signers}) == 1
    private = tmp_path / "payroll.key.json"
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    old = signers[0].tanda_tangani(b"x")
    private.rename(tmp_path / "lama.json")
    new = Penanda(tmp_path)
    kunci = Kunci(new.jwks)
    kunci.periksa(old.model_dump(), b"x")
    kunci.periksa(new.tanda_tangani(b"y").model_dump(), b"y")


async def test_the_page_takes_a_batch_back_once_however_often_it_is_sent(dunia: Dunia) -> None:
    path = f"/tpp/persetujuan/{BULAN}/DISDIK"

    async def page(*peran: str, unit: str | None = None) -> str:
        headers = dunia.tpp.kepala(BPKAD, *peran, unit=unit) | {"Accept": "text/html"}
        told = await dunia.tpp.client.get(path, headers=headers)
        assert told.status_code == 200
        return str(told.text)

    async def send(key: str, alasan: str, *peran: str) -> Any:
        headers = dunia.tpp.kepala(BPKAD, *peran) | {"Accept": "text/html"}
        form = {KEY: key, "alasan": alasan}
        return await dunia.tpp.client.post(f"{path}/batalkan", data=form, headers=headers)

    items = await locked(dunia)
    anonymous = await dunia.tpp.client.post(f"{path}/batalkan", data={"alasan": "Tanpa nama"})
    assert anonymous.status_code == 401
    for peran in ("keuangan_opd", "admin_bkd", "auditor"):
        assert (await send("kunci-orang-lain", "Bukan wewenangnya", peran)).status_code == 403
    assert "Batalkan penyerahan" not in await page("admin_bkd")
    assert "Batalkan penyerahan" in await page("bpkad")
    refused = await send("kunci-terlalu-singkat", "abc", "bpkad")
    assert (refused.status_code, "Alasan pembatalan" in refused.text) == (422, True)
    assert 'id="f-alasan"' in refused.text
    answers = await asyncio.gather(*(send("kunci-klik-ganda", ALASAN["alasan"], "bpkad") for _ in range(4)))
    # A click that comes while the first is still on its way is told to wait; none is done twice.
    assert {one.status_code for one in answers} == {303}
    assert len(await dunia.tpp.keluar(BatchCancelled)) == 1
    seen = await page("bpkad")
    assert "sistem penggajian" in seen
    assert "Batalkan penyerahan" not in seen
    again = await send("kunci-yang-lain-lagi", "Sekali lagi saja", "bpkad")
    assert again.status_code == 303
    await dunia.dengar(dibatalkan(items[0]), dibayar(items[1]), dibatalkan(items[2]))
    assert "sebagian sudah dibayar" in await page("bpkad")
