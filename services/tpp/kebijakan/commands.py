"""Taking in a policy, and putting it into force: two different people."""

from uuid import UUID

from services.tpp.kebijakan.asal import tanpa_asal
from services.tpp.kebijakan.model import Kebijakan
from services.tpp.kebijakan.queries import SQL, VersiKebijakan, tidak_ada, versi
from services.tpp.kebijakan.reader import KebijakanTidakSah, baca, letak
from services.tpp.perhitungan.sementara import kebijakan_berganti
from services.tpp.perhitungan.uji import uji
from shared.db import Tx
from shared.errors import Conflict, Forbidden
from shared.ids import uuid7
from shared.period import Period


async def unggah(tx: Tx, kebijakan: Kebijakan, dokumen: str) -> VersiKebijakan:
    """Store a checked policy; the same content again gives the version that is there.

    Raises KebijakanTidakSah when it rests on a fact that this server cannot have.
    """
    who = tx.guard.principal
    assert who is not None
    _bersumber(kebijakan, dokumen)
    stored = await SQL.simpan(
        tx.conn,
        kebijakan_id=uuid7(),
        sidik=kebijakan.sidik,
        kode=kebijakan.kode,
        nama=kebijakan.nama,
        daerah=kebijakan.daerah,
        dokumen=dokumen,
        mulai=kebijakan.berlaku_mulai,
        sampai=kebijakan.berlaku_sampai,
        oleh=who.pegawai_id,
        nama_oleh=who.nama,
    )
    if stored is not None:
        tx.audit("kebijakan.diunggah", f"kebijakan:{stored}", kode=kebijakan.kode, sidik=kebijakan.sidik)
    return versi(await SQL.dengan_sidik(tx.conn, sidik=kebijakan.sidik))


async def aktifkan(tx: Tx, kebijakan_id: UUID) -> VersiKebijakan:
    """Put a version into force from its `berlaku_mulai`. Figures already locked stay as they are;
    provisional ones follow.

    Raises NotFound, KebijakanTidakSah as `unggah` and for one stored before something was asked of it,
    Conflict when it is in force already or its own test pack does not come out, Forbidden for the one who
    uploaded it.
    """
    who = tx.guard.principal
    assert who is not None
    row = await SQL.kunci(tx.conn, kebijakan_id=kebijakan_id)
    if row is None:
        raise tidak_ada()
    if row["diunggah_oleh"] == who.pegawai_id:
        raise Forbidden(
            "Kebijakan tidak dapat diaktifkan oleh orang yang mengunggahnya.",
            remedy="Mintalah admin BKD atau BPKAD lain memeriksa dan mengaktifkannya.",
        )
    if row["diaktifkan_pada"] is not None:
        raise Conflict("Kebijakan ini sudah aktif.", remedy="Tidak ada yang perlu dilakukan.")
    kebijakan = baca(row["dokumen"])
    _bersumber(kebijakan, row["dokumen"])
    _terbukti(kebijakan)
    tx.audit("kebijakan.diaktifkan", f"kebijakan:{kebijakan_id}", sidik=row["sidik"])
    active = versi(await SQL.aktifkan(tx.conn, kebijakan_id=kebijakan_id, oleh=who.pegawai_id, nama=who.nama))
    await kebijakan_berganti(tx, Period.of(active.berlaku_mulai))
    return active


def _bersumber(kebijakan: Kebijakan, dokumen: str) -> None:
    """Every fact that the policy rests on has a way in here."""
    if problems := letak(dokumen, tanpa_asal(kebijakan)):
        raise KebijakanTidakSah(problems)


def _terbukti(kebijakan: Kebijakan) -> None:
    """The policy comes out on every worked example it carries."""
    found = uji(kebijakan)
    if found:
        raise Conflict(
            f"Kebijakan berbeda dari contohnya sendiri di {len(found)} tempat; yang pertama: {found[0]}",
            remedy="Perbaiki aturan atau contoh hitungannya, lalu unggah lagi.",
            beda=[str(one) for one in found],
        )
