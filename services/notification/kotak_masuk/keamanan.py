"""What somebody is told about the security of their own account: always by e-mail too, where there is one."""

from collections.abc import Sequence

from services.notification.kotak_masuk.pesan import Pesan, kirim
from services.notification.templat.kata import TEMPAT
from shared.contracts.keamanan import FaktorChanged
from shared.db.tx import Tx
from shared.inbox import Received


async def faktor(tx: Tx, batch: Sequence[Received[FaktorChanged]]) -> None:
    """The person hears what happened to their second factor, so that they notice when it was not them."""
    await kirim(tx, [_pesan(received) for received in batch])


def _pesan(received: Received[FaktorChanged]) -> Pesan:
    event = received.event
    jenis = "faktor_" + event.kejadian.replace("-", "_")
    return Pesan(
        event_id=received.id,
        jenis=jenis if jenis in TEMPAT else "faktor_lain",
        waktu=received.time,
        penerima_id=event.pegawai_id,
        tentang_id=event.pegawai_id,
        data={"sisa": event.sisa_pemulihan},
        kunci_surel=str(received.id),
        traceparent=received.traceparent,
    )
