"""Objecting to a line of one's slip, answering, taking it back, reminding who has to answer."""

from typing import Annotated, Any, NamedTuple
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from services.tpp.keberatan import rules
from services.tpp.perhitungan.queries import Slip, slip
from shared import colek
from shared.auth.guard import Principal, Subject
from shared.contracts.tpp import TppKeberatanDecided
from shared.db import Tx, queries
from shared.errors import Conflict, FieldError, Forbidden, InvalidInput, NotFound
from shared.ids import uuid7
from shared.period import MasaBayar

SQL = queries("services.tpp.keberatan")

_Alasan = Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=1000)]
_Singkat = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]


class KeberatanBaru(BaseModel):
    """Which line of my slip is not right, and why."""

    periode: MasaBayar
    baris: str = Field(default="", max_length=100, description="`baris` pada slip; kosong: seluruh slip")
    alasan: _Alasan = Field(description="Apa yang keliru, dan bagaimana seharusnya")
    bukti: _Singkat = Field(default="", description="Nomor surat, tautan, atau saksi; boleh kosong")


class Jawaban(BaseModel):
    """The answer. Accepted: which way it is put right. Refused: by which article."""

    putusan: rules.Putusan
    jawaban: _Alasan = Field(description="Diterima: apa yang diperbaiki. Ditolak: mengapa")
    perbaikan: rules.Perbaikan | None = Field(default=None, description="Wajib bila diterima")
    pasal: _Singkat = Field(default="", description="Wajib bila ditolak")


class KeadaanKeberatan(BaseModel):
    """Where an objection stands."""

    keberatan_id: UUID
    keadaan: str = Field(description="diajukan, diterima, ditolak atau ditarik")


class Pokok(NamedTuple):
    """What is objected to, as the slip says it; whole rupiah."""

    nama: str
    jumlah: int
    kalimat: str
    pasal: str
    sumber: str


def pokok(found: Slip, baris: str) -> Pokok | None:
    """A line of a slip by its lasting name; '' is the whole slip. None when the slip has no such line."""
    if baris:
        line = next((one for one in found.baris if one.baris == baris), None)
        if line is None:
            return None
        return Pokok(line.nama, int(line.jumlah.decimal), line.kalimat, line.pasal, line.sumber)
    return Pokok(
        "TPP yang tertahan" if found.status == "ditahan" else "Seluruh slip",
        int(found.neto.decimal),
        " ".join(f"{reason.kalimat.rstrip('.')}." for reason in found.alasan),
        "; ".join(dict.fromkeys(reason.pasal for reason in found.alasan)),
        "",
    )


async def slip_tetap(tx: Tx, periode: MasaBayar) -> Slip:
    """The caller's slip, of a month that is computed. Raises NotFound, Conflict for an estimate."""
    found = await slip(tx, periode, _siapa(tx).pegawai_id)
    if found.sementara:
        raise Conflict(
            f"TPP {periode.tampil()} masih perkiraan.",
            remedy="Mintalah data yang keliru diperbaiki; keberatan diajukan sesudah TPP dihitung.",
        )
    return found


async def ajukan(tx: Tx, body: KeberatanBaru, zone: str) -> KeadaanKeberatan:
    """Object to a line of one's own slip, or to all of it. Whoever can answer is told.

    Raises NotFound, InvalidInput for a line that is not there, Conflict for an estimate and while another
    objection to that line waits.
    """
    who = _siapa(tx)
    found = await slip_tetap(tx, body.periode)
    what = pokok(found, body.baris)
    if what is None:
        raise InvalidInput(
            "Baris ini tidak ada pada slip Anda.",
            fields=[
                FieldError("/baris", "tidak ada pada slip", "TPP mungkin dihitung ulang; buka lagi slipnya.")
            ],
        )
    state = await SQL.tahan_penetapan(tx.conn, periode=str(body.periode), opd=found.opd_kode)
    made = await SQL.simpan(
        tx.conn,
        keberatan_id=uuid7(),
        pegawai_id=who.pegawai_id,
        periode=str(body.periode),
        version_slip=found.version,
        baris=body.baris,
        **what._asdict(),
        alasan=body.alasan,
        bukti=body.bukti,
    )
    if made is None:
        raise Conflict(
            f"Keberatan Anda atas {what.nama} masih menunggu jawaban.",
            remedy="Tarik dahulu yang lama bila ingin menggantinya.",
        )
    tx.audit("keberatan.diajukan", f"pegawai:{who.pegawai_id}", periode=str(body.periode), baris=body.baris)
    row = await SQL.satu(tx.conn, keberatan_id=made)
    await _ingatkan(tx, zone, row, terkunci=state == "dikunci")
    return KeadaanKeberatan(keberatan_id=made, keadaan="diajukan")


async def jawab(tx: Tx, keberatan_id: UUID, body: Jawaban) -> KeadaanKeberatan:
    """Accept (naming the way it is put right) or refuse (naming the article); the person is told.

    No figure changes here: what was wrong is corrected where it stands, and computed again. Raises NotFound,
    Forbidden (also for one's own, and for the OPD after its lock), InvalidInput, Conflict when it no longer
    waits.
    """
    row = await _muat(tx, keberatan_id)
    who = _siapa(tx)
    state = await SQL.tahan_penetapan(tx.conn, periode=row["periode"], opd=row["opd_kode"])
    locked = state == "dikunci"
    stop = halangan(who, row["pegawai_id"], terkunci=locked)
    if stop:
        raise Forbidden(
            stop, remedy=f"Yang perlu menjawab: {rules.penjawab(locked)}, selain yang mengajukan."
        )
    accepted = body.putusan == "diterima"
    if accepted and body.perbaikan is None:
        raise InvalidInput(
            "Jawaban belum lengkap.",
            fields=[FieldError("/perbaikan", "belum dipilih", "Pilih apa yang diperbaiki.")],
        )
    if not accepted and not body.pasal:
        raise InvalidInput(
            "Jawaban belum lengkap.",
            fields=[FieldError("/pasal", "kosong", "Sebut pasal yang menjadi dasar penolakan.")],
        )
    await SQL.putuskan(
        tx.conn,
        keberatan_id=keberatan_id,
        keadaan=body.putusan,
        oleh=who.pegawai_id,
        nama=who.nama,
        jawaban=body.jawaban,
        perbaikan=body.perbaikan if accepted else None,
        pasal="" if accepted else body.pasal,
    )
    tx.audit(
        f"keberatan.{body.putusan}",
        f"pegawai:{row['pegawai_id']}",
        periode=row["periode"],
        baris=row["baris"],
        perbaikan=body.perbaikan if accepted else None,
    )
    tx.emit(
        TppKeberatanDecided(
            version=1,
            keberatan_id=keberatan_id,
            pegawai_id=row["pegawai_id"],
            periode=MasaBayar.parse(row["periode"]),
            diterima=accepted,
        )
    )
    return KeadaanKeberatan(keberatan_id=keberatan_id, keadaan=body.putusan)


def halangan(who: Principal, milik: UUID, *, terkunci: bool) -> str:
    """Why somebody may not answer an objection of `milik`; empty when they may."""
    return rules.halangan(
        who.pegawai_id,
        milik,
        admin=who.holds("admin_bkd"),
        keuangan=who.holds("keuangan_opd"),
        terkunci=terkunci,
    )


async def tarik(tx: Tx, keberatan_id: UUID) -> KeadaanKeberatan:
    """Take one's own objection back. Raises NotFound, Forbidden, Conflict when it was answered."""
    row = await _muat(tx, keberatan_id)
    await SQL.tarik(tx.conn, keberatan_id=keberatan_id)
    tx.audit("keberatan.ditarik", f"pegawai:{row['pegawai_id']}", periode=row["periode"], baris=row["baris"])
    return KeadaanKeberatan(keberatan_id=keberatan_id, keadaan="ditarik")


async def ingatkan(tx: Tx, keberatan_id: UUID, zone: str) -> colek.Terkirim:
    """Remind who has to answer; once a day.

    Raises NotFound, Forbidden, Conflict when it no longer waits, or waits for the caller.
    """
    await _muat(tx, keberatan_id)
    row = await SQL.satu(tx.conn, keberatan_id=keberatan_id)
    if not halangan(_siapa(tx), row["pegawai_id"], terkunci=row["terkunci"]):
        raise Conflict("Anda sendiri dapat menjawabnya.", remedy="Buka keberatannya, lalu jawab.")
    return await _ingatkan(tx, zone, row, terkunci=row["terkunci"])


async def sudah_diingatkan(tx: Tx, keberatan_id: UUID, zone: str) -> bool:
    """Whether the caller has reminded about this objection today; filing it was a reminder too."""
    tx.guard.scope()
    subjects = [_subjek(keberatan_id, role) for role in ("keuangan_opd", "admin_bkd")]
    return bool(await colek.sudah_hari_ini(tx, zone, subjects))


async def _ingatkan(tx: Tx, zone: str, row: Any, *, terkunci: bool) -> colek.Terkirim:
    who = _siapa(tx)
    mine = who.pegawai_id == row["pegawai_id"]
    alone = (mine and who.holds("keuangan_opd")) or not row["unit_path"]
    role = rules.diingatkan(terkunci, tanpa_keuangan=alone)
    month = MasaBayar.parse(row["periode"])
    return await colek.ingatkan(
        tx,
        zone,
        colek.Tujuan.kepada_peran(role, row["unit_path"] if role == "keuangan_opd" else None),
        hal="keberatan",
        subjek=_subjek(row["keberatan_id"], role),
        tentang_id=row["pegawai_id"],
        bulan=month,
        kalimat=f"Keberatan atas {row['nama']} pada TPP {month.tampil()} menunggu jawaban.",
    )


def _subjek(keberatan_id: UUID, peran: str) -> str:
    return f"keberatan:{keberatan_id}:{peran}"


async def _muat(tx: Tx, keberatan_id: UUID) -> Any:
    """The objection, held, unanswered, and within the caller's reach."""
    row = await SQL.kunci(tx.conn, keberatan_id=keberatan_id)
    tx.guard.admit(Subject(row["pegawai_id"], row["unit_path"]) if row else Subject())
    if row is None:
        raise NotFound("Keberatan ini tidak ada.", remedy="Muat ulang daftarnya.")
    if row["keadaan"] != "diajukan":
        raise Conflict(f"Keberatan ini sudah {row['keadaan']}.", remedy="Muat ulang halamannya.")
    return row


def _siapa(tx: Tx) -> Principal:
    who = tx.guard.principal
    assert who is not None
    return who
