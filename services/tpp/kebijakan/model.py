"""A TPP policy as data: one regulation version, as a region's legal office writes it down.

TPP is regional law (PP 12/2019 ps. 58), so no weight, band, tariff or order of cuts is a constant in
code: all of it is here. The document is immutable; `sidik` names its exact content, so that a slip can
say which version it was computed with. Structure and units are checked here, meaning in `checks`.
"""

import json
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.tpp.kebijakan.quantities import Menit, Nominal, Persen
from shared.contracts.pegawai import StatusPegawai

Kode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Teks = Annotated[str, Field(min_length=3, max_length=300)]
Kelas = Annotated[int, Field(ge=1, le=17)]

NamaPredikat = Literal["sangat_baik", "baik", "butuh_perbaikan", "kurang", "sangat_kurang"]
PREDIKAT: tuple[NamaPredikat, ...] = ("sangat_baik", "baik", "butuh_perbaikan", "kurang", "sangat_kurang")
"""In SIASN's order: the code of a predikat is its place here, counted from 1."""

Pembulat = Literal["ke_bawah", "setengah_ke_atas"]
Dasar = Literal["bagian_disiplin", "tpp_maksimum"]
Pemilik = Literal["pegawai", "atasan", "pengelola_kinerja", "admin_bkd", "keuangan_opd", "bpkad", "sysadmin"]
"""Who has to act on a held payment."""


class Dokumen(BaseModel):
    """Base of all parts: immutable, and an unknown name is an error, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Aturan(Dokumen):
    """What every rule that appears on the slip has: a name, its article and its sentence.

    `kalimat` may use the words in braces that `templates.WORDS` lists for its kind of rule.
    """

    nama: Teks
    pasal: Teks
    kalimat: Teks


class Sumber(Dokumen):
    """Where a part of the document comes from: `hukum` read in the regulation, `praktik` seen in use,
    `asumsi` ours until the region's legal office confirms it."""

    bagian: str
    sifat: Literal["hukum", "praktik", "asumsi"]
    catatan: Teks


class Pembulatan(Dokumen):
    """How each step becomes whole rupiah."""

    komponen: Pembulat
    plt: Pembulat
    status: Pembulat
    produktivitas: Pembulat = Field(description="Bagian produktivitas; bagian disiplin adalah sisanya")
    predikat: Pembulat = Field(description="Bagian produktivitas yang dibayar menurut predikat")
    disiplin: Pembulat = Field(description="Potongan setiap kejadian, dan batas sebulan")
    bpjs: Pembulat
    pajak: Pembulat


class TppDasar(Dokumen):
    """Basic TPP of each kelas jabatan."""

    pasal: Teks
    rupiah_per_kelas: dict[Kelas, Nominal] = Field(min_length=1)


class KomponenPersen(Aturan):
    """A component that is a percentage of the basic TPP of the kelas."""

    jenis: Literal["persen_tpp_dasar"]
    kode: Kode
    persen: Persen


class KomponenTetap(Aturan):
    """A component of the same amount for everyone."""

    jenis: Literal["nilai_tetap"]
    kode: Kode
    nominal: Nominal


Komponen = Annotated[KomponenPersen | KomponenTetap, Field(discriminator="jenis")]


class FaktorStatus(Aturan):
    """How much of components and Plt supplement each status receives."""

    kode: Kode
    dibayar: dict[StatusPegawai, Persen]


class TambahanPlt(Aturan):
    """Supplement of a Plt: a percentage of the components of one's own kelas or of the acting jabatan's."""

    kode: Kode
    persen: Persen
    dari: Literal["jabatan_sendiri", "jabatan_plt"]


class Bobot(Dokumen):
    """How tpp maksimum divides: the part that follows the predikat, the part that follows discipline."""

    pasal: Teks
    produktivitas: Persen
    disiplin: Persen


class TabelPredikat(Aturan):
    """How much of the produktivitas part each predikat pays."""

    kode: Kode
    dibayar: dict[NamaPredikat, Persen]


class Pita(Dokumen):
    """One band of minutes. Its ends say whether they belong to it: `mulai` and `sampai` do,
    `lebih_dari` and `kurang_dari` do not; the last band says `tanpa_batas_atas: true`."""

    kode: Kode
    nama: Teks
    mulai: Menit | None = None
    lebih_dari: Menit | None = None
    sampai: Menit | None = None
    kurang_dari: Menit | None = None
    tanpa_batas_atas: bool = False
    potongan: Persen

    @property
    def terendah(self) -> int:
        """First whole minute of the band."""
        return self.mulai if self.mulai is not None else (self.lebih_dari or 0) + 1

    @property
    def tertinggi(self) -> int | None:
        """Last whole minute of the band; None when it is open upwards."""
        if self.kurang_dari is not None:
            return self.kurang_dari - 1
        return self.sampai


class Menitan(Dokumen):
    """Cuts by minutes: each event falls into exactly one band; up to `toleransi` nothing is cut."""

    pasal: Teks
    kalimat: Teks
    toleransi: Menit
    pita: tuple[Pita, ...] = Field(min_length=1)


class Kejadian(Aturan):
    """A cut for each day or each time something happened."""

    kode: Kode
    potongan: Persen


class BatasSebulan(Aturan):
    """The most that all discipline cuts of one month may take."""

    kode: Kode
    paling_banyak: Persen
    dari: Dasar


class Disiplin(Aturan):
    """The discipline part: the line of the part itself, then the cuts, each a percentage of `dasar`."""

    kode: Kode
    dasar: Dasar
    terlambat: Menitan
    pulang_cepat: Menitan
    tidak_hadir: Kejadian
    tanpa_absen_masuk: Kejadian
    tanpa_absen_pulang: Kejadian
    batas_sebulan: BatasSebulan


class Penahanan(Dokumen):
    """A missing fact holds the payment; it never becomes zero."""

    bila: Literal["skp_belum_selesai", "predikat_belum_ada", "kehadiran_belum_ada", "gaji_belum_ada"]
    kalimat: Teks
    pemilik: Pemilik
    pasal: Teks


class Bpjs(Aturan):
    """Employee's part: persen x max(0, min(plafon - gaji dasar, bruto))."""

    kode: Kode
    persen: Persen
    plafon: Nominal


GOLONGAN_PNS = {
    golongan: tuple(f"{golongan}/{ruang}" for ruang in ("abcde" if golongan == "IV" else "abcd"))
    for golongan in ("I", "II", "III", "IV")
}
"""PNS and CPNS: golongan and its ruang."""

GOLONGAN_PPPK = tuple("I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII".split())
"""PPPK (Perpres 98/2020): no ruang."""


def golongan_dari(status: StatusPegawai) -> dict[str, tuple[str, ...]]:
    """What a tariff may name for a status, and the exact golongan texts each name covers."""
    return {name: (name,) for name in GOLONGAN_PPPK} if status == "PPPK" else GOLONGAN_PNS


class Tarif(Dokumen):
    """Final tariff of some golongan, for some statuses. PNS: `III` covers III/a to III/d."""

    status: tuple[StatusPegawai, ...] = Field(min_length=1)
    golongan: tuple[str, ...] = Field(min_length=1)
    tarif: Persen


class PajakFinal(Aturan):
    """Final income tax by golongan (PPh 21, PP 80/2010)."""

    kode: Kode
    dasar: Literal["bruto", "bruto_kurang_bpjs"]
    tarif: tuple[Tarif, ...] = Field(min_length=1)


class Kebijakan(Dokumen):
    """One version of one region's TPP rules, valid for whole months from `berlaku_mulai`.

    `berlaku_sampai: null` says: until a newer version replaces it.
    """

    bentuk: Literal[1] = Field(description="Versi bentuk dokumen ini")
    kode: str = Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")
    nama: Teks
    daerah: Teks
    dasar_hukum: tuple[Teks, ...] = Field(min_length=1)
    berlaku_mulai: date
    berlaku_sampai: date | None
    sumber: tuple[Sumber, ...]
    pembulatan: Pembulatan
    tpp_dasar: TppDasar
    komponen: tuple[Komponen, ...] = Field(min_length=1)
    plt: TambahanPlt
    status: FaktorStatus
    bobot: Bobot
    predikat: TabelPredikat
    disiplin: Disiplin
    penahanan: tuple[Penahanan, ...]
    bpjs: Bpjs | None
    pajak: PajakFinal

    @cached_property
    def sidik(self) -> str:
        """SHA-256 of the content, whatever the order in which tables were written down."""
        return sha256(json.dumps(self.model_dump(mode="json"), sort_keys=True).encode()).hexdigest()
