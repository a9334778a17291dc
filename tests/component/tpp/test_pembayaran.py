"""What payroll answers: paid stays paid, in any order and however often; nothing unknown is ever paid."""

from itertools import permutations
from uuid import uuid4

import pytest

from shared.contracts.payroll import ItemPayable
from shared.contracts.tpp import TppPaid, TppPaymentFailed
from shared.testing.feed import feed
from tests.component.tpp.dunia import ANI, BPKAD, BULAN, Dunia, dibayar, gagal


async def locked(dunia: Dunia) -> list[ItemPayable]:
    await dunia.jalankan()
    await dunia.kunci("DISDIK")
    return sorted(await dunia.tpp.keluar(ItemPayable), key=lambda item: item.version)


async def payments(dunia: Dunia) -> list[tuple[str, str | None, str | None]]:
    rows = await dunia.tpp.baris("SELECT keadaan, referensi, alasan FROM pembayaran ORDER BY urutan")
    return [(row["keadaan"], row["referensi"], row["alasan"]) for row in rows]


async def test_paid_and_failed_are_recorded_and_told(dunia: Dunia) -> None:
    first, second, _ = await locked(dunia)
    await dunia.dengar(dibayar(first), gagal(second, version=2))
    assert await payments(dunia) == [
        ("dibayar", "SP2D-1", None),
        ("gagal", None, "Rekening ditolak 2"),
        ("menunggu", None, None),
    ]
    (paid,) = await dunia.tpp.keluar(TppPaid)
    (failed,) = await dunia.tpp.keluar(TppPaymentFailed)
    assert (paid.pegawai_id, paid.neto, paid.version) == (first.pegawai_id, first.neto, 2)
    assert (failed.pegawai_id, failed.alasan) == (second.pegawai_id, "Rekening ditolak 2")
    rekap = (await dunia.lihat(f"/rekap/{BULAN}", BPKAD, "bpkad")).json()["jumlah"]
    assert (rekap["dibayar"], rekap["gagal"], rekap["dibayar_rupiah"]) == (1, 1, str(first.neto))
    if first.pegawai_id == ANI:
        slip = (await dunia.lihat(f"/slip/{BULAN}/saya", ANI)).json()
        assert slip["pembayaran"]["keadaan"] == "dibayar"


async def test_every_order_of_the_answers_ends_paid_once(dunia: Dunia) -> None:
    item, *_ = await locked(dunia)
    for order in permutations((1, 2, 3)):
        answers = {1: gagal(item, version=1), 2: dibayar(item, version=2), 3: gagal(item, version=3)}
        before = len(await dunia.tpp.keluar(TppPaid))
        await dunia.tpp.baris("UPDATE pembayaran SET keadaan = 'menunggu', version = 0, referensi = NULL")
        for number in order:
            await dunia.dengar(answers[number], answers[number])
        assert (await payments(dunia))[0] == ("dibayar", "SP2D-2", None), order
        assert len(await dunia.tpp.keluar(TppPaid)) == before + 1


async def test_an_answer_given_twice_under_two_ids_changes_nothing(dunia: Dunia) -> None:
    item, *_ = await locked(dunia)
    await dunia.dengar(dibayar(item), dibayar(item, version=7))
    state = await payments(dunia)
    await dunia.dengar(dibayar(item, version=9))
    assert await payments(dunia) == state
    assert len(await dunia.tpp.keluar(TppPaid)) == 1


async def test_an_unknown_payment_goes_to_the_dead_letters_and_the_rest_goes_on(dunia: Dunia) -> None:
    first, second, _ = await locked(dunia)
    unknown = dibayar(first.model_copy(update={"item_id": uuid4(), "batch_id": uuid4()}))
    elsewhere = dibayar(second, batch_id=uuid4())
    for wrong in (unknown, elsewhere):
        with pytest.raises(ValueError, match="bukan bagian batch"):
            await feed(dunia.tpp.service, dunia.tpp.database, [wrong])
    await feed(dunia.tpp.service, dunia.tpp.database, [unknown, dibayar(first), elsewhere], strict=False)
    assert [state for state, _, _ in await payments(dunia)] == ["dibayar", "menunggu", "menunggu"]
    dead = await dunia.tpp.baris("SELECT cause FROM kernel.dead_letter ORDER BY id")
    assert len(dead) == 2
    assert all("bukan bagian batch" in row["cause"] for row in dead)
