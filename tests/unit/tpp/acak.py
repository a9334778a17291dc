"""Any policy the language can say, and any person: formulas grown at random, each of a known unit."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from services.tpp.kebijakan.checks import BAGIAN
from services.tpp.kebijakan.fakta import PTKP
from services.tpp.kebijakan.model import PREDIKAT
from services.tpp.kebijakan.rumus import TERPANJANG
from services.tpp.perhitungan.rules import (
    HariKejadian,
    Kehadiran,
    Masukan,
    Peran,
    Sanksi,
    Segmen,
    Setahun,
)
from shared.period import Period
from tests.unit.tpp.strategi import persen, rupiah, terpakai

TABEL: dict[str, Any] = {
    "tpp": {
        "satuan": "rupiah", "oleh": ["kelas"],
        "isi": {"1 sampai 4": "Rp 1.000.003", "5 sampai 15": "Rp 7.654.321"},
    },
    "menurut_status": {
        "satuan": "persen", "oleh": ["status"], "isi": {"PNS": "100%", "CPNS": "80%", "PPPK": "93,3%"},
    },
    "menurut_predikat": {
        "satuan": "persen", "oleh": ["predikat"],
        "isi": dict(zip(PREDIKAT, ("100%", "97,77%", "80%", "33,3333%", "0%"), strict=True)),
    },
    "menurut_golongan": {"satuan": "persen", "oleh": ["golongan"], "isi": {"III": "5%"}, "lainnya": "2,5%"},
    "menurut_unit": {
        "satuan": "bilangan", "oleh": ["unit", "jenis_jabatan"],
        "isi": {"RSUD": {"JF": "0,68"}}, "lainnya": "1,05",
    },
    "menurut_peran": {
        "satuan": "persen", "oleh": ["peran"], "isi": {"bendahara": "15%", "ppk": "20,5%", "pptk": "7,5%"},
    },
    "pita_menit": {
        "satuan": "persen", "menurut": "menit", "toleransi": "5 menit",
        "pita": [
            {"kode": "satu", "nama": "Satu", "lebih_dari": "5 menit", "sampai": "30 menit", "nilai": "0,33%"},
            {"kode": "dua", "nama": "Dua", "mulai": "31 menit", "kurang_dari": "90 menit", "nilai": "1,25%"},
            {"kode": "tiga", "nama": "Tiga", "mulai": "90 menit", "tanpa_batas_atas": True, "nilai": "3%"},
        ],
    },
    "pita_rupiah_menit": {
        "satuan": "rupiah", "menurut": "menit", "toleransi": "0 menit",
        "pita": [
            {"kode": "empat", "nama": "Empat", "mulai": "1 menit", "sampai": "60 menit", "nilai": "Rp 6.000"},
            {
                "kode": "lima", "nama": "Lima", "lebih_dari": "60 menit", "tanpa_batas_atas": True,
                "nilai": "Rp 60.000",
            },
        ],
    },
    "pita_rupiah": {
        "satuan": "persen", "menurut": "rupiah",
        "pita": [
            {"kode": "rendah", "nama": "Rendah", "mulai": "Rp 0", "sampai": "Rp 5.400.000", "nilai": "0%"},
            {
                "kode": "tinggi", "nama": "Tinggi", "lebih_dari": "Rp 5.400.000", "tanpa_batas_atas": True,
                "nilai": "1,75%",
            },
        ],
    },
    "lapisan": {
        "satuan": "persen", "menurut": "rupiah",
        "lapisan": [
            {"sampai": "Rp 1.000.001", "tarif": "5%"}, {"sampai": "Rp 5.000.000", "tarif": "15%"},
            {"tanpa_batas_atas": True, "tarif": "35%"},
        ],
    },
}  # fmt: skip
for _kode, _table in TABEL.items():
    _table |= {"nama": f"Tabel {_kode}", "pasal": "Perkada"}


_KALI = ("tanpa_keterangan", "tanpa_masuk", "tanpa_apel", "absen_terlewat", "menit_aktivitas / 60")
_DAPAT_KOSONG = (
    "predikat", "kehadiran", "gaji", "menit_aktivitas", "ptkp", "pajak_luar", "absen_terlewat", "tanpa_apel",
    "hari_kerja", "skor", "hari_kejadian",
)  # fmt: skip
_CARA = ("ke_bawah", "ke_atas", "setengah_ke_atas")


class _Tumbuh:
    """Grows formulas from what is known so far."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.rupiah: list[str] = []
        self.persen: list[str] = []

    def satu(self, *choices: str) -> str:
        return self.draw(st.sampled_from(choices))

    def uang(self, depth: int) -> str:
        text = self._uang(depth)
        return text if len(text) <= TERPANJANG // 3 else "tpp"

    def _uang(self, depth: int) -> str:
        if depth == 0 or self.draw(st.integers(0, 3)) == 0:
            return self.satu(
                "tpp", "gaji", "bruto", "potongan_lain.koperasi", "pajak_luar", "Rp 250.000",
                "nilai_atau(bruto_setahun; Rp 7)", *self.rupiah, self.draw(rupiah(9_000_000)),
            )  # fmt: skip

        def a() -> str:
            return self.uang(depth - 1)

        def b() -> str:
            return self.bagian(depth - 1)

        match self.draw(st.integers(0, 11)):
            case 0:
                return f"({a()} + {a()})"
            case 1:
                return f"maks(Rp 0; {a()} - {a()})"
            case 2:
                return f"{self.satu('min', 'maks')}({a()}; {a()})"
            case 3:
                return f"({a()} x {b()})"
            case 4:
                return f"jika({self.bila(depth - 1)}; {a()}; {a()})"
            case 5:
                cara, kelipatan = self.satu(*_CARA), self.satu("Rp 1", "Rp 100", "Rp 0,01")
                return f"{cara}({a()} x {b()}; {kelipatan})"
            case 6:
                return f"berjenjang(lapisan; {a()})"
            case 7:
                return f"bagi({a()} x {b()}; {b()}; {a()})"
            case 8:
                return f"({a()} / {self.satu('3', '7', '0,59112978')})"
            case 9:
                return f"({self.satu('hadir', 'tanpa_keterangan', 'hari_cuti.sakit')} x ({a()} / hari_kerja))"
            case 10:
                return f"({a()} x menurut_unit)"
            case _:
                return f"jika(ada_plt dan hari_plt >= 30 hari; tpp[plt_kelas]; {a()})"

    def bagian(self, depth: int) -> str:
        text = self._bagian(depth)
        return text if len(text) <= TERPANJANG // 3 else "menurut_status"

    def _bagian(self, depth: int) -> str:
        if depth == 0 or self.draw(st.integers(0, 2)) == 0:
            return self.satu(
                "menurut_status", "menurut_predikat", "menurut_golongan", "sanksi_terbesar", "sanksi_jumlah",
                "skor", "terbesar(menurut_peran)", "semua(menurut_peran)", "pita_menit[menit_aktivitas]",
                "pita_menit[jumlah_menit(terlambat)]", "nilai_atau(skor; 40%)", *self.persen,
                self.draw(persen()),
            )  # fmt: skip

        def a() -> str:
            return self.bagian(depth - 1)

        match self.draw(st.integers(0, 6)):
            case 0:
                return f"min(100%; (hadir + cuti) / hari_kerja x {a()})"
            case 1:
                return f"maks(0%; 100% - {a()})"
            case 2:
                return f"jika({self.bila(depth - 1)}; {a()}; {a()})"
            case 3:
                return f"setengah_ke_atas({a()} x {a()}; 0,01%)"
            case 4:
                return f"pita_rupiah[{self.uang(depth - 1)}]"
            case 5:
                return f"bagi(menit_aktivitas; jumlah_menit(pulang_cepat); {a()})"
            case _:
                return f"(banyak(terlambat) x {a()})"

    def bila(self, depth: int) -> str:
        text = self._bila(depth)
        return text if len(text) <= TERPANJANG // 3 else "ada_plt"

    def _bila(self, depth: int) -> str:
        if depth == 0:
            return self.satu(
                "ada_plt", "skp_disetujui", "ikut_zakat", "status = 'PNS'", "predikat <> 'kurang'",
                "satu_dari(predikat; 'kurang'; 'sangat_kurang')", "punya(peran; 'ppk')", "kelas >= 7",
                "bulan = 12",
                "menit_aktivitas >= 6.750 menit", "hadir > 0 hari", "tanpa_masuk < 2 kali", "ptkp = 'K/3'",
                "satu_dari(kelas; 1; 9; 14)", "pembayaran <> 'ke_13'", "tidak_ada(setahun)",
                "golongan_ruang = 'III/a'",
            )  # fmt: skip

        def a() -> str:
            return self.bila(depth - 1)

        match self.draw(st.integers(0, 4)):
            case 0:
                return f"({a()} dan {a()})"
            case 1:
                return f"({a()} atau {a()})"
            case 2:
                return f"bukan {a()}"
            case 3:
                return f"{self.uang(depth)} {self.satu('<', '<=', '=', '<>', '>', '>=')} {self.uang(depth)}"
            case _:
                return f"{self.bagian(depth)} {self.satu('<', '>=')} {self.bagian(depth)}"


@st.composite
def kebijakan(draw: st.DrawFn) -> dict[str, Any]:
    """A policy document of random steps; the amounts may make no sense, the units always do."""
    grow = _Tumbuh(draw)
    steps: list[dict[str, Any]] = []
    cuts: list[str] = []
    events: list[str] = []
    daily: set[str] = set()
    """What a cap of each day limits, with the cap: a cap of the month takes all of it or nothing."""
    for number in range(draw(st.integers(2, 9))):
        kode = f"langkah_{number}"
        step: dict[str, Any] = {"kode": kode, "nama": kode, "pasal": "Perkada", "kalimat": "{jumlah}"}
        kind = draw(st.integers(0, 14)) if steps else 0
        if kind <= 1:
            step |= {"sifat": "tambah", "jumlah": grow.uang(3)}
        elif kind == 2:
            step |= {"sifat": "nilai", "jumlah": grow.bagian(2)}
        elif kind == 3:
            step |= {"sifat": "nilai", "jumlah": grow.uang(2)}
        elif kind == 4:
            unit = {"satuan": grow.uang(1)}
            if draw(st.booleans()):
                unit = {"persen": grow.bagian(1), "dari": grow.uang(1)}
            times = grow.satu(*_KALI)
            step |= {"sifat": grow.satu("tambah", "kurang"), "kali": times, **unit}
            step["bulat_pada"] = grow.satu("satuan", "jumlah")
        elif kind in (5, 9, 12) and not any(one.get("setiap") == "terlambat" for one in steps):
            step |= {"sifat": "kurang", "setiap": "terlambat", "pita": "pita_menit", "dari": grow.uang(1)}
            events.append(kode)
        elif kind in (9, 12, 13) and not any(one.get("setiap") == "pulang_cepat" for one in steps):
            step |= {"sifat": "kurang", "setiap": "pulang_cepat", "pita": "pita_rupiah_menit"}
            events.append(kode)
        elif (
            kind in (9, 10, 12, 13, 14) and events and not daily and not any("batas" in one for one in steps)
        ):
            step |= {"batas": events.copy(), "sehari": True, "paling_banyak": grow.uang(1)}
            daily = {*events, kode}
        elif kind == 11:
            step |= {"sifat": "iuran_pemberi_kerja"}
            share_of = {"persen": "4%", "dari": grow.uang(1)}
            step |= {"jumlah": grow.uang(2)} if draw(st.booleans()) else share_of
        elif kind in (6, 10, 13, 14) and cuts:
            capped = set(draw(st.lists(st.sampled_from(cuts), min_size=1, unique=True)))
            step |= {"batas": sorted(capped | daily if capped & daily else capped)}
            step |= {grow.satu("paling_banyak", "paling_sedikit"): grow.uang(1)}
        elif kind == 7 and not any("koreksi" in one for one in steps):
            step |= {"koreksi": "rapel"}
        else:
            # Mostly of what is there, so that not everyone ends below zero.
            share = grow.satu("min(10%; {})", "min(10%; {})", "{}").format(grow.bagian(2))
            base = grow.satu("bruto", "bruto", grow.uang(1))
            step |= {"sifat": grow.satu("kurang", "potongan"), "persen": share, "dari": base}
        if draw(st.integers(0, 2)) == 0 and "batas" not in step and "koreksi" not in step:
            step["bila"] = grow.bila(1)
        if draw(st.booleans()) and step.get("sifat") != "nilai":
            step["bulat"] = grow.satu("ke_bawah", "ke_atas", "setengah_ke_atas")
        if step.get("sifat") == "kurang":
            cuts.append(kode)
        if kind == 2:
            grow.persen.append(kode)
        elif "koreksi" not in step:
            grow.rupiah.append(kode)
        steps.append(step)
    steps, tabel = terpakai(steps, TABEL)
    lama = {"plt": {"pasal": "Perkada", "dibayar": grow.satu("sejak_awal", "sejak_tercapai")}}
    lama = lama if any("hari_plt" in str(one) for one in steps) else {}
    bagian = [*BAGIAN, *tabel, "berat", *lama, *(one["kode"] for one in steps)]
    return {
        "bentuk": 2, "kode": "acak", "nama": "Acak", "daerah": "Acak", "dasar_hukum": ["Perkada"],
        "berlaku_mulai": date(2026, 1, 1), "berlaku_sampai": None,
        "sumber": [{"bagian": bagian, "sifat": "asumsi", "catatan": "Acak"}],
        "pembulatan": grow.satu("ke_bawah", "setengah_ke_atas", "ke_atas"),
        "sumber_predikat": {"pasal": "Perkada", "per": "bulan", "mundur": 0},
        "pergantian": {"pasal": "Perkada", "cara": grow.satu("hari_terakhir", "hari_pertama")},
        "rapel": {"pasal": "Perkada", "paling_lama_bulan": 12},
        **lama,
        "pembayaran": [{"kode": "ke_13", "nama": "TPP ke-13", "pasal": "PP THR", "dasar_bulan": 5}],
        "masukan": [{"nama": "skor", "arti": "Skor daerah", "satuan": "persen", "paling_banyak": "200%"}],
        "sanksi": [{"kode": "berat", "nama": "Berat", "pasal": "PP 94/2021", "persen": "25%", "bulan": 6}],
        "tabel": tabel,
        "langkah": steps,
        "penahanan": [
            *({"kode": f"{one}_belum_ada", "bila": f"tidak_ada({one})", "kalimat": "Menunggu data",
               "pemilik": "atasan", "pasal": "Perkada"} for one in _DAPAT_KOSONG),
            {"kode": "belum_setahun", "bila": "status = 'CPNS' dan kelas > 13",
             "kalimat": "Menunggu {periode}", "pemilik": "admin_bkd", "pasal": "Perkada"},
        ],
        "uji": [],
    }  # fmt: skip


def _jarang(value: st.SearchStrategy[Any], none: Any = None) -> st.SearchStrategy[Any]:
    """Nearly always known."""
    return st.integers(0, 149).flatmap(lambda n: st.just(none) if n == 73 else value)


_menit = st.lists(st.integers(0, 240), max_size=6).map(tuple)


_POTONGAN = (("bulog", 5), ("koperasi", 250_000))
_PERAN = ("bendahara", "ppk", "pptk", "lain")
_SANKSI = (Period(2025, 8), Period(2026, 1), Period(2026, 10))


@st.composite
def orang(draw: st.DrawFn) -> Masukan:
    """A person with every kind of fact, now and then without one, or with one that cannot be."""
    status = draw(st.sampled_from(["PNS", "PNS", "CPNS", "PPPK"]))
    golongan = draw(st.sampled_from(["IX", "V"] if status == "PPPK" else ["III/a", "IV/b", "II/d"]))
    periode = draw(st.sampled_from([Period(2026, 3), Period(2026, 12)]))
    sakit = draw(st.integers(0, 3))
    hadir = Kehadiran(
        draw(st.integers(0, 21)), 3, draw(st.integers(0, 5)), draw(_menit), draw(_menit),
        draw(st.integers(0, 4)), draw(st.integers(0, 4)), (("sakit", sakit),) if sakit else (),
        draw(_jarang(st.integers(0, 9))), draw(_jarang(st.integers(0, 9))), draw(_jarang(st.integers(0, 9))),
        draw(_jarang(st.integers(19, 23))), draw(st.sampled_from([0, 0, 0, 2])),
    )  # fmt: skip
    days = draw(st.integers(1, 30))
    dated = HariKejadian(*(tuple(draw(st.integers(1, 4)) for _ in one) for one in hadir[3:5]))
    segmen = (
        Segmen(days, days // 2, draw(st.integers(1, 15)), status, golongan, unit="RSUD"),
        Segmen(31 - days, 20 - days // 2, 9, status, golongan),
    )
    return Masukan(
        periode=periode,
        kelas=draw(_jarang(st.integers(1, 15), 17)),
        status=status,
        golongan=golongan,
        plt_kelas=draw(st.none() | _jarang(st.integers(1, 15), 16)),
        hari_plt=draw(_jarang(st.integers(1, 60), 0)),
        skp_disetujui=draw(st.booleans()),
        predikat=draw(_jarang(st.integers(1, 5))),
        kehadiran=draw(_jarang(st.just(hadir))),
        gaji=draw(_jarang(st.integers(0, 20_000_000))),
        jenis_jabatan=draw(st.sampled_from(["JF", ""])),
        unit=draw(st.sampled_from(["RSUD", "DINKES"])),
        peran=tuple(
            Peran(kode, date(2026, 1, 1), draw(st.sampled_from([None, date(2026, 6, 30)])))
            for kode in draw(st.lists(st.sampled_from(_PERAN), max_size=3, unique=True))
        ),
        sanksi=tuple(
            Sanksi(draw(_jarang(st.just("berat"), "asing")), month, None)
            for month in draw(st.lists(st.sampled_from(_SANKSI), max_size=2))
        ),
        menit_aktivitas=draw(_jarang(st.integers(0, 9000))),
        ptkp=draw(_jarang(st.sampled_from(PTKP))),
        pajak_luar=draw(_jarang(st.integers(0, 900_000))),
        setahun=draw(st.none() | st.builds(Setahun, *(st.integers(0, 10**8) for _ in range(3)))),
        ikut_zakat=draw(st.booleans()),
        potongan_lain=draw(_jarang(st.sampled_from([(), _POTONGAN]), (("koperasi", -1),))),
        rapel=draw(st.sampled_from([(), (), (), ((Period(2026, 1), 50_001), (Period(2026, 2), -20_000))])),
        rapel_iuran=draw(
            st.sampled_from(
                [None, None, (), ((Period(2026, 1), "asing", 70), (Period(2026, 2), "asing", -50))]
            )
        ),
        pembayaran=draw(_jarang(st.sampled_from(["bulanan", "ke_13"]), "ke_14")),
        segmen=draw(st.sampled_from([(), (), (), segmen])),
        hari_kejadian=draw(
            _jarang(st.just(dated), None if status == "PPPK" else HariKejadian((40,), (1, 2)))
        ),
        tambahan=draw(_jarang(st.just((("skor", draw(st.integers(0, 2_000_000))),)), ())),
    )  # fmt: skip
