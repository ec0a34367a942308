"""The weights of evidence, and what follows from them: booked, suggested or suspense."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from chancery.domain.billing.matching.book import Book
from chancery.domain.billing.matching.debits import weigh_debit
from chancery.domain.billing.matching.exact import doubts_of_entry, match_exactly
from chancery.domain.billing.matching.facts import (
    CERTAIN,
    Bill,
    Candidate,
    Doubt,
    EntryFacts,
    Evidence,
    Match,
    Part,
    Sign,
)
from chancery.domain.billing.matching.naming import bills_named
from chancery.domain.billing.matching.payers import signs_of_payer
from chancery.domain.billing.matching.sums import sums_to
from chancery.domain.billing.policies.holding import is_account_in
from chancery.domain.billing.states import EntryStatus, WorkState

WEIGHTS: dict[Evidence | Doubt, int] = {
    Evidence.REFERENCE_STRUCTURED: 60,
    Evidence.REFERENCE_IN_TEXT: 60,
    Evidence.NUMBER_FULL: 45,
    Evidence.REFERENCE_BODY: 40,
    Evidence.REFERENCE_NEAR: 36,
    Evidence.NUMBER_SHORT: 32,
    Evidence.ACCOUNT_SEEN: 35,
    Evidence.ACCOUNT_SHARED: 15,
    Evidence.PERSON_NAMED: 20,
    Evidence.PAYER_NAME: 20,
    Evidence.PAYER_NAME_PART: 12,
    Evidence.CITY_NAMED: 15,
    Evidence.AMOUNT_EQUAL: 30,
    Evidence.AMOUNT_SUM: 30,
    Evidence.AMOUNT_LESS_CHARGES: 25,
    Evidence.AMOUNT_SHORT: 15,
    Evidence.AMOUNT_PART: 5,
    Evidence.AMOUNT_OVER: 3,
    Evidence.ONLY_OPEN: 10,
    Evidence.DAY_NEAR: 5,
}
HIGHEST = CERTAIN - 1  # weighed evidence, however much of it, stays below the exact rule
SUGGESTED_FROM, SHOWN_FROM, MOST_SHOWN = 40, 15, 5
CLOSED, FOREIGN = 22, 30  # the most that a bill which takes no money, or not this money, can reach
AHEAD = 15  # by how much the first has to lead before the machine may book it
EARLY, LATE = timedelta(days=3), timedelta(days=45)
CLOSED_BY = {Doubt.BILL_PAID, Doubt.BILL_CREDITED, Doubt.PLACE_ENDED}


def weigh(entry: EntryFacts, book: Book) -> Match:
    """Say what to do with an entry: book it, suggest where it belongs, or leave it in suspense; with the reasons.

    The exact rule books by itself. Anything else books only from the score that the edition allows, and only one bill
    that stands alone and is paid to the cent. Where a country holds it, a person is offered what would have booked
    itself.
    """
    match = _weigh(entry, book)
    if match.is_booked and match.invoice and entry.amount_cents > 0 and _is_held(entry, match.invoice, book):
        return replace(match, state=WorkState.SUGGESTED, reasons=(*match.reasons, Doubt.COUNTRY_HELD))
    return match


def _is_held(entry: EntryFacts, bill: Bill, book: Book) -> bool:
    return bill.held or is_account_in(entry.payer_account, book.held)


def _weigh(entry: EntryFacts, book: Book) -> Match:
    if entry.status is EntryStatus.BOOKED and entry.amount_cents < 0:
        return weigh_debit(entry, book)
    exact = match_exactly(entry, book.open_by_reference)
    if exact.state in (WorkState.IGNORED, WorkState.CONFLICT):
        return exact
    if exact.is_booked and exact.invoice and not exact.invoice.ended:
        return replace(exact, candidates=(_certain(entry, exact.invoice, exact.evidence),))

    candidates = tuple(_best(entry, book))
    reasons = exact.reasons or (Doubt.PLACE_ENDED,)
    state = WorkState.SUSPENSE
    if candidates and _takes(candidates[0]) and candidates[0].score >= SUGGESTED_FROM:
        state = WorkState.SUGGESTED
    if state is WorkState.SUGGESTED and _may_book(entry, candidates):
        state, first = WorkState.BOOKED, candidates[0]
        evidence = tuple(sign.code for sign in first.signs if isinstance(sign.code, Evidence))
        return Match(state, first.parts[0].bill, evidence, (), candidates)
    return Match(state, exact.invoice, exact.evidence, reasons, candidates)


def _certain(entry: EntryFacts, bill: Bill, evidence: tuple[Evidence, ...]) -> Candidate:
    return Candidate((Part(bill, entry.amount_cents),), CERTAIN, tuple(Sign(code) for code in evidence))


def _may_book(entry: EntryFacts, candidates: tuple[Candidate, ...]) -> bool:
    first, *others = candidates
    if len(first.parts) != 1 or Evidence.AMOUNT_EQUAL not in first.codes or doubts_of_entry(entry):
        return False
    alone = all(first.score - other.score >= AHEAD for other in others)
    return alone and first.score >= first.parts[0].bill.book_from


def _takes(candidate: Candidate) -> bool:
    return Doubt.CURRENCY_DIFFERS not in candidate.codes and not CLOSED_BY & candidate.codes


def _best(entry: EntryFacts, book: Book) -> list[Candidate]:
    identity = _identity(entry, book)
    found = [*_sums(entry, book, identity), *(_single(entry, book, key, signs) for key, signs in identity.items())]
    shown = [each for each in found if each.score >= SHOWN_FROM]
    return sorted(shown, key=_order)[:MOST_SHOWN]


def _order(candidate: Candidate) -> tuple[int, bool, str, int]:
    bill = candidate.parts[0].bill
    return -candidate.score, not _takes(candidate), str(bill.due_on or ""), bill.key


def _identity(entry: EntryFacts, book: Book) -> dict[int, tuple[Sign, ...]]:
    """Return what leads from the line to each bill, apart from sums and days, which lead to nobody."""
    named = bills_named(entry, book)
    by_payer = signs_of_payer(entry, book)
    return {
        key: (*((named[key],) if key in named else ()), *by_payer.get(key, ()))
        for key in dict.fromkeys([*named, *by_payer])
    }


def _single(entry: EntryFacts, book: Book, key: int, identity: tuple[Sign, ...]) -> Candidate:
    bill = book.bill(key)
    signs = [*identity, *_signs_of_sum(entry, bill), *_signs_of_day(entry, bill)]
    if bill.takes_money and _is_only_open(bill, book):
        signs.append(Sign(Evidence.ONLY_OPEN))
    signs += _against(entry, bill)
    cents = min(entry.amount_cents, max(bill.open_cents, 0)) if entry.currency == bill.currency else 0
    return Candidate((Part(bill, cents),), _score(signs), tuple(signs))


def _signs_of_sum(entry: EntryFacts, bill: Bill) -> Iterator[Sign]:
    if entry.currency != bill.currency or bill.open_cents <= 0:
        return
    short = bill.open_cents - entry.amount_cents
    if short == 0:
        yield Sign(Evidence.AMOUNT_EQUAL)
    elif short < 0:
        yield Sign(Evidence.AMOUNT_OVER, cents=-short)
    elif short <= bill.tolerance_cents:
        stated = entry.charges_cents == short
        yield Sign(Evidence.AMOUNT_LESS_CHARGES if stated else Evidence.AMOUNT_SHORT, cents=short)
    else:
        yield Sign(Evidence.AMOUNT_PART, cents=short)


def _signs_of_day(entry: EntryFacts, bill: Bill) -> Iterator[Sign]:
    """A payment comes between the day of the bill and some weeks after it is due."""
    if entry.value_date is None or bill.issued_on is None:
        return
    if bill.ended and bill.due_on and entry.value_date <= bill.due_on:
        yield Sign(Evidence.DAY_IN_TIME)  # a payment counts by its value day, however late the bank told of it
    if bill.issued_on - EARLY <= entry.value_date <= (bill.due_on or bill.issued_on) + LATE:
        yield Sign(Evidence.DAY_NEAR)


def _against(entry: EntryFacts, bill: Bill) -> Iterator[Sign]:
    if entry.currency != bill.currency:
        yield Sign(Doubt.CURRENCY_DIFFERS, bill.currency)
    if bill.ended:
        yield Sign(Doubt.PLACE_ENDED)
    elif bill.open_cents <= 0:
        yield Sign(Doubt.BILL_CREDITED if bill.credited and not bill.received_cents else Doubt.BILL_PAID)


def _is_only_open(bill: Bill, book: Book) -> bool:
    return all(other.key == bill.key or not other.takes_money for other in book.of_payer(bill.payer))


def _score(signs: list[Sign]) -> int:
    codes = {sign.code for sign in signs}
    score = min(sum(WEIGHTS.get(sign.code, 0) for sign in signs), HIGHEST)
    if CLOSED_BY & codes:
        return min(score, CLOSED)
    return min(score, FOREIGN) if Doubt.CURRENCY_DIFFERS in codes else score


def _sums(entry: EntryFacts, book: Book, identity: dict[int, tuple[Sign, ...]]) -> Iterator[Candidate]:
    """Yield several bills of one payer that come to the sum, where the line leads to that payer."""
    led = [key for key in identity if book.bill(key).takes_money and book.bill(key).currency == entry.currency]
    if any(book.bill(key).open_cents == entry.amount_cents and _is_exact(identity[key]) for key in led):
        return
    by_payer: dict[str, list[int]] = defaultdict(list)
    for key in led:
        by_payer[book.bill(key).payer].append(key)
    for payer, keys in by_payer.items():
        bills = [bill for bill in book.of_payer(payer) if bill.takes_money and bill.currency == entry.currency]
        bills.sort(key=lambda bill: (-_weight(identity.get(bill.key, ())), str(bill.due_on or ""), bill.key))
        ways = sums_to(entry.amount_cents, bills)
        for way in ways:
            yield _sum_of(entry, way, keys, identity, alone=len(ways) == 1, all_open=len(way) == len(bills))


def _sum_of(
    entry: EntryFacts,
    way: tuple[Bill, ...],
    keys: list[int],
    identity: dict[int, tuple[Sign, ...]],
    *,
    alone: bool,
    all_open: bool,
) -> Candidate:
    led = [identity[bill.key] for bill in way if bill.key in keys]
    best = max(led, key=_weight, default=())
    signs = [*best, Sign(Evidence.AMOUNT_SUM, str(len(way))), *_signs_of_day(entry, way[0])]
    signs += [sign for other in led if other is not best for sign in other if sign not in signs]
    if all_open:
        signs.append(Sign(Evidence.ONLY_OPEN))
    if not alone:
        signs.append(Sign(Doubt.SEVERAL_SUMS))
    counted = [*best, *(sign for sign in signs if sign.code in SUM_COUNTS)]
    return Candidate(tuple(Part(bill, bill.open_cents) for bill in way), _score(counted), tuple(signs))


SUM_COUNTS = {Evidence.AMOUNT_SUM, Evidence.DAY_NEAR, Evidence.ONLY_OPEN}


def _weight(signs: tuple[Sign, ...]) -> int:
    return sum(WEIGHTS.get(sign.code, 0) for sign in signs)


def _is_exact(signs: tuple[Sign, ...]) -> bool:
    return any(sign.code in (Evidence.REFERENCE_STRUCTURED, Evidence.REFERENCE_IN_TEXT) for sign in signs)
