"""What can still be influenced: the cuts of a month for attendance, activity, rating and sanctions."""

from collections.abc import Collection

from services.tpp.kebijakan.model import Kebijakan
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.rules import Hasil
from shared.period import Period

_SUMBER = ("kehadiran", "aktivitas", "predikat", "sanksi")


def kode_kendali(k: Kebijakan, periode: Period) -> frozenset[str]:
    """The codes of a policy's lines that cut for one of these, their limits included."""
    reader = engine.penafsir(k, periode)
    found: set[str] = set()
    for step in reader.program.langkah:
        if reader.sumber[step.kode] in _SUMBER and (step.arah < 0 or step.blok == "batas"):
            bands = reader.program.tabel[step.pita].pita if step.pita else ()
            found.update([one.kode for one in bands] or [step.kode])
    return frozenset(found)


def terpotong(hasil: Hasil, kode: Collection[str]) -> int:
    """What the lines of these codes take off together, in rupiah."""
    return -sum([line.jumlah for line in hasil.baris if line.kode in kode])
