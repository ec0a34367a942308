"""How the checks say what they found (decision 0011)."""

from collections.abc import Iterable

from chancery.domain.programme.readers.edition_file import EditionFile
from chancery.domain.programme.readers.findings import Finding, Phrase, Severity, phrase
from chancery.domain.programme.readers.line_index import KeyPath
from chancery.domain.programme.readers.parsing import dotted


def error(edition: EditionFile, path: KeyPath, wrong: Phrase, right: Phrase, *, beside: KeyPath = ()) -> Finding:
    """Return a finding that stops the file from being loaded."""
    return Finding(Severity.ERROR, edition.line(*path), dotted(path), wrong, right, _other(beside))


def contradiction(
    edition: EditionFile, path: KeyPath, wrong: Phrase, right: Phrase, *, beside: KeyPath = ()
) -> Finding:
    """Return a finding that the office may live with."""
    return Finding(Severity.CONTRADICTION, edition.line(*path), dotted(path), wrong, right, _other(beside))


def warning(edition: EditionFile, path: KeyPath, wrong: Phrase, right: Phrase, *, beside: KeyPath = ()) -> Finding:
    """Return a finding to be looked at."""
    return Finding(Severity.WARNING, edition.line(*path), dotted(path), wrong, right, _other(beside))


def one_of(known: Iterable[str]) -> Phrase:
    """Return the remedy for a reference to nothing."""
    keys = sorted(known)
    return phrase("use one of %(words)s", words=", ".join(keys)) if keys else phrase("there is none yet; add it first")


def _other(beside: KeyPath) -> str:
    return dotted(beside) if beside else ""
