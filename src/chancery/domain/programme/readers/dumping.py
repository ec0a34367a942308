"""Writes an edition back as TOML: the very bytes while nothing was edited, else a text that reads as equal data."""

import json
import re
import tomllib
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from chancery.domain.programme.readers.edition_file import EditionFile, EditionText
from chancery.domain.programme.readers.findings import EditionRefused
from chancery.domain.programme.readers.key_tables import Key, Part
from chancery.domain.programme.readers.kinds import Setting, Words
from chancery.domain.programme.readers.line_index import KeyPath
from chancery.domain.programme.readers.parsing import SCHEMA_VERSION, parse_edition, toml_name, unread_keys

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")

type Raw = dict[str, Any]


def dump_edition(edition: EditionFile, original: bytes | None = None) -> bytes:
    """Return the file of an edition.

    With ``original``, the bytes it was loaded from: the same bytes when the data are equal; else keys of the original
    that this version does not read are kept, comments are not.
    """
    if original is not None and _reads_as(original, edition):
        return original
    raw = _as_raw(edition)
    if original is not None:
        _keep_unread(raw, original)
    return write_toml(raw).encode()


def _reads_as(content: bytes, edition: EditionFile) -> bool:
    try:
        return parse_edition(content) == edition
    except EditionRefused:
        return False


def _as_raw(edition: EditionFile) -> Raw:
    setting = Setting(edition.tariff.currency, edition.edition.zone)
    raw: Raw = {"schema": SCHEMA_VERSION}
    for each in fields(edition):
        if each.name == "texts":
            raw["text"] = {text.language: _raw_text(text) for text in edition.texts}
        elif each.metadata:
            name, value = toml_name(each), getattr(edition, each.name)
            _put(raw, name, each.metadata["part"], value, setting, stated=(name,) in edition.lines)
    return {name: value for name, value in raw.items() if value not in ({}, [])}


def _put(raw: Raw, name: str, below: Part, value: Any, setting: Setting, *, stated: bool = False) -> None:
    if below.many:
        raw[name] = [write_row(each, setting) for each in value]
    elif below.required or stated or not _is_all_defaults(below.of, value, setting):
        raw[name] = write_row(value, setting)


def _is_all_defaults(of: type, value: Any, setting: Setting) -> bool:
    """Tell whether a table that the file did not state says nothing; writing it would turn defaults into statements."""
    for each in fields(of):
        key: Key | None = each.metadata.get("key")
        if key is None:
            return False
        default = None if key.default is None else key.kind.read(key.default, setting)
        if getattr(value, each.name) != default:
            return False
    return True


def write_row(value: Any, setting: Setting) -> Raw:
    """Return a table of the edition, or a row of a list, as its file has it."""
    raw: Raw = {}
    for each in fields(value):
        current = getattr(value, each.name)
        if "part" in each.metadata:
            _put(raw, toml_name(each), each.metadata["part"], current, setting)
            if raw.get(toml_name(each)) == []:
                del raw[toml_name(each)]
        elif current is not None and current != Words((("", ""),)):
            raw[toml_name(each)] = each.metadata["key"].kind.write(current, setting)
    return raw


def _raw_text(text: EditionText) -> Raw:
    raw: Raw = {key: list(value) if isinstance(value, tuple) else value for key, value in text.blocks}
    if text.quotation is not None:
        raw["quotation"] = {"text": text.quotation.text, "source": text.quotation.source}
    return raw


def _keep_unread(raw: Raw, original: bytes) -> None:
    """Put back what the original says and this version does not read: it may be somebody else's."""
    try:
        said = tomllib.loads(original.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        return
    for path in unread_keys(original):
        _copy(said, raw, path)


def _copy(source: Any, target: Any, path: KeyPath) -> None:
    for step in path[:-1]:
        if isinstance(target, dict) and isinstance(step, str):
            target.setdefault(step, {})
        elif isinstance(step, int) and step >= len(target):
            return
        source, target = source[step], target[step]
    target[path[-1]] = source[path[-1]]


def write_toml(raw: Raw) -> str:
    """Return plain values as a TOML text, without comments."""
    lines = [f"{write_key(name)} = {write_value(value)}" for name, value in raw.items() if not _is_table(value)]
    for name, value in raw.items():
        if _is_table(value):
            _write_table(lines, (name,), value)
    return "\n".join(lines) + "\n"


def _is_table(value: Any) -> bool:
    is_array_of_tables = isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)
    return isinstance(value, dict) or is_array_of_tables


def _write_table(lines: list[str], path: tuple[str, ...], value: Any) -> None:
    head = ".".join(write_key(step) for step in path)
    if isinstance(value, list):
        for each in value:
            lines += ["", f"[[{head}]]", *(f"{write_key(name)} = {write_value(item)}" for name, item in each.items())]
        return
    plain = {name: item for name, item in value.items() if not isinstance(item, dict)}
    lines += ["", f"[{head}]", *(f"{write_key(name)} = {write_value(item)}" for name, item in plain.items())]
    for name, item in value.items():
        if isinstance(item, dict):
            _write_table(lines, (*path, name), item)


def write_key(name: str) -> str:
    """Return a name as a TOML key."""
    return name if _BARE_KEY.fullmatch(name) else _text(name)


def write_value(value: Any) -> str:
    """Return a plain value as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(write_value(each) for each in value)}]"
    if isinstance(value, dict):
        pairs = ", ".join(f"{write_key(name)} = {write_value(item)}" for name, item in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    return str(value)


def _text(text: str) -> str:
    # A JSON string is a TOML basic string, but for DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
