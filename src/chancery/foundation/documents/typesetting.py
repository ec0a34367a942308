"""Set a document: a typst template of a room and its facts in, the bytes of a PDF out.

Every PDF follows an archive standard and PDF/UA-1 for accessibility, and the same facts give the same bytes.
"""

import json
import threading
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from chancery.foundation.documents.compiling import Job, NotCompiled, Standard, compile_beside
from chancery.foundation.documents.fonts import font_folders, legible

LETTER: tuple[Standard, ...] = ("a-2a", "ua-1")
LETTER_WITH_FILES: tuple[Standard, ...] = ("a-3a", "ua-1")
TEMPLATES = Path(__file__).resolve().parents[2]
WIDE = {"W", "F"}

# One compile at a time: the compiler keeps the facts of the last document between two calls.
_one_at_a_time = threading.Lock()
_one_heavy_at_a_time = threading.Lock()


class DocumentNotRendered(Exception):  # exceptions are named as facts
    """A template and its facts do not make a document; the message says where."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A text file inside the PDF, such as the e-invoice that says the same as the page."""

    filename: str
    media_type: str
    description: str
    content: str
    relationship: Literal["alternative", "data", "source", "supplement"] = "alternative"


def render(
    template_name: str,
    data: Mapping[str, Any],
    *,
    standards: Sequence[Standard],
    issued_at: datetime,
    language: str,
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """Return the PDF of a template, named by its path inside the package, with ``data`` (plain JSON values).

    ``data`` needs what ``letter.typ`` prints: title, author, description, house, house_line, footer, page_of.
    A character without a font is printed as its code point, so that no name or free text stops a document;
    ask ``fonts.uncovered`` first where that would not do.

    :raises DocumentNotRendered: when the template refuses the facts.
    :raises ValueError: when ``issued_at`` carries no zone.
    """
    if issued_at.tzinfo is None:
        raise ValueError("a document is issued at an instant, which needs a zone")
    sheet = {
        **_legible_values(data),
        "language": language,
        "attachments": [asdict(attachment) for attachment in attachments],
    }

    text = json.dumps(sheet, ensure_ascii=False)
    folders = [str(folder) for folder in font_folders()]
    job = Job(_program(template_name, text), str(TEMPLATES), folders, standards, int(issued_at.timestamp()))
    try:
        is_heavy = _has_wide_signs(text)
        with _one_heavy_at_a_time if is_heavy else _one_at_a_time:
            return compile_beside(job, is_heavy=is_heavy)
    except NotCompiled as no:
        raise DocumentNotRendered(f"{template_name}: {no}") from no


def _program(template_name: str, sheet: str) -> str:
    """Return the program that calls the template with the facts as one literal.

    The facts are not given as inputs of the compiler: new inputs make it forget all that it has set before, while
    a literal lets it keep the parts of a sheet that do not change (three times as many invoices a second).
    """
    literal = sheet.replace("\\", "\\\\").replace('"', '\\"')
    return f'#import "/{template_name}": document-of\n#document-of(json(bytes("{literal}")))\n'


def _has_wide_signs(text: str) -> bool:
    """Tell whether the heavy font is needed: the signs of Chinese, Japanese and Korean stand in wide cells."""
    return not text.isascii() and any(unicodedata.east_asian_width(sign) in WIDE for sign in set(text))


def _legible_values(value: Any) -> Any:  # any JSON value
    if isinstance(value, str):
        return legible(value)
    if isinstance(value, Mapping):
        return {key: _legible_values(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_legible_values(item) for item in value]
    return value
