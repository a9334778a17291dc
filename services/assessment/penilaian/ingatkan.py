"""Nudges about a result that waits."""

from uuid import UUID

from services.assessment.penilaian import queries
from shared import colek
from shared.auth.guard import Subject
from shared.db import Tx
from shared.errors import Conflict, NotFound
from shared.period import Period


def subjek(periode: Period, pegawai_id: UUID) -> str:
    """What a nudge about one person's month is about."""
    return f"penilaian:{periode}:{pegawai_id}"


async def penilaian(tx: Tx, periode: Period, pegawai_id: UUID, zone: str) -> colek.Terkirim:
    """Remind whoever keeps this person's result waiting. Raises Conflict when nobody else does."""
    row = await queries.baris(tx, periode, pegawai_id)
    place = (row["unit_path"], row["atasan_id"]) if row else (None, None)
    tx.guard.admit(Subject(pegawai_id, *place))
    if row is None:
        raise NotFound("Pegawai ini tidak ditemukan.", remedy="Periksa kembali pegawai yang dimaksud.")
    waits = await queries.menunggu(tx, periode, row, zone)
    if waits is None:
        raise Conflict("Penilaian ini tidak menunggu siapa pun.", remedy="Muat ulang halaman ini.")
    if waits.anda:
        raise Conflict("Anda sendiri yang perlu bertindak.", remedy=waits.alasan.kalimat)
    if not waits.dapat_diingatkan:
        raise Conflict(
            f"Bulan {periode.tampil()} masih berjalan; penilaian diberikan setelah bulan berakhir.",
            remedy="Tunggu sampai bulan berakhir.",
        )
    return await colek.ingatkan(
        tx,
        zone,
        queries.tujuan(row, waits.alasan.pemilik),
        hal="penilaian",
        subjek=subjek(periode, pegawai_id),
        tentang_id=pegawai_id,
        bulan=periode,
        kalimat=waits.alasan.kalimat,
    )


async def sudah(tx: Tx, periode: Period, pegawai_ids: list[UUID], zone: str) -> set[UUID]:
    """About whom of these the caller has sent a nudge today; only the caller's own."""
    tx.guard.scope()
    known = {subjek(periode, one): one for one in pegawai_ids}
    return {known[found] for found in await colek.sudah_hari_ini(tx, zone, list(known))}


def subjek_buka(periode: Period) -> str:
    """What an atasan's request to open a closed month again is about."""
    return f"buka-kembali:{periode}"


async def buka_kembali(tx: Tx, periode: Period, zone: str) -> colek.Terkirim:
    """Ask admin BKD to open a closed month again. Raises Conflict unless the caller rates somebody in it."""
    who = tx.guard.principal
    assert who is not None
    people = (await queries.bawahan(tx, periode, None, 1)).data
    month = await queries.bulan_ini(tx, periode)
    if month.keadaan not in ("ditutup", "final"):
        raise Conflict(
            f"Bulan {periode.tampil()} tidak sedang ditutup.",
            remedy="Muat ulang halaman ini.",
        )
    if not people:
        raise Conflict(
            f"Tidak ada yang Anda nilai pada {periode.tampil()}.",
            remedy="Bila seharusnya ada, mintalah pengelola kinerja OPD memperbarui data atasan.",
        )
    return await colek.ingatkan(
        tx,
        zone,
        colek.Tujuan.kepada_peran("admin_bkd"),
        hal="buka_kembali",
        subjek=subjek_buka(periode),
        bulan=periode,
        kalimat=f"Ada penilaian {periode.tampil()} yang perlu diubah, sedangkan bulannya sudah ditutup.",
    )


async def sudah_minta_buka(tx: Tx, periode: Period, zone: str) -> bool:
    """Whether the caller has asked so today."""
    tx.guard.scope()
    return bool(await colek.sudah_hari_ini(tx, zone, [subjek_buka(periode)]))
