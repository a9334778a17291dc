"""What a month adds to its year, worked out by the policy that paid the month.

The formulas of `setahun` stand over the policy's own steps. For them the policy is made longer by steps whose
lines are those sums; the longer policy is never paid by.
"""

from services.tpp.kebijakan.model import Kebijakan, Langkah

BAGIAN = ("bruto", "pengurang", "pajak")
"""What is summed, in the order of the added steps."""


def kode_baris(bagian: str) -> str:
    """The line that says one of the sums."""
    return f"setahun_{bagian}"


def dengan_setahun(k: Kebijakan) -> Kebijakan:
    """The policy with its sums as lines. Only of a policy that says what they are."""
    rule = k.setahun
    assert rule is not None
    # First all values, then the lines: a line changes bruto, which a value may speak of.
    values = [
        Langkah(
            kode=f"{kode_baris(part)}_nilai", nama=f"Setahun: {part}", pasal=rule.pasal, sifat="nilai",
            jumlah=getattr(rule, part),
        )
        for part in BAGIAN
    ]  # fmt: skip
    lines = [
        Langkah(
            kode=kode_baris(part), nama=f"Setahun: {part}", pasal=rule.pasal, sifat="tambah",
            jumlah=f"{kode_baris(part)}_nilai", kalimat="{jumlah}",
        )
        for part in BAGIAN
    ]  # fmt: skip
    longer = k.model_copy(update={"langkah": (*k.langkah, *values, *lines)})
    # The copy brings the fingerprint of the shorter one along.
    longer.__dict__.pop("sidik", None)
    return longer
