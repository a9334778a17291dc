"""Facts of a small pemda, as skp would publish them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid5

from shared.contracts.base import Manifest
from shared.contracts.pegawai import PegawaiChanged, Penempatan
from shared.contracts.periode import PERIODE, PeriodeClosed, PeriodeOpened, PeriodeReopened, PeriodeRoster
from shared.contracts.skp import (
    REALISASI,
    SKP,
    RealisasiSubmitted,
    Rhk,
    SkpApproved,
    SkpReturned,
    SkpSubmitted,
)
from shared.nip import Nip
from shared.period import Period
from shared.testing.feed import Recorded
from tests.component.layanan import NIP, manifest

SPACE = UUID("00000000-0000-4000-8000-000000000000")
NOVEMBER = Period(2026, 11)


def id_of(*name: object) -> UUID:
    """A stable id for a name."""
    return uuid5(SPACE, "/".join(map(str, name)))


SEKDA, KADIS, STAF, STAF_LAIN = (id_of("orang", n) for n in range(4))
ORANG = (SEKDA, KADIS, STAF, STAF_LAIN)


def segmen(mulai: date, atasan: UUID | None, opd: str = "DISDIK") -> Penempatan:
    """Where somebody works from a day on."""
    return Penempatan(
        berlaku_mulai=mulai,
        unit_kode=opd,
        unit_nama=f"Unit {opd}",
        unit_path=f"PEMDA/{opd}",
        opd_kode=opd,
        opd_nama=f"OPD {opd}",
        jabatan_nama="Analis",
        jenis_jabatan="JF",
        kelas=8,
        golongan="III/a",
        atasan_id=atasan,
    )


def pegawai(who: UUID, number: int, *segments: Penempatan, version: int = 1, aktif: bool = True) -> Recorded:
    """A person with every segment."""
    return Recorded.of(
        PegawaiChanged(
            version=version,
            pegawai_id=who,
            nip=Nip(NIP.format(number + 1)),
            status="PNS",
            aktif=aktif,
            penempatan=segments,
        )
    )


def bagan() -> list[Recorded]:
    """Sekda over kadis over two staff; nobody over sekda."""
    since = date(2025, 1, 1)
    return [
        pegawai(SEKDA, 0, segmen(since, None, "SETDA")),
        pegawai(KADIS, 1, segmen(since, SEKDA)),
        pegawai(STAF, 2, segmen(since, KADIS)),
        pegawai(STAF_LAIN, 3, segmen(since, KADIS)),
    ]


def dibuka(periode: Period = NOVEMBER, version: int = 1) -> Recorded:
    """The month begins."""
    return Recorded.of(PeriodeOpened(version=version, periode=periode))


def diajukan(who: UUID, atasan: UUID | None, version: int = 1, periode: Period = NOVEMBER) -> Recorded:
    """Asked for agreement."""
    return Recorded.of(
        SkpSubmitted(
            version=version,
            skp_id=id_of("skp", who),
            pegawai_id=who,
            atasan_id=atasan,
            tahun=2026,
            periode=periode,
        )
    )


def disetujui(who: UUID, atasan: UUID | None, version: int = 2, periode: Period = NOVEMBER) -> Recorded:
    """Agreed, with one RHK."""
    rhk = Rhk(rhk_id=id_of("rhk", who), rencana="Laporan tersusun", rhk_atasan_id=None, indikator=())
    return Recorded.of(
        SkpApproved(
            version=version,
            skp_id=id_of("skp", who),
            pegawai_id=who,
            atasan_id=atasan,
            tahun=2026,
            periode=periode,
            rhk=(rhk,),
        )
    )


def dikembalikan(who: UUID, atasan: UUID | None, version: int = 2, periode: Period = NOVEMBER) -> Recorded:
    """Sent back."""
    return Recorded.of(
        SkpReturned(
            version=version,
            skp_id=id_of("skp", who),
            pegawai_id=who,
            atasan_id=atasan,
            tahun=2026,
            periode=periode,
            catatan="Target belum terukur.",
        )
    )


def realisasi(who: UUID, number: int = 1, periode: Period = NOVEMBER, version: int = 1) -> Recorded:
    """Something done."""
    return Recorded.of(
        RealisasiSubmitted(
            version=version,
            realisasi_id=id_of("realisasi", who, number),
            pegawai_id=who,
            skp_id=id_of("skp", who),
            rhk_id=id_of("rhk", who),
            periode=periode,
            tanggal=periode.first_day,
            uraian=f"Menyusun laporan {number} versi {version}",
            jumlah=Decimal(number),
            satuan="dokumen",
            bukti=(),
        )
    )


def penutupan(
    sebelumnya: Sequence[Recorded],
    roster: Sequence[tuple[UUID, int]],
    *,
    version: int = 3,
    periode: Period = NOVEMBER,
    per_bagian: int = 2,
) -> list[Recorded]:
    """The closing of a month as skp publishes it: the roster in parts, then the closing that counts all."""
    parts = [roster[start : start + per_bagian] for start in range(0, len(roster), per_bagian)]
    facts = [
        Recorded.of(
            PeriodeRoster(
                version=version, periode=periode, bagian=number, dari=len(parts), pegawai=tuple(part)
            )
        )
        for number, part in enumerate(parts, start=1)
    ]
    counted: Manifest = manifest([*sebelumnya, *facts], str(periode), PERIODE, SKP, REALISASI)
    closed = PeriodeClosed(version=version, periode=periode, jumlah_pegawai=len(roster), manifest=counted)
    return [*facts, Recorded.of(closed)]


def dibuka_kembali(version: int = 4, periode: Period = NOVEMBER) -> Recorded:
    """The month is open once more."""
    return Recorded.of(PeriodeReopened(version=version, periode=periode, alasan="Perbaikan penilaian"))
