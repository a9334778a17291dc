"""A form as it travels: what was typed, what is wrong with it and where, and the key that sends it once.

Field names are JSON pointers without the leading slash (`rhk/0/rencana`): the same that errors use, so an
error finds its field by itself, and rows nest without JavaScript.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from shared.errors import (
    Conflict,
    FieldError,
    InvalidInput,
    Problem,
    TooLarge,
    TooManyRequests,
    Unavailable,
)
from shared.http.problems import field_errors
from shared.web.routes import KEY, new_key, sent_form

M = TypeVar("M", bound=BaseModel)

REFUSALS = (InvalidInput, Conflict, TooLarge, TooManyRequests, Unavailable)
"""Problems that show the form again with what was typed; others (forbidden, not found) have a page."""

ACTION = "_aksi"
"""Name of the buttons. No value: send. `tambah:rhk`, `hapus:rhk/1`: change rows. `tinjau`: look again."""
_DEEPEST = 10
_HIDDEN = (KEY, ACTION)
_REUSED = "/Idempotency-Key"


@dataclass(slots=True)
class Form:
    """One form. Made by `blank` to be filled in, by `sent` from what came."""

    values: dict[str, list[str]] = field(default_factory=dict)
    key: str = field(default_factory=new_key)
    problem: Problem | None = None
    labels: dict[str, str] = field(default_factory=dict)
    action: str = ""
    came: bool = False
    """Somebody sent it, and this is the answer: newer than any draft on the device."""

    @classmethod
    def blank(cls, content: BaseModel | dict[str, Any] | None = None) -> "Form":
        """A form to fill in, with what is known already."""
        data = content.model_dump(mode="json") if isinstance(content, BaseModel) else content or {}
        return cls(values=dict(_flat(data)))

    @classmethod
    def sent(cls, request: Request) -> "Form":
        """What came with this POST, rows numbered anew from 0."""
        came = sent_form(request)
        values: dict[str, list[str]] = {}
        for name, value in came.multi_items():
            if name not in _HIDDEN and isinstance(value, str) and name.count("/") < _DEEPEST:
                values.setdefault(name, []).append(value)
        form = cls(
            values=values,
            key=request.state.form_key or new_key(),
            action=str(came.get(ACTION) or ""),
            came=True,
        )
        form._renumber()
        return form

    def editing(self) -> bool:
        """Whether the button asked to change rows (done here) or to look again: then show it again."""
        verb, _, where = self.action.partition(":")
        if verb == "tambah" and where:
            self.values.setdefault(f"{where}/{self.count(where)}/", [""])
        elif verb == "hapus" and where:
            self.values = {n: v for n, v in self.values.items() if not n.startswith(f"{where}/")}
            self._renumber()
        return verb in ("tambah", "hapus", "tinjau")

    def read(self, model: type[M]) -> M:
        """The content as a model; empty fields count as absent. Raises InvalidInput naming each wrong one."""
        try:
            return model.model_validate(self._nested())
        except ValidationError as error:
            raise InvalidInput("Ada isian yang belum benar.", fields=field_errors(error.errors())) from None

    def refused(self, problem: Problem) -> "Form":
        """This form, showing why it was not accepted."""
        self.problem = problem
        if any(error.pointer == _REUSED for error in problem.fields):
            # Sent before, then changed (the browser's back button): a new intention gets a new key.
            self.key = new_key()
            self.problem = InvalidInput(
                "Formulir ini sudah pernah dikirim, dengan isi lain. Yang Anda lihat di bawah belum dikirim.",
                remedy="Bila memang kiriman baru, periksa lalu kirim sekali lagi.",
            )
        return self

    def value(self, name: str) -> str:
        """What stands in a field."""
        return self.values.get(name, [""])[0]

    def chosen(self, name: str) -> list[str]:
        """All values of a field with several."""
        return self.values.get(name, [])

    def count(self, prefix: str) -> int:
        """How many rows a list has."""
        return len({_row(name, prefix) for name in self.values if name.startswith(f"{prefix}/")})

    def error(self, name: str) -> FieldError | None:
        """What is wrong with a field."""
        return next((e for e in self.errors if e.pointer == f"/{name}"), None)

    @property
    def errors(self) -> tuple[FieldError, ...]:
        """Everything that is wrong."""
        return self.problem.fields if self.problem else ()

    def label(self, name: str, text: str) -> str:
        """Remember a field's label for the summary, and give its HTML id. Called by the macros."""
        self.labels[f"/{name}"] = text
        return field_id(name)

    def linked(self, error: FieldError) -> str | None:
        """The id of the field an error is about; None when the form has no such field."""
        return field_id(error.pointer[1:]) if error.pointer in self.labels else None

    def _nested(self) -> dict[str, Any]:
        root: dict[str, Any] = {}
        for name, values in self.values.items():
            *parents, leaf = name.removesuffix("[]").split("/")
            place: Any = root
            for part in parents:
                place = place.setdefault(part, {}) if isinstance(place, dict) else None
            if not isinstance(place, dict):
                continue  # a made-up name: what is a field cannot be a list as well
            if name.endswith("[]"):
                place[leaf] = [value for value in values if value.strip()]
            elif leaf and values[0].strip():
                place[leaf] = values[0]
        return {name: _listed(value) for name, value in root.items()}

    def _renumber(self) -> None:
        """Close the gaps that removed rows leave, at every depth."""
        numbers: dict[str, dict[str, int]] = {}
        renamed = {}
        for name, values in self.values.items():
            came, parts = "", []
            for part in name.split("/"):
                if part.isdigit():
                    rows = numbers.setdefault(came, {})
                    parts.append(str(rows.setdefault(part, len(rows))))
                else:
                    parts.append(part)
                came = f"{came}/{part}"
            renamed["/".join(parts)] = values
        self.values = renamed


def _row(name: str, prefix: str) -> str:
    return name[len(prefix) + 1 :].partition("/")[0]


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _listed(one) for name, one in value.items()}
    return list(inner.values()) if inner and all(name.isdigit() for name in inner) else inner


def _flat(value: Any, path: str = "") -> Iterable[tuple[str, list[str]]]:
    if isinstance(value, dict):
        pairs: Iterable[tuple[Any, Any]] = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    else:
        yield path, ["" if value is None else str(value)]
        return
    for name, one in pairs:
        yield from _flat(one, f"{path}/{name}" if path else str(name))


def field_id(name: str) -> str:
    """The HTML id of a field."""
    return "f-" + re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")
