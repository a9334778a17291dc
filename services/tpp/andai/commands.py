"""Asking what a policy would change, and letting the answer go."""

from collections.abc import Sequence
from uuid import UUID

from services.tpp.andai.khusus import khusus_andai
from services.tpp.andai.orang import SQL
from services.tpp.andai.queries import Andai, satu, tidak_ada
from services.tpp.kebijakan import queries as kebijakan
from services.tpp.kebijakan.queries import terbaca
from shared.db import Tx
from shared.errors import Conflict, FieldError, InvalidInput
from shared.ids import uuid7
from shared.period import Period

BULAN_TERBANYAK = 24
_BULAN_BAKU = 12
_ORANG_SEBAGIAN = 2000


async def mulai(tx: Tx, dokumen: str, bulan: Sequence[Period], khusus: bool = True) -> Andai:
    """Begin to compute these months again under a checked policy text; without months, the newest twelve.

    `khusus`: with the extra payments that are based on one of them, as they were paid or under the draft.

    Raises InvalidInput for a month without figures, Conflict when the caller already waits for another.
    """
    who = tx.guard.principal
    if who is not None and await SQL.berjalan_milik(tx.conn, oleh=who.pegawai_id):
        raise Conflict(
            "Simulasi Anda yang sebelumnya masih berjalan.",
            remedy="Tunggu sampai selesai, atau hapus dahulu, lalu kirim lagi.",
        )
    known = await _terhitung(tx)
    chosen = _bulan(known, bulan)
    months, policy = [str(one) for one in chosen], terbaca(dokumen)
    extra = await khusus_andai(tx, policy, chosen, known) if khusus else []
    andai_id = uuid7()
    await SQL.mulai(
        tx.conn,
        andai_id=andai_id,
        nama=policy.nama,
        sidik=policy.sidik,
        dokumen=dokumen,
        bulan=months,
        khusus=[one.model_dump(mode="json") for one in extra],
        oleh=who.pegawai_id if who else None,
        oleh_nama=who.nama if who else "baris perintah",
    )
    await SQL.bagi(tx.conn, andai_id=andai_id, bulan=months, ukuran=_ORANG_SEBAGIAN)
    for one in extra:
        await SQL.bagi_khusus(
            tx.conn, andai_id=andai_id, masa=str(one.periode), sumber=one.sumber, ukuran=_ORANG_SEBAGIAN
        )
    people = await SQL.hitung_orang(tx.conn, andai_id=andai_id)
    tx.audit(
        "tpp.andai-dimulai",
        f"andai:{andai_id}",
        sidik=policy.sidik,
        bulan=months,
        orang=people,
        khusus=[str(one.periode) for one in extra],
    )
    return await satu(tx, andai_id)


async def mulai_dari(tx: Tx, kebijakan_id: UUID, bulan: Sequence[Period], khusus: bool = True) -> Andai:
    """As `mulai`, with a version that is stored, in force or not. Raises NotFound."""
    return await mulai(tx, (await kebijakan.satu(tx, kebijakan_id)).dokumen, bulan, khusus)


async def _terhitung(tx: Tx) -> list[Period]:
    rows = [row async for row in SQL.bulan_terhitung(tx.conn, limit=10_000)]
    return [Period.parse(row["periode"]) for row in rows]


def _bulan(known: Sequence[Period], asked: Sequence[Period]) -> list[Period]:
    if not known:
        raise Conflict(
            "Belum ada bulan yang TPP-nya dihitung.",
            remedy="Simulasi memakai bulan yang sudah ditutup dan dihitung; jalankan perhitungannya dahulu.",
        )
    chosen = sorted(set(asked)) or sorted(known[:_BULAN_BAKU])
    wrong = [one for one in chosen if one not in known]
    if wrong or len(chosen) > BULAN_TERBANYAK:
        raise InvalidInput(
            "Bulan yang dipilih tidak dapat dipakai.",
            fields=[
                FieldError("/bulan", f"{one.tampil()} belum dihitung", "Pilih bulan yang sudah dihitung")
                for one in wrong
            ]
            or [FieldError("/bulan", f"paling banyak {BULAN_TERBANYAK} bulan", "Kurangi bulannya")],
        )
    return chosen


async def hapus(tx: Tx, andai_id: UUID) -> None:
    """Remove a what-if, also one that still runs. Raises NotFound."""
    found = await satu(tx, andai_id)
    if not await SQL.hapus(tx.conn, andai_id=andai_id):
        raise tidak_ada()
    tx.audit("tpp.andai-dihapus", f"andai:{andai_id}", sidik=found.sidik)
