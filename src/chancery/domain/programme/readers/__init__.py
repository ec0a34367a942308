"""Reads an edition file: parsing with line numbers, contradictions, terms, writing back, editors' schema."""

from chancery.domain.programme.readers.edition_file import EditionFile
from chancery.domain.programme.readers.findings import EditionRefused, Finding, Severity
from chancery.domain.programme.readers.kinds import Words
from chancery.domain.programme.readers.parsing import parse_edition
from chancery.domain.programme.readers.terms import terms_from

__all__ = ["EditionFile", "EditionRefused", "Finding", "Severity", "Words", "parse_edition", "terms_from"]
