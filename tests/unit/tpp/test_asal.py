"""Every fact that a policy can name has a way into the server, and codes of a policy are known."""

from fractions import Fraction
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tpp.authz import AUTHZ
from services.tpp.consumers import SUBSCRIPTIONS
from services.tpp.daerah.ejaan import baca, pilih, tulis
from services.tpp.daerah.jenis import JENIS_DAERAH
from services.tpp.kebijakan.asal import ASAL, DAERAH, kode_dikenal, tanpa_asal
from services.tpp.kebijakan.fakta import FAKTA, Fakta
from services.tpp.kebijakan.reader import baca as baca_kebijakan
from services.tpp.kebijakan.reader import letak
from services.tpp.perhitungan.masukan_teks import NilaiSalah

CONTOH = {
    path.name: path.read_text(encoding="utf-8")
    for path in (files("services.tpp.kebijakan") / "contoh").iterdir()
    if path.name.endswith(".yaml")
}
SATUAN = ("rupiah", "persen", "bilangan", "menit", "hari", "kali")


def test_no_fact_is_without_a_source() -> None:
    """A new fact is added to the table of sources together with its way in, or this fails."""
    assert set(ASAL) == {*FAKTA, "sanksi_terbesar", "sanksi_jumlah"}


@pytest.mark.parametrize("asal", sorted({*ASAL.values(), DAERAH}), ids=lambda one: one.sebutan)
def test_every_source_is_a_topic_that_is_heard_or_a_route_that_is_open(asal: object) -> None:
    heard = {one.event.TOPIC.name for one in SUBSCRIPTIONS}
    assert asal.jalan in heard or ("POST", asal.jalan) in AUTHZ  # type: ignore[attr-defined]


def test_imports_are_called_what_their_pages_are_called() -> None:
    told = {one.jalan.rpartition("/")[2]: one.sebutan for one in (*ASAL.values(), DAERAH)}
    assert {nama: told[nama] for nama in JENIS_DAERAH} == {
        nama: jenis.judul for nama, jenis in JENIS_DAERAH.items()
    }


@pytest.mark.parametrize("nama", sorted(CONTOH))
def test_a_policy_that_rests_on_a_fact_without_a_source_is_told_of_with_its_line(nama: str) -> None:
    policy = baca_kebijakan(CONTOH[nama])
    assert list(tanpa_asal(policy)) == []
    without = {name: origin for name, origin in ASAL.items() if name != "gaji"}
    found = letak(CONTOH[nama], tanpa_asal(policy, without))
    if "gaji" not in CONTOH[nama].replace("gaji_belum_ada", ""):
        assert found == []
        return
    (one,) = found
    assert "fakta gaji tidak mempunyai sumber" in one.alasan
    lines = CONTOH[nama].splitlines()
    step = "\n".join(lines[one.baris - 1 : one.baris + 14])
    assert (one.bagian.split(".")[0], "gaji" in step) == ("langkah", True)
    assert one.perbaikan


def test_codes_are_those_of_tables_and_comparisons() -> None:
    known = {nama: kode_dikenal(baca_kebijakan(text)) for nama, text in CONTOH.items()}
    assert known["jawa-barat.yaml"]["peran"] == {"bendahara", "pengurus_barang", "ppk", "pptk"}
    assert known["jawa-barat.yaml"]["potongan_lain"] == {"koperasi"}
    assert known["banjarmasin.yaml"]["lokasi"] == {"LABORATORIUM", "TPA"}
    assert known["seluma.yaml"]["eselon"] == {"II.a", "II.b", "III.a", "III.b", "IV.a", "IV.b"}
    assert "peran" not in known["umum-60-40.yaml"]


@given(st.sampled_from(SATUAN), st.integers(0, 10**12))
def test_what_is_kept_reads_as_what_was_written(satuan: str, banyak: int) -> None:
    fact = Fakta("nilai", satuan, "tambahan", "Nilai", kosong="nilai")  # type: ignore[arg-type]
    told = {"persen": f"{banyak // 10_000},{banyak % 10_000:04d}%"}.get(satuan, str(banyak))
    if satuan == "bilangan":
        told = f"{banyak // 10**6},{banyak % 10**6:06d}"
    kept = tulis(told, fact)
    assert tulis(kept, fact) == kept
    value = baca(kept, satuan)
    assert isinstance(value, int | Fraction)
    assert value * {"persen": 10**6, "bilangan": 10**6}.get(satuan, 1) == banyak
    # Under a policy that calls it another quantity it is not known, and is never taken for that.
    for other in (*(one for one in SATUAN if one != satuan), "ya_tidak"):
        with pytest.raises(NilaiSalah):
            baca(kept, other)


@pytest.mark.parametrize(
    ("tertulis", "tersimpan"), [("ii b", "II.b"), ("II.B", "II.b"), ("iib", "II.b"), ("-", "")]
)
def test_codes_are_taken_however_they_are_spelled(tertulis: str, tersimpan: str) -> None:
    assert pilih(tertulis, ("II.a", "II.b")) == tersimpan
    with pytest.raises(NilaiSalah, match="tidak dikenal"):
        pilih("II", ("II.a", "II.b"))
