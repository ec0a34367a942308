"""What may have left, come back or been taken back with a bank line, with the words of what speaks for each."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.domain.billing.matching.leavings import FileLeaving, LeavingSign
from chancery.domain.billing.matching.returns import ReturnSign
from chancery.domain.billing.matching.together import CameTogether
from chancery.domain.billing.models import BankEntry, Refund, RefundBatch
from chancery.domain.billing.queries.coming_back import list_coming_back_together, list_possible_returns
from chancery.domain.billing.queries.leavings import list_leaving_together, list_possible_leavings
from chancery.domain.billing.queries.returned_lines import list_counterparts
from chancery.foundation.figures import whole_numbers
from chancery.foundation.ui.parts import Evidence

SIGNS: dict[ReturnSign | LeavingSign, Promise] = {
    LeavingSign.REFERENCE: gettext_lazy("the reference of our refund, exactly"),
    LeavingSign.SUM: gettext_lazy("the sum of the refund"),
    LeavingSign.SUM_MORE: gettext_lazy("more than the refund: the bank may have taken charges"),
    LeavingSign.ACCOUNT: gettext_lazy("it goes to the account of the refund"),
    LeavingSign.OTHER_ACCOUNT: gettext_lazy("it goes to another account than the refund"),
    LeavingSign.NAME: gettext_lazy("it goes to whom the refund is for"),
    ReturnSign.REFERENCE: gettext_lazy("the reference of our refund, exactly"),
    ReturnSign.SUM: gettext_lazy("the sum of the refund"),
    ReturnSign.SUM_SHORT: gettext_lazy("less than the refund: the bank kept the rest"),
    ReturnSign.ACCOUNT: gettext_lazy("it comes from the account that was paid"),
    ReturnSign.TOLD: gettext_lazy("the bank says that it sends a payment back"),
    ReturnSign.FILE: gettext_lazy("the bank names the file that held them"),
    ReturnSign.TOGETHER: gettext_lazy("the sum of refunds that left together"),
}


@dataclass(frozen=True, slots=True)
class ReturnShown:
    """A refund that the line may be."""

    refund: Refund
    evidence: tuple[Evidence, ...]
    is_likely: bool


@dataclass(frozen=True, slots=True)
class LeavingShown:
    """A refund that may have left with a debit; ``exceeds_minor`` is what left besides, in minor units."""

    refund: Refund
    evidence: tuple[Evidence, ...]
    exceeds_minor: int
    is_likely: bool


def leavings_shown(entry: BankEntry) -> list[LeavingShown]:
    """Return the refunds that may have left with a line, the likeliest first."""
    return [
        LeavingShown(refund, tuple(_evidence(sign) for sign in each.signs), each.exceeds_cents, each.is_likely)
        for refund, each in list_possible_leavings(entry)
    ]


@dataclass(frozen=True, slots=True)
class TogetherShown:
    """Refunds that may have left or come back with a line as one sum, each with whether it is ticked.

    ``sum_minor`` is what the ticked ones come to, ``exceeds_minor`` what the line is besides: less than nothing where
    it is less. ``is_told``: just those are ticked that the line is by its sum or by the bank's word.
    """

    refunds: tuple[tuple[Refund, bool], ...]
    evidence: tuple[Evidence, ...]
    sum_minor: int
    exceeds_minor: int
    is_told: bool
    is_debit: bool
    reason: str

    @property
    def lacks_minor(self) -> int:
        """What the ticked ones come to besides the line."""
        return -self.exceeds_minor

    @property
    def may_be_named(self) -> bool:
        """Whether the ticked ones fit into the debit, or the credit into them."""
        return self.sum_minor > 0 and (self.exceeds_minor >= 0 if self.is_debit else self.exceeds_minor <= 0)


def together_shown(entry: BankEntry, typed: QueryDict) -> TogetherShown | None:
    """Return what may have left or come back together with a line, with the ticks of a form, else those it tells."""
    is_debit = entry.amount_minor < 0
    found = list_leaving_together(entry) if is_debit else list_coming_back_together(entry)
    if not found.refunds:
        return None
    told = set(found.told.refunds) if found.told else set[int]()
    ticked = set(whole_numbers(typed.getlist("refund"))) if "sum" in typed else told
    rows = tuple((refund, refund.pk in ticked) for refund in found.refunds)
    total = sum(refund.amount_minor for refund, is_ticked in rows if is_ticked)
    return TogetherShown(
        refunds=rows,
        evidence=tuple(dict.fromkeys(evidence for each in found.weighed for evidence in _of_group(each))),
        sum_minor=total,
        exceeds_minor=abs(entry.balance.left_minor) - total,
        is_told=bool(told) and ticked == told,
        is_debit=is_debit,
        reason=typed.get("reason", ""),
    )


def _of_group(each: FileLeaving | CameTogether) -> tuple[Evidence, ...]:
    return (_of_file(each),) if isinstance(each, FileLeaving) else tuple(_evidence(sign) for sign in each.signs)


def _of_file(each: FileLeaving) -> Evidence:
    words = _("the bank names the file %(file)s") if each.is_named else _("the sum of the refunds of %(file)s")
    return Evidence("plus", words % {"file": RefundBatch(pk=each.key).filename})


def returns_shown(entry: BankEntry) -> list[ReturnShown]:
    """Return the refunds that may have come back with a line, the likeliest first.

    One whose money is proposed anew or booked elsewhere is not likely unless the bank names it.
    """
    found = [
        ReturnShown(
            refund,
            tuple(_evidence(sign) for sign in signs),
            is_likely=ReturnSign.REFERENCE in signs or not refund.is_taken_over,
        )
        for refund, signs in list_possible_returns(entry)
    ]
    return sorted(found, key=lambda each: not each.is_likely)


@dataclass(frozen=True, slots=True)
class CounterpartShown:
    """A line that may be the other half of one that came in and left again, or moved between accounts of ours."""

    line: BankEntry
    evidence: tuple[Evidence, ...]
    is_transfer: bool


def counterparts_shown(entry: BankEntry) -> list[CounterpartShown]:
    """Return the lines that a line may take back, or that may take it back, the newest first."""
    return [
        CounterpartShown(line, _signs_between(entry, line), is_transfer=line.account_id != entry.account_id)
        for line in list_counterparts(entry)
    ]


def _signs_between(entry: BankEntry, line: BankEntry) -> tuple[Evidence, ...]:
    here, there = entry.account.number, line.account.number
    said = {
        _("the same sum"): True,
        _("this line names that account of ours"): here != there and entry.payer_iban == there,
        _("that line names this account of ours"): here != there and line.payer_iban == here,
        _("the same account of the payer"): bool(entry.payer_iban) and entry.payer_iban == line.payer_iban,
        _("the same end-to-end reference"): bool(line.end_to_end_id) and entry.end_to_end_id == line.end_to_end_id,
        _("the bank says that it takes a payment back"): entry.reversal or line.reversal,
    }
    return tuple(Evidence("plus", words) for words, stands in said.items() if stands)


def _evidence(sign: ReturnSign | LeavingSign) -> Evidence:
    if sign is LeavingSign.OTHER_ACCOUNT:
        return Evidence("minus", str(SIGNS[sign]))
    is_note = sign in {ReturnSign.SUM_SHORT, LeavingSign.SUM_MORE}
    return Evidence("note" if is_note else "plus", str(SIGNS[sign]))
