"""Facts that only some policies ask for, or only some people have, beside what a run reads of everyone.

Sanctions and roles, activity and outside tax of the month, earlier months of the year, parts of a month in
which somebody changed jabatan, the names of jabatan and unit, the predikat of an earlier month: each as
replacements for fields of a person's inputs.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from services.tpp.bulanan.masukan import menurut_bulan
from services.tpp.daerah.ejaan import STRUKTURAL
from services.tpp.daerah.masukan import TEMPAT, Tempat, menurut_daerah, tempat_berganti, tempat_sebulan
from services.tpp.kebijakan.asal import ASAL, DAERAH
from services.tpp.kebijakan.fakta import HARI_SEBULAN, LAMA_PLT, Fakta
from services.tpp.kebijakan.model import Kebijakan
from services.tpp.kebijakan.program import TANPA_DATA, Program, disebut
from services.tpp.kebijakan.sebulan import dipakai_pada
from services.tpp.kebijakan.setahun import BAGIAN
from services.tpp.perhitungan.engine import penafsir
from services.tpp.perhitungan.rules import Alasan, HariKejadian, Segmen
from services.tpp.perhitungan.setahun import sebelumnya
from services.tpp.surat.masukan import menurut_surat
from shared.db import Tx, queries
from shared.period import Period

SQL = queries("services.tpp.perhitungan")
GAJI = queries("services.tpp.gaji")


class Tambahan(dict[UUID, dict[str, Any]]):
    """For each person the fields of the inputs that differ from what the run read.

    `kurang`: of whom earlier months of the year are needed and not known, and which. `tunggu_nilai`: codes of
    the policy's holds that say no more than that there is no rating. `tahan`: who is held besides, as
    something the policy pays by is not known. `tunggu_daerah`: codes of the holds that wait for a region's
    own fact. `minta_tanpa_data`: whether the policy asks for working days of which nothing is known; the
    inputs of others do not name them.
    """

    def __init__(self, isi: dict[UUID, dict[str, Any]] | None = None) -> None:
        super().__init__(isi or {})
        self.kurang: dict[UUID, Alasan] = {}
        self.tunggu_nilai: frozenset[str] = frozenset()
        self.tahan: dict[UUID, tuple[Alasan, ...]] = {}
        self.tunggu_daerah: frozenset[str] = frozenset()
        self.minta_tanpa_data = True


_TEMPAT = frozenset({"jabatan", "jenis_jabatan", "unit", "opd", "hari_plt", "plt_jabatan"})
"""What a placement says beside kelas, golongan and status."""
_NILAI = frozenset({"predikat", "skp_disetujui"})
_SETAHUN = frozenset(f"{part}_setahun" for part in BAGIAN)


def diminta(kebijakan: Kebijakan, periode: Period, pembayaran: str = "bulanan") -> frozenset[str]:
    """The facts that this month of a policy, or an extra payment based on it, may rest on."""
    bulan = kebijakan.bulan(pembayaran, periode)
    return dipakai_pada(penafsir(kebijakan, periode).program, bulan)


def minta_setahun(kebijakan: Kebijakan, periode: Period, pembayaran: str = "bulanan") -> bool:
    """Whether it rests on what was paid before in its year."""
    return not _SETAHUN.isdisjoint(diminta(kebijakan, periode, pembayaran))


async def tambahan(
    tx: Tx, kebijakan: Kebijakan, periode: Period, ids: Sequence[UUID], pembayaran: str = "bulanan"
) -> Tambahan:
    """What the policy's month asks for beyond the usual, for its own payment or an extra one based on it."""
    found = Tambahan(await menurut_surat(tx, periode, ids))
    if pembayaran != "bulanan":
        for who in ids:
            found.setdefault(who, {})["pembayaran"] = pembayaran
    found.tunggu_nilai = _tunggu_nilai(kebijakan, periode)
    used, program = diminta(kebijakan, periode, pembayaran), penafsir(kebijakan, periode).program
    found.tunggu_daerah = _tunggu_daerah(program)
    found.minta_tanpa_data = TANPA_DATA in used
    lama = LamaPlt(kebijakan, periode)
    for who, facts in (await menurut_fakta(tx, program.fakta, used, lama, periode, ids)).items():
        found.setdefault(who, {}).update(facts)
    found.tahan = await belum_tercatat(tx, found, used, periode, ids)
    if minta_setahun(kebijakan, periode, pembayaran):
        sums, found.kurang = await sebelumnya(tx, kebijakan, periode, pembayaran, ids)
        for who, sum_ in sums.items():
            found.setdefault(who, {})["setahun"] = sum_
    parts, lacking = await segmen(tx, pembagian(kebijakan, periode), lama, periode, ids)
    for who, facts in parts.items():
        found.setdefault(who, {}).update(facts)
    for who, reasons in lacking.items():
        found.tahan[who] = tuple(dict.fromkeys((*reasons, *found.tahan.get(who, ()))))
    source = kebijakan.sumber_predikat.periode(periode)
    if source != periode:
        rows = [row async for row in SQL.predikat(tx.conn, ids=ids, periode=str(source))]
        rated = {row["pegawai_id"]: row for row in rows}
        for who in ids:
            row = rated.get(who)
            found.setdefault(who, {}).update(
                predikat=row["predikat"] if row else None,
                skp_disetujui=bool(row and row["skp_disetujui"]),
                predikat_dari=source,
            )
    return found


def _tunggu_nilai(kebijakan: Kebijakan, periode: Period) -> frozenset[str]:
    holds = penafsir(kebijakan, periode).program.penahanan
    return frozenset(hold.kode for hold in holds if {*hold.bila.fakta, *disebut(hold.bila)} <= _NILAI)


def _tunggu_daerah(program: Program) -> frozenset[str]:
    own = {name for name, fact in program.fakta.items() if fact.sumber == "tambahan"}
    waits = {hold.kode: set(disebut(hold.bila)) for hold in program.penahanan}
    return frozenset(kode for kode, names in waits.items() if names and names <= own)


async def belum_tercatat(
    tx: Tx,
    tercatat: Mapping[UUID, Mapping[str, Any]],
    dipakai: Collection[str],
    periode: Period,
    ids: Sequence[UUID],
) -> dict[UUID, tuple[Alasan, ...]]:
    """Who is paid by eselon and has none told, or by the name of an acting duty that is not known.

    For others none is a plain value, so that the policy itself cannot tell. `tercatat`: what was told.
    """
    found: dict[UUID, tuple[Alasan, ...]] = {}
    if not {"eselon", "plt_jabatan"} & set(dipakai):
        return found
    async for row in SQL.jabatan(tx.conn, ids=ids, hari=periode.last_day):
        who = row["pegawai_id"]
        structural = row["bertugas"] and row["jenis_jabatan"] in STRUKTURAL
        if "eselon" in dipakai and structural and "eselon" not in tercatat.get(who, {}):
            found[who] = (_ESELON,)
        if "plt_jabatan" in dipakai and row["plt_mulai"] is not None and row["plt_jabatan"] is None:
            found[who] = (*found.get(who, ()), _PLT)
    return found


_ESELON = Alasan(
    "eselon_belum_ada",
    f"Eselon jabatan struktural ini belum tercatat; admin BKD mengisinya lewat {ASAL['eselon'].sebutan}",
    "admin_bkd",
    "data kepegawaian",
)
_PLT = Alasan(
    "jabatan_plt_belum_ada",
    "Nama jabatan Plt orang ini belum diterima; admin BKD memperbarui tugas Plt-nya di Impor kepegawaian",
    "admin_bkd",
    "data kepegawaian",
)


BELUM_TERCATAT = frozenset({_ESELON.kode, _PLT.kode})
"""Codes of these reasons."""


def tunjukkan(alasan: Alasan) -> Alasan:
    """A hold that waits for a region's own fact, with who can supply it and where."""
    owner = alasan.pemilik if alasan.pemilik in _PENGISI_DAERAH else _PENGISI_DAERAH[0]
    where = f"pengelola kinerja OPD atau admin BKD mengisinya lewat {DAERAH.sebutan}"
    return alasan._replace(kalimat=f"{alasan.kalimat}; {where}", pemilik=owner)


_PENGISI_DAERAH = ("pengelola_kinerja", "admin_bkd")


async def menurut_fakta(
    tx: Tx,
    fakta: Mapping[str, Fakta],
    dipakai: Collection[str],
    lama: "LamaPlt",
    periode: Period,
    ids: Sequence[UUID],
) -> dict[UUID, dict[str, Any]]:
    """Of the facts asked for (`dipakai`) those that no run reads of everyone: the names of jabatan and unit,
    an acting duty, the days of lateness, activity and outside tax, PTKP, and what `daerah` keeps. `fakta`: as
    the policy says."""
    found: dict[UUID, dict[str, Any]] = {}
    names = _TEMPAT.intersection(dipakai)
    if names:
        rows = [row async for row in SQL.jabatan(tx.conn, ids=ids, hari=periode.last_day)]
        until = await lama.sampai(tx, rows)
        for row in rows:
            told = _tempat(row, names, until.get((row["pegawai_id"], row["plt_mulai"]), periode.last_day))
            found.setdefault(row["pegawai_id"], {}).update(told)
    for who, facts in (await menurut_bulan(tx, periode, ids, dipakai)).items():
        found.setdefault(who, {}).update(facts)
    for who, facts in (await menurut_daerah(tx, fakta, dipakai, periode, ids)).items():
        found.setdefault(who, {}).update(facts)
    if "hari_kejadian" in dipakai:
        async for row in SQL.hari_kejadian(tx.conn, ids=ids, periode=str(periode)):
            days = HariKejadian(tuple(row["hari_terlambat"]), tuple(row["hari_pulang_cepat"]))
            found.setdefault(row["pegawai_id"], {})["hari_kejadian"] = days
    if "ptkp" in dipakai:
        async for row in GAJI.ptkp(tx.conn, ids=ids, hari=periode.last_day):
            found.setdefault(row["pegawai_id"], {})["ptkp"] = row["ptkp"]
    return found


def _tempat(row: Any, names: Iterable[str], sampai: date) -> dict[str, Any]:
    """These facts of a placement; `sampai`: until when its acting duty is looked at."""
    acting = row["plt_mulai"]
    known: dict[str, Any] = {
        "jabatan": row["jabatan_nama"],
        "jenis_jabatan": row["jenis_jabatan"],
        "unit": row["unit_path"].rpartition("/")[2],
        "opd": row["opd_kode"],
        "hari_plt": 0 if acting is None else (sampai - acting).days + 1,
        "plt_jabatan": row["plt_jabatan"] or "",
    }
    return {name: known[name] for name in sorted(_TEMPAT.intersection(names))}


def plt_sejak_awal(kebijakan: Kebijakan) -> bool:
    """Whether an acting duty that has lasted long enough is paid from its first day."""
    return kebijakan.plt is not None and kebijakan.plt.dibayar == "sejak_awal"


class LamaPlt:
    """Until when acting duties count towards their length (`hari_plt`), as the policy of a month says.

    Where they are paid from their first day, a duty counts to its last day as it is known, but no further
    than the last month whose closing is complete: what is not over yet may still be cut short. That day is
    no clock's, so that the same facts give the same length whenever they are worked out.
    """

    def __init__(self, kebijakan: Kebijakan, periode: Period) -> None:
        self._seluruhnya = plt_sejak_awal(kebijakan) and LAMA_PLT in diminta(kebijakan, periode)
        self._periode = periode

    async def sampai(self, tx: Tx, rows: Iterable[Any]) -> dict[tuple[UUID, date], date]:
        """For the duties in these placements, by person and first day, the last day that counts; empty where
        each month looks at its own days only."""
        duties = {row["pegawai_id"] for row in rows if row["plt_mulai"] is not None}
        if not self._seluruhnya or not duties:
            return {}
        closed = await SQL.terlengkap(tx.conn)
        horizon = self._periode if closed is None else max(self._periode, Period.parse(closed))
        found = SQL.tugas_plt(tx.conn, ids=sorted(duties), hari=horizon.last_day)
        return {(row["pegawai_id"], row["plt_mulai"]): row["sampai"] async for row in found}


class Pembagian(NamedTuple):
    """What tells the parts of a divided month apart (`menurut`), and the names that they carry.

    `dibagi`: whether a change of jabatan divides the month at all; else days without service alone do.
    `golongan`: whose day's golongan counts for the whole month. `semua`: whether everybody whose placement
    changes is asked for, or only those who left or came. `tempat`: the facts beside the placement whose
    change alone divides the month as well. `sebab`: whether it matters why somebody left. `penentu`: the day
    of the month whose jabatan pays it whole; 0 where every part is paid.
    """

    menurut: frozenset[str]
    nama: frozenset[str]
    dibagi: bool
    golongan: str | None
    semua: bool
    tempat: tuple[str, ...]
    sebab: bool
    penentu: int


def pembagian(kebijakan: Kebijakan, periode: Period) -> Pembagian:
    """How a policy divides a month in which somebody changed jabatan, came or left."""
    rule, oleh = kebijakan.pergantian, penafsir(kebijakan, periode)
    divides, by_days = rule.cara != "hari_terakhir", rule.cara.startswith("pro_rata")
    menurut = oleh.dibagi if by_days else frozenset(oleh.dipakai)
    nama = (_TEMPAT | TEMPAT).intersection(diminta(kebijakan, periode))
    decides = {"hari_pertama": 1, "tanggal": rule.sampai_tanggal or 1}.get(rule.cara, HARI_SEBULAN)
    return Pembagian(
        menurut=menurut,
        nama=nama,
        dibagi=divides,
        golongan=rule.golongan,
        # The last day's jabatan is what the rows of a run say anyway.
        semua=divides or bool(rule.sebagian) or rule.golongan == "hari_pertama",
        tempat=tuple(sorted(TEMPAT & nama & menurut)) if divides else (),
        sebab=rule.meninggal is not None,
        penentu=0 if by_days else decides,
    )


async def segmen(
    tx: Tx, cara: Pembagian, lama: LamaPlt, periode: Period, ids: Sequence[UUID]
) -> tuple[dict[UUID, dict[str, Any]], dict[UUID, tuple[Alasan, ...]]]:
    """The inputs (`segmen`, `golongan`) that follow from changes within the month, of whom there are any; and
    who has a structural jabatan in a part that pays, of which no eselon is told."""
    awal, akhir = periode.first_day, periode.last_day
    by_person: dict[UUID, list[Any]] = {}
    moved = await tempat_berganti(tx, cara.tempat, periode, ids)
    rows = SQL.segmen(tx.conn, ids=ids, awal=awal, akhir=akhir, semua=cara.semua, pindah=moved)
    async for row in rows:
        by_person.setdefault(row["pegawai_id"], []).append(row)
    if not by_person:
        return {}, {}
    days = SQL.hari_kerja(tx.conn, ids=list(by_person), awal=awal, akhir=akhir)
    working = {row["pegawai_id"]: set(row["tanggal"]) async for row in days}
    places = await tempat_sebulan(tx, cara.nama, periode, list(by_person))
    duties = await lama.sampai(tx, [row for rows in by_person.values() for row in rows])
    found: dict[UUID, dict[str, Any]] = {}
    lacking: dict[UUID, tuple[Alasan, ...]] = {}
    for who, rows in by_person.items():
        spans = [
            (first, last, _bagian(row, cara, duties.get((who, row["plt_mulai"]), until), awal, places, last))
            for row, until in zip(rows, _sampai_plt(rows), strict=True)
            for first, last in places.terbagi(who, row["mulai"], row["sampai"], cara.nama)
        ]
        if "eselon" in cara.nama & cara.menurut and any(
            row["jenis_jabatan"] in STRUKTURAL and not places.tercatat(who, "eselon", day)
            for row, day in _hari_dibayar(rows, cara.penentu)
        ):
            lacking[who] = (_ESELON,)
        first = spans[0][0]
        if first > awal:
            spans.insert(0, (awal, first - timedelta(days=1), spans[0][2]._replace(kosong=True)))
        if cara.golongan is not None and (served := [one for *_, one in spans if not one.kosong]):
            day = served[0 if cara.golongan == "hari_pertama" else -1]
            found.setdefault(who, {})["golongan"] = day.golongan
        parts = gabung(spans, working.get(who, set()), cara.menurut)
        missing = any(one.kosong for one in parts)
        if missing or (len(parts) > 1 and cara.dibagi):
            found.setdefault(who, {})["segmen"] = parts
    return found, lacking


def _hari_dibayar(rows: Sequence[Any], penentu: int) -> Iterator[tuple[Any, date]]:
    """The days of a month that are paid by, each with its placement: all in service, or the one day that
    decides; of somebody not in service on it the last one before, else the first one after."""
    served = [row for row in rows if row["bertugas"]]
    if not penentu:
        for row in served:
            for number in range((row["sampai"] - row["mulai"]).days + 1):
                yield row, row["mulai"] + timedelta(days=number)
    elif before := [row for row in served if row["mulai"].day <= penentu]:
        last = before[-1]
        yield last, last["sampai"].replace(day=min(penentu, last["sampai"].day))
    elif served:
        yield served[0], served[0]["mulai"]


def _sampai_plt(rows: Sequence[Any]) -> list[date]:
    """For each part of a month the last day within it of its acting duty, which later parts may carry on."""
    found: list[date] = []
    for number in range(len(rows) - 1, -1, -1):
        on = number + 1 < len(rows) and rows[number + 1]["plt_mulai"] == rows[number]["plt_mulai"]
        found.insert(0, found[0] if on else rows[number]["sampai"])
    return found


def _bagian(row: Any, cara: Pembagian, sampai_plt: date, awal: date, tempat: Tempat, hari: date) -> Segmen:
    # Later months of who left are months without service, whatever the reason was.
    left = cara.sebab and row["henti_mulai"] is not None and row["henti_mulai"] >= awal
    return Segmen(
        0, 0, row["kelas"], row["status"], row["golongan"], plt_kelas=row["plt_kelas"],
        kosong=not row["bertugas"], sebab=(left and row["sebab"]) or "",
        **_tempat(row, cara.nama, sampai_plt) | tempat.pada(row["pegawai_id"], hari, cara.nama),
    )  # fmt: skip


_FAKTA = {"golongan": ("golongan", "golongan_ruang"), "plt_kelas": ("plt_kelas", "ada_plt")}
"""Fields of a part that formulas know by other names as well."""


def gabung(
    rows: Iterable[tuple[date, date, Segmen]], kerja: set[date], dipakai: frozenset[str]
) -> tuple[Segmen, ...]:
    """Parts with their days; neighbours that differ in nothing that is paid by become one, as the later is.

    `rows`: first day, last day (both included) and jabatan, in order of time; `kerja`: the working days;
    `dipakai`: the facts that the parts are paid by.
    """
    paid_by = dipakai | {"kosong", "sebab"}
    fields = [name for name in Segmen._fields if not paid_by.isdisjoint(_FAKTA.get(name, (name,)))]
    parts: list[Segmen] = []
    for first, last, jabatan in rows:
        days = (last - first).days + 1
        working = sum(first <= day <= last for day in kerja)
        if parts and all(getattr(parts[-1], name) == getattr(jabatan, name) for name in fields):
            days, working = days + parts[-1].hari, working + parts[-1].hari_kerja
            parts.pop()
        parts.append(jabatan._replace(hari=days, hari_kerja=working))
    return tuple(parts)
