"""Which XML message a file is: told by the names of its outermost elements, and read safely.

Nothing outside the file is ever fetched; a document type, an entity or an inclusion is refused.
"""

import re
from collections.abc import Iterator
from typing import cast

from lxml import etree

from chancery.domain.billing.readers.camt import NOTIFICATION, REPORT, STATEMENT, Message, read_message, watched
from chancery.domain.billing.readers.content import FileOpened, StatementEvent
from chancery.domain.billing.readers.elements import Element, line_of, local, place_of
from chancery.domain.billing.readers.refusal import StatementRefused
from chancery.domain.billing.readers.sources import Source, readable_xml

MESSAGES = {message.root: message for message in (REPORT, STATEMENT, NOTIFICATION)}
# Known by sight, so that the refusal can say what the file is.
OTHER_MESSAGES = {
    "CstmrCdtTrfInitn": "a payment order (pain.001)",
    "CstmrPmtStsRpt": "a payment status report (pain.002)",
}
FIRST_VERSION, LAST_VERSION = 2, 14
NAMESPACE = re.compile(r"camt\.(05[0-9])\.001\.([0-9]{2})")
LONGEST_PROLOG = 1_048_576
PROLOG_PIECE = 4096
INCLUSION = "{http://www.w3.org/2001/XInclude}*"
# Blanks, byte order marks and the padding of wide encodings before the first sign of an XML file.
BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"


def looks_like_xml(head: bytes) -> bool:
    """Tell whether a file begins as XML does, in any encoding."""
    return head.lstrip(BEFORE_XML).startswith(b"<") or head.startswith(b"\x4c\x6f\xa7\x94")


def read_xml(source: Source) -> Iterator[StatementEvent]:
    """Read the message in an XML file.

    :raises StatementRefused: when it is no message we read, or broken, or unsafe.
    """
    readable, encoding = readable_xml(source)
    message, version, place = _sniff(readable, encoding)
    yield FileOpened(f"{message.family}.001.{version}" if version else message.family)
    yield from read_message(_ends(readable, encoding, message), message, place)


def _ends(source: Source, encoding: str | None, message: Message) -> Iterator[Element]:
    context = etree.iterparse(
        source,
        events=("end",),
        tag=(*watched(message), INCLUSION),
        encoding=encoding,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    try:
        for _, element in context:
            if element.tag.startswith(INCLUSION[:-1]):
                raise StatementRefused("inclusion", "inclusions are not followed", place_of(element))
            yield element
    except etree.LxmlError as error:
        raise _broken(error, context.error_log) from error


def _sniff(source: Source, encoding: str | None) -> tuple[Message, str | None, str]:
    """Look at the outermost elements without taking anything from the stream."""
    outermost = _outermost(source, encoding)
    names = [local(element) for element in outermost]
    root = names[1] if names[0] == "Document" and len(names) > 1 else names[0]
    place = f"line {line_of(outermost[-1])}, {'/'.join(names)}"
    if root in OTHER_MESSAGES:
        raise StatementRefused("unsupported", f"this is {OTHER_MESSAGES[root]}, no bank statement", place)
    if root not in MESSAGES:
        raise StatementRefused("root", "this XML is no bank statement", place)
    message = MESSAGES[root]
    return message, _version(outermost, message), place


def _outermost(source: Source, encoding: str | None) -> list[Element]:
    """Parse just far enough to see the document element and, in an envelope, the message in it."""
    parser = etree.XMLPullParser(
        events=("start",), encoding=encoding, resolve_entities=False, load_dtd=False, no_network=True
    )
    found: list[Element] = []
    fed = 0
    try:
        while fed < LONGEST_PROLOG:
            piece = source.peek(fed + PROLOG_PIECE)[fed:]
            if not piece:
                parser.close()
                break
            parser.feed(piece)
            fed += len(piece)
            found.extend(_started(parser))
            if found:
                _refuse_document_type(found[0])
            if len(found) > 1 or (found and local(found[0]) != "Document"):
                return found[:2]
    except etree.LxmlError as error:
        if found and local(found[0]) != "Document":
            return found[:2]
        raise _broken(error, parser.error_log) from error
    if found:
        return found[:2]
    raise StatementRefused("empty", "the file holds no XML element", "line 1")


def _started(parser: etree.XMLPullParser) -> Iterator[Element]:
    for _, element in parser.read_events():
        yield cast(Element, element)


def _refuse_document_type(root: Element) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise StatementRefused("doctype", "a document type or entity is not accepted", "line 1")


def _version(outermost: list[Element], message: Message) -> str | None:
    """Return the version any namespace or schema location declares; null when none does.

    :raises StatementRefused: when it belongs to another message or is outside of what we read.
    """
    declared = " ".join(
        str(value) for element in outermost for value in (*element.nsmap.values(), *element.attrib.values())
    )
    found = NAMESPACE.search(declared)
    if found is None:
        return None
    place = f"line {line_of(outermost[0])}, {local(outermost[0])}"
    if f"camt.{found[1]}" != message.family:
        raise StatementRefused("root", f"{found[0]} is declared, but a {message.family} follows", place)
    if not FIRST_VERSION <= int(found[2]) <= LAST_VERSION:
        raise StatementRefused("version", f"version {found[2]} of {message.family} is not read", place)
    return found[2]


def _broken(error: etree.LxmlError, log: etree._ListErrorLog) -> StatementRefused:
    """Say what the parser says; for some faults only its log knows the line."""
    last = log[-1] if len(log) else None
    line = last.line if last is not None else (getattr(error, "position", None) or (0, 0))[0]
    words = " ".join((last.message if last is not None else str(error)).split())
    return StatementRefused("broken", f"the XML is broken or cut off: {words[:200]}", f"line {line}")
