"""Lists in pages: a cursor that names the last row seen, never an offset."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, Field

from shared.errors import FieldError, InvalidInput

T = TypeVar("T")

MAX_LIMIT = 200


class Page(BaseModel, Generic[T]):
    """Some rows, and the cursor of the next page (None on the last)."""

    data: list[T]
    berikutnya: str | None = Field(
        default=None, description="Kursor halaman berikut; kosong pada halaman terakhir"
    )


def encode_cursor(*values: Any) -> str:
    """The sort values of a row as an opaque cursor."""
    return base64.urlsafe_b64encode(json.dumps(values, default=str).encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None, **readers: Callable[[Any], Any]) -> dict[str, Any]:
    """The sort values behind a cursor by name; all None for the first page. Raises InvalidInput for a made-up
    one.

    `readers`, in the order of the sort, turn text back into what each column holds, e.g. `sesudah_id=UUID`;
    a ValueError or TypeError of theirs counts as made up.
    """
    if cursor is None:
        return dict.fromkeys(readers)
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError) as error:
        raise _unknown_cursor() from error
    if (
        not isinstance(values, list)
        or len(values) != len(readers)
        or not all(isinstance(v, str | int) for v in values)
    ):
        raise _unknown_cursor()
    try:
        return {name: read(value) for (name, read), value in zip(readers.items(), values, strict=True)}
    except (ValueError, TypeError, AttributeError) as error:
        raise _unknown_cursor() from error


def _unknown_cursor() -> InvalidInput:
    return InvalidInput(
        "Penanda halaman tidak dikenali.",
        fields=[FieldError("/cursor", "tidak dikenali", "Mulai lagi tanpa cursor.")],
    )


def page(rows: Sequence[T], limit: int, key: Callable[[T], Sequence[Any]]) -> Page[T]:
    """A page from `limit + 1` rows: the extra row only shows that there is a next page."""
    shown = list(rows[:limit])
    more = len(rows) > limit
    return Page[T](data=shown, berikutnya=encode_cursor(*key(shown[-1])) if more else None)
