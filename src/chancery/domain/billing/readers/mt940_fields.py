"""The fields of a SWIFT MT940 message: tag, words and line, whatever envelope and encoding surround them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chancery.domain.billing.readers.refusal import StatementRefused
from chancery.domain.billing.readers.sources import Source

# Other tags may stand in a text by chance; only these begin a field.
TAG = re.compile(r"^:(20|21|25P?|28C?|NS|13D?|34F|60[FM]|61|62[FM]|64|65|86|90[CD]):")
# Ends of a message, and the blocks of an envelope around it.
END = re.compile(r"^(-(\}.*|[A-Z]{0,3})|\{5:.*)$")
ENVELOPE = re.compile(r"^\{[1-5]:")
LONGEST_LINE = 2_000
MOST_LINES = 60  # of one field; a text has six
MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


@dataclass(frozen=True, slots=True)
class Field:
    """A field with the lines of its words; ``line`` is where it begins."""

    tag: str
    words: tuple[str, ...]
    line: int

    @property
    def text(self) -> str:
        """The words on one line."""
        return " ".join(self.words).strip()

    @property
    def place(self) -> str:
        """Where a person finds the field."""
        return f"line {self.line}, :{self.tag}:"


def looks_like_mt940(head: bytes) -> bool:
    """Tell whether a file begins as an MT940 message does."""
    return re.search(rb"^\W{0,3}:(20|25P?|940):", _bare(head), re.MULTILINE) is not None


def fields(source: Source) -> Iterator[Field]:
    """Yield the fields in order; the end of a message is a field without words and with the tag ``-``.

    :raises StatementRefused: when a line or a field is longer than any bank writes.
    """
    tag, begun = "", 0
    words: list[str] = []
    for number, line in _lines(source):
        found = TAG.match(line)
        if found or END.match(line):
            if tag:
                yield Field(tag, tuple(words), begun)
            tag, words, begun = (found[1], [line[found.end() :]], number) if found else ("", [], 0)
            if not found:
                yield Field("-", (), number)
        elif tag and not ENVELOPE.match(line):
            words.append(line)
            if len(words) > MOST_LINES:
                raise StatementRefused("broken", "a field is longer than any bank writes", f"line {begun}, :{tag}:")
    if tag:
        yield Field(tag, tuple(words), begun)


def _lines(source: Source) -> Iterator[tuple[int, str]]:
    encoding = next((name for mark, name in MARKS.items() if source.peek(4).startswith(mark)), "")
    if encoding.startswith("utf-16"):
        yield from enumerate(_wide_lines(source, encoding), start=1)
        return
    rest, number = b"", 0
    while piece := source.read():
        *whole, rest = (rest + piece.replace(b"\r\n", b"\n")).split(b"\n")
        for line in whole:
            number += 1
            yield number, _words(line, number)
        if len(rest) > LONGEST_LINE:
            raise _too_long(number + 1)
    if rest:
        yield number + 1, _words(rest, number + 1)


def _wide_lines(source: Source, encoding: str) -> Iterator[str]:
    import codecs

    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    rest, number = "", 0
    try:
        while piece := source.read():
            *whole, rest = (rest + decoder.decode(piece)).split("\n")
            for line in whole:
                number += 1
                yield line.strip("\r\ufeff")
            if len(rest) > LONGEST_LINE:
                raise _too_long(number + 1)
        yield (rest + decoder.decode(b"", final=True)).strip("\r\ufeff")
    except UnicodeError as error:
        raise StatementRefused("encoding", f"the bytes are not {encoding}", f"line {number + 1}") from error


def _words(line: bytes, number: int) -> str:
    if len(line) > LONGEST_LINE:
        raise _too_long(number)
    bare = line.removeprefix(b"\xef\xbb\xbf").rstrip(b"\r")
    if b"\x00" in bare:
        raise StatementRefused("broken", "the line holds a null character", f"line {number}")
    try:
        return bare.decode("utf-8")
    except UnicodeDecodeError:
        return bare.decode("latin-1")


def _too_long(number: int) -> StatementRefused:
    return StatementRefused("broken", "the line is longer than any bank writes", f"line {number}")


def _bare(head: bytes) -> bytes:
    """Return the head of a file without what a wide encoding puts between its signs."""
    return head.replace(b"\x00", b"") if head.startswith((b"\xff\xfe", b"\xfe\xff")) else head
