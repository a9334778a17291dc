"""E-mail over real SMTP: once when the outcome is known, again when it may pass, never when refused."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr

from services.notification.pengiriman.kirim import kirim_surel
from shared.runtime import Running
from tests.component.layanan import Layanan
from tests.component.notification.fakta import (
    KADIS,
    STAF,
    STAF_LAIN,
    orang,
    skp,
    tpp,
)
from tests.surel import peladen_surel


def menuju(notification: Layanan, port: int, login: str = "") -> Running:
    """The service with this mail server."""
    settings = notification.running.settings.model_copy(
        update={
            "smtp_url": SecretStr(f"smtp://{login}127.0.0.1:{port}"),
            "smtp_from": "ekinerja@contoh.go.id",
        }
    )
    return replace(notification.running, settings=settings)


async def surel(notification: Layanan) -> list[tuple[str, int]]:
    rows = await notification.baris("SELECT keadaan, percobaan FROM surel ORDER BY dibuat_pada, id")
    return [(row["keadaan"], row["percobaan"]) for row in rows]


async def waktunya(notification: Layanan) -> None:
    """As if the pause were over."""
    await notification.baris("UPDATE surel SET coba_lagi_pada = now() WHERE keadaan = 'menunggu'")


async def test_a_mail_goes_out_once_and_says_nothing_it_should_not(notification: Layanan) -> None:
    await notification.dengar(*orang(KADIS), *orang(STAF), skp("diajukan"))
    async with peladen_surel() as peladen:
        running = menuju(notification, peladen.port)
        for _ in range(3):
            await kirim_surel(running)
        (message,) = peladen.diterima
    (row,) = await notification.baris("SELECT id, keadaan, percobaan FROM surel")
    assert (row["keadaan"], row["percobaan"]) == ("terkirim", 1)
    assert message["Message-ID"] == f"<{row['id']}@contoh.go.id>"
    assert message["To"] == "Kartika Dewi <kartika@contoh.go.id>"
    assert message["From"] == "ekinerja@contoh.go.id"
    assert message["Subject"] == "SKP 2026 menunggu persetujuan Anda"
    assert message["Auto-Submitted"] == "auto-generated"
    text = message.get_content()
    assert "Yth. Kartika Dewi," in text
    assert "Slamet" not in text


async def test_no_amount_of_money_is_mailed(notification: Layanan) -> None:
    await notification.dengar(*orang(STAF), tpp("dihitung"), tpp("dibayar", version=2))
    async with peladen_surel() as peladen:
        await kirim_surel(menuju(notification, peladen.port))
        assert len(peladen.diterima) == 2
        for message in peladen.diterima:
            assert not {"876", "8.876.543"} & set(message.as_string().replace(",", ".").split())
            assert "TPP saya" in message.get_content()


async def test_the_mail_goes_on_in_the_trace_of_its_event(notification: Layanan) -> None:
    await notification.dengar(*orang(KADIS), skp("diajukan"))
    (row,) = await notification.baris("SELECT traceparent FROM surel")
    assert row["traceparent"].split("-")[1] == "0af7651916cd43dd8448eb211c80319c"


async def test_two_senders_at_once_send_each_mail_once(notification: Layanan) -> None:
    await notification.dengar(*orang(STAF), *(skp("disetujui", version=n) for n in range(1, 61)))
    async with peladen_surel() as peladen:
        running = menuju(notification, peladen.port)

        async def sender() -> None:
            while await kirim_surel(running):
                pass

        await asyncio.gather(*(sender() for _ in range(3)))
        ids = [message["Message-ID"] for message in peladen.diterima]
    assert len(ids) == len(set(ids)) == 60
    assert set(await surel(notification)) == {("terkirim", 1)}


@pytest.mark.parametrize("answer", ["550 no such user", "data 554 not wanted"])
async def test_a_refused_mail_is_never_tried_again_and_stops_nobody(
    notification: Layanan, answer: str
) -> None:
    await notification.dengar(*orang(STAF), skp("disetujui"), *orang(KADIS), skp("diajukan"))
    async with peladen_surel() as peladen:
        peladen.perintah["slamet"] = answer
        for _ in range(2):
            await waktunya(notification)
            await kirim_surel(menuju(notification, peladen.port))
        assert peladen.untuk() == ["kartika@contoh.go.id"]
    assert sorted(await surel(notification)) == [("ditolak", 1), ("terkirim", 1)]
    (refused,) = await notification.baris("SELECT sebab FROM surel WHERE keadaan = 'ditolak'")
    assert refused["sebab"].startswith(answer.removeprefix("data ")[:3])


async def test_not_now_is_tried_again_later(notification: Layanan) -> None:
    await notification.dengar(*orang(STAF), skp("disetujui"))
    async with peladen_surel() as peladen:
        running = menuju(notification, peladen.port)
        peladen.perintah["slamet"] = "451 greylisted"
        await kirim_surel(running)
        await kirim_surel(running)
        assert await surel(notification) == [("menunggu", 1)]
        pause = await notification.nilai("SELECT coba_lagi_pada - now() FROM surel")
        assert 50 < pause.total_seconds() <= 60
        peladen.perintah.clear()
        await waktunya(notification)
        await kirim_surel(running)
        assert peladen.untuk() == ["slamet@contoh.go.id"]
    assert await surel(notification) == [("terkirim", 2)]


async def test_giving_up_after_the_last_attempt(notification: Layanan) -> None:
    await notification.dengar(*orang(STAF), skp("disetujui"))
    await notification.baris("UPDATE surel SET percobaan = 13")
    async with peladen_surel() as peladen:
        peladen.perintah["slamet"] = "451 greylisted"
        await kirim_surel(menuju(notification, peladen.port))
    assert [state for state, _ in await surel(notification)] == ["gagal"]


async def test_a_server_that_is_away_costs_no_attempt(notification: Layanan) -> None:
    await notification.dengar(*orang(STAF), *(skp("disetujui", version=n) for n in (1, 2, 3)))
    async with peladen_surel() as peladen:
        port = peladen.port
    assert await kirim_surel(menuju(notification, port)) is False
    assert await surel(notification) == [("menunggu", 0)] * 3
    await waktunya(notification)
    async with peladen_surel(port=port) as peladen:
        await kirim_surel(menuju(notification, port))
        assert len(peladen.diterima) == 3


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
async def test_a_wrong_password_is_our_trouble_and_not_the_mails(notification: Layanan) -> None:
    await notification.dengar(*orang(STAF), skp("disetujui"))
    async with peladen_surel(sandi="benar") as peladen:
        await kirim_surel(menuju(notification, peladen.port, "ekinerja:salah@"))
        assert await surel(notification) == [("menunggu", 0)]
        await waktunya(notification)
        await kirim_surel(menuju(notification, peladen.port, "ekinerja:benar@"))
        assert len(peladen.diterima) == 1


async def test_an_unknown_outcome_is_repeated_recognisably(notification: Layanan) -> None:
    await notification.dengar(*orang(STAF), skp("disetujui"), *orang(KADIS), skp("diajukan"))
    async with peladen_surel() as peladen:
        running = menuju(notification, peladen.port)
        peladen.perintah["slamet"] = "putus"
        for _ in range(3):
            await waktunya(notification)
            await kirim_surel(running)
        sent = [(to, message["Message-ID"]) for to, message in zip(peladen.untuk(), peladen.diterima)]  # noqa: B905
    assert len([to for to, _ in sent if to.startswith("kartika")]) == 1
    repeated = [message_id for to, message_id in sent if to.startswith("slamet")]
    assert len(repeated) == 2
    assert len(set(repeated)) == 1
    assert sorted(state for state, _ in await surel(notification)) == ["terkirim", "terkirim"]


async def test_a_sender_that_died_leaves_its_mails_to_others_after_the_lease(notification: Layanan) -> None:
    await notification.dengar(*orang(STAF), skp("disetujui"))
    await notification.baris(
        "UPDATE surel SET pemegang = gen_random_uuid(), dipegang_sampai = now() + interval '1 minute'"
    )
    async with peladen_surel() as peladen:
        running = menuju(notification, peladen.port)
        await kirim_surel(running)
        assert peladen.diterima == []
        await notification.baris("UPDATE surel SET dipegang_sampai = now() - interval '1 second'")
        await kirim_surel(running)
        assert len(peladen.diterima) == 1


async def test_without_an_address_the_message_stays_in_the_inbox(notification: Layanan) -> None:
    await notification.dengar(*orang(STAF_LAIN, email=None), skp("disetujui", STAF_LAIN))
    async with peladen_surel() as peladen:
        await kirim_surel(menuju(notification, peladen.port))
        assert peladen.diterima == []
    assert await surel(notification) == [("tanpa_surel", 0)]


async def test_an_address_that_comes_later_is_waited_for(notification: Layanan) -> None:
    await notification.dengar(skp("disetujui"))
    async with peladen_surel() as peladen:
        running = menuju(notification, peladen.port)
        await kirim_surel(running)
        assert await surel(notification) == [("menunggu", 0)]
        await notification.dengar(*orang(STAF))
        await waktunya(notification)
        await kirim_surel(running)
        assert peladen.untuk() == ["slamet@contoh.go.id"]


async def test_an_address_that_is_none_is_refused_here(notification: Layanan) -> None:
    await notification.dengar(
        *orang(STAF, email="slamet@contoh.go.id\r\nBcc: x@y.z"),
        skp("disetujui"),
        *orang(KADIS),
        skp("diajukan"),
    )
    async with peladen_surel() as peladen:
        await kirim_surel(menuju(notification, peladen.port))
        assert peladen.untuk() == ["kartika@contoh.go.id"]
    assert sorted(await surel(notification)) == [("ditolak", 1), ("terkirim", 1)]


async def test_without_a_mail_server_messages_stay_in_the_inbox(notification: Layanan) -> None:
    await notification.dengar(*orang(STAF), skp("disetujui"))
    assert notification.running.settings.smtp is None
    assert await kirim_surel(notification.running) is True
    assert await kirim_surel(notification.running) is False
    assert await surel(notification) == [("tanpa_surel", 0)]
    async with peladen_surel() as peladen:
        # A server set later does not send the past.
        await kirim_surel(menuju(notification, peladen.port))
        assert peladen.diterima == []


async def test_mail_is_queued_with_its_message_or_not_at_all(notification: Layanan) -> None:
    broken: Any = skp("disetujui", version=2)
    with pytest.raises(ValueError, match="event ditolak"):
        await notification.dengar(skp("disetujui"), replace(broken, payload="{}"))
    assert await notification.nilai("SELECT count(*) FROM surel") == 0
