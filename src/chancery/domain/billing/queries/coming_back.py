"""Read with which credit refunds came back, or may have: alone, or as one sum with others that went with them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q

from chancery.domain.billing.matching.returns import Paid, ReturnSign, ToldLine, weigh_returns
from chancery.domain.billing.matching.together import CameTogether, WentTogether, weigh_together
from chancery.domain.billing.models import BankEntry, Refund
from chancery.domain.billing.queries.corrections import SUM_TOLD, sum_told
from chancery.domain.billing.queries.refunds import as_paid, list_refunds, told_line
from chancery.domain.billing.states import EntryStatus, RefundState

MOST_RETURNS = 5
# Refunds that went to the bank, or left, of which nothing has come back yet.
WENT = Q(batch__isnull=False) | Q(debit__isnull=False), Q(came_back=None)


@dataclass(frozen=True, slots=True)
class ComingBackTogether:
    """Refunds of which several may have come back with a credit as one sum, and what speaks for it."""

    refunds: list[Refund]
    weighed: tuple[CameTogether, ...]

    @property
    def told(self) -> CameTogether | None:
        """The one group that the credit can be whole: the only one, or the only one that the bank names.

        None where the bank names none, and money of the group is proposed anew or booked elsewhere.
        """
        is_named = any(each.is_named for each in self.weighed)
        alike = [each for each in self.weighed if each.is_whole and (each.is_named or not is_named)]
        taken_over = {refund.pk for refund in self.refunds if refund.is_taken_over and not is_named}
        return alike[0] if len(alike) == 1 and taken_over.isdisjoint(alike[0].refunds) else None


def is_free_credit(entry: BankEntry) -> bool:
    """Tell whether nothing of a credit is used, and it is no difference by which the bank corrected a line."""
    if entry.status != EntryStatus.BOOKED or hasattr(entry, "correction"):
        return False
    return 0 < entry.balance.left_minor == _own_sum(entry)


def left_from(account_id: int) -> Q:
    """Select the refunds that left from an account of ours: their debit says so, else the account of their file."""
    return Q(debit__account=account_id) | Q(debit=None, batch__account=account_id)


def list_returned(file_id: int) -> list[tuple[int, int]]:
    """Return the refunds that surely came back with lines of a file: (refund, line)."""
    went = _list_that_went()
    if not went:
        return []
    candidates = BankEntry.objects.filter(file=file_id, amount_minor__in={each.paid.amount_cents for each in went})
    found = []
    for entry in candidates.filter(status=EntryStatus.BOOKED).order_by("pk").iterator():
        weighed = weigh_returns(told_line(entry), _that_left_from(entry.account_id, went))
        sure = next((each for each in weighed if each.is_sure), None)
        if sure:
            found.append((sure.key, entry.pk))
            went = [each for each in went if each.paid.key != sure.key]
    return found


def list_possible_returns(entry: BankEntry) -> list[tuple[Refund, tuple[ReturnSign, ...]]]:
    """Return the refunds that may have come back with a line of which nothing is used yet, the likeliest first.

    Each comes back to the account of ours from which it left.
    """
    refunds = _that_left_from(entry.account_id, _list_that_went()) if is_free_credit(entry) else []
    if not refunds:
        return []
    found = {each.key: each.signs for each in weigh_returns(_told_credit(entry), refunds)}
    rows = list_refunds().in_bulk(list(found)[:MOST_RETURNS])
    return [(rows[key], signs) for key, signs in found.items() if key in rows]


def list_coming_back_together(entry: BankEntry) -> ComingBackTogether:
    """Return the refunds of which several may have come back with a credit of which nothing is used yet.

    First those for which something speaks, then those of the newest others of which the credit may be a part.
    """
    if not is_free_credit(entry):
        return ComingBackTogether([], ())
    went = [each for each in _list_that_went() if each.account == entry.account_id]
    weighed = weigh_together(_told_credit(entry), _that_went_together(went))
    speaks = [each for each in weighed if each.signs]
    others = [each for each in weighed if not each.signs][:MOST_RETURNS]
    keys = list(dict.fromkeys(key for each in (*speaks, *others) for key in each.refunds))
    rows = list_refunds().in_bulk(keys) if keys else {}
    return ComingBackTogether([rows[key] for key in keys if key in rows], tuple(speaks))


def list_that_may_have_come_back(entry_ids: Collection[int]) -> set[int]:
    """Return those of some lines that may be refunds of ours that came back: somebody has to say whether they are.

    Nothing of such a credit was booked, though it may be kept or proposed to be given back, and nobody has said that it
    is another payment. Something speaks for it, and it came no earlier than the refunds went; two queries.
    """
    rows = BankEntry.objects.filter(pk__in=entry_ids, amount_minor__gt=0, status=EntryStatus.BOOKED, correction=None)
    unsaid = rows.filter(balance__allocated_minor=0, balance__is_other_payment=False, refunds_returned=None)
    entries = list(unsaid.annotate(told_minor=SUM_TOLD))
    went = _list_that_went() if entries else []
    return {entry.pk for entry in entries if _may_be_of(entry, [each for each in went if each.is_before(entry)])}


def is_sure_return(refund: Refund, credit: BankEntry) -> bool:
    """Tell whether a line is a refund coming back by the bank's own word: our reference, to the cent."""
    of_it = as_paid(Refund.objects.filter(pk=refund.pk))
    return any(each.is_sure for each in weigh_returns(told_line(credit), of_it))


@dataclass(frozen=True, slots=True)
class _Went:
    """A refund of a line that went to the bank, from which account on which day, with its debit and file."""

    paid: Paid
    line: int
    is_called_failed: bool
    debit: int | None
    file: int | None
    message_id: str
    account: int
    day: date

    def is_before(self, credit: BankEntry) -> bool:
        """Tell whether it went before a credit came, of which it is not a part itself."""
        return self.line != credit.pk and (credit.booking_date is None or self.day <= credit.booking_date)


def _list_that_went() -> list[_Went]:
    """Return the refunds that went to the bank, or left, of which nothing has come back yet, the oldest first."""
    rows = Refund.objects.filter(*WENT).order_by("pk")
    told = ("pk", "end_to_end_id", "iban", "amount_minor", "currency", "name")
    shown = ("entry", "state", "debit", "debit__account", "debit__booking_date")
    in_file = ("batch", "batch__message_id", "batch__account", "batch__made_at")
    found = []
    for *paid, line, state, debit, from_account, left_on, file, message, account, made_at in rows.values_list(
        *told, *shown, *in_file
    ):
        day = left_on or (made_at.date() if made_at else date.min)
        is_failed = state == RefundState.FAILED
        found.append(_Went(Paid(*paid), line, is_failed, debit, file, message or "", from_account or account, day))
    return found


def _that_left_from(account_id: int, went: Iterable[_Went]) -> list[Paid]:
    return [each.paid for each in went if each.account == account_id]


def _that_went_together(went: Iterable[_Went]) -> list[WentTogether]:
    """Return the refunds that left with one debit, and those of one file, two or more of each.

    A file stands there twice where somebody called refunds of it failed: the bank sent these back too, or never had
    them.
    """
    groups: dict[tuple[str, int | None], list[_Went]] = defaultdict(list)
    for each in went:
        groups["debit", each.debit].append(each)
        groups["file", each.file].append(each)
        if not each.is_called_failed:
            groups["held", each.file].append(each)
    found = {}
    for (_, key), some in groups.items():
        if key is not None and len(some) > 1:
            message_ids = frozenset(each.message_id for each in some if each.message_id)
            together = WentTogether(tuple(each.paid for each in some), message_ids)
            found[together.refunds] = together
    return list(found.values())


def _may_be_of(credit: BankEntry, went: Sequence[_Went]) -> bool:
    told, here = _told_credit(credit), [each for each in went if each.account == credit.account_id]
    if weigh_returns(told, [each.paid for each in here]):
        return True
    return any(each.signs for each in weigh_together(told, _that_went_together(here)))


def _told_credit(entry: BankEntry) -> ToldLine:
    """Return what matching is told of a credit: what more came of it by a correction is a line of its own."""
    return replace(told_line(entry), amount_cents=_own_sum(entry))


def _own_sum(entry: BankEntry) -> int:
    return min(entry.amount_minor, sum_told(entry))
