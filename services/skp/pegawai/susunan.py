"""The organisation as it would be with a file taken in: references, cycles, and what is new or different."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace

from services.skp.pegawai.berkas import (
    JABATAN,
    PEGAWAI,
    PENEMPATAN,
    UNIT,
    Isi,
    Jabatan,
    Kunci,
    Lembar,
    Pegawai,
    Tempat,
    Unit,
)
from services.skp.pegawai.rules import lingkaran
from shared.tabular import Findings


@dataclass(slots=True)
class Susunan:
    """The whole organisation, by key; what is on record, or what would be."""

    unit: dict[Kunci, Unit] = field(default_factory=dict)
    jabatan: dict[Kunci, Jabatan] = field(default_factory=dict)
    pegawai: dict[Kunci, Pegawai] = field(default_factory=dict)
    tempat: dict[Kunci, Tempat] = field(default_factory=dict)


@dataclass(slots=True)
class Selisih:
    """What a file changes: rows that are new or different, by key; and counts for each sheet."""

    unit: dict[Kunci, Unit] = field(default_factory=dict)
    jabatan: dict[Kunci, Jabatan] = field(default_factory=dict)
    pegawai: dict[Kunci, Pegawai] = field(default_factory=dict)
    tempat: dict[Kunci, Tempat] = field(default_factory=dict)
    hitungan: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    """Sheet -> (baru, berubah, sama)."""


def bandingkan(lama: Susunan, lembar: Mapping[str, Lembar], findings: Findings) -> Selisih:
    """Check the file's rows against each other and against what is on record; say what they change.

    Rows that name something unknown, or would make a cycle, are reported and left out; so are rows that
    depend on those.
    """
    selisih = Selisih()
    unit = _salinan(lembar, UNIT)
    _periksa_pohon(unit, lama.unit, "induk", "unit kerja", findings)
    unit_kodes = lama.unit.keys() | unit.rows.keys()

    jabatan = _salinan(lembar, JABATAN)
    _buang_tak_dikenal(jabatan, "unit", unit_kodes, "unit kerja", findings)
    _periksa_pohon(jabatan, lama.jabatan, "atasan", "jabatan", findings)
    jabatan_kodes = lama.jabatan.keys() | jabatan.rows.keys()

    pegawai = _salinan(lembar, PEGAWAI)
    nips = lama.pegawai.keys() | pegawai.rows.keys()

    tempat = _salinan(lembar, PENEMPATAN)
    _buang_tak_dikenal(tempat, "nip", nips, "pegawai", findings)
    _buang_tak_dikenal(tempat, "jabatan", jabatan_kodes, "jabatan", findings)
    _ingat_status(tempat, lama.tempat)

    for rows, known, changes in (
        (unit, lama.unit, selisih.unit),
        (jabatan, lama.jabatan, selisih.jabatan),
        (pegawai, lama.pegawai, selisih.pegawai),
        (tempat, lama.tempat, selisih.tempat),
    ):
        selisih.hitungan[rows.nama] = _catat(rows, known, changes)  # type: ignore[arg-type]
    return selisih


def gabungan(lama: Susunan, selisih: Selisih) -> Susunan:
    """What is on record once the changes are taken in."""
    return Susunan(
        lama.unit | selisih.unit,
        lama.jabatan | selisih.jabatan,
        lama.pegawai | selisih.pegawai,
        lama.tempat | selisih.tempat,
    )


def _salinan(lembar: Mapping[str, Lembar], nama: str) -> Lembar:
    """A sheet whose rows may be taken out."""
    found = lembar.get(nama)
    return replace(found, rows=dict(found.rows)) if found else Lembar(nama, nama)


def _catat(lembar: Lembar, known: Mapping[Kunci, Isi], changes: dict[Kunci, Isi]) -> tuple[int, int, int]:
    baru = berubah = sama = 0
    for key, (isi, _) in lembar.rows.items():
        before = known.get(key)
        if before == isi:
            sama += 1
            continue
        changes[key] = isi
        if before is None:
            baru += 1
        else:
            berubah += 1
    return baru, berubah, sama


def _ingat_status(lembar: Lembar, lama: Mapping[Kunci, Tempat]) -> None:
    """What a placement does not say of status or golongan stays: most files have no such columns."""
    for key, (isi, nomor) in lembar.rows.items():
        before = lama.get(key)
        if before is not None and isinstance(isi, Tempat):
            known = isi._replace(status=isi.status or before.status, golongan=isi.golongan or before.golongan)
            lembar.rows[key] = (known, nomor)


def _buang_tak_dikenal(
    lembar: Lembar, column: str, known: Container[Kunci], apa: str, findings: Findings
) -> bool:
    """Take out the rows that name something unknown; whether there were any."""
    refused = [
        key
        for key, (isi, _) in lembar.rows.items()
        if (kode := getattr(isi, column)) is not None and (kode,) not in known
    ]
    for key in refused:
        isi, nomor = lembar.rows.pop(key)
        lembar.salah(
            findings,
            nomor,
            isi,
            column,
            f"{apa} ini tidak dikenal, atau barisnya sendiri salah",
            "Periksa penulisannya, atau betulkan dahulu baris yang dirujuk.",
        )
    return bool(refused)


def _periksa_pohon(
    lembar: Lembar,
    lama: Mapping[Kunci, Unit] | Mapping[Kunci, Jabatan],
    column: str,
    apa: str,
    findings: Findings,
) -> None:
    """Keep the rows that leave a tree: every parent known, nobody above himself."""
    while True:
        if _buang_tak_dikenal(lembar, column, lama.keys() | lembar.rows.keys(), apa, findings):
            continue
        parents: dict[str, str | None] = {key[0]: getattr(isi, column) for key, isi in lama.items()}
        parents |= {key[0]: getattr(isi, column) for key, (isi, _) in lembar.rows.items()}
        members = lingkaran(parents)
        if not members:
            return
        shown = ", ".join(sorted(members)[:5]) + (" …" if len(members) > 5 else "")
        for key in [key for key in lembar.rows if key[0] in members]:
            isi, nomor = lembar.rows.pop(key)
            lembar.salah(
                findings,
                nomor,
                isi,
                column,
                f"lingkaran: {shown} saling membawahi",
                "Tentukan siapa yang paling atas.",
            )
