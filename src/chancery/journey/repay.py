"""The step of giving money back: propose, approve by another person, pay by a stored file, see it leave (C4)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from chancery.domain.billing.documents.refund_file import NotAPaymentFile, Payment, payment_file
from chancery.domain.billing.mails import RefundStep, money_gone_mails, refund_mails, set_off_mails
from chancery.domain.billing.models import Allocation, BankEntry, HoldRelease, Invoice, Refund, RefundBatch, SetOff
from chancery.domain.billing.policies.paying import why_nothing_is_paid
from chancery.domain.billing.queries.coming_back import list_returned
from chancery.domain.billing.queries.issuing import (
    accounts_of,
    edition_of_refund,
    edition_paid_to,
    four_eyes_of,
    holder_of,
)
from chancery.domain.billing.queries.leavings import list_leaving
from chancery.domain.billing.queries.paying import list_payable, pick_for_file
from chancery.domain.billing.queries.refunds import list_refunds
from chancery.domain.billing.services import accounts, coming_back, holding, leavings, refunding, setting_off
from chancery.domain.billing.services.allocating import TakenBack
from chancery.domain.billing.services.four_eyes import NeedsAnotherPerson
from chancery.domain.billing.services.holding import ReleaseNotPossible
from chancery.domain.billing.services.refunding import RefundNotPossible
from chancery.domain.billing.states import RefundState
from chancery.domain.programme.models import Edition
from chancery.domain.programme.queries import current_rule
from chancery.foundation.audit.actors import SYSTEM, Actor
from chancery.foundation.calendar import last_second_of, local_day
from chancery.foundation.mail.services import queue_mail
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.services import drop_obligation, meet_obligation, open_obligation
from chancery.foundation.ruling import Refused

__all__ = [
    "NeedsAnotherPerson",
    "NotAPaymentFile",
    "NothingToPay",
    "RefundNotPossible",
    "ReleaseNotPossible",
    "choose_paying_account",
    "close_refunds_seen",
    "decide_refund",
    "fail_refund",
    "fit_promises",
    "make_refund_file",
    "name_account",
    "name_coming_back",
    "name_leaving",
    "propose_for_credit",
    "propose_refund",
    "release_refund",
    "take_refunds_back",
    "undo_coming_back",
    "undo_leaving",
    "withdraw_promise",
]


class NothingToPay(Refused):
    """No approved refund waits for a file."""


@transaction.atomic
def propose_refund(
    *, entry_id: int, name: str, iban: str, evidence: str, actor: Actor, now: datetime, by_hand: str = ""
) -> Refund:
    """Propose to give back what is set aside of a line, and promise the day by which it is paid.

    ``by_hand`` is the account in words where no file reaches it.

    :raises RefundNotPossible: when nothing is set aside, or the account or its evidence is missing.
    """
    edition = edition_paid_to(BankEntry.objects.select_related("account").get(pk=entry_id).account.number)
    zone = ZoneInfo(edition.time_zone)
    due_on = local_day(now, zone) + timedelta(days=current_rule(edition).refund_within_days)
    refund = refunding.propose_refund(
        entry_id=entry_id,
        name=name,
        iban=iban,
        by_hand=by_hand,
        evidence=evidence,
        due_on=due_on,
        actor=actor,
        now=now,
    )
    fit_promises(lines=[entry_id], actor=actor, now=now)
    return refund


@transaction.atomic
def propose_for_credit(
    *,
    freed: Sequence[TakenBack],
    booked: Sequence[Allocation] = (),
    credit_note: Invoice,
    due_on: date,
    actor: Actor,
    now: datetime,
) -> list[Refund]:
    """Propose to give back what a credit note set free, line by line, and promise the day.

    ``booked`` is what of the money pays the bill over what is kept.
    Whoever is to be paid is asked for an account where none is known that a payment file reaches.
    """
    refunds = []
    for part in freed:
        refund = refunding.propose_for_credit(
            entry_id=part.entry_id,
            amount_minor=part.amount_minor,
            credit_note=credit_note,
            due_on=due_on,
            is_payer_sure=part.sure,
            actor=actor,
            now=now,
        )
        if not refund.iban:
            _write(refund, RefundStep.ACCOUNT_WANTED, now)
        refunds.append(refund)
    touched = {part.entry_id for part in freed} | {each.entry_id for each in booked}
    fit_promises(lines=touched, booked=booked, actor=actor, now=now)
    return refunds


@transaction.atomic
def name_account(
    *, refund_id: int, name: str, iban: str, evidence: str, actor: Actor, now: datetime, by_hand: str = ""
) -> Refund:
    """Name the account that a refund goes to, in words where no file reaches it; another person approves it after that.

    :raises RefundNotPossible: when the account cannot be paid to, nothing says why it is the right one, or a file
        holds the refund.
    """
    return refunding.name_account(
        refund_id=refund_id, name=name, iban=iban, by_hand=by_hand, evidence=evidence, actor=actor, now=now
    )


@transaction.atomic
def choose_paying_account(*, refund_id: int, number: str, seen: str, actor: Actor, now: datetime) -> Refund:
    """Let a refund leave from another account of its issuer, as when the one that was paid is closed.

    ``seen`` is the fingerprint of the refund that was looked at.

    :raises RefundNotPossible: when it is no account of the issuer, the refund changed, or a file holds it.
    """
    accounts.know_edition_accounts()
    return refunding.choose_paying_account(refund_id=refund_id, number=number, seen=seen, actor=actor, now=now)


@transaction.atomic
def decide_refund(*, refund_id: int, approved: bool, seen: str, actor: Actor, now: datetime) -> Refund:
    """Approve or reject a refund as the second person; whoever is paid reads of an approval.

    ``seen`` is the fingerprint of the refund that was looked at. What a credit note promised stays promised when its
    refund is rejected: the money is proposed anew.

    :raises NeedsAnotherPerson: when it is by the same person, unless the edition lets one do both.
    :raises RefundNotPossible: when an approval has no account to pay to, or is for another one than was looked at.
    """
    looked_at = Refund.objects.select_related("credit_note", "entry__account").get(pk=refund_id)
    before, rule = looked_at.state, four_eyes_of(edition_of_refund(looked_at))
    refund = refunding.decide_refund(refund_id=refund_id, approved=approved, seen=seen, rule=rule, actor=actor, now=now)
    if refund.state == before:
        return refund
    if refund.state == RefundState.APPROVED:
        _write(refund, RefundStep.APPROVED, now)
    fit_promises(lines=[refund.entry_id], actor=actor, now=now)
    return refund


@transaction.atomic
def fail_refund(*, refund_id: int, reason: str, actor: Actor, now: datetime) -> Refund:
    """Say that the bank did not pay a refund of a file; its promise stays, and the money is proposed anew.

    :raises RefundNotPossible: when it is not at the bank, or nobody says what happened.
    """
    refund = refunding.fail_refund(refund_id=refund_id, reason=reason, actor=actor, now=now)
    fit_promises(lines=[refund.entry_id], actor=actor, now=now)
    return refund


@transaction.atomic
def make_refund_file(
    *, actor: Actor, now: datetime, edition: Edition | None = None, others: Collection[int] = ()
) -> RefundBatch:
    """Make one file of the approved refunds that leave from one account; stored before anybody sees it.

    The policy says which it may hold; those that somebody has to look at first stay out. A debit beside one holds it
    no longer where it is among ``others``: those of which somebody says that they are other payments.

    Without an edition it is the account with the oldest refund; an edition may have had several. The file names the
    account as it was when money came to it, whatever the edition is paid to by now. Two officers at once: one makes
    the file, the other finds nothing to pay.

    :raises NothingToPay: ``nothing_to_pay`` when no approved refund waits for a file, or what each of them waits for.
    :raises NotAPaymentFile: when the scheme refuses what the issuer or a refund says of itself.
    """
    weighed = list_payable(refunding.lock_approved(), others=others)
    refunds = pick_for_file(weighed, accounts_of(edition) if edition else ())
    if not refunds:
        why = why_nothing_is_paid(each.file for each in weighed)
        raise NothingToPay(why, f"there is nothing to pay: {', '.join(why.reasons).replace('_', ' ')}")
    named = {each.refund.pk: [debit.pk for debit in each.beside] for each in weighed}
    number = refunds[0].paying_account.number
    payer, holder = edition or edition_paid_to(number), holder_of(number)
    made = payment_file(
        [Payment(each.name, each.iban, each.amount_minor, each.end_to_end_id) for each in refunds],
        payer=holder.name,
        iban=number,
        bic=holder.bic,
        pay_on=local_day(now, ZoneInfo(payer.time_zone)),
    )
    return refunding.store_batch(
        refunds=refunds, message_id=made.message_id, content=made.content, others=named, actor=actor, now=now
    )


@transaction.atomic
def release_refund(*, refund_id: int, reason: str, seen: str, actor: Actor, now: datetime) -> HoldRelease:
    """Release a refund that a country held, to the account that was looked at (``seen``: its fingerprint).

    :raises ReleaseNotPossible: when nothing holds it, nobody says why, or it names another account by now.
    """
    return holding.release_refund(refund_id=refund_id, reason=reason, seen=seen, actor=actor, now=now)


def close_refunds_seen(*, file_id: int, now: datetime) -> int:
    """Close the refunds that lines of a statement file show leaving; return how many."""
    closed = 0
    for refund_id, debit in list_leaving(file_id):
        with transaction.atomic():
            if leavings.see_refund_leave(refund_id=refund_id, debit=debit, actor=SYSTEM, now=now):
                _tell_sent(refund_id, SYSTEM, now)
                closed += 1
    return closed


@transaction.atomic
def name_leaving(
    *, refund_ids: Collection[int], entry_id: int, reason: str, actor: Actor, now: datetime
) -> list[Refund]:
    """Say that refunds left with a line, one or several at once; what exceeds them is a cost of ours for ``reason``.

    Return those that are sent by that: whoever is paid reads it.

    :raises RefundNotPossible: when one of them cannot have left with that line, or nobody says why more left.
    """
    sent = leavings.name_leaving(refund_ids=refund_ids, entry_id=entry_id, reason=reason, actor=actor, now=now)
    for refund in sent:
        _tell_sent(refund.pk, actor, now)
    return sent


@transaction.atomic
def undo_leaving(*, entry_id: int, reason: str, actor: Actor, now: datetime) -> list[Refund]:
    """Say that refunds did not leave with the line named for them; each promise stands again, whoever is paid reads it.

    :raises RefundNotPossible: when the line shows no refund leaving, one of them came back, or nobody says why.
    """
    refunds = leavings.undo_leaving(entry_id=entry_id, reason=reason, actor=actor, now=now)
    fit_promises(lines={refund.entry_id for refund in refunds}, actor=actor, now=now)
    for refund in refunds:
        for mail in refund_mails(refund, RefundStep.NOT_SENT, mark=f"{now:%Y%m%d%H%M%S}"):
            queue_mail(mail, now=now)
    return refunds


@transaction.atomic
def name_coming_back(*, refund_ids: Collection[int], entry_id: int, actor: Actor, now: datetime) -> list[Refund]:
    """Take a line for refunds that came back, one or several: each has failed, and its promised day stands again.

    An account is asked for. The money waits at the first lines and is proposed anew, by refunds that take the promises
    over.

    :raises RefundNotPossible: when one of them cannot have come back with that line.
    """
    refunds = coming_back.name_coming_back(refund_ids=refund_ids, entry_id=entry_id, actor=actor, now=now)
    fit_promises(lines={entry_id, *(refund.entry_id for refund in refunds)}, actor=actor, now=now)
    for refund in refunds:
        if refund.owed_minor:
            _write(refund, RefundStep.CAME_BACK, now)
    return refunds


@transaction.atomic
def undo_coming_back(*, entry_id: int, reason: str, actor: Actor, now: datetime) -> list[Refund]:
    """Say that refunds did not come back with the line named for them; whoever is paid reads that each is on its way.

    :raises RefundNotPossible: when none came back with the line, money of one was used again, or nobody says why.
    """
    refunds = coming_back.undo_coming_back(entry_id=entry_id, reason=reason, actor=actor, now=now)
    fit_promises(lines={entry_id, *(refund.entry_id for refund in refunds)}, actor=actor, now=now)
    for refund in (each for each in refunds if each.state != RefundState.FAILED):
        for mail in refund_mails(refund, RefundStep.NOT_BACK, mark=f"{now:%Y%m%d%H%M%S}"):
            queue_mail(mail, now=now)
    return refunds


def take_refunds_back(*, file_id: int, now: datetime) -> int:
    """Take the lines of a statement file for refunds that surely came back; return how many."""
    taken = 0
    for refund_id, entry_id in list_returned(file_id):
        try:
            name_coming_back(refund_ids=[refund_id], entry_id=entry_id, actor=SYSTEM, now=now)
        except RefundNotPossible:
            continue  # somebody booked the line or the refund meanwhile: a person decides
        taken += 1
    return taken


@transaction.atomic
def withdraw_promise(*, promise: Sequence[Refund], actor: Actor, now: datetime) -> None:
    """Let the refunds of one promise fall with what it rested on; who was asked for an account need not name one.

    :raises RefundNotPossible: once one of them is approved, left or failed, or its money is used.
    """
    for refund in refunding.withdraw_promise(promise=promise, actor=actor, now=now):
        if not refund.has_account:
            _write(refund, RefundStep.WITHDRAWN, now)
    fit_promises(lines={refund.entry_id for refund in promise}, actor=actor, now=now)


@transaction.atomic
def fit_promises(*, lines: Collection[int], booked: Sequence[Allocation] = (), actor: Actor, now: datetime) -> None:
    """Let the promises of lines follow an act on their money, and the clock of each; tell those whose promise fell.

    Every act on a line ends here, be it booked, taken back, moved, corrected, given back or joined. ``booked``: what
    the act booked of them.
    """
    promised = Refund.objects.filter(entry__in=set(lines)).order_by("entry").values_list("entry", flat=True).distinct()
    for line in list(promised):  # most lines have none
        of_line = [each for each in booked if each.entry_id == line]
        rows = setting_off.fit_promises(entry_id=line, booked=of_line, actor=actor, now=now)
        refunds = {refund.pk: refund for refund in list_refunds().filter(entry=line)}
        for refund in refunds.values():
            _set_clock(refund, now)
        for row in rows:
            fell = sum(each.amount_minor for each in rows if each.refund_id == row.refund_id)
            # Not where the money only moved to another bill, or left by the refund before.
            if row.amount_minor > 0 and fell > 0 and not _was_kept(refunds[row.refund_id], refunds):
                _tell_less(row, refunds[row.refund_id].owed_minor, now)


def _was_kept(refund: Refund, refunds: Mapping[int, Refund]) -> bool:
    """Tell whether a promise was kept by one that this one had taken over from: it left after all."""
    before = refunds.get(refund.replaces_id or 0)
    return before is not None and (before.state == RefundState.SENT or _was_kept(before, refunds))


def _tell_sent(refund_id: int, actor: Actor, now: datetime) -> None:
    refund = Refund.objects.select_related("debit").get(pk=refund_id)
    fit_promises(lines=[refund.entry_id], actor=actor, now=now)
    _write(refund, RefundStep.SENT, now)


def _tell_less(row: SetOff, owed_minor: int, now: datetime) -> None:
    mails = set_off_mails if row.allocation else money_gone_mails
    for mail in mails(row, rest_minor=owed_minor):
        queue_mail(mail, now=now)


def _set_clock(refund: Refund, now: datetime) -> None:
    """Let a promise run as long as money of it is to go back; it is met by leaving, or by the bills that it pays."""
    if refund.is_open:
        open_obligation(
            ObligationKind.REFUND,
            subject=refund,
            due_at=last_second_of(refund.due_on, ZoneInfo(edition_of_refund(refund).time_zone)),
            basis="promise C4: money goes back within the days of the terms",
            now=now,
        )
    elif refund.state == RefundState.SENT or refund.paid_bills_minor == refund.amount_minor:
        meet_obligation(ObligationKind.REFUND, subject=refund, now=now)
    else:
        drop_obligation(ObligationKind.REFUND, subject=refund, now=now)


def _write(refund: Refund, step: RefundStep, now: datetime) -> None:
    for mail in refund_mails(refund, step):
        queue_mail(mail, now=now)
