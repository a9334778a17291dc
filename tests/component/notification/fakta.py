"""Events of a small pemda, as other services would publish them."""

from typing import Any
from uuid import UUID, uuid5

from shared.contracts.pegawai import KontakChanged, PegawaiChanged
from shared.contracts.penilaian import Alasan, PenilaianFinalised
from shared.contracts.periode import PeriodeOpened, PeriodeReopened, PeriodeSubmissionClosed
from shared.contracts.skp import SkpApproved, SkpReturned, SkpSubmitted
from shared.contracts.tpp import TppCalculated, TppHeld, TppKeberatanDecided, TppPaid, TppPaymentFailed
from shared.money import Rupiah
from shared.nip import Nip
from shared.period import Period
from shared.testing.feed import Recorded
from tests.component.layanan import NIP

SPACE = UUID("00000000-0000-4000-8000-000000000000")
NOVEMBER = Period(2026, 11)
KADIS, STAF, STAF_LAIN, SEKDA = (uuid5(SPACE, f"orang/{n}") for n in range(4))
NAMA = {KADIS: "Kartika Dewi", STAF: "Slamet Riyadi", STAF_LAIN: "Siti Aminah", SEKDA: "Sekar Ayu"}
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def orang(who: UUID, *, email: str | None = "", version: int = 1) -> list[Recorded]:
    """How somebody is called and reached; `email` empty: an address made from the name."""
    address = f"{NAMA[who].split()[0].lower()}@contoh.go.id" if email == "" else email
    number = list(NAMA).index(who)
    return [
        Recorded.of(KontakChanged(version=version, pegawai_id=who, nama=NAMA[who], email=address)),
        Recorded.of(
            PegawaiChanged(
                version=version,
                pegawai_id=who,
                nip=Nip(NIP.format(number + 1)),
                status="PNS",
                aktif=True,
                penempatan=(),
            )
        ),
    ]


def skp(kind: str, who: UUID = STAF, atasan: UUID | None = KADIS, version: int = 1) -> Recorded:
    """`diajukan`, `disetujui` or `dikembalikan`."""
    common: dict[str, Any] = {
        "version": version,
        "skp_id": uuid5(SPACE, f"skp/{who}"),
        "pegawai_id": who,
        "atasan_id": atasan,
        "tahun": 2026,
        "periode": NOVEMBER,
    }
    if kind == "diajukan":
        return Recorded.of(SkpSubmitted(**common), traceparent=TRACE)
    if kind == "disetujui":
        return Recorded.of(SkpApproved(**common, rhk=()))
    return Recorded.of(SkpReturned(**common, catatan="Target indikator kedua belum terukur."))


def tertahan(who: UUID, kode: str, pemilik: str, penilai: UUID | None = KADIS) -> Recorded:
    """A result that waits for somebody."""
    reason = Alasan(kode=kode, kalimat=f"Sebab {kode}.", pemilik=pemilik)
    return Recorded.of(
        PenilaianFinalised(
            version=1,
            pegawai_id=who,
            penilai_id=penilai,
            periode=NOVEMBER,
            skp_disetujui=False,
            predikat=None,
            alasan=(reason,),
        )
    )


def dinilai(who: UUID) -> Recorded:
    """A result that is there."""
    return Recorded.of(
        PenilaianFinalised(
            version=1, pegawai_id=who, periode=NOVEMBER, skp_disetujui=True, predikat=2, alasan=()
        )
    )


def bulan(kind: type[PeriodeOpened | PeriodeSubmissionClosed] = PeriodeOpened) -> Recorded:
    """The month begins, or takes no more realisasi."""
    return Recorded.of(kind(version=1, periode=NOVEMBER))


def dibuka_kembali() -> Recorded:
    """The month is open once more."""
    return Recorded.of(PeriodeReopened(version=4, periode=NOVEMBER, alasan="Perbaikan"))


def tpp(kind: str, who: UUID = STAF, version: int = 1) -> Recorded:
    """`dihitung`, `ditahan`, `dibayar` or `gagal`."""
    common: dict[str, Any] = {"version": version, "pegawai_id": who, "periode": NOVEMBER}
    match kind:
        case "dihitung":
            return Recorded.of(
                TppCalculated(
                    **common, bruto=Rupiah(9_876_543), potongan=Rupiah(1_000_000), neto=Rupiah(8_876_543)
                )
            )
        case "ditahan":
            reason = Alasan(kode="kehadiran", kalimat="Kehadiran belum lengkap.", pemilik="pengelola")
            return Recorded.of(TppHeld(**common, alasan=(reason,)))
        case "dibayar":
            return Recorded.of(TppPaid(**common, neto=Rupiah(8_876_543)))
        case _:
            return Recorded.of(TppPaymentFailed(**common, alasan="Rekening tidak aktif"))


def keberatan_dijawab(who: UUID = STAF, *, diterima: bool = True) -> Recorded:
    """An objection to the month's slip was answered."""
    return Recorded.of(
        TppKeberatanDecided(
            version=1,
            keberatan_id=uuid5(SPACE, f"keberatan/{who}/{diterima}"),
            pegawai_id=who,
            periode=NOVEMBER,
            diterima=diterima,
        )
    )
