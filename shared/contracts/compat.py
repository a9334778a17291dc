"""May one event schema follow another? Additive changes only, in both directions and over all versions."""

from typing import Any

from shared.period import MasaBayar, Period

_TEXTS = {"title", "description", "examples", "default"}
_LEBIH_LUAS = frozenset({(Period.POLA, MasaBayar.POLA)})
"""Patterns that may follow: the second takes all that the first does. What is new is sent by nobody until
a region's policy names extra payments; who does not know them yet refuses the message and does nothing."""


def breaking(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Why readers or writers of `old` would not understand `new`; empty when it only adds optional fields."""
    return list(_compare(_resolved(old, old), _resolved(new, new), ""))


def _resolved(schema: Any, root: dict[str, Any]) -> Any:
    """The schema with references to its own definitions put in place and texts left out."""
    if isinstance(schema, list):
        return [_resolved(item, root) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _resolved(root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root)
    found: dict[str, Any] = {}
    for name, part in schema.items():
        if name == "properties":
            found[name] = {field: _resolved(inner, root) for field, inner in part.items()}
        elif name not in _TEXTS and name != "$defs":
            found[name] = _resolved(part, root)
    return found


def _compare(old: Any, new: Any, where: str) -> list[str]:
    if where.endswith("/pattern") and (old, new) in _LEBIH_LUAS:
        return []
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = enumerate(zip(old, new, strict=True))
        return [one for number, (was, now) in pairs for one in _compare(was, now, f"{where}/{number}")]
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return [] if old == new else [f"{where or '/'}: {old!r} menjadi {new!r}"]
    found = []
    before, after = old.get("properties", {}), new.get("properties", {})
    for name, part in before.items():
        if name in after:
            found += _compare(part, after[name], f"{where}/{name}")
        else:
            found.append(f"{where}/{name}: dihapus")
    old_required, new_required = set(old.get("required", ())), set(new.get("required", ()))
    found += [f"{where}/{name}: menjadi wajib" for name in sorted(new_required - old_required)]
    found += [f"{where}/{name}: tidak lagi wajib" for name in sorted(old_required - new_required)]
    for name in sorted((old.keys() | new.keys()) - {"properties", "required"}):
        found += _compare(old.get(name), new.get(name), f"{where}/{name}")
    return found
