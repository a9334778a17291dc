"""From plain CSV to rupiah without a server: anybody can check, and nobody is zeroed by a bad row."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.tpp.cli import tpp
from services.tpp.kebijakan.reader import baca
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.masukan_teks import baca_teks
from shared.period import Period
from tests.unit.tpp.strategi import CONTOH

BONTANG = CONTOH / "bontang.yaml"
ANI, BUDI, CICI, DEDI = ("19800101200501100" + str(n) for n in range(1, 5))
PEGAWAI = f"""nip,nama,periode,kelas,status,golongan,plt_kelas
{ANI},Ani,2026-10,9,PNS,III/a,
{BUDI},Budi,2026-10,9,CPNS,II/c,11
{CICI},Cici,2026-10,9,PNS,IV/x,
{DEDI},Dedi,2026-10,9,PNS,III/a,
"""
KEHADIRAN = f"""nip;hadir;cuti;tanpa_keterangan;terlambat;pulang_cepat;tanpa_masuk;tanpa_pulang
{ANI};22;;;;;;
{BUDI};18;2;1;31, 5, 12, 90, 91;1;1;2
{CICI};22;;;;;;
{DEDI};22;;;minus dua;;;
1999;22;;;;;;
"""
NILAI = f"""nip,skp_disetujui,predikat,gaji
{ANI},ya,baik,4500000
{BUDI},ya,Butuh Perbaikan,Rp 4.500.000
{CICI},ya,baik,4500000
{DEDI},ya,baik,4500000
{DEDI},ya,baik,4500000
"""


def folder(path: Path, **files: str) -> Path:
    for name, text in {"pegawai": PEGAWAI, "kehadiran": KEHADIRAN, "nilai": NILAI, **files}.items():
        if text:
            (path / f"{name}.csv").write_text(text, encoding="utf-8")
    return path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def jalankan(data: Path, out: Path, kebijakan: Path = BONTANG) -> tuple[int, str]:
    done = CliRunner().invoke(
        tpp, ["hitung", "--kebijakan", str(kebijakan), "--data", str(data), "--keluaran", str(out)]
    )
    return done.exit_code, done.output


def test_the_shipped_examples_come_out_of_csv(tmp_path: Path) -> None:
    code, text = jalankan(folder(tmp_path), tmp_path / "hasil")
    assert code == 1, text
    assert "4 orang: 2 dihitung, 2 ditahan." in text
    found = {row["nip"]: row for row in rows(tmp_path / "hasil" / "hasil.csv")}
    assert [found[ANI][name] for name in ("status", "bruto", "potongan", "neto")] == [
        "dihitung", "5532975", "331977", "5200998",
    ]  # fmt: skip
    assert found[BUDI]["neto"] == "3957057"
    lines = rows(tmp_path / "hasil" / "baris.csv")
    for nip in (ANI, BUDI):
        assert sum(int(row["jumlah"]) for row in lines if row["nip"] == nip) == int(found[nip]["neto"])
    assert lines[0]["kalimat"] == "Beban kerja 60% dari TPP dasar kelas 9 (Rp 5.532.975) = Rp 3.319.785"
    assert lines[0]["pasal"] == "PP 12/2019 pasal 58"


def test_bad_rows_hold_their_person_and_say_where(tmp_path: Path) -> None:
    jalankan(folder(tmp_path), tmp_path / "hasil")
    found = {row["nip"]: row for row in rows(tmp_path / "hasil" / "hasil.csv")}
    for nip in (CICI, DEDI):
        assert (found[nip]["status"], found[nip]["alasan"]) == ("ditahan", "data_tidak_terbaca")
    problems = {
        (row["berkas"], row["baris"], row["kolom"]): row for row in rows(tmp_path / "hasil" / "masalah.csv")
    }
    assert set(problems) == {
        ("kehadiran.csv", "6", "nip"),
        ("nilai.csv", "6", "nip"),
        ("pegawai.csv", "4", "golongan"),
        ("pegawai.csv", "5", "terlambat"),
    }
    assert "tidak ada di pegawai.csv" in problems["kehadiran.csv", "6", "nip"]["alasan"]
    assert "ada dua kali" in problems["nilai.csv", "6", "nip"]["alasan"]
    assert problems["pegawai.csv", "4", "golongan"]["perbaikan"] == "tulis misalnya III/a"


def test_a_row_of_which_only_the_nip_is_believed_holds_that_person(tmp_path: Path) -> None:
    """Not left out of the result: somebody missing from a list is not looked for."""
    lost = "1,98001E+17"
    pegawai = PEGAWAI.replace(",Dedi,", ",Dedi, S.E.,") + f'"{lost}",Eka,2026-10,9,PNS,III/a,\n'
    code, text = jalankan(folder(tmp_path, pegawai=pegawai), tmp_path / "hasil")
    assert code == 1, text
    found = {row["nip"]: row["alasan"] for row in rows(tmp_path / "hasil" / "hasil.csv")}
    assert found == {ANI: "", BUDI: "", **dict.fromkeys((CICI, DEDI, lost), "data_tidak_terbaca")}
    told = {(row["nip"], row["alasan"]) for row in rows(tmp_path / "hasil" / "masalah.csv")}
    assert (DEDI, "isi lebih banyak dari judul kolom") in told
    assert any(nip == lost and "sudah hilang" in reason for nip, reason in told)


@pytest.mark.parametrize(
    ("berkas", "isi", "alasan"),
    [
        ("lain", f"nip,rapel\n{ANI},2026-08=abc\n", "nama abc tidak dikenal"),
        ("lain", f"nip,rapel\n{ANI},2026-08=\n", "rumus kosong"),
        (
            "segmen",
            f"nip,hari,hari_kerja,kelas,status,golongan,kosong\n{ANI},31,22,9,PNS,III/a,entah\n",
            "'entah' bukan ya atau tidak",
        ),
    ],
)
def test_what_is_rich_and_unreadable_holds_one_person_too(
    tmp_path: Path, berkas: str, isi: str, alasan: str
) -> None:
    code, text = jalankan(folder(tmp_path, **{berkas: isi}), tmp_path / "hasil")
    assert code == 1
    assert "4 orang: 1 dihitung, 3 ditahan." in text
    told = [row for row in rows(tmp_path / "hasil" / "masalah.csv") if row["nip"] == ANI]
    assert any(alasan in row["alasan"] for row in told), told


def test_arrears_are_never_cut_to_whole_rupiah_unseen() -> None:
    fakta = engine.penafsir(baca(BONTANG.read_bytes()), Period(2026, 10)).program.fakta
    written = {
        "periode": "2026-10",
        "kelas": 9,
        "status": "PNS",
        "golongan": "III/a",
        "rapel": {"2026-08": "1.500,50"},
    }
    found, wrong = baca_teks(written, fakta)
    assert found is None
    assert [(one.kolom, one.alasan) for one in wrong] == [("rapel", "'1.500,50' bukan rupiah")]
    found, wrong = baca_teks(written | {"rapel": {"2026-08": "-Rp 1.500,50"}}, fakta)
    assert found is None
    assert [one.alasan for one in wrong] == ["'Rp 1.500,50' bukan rupiah bulat"]


def test_a_file_that_cannot_be_used_at_all_lets_everybody_wait(tmp_path: Path) -> None:
    """Whose lateness it says is not known; paying without it would be paying too much."""
    absen = f"nip,terlambat,terlambat\n{ANI},5,40\n"
    code, text = jalankan(folder(tmp_path, absen=absen), tmp_path / "hasil")
    assert code == 1
    assert "4 orang: 0 dihitung, 4 ditahan." in text
    (told,) = [row for row in rows(tmp_path / "hasil" / "masalah.csv") if row["berkas"] == "absen.csv"]
    assert (told["baris"], told["kolom"]) == ("1", "terlambat")
    assert told["alasan"].startswith("judul kolom ini ada lebih dari satu")


def test_missing_facts_are_held_with_the_policys_reason(tmp_path: Path) -> None:
    data = folder(
        tmp_path,
        pegawai=PEGAWAI.splitlines()[0] + f"\n{ANI},Ani,2026-10,9,PNS,III/a,\n",
        kehadiran="",
        nilai="",
    )
    code, text = jalankan(data, tmp_path / "hasil")
    assert code == 0, text
    (row,) = rows(tmp_path / "hasil" / "hasil.csv")
    assert row["alasan"] == "skp_belum_selesai kehadiran_belum_ada gaji_belum_ada"


def test_unknown_columns_and_folders_are_named(tmp_path: Path) -> None:
    data = folder(tmp_path, nilai=NILAI.replace("predikat", "predikatt", 1))
    jalankan(data, tmp_path / "hasil")
    problems = rows(tmp_path / "hasil" / "masalah.csv")
    assert any(row["kolom"] == "predikatt" and row["perbaikan"] == "maksudnya predikat?" for row in problems)
    empty = tmp_path / "kosong"
    empty.mkdir()
    code, text = jalankan(empty, tmp_path / "hasil2")
    assert code == 2
    assert "pegawai.csv" in text


def test_a_month_of_two_jabatan_from_segmen(tmp_path: Path) -> None:
    (tmp_path / "pegawai.csv").write_text(
        "nip,periode,predikat_dari,kelas,jabatan,status,golongan,predikat,skp_disetujui,hadir,menit_aktivitas,gaji,"
        "ptkp,bruto_setahun\n"
        f"{ANI},2026-03,2026-02,9,Pelaksana,PNS,III/c,baik,ya,20,6600,4500000,TK/0,20000000\n"
    )
    (tmp_path / "segmen.csv").write_text(
        "nip,hari,hari_kerja,kelas,status,golongan,jabatan\n"
        f"{ANI},12,8,7,PNS,III/c,Pelaksana\n{ANI},19,12,9,PNS,III/c,Pelaksana\n"
    )
    code, text = jalankan(tmp_path, tmp_path / "hasil", CONTOH / "jawa-barat.yaml")
    assert code == 0, text
    (row,) = rows(tmp_path / "hasil" / "hasil.csv")
    assert row["bruto"] == "4860000"
    lines = rows(tmp_path / "hasil" / "baris.csv")
    assert lines[0]["kalimat"].endswith("; 8 dari 20 hari = Rp 1.248.000")


LENGKAP = "nip,periode,predikat_dari,kelas,jabatan,status,golongan,predikat,skp_disetujui,hadir,terlambat,"
LENGKAP += "pulang_cepat,menit_aktivitas,gaji,ptkp\n"


def test_one_impossible_person_is_told_of_and_the_rest_are_paid(tmp_path: Path) -> None:
    # The month before January 1900 is none: following the policy for this person ends in the middle.
    facts = "9,Pelaksana,PNS,III/c,baik,ya,20,,,6600,4500000,TK/0"
    (tmp_path / "pegawai.csv").write_text(
        LENGKAP + f"{ANI},1900-01,1900-01,{facts}\n{BUDI},2026-03,2026-02,{facts}\n"
    )
    code, text = jalankan(tmp_path, tmp_path / "hasil", CONTOH / "jawa-barat.yaml")
    assert code == 1, text
    assert "2 orang: 1 dihitung, 1 ditahan." in text
    found = {row["nip"]: row for row in rows(tmp_path / "hasil" / "hasil.csv")}
    assert (found[ANI]["status"], found[ANI]["alasan"]) == ("ditahan", "data_tidak_masuk_akal")
    assert found[BUDI]["bruto"] == "5500000"
    (problem,) = rows(tmp_path / "hasil" / "masalah.csv")
    assert (problem["berkas"], problem["baris"], problem["nip"]) == ("pegawai.csv", "2", ANI)
    assert "tidak dapat dihitung" in problem["alasan"]


def test_what_the_employer_pays_stands_apart(tmp_path: Path) -> None:
    facts = "9,Pelaksana,PNS,III/c,baik,ya,20,3=40,3=35,6600,4500000,TK/0"
    (tmp_path / "pegawai.csv").write_text(LENGKAP + f"{ANI},2026-03,2026-02,{facts}\n")
    code, text = jalankan(tmp_path, tmp_path / "hasil", CONTOH / "jawa-barat.yaml")
    assert code == 0, text
    (row,) = rows(tmp_path / "hasil" / "hasil.csv")
    # 4% of 5.412.000, and 0,24% and 0,72% of 4.500.000.
    assert (row["bruto"], row["iuran_pemberi_kerja"]) == ("5412000", str(216_480 + 10_800 + 32_400))
    lines = rows(tmp_path / "hasil" / "baris.csv")
    sums = {
        kind: sum(int(line["jumlah"]) for line in lines if line["jenis"] == kind)
        for kind in ("slip", "iuran_pemberi_kerja")
    }
    assert sums == {"slip": int(row["neto"]), "iuran_pemberi_kerja": int(row["iuran_pemberi_kerja"])}
    assert "Iuran pemberi kerja di sampingnya Rp 259.680." in text


def test_a_pack_is_run_and_its_differences_printed(tmp_path: Path) -> None:
    runner = CliRunner()
    done = runner.invoke(tpp, ["uji", str(BONTANG)])
    assert done.exit_code == 0
    assert "11 contoh, semuanya sesuai" in " ".join(done.output.split())
    wrong = tmp_path / "salah.yaml"
    text = BONTANG.read_text(encoding="utf-8")
    wrong.write_text(text.replace("neto: Rp 5.200.998", "neto: Rp 1"), encoding="utf-8")
    done = runner.invoke(tpp, ["uji", str(wrong)])
    assert done.exit_code == 1
    assert "neto seharusnya Rp 1, ternyata Rp 5.200.998" in " ".join(done.output.split())
    wrong.write_text(text.replace("persen: 3%", "persen: 3"), encoding="utf-8")
    done = runner.invoke(tpp, ["uji", str(wrong)])
    assert done.exit_code == 2
    assert "Perbaikan:" in done.output
    done = runner.invoke(tpp, ["beda", str(BONTANG), str(BONTANG)])
    assert "Tidak ada yang berubah." in done.output


def test_an_example_is_written_with_the_schema_that_it_names(tmp_path: Path) -> None:
    runner = CliRunner()
    listed = runner.invoke(tpp, ["contoh"])
    assert listed.exit_code == 0
    for path in CONTOH.glob("*.yaml"):
        assert path.stem in listed.output
        folder = tmp_path / path.stem
        done = runner.invoke(tpp, ["contoh", path.stem, "--keluaran", str(folder)])
        assert done.exit_code == 0, done.output
        made = folder / path.name
        first = made.read_text(encoding="utf-8").splitlines()[0]
        schema = folder / first.removeprefix("# yaml-language-server: $schema=")
        assert json.loads(schema.read_text(encoding="utf-8"))["title"] == "Kebijakan TPP"
        assert baca(made.read_bytes()).sidik == baca(path.read_bytes()).sidik
    mine = tmp_path / "bontang" / "bontang.yaml"
    assert runner.invoke(tpp, ["uji", str(mine)]).exit_code == 0
    mine.write_text("milik sendiri")
    again = runner.invoke(tpp, ["contoh", "bontang", "--keluaran", str(mine.parent)])
    assert (again.exit_code, mine.read_text()) == (1, "milik sendiri")
    assert "tidak ditimpa" in " ".join(again.output.split())
    unknown = runner.invoke(tpp, ["contoh", "bontan"])
    assert unknown.exit_code == 2
    assert "Pilih salah satu" in " ".join(unknown.output.split())
