"""The lists of an edition whose rows the office adds, takes out and puts in another order on a page."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from chancery.domain.programme.readers.dumping import write_key, write_toml, write_value
from chancery.domain.programme.readers.edition_file import EditionFile, Question
from chancery.domain.programme.readers.key_tables import REQUIRED, Key, Part
from chancery.domain.programme.readers.kinds import OPTIONS, Kind
from chancery.domain.programme.readers.line_index import KeyPath, places_of
from chancery.domain.programme.readers.parsing import toml_name

type Raw = dict[str, Any]
# A row as it stands, by its place from 0, or a new one as the file writes it.
type Row = int | Raw

# What a row of a list is known by: its own key, or its name where it has none.
KNOWN_BY: Final[Mapping[str, str]] = {
    "question": "key",
    "criterion": "key",
    "skill": "key",
    "lesson": "key",
    "session": "key",
    "final_work_part": "key",
    "requirement": "key",
    "expert": "name",
    "hotel": "name",
    "included": "key",
    "excluded": "key",
    "testimonial": "name",
}


# What says what a row is: asked with a new one, and never changed on a page afterwards.
IDENTIFYING: Final = frozenset({"key", "number", "part", "kind", "slug"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a new row is asked for: the key as the file has it, its kind, and what stands for it where it is wanting."""

    name: str
    kind: Kind
    default: Any = None


def list_rows(edition: EditionFile, table: str) -> tuple[str, ...]:
    """Return what the rows of a list are known by, in their order.

    :raises KeyError: when the edition has no such list.
    """
    return tuple(str(getattr(row, KNOWN_BY[table])) for row in _field_of(edition, table)[1])


def wanted_of(edition: EditionFile, table: str) -> tuple[Wanted, ...]:
    """Return what a new row of a list cannot go without, and what says what it is."""
    below, _ = _field_of(edition, table)
    keys = [(toml_name(each), each.metadata.get("key")) for each in fields(below.of)]
    wanted = [
        Wanted(name, key.kind, None if key.default is REQUIRED else key.default)
        for name, key in keys
        if isinstance(key, Key) and (key.default is REQUIRED or name in IDENTIFYING)
    ]
    return (*wanted, Wanted("options", OPTIONS, [])) if below.of is Question else tuple(wanted)


def rewrite_rows(content: bytes, table: str, rows: Sequence[Row]) -> bytes:
    """Return a readable file with the rows of a list in this order; those that are not named leave.

    The text of a row moves with the comments right above it. Where the rows of a list do not stand together, the whole
    text is written plainly: the same data, without the comments.
    """
    before = content.decode("utf-8-sig").replace("\r\n", "\n")
    raw = tomllib.loads(before)
    old = raw.get(table, [])
    wanted = {**raw, table: [old[row] if isinstance(row, int) else row for row in rows]}
    if not wanted[table]:
        del wanted[table]
    text = _moved(before, table, len(old), rows)
    return (text if _says(text, wanted) else write_toml(wanted)).encode()


def _field_of(edition: EditionFile, table: str) -> tuple[Part, Sequence[Any]]:
    if table not in KNOWN_BY:
        raise KeyError(table)
    each = next(each for each in fields(edition) if each.metadata and toml_name(each) == table)
    return each.metadata["part"], getattr(edition, each.name)


def _moved(text: str, table: str, count: int, rows: Sequence[Row]) -> str:
    heads = sorted((place, path) for path, place in places_of(text).heads.items())
    begins = [_begin_of(text, place) for place, _ in heads]
    blocks: dict[int, str] = {}
    spans: list[tuple[int, int]] = []
    for at, (_, path) in enumerate(heads):
        if path[0] != table or len(path) != len(("table", 0)):
            continue
        after = next((n for n in range(at + 1, len(heads)) if not _is_below(heads[n][1], path)), len(heads))
        span = begins[at], begins[after] if after < len(heads) else len(text)
        spans.append(span)
        blocks[int(path[1])] = text[slice(*span)]
    if len(blocks) != count:
        return ""
    written = "".join(_ended(blocks[row] if isinstance(row, int) else _block(table, row)) for row in rows)
    first, last = (spans[0][0], spans[-1][1]) if spans else (len(text), len(text))
    return f"{_ended(text[:first])}{written}{text[last:].lstrip(chr(10))}"


def _is_below(path: KeyPath, row: KeyPath) -> bool:
    return path[: len(row)] == row


def _begin_of(text: str, head: int) -> int:
    """Return where a table begins with the comments right above its head."""
    begin = text.rfind("\n", 0, head) + 1
    while begin:
        above = text.rfind("\n", 0, begin - 1) + 1
        if not text[above:begin].startswith("#"):
            break
        begin = above
    return begin


def _block(table: str, row: Raw) -> str:
    lines = [f"{write_key(name)} = {write_value(value)}" for name, value in row.items()]
    return "\n".join([f"[[{write_key(table)}]]", *lines, ""])


def _ended(block: str) -> str:
    """Leave an empty line after a block."""
    return f"{block.rstrip(chr(10))}\n\n" if block.strip() else block


def _says(text: str, wanted: Raw) -> bool:
    try:
        return tomllib.loads(text) == wanted
    except tomllib.TOMLDecodeError:
        return False
