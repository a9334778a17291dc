"""One month in skp, from the spreadsheet to the closed count."""

from shared.contracts.base import Manifest
from shared.contracts.pegawai import KontakChanged, PegawaiChanged
from shared.contracts.periode import PeriodeClosed, PeriodeRoster
from shared.contracts.skp import REALISASI, RealisasiSubmitted, SkpApproved, SkpSubmitted
from tests.component.helpers import ATASAN, NIP, Pemda, pdf


async def test_a_month_from_the_spreadsheet_to_the_closed_count(pemda: Pemda) -> None:
    people = {event.nip: event for event in await pemda.layanan.keluar(PegawaiChanged)}
    assert set(people) == set(NIP.values())
    for who, nip in NIP.items():
        [segment] = people[nip].penempatan
        assert segment.atasan_id == (pemda.id[ATASAN[who]] if who in ATASAN else None)
    staf = people[NIP["staf1"]].penempatan[0]
    assert (staf.unit_path, staf.opd_kode) == ("PEMDA/DINKES/DINKES-1", "DINKES")
    assert len(await pemda.layanan.keluar(KontakChanged)) == len(NIP)

    bulan = await pemda.buka_bulan()
    plan = await pemda.skp_disetujui("staf1")
    [approved] = await pemda.layanan.keluar(SkpApproved)
    [submitted] = await pemda.layanan.keluar(SkpSubmitted)
    assert approved.version > submitted.version
    assert (approved.periode, approved.atasan_id) == (bulan, pemda.id["kabid"])
    assert [str(rhk.rhk_id) for rhk in approved.rhk] == [rhk["rhk_id"] for rhk in plan["rhk"]]

    sha256 = await pemda.unggah("staf1", pdf())
    receipt = await pemda.tulis(
        "staf1", "POST", "/api/skp/realisasi", json=pemda.realisasi(plan, bukti=[sha256], jumlah="2.5")
    )
    [told] = await pemda.layanan.keluar(RealisasiSubmitted)
    assert str(told.realisasi_id) == receipt["realisasi_id"]
    assert (str(told.jumlah), told.bukti[0].sha256, told.bukti[0].jenis) == ("2.5", sha256, "application/pdf")

    await pemda.tulis("admin", "POST", f"/api/skp/periode/{bulan}/tutup-pengiriman")
    await pemda.tulis("admin", "POST", f"/api/skp/periode/{bulan}/tutup")
    [roster] = await pemda.layanan.keluar(PeriodeRoster)
    [closed] = await pemda.layanan.keluar(PeriodeClosed)
    assert {who for who, _ in roster.pegawai} == set(pemda.id.values())
    assert (roster.version, closed.jumlah_pegawai) == (closed.version, len(NIP))
    assert _count(closed.manifest, REALISASI.name) == 1
    [shown] = (await pemda.baca("kabid", "/api/skp/realisasi", periode=str(bulan)))["data"]
    assert shown["bukti"] == [sha256]


def _count(manifest: Manifest, topic: str) -> int:
    return next(entry.count for entry in manifest.topics if entry.topic == topic)
