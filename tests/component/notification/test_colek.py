"""A nudge arrives: in the right inbox, once, whatever order things come in; by e-mail once a day."""

import random
from typing import Any
from uuid import UUID, uuid4

from shared.contracts.colek import ColekSent
from shared.contracts.pegawai import AkunChanged, Peran
from shared.testing.feed import Recorded
from tests.component.layanan import Layanan
from tests.component.notification.fakta import KADIS, NOVEMBER, SEKDA, STAF, STAF_LAIN, orang

KEUANGAN, KEUANGAN_LAIN = uuid4(), uuid4()


def colek(
    hal: str = "skp",
    *,
    dari: UUID = STAF,
    kepada: UUID | None = KADIS,
    peran: str | None = None,
    unit: str | None = None,
) -> Recorded:
    return Recorded.of(
        ColekSent(
            version=1,
            colek_id=uuid4(),
            hal=hal,
            dari_id=dari,
            kepada_id=kepada,
            kepada_peran=peran,
            kepada_unit=unit,
            tentang_id=dari,
            bulan=NOVEMBER,
            tahun=2026,
            kalimat="SKP tahun 2026 menunggu keputusan.",
        )
    )


def akun(who: UUID, peran: str, unit: str | None, generation: int = 1, aktif: bool = True) -> Recorded:
    return Recorded.of(
        AkunChanged(
            version=generation,
            pegawai_id=who,
            generation=generation,
            aktif=aktif,
            peran=(Peran(peran=peran, unit_path=unit),),
        )
    )


async def kotak(
    notification: Layanan, who: UUID, *peran: str, unit: str | None = None
) -> list[dict[str, Any]]:
    answer = await notification.client.get(
        "/api/notifikasi/kotak", headers=notification.kepala(who, *peran, unit=unit)
    )
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


async def surat(notification: Layanan) -> list[UUID]:
    return [row["penerima_id"] for row in await notification.baris("SELECT penerima_id FROM surel")]


async def test_it_reaches_the_person_and_nobody_else(notification: Layanan) -> None:
    await notification.dengar(*orang(STAF), colek())
    (message,) = await kotak(notification, KADIS)
    assert message["judul"] == "Pengingat: SKP 2026 menunggu keputusan Anda"
    assert message["isi"].startswith("Slamet Riyadi (NIP 19850101 201001 1 002) mengingatkan Anda.")
    for who, peran in ((STAF, ()), (SEKDA, ()), (uuid4(), ("admin_bkd",))):
        assert await kotak(notification, who, *peran) == []
    assert await surat(notification) == [KADIS]


async def test_any_order_and_number_give_one_message(notification: Layanan) -> None:
    facts = [*orang(STAF), *orang(KADIS), colek("penilaian"), colek("tpp"), colek("penetapan")]
    shuffled = facts * 3
    random.Random(7).shuffle(shuffled)
    for fact in shuffled:
        await notification.dengar(fact)
    assert len(await kotak(notification, KADIS)) == 3
    assert len(await surat(notification)) == 3


async def test_many_nudges_of_a_day_are_many_messages_and_one_mail(notification: Layanan) -> None:
    await notification.dengar(*(colek(dari=who) for who in (STAF, STAF_LAIN, SEKDA)))
    assert len(await kotak(notification, KADIS)) == 3
    assert await surat(notification) == [KADIS]


async def test_a_role_is_reminded_for_its_unit_only(notification: Layanan) -> None:
    await notification.dengar(
        akun(KEUANGAN, "keuangan_opd", "PEMDA/DISDIK"),
        akun(KEUANGAN_LAIN, "keuangan_opd", "PEMDA/DINKES"),
        colek("penetapan", kepada=None, peran="keuangan_opd", unit="PEMDA/DISDIK/DISDIK-1"),
    )
    (message,) = await kotak(notification, KEUANGAN, "keuangan_opd", unit="PEMDA/DISDIK")
    for unit in ("PEMDA/DINKES", "PEMDA/DIS", "PEMDA/DISDIK/DISDIK-2"):
        assert await kotak(notification, KEUANGAN_LAIN, "keuangan_opd", unit=unit) == []
    assert await kotak(notification, KEUANGAN_LAIN, "pengelola", unit="PEMDA/DISDIK") == []
    assert await surat(notification) == [KEUANGAN]
    path = f"/api/notifikasi/{message['id']}/dibaca"
    for unit, status in (("PEMDA/DINKES", 403), ("PEMDA/DISDIK", 200)):
        headers = notification.kepala(KEUANGAN, "keuangan_opd", unit=unit)
        assert (await notification.client.post(path, headers=headers)).status_code == status


async def test_mail_goes_to_who_holds_the_role_now(notification: Layanan) -> None:
    await notification.dengar(
        akun(KEUANGAN, "bpkad", None, 1),
        akun(KEUANGAN, "auditor", None, 3),
        akun(KEUANGAN, "bpkad", None, 2),
        akun(KEUANGAN_LAIN, "bpkad", None, 1),
        akun(SEKDA, "bpkad", None, 1, aktif=False),
        colek("penetapan", kepada=None, peran="bpkad"),
    )
    assert await surat(notification) == [KEUANGAN_LAIN]
    assert len(await kotak(notification, KEUANGAN_LAIN, "bpkad")) == 1


async def test_an_unknown_matter_is_told_in_general_words(notification: Layanan) -> None:
    await notification.dengar(colek("hal_yang_belum_dikenal"))
    (message,) = await kotak(notification, KADIS)
    assert message["jenis"] == "colek_lain"


async def test_all_up_to_what_was_seen_is_marked_read(notification: Layanan) -> None:
    await notification.dengar(colek("tpp"), colek("penilaian"))
    newest = (await kotak(notification, KADIS))[0]
    await notification.dengar(colek("skp"))
    url, body = "/api/notifikasi/dibaca-semua", {"sampai": newest["waktu"]}
    anonymous = await notification.client.post(url, headers={"Idempotency-Key": "tanpa-nama-1"}, json=body)
    assert anonymous.status_code == 401
    other = await notification.client.post(url, headers=notification.kepala(STAF), json=body)
    assert other.json() == {"ditandai": 0}
    told = await notification.client.post(url, headers=notification.kepala(KADIS), json=body)
    assert told.json() == {"ditandai": 2}
    assert [row["dibaca"] for row in await kotak(notification, KADIS)] == [False, True, True]
    bad = await notification.client.post(
        url, headers=notification.kepala(KADIS), json={"sampai": "2026-11-01T00:00:00"}
    )
    assert bad.status_code == 422
