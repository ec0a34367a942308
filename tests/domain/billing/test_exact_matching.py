from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.camt import ACCOUNT

from chancery.domain.billing.matching import Bill, Doubt, EntryFacts, Evidence, Match, match_exactly
from chancery.domain.billing.readers import read_file
from chancery.domain.billing.readers.content import StatementEntry
from chancery.domain.billing.references import creditor_reference
from chancery.domain.billing.states import EntryStatus, WorkState
from chancery.foundation.figures import in_groups_of_four
from chancery.interfaces.demo.camt import CamtEntry, CamtStatement, camt_file

DAY = date(2024, 10, 21)
REFERENCE = creditor_reference("M2-2024-0001")
OTHER = creditor_reference("M2-2024-0002")
UNKNOWN = creditor_reference("M2-2024-0999")
INVOICE = Bill(1, REFERENCE, 150_000, "EUR")
OPEN = {REFERENCE: INVOICE, OTHER: Bill(2, OTHER, 100_000, "EUR")}
PAID = EntryFacts(150_000, "EUR", creditor_references=(REFERENCE,))


def facts_of(entry: StatementEntry) -> EntryFacts:
    """Return the facts of an entry as it was read."""
    return EntryFacts(
        amount_cents=entry.amount_cents,
        currency=entry.currency,
        status=entry.status,
        reversal=entry.reversal,
        creditor_references=entry.creditor_references,
        remittance=entry.remittance,
        doubtful=entry.doubtful,
    )


def wrong(reference):
    """Return the reference with a typo in its last sign."""
    return reference[:-1] + ("0" if reference[-1] != "0" else "1")


def test_a_structured_reference_with_amount_and_currency_is_booked():
    assert match_exactly(PAID, OPEN) == Match(
        WorkState.BOOKED,
        INVOICE,
        (Evidence.REFERENCE_STRUCTURED, Evidence.CURRENCY_EQUAL, Evidence.AMOUNT_EQUAL),
    )


@pytest.mark.parametrize(
    "text",
    [
        REFERENCE,
        REFERENCE.lower(),
        in_groups_of_four(REFERENCE),
        f"fee of the diploma, {in_groups_of_four(REFERENCE).lower()}, thank you",
        f"/RFB/{REFERENCE}/EUR",
        f"SVWZ+{REFERENCE[:9]} {REFERENCE[9:]} Ajuntament",
        "-".join(REFERENCE),
        f"{REFERENCE} {in_groups_of_four(REFERENCE)}",
        f"RF00 {REFERENCE}",
        f"{REFERENCE}Maria",
        f"{REFERENCE} 2024",
    ],
)
def test_a_reference_is_found_in_free_text(text):
    match = match_exactly(replace(PAID, creditor_references=(), remittance=text), OPEN)

    assert (match.is_booked, match.invoice) == (True, INVOICE)
    assert match.evidence[0] is Evidence.REFERENCE_IN_TEXT


@pytest.mark.parametrize(
    ("changed", "reasons"),
    [
        ({"amount_cents": 149_999}, [Doubt.AMOUNT_DIFFERS]),
        ({"amount_cents": 150_001}, [Doubt.AMOUNT_DIFFERS]),
        ({"currency": "USD"}, [Doubt.CURRENCY_DIFFERS]),
        ({"reversal": True}, [Doubt.REVERSAL]),
        ({"certain": False}, [Doubt.IDENTITY_UNCERTAIN]),
        ({"doubtful": True}, [Doubt.BATCH_UNEXPLAINED]),
        ({"reversal": True, "currency": "USD"}, [Doubt.REVERSAL, Doubt.CURRENCY_DIFFERS]),
        ({"creditor_references": ()}, [Doubt.NO_REFERENCE]),
        ({"creditor_references": (), "remittance": "the diploma"}, [Doubt.NO_REFERENCE]),
        ({"creditor_references": (UNKNOWN,)}, [Doubt.REFERENCE_UNKNOWN]),
        ({"creditor_references": ("0001",)}, [Doubt.REFERENCE_UNKNOWN]),
        ({"creditor_references": (), "remittance": UNKNOWN}, [Doubt.REFERENCE_UNKNOWN]),
        ({"creditor_references": (wrong(REFERENCE),)}, [Doubt.CHECK_DIGITS_WRONG]),
        ({"creditor_references": (), "remittance": wrong(REFERENCE)}, [Doubt.CHECK_DIGITS_WRONG]),
        ({"creditor_references": (), "remittance": f"{REFERENCE}7"}, [Doubt.CHECK_DIGITS_WRONG]),
        ({"creditor_references": (REFERENCE, OTHER)}, [Doubt.SEVERAL_REFERENCES]),
        ({"remittance": f"and {OTHER}"}, [Doubt.SEVERAL_REFERENCES]),
        ({"creditor_references": (UNKNOWN,), "remittance": REFERENCE}, [Doubt.SEVERAL_REFERENCES]),
        ({"creditor_references": (), "remittance": f"{REFERENCE} {OTHER}"}, [Doubt.SEVERAL_REFERENCES]),
    ],
)
def test_any_doubt_puts_the_money_into_suspense_and_says_why(changed, reasons):
    match = match_exactly(replace(PAID, **changed), OPEN)

    assert (match.state, list(match.reasons)) == (WorkState.SUSPENSE, reasons)


@pytest.mark.parametrize(
    ("changed", "state", "reason"),
    [
        ({"status": EntryStatus.PENDING}, WorkState.IGNORED, Doubt.NOT_BOOKED),
        ({"status": EntryStatus.INFO}, WorkState.IGNORED, Doubt.NOT_BOOKED),
        ({"amount_cents": -150_000}, WorkState.OUTGOING, Doubt.OUTGOING),
        ({"amount_cents": -150_000, "reversal": True}, WorkState.OUTGOING, Doubt.REVERSAL),
    ],
    ids=["pending", "for information", "a debit", "money taken away"],
)
def test_what_is_no_money_coming_in_pays_nothing(changed, state, reason):
    assert match_exactly(replace(PAID, **changed), OPEN) == Match(state, reasons=(reason,))


def test_a_candidate_is_shown_where_only_the_amount_differs():
    match = match_exactly(replace(PAID, amount_cents=1), OPEN)

    assert match.invoice is INVOICE
    assert match.evidence == (Evidence.REFERENCE_STRUCTURED, Evidence.CURRENCY_EQUAL)


def test_the_longer_of_two_references_is_meant():
    longer = next(
        reference
        for number in range(1000)
        if (reference := creditor_reference(f"M220240001{number:03d}")).startswith(REFERENCE[:4])
    )
    both = OPEN | {longer: Bill(3, longer, 150_000, "EUR")}

    assert match_exactly(replace(PAID, creditor_references=(), remittance=longer), both).invoice.key == 3


@pytest.mark.parametrize(
    "told",
    [
        CamtEntry(150_000, DAY, reference=REFERENCE),
        CamtEntry(150_000, DAY, remittance=(REFERENCE[:7].lower(), REFERENCE[7:])),
    ],
    ids=["structured", "split over two lines in lower case"],
)
def test_an_entry_as_it_was_read_is_matched(told):
    content = camt_file(CamtStatement(ACCOUNT, [told]))
    (entry,) = read_file(BytesIO(content)).statements[0].entries

    assert match_exactly(facts_of(entry), OPEN).is_booked


@given(st.text(max_size=80), st.integers(-(10**9), 10**9))
def test_no_text_books_money_without_a_right_reference(text, cents):
    match = match_exactly(EntryFacts(cents, "EUR", creditor_references=(text[:30],), remittance=text), OPEN)

    assert not match.is_booked
    assert match.reasons
