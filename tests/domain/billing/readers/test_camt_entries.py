from datetime import date

import pytest
from tests.factories.camt import ACCOUNT, balance, detail, document, entry, read, read_entries, statement

from chancery.domain.billing.readers import StatementEntry
from chancery.domain.billing.states import EntryStatus
from chancery.interfaces.demo.camt import CamtEntry, CamtStatement, camt_file

DAY = date(2024, 10, 21)
REFERENCE = "RF18539007547034"


def only(*inner: str) -> StatementEntry:
    (found,) = read_entries(*inner)
    return found


def parties(inner: str) -> str:
    return entry(details=detail(f"<RltdPties>{inner}</RltdPties>"))


@pytest.mark.parametrize("version", range(2, 15))
@pytest.mark.parametrize(
    "shape", [{}, {"prefix": "camt"}, {"bare": True}], ids=["default namespace", "prefix", "elements in no namespace"]
)
def test_every_version_and_namespace_tells_the_same(version, shape):
    told = CamtEntry(
        150_000,
        DAY,
        value_date=date(2024, 10, 22),
        payer_name="Ajuntament d'Exemple",
        payer_iban="FR1420041010050500013M02606",
        reference=REFERENCE,
        remittance=("Diploma fee", "second line"),
        end_to_end_id="E2E-1",
        bank_reference="BANK-1",
        charges_cents=250,
    )
    content = read(camt_file(CamtStatement(ACCOUNT, [told], opening_cents=100), version=version, **shape))

    (found,) = content.statements
    (read_entry,) = found.entries
    assert content.name == f"camt.053.001.{version:02d}"
    assert (found.opened.account, found.opened.currency) == (ACCOUNT, "EUR")
    assert (found.closed.opening_cents, found.closed.closing_cents, found.closed.balanced) == (100, 150_100, True)
    assert (read_entry.amount_cents, read_entry.currency, read_entry.charges_cents) == (150_000, "EUR", 250)
    assert (read_entry.booking_date, read_entry.value_date) == (DAY, date(2024, 10, 22))
    assert (read_entry.payer_name, read_entry.payer_iban) == ("Ajuntament d'Exemple", "FR1420041010050500013M02606")
    assert (read_entry.creditor_reference, read_entry.remittance) == (REFERENCE, "Diploma fee second line")
    assert (read_entry.end_to_end_id, read_entry.bank_reference) == ("E2E-1", "BANK-1")


@pytest.mark.parametrize(
    ("family", "root", "statement_name"),
    [("camt.052", "BkToCstmrAcctRpt", "Rpt"), ("camt.054", "BkToCstmrDbtCdtNtfctn", "Ntfctn")],
)
@pytest.mark.parametrize("version", [2, 6, 8, 14])
def test_reports_and_notifications_hold_the_same_entries(family, root, statement_name, version):
    statement = CamtStatement(ACCOUNT, [CamtEntry(150_000, DAY, reference=REFERENCE)], opening_cents=100)
    names = {"camt.053": family, "BkToCstmrStmt": root, "Stmt>": f"{statement_name}>"}
    text = camt_file(statement, version=version)
    for name, other in names.items():
        text = text.replace(name.encode(), other.encode())

    content = read(text)

    (found,) = content.statements
    assert content.name == f"{family}.001.{version:02d}"
    assert [(entry.amount_cents, entry.creditor_reference) for entry in found.entries] == [(150_000, REFERENCE)]


def test_a_notification_has_no_balances_and_none_is_missed():
    text = (
        document(statement(entry()))
        .replace(b"camt.053", b"camt.054")
        .replace(b"BkToCstmrStmt", b"BkToCstmrDbtCdtNtfctn")
    )

    (found,) = read(text.replace(b"Stmt>", b"Ntfctn>")).statements

    assert (found.closed.opening_cents, found.closed.closing_cents, found.closed.balanced) == (None, None, None)


@pytest.mark.parametrize(
    ("direction", "reversal", "cents"),
    [
        ("CRDT", "", 150_000),
        ("DBIT", "", -150_000),
        ("CRDT", "<RvslInd>true</RvslInd>", 150_000),
        ("DBIT", "<RvslInd>1</RvslInd>", -150_000),
        ("DBIT", "<RvslInd>false</RvslInd>", -150_000),
    ],
    ids=["credit", "debit", "credit taken back", "debit taken back", "debit said not to be taken back"],
)
def test_the_direction_comes_from_the_indicator_alone(direction, reversal, cents):
    found = only(entry(direction=direction, after=reversal))

    assert found.amount_cents == cents
    assert found.reversal is (reversal not in {"", "<RvslInd>false</RvslInd>"})


@pytest.mark.parametrize(
    ("status", "read_as"),
    [
        ("<Sts>BOOK</Sts>", EntryStatus.BOOKED),
        ("<Sts> BOOK\n</Sts>", EntryStatus.BOOKED),
        ("<Sts><Cd>BOOK</Cd></Sts>", EntryStatus.BOOKED),
        ("<Sts><Cd>PDNG</Cd></Sts>", EntryStatus.PENDING),
        ("<Sts>FUTR</Sts>", EntryStatus.PENDING),
        ("<Sts>INFO</Sts>", EntryStatus.INFO),
        ("<Sts><Prtry>BOOKED-ISH</Prtry></Sts>", EntryStatus.INFO),
    ],
)
def test_only_book_is_money(status, read_as):
    opening, closing = balance("OPBD", "0"), balance("CLBD", "1500" if read_as is EntryStatus.BOOKED else "0")
    found = read(document(statement(opening, closing, entry(status=status)))).statements[0]

    assert found.entries[0].status is read_as
    assert found.closed.balanced is True


@pytest.mark.parametrize(
    ("inner", "name", "iban"),
    [
        ("<Dbtr><Nm>City</Nm></Dbtr>", "City", None),
        ("<Dbtr><Pty><Nm>City</Nm></Pty></Dbtr>", "City", None),
        ("<Dbtr><Agt><FinInstnId><Nm>Bank</Nm></FinInstnId></Agt></Dbtr>", "Bank", None),
        ("<UltmtDbtr><Nm>City</Nm></UltmtDbtr>", "City", None),
        ("<Dbtr><Nm>Treasury</Nm></Dbtr><UltmtDbtr><Nm>City</Nm></UltmtDbtr>", "Treasury", None),
        ("<Cdtr><Nm>Ourselves</Nm></Cdtr>", None, None),
        ("<DbtrAcct><Id><IBAN>gb82 WEST 12345698765432</IBAN></Id></DbtrAcct>", None, "GB82WEST12345698765432"),
        ("<DbtrAcct><Id><Othr><Id>GB82WEST12345698765432</Id></Othr></Id></DbtrAcct>", None, "GB82WEST12345698765432"),
        ("<DbtrAcct><Id><Othr><Id>12-345</Id></Othr></Id></DbtrAcct>", None, None),
        (
            (
                f"<Dbtr><Nm>Ourselves</Nm></Dbtr><DbtrAcct><Id><IBAN>{ACCOUNT}</IBAN></Id></DbtrAcct>"
                "<Cdtr><Nm>City</Nm></Cdtr>"
            ),
            "City",
            None,
        ),
    ],
    ids=[
        "name until version 07",
        "name from version 08 on",
        "a bank",
        "only the one behind",
        "both",
        "only ourselves",
        "account",
        "IBAN as another id",
        "no IBAN",
        "roles of the first payment",
    ],
)
def test_the_payer_is_the_other_party_of_a_credit(inner, name, iban):
    found = only(parties(inner))

    assert (found.payer_name, found.payer_iban) == (name, iban)


def test_a_debit_has_no_payer_but_a_counterparty():
    found = only(
        entry(direction="DBIT", details=detail("<RltdPties><Cdtr><Pty><Nm>Hotel</Nm></Pty></Cdtr></RltdPties>"))
    )

    assert found.payer_name is None
    assert found.counterparty_name == "Hotel"


@pytest.mark.parametrize(
    ("inner", "reference", "text"),
    [
        ("<Ustrd>Invoice</Ustrd><Ustrd>M2-1</Ustrd>", None, "Invoice M2-1"),
        (f"<Strd><CdtrRefInf><Ref>{REFERENCE}</Ref></CdtrRefInf></Strd>", REFERENCE, ""),
        (
            (
                f"<Strd><CdtrRefInf><Ref>X1</Ref></CdtrRefInf></Strd>"
                f"<Strd><CdtrRefInf><Ref>{REFERENCE}</Ref></CdtrRefInf></Strd>"
            ),
            REFERENCE,
            "",
        ),
        ("<Strd><AddtlRmtInf>in words</AddtlRmtInf></Strd>", None, "in words"),
        ("<Ustrd>10<!-- a remark -->0<![CDATA[ & more]]></Ustrd>", None, "100 & more"),
    ],
    ids=["split text", "structured", "right check digits first", "structured words", "remarks and sections"],
)
def test_references_and_texts_are_found_where_banks_put_them(inner, reference, text):
    found = only(entry(details=detail(f"<RmtInf>{inner}</RmtInf>")))

    assert (found.creditor_reference, found.remittance) == (reference, text)


def test_an_entry_without_details_is_one_object_with_the_words_of_the_bank():
    found = only(entry(after="<AddtlNtryInf>Interest</AddtlNtryInf>"))

    assert (found.amount_cents, found.remittance, found.creditor_reference) == (150_000, "Interest", None)


@pytest.mark.parametrize(
    ("amount", "currency", "cents"),
    [
        ("1500", "EUR", 150_000),
        ("1500.5", "EUR", 150_050),
        ("0008.85000", "EUR", 885),
        (".5", "EUR", 50),
        ("1500.", "EUR", 150_000),
        ("1500", "JPY", 1500),
        ("1500.00", "JPY", 1500),
        ("1500.125", "KWD", 1_500_125),
        ("1.5", "KWD", 1500),
        ("0.0001", "CLF", 1),
    ],
)
def test_amounts_are_minor_units_by_the_currency(amount, currency, cents):
    found = only(entry(amount, currency=f'Ccy="{currency}"'))

    assert (found.amount_cents, found.currency) == (cents, currency)


@pytest.mark.parametrize(
    ("booked", "day"),
    [
        ("<BookgDt><Dt>2024-10-21</Dt></BookgDt>", DAY),
        ("<BookgDt><Dt>2024-10-21+02:00</Dt></BookgDt>", DAY),
        ("<BookgDt><DtTm>2024-10-21T23:59:59.999+02:00</DtTm></BookgDt>", DAY),
        ("", None),
    ],
    ids=["day", "day with zone", "instant", "absent"],
)
def test_the_booking_day_is_the_one_the_bank_wrote(booked, day):
    assert only(entry(booked=booked)).booking_date == day


@pytest.mark.parametrize(
    ("charges", "cents"),
    [
        (
            '<Chrgs><TtlChrgsAndTaxAmt Ccy="EUR">15</TtlChrgsAndTaxAmt><Rcrd><Amt Ccy="EUR">15</Amt></Rcrd></Chrgs>',
            1500,
        ),
        ('<Chrgs><Rcrd><Amt Ccy="EUR">10</Amt></Rcrd><Rcrd><Amt Ccy="EUR">5</Amt></Rcrd></Chrgs>', 1500),
        ('<Chrgs><Amt Ccy="EUR">10</Amt></Chrgs><Chrgs><Amt Ccy="EUR">5</Amt></Chrgs>', 1500),
        (
            (
                '<Chrgs><Rcrd><Amt Ccy="EUR">20</Amt><CdtDbtInd>DBIT</CdtDbtInd></Rcrd>'
                '<Rcrd><Amt Ccy="EUR">5</Amt><CdtDbtInd>CRDT</CdtDbtInd></Rcrd></Chrgs>'
            ),
            1500,
        ),
        ('<Chrgs><Rcrd><Amt Ccy="EUR">5</Amt><CdtDbtInd>CRDT</CdtDbtInd></Rcrd></Chrgs>', 0),
        ('<Chrgs><Rcrd><Amt Ccy="USD">5</Amt></Rcrd></Chrgs>', 0),
    ],
    ids=["total and records", "records", "blocks of version 02", "one given back", "only given back", "other currency"],
)
@pytest.mark.parametrize("where", ["entry", "detail", "both"])
def test_charges_are_one_sum(charges, cents, where):
    inside = detail(charges if where != "entry" else "<Refs/>")

    assert only(entry("985.00", after=charges if where != "detail" else "", details=inside)).charges_cents == cents


def test_what_other_namespaces_put_into_supplementary_data_does_not_count():
    hidden = f"<SplmtryData><Envlp>{statement(entry('9.00'))}{entry('8.00')}</Envlp></SplmtryData>"
    content = read(document(statement(entry(details=detail(hidden), after=hidden), hidden)))

    assert [found.amount_cents for found in content.statements[0].entries] == [150_000]
    assert len(content.statements) == 1


def test_the_raw_text_of_an_entry_is_kept():
    found = only(entry(details=detail("<RmtInf><Ustrd>as it came</Ustrd></RmtInf>")))

    assert "<Ustrd>as it came</Ustrd>" in found.raw
    assert (found.raw[:5], found.raw[-7:]) == ("<Ntry", "</Ntry>")
