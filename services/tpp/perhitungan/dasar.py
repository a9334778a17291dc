"""What a slip was computed from, for people: every fact its policy asked for, what it said, and its source.

Facts stand in groups by their origin. A figure keeps its inputs; the source of each is looked up as it stood
when the figure was computed (`asal`), and is named only where it says what the input says.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, Field

from services.tpp.kebijakan.fakta import Fakta
from services.tpp.kebijakan.model import PREDIKAT, SumberPredikat
from services.tpp.kebijakan.program import Program
from services.tpp.kebijakan.tampil import tampil
from services.tpp.kehadiran.presensi import PELAKU
from services.tpp.perhitungan.penafsir import JUTA, RAPEL, data_slip
from services.tpp.perhitungan.rules import HariKejadian, Masukan, Peran, Sanksi, Segmen
from shared.clock import ZONES
from shared.contracts.kehadiran import KehadiranRecorded
from shared.contracts.pegawai import PegawaiChanged
from shared.contracts.penilaian import PenilaianFinalised, PredikatSet
from shared.money import Rupiah
from shared.period import MasaBayar, Period

Tujuan = Literal["", "penilaian", "kehadiran", "surat", "slip"]


class AsalData(BaseModel):
    """Where a fact came from: an event, a letter or a file, in words, and when it was told."""

    kalimat: str
    pada: datetime | None = Field(default=None, description="Kapan dinyatakan; kosong bila tidak tersimpan")
    bulan: MasaBayar | None = Field(default=None, description="Slip bulan ini adalah asalnya")
    peristiwa: str = Field(
        default="", description="Jenis dan versi event asalnya, untuk menelusuri; kosong bila bukan event"
    )

    def tampil(self, zone: str) -> str:
        """What people read, on the page as on paper: the words, and the day it was told."""
        if self.pada is None:
            return self.kalimat
        return f"{self.kalimat}, {_tanggal(self.pada.astimezone(ZONES[zone]).date())}"


class DataSlip(BaseModel):
    """One fact: its name as policies know it, what it is called, what it said, and its sources."""

    nama: str
    judul: str
    isi: str = Field(description="Seperti dipakai; `Belum ada` bila tidak diketahui")
    asal: list[AsalData]


class KelompokData(BaseModel):
    """The facts of one origin, where to look at them, and whom to tell of a mistake."""

    kode: str = Field(
        description="pegawai, predikat, kehadiran, aktivitas, sanksi, gaji, pajak, tambahan atau koreksi"
    )
    judul: str
    data: list[DataSlip]
    asal: list[AsalData] = Field(description="Asal seluruh kelompok")
    tujuan: Tujuan = Field(description="Di mana data ini dapat dilihat")
    bulan: Period | None = Field(description="Bulan yang dilihat di sana")
    bila_keliru: str


class Catatan(NamedTuple):
    """A dated fact as it stood (`isi`, a row as JSON) and the file that it came in."""

    tabel: str
    isi: Mapping[str, Any]
    berkas: str | None


class Kabar(NamedTuple):
    """What is kept of the events behind a figure: versions, when they happened, what the rating said."""

    v_pegawai: int
    pegawai_pada: datetime | None
    version: int
    predikat: int | None
    pada: datetime | None
    version_sementara: int
    predikat_sementara: int | None
    pada_sementara: datetime | None


_KELOMPOK: Mapping[str, tuple[str, Tujuan, str]] = {
    "pegawai": ("Data kepegawaian", "", "admin BKD"),
    "predikat": ("Predikat kinerja", "penilaian", "pejabat penilai"),
    "kehadiran": ("Rekap kehadiran", "kehadiran", "pengelola kinerja OPD"),
    "aktivitas": ("Aktivitas dan laporan", "", "pengelola kinerja OPD"),
    "sanksi": ("Hukuman disiplin", "surat", "admin BKD"),
    "gaji": ("Gaji dan potongan di luar TPP", "", "keuangan OPD"),
    "pajak": ("Pajak", "", "keuangan OPD"),
    "tambahan": ("Data daerah", "", "admin BKD"),
    "koreksi": ("Rapel yang dibawa bulan ini", "slip", "keuangan OPD"),
}
"""Groups in the order of a slip: title, where to look, and who mends what is wrong."""

_JUDUL = {
    "kelas": "Kelas jabatan",
    "jabatan": "Jabatan",
    "jenis_jabatan": "Jenis jabatan",
    "eselon": "Eselon",
    "unit": "Kode unit kerja",
    "opd": "Kode OPD",
    "lokasi": "Tempat bertugas",
    "status": "Status kepegawaian",
    "golongan": "Golongan",
    "ada_plt": "Merangkap Plt",
    "plt_kelas": "Kelas jabatan Plt",
    "plt_jabatan": "Jabatan Plt",
    "hari_plt": "Lama tugas Plt",
    "peran": "Peran tambahan",
    "ikut_zakat": "Memilih zakat dipotong",
    "skp_disetujui": "SKP disetujui",
    "hari_cuti": "Tidak masuk yang sah menurut jenisnya",
    "cuti": "Tidak masuk yang sah (cuti, sakit, dinas)",
    "tanpa_keterangan": "Tanpa keterangan",
    "terlambat": "Terlambat",
    "pulang_cepat": "Pulang cepat",
    "absen_terlewat": "Absen yang terlewat",
    "hari_kerja": "Hari kerja",
    "hari_tanpa_data": "Hari kerja tanpa data",
    "hari_kejadian": "Tanggal terlambat dan pulang cepat",
    "hari_laporan": "Hari dengan laporan",
    "ada_hasil": "Ada hasil kerja",
    "gaji": "Gaji dasar iuran BPJS",
    "potongan_lain": "Potongan lain",
    "ptkp": "Status PTKP",
    "bruto_setahun": "Gaji dan TPP bruto sampai bulan lalu",
    "pengurang_setahun": "Iuran pengurang sampai bulan lalu",
    "pajak_setahun": "PPh 21 sampai bulan lalu",
    "pajak_luar": "PPh 21 dihitung di luar",
    "sanksi_terbesar": "Hukuman disiplin",
}
"""What a fact is called beside its value, where its meaning says more than that."""

_SAMA = {"golongan_ruang": "golongan", "sanksi_jumlah": "sanksi_terbesar"}
"""Facts that are shown as another one."""
_SELALU = ("kelas", "status", "golongan")
_BELUM = "Belum ada"


def nama_data(nama: str) -> str:
    """The name under which a fact stands among the data of a slip."""
    return _SAMA.get(nama, nama)


def judul_data(nama: str, fakta: Mapping[str, Fakta]) -> str:
    """What a fact is called."""
    if nama == RAPEL:
        return "Rapel"
    return _JUDUL.get(nama) or fakta[nama].arti


def bulan_disebut(m: Masukan) -> list[MasaBayar]:
    """Other months that these inputs follow from: corrected ones, and earlier ones of the year."""
    sums = m.setahun.asal if m.setahun else ()
    earlier = [MasaBayar.parse(what) for what, _ in sums if not what.startswith("saldo:")]
    return sorted({*earlier, *_dikoreksi(m)})


def _dikoreksi(m: Masukan) -> list[Period]:
    """The months that are put right with these inputs."""
    return sorted({*(month for month, _ in m.rapel), *(month for month, *_ in m.rapel_iuran or ())})


def data_dipakai(
    program: Program,
    m: Masukan,
    catatan: Sequence[Catatan],
    kabar: Kabar | None,
    slip: Collection[MasaBayar],
    *,
    sementara: bool,
) -> list[KelompokData]:
    """Every fact that the policy's month asks for, in the groups of a slip; `slip`: months with a slip."""
    return [*_Dasar(program, m, catatan, kabar, frozenset(slip), sementara).semua()]


class _Dasar:
    def __init__(
        self,
        program: Program,
        m: Masukan,
        catatan: Sequence[Catatan],
        kabar: Kabar | None,
        slip: frozenset[MasaBayar],
        sementara: bool,
    ) -> None:
        self.program, self.m, self.kabar, self.sementara = program, m, kabar, sementara
        self.slip = slip
        self.catatan = [one for one in catatan if not one.isi.get("dicabut")]
        asked = {
            nama_data(name) for name in data_slip(program, program.kebijakan.bulan(m.pembayaran, m.periode))
        }
        if m.plt_kelas is None and all(one.plt_kelas is None for one in m.segmen):
            asked -= {"plt_kelas", "plt_jabatan", "hari_plt"}
        self.diminta = [name for name in program.fakta if name in asked or name in _SELALU]

    def semua(self) -> Iterator[KelompokData]:
        by_group: dict[str, list[DataSlip]] = {}
        for name in self.diminta:
            fact = self.program.fakta[name]
            one = DataSlip(nama=name, judul=self._judul(fact), isi=self._isi(fact), asal=[*self._asal(fact)])
            by_group.setdefault(fact.sumber, []).append(one)
        if self.m.segmen:
            by_group["pegawai"].append(self._segmen(self.m.segmen))
        if _dikoreksi(self.m):
            by_group["koreksi"] = [self._rapel()]
        for kode, (judul, tujuan, siapa) in _KELOMPOK.items():
            if kode not in by_group:
                continue
            yield KelompokData(
                kode=kode,
                judul=judul,
                data=by_group[kode],
                asal=[*self._asal_kelompok(kode)],
                tujuan=tujuan,
                bulan=self._bulan(kode),
                bila_keliru=siapa,
            )

    # What is said

    def _judul(self, fact: Fakta) -> str:
        if fact.nama == "predikat":
            return f"Predikat {_masa_nilai(self.program.kebijakan.sumber_predikat, self._bulan_nilai)}"
        judul = judul_data(fact.nama, self.program.fakta)
        if fact.nama.endswith("_setahun") and self.m.pembayaran != "bulanan":
            return judul.replace("bulan lalu", "pembayaran sebelumnya")
        return judul

    @property
    def _bulan_nilai(self) -> Period:
        return self.m.predikat_dari or self.m.periode

    def _isi(self, fact: Fakta) -> str:
        m, h, name = self.m, self.m.kehadiran, fact.nama
        match name:
            case "golongan":
                return m.golongan
            case "ada_plt":
                return _ya(m.plt_kelas is not None)
            case "peran":
                return _daftar(map(_peran, m.peran))
            case "predikat":
                known = m.predikat in range(1, len(PREDIKAT) + 1)
                return tampil(PREDIKAT[m.predikat - 1], "predikat") if known and m.predikat else _BELUM
            case "hari_kejadian":
                return (
                    _BELUM
                    if h is None or m.tanpa_hari
                    else _tanggal_kejadian(m.hari_kejadian or HariKejadian())
                )
            case "sanksi_terbesar":
                return _daftar(map(self._sanksi, m.sanksi))
            case "bruto_setahun" | "pengurang_setahun" | "pajak_setahun":
                sums = m.setahun
                return _rupiah(getattr(sums, name.removesuffix("_setahun"))) if sums else _BELUM
        if fact.sumber == "tambahan":
            told = dict(m.tambahan)
            return _nilai(told[name], fact, JUTA) if name in told else _BELUM
        if fact.sumber == "kehadiran":
            return _BELUM if h is None else _nilai(getattr(h, name), fact)
        return _nilai(getattr(m, name), fact)

    def _sanksi(self, one: Sanksi) -> str:
        known = {each.kode: each for each in self.program.kebijakan.sanksi}
        rule = known.get(one.kode)
        until = one.sampai or (one.mulai.plus(rule.bulan - 1) if rule else None)
        span = f"{one.mulai.tampil()} sampai {until.tampil()}" if until else f"sejak {one.mulai.tampil()}"
        return f"{rule.nama if rule else one.kode} ({span})"

    def _segmen(self, parts: Sequence[Segmen]) -> DataSlip:
        return DataSlip(
            nama="segmen", judul="Bagian-bagian bulan ini", isi="; ".join(map(_bagian, parts)), asal=[]
        )

    def _rapel(self) -> DataSlip:
        return DataSlip(
            nama=RAPEL,
            judul="Rapel",
            isi="; ".join(
                [
                    *(f"{month.tampil()}: {_rupiah(amount)}" for month, amount in self.m.rapel),
                    *(
                        f"{month.tampil()}, {_kata(kode)}: {_rupiah(amount)}"
                        for month, kode, amount in self.m.rapel_iuran or ()
                    ),
                ]
            ),
            asal=[
                AsalData(kalimat=f"Koreksi sesudah TPP {month.tampil()} dikunci", bulan=self._berslip(month))
                for month in _dikoreksi(self.m)
            ],
        )

    # Where it came from

    def _bulan(self, kode: str) -> Period | None:
        if kode == "predikat":
            # A month that was never rated has no page of its rating.
            rated = self.kabar is not None and (self.kabar.version or self.kabar.version_sementara)
            return self._bulan_nilai if rated else None
        return self.m.periode if kode == "kehadiran" and self.m.kehadiran is not None else None

    def _berslip(self, month: MasaBayar) -> MasaBayar | None:
        return month if month in self.slip else None

    def _dari(self, tabel: str) -> list[Catatan]:
        return [one for one in self.catatan if one.tabel == tabel]

    def _asal(self, fact: Fakta) -> Iterator[AsalData]:
        m, name = self.m, fact.nama
        if name in ("gaji", "ptkp"):
            rows = sorted(self._dari(name), key=lambda one: str(one.isi["mulai"]))
            if rows and rows[-1].isi[name] == getattr(m, name):
                yield _berkas(rows[-1], sejak=True)
        elif name in ("peran", "sanksi_terbesar"):
            jenis = "peran" if name == "peran" else "sanksi"
            yield from map(_surat, (one for one in self._dari("surat") if one.isi["jenis"] == jenis))
        elif name in ("cuti", "hari_cuti"):
            yield from map(_surat, (one for one in self._dari("surat") if one.isi["jenis"] == "cuti"))
        elif name == "hari_kerja" and m.kehadiran is not None:
            yield AsalData(kalimat="Kalender kerja dan jadwal yang berlaku")
        elif name.endswith("_setahun"):
            yield from self._asal_setahun()
        else:
            yield from self._asal_bernama(name)

    def _asal_bernama(self, name: str) -> Iterator[AsalData]:
        """Of facts kept by their name, `potongan_lain.koperasi` under `potongan_lain`: the newest."""
        newest: dict[str, Catatan] = {}
        for one in sorted(self.catatan, key=lambda one: str(one.isi.get("mulai", ""))):
            told = str(one.isi.get("nama", ""))
            if told == name or told.startswith(f"{name}."):
                newest[told] = one
        for one in newest.values():
            yield _berkas(one, sejak="mulai" in one.isi)

    def _asal_daerah(self, name: str) -> Iterator[AsalData]:
        """What holds on the last day: of several under a name the one that began last."""
        rows = (one for one in self._dari("fakta_daerah") if one.isi["nama"].partition(".")[0] == name)
        newest = {one.isi["nama"]: one for one in sorted(rows, key=lambda one: str(one.isi["mulai"]))}
        yield from (_berkas(one, sejak=True) for one in newest.values())

    def _asal_setahun(self) -> Iterator[AsalData]:
        for what, number in self.m.setahun.asal if self.m.setahun else ():
            month = MasaBayar.parse(what.removeprefix("saldo:"))
            if what.startswith("saldo:"):
                rows = (one for one in self._dari("saldo_pajak") if one.isi["sampai"] == str(month))
                for one in rows:
                    told = _berkas(one)
                    yield AsalData(kalimat=f"Saldo sampai {month.tampil()}: {told.kalimat}", pada=told.pada)
            else:
                yield AsalData(
                    kalimat=f"TPP {month.tampil()} seperti dikunci, perhitungan ke-{number}",
                    bulan=self._berslip(month),
                )

    def _asal_kelompok(self, kode: str) -> Iterator[AsalData]:
        if kode == "pegawai" and self.kabar is not None:
            yield AsalData(
                kalimat="Catatan kepegawaian di BKD",
                pada=self.kabar.pegawai_pada,
                peristiwa=_peristiwa(PegawaiChanged.TYPE, self.kabar.v_pegawai),
            )
        elif kode == "predikat" and self.kabar is not None:
            yield from self._asal_predikat(self.kabar)
        elif kode == "kehadiran" and self.m.kehadiran is not None:
            yield from _asal_kehadiran(self._dari("kehadiran_harian"))

    def _asal_predikat(self, kabar: Kabar) -> Iterator[AsalData]:
        if self.m.predikat is None:
            return
        name, jenis = "Hasil akhir penilaian", PenilaianFinalised.TYPE
        version, predikat, pada = kabar.version, kabar.predikat, kabar.pada
        if self.sementara and self._bulan_nilai == self.m.periode:
            name, jenis = "Penilaian sementara", PredikatSet.TYPE
            version, predikat = kabar.version_sementara, kabar.predikat_sementara
            pada = kabar.pada_sementara
        if predikat == self.m.predikat:
            yield AsalData(kalimat=name, pada=pada, peristiwa=_peristiwa(jenis, version))
        elif version:
            yield AsalData(
                kalimat=f"{name} yang kemudian diubah",
                pada=pada,
                peristiwa=f"sebelum {_peristiwa(jenis, version)}",
            )


def _asal_kehadiran(days: Sequence[Catatan]) -> Iterator[AsalData]:
    """The days of a month by where each was told, the most first."""
    counts: Counter[tuple[str, str]] = Counter()
    newest: dict[tuple[str, str], datetime] = {}
    for one in days:
        if all(one.isi[name] is None for name in ("keterangan", *_KALI)):
            continue  # taken back: nothing is known of the day
        source, when = _hari(one), datetime.fromisoformat(one.isi["diubah_pada"])
        counts[source] += 1
        newest[source] = max(when, newest.get(source, when))
    for source, count in counts.most_common():
        told, peristiwa = source
        yield AsalData(kalimat=f"{count} hari dari {told}", pada=newest[source], peristiwa=peristiwa)


_KALI = ("absen_terlewat", "tanpa_apel", "tanpa_upacara")


def _hari(one: Catatan) -> tuple[str, str]:
    if one.isi["permohonan_id"]:
        return "permohonan koreksi yang disetujui", ""
    return _hulu(one)


def _hulu(one: Catatan) -> tuple[str, str]:
    """Who told it, in words, and the event by which an attendance system did."""
    if one.berkas:
        return f"berkas {one.berkas}", ""
    who = str(one.isi["diubah_oleh"])
    if who == PELAKU:
        return "mesin presensi", _peristiwa(KehadiranRecorded.TYPE)
    return ("catatan petugas" if who.startswith("pegawai:") else "catatan sistem"), ""


def _peristiwa(jenis: str, version: int | None = None) -> str:
    """An event as whoever traces it looks for it: `pegawai.changed versi 3`."""
    name = jenis.removeprefix("id.ekinerja.")
    return name if version is None else f"{name} versi {version}"


def _berkas(one: Catatan, *, sejak: bool = False) -> AsalData:
    source, peristiwa = _hulu(one)
    text = source[:1].upper() + source[1:]
    since = date.fromisoformat(one.isi["mulai"]) if sejak else date.min
    # A salary without a day holds from the first day there is.
    if since.year > _TAHUN_AWAL:
        text += f", berlaku sejak {_tanggal(since)}"
    return AsalData(kalimat=text, pada=datetime.fromisoformat(one.isi["diubah_pada"]), peristiwa=peristiwa)


_TAHUN_AWAL = 2000


def _surat(one: Catatan) -> AsalData:
    row = one.isi
    first = date.fromisoformat(row["mulai"])
    last = date.fromisoformat(row["sampai"]) if row["sampai"] else None
    if last is None:
        span = f"sejak {_tanggal(first)}"
    elif last == first:
        span = _tanggal(first)
    else:
        span = f"{_tanggal(first)} sampai {_tanggal(last)}"
    return AsalData(
        kalimat=f"Surat {row['nomor']} ({_kata(row['kode'])}), {span}",
        pada=datetime.fromisoformat(row["diubah_pada"]),
    )


def _tanggal_kejadian(days: HariKejadian) -> str:
    """`Terlambat tanggal 3, 17; pulang cepat tanggal 5`."""
    told = (("terlambat", days.terlambat), ("pulang cepat", days.pulang_cepat))
    return _daftar(f"{what} tanggal {', '.join(map(str, on))}" for what, on in told if on)


def _masa_nilai(rule: SumberPredikat, month: Period) -> str:
    """`September 2026`, or `triwulan III 2026` where quarters are rated."""
    if rule.per == "bulan":
        return month.tampil()
    return f"triwulan {('I', 'II', 'III', 'IV')[(month.month - 1) // 3]} {month.year}"


def _bagian(part: Segmen) -> str:
    days = f"{part.hari} hari ({part.hari_kerja} hari kerja)"
    if part.kosong:
        return f"{days} tidak bertugas"
    words = [f"kelas {part.kelas}", part.jabatan, f"{part.status} {part.golongan}"]
    words += [f"eselon {part.eselon}"] if part.eselon else []
    words += [part.lokasi]
    if part.plt_kelas is not None:
        words.append(f"Plt kelas {part.plt_kelas}")
    return f"{days} {', '.join(filter(None, words))}"


def _peran(one: Peran) -> str:
    until = f" sampai {_tanggal(one.sampai)}" if one.sampai else ""
    since = f" sejak {_tanggal(one.mulai)}" if one.mulai > date.min else ""
    return f"{_kata(one.kode)}{since}{until}"


def _nilai(value: Any, fact: Fakta, skala: int = 1) -> str:
    if value is None:
        return _BELUM
    if fact.tipe == "daftar_menit":
        minutes = ", ".join(map(str, sorted(value)))
        return f"{len(value)} kali: {minutes} menit" if value else "Tidak pernah"
    if fact.tipe.startswith("kamus"):
        unit = fact.tipe.removeprefix("kamus_")
        return _daftar(f"{_kata(key)} {tampil(Fraction(each), unit)}" for key, each in value)
    if isinstance(value, bool):
        return _ya(value)
    if isinstance(value, str):
        return value or "Tidak ada"
    exact = Fraction(value, skala if fact.tipe in ("persen", "bilangan") else 1)
    return tampil(exact, fact.tipe)


def _daftar(words: Any) -> str:
    found = "; ".join(words)
    return found[:1].upper() + found[1:] if found else "Tidak ada"


def _ya(value: bool) -> str:
    return "Ya" if value else "Tidak"


def _kata(kode: str) -> str:
    return kode.replace("_", " ")


def _rupiah(amount: int) -> str:
    return Rupiah(amount).tampil()


def _tanggal(day: date) -> str:
    return f"{day.day} {Period.of(day).tampil()}"
