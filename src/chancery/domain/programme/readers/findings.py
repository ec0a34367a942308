"""What is found wrong in an edition file, said so that the person who wrote it can mend it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from chancery.foundation.ruling import Refused, refusal


class Severity(StrEnum):
    """How much a finding weighs.

    An error stops the file from being loaded. A contradiction lets ``edition check`` fail, but the office may load the
    file and live with it (promise A3: an edition that breaks the trace is warned). A warning is to be looked at.
    """

    ERROR = "error"
    CONTRADICTION = "contradiction"
    WARNING = "warning"


class Phrase(str):
    """Words in English that know what they are made of, so that a page can say them in another language."""

    pattern: str
    values: Mapping[str, Any]


def phrase(pattern: str, /, **values: Any) -> Phrase:
    """Fill in a pattern, which is a sentence to translate: write it out where it is called (decision 0072)."""
    words = Phrase(pattern % {name: _in_file(value) for name, value in values.items()})
    words.pattern, words.values = pattern, values
    return words


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend: the line (from 1), the key, what is wrong and what would be right.

    ``beside`` is the other key of a contradiction between two.
    """

    severity: Severity
    line: int
    key: str
    wrong: Phrase
    right: Phrase
    beside: str = ""

    @property
    def sentence(self) -> str:
        """The finding in one English sentence, as the command line says it."""
        return f"{self.wrong}; {self.right}" + ("" if self.right.endswith("?") else ".")

    @property
    def is_error(self) -> bool:
        """Whether the file may not be loaded as it is."""
        return self.severity is Severity.ERROR


class EditionRefused(Refused):
    """The edition file holds errors; ``findings`` has all of them, and the warnings, by line."""

    def __init__(self, name: str, findings: tuple[Finding, ...]) -> None:
        """Say where each error stands."""
        self.findings = findings
        lines = [f"{name}:{each.line}: {each.key}: {each.sentence}" for each in findings if each.is_error]
        super().__init__(refusal("edition_file_has_errors"), "\n".join(lines))


def _in_file(value: object) -> str:
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)
