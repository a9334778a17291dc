"""Deciding about the plans of one's people: by keyboard, several after a look, sending back, too late."""

from typing import Any

from tests.browser.conftest import Visit, person
from tests.browser.test_realisasi import enter, kirim, to
from tests.component.helpers import rencana
from tests.dunia import Dunia

TAHUN = 2051


def bawahan(dunia: Dunia, nip: str) -> list[dict[str, Any]]:
    return dunia.jalankan(dunia.klien.semua(nip, "/api/skp/bawahan", tahun=TAHUN))


def ajukan(dunia: Dunia, nip: str) -> dict[str, Any]:
    made = kirim(dunia, nip, "POST", "/api/skp/skp", rencana(TAHUN))
    told: dict[str, Any] = kirim(dunia, nip, "POST", f"/api/skp/skp/{made['skp_id']}/ajukan")
    return told


def test_several_by_keyboard_one_sent_back_one_too_late(visit: Visit, dunia: Dunia) -> None:
    # Whoever has the most people, so that there is something to choose from.
    boss, people = max(
        ((one.nip, bawahan(dunia, one.nip)) for one in dunia.pemda.orang), key=lambda pair: len(pair[1])
    )
    assert len(people) >= 4
    plans = [ajukan(dunia, one["nip"]) for one in people[:4]]
    names = {row["skp_id"]: row["nama"] for row in bawahan(dunia, boss) if row["skp_id"]}
    with visit(boss, allow=("422",)) as who:
        who.open(f"/skp/bawahan?tahun={TAHUN}")
        who.sees("4 menunggu keputusan Anda")
        who.check("bawahan-daftar")
        for plan in sorted(plans[:2], key=lambda one: names[one["skp_id"]]):
            to(who, f"Pilih {names[plan['skp_id']]}")
            who.page.keyboard.press("Space")
        to(who, "Periksa yang dipilih")
        enter(who)
        assert who.page.get_by_role("heading", level=2).count() == 2
        who.check("bawahan-periksa")
        to(who, "Setujui 2 SKP ini")
        enter(who)
        who.sees("2 SKP disetujui dan mulai berlaku.")

        who.open(f"/skp/bawahan?tahun={TAHUN}&keadaan=diajukan")
        who.page.get_by_role("link", name=names[plans[2]["skp_id"]], exact=True).click()
        who.check("bawahan-keputusan")
        to(who, "Kembalikan dengan alasan")
        enter(who)
        who.press("Kembalikan SKP")
        who.sees("Ada isian yang belum benar.")
        who.check("bawahan-kembalikan-salah")
        who.fill("Apa yang perlu diperbaiki", "Target RHK 1 belum menyebut satuannya.")
        who.press("Kembalikan SKP")
        who.sees("SKP dikembalikan beserta alasan Anda.")

        # While one looks, the plan comes back as another version.
        who.open(f"/skp/bawahan/periksa?tahun={TAHUN}")
        late, owner = f"/api/skp/skp/{plans[3]['skp_id']}", people[3]["nip"]
        kirim(dunia, boss, "POST", f"{late}/kembalikan", {"catatan": "Perbaiki targetnya dahulu."})
        kirim(dunia, owner, "PUT", late, rencana(TAHUN))
        kirim(dunia, owner, "POST", f"{late}/ajukan")
        who.press("Setujui 1 SKP ini")
        who.sees("Isi SKP ini sudah berubah")
        who.check("bawahan-hasil")
        who.page.get_by_role("link", name=names[plans[3]["skp_id"]]).click()
        who.press("Setujui SKP ini")
        who.sees(f"SKP {names[plans[3]['skp_id']]} disetujui dan mulai berlaku.")
        assert who.page.url.endswith(f"/skp/bawahan?tahun={TAHUN}")
    states = {row["skp_id"]: row["keadaan"] for row in bawahan(dunia, boss) if row["skp_id"]}
    assert [states[plan["skp_id"]] for plan in plans] == [
        "disetujui",
        "disetujui",
        "dikembalikan",
        "disetujui",
    ]


def test_who_has_nobody_and_who_may_not_decide(visit: Visit, dunia: Dunia) -> None:
    with visit("pegawai", allow=("403",)) as who:
        who.open("/skp/bawahan")
        who.sees("Tidak ada pegawai yang Anda nilai.")
        who.check("bawahan-kosong")
        who.open("/skp/bawahan/periksa")
        who.sees("Tidak ada SKP yang menunggu keputusan Anda.")
        me = dunia.jalankan(dunia.klien.ambil(person(dunia, "pegawai"), "/api/skp/saya"))
        rows = dunia.jalankan(dunia.klien.semua(person(dunia, "pegawai"), "/api/skp/skp", tahun=2026))
        mine = next(row["skp_id"] for row in rows if row["pegawai_id"] == me["pegawai_id"])
        who.open(f"/skp/bawahan/{mine}/kembalikan", 403)
    with visit("admin") as who:
        who.open("/skp/bawahan")
        who.open(f"/skp/bawahan/{mine}/kembalikan")
        who.sees("Anda bukan pejabat penilai pegawai ini pada hari ini.")
        who.check("bawahan-bukan-penilai")
