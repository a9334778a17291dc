"""Turning a person's slip into the figures a file asks for. Whole rupiah; every division comes out even."""

from collections.abc import Mapping, Sequence


def bagi_sebanding(jumlah: int, bobot: Sequence[int]) -> list[int]:
    """`jumlah` in parts proportional to non-negative weights, which sum to it exactly.

    What is left by rounding down goes, one rupiah each, to the largest remainders; among equal ones to the
    first. Raises ValueError when all weights are zero.
    """
    total = sum(bobot)
    if total <= 0:
        raise ValueError("tidak ada bobot untuk membagi")
    parts = [jumlah * weight // total for weight in bobot]
    order = sorted(range(len(bobot)), key=lambda at: (-(jumlah * bobot[at] % total), at))
    for at in order[: jumlah - sum(parts)]:
        parts[at] += 1
    return parts


def per_nama(baris: Mapping[str, int], nama: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """For each name the sum of its lines, as a positive amount."""
    return {name: abs(sum(baris.get(code, 0) for code in codes)) for name, codes in nama.items()}


def persen_dua_desimal(bagian: int, dari: int, koma: str = ".") -> str:
    """`bagian` as a percentage of `dari`: `5.00`; half up; `0.00` of nothing. `koma` parts decimals."""
    hundredths = (2 * bagian * 10_000 + dari) // (2 * dari) if dari else 0
    return f"{hundredths // 100}{koma}{hundredths % 100:02d}"
