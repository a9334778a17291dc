"""What changed between two versions, in words and in rupiah."""

from services.tpp.kebijakan.model import Kebijakan
from services.tpp.kebijakan.reader import baca
from services.tpp.perhitungan.beda import beda
from tests.unit.tpp.strategi import CONTOH

TEXT = (CONTOH / "bontang.yaml").read_text(encoding="utf-8")
LAMA = baca(TEXT)


def versi(*changes: tuple[str, str]) -> Kebijakan:
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return baca(text)


def test_the_same_text_differs_in_nothing() -> None:
    assert beda(LAMA, versi(("# Contoh menurut", "# Catatan lain menurut"))) == []


def test_a_changed_cell_tells_what_it_does() -> None:
    found = beda(LAMA, versi(("      9: Rp 5.532.975", "      9: Rp 6.000.000")))
    assert found[0] == "Tabel TPP dasar: kelas 9 dari Rp 5.532.975 menjadi Rp 6.000.000."
    assert found[1] == (
        "Contoh Bulan penuh, Baik (Oktober 2026): dari bruto Rp 5.532.975, diterima Rp 5.200.998 menjadi "
        "bruto Rp 6.000.000, diterima Rp 5.640.000."
    )


def test_steps_bands_holds_and_order() -> None:
    baru = versi(
        ("berlaku_mulai: 2026-01-01", "berlaku_mulai: 2026-07-01"),
        ("    persen: 3%", "    persen: 5%"),
        (
            'mulai: 1 menit, sampai: 30 menit, nilai: "0,5%"',
            'mulai: 1 menit, sampai: 30 menit, nilai: "0,6%"',
        ),
        ("PNS: 100%, CPNS: 80%", "PNS: 100%, CPNS: 90%"),
        ("    pemilik: keuangan_opd", "    pemilik: bpkad"),
    )
    found = beda(LAMA, baru)
    assert found[:5] == [
        "Berlaku mulai: dari 1 Januari 2026 menjadi 1 Juli 2026.",
        "Tabel Bagian menurut status: status CPNS dari 80% menjadi 90%.",
        "Tabel Potongan keterlambatan: pita Terlambat TL1, nilai dari 0,5% menjadi 0,6%.",
        "Langkah Tidak hadir tanpa keterangan: persen dari 3% menjadi 5%.",
        "Penahanan gaji_belum_ada: pemilik dari keuangan_opd menjadi bpkad.",
    ]
    assert all(sentence.startswith("Contoh ") for sentence in found[5:])


def test_a_step_that_is_new_and_one_that_is_gone() -> None:
    first, second = TEXT.index("  - kode: prestasi_kerja"), TEXT.index("  - kode: tambahan_plt")
    baru = versi(
        (TEXT[first:second], ""),
        ("beban_kerja + prestasi_kerja", "beban_kerja"),
        ("[beban_kerja, prestasi_kerja]", "beban_kerja"),
        ("baris: {beban_kerja: Rp 3.319.785, prestasi_kerja: Rp 2.213.190, ", "baris: {"),
    )
    assert "Langkah Prestasi kerja dihapus." in beda(LAMA, baru)
    assert "Langkah Prestasi kerja baru." in beda(baru, LAMA)


def test_what_was_law_and_which_examples_prove_it() -> None:
    """The second person puts it into force by what is told here."""
    _, _, second, *_ = TEXT[TEXT.index("\nuji:\n") :].split("\n  - nama: ")
    title = second.partition("\n")[0]
    found = beda(LAMA, versi(("    sifat: hukum", "    sifat: asumsi"), (f"\n  - nama: {second}", "")))
    assert f"Contoh hitungan {title} dihapus." in found
    assert [one for one in found if one.startswith("Asal ") and "dari hukum (" in one and "asumsi (" in one]


def test_an_example_that_looks_at_less_is_told_of() -> None:
    found = beda(LAMA, versi(("      bruto: Rp 5.532.975\n", "")))
    assert found == ["Contoh hitungan Bulan penuh, Baik: harap bruto dari diperiksa menjadi (kosong)."]


def test_another_name_of_a_table_is_told_of() -> None:
    assert beda(LAMA, versi(("    nama: TPP dasar", "    nama: Besaran TPP"))) == [
        "Tabel Besaran TPP: nama dari TPP dasar menjadi Besaran TPP."
    ]
