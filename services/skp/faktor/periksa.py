"""Whether a code is this person's second factor now; each opens once."""

from typing import Any
from uuid import UUID

from services.skp.faktor import rules, totp
from shared.brankas import Brankas, Tersegel, TidakTerbuka
from shared.contracts.keamanan import FaktorChanged
from shared.db import Tx, queries
from shared.errors import FieldError, Unauthenticated, Unavailable
from shared.obs.logging import log

SQL = queries("services.skp.faktor")


class FaktorDiperlukan(Unauthenticated):
    """The password is right, and this account has a second factor as well."""

    slug = "perlu-faktor-kedua"
    title = "Satu langkah lagi"


class FaktorSalah(Unauthenticated):
    """The second factor does not fit, or was used before."""

    slug = "faktor-kedua-salah"


async def periksa(tx: Tx, brankas: Brankas, pegawai_id: UUID, kode: str) -> None:
    """Use up a code of this person. Without a second factor nothing is asked.

    Raises FaktorDiperlukan when no code was given, FaktorSalah when it does not fit or was used before.
    """
    row = await SQL.pegang(tx.conn, pegawai_id=pegawai_id)
    if row is None:
        return
    tidy = rules.rapikan(kode)
    if not tidy:
        raise FaktorDiperlukan(
            "Akun ini memakai faktor kedua.",
            fields=[FieldError("/kode", "belum diisi", "Tulis kode dari aplikasi autentikator Anda.")],
        )
    if rules.dari_aplikasi(tidy):
        step = totp.langkah_kode(_rahasia(brankas, pegawai_id, row), tidy, tx.now)
        if step is None:
            raise _salah("tidak cocok", "Tulis kode yang sedang tampil; periksa juga jam perangkat Anda.")
        if step <= row["langkah"]:
            raise _salah("sudah dipakai", "Tunggu kode berikutnya, paling lama 30 detik.")
        await SQL.catat_langkah(tx.conn, pegawai_id=pegawai_id, langkah=step)
        return
    known = brankas.sidik_mungkin(pegawai_id.bytes, tidy.encode())
    if not await SQL.pakai_pemulihan(tx.conn, pegawai_id=pegawai_id, sidik=known):
        raise _salah("tidak cocok atau sudah dipakai", "Periksa lagi, atau pakai kode lain.")
    left = await SQL.sisa_pemulihan(tx.conn, pegawai_id=pegawai_id)
    tx.audit("faktor.pemulihan-dipakai", f"pegawai:{pegawai_id}", sisa=left)
    tx.emit(
        FaktorChanged(version=1, pegawai_id=pegawai_id, kejadian="pemulihan-dipakai", sisa_pemulihan=left)
    )


def konteks(pegawai_id: UUID) -> bytes:
    """What a secret is sealed to: this use, and this person."""
    return b"totp:" + pegawai_id.bytes


def _rahasia(brankas: Brankas, pegawai_id: UUID, row: Any) -> bytes:
    try:
        return brankas.buka(konteks(pegawai_id), Tersegel(row["kunci"], row["isi"]))
    except TidakTerbuka as error:
        log.error("faktor kedua tidak terbuka", pegawai_id=str(pegawai_id), error=str(error))
        raise Unavailable(
            "Faktor kedua Anda tidak dapat diperiksa.",
            remedy="Pakai kode pemulihan, atau mintalah admin BKD meresetnya.",
        ) from error


def _salah(reason: str, remedy: str) -> FaktorSalah:
    return FaktorSalah("Kode faktor kedua belum diterima.", fields=[FieldError("/kode", reason, remedy)])
