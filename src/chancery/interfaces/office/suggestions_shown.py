"""The bills that a bank line may belong to, with the words of what speaks for and against each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.domain.billing.models import BankEntry, Invoice
from chancery.domain.billing.queries.suggestions import Suggested
from chancery.foundation.money import Money
from chancery.foundation.ui.parts import Evidence
from chancery.foundation.ui.wording import money_text, name_text

# What each piece of evidence says; (told) is what the bank wrote or whom it names, (sum) an amount.
SIGNS: dict[str, tuple[Literal["plus", "minus", "note"], Promise]] = {
    "reference.structured": ("plus", gettext_lazy("its reference, exactly")),
    "reference.in-text": ("plus", gettext_lazy("its reference in the text, exactly")),
    "reference.near": ("note", gettext_lazy("reference one digit off: %(told)s")),
    "reference.body": ("note", gettext_lazy("its number, but the check digits are wrong: %(told)s")),
    "number.full": ("plus", gettext_lazy("its number in the text: %(told)s")),
    "number.short": ("note", gettext_lazy("its number, written in short: %(told)s")),
    "account.seen": ("plus", gettext_lazy("this account paid for the same payer before")),
    "account.shared": ("note", gettext_lazy("this account paid for several payers before, this one among them")),
    "payer.name": ("plus", gettext_lazy("payer and bill agree: %(told)s")),
    "payer.name-part": ("note", gettext_lazy("the payer's name has %(told)s in it, and other words")),
    "city.named": ("plus", gettext_lazy("the text names %(told)s")),
    "person.named": ("plus", gettext_lazy("the text names %(told)s")),
    "amount.equal": ("plus", gettext_lazy("amount equal, the whole open sum")),
    "debit.amount.equal": ("plus", gettext_lazy("amount equal, the whole sum that it received")),
    "amount.sum": ("plus", gettext_lazy("amount equal, the sum of %(told)s bills of one payer")),
    "amount.less-charges": ("note", gettext_lazy("%(sum)s short, and the bank states charges of %(sum)s")),
    "amount.short": ("note", gettext_lazy("%(sum)s short, within the tolerance")),
    "amount.part": ("note", gettext_lazy("a part: %(sum)s stay open")),
    "amount.over": ("note", gettext_lazy("%(sum)s more than is open")),
    "bill.only-open": ("plus", gettext_lazy("nothing else of this payer is open")),
    "day.near": ("plus", gettext_lazy("the day fits")),
    "day.in-time": ("plus", gettext_lazy("it was paid in time: the value day is not after the due day")),
    "currency.equal": ("plus", gettext_lazy("the currency of the bill")),
    "line.sum": ("plus", gettext_lazy("the sum of a line that was booked to it")),
    "line.payer": ("plus", gettext_lazy("the payer of that line: %(told)s")),
    "currency_differs": ("minus", gettext_lazy("the bill is in %(told)s")),
    "bill_paid": ("minus", gettext_lazy("paid already")),
    "bill_credited": ("minus", gettext_lazy("credited: nothing is owed on it")),
    "place_ended": ("minus", gettext_lazy("the place has ended or is billed anew")),
    "several_sums": ("minus", gettext_lazy("other bills of this payer come to the same sum")),
}


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
    """What can be done with one click, or why not. ``act``: book, ask (about the difference first) or nothing."""

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
        reason="; ".join(each.text for each in evidence if each.sign != "minus")[:300],
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
    code, told, cents = sign
    kind, words = SIGNS[f"debit.{code}" if entry.amount_minor < 0 and f"debit.{code}" in SIGNS else code]
    return Evidence(kind, str(words) % {"told": told, "sum": money_text(cents, entry.currency)})


def difference_words(entry: BankEntry, parts: Sequence[PartShown]) -> str:
    """Return what is left over or missing when a line is booked to these bills."""
    left = entry.balance.left_minor
    over = left - sum(part.open_minor for part in parts)
    if over == 0:
        return _("The sum is exactly what is open.")
    words = _("%(sum)s more came than is open.") if over > 0 else _("%(sum)s are missing.")
    return words % {"sum": money_text(abs(over), entry.currency)}
