"""A small pemda as tpp hears of it, and the people who decide in it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Any
from uuid import UUID, uuid5

from services.tpp.kehadiran.ulang import lanjutkan as hitung_ulang
from services.tpp.koreksi.hitung import koreksi
from services.tpp.penetapan.commands import kirim_item
from services.tpp.penetapan.pemeriksaan import jumlah_temuan
from services.tpp.perhitungan.pekerja import akhiri
from shared.contracts.payroll import ItemFailed, ItemPaid
from shared.contracts.pegawai import KontakChanged, PegawaiChanged, Penempatan, StatusPegawai, TugasPlt
from shared.contracts.penilaian import (
    PENILAIAN,
    Alasan,
    PenilaianFinalised,
    PenilaianPeriodFinalised,
    PredikatSet,
)
from shared.contracts.periode import PERIODE, PeriodeClosed, PeriodeOpened, PeriodeReopened, PeriodeRoster
from shared.contracts.tpp import TppRunPart
from shared.nip import Nip
from shared.period import MasaBayar, Period
from shared.testing.feed import Recorded, recorded
from tests.component.layanan import NIP, Layanan, manifest

SPACE = UUID("00000000-0000-4000-8000-00000000aaaa")
OKTOBER = Period(2026, 10)
BULAN = str(OKTOBER)


def id_of(*name: object) -> UUID:
    """A stable id for a name."""
    return uuid5(SPACE, "/".join(map(str, name)))


ALAMAT = "jangan.disimpan@contoh.go.id"
"""The address of everyone, which is to be kept nowhere."""
ANI, BUDI, CICI, DEDI, EKA, FIRDAUS = (id_of("orang", n) for n in range(1, 7))
ORANG = (ANI, BUDI, CICI, DEDI, EKA, FIRDAUS)
"""Ani, Budi, Cici work in DISDIK, Dedi, Eka, Firdaus in DINKES."""
ADMIN, ADMIN_LAIN, BPKAD, KEUANGAN, KEUANGAN_DINKES, PENGELOLA = (id_of("pejabat", n) for n in range(6))
NIP_DARI = {who: NIP.format(number) for number, who in enumerate(ORANG, 1)}
OPD_DARI = dict(zip(ORANG, ("DISDIK",) * 3 + ("DINKES",) * 3, strict=True))
KELAS = dict(zip(ORANG, (7, 8, 9, 7, 11, 5), strict=True))
STATUS = dict(zip(ORANG, ("PNS", "PNS", "CPNS", "PPPK", "PNS", "PNS"), strict=True))
GOLONGAN = dict(zip(ORANG, ("III/a", "III/b", "III/a", "IX", "IV/a", "II/c"), strict=True))


def segmen(
    who: UUID,
    *,
    mulai: date = date(2025, 1, 1),
    opd: str | None = None,
    kelas: int | None = None,
    plt: int = 0,
    plt_mulai: date | None = date(2025, 1, 1),
    status: StatusPegawai | None = None,
) -> Penempatan:
    """Where somebody works from a day on."""
    kode = opd or OPD_DARI[who]
    return Penempatan(
        berlaku_mulai=mulai,
        unit_kode=f"{kode}-1",
        unit_nama=f"Bidang Satu {kode}",
        unit_path=f"PEMDA/{kode}/{kode}-1",
        opd_kode=kode,
        opd_nama=f"Dinas {kode}",
        jabatan_nama="Analis",
        jenis_jabatan="JF",
        kelas=kelas or KELAS[who],
        golongan=GOLONGAN[who],
        status=status,
        atasan_id=None,
        plt=TugasPlt(jabatan_nama="Kepala Seksi", kelas=plt) if plt else None,
        plt_mulai=plt_mulai if plt else None,
    )


def pegawai(
    who: UUID,
    *segments: Penempatan,
    version: int = 1,
    aktif: bool = True,
    status: StatusPegawai | None = None,
) -> Recorded:
    """A person with every segment."""
    return Recorded.of(
        PegawaiChanged(
            version=version,
            pegawai_id=who,
            nip=Nip(NIP_DARI[who]),
            status=status or STATUS[who],
            aktif=aktif,
            penempatan=segments or (segmen(who),),
        )
    )


def kontak(who: UUID, nama: str, version: int = 1) -> Recorded:
    """What somebody is called."""
    return Recorded.of(KontakChanged(version=version, pegawai_id=who, nama=nama, email=ALAMAT))


def dinilai(
    who: UUID, predikat: int | None = 2, *, version: int = 1, skp: bool = True, bulan: Period = OKTOBER
) -> Recorded:
    """The result of the ratings for one person; None holds with a reason."""
    return Recorded.of(
        PenilaianFinalised(
            version=version,
            pegawai_id=who,
            periode=bulan,
            skp_disetujui=skp,
            predikat=predikat,
            alasan=()
            if predikat
            else (Alasan(kode="belum_dinilai", kalimat="Atasan belum menilai.", pemilik="atasan"),),
        )
    )


def predikat_sementara(who: UUID, predikat: int, version: int = 1, bulan: Period = OKTOBER) -> Recorded:
    """The atasan rated during the month."""
    return Recorded.of(
        PredikatSet(
            version=version,
            pegawai_id=who,
            penilai_id=ADMIN,
            periode=bulan,
            hasil_kerja=2,
            perilaku=2,
            predikat=predikat,
        )
    )


def dibuka(version: int = 1, bulan: Period = OKTOBER) -> Recorded:
    """The month begins."""
    return Recorded.of(PeriodeOpened(version=version, periode=bulan))


def dibuka_kembali(version: int, bulan: Period = OKTOBER) -> Recorded:
    """The month takes work again."""
    return Recorded.of(PeriodeReopened(version=version, periode=bulan, alasan="Ada yang tertinggal"))


def penutupan(
    facts: Sequence[Recorded],
    *,
    version: int = 3,
    people: Sequence[UUID] = ORANG,
    versions: dict[UUID, int] | None = None,
    per_bagian: int = 4,
    bulan: Period = OKTOBER,
) -> list[Recorded]:
    """Roster and closing over these facts of the month."""
    known = versions or {}
    parts = [people[start : start + per_bagian] for start in range(0, len(people), per_bagian)]
    roster = [
        Recorded.of(
            PeriodeRoster(
                version=version - 1,
                periode=bulan,
                bagian=number,
                dari=len(parts),
                pegawai=tuple((who, known.get(who, 1)) for who in part),
            )
        )
        for number, part in enumerate(parts, 1)
    ]
    closed = PeriodeClosed(
        version=version,
        periode=bulan,
        jumlah_pegawai=len(people),
        manifest=manifest([*facts, *roster], str(bulan), PERIODE),
    )
    return [*roster, Recorded.of(closed)]


def final(facts: Sequence[Recorded], version: int = 3, bulan: Period = OKTOBER) -> Recorded:
    """Everyone of the month is rated."""
    return Recorded.of(
        PenilaianPeriodFinalised(
            version=version,
            periode=bulan,
            dinilai=1,
            ditahan=0,
            manifest=manifest(facts, str(bulan), PENILAIAN),
        )
    )


def kebijakan(nama: str = "umum-60-40") -> bytes:
    """A shipped policy as its file."""
    return (files("services.tpp.kebijakan") / "contoh" / f"{nama}.yaml").read_bytes()


def csv(*rows: Sequence[object]) -> bytes:
    """Rows as a CSV file."""
    return "\n".join(";".join(map(str, row)) for row in rows).encode()


def hanya(cara: str) -> str:
    """The common policy with one rule for a change of jabatan, and none for a month in part."""
    text = kebijakan().decode().partition("  - nama: Berhenti di tengah bulan\n")[0]
    text = text.replace("    per_jabatan: true\n", "")
    text = text.replace("  meninggal: penuh\n", "")
    return text.replace("  sebagian: pro_rata_hari_kalender\n", "").replace("hari_terakhir\n", f"{cara}\n", 1)


KEPALA_HARIAN = ("nip", "tanggal", "masuk", "pulang", "keterangan")


def hari_kerja(bulan: Period) -> list[date]:
    """Monday to Friday of a month."""
    days = (date(bulan.year, bulan.month, day) for day in range(1, bulan.last_day.day + 1))
    return [day for day in days if day.weekday() < 5]


HARI = hari_kerja(OKTOBER)


def hadir_semua(*people: UUID, bulan: Period = OKTOBER) -> bytes:
    """A month of punctual days."""
    days = hari_kerja(bulan)
    rows = [(NIP_DARI[who], day, "07:25", "16:05", "") for who in people for day in days]
    return csv(KEPALA_HARIAN, *rows)


class Dunia:
    """The service and what its people do."""

    def __init__(self, tpp: Layanan) -> None:
        self.tpp = tpp
        self.facts: list[Recorded] = []

    async def dengar(self, *facts: Recorded) -> int:
        """Apply events, which are counted by later closings."""
        self.facts += facts
        return await self.tpp.dengar(*facts)

    async def siapkan(self, *, skip: frozenset[str] = frozenset()) -> None:
        """Policy in force, everyone known, present, paid and rated; the month closed."""
        await self.kebijakan()
        await self.siapkan_tanpa_kebijakan(skip=skip)

    async def siapkan_tanpa_kebijakan(self, *, skip: frozenset[str] = frozenset()) -> None:
        """The same under whatever policy is in force."""
        await self.dengar(*(pegawai(who) for who in ORANG), dibuka())
        if "kehadiran" not in skip:
            assert (await self.kehadiran(hadir_semua(*ORANG)))["diterapkan"]
        if "gaji" not in skip:
            assert (await self.gaji(*((NIP_DARI[who], 4_500_000) for who in ORANG)))["diterapkan"]
        await self.dengar(*(dinilai(who) for who in ORANG))
        if "tutup" not in skip:
            assert await self.tutup() == 0

    async def tutup(self, version: int = 3, bulan: Period = OKTOBER, **closing: Any) -> int:
        """Close the month over everything heard so far; returns how many barriers stay open."""
        await self.dengar(*penutupan(self.facts, version=version, bulan=bulan, **closing))
        return await self.dengar(final(self.facts, version, bulan))

    async def bulan(self, bulan: Period, *people: UUID, predikat: int = 2, **closing: Any) -> None:
        """A whole month after the first: everyone punctual and rated, closed and computed."""
        who = people or ORANG
        await self.dengar(dibuka(bulan=bulan))
        assert (await self.kehadiran(hadir_semua(*who, bulan=bulan), periode=str(bulan)))["diterapkan"]
        await self.dengar(*(dinilai(one, predikat, bulan=bulan) for one in who))
        assert await self.tutup(bulan=bulan, people=who, **closing) == 0
        assert (await self.jalankan(str(bulan)))["keadaan"] == "selesai"

    async def kirim(self, path: str, who: UUID, *peran: str, unit: str | None = None, **rest: Any) -> Any:
        """A write as somebody."""
        headers = self.tpp.kepala(who, *peran, unit=unit)
        return await self.tpp.client.post(f"/api/tpp{path}", headers=headers, **rest)

    async def lihat(self, path: str, who: UUID, *peran: str, unit: str | None = None, **query: Any) -> Any:
        """A question as somebody."""
        headers = self.tpp.kepala(who, *peran, unit=unit)
        return await self.tpp.client.get(f"/api/tpp{path}", headers=headers, params=query)

    async def kebijakan(self, isi: bytes | None = None) -> str:
        """Upload and activate a policy; returns its id."""
        told = await self.kirim("/kebijakan", ADMIN, "admin_bkd", content=isi or kebijakan())
        assert told.status_code == 201, told.text
        policy = str(told.json()["kebijakan_id"])
        told = await self.kirim(f"/kebijakan/{policy}/aktifkan", BPKAD, "bpkad")
        assert told.status_code == 200, told.text
        return policy

    async def kehadiran(self, isi: bytes, **query: Any) -> Any:
        """Import attendance as BKD."""
        params = {"periode": BULAN, "berkas": "hadir.csv", **query}
        told = await self.kirim("/impor/kehadiran", ADMIN, "admin_bkd", content=isi, params=params)
        assert told.status_code == 200, told.text
        return told.json()

    async def gaji(self, *rows: Sequence[object], **query: Any) -> Any:
        """Import salaries as BKD."""
        params = {"berkas": "gaji.csv", **query}
        isi = csv(("nip", "gaji"), *rows)
        told = await self.kirim("/impor/gaji", ADMIN, "admin_bkd", content=isi, params=params)
        assert told.status_code == 200, told.text
        return told.json()

    async def jalankan(self, bulan: str = BULAN) -> Any:
        """Begin a run and do all its parts; returns its status."""
        told = await self.kirim(f"/perhitungan/{bulan}/jalankan", ADMIN, "admin_bkd")
        assert told.status_code == 200, told.text
        await self.kerjakan()
        return (await self.lihat(f"/perhitungan/{bulan}", ADMIN, "admin_bkd")).json()

    async def koreksi(self) -> None:
        """What the worker does about facts heard after a lock."""
        while await self.tpp.database.run(koreksi):
            pass

    async def hitung_ulang(self) -> None:
        """What the workers do about a changed calendar."""
        while await self.tpp.database.run(hitung_ulang):
            pass

    async def kerjakan(self) -> None:
        """What the worker does, until nothing is left."""
        sent = [one for one in await recorded(self.tpp.database) if one.type == TppRunPart.TYPE]
        await self.tpp.dengar(*sent)
        while await self.tpp.database.run(akhiri):
            pass

    async def putuskan(
        self, opd: str, tindakan: str, who: UUID, peran: str, bulan: str = BULAN, **rest: Any
    ) -> Any:
        """A decision on an OPD."""
        path = f"/penetapan/{bulan}/{opd}/{tindakan}"
        return await self.kirim(path, who, peran, unit=f"PEMDA/{opd}", **rest)

    async def kunci(self, opd: str = "DISDIK", bulan: str = BULAN) -> Any:
        """All three decisions, and the events of the payments."""
        for tindakan, who, peran in (
            ("verifikasi", KEUANGAN, "keuangan_opd"),
            ("setujui", ADMIN, "admin_bkd"),
            ("kunci", BPKAD, "bpkad"),
        ):
            if tindakan == "kunci":
                await self.tanggapi(opd, bulan)
            told = await self.putuskan(opd, tindakan, who, peran, bulan)
            assert told.status_code == 200, told.text
        while await self.tpp.database.run(kirim_item):
            pass
        return told.json()

    async def periksa(self, opd: str = "DISDIK", bulan: str = BULAN) -> Any:
        """What has to be looked at before the lock."""
        told = await self.lihat(f"/penetapan/{bulan}/{opd}/pemeriksaan", BPKAD, "bpkad")
        assert told.status_code == 200, told.text
        found = told.json()
        # The list of OPDs counts without reading what is said of each.
        async with self.tpp.database.transaction() as tx:
            counted = await jumlah_temuan(tx, MasaBayar.parse(bulan), [opd], found["batas_persen"])
        assert counted.get(opd, 0) == found["total"]
        return found

    async def tanggapi(self, opd: str = "DISDIK", bulan: str = BULAN) -> None:
        """The OPD's finance answers for whatever was found."""
        found = await self.periksa(opd, bulan)
        if not found["selesai"]:
            body = {"sidik": found["sidik"], "jawaban": "Sudah diperiksa"}
            path = f"/penetapan/{bulan}/{opd}/tanggapi"
            told = await self.kirim(path, KEUANGAN, "keuangan_opd", unit=f"PEMDA/{opd}", json=body)
            assert told.status_code == 200, told.text

    async def angka(self, bulan: str = BULAN) -> dict[UUID, tuple[str, int, int]]:
        """Status, neto and version of everyone."""
        rows = await self.tpp.baris(
            "SELECT pegawai_id, status, neto, version FROM tpp_bulan WHERE periode = $1", bulan
        )
        return {row["pegawai_id"]: (row["status"], row["neto"], row["version"]) for row in rows}


def dibayar(item: Any, *, version: int = 1, batch_id: UUID | None = None) -> Recorded:
    """Payroll reports a payment of a recorded ItemPayable."""
    return Recorded.of(
        ItemPaid(
            version=version,
            batch_id=batch_id or item.batch_id,
            periode=item.periode,
            item_id=item.item_id,
            referensi=f"SP2D-{version}",
            dibayar_pada=datetime(2026, 11, 5, 3, 0, tzinfo=UTC),
        )
    )


def gagal(item: Any, *, version: int = 1) -> Recorded:
    """Payroll reports that it could not pay."""
    return Recorded.of(
        ItemFailed(
            version=version,
            batch_id=item.batch_id,
            periode=item.periode,
            item_id=item.item_id,
            alasan=f"Rekening ditolak {version}",
        )
    )
