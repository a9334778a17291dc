"""How a quantity reads on a slip: with its unit, in the Indonesian way."""

from fractions import Fraction

_SATUAN = {"menit": " menit", "hari": " hari", "kali": " kali"}


def tampil(value: Fraction | int | str | bool, satuan: str) -> str:
    """`Rp 1.500.000`, `1,25%`, `30 menit`, `Sangat Baik`; a fraction without end shows its first decimals."""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, str):
        return value.replace("_", " ").title() if satuan == "predikat" else value
    if satuan == "rupiah":
        sign = "-" if value < 0 else ""
        return f"{sign}Rp {_bilangan(abs(Fraction(value)), 2, pasti=True)}"
    if satuan == "persen":
        return _bilangan(Fraction(value) * 100, 4) + "%"
    return _bilangan(Fraction(value), 8) + _SATUAN.get(satuan, "")


def _bilangan(value: Fraction, desimal: int, *, pasti: bool = False) -> str:
    """A number with at most so many decimals, half up; with `pasti` either all of them or none."""
    scale = 10**desimal
    parts = (2 * abs(value.numerator) * scale + value.denominator) // (2 * value.denominator)
    whole, rest = divmod(parts, scale)
    text = f"{whole:,}".replace(",", ".")
    if rest:
        decimals = f"{rest:0{desimal}d}"
        text += "," + (decimals if pasti else decimals.rstrip("0"))
    return "-" + text if value < 0 and parts else text
