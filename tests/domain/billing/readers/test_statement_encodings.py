import codecs

import pytest
from tests.factories.camt import detail, document, entry, read, refusal_of, statement

NAME = "Köln"
TEXT = document(
    statement(entry(details=detail(f"<RltdPties><Dbtr><Nm>{NAME}</Nm></Dbtr></RltdPties>"))),
    prolog='<?xml version="1.0" encoding="UTF-8"?>\n',
).decode()


def in_encoding(name, declared=None):
    return TEXT.replace("UTF-8", declared or name).encode(name)


@pytest.mark.parametrize(
    "content",
    [
        in_encoding("utf-8"),
        codecs.BOM_UTF8 + in_encoding("utf-8"),
        codecs.BOM_UTF8 + in_encoding("utf-8", "ISO-8859-1"),
        TEXT.partition("\n")[2].encode(),
        b"\n\n" + TEXT.partition("\n")[2].encode(),
        in_encoding("utf-16"),
        codecs.BOM_UTF16_BE + in_encoding("utf-16-be", "UTF-16"),
        in_encoding("utf-16-le", "UTF-16"),
        in_encoding("utf-16", "utf-8"),
        in_encoding("utf-32"),
        in_encoding("iso-8859-1"),
        in_encoding("iso-8859-15"),
        in_encoding("windows-1252"),
        in_encoding("cp850"),
        in_encoding("cp437"),
        in_encoding("macintosh"),
        in_encoding("gb18030"),
        in_encoding("cp037"),
        in_encoding("cp500"),
    ],
    ids=[
        "UTF-8",
        "a mark before UTF-8",
        "the mark is right, the declaration wrong",
        "no declaration",
        "blank lines before",
        "UTF-16",
        "big-endian UTF-16",
        "UTF-16 without a mark",
        "UTF-16 declared as UTF-8",
        "UTF-32",
        "Latin 1",
        "Latin 9",
        "Windows",
        "DOS that the parser knows",
        "DOS that it does not know",
        "Macintosh",
        "Chinese",
        "mainframe",
        "another mainframe",
    ],
)
def test_every_encoding_tells_the_same(content):
    assert read(content).statements[0].entries[0].payer_name == NAME


def test_bytes_that_are_not_of_the_declared_encoding_are_refused():
    wrong = in_encoding("utf-8").replace(b"\xc3\xb6", b"\xf6")
    mainframe = in_encoding("utf-32")[:-3]

    assert (refusal_of(wrong).code, refusal_of(mainframe).code) == ("broken", "encoding")
