"""Read money on its way back."""

from collections.abc import Iterable, Sequence

from django.db.models import Prefetch, Q, QuerySet

from chancery.domain.billing.matching.leavings import Leaving, held_by, weigh_leavings
from chancery.domain.billing.matching.returns import Paid, ReturnSign, ToldLine, weigh_returns
from chancery.domain.billing.models import BankEntry, EntryBalance, Refund, RefundBatch, SetOff
from chancery.domain.billing.queries.corrections import SUM_TOLD, sum_told
from chancery.domain.billing.queries.issuing import editions_of_refunds, four_eyes_of
from chancery.domain.billing.queries.returned_lines import UNEXPLAINED
from chancery.domain.billing.references import refund_references_in
from chancery.domain.billing.states import EntryStatus, FileState, RefundState, WorkState
from chancery.domain.programme.policies import Guarded, takes_two_people

MOST_RETURNS, MOST_LEAVINGS = 5, 10
# What of a debit says whether it concerns us: there may be thousands that do not.
TOLD = (
    *("account", "amount_minor", "currency", "booking_date", "reversal", "status"),
    *("payer_name", "payer_iban", "end_to_end_id", "remittance"),
)
# Refunds of which no line has shown yet that they left: approved ones may have been paid by hand.
UNSEEN = Q(state__in=[RefundState.APPROVED, RefundState.EXPORTED]) | Q(state=RefundState.FAILED, debit=None)


def list_refunds() -> QuerySet[Refund]:
    """Return all refunds with the people concerned and what became of their promise, the earliest due day first."""
    beside = ("batch", "pay_from", "credit_note", "proposed_by", "decided_by", "debit", "came_back")
    set_offs = SetOff.objects.select_related("allocation__invoice").order_by("pk")
    rows = Refund.objects.select_related("entry__account", *beside).order_by("due_on", "pk")
    rows = rows.prefetch_related(Prefetch("set_offs", queryset=set_offs), "replaced_by")
    return rows.defer("entry__raw", "debit__raw", "came_back__raw")


def list_owed(entry_id: int) -> list[Refund]:
    """Return the refunds of a line that came to nothing and are still promised: those of no bill, then the oldest."""
    owed = [each for each in list_refunds().filter(entry=entry_id) if each.owed_minor]
    return sorted(owed, key=lambda each: (each.credit_note_id is not None, each.pk))


def list_to_return() -> QuerySet[EntryBalance]:
    """Return the lines that are set aside to be given back and are not proposed yet."""
    rows = EntryBalance.objects.filter(work_state=WorkState.GIVE_BACK).select_related("entry__account")
    return rows.order_by("entry__value_date", "pk")


def count_to_approve(user_id: int) -> int:
    """Return how many refunds somebody may approve: none without an account, nor their own where it takes two."""
    refunds = [each for each in list_refunds().filter(state=RefundState.PROPOSED) if each.has_account]
    guarded = refunds_for_two_people(refunds)
    return sum(user_id not in each.authors or each.pk not in guarded for each in refunds)


def list_batches() -> QuerySet[RefundBatch]:
    """Return the files that were made, newest first, without their bytes."""
    return RefundBatch.objects.select_related("account").prefetch_related("refunds").defer("content").order_by("-pk")


def list_leaving(file_id: int) -> list[tuple[int, BankEntry]]:
    """Return the refunds that lines of a file show leaving to the cent, each with its line, by our reference.

    Those that were paid by hand, that came back before their leaving was read, and that somebody called failed, are
    among them.
    """
    waiting = {
        refund.end_to_end_id: refund
        for refund in Refund.objects.filter(UNSEEN).only("end_to_end_id", "amount_minor", "currency")
    }
    if not waiting:
        return []
    debits = BankEntry.objects.filter(file=file_id, status=EntryStatus.BOOKED, amount_minor__lt=0)
    found = []
    for debit in debits.order_by("pk").iterator():
        named = next((each for each in _named_by(debit) if each in waiting), None)
        if named and _same_money(waiting[named], debit):
            found.append((waiting.pop(named).pk, debit))
    return found


def is_sure_leaving(refund: Refund, debit: BankEntry) -> bool:
    """Tell whether a line is a refund leaving by the bank's own word: our reference, to the cent."""
    return refund.end_to_end_id in _named_by(debit) and _same_money(refund, debit)


def names_unsent_refund(debit: BankEntry) -> bool:
    """Tell whether a line names a refund of no more than its sum that no line shows leaving, nor its successors."""
    named = Refund.objects.filter(end_to_end_id__in=_named_by(debit), amount_minor__lte=-debit.amount_minor)
    return not all(_has_left(refund) for refund in named)


def list_possible_leavings(entry: BankEntry) -> list[tuple[Refund, Leaving]]:
    """Return the refunds that may have left with a debit of which nothing is used yet, the likeliest first."""
    if not is_free_debit(entry):
        return []
    found = {each.key: each for each in weigh_leavings(_told(entry), _unseen())}
    rows = list_refunds().in_bulk(list(found)[:MOST_LEAVINGS])
    return [(rows[key], each) for key, each in found.items() if key in rows]


def list_that_may_have_left(debits: Iterable[BankEntry]) -> set[int]:
    """Return those of some unexplained debits with which a refund of ours may have left; one query."""
    refunds = _unseen()
    return {debit.pk for debit in debits if refunds and weigh_leavings(_told(debit), refunds)}


def list_holding(refunds: Sequence[Refund]) -> dict[int, list[BankEntry]]:
    """Return for each refund the unexplained debits with which it may have left, alone or with others, by its id."""
    paid = [
        Paid(each.pk, each.end_to_end_id, each.iban, each.amount_minor, each.currency, each.name) for each in refunds
    ]
    found: dict[int, list[BankEntry]] = {each.pk: [] for each in refunds}
    for debit in list_unexplained_debits() if paid else ():
        for key in held_by(_told(debit), paid):
            found[key].append(debit)
    return found


def list_unexplained_debits() -> QuerySet[BankEntry]:
    """Return the lines of money that left of which anything is unexplained, oldest first; what a matching rule is told.

    A line that the bank corrected counts with the sum that it has by now; the differences are no lines of their own.
    """
    rows = BankEntry.objects.filter(UNEXPLAINED, amount_minor__lt=0, file__state=FileState.ACCEPTED, correction=None)
    return rows.annotate(told_minor=SUM_TOLD).only(*TOLD).order_by("pk")


def is_free_debit(entry: BankEntry) -> bool:
    """Tell whether nothing of a debit is used, but by the bank's own corrections."""
    left = entry.balance.left_minor
    if entry.status != EntryStatus.BOOKED or left >= 0 or hasattr(entry, "correction"):
        return False
    return left == sum_told(entry)


def is_free_credit(entry: BankEntry) -> bool:
    """Tell whether nothing of a credit is used, and it is no difference by which the bank corrected a line."""
    is_whole = 0 < entry.amount_minor == entry.balance.left_minor
    return entry.status == EntryStatus.BOOKED and is_whole and not hasattr(entry, "correction")


def list_returned(file_id: int) -> list[tuple[int, int]]:
    """Return the refunds that surely came back with lines of a file: (refund, line)."""
    refunds = _may_come_back()
    if not refunds:
        return []
    candidates = BankEntry.objects.filter(file=file_id, amount_minor__in={refund.amount_cents for refund in refunds})
    found = []
    for entry in candidates.filter(status=EntryStatus.BOOKED).order_by("pk").iterator():
        sure = next((each for each in weigh_returns(_told(entry), refunds) if each.is_sure), None)
        if sure:
            found.append((sure.key, entry.pk))
            refunds = [refund for refund in refunds if refund.key != sure.key]
    return found


def list_possible_returns(entry: BankEntry) -> list[tuple[Refund, tuple[ReturnSign, ...]]]:
    """Return the refunds that may have come back with a line of which nothing is used yet, the likeliest first."""
    refunds = _may_come_back() if is_free_credit(entry) else []
    if not refunds:
        return []
    found = {each.key: each.signs for each in weigh_returns(_told(entry), refunds)}
    rows = list_refunds().in_bulk(list(found)[:MOST_RETURNS])
    return [(rows[key], signs) for key, signs in found.items() if key in rows]


def refunds_for_two_people(refunds: Sequence[Refund]) -> set[int]:
    """Return those refunds that none of their authors may approve."""
    editions = editions_of_refunds(refunds)
    rules = {edition: four_eyes_of(edition) for edition in set(editions.values())}
    return {key for key, edition in editions.items() if takes_two_people(rules[edition], Guarded.REFUND)}


def _may_come_back() -> list[Paid]:
    went = Q(batch__isnull=False) | Q(debit__isnull=False)
    return _as_paid(Refund.objects.filter(went, came_back=None))


def _unseen() -> list[Paid]:
    return _as_paid(Refund.objects.filter(UNSEEN, Q(replaced_by=None) | Q(came_back__isnull=False)).distinct())


def _as_paid(refunds: QuerySet[Refund]) -> list[Paid]:
    told = refunds.order_by("pk").values_list("pk", "end_to_end_id", "iban", "amount_minor", "currency", "name")
    return [Paid(*row) for row in told]


def _told(entry: BankEntry) -> ToldLine:
    """Return what matching is told of a line; only of a credit does its raw text tell something."""
    return ToldLine(
        amount_cents=getattr(entry, "told_minor", None) or sum_told(entry),
        currency=entry.currency,
        end_to_end_id=entry.end_to_end_id,
        remittance=entry.remittance,
        account=entry.payer_iban,
        reversal=entry.reversal,
        raw=entry.raw if entry.amount_minor > 0 else "",
        name=entry.payer_name,
    )


def _named_by(debit: BankEntry) -> list[str]:
    return refund_references_in(debit.end_to_end_id, debit.remittance)


def _has_left(refund: Refund) -> bool:
    """Tell whether a line shows a refund leaving, or all of those that took its promise over."""
    later = list(refund.replaced_by.all())
    return refund.debit_id is not None or (bool(later) and all(_has_left(each) for each in later))


def _same_money(refund: Refund, debit: BankEntry) -> bool:
    return (refund.amount_minor, refund.currency) == (-debit.amount_minor, debit.currency)
