"""An answered objection is told to the person alone, once; a new one to whoever has to answer."""

import random

from services.notification.templat.kata import Orang, surel
from tests.component.layanan import Layanan
from tests.component.notification.fakta import KADIS, STAF, STAF_LAIN, keberatan_dijawab, orang
from tests.component.notification.test_colek import KEUANGAN, KEUANGAN_LAIN, akun, colek, kotak, surat


async def test_the_answer_reaches_the_person_and_nobody_else_in_any_order_and_number(
    notification: Layanan,
) -> None:
    facts = [*orang(STAF), keberatan_dijawab(), keberatan_dijawab(diterima=False)] * 3
    random.Random(3).shuffle(facts)
    for fact in facts:
        await notification.dengar(fact)
    found = await kotak(notification, STAF)
    assert sorted((one["judul"], one["tempat"]) for one in found) == [
        ("Keberatan Anda atas TPP November 2026 diterima", "TPP saya"),
        ("Keberatan Anda atas TPP November 2026 ditolak", "TPP saya"),
    ]
    for who, peran in ((STAF_LAIN, ()), (KADIS, ("admin_bkd",))):
        assert await kotak(notification, who, *peran) == []
    assert await surat(notification) == [STAF, STAF]
    for kind in await notification.baris("SELECT jenis, data FROM notifikasi"):
        mail = surel(kind["jenis"], kind["data"], Orang("Slamet Riyadi", None))
        assert "sudah dijawab" in mail.isi


async def test_an_objection_reaches_who_has_to_answer(notification: Layanan) -> None:
    await notification.dengar(
        *orang(STAF),
        akun(KEUANGAN, "keuangan_opd", "PEMDA/DISDIK"),
        akun(KEUANGAN_LAIN, "keuangan_opd", "PEMDA/DINKES"),
        colek("keberatan", kepada=None, peran="keuangan_opd", unit="PEMDA/DISDIK/DISDIK-1"),
    )
    (message,) = await kotak(notification, KEUANGAN, "keuangan_opd", unit="PEMDA/DISDIK")
    assert (message["jenis"], message["tempat"]) == ("colek_keberatan", "Keberatan TPP")
    assert message["isi"].startswith("Dari Slamet Riyadi")
    assert await kotak(notification, KEUANGAN_LAIN, "keuangan_opd", unit="PEMDA/DINKES") == []
    assert await surat(notification) == [KEUANGAN]
