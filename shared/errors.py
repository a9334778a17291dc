"""Problems a caller can understand: what happened, which field, what to do next (RFC 9457).

Raise one of these from rules, commands and queries; `shared.http.problems` renders them.
Texts are for people, in Bahasa Indonesia.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong field: JSON pointer (`/nip`), why it is refused, and the way out."""

    pointer: str
    reason: str
    remedy: str = ""


class Problem(Exception):
    """Base of everything a caller is told. `slug` is stable and may be relied on by machines."""

    slug: ClassVar[str] = "masalah"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Terjadi masalah"

    def __init__(
        self, detail: str, *, fields: Sequence[FieldError] = (), remedy: str = "", **extra: Any
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.fields = tuple(fields)
        self.remedy = remedy
        self.extra = extra


class InvalidInput(Problem):
    """The request cannot be understood or breaks a rule of the field."""

    slug = "isian-tidak-sah"
    status = 422
    title = "Isian belum benar"


class Unauthenticated(Problem):
    """Nobody is logged in, or the token is no longer accepted."""

    slug = "belum-masuk"
    status = 401
    title = "Silakan masuk dahulu"


class Forbidden(Problem):
    """The caller is known, but this is not theirs to see or do."""

    slug = "tidak-berwenang"
    status = 403
    title = "Tidak berwenang"


class NotFound(Problem):
    """The named thing does not exist."""

    slug = "tidak-ditemukan"
    status = 404
    title = "Tidak ditemukan"


class Conflict(Problem):
    """The thing exists but its state does not allow this now."""

    slug = "keadaan-berbeda"
    status = 409
    title = "Tidak dapat dilakukan sekarang"


class TooLarge(Problem):
    """The body is larger than this route accepts."""

    slug = "terlalu-besar"
    status = 413
    title = "Kiriman terlalu besar"


class TooManyRequests(Problem):
    """The caller has to wait; `retry_after` (seconds) is in `extra`."""

    slug = "terlalu-sering"
    status = 429
    title = "Tunggu sebentar"


class Unavailable(Problem):
    """We cannot answer now; trying again later is safe with the same Idempotency-Key."""

    slug = "belum-dapat-dilayani"
    status = 503
    title = "Layanan sedang sibuk"
