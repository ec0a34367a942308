import gzip
import random
import re

import pytest
from tests.domain.billing.readers.test_camt_entries import DAY
from tests.factories.camt import ACCOUNT, NAMESPACE, balance, detail, document, entry, read, refusal_of, statement

from chancery.foundation.ruling import Refused
from chancery.interfaces.demo.camt import CamtDetail, CamtEntry, CamtStatement, camt_file

GOOD = document(statement(balance("OPBD", "0"), balance("CLBD", "1500"), entry(details=detail())))


def namespace_of(name):
    return f'xmlns="urn:iso:std:iso:20022:tech:xsd:{name}"'


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "empty", "the file is empty"),
        (b" \n", "empty", "the file is empty"),
        (b"\0" * 9000, "empty", "the file is empty"),
        (gzip.compress(GOOD), "unsupported", "gzip"),
        (b"PK\x03\x04rest", "unsupported", "ZIP"),
        (b"%PDF-1.7", "unsupported", "PDF"),
        (b"Date;Amount\n2024-10-21;1500\n", "unsupported", "no bank statement in a format we read"),
        (b"<html><body/></html>", "root", "no bank statement"),
        (b"<Document/>", "root", "no bank statement"),
        (b"<Document><Other/></Document>", "root", "no bank statement"),
        (b"<?xml version='1.0'?>", "broken", "broken"),
        (b"<!-- only a remark -->", "broken", "broken"),
        (document(), "empty", "no statement"),
        (document(statement(), namespace=namespace_of("camt.053.001.15")), "version", "version 15"),
        (document(statement(), namespace=namespace_of("camt.053.001.01")), "version", "version 01"),
        (document(statement(), namespace=namespace_of("camt.052.001.08")), "root", "camt.052.001.08 is declared"),
        (GOOD[:-20], "broken", "broken or cut off"),
        (GOOD[: len(GOOD) // 2], "broken", "broken or cut off"),
        (GOOD + b"more", "broken", "broken or cut off"),
        (GOOD.replace(b"2024-10-22", b"2024\x0010-22"), "broken", "0x0"),
        (GOOD.replace(b"<Sts>", b"<x:Sts>", 1).replace(b"</Sts>", b"</x:Sts>", 1), "missing", "Sts is missing"),
        (GOOD.replace(b"S-1", b"S&other;1"), "broken", "broken"),
        (GOOD.replace(b"S-1", b"S\xff1"), "broken", "broken"),
        (GOOD.replace(b"UTF-8", b"UTF-8000"), "encoding", "not known"),
        (GOOD.replace(b"UTF-8", b"unicode_escape"), "encoding", "no encoding for a statement"),
        (GOOD.replace(b"UTF-8", b"rot13"), "encoding", "not known"),
    ],
)
def test_what_is_no_statement_is_refused(content, code, words):
    refused = refusal_of(content)

    assert refused is not None
    assert (refused.code, refused.ruling.reasons) == (code, (f"statement.{code}",))
    assert words in refused.reason


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('"EUR">|1500.00', "-1500.00", "amount"),
        ('"EUR">|1500.00', "1,500.00", "amount"),
        ('"EUR">|1500.00', "1e3", "amount"),
        ('"EUR">|1500.00', "NaN", "amount"),
        ('"EUR">|1500.00', "", "amount"),
        ('"EUR">|1500.00', "\u0661\u0665\u0660\u0660", "amount"),
        ('"EUR">|1500.00', "1_500", "amount"),
        ('"EUR">|1500.00', "9" * 19, "amount"),
        ('"EUR">|1500.00', "9" * 18, "amount"),
        ('"EUR">|1500.00', "1500.001", "digits"),
        ('"EUR">|1500.00', "15<b/>00", "mixed"),
        ("<Sts>|<Cd>BOOK</Cd>", "", "status"),
        ("</Amt>|<CdtDbtInd>CRDT</CdtDbtInd><Sts>", "<Sts>", "missing"),
        ("</Amt>|<CdtDbtInd>CRDT</CdtDbtInd><Sts>", "<CdtDbtInd>credit</CdtDbtInd><Sts>", "direction"),
        ("|<Sts><Cd>BOOK</Cd></Sts>", "", "missing"),
        ("|<Sts><Cd>BOOK</Cd></Sts>", "<Sts>BOOK</Sts><Sts>PDNG</Sts>", "twice"),
        ("|<Sts><Cd>BOOK</Cd></Sts>", '<Amt Ccy="EUR">1</Amt><Sts>BOOK</Sts>', "twice"),
        ("|<Sts><Cd>BOOK</Cd></Sts>", "<RvslInd>maybe</RvslInd><Sts>BOOK</Sts>", "flag"),
        ("<BookgDt><Dt>|2024-10-21", "2024-02-30", "date"),
        ("<BookgDt><Dt>|2024-10-21", "21.10.2024", "date"),
        ("<BookgDt><Dt>|2024-10-21", "2024-W43-1", "date"),
        ("<BookgDt><Dt>|2024-10-21", "0000-01-01", "date"),
        ("<BookgDt>|<Dt>2024-10-21</Dt>", "", "date"),
        ("<CreDtTm>|2024-10-21T06:00:00+02:00", "yesterday", "date"),
        ('|Ccy="EUR">1500.00', 'Ccy="euro">1500.00', "currency"),
        ("|<Ccy>EUR</Ccy>", "<Ccy>€</Ccy>", "currency"),
        (f"|<Acct><Id><IBAN>{ACCOUNT}</IBAN></Id><Ccy>EUR</Ccy></Acct>", "", "account"),
        ('</Tp>|<Amt Ccy="EUR">0</Amt>', "", "missing"),
        ("|<TxDtls>", '<TxDtls><Amt Ccy="EUR">many</Amt>', "amount"),
        ("|<TxDtls>", '<TxDtls><Amt Ccy="USD">many</Amt>', "amount"),
        ("|<TxDtls>", '<TxDtls><Chrgs><Rcrd><Amt Ccy="EUR">0.001</Amt></Rcrd></Chrgs>', "digits"),
        (
            "|<TxDtls>",
            '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/hosts"/><TxDtls>',
            "inclusion",
        ),
    ],
)
def test_what_decides_about_money_is_right_or_the_file_is_refused_with_the_place(old, new, code):
    before, _, wrong = old.partition("|")
    text = GOOD.decode()
    assert before + wrong in text
    refused = refusal_of(text.replace(before + wrong, before + new, 1).encode())

    assert refused is not None
    assert refused.code == code
    assert re.fullmatch(r"line [1-9][0-9]*, (Stmt|BkToCstmrStmt)(/[A-Za-z]+)*", refused.place)
    assert refused.detail == f"{refused.place}: {refused.reason}"
    assert isinstance(refused, Refused)


@pytest.mark.parametrize("day", ["0001-01-01", "1989-12-31", "2100-01-01", "9999-12-31"])
@pytest.mark.parametrize("of", ["BookgDt", "ValDt"])
def test_a_day_at_the_edge_of_the_calendar_is_no_day_of_a_bank(of, day):
    told = re.sub(rf"(<{of}><Dt>)[-0-9]+", rf"\g<1>{day}", GOOD.decode())
    assert day in told

    refused = refusal_of(told.encode())

    assert (refused.code, day in refused.detail) == ("date", True)
    assert re.fullmatch(r"line [1-9][0-9]*", refused.place)


@pytest.mark.parametrize("lines", [10, 40_000], ids=["a short file", "more lines than 65,535"])
def test_the_place_is_the_line_of_the_fault(lines):
    good = f"\n{entry()}\n\n"
    content = document(statement(good * lines, f"\n{entry('broken')}"))
    refused = refusal_of(content)

    expected = content.decode()[: content.decode().index("broken")].count("\n") + 1
    assert refused is not None
    assert refused.place == f"line {expected}, Stmt/Ntry/Amt"


DOCUMENT_TYPES = {
    "a document type": "<!DOCTYPE Document>",
    "an entity": '<!DOCTYPE Document [<!ENTITY x "y">]>',
    "an outer document type": '<!DOCTYPE Document SYSTEM "file:///etc/hosts">',
    "an outer entity": '<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/hosts">]>',
    "an outer parameter entity": '<!DOCTYPE Document [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]>',
    "many laughs": '<!DOCTYPE Document [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 20}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>",
    "a remark as long as a piece before it": f"<!-- {'x' * 10_000} --><!DOCTYPE Document>",
}


@pytest.mark.parametrize("declared", DOCUMENT_TYPES.values(), ids=DOCUMENT_TYPES)
@pytest.mark.parametrize("used", ["S-1", "&x;", "&i;"], ids=["unused", "used", "all laughs used"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32", "cp500"])
def test_a_document_type_is_refused_in_every_disguise(declared, used, encoding):
    text = GOOD.decode().replace("<Document ", f"{declared}<Document ").replace("UTF-8", encoding)
    refused = refusal_of(text.replace("S-1", used).encode(encoding))

    assert refused is not None
    assert refused.code in {"doctype", "broken"}


def test_a_file_of_remarks_is_not_read_for_ever():
    refused = refusal_of(b"<?xml version='1.0'?>" + b"<!-- nothing -->" * 200_000)

    assert refused is not None
    assert refused.code == "empty"


def test_deep_nesting_is_refused():
    refused = refusal_of(document(statement("<a>" * 5000 + "</a>" * 5000)))

    assert refused is not None
    assert refused.code == "broken"


SEEDS = (
    camt_file(
        CamtStatement(
            ACCOUNT,
            [
                CamtEntry(150_000, DAY, payer_name="City", reference="RF18539007547034", charges_cents=5),
                CamtEntry(-700, DAY, remittance=("Hotel",), bank_reference="B1", reversal=True),
                CamtEntry(300, DAY, details=(CamtDetail(100), CamtDetail(200, payer_name="Two"))),
            ],
        )
    ),
    camt_file(CamtStatement(ACCOUNT, [CamtEntry(1, DAY, status="PDNG")]), version=2, prefix="c", encoding="utf-16"),
    GOOD,
)
SPLICES = (b"<", b">", b"&", b"\0", b"-", b"9" * 30, b"</Stmt>", b"<Stmt>", b"<Ntry/>", b"<TxDtls/>", b"\xff\xfe", b'"')


def mutated(random_: random.Random, content: bytes) -> bytes:
    """Cut, double, move, flip or splice one or two pieces of a file."""
    data = bytearray(content)
    for _ in range(random_.randint(1, 2)):
        start = random_.randrange(len(data))
        end = min(start + random_.randint(1, 60), len(data))
        piece = bytes(data[start:end])
        match random_.randrange(5):
            case 0:
                del data[start:end]
            case 1:
                data[start:start] = piece
            case 2:
                data[start] = random_.randrange(256)
            case 3:
                data[start:end] = random_.choice(SPLICES)
            case _:
                tags = [found.span() for found in re.finditer(rb"<[A-Za-z]+[^>]*>[^<]*</[A-Za-z]+>", bytes(data))]
                if tags:
                    first, last = random_.choice(tags)
                    leaf = bytes(data[first:last])
                    del data[first:last]
                    at = random_.choice(tags)[0]
                    data[at:at] = leaf
    return bytes(data)


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(seed):
    random_ = random.Random(seed)  # noqa: S311 -- the same damage every time
    outcomes = set()
    for _ in range(500):
        refused = refusal_of(mutated(random_, random_.choice(SEEDS)))
        outcomes.add("read" if refused is None else "refused")

    assert outcomes == {"read", "refused"}


def test_the_good_file_of_these_tests_is_good():
    assert read(GOOD).statements[0].closed.balanced is True
    assert NAMESPACE.encode() in GOOD
