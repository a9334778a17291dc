"""Asking for a correction, deciding about it, taking it back."""

from datetime import date, time
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.kehadiran.hitung import hitung_bulan, simpan_harian
from services.tpp.kehadiran.rules import KALI, KALI_SEHARI, Hari, susun_hari
from services.tpp.permohonan import rules
from shared import colek
from shared.auth.guard import Subject
from shared.clock import local_date
from shared.db import Tx, queries
from shared.errors import Conflict, FieldError, Forbidden, InvalidInput, NotFound
from shared.ids import uuid7
from shared.period import Period

SQL = queries("services.tpp.permohonan")


Kali = Annotated[int, Field(ge=0, le=KALI_SEHARI)] | None


class PermohonanBaru(BaseModel):
    """How a day really was, why it is not recorded so, and what shows it."""

    tanggal: date
    masuk: time | None = None
    pulang: time | None = None
    keterangan: Literal["", "S", "C", "DL"] = Field(default="", description="Kosong: hadir")
    absen_terlewat: Kali = Field(
        default=None, description="Absen yang sungguh terlewat; kosong: tidak diminta"
    )
    tanpa_apel: Kali = Field(default=None, description="0: saya mengikuti apel; kosong: tidak diminta")
    tanpa_upacara: Kali = Field(default=None, description="0: saya mengikuti upacara; kosong: tidak diminta")
    sebab: rules.Sebab
    bukti: str = Field(
        min_length=10,
        max_length=2000,
        description="Apa yang menunjukkannya: saksi, nomor surat tugas, tautan foto",
    )


class PutusanPermohonan(BaseModel):
    """Why it is decided so; a refusal must say."""

    alasan: str = Field(default="", max_length=1000)


class KeadaanPermohonan(BaseModel):
    """Where a request stands."""

    permohonan_id: UUID
    keadaan: str = Field(description="diajukan, disetujui, ditolak atau ditarik")
    sesudah_dikunci: bool = Field(
        default=False, description="TPP bulan itu sudah dikunci; perubahannya menjadi fakta yang menyusul"
    )


async def ajukan(tx: Tx, body: PermohonanBaru, zone: str) -> KeadaanPermohonan:
    """Ask for one day of one's own. Raises InvalidInput, Conflict while another request for it waits."""
    assert tx.guard.principal is not None
    who = tx.guard.principal.pegawai_id
    tx.guard.admit(Subject(who))
    today = local_date(tx.now, zone)
    row = await SQL.hari(tx.conn, pegawai_id=who, tanggal=body.tanggal, hari=today)
    if row is None:
        raise NotFound(
            "Data kepegawaian Anda belum sampai.", remedy="Coba lagi nanti, atau hubungi admin BKD."
        )
    kali = [getattr(body, name) for name in KALI]
    hari = susun_hari(body.tanggal, _menit(body.masuk), _menit(body.pulang), body.keterangan, *kali)
    wrong = rules.periksa(hari, today, sif_malam=row["sif_malam"])
    if wrong is not None:
        raise InvalidInput(
            "Permohonan koreksi belum benar.",
            fields=[FieldError(f"/{wrong.kolom}", wrong.alasan, wrong.perbaikan)],
        )
    if row["version"] is not None and rules.sama(hari, row):
        raise InvalidInput(
            "Permohonan koreksi belum benar.",
            fields=[
                FieldError("/masuk", "sudah tercatat persis seperti ini", "Tidak ada yang perlu dikoreksi.")
            ],
        )
    made = await SQL.simpan(
        tx.conn,
        permohonan_id=uuid7(),
        pegawai_id=who,
        **hari._asdict(),
        sebab=body.sebab,
        bukti=body.bukti,
    )
    if made is None:
        raise Conflict(
            f"Permohonan Anda untuk {rules.tanggal(body.tanggal)} masih menunggu keputusan.",
            remedy="Tarik dahulu yang lama bila ingin menggantinya.",
        )
    tx.audit("koreksi-kehadiran.diajukan", f"pegawai:{who}", tanggal=body.tanggal, sebab=body.sebab)
    await pemutus(tx, zone, row, made, who, body.tanggal)
    return KeadaanPermohonan(permohonan_id=made, keadaan="diajukan")


async def putuskan(
    tx: Tx, permohonan_id: UUID, setuju: bool, body: PutusanPermohonan, zone: str
) -> KeadaanPermohonan:
    """Approve (the day gets a new version, the month is counted anew) or refuse with a reason.

    After the month's lock the new version is a late fact; what was paid stays. Raises NotFound, Forbidden
    (also for one's own request), Conflict when it was decided or taken back.
    """
    row = await _muat(tx, permohonan_id, zone)
    assert tx.guard.principal is not None
    who = tx.guard.principal
    if row["pegawai_id"] == who.pegawai_id:
        raise Forbidden(
            "Permohonan sendiri tidak dapat diputuskan sendiri.",
            remedy="Atasan Anda atau pengelola kinerja yang lain memutuskannya.",
        )
    if not setuju and len(body.alasan.strip()) < 5:
        raise InvalidInput(
            "Penolakan memerlukan alasan.",
            fields=[
                FieldError("/alasan", "kosong atau terlalu singkat", "Tulis mengapa permohonan ditolak.")
            ],
        )
    keadaan = "disetujui" if setuju else "ditolak"
    late = setuju and row["terkunci"]
    await SQL.putuskan(
        tx.conn,
        permohonan_id=permohonan_id,
        keadaan=keadaan,
        oleh=who.pegawai_id,
        nama=who.nama,
        alasan=body.alasan.strip(),
        terkunci=late,
    )
    if setuju:
        await _terapkan(tx, row)
    tx.audit(
        f"koreksi-kehadiran.{keadaan}", f"pegawai:{row['pegawai_id']}", tanggal=row["tanggal"], terkunci=late
    )
    await colek.ingatkan(
        tx,
        zone,
        colek.Tujuan("Pegawai", row["pegawai_id"]),
        hal="koreksi_putusan",
        subjek=f"koreksi-putusan:{permohonan_id}",
        tentang_id=row["pegawai_id"],
        bulan=Period.of(row["tanggal"]),
        kalimat=f"Permohonan koreksi kehadiran {rules.tanggal(row['tanggal'])} {keadaan}.",
    )
    return KeadaanPermohonan(permohonan_id=permohonan_id, keadaan=keadaan, sesudah_dikunci=late)


async def tarik(tx: Tx, permohonan_id: UUID, zone: str) -> KeadaanPermohonan:
    """Take one's own request back. Raises NotFound, Forbidden, Conflict when it was decided."""
    row = await _muat(tx, permohonan_id, zone)
    await SQL.tarik(tx.conn, permohonan_id=permohonan_id)
    tx.audit("koreksi-kehadiran.ditarik", f"pegawai:{row['pegawai_id']}", tanggal=row["tanggal"])
    return KeadaanPermohonan(permohonan_id=permohonan_id, keadaan="ditarik")


async def _muat(tx: Tx, permohonan_id: UUID, zone: str) -> Any:
    """The request, held, undecided, and within the caller's reach."""
    row = await SQL.kunci(tx.conn, permohonan_id=permohonan_id, hari=local_date(tx.now, zone))
    tx.guard.admit(Subject(row["pegawai_id"], row["unit_path"], row["atasan_id"]) if row else Subject())
    if row is None:
        raise NotFound("Permohonan ini tidak ada.", remedy="Muat ulang daftarnya.")
    if row["keadaan"] != "diajukan":
        raise Conflict(f"Permohonan ini sudah {row['keadaan']}.", remedy="Muat ulang daftarnya.")
    return row


async def _terapkan(tx: Tx, row: Any) -> None:
    hari = Hari(*(row[name] for name in Hari._fields))
    await simpan_harian(tx, [row["pegawai_id"]], [hari], permohonan_id=row["permohonan_id"])
    await hitung_bulan(tx, Period.of(row["tanggal"]), [row["pegawai_id"]])


def subjek(permohonan_id: UUID) -> str:
    """What a nudge about a request that waits is about."""
    return f"koreksi:{permohonan_id}"


async def pemutus(
    tx: Tx, zone: str, row: Any, permohonan_id: UUID, who: UUID, tanggal: date
) -> colek.Terkirim:
    """Tell whoever decides that a request waits: the atasan, else the pengelola of the unit in `row`."""
    tujuan = (
        colek.Tujuan("Atasan", row["atasan_id"])
        if row["atasan_id"] is not None
        else colek.Tujuan.kepada_peran("pengelola", row["unit_path"])
    )
    return await colek.ingatkan(
        tx,
        zone,
        tujuan,
        hal="koreksi",
        subjek=subjek(permohonan_id),
        tentang_id=who,
        bulan=Period.of(tanggal),
        kalimat=f"Permohonan koreksi kehadiran {rules.tanggal(tanggal)} menunggu keputusan Anda.",
    )


def _menit(at: time | None) -> time | None:
    """A clock time as attendance has it: without a zone."""
    return None if at is None else at.replace(tzinfo=None, microsecond=0)
