"""Policies and people by the thousand: any mixture of knobs that the checks let through."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from services.tpp.perhitungan.rules import Kehadiran, Masukan
from shared.period import Period

CONTOH = Path(__file__).resolve().parents[3] / "services" / "tpp" / "kebijakan" / "contoh"
DASAR: dict[str, Any] = yaml.safe_load((CONTOH / "bontang.yaml").read_text(encoding="utf-8"))
PERIODE = Period(2026, 10)

_cara = st.sampled_from(["ke_bawah", "setengah_ke_atas"])


def tulis_persen(parts: int) -> str:
    """Millionths as the policy file has them."""
    return f"{parts // 10_000},{parts % 10_000:04d}%"


def persen(low: int = 0, high: int = 1_000_000) -> st.SearchStrategy[str]:
    return st.integers(low, high).map(tulis_persen)


def rupiah(high: int) -> st.SearchStrategy[str]:
    return st.integers(0, high).map(lambda amount: f"Rp {amount:,}".replace(",", "."))


@st.composite
def menitan(draw: st.DrawFn, rule: dict[str, Any], prefix: str) -> dict[str, Any]:
    """Bands without gap or overlap, their ends written now one way, now the other; cuts never fall."""
    cuts = sorted(draw(st.sets(st.integers(0, 1438), min_size=1, max_size=5)))
    potongan = sorted(draw(st.lists(st.integers(0, 1_000_000), min_size=len(cuts), max_size=len(cuts))))
    bands = []
    for place, below in enumerate(cuts):
        band = {
            "kode": f"{prefix}{place}",
            "nama": f"Pita {place}",
            "potongan": tulis_persen(potongan[place]),
        }
        band |= draw(
            st.sampled_from([{"mulai": f"{below + 1} menit"}, {"lebih_dari": f"{below} menit"}]).map(dict)
        )
        if place + 1 == len(cuts):
            band["tanpa_batas_atas"] = True  # type: ignore[assignment]
        else:
            last = cuts[place + 1]
            band |= draw(
                st.sampled_from([{"sampai": f"{last} menit"}, {"kurang_dari": f"{last + 1} menit"}]).map(dict)
            )
        bands.append(band)
    return {**rule, "toleransi": f"{cuts[0]} menit", "pita": bands}


@st.composite
def kebijakan(draw: st.DrawFn) -> dict[str, Any]:
    """A policy document as YAML data."""
    k = deepcopy(DASAR)
    k["pembulatan"] = {step: draw(_cara) for step in k["pembulatan"]}
    known = draw(st.sets(st.integers(1, 17), min_size=1, max_size=17))
    k["tpp_dasar"]["rupiah_per_kelas"] = {kelas: draw(rupiah(40_000_000)) for kelas in sorted(known)}
    k["komponen"] = [
        draw(_komponen(f"komponen{place}")) for place in range(draw(st.integers(min_value=1, max_value=4)))
    ]
    k["plt"] |= {"persen": draw(persen()), "dari": draw(st.sampled_from(["jabatan_sendiri", "jabatan_plt"]))}
    k["status"]["dibayar"] = {status: draw(persen()) for status in ("PNS", "CPNS", "PPPK")}
    produktivitas = draw(st.integers(0, 1_000_000))
    k["bobot"] |= {
        "produktivitas": tulis_persen(produktivitas),
        "disiplin": tulis_persen(1_000_000 - produktivitas),
    }
    paid = sorted(draw(st.lists(st.integers(0, 1_000_000), min_size=5, max_size=5)), reverse=True)
    k["predikat"]["dibayar"] = dict(zip(k["predikat"]["dibayar"], map(tulis_persen, paid), strict=True))
    d = k["disiplin"]
    d["dasar"] = draw(st.sampled_from(["bagian_disiplin", "tpp_maksimum"]))
    d["terlambat"] = draw(menitan(d["terlambat"], "telat"))
    d["pulang_cepat"] = draw(menitan(d["pulang_cepat"], "cepat"))
    for event in ("tidak_hadir", "tanpa_absen_masuk", "tanpa_absen_pulang"):
        d[event]["potongan"] = draw(persen())
    if draw(st.booleans()):
        d["batas_sebulan"] |= {"dari": "bagian_disiplin", "paling_banyak": draw(persen())}
    else:
        d["batas_sebulan"] |= {
            "dari": "tpp_maksimum",
            "paling_banyak": draw(persen(high=1_000_000 - produktivitas)),
        }
    iuran = draw(st.integers(0, 500_000))
    k["bpjs"] = draw(st.sampled_from([None, k["bpjs"]]))
    if k["bpjs"] is not None:
        k["bpjs"] = {**k["bpjs"], "persen": tulis_persen(iuran), "plafon": draw(rupiah(40_000_000))}
        k["pajak"]["dasar"] = draw(st.sampled_from(["bruto", "bruto_kurang_bpjs"]))
    for row in k["pajak"]["tarif"]:
        row["tarif"] = draw(persen(high=499_999))
    if draw(st.booleans()):
        k["penahanan"] = [hold for hold in k["penahanan"] if hold["bila"] != "skp_belum_selesai"]
    return k


@st.composite
def _komponen(draw: st.DrawFn, kode: str) -> dict[str, Any]:
    if draw(st.booleans()):
        return {**DASAR["komponen"][0], "kode": kode, "persen": draw(persen())}
    return {
        "jenis": "nilai_tetap",
        "kode": kode,
        "nama": "Tetap",
        "pasal": "Perkada",
        "kalimat": "{nominal}",
        "nominal": draw(rupiah(5_000_000)),
    }


_menit = st.lists(st.integers(0, 1440), max_size=8).map(tuple)

kehadiran = st.builds(
    Kehadiran,
    hadir=st.integers(0, 20),
    cuti=st.integers(0, 5),
    tanpa_keterangan=st.integers(0, 5),
    terlambat=_menit,
    pulang_cepat=_menit,
    tanpa_masuk=st.integers(0, 4),
    tanpa_pulang=st.integers(0, 4),
)

_golongan = {
    "PNS": ("I/a", "II/d", "III/a", "III/d", "IV/a", "IV/e"),
    "CPNS": ("II/a", "III/a", "III/b"),
    "PPPK": ("I", "V", "IX", "XII", "XVII"),
}


@st.composite
def orang(draw: st.DrawFn, kelas: list[int]) -> Masukan:
    """A person about whom everything is known, in a kelas the policy has."""
    status = draw(st.sampled_from(sorted(_golongan)))
    return Masukan(
        PERIODE,
        draw(st.sampled_from(kelas)),
        status,
        draw(st.sampled_from(_golongan[status])),
        draw(st.none() | st.sampled_from(kelas)),
        True,
        draw(st.integers(1, 5)),
        draw(kehadiran),
        draw(st.integers(0, 30_000_000)),
    )


@st.composite
def kasus(draw: st.DrawFn) -> tuple[dict[str, Any], Masukan]:
    """A policy and a person it has figures for."""
    data = draw(kebijakan())
    return data, draw(orang(sorted(data["tpp_dasar"]["rupiah_per_kelas"])))
