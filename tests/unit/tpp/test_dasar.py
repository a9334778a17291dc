"""Data of a slip in words: letters, earlier months, parts of a month, own facts, what is missing."""

from datetime import UTC, date, datetime
from typing import Any

from services.tpp.kebijakan.model import Kebijakan
from services.tpp.kebijakan.reader import baca
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.dasar import Catatan, DataSlip, Kabar, KelompokData, bulan_disebut, data_dipakai
from services.tpp.perhitungan.rules import Kehadiran, Masukan, Peran, Sanksi, Segmen, Setahun
from shared.period import Period
from tests.unit.tpp.strategi import CONTOH

PADA = datetime(2026, 11, 3, 2, tzinfo=UTC)
HADIR = Kehadiran(15, 5, 0, (59, 60), (), 0, 1, (("sakit", 5),), 0, 1, 0, 20)


def contoh(nama: str) -> Kebijakan:
    return baca((CONTOH / f"{nama}.yaml").read_bytes())


def orang(periode: str, **lain: Any) -> Masukan:
    usual: dict[str, Any] = {"predikat": 2, "kehadiran": HADIR, "gaji": 4_500_000}
    return Masukan(
        Period.parse(periode), kelas=9, status="PNS", golongan="III/c", plt_kelas=None, skp_disetujui=True,
        **{**usual, **lain},
    )  # fmt: skip


def catatan(tabel: str, berkas: str | None = None, oleh: str = "sistem:impor", **isi: Any) -> Catatan:
    row = {"diubah_pada": PADA.isoformat(), "diubah_oleh": oleh, "version": 1, "dicabut": False, **isi}
    return Catatan(tabel, row, berkas)


def hari(tanggal: int, **isi: Any) -> Catatan:
    usual = dict.fromkeys(("permohonan_id", "absen_terlewat", "tanpa_apel", "tanpa_upacara"))
    return catatan(
        "kehadiran_harian", **{"tanggal": f"2026-10-{tanggal:02d}", "keterangan": "", **usual, **isi}
    )


def susun(
    nama: str, m: Masukan, *rows: Catatan, kabar: Kabar | None = None, slip: tuple[str, ...] = ()
) -> tuple[dict[str, KelompokData], dict[str, DataSlip]]:
    program = engine.penafsir(contoh(nama), m.periode).program
    found = data_dipakai(program, m, rows, kabar, [Period.parse(one) for one in slip], sementara=False)
    return {one.kode: one for one in found}, {one.nama: one for group in found for one in group.data}


def test_letters_are_named_with_their_number_and_days() -> None:
    m = orang("2026-10", sanksi=(Sanksi("pp94_ringan", Period(2026, 7)),))
    groups, data = susun(
        "kaltim",
        m,
        catatan("surat", jenis="sanksi", kode="pp94_ringan", mulai="2026-07-01", sampai=None, nomor="800/7"),
        catatan("surat", jenis="cuti", kode="sakit", mulai="2026-10-05", sampai="2026-10-09", nomor="445/1"),
        catatan("surat", jenis="cuti", kode="sakit", mulai="2026-10-12", sampai="2026-10-12", nomor="445/2",
                dicabut=True),
    )  # fmt: skip
    told = data["sanksi_terbesar"]
    assert told.isi == "Tidak masuk 11 sampai 13 hari setahun (Juli 2026 sampai Desember 2026)"
    assert [one.kalimat for one in told.asal] == ["Surat 800/7 (pp94 ringan), sejak 1 Juli 2026"]
    assert (data["hari_cuti"].isi, data["tanpa_apel"].isi) == ("Sakit 5 hari", "1 kali")
    assert [one.kalimat for one in data["hari_cuti"].asal] == [
        "Surat 445/1 (sakit), 5 Oktober 2026 sampai 9 Oktober 2026"
    ]
    assert data["terlambat"].isi == "2 kali: 59, 60 menit"
    assert (groups["sanksi"].tujuan, groups["sanksi"].bila_keliru) == ("surat", "admin BKD")
    # The policy pays by no predikat: there is nothing to show of it.
    assert "predikat" not in groups


def test_days_are_counted_by_where_each_was_told() -> None:
    groups, _ = susun(
        "kaltim",
        orang("2026-10"),
        hari(1)._replace(berkas="hadir.csv"),
        hari(2)._replace(berkas="hadir.csv"),
        hari(3, diubah_oleh="mesin:presensi"),
        hari(4, permohonan_id="x")._replace(berkas="hadir.csv"),
        hari(5, keterangan=None),
    )
    assert [one.kalimat for one in groups["kehadiran"].asal] == [
        "2 hari dari berkas hadir.csv",
        "1 hari dari mesin presensi",
        "1 hari dari permohonan koreksi yang disetujui",
    ]
    assert [one.peristiwa for one in groups["kehadiran"].asal] == ["", "kehadiran.recorded", ""]
    assert all(one.pada == PADA for one in groups["kehadiran"].asal)


def test_the_year_the_parts_and_the_arrears_name_their_months() -> None:
    m = orang(
        "2026-12",
        ptkp="K/1",
        menit_aktivitas=6600,
        setahun=Setahun(50_000_000, 0, 2_000_000, (("saldo:2026-09", 2), ("2026-10", 3), ("2026-11", 1))),
        rapel=((Period(2026, 8), -150_000),),
        segmen=(
            Segmen(15, 11, 7, "PNS", "III/b", "Analis", plt_kelas=9),
            Segmen(16, 11, 9, "PNS", "III/c", "Auditor"),
        ),
        peran=(Peran("bendahara", date(2026, 1, 1)),),
        potongan_lain=(("koperasi", 250_000),),
        ikut_zakat=True,
    )
    groups, data = susun(
        "jawa-barat",
        m,
        catatan("saldo_pajak", "saldo.csv", sampai="2026-09"),
        catatan("ptkp", "ptkp.xlsx", ptkp="TK/0", mulai="2025-01-01"),
        catatan("ptkp", "ptkp.xlsx", ptkp="K/1", mulai="2026-06-01"),
        catatan("gaji", "gaji.csv", gaji=4_400_000, mulai="2000-01-01"),
        catatan("surat", jenis="peran", kode="bendahara", mulai="2026-01-01", sampai=None, nomor="900/1"),
        catatan("fakta_bulanan", "aktivitas.xlsx", nama="menit_aktivitas", nilai=6600),
        slip=("2026-10", "2026-08"),
    )
    assert bulan_disebut(m) == [Period(2026, 8), Period(2026, 10), Period(2026, 11)]
    told = data["bruto_setahun"]
    assert told.isi == "Rp 50.000.000"
    assert [(one.kalimat, one.bulan and str(one.bulan)) for one in told.asal] == [
        ("Saldo sampai September 2026: Berkas saldo.csv", None),
        ("TPP Oktober 2026 seperti dikunci, perhitungan ke-3", "2026-10"),
        ("TPP November 2026 seperti dikunci, perhitungan ke-1", None),
    ]
    assert [one.kalimat for one in data["ptkp"].asal] == ["Berkas ptkp.xlsx, berlaku sejak 1 Juni 2026"]
    # A salary that says otherwise is no source of this one.
    assert (data["gaji"].isi, data["gaji"].asal) == ("Rp 4.500.000", [])
    assert data["peran"].isi == "Bendahara sejak 1 Januari 2026"
    assert [one.kalimat for one in data["peran"].asal] == ["Surat 900/1 (bendahara), sejak 1 Januari 2026"]
    assert [one.kalimat for one in data["menit_aktivitas"].asal] == ["Berkas aktivitas.xlsx"]
    assert data["segmen"].isi == (
        "15 hari (11 hari kerja) kelas 7, Analis, PNS III/b, Plt kelas 9; "
        "16 hari (11 hari kerja) kelas 9, Auditor, PNS III/c"
    )
    assert (data["rapel"].isi, str(data["rapel"].asal[0].bulan)) == ("Agustus 2026: -Rp 150.000", "2026-08")
    assert (data["potongan_lain"].isi, data["ikut_zakat"].isi) == ("Koperasi Rp 250.000", "Ya")
    assert list(groups)[-1] == "koreksi"


def test_a_regions_own_facts_and_what_is_missing() -> None:
    m = orang("2026-03", jenis_jabatan="JPT", tambahan=(("capaian_iku", 920_000),), kehadiran=None)
    groups, data = susun("dki", m, catatan("fakta_daerah", "iku.csv", nama="capaian_iku", mulai="2026-03-01"))
    assert data["capaian_iku"].isi == "92%"
    assert [one.kalimat for one in data["capaian_iku"].asal] == ["Berkas iku.csv, berlaku sejak 1 Maret 2026"]
    assert (data["capaian_khusus"].isi, data["pajak_luar"].isi) == ("Belum ada", "Belum ada")
    assert (data["tanpa_keterangan"].isi, groups["kehadiran"].asal) == ("Belum ada", [])
    assert (groups["kehadiran"].bulan, groups["predikat"].bulan) == (None, None)


def test_a_rating_is_named_with_what_it_is_of_and_whether_it_changed_since() -> None:
    m = orang("2026-02", predikat=4, predikat_dari=Period(2025, 12), unit="PUSKESMAS", menit_aktivitas=0)
    same = Kabar(3, PADA, 1, 4, PADA, 0, None, None)
    groups, data = susun("banjarmasin", m, kabar=same)
    assert data["predikat"].judul == "Predikat triwulan IV 2025"
    assert (data["predikat"].isi, str(groups["predikat"].bulan)) == ("Kurang", "2025-12")
    [told] = groups["predikat"].asal
    assert (told.kalimat, told.pada) == ("Hasil akhir penilaian", PADA)
    assert told.peristiwa == "penilaian.finalised versi 1"
    [told] = groups["pegawai"].asal
    assert (told.kalimat, told.pada) == ("Catatan kepegawaian di BKD", PADA)
    assert told.peristiwa == "pegawai.changed versi 3"
    groups, _ = susun("banjarmasin", m, kabar=same._replace(version=2, predikat=2))
    [told] = groups["predikat"].asal
    assert told.kalimat == "Hasil akhir penilaian yang kemudian diubah"
    assert told.peristiwa == "sebelum penilaian.finalised versi 2"
