"""What a wrong structure is called in the words of the people who write policies."""

from difflib import get_close_matches
from typing import Any

from pydantic_core import ErrorDetails

from services.tpp.kebijakan.model import Dokumen
from services.tpp.kebijakan.susun_tabel import kosong

_DEFAULT = ("isian tidak sesuai bentuk kebijakan", "bandingkan dengan contoh kebijakan yang disertakan")


def terjemahkan(error: ErrorDetails) -> tuple[str, str]:
    """Reason and remedy of one structural error, in Bahasa Indonesia."""
    kind, loc, context = error["type"], error["loc"], error.get("ctx", {})
    name = str(loc[-1]) if loc else "dokumen"
    match kind:
        case "missing":
            return f"isian {name} belum ada", f"tambahkan {name}: dengan nilainya"
        case "extra_forbidden" if error["input"] is None and (name[:1].isdigit() or ":" in name):
            return kosong(name)
        case "extra_forbidden":
            return f"isian {name} tidak dikenal", _near(name)
        case "literal_error":
            choices = str(context["expected"]).replace(" or ", ", ")
            return f"{_shown(error['input'])} tidak dikenal", f"pilih salah satu: {choices}"
        case "string_too_short":
            return f"{name} terlalu pendek", f"tulis sedikitnya {context['min_length']} huruf"
        case "string_too_long":
            return f"{name} terlalu panjang", f"tulis paling banyak {context['max_length']} huruf"
        case "string_pattern_mismatch":
            return (
                f"{_shown(error['input'])} bukan nama yang sah",
                "pakai huruf kecil dan angka, diawali huruf; pemisah _ di kode aturan, - di kode kebijakan",
            )
        case "too_short":
            return f"{name} kosong", "isi sedikitnya satu"
        case "string_type":
            return f"{name} harus teks", "tulis teks; beri tanda kutip bila berupa angka"
        case "int_type" | "int_parsing" | "int_from_float":
            return f"{_shown(error['input'])} bukan bilangan bulat", "tulis bilangan bulat tanpa satuan"
        case "greater_than_equal" | "less_than_equal":
            bound = context.get("ge", context.get("le"))
            which = "sedikitnya" if kind == "greater_than_equal" else "paling banyak"
            return f"{_shown(error['input'])} di luar batas", f"tulis {which} {bound}"
        case "bool_type" | "bool_parsing":
            return f"{name} harus true atau false", "tulis true atau false"
        case "dict_type" | "model_type" | "model_attributes_type":
            return (
                f"{name} harus berisi isian bernama",
                "tulis setiap isian di barisnya sendiri, menjorok ke dalam",
            )
        case "tuple_type" | "list_type":
            return f"{name} harus daftar", "awali setiap isi dengan tanda - di barisnya sendiri"
        case "date_range":
            return f"tahun {error['input']} terlalu jauh", "tulis tahun 2000 sampai 2199"
        case _ if kind.startswith("date"):
            return (
                f"{_shown(error['input'])} bukan tanggal yang ada dalam kalender",
                "tulis tahun-bulan-hari (TTTT-BB-HH), misalnya 2026-01-01",
            )
    return _DEFAULT


def _shown(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _near(name: str) -> str:
    offered = sorted({field for model in _all_models(Dokumen) for field in model.model_fields})
    close = get_close_matches(name, offered, n=1)
    return f"maksudnya {close[0]}? Ganti atau hapus" if close else "hapus, atau periksa ejaannya"


def _all_models(base: type[Dokumen]) -> list[type[Dokumen]]:
    direct = base.__subclasses__()
    return direct + [deep for model in direct for deep in _all_models(model)]
