"""The second factor: shapes of codes, and whose accounts should have one."""

BANYAK_PEMULIHAN = 10
"""Recovery codes made at once."""
PANJANG_PEMULIHAN = 12
"""Letters of a recovery code: 60 bits, in groups of four."""
BERLAKU_TIKET_DETIK = 5 * 60
"""Seconds between a right password and its second factor."""

PERAN_DIANJURKAN = frozenset({"admin_bkd", "bpkad", "sysadmin"})
"""Roles that reach all accounts or all money: their holders are urged to set up a second factor."""


def rapikan(kode: str) -> str:
    """A code as compared: capitals and digits only, however it was typed."""
    return "".join(letter for letter in kode.upper() if letter.isascii() and letter.isalnum())


def dari_aplikasi(kode: str) -> bool:
    """Whether a tidied code has the shape of an authenticator's; else it may be a recovery code."""
    return len(kode) == 6 and kode.isdigit()
