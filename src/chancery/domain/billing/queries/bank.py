"""Read what the bank told: files, statements, lines and what is left to do with them."""

from collections.abc import Container, Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from chancery.domain.billing.matching import SUGGESTED_FROM, pack
from chancery.domain.billing.matching.exact import open_references_in
from chancery.domain.billing.models import (
    Allocation,
    BankAccount,
    BankEntry,
    EntryConflict,
    EntryCost,
    Invoice,
    Statement,
    StatementFile,
    Suggestion,
)
from chancery.domain.billing.queries.corrections import SUM_TOLD
from chancery.domain.billing.queries.leavings import list_that_may_have_left, list_unexplained_debits
from chancery.domain.billing.queries.returned_lines import list_that_may_take_back
from chancery.domain.billing.states import EntryStatus, FileState, WorkState
from chancery.foundation.search import few_words

WAITING = "waiting"
# Money that the bank takes back may have paid for a place, and its own fee is a cost that somebody books: both wait
# for a person as unknown money does, and so does what names a bill. Our account pays other things too, which do not.
WAITS = Q(balance__work_state__in=[WorkState.SUSPENSE, WorkState.SUGGESTED, WorkState.CONFLICT]) | (
    Q(balance__work_state=WorkState.OUTGOING)
    & (Q(reversal=True) | Q(payer_name="", payer_iban="") | Q(Exists(Suggestion.objects.filter(entry=OuterRef("pk")))))
)


@dataclass(frozen=True, slots=True)
class StatementSum:
    """A statement with its balance check; minor units, None where the bank tells no balance."""

    statement: Statement
    lines: int
    booked_minor: int

    @property
    def gap_minor(self) -> int | None:
        """What is missing between opening and closing; None where it cannot be told from the lines stored here.

        Lines that an earlier file brought are not stored a second time.
        """
        report = self.statement.file.report
        if self.statement.balanced is not False or report.get("known") or report.get("conflicts"):
            return None
        opening, closing = self.statement.opening_minor, self.statement.closing_minor
        if opening is None or closing is None:
            return None
        return closing - opening - self.booked_minor


def list_files() -> QuerySet[StatementFile]:
    """Return statement files, newest first."""
    return StatementFile.objects.select_related("file").order_by("-id")


def count_work(file: StatementFile) -> dict[str, int]:
    """Return how many lines of a file stand in each state of work."""
    rows = BankEntry.objects.filter(file=file).values_list("balance__work_state").annotate(n=Count("id")).order_by()
    return {state: count for state, count in rows if state}


def sum_statements(file: StatementFile) -> list[StatementSum]:
    """Return the statements of a file with what their new booked lines come to."""
    rows = (
        Statement.objects.filter(file=file)
        .select_related("account", "file")
        .annotate(
            n=Count("entries", filter=~Q(entries__status=EntryStatus.CONTESTED)),
            booked=Sum("entries__amount_minor", filter=Q(entries__status=EntryStatus.BOOKED)),
        )
        .order_by("position")
    )
    return [StatementSum(row, row.n, row.booked or 0) for row in rows]


def list_conflicts(file: StatementFile) -> QuerySet[EntryConflict]:
    """Return lines that may be on file already, each with the one on file."""
    return EntryConflict.objects.filter(file=file).select_related("entry", "came__balance").order_by("id")


def find_contest(entry: BankEntry) -> EntryConflict | None:
    """Return why a line may be on file already, with the line on file; None where nothing says so."""
    return EntryConflict.objects.filter(came=entry).select_related("entry__file").first()


def list_lines(*, state: str = WAITING, words: str = "", file_id: int | None = None) -> QuerySet[BankEntry]:
    """Return lines of accepted files with their balance, as the statements have them.

    ``state``: one of work, ``waiting`` for all that a person has to look at, or blank for every line.
    """
    rows = (
        BankEntry.objects.filter(file__state=FileState.ACCEPTED, balance__isnull=False)
        .select_related("balance", "account", "file")
        .defer("raw")
        .order_by("id")
    )
    if state:
        rows = rows.filter(_waits() if state == WAITING else Q(balance__work_state=state))
    if file_id is not None:
        rows = rows.filter(file=file_id)
    for word in few_words(words):
        rows = rows.filter(
            Q(payer_name__icontains=word)
            | Q(remittance__icontains=word)
            | Q(payer_iban__icontains=word)
            | Q(bank_reference__iexact=word)
        )
    return rows


def _waits() -> Q:
    """Return what waits for a person: also what left and may be a refund of ours, or take back what came in."""
    free = list(list_unexplained_debits())
    return WAITS | Q(pk__in=list_that_may_have_left(free) | list_that_may_take_back(free)) if free else WAITS


def lines_waiting_for(invoice: Invoice) -> list[BankEntry]:
    """Return the lines of money that wait for a person and name the bill, or are suggested for it."""
    coming = list_lines().filter(amount_minor__gt=0)
    suggested = coming.filter(suggestions__invoice=invoice, suggestions__score__gte=SUGGESTED_FROM)
    known = set(suggested.values_list("pk", flat=True))
    return [line for line in coming if line.pk in known or names_bill(line, invoice)]


def names_bill(line: BankEntry, invoice: Invoice) -> bool:
    """Tell whether a line names a bill by its number or its creditor reference."""
    names, text = {pack(invoice.creditor_reference), pack(invoice.number)}, pack(line.remittance)
    told = {pack(reference) for reference in line.creditor_references}
    return bool(names & told) or any(name in text for name in names)


def list_lines_naming(file_id: int, references: Iterable[str]) -> list[int]:
    """Return the credits of a file in suspense that name creditor references among these and no other.

    None that somebody parked: the lines of a file may be settled again.
    """
    known = {pack(reference) for reference in references}
    if not known:
        return []
    waiting = list_lines(state=WorkState.SUSPENSE, file_id=file_id).filter(amount_minor__gt=0, balance__note="")
    return [line.pk for line in waiting if (named := _references_in(line, known)) and named <= known]


def _references_in(line: BankEntry, known: Container[str]) -> set[str]:
    """Return the references that a line names as such, and those of the known ones that stand in its text."""
    return {pack(each) for each in line.creditor_references} | set(open_references_in(line.remittance, known))


def find_line(entry_id: int) -> BankEntry | None:
    """Return a line of an accepted file with its balance, its release and its sum as the bank tells it by now.

    With it comes whether it is the difference of a line that the bank corrected.
    """
    beside = ("release__released_by", "correction")
    rows = list_lines(state="").defer(None).select_related(*beside).annotate(told_minor=SUM_TOLD)
    return rows.filter(pk=entry_id).first()


def list_waiting_beside(entry: BankEntry) -> QuerySet[BankEntry]:
    """Return the other lines that wait for a person."""
    return list_lines().exclude(pk=entry.pk)


def next_line(after: BankEntry, waiting: QuerySet[BankEntry]) -> BankEntry | None:
    """Return the next of the lines that wait, going round at the end; those with a note come last."""
    fresh = waiting.filter(balance__note="")
    return fresh.filter(pk__gt=after.pk).first() or fresh.first() or waiting.first()


def best_suggestions(entries: Iterable[BankEntry]) -> dict[int, list[Suggestion]]:
    """Return the first suggestion of each line that has one: one bill, or several that are paid together."""
    ids = [entry.pk for entry in entries]
    rows = Suggestion.objects.filter(entry__in=ids, rank=1).select_related("invoice").order_by("entry", "position")
    best: dict[int, list[Suggestion]] = {}
    for row in rows:
        best.setdefault(row.entry_id, []).append(row)
    return best


def list_allocations(entry: BankEntry) -> QuerySet[Allocation]:
    """Return what was booked from a line, oldest first, takings back included."""
    rows = Allocation.objects.filter(entry=entry).select_related(
        "invoice__balance", "invoice__edition", "reversed_by", "reverses"
    )
    return rows.prefetch_related("write_offs").order_by("id")


def list_costs(entry: BankEntry) -> QuerySet[EntryCost]:
    """Return what of a debit was booked as a cost, oldest first, takings back included."""
    return EntryCost.objects.filter(entry=entry).select_related("reversed_by", "reverses").order_by("id")


def list_accounts() -> QuerySet[BankAccount]:
    """Return our bank accounts, with what booked them before."""
    return BankAccount.objects.prefetch_related("feed_changes").order_by("number", "currency")
