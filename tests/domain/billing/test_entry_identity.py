from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.camt import ACCOUNT

from chancery.domain.billing.identity import Basis, Occurrences, is_certain, is_reference
from chancery.domain.billing.readers import StatementClosed, read_statements
from chancery.interfaces.demo.camt import CamtDetail, CamtEntry, CamtStatement, camt_file

DAY = date(2024, 10, 21)
PAID = CamtEntry(150_000, DAY, payer_name="City", remittance=("Diploma",))
LATER = datetime(2024, 10, 22, 6, tzinfo=UTC)


def identities(*statements):
    """Return the identity of every entry of a file, as an import sees them."""
    occurrences = Occurrences()
    seen = [occurrences.see(event) for event in read_statements(BytesIO(camt_file(*statements)))]
    return [identity for identity in seen if identity is not None]


def keys(*entries, **facts):
    return [identity.key for identity in identities(CamtStatement(ACCOUNT, entries, **facts))]


@pytest.mark.parametrize(
    ("told", "basis"),
    [
        (replace(PAID, bank_reference="B-1", entry_reference="1"), Basis.BANK_REFERENCE),
        (replace(PAID, bank_reference="NONREF", entry_reference="1"), Basis.ENTRY_NUMBER),
        (replace(PAID, bank_reference="NOTPROVIDED"), Basis.OCCURRENCE),
        (replace(PAID, entry_reference="0000"), Basis.OCCURRENCE),
        (PAID, Basis.OCCURRENCE),
    ],
    ids=["the bank's reference", "the number of the entry", "a placeholder", "only zeros", "nothing"],
)
def test_the_surest_thing_that_is_told_identifies(told, basis):
    (identity,) = identities(CamtStatement(ACCOUNT, [told]))

    assert identity.basis is basis
    assert len(identity.key) <= 80


@pytest.mark.parametrize(
    "placeholder",
    ["NONREF", "nonref", "EREF", "NOTPROVIDED", "NOT PROVIDED", "not-available", "0", "00000", "", "---", None],
)
def test_a_placeholder_is_no_reference(placeholder):
    assert not is_reference(placeholder)


@pytest.mark.parametrize("told", [PAID, replace(PAID, bank_reference="B-1"), replace(PAID, entry_reference="1")])
def test_the_same_file_twice_is_the_same_entries(told):
    assert keys(told, told, told) == keys(told, told, told)


@pytest.mark.parametrize("told", [PAID, replace(PAID, bank_reference="B-1"), replace(PAID, entry_reference="1")])
def test_equal_entries_of_one_statement_are_as_many_as_listed(told):
    assert len(set(keys(told, told, told))) == 3


@pytest.mark.parametrize(
    "changed",
    [
        {"booking_date": date(2024, 10, 22)},
        {"amount_cents": 150_001},
        {"amount_cents": -150_000},
        {"status": "PDNG"},
        {"bank_reference": "B-2"},
    ],
    ids=["another day", "another amount", "another direction", "not booked yet", "another reference"],
)
def test_one_reference_of_the_bank_does_not_make_different_entries_one(changed):
    told = replace(PAID, bank_reference="B-1")

    assert set(keys(told)).isdisjoint(keys(replace(told, **changed)))


def test_the_details_of_a_batch_are_told_apart():
    batch = CamtEntry(300_000, DAY, bank_reference="B-1", details=(CamtDetail(150_000), CamtDetail(150_000)))

    assert len(set(keys(batch))) == 2


@pytest.mark.parametrize(
    ("facts", "known"),
    [
        ({}, True),
        ({"opening_cents": 7}, True),
        ({"created_at": LATER}, False),
        ({"statement_id": "STATEMENT-2"}, False),
        ({"account": "FR1420041010050500013M02606"}, False),
    ],
    ids=["same statement", "same again", "the id is used again", "numbers start again", "another account"],
)
def test_numbers_of_entries_mean_something_only_in_their_statement(facts, known):
    told = replace(PAID, entry_reference="1")
    (first,) = identities(CamtStatement(ACCOUNT, [told]))
    (second,) = identities(replace(CamtStatement(ACCOUNT, [told]), **facts))

    assert (first.key == second.key) is known


def test_an_overlapping_file_repeats_what_nothing_but_counting_tells_apart():
    day_before = replace(PAID, booking_date=date(2024, 10, 20))
    monday = keys(day_before, PAID, PAID, statement_id="A")
    week = keys(PAID, PAID, PAID, statement_id="B", created_at=LATER)

    assert monday[1:] == week[:2]
    assert week[2] not in monday


def test_counting_goes_on_where_a_statement_follows_the_one_before():
    first = CamtStatement(ACCOUNT, [PAID], statement_id="A", opening_cents=0)
    page_two = CamtStatement(ACCOUNT, [PAID], statement_id="B", opening_cents=150_000)
    overlap = CamtStatement(ACCOUNT, [PAID], statement_id="B", opening_cents=0)

    assert len({identity.key for identity in identities(first, page_two)}) == 2
    assert len({identity.key for identity in identities(first, first)}) == 1
    assert len({identity.key for identity in identities(first, overlap)}) == 1


def test_blanks_and_capitals_of_texts_do_not_make_another_entry():
    assert keys(PAID) == keys(replace(PAID, payer_name="CITY ", remittance=("Dip", "loma")))


@pytest.mark.parametrize(
    ("told", "closing", "certain"),
    [
        (PAID, None, True),
        (PAID, 7, False),
        (replace(PAID, bank_reference="B-1"), None, True),
        (replace(PAID, bank_reference="B-1"), 7, False),
        (replace(PAID, entry_reference="1"), 7, False),
    ],
    ids=["counted, complete", "counted, with a gap", "a reference, complete", "a reference, with a gap", "a number"],
)
def test_nothing_is_certain_in_a_statement_with_a_gap(told, closing, certain):
    content = camt_file(CamtStatement(ACCOUNT, [told], closing_cents=closing))
    occurrences = Occurrences()
    events = list(read_statements(BytesIO(content)))
    (identity,) = filter(None, map(occurrences.see, events))
    closed = events[-1]

    assert isinstance(closed, StatementClosed)
    assert is_certain(identity.anchor, identity.number, complete=closed.balanced) is certain


@pytest.mark.parametrize("closing", [None, 7], ids=["complete", "with a gap"])
def test_a_second_one_of_the_same_reference_is_certain_only_in_a_complete_statement(closing):
    told = replace(PAID, bank_reference="B-1")
    _, second = identities(CamtStatement(ACCOUNT, [told, told]))

    assert is_certain(second.anchor, second.number, complete=closing is None) is (closing is None)


def test_another_amount_under_the_same_identity_shares_its_anchor():
    told = replace(PAID, entry_reference="1")
    (stored,) = identities(CamtStatement(ACCOUNT, [told]))
    (changed,) = identities(CamtStatement(ACCOUNT, [replace(told, amount_cents=120_000)]))

    assert stored.anchor == changed.anchor
    assert stored.key != changed.key


def test_a_day_begins_with_the_balance_that_the_days_before_lead_to():
    day_before = replace(PAID, booking_date=date(2024, 10, 20))
    week = identities(CamtStatement(ACCOUNT, [day_before, PAID, PAID], opening_cents=7))
    monday = identities(CamtStatement(ACCOUNT, [PAID], opening_cents=150_007))

    assert [identity.start_minor for identity in week] == [7, 150_007, 150_007]
    assert monday[0].start_minor == 150_007


def test_a_day_of_two_pages_begins_once():
    pages = (
        CamtStatement(ACCOUNT, [PAID], statement_id="A", opening_cents=0),
        CamtStatement(ACCOUNT, [PAID], statement_id="B", opening_cents=150_000),
    )

    assert [identity.start_minor for identity in identities(*pages)] == [0, 0]


@pytest.mark.parametrize("closing", [None, 7], ids=["adds up", "with a gap"])
def test_days_are_kept_of_a_statement_that_adds_up(closing):
    content = camt_file(CamtStatement(ACCOUNT, [replace(PAID, status="PDNG"), PAID], closing_cents=closing))
    occurrences = Occurrences()
    for event in read_statements(BytesIO(content)):
        occurrences.see(event)

    assert occurrences.days == {1: {} if closing else {"2024-10-21": 0}}


KINDS = st.sampled_from(
    [PAID, replace(PAID, bank_reference="B-1"), replace(PAID, entry_reference="1"), replace(PAID, amount_cents=-5)]
)


@given(st.lists(KINDS, max_size=12))
def test_a_statement_never_loses_an_entry_and_never_changes_its_identities(entries):
    found = keys(*entries)

    assert len(set(found)) == len(entries)
    assert found == keys(*entries)
    assert keys(*entries[:5]) == found[:5]
