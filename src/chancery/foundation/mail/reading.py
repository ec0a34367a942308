"""Read a raw message: who, which thread, whether a person wrote it, and the person's own words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import getaddresses, parsedate_to_datetime

from lxml import etree
from lxml import html as lxml_html

from chancery.foundation.mail.states import MailClass

TOKEN = re.compile(r"\+([a-z2-7]{20})@", re.IGNORECASE)
RECIPIENT_HEADERS = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
BULK = frozenset({"bulk", "list", "junk", "auto_reply"})
SILENT_TAGS = frozenset({"script", "style", "blockquote", "head", "title"})
LINE_TAGS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3"})
LARGEST_TEXT = 100_000  # characters kept of a body: more is no letter
# Of a header and of a message no more is read than this: reading takes longer than their length grows.
LONGEST_HEADER = 4_000
LARGEST_READ = 10 * 1024 * 1024
_QUOTED_FROM = re.compile(r"^\s*(on|el|le|am|il)\b.{5,200}(wrote|escribió|va escriure|a écrit)\s*:\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReadMail:
    """What a message says of itself; ``received_at`` is our server's stamp and null where there is none."""

    message_id: str
    sender: str
    subject: str
    kind: MailClass
    tokens: tuple[str, ...]
    answers: tuple[str, ...]
    own_text: str
    received_at: datetime | None


class ShortHeaders(EmailPolicy):
    """Reads the beginning of each header only, whoever wrote them."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Return name and value of a header as they came."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[:LONGEST_HEADER]


def read_mail(raw: bytes) -> ReadMail:
    """Read a raw message; broken parts are read as far as they go, never refused.

    What is so broken that the reader fails, on purpose or not, counts as a mail of its thread for a person to open.
    """
    try:
        return _read(raw)
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError):
        return _unreadable(raw)


def _read(raw: bytes) -> ReadMail:
    message = message_from_bytes(raw[:LARGEST_READ], policy=ShortHeaders())
    assert isinstance(message, EmailMessage)  # noqa: S101 (the default policy makes no other kind)
    kind = _kind(message)
    return ReadMail(
        message_id=_header(message, "Message-ID").strip()[:250],
        sender=_sender(message)[:254],
        subject=_header(message, "Subject")[:250],
        kind=kind,
        tokens=_tokens(message),
        answers=tuple(re.findall(r"<[^<>\s]+>", f"{_header(message, 'In-Reply-To')} {_header(message, 'References')}")),
        own_text=own_words(_text(message)),
        received_at=_received_at(message),
    )


def _unreadable(raw: bytes) -> ReadMail:
    """Return what is known of a message that cannot be read: at most its thread, by the head of it."""
    head = raw[:LONGEST_HEADER].decode("latin-1")
    return ReadMail(
        message_id="",
        sender="",
        subject="",
        kind=MailClass.OTHER,
        tokens=_tokens_in([head]),
        answers=(),
        own_text="",
        received_at=None,
    )


def own_words(text: str) -> str:
    """Return what the writer added, without the quoted message below or between."""
    import quotequail  # late: it takes long to load, and only processes that take mail in need it

    parts = quotequail.quote(text) or [(True, text)]
    own = "\n".join(words for shown, words in parts if shown)
    lines = [line for line in own.splitlines() if not line.startswith(">") and not _QUOTED_FROM.match(line)]
    return "\n".join(lines).strip()


def _kind(message: EmailMessage) -> MailClass:
    if message.get_content_type() == "multipart/report" or _header(message, "Return-Path").strip() == "<>":
        return MailClass.BOUNCE
    automatic = _header(message, "Auto-Submitted").strip().lower()
    if automatic not in {"", "no"} or _header(message, "Precedence").strip().lower() in BULK:
        return MailClass.AUTOMATIC
    if any(name in message for name in ("List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond")):
        return MailClass.AUTOMATIC
    if _header(message, "In-Reply-To") or _header(message, "References") or _tokens(message):
        return MailClass.REPLY
    return MailClass.OTHER


def _tokens(message: EmailMessage) -> tuple[str, ...]:
    return _tokens_in([str(value) for name in RECIPIENT_HEADERS for value in message.get_all(name, [])])


def _tokens_in(headers: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found.lower() for value in headers for found in TOKEN.findall(value)))


def _sender(message: EmailMessage) -> str:
    addresses = getaddresses([_header(message, "From")])
    return addresses[0][1] if addresses else ""


def _received_at(message: EmailMessage) -> datetime | None:
    stamps = message.get_all("Received", [])
    try:
        stamp = parsedate_to_datetime(str(stamps[0]).rpartition(";")[2].strip())
        return stamp.astimezone(UTC) if stamp.tzinfo else stamp.replace(tzinfo=UTC)
    except (IndexError, ValueError, TypeError, OverflowError):
        return None


def _text(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    try:
        content = str(body.get_content())
    except (LookupError, UnicodeError, KeyError):  # an unknown charset or a broken encoding
        payload = body.get_payload(decode=True)
        content = payload.decode("latin-1") if isinstance(payload, bytes) else ""
    if body.get_content_subtype() == "html":
        content = _text_of_html(content)
    return _storable(content.replace("\r\n", "\n"))[:LARGEST_TEXT]


def _text_of_html(content: str) -> str:
    if not content.strip():
        return ""
    try:
        root = lxml_html.fromstring(content.encode("utf-8", "replace"), parser=lxml_html.HTMLParser(encoding="utf-8"))
    except etree.ParserError:  # comments only
        return ""
    words: list[str] = []
    _gather(root, words)
    return "".join(words)


def _gather(element: etree._Element, words: list[str]) -> None:
    if not isinstance(element.tag, str) or element.tag in SILENT_TAGS or "gmail_quote" in element.get("class", ""):
        return
    words.append(element.text or "")
    for child in element:
        _gather(child, words)
        words.append(child.tail or "")
    if element.tag in LINE_TAGS:
        words.append("\n")


def _storable(text: str) -> str:
    """Return the text without what no database takes: null characters and halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _header(message: EmailMessage, name: str) -> str:
    """Return the value of a header on one line."""
    try:
        return " ".join(_storable(str(message.get(name, ""))).split())
    except (ValueError, IndexError, AttributeError):  # headers so broken that the parser stumbles
        return ""
