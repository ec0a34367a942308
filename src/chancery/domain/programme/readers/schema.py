"""A JSON Schema of edition files, made from the key tables, for editors that complete and check while one types."""

from dataclasses import fields
from typing import Any

from chancery.domain.programme.readers.edition_file import EditionFile, Quotation
from chancery.domain.programme.readers.key_tables import REQUIRED, Key, Part
from chancery.domain.programme.readers.kinds import LANGUAGE
from chancery.domain.programme.readers.parsing import SCHEMA_VERSION, toml_name

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def edition_schema() -> dict[str, Any]:
    """Return the schema; ``editions/edition.schema.json`` is this, kept current by a test."""
    schema = _table(EditionFile)
    schema["properties"] = {
        "schema": {"const": SCHEMA_VERSION},
        **schema["properties"],
        "text": _texts(),
    }
    return {"$schema": DIALECT, "title": "An edition of a programme", **schema}


def _table(of: type) -> dict[str, Any]:
    named = {toml_name(each): each.metadata for each in fields(of) if each.metadata}
    required = [name for name, metadata in named.items() if _is_required(metadata)]
    schema: dict[str, Any] = {
        "type": "object",
        "description": (of.__doc__ or "").strip().partition("\n")[0],
        "properties": {name: _property(metadata) for name, metadata in named.items()},
        "additionalProperties": False,
    }
    return {**schema, "required": required} if required else schema


def _property(metadata: Any) -> dict[str, Any]:
    if "part" in metadata:
        below: Part = metadata["part"]
        return {"type": "array", "items": _table(below.of)} if below.many else _table(below.of)
    key: Key = metadata["key"]
    has_default = key.default is not REQUIRED and key.default is not None
    return {**key.kind.schema, "default": key.default} if has_default else dict(key.kind.schema)


def _is_required(metadata: Any) -> bool:
    if "part" in metadata:
        return bool(metadata["part"].required)
    return metadata["key"].default is REQUIRED


def _texts() -> dict[str, Any]:
    block = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    language = {
        "type": "object",
        "properties": {"quotation": _table(Quotation)},
        "additionalProperties": block,
    }
    return {
        "type": "object",
        "description": "The text blocks of each language, in Markdown; a figure of a rule is named by {placeholder}.",
        "patternProperties": {f"^{LANGUAGE.pattern}$": language},
        "additionalProperties": False,
    }
