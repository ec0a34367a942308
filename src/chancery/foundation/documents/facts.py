"""Frozen facts: a dataclass as plain JSON values and back, without loss.

A document is asked for with frozen facts and rendered later, so its dataclass must survive being stored.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints


def freeze(document: object) -> dict[str, Any]:
    """Return the facts of a dataclass as values that JSON can hold.

    :raises TypeError: when it is no dataclass, or holds a value of a kind that cannot be thawed again.
    """
    if not is_dataclass(document) or isinstance(document, type):
        raise TypeError(f"{document!r} is no document")
    return {field.name: _frozen(getattr(document, field.name)) for field in fields(document)}


def thaw[D](kind: type[D], facts: Mapping[str, Any]) -> D:
    """Return the dataclass ``kind`` that ``freeze`` made these facts of; absent facts take their default."""
    hints = get_type_hints(kind)
    return kind(**{name: _thawed(hints[name], value) for name, value in facts.items()})


def _frozen(value: object) -> Any:  # any JSON value
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int | bool):
        return value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple):
        return [_frozen(item) for item in value]
    return freeze(value)


def _thawed(hint: Any, value: Any) -> Any:  # a type at run time, any JSON value
    if value is None:
        return None
    if get_origin(hint) is UnionType:
        return _thawed(next(choice for choice in get_args(hint) if choice is not NoneType), value)
    if get_origin(hint) is tuple:
        return tuple(_thawed(get_args(hint)[0], item) for item in value)
    if is_dataclass(hint):
        return thaw(hint, value)  # type: ignore[arg-type]  # a class here: hints name classes, not instances
    if hint in (date, datetime):
        return hint.fromisoformat(value)
    return hint(value)
