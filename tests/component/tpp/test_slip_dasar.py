"""Data behind a slip: all that any line of a shipped policy rests on, with a source that can be found."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest

from services.tpp.perhitungan import engine
from services.tpp.perhitungan.dasar import nama_data
from services.tpp.perhitungan.penafsir import data_langkah
from services.tpp.slip.queries import dokumen
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BPKAD,
    BUDI,
    BULAN,
    KEUANGAN,
    NIP_DARI,
    OKTOBER,
    ORANG,
    Dunia,
    csv,
    dibuka,
    dinilai,
    hadir_semua,
    kebijakan,
    pegawai,
)
from tests.component.tpp.paket import BERAS, simpan_paket

HTML = {"Accept": "text/html"}
SEPTEMBER = OKTOBER.plus(-1)
CONTOH_MUNDUR = b"""
uji:
  - nama: Bulan sebelumnya belum dinilai
    masukan: {periode: 2026-10, predikat_dari: 2026-09, kelas: 9, status: PNS, golongan: III/a,
              skp_disetujui: ya, hadir: 20, gaji: 4500000}
    harap: {ditahan: [predikat_belum_ada]}
"""
"""The one worked example of a policy that pays by the month before."""


class Halaman(HTMLParser):
    """The anchors of a page and the links to them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if known.get("id"):
            self.ids.append(str(known["id"]))
        if tag == "a" and known.get("href"):
            self.links.append(str(known["href"]))

    @property
    def menuju(self) -> set[str]:
        """What links on this page lead to on this page."""
        return {link[1:] for link in self.links if link.startswith("#")}


async def halaman(dunia: Dunia, path: str, who: Any, *peran: str, unit: str | None = None) -> str:
    answer = await dunia.tpp.client.get(path, headers=dunia.tpp.kepala(who, *peran, unit=unit) | HTML)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


@pytest.mark.parametrize("nama", BERAS)
async def test_every_input_of_every_line_is_shown_and_no_link_is_dead(tpp: Layanan, nama: str) -> None:
    dunia = Dunia(tpp)
    paket = await simpan_paket(dunia, nama)
    seen = 0
    for one in paket.contoh:
        month = one.masukan.periode
        text = await halaman(dunia, f"/tpp/saya/{month}", one.pegawai_id)
        page = Halaman(text)
        assert len(page.ids) == len(set(page.ids)), one.kasus
        shown = [name.removeprefix("data-") for name in page.ids if name.startswith("data-")]
        slip = (await dunia.lihat(f"/slip/{month}/saya", one.pegawai_id)).json()
        assert shown == [data["nama"] for group in slip["dasar"] for data in group["data"]]
        if one.hasil.status == "ditahan":
            continue
        seen += 1
        program = engine.penafsir(paket.kebijakan, month).program
        asked = data_langkah(program, month.month)
        steps = {step.kode: step for step in program.langkah}
        bands = {
            band.kode: step for step in program.langkah if step.pita for band in program.tabel[step.pita].pita
        }
        for line in slip["baris"]:
            step = steps.get(line["kode"]) or bands[line["kode"]]
            assert line["data"] == list(dict.fromkeys(map(nama_data, asked[step.kode]))), line["kode"]
            for name in line["data"]:
                assert name in shown, (one.kasus, line["kode"], name)
        sums = {
            kind: sum(int(line["jumlah"]) for line in slip["baris"] if line["potongan"] == kind)
            for kind in (True, False)
        }
        assert (sums[False], -sums[True]) == (int(slip["bruto"]), int(slip["potongan"])), one.kasus
        assert {link for link in page.menuju if link.startswith("data-")} <= set(page.ids), one.kasus
        assert page.menuju - {"isi"} <= set(page.ids), one.kasus
        led = {
            link for link in page.links if link.startswith(("/tpp/saya/2", "/tpp/kehadiran/2", "/tpp/surat"))
        }
        assert not any(link.startswith("/penilaian/pegawai") for link in page.links), "nobody was rated"
        for link in led:
            await halaman(dunia, link, one.pegawai_id)
        assert ("rapel" in shown, "segmen" in shown) == (bool(one.masukan.rapel), bool(one.masukan.segmen))
    assert seen


async def test_each_source_names_event_letter_or_file(dunia: Dunia) -> None:
    surat = csv(
        ("nip", "jenis", "mulai", "sampai", "nomor surat"),
        (NIP_DARI[ANI], "sakit", "2026-10-05", "2026-10-06", "445/12"),
    )
    told = await dunia.kirim("/impor/cuti", ADMIN, "admin_bkd", content=surat, params={"berkas": "cuti.csv"})
    assert told.json()["diterapkan"], told.text
    await dunia.jalankan()
    slip = (await dunia.lihat(f"/slip/{BULAN}/saya", ANI)).json()
    groups = {one["kode"]: one for one in slip["dasar"]}
    facts = {one["nama"]: one for group in slip["dasar"] for one in group["data"]}

    def said(sources: list[dict[str, Any]]) -> list[str]:
        return [one["kalimat"] for one in sources]

    assert said(groups["pegawai"]["asal"]) == ["Catatan kepegawaian di BKD"]
    assert said(groups["predikat"]["asal"]) == ["Hasil akhir penilaian"]
    events = ["pegawai.changed versi 1", "penilaian.finalised versi 1"]
    assert [groups[kode]["asal"][0]["peristiwa"] for kode in ("pegawai", "predikat")] == events
    assert facts["predikat"]["judul"] == "Predikat Oktober 2026"
    assert said(facts["gaji"]["asal"]) == ["Berkas gaji.csv"]
    assert said(facts["cuti"]["asal"]) == ["Surat 445/12 (sakit), 5 Oktober 2026 sampai 6 Oktober 2026"]
    assert facts["cuti"]["isi"] == "2 hari"
    [days] = groups["kehadiran"]["asal"]
    assert re.fullmatch(r"\d+ hari dari berkas hadir.csv", days["kalimat"])
    assert all(one["pada"] for one in (*groups["pegawai"]["asal"], *groups["predikat"]["asal"], days))
    # The page says what the paper says; what an event is called stands folded, for whoever traces it.
    page = await halaman(dunia, f"/tpp/saya/{BULAN}", ANI)
    open_part, _, folded = page.partition("Untuk menelusuri di sistem")
    assert all(one in folded and one not in open_part for one in events)
    assert not re.search(r"[a-z]+\.(changed|finalised|recorded|predikat-set)", open_part)
    paper = await dunia.tpp.database.run(lambda tx: dokumen(tx, OKTOBER, ANI, "https://uji", "WIB"))
    groups_of_paper = paper["dasar"]
    printed = {one["asal"] for group in groups_of_paper for one in (group, *group["data"]) if one["asal"]}
    assert len(printed) > 3
    assert all(text in unescape(open_part) for text in printed)


async def test_a_source_is_the_one_of_the_figure_also_when_it_was_replaced_since(dunia: Dunia) -> None:
    await dunia.jalankan()
    await dunia.kunci("DISDIK")
    told = await dunia.gaji((NIP_DARI[ANI], 5_100_000), berkas="gaji-baru.csv")
    assert told["diterapkan"]
    await dunia.kehadiran(
        hadir_semua(BUDI).replace(b"07:25", b"07:20"), alasan="Jam mesin", berkas="mesin.csv"
    )
    await dunia.dengar(pegawai(ANI, version=2))
    for who, peran in ((ANI, ()), (KEUANGAN, ("keuangan_opd",))):
        slip = (await dunia.lihat(f"/slip/{BULAN}/{ANI}", who, *peran, unit="PEMDA/DISDIK")).json()
        facts = {one["nama"]: one for group in slip["dasar"] for one in group["data"]}
        assert facts["gaji"]["isi"] == "Rp 4.500.000"
        assert [one["kalimat"] for one in facts["gaji"]["asal"]] == ["Berkas gaji.csv"]
        [told] = slip["dasar"][0]["asal"]
        assert (told["kalimat"], bool(told["pada"])) == ("Catatan kepegawaian di BKD", True)
        assert told["peristiwa"] == "pegawai.changed versi 1"
    slip = (await dunia.lihat(f"/slip/{BULAN}/{BUDI}", BPKAD, "bpkad")).json()
    [days] = next(one["asal"] for one in slip["dasar"] if one["kode"] == "kehadiran")
    assert days["kalimat"].endswith("hari dari berkas hadir.csv")


async def test_a_lagged_policy_names_the_month_of_its_predikat_and_leads_there(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    rules, _, _ = kebijakan().replace(b"mundur: 0", b"mundur: 1").partition(b"\nuji:\n")
    await dunia.kebijakan(rules + CONTOH_MUNDUR)
    await dunia.dengar(*(pegawai(who) for who in ORANG), dibuka(bulan=SEPTEMBER))
    await dunia.dengar(*(dinilai(who, 4, bulan=SEPTEMBER) for who in ORANG))
    await dunia.siapkan_tanpa_kebijakan()
    await dunia.jalankan()
    slip = (await dunia.lihat(f"/slip/{BULAN}/saya", ANI)).json()
    group = next(one for one in slip["dasar"] if one["kode"] == "predikat")
    told = {one["nama"]: (one["judul"], one["isi"]) for one in group["data"]}
    assert told["predikat"] == ("Predikat September 2026", "Kurang")
    assert [one["kalimat"] for one in group["asal"]] == ["Hasil akhir penilaian"]
    page = Halaman(await halaman(dunia, f"/tpp/saya/{BULAN}", ANI))
    assert f"/penilaian/pegawai/{SEPTEMBER}/{ANI}" in page.links
    assert f"/penilaian/pegawai/{BULAN}/{ANI}" not in page.links
