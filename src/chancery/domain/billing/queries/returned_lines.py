"""Which line is the other half of one: money that left again by the same hand, or for another account of ours."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from chancery.domain.billing.identity import is_reference
from chancery.domain.billing.models import Allocation, BankEntry, EntryCorrection, EntryReturn, Refund
from chancery.domain.billing.queries.corrections import MAY_CORRECT, SUM_TOLD, sum_told
from chancery.domain.billing.queries.issuing import have_one_issuer
from chancery.domain.billing.states import EntryStatus, FileState, WorkState

MOST = 5
# Money that left and that nobody has explained whole, or that may be on file already.
UNEXPLAINED = Q(status=EntryStatus.BOOKED, balance__work_state__in=[WorkState.OUTGOING, WorkState.SUSPENSE]) | Q(
    status=EntryStatus.CONTESTED, balance__work_state=WorkState.CONFLICT
)
# A part of it stands on a bill, and the rest was called a cost: of money that was taken back no part is paid out.
HALF_A_COST = ~Q(balance__allocated_minor=0) & ~Q(balance__cost_minor=0)


def find_return(entry: BankEntry) -> EntryReturn | None:
    """Return what joins a line with the one that it took back or that took it back; None where nothing does (now)."""
    standing = _standing_returns().select_related("credit", "debit")
    return standing.filter(Q(credit=entry) | Q(debit=entry)).first()


def list_taking_back(refund: Refund) -> list[BankEntry]:
    """Return the lines with which the bank may have taken the money of a refund back, the newest first.

    Those are debits of which anything is unexplained, or of which a part stands on a bill and the rest was called a
    cost. The sum is that of the refund's line as the bank tells it now, and so is the account of the other party or the
    end-to-end reference. Where the refund is the whole line, it takes the bank's mark: without it somebody may have
    paid the refund. Another sum of that line is one too while nobody has taken it over, or booked the difference. So is
    the debit with which the money may have come from another account of ours.
    """
    credit = refund.entry
    of_line = Q(correction__contest__entry=credit, amount_minor__lt=0)
    of_line |= Q(contest__entry=credit, contest__why__in=MAY_CORRECT)
    same = _by_the_same_hand(credit)
    if refund.amount_minor == sum_told(credit):
        same &= Q(reversal=True)
    opposite = _opposite_lines(credit, same | _between_our_accounts(credit))
    waits = UNEXPLAINED | HALF_A_COST
    found = BankEntry.objects.filter(waits, of_line | Q(pk__in=opposite.values("pk"))).select_related("account")
    newest = found.order_by("-booking_date", "-pk")[:MOST]
    return [each for each in newest if _is_of_one_issuer(each, credit)]


def list_counterparts(entry: BankEntry) -> list[BankEntry]:
    """Return the credits that a debit may take back, or the debits that may take a credit back, the newest first.

    The sums are equal as the bank tells them by now, and so is what is left of both lines, and the account of the payer
    or the end-to-end reference. Those of another account of ours are among them where a line names the other one's.
    """
    left = entry.balance.left_minor
    if entry.status != EntryStatus.BOOKED or not left or hasattr(entry, "correction"):
        return []
    halves = _opposite_lines(entry, _by_the_same_hand(entry) | _between_our_accounts(entry))
    rows = halves.filter(status=EntryStatus.BOOKED).exclude(balance__work_state=WorkState.BOOKED)
    newest = rows.select_related("balance", "account").defer("raw").order_by("-booking_date", "-pk")
    return [each for each in newest if each.balance.left_minor == -left and _is_of_one_issuer(each, entry)][:MOST]


def are_opposite(debit: BankEntry, credit: BankEntry) -> bool:
    """Tell whether two lines are equal sums of one account as the bank tells them by now, one coming and one going."""
    return debit.account_id == credit.account_id and _cancel_out(debit, credit)


def may_be_transfer(debit: BankEntry, credit: BankEntry) -> bool:
    """Tell whether money may only have moved between two accounts of one issuer: a line names the other one's account.

    What the other line names, if anything, is the account of the first; the sums are equal.
    """
    told = {(debit.payer_iban, credit.account.number), (credit.payer_iban, debit.account.number)}
    named = [(theirs, ours) for theirs, ours in told if theirs]
    is_named = bool(named) and all(theirs == ours for theirs, ours in named)
    is_ours = debit.account_id != credit.account_id and _is_of_one_issuer(debit, credit)
    return is_ours and is_named and _cancel_out(debit, credit)


def list_that_may_take_back(debits: Sequence[BankEntry]) -> set[int]:
    """Return those of some debits before which the same sum came in by the same hand, booked or not; one query."""
    came: dict[tuple[int, str, int], list[BankEntry]] = defaultdict(list)
    for credit in _came_in(debits):
        came[credit.account_id, credit.currency, credit.amount_minor].append(credit)
    return {debit.pk for debit in debits if any(_may_take_back(debit, each) for each in came[_opposite(debit)])}


def list_bookings_taken_back(debit: BankEntry) -> list[Allocation]:
    """Return the standing bookings of credits that a debit may take back, the newest credit first.

    The sums are equal, and so is the payer's account, name or end-to-end reference.
    """
    came = [each.pk for each in _came_in([debit]) if _may_take_back(debit, each)]
    latest = sorted(came, reverse=True)[:MOST]
    rows = Allocation.objects.filter(entry__in=latest, amount_minor__gt=0, reversed_by=None)
    return list(rows.order_by("-entry", "pk"))


def _came_in(debits: Sequence[BankEntry]) -> QuerySet[BankEntry]:
    rows = BankEntry.objects.filter(
        account__in={debit.account_id for debit in debits},
        amount_minor__in={-debit.amount_minor for debit in debits},
        status=EntryStatus.BOOKED,
        file__state=FileState.ACCEPTED,
    )
    told = ("account", "currency", "amount_minor", "booking_date", "payer_iban", "payer_name", "end_to_end_id")
    taken_back = Exists(_standing_returns().filter(credit=OuterRef("pk")))
    return rows.filter(~taken_back, amount_minor__gt=0).only(*told)


def _standing_returns() -> QuerySet[EntryReturn]:
    return EntryReturn.objects.filter(reverses=None, reversed_by=None)


def _opposite(debit: BankEntry) -> tuple[int, str, int]:
    return debit.account_id, debit.currency, -debit.amount_minor


def _may_take_back(debit: BankEntry, credit: BankEntry) -> bool:
    """Whether a credit of the same sum came before a debit and by the same hand; a name tells where no account does."""
    if (credit.booking_date or date.min) > (debit.booking_date or date.max):
        return False
    if is_reference(debit.end_to_end_id) and credit.end_to_end_id == debit.end_to_end_id:
        return True
    if credit.payer_iban and debit.payer_iban:
        return credit.payer_iban == debit.payer_iban
    return bool(debit.payer_name) and credit.payer_name.casefold() == debit.payer_name.casefold()


def _is_of_one_issuer(line: BankEntry, other: BankEntry) -> bool:
    """Tell whether the accounts of two lines are one, or not of two legal persons."""
    return line.account_id == other.account_id or have_one_issuer(line.account.number, other.account.number)


def _cancel_out(debit: BankEntry, credit: BankEntry) -> bool:
    return debit.currency == credit.currency and sum_told(credit) == -sum_told(debit)


def _opposite_lines(entry: BankEntry, lines: Q) -> QuerySet[BankEntry]:
    """Return those of some lines that are of the opposite sum; none that are the difference of another one."""
    told = sum_told(entry)
    if not told:
        return BankEntry.objects.none()
    rows = BankEntry.objects.filter(lines, currency=entry.currency, file__state=FileState.ACCEPTED, correction=None)
    corrected = EntryCorrection.objects.values("contest__entry")
    return rows.filter(Q(amount_minor=-told) | Q(pk__in=corrected)).alias(told=SUM_TOLD).filter(told=-told)


def _by_the_same_hand(entry: BankEntry) -> Q:
    same = Q()
    if entry.payer_iban:
        same |= Q(payer_iban=entry.payer_iban)
    if is_reference(entry.end_to_end_id):
        same |= Q(end_to_end_id=entry.end_to_end_id)
    return same & Q(account=entry.account_id) if same else Q(pk__in=[])


def _between_our_accounts(entry: BankEntry) -> Q:
    """Lines with which the money of a line may have moved between two accounts of ours, by what either names."""
    ours = entry.account.number
    named = Q(account__number=entry.payer_iban, payer_iban__in=["", ours]) if entry.payer_iban else Q(payer_iban=ours)
    return named & ~Q(account=entry.account_id)
