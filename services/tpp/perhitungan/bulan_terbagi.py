"""A month with more than one jabatan, or with days out of service: which part pays, and what a part is worth.

The rule is the policy's (`pergantian`): the jabatan of one day pays the whole month, or days divide it.
"""

from collections.abc import Sequence

from services.tpp.kebijakan.model import Kebijakan, Pergantian
from services.tpp.perhitungan.rules import SAH, Masukan, Segmen


def pilih_jabatan(k: Kebijakan, m: Masukan) -> Masukan | None:
    """The inputs under the one jabatan that pays this month; None when the month is divided by days, or when
    it pays nothing, or nobody was in service on the day that decides."""
    rule, m = k.pergantian, sampai_akhir(k, m)
    if len(m.segmen) == 1 and not m.segmen[0].kosong:
        return utuh(rule, m, m.segmen[0])
    if rule.cara.startswith("pro_rata"):
        return None
    if rule.sebagian is None:
        chosen = m.segmen[_penentu(rule, m.segmen)]
        return None if chosen.kosong else utuh(rule, m, chosen)
    served = [one for one in m.segmen if not one.kosong]
    if len(served) == len(m.segmen) or (served and rule.sebagian == "penuh"):
        return utuh(rule, m, _terdekat(rule, m.segmen))
    return None


def sampai_akhir(k: Kebijakan, m: Masukan) -> Masukan:
    """The inputs with the month of a death carried to its end, where the policy pays it so."""
    if k.pergantian.meninggal is None or all(one.sebab != "meninggal" for one in m.segmen):
        return m
    parts: list[Segmen] = []
    for one in m.segmen:
        part = one._replace(kosong=False, sebab="") if one.sebab == "meninggal" else one
        if parts and parts[-1]._replace(hari=0, hari_kerja=0) == part._replace(hari=0, hari_kerja=0):
            before = parts.pop()
            part = part._replace(hari=before.hari + part.hari, hari_kerja=before.hari_kerja + part.hari_kerja)
        parts.append(part)
    return m._replace(segmen=tuple(parts))


def dibagi(k: Kebijakan, m: Masukan) -> Masukan:
    """The inputs with the parts that a month is divided by. Where one jabatan pays, it pays every day of
    service, and only the days without it are left out."""
    rule, m = k.pergantian, sampai_akhir(k, m)
    if rule.cara.startswith("pro_rata") or rule.pembagi is None or all(one.kosong for one in m.segmen):
        return m
    chosen = _terdekat(rule, m.segmen)
    return m._replace(
        segmen=tuple(
            one if one.kosong else chosen._replace(hari=one.hari, hari_kerja=one.hari_kerja)
            for one in m.segmen
        )
    )


def _penentu(rule: Pergantian, parts: Sequence[Segmen]) -> int:
    """Which part has the day that decides."""
    if rule.cara == "hari_terakhir":
        return len(parts) - 1
    chosen, day = 0, 1
    if rule.cara == "tanggal":
        for number, segment in enumerate(parts):
            if day <= (rule.sampai_tanggal or 1):
                chosen = number
            day += segment.hari
    return chosen


def _terdekat(rule: Pergantian, parts: Sequence[Segmen]) -> Segmen:
    """The part in service of the day that decides; else the last one before it, else the first after it."""
    place = _penentu(rule, parts)
    before = [one for one in parts[: place + 1] if not one.kosong]
    return before[-1] if before else next(one for one in parts[place:] if not one.kosong)


def utuh(rule: Pergantian, m: Masukan, s: Segmen) -> Masukan:
    """One jabatan for the whole month, with the golongan of the day that the policy names.

    Between PPPK and PNS a golongan of the other kind means nothing: each keeps its own.
    """
    one = dalam_segmen(m, s)
    if rule.golongan is None or (one.status, m.golongan) not in SAH:
        return one
    return one._replace(golongan=m.golongan)


def dalam_segmen(m: Masukan, s: Segmen) -> Masukan:
    """The inputs as if the whole month had been spent in this segment's jabatan."""
    return m._replace(segmen=(), **{name: getattr(s, name) for name in _SEGMEN})


_SEGMEN = tuple(name for name in Segmen._fields if name not in ("hari", "hari_kerja", "kosong", "sebab"))
