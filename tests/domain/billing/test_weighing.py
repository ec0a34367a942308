"""Candidates with their evidence: what is put before an officer, and what books itself."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.domain.billing.matching import CERTAIN, Bill, Book, Doubt, EntryFacts, Evidence, Match, weigh
from chancery.domain.billing.references import creditor_reference
from chancery.domain.billing.states import WorkState

ISSUED, DUE, PAID_ON = date(2024, 10, 11), date(2024, 10, 25), date(2024, 10, 17)
TOLERANCE = 1_500


def bill(number: int, city: str, person: str, cents: int = 100_000, **more: object) -> Bill:
    """Return an open bill of a city's council."""
    facts: dict[str, object] = {
        "issued_on": ISSUED,
        "due_on": DUE,
        "payer": f"city of {city}",
        "names": (f"City of {city}",),
        "cities": (city,),
        "people": (person,),
        "whose": (f"city of {city}",),
        "tolerance_cents": TOLERANCE,
        **more,
    }
    name = f"M2-2024-{number:04}"
    return Bill(number, creditor_reference(name), cents, "EUR", number=name, **facts)  # type: ignore[arg-type]


BRUSSELS, ACCRA = bill(2, "Brussels", "Lotte Noordenwind"), bill(4, "Accra", "Efua Seabreeze")
DAKAR, CASABLANCA = bill(5, "Dakar", "Awa Alizé"), bill(16, "Casablanca", "Idriss Chergui")
ANDRES, VALENTINA = (
    bill(7, "Medellín", "Andrés Terral", 90_000),
    bill(8, "Medellín", "Valentina Alisio", 90_000),
)
ABIDJAN = bill(12, "Abidjan", "Aya Embrun", 0, received_cents=100_000)
BILLS = (BRUSSELS, ACCRA, DAKAR, CASABLANCA, ANDRES, VALENTINA, ABIDJAN)
TREASURY = "SN08SN0100152000048500003035"
BOOK = {"accounts": {TREASURY: frozenset({"city of Dakar"})}}


def judged(cents: int, payer: str = "", text: str = "", reference: str = "", **more: object) -> Match:
    """Return what is done with a line, given the bills above."""
    facts = EntryFacts(
        cents,
        str(more.pop("currency", "EUR")),
        payer_name=payer,
        remittance=text,
        creditor_references=(reference,) if reference else (),
        value_date=PAID_ON,
        **more,  # type: ignore[arg-type]
    )
    return weigh(facts, Book(BILLS, **BOOK))


def first(match: Match) -> tuple[list[int], set[str]]:
    """Return the bills of the best candidate, and its evidence."""
    best = match.candidates[0]
    return [part.bill.key for part in best.parts], {str(code) for code in best.codes}


@pytest.mark.parametrize(
    ("line", "bills", "evidence"),
    [
        (judged(100_000, "VILLE DE BRUXELLES - STAD BRUSSEL", "RF73M220240012 DIPLOME"), [2], "reference.near"),
        (judged(100_000, "X", "RF73M2202402"), [2], "reference.body"),
        (judged(100_000, "X", "RF73M220240020"), [2], "reference.near"),
        (judged(100_000, "ACCRA METROPOLITAN ASSEMBLY", "invoice 4 Accra"), [4], "number.short"),
        (judged(100_000, "X", "Factura nº 0004"), [4], "number.short"),
        (judged(100_000, "X", "M2-2024-0004"), [4], "number.full"),
        (judged(100_000, "X", "m2/2024/4"), [4], "number.full"),
        (judged(100_000, "TRESOR PUBLIC", payer_account=TREASURY), [5], "account.seen"),
        (judged(180_000, "DISTRITO DE MEDELLIN", "TERRAL Y ALISIO"), [7, 8], "amount.sum"),
        (judged(60_000, "COMMUNE DE CASABLANCA", reference=CASABLANCA.reference), [16], "amount.part"),
        (judged(10_000, "COMMUNE DE CASABLANCA", "SOLDE"), [16], "payer.name"),
        (judged(150_000, "X", reference=ACCRA.reference), [4], "amount.over"),
        (judged(98_750, "X", reference=ACCRA.reference, charges_cents=1_250), [4], "amount.less-charges"),
        (judged(98_750, "X", reference=ACCRA.reference), [4], "amount.short"),
        (judged(98_400, "X", reference=ACCRA.reference), [4], "amount.part"),
        (judged(100_000, "MINISTERE DES FINANCES", "pour Mme Noordenwind, Brussels"), [2], "person.named"),
        (judged(100_000, "AYUNTAMIENTO DE CASABLANC", "curso"), [16], "payer.name"),
    ],
    ids=[
        "one digit off",
        "all zeros missing",
        "two digits exchanged",
        "a number without zeros",
        "a number in Spanish",
        "the whole number",
        "the whole number in another dress",
        "an account seen before",
        "one transfer for two",
        "a part",
        "a name and a part",
        "too much",
        "short by charges that the bank states",
        "short within the tolerance",
        "short above the tolerance",
        "a third party that names person and city",
        "a letter missing in the name",
    ],
)
def test_the_right_bill_is_suggested_first_with_its_evidence(line: Match, bills: list[int], evidence: str) -> None:
    assert line.state is WorkState.SUGGESTED
    found, codes = first(line)
    assert (found, evidence in codes) == (bills, True)


@pytest.mark.parametrize(
    "line",
    [
        judged(25_000, "SOCIEDAD EJEMPLO SL", "gracias"),
        judged(100_000),
        judged(100_000, "CITY COUNCIL", "course fee"),
        judged(100_000, "X", creditor_reference("M9-2024-0004")),
        judged(108_500, "GHANA", reference=ACCRA.reference, currency="USD"),
        judged(100_000, "X", reference=ABIDJAN.reference),
    ],
    ids=["unknown money", "a sum alone", "offices without a name", "a right reference of others", "dollars", "paid"],
)
def test_what_leads_to_no_open_bill_waits_in_suspense(line: Match) -> None:
    assert line.state is WorkState.SUSPENSE


def test_a_bill_that_takes_no_money_is_shown_with_the_fact_and_stays_low():
    shown = judged(100_000, "X", reference=ABIDJAN.reference).candidates[0]

    assert (shown.score, shown.parts[0].bill, Doubt.BILL_PAID in shown.codes) == (22, ABIDJAN, True)


def test_the_reference_that_was_nearly_told_exists_and_is_paid():
    shown = judged(100_000, "VILLE DE BRUXELLES", "RF73M220240012").candidates

    assert [(each.parts[0].bill.key, each.score > 50) for each in shown] == [(2, True), (12, False)]


def test_two_cities_of_one_name_are_both_shown_and_none_is_booked():
    twins = [bill(1, "Santiago", "A B"), bill(2, "Santiago", "C D", payer="santiago of another land")]
    line = EntryFacts(100_000, "EUR", payer_name="MUNICIPALIDAD DE SANTIAGO", value_date=PAID_ON)

    match = weigh(line, Book([replace(each, book_from=60) for each in twins]))

    assert match.state is WorkState.SUGGESTED
    assert [each.parts[0].bill.key for each in match.candidates] == [1, 2]


def test_a_look_alike_name_weighs_less_than_the_name():
    book = Book([bill(1, "Santiago", "A B"), bill(2, "Valparaíso", "C D")])

    def score(payer: str) -> int:
        return weigh(EntryFacts(100_000, "EUR", payer_name=payer), book).candidates[0].score

    assert score("CIUDAD DE SANTIAGO") > score("SANTIAGO DE COMPOSTELA")


@pytest.mark.parametrize(
    ("book_from", "change", "state"),
    [
        (90, {}, WorkState.BOOKED),
        (100, {}, WorkState.SUGGESTED),
        (90, {"amount_cents": 99_999}, WorkState.SUGGESTED),
        (90, {"doubtful": True}, WorkState.SUGGESTED),
        (90, {"certain": False}, WorkState.SUGGESTED),
    ],
    ids=["above the threshold", "the shipped threshold", "another sum", "the bank's figures", "perhaps counted twice"],
)
def test_an_edition_may_let_more_than_the_exact_book_itself(book_from, change, state):
    line = EntryFacts(100_000, "EUR", payer_name="ACCRA", remittance="invoice 4 Accra", value_date=PAID_ON)

    assert weigh(replace(line, **change), Book([replace(ACCRA, book_from=book_from)])).state is state


def test_what_is_exact_has_the_full_score():
    match = judged(100_000, "X", reference=ACCRA.reference)

    assert (match.state, match.candidates[0].score) == (WorkState.BOOKED, CERTAIN)


def test_money_for_an_ended_place_waits_though_it_is_exact():
    match = weigh(
        EntryFacts(100_000, "EUR", creditor_references=(ACCRA.reference,)), Book([replace(ACCRA, ended=True)])
    )

    assert (match.state, match.reasons) == (WorkState.SUSPENSE, (Doubt.PLACE_ENDED,))


@pytest.mark.parametrize(("paid_on", "in_time"), [(DUE, True), (DUE + timedelta(days=1), False)])
def test_money_for_an_ended_place_says_whether_it_was_paid_in_time_by_its_value_day(paid_on, in_time):
    line = EntryFacts(100_000, "EUR", creditor_references=(ACCRA.reference,), value_date=paid_on)

    shown = weigh(line, Book([replace(ACCRA, ended=True)])).candidates[0]

    assert (Evidence.DAY_IN_TIME in shown.codes) == in_time


@pytest.mark.parametrize(
    ("cents", "more", "state", "reason"),
    [
        (-100_000, {"reversal": True, "reference": ABIDJAN.reference}, WorkState.BOOKED, Doubt.REVERSAL),
        (-99_000, {"reversal": True, "reference": ABIDJAN.reference}, WorkState.OUTGOING, Doubt.REVERSAL),
        (-100_000, {"reversal": True, "text": "?"}, WorkState.OUTGOING, Doubt.REVERSAL),
        (-100_000, {"reference": ABIDJAN.reference, "payer": "X"}, WorkState.OUTGOING, Doubt.BILL_NAMED),
        (-100_000, {"text": "factura 12", "payer": "X"}, WorkState.OUTGOING, Doubt.OUTGOING),
        (-420, {"text": "COMISION"}, WorkState.OUTGOING, Doubt.BANK_FEE),
    ],
    ids=[
        "taken back exactly",
        "another sum taken back",
        "taken back, no reference",
        "no taking back, but a bill",
        "a number in short",
        "a bank's fee",
    ],
)
def test_a_debit_is_what_the_bank_says_it_is(cents, more, state, reason):
    match = judged(cents, **more)

    assert (match.state, match.reasons[0]) == (state, reason)


@given(
    st.integers(1, 400_000),
    st.text(max_size=40),
    st.sampled_from(["CITY OF ACCRA", "X", "Noordenwind Seabreeze Terral", "invoice 4 5 16"]),
    st.sampled_from(["EUR", "USD"]),
)
def test_nothing_but_the_exact_rule_books_and_scores_stay_below_it(cents, text, payer, currency):
    match = judged(cents, payer, f"{text} {payer}", currency=currency)

    assert match.is_booked == (Evidence.REFERENCE_IN_TEXT in match.evidence and not match.reasons)
    assert all(0 <= each.score < CERTAIN for each in match.candidates)
    assert len(match.candidates) <= 5
    for each in match.candidates:
        assert sum(part.cents for part in each.parts) <= cents
        assert all(0 <= part.cents <= max(part.bill.open_cents, 0) for part in each.parts)
