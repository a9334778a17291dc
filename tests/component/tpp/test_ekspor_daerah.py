"""SIPD and nominatif for every shipped policy: each rupiah where the policy says, and all of them add up."""

from typing import Any

import pytest

from services.tpp.kebijakan.kriteria import kriteria
from services.tpp.kebijakan.model import KRITERIA
from services.tpp.slip.queries import dokumen
from shared.db import Tx
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ANI,
    BPKAD,
    BULAN,
    CICI,
    NIP_DARI,
    OKTOBER,
    ORANG,
    Dunia,
    kebijakan,
    pegawai,
    segmen,
)
from tests.component.tpp.paket import BERAS, Contoh, simpan_paket
from tests.component.tpp.test_ekspor import lembar, rekening
from tests.component.tpp.test_rekening import baris

SIPD = (
    "belanja_tpp_beban_kerja", "belanja_tpp_tempat_bertugas", "belanja_tpp_kondisi_kerja",
    "belanja_tpp_kelangkaan_profesi", "belanja_tpp_prestasi_kerja",
)  # fmt: skip
POTONGAN = ("iwp_1%", "tunjangan_iuran_simpanan_tapera", "pph_21", "zakat", "bulog", "koperasi")

BESARAN = {
    ("banjarmasin", "Puskesmas, aktivitas cukup, triwulan lalu Kurang"): (
        2_652_000,
        {"beban_kerja": 1_458_600, "prestasi_kerja": 875_160},
    ),
    ("banjarmasin", "Laboratorium, hadir penuh"): (
        3_900_000,
        {"beban_kerja": 1_950_000, "prestasi_kerja": 1_170_000, "kondisi_kerja": 780_000},
    ),
    ("dki", "JPT menurut indikator"): (17_000_000, {"beban_kerja": 16_320_000}),
    ("kaltim", "Terlambat, apel, dan sakit lima hari"): (7_300_000, {"beban_kerja": 6_205_000}),
    ("jawa-barat", "Bulan biasa, TK/0"): (7_128_000, {"beban_kerja": 5_733_907, "kondisi_kerja": 1_046_333}),
}
"""Worked by hand: the full amount, and what of the gross each criterion gets. Banjarmasin's Puskesmas:
1.657.500 and 994.500 in full; 629.850 + 663.000 + 165.750 and 377.910 + 397.800 + 99.450 earned. Jawa Barat:
4.840.000 and 1.188.000 of peran, 1.100.000; 6.780.240 earned, of it 6.028/7.128 and 1.100/7.128."""


async def isi(dunia: Dunia, people: list[Contoh], profil: str) -> dict[str, dict[str, Any]]:
    """The rows of a file of every month of these people, by NIP and name of column."""
    found: dict[str, dict[str, Any]] = {}
    for month in sorted({one.masukan.periode for one in people}):
        told = await dunia.lihat(f"/berkas/{month}/{profil}", BPKAD, "bpkad")
        assert told.status_code == 200, told.text
        head, *rows = lembar(told.content)
        names = [str(name) for name in head]
        place = names.index("nip" if "nip" in names else "NIP")
        found |= {str(row[place]): dict(zip(names, row, strict=True)) for row in rows if row[place]}
    return found


@pytest.mark.parametrize("nama", BERAS)
async def test_every_shipped_policy_goes_into_its_columns_to_the_rupiah(tpp: Layanan, nama: str) -> None:
    dunia = Dunia(tpp)
    paket = await simpan_paket(dunia, nama)
    computed = [one for one in paket.contoh if one.hasil.status == "dihitung"]
    paid = [one for one in computed if one.hasil.neto > 0]
    await rekening(
        dunia, *(baris(ANI, NIP=one.nip, NIK=f"317101010185{at:04d}") for at, one in enumerate(paid))
    )
    sipd = await isi(dunia, paid, "sipd-tpp")
    assert sipd.keys() == {one.nip for one in paid}
    lines = kriteria(paket.kebijakan).baris
    assert set(lines.values()) <= set(KRITERIA)
    for one in paid:
        row, hasil = sipd[one.nip], one.hasil
        belanja = [int(row[name]) for name in SIPD]
        dipotong = [int(row[name]) for name in POTONGAN]
        assert sum(belanja) == hasil.bruto, one.kasus
        assert sum(dipotong) == row["jumlah_potongan"] == hasil.potongan, one.kasus
        assert sum(belanja) - sum(dipotong) == row["jumlah_ditransfer"] == hasil.neto, one.kasus
        # Nothing is written under a criterion that no line of this slip belongs to.
        mine = {lines[line.kode] for line in hasil.baris if line.kode in lines}
        written = {name.removeprefix("belanja_tpp_") for name in SIPD if row[name]}
        assert written <= mine, one.kasus
        assert row["pns_pppk"] == {"CPNS": "PNS"}.get(one.masukan.status, one.masukan.status)
        if (nama, one.kasus) in BESARAN:
            besaran, expected = BESARAN[nama, one.kasus]
            assert row["tpp_maksimum"] == besaran, one.kasus
            told = {name.removeprefix("belanja_tpp_"): row[name] for name in SIPD if row[name]}
            assert told == expected, one.kasus
    assert {kasus for policy, kasus in BESARAN if policy == nama} <= {one.kasus for one in paid}
    nominatif = await isi(dunia, computed, "nominatif")
    for one in computed:
        row, arrears = nominatif[one.nip], sum(amount for _, amount in one.masukan.rapel)
        assert (row["Jumlah"], row["Diterima"]) == (one.hasil.bruto, one.hasil.neto), one.kasus
        assert int(row["BPJS"]) + int(row["PPh 21"]) + int(row["Potongan Lain"]) == one.hasil.potongan
        assert int(row["Besaran"]) >= one.hasil.bruto - arrears, one.kasus
        assert int(row["Besaran"]) > 0 or one.hasil.bruto == 0, one.kasus
        share = float(str(row["%"]).replace(",", "."))
        assert share == pytest.approx(100 * one.hasil.bruto / int(row["Besaran"]), abs=0.005)
        assert share <= 100 or arrears > 0, one.kasus


async def test_a_line_of_no_criterion_is_not_put_under_another(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    text = kebijakan("umum-60-40").decode()
    own = text.replace("    kriteria: beban_kerja\n", "").replace(
        "  - bagian: kriteria\n    sifat: asumsi\n    catatan: Tambahan Plt ditulis pada beban kerja\n", ""
    )
    assert own.count("kriteria") == text.count("kriteria") - 2
    await dunia.kebijakan(own.encode())
    await dunia.siapkan_tanpa_kebijakan(skip=frozenset({"tutup"}))
    await dunia.dengar(pegawai(ANI, segmen(ANI, plt=9), version=2))
    assert await dunia.tutup(versions={ANI: 2}) == 0
    await dunia.jalankan()
    await dunia.kunci("DISDIK")
    await rekening(dunia, *(baris(who, NIK=f"317101010185{at:04d}") for at, who in enumerate(ORANG[:3])))
    told = await dunia.lihat(f"/berkas/{BULAN}/sipd-tpp", BPKAD, "bpkad")
    assert told.status_code == 409
    assert "(tambahan_plt) tidak menyebut kriteria TPP" in told.json()["detail"]
    assert NIP_DARI[ANI] in told.json()["detail"]
    assert NIP_DARI[CICI] not in told.json()["detail"]
    assert "Tulis kriteria: pada langkah itu" in told.json()["remedy"]
    # A list to be signed has no criteria: the line is part of the amount.
    head, *people = lembar((await dunia.lihat(f"/berkas/{BULAN}/nominatif", BPKAD, "bpkad")).content)
    place = head.index("Besaran")
    assert all(row[place] > 0 for row in people[:3])
    # A region that knows better says so in a profile of its own.
    folder = tpp.running.settings.home / "profil"
    folder.mkdir(parents=True)
    (folder / "x.yaml").write_text(
        "bentuk: 1\nkode: sendiri\nnama: Sendiri\njenis: csv\nhanya: dikunci\nsumber: [uji]\n"
        "kriteria: {beban: [beban_kerja, kondisi_kerja, tempat_bertugas], plt: [tambahan_plt]}\n"
        "kolom:\n  - {judul: A, teks: nip}\n  - {judul: B, rupiah: kriteria.beban}\n"
        "  - {judul: C, rupiah: kriteria.plt}\n"
    )
    told = await dunia.lihat(f"/berkas/{BULAN}/sendiri", BPKAD, "bpkad")
    assert told.status_code == 200, told.text
    mine = [line.split(";") for line in told.content.decode("utf-8-sig").splitlines()[1:]]
    bruto = {row["nip"]: row["bruto"] for row in await tpp.baris("SELECT nip, bruto FROM tpp_bulan")}
    assert all(int(beban) + int(plt) == bruto[nip.strip('"')] for nip, beban, plt in mine)
    assert [int(plt) > 0 for _, _, plt in mine] == [True, False, False]


async def test_the_status_and_kind_of_jabatan_are_those_of_the_month(dunia: Dunia) -> None:
    kinds = dict(zip(ORANG[:3], ("Administrator", "Pengawas", "Pelaksana"), strict=True))
    where = {who: segmen(who).model_copy(update={"jenis_jabatan": kind}) for who, kind in kinds.items()}
    await dunia.dengar(*(pegawai(who, one, version=2) for who, one in where.items()))
    await dunia.jalankan()
    await dunia.kunci("DISDIK")
    await rekening(dunia, *(baris(who, NIK=f"317101010185{at:04d}") for at, who in enumerate(ORANG[:3])))
    # Cici, a CPNS in October, is a PNS by the time the file is made and the slip printed.
    await dunia.dengar(pegawai(CICI, where[CICI], version=3, status="PNS"))
    head, *people = lembar((await dunia.lihat(f"/berkas/{BULAN}/sipd-tpp", BPKAD, "bpkad")).content)
    told = {row[1]: row[head.index("tipe_jabatan")] for row in people}
    assert [told[NIP_DARI[who]] for who in ORANG[:3]] == ["Struktural", "Struktural", "Pelaksana"]
    folder = dunia.tpp.running.settings.home / "profil"
    folder.mkdir(parents=True)
    (folder / "status.yaml").write_text(
        "bentuk: 1\nkode: status\nnama: Status\njenis: csv\nhanya: dikunci\nsumber: [uji]\n"
        "kolom:\n  - {judul: A, teks: nip}\n  - {judul: B, teks: status}\n"
    )
    text = (await dunia.lihat(f"/berkas/{BULAN}/status", BPKAD, "bpkad")).content.decode("utf-8-sig")
    assert f'"{NIP_DARI[CICI]}";"CPNS"' in text.splitlines()

    async def read(tx: Tx) -> dict[str, Any]:
        return await dokumen(tx, OKTOBER, CICI, "https://uji", "WIB")

    printed = await dunia.tpp.database.run(read)
    assert ["Status", "CPNS"] in printed["identitas"][1]
