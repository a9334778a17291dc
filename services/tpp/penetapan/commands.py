"""Deciding on an OPD's month, up to the lock that hands its payments to payroll."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.koreksi.tandai import SQL as KOREKSI
from services.tpp.koreksi.tandai import pastikan_belum_dibawa
from services.tpp.penetapan import rules
from services.tpp.penetapan.pemeriksaan import SQL, pastikan
from services.tpp.penetapan.tanda_tangan import Penanda
from services.tpp.perhitungan.sementara import penetapan_berganti
from shared.auth.guard import Subject
from shared.contracts.payroll import BatchApproved, BatchCancelled, ItemPayable
from shared.db import Tx
from shared.errors import Conflict, NotFound
from shared.ids import uuid7
from shared.money import Rupiah
from shared.nip import Nip
from shared.period import MasaBayar

_ITEM_SEKALIGUS = 2000
_KOLOM_ITEM = (
    "item_id", "batch_id", "urutan", "pegawai_id", "periode", "nip", "bruto", "potongan", "neto",
)  # fmt: skip


class Pengembalian(BaseModel):
    """Why a decision is taken back."""

    alasan: str = Field(min_length=5, max_length=1000)


class Keputusan(BaseModel):
    """Where an OPD's month stands after a decision."""

    periode: MasaBayar
    opd_kode: str
    keadaan: str = Field(description="draf, diverifikasi, disetujui atau dikunci")
    batch_id: UUID | None = Field(description="Kelompok pembayaran, sesudah dikunci")
    jumlah_item: int
    total_neto: Rupiah


async def putuskan(
    tx: Tx, periode: MasaBayar, opd: str, tindakan: str, penanda: Penanda, persen: int
) -> Keputusan:
    """Take the next decision: `verifikasi`, `setujui` or `kunci`. The lock freezes the OPD's figures.

    `persen`: changes larger than this need an answer before the lock. Raises NotFound, Forbidden, Conflict
    naming what has to come first.
    """
    month, row, who = await muat(tx, periode, opd)
    tahap = rules.periksa_tahap(tindakan, row["keadaan"])
    rules.periksa_orang(who, (row["diverifikasi_oleh"], row["disetujui_oleh"]))
    run = await SQL.perhitungan(tx.conn, periode=str(periode))
    if run["keadaan"] != "selesai" or (run["untuk_version"], "ditutup") != (
        month["version"],
        month["keadaan"],
    ):
        raise Conflict(
            f"Perhitungan TPP {periode.tampil()} belum selesai untuk penutupan terakhir.",
            remedy="Tunggu perhitungan selesai, atau mintalah admin BKD menjalankannya.",
        )
    items: list[rules.Item] = []
    batch_id = None
    if tindakan == "kunci":
        await pastikan(tx, periode, opd, persen)
        batch_id = uuid7()
        items = [rules.Item(uuid7(), *found) for found in await _payable(tx, periode, opd)]
    await _record(
        tx,
        periode,
        row,
        tahap.menjadi,
        verifikasi=who if tindakan == "verifikasi" else row["diverifikasi_oleh"],
        setuju=who if tindakan == "setujui" else row["disetujui_oleh"],
        kunci=who if tindakan == "kunci" else None,
        batch_id=batch_id,
    )
    if batch_id is not None:
        await KOREKSI.tandai_basi(tx.conn, periode=str(periode), opd=opd)
        await KOREKSI.tandai_setahun(tx.conn, periode=str(periode), opd=opd)
        await penetapan_berganti(tx, periode, opd)
        await _hand_over(tx, periode, opd, batch_id, items, penanda)
    return Keputusan(
        periode=periode,
        opd_kode=opd,
        keadaan=tahap.menjadi,
        batch_id=batch_id,
        jumlah_item=len(items),
        total_neto=Rupiah(sum(item.neto for item in items)),
    )


async def kembalikan(tx: Tx, periode: MasaBayar, opd: str, body: Pengembalian) -> Keputusan:
    """Back to the first step, with the reason. Raises Conflict for a draft or a locked OPD."""
    _, row, _ = await muat(tx, periode, opd)
    rules.periksa_kembali(row["keadaan"])
    await _record(tx, periode, row, "draf", alasan=body.alasan)
    return Keputusan(
        periode=periode, opd_kode=opd, keadaan="draf", batch_id=None, jumlah_item=0, total_neto=Rupiah(0)
    )


async def batalkan(tx: Tx, periode: MasaBayar, opd: str, body: Pengembalian, penanda: Penanda) -> Keputusan:
    """Take a locked batch back: payroll is told, and answers for each payment whether it was in time.

    The OPD goes back to draft when the last answer says that no money has gone out; otherwise it stays
    locked, and `serahkan_sisa` pays the rest. Raises Conflict when there is nothing to cancel any more.
    """
    _, row, who = await muat(tx, periode, opd)
    batch_id = row["batch_id"]
    found = await SQL.hitung_item(tx.conn, batch_id=batch_id)
    rules.periksa_batal(
        row["keadaan"],
        found["item"],
        found["dibayar"],
        found["dibatalkan_pada"] is not None,
        found["selesai_pada"] is not None,
    )
    await pastikan_belum_dibawa(tx, periode, opd)
    await SQL.minta_pembatalan(
        tx.conn, batch_id=batch_id, periode=str(periode), opd=opd, alasan=body.alasan, oleh=who
    )
    tx.emit(
        BatchCancelled(
            version=found["item"] + 2,
            batch_id=batch_id,
            periode=periode,
            opd_kode=opd,
            alasan=body.alasan,
            tanda_tangan=penanda.tanda_tangani(BatchCancelled.naskah(batch_id, periode, opd)),
        )
    )
    await _tetap_dikunci(tx, periode, row, batch_id, f"Pembatalan diminta: {body.alasan}")
    await selesaikan_pembatalan(tx, [batch_id])
    row = await SQL.kunci(tx.conn, periode=str(periode), opd=opd)
    return Keputusan(
        periode=periode,
        opd_kode=opd,
        keadaan=row["keadaan"],
        batch_id=row["batch_id"],
        jumlah_item=found["item"] if row["batch_id"] else 0,
        total_neto=Rupiah(0),
    )


async def serahkan_sisa(
    tx: Tx, periode: MasaBayar, opd: str, body: Pengembalian, penanda: Penanda
) -> Keputusan:
    """Hand over, in a new batch, the payments of a locked OPD that were taken back and never made.

    Amounts are those that three people decided on: what was corrected since is carried by a later month, as
    for everyone else of the OPD. Each person has one living payment: the old one is put aside first. Raises
    Conflict when nothing was taken back, or payroll still holds a payment of the OPD.
    """
    _, row, _ = await muat(tx, periode, opd)
    rest = [one async for one in SQL.tahan_sisa(tx.conn, periode=str(periode), opd=opd)]
    taken_back = [one for one in rest if one["ditarik"]]
    rules.periksa_serahkan(row["keadaan"], len(taken_back), len(rest) - len(taken_back))
    batch_id = uuid7()
    items = sorted(
        (
            rules.Item(uuid7(), one["pegawai_id"], one["nip"], one["bruto"], one["potongan"], one["neto"])
            for one in taken_back
        ),
        key=lambda item: item.pegawai_id,
    )
    await SQL.sisihkan_item(tx.conn, ids=[one["item_id"] for one in taken_back])
    await _tetap_dikunci(
        tx, periode, row, batch_id, f"{len(items)} pembayaran yang ditarik diserahkan lagi: {body.alasan}"
    )
    await _hand_over(tx, periode, opd, batch_id, items, penanda)
    return Keputusan(
        periode=periode,
        opd_kode=opd,
        keadaan="dikunci",
        batch_id=batch_id,
        jumlah_item=len(items),
        total_neto=Rupiah(sum(item.neto for item in items)),
    )


async def selesaikan_pembatalan(tx: Tx, batch_ids: Sequence[UUID]) -> None:
    """What follows when payroll has answered for every payment of a cancelled batch.

    The OPD opens again when nobody of it was paid; otherwise it stays locked, and its history says how many
    payments wait to be handed over again.
    """
    done = [row async for row in SQL.pembatalan_tuntas(tx.conn, batch_ids=list(batch_ids))]
    for batch in done:
        await SQL.selesaikan_pembatalan(tx.conn, batch_id=batch["batch_id"], dibuka=batch["dibuka"])
        if not batch["dibuka"]:
            periode = MasaBayar.parse(batch["periode"])
            row = await SQL.kunci(tx.conn, periode=batch["periode"], opd=batch["opd_kode"])
            found = await SQL.hitung_item(tx.conn, batch_id=batch["batch_id"])
            told = (
                f"Penarikan dijawab: {found['dibayar']} dari {found['item']} pembayaran kelompok ini "
                f"sudah dibayar; {found['item'] - found['dibayar']} menunggu diserahkan lagi"
            )
            await _tetap_dikunci(tx, periode, row, row["batch_id"], told)
            continue
        await SQL.sisihkan(tx.conn, batch_id=batch["batch_id"])
        await KOREKSI.batalkan(tx.conn, periode=batch["periode"], opd=batch["opd_kode"])
        await penetapan_berganti(tx, MasaBayar.parse(batch["periode"]), batch["opd_kode"])
        row = await SQL.kunci(tx.conn, periode=batch["periode"], opd=batch["opd_kode"])
        await _record(
            tx,
            MasaBayar.parse(batch["periode"]),
            row,
            "draf",
            alasan="Batch dibatalkan sebelum ada yang dibayar",
        )


async def muat(tx: Tx, periode: MasaBayar, opd: str) -> tuple[Any, Any, UUID]:
    """The month and the OPD's row, held, and the caller, who may decide on it.

    The month is held first, as a beginning run does: two locks always taken in the same order.
    """
    month = await SQL.tahan_periode(tx.conn, periode=str(periode))
    row = await SQL.kunci(tx.conn, periode=str(periode), opd=opd)
    tx.guard.admit(Subject(unit_path=row["opd_path"] if row else None))
    assert tx.guard.principal is not None
    if row is None:
        raise NotFound(
            f"OPD ini belum punya hasil perhitungan TPP {periode.tampil()}.",
            remedy="Jalankan perhitungan TPP lebih dahulu, atau periksa kode OPD-nya.",
        )
    return month, row, tx.guard.principal.pegawai_id


async def _tetap_dikunci(tx: Tx, periode: MasaBayar, row: Any, batch_id: UUID, alasan: str) -> None:
    """Something about a locked OPD's payments that its history tells; who decided on it stays."""
    await _record(
        tx,
        periode,
        row,
        "dikunci",
        verifikasi=row["diverifikasi_oleh"],
        setuju=row["disetujui_oleh"],
        kunci=row["dikunci_oleh"],
        batch_id=batch_id,
        alasan=alasan,
    )


async def _record(
    tx: Tx,
    periode: MasaBayar,
    row: Any,
    menjadi: str,
    *,
    verifikasi: UUID | None = None,
    setuju: UUID | None = None,
    kunci: UUID | None = None,
    batch_id: UUID | None = None,
    alasan: str = "",
) -> None:
    opd = row["opd_kode"]
    await SQL.putuskan(
        tx.conn,
        periode=str(periode),
        opd=opd,
        keadaan=menjadi,
        verifikasi=verifikasi,
        setuju=setuju,
        kunci=kunci,
        batch_id=batch_id,
    )
    await SQL.catat(
        tx.conn,
        periode=str(periode),
        opd=opd,
        dari=row["keadaan"],
        menjadi=menjadi,
        oleh=str(tx.actor),
        nama=tx.guard.principal.nama if tx.guard.principal else "",
        alasan=alasan,
    )
    tx.audit("tpp.penetapan", f"opd:{opd}", periode=str(periode), dari=row["keadaan"], menjadi=menjadi)


async def _payable(tx: Tx, periode: MasaBayar, opd: str) -> Sequence[Any]:
    found: Sequence[Any] = [row async for row in SQL.dibayarkan(tx.conn, periode=str(periode), opd=opd)]
    return found


async def _hand_over(
    tx: Tx, periode: MasaBayar, opd: str, batch_id: UUID, items: Sequence[rules.Item], penanda: Penanda
) -> None:
    """Store the payments and publish what they must add up to; `kirim_item` publishes them one by one."""
    await tx.conn.copy_records_to_table(
        "pembayaran",
        columns=_KOLOM_ITEM,
        records=[
            (item.item_id, batch_id, number, item.pegawai_id, str(periode), *item[2:])
            for number, item in enumerate(items, 1)
        ],
    )
    manifest = BatchApproved(
        version=1,
        batch_id=batch_id,
        periode=periode,
        opd_kode=opd,
        jumlah_item=len(items),
        total_bruto=Rupiah(sum(item.bruto for item in items)),
        total_potongan=Rupiah(sum(item.potongan for item in items)),
        total_neto=Rupiah(sum(item.neto for item in items)),
        hash=rules.sidik_batch(items),
    )
    signature = penanda.tanda_tangani(manifest.naskah())
    tx.emit(manifest.model_copy(update={"tanda_tangan": signature}))


async def kirim_item(tx: Tx) -> bool:
    """Record the events of the next payments; True when there may be more."""
    rows = [row async for row in SQL.belum_dikirim(tx.conn, limit=_ITEM_SEKALIGUS)]
    for row in rows:
        tx.emit(
            ItemPayable(
                version=row["urutan"] + 1,
                batch_id=row["batch_id"],
                periode=MasaBayar.parse(row["periode"]),
                item_id=row["item_id"],
                pegawai_id=row["pegawai_id"],
                nip=Nip(row["nip"]),
                bruto=Rupiah(row["bruto"]),
                potongan=Rupiah(row["potongan"]),
                neto=Rupiah(row["neto"]),
            )
        )
    await SQL.tandai_dikirim(tx.conn, ids=[row["item_id"] for row in rows])
    return len(rows) == _ITEM_SEKALIGUS
