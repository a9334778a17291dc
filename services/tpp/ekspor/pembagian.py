"""One person's lines in the words of a file: what each criterion earned, its full amount, each cut."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from services.tpp.ekspor import rules
from services.tpp.ekspor.profil import Profil
from services.tpp.kebijakan.kriteria import dengan_besaran, kriteria
from services.tpp.kebijakan.model import Kebijakan
from services.tpp.kebijakan.program import ulangi
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.rules import baca_masukan


class Kurang(NamedTuple):
    """What keeps a person out of a file, and the way out."""

    alasan: str
    perbaikan: str


class Pembagian:
    """The lines of one policy as one profile writes them."""

    def __init__(self, profil: Profil, kebijakan: Kebijakan) -> None:
        self._profil = profil
        steps = [step for _, step in ulangi(kebijakan.langkah)]
        self._nama = {step.kode: step.nama for step in steps}
        cuts = {step.kode for step in steps if step.sifat == "potongan"}
        self._potongan = cuts | {step.kode for step in steps if not cuts.isdisjoint(step.batas or ())}
        """What is taken off, and what gives some of it back."""
        self._tambah, self._besaran = kriteria(kebijakan)
        self._hitung = engine.compile(dengan_besaran(kebijakan)) if self._besaran else None
        self._bagian = {key: name for name, keys in profil.kriteria.items() for key in keys}
        """The share that a criterion, or a line that states none, counts to."""

    def kriteria(
        self, bruto: int, baris: Mapping[str, int], masukan: str, kurang: Callable[[Kurang], None]
    ) -> dict[str, int]:
        """`besaran`, and the gross amount divided among the profile's criteria (`kriteria.<name>`)."""
        names = [*self._profil.kriteria]
        told: dict[str, int] = {}
        for kode, key in self._tambah.items():
            if kode not in baris:
                continue
            if self._bagian.get(key, self._profil.kriteria_selebihnya):
                told[key] = told.get(key, 0) + baris[kode]
            else:
                kurang(self._tanpa_kriteria(kode))
        full = self._penuh(masukan)
        earned, whole = dict.fromkeys(names, 0), dict.fromkeys(names, 0)
        for key in told | full:
            if name := self._bagian.get(key, self._profil.kriteria_selebihnya):
                earned[name] += told.get(key, 0)
                # A share of a month in part may follow its own days, and come to more than those in service.
                whole[name] += max(full.get(key, 0), told.get(key, 0))
        there = {self._bagian.get(key, self._profil.kriteria_selebihnya) for key in told}
        # Arrears come also to who earned nothing this month: then by what there was to earn.
        weights = next(
            (one for one in (earned, whole) if any(one.values())),
            {name: int(name in there) for name in names},
        )
        if not any(weights.values()):
            if bruto:
                kurang(Kurang("tidak ada baris yang menyebut kriteria", _TULIS))
            parts = [0] * len(names)
        else:
            parts = rules.bagi_sebanding(bruto, [weights[name] for name in names])
        found = {f"kriteria.{name}": part for name, part in zip(names, parts, strict=True)}
        return {"besaran": sum(whole.values()), **found}

    def _penuh(self, masukan: str) -> dict[str, int]:
        """The full amount of each criterion that the policy states apart from its lines."""
        if self._hitung is None:
            return {}
        lines = {line.kode: line.jumlah for line in self._hitung(baca_masukan(masukan)).baris}
        return {key: lines.get(kode, 0) for key, kode in self._besaran.items()}

    def potongan(
        self, jumlah: int, baris: Mapping[str, int], kurang: Callable[[Kurang], None]
    ) -> dict[str, int]:
        """Each deduction of the profile (`potongan.<name>`)."""
        cuts = rules.per_nama(baris, self._profil.potongan)
        if sum(cuts.values()) != jumlah:
            known = {kode for codes in self._profil.potongan.values() for kode in codes}
            unknown = [kode for kode in baris if kode in self._potongan - known and baris[kode]]
            for what in map(self._sebut, unknown) if unknown else ["yang jumlahnya berbeda dari slip"]:
                kurang(Kurang(f"potongan {what} tidak dikenal profil ini", _SEBUT))
        return {f"potongan.{name}": amount for name, amount in cuts.items()}

    def iuran(self, baris: Mapping[str, int], kurang: Callable[[Kurang], None]) -> dict[str, int]:
        """What the region pays beside, for each contribution of the profile (`iuran.<name>`)."""
        known = {kode for codes in self._profil.iuran.values() for kode in codes}
        for kode in baris:
            if baris[kode] and kode not in known:
                kurang(Kurang(f"iuran {self._sebut(kode)} tidak dikenal profil ini", _SEBUT_IURAN))
        return {f"iuran.{name}": amount for name, amount in rules.per_nama(baris, self._profil.iuran).items()}

    def _tanpa_kriteria(self, kode: str) -> Kurang:
        return Kurang(
            f"baris {self._sebut(kode)} tidak menyebut kriteria TPP yang dikenal profil ini", _TULIS
        )

    def _sebut(self, kode: str) -> str:
        return f"{self._nama.get(kode, kode)} ({kode})"


_SEBUT = "Sebut kode potongannya pada potongan di profil berkas daerah."
_SEBUT_IURAN = "Sebut kode iurannya pada iuran di profil berkas daerah."
_TULIS = (
    "Tulis kriteria: pada langkah itu di versi kebijakan berikutnya, atau sebut kodenya pada kriteria di "
    "profil berkas daerah."
)
