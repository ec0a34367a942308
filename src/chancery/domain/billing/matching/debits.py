"""Money that leaves the account: a payment taken back, the bank's own fee, or something else.

Each rule answers for what it knows and passes on the rest; a debit of a kind that we caused ourselves (money given
back) gets a rule of its own here, before ``_other``.
"""

from collections.abc import Callable
from typing import Final

from chancery.domain.billing.matching.book import Book
from chancery.domain.billing.matching.exact import doubts_of_entry
from chancery.domain.billing.matching.facts import Bill, Candidate, Doubt, EntryFacts, Evidence, Match, Part, Sign
from chancery.domain.billing.matching.naming import bills_named
from chancery.domain.billing.references import refund_references_in
from chancery.domain.billing.states import WorkState

EXACT: Final = (Evidence.REFERENCE_STRUCTURED, Evidence.REFERENCE_IN_TEXT)
RETURN_SCORE, LOOSE_SCORE = 99, 50


def weigh_debit(entry: EntryFacts, book: Book) -> Match:
    """Say what a debit is; a payment that the bank takes back books itself when its bill had received exactly that."""
    return next(answer for rule in RULES if (answer := rule(entry, book)))


def _taken_back(entry: EntryFacts, book: Book) -> Match | None:
    if not entry.reversal:
        return None
    found = [
        (bill, sign)
        for key, sign in bills_named(entry, book).items()
        if (bill := book.bill(key)).received_cents > 0 and bill.currency == entry.currency
    ]
    exact = [(bill, sign) for bill, sign in found if sign.code in EXACT and bill.received_cents == -entry.amount_cents]
    doubts = tuple(doubt for doubt in doubts_of_entry(entry) if doubt is not Doubt.REVERSAL)
    if len(exact) == 1 and not doubts:
        bill, sign = exact[0]
        evidence = (Evidence(sign.code), Evidence.CURRENCY_EQUAL, Evidence.AMOUNT_EQUAL)
        return Match(WorkState.BOOKED, bill, evidence, (Doubt.REVERSAL,), (_candidate(entry, bill, sign),))
    candidates = tuple(_candidate(entry, bill, sign) for bill, sign in found[:5])
    return Match(WorkState.OUTGOING, reasons=(Doubt.REVERSAL, *doubts), candidates=candidates)


def _candidate(entry: EntryFacts, bill: Bill, sign: Sign) -> Candidate:
    equal = bill.received_cents == -entry.amount_cents
    signs = (sign, *((Sign(Evidence.AMOUNT_EQUAL),) if equal else ()))
    cents = -min(-entry.amount_cents, bill.received_cents)
    return Candidate((Part(bill, cents),), RETURN_SCORE if equal else LOOSE_SCORE, signs)


def _refund(entry: EntryFacts, book: Book) -> Match | None:
    """Return money that names a refund of ours, which takes it next; what no refund takes waits for a person."""
    if not refund_references_in(entry.end_to_end_id, entry.remittance):
        return None
    return Match(WorkState.SUSPENSE, reasons=(Doubt.REFUND_NAMED,))


def _names_a_bill(entry: EntryFacts, book: Book) -> Match | None:
    """Return a debit that names a paid bill without the bank's mark of a return: a person says whether it is one.

    A number in short is not enough, since our account pays the bills of others too.
    """
    found = [
        _candidate(entry, bill, sign)
        for key, sign in bills_named(entry, book).items()
        if sign.code is not Evidence.NUMBER_SHORT
        and (bill := book.bill(key)).received_cents > 0
        and bill.currency == entry.currency
    ]
    if not found:
        return None
    return Match(WorkState.OUTGOING, reasons=(Doubt.BILL_NAMED,), candidates=tuple(found[:5]))


def _bank_fee(entry: EntryFacts, book: Book) -> Match | None:
    """Return the bank's own fee: nobody stands on the other side."""
    if entry.payer_name or entry.payer_account:
        return None
    return Match(WorkState.OUTGOING, reasons=(Doubt.BANK_FEE,))


def _other(entry: EntryFacts, book: Book) -> Match | None:
    return Match(WorkState.OUTGOING, reasons=(Doubt.OUTGOING,))


RULES: Final[tuple[Callable[[EntryFacts, Book], Match | None], ...]] = (
    _taken_back,
    _refund,
    _names_a_bill,
    _bank_fee,
    _other,
)
