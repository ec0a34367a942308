"""The words of a message that a reader sees: no attachment, no attached message, nothing hidden.

What stands in a quotation of the markup (``blockquote`` and what mail programs make of it) is kept apart already here;
quotations of plain text are found by :mod:`chancery.foundation.mail.quoting`.
"""

import codecs
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage

from lxml import etree
from lxml import html as lxml_html

from chancery.foundation.mail.quoting import Words, split_quoted

LARGEST_TEXT = 100_000  # characters kept of a body: more is no letter
MOST_LINES = 200_000  # lines and tags, far more than any letter has: what has more takes minutes
DEEPEST = 20  # parts within parts; what lies deeper is no letter
DEEPEST_MARKUP = 150
SILENT_TAGS = frozenset({"script", "style", "head", "title", "template", "noscript", "object", "select", "textarea"})
LINE_TAGS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "ul", "ol", "table", "hr", "pre"})
CELL_TAGS = frozenset({"td", "th"})
# Ways of writing that no letter is written in: some take minutes, some read what nobody wrote.
NO_CHARSETS = frozenset({"punycode", "idna", "undefined", "unicode-escape", "raw-unicode-escape"})
# How mail programs mark the message that they quote, by class or id.
QUOTE_MARKS = re.compile(
    r"gmail_quote|gmail_attr|yahoo_quoted|moz-cite-prefix|divRplyFwdMsg|OutlookMessageHeader|protonmail_quote"
    r"|zmail_extra|tutanota_quote|replyforwardmessage",
    re.IGNORECASE,
)
# After this mark of Outlook on the web all that follows is the quoted message.
QUOTE_FOLLOWS = "appendonsend"
_STILL_BASE64 = re.compile(rb"[A-Za-z0-9+/\s]{8,}")
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Gathered:
    """Text on its way out of markup."""

    own: list[str]
    quoted: list[str]
    all_quoted: bool = False


class TooManyLines(ValueError):  # exceptions are named as facts
    """The parts of a message have more lines than any letter, once they are decoded."""


def words_of(message: EmailMessage) -> Words:
    """Return the writer's own words and the quoted ones of a message.

    :raises TooManyLines: when it has more lines, or tags, than any letter.
    """
    own: list[str] = []
    quoted: list[str] = []
    left = MOST_LINES
    for part in _letters(message):
        text = storable(_decoded(part).replace("\r\n", "\n").replace("\r", "\n"))
        left -= text.count("\n") + (text.count("<") if part.get_content_type() == "text/html" else 0)
        if left < 0:
            raise TooManyLines
        words = _words_of_part(part, text)
        own.append(words.own)
        quoted.append(words.quoted)
    return Words("\n".join(filter(None, own))[:LARGEST_TEXT], "\n".join(filter(None, quoted))[:LARGEST_TEXT])


def storable(text: str) -> str:
    """Return the text without what no database takes: null characters and halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _letters(message: EmailMessage, depth: int = 0) -> Iterator[EmailMessage]:
    """Yield the text parts that a mail program shows as the letter itself."""
    kind = message.get_content_type()
    if depth > DEEPEST or (depth and _is_attached(message)):
        return
    if kind in {"text/plain", "text/html"} and not message.is_multipart():
        yield message
    elif kind == "multipart/alternative":
        yield from _best(message, depth)
    elif kind in {"multipart/related", "multipart/signed"}:
        for first in _parts(message)[:1]:
            yield from _letters(first, depth + 1)
    elif kind.startswith("multipart/") and kind not in {"multipart/report", "multipart/encrypted"}:
        for part in _parts(message):
            yield from _letters(part, depth + 1)


def _best(message: EmailMessage, depth: int) -> Iterator[EmailMessage]:
    """Yield the plain form, or the marked-up one where the plain form says nothing."""
    ways = [list(_letters(part, depth + 1)) for part in _parts(message)]
    plain = [way for way in ways if way and way[0].get_content_type() == "text/plain"]
    saying = [way for way in [*plain, *ways] if any(_decoded(part).strip() for part in way)]
    yield from saying[0] if saying else ()


def _parts(message: EmailMessage) -> list[EmailMessage]:
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, EmailMessage)] if isinstance(payload, list) else []


def _is_attached(message: EmailMessage) -> bool:
    return message.get_content_disposition() == "attachment" or bool(message.get_filename())


def _words_of_part(part: EmailMessage, text: str) -> Words:
    if part.get_content_type() == "text/html":
        return _words_of_markup(text)
    if str(part.get_param("format", "")).lower() == "flowed":
        text = _unflowed(text, delete_space=str(part.get_param("delsp", "")).lower() == "yes")
    return split_quoted(text[:LARGEST_TEXT])


def _decoded(part: EmailMessage) -> str:
    payload = _payload(part)
    for charset in (part.get_content_charset(), "utf-8", "cp1252"):
        try:
            if charset and codecs.lookup(charset).name not in NO_CHARSETS:
                return payload.decode(charset)
        except (LookupError, UnicodeError):
            continue
    return payload.decode("latin-1")


def _payload(part: EmailMessage) -> bytes:
    """Return the bytes of a part; base64 that breaks off is read as far as it goes."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return b""
    if str(part.get("Content-Transfer-Encoding", "")).strip().lower() != "base64" or not _STILL_BASE64.fullmatch(
        payload
    ):
        return payload
    letters = b"".join(payload.split())
    return b64decode(letters[: len(letters) - len(letters) % 4])


def _unflowed(text: str, *, delete_space: bool) -> str:
    """Return text with its soft line breaks joined (RFC 3676); quoted lines and signatures stay lines."""
    lines: list[str] = []
    is_open = False
    for line in text.split("\n"):
        if is_open and not line.startswith(">") and line != "-- ":
            lines[-1] += line.removeprefix(" ")
        else:
            lines.append(line)
        is_open = line.endswith(" ") and line != "-- " and not line.startswith(">")
        if is_open and delete_space:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)


def _words_of_markup(content: str) -> Words:
    if not content.strip():
        return Words("", "")
    try:
        root = lxml_html.fromstring(content.encode("utf-8"), parser=lxml_html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError):  # comments only
        return Words("", "")
    gathered = _Gathered([], [])
    _gather(root, gathered, quoted=False, depth=0)
    visible = split_quoted(_tidy("".join(gathered.own)[:LARGEST_TEXT]))
    quoted = _tidy("".join(gathered.quoted)[:LARGEST_TEXT])
    return Words(visible.own, "\n".join(filter(None, (visible.quoted, quoted))))


def _gather(element: etree._Element, gathered: _Gathered, *, quoted: bool, depth: int) -> None:
    if not isinstance(element.tag, str) or element.tag in SILENT_TAGS or _is_hidden(element) or depth > DEEPEST_MARKUP:
        return
    marks = f"{element.get('class', '')} {element.get('id', '')}"
    gathered.all_quoted |= QUOTE_FOLLOWS in marks
    quoted = quoted or element.tag == "blockquote" or bool(QUOTE_MARKS.search(marks))
    out = gathered.quoted if quoted or gathered.all_quoted else gathered.own
    if element.tag in LINE_TAGS:
        out.append("\n")
    out.append(_flat(element.text))
    for child in element:
        _gather(child, gathered, quoted=quoted, depth=depth + 1)
        (gathered.quoted if quoted or gathered.all_quoted else gathered.own).append(_flat(child.tail))
    if element.tag in LINE_TAGS and element.tag != "br":
        out.append("\n")
    elif element.tag in CELL_TAGS:
        out.append(" ")


def _is_hidden(element: etree._Element) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style", "")))


def _flat(text: str | None) -> str:
    """Return text of markup as it is shown: line breaks in the source are spaces."""
    return re.sub(r"[ \t\r\n\f]+", " ", text or "")


def _tidy(text: str) -> str:
    lines = [line.strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
