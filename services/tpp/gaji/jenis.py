"""The files of salaries, of PTKP and of taxes of the year so far, each as data."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from services.tpp.fakta.cabut import Pencabutan
from services.tpp.fakta.jenis import TAHUN, Baris, Jenis, Sel, tanpa_kenal
from services.tpp.fakta.tabel import Tabel
from services.tpp.gaji import rules
from services.tpp.kebijakan.fakta import PTKP
from services.tpp.kehadiran.berkas import NIP
from services.tpp.koreksi.tandai import tandai
from services.tpp.perhitungan.sementara import ikuti
from shared.db import Tx, queries
from shared.period import Period
from shared.tabular import Column, parse_period

SQL = queries("services.tpp.gaji")

GAJI = Tabel("gaji", ["pegawai_id uuid", "mulai date"], "gaji bigint")
SALDO_PAJAK = Tabel(
    "saldo_pajak", ["pegawai_id uuid", "sampai text"], "bruto bigint", "pengurang bigint", "pajak bigint"
)
PTKP_ORANG = Tabel("ptkp", ["pegawai_id uuid", "mulai date"], "ptkp text")

_TMT = ("tmt", "berlaku mulai", "sejak", "tanggal mulai")


def _gaji(sel: Sel, bertanggal: Mapping[UUID, date]) -> Baris | None:
    gaji = sel.nilai("gaji", rules.baca_gaji, "Tulis gaji sebulan dalam rupiah bulat, misalnya 4500000.")
    since: date | None = rules.AWAL
    if sel.record.text("mulai"):
        since = sel.tanggal("mulai")
    elif (known := bertanggal.get(sel.siapa)) is not None:
        sel.salah(
            "mulai" if "mulai" in sel.record.table.columns else "gaji",
            f"tanpa tanggal, padahal gaji orang ini sudah tercatat mulai {known:%d-%m-%Y}",
            "Isi kolom mulai dengan TMT gajinya.",
        )
    return (sel.siapa, since, gaji) if sel.benar else None


async def _bertanggal(tx: Tx, people: Sequence[UUID]) -> Mapping[UUID, date]:
    """Of whom a salary with a date is known: the newest date."""
    rows = SQL.bertanggal(tx.conn, ids=list(people), awal=rules.AWAL)
    return {row["pegawai_id"]: row["mulai"] async for row in rows}


def _ptkp(sel: Sel, _: None) -> Baris | None:
    ptkp = sel.nilai("ptkp", rules.baca_ptkp, f"Pilih salah satu: {', '.join(PTKP)}.")
    mulai = sel.tanggal("mulai")
    return (sel.siapa, mulai, ptkp) if sel.benar else None


def _sampai_bulan(text: str) -> Period:
    month = parse_period(text)
    if month.month == 12:
        raise ValueError("Desember tidak mempunyai bulan sesudahnya pada tahun itu")
    if month.year not in TAHUN:
        raise ValueError("tahunnya di luar 2000 sampai 2100")
    return month


def _saldo(sel: Sel, _: None) -> Baris | None:
    sampai = sel.nilai("sampai", _sampai_bulan, "Tulis bulan terakhir yang tercakup, misalnya 2026-09.")
    amounts = [
        sel.nilai(name, rules.baca_jumlah, "Tulis jumlah sejak Januari dalam rupiah bulat; 0 bila tidak ada.")
        for name in ("bruto", "pengurang", "pajak")
    ]
    if sel.benar and amounts[1] + amounts[2] > amounts[0]:
        sel.salah("pajak", "pengurang dan pajak melebihi bruto", "Periksa kolomnya; mungkin tertukar.")
    return (sel.siapa, str(sampai), *amounts) if sel.benar else None


async def _tandai_saldo(tx: Tx, rows: Sequence[Baris]) -> None:
    """News for the months after the last that it covers."""
    since: dict[UUID, Period] = {}
    for who, sampai, *_ in rows:
        month = Period.parse(sampai).plus(1)
        since[who] = min(month, since.get(who, month))
    await tandai(tx, since)
    await ikuti(tx, since)


async def _tandai(tx: Tx, rows: Sequence[Baris]) -> None:
    """A fact with a day is news for its month and those after it, also where they are locked.

    One without changes no month that has been computed; one that waited for it need not wait any more.
    """
    dated: dict[UUID, Period] = {}
    for who, mulai, _ in rows:
        if mulai > rules.AWAL:
            dated[who] = min(Period.of(mulai), dated.get(who, Period.of(mulai)))
    await tandai(tx, dated)
    await tandai(tx, {who: Period.of(mulai) for who, mulai, _ in rows if mulai == rules.AWAL}, ditahan=True)
    await ikuti(tx, {who: Period.of(mulai) for who, mulai, _ in rows})


JENIS_GAJI = (
    Jenis(
        nama="gaji",
        judul="Impor gaji",
        lead="Gaji sebulan sejak TMT-nya, dasar iuran BPJS; tanpa TMT, sejak awal.",
        kolom=(
            NIP,
            Column("gaji", "gaji", ("gaji pokok", "gaji sebulan", "jumlah gaji"), secret=True),
            Column("mulai", "mulai", (*_TMT, "tmt gaji", "tmt kgb"), required=False),
        ),
        tabel=GAJI,
        baca=_gaji,
        orang=True,
        rentang=None,
        kenali=_bertanggal,
        sesudah=_tandai,
        brankas="brankas",
    ),
    Jenis(
        nama="ptkp",
        judul="Impor status PTKP",
        lead="Status PTKP setiap orang sejak tanggal mulainya, untuk PPh 21 menurut TER.",
        kolom=(NIP, Column("ptkp", "ptkp", ("status ptkp",)), Column("mulai", "mulai", _TMT)),
        tabel=PTKP_ORANG,
        baca=_ptkp,
        orang=True,
        rentang=None,
        kenali=tanpa_kenal,
        sesudah=_tandai,
        brankas="brankas",
    ),
    Jenis(
        nama="saldo-pajak",
        judul="Impor saldo pajak",
        lead="Penghasilan, pengurang, dan PPh 21 sejak Januari sampai suatu bulan, bagi pajak Desember.",
        kolom=(
            NIP,
            Column("sampai", "sampai bulan", ("sampai", "bulan terakhir", "masa pajak akhir")),
            Column("bruto", "bruto", ("penghasilan bruto", "jumlah bruto"), secret=True),
            Column("pengurang", "pengurang", ("iuran pensiun", "jumlah pengurang"), secret=True),
            Column("pajak", "pajak", ("pph 21", "pph 21 dipotong", "pph pasal 21"), secret=True),
        ),
        tabel=SALDO_PAJAK,
        baca=_saldo,
        orang=True,
        rentang=None,
        kenali=tanpa_kenal,
        sesudah=_tandai_saldo,
        brankas="brankas",
    ),
)


def _sejak_hari(sel: Sel, _: Period | None, tercatat: frozenset[Baris]) -> list[Baris]:
    """The one of the day that is named; of an empty cell, the one without a day."""
    since: date | None = sel.tanggal("mulai") if sel.record.text("mulai") else rules.AWAL
    return [(since,)] if (since,) in tercatat else []


def _sampai(sel: Sel, _: Period | None, tercatat: frozenset[Baris]) -> list[Baris]:
    month = sel.nilai("sampai", _sampai_bulan, "Tulis bulan terakhir yang tercakup, misalnya 2026-09.")
    return [(str(month),)] if (str(month),) in tercatat else []


_MULAI = Column("mulai", "mulai", (*_TMT, "tmt gaji", "tmt kgb"), required=False)
CABUT_GAJI = (
    Pencabutan(
        jenis="gaji",
        hal="gaji",
        lead="Gaji yang keliru menjadi tidak diketahui; gaji sebelumnya, bila ada, berlaku lagi.",
        kolom=(_MULAI,),
        tabel=GAJI,
        baca=_sejak_hari,
        sesudah=_tandai,
    ),
    Pencabutan(
        jenis="ptkp",
        hal="status PTKP",
        lead="Status PTKP yang keliru menjadi tidak diketahui; yang sebelumnya, bila ada, berlaku lagi.",
        kolom=(Column("mulai", "mulai", _TMT),),
        tabel=PTKP_ORANG,
        baca=_sejak_hari,
        sesudah=_tandai,
    ),
    Pencabutan(
        jenis="saldo-pajak",
        hal="saldo pajak",
        lead="Saldo pajak yang keliru menjadi tidak diketahui; saldo sebelumnya, bila ada, berlaku lagi.",
        kolom=(Column("sampai", "sampai bulan", ("sampai", "bulan terakhir", "masa pajak akhir")),),
        tabel=SALDO_PAJAK,
        baca=_sampai,
        sesudah=_tandai_saldo,
    ),
)
