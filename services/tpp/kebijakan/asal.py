"""Where a server has each fact from. A policy that rests on one without a source is not taken.

A test holds this table against the facts there are, so that a new one cannot be left without a way in.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from services.tpp.kebijakan.model import Kebijakan
from services.tpp.kebijakan.program import masa, susun
from services.tpp.kebijakan.setahun import dengan_setahun
from services.tpp.kebijakan.susun_tabel import Masalah
from services.tpp.kebijakan.tipe import Simpul


class Asal(NamedTuple):
    """The way a fact comes in: the topic it is heard on, or the route, and what people call it."""

    jalan: str
    sebutan: str


def _impor(jenis: str, sebutan: str) -> Asal:
    return Asal(f"/api/tpp/impor/{jenis}", sebutan)


DAERAH = _impor("fakta-daerah", "Impor fakta daerah")
"""Whatever a policy declares itself under `masukan`."""

_MENURUT: Mapping[Asal, tuple[str, ...]] = {
    Asal("ekinerja.pegawai.v1", "data kepegawaian"): (
        "kelas", "jabatan", "jenis_jabatan", "unit", "opd", "golongan", "golongan_ruang", "status", "ada_plt",
        "plt_kelas", "plt_jabatan", "hari_plt",
    ),
    Asal("ekinerja.penilaian.v1", "penilaian"): ("skp_disetujui", "predikat"),
    Asal("/api/tpp/perhitungan/{periode}/jalankan", "bulan yang dihitung"): ("bulan", "pembayaran"),
    _impor("kehadiran", "Impor kehadiran"): (
        "hadir", "tanpa_keterangan", "terlambat", "pulang_cepat", "tanpa_masuk", "tanpa_pulang",
        "absen_terlewat", "tanpa_apel", "tanpa_upacara", "hari_tanpa_data", "hari_kejadian",
    ),
    _impor("cuti", "Impor cuti dan dinas"): ("cuti", "hari_cuti"),
    _impor("jam-kerja", "Impor jam kerja"): ("hari_kerja",),
    _impor("aktivitas", "Impor aktivitas"): ("menit_aktivitas", "hari_laporan", "ada_hasil"),
    _impor("gaji", "Impor gaji"): ("gaji",),
    _impor("ptkp", "Impor PTKP"): ("ptkp",),
    _impor("pajak-luar", "Impor PPh 21 dari luar"): ("pajak_luar",),
    _impor("saldo-pajak", "Impor saldo pajak"): ("bruto_setahun", "pengurang_setahun", "pajak_setahun"),
    _impor("sanksi", "Impor hukuman disiplin"): ("sanksi_terbesar", "sanksi_jumlah"),
    _impor("peran", "Impor peran tambahan"): ("peran",),
    _impor("eselon", "Impor eselon"): ("eselon",),
    _impor("lokasi", "Impor tempat bertugas"): ("lokasi",),
    _impor("zakat", "Impor zakat"): ("ikut_zakat",),
    _impor("potongan", "Impor potongan lain"): ("potongan_lain",),
}  # fmt: skip

ASAL: Mapping[str, Asal] = {name: origin for origin, names in _MENURUT.items() for name in names}
"""By the name of the fact."""


def tanpa_asal(k: Kebijakan, asal: Mapping[str, Asal] = ASAL) -> Iterator[Masalah]:
    """Each fact that this policy rests on and no server has, at the first step that names it."""
    told: set[str] = set()
    for month in masa(k):
        program = susun(k if k.setahun is None else dengan_setahun(k), month)[0]
        places = [(step.loc, node) for step in program.langkah for node in step.simpul()]
        places += [(("penahanan", number), one.bila) for number, one in enumerate(program.penahanan)]
        for place, node in places:
            for name in sorted(node.fakta - told):
                if name not in asal and program.fakta[name].sumber != "tambahan":
                    told.add(name)
                    yield Masalah(
                        place,
                        f"fakta {name} tidak mempunyai sumber di aplikasi ini, jadi selalu kosong",
                        "pakai fakta lain, atau nyatakan fakta sendiri dengan nama lain di bagian masukan",
                    )


def kode_dikenal(k: Kebijakan) -> Mapping[str, frozenset[str]]:
    """For each fact of text or codes the values that this policy tells apart, by comparison or table."""
    known = _DIKENAL.get(k.sidik)
    if known is None:
        found: dict[str, set[str]] = {}
        for month in masa(k):
            program = susun(k, month)[0]
            for table in program.tabel.values():
                for at, name in enumerate(table.oleh):
                    if name in program.fakta and program.fakta[name].tipe in ("teks", "daftar_kode"):
                        found.setdefault(name, set()).update(str(row[at]) for row in table.baris)
            for step in program.langkah:
                for node in step.simpul():
                    _kumpulkan(node, found)
            for hold in program.penahanan:
                _kumpulkan(hold.bila, found)
        known = _DIKENAL[k.sidik] = {name: frozenset(codes) for name, codes in found.items()}
    return known


_DIKENAL: dict[str, Mapping[str, frozenset[str]]] = {}


def _kumpulkan(node: Simpul, found: dict[str, set[str]]) -> None:
    if node.op == "kamus":
        name, key = node.isi
        found.setdefault(name, set()).add(key)
    if node.op in ("=", "<>", "satu_dari", "punya"):
        facts = [one.anak[0] if one.op == "nilai_atau" else one for one in node.anak]
        written = {str(one.isi) for one in node.anak if one.op == "tetap" and one.tipe == "teks"}
        for one in facts:
            if one.op == "fakta" and one.tipe in ("teks", "daftar_kode") and written:
                found.setdefault(str(one.isi), set()).update(written)
    for one in node.anak:
        _kumpulkan(one, found)
