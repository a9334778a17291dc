"""Words of a printed slip."""

_SATUAN = (
    "nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh",
    "sebelas",
)  # fmt: skip
_BESAR = (
    (10**12, "triliun"),
    (10**9, "miliar"),
    (10**6, "juta"),
    (1000, "ribu"),
    (100, "ratus"),
    (10, "puluh"),
)


def terbilang(jumlah: int) -> str:
    """A non-negative whole number in Indonesian words: 1.250.000 is `satu juta dua ratus lima puluh ribu`."""
    if jumlah < 12:
        return _SATUAN[jumlah]
    if jumlah < 20:
        return f"{_SATUAN[jumlah - 10]} belas"
    for size, word in _BESAR:
        if jumlah >= size:
            many, rest = divmod(jumlah, size)
            head = f"se{word}" if many == 1 and size <= 1000 else f"{terbilang(many)} {word}"
            return f"{head} {terbilang(rest)}" if rest else head
    raise AssertionError("tidak tercapai")
