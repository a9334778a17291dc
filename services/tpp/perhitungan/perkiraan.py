"""What a running month would pay: its inputs as known, and what is not known yet assumed, each time said so.

Only what the policy's month rests on is assumed, and only what may be: a rating that may still come, working
days of which nothing is known, facts of the month that a file brings in the end. Salary, outside tax and what
a region declares of its own are not; they hold the estimate, with who has to supply them.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from services.tpp.kebijakan.fakta import FAKTA, MENIT_SEBULAN
from services.tpp.kebijakan.model import PREDIKAT, Kebijakan
from services.tpp.kebijakan.program import TANPA_DATA, disebut, menunggu_data
from services.tpp.kebijakan.sebulan import butuh_pada
from services.tpp.perhitungan.engine import Hitung, compiled, penafsir
from services.tpp.perhitungan.rules import Kehadiran, Masukan, Setahun
from services.tpp.perhitungan.tambahan import diminta
from shared.period import Period

BAIK = 2
KELENGKAPAN = frozenset(
    {
        "tanpa_apel",
        "tanpa_upacara",
        "absen_terlewat",
        "menit_aktivitas",
        "hari_laporan",
        "ada_hasil",
        TANPA_DATA,
    }
)
"""What a file or a machine brings beside attendance, and the closing waits for."""

_KALI: Mapping[str, tuple[str, str]] = {
    "absen_terlewat": ("Catatan absen yang terlewat {bulan} belum diterima", "diandaikan tidak ada"),
    "tanpa_apel": ("Catatan apel {bulan} belum diterima", "diandaikan selalu diikuti"),
    "tanpa_upacara": ("Catatan upacara {bulan} belum diterima", "diandaikan selalu diikuti"),
}


class Andaian(NamedTuple):
    """One assumption: what is not known, and what stands in its place."""

    kode: str
    kurang: str
    anggapan: str

    @property
    def kalimat(self) -> str:
        """As people read it."""
        return f"{self.kurang}; {self.anggapan}."


class Diketahui(NamedTuple):
    """What is known of a person's month beside the inputs.

    `menyusul`: the rating that pays it may still come. `skp`: whether the SKP was agreed is known.
    `tanpa_data`: working days of which nothing is known, where some are. `kerja`, `cuti`: where attendance is
    not known at all, the working days and those of them that letters of leave cover, by kind.
    """

    menyusul: bool = True
    skp: bool = False
    tanpa_data: int = 0
    kerja: int = 0
    cuti: tuple[tuple[str, int], ...] = ()


class Perkiraan(NamedTuple):
    """Inputs with nothing left open that may be assumed; `sisa`: working days that are taken for present."""

    masukan: Masukan
    andaian: tuple[Andaian, ...]
    sisa: int


def nama_predikat(predikat: int) -> str:
    """A predikat as people write it."""
    return PREDIKAT[predikat - 1].replace("_", " ").title()


def ribuan(number: int) -> str:
    """A whole number as people write it: `6.750`."""
    return f"{number:,}".replace(",", ".")


def ditunggu(k: Kebijakan, periode: Period) -> dict[str, str]:
    """Groups of facts without which the policy holds a payment of this month, and who owns each."""
    program = penafsir(k, periode).program
    found = dict.fromkeys(butuh_pada(program, periode.month), "pengelola_kinerja")
    for hold in program.penahanan:
        found |= dict.fromkeys(disebut(hold.bila), hold.pemilik)
        if "skp_disetujui" in hold.bila.fakta:
            found["skp_disetujui"] = hold.pemilik
    return found


class Pengandai:
    """One policy in a month, or an extra payment based on it: what it rests on is looked up once for all."""

    def __init__(self, kebijakan: Kebijakan, periode: Period, pembayaran: str = "bulanan") -> None:
        self.periode = periode
        self.sumber = kebijakan.sumber_predikat.periode(periode)
        self.dipakai = diminta(kebijakan, periode, pembayaran)
        self.hitung: Hitung = compiled(kebijakan)
        self.hadir = any(FAKTA[name].sumber == "kehadiran" for name in self.dipakai & FAKTA.keys())
        self._menunggu_data = menunggu_data(penafsir(kebijakan, periode).program)
        self._ambang: dict[Masukan, int | None] = {}

    def __call__(self, m: Masukan, tahu: Diketahui) -> Perkiraan:
        """The inputs with what is not known yet assumed, and what was."""
        said: list[Andaian] = []
        m = self._penilaian(m, tahu, said)
        m, sisa = self._kehadiran(m, tahu, said)
        return Perkiraan(self._bulanan(m, said), tuple(said), sisa)

    def _penilaian(self, m: Masukan, tahu: Diketahui, said: list[Andaian]) -> Masukan:
        bulan = self.sumber.tampil()
        if not tahu.menyusul:
            return m
        if m.predikat is None and "predikat" in self.dipakai:
            m = m._replace(predikat=BAIK)
            said.append(
                Andaian("predikat", f"Kinerja {bulan} belum dinilai", f"diandaikan {nama_predikat(BAIK)}")
            )
        if not tahu.skp and "skp_disetujui" in self.dipakai:
            m = m._replace(skp_disetujui=True)
            said.append(
                Andaian("skp_disetujui", f"Persetujuan SKP {bulan} belum tercatat", "diandaikan disetujui")
            )
        return m

    def _kehadiran(self, m: Masukan, tahu: Diketahui, said: list[Andaian]) -> tuple[Masukan, int]:
        if not self.hadir:
            return m, 0
        # Days before somebody came or after they left are working days of the month, but not theirs.
        luar = sum(one.hari_kerja for one in m.segmen if one.kosong)
        h, bulan = m.kehadiran, self.periode.tampil()
        if h is None:
            if not tahu.kerja:
                return m, 0
            cuti = sum(days for _, days in tahu.cuti)
            sisa = max(0, tahu.kerja - luar - cuti)
            h = Kehadiran(sisa, cuti, 0, (), (), 0, 0, tahu.cuti, hari_kerja=tahu.kerja)
            selain = f" di luar cuti {cuti} hari" if cuti else ""
            said.append(
                Andaian(
                    "kehadiran",
                    f"Rekap kehadiran {bulan} belum diterima",
                    f"diandaikan hadir penuh {sisa} hari kerja{selain} tanpa terlambat",
                )
            )
        else:
            # Days that should be known by now count as a policy says that names them. If none does they hold
            # the payment itself, and are present here.
            lewat = h.hari_tanpa_data if self._menunggu_data else 0
            nanti = max(0, tahu.tanpa_data - luar - h.hari_tanpa_data)
            if lewat:
                said.append(
                    Andaian(
                        TANPA_DATA,
                        f"Kehadiran {lewat} hari kerja {bulan} yang sudah lewat belum tercatat",
                        "TPP ditahan sampai tercatat, di sini diandaikan hadir tepat waktu",
                    )
                )
            if nanti:
                said.append(
                    Andaian(
                        "sisa_hari",
                        f"Kehadiran {nanti} hari kerja {bulan} belum tercatat",
                        "diandaikan hadir tepat waktu",
                    )
                )
            sisa = lewat + nanti
            h = h._replace(hadir=h.hadir + sisa, hari_tanpa_data=h.hari_tanpa_data - lewat)
        for name, (kurang, anggapan) in _KALI.items():
            if name in self.dipakai and getattr(h, name) is None:
                nol: dict[str, Any] = {name: 0}
                h = h._replace(**nol)
                said.append(Andaian(name, kurang.format(bulan=bulan), anggapan))
        return m._replace(kehadiran=h), sisa

    def _bulanan(self, m: Masukan, said: list[Andaian]) -> Masukan:
        bulan = self.periode.tampil()
        if m.hari_laporan is None and "hari_laporan" in self.dipakai and m.kehadiran is not None:
            days = m.kehadiran.hadir + m.kehadiran.cuti
            m = m._replace(hari_laporan=days)
            said.append(
                Andaian(
                    "hari_laporan",
                    f"Catatan laporan harian {bulan} belum diterima",
                    f"diandaikan masuk setiap hari kerja, {days} hari",
                )
            )
        if m.ada_hasil is None and "ada_hasil" in self.dipakai:
            m = m._replace(ada_hasil=True)
            said.append(
                Andaian(
                    "ada_hasil", f"Realisasi {bulan} belum diterima", "diandaikan ada dan diterima atasan"
                )
            )
        if m.menit_aktivitas is None and (minutes := self.menit_penuh(m)) is not None:
            m = m._replace(menit_aktivitas=minutes)
            said.append(
                Andaian(
                    "menit_aktivitas",
                    f"Menit aktivitas {bulan} belum diterima",
                    f"diandaikan {ribuan(minutes)} menit, cukup untuk dibayar penuh",
                )
            )
        return m

    def menit_penuh(self, m: Masukan) -> int | None:
        """The fewest minutes of activity that pay this person as much as any number of them would.

        None where the policy does not ask for minutes, or nothing can be said of this person.
        """
        if "menit_aktivitas" not in self.dipakai:
            return None
        # The same for everybody of the same jabatan: what a month brings beside it is taken at its best.
        days = m.kehadiran.hari_kerja if m.kehadiran and m.kehadiran.hari_kerja else 20
        kind = m._replace(
            predikat=BAIK,
            skp_disetujui=True,
            predikat_dari=None if self.sumber == self.periode else self.sumber,
            kehadiran=Kehadiran(days, 0, 0, (), (), 0, 0, (), 0, 0, 0, days),
            gaji=0,
            sanksi=(),
            menit_aktivitas=None,
            hari_laporan=days,
            ada_hasil=True,
            ptkp=m.ptkp or "TK/0",
            pajak_luar=0,
            setahun=Setahun(0, 0, 0),
            potongan_lain=(),
            rapel=(),
            rapel_iuran=None,
            segmen=(),
        )
        if kind not in self._ambang:
            self._ambang[kind] = self._cari_ambang(kind)
        return self._ambang[kind]

    def _cari_ambang(self, m: Masukan) -> int | None:
        most = self.hitung(m._replace(menit_aktivitas=MENIT_SEBULAN))
        if most.status == "ditahan":
            return None
        low, high = 0, MENIT_SEBULAN
        while low < high:
            middle = (low + high) // 2
            if self.hitung(m._replace(menit_aktivitas=middle)).bruto == most.bruto:
                high = middle
            else:
                low = middle + 1
        return high
