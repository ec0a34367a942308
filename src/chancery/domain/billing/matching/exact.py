"""The exact rule: a right reference, the whole open sum, the same currency, and no doubt about the entry itself."""

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from chancery.domain.billing.matching.facts import Bill, Doubt, EntryFacts, Evidence, Match, pack
from chancery.domain.billing.references import is_creditor_reference, refund_references_in
from chancery.domain.billing.states import EntryStatus, WorkState

SHORTEST, LONGEST = 5, 25  # signs of an ISO 11649 reference
BEGINNING = re.compile(r"(?=RF[0-9]{2}[0-9A-Z])")
SPACED_BEGINNING = re.compile(r"R[^0-9A-Z]*F[^0-9A-Z]*[0-9]")
SIGN = re.compile(r"[0-9A-Z]")
SPOKEN = re.compile(r"RF[0-9]{2}(?:[ -]?[0-9A-Z]{1,4}){1,6}")  # a reference as people write it, in groups


@dataclass(frozen=True, slots=True)
class Named:
    """The references of open invoices that a transfer names, and how."""

    references: frozenset[str]
    evidence: Evidence | None = None
    doubt: Doubt = Doubt.NO_REFERENCE


def match_exactly(entry: EntryFacts, open_invoices: Mapping[str, Bill]) -> Match:
    """Match an entry with the open invoice it names: a right reference, the open amount, the same currency.

    ``open_invoices`` is keyed by reference without blanks, in capitals; take an invoice out (or lower its open
    amount) when it is paid, or the next equal transfer would pay it again.
    """
    if entry.status is EntryStatus.CONTESTED:
        return Match(WorkState.CONFLICT, reasons=(Doubt.CONTESTED,))
    if entry.status is not EntryStatus.BOOKED:
        return Match(WorkState.IGNORED, reasons=(Doubt.NOT_BOOKED,))
    if entry.amount_cents == 0:
        return Match(WorkState.IGNORED, reasons=(Doubt.NO_MONEY,))
    if entry.amount_cents < 0:
        return Match(WorkState.OUTGOING, reasons=(Doubt.REVERSAL if entry.reversal else Doubt.OUTGOING,))

    named = references_named(entry, open_invoices)
    if len(named.references) != 1:
        return Match(WorkState.SUSPENSE, reasons=(*doubts_of_entry(entry), named.doubt))

    invoice = open_invoices[next(iter(named.references))]
    doubts = (*doubts_of_entry(entry), *_doubts_between(entry, invoice))
    evidence = _evidence(entry, invoice, named)
    return Match(WorkState.SUSPENSE if doubts else WorkState.BOOKED, invoice, evidence, doubts)


def references_named(entry: EntryFacts, open_invoices: Mapping[str, Bill]) -> Named:
    """Return the open references that an entry names: structured ones first, else those in its free text."""
    packed = {pack(reference) for reference in entry.creditor_references}
    valid = {reference for reference in packed if is_creditor_reference(reference)}
    in_text = frozenset(open_references_in(entry.remittance, open_invoices))
    if len(valid | in_text) > 1:
        return Named(frozenset(), doubt=Doubt.SEVERAL_REFERENCES)
    if valid and valid <= open_invoices.keys():
        return Named(frozenset(valid), Evidence.REFERENCE_STRUCTURED)
    if in_text and not valid:
        return Named(in_text, Evidence.REFERENCE_IN_TEXT)
    return Named(frozenset(), doubt=_why_none(packed, entry.remittance))


def open_references_in(text: str, open_invoices: Container[str]) -> Iterator[str]:
    """Yield the open references in free text, however they are spaced, hyphenated or in lower case."""
    upper = text.upper()
    if not SPACED_BEGINNING.search(upper):
        return
    packed = "".join(SIGN.findall(upper))
    signs = list(SIGN.finditer(upper))
    after = 0
    for beginning in BEGINNING.finditer(packed):
        start = beginning.start()
        if start < after:
            continue
        for end in range(min(start + LONGEST, len(packed)), start + SHORTEST - 1, -1):
            reference = packed[start:end]
            if reference in open_invoices and is_creditor_reference(reference) and _ends_there(signs, end):
                yield reference
                after = end
                break


def _ends_there(signs: list[re.Match[str]], end: int) -> bool:
    """Whether a reference ends at a sign: a number that runs on without a blank is another number."""
    if end == len(signs):
        return True
    last, following = signs[end - 1], signs[end]
    return following.start() > last.end() or not (last[0].isdigit() and following[0].isdigit())


def _why_none(packed: set[str], text: str) -> Doubt:
    upper = text.upper()
    spoken = SPOKEN.finditer(upper) if SPACED_BEGINNING.search(upper) else ()
    like = {*packed, *(pack(found[0]) for found in spoken)}
    if any(is_creditor_reference(reference) for reference in like):
        return Doubt.REFERENCE_UNKNOWN
    if any(BEGINNING.match(reference) for reference in like):
        return Doubt.CHECK_DIGITS_WRONG
    return Doubt.REFERENCE_UNKNOWN if packed else Doubt.NO_REFERENCE


def doubts_of_entry(entry: EntryFacts) -> tuple[Doubt, ...]:
    """Return why money of this entry is not booked without a person, whatever it names."""
    found = {
        Doubt.REVERSAL: entry.reversal,
        Doubt.REFUND_NAMED: bool(refund_references_in(entry.end_to_end_id, entry.remittance)),
        Doubt.IDENTITY_UNCERTAIN: not entry.certain,
        Doubt.BATCH_UNEXPLAINED: entry.doubtful,
    }
    return tuple(doubt for doubt, stands in found.items() if stands)


def _doubts_between(entry: EntryFacts, invoice: Bill) -> tuple[Doubt, ...]:
    if entry.currency != invoice.currency:
        return (Doubt.CURRENCY_DIFFERS,)  # amounts of two currencies do not compare
    if entry.amount_cents != invoice.open_cents or entry.amount_cents == 0:
        return (Doubt.AMOUNT_DIFFERS,)
    return ()


def _evidence(entry: EntryFacts, invoice: Bill, named: Named) -> tuple[Evidence, ...]:
    same_currency = entry.currency == invoice.currency
    found = {
        named.evidence: True,
        Evidence.CURRENCY_EQUAL: same_currency,
        Evidence.AMOUNT_EQUAL: same_currency and entry.amount_cents == invoice.open_cents,
    }
    return tuple(evidence for evidence, stands in found.items() if evidence and stands)
