"""Read with which debit a refund left, or may have left: alone, or as one sum with others of its file."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from chancery.domain.billing.matching.leavings import (
    FileLeaving,
    Leaving,
    PaidFile,
    held_by,
    weigh_files,
    weigh_leavings,
)
from chancery.domain.billing.matching.returns import Paid, ToldLine
from chancery.domain.billing.models import BankEntry, EntryCost, Refund, RefundBatch
from chancery.domain.billing.queries.corrections import SUM_TOLD, sum_told
from chancery.domain.billing.queries.refunds import as_paid, list_refunds, told_line
from chancery.domain.billing.queries.returned_lines import UNEXPLAINED
from chancery.domain.billing.references import refund_references_in
from chancery.domain.billing.states import EntryStatus, FileState, Noted, RefundState

MOST_LEAVINGS = 10
# What of a debit says whether it concerns us: there may be thousands that do not.
TOLD = (
    *("account", "amount_minor", "currency", "booking_date", "reversal", "status"),
    *("payer_name", "payer_iban", "end_to_end_id", "remittance"),
)
# Refunds of which no line has shown yet that they left: approved ones may have been paid by hand.
UNSEEN = Q(state__in=[RefundState.APPROVED, RefundState.EXPORTED]) | Q(state=RefundState.FAILED, debit=None)

# Refunds that took a promise over and will not be paid.
FELL = (RefundState.REJECTED, RefundState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class LeavingTogether:
    """Refunds that may have left with a debit as one sum, and the files that it names or is, the likeliest first."""

    refunds: list[Refund]
    weighed: tuple[FileLeaving, ...]

    @property
    def files(self) -> list[FileLeaving]:
        """The files of which the debit is the sum."""
        return [each for each in self.weighed if each.is_sum]

    @property
    def told(self) -> FileLeaving | None:
        """The one file of which the debit can be the sum: the only one, or the only one that the bank names.

        None where the bank names another one, or where money of the file is proposed anew or booked elsewhere.
        """
        is_named = any(each.is_named for each in self.weighed)
        alike = [each for each in self.files if each.is_named or not is_named]
        taken_over = {refund.pk for refund in self.refunds if refund.is_taken_over}
        return alike[0] if len(alike) == 1 and taken_over.isdisjoint(alike[0].refunds) else None


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
    """Tell whether a line names a refund, or its file, that no line shows leaving, nor what took its promise over.

    A refund of more than is left of the line is none: it may be what the bank charges for that file.
    """
    files = weigh_files(told_line(debit), _list_unseen_files().get(debit.account_id, ()))
    in_files = {key for each in files if each.is_named for key in each.refunds}
    named = Refund.objects.filter(Q(end_to_end_id__in=_named_by(debit)) | Q(pk__in=in_files))
    return not all(has_left(refund) for refund in named.filter(amount_minor__lte=-debit.balance.left_minor))


def find_cost_of(refunds: Sequence[Refund]) -> EntryCost | None:
    """Return the standing cost of just the sum of refunds that may be them, as where somebody called them failed.

    Its debit bears the reference of one of them, which comes first, or shows others of their file leaving.
    """
    sums = {"amount_minor": -sum(refund.amount_minor for refund in refunds), "entry__currency": refunds[0].currency}
    costs = EntryCost.objects.filter(**sums, reverses=None, reversed_by=None, entry__status=EntryStatus.BOOKED)
    told = list(costs.exclude(reason=Noted.KEPT_BY_THE_BANK).select_related("entry").order_by("pk"))
    references = {refund.end_to_end_id for refund in refunds}
    named = [cost for cost in told if not references.isdisjoint(_named_by(cost.entry))]
    file = refunds[0].batch_id
    beside = costs.filter(entry__refunds_seen__batch=file) if file else costs.none()
    with_file = set(beside.values_list("pk", flat=True))
    return next(iter([*named, *(cost for cost in told if cost.pk in with_file)]), None)


def list_possible_leavings(entry: BankEntry) -> list[tuple[Refund, Leaving]]:
    """Return the refunds that may have left with a debit of which nothing is used yet, the likeliest first.

    A refund of a file leaves from the account of its file.
    """
    if not is_free_debit(entry):
        return []
    unseen = _unseen().filter(Q(batch=None) | Q(batch__account=entry.account_id))
    found = {each.key: each for each in weigh_leavings(told_line(entry), as_paid(unseen))}
    rows = list_refunds().in_bulk(list(found)[:MOST_LEAVINGS])
    return [(rows[key], each) for key, each in found.items() if key in rows]


def list_leaving_together(entry: BankEntry) -> LeavingTogether:
    """Return what may have left together with a debit of which nothing is used yet; nothing where no two fit into it.

    Those are refunds of its currency that leave from its account, first those of the files that it names or of which it
    is the sum, as long as one of these may still be named.
    """
    if not is_free_debit(entry):
        return LeavingTogether([], ())
    told = told_line(entry)
    files = _that_may_be_named(told, weigh_files(told, _list_unseen_files().get(entry.account_id, ())))
    of_files = [key for each in files for key in each.refunds]
    by_itself = Q(pay_from=entry.account_id) | Q(pay_from=None, entry__account=entry.account_id)
    from_here = Q(batch__account=entry.account_id) | (Q(batch=None) & by_itself)
    fits = Q(currency=entry.currency, amount_minor__lt=-told.amount_cents)
    others = _unseen().filter(from_here, fits).order_by("pk").values_list("pk", "amount_minor")
    if not files and sum(sorted(minor for _, minor in others)[:2]) > -told.amount_cents:
        return LeavingTogether([], ())
    keys = list(dict.fromkeys([*of_files, *(key for key, _ in others)]))
    rows = list_refunds().in_bulk(keys) if files or len(keys) > 1 else {}
    return LeavingTogether([rows[key] for key in keys if key in rows], files)


def list_that_may_have_left(debits: Iterable[BankEntry]) -> set[int]:
    """Return those of some unexplained debits with which refunds of ours may have left; two queries."""
    unseen, files = _unseen().select_related("batch").defer("batch__content"), _list_unseen_files()
    refunds = [_from_account(each) for each in unseen]
    return {
        debit.pk
        for debit in debits
        if weigh_leavings(told_line(debit), _that_leave_from(debit.account_id, refunds))
        or weigh_files(told_line(debit), files.get(debit.account_id, ()))
    }


def list_holding(refunds: Sequence[Refund]) -> dict[int, list[BankEntry]]:
    """Return for each refund the unexplained debits with which it may have left, alone or with others, by its id.

    One of a file leaves with no debit of another account. What names a refund, or may be its file, holds whatever took
    its promise over, and where its money is used otherwise the others of its line: there is not enough for both.
    """
    paid = [_from_account(each) for each in refunds]
    found: dict[int, list[BankEntry]] = {each.pk: [] for each in refunds}
    files = _list_unseen_files() if paid else {}
    instead = _list_instead(refunds) if paid else {}
    by_reference = {refund.end_to_end_id: key for key, (refund, _) in instead.items()}
    for debit in list_unexplained_debits() if paid else ():
        told = told_line(debit)
        named = {key for each in weigh_files(told, files.get(debit.account_id, ())) for key in each.refunds}
        named |= {by_reference[each] for each in _named_by(debit) if each in by_reference}
        held = held_by(told, _that_leave_from(debit.account_id, paid))
        held.update(named, *(instead[key][1] for key in named if key in instead))
        for key in held & set(found):
            found[key].append(debit)
    return found


def list_unexplained_debits() -> QuerySet[BankEntry]:
    """Return the lines of money that left of which anything is unexplained, oldest first; what a matching rule is told.

    A line that the bank corrected counts with the sum that it has by now; the differences are no lines of their own.
    The raw text is read where it names a file of refunds that no line shows leaving, as camt does of a batch.
    """
    rows = BankEntry.objects.filter(UNEXPLAINED, amount_minor__lt=0, file__state=FileState.ACCEPTED, correction=None)
    unseen = RefundBatch.objects.filter(account=OuterRef("account"), refunds__debit=None)
    named = unseen.alias(raw=Cast(OuterRef("raw"), TextField())).filter(raw__icontains=F("message_id"))
    raw = Case(When(Exists(named), then="raw"), default=Value(""), output_field=TextField())
    return rows.annotate(told_minor=SUM_TOLD, told_raw=raw).only(*TOLD).order_by("pk")


def is_free_debit(entry: BankEntry) -> bool:
    """Tell whether nothing of a debit is used, but by the bank's own corrections."""
    left = entry.balance.left_minor
    if entry.status != EntryStatus.BOOKED or left >= 0 or hasattr(entry, "correction"):
        return False
    return left == sum_told(entry)


def has_left(refund: Refund) -> bool:
    """Tell whether a line shows a refund leaving, or all of those that took its promise over.

    Where its money was used otherwise, those of its line that were proposed since.
    """
    if refund.debit_id is not None or _all_left(refund.replaced_by.all()):
        return True
    since = Refund.objects.filter(entry=refund.entry_id, pk__gt=refund.pk)
    return refund.is_taken_over and _all_left(since.exclude(state__in=FELL))


def _all_left(refunds: Iterable[Refund]) -> bool:
    later = list(refunds)
    return bool(later) and all(has_left(each) for each in later)


def _unseen() -> QuerySet[Refund]:
    anew = Refund.objects.filter(replaces=OuterRef("pk")).exclude(state__in=FELL)
    return Refund.objects.filter(UNSEEN, ~Exists(anew) | Q(came_back__isnull=False))


def _that_may_be_named(debit: ToldLine, files: Collection[FileLeaving]) -> tuple[FileLeaving, ...]:
    """Return those of some files of which a debit may hold a refund whose money is not proposed anew or elsewhere."""
    fits = Q(currency=debit.currency, amount_minor__lte=-debit.amount_cents)
    rows = list_refunds().filter(fits).in_bulk({key for each in files for key in each.refunds}) if files else {}
    free = {key for key, refund in rows.items() if not refund.is_taken_over}
    return tuple(each for each in files if not free.isdisjoint(each.refunds))


def _list_unseen_files() -> dict[int, list[PaidFile]]:
    """Return by account of ours its files for the bank with their refunds that no line shows leaving.

    A file stands there twice where somebody called refunds of it failed: the bank booked these with it, or did not.
    """
    rows = Refund.objects.filter(batch__isnull=False, debit=None).select_related("batch").defer("batch__content")
    of_files: dict[RefundBatch, list[Refund]] = defaultdict(list)
    for refund in rows.order_by("batch", "pk"):
        if refund.batch:
            of_files[refund.batch].append(refund)
    found: dict[int, list[PaidFile]] = defaultdict(list)
    for batch, refunds in of_files.items():
        held = [refund for refund in refunds if refund.state == RefundState.EXPORTED]
        for some in (refunds, held) if len(held) < len(refunds) else (refunds,):
            found[batch.account_id].append(PaidFile(batch.pk, batch.message_id, tuple(map(_paid, some))))
    return found


def _list_instead(refunds: Iterable[Refund]) -> dict[int, tuple[Refund, set[int]]]:
    """Return by id the refunds that came to nothing and that no line shows leaving, each with those paid instead.

    Those are what took its promise over, and all others of its line where its money is used otherwise.
    """
    rows = Refund.objects.filter(entry__in={each.entry_id for each in refunds}).order_by("pk")
    told = list(rows.values_list("pk", "entry", "replaces", "state", "debit"))
    nothing = {RefundState.REJECTED, RefundState.FAILED}
    void = [key for key, _, _, state, debit in told if state in nothing and debit is None]
    found = {}
    for refund in list_refunds().in_bulk(void).values() if void else ():
        later = {refund.pk}
        for key, line, before, *_ in told:  # in the order in which one takes another one over
            if before in later or (refund.is_taken_over and line == refund.entry_id):
                later.add(key)
        found[refund.pk] = (refund, later)
    return found


def _from_account(refund: Refund) -> tuple[int | None, Paid]:
    """Return the account of the file that holds a refund, with what matching is told of it."""
    return refund.batch.account_id if refund.batch else None, _paid(refund)


def _that_leave_from(account_id: int, refunds: Iterable[tuple[int | None, Paid]]) -> list[Paid]:
    return [paid for account, paid in refunds if account in {None, account_id}]


def _paid(refund: Refund) -> Paid:
    told = (refund.end_to_end_id, refund.iban, refund.amount_minor, refund.currency, refund.name)
    return Paid(refund.pk, *told)


def _named_by(debit: BankEntry) -> list[str]:
    return refund_references_in(debit.end_to_end_id, debit.remittance)


def _same_money(refund: Refund, debit: BankEntry) -> bool:
    return (refund.amount_minor, refund.currency) == (-debit.amount_minor, debit.currency)
