"""Pack what is kept about a person: a page to read, the same as JSON, and the files."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

PAGE, RECORDS, FOLDER = "index.html", "records.json", "files"


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file that goes along: the name it is known by, and where its bytes lie."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class PersonalCopy:
    """What is kept about a person: rows by room and record, files, and what stays when they ask to be erased."""

    email: str
    language: str
    made_at: datetime
    records: Mapping[str, Sequence[Mapping[str, Any]]]
    files: Sequence[PackedFile]

    @property
    def rows(self) -> int:
        """How many records there are."""
        return sum(len(rows) for rows in self.records.values())


def write_archive(copy: PersonalCopy, target: Path | IO[bytes]) -> None:
    """Write the copy as a ZIP; names inside are numbered, so that two files of one name both fit."""
    names = [f"{FOLDER}/{number:03}-{PurePath(file.name).name}" for number, file in enumerate(copy.files, start=1)]
    told = {
        "email": copy.email,
        "made_at": copy.made_at.isoformat(),
        "records": copy.records,
        "files": names,
    }
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        archive.writestr(PAGE, _page(copy, names))
        archive.writestr(RECORDS, json.dumps(told, default=_plain, ensure_ascii=False, indent=2))
        for name, file in zip(names, copy.files, strict=True):
            archive.write(file.path, name)


def _page(copy: PersonalCopy, names: Sequence[str]) -> str:
    with override(copy.language):
        rooms: dict[str, list[tuple[str, list[list[tuple[str, str]]]]]] = {}
        for label, rows in copy.records.items():
            room, _dot, record = label.partition(".")
            shown = [[(key, _shown(value)) for key, value in row.items()] for row in rows]
            rooms.setdefault(_room_words(room), []).append((record, shown))
        words = {"copy": copy, "rooms": rooms, "names": names, "language": copy.language}
        return render_to_string("privacy/copy.html", words)


def _room_words(room: str) -> str:
    return {
        "accounts": _("Who you are"),
        "admissions": _("Your applications"),
        "billing": _("Bills and payments"),
        "enrollment": _("Your place"),
        "mail": _("Mail"),
        "documents": _("Papers"),
        "files": _("Papers"),
        "privacy": _("What you asked for"),
    }.get(room, _("What happened"))


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=_plain, ensure_ascii=False)


def _plain(value: object) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
