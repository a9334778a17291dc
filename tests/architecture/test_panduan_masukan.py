"""What the guides say of files is what the product reads, and from whom."""

import re
from pathlib import Path

import pytest

from services.tpp.authz import AUTHZ
from services.tpp.bulanan.cabut import CABUT_BULANAN
from services.tpp.bulanan.pages import IMPOR_BULANAN
from services.tpp.fakta.halaman import IMPOR_FAKTA
from services.tpp.gaji.jenis import CABUT_GAJI, JENIS_GAJI
from services.tpp.kehadiran.profil import baca, bawaan

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "panduan"
PANDUAN, KEPEGAWAIAN, KEUANGAN = (
    (FOLDER / f"{nama}.md").read_text("utf-8") for nama in ("kehadiran", "kepegawaian", "keuangan")
)
BERKAS = [
    row
    for text in (PANDUAN, KEPEGAWAIAN, KEUANGAN)
    for row in re.findall(r"^\| `([a-z-]+)` \| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE)
]
PERAN = {"pengelola": "pengelola", "admin BKD": "admin_bkd", "keuangan OPD": "keuangan_opd", "BPKAD": "bpkad"}
KOLOM = {kind.name: [*kind.columns[0][1]] for kind in (*IMPOR_FAKTA, *IMPOR_BULANAN)}


def _tanpa_keterangan(sel: str) -> list[str]:
    return [one.strip() for one in re.sub(r"\([^)]*\)", "", sel).split(",")]


@pytest.mark.parametrize(("nama", "kolom", "siapa"), BERKAS, ids=[nama for nama, *_ in BERKAS])
def test_columns_and_roles_of_each_file(nama: str, kolom: str, siapa: str) -> None:
    assert _tanpa_keterangan(kolom) == KOLOM[nama]
    may = {grant.peran for grant in AUTHZ["POST", f"/api/tpp/impor/{nama}"].grants}
    assert {PERAN[one] for one in _tanpa_keterangan(siapa)} == may


def test_every_file_of_dated_facts_stands_in_a_guide() -> None:
    told = {nama for nama, *_ in BERKAS}
    gaji = {one.nama for one in JENIS_GAJI}
    taken_back = {one.nama for one in (*CABUT_GAJI, *CABUT_BULANAN)}
    assert told == {kind.name for kind in IMPOR_FAKTA} - gaji - taken_back
    # Those stand beside the files whose facts they take back.
    assert all(nama in PANDUAN + KEUANGAN for nama in taken_back)


def test_profiles_written_in_the_guide_can_be_read_and_shipped_ones_are_named() -> None:
    written = re.findall(r"```yaml\n(.*?)```", PANDUAN, re.DOTALL)
    assert {baca(text).susunan for text in written} == {"harian", "bulanan"}
    assert all(f"`{kode}`" in PANDUAN for kode in bawaan())


def test_addresses_named_in_the_guide_are_routes() -> None:
    named = set(re.findall(r"`(GET|POST) (/api/tpp/[^`?]+)(?:\?[^`]*)?`", PANDUAN + KEPEGAWAIAN + KEUANGAN))
    assert named
    unknown = {one for one in named if "<jenis>" not in one[1]} - set(AUTHZ)
    assert not unknown
