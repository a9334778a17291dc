"""Generations: every change of what somebody may do ends older sessions and is told to all services."""

from collections.abc import Iterable
from uuid import UUID

from shared.contracts.pegawai import AkunChanged, Peran
from shared.db import Tx, queries

SQL = queries("services.skp.akun")


async def naikkan(tx: Tx, pegawai_ids: Iterable[UUID]) -> None:
    """Begin the next generation of these people's accounts; accounts that do not exist yet are made."""
    ids = sorted(set(pegawai_ids))
    if not ids:
        return
    generation = {
        row["pegawai_id"]: row["generation"] async for row in SQL.naikkan_generasi(tx.conn, ids=ids)
    }
    found = [row async for row in SQL.peran_dan_keadaan(tx.conn, ids=ids)]
    await SQL.umumkan_generasi(
        tx.conn,
        ids=[row["pegawai_id"] for row in found],
        generasi=[generation[row["pegawai_id"]] for row in found],
        aktif=[row["aktif"] for row in found],
    )
    for row in found:
        tx.emit(
            AkunChanged(
                version=generation[row["pegawai_id"]],
                pegawai_id=row["pegawai_id"],
                generation=generation[row["pegawai_id"]],
                aktif=row["aktif"],
                peran=tuple(Peran(peran=peran, unit_path=path) for peran, path in row["peran"]),
            )
        )


async def sesudah_impor(tx: Tx, buka_tutup: Iterable[UUID], unit_pindah: Iterable[str]) -> None:
    """After an import: people who left or came back, and roles whose unit stands elsewhere now."""
    owners = [row["pegawai_id"] async for row in SQL.pemilik_akun(tx.conn, ids=list(buka_tutup))]
    holders = [row["pegawai_id"] async for row in SQL.pemegang_peran_di(tx.conn, unit=list(unit_pindah))]
    await naikkan(tx, [*owners, *holders])
