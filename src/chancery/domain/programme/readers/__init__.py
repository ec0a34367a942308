"""Reads an edition file: parsing with line numbers, contradictions, terms, writing back, editors' schema."""

from chancery.domain.programme.readers.contradictions import check_edition, find_contradictions
from chancery.domain.programme.readers.dumping import dump_edition
from chancery.domain.programme.readers.edition_file import EditionFile
from chancery.domain.programme.readers.findings import EditionRefused, Finding, Phrase, Severity
from chancery.domain.programme.readers.kinds import Words
from chancery.domain.programme.readers.parsing import parse_edition
from chancery.domain.programme.readers.prose import PLACEHOLDERS
from chancery.domain.programme.readers.rewriting import rewrite_edition
from chancery.domain.programme.readers.schema import edition_schema
from chancery.domain.programme.readers.settings import (
    SettingEntry,
    SettingsPart,
    find_setting,
    find_value,
    list_settings,
    part_of,
)
from chancery.domain.programme.readers.terms import terms_from

__all__ = [
    "PLACEHOLDERS",
    "EditionFile",
    "EditionRefused",
    "Finding",
    "Phrase",
    "SettingEntry",
    "SettingsPart",
    "Severity",
    "Words",
    "check_edition",
    "dump_edition",
    "edition_schema",
    "find_contradictions",
    "find_setting",
    "find_value",
    "list_settings",
    "parse_edition",
    "part_of",
    "rewrite_edition",
    "terms_from",
]
