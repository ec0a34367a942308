"""Writes other values into an edition file and leaves the rest of it, comments too, as it stands."""

import copy
import tomllib
from collections.abc import Mapping
from typing import Any

from chancery.domain.programme.readers.dumping import write_key, write_toml, write_value
from chancery.domain.programme.readers.line_index import KeyPath, Places, places_of

type Raw = dict[str, Any]


def rewrite_edition(content: bytes, changes: Mapping[KeyPath, Any]) -> bytes:
    """Return a readable file with some values set, as TOML has them; None takes the key out, its default holds then.

    Where a value stands in a way that cannot be replaced in place, the whole text is written plainly: the same data,
    without the comments.
    """
    before = content.decode("utf-8-sig").replace("\r\n", "\n")
    wanted = tomllib.loads(before)
    for path, value in changes.items():
        _set(wanted, path, value)

    places = places_of(before).values
    there = {path: value for path, value in changes.items() if path in places and value is not None}
    text = _with_values(before, {places[path]: value for path, value in there.items()})
    for path, value in changes.items():
        if path not in there and _read(text) is not None:
            text = _replaced(text, places_of(text), path, value)
    return (text if _read(text) == wanted else write_toml(wanted)).encode()


def _set(raw: Raw, path: KeyPath, value: Any) -> None:
    below: Any = raw
    for step in path[:-1]:
        below = below.setdefault(step, {}) if isinstance(below, dict) else below[step]
    if value is None:
        below.pop(path[-1], None)
    else:
        below[path[-1]] = copy.copy(value)


def _with_values(text: str, values: Mapping[tuple[int, int], Any]) -> str:
    """Put values in their places, the last one first, so that the places before it stay where they are."""
    for (begin, end), value in sorted(values.items(), key=lambda each: each[0], reverse=True):
        text = text[:begin] + _written(value) + text[end:]
    return text


def _replaced(text: str, places: Places, path: KeyPath, value: Any) -> str:
    """Take a key out, or add one below the head of its table."""
    if path in places.values and value is None:
        begin, end = places.pairs[path]
        return text[:begin] + text[end:].removeprefix("\n")
    if value is None:
        return text
    line = f"{write_key(str(path[-1]))} = {_written(value)}"
    if path[:-1] in places.heads:
        head = places.heads[path[:-1]]
        rest = text.find("\n", head)
        return f"{text}\n{line}\n" if rest < 0 else f"{text[: rest + 1]}{line}\n{text[rest + 1 :]}"
    return f"{text.rstrip()}\n\n[{'.'.join(write_key(str(step)) for step in path[:-1])}]\n{line}\n"


def _written(value: Any) -> str:
    """Keep it readable: a text of several lines stands between three quotes, each table of a list on its own line."""
    if isinstance(value, str) and "\n" in value and "\\" not in value and '"""' not in value and value[-1] != '"':
        return f'"""\n{value}"""'
    if isinstance(value, list) and any(isinstance(each, dict) for each in value):
        return "".join(["[\n", *(f"  {write_value(each)},\n" for each in value), "]"])
    return write_value(value)


def _read(text: str) -> Raw | None:
    """Return what a text says; None where it is no TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
