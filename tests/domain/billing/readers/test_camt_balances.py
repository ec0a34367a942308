import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.billing.readers.test_camt_entries import DAY
from tests.factories.camt import ACCOUNT, balance, document, entry, read, statement

from chancery.domain.billing.readers import read_statements
from chancery.interfaces.demo.camt import CamtEntry, CamtStatement, camt_file

NO_CURRENCY = f"<Id><IBAN>{ACCOUNT}</IBAN></Id>"


@pytest.mark.parametrize(
    ("parts", "opening", "closing", "balanced"),
    [
        ([balance("OPBD", "1"), balance("CLBD", "11")], 100, 1100, True),
        ([balance("PRCD", "1"), balance("CLBD", "11")], 100, 1100, True),
        ([balance("PRCD", "7"), balance("OPBD", "1"), balance("CLBD", "11")], 100, 1100, True),
        ([balance("OPBD", "1"), balance("CLBD", "12")], 100, 1200, False),
        ([balance("OPBD", "1")], 100, None, None),
        ([balance("CLBD", "1")], None, 100, None),
        ([], None, None, None),
        ([balance("OPBD", "1"), balance("CLAV", "11"), balance("ITBD", "11")], 100, None, None),
        ([balance("OPBD", "15", direction="DBIT"), balance("CLBD", "5", direction="DBIT")], -1500, -500, True),
        (
            [
                balance("OPBD", "1", day="2024-10-20"),
                balance("CLBD", "5", day="2024-10-20"),
                balance("OPBD", "5", day="2024-10-21"),
                balance("CLBD", "11", day="2024-10-21"),
            ],
            100,
            1100,
            True,
        ),
        ([balance("OPBD", "1"), balance("CLBD", "11", currency="SEK")], 100, None, None),
        ([balance("OPBD", "1"), balance("CLBD", "11"), balance("OPBD", "9", currency="USD")], 100, 1100, True),
    ],
    ids=[
        "opening and closing",
        "closing of the day before",
        "the opening is the better one",
        "a gap",
        "no closing",
        "no opening",
        "none",
        "available is not booked",
        "overdrawn",
        "several days",
        "closing in another currency",
        "a balance of another currency",
    ],
)
def test_balances_are_explained_by_the_entries(parts, opening, closing, balanced):
    found = read(document(statement(*parts, entry("10.00")))).statements[0].closed

    assert (found.opening_cents, found.closing_cents, found.balanced) == (opening, closing, balanced)


def test_balances_behind_the_entries_count_too():
    found = read(document(statement(balance("OPBD", "1"), entry("10.00"), balance("CLBD", "11")))).statements[0].closed

    assert (found.closing_cents, found.balanced) == (1100, True)


def test_an_account_in_two_currencies_is_checked_in_both():
    def two(dollars):
        euros = (balance("OPBD", "0"), balance("CLBD", "10"))
        others = (balance("OPBD", "0", currency="USD"), balance("CLBD", dollars, currency="USD"))
        return read(document(statement(*euros, *others, entry("10"), entry("20", currency='Ccy="USD"')))).statements[0]

    assert two("20").closed.balanced is True
    assert two("21").closed.balanced is False
    assert [found.currency for found in two("20").entries] == ["EUR", "USD"]


@pytest.mark.parametrize(
    ("account", "parts", "currency"),
    [
        (f"{NO_CURRENCY}<Ccy>CHF</Ccy>", (), "CHF"),
        (NO_CURRENCY, (balance("CLBD", "1", currency="SEK"), balance("OPBD", "1", currency="SEK")), "SEK"),
        (NO_CURRENCY, (entry(currency='Ccy="KWD"'),), "KWD"),
        (NO_CURRENCY, (), None),
    ],
    ids=["of the account", "of its balances", "of its entries", "not told"],
)
def test_the_currency_is_the_account_s(account, parts, currency):
    assert read(document(statement(*parts, account=account))).statements[0].opened.currency == currency


@pytest.mark.parametrize(
    ("account", "name"),
    [
        (NO_CURRENCY, ACCOUNT),
        ("<Id><Othr><Id>CH28 0123-4</Id></Othr></Id>", "CH280123-4"),
        ("<Prxy><Id>+34600000000</Id></Prxy>", "+34600000000"),
    ],
    ids=["IBAN", "other", "proxy"],
)
def test_an_account_is_known_by_whatever_it_has(account, name):
    assert read(document(statement(account=account))).statements[0].opened.account == name


def test_several_statements_and_accounts_stay_apart():
    content = read(
        camt_file(
            CamtStatement(ACCOUNT, [CamtEntry(100, DAY)], statement_id="A"),
            CamtStatement("FR1420041010050500013M02606", [CamtEntry(-200, DAY)], statement_id="B", currency="EUR"),
            CamtStatement(ACCOUNT, [], opening_cents=None, statement_id="C"),
        )
    )

    assert [found.opened.statement_id for found in content.statements] == ["A", "B", "C"]
    assert [[part.amount_cents for part in found.entries] for found in content.statements] == [[100], [-200], []]
    assert [found.closed.balanced for found in content.statements] == [True, True, None]
    assert [found.opened.created_on for found in content.statements] == [DAY] * 3


def test_a_statement_without_its_own_instant_takes_that_of_the_message():
    content = document(statement(identity="A"), statement(identity="B"))
    moved = content.replace(b"<CreDtTm>2024-10-21T06:00:00+02:00</CreDtTm>", b"").replace(
        b"<BkToCstmrStmt>", b"<BkToCstmrStmt><GrpHdr><CreDtTm>2024-10-19T06:00:00Z</CreDtTm></GrpHdr>"
    )

    assert [found.opened.created_on.isoformat() for found in read(moved).statements] == ["2024-10-19", "2024-10-19"]


ENTRIES = st.builds(
    CamtEntry,
    amount_cents=st.integers(-(10**9), 10**9),
    booking_date=st.just(DAY),
    status=st.sampled_from(["BOOK", "PDNG", "INFO"]),
    payer_name=st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), max_size=20),
)


@given(st.lists(ENTRIES, max_size=8), st.integers(-(10**9), 10**9), st.integers(2, 14))
def test_opening_and_booked_entries_always_make_the_closing(entries, opening, version):
    written = camt_file(CamtStatement(ACCOUNT, entries, opening_cents=opening), version=version)
    found = read(written).statements[0]

    assert [part.amount_cents for part in found.entries] == [told.amount_cents for told in entries]
    assert found.closed.balanced is True
    assert read(written) == read(written)


@given(st.lists(ENTRIES, max_size=4), st.integers(-(10**9), 10**9), st.integers().filter(bool))
def test_a_gap_is_always_told(entries, opening, gap):
    closing = opening + sum(told.amount_cents for told in entries if told.status == "BOOK") + gap
    limited = max(min(closing, 10**15), -(10**15))
    if limited == closing - gap:
        return
    written = camt_file(CamtStatement(ACCOUNT, entries, opening_cents=opening, closing_cents=limited))

    assert read(written).statements[0].closed.balanced is False


def test_events_come_as_the_file_is_read(tmp_path):
    path = tmp_path / "statement.xml"
    path.write_bytes(camt_file(CamtStatement(ACCOUNT, [CamtEntry(1, DAY)])))

    assert [type(event).__name__ for event in read_statements(path)] == [
        "FileOpened",
        "StatementOpened",
        "StatementEntry",
        "StatementClosed",
    ]
