"""A made-up pemda: its organisation, its people, and how their month went. Decided by the seed alone."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from random import Random

_OPD = (
    ("SETDA", "Sekretariat Daerah", 2),
    ("DIKBUD", "Dinas Pendidikan dan Kebudayaan", 6),
    ("DINKES", "Dinas Kesehatan", 4),
    ("BKPSDM", "Badan Kepegawaian dan Pengembangan SDM", 1),
    ("BPKAD", "Badan Pengelolaan Keuangan dan Aset Daerah", 1),
    ("PUPR", "Dinas Pekerjaan Umum dan Penataan Ruang", 2),
    ("RSUD", "Rumah Sakit Umum Daerah", 4),
    ("DISDUKCAPIL", "Dinas Kependudukan dan Pencatatan Sipil", 1),
    ("DINSOS", "Dinas Sosial", 1),
    ("DISHUB", "Dinas Perhubungan", 1),
    ("SATPOLPP", "Satuan Polisi Pamong Praja", 2),
    ("DLH", "Dinas Lingkungan Hidup", 1),
    ("DISPERINDAG", "Dinas Perindustrian dan Perdagangan", 1),
    ("DISTAN", "Dinas Pertanian", 2),
    ("BAPPEDA", "Badan Perencanaan Pembangunan Daerah", 1),
    ("INSPEKTORAT", "Inspektorat Daerah", 1),
)
_BIDANG = ("Umum dan Kepegawaian", "Pelayanan", "Pembinaan", "Program dan Keuangan", "Pengembangan", "Sarana")
_DEPAN = (
    "Adi Agus Andi Anisa Asep Ayu Bagus Bambang Bayu Budi Cahya Citra Daniel Desi Dewi Dian Eka Endang "
    "Erwin Fajar Farida Fitri Galih Gita Hadi Hana Hendra Heni Ika Imam Indah Irfan Joko Kartika Kurnia "
    "Laila Lestari Lukman Made Maria Mega Melati Nanda Nur Nyoman Putri Rahmat Ratna Reni Rini Rizal Sari "
    "Siti Sri Surya Taufik Tri Umar Wahyu Wayan Wulan Yanti Yohana Yusuf Zahra"
).split()
_BELAKANG = (
    "Aditya Anggraini Ardiansyah Astuti Firmansyah Gunawan Handayani Harahap Hidayat Iskandar Kusuma "
    "Lubis Mahendra Maharani Manurung Maulana Nasution Nugroho Pangestu Permana Prasetyo Pratama Purnomo "
    "Puspita Rahayu Ramadhan Safitri Santoso Saputra Saragih Setiawan Simanjuntak Siregar Sitorus Suharto "
    "Sulistyo Susanti Susilo Utami Wibowo Widodo Wijaya Winarno Wulandari Yulianti"
).split()

HARI_LIBUR: dict[tuple[int, int], frozenset[int]] = {}
"""National holidays of a month that fall on working days; October 2026 has none."""


@dataclass(frozen=True, slots=True)
class Unit:
    """An OPD, or a part of one."""

    kode: str
    nama: str
    induk: str | None
    jenis: str


@dataclass(frozen=True, slots=True)
class Jabatan:
    """A post in a unit; `atasan` is the post whose holder rates its holder."""

    kode: str
    nama: str
    jenis: str
    kelas: int
    unit: str
    atasan: str | None


@dataclass(frozen=True, slots=True)
class Hari:
    """One day of attendance as the machine recorded it; `keterangan` for days away."""

    tanggal: date
    masuk: time | None
    pulang: time | None
    keterangan: str


@dataclass(slots=True)
class Orang:
    """A civil servant and what the month made of them."""

    nip: str
    nama: str
    status: str
    golongan: str
    jabatan: str
    mulai: date
    email: str
    gaji: int
    opd: str = ""
    plt: str | None = None
    pindah_ke: tuple[str, date] | None = None
    hadir: list[Hari] = field(default_factory=list)
    ada_presensi: bool = True
    skp_disetujui: bool = True
    dinilai: bool = True
    hasil_kerja: int = 2
    perilaku: int = 2


@dataclass(slots=True)
class Pemda:
    """Everything the kepegawaian office would know before the month begins, and the month itself."""

    unit: list[Unit]
    jabatan: dict[str, Jabatan]
    orang: list[Orang]
    periode: str

    def opd_dari(self, kode_unit: str) -> str:
        """The OPD a unit belongs to."""
        by_code = {unit.kode: unit for unit in self.unit}
        unit = by_code[kode_unit]
        while unit.jenis != "opd" and unit.induk:
            unit = by_code[unit.induk]
        return unit.kode

    def jalur(self, kode_unit: str) -> str:
        """Path of unit codes from the top, as roles are scoped."""
        by_code = {unit.kode: unit for unit in self.unit}
        path = [kode_unit]
        while (parent := by_code[path[0]].induk) is not None:
            path.insert(0, parent)
        return "/".join(path)


def bangun(*, pegawai: int, opd: int, seed: int, periode: str) -> Pemda:
    """Make a pemda of exactly `pegawai` people in `opd` organisations. Raises ValueError when too few."""
    if not 1 <= opd <= len(_OPD):
        raise ValueError(f"jumlah OPD 1 sampai {len(_OPD)}")
    if pegawai < opd * 6:
        raise ValueError(f"untuk {opd} OPD diperlukan sedikitnya {opd * 6} pegawai")
    acak = Random(seed)
    pemda = Pemda([Unit("PEMDA", "Pemerintah Daerah", None, "unit")], {}, [], periode)
    quota = _bagi(pegawai, [weight for _, _, weight in _OPD[:opd]])
    for (kode, nama, _), banyak in zip(_OPD[:opd], quota, strict=True):
        _isi_opd(pemda, kode, nama, banyak, acak)
    _keadaan_khusus(pemda, acak)
    for orang in pemda.orang:
        _bulan(pemda, orang, acak)
    return pemda


def _bagi(total: int, weights: list[int]) -> list[int]:
    """Shares by weight, at least six each, summing exactly to the total."""
    spare = total - 6 * len(weights)
    shares = [6 + spare * weight // sum(weights) for weight in weights]
    shares[-1] += total - sum(shares)
    return shares


def _isi_opd(pemda: Pemda, kode: str, nama: str, banyak: int, acak: Random) -> None:
    pemda.unit.append(Unit(kode, nama, "PEMDA", "opd"))
    puncak = kode == "SETDA"
    kepala = Jabatan(
        f"{kode}-KEPALA",
        "Sekretaris Daerah" if puncak else f"Kepala {nama}",
        "JPT",
        15 if puncak else 14,
        kode,
        None if puncak else "SETDA-KEPALA",
    )
    _tambah(pemda, kepala, acak)
    bidang = max(1, min(len(_BIDANG), (banyak - 1) // 8))
    sisa = banyak - 1 - bidang
    for nomor in range(bidang):
        unit = f"{kode}-{nomor + 1}"
        nama_bidang = _BIDANG[nomor]
        pemda.unit.append(Unit(unit, f"Bidang {nama_bidang}", kode, "unit"))
        kabid = Jabatan(
            f"{unit}-KABID", f"Kepala Bidang {nama_bidang}", "Administrator", 11, unit, kepala.kode
        )
        _tambah(pemda, kabid, acak)
        staf = sisa // bidang + (1 if nomor < sisa % bidang else 0)
        for urut in range(staf):
            nama_jabatan, jenis, kelas = acak.choice(_JABATAN_STAF)
            _tambah(
                pemda, Jabatan(f"{unit}-S{urut + 1:04d}", nama_jabatan, jenis, kelas, unit, kabid.kode), acak
            )


_JABATAN_STAF = (
    ("Analis Kebijakan Ahli Muda", "JF", 9),
    ("Perencana Ahli Pertama", "JF", 8),
    ("Pranata Komputer Terampil", "JF", 7),
    ("Arsiparis Terampil", "JF", 6),
    ("Penelaah Teknis Kebijakan", "Pelaksana", 7),
    ("Pengolah Data dan Informasi", "Pelaksana", 6),
    ("Pengadministrasi Perkantoran", "Pelaksana", 5),
)


def _tambah(pemda: Pemda, jabatan: Jabatan, acak: Random) -> None:
    pemda.jabatan[jabatan.kode] = jabatan
    nomor = len(pemda.orang) + 1
    puncak = jabatan.jenis in ("JPT", "Administrator")
    status = "PNS" if puncak else acak.choices(("PNS", "PPPK", "CPNS"), (82, 12, 6))[0]
    usia = (
        acak.randint(45, 57) if puncak else acak.randint(24, 56) if status != "CPNS" else acak.randint(22, 30)
    )
    lahir = date(2026 - usia, acak.randint(1, 12), acak.randint(1, 28))
    masuk = min(2025, lahir.year + acak.randint(22, 28)) if status != "CPNS" else 2025
    bulan = acak.randint(1, 12) if status != "PPPK" else 21
    nama = f"{acak.choice(_DEPAN)} {acak.choice(_BELAKANG)}"
    nip = f"{lahir:%Y%m%d}{masuk:04d}{bulan:02d}{acak.choice((1, 2))}{nomor % 1000:03d}"
    while any(nip == other.nip for other in pemda.orang[-1000::1000]):
        nip = nip[:-3] + f"{(int(nip[-3:]) + 1) % 1000:03d}"
    golongan = {
        "JPT": "IV/c",
        "Administrator": "IV/a",
    }.get(jabatan.jenis) or (
        "IX" if status == "PPPK" else acak.choice(("II/c", "II/d", "III/a", "III/b", "III/c"))
    )
    email = f"pegawai{nomor:05d}@contoh.go.id"
    gaji = 2_400_000 + 250_000 * jabatan.kelas + 10_000 * acak.randint(0, 60)
    opd = pemda.opd_dari(jabatan.unit)
    pemda.orang.append(Orang(nip, nama, status, golongan, jabatan.kode, date(2026, 1, 1), email, gaji, opd))


def _keadaan_khusus(pemda: Pemda, acak: Random) -> None:
    """A mutasi in the middle of the month, and a bidang led by a Plt because its head moved."""
    tahun, bulan = (int(part) for part in pemda.periode.split("-"))
    kabid = [o for o in pemda.orang if pemda.jabatan[o.jabatan].jenis == "Administrator"]
    staf = [
        o for o in pemda.orang if pemda.jabatan[o.jabatan].jenis in ("JF", "Pelaksana") and o.status == "PNS"
    ]
    if len(kabid) >= 2 and len(staf) >= 3:
        pengganti, yang_diganti = kabid[0], kabid[1]
        kosong = Jabatan(
            f"{pemda.jabatan[yang_diganti.jabatan].unit}-SEKSI",
            "Kepala Seksi Evaluasi",
            "Pengawas",
            9,
            pemda.jabatan[yang_diganti.jabatan].unit,
            yang_diganti.jabatan,
        )
        pemda.jabatan[kosong.kode] = kosong
        pengganti.plt = kosong.kode
        mutasi = acak.choice(staf[1:])
        tujuan = pemda.jabatan[mutasi.jabatan]
        baru = Jabatan(
            f"{pemda.jabatan[pengganti.jabatan].unit}-M001",
            tujuan.nama,
            tujuan.jenis,
            tujuan.kelas,
            pemda.jabatan[pengganti.jabatan].unit,
            pengganti.jabatan,
        )
        pemda.jabatan[baru.kode] = baru
        mutasi.pindah_ke = (baru.kode, date(tahun, bulan, 12))


def hari_kerja(periode: str) -> list[date]:
    """Monday to Friday of a month, without national holidays."""
    tahun, bulan = (int(part) for part in periode.split("-"))
    day = date(tahun, bulan, 1)
    found = []
    while day.month == bulan:
        if day.weekday() < 5 and day.day not in HARI_LIBUR.get((tahun, bulan), frozenset()):
            found.append(day)
        day += timedelta(days=1)
    return found


def _bulan(pemda: Pemda, orang: Orang, acak: Random) -> None:
    nasib = acak.random()
    orang.ada_presensi = nasib >= 0.02
    orang.skp_disetujui = not 0.02 <= nasib < 0.04
    orang.dinilai = not 0.04 <= nasib < 0.07
    if pemda.jabatan[orang.jabatan].atasan is None:
        # The head is rated by the kepala daerah, who has no account here.
        orang.dinilai = orang.skp_disetujui = False
    orang.hasil_kerja = acak.choices((1, 2, 3), (20, 70, 10))[0]
    orang.perilaku = acak.choices((1, 2, 3), (25, 71, 4))[0]
    telat = acak.choices((0.02, 0.10, 0.35), (70, 22, 8))[0]
    for tanggal in hari_kerja(pemda.periode):
        orang.hadir.append(_hari(tanggal, telat, acak))


def _hari(tanggal: date, telat: float, acak: Random) -> Hari:
    jalan = acak.random()
    if jalan < 0.006:
        return Hari(tanggal, None, None, "A")
    if jalan < 0.020:
        return Hari(tanggal, None, None, acak.choice(("S", "C", "DL")))
    masuk = _jam(7, 0, acak.randint(0, 29))
    pulang = _jam(16, 0, acak.randint(0, 59))
    if acak.random() < telat:
        masuk = _jam(7, 30, acak.choice((5, 12, 25, 30, 31, 45, 60, 61, 80, 90, 91, 130)))
    if acak.random() < telat / 4:
        pulang = _jam(16, 0, -acak.choice((5, 30, 31, 60, 61, 95)))
    if acak.random() < 0.004:
        return Hari(tanggal, None, pulang, "")
    return Hari(tanggal, masuk, pulang, "")


def _jam(jam: int, menit: int, tambah: int) -> time:
    total = jam * 60 + menit + tambah
    return time(total // 60, total % 60)
