"""MT940 as banks write it: each trap by its name."""

from datetime import date
from io import BytesIO

import pytest
from tests.factories.mt940 import ACCOUNT, message

from chancery.domain.billing.readers import StatementEntry, StatementFileContent, StatementRefused, read_file
from chancery.domain.billing.states import EntryStatus

REFERENCE = "RF18539007547034"


def read(text: str, encoding: str = "utf-8") -> StatementFileContent:
    return read_file(BytesIO(text.encode(encoding)))


def only(line: str, *further: str, closing: str = "") -> StatementEntry:
    (statement,) = read(message(f":61:{line}", *further, closing or ":62F:C241021EUR0,00")).statements
    (entry,) = statement.entries
    return entry


def test_a_whole_message_is_told_as_a_statement() -> None:
    content = read(message(":61:2410221021C1500,00NTRFNONREF//BANK-1", ":86:Diploma fee", ":62F:C241021EUR1600,00"))

    (statement,) = content.statements
    (entry,) = statement.entries
    assert content.name == "mt940"
    assert (statement.opened.account, statement.opened.currency) == (ACCOUNT, "EUR")
    assert (statement.closed.opening_cents, statement.closed.closing_cents) == (10_000, 160_000)
    assert statement.closed.balanced is True
    assert (entry.amount_cents, entry.currency, entry.status) == (150_000, "EUR", EntryStatus.BOOKED)
    assert (entry.booking_date, entry.value_date) == (date(2024, 10, 21), date(2024, 10, 22))
    assert (entry.remittance, entry.end_to_end_id, entry.bank_reference) == ("Diploma fee", None, "BANK-1")


@pytest.mark.parametrize(
    ("mark", "cents", "reversal", "status"),
    [
        ("C", 150_000, False, EntryStatus.BOOKED),
        ("D", -150_000, False, EntryStatus.BOOKED),
        ("RC", -150_000, True, EntryStatus.BOOKED),
        ("RD", 150_000, True, EntryStatus.BOOKED),
        ("CR", 150_000, False, EntryStatus.BOOKED),
        ("RCR", -150_000, True, EntryStatus.BOOKED),
        ("EC", 150_000, False, EntryStatus.PENDING),
        ("ED", -150_000, False, EntryStatus.PENDING),
    ],
    ids=[
        "credit",
        "debit",
        "credit taken back",
        "debit taken back",
        "funds code",
        "both",
        "expected",
        "expected debit",
    ],
)
def test_the_mark_gives_the_direction_once(mark: str, cents: int, reversal: bool, status: EntryStatus) -> None:
    entry = only(f"2410211021{mark}1500,NTRFNONREF")

    assert (entry.amount_cents, entry.reversal, entry.status) == (cents, reversal, status)


@pytest.mark.parametrize(
    ("days", "booked", "valued"),
    [
        ("2412301231", date(2024, 12, 31), date(2024, 12, 30)),
        ("2412310102", date(2025, 1, 2), date(2024, 12, 31)),
        ("2501021231", date(2024, 12, 31), date(2025, 1, 2)),
        ("2402290229", date(2024, 2, 29), date(2024, 2, 29)),
        ("241021", date(2024, 10, 21), date(2024, 10, 21)),
    ],
    ids=["in the old year", "booked in the new year", "valued in the new year", "29 February", "no day of booking"],
)
def test_the_day_of_booking_has_the_year_nearest_to_the_value_day(days: str, booked: date, valued: date) -> None:
    entry = only(f"{days}C1,NTRFNONREF")

    assert (entry.booking_date, entry.value_date) == (booked, valued)


@pytest.mark.parametrize("text", ["1500,", "1500,0", "1500,00", "000001500,00", "1500,0000", "1500.00"])
def test_an_amount_may_be_written_in_many_ways(text: str) -> None:
    assert only(f"2410211021C{text}NTRFNONREF").amount_cents == 150_000


def test_digits_that_the_currency_lacks_are_refused_with_the_line() -> None:
    with pytest.raises(StatementRefused) as refused:
        only("2410211021C1500,005NTRFNONREF")

    assert (refused.value.code, refused.value.place) == ("digits", "line 5, :61:")


def test_german_texts_tell_name_account_purpose_and_end_to_end_reference() -> None:
    purpose = f"?20EREF+E2E-77?21SVWZ+{REFERENCE} Diplo?22ma"
    text = f"166?00GUTSCHRIFT?109310{purpose}?31DE89370400440532013000?32STADT?33 BEISPIEL"

    entry = only("2410211021C1500,NTRFNONREF", f":86:{text[:61]}", text[61:])

    assert (entry.payer_name, entry.payer_iban) == ("STADT BEISPIEL", "DE89370400440532013000")
    assert (entry.remittance, entry.end_to_end_id) == (f"{REFERENCE} Diploma", "E2E-77")


def test_dutch_texts_tell_the_same_between_slashes() -> None:
    text = f"/EREF/E2E-77/ORDP//NAME/GEMEENTE VOORBEELD/IBAN/NL91ABNA0417164300/REMI/STRD/{REFERENCE}/"

    entry = only("2410211021C1500,NTRFNONREF", f":86:{text[:61]}", text[61:])

    assert (entry.payer_name, entry.payer_iban) == ("GEMEENTE VOORBEELD", "NL91ABNA0417164300")
    assert (entry.creditor_reference, entry.end_to_end_id) == (REFERENCE, "E2E-77")


def test_the_other_party_of_a_debit_is_no_payer() -> None:
    entry = only("2410211021D1500,NTRFNONREF", ":86:/CNTP/NL91ABNA0417164300/ABNANL2A/HOTEL VOORBEELD/REMI/night/")

    assert (entry.payer_name, entry.counterparty_name) == (None, "HOTEL VOORBEELD")


def test_a_free_text_is_joined_where_it_was_broken() -> None:
    full = "A" * 61

    assert only("2410211021C1,NTRFNONREF", f":86:{full}", "BC", "DEF").remittance == f"{full}BC DEF"


def test_what_stands_behind_the_first_line_is_the_purpose_where_no_text_follows() -> None:
    assert only("2410211021C1,NTRFNONREF", "PAYMENT OF SOMEBODY").remittance == "PAYMENT OF SOMEBODY"


def test_charges_are_told_where_the_bank_says_them() -> None:
    assert only("2410211021C1487,50NTRFNONREF", "/OCMT/EUR1500,00/CHGS/EUR12,50").charges_cents == 1250


def test_pages_of_one_statement_are_joined_before_the_balance_is_checked() -> None:
    first = message(":61:2410211021C50,00NTRFNONREF", ":62M:C241021EUR150,00", number="4/1")
    second = message(
        ":61:2410211021C50,00NTRFNONREF", ":62F:C241021EUR200,00", number="4/2", opening="60M:C241021EUR150,00"
    )

    (statement,) = read(first + second).statements

    assert (statement.closed.opening_cents, statement.closed.closing_cents) == (10_000, 20_000)
    assert (statement.closed.balanced, len(statement.entries)) == (True, 2)


@pytest.mark.parametrize(
    "second",
    [
        {"account": "NL91ABNA0417164300", "opening": "60M:C241021EUR150,00"},
        {"number": "5/1", "opening": "60F:C241021EUR150,00"},
        {"number": "4/2", "opening": "60M:C241021EUR151,00"},
    ],
    ids=["another account", "another number", "another balance"],
)
def test_a_page_of_something_else_is_another_statement(second: dict[str, str]) -> None:
    first = message(":61:2410211021C50,00NTRFNONREF", ":62M:C241021EUR150,00", number="4/1")

    told = read(first + message(":62F:C241021EUR150,00", **second)).statements

    assert [len(statement.entries) for statement in told] == [1, 0]


def test_a_gap_between_the_balances_is_reported() -> None:
    (statement,) = read(message(":61:2410211021C50,00NTRFNONREF", ":62F:C241021EUR151,00")).statements

    assert statement.closed.balanced is False


@pytest.mark.parametrize(
    ("account", "told"),
    [
        ("ES91 2100 0418 4502 0005 1332", ACCOUNT),
        (f"{ACCOUNT}EUR", ACCOUNT),
        (f"CAIXESBB/{ACCOUNT}", ACCOUNT),
        ("50880050/0194774600888", "50880050/0194774600888"),
    ],
    ids=["with blanks", "with its currency", "with the bank", "no IBAN"],
)
def test_the_account_is_its_iban_where_one_stands(account: str, told: str) -> None:
    assert read(message(":62F:C241021EUR100,00", account=account)).statements[0].opened.account == told


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_any_encoding_is_read(encoding: str) -> None:
    text = message(":61:2410211021C50,00NTRFNONREF", ":86:Málaga", ":62F:C241021EUR150,00")

    assert read(text, encoding).statements[0].entries[0].remittance == "Málaga"


def test_the_envelope_of_the_network_is_passed_over() -> None:
    inner = message(":61:2410211021C50,00NTRFNONREF", ":86:fee", ":62F:C241021EUR150,00").removesuffix("-\n")
    text = f"{{1:F01CAIXESBBAXXX0000000000}}{{2:I940X}}{{4:\r\n{inner}-}}{{5:{{CHK:123}}}}\r\n".replace("\n", "\r\n")

    (statement,) = read(text).statements

    assert (statement.entries[0].remittance, statement.closed.balanced) == ("fee", True)


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        (message(":61:2410211021C50,00NTRFNONREF"), "broken", "line 4"),
        (message(":61:2410211021X50,00NTRFNONREF", ":62F:C241021EUR1,"), "transaction", "line 5"),
        (message(":61:2410321021C50,00NTRFNONREF", ":62F:C241021EUR1,"), "date", "line 5"),
        (message(":61:2410211321C50,00NTRFNONREF", ":62F:C241021EUR1,"), "date", "line 5"),
        (message(":61:2410211021C5O,00NTRFNONREF", ":62F:C241021EUR1,"), "transaction", "line 5"),
        (message(":62F:C241021EUR1.000,00"), "balance", "line 5"),
        (message(":62F:C241021USD100,00"), "currency", "line 5"),
        (message(":62F:C241021EUR1,", account=""), "account", "line 2"),
        (":20:X\n:25:1\n:28C:1\n:61:2410211021C5,00NTRFNONREF\n", "missing", "line 4"),
        (":20:X\n:28C:1\n:60F:C241020EUR1,\n", "account", "line 3"),
        (":20:X\n:25:1\n", "broken", "line 2"),
        (message(f":86:{'x' * 3000}"), "broken", "line 5"),
        (":20:X\n", "empty", "line 1"),
    ],
    ids=[
        "cut off", "no mark", "no day", "no day of booking", "a letter in the amount", "no balance", "another currency",
        "no account", "no opening", "no account at all", "only its head", "a line without end", "nothing",
    ],
)  # fmt: skip
def test_what_cannot_be_trusted_is_refused_with_its_line(text: str, code: str, place: str) -> None:
    with pytest.raises(StatementRefused) as refused:
        read(text)

    assert (refused.value.code, refused.value.place.split(",")[0]) == (code, place)
