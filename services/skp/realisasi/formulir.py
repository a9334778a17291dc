"""What a form of realisasi begins with: the rows of a day, a week or a month, and what can be proposed."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID

from services.skp.realisasi.queries import Bulan, Contoh, Realisasi
from shared.web import Form

Cara = Literal["harian", "pekan", "bulan"]
"""One day, the days of a week, or one row for each RHK of a month."""

_DISAMAKAN = ("rhk_id", "uraian", "jumlah", "satuan")


def awal(
    bulan: Bulan,
    contoh: Sequence[Contoh],
    hari: date,
    cara: Cara,
    rhk: UUID | None = None,
    model: Realisasi | None = None,
) -> dict[str, Any]:
    """The rows to fill in. The RHK used last is proposed, and its unit; `model` is copied into the first."""
    known = [one.rhk_id for one in bulan.rhk]
    wanted = [model.rhk_id if model else None, rhk, *(one.rhk_id for one in contoh), *known]
    first = next((one for one in wanted if one in known), None)
    units = satuan(bulan, contoh)
    if cara == "bulan":
        end = min(bulan.hari_ini, bulan.periode.last_day)
        rows = [_baris(one, end, units) for one in known]
    elif cara == "pekan":
        monday = hari - timedelta(days=hari.weekday())
        days = (monday + timedelta(days=n) for n in range(7))
        rows = [_baris(first, day, units) for day in days if day <= bulan.hari_ini or day == hari]
    else:
        rows = [_baris(first, hari, units) | {"jumlah": "1"}]
    if model is not None:
        rows[0] |= {
            "uraian": model.uraian,
            "jumlah": format(model.jumlah.normalize(), "f").replace(".", ","),
            "satuan": model.satuan,
        }
    return {"cara": cara, "isi": rows}


def satuan(bulan: Bulan, contoh: Sequence[Contoh]) -> dict[UUID, str]:
    """The unit to propose for each RHK: the last one used, else the one of its target."""
    found = {rhk.rhk_id: rhk.satuan for rhk in bulan.rhk if rhk.satuan}
    return found | {one.rhk_id: one.satuan for one in reversed(contoh)}


def samakan(form: Form) -> None:
    """Copy the first row into those that hold nothing yet."""
    for place in range(1, form.count("isi")):
        if not form.value(f"isi/{place}/uraian").strip():
            for name in _DISAMAKAN:
                form.values[f"isi/{place}/{name}"] = [form.value(f"isi/0/{name}")]


def lanjutkan_baris(form: Form) -> None:
    """Begin a row that was added with the day, RHK and unit of the one before it."""
    last = form.count("isi") - 1
    if last > 0 and f"isi/{last}/" in form.values:
        for name in ("tanggal", "rhk_id", "satuan"):
            form.values[f"isi/{last}/{name}"] = [form.value(f"isi/{last - 1}/{name}")]


def _baris(rhk: UUID | None, hari: date, units: dict[UUID, str]) -> dict[str, Any]:
    return {
        "rhk_id": str(rhk or ""),
        "tanggal": hari.isoformat(),
        "uraian": "",
        "jumlah": "",
        "satuan": units.get(rhk, "") if rhk else "",
    }
