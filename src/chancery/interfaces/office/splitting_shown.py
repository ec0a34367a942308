"""The sheet on which a line is spread over bills: what each takes, and what the difference may become."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.translation import gettext as _

from chancery.domain.billing.models import BankEntry, Invoice
from chancery.domain.billing.queries.suggestions import list_bills_of_ids, tolerance_of
from chancery.foundation.money import Money, exponent
from chancery.foundation.ui.wording import with_code
from chancery.interfaces.office.forms.reconcile import typed_minor
from chancery.interfaces.office.reasons_shown import noted_words
from chancery.interfaces.office.suggestions_shown import CandidateShown, PartShown, difference_words, part_of


@dataclass(frozen=True, slots=True)
class LeftShown:
    """What the page says about the rest of a line while amounts are typed (ui/left.js).

    ``minor``: of the line, before any of them; ``digits``: of its currency behind the point. ``{sum}`` in ``left`` and
    ``over`` is where the figure goes; ``unread`` stands there where an amount is none.
    """

    minor: int
    digits: int
    left: str
    over: str
    unread: str


@dataclass(frozen=True, slots=True)
class SplitSheet:
    """Bills with the amounts that go to them, and the question about the difference.

    ``over_minor``: what of the line pays none of them. ``short_minor``: what the one bill lacks; it may be written
    off where ``may_write_off``. ``offered``: what speaks for just these bills, as a booking keeps it.
    """

    parts: tuple[PartShown, ...]
    left: LeftShown
    difference: str
    over_minor: int
    short_minor: int
    may_write_off: bool
    reason: str
    offered: str
    rest: str
    rest_reason: str

    @property
    def difference_minor(self) -> int:
        """What came too much, or too little."""
        return self.over_minor or self.short_minor

    @property
    def asks(self) -> bool:
        """Whether somebody has to say what happens with the difference."""
        return self.over_minor > 0 or self.may_write_off


def split_sheet(
    entry: BankEntry, chosen: Sequence[int], typed: QueryDict, suggested: Sequence[CandidateShown]
) -> SplitSheet:
    """Return the sheet for these bills with what was typed; a bill that is new on it takes what is left by then.

    Where just these bills are ``suggested``, what speaks for them stands there as the reason.
    """
    amounts = dict(zip(typed.getlist("invoice"), typed.getlist("amount"), strict=False))
    parts = _fill(entry, list_bills_of_ids(chosen), amounts)
    left, offered = entry.balance.left_minor, _reason_for(chosen, suggested)
    over = max(left - sum(part.open_minor for part in parts), 0) if parts and left > 0 else 0
    short = parts[0].open_minor - left if len(parts) == 1 and left > 0 else 0
    return SplitSheet(
        parts=tuple(parts),
        left=_left(entry),
        difference=difference_words(entry, parts) if parts and left > 0 else "",
        over_minor=over,
        short_minor=max(short, 0),
        may_write_off=len(parts) == 1 and 0 < short <= tolerance_of(parts[0].invoice),
        reason=typed.get("reason", noted_words(offered)),
        offered=offered,
        rest=typed.get("rest", ""),
        rest_reason=typed.get("rest_reason", ""),
    )


def amount_words(entry: BankEntry) -> str:
    """Say how an amount of a line is written, as its rest would be."""
    return _("Write the amount as %(example)s.") % {
        "example": Money(abs(entry.balance.left_minor), entry.currency).decimal
    }


def _left(entry: BankEntry) -> LeftShown:
    gap = {"sum": with_code("{sum}", entry.currency)}
    return LeftShown(
        minor=abs(entry.balance.left_minor),
        digits=exponent(entry.currency),
        left=_("Left of the line: %(sum)s") % gap,
        over=_("%(sum)s more than the line has") % gap,
        unread=amount_words(entry),
    )


def _reason_for(ids: Sequence[int], suggested: Sequence[CandidateShown]) -> str:
    return next((each.reason for each in suggested if [part.invoice.pk for part in each.parts] == list(ids)), "")


def _fill(entry: BankEntry, invoices: Sequence[Invoice], amounts: dict[str, str]) -> list[PartShown]:
    left, parts = entry.balance.left_minor, []
    for invoice in sorted(invoices, key=lambda each: str(each.pk) not in amounts):
        part = part_of(entry, invoice, left)
        typed = amounts.get(str(invoice.pk))
        taken = part.amount_minor if typed is None else abs(typed_minor(typed, entry.currency) or 0)
        left = max(left - taken, 0) if left > 0 else min(left + taken, 0)
        parts.append(part if typed is None else replace(part, amount=typed))
    return parts
