"""Rating people: one, or many with an outcome for each."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, cast
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.assessment.penilaian import rules
from shared.auth.guard import Principal, Subject
from shared.contracts.penilaian import Predikat, PredikatSet
from shared.db import Tx, queries
from shared.errors import Conflict, FieldError, Forbidden, InvalidInput, NotFound, Problem
from shared.period import Period

SQL = queries("services.assessment.penilaian")

Tingkat = Annotated[
    Literal[1, 2, 3], Field(description="1 di atas ekspektasi, 2 sesuai ekspektasi, 3 di bawah ekspektasi")
]


class Nilai(BaseModel):
    """Two ratings of three levels, and what the atasan wants to say."""

    model_config = ConfigDict(extra="forbid")

    hasil_kerja: Tingkat
    perilaku: Tingkat
    catatan: str = Field(default="", max_length=2000)


class NilaiPegawai(Nilai):
    """A rating and whose it is."""

    pegawai_id: UUID


class DaftarNilai(BaseModel):
    """Ratings of up to 200 people; each succeeds or is refused by itself."""

    model_config = ConfigDict(extra="forbid")

    penilaian: list[NilaiPegawai] = Field(min_length=1, max_length=200)


class Penilaian(BaseModel):
    """A rating as recorded."""

    pegawai_id: UUID
    periode: Period
    hasil_kerja: int
    perilaku: int
    predikat: int
    predikat_nama: str
    peringatan: list[str] = Field(description="Hal yang patut diperhatikan; penilaian tetap tercatat")


class Hasil(BaseModel):
    """What became of one row of a list."""

    pegawai_id: UUID
    tercatat: bool
    penilaian: Penilaian | None = None
    masalah: str | None = None
    jalan_keluar: str | None = None


class HasilDaftar(BaseModel):
    """The outcome of every row, in the order sent."""

    periode: Period
    tercatat: int
    ditolak: int
    hasil: list[Hasil]


async def nilai_satu(tx: Tx, periode: Period, pegawai_id: UUID, nilai: Nilai) -> Penilaian:
    """Rate one person. Raises what forbids it."""
    row = NilaiPegawai(pegawai_id=pegawai_id, **nilai.model_dump())
    (outcome,) = await _nilai(tx, periode, [row])
    if isinstance(outcome, Problem):
        raise outcome
    return outcome


async def nilai_banyak(tx: Tx, periode: Period, daftar: DaftarNilai) -> HasilDaftar:
    """Rate many people; a refused row stops nobody else."""
    seen: set[UUID] = set()
    for number, row in enumerate(daftar.penilaian):
        if row.pegawai_id in seen:
            raise InvalidInput(
                "Satu pegawai hanya boleh muncul sekali dalam satu daftar.",
                fields=[
                    FieldError(f"/penilaian/{number}/pegawai_id", "sudah ada di atas", "Hapus salah satunya.")
                ],
            )
        seen.add(row.pegawai_id)
    outcomes = await _nilai(tx, periode, daftar.penilaian)
    results = [_hasil(row, outcome) for row, outcome in zip(daftar.penilaian, outcomes, strict=True)]
    recorded = sum(result.tercatat for result in results)
    return HasilDaftar(periode=periode, tercatat=recorded, ditolak=len(results) - recorded, hasil=results)


def _hasil(row: NilaiPegawai, outcome: Penilaian | Problem) -> Hasil:
    if isinstance(outcome, Problem):
        return Hasil(
            pegawai_id=row.pegawai_id, tercatat=False, masalah=outcome.detail, jalan_keluar=outcome.remedy
        )
    return Hasil(pegawai_id=row.pegawai_id, tercatat=True, penilaian=outcome)


async def _nilai(tx: Tx, periode: Period, rows: Sequence[NilaiPegawai]) -> list[Penilaian | Problem]:
    penilai = tx.guard.principal
    if penilai is None:
        raise RuntimeError("penilaian selalu dilakukan oleh seseorang")
    # Rows are judged one by one below, each with `reaches`.
    tx.guard.scope()
    month = await SQL.kunci_periode(tx.conn, periode=str(periode))
    found = [
        row
        async for row in SQL.calon(
            tx.conn,
            ids=[row.pegawai_id for row in rows],
            periode=str(periode),
            hari=periode.last_day,
            tahun=periode.year,
        )
    ]
    people = {person["pegawai_id"]: person for person in found}
    outcomes: list[Penilaian | Problem] = []
    changed: list[NilaiPegawai] = []
    for row in rows:
        person: Any = people.get(row.pegawai_id)
        refusal = _refusal(tx, penilai, row.pegawai_id, person) or _not_now(periode, month, person)
        if refusal is not None:
            outcomes.append(refusal)
            continue
        outcomes.append(_recorded(periode, row, person["ada_realisasi"]))
        if _differs(person, penilai, row):
            changed.append(row)
    await _write(tx, periode, penilai, changed)
    return outcomes


def _refusal(tx: Tx, penilai: Principal, pegawai_id: UUID, person: Any) -> Problem | None:
    """Who may: the pejabat penilai of the last day; admin BKD for those who have none; nobody for oneself."""
    if pegawai_id == penilai.pegawai_id:
        return Forbidden(
            "Anda tidak dapat menilai diri sendiri.", remedy="Penilaian Anda diberikan oleh atasan Anda."
        )
    unit_path, atasan_id = (person["unit_path"], person["atasan_id"]) if person else (None, None)
    if not tx.guard.reaches(Subject(pegawai_id, unit_path, atasan_id)):
        return Forbidden(
            "Anda bukan pejabat penilai pegawai ini pada akhir bulan tersebut.",
            remedy="Bila seharusnya Anda, mintalah pengelola kinerja OPD memperbarui data atasan.",
        )
    if person is None:
        return NotFound("Pegawai ini tidak ditemukan.", remedy="Periksa kembali pegawai yang dimaksud.")
    if atasan_id not in (None, penilai.pegawai_id):
        return Forbidden(
            "Pegawai ini punya atasan; hanya atasannya yang dapat menilai.",
            remedy="Admin BKD mencatat penilaian hanya bagi pimpinan tertinggi, atas nama kepala daerah.",
        )
    return None


def _not_now(periode: Period, month: Any, person: Any) -> Problem | None:
    """What the state of the month or of the SKP forbids."""
    if month is None:
        return Conflict(
            f"Periode {periode.tampil()} belum dibuka.", remedy="Tunggu sampai admin BKD membuka periode ini."
        )
    if month["keadaan"] == "ditutup":
        return Conflict(
            f"Periode {periode.tampil()} sudah ditutup; penilaian tidak dapat diubah lagi.",
            remedy="Bila penilaian ini harus diubah, mintalah admin BKD membuka kembali periodenya.",
        )
    if not person["ditempatkan"]:
        return Conflict(
            "Pegawai ini belum punya jabatan pada akhir bulan tersebut.",
            remedy="Mintalah admin BKD melengkapi data penempatannya.",
        )
    if not person["skp_disetujui"]:
        return Conflict(
            f"SKP tahun {periode.year} pegawai ini belum disetujui.",
            remedy="Setujui SKP-nya lebih dahulu; bila belum diajukan, ingatkan pegawainya.",
        )
    return None


def _recorded(periode: Period, row: NilaiPegawai, ada_realisasi: bool) -> Penilaian:
    code = rules.predikat(row.hasil_kerja, row.perilaku)
    return Penilaian(
        pegawai_id=row.pegawai_id,
        periode=periode,
        hasil_kerja=row.hasil_kerja,
        perilaku=row.perilaku,
        predikat=code,
        predikat_nama=rules.PREDIKAT[code],
        peringatan=[] if ada_realisasi else ["Belum ada realisasi bulan ini yang tercatat."],
    )


def _differs(person: Any, penilai: Principal, row: NilaiPegawai) -> bool:
    known = (person["penilai_id"], person["hasil_kerja"], person["perilaku"], person["catatan"])
    return known != (penilai.pegawai_id, row.hasil_kerja, row.perilaku, row.catatan)


async def _write(tx: Tx, periode: Period, penilai: Principal, rows: Sequence[NilaiPegawai]) -> None:
    """Store changed ratings; one event and one audit row for each."""
    if not rows:
        return
    codes = {row.pegawai_id: rules.predikat(row.hasil_kerja, row.perilaku) for row in rows}
    stored = [
        row
        async for row in SQL.simpan(
            tx.conn,
            periode=str(periode),
            penilai_id=penilai.pegawai_id,
            dinilai_pada=tx.now,
            ids=[row.pegawai_id for row in rows],
            hasil_kerja=[row.hasil_kerja for row in rows],
            perilaku=[row.perilaku for row in rows],
            predikat=[codes[row.pegawai_id] for row in rows],
            catatan=[row.catatan for row in rows],
        )
    ]
    versions = {entry["pegawai_id"]: entry["version"] for entry in stored}
    for row in rows:
        tx.emit(
            PredikatSet(
                version=versions[row.pegawai_id],
                pegawai_id=row.pegawai_id,
                penilai_id=penilai.pegawai_id,
                periode=periode,
                hasil_kerja=row.hasil_kerja,
                perilaku=row.perilaku,
                predikat=cast("Predikat", codes[row.pegawai_id]),
            )
        )
        tx.audit("penilaian.dinilai", f"pegawai:{row.pegawai_id}", periode=str(periode))
