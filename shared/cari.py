"""Looking for people in a list by what somebody typed: part of a name, or the beginning of a NIP."""

from typing import NamedTuple


class Cari(NamedTuple):
    """Patterns of (I)LIKE: `nama` None when nothing was typed, `nip` None when it cannot be one."""

    nama: str | None
    nip: str | None

    @classmethod
    def dari(cls, text: str) -> "Cari":
        """What was typed means itself, % and _ too; spaces within a NIP do not matter."""
        words = text.split()
        digits = "".join(words)
        return cls(
            nama=f"%{_literal(' '.join(words))}%" if words else None,
            nip=f"{digits}%" if digits.isascii() and digits.isdigit() else None,
        )


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
