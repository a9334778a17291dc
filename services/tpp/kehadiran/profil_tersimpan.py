"""Mapping profiles by name: those that come with the product, and the region's own over or beside them."""

from datetime import datetime

from pydantic import BaseModel, Field

from services.tpp.fakta.tabel import Tabel
from services.tpp.kehadiran.hitung import SQL
from services.tpp.kehadiran.profil import BAKU, BAKU_BULANAN, Profil, baca, bawaan
from shared.db import Tx
from shared.errors import InvalidInput, NotFound

PROFIL = Tabel("profil_kehadiran", ["kode text"], "nama text", "dokumen text")


class ProfilKehadiran(BaseModel):
    """A profile that attendance, or facts of a month, may be read by."""

    kode: str
    nama: str
    susunan: str = Field(
        description="harian: satu baris sehari; ketukan: satu baris setiap ketukan; "
        "bulanan: satu baris sebulan, untuk aktivitas dan PPh 21 dari luar"
    )
    sumber: list[str]
    version: int = Field(description="0: bawaan, belum pernah diganti")
    diubah_pada: datetime | None
    dokumen: str


class DaftarProfil(BaseModel):
    """All profiles, by code."""

    data: list[ProfilKehadiran]


async def simpan(tx: Tx, dokumen: str) -> ProfilKehadiran:
    """Store a profile under its code; the one before stays in the history. Raises InvalidInput."""
    profil = baca(dokumen)
    if profil.kode == BAKU.kode:
        raise InvalidInput("Kode baku dipakai bentuk e-Kinerja sendiri.", remedy="Beri profil ini kode lain.")
    if (await PROFIL.simpan(tx, [(profil.kode, profil.nama, dokumen)])).baris:
        tx.audit("profil-kehadiran.disimpan", f"profil:{profil.kode}")
    return next(one for one in (await semua(tx)).data if one.kode == profil.kode)


async def semua(tx: Tx) -> DaftarProfil:
    """Every profile."""
    tx.guard.scope()
    stored = {row["kode"]: row async for row in SQL.profil(tx.conn)}
    texts = bawaan() | {kode: row["dokumen"] for kode, row in stored.items()}
    found = []
    for kode, text in sorted(texts.items()):
        profil, row = baca(text), stored.get(kode)
        found.append(
            ProfilKehadiran(
                kode=kode,
                nama=profil.nama,
                susunan=profil.susunan,
                sumber=list(profil.sumber),
                version=row["version"] if row else 0,
                diubah_pada=row["diubah_pada"] if row else None,
                dokumen=text,
            )
        )
    return DaftarProfil(data=found)


async def satu(tx: Tx, kode: str, *, bulanan: bool = False) -> Profil:
    """The profile to read by; our own form for an empty code. Raises NotFound naming those there are.

    `bulanan`: for facts of a month; else for attendance.
    """
    baku = BAKU_BULANAN if bulanan else BAKU
    if kode in ("", baku.kode):
        return baku
    all_of_them = (await semua(tx)).data
    known = {one.kode: one.dokumen for one in all_of_them if (one.susunan == "bulanan") == bulanan}
    if kode not in known:
        apa = "data bulanan" if bulanan else "kehadiran"
        raise NotFound(
            f"Tidak ada profil {apa} bernama {kode}.",
            remedy=f"Pilih salah satu: {', '.join(sorted(known))}."
            if known
            else "Kosongkan, atau mintalah admin BKD menulis profilnya.",
        )
    return baca(known[kode])
