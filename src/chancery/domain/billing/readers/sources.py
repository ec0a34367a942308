"""Bytes of a file, whatever it is encoded in: a look at the head, then everything once, in pieces."""

import codecs
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from chancery.domain.billing.readers.refusal import StatementRefused

HEAD = 4096
PIECE = 65536
UTF_32_MARKS = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")
EBCDIC_XML = b"\x4c\x6f\xa7\x94"  # "<?xm" in every EBCDIC code page
DECLARED = re.compile(r"""^<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']""")
# Python calls these text encodings too; as the encoding of a document they only serve to hide something.
NO_DOCUMENT_ENCODINGS = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "utf-7", "undefined"}


class Source:
    """A binary stream that can be looked at before it is read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._kept = b""

    def peek(self, size: int = HEAD) -> bytes:
        """Return the next ``size`` bytes (fewer at the end) and keep them to be read again."""
        while len(self._kept) < size:
            piece = self._stream.read(max(size - len(self._kept), HEAD))
            if not piece:
                break
            self._kept += piece
        return self._kept[:size]

    def read(self, size: int = PIECE) -> bytes:
        """Return the next bytes: at most ``size``, none at the end."""
        if not self._kept:
            return self._stream.read(size if size > 0 else PIECE)
        piece, self._kept = self._kept[:size], self._kept[size:]
        return piece


class AsUtf8:
    """A stream in an encoding that the XML parser does not know, turned into UTF-8 on the way."""

    def __init__(self, source: Source, encoding: str) -> None:
        self._source = source
        self._encoding = encoding
        self._done = 0
        self._decoder = codecs.getincrementaldecoder(encoding)(errors="strict")

    def read(self, size: int = PIECE) -> bytes:
        """Return the next bytes as UTF-8; none at the end.

        :raises StatementRefused: when the bytes are none of the encoding.
        """
        try:
            while piece := self._source.read(size):
                self._done += len(piece)
                if text := self._decoder.decode(piece):
                    return text.encode("utf-8")
            self._decoder.decode(b"", final=True)
        except UnicodeError as error:
            place = f"within the first {self._done} bytes"
            raise StatementRefused("encoding", f"the bytes are not {self._encoding}: {error}", place) from error
        return b""


@contextmanager
def opened(source: str | Path | BinaryIO) -> Iterator[Source]:
    """Open a path, or take an open binary file as it is (and leave it open)."""
    if isinstance(source, str | Path):
        with Path(source).open("rb") as stream:
            yield Source(stream)
    else:
        yield Source(source)


def readable_xml(source: Source) -> tuple[Source, str | None]:
    """Return a stream the XML parser can read, and the encoding to force on it where it was turned.

    The parser reads what it knows by itself; the rest that Python knows (UTF-32, EBCDIC, old code pages) is
    turned here.

    :raises StatementRefused: when nobody knows the declared encoding.
    """
    encoding = _foreign_encoding(source.peek())
    if encoding is None:
        return source, None
    return Source(AsUtf8(source, encoding)), "utf-8"  # type: ignore[arg-type]  # only read() is called


def _foreign_encoding(head: bytes) -> str | None:
    if head.startswith(UTF_32_MARKS):
        return "utf-32"
    ebcdic = head.startswith(EBCDIC_XML)
    found = DECLARED.match(head.decode("cp037" if ebcdic else "latin-1", errors="replace"))
    if found is None:
        return "cp037" if ebcdic else None
    name = found[1]
    if not ebcdic and _parser_knows(name):
        return None
    return _python_name(name)


def _parser_knows(name: str) -> bool:
    try:
        etree.XMLParser(encoding=name)
    except LookupError:
        return False
    return True


def _python_name(name: str) -> str:
    try:
        "".encode(name)  # refuses what is no text encoding
        known = codecs.lookup(name).name
    except LookupError as error:
        raise StatementRefused("encoding", f"the encoding {name} is not known", "line 1") from error
    if known in NO_DOCUMENT_ENCODINGS:
        raise StatementRefused("encoding", f"{name} is no encoding for a statement", "line 1")
    return known
