"""The bills that a bank line may belong to, with the words of what speaks for and against each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from django.utils.translation import gettext as _

from chancery.domain.billing.models import BankEntry, Invoice
from chancery.domain.billing.queries.suggestions import Suggested
from chancery.foundation.money import Money
from chancery.foundation.ui.parts import Evidence
from chancery.foundation.ui.wording import money_text, name_text
from chancery.interfaces.office.reasons_shown import signs_reason
from chancery.interfaces.office.signs_words import SIGNS


@dataclass(frozen=True, slots=True)
class PartShown:
    """A bill and how much of the line it would take; ``amount`` as it is typed."""

    invoice: Invoice
    open_minor: int
    amount_minor: int
    amount: str

    @property
    def whose(self) -> str:
        """The bill's number, who pays it and for whom."""
        people = [line.quote.application.person for line in self.invoice.lines.all() if line.quote]
        names = [name_text(person.name, person.latin_name) for person in people]
        return " · ".join([f"{self.invoice.number} {name_text(self.invoice.party.legal_name, '')}", *names])


@dataclass(frozen=True, slots=True)
class CandidateShown:
    """What can be done with one click, or why not. ``act``: book, ask (about the difference first) or nothing.

    ``reason`` is what a booking keeps of what speaks for it, or what somebody typed.
    """

    parts: tuple[PartShown, ...]
    score: int
    evidence: list[Evidence]
    reason: str
    act: Literal["book", "ask", ""]

    @property
    def amount_minor(self) -> int:
        """What would be booked in all."""
        return sum(part.amount_minor for part in self.parts)

    @property
    def numbers(self) -> str:
        """The bills' numbers."""
        return " + ".join(part.invoice.number for part in self.parts)


def candidates_shown(entry: BankEntry, suggestions: Iterable[Suggested]) -> list[CandidateShown]:
    """Return the suggestions of a line, best first."""
    ranked = groupby(suggestions, key=lambda each: each.rank)
    return [_candidate(entry, list(rows)) for _rank, rows in ranked]


def found_bills_shown(entry: BankEntry, found: Sequence[Suggested]) -> list[CandidateShown]:
    """Return bills that somebody looked up, each as a candidate of its own."""
    return [_candidate(entry, [each]) for each in found]


def part_of(entry: BankEntry, invoice: Invoice, left: int) -> PartShown:
    """Return how much of what is left of a line a bill takes at most."""
    still = invoice.balance.open_minor
    most = min(abs(left), still if left > 0 else invoice.balance.allocated_minor)
    same = entry.currency == invoice.currency
    minor = max(most, 0) if same else 0
    return PartShown(invoice, still, minor, str(Money(minor, entry.currency).decimal) if minor else "")


def _candidate(entry: BankEntry, rows: list[Suggested]) -> CandidateShown:
    left = entry.balance.left_minor
    parts, still_left = [], left
    for row in rows:
        part = part_of(entry, row.invoice, still_left)
        parts.append(part)
        still_left -= part.amount_minor if left > 0 else -part.amount_minor
    evidence = [_words(entry, sign) for sign in rows[0].evidence if sign[0] in SIGNS]
    return CandidateShown(
        parts=tuple(parts),
        score=rows[0].score,
        evidence=evidence,
        reason=_kept(entry, rows[0].evidence),
        act=_act(entry, rows, parts, left, ended="place_ended" in {sign[0] for sign in rows[0].evidence}),
    )


def _act(
    entry: BankEntry, rows: list[Suggested], parts: list[PartShown], left: int, *, ended: bool
) -> Literal["book", "ask", ""]:
    if any(not part.amount_minor for part in parts) or not parts:
        return ""
    booked = sum(part.amount_minor for part in parts)
    if left > 0 and (booked < left or ended):
        return "ask"
    short = parts[0].open_minor - booked if len(parts) == 1 and left > 0 else 0
    return "ask" if 0 < short <= rows[0].tolerance_minor else "book"


def _words(entry: BankEntry, sign: tuple[str, str, int]) -> Evidence:
    _code, told, cents = sign
    kind, words = SIGNS[_code_for(entry, sign)]
    return Evidence(kind, str(words) % {"told": told, "sum": money_text(cents, entry.currency)})


def _code_for(entry: BankEntry, sign: tuple[str, str, int]) -> str:
    code = f"debit.{sign[0]}"
    return code if entry.amount_minor < 0 and code in SIGNS else sign[0]


def _kept(entry: BankEntry, evidence: Iterable[tuple[str, str, int]]) -> str:
    """Return what speaks for a bill as a booking keeps it: codes with what they told, which a page puts in words."""
    signs = [(_code_for(entry, sign), sign[1]) for sign in evidence if sign[0] in SIGNS]
    return signs_reason((code, told) for code, told in signs if SIGNS[code][0] != "minus")


def difference_words(entry: BankEntry, parts: Sequence[PartShown]) -> str:
    """Return what is left over or missing when a line is booked to these bills."""
    left = entry.balance.left_minor
    over = left - sum(part.open_minor for part in parts)
    if over == 0:
        return _("The sum is exactly what is open.")
    words = _("%(sum)s more came than is open.") if over > 0 else _("%(sum)s are missing.")
    return words % {"sum": money_text(abs(over), entry.currency)}
