"""Which event tells whom what."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from services.notification.kotak_masuk.pesan import SEMUA, Pesan, kirim
from shared.contracts.penilaian import Alasan, PenilaianFinalised
from shared.contracts.periode import PeriodeEvent
from shared.contracts.skp import SkpApproved, SkpReturned, SkpSubmitted
from shared.contracts.tpp import TppCorrected, TppEvent, TppHeld, TppKeberatanDecided, TppPaymentFailed
from shared.db.tx import Tx
from shared.inbox import Received


async def skp_diajukan(tx: Tx, batch: Sequence[Received[SkpSubmitted]]) -> None:
    """The atasan is asked to decide; for the top official, admin BKD."""
    await kirim(
        tx,
        [
            Pesan(
                event_id=received.id,
                jenis="skp_diajukan",
                waktu=received.time,
                penerima_id=received.event.atasan_id,
                untuk_peran=None if received.event.atasan_id else "admin_bkd",
                tentang_id=received.event.pegawai_id,
                data={"tahun": received.event.tahun},
                kunci_surel=str(received.id),
                traceparent=received.traceparent,
            )
            for received in batch
        ],
    )


async def skp_disetujui(tx: Tx, batch: Sequence[Received[SkpApproved]]) -> None:
    """The employee hears that the plan is in force."""
    await kirim(
        tx,
        [_to_self(received, "skp_disetujui", tahun=received.event.tahun) for received in batch],
    )


async def skp_dikembalikan(tx: Tx, batch: Sequence[Received[SkpReturned]]) -> None:
    """The employee hears that the plan came back, and why."""
    await kirim(
        tx,
        [
            _to_self(received, "skp_dikembalikan", tahun=received.event.tahun, catatan=received.event.catatan)
            for received in batch
        ],
    )


def siaran(jenis: str) -> Callable[[Tx, Sequence[Received[Any]]], Awaitable[None]]:
    """A handler that tells everyone about a month with one row; no e-mail."""

    async def handle(tx: Tx, batch: Sequence[Received[PeriodeEvent]]) -> None:
        await kirim(
            tx,
            [
                Pesan(
                    event_id=received.id,
                    jenis=jenis,
                    waktu=received.time,
                    untuk_peran=SEMUA,
                    data={"periode": str(received.event.periode)},
                )
                for received in batch
            ],
        )

    return handle


async def penilaian_final(tx: Tx, batch: Sequence[Received[PenilaianFinalised]]) -> None:
    """A held result is told to the person, and to whoever has to act."""
    await kirim(tx, [pesan for received in batch for pesan in _held(received)])


def _held(received: Received[PenilaianFinalised]) -> list[Pesan]:
    event = received.event
    if event.predikat is not None:
        return []
    found = [_to_self(received, "penilaian_ditahan", periode=str(event.periode), alasan=_texts(event.alasan))]
    for pemilik in sorted({reason.pemilik for reason in event.alasan} - {"pegawai"}):
        reasons = [reason for reason in event.alasan if reason.pemilik == pemilik]
        to_person = event.penilai_id if pemilik == "atasan" else None
        found.append(
            Pesan(
                event_id=received.id,
                jenis="penilaian_menunggu_anda",
                waktu=received.time,
                penerima_id=to_person,
                # Without a known atasan somebody must still hear of it.
                untuk_peran=None if to_person else ("admin_bkd" if pemilik == "atasan" else pemilik),
                tentang_id=event.pegawai_id,
                data={"periode": str(event.periode), "alasan": _texts(reasons)},
                # One e-mail for a month, however many people wait for the same atasan.
                kunci_surel=f"penilaian_menunggu:{event.periode}:{to_person}" if to_person else None,
                traceparent=received.traceparent,
            )
        )
    return found


def tentang_tpp(jenis: str) -> Callable[[Tx, Sequence[Received[Any]]], Awaitable[None]]:
    """A handler that tells people about their own TPP; never how much it is."""

    async def handle(tx: Tx, batch: Sequence[Received[TppEvent]]) -> None:
        await kirim(tx, [_to_self(received, jenis, **_tpp_data(received.event)) for received in batch])

    return handle


async def keberatan_dijawab(tx: Tx, batch: Sequence[Received[TppKeberatanDecided]]) -> None:
    """The person hears that their objection was answered; what it says is read beside the line."""
    await kirim(
        tx,
        [
            _to_self(
                received,
                "keberatan_diterima" if received.event.diterima else "keberatan_ditolak",
                periode=str(received.event.periode),
            )
            for received in batch
        ],
    )


def _tpp_data(event: TppEvent) -> dict[str, Any]:
    data: dict[str, Any] = {"periode": str(event.periode)}
    if isinstance(event, TppHeld):
        data["alasan"] = _texts(event.alasan)
    elif isinstance(event, TppCorrected):
        data["alasan"] = list(event.sebab)
    elif isinstance(event, TppPaymentFailed):
        data["alasan"] = [event.alasan]
    return data


def _texts(reasons: Sequence[Alasan]) -> list[str]:
    return [reason.kalimat for reason in reasons]


def _to_self(received: Received[Any], jenis: str, **data: Any) -> Pesan:
    pegawai_id: UUID = received.event.pegawai_id
    return Pesan(
        event_id=received.id,
        jenis=jenis,
        waktu=received.time,
        penerima_id=pegawai_id,
        tentang_id=pegawai_id,
        data=data,
        kunci_surel=str(received.id),
        traceparent=received.traceparent,
    )
