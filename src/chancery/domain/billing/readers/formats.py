"""The formats we read, told apart by their first bytes. A new one is a line here and a module beside."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from chancery.domain.billing.readers.content import StatementEvent
from chancery.domain.billing.readers.csv_mapping import CsvMapping
from chancery.domain.billing.readers.csv_statement import read_csv, recognises_csv
from chancery.domain.billing.readers.mt940 import read_mt940
from chancery.domain.billing.readers.mt940_fields import looks_like_mt940
from chancery.domain.billing.readers.refusal import StatementRefused
from chancery.domain.billing.readers.sources import Source
from chancery.domain.billing.readers.xml_messages import looks_like_xml, read_xml


@dataclass(frozen=True, slots=True)
class Format:
    """How a format is recognised, and its reader."""

    name: str
    recognises: Callable[[bytes], bool]
    read: Callable[[Source], Iterator[StatementEvent]]


FORMATS = (Format("xml", looks_like_xml, read_xml), Format("mt940", looks_like_mt940, read_mt940))
# What people hand in by mistake, by the first bytes: the refusal tells them what to do instead.
KNOWN_BY_SIGHT = {
    b"\x1f\x8b": "the file is compressed (gzip): unpack it first",
    b"PK\x03\x04": "the file is a ZIP archive or a spreadsheet: unpack it, or ask the bank for camt.053 or MT940",
    b"%PDF": "the file is a PDF: ask the bank for camt.053 or MT940",
}


def read_format(source: Source, mappings: Sequence[CsvMapping] = ()) -> Iterator[StatementEvent]:
    """Read a file in whichever format it is; a CSV by the first mapping whose columns its header holds.

    :raises StatementRefused: when it is empty or in none that we read.
    """
    head = source.peek()
    if not head.strip(b" \t\r\n\x00"):
        raise StatementRefused("empty", "the file is empty", "line 1")
    for known in FORMATS:
        if known.recognises(head):
            return known.read(source)
    for mapping in mappings:
        if recognises_csv(head, mapping):
            return read_csv(source, mapping)
    for start, words in KNOWN_BY_SIGHT.items():
        if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(start):
            raise StatementRefused("unsupported", words, "line 1")
    told = "no bank statement in a format we read (camt, MT940); a CSV needs a mapping that knows its header"
    raise StatementRefused("unsupported", told, "line 1")
