"""How a dataclass says which keys and tables of the edition file it holds."""

from dataclasses import dataclass, field
from typing import Any, Final

from chancery.domain.programme.readers.kinds import Kind

REQUIRED: Final = object()
ABSENT: Final = None


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the file: its kind, and what stands for it when it is wanting, in the file's own writing."""

    kind: Kind
    default: Any
    toml_name: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A table below a table, or an array of tables (``many``)."""

    of: type
    toml_name: str
    many: bool = False
    required: bool = False


def entry(kind: Kind, default: Any = ABSENT, *, name: str | None = None) -> Any:
    """Declare a key; ``name`` where the file's word is not the attribute's."""
    return field(metadata={"key": Key(kind, default, name)})


def table(of: type, name: str, *, many: bool = False, required: bool = False) -> Any:
    """Declare a table, or with ``many`` an array of tables."""
    return field(metadata={"part": Part(of, name, many, required)})
