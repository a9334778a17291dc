"""Policies and people by the thousand: any mixture of knobs that the checks let through."""

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from services.tpp.kebijakan.checks import BAGIAN
from services.tpp.perhitungan.rules import Kehadiran, Masukan
from shared.period import Period

CONTOH = Path(__file__).resolve().parents[3] / "services" / "tpp" / "kebijakan" / "contoh"
DASAR: dict[str, Any] = yaml.safe_load((CONTOH / "bontang.yaml").read_text(encoding="utf-8"))
PERIODE = Period(2026, 10)

_cara = st.sampled_from(["ke_bawah", "setengah_ke_atas"])


def tulis_persen(parts: int) -> str:
    """Millionths as the policy file has them."""
    return f"{parts // 10_000},{parts % 10_000:04d}%"


# Hypothesis looks a strategy over once, and a policy is drawn from dozens of them: the same ones each time.
@cache
def persen(low: int = 0, high: int = 1_000_000) -> st.SearchStrategy[str]:
    return st.integers(low, high).map(tulis_persen)


@cache
def rupiah(high: int) -> st.SearchStrategy[str]:
    return st.integers(0, high).map(lambda amount: f"Rp {amount:,}".replace(",", "."))


@st.composite
def pita(draw: st.DrawFn, table: dict[str, Any], prefix: str) -> dict[str, Any]:
    """Bands without gap or overlap, their ends written now one way, now the other; cuts never fall."""
    cuts = sorted(draw(st.sets(st.integers(0, 1438), min_size=1, max_size=5)))
    nilai = sorted(draw(st.lists(st.integers(0, 1_000_000), min_size=len(cuts), max_size=len(cuts))))
    bands = []
    for place, below in enumerate(cuts):
        band = {"kode": f"{prefix}{place}", "nama": f"Pita {place}", "nilai": tulis_persen(nilai[place])}
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
    return {**table, "toleransi": f"{cuts[0]} menit", "pita": bands}


@st.composite
def kebijakan(draw: st.DrawFn) -> dict[str, Any]:
    """A policy of the 60/40 kind as YAML data, with any of its knobs turned."""
    k = deepcopy(DASAR)
    tabel = k["tabel"]
    langkah = {step["kode"]: step for step in k["langkah"]}
    k["pembulatan"] = draw(_cara)
    for step in k["langkah"]:
        step.pop("bulat", None)
        if step["sifat" if "sifat" in step else "kode"] != "nilai" and draw(st.booleans()):
            step["bulat"] = draw(_cara)
    known = draw(st.sets(st.integers(1, 17), min_size=1, max_size=17))
    tabel["tpp_dasar"]["isi"] = {kelas: draw(rupiah(40_000_000)) for kelas in sorted(known)}
    komponen = [draw(_komponen(f"komponen{place}")) for place in range(draw(st.integers(1, 4)))]
    langkah["tambahan_plt"] |= {"persen": draw(persen()), "dari": _dari_plt(komponen, draw(st.booleans()), k)}
    # However the components are drawn: a table that nothing uses is refused.
    langkah["tambahan_plt"]["kalimat"] += " {tpp_dasar}"
    tabel["status_dibayar"]["isi"] = {status: draw(persen()) for status in ("PNS", "CPNS", "PPPK")}
    produktivitas = draw(st.integers(0, 1_000_000))
    tabel["bobot"]["isi"] = {
        "produktivitas": tulis_persen(produktivitas),
        "disiplin": tulis_persen(1_000_000 - produktivitas),
    }
    langkah["bagian_produktivitas"]["bulat"] = draw(_cara)
    paid = sorted(draw(st.lists(st.integers(0, 1_000_000), min_size=5, max_size=5)), reverse=True)
    table = tabel["predikat_dibayar"]["isi"]
    tabel["predikat_dibayar"]["isi"] = dict(zip(table, map(tulis_persen, paid), strict=True))
    tabel["pita_terlambat"] = draw(pita(tabel["pita_terlambat"], "telat"))
    tabel["pita_pulang_cepat"] = draw(pita(tabel["pita_pulang_cepat"], "cepat"))
    dasar = draw(st.sampled_from(["bagian_disiplin", "tpp_maksimum"]))
    for kode in ("terlambat_potong", "pulang_cepat_potong"):
        langkah[kode]["dari"] = dasar
    for kode in ("tidak_hadir", "tanpa_absen_masuk", "tanpa_absen_pulang"):
        langkah[kode] |= {"persen": draw(persen()), "dari": dasar}
    dari, cara = draw(st.sampled_from(["bagian_disiplin", "tpp_maksimum"])), draw(_cara)
    langkah["batas_disiplin"]["paling_banyak"] = f"min({cara}({dari} x {draw(persen())}); bagian_disiplin)"
    langkah["bpjs_kesehatan"] |= {
        "persen": draw(persen(high=500_000)),
        "dari": f"maks(Rp 0; min({draw(rupiah(40_000_000))} - gaji; bruto))",
    }
    if draw(st.booleans()):
        langkah["pph21"]["dari"] = "maks(Rp 0; bruto - bpjs_kesehatan)"
    elif draw(st.booleans()):
        del langkah["bpjs_kesehatan"]
        k["penahanan"] = [hold for hold in k["penahanan"] if hold["kode"] != "gaji_belum_ada"]
    for rows in tabel["tarif_pajak"]["isi"].values():
        rows.update({names: draw(persen(high=499_999)) for names in rows})
    if draw(st.booleans()):
        k["penahanan"] = [hold for hold in k["penahanan"] if hold["kode"] != "skp_belum_selesai"]
    del langkah["beban_kerja"], langkah["prestasi_kerja"]
    k["langkah"], k["tabel"] = terpakai([*komponen, *langkah.values()], tabel)
    k["sumber"] = [{"bagian": _bagian(k), "sifat": "asumsi", "catatan": "Dibuat acak"}]
    return k


def terpakai(
    langkah: Sequence[dict[str, Any]], tabel: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Without the steps and tables that nothing uses: a policy with such is refused."""
    kept: list[dict[str, Any]] = []
    words: set[str] = set()
    for step in reversed(langkah):
        if step.get("sifat") != "nilai" or step["kode"] in words:
            kept.insert(0, step)
            words.update(re.findall(r"\w+", str(step)))
    return kept, {kode: one for kode, one in tabel.items() if kode in words}


def _bagian(k: dict[str, Any]) -> list[str]:
    criteria = ["kriteria"] if any(step.get("kriteria") for step in k["langkah"]) else []
    return [*BAGIAN, *criteria, *k["tabel"], *(step["kode"] for step in k["langkah"])]


def _dari_plt(komponen: list[dict[str, Any]], jabatan_plt: bool, k: dict[str, Any]) -> str:
    """The components of the own kelas, or the same of the Plt's."""
    if not jabatan_plt:
        return " + ".join(step["kode"] for step in komponen)
    parts = [
        step["jumlah"] if "jumlah" in step else f"{step['bulat']}(tpp_dasar[plt_kelas] x {step['persen']})"
        for step in komponen
    ]
    return " + ".join([*parts, "tpp_dasar[plt_kelas] x 0%"])


@st.composite
def _komponen(draw: st.DrawFn, kode: str) -> dict[str, Any]:
    if draw(st.booleans()):
        return {
            **DASAR["langkah"][0],
            "per_jabatan": True,
            "kode": kode,
            "persen": draw(persen()),
            "bobot": "bebas",
            "bulat": draw(_cara),
        }
    return {
        "kode": kode,
        "nama": "Tetap",
        "pasal": "Perkada",
        "sifat": "tambah",
        "kalimat": "{jumlah}",
        "jumlah": draw(rupiah(5_000_000)),
        "per_jabatan": True,
    }


_menit = st.lists(st.integers(0, 1440), max_size=8).map(tuple)

kehadiran = st.tuples(
    st.integers(0, 20),
    st.integers(0, 5),
    st.integers(0, 5),
    _menit,
    _menit,
    st.integers(0, 4),
    st.integers(0, 4),
).map(lambda facts: Kehadiran(*facts))

_golongan = {
    "PNS": ("I/a", "II/d", "III/a", "III/d", "IV/a", "IV/e"),
    "CPNS": ("II/a", "III/a", "III/b"),
    "PPPK": ("I", "V", "IX", "XII", "XVII"),
}


@st.composite
def orang(draw: st.DrawFn, kelas: list[int]) -> Masukan:
    """A person about whom everything is known, in a kelas the policy has."""
    status = draw(st.sampled_from(sorted(_golongan)))
    plt_kelas = draw(st.none() | st.sampled_from(kelas))
    return Masukan(
        PERIODE,
        draw(st.sampled_from(kelas)),
        status,
        draw(st.sampled_from(_golongan[status])),
        plt_kelas,
        True,
        draw(st.integers(1, 5)),
        draw(kehadiran),
        draw(st.integers(0, 30_000_000)),
        hari_plt=0 if plt_kelas is None else draw(st.integers(1, 90)),
    )


@st.composite
def kasus(draw: st.DrawFn) -> tuple[dict[str, Any], Masukan]:
    """A policy and a person it has figures for."""
    data = draw(kebijakan())
    return data, draw(orang(sorted(data["tabel"]["tpp_dasar"]["isi"])))
