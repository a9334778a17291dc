"""The calculation: a policy becomes a plain function once, and that function gives each person's lines.

Exact by construction: whole rupiah as int, percentages as millionths, one integer division per step with
the rounding the policy names. What depends only on jabatan, status and predikat is worked out once for
each combination that occurs; a person adds attendance, BPJS and tax.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from services.tpp.kebijakan.model import (
    PREDIKAT,
    Kebijakan,
    KomponenPersen,
    Menitan,
    Pembulat,
    golongan_dari,
)
from services.tpp.kebijakan.quantities import SATU
from services.tpp.kebijakan.templates import daftar_aturan
from services.tpp.perhitungan.rules import Alasan, Baris, Hasil, Kehadiran, Masukan, Penjelasan

Hitung = Callable[[Masukan], Hasil]

_MENIT_SEHARI = 1440
_HARI_SEBULAN = 31


def bagi(jumlah: int, persen: int, cara: Pembulat) -> int:
    """`persen` (millionths) of a non-negative amount, in whole rupiah."""
    if cara == "ke_bawah":
        return jumlah * persen // SATU
    return (2 * jumlah * persen + SATU) // (2 * SATU)


class _Satuan(NamedTuple):
    """A cut in rupiah for each time or day, and what its line says of where that comes from."""

    kode: str
    satuan: int
    dasar: int


class _Awal(NamedTuple):
    """Everything before attendance, for one combination of jabatan, Plt, status and predikat."""

    baris: tuple[Baris, ...]
    jumlah: int
    batas: int
    terlambat: tuple[_Satuan, ...]
    pulang_cepat: tuple[_Satuan, ...]
    kejadian: tuple[_Satuan, _Satuan, _Satuan]
    """Absent without reason, no clock-in, no clock-out."""


class _Tabel(dict[tuple[int, int | None, str, int | None], _Awal]):
    """The combinations met so far. Raises KeyError for what the policy does not know."""

    def __init__(self, kebijakan: Kebijakan) -> None:
        super().__init__()
        self._kebijakan = kebijakan

    def __missing__(self, key: tuple[int, int | None, str, int | None]) -> _Awal:
        kelas, plt_kelas, status, predikat = key
        known = self._kebijakan.tpp_dasar.rupiah_per_kelas
        if (
            kelas not in known
            or (plt_kelas is not None and plt_kelas not in known)
            or status not in self._kebijakan.status.dibayar
            or predikat is None
            or predikat not in range(1, len(PREDIKAT) + 1)
        ):
            raise KeyError(key)
        self[key] = awal = _awal(self._kebijakan, kelas, plt_kelas, status, predikat)
        return awal


def compile(kebijakan: Kebijakan) -> Hitung:  # noqa: A001 (that is what it does)
    """The policy as a function of one person's inputs.

    The function never raises for a person's data: what is missing or impossible holds that person's payment
    with the reason, its owner and its article.
    """
    k = kebijakan
    tabel = _Tabel(k)
    tarif = _tarif(k)
    pita_terlambat, pita_pulang = _pita_menit(k.disiplin.terlambat), _pita_menit(k.disiplin.pulang_cepat)
    tahan_skp = any(hold.bila == "skp_belum_selesai" for hold in k.penahanan)
    bpjs, pajak, cara = k.bpjs, k.pajak, k.pembulatan
    pajak_sesudah_bpjs = pajak.dasar == "bruto_kurang_bpjs"
    kode_batas = k.disiplin.batas_sebulan.kode

    def hitung(m: Masukan) -> Hasil:
        try:
            awal = tabel[m.kelas, m.plt_kelas, m.status, m.predikat]
            persen_pajak = tarif[m.status, m.golongan]
        except KeyError:
            return _ditahan(k, m)
        hadir = m.kehadiran
        if hadir is None or not _masuk_akal(hadir) or (tahan_skp and not m.skp_disetujui):
            return _ditahan(k, m)
        if bpjs is not None and (m.gaji is None or m.gaji < 0):
            return _ditahan(k, m)

        baris = list(awal.baris)
        bruto = awal.jumlah
        potongan = 0
        if hadir.terlambat:
            potongan += _potong_menit(baris, hadir.terlambat, pita_terlambat, awal.terlambat)
        if hadir.pulang_cepat:
            potongan += _potong_menit(baris, hadir.pulang_cepat, pita_pulang, awal.pulang_cepat)
        kali_kejadian = (hadir.tanpa_keterangan, hadir.tanpa_masuk, hadir.tanpa_pulang)
        if any(kali_kejadian):
            for kali, (kode, satuan, dasar) in zip(kali_kejadian, awal.kejadian, strict=True):
                if kali:
                    potongan += kali * satuan
                    baris.append(Baris(kode, -kali * satuan, (kali, satuan, dasar)))
        if potongan > awal.batas:
            baris.append(Baris(kode_batas, potongan - awal.batas, (potongan, awal.batas)))
            potongan = awal.batas
        bruto -= potongan

        iuran = 0
        if bpjs is not None and m.gaji is not None:
            dasar = max(0, min(bpjs.plafon - m.gaji, bruto))
            iuran = bagi(dasar, bpjs.persen, cara.bpjs)
            baris.append(Baris(bpjs.kode, -iuran, (m.gaji, dasar)))
        dasar = bruto - iuran if pajak_sesudah_bpjs else bruto
        pph = bagi(dasar, persen_pajak, cara.pajak)
        baris.append(Baris(pajak.kode, -pph, (dasar, persen_pajak)))
        return Hasil("dihitung", bruto, iuran + pph, bruto - iuran - pph, tuple(baris), ())

    return hitung


def jelaskan(kebijakan: Kebijakan, hasil: Hasil, masukan: Masukan) -> list[Penjelasan]:
    """The lines for people, in slip order; empty when the payment is held (`hasil.alasan` says why).

    Raises ValueError when a line is not of this policy: the version that calculated it must be given.
    """
    rules = {rule.kode: rule for rule in daftar_aturan(kebijakan)}
    hadir = masukan.kehadiran._asdict() if masukan.kehadiran else {}
    inputs = {**masukan._asdict(), **hadir}
    found = []
    for kode, jumlah, angka in hasil.baris:
        if kode not in rules:
            raise ValueError(
                f"baris {kode} bukan dari kebijakan {kebijakan.kode} ({kebijakan.berlaku_mulai})"
            )
        rule = rules[kode]
        kalimat = rule.sentence(jumlah, angka, inputs)
        found.append(Penjelasan(kode, rule.nama, kalimat, rule.pasal, jumlah, rule.jenis.sumber))
    return found


def _awal(k: Kebijakan, kelas: int, plt_kelas: int | None, status: str, predikat: int) -> _Awal:
    cara, bobot, disiplin = k.pembulatan, k.bobot, k.disiplin
    baris = _komponen(k, kelas)
    maksimum = sum(line.jumlah for line in baris)
    if plt_kelas is not None:
        dari = kelas if k.plt.dari == "jabatan_sendiri" else plt_kelas
        dasar = sum(line.jumlah for line in _komponen(k, dari))
        tambahan = bagi(dasar, k.plt.persen, cara.plt)
        baris.append(Baris(k.plt.kode, tambahan, (dari, dasar)))
        maksimum += tambahan
    persen = {str(name): value for name, value in k.status.dibayar.items()}[status]
    if persen != SATU:
        dibayar = bagi(maksimum, persen, cara.status)
        baris.append(Baris(k.status.kode, dibayar - maksimum, (maksimum, persen)))
        maksimum = dibayar

    produktivitas = bagi(maksimum, bobot.produktivitas, cara.produktivitas)
    bagian_disiplin = maksimum - produktivitas
    persen = k.predikat.dibayar[PREDIKAT[predikat - 1]]
    turun = bagi(produktivitas, persen, cara.predikat) - produktivitas
    baris.append(Baris(k.predikat.kode, turun, (produktivitas, persen)))
    baris.append(Baris(disiplin.kode, 0, (bagian_disiplin,)))

    def rupiah(dari: str) -> int:
        return bagian_disiplin if dari == "bagian_disiplin" else maksimum

    def satuan(kode: str, persen: int) -> _Satuan:
        dasar = rupiah(disiplin.dasar)
        return _Satuan(kode, bagi(dasar, persen, cara.disiplin), dasar)

    def pita(menitan: Menitan) -> tuple[_Satuan, ...]:
        return tuple(satuan(band.kode, band.potongan) for band in menitan.pita)

    sebulan = disiplin.batas_sebulan
    tiap = (disiplin.tidak_hadir, disiplin.tanpa_absen_masuk, disiplin.tanpa_absen_pulang)
    return _Awal(
        tuple(baris),
        maksimum + turun,
        # Each part is rounded on its own, so the cap may come out a rupiah above the part it caps.
        min(bagi(rupiah(sebulan.dari), sebulan.paling_banyak, cara.disiplin), bagian_disiplin),
        pita(disiplin.terlambat),
        pita(disiplin.pulang_cepat),
        (
            satuan(tiap[0].kode, tiap[0].potongan),
            satuan(tiap[1].kode, tiap[1].potongan),
            satuan(tiap[2].kode, tiap[2].potongan),
        ),
    )


def _komponen(k: Kebijakan, kelas: int) -> list[Baris]:
    dasar = k.tpp_dasar.rupiah_per_kelas[kelas]
    return [
        Baris(c.kode, bagi(dasar, c.persen, k.pembulatan.komponen), (dasar,))
        if isinstance(c, KomponenPersen)
        else Baris(c.kode, c.nominal, ())
        for c in k.komponen
    ]


def _tarif(k: Kebijakan) -> dict[tuple[str, str], int]:
    return {
        (status, exact): row.tarif
        for row in k.pajak.tarif
        for status in row.status
        for golongan in row.golongan
        for exact in golongan_dari(status)[golongan]
    }


def _pita_menit(menitan: Menitan) -> tuple[int, ...]:
    """The place of the band of each minute of a day; -1 within the tolerance."""
    places = [-1] * (_MENIT_SEHARI + 1)
    for place, pita in enumerate(menitan.pita):
        highest = _MENIT_SEHARI if pita.tertinggi is None else pita.tertinggi
        for minute in range(pita.terendah, highest + 1):
            places[minute] = place
    return tuple(places)


def _potong_menit(
    baris: list[Baris], menit: Iterable[int], pita: tuple[int, ...], satuan: tuple[_Satuan, ...]
) -> int:
    """Append one line for each band that occurred, in the policy's order; returns what they cut."""
    places = [pita[minute] for minute in menit]
    total = 0
    for place in sorted(set(places)):
        if place >= 0:
            kali = places.count(place)
            kode, tiap, dasar = satuan[place]
            total += kali * tiap
            baris.append(Baris(kode, -kali * tiap, (kali, tiap, dasar)))
    return total


def _masuk_akal(h: Kehadiran) -> bool:
    """Whether such a month can exist at all."""
    hadir, cuti, tanpa_keterangan, terlambat, pulang_cepat, tanpa_masuk, tanpa_pulang = h
    return (
        hadir >= 0
        and cuti >= 0
        and tanpa_keterangan >= 0
        and hadir + cuti + tanpa_keterangan <= _HARI_SEBULAN
        and 0 <= tanpa_masuk <= _HARI_SEBULAN
        and 0 <= tanpa_pulang <= _HARI_SEBULAN
        and (not terlambat or _menit_masuk_akal(terlambat))
        and (not pulang_cepat or _menit_masuk_akal(pulang_cepat))
    )


def _menit_masuk_akal(menit: tuple[int, ...]) -> bool:
    return len(menit) <= _HARI_SEBULAN and min(menit) >= 0 and max(menit) <= _MENIT_SEHARI


def _ditahan(k: Kebijakan, m: Masukan) -> Hasil:
    return Hasil("ditahan", 0, 0, 0, (), (*_belum_ada(k, m), *_tidak_mungkin(k, m)))


def _belum_ada(k: Kebijakan, m: Masukan) -> Iterable[Alasan]:
    """Facts that are missing, in the words of the policy."""
    missing = {
        "skp_belum_selesai": not m.skp_disetujui,
        "predikat_belum_ada": m.predikat is None,
        "kehadiran_belum_ada": m.kehadiran is None,
        "gaji_belum_ada": k.bpjs is not None and m.gaji is None,
    }
    rules = {hold.bila: hold for hold in k.penahanan}
    if missing["skp_belum_selesai"] and "skp_belum_selesai" in rules:
        # Nobody can be rated without an SKP: naming the atasan too would send people to the wrong desk.
        missing["predikat_belum_ada"] = False
    for bila, rule in rules.items():
        if missing[bila]:
            kalimat = rule.kalimat.format_map({"periode": m.periode.tampil()})
            yield Alasan(bila, kalimat, rule.pemilik, rule.pasal)


def _tidak_mungkin(k: Kebijakan, m: Masukan) -> Iterable[Alasan]:
    """Facts the policy has no figure for, or that cannot be true."""
    for kelas, whose in ((m.kelas, "Kelas jabatan"), (m.plt_kelas, "Kelas jabatan Plt")):
        if kelas is not None and kelas not in k.tpp_dasar.rupiah_per_kelas:
            kalimat = f"{whose} {kelas} tidak ada di tabel TPP dasar kebijakan ini"
            yield Alasan("kelas_tanpa_tpp_dasar", kalimat, "admin_bkd", k.tpp_dasar.pasal)
    if m.status not in k.status.dibayar:
        kalimat = f"Status {m.status} tidak dikenal kebijakan ini"
        yield Alasan("status_tidak_dikenal", kalimat, "pengelola_kinerja", k.status.pasal)
    elif (m.status, m.golongan) not in _tarif(k):
        kalimat = f"Golongan {m.golongan} untuk {m.status} tidak bertarif pajak di kebijakan ini"
        yield Alasan("golongan_tanpa_tarif", kalimat, "pengelola_kinerja", k.pajak.pasal)
    if m.predikat is not None and m.predikat not in range(1, len(PREDIKAT) + 1):
        kalimat = f"Predikat {m.predikat} tidak dikenal"
        yield Alasan("predikat_tidak_dikenal", kalimat, "sysadmin", k.predikat.pasal)
    if m.kehadiran is not None and not _masuk_akal(m.kehadiran):
        kalimat = f"Rekap kehadiran {m.periode.tampil()} tidak mungkin benar (hari atau menit di luar batas)"
        yield Alasan("kehadiran_tidak_mungkin", kalimat, "pengelola_kinerja", k.disiplin.pasal)
    if k.bpjs is not None and m.gaji is not None and m.gaji < 0:
        yield Alasan("gaji_tidak_mungkin", "Gaji tercatat negatif", "keuangan_opd", k.bpjs.pasal)
