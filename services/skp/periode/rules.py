"""What may follow what in the life of a month."""

from shared.errors import Conflict

DIBUKA, PENGIRIMAN_DITUTUP, DITUTUP = "dibuka", "pengiriman_ditutup", "ditutup"

_BOLEH = {
    "tutup-pengiriman": ({DIBUKA}, PENGIRIMAN_DITUTUP),
    "tutup": ({DIBUKA, PENGIRIMAN_DITUTUP}, DITUTUP),
    "buka-kembali": ({PENGIRIMAN_DITUTUP, DITUTUP}, DIBUKA),
}
_SEBUTAN = {
    DIBUKA: "masih dibuka",
    PENGIRIMAN_DITUTUP: "sudah ditutup untuk pengiriman",
    DITUTUP: "sudah ditutup",
}


def sesudah(tindakan: str, keadaan: str) -> str:
    """The state after an action. Raises Conflict when the month is in the wrong state for it."""
    dari, ke = _BOLEH[tindakan]
    if keadaan not in dari:
        raise Conflict(
            f"Periode ini {_SEBUTAN[keadaan]}.", remedy="Muat ulang daftar periode untuk melihat keadaannya."
        )
    return ke
