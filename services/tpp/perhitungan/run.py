"""One part of a period run: read what is known of some people, compute, store what changed, tell of it.

Everything is set-based: one query reads a part, one COPY writes it. A part is one transaction, so a killed
worker leaves nothing half done; the next one takes the part again.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from services.tpp.kebijakan.queries import kebijakan_dari
from services.tpp.koreksi.tandai import tandai
from services.tpp.perhitungan import rapel
from services.tpp.perhitungan.engine import Hitung, compiled
from services.tpp.perhitungan.kendali import kode_kendali, terpotong
from services.tpp.perhitungan.masa import bulan_dasar
from services.tpp.perhitungan.rules import (
    TIDAK_BERTUGAS,
    TIDAK_MASUK_AKAL,
    Alasan,
    Hasil,
    Kehadiran,
    Masukan,
    tulis_alasan,
    tulis_baris,
    tulis_masukan,
)
from services.tpp.perhitungan.tambahan import Tambahan, tambahan, tunjukkan
from shared.contracts import penilaian
from shared.contracts.tpp import TppCalculated, TppHeld
from shared.db import Tx, queries
from shared.money import Rupiah
from shared.obs.logging import log
from shared.period import MasaBayar, Period

SQL = queries("services.tpp.perhitungan")
PENETAPAN = queries("services.tpp.penetapan")

_KOLOM = (
    "pegawai_id", "periode", "version", "nomor", "kebijakan_id", "nip", "opd_kode", "unit_path", "status",
    "bruto", "potongan", "neto", "baris", "alasan", "masukan", "v_pegawai", "v_penilaian", "v_kehadiran",
    "v_gaji", "v_lain", "dihitung_pada", "terpotong", "iuran",
)  # fmt: skip


class Angka(NamedTuple):
    """One person's figure of a month, ready to be stored; `lama` is the version it replaces, or 0."""

    pegawai_id: UUID
    nip: str
    opd_kode: str
    unit_path: str
    hasil: Hasil
    masukan: Masukan | None
    versi: tuple[int, int, int, int, int]
    """Versions of the inputs: pegawai, penilaian, kehadiran, gaji, and of everything else together."""
    lama: int


Andaikan = Callable[[Any, Masukan], Masukan]
"""Of a row and the inputs in it: the inputs to compute from."""

_DIRI = itemgetter("pegawai_id", "nip", "opd_kode", "unit_path")
_JABATAN = itemgetter("kelas", "status_pegawai", "golongan", "plt_kelas", "skp_disetujui", "predikat", "gaji")
_KEHADIRAN = itemgetter(
    "hadir", "cuti", "tanpa_keterangan", "terlambat", "pulang_cepat", "tanpa_masuk", "tanpa_pulang"
)
_KALI = itemgetter("absen_terlewat", "tanpa_apel", "tanpa_upacara", "hari_kerja", "hari_tanpa_data")
_VERSI = itemgetter("v_pegawai", "v_penilaian", "v_kehadiran", "v_gaji", "v_lain")


def hitung_orang(
    rows: Iterable[Any],
    periode: Period,
    hitung: Hitung,
    terkunci: frozenset[str] = frozenset(),
    lain: Tambahan | None = None,
    angsuran: rapel.Angsuran | None = None,
    andaikan: Andaikan | None = None,
) -> list[Angka]:
    """The figure of each person; `lain` has what some inputs say beyond the rows, `angsuran` how much of what
    is owed back a month takes, `andaikan` stands in for what is not known yet.

    Never raises for a person's data: that person is held with the reason.
    """
    more = Tambahan() if lain is None else lain
    return [_angka(row, periode, hitung, terkunci, more, angsuran, andaikan) for row in rows]


def _angka(
    row: Any,
    periode: Period,
    hitung: Hitung,
    terkunci: frozenset[str],
    lain: Tambahan,
    angsuran: rapel.Angsuran | None,
    andaikan: Andaikan | None,
) -> Angka:
    masukan = masukan_dari(row, periode, lain)
    if masukan is None:
        hasil = ditahan(TANPA_PENEMPATAN)
    else:
        try:
            if andaikan is not None:
                masukan = andaikan(row, masukan)
            hasil = hitung(masukan)
            if row["pegawai_id"] in lain.tahan and not hasil.tanpa_hak:
                masukan = masukan._replace(rapel=(), rapel_iuran=None)
            elif masukan.rapel or masukan.rapel_iuran is not None:
                masukan, hasil = rapel.yang_muat(masukan, hasil, hitung, angsuran)
        except Exception as error:
            log.error("perhitungan satu orang gagal", pegawai_id=str(row["pegawai_id"]), exc_info=error)
            hasil = ditahan(TIDAK_MASUK_AKAL)
        hasil = menurut_lain(hasil, row["pegawai_id"], lain)
        waits = hasil.status == "ditahan" and not hasil.tanpa_hak
        if waits and row["alasan_penilaian"]:
            hasil = ditahan(*_dengan_penilaian(hasil.alasan, row["alasan_penilaian"], lain.tunggu_nilai))
        elif row["opd_kode"] in terkunci and not hasil.tanpa_hak:
            hasil = ditahan(_OPD_TERKUNCI)
    pegawai_id, nip, opd_kode, unit_path = _DIRI(row)
    return Angka(pegawai_id, nip, opd_kode, unit_path, hasil, masukan, _VERSI(row), row["version"] or 0)


def menurut_lain(hasil: Hasil, pegawai_id: UUID, lain: Tambahan) -> Hasil:
    """A result with what `lain` says of the person: what holds it besides, and plainer words for what it
    waits for."""
    if (lacking := lain.tahan.get(pegawai_id)) and not hasil.tanpa_hak:
        hasil = ditahan(*hasil.alasan, *lacking)
    if hasil.status != "ditahan" or hasil.tanpa_hak:
        return hasil
    short = lain.kurang.get(pegawai_id)
    reasons = lebih_jelas(hasil.alasan, short) if short else hasil.alasan
    return ditahan(*(tunjukkan(one) if one.kode in lain.tunggu_daerah else one for one in reasons))


def masukan_dari(row: Any, periode: Period, lain: Tambahan) -> Masukan | None:
    """The inputs in a row, with what `lain` says beyond it; None when no jabatan is known."""
    kelas, status, golongan, plt_kelas, skp_disetujui, predikat, gaji = _JABATAN(row)
    if kelas is None:
        return None
    hadir = kehadiran_dari(row)
    if hadir is not None and hadir.hari_tanpa_data and not lain.minta_tanpa_data:
        hadir = hadir._replace(hari_tanpa_data=0)
    masukan = Masukan(periode, kelas, status, golongan, plt_kelas, skp_disetujui, predikat, hadir, gaji)
    more = lain.get(row["pegawai_id"])
    return masukan._replace(**more) if more else masukan


def kehadiran_dari(row: Any) -> Kehadiran | None:
    """The month of attendance in a row; None when it is not known."""
    hadir, cuti, tanpa_keterangan, terlambat, pulang_cepat, tanpa_masuk, tanpa_pulang = _KEHADIRAN(row)
    if hadir is None:
        return None
    return Kehadiran(
        hadir,
        cuti,
        tanpa_keterangan,
        tuple(terlambat),
        tuple(pulang_cepat),
        tanpa_masuk,
        tanpa_pulang,
        tuple(zip(row["cuti_kode"], row["cuti_hari"], strict=True)),
        *_KALI(row),
    )


def ditahan(*alasan: Alasan) -> Hasil:
    """A held payment."""
    return Hasil("ditahan", 0, 0, 0, (), alasan)


def lebih_jelas(alasan: Sequence[Alasan], satu: Alasan) -> tuple[Alasan, ...]:
    """The reasons with this one, in place of the one of its code."""
    return (*(one for one in alasan if one.kode != satu.kode), satu)


def _dengan_penilaian(
    alasan: Sequence[Alasan], penilaian: Sequence[dict[str, str]], tunggu: Collection[str]
) -> list[Alasan]:
    """The rating says itself why there is none, and who exactly has to act: that stands in place of what the
    policy says of a missing one (`tunggu`), under its article.
    """
    bare = [one for one in alasan if one.kode in tunggu]
    pasal = bare[0].pasal if bare else "hasil penilaian"
    told = [Alasan(one["kode"], one["kalimat"], one["pemilik"], pasal) for one in penilaian]
    return [one for one in alasan if one.kode not in tunggu] + told


TANPA_PENEMPATAN = Alasan(
    "penempatan_belum_ada",
    "Jabatan dan unit kerja pada hari terakhir bulan ini belum tercatat",
    "admin_bkd",
    "data kepegawaian",
)
_OPD_TERKUNCI = Alasan(
    "opd_sudah_dikunci",
    "OPD ini sudah dikunci sebelum TPP orang ini dihitung; pembayarannya menyusul",
    "bpkad",
    "penetapan TPP",
)
TIDAK_DALAM_DAFTAR = Alasan(
    "tidak_dalam_daftar",
    "Tidak lagi tercatat sebagai pegawai pada penutupan terbaru bulan ini",
    "admin_bkd",
    "penutupan periode",
)

DI_LUAR_KEBIJAKAN = frozenset(
    {TIDAK_BERTUGAS, *(one.kode for one in (TANPA_PENEMPATAN, _OPD_TERKUNCI, TIDAK_DALAM_DAFTAR))}
)
"""Reasons that hold whatever the policy says."""


def berubah(angka: Angka, row: Any, kebijakan_id: UUID) -> bool:
    """Whether the figure, or anything a slip shows of it, differs from what is stored."""
    if not angka.lama:
        return True
    hasil = angka.hasil
    return (
        row["lama_status"], row["bruto"], row["potongan"], row["neto"], row["baris"], row["iuran"],
        row["alasan"], row["masukan"], row["kebijakan_id"], row["lama_nip"], row["lama_opd"],
        row["lama_unit"],
    ) != (
        hasil.status, hasil.bruto, hasil.potongan, hasil.neto, tulis_baris(hasil.baris),
        tulis_baris(hasil.iuran), tulis_alasan(hasil.alasan), _masukan(angka.masukan), kebijakan_id,
        angka.nip, angka.opd_kode, angka.unit_path,
    )  # fmt: skip


def _masukan(masukan: Masukan | None) -> str:
    return "null" if masukan is None else tulis_masukan(masukan)


async def simpan(
    tx: Tx,
    masa: MasaBayar,
    nomor: int,
    kebijakan_id: UUID,
    angka: Sequence[Angka],
    kendali: Collection[str] = (),
) -> None:
    """Write these figures, each one version above the one it replaces, which moves to the history.

    `kendali`: the codes of lines that the people themselves can influence.
    """
    text, now = str(masa), tx.now
    replaced = [one.pegawai_id for one in angka if one.lama]
    if replaced:
        await SQL.pindahkan_lama(tx.conn, periode=text, ids=replaced)
    await tx.conn.copy_records_to_table(
        "tpp_bulan",
        columns=_KOLOM,
        records=[
            (
                one.pegawai_id, text, one.lama + 1, nomor, kebijakan_id, one.nip, one.opd_kode, one.unit_path,
                one.hasil.status, one.hasil.bruto, one.hasil.potongan, one.hasil.neto,
                tulis_baris(one.hasil.baris), tulis_alasan(one.hasil.alasan), _masukan(one.masukan),
                *one.versi, now, terpotong(one.hasil, kendali), tulis_baris(one.hasil.iuran),
            )
            for one in angka
        ],
    )  # fmt: skip


def umumkan(tx: Tx, masa: MasaBayar, angka: Iterable[Angka]) -> None:
    """Record the event of each figure."""
    for one in angka:
        hasil = one.hasil
        if hasil.status == "dihitung":
            tx.emit(
                TppCalculated(
                    version=one.lama + 1,
                    pegawai_id=one.pegawai_id,
                    periode=masa,
                    bruto=Rupiah(hasil.bruto),
                    potongan=Rupiah(hasil.potongan),
                    neto=Rupiah(hasil.neto),
                )
            )
        else:
            reasons = tuple(
                penilaian.Alasan(kode=a.kode, kalimat=a.kalimat, pemilik=a.pemilik) for a in hasil.alasan
            )
            tx.emit(TppHeld(version=one.lama + 1, pegawai_id=one.pegawai_id, periode=masa, alasan=reasons))


async def hitung_bagian(
    tx: Tx, masa: MasaBayar, nomor: int, kebijakan_id: UUID, ids: Sequence[UUID]
) -> list[Angka]:
    """Compute these people and store the figures that changed, which are returned.

    People of an OPD whose month is locked keep theirs. An extra payment carries no arrears.
    """
    periode = await bulan_dasar(tx, masa)
    kebijakan = await kebijakan_dari(tx, kebijakan_id)
    terkunci = frozenset([row["opd_kode"] async for row in SQL.opd_terkunci(tx.conn, periode=str(masa))])
    found = await fakta(tx, masa, periode, ids)
    rows = [row for row in found if row["lama_opd"] not in terkunci]
    siapa = [row["pegawai_id"] for row in rows]
    lain = await tambahan(tx, kebijakan, periode, siapa, pembayaran=masa.kode)
    monthly = masa == periode
    menunggu = await rapel.bawa(tx, kebijakan, periode, siapa, lain) if monthly else rapel.Menunggu()
    angsuran = rapel.angsuran(kebijakan, periode)
    angka = hitung_orang(rows, periode, compiled(kebijakan), terkunci, lain, angsuran)
    if monthly:
        carried = {one.pegawai_id: one.masukan for one in angka if one.masukan is not None}
        await rapel.catat(tx, periode, carried, menunggu)
    changed = [one for one, row in zip(angka, rows, strict=True) if berubah(one, row, kebijakan_id)]
    if changed:
        await simpan(tx, masa, nomor, kebijakan_id, changed, kode_kendali(kebijakan, periode))
        late = [one.pegawai_id for one in changed if _OPD_TERKUNCI in one.hasil.alasan]
        await tandai(tx, dict.fromkeys(late, periode))
    return changed


async def fakta(tx: Tx, masa: MasaBayar, periode: Period, ids: Sequence[UUID]) -> Sequence[Any]:
    """What these people are computed from, of the month `periode`, and their figures of what is paid."""
    # Fetched whole: aiosql would hand over 100.000 rows one at a time. Parameters in order of appearance.
    rows: Sequence[Any] = await tx.conn.fetch(SQL.fakta.sql, ids, periode.last_day, str(periode), str(masa))
    return rows
