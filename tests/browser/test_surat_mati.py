"""Dead letters seen and applied again by who runs the system: progress that survives a reload."""

import time
from collections.abc import Sequence

from playwright.sync_api import expect

from shared.contracts.pegawai import KontakChanged
from shared.db import Database, Tx
from shared.ids import uuid7
from shared.inbox import Received, on
from shared.testing import Feed
from tests.browser.conftest import Visit
from tests.browser.ukuran import Ukur
from tests.dunia import Dunia

BANYAK = 1200
PATH = "/notifikasi/surat-mati"


async def racun(dunia: Dunia) -> None:
    """Events of one person, the first of which this version cannot apply: the others wait behind it."""
    database = Database(dunia.platform.environment()["EKINERJA_DB_NOTIFICATION_APP"], size=2)
    await database.open()

    async def refuse(tx: Tx, batch: Sequence[Received[KontakChanged]]) -> None:
        raise KeyError("versi ini belum mengenalnya")

    who = uuid7()
    events = [
        KontakChanged(version=version, pegawai_id=who, nama="Orang Contoh", email=None)
        for version in range(1, BANYAK + 1)
    ]
    await Feed("notification", database, [on(KontakChanged, refuse)]).deliver(events, strict=False)
    await database.close()


def test_letters_are_applied_again_and_a_reload_loses_nothing(visit: Visit, dunia: Dunia, ukur: Ukur) -> None:
    dunia.jalankan(racun(dunia))
    with visit("bpkad", allow=("403",)) as who:
        who.open(PATH, 403)
    with visit("admin") as who:
        who.open("/skp/surat-mati")
        who.check("surat-mati-kosong")
        who.page.get_by_role("link", name="Pesan", exact=True).click()
        who.sees("KeyError")
        assert "belum mengenalnya" not in who.page.content()
        who.page.locator("summary", has_text="Terapkan ulang semua").click()
        who.sees("1.200 event akan dicoba lagi")
        who.check("surat-mati")
        began = time.monotonic()
        who.sends("Ya, terapkan ulang")
        who.page.reload()
        expect(who.page.get_by_text("1.200 event diterapkan pada putaran terakhir.")).to_be_visible()
        spent = time.monotonic() - began
        who.sees("Tidak ada surat mati.")
        who.check("surat-mati-selesai")
    ukur(
        "U9",
        f"menerapkan ulang {BANYAK} event, dimuat ulang sekali, sampai selesai",
        round(spent, 1),
        "s",
        None,
    )
