"""Give money of a bank line back: one person proposes, another approves, a stored file pays it once.

What is proposed is taken from the line at once, so that nobody books it meanwhile; a rejected proposal puts it back.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from stdnum import iban as iban_number
from stdnum.iso7064 import mod_97_10

from chancery.domain.billing.models import BankAccount, BankEntry, EntryBalance, Invoice, Refund, RefundBatch
from chancery.domain.billing.policies.paying import LONGEST_NAME, written_name
from chancery.domain.billing.queries.coming_back import list_that_may_have_come_back
from chancery.domain.billing.queries.issuing import accounts_of_issuer
from chancery.domain.billing.queries.paying import list_payable
from chancery.domain.billing.queries.refunds import list_owed
from chancery.domain.billing.queries.returned_lines import list_counterparts
from chancery.domain.billing.references import new_refund_reference
from chancery.domain.billing.services.four_eyes import finish_alone
from chancery.domain.billing.states import RefundState, WorkState
from chancery.domain.programme.policies import FourEyes, Guarded
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.ruling import Refused, refusal

LONGEST_IBAN = 34
REVOCABLE = frozenset({RefundState.PROPOSED, RefundState.REJECTED, RefundState.FAILED})


class RefundNotPossible(Refused):
    """Nothing is set aside, the account is none, or nothing says why it is another one."""


@transaction.atomic
def propose_refund(
    *,
    entry_id: int,
    name: str,
    iban: str,
    evidence: str,
    due_on: date,
    actor: Actor,
    now: datetime,
    by_hand: str = "",
) -> Refund:
    """Propose to give back what is set aside of a line; ``by_hand`` is an account in words that no file reaches.

    :raises RefundNotPossible: ``nothing_left``, ``return_waits``, ``may_have_come_back`` while nobody said that the
        line is no refund of ours, or as ``name_account`` for the account.
    """
    balance = EntryBalance.objects.select_for_update().select_related("entry").get(entry=entry_id)
    if balance.work_state != WorkState.GIVE_BACK or balance.left_minor <= 0:
        raise RefundNotPossible(refusal("nothing_left"))
    if list_counterparts(balance.entry):
        raise RefundNotPossible(refusal("return_waits"))
    if list_that_may_have_come_back([entry_id]):
        raise RefundNotPossible(refusal("may_have_come_back"))
    payee = _payee(balance.entry, name, iban, evidence, by_hand)
    owed = next(iter(list_owed(entry_id)), None)
    amount, due_on = (owed.owed_minor, owed.due_on) if owed else (balance.left_minor, due_on)
    taken_over = ("credit_note", "pay_from", "pay_from_by")
    promise = {"replaces": owed, **{name: getattr(owed, name) for name in taken_over}} if owed else {}
    refund = _propose(balance, amount, due_on, actor, now, **payee, **promise)
    EntryBalance.objects.filter(pk=balance.pk).update(
        work_state=WorkState.BOOKED if refund.amount_minor == balance.left_minor else WorkState.GIVE_BACK
    )
    _record(Event.REFUND_PROPOSED, refund, actor, now)
    return refund


@transaction.atomic
def propose_for_credit(
    *,
    entry_id: int,
    amount_minor: int,
    credit_note: Invoice,
    due_on: date,
    is_payer_sure: bool = True,
    actor: Actor,
    now: datetime,
) -> Refund:
    """Propose to give back money that a credit note set free, to the account that it came from.

    The name is that of the bank line, or the payer's where no payment file can write it. Where the account is not known
    or not sure, or no payment file reaches it or writes either name, the proposal waits until somebody names one.

    :raises RefundNotPossible: ``nothing_left`` when the line holds less than that.
    """
    balance = EntryBalance.objects.select_for_update().select_related("entry").get(entry=entry_id)
    if not 0 < amount_minor <= balance.left_minor:
        raise RefundNotPossible(refusal("nothing_left"))
    account = iban_number.compact(balance.entry.payer_iban)
    names = (balance.entry.payer_name.strip(), credit_note.party.legal_name)
    name = next(filter(written_name, names), "")
    payable = name and balance.entry.currency == "EUR" and iban_number.is_valid(account) and _is_in_sepa(account)
    refund = _propose(
        balance,
        amount_minor,
        due_on,
        actor,
        now,
        credit_note=credit_note,
        name=(name or credit_note.party.legal_name)[:LONGEST_NAME],
        iban=account if payable and is_payer_sure else "",
    )
    if amount_minor == balance.left_minor:
        EntryBalance.objects.filter(pk=balance.pk).update(work_state=WorkState.BOOKED)
    _record(Event.REFUND_PROPOSED, refund, actor, now)
    return refund


@transaction.atomic
def name_account(
    *, refund_id: int, name: str, iban: str, evidence: str, actor: Actor, now: datetime, by_hand: str = ""
) -> Refund:
    """Name the account that a refund goes to; an approval for another account is void, and somebody else approves.

    ``by_hand`` is the account in words where no file reaches it.

    :raises RefundNotPossible: ``account_missing``, ``name_not_writable``, ``not_sepa``, ``evidence_missing``, or
        ``on_its_way`` once a file holds it.
    """
    refund = Refund.objects.select_for_update(of=("self",)).select_related("entry").get(pk=refund_id)
    if refund.state not in {RefundState.PROPOSED, RefundState.APPROVED}:
        raise RefundNotPossible(refusal("on_its_way"))
    for field, told in _payee(refund.entry, name, iban, evidence, by_hand).items():
        setattr(refund, field, told)
    refund.proposed_by_id, refund.proposed_at = actor.person_id(), now
    _void_approval(refund)
    _record(Event.REFUND_ACCOUNT_NAMED, refund, actor, now)
    return refund


@transaction.atomic
def choose_paying_account(*, refund_id: int, number: str, seen: str, actor: Actor, now: datetime) -> Refund:
    """Let a refund leave from another account of the same issuer; an approval is void, and somebody else approves.

    ``seen`` is the fingerprint of what this person looked at. Who named whom it pays does not approve it either: the
    choice says nothing of that.

    :raises RefundNotPossible: ``account_not_theirs`` unless it is such an account, ``changed_meanwhile`` when the
        refund is not the one that was looked at, or ``on_its_way`` once a file holds it.
    """
    rows = Refund.objects.select_for_update(of=("self",)).select_related("entry__account", "pay_from")
    refund = rows.get(pk=refund_id)
    if refund.state not in {RefundState.PROPOSED, RefundState.APPROVED}:
        raise RefundNotPossible(refusal("on_its_way"))
    chosen = BankAccount.objects.filter(number=number, currency=refund.currency).first()
    if chosen is None or number not in accounts_of_issuer(refund):
        raise RefundNotPossible(refusal("account_not_theirs"))
    if refund.fingerprint != seen:
        raise RefundNotPossible(refusal("changed_meanwhile"))
    refund.pay_from = None if chosen == refund.entry.account else chosen
    refund.pay_from_by_id = actor.person_id() if refund.pay_from else None
    _void_approval(refund)
    _record(Event.REFUND_PAYING_ACCOUNT_CHOSEN, refund, actor, now)
    return refund


@transaction.atomic
def fail_refund(*, refund_id: int, reason: str, actor: Actor, now: datetime) -> Refund:
    """Say that the bank did not pay a refund of a file; the money waits at its line and is proposed anew.

    :raises RefundNotPossible: ``not_at_the_bank`` unless a file holds it and no line shows it leaving, or
        ``reason_missing``.
    """
    entry_id = Refund.objects.values_list("entry_id", flat=True).get(pk=refund_id)
    balance = EntryBalance.objects.select_for_update().get(entry=entry_id)
    refund = Refund.objects.select_for_update(of=("self",)).get(pk=refund_id)
    if refund.state != RefundState.EXPORTED:
        raise RefundNotPossible(refusal("not_at_the_bank"))
    if not reason.strip():
        raise RefundNotPossible(refusal("reason_missing"))
    refund.state = RefundState.FAILED
    refund.evidence = f"{refund.evidence} {reason.strip()}".strip()[:300]
    refund.save(update_fields=["state", "evidence"])
    _put_back(balance, refund)
    _record(Event.REFUND_FAILED, refund, actor, now)
    return refund


@transaction.atomic
def decide_refund(*, refund_id: int, approved: bool, seen: str, rule: FourEyes, actor: Actor, now: datetime) -> Refund:
    """Approve or reject a proposal as the second person; what went to the bank or was rejected stays as it is.

    ``seen`` is the fingerprint of what this person looked at. An approval that no file holds yet can be taken back by
    a rejection: the money waits at its line again.

    :raises NeedsAnotherPerson: when the same person proposed it or chose the account that it leaves from, unless the
        edition's ``rule`` lets one do both.
    :raises RefundNotPossible: ``changed_meanwhile`` when the refund is not the one that was looked at, or why the
        policy lets nobody approve it.
    """
    entry_id = Refund.objects.values_list("entry_id", flat=True).get(pk=refund_id)
    balance = EntryBalance.objects.select_for_update().get(entry=entry_id)
    rows = Refund.objects.select_for_update(of=("self",)).select_related("entry__account", "pay_from")
    refund = rows.get(pk=refund_id)
    takes_back = refund.state == RefundState.APPROVED and not approved
    if refund.state != RefundState.PROPOSED and not takes_back:
        return refund
    if alone := actor.user_id in refund.authors:
        finish_alone(rule=rule, act=Guarded.REFUND, subject=refund, actor=actor, now=now)
    if approved and not (ruling := list_payable([refund])[0].approval):
        raise RefundNotPossible(ruling)
    if approved and refund.fingerprint != seen:
        raise RefundNotPossible(refusal("changed_meanwhile"))

    refund.state = RefundState.APPROVED if approved else RefundState.REJECTED
    refund.decided_by_id, refund.decided_at = actor.person_id(), now
    refund.approved_for, refund.alone = refund.fingerprint if approved else "", alone
    refund.save(update_fields=["state", "decided_by", "decided_at", "approved_for", "alone"])
    if not approved:
        _put_back(balance, refund)
    _record(Event.REFUND_APPROVED if approved else Event.REFUND_REJECTED, refund, actor, now)
    return refund


@transaction.atomic
def withdraw_promise(*, promise: Sequence[Refund], actor: Actor, now: datetime) -> list[Refund]:
    """Let the refunds of one promise fall with what it rested on: nothing goes back, the money waits at its line.

    ``promise`` is as ``list_promise`` returns it. One that was with the bank stays failed, and what it still promises
    falls by a row that takes it over. Return those that fell.

    :raises RefundNotPossible: ``refund_moved_on`` once one of them is approved, with the bank or gone, or its money is
        used.
    """
    if not promise:
        return []
    balance = EntryBalance.objects.select_for_update().get(entry=promise[0].entry_id)
    rows = Refund.objects.select_for_update(of=("self",)).filter(pk__in=[each.pk for each in promise])
    refunds = list(rows.select_related("credit_note__corrects").order_by("pk"))
    if any(each.state not in REVOCABLE or each.set_off_by_bill for each in refunds):
        raise RefundNotPossible(refusal("refund_moved_on"))
    fallen = [_withdraw(balance, each, actor, now) for each in refunds if each.state != RefundState.FAILED]
    fallen += [_let_fall(each, actor, now) for each in refunds if each.owed_minor]
    if not list_owed(balance.entry_id):
        EntryBalance.objects.filter(pk=balance.pk).update(work_state=WorkState.SUSPENSE)
    return fallen


@transaction.atomic
def lock_approved() -> list[Refund]:
    """Return the approved refunds, locked, the oldest first."""
    rows = Refund.objects.select_for_update(of=("self",)).select_related("entry__account", "pay_from")
    return list(rows.filter(state=RefundState.APPROVED).order_by("pk"))


@transaction.atomic
def store_batch(
    *,
    refunds: list[Refund],
    message_id: str,
    content: bytes,
    others: Mapping[int, Sequence[int]],
    actor: Actor,
    now: datetime,
) -> RefundBatch:
    """Store the file and mark its refunds, which the caller holds locked, in one transaction.

    ``others``: the debits beside each refund of which somebody said that they are other payments.
    """
    batch = RefundBatch.objects.create(
        message_id=message_id,
        account=refunds[0].paying_account,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        made_by=actor.reference,
        made_at=now,
    )
    for refund in refunds:
        refund.state, refund.batch = RefundState.EXPORTED, batch
        refund.save(update_fields=["state", "batch"])
        _record(Event.REFUND_EXPORTED, refund, actor, now, others.get(refund.pk, ()))
    return batch


def _propose(
    balance: EntryBalance, amount: int, due_on: date, actor: Actor, now: datetime, **why_and_whom: Any
) -> Refund:
    """Take the money from the line and write the row."""
    EntryBalance.objects.filter(pk=balance.pk).update(returned_minor=F("returned_minor") + amount)
    return _write_row(balance.entry, amount, due_on, actor, now, **why_and_whom)


def _write_row(entry: BankEntry, amount: int, due_on: date, actor: Actor, now: datetime, **why_and_whom: Any) -> Refund:
    return Refund.objects.create(
        entry=entry,
        amount_minor=amount,
        currency=entry.currency,
        due_on=due_on,
        end_to_end_id=new_refund_reference(),
        proposed_by_id=actor.person_id(),
        proposed_at=now,
        **why_and_whom,
    )


def _withdraw(balance: EntryBalance, refund: Refund, actor: Actor, now: datetime) -> Refund:
    if refund.state == RefundState.PROPOSED:
        _put_back(balance, refund)
    refund.state = RefundState.WITHDRAWN
    refund.save(update_fields=["state"])
    _record(Event.REFUND_WITHDRAWN, refund, actor, now)
    return refund


def _let_fall(refund: Refund, actor: Actor, now: datetime) -> Refund:
    """Write that nobody is promised any more what one that failed still owes; its money is at its line already."""
    kept = ("credit_note", "name", "iban", "by_hand", "evidence")
    fallen = _write_row(
        refund.entry,
        refund.owed_minor,
        refund.due_on,
        actor,
        now,
        replaces=refund,
        state=RefundState.WITHDRAWN,
        **{field: getattr(refund, field) for field in kept},
    )
    _record(Event.REFUND_WITHDRAWN, fallen, actor, now)
    return fallen


def _void_approval(refund: Refund) -> None:
    """Keep what was changed of a refund: an approval of it as it stood is void."""
    refund.state, refund.approved_for = RefundState.PROPOSED, ""
    refund.decided_by, refund.decided_at, refund.alone = None, None, False
    refund.save()


def _put_back(balance: EntryBalance, refund: Refund) -> None:
    EntryBalance.objects.filter(pk=balance.pk).update(
        returned_minor=F("returned_minor") - refund.amount_minor, work_state=WorkState.GIVE_BACK
    )


def _payee(entry: BankEntry, name: str, iban: str, evidence: str, by_hand: str) -> dict[str, str]:
    """Return whom a refund pays on which account, as it is stored.

    An account in words may have no IBAN, or one of a country whose form is not known here.

    :raises RefundNotPossible: ``account_missing``, ``name_not_writable``, ``not_sepa`` or ``evidence_missing``.
    """
    account, words = iban_number.compact(iban), by_hand.strip()[:300]
    needs_no_iban = bool(words) and not account
    if not name.strip() or not (needs_no_iban or _is_iban(account, of_any_form=bool(words))):
        raise RefundNotPossible(refusal("account_missing"))
    if not words and not written_name(name):
        raise RefundNotPossible(refusal("name_not_writable"))
    if not words and (entry.currency != "EUR" or not _is_in_sepa(account)):
        raise RefundNotPossible(refusal("not_sepa"))
    if (needs_no_iban or account != entry.payer_iban) and not evidence.strip():
        raise RefundNotPossible(refusal("evidence_missing"))
    told = {"iban": account, "by_hand": words, "evidence": evidence.strip()[:300]}
    return {"name": name.strip()[:LONGEST_NAME], **told}


def _is_iban(account: str, *, of_any_form: bool) -> bool:
    if of_any_form:
        return len(account) <= LONGEST_IBAN and mod_97_10.is_valid(account[4:] + account[:4])
    return bool(iban_number.is_valid(account))


def _is_in_sepa(account: str) -> bool:
    from schwifty import IBAN  # late: its tables take long to load

    return bool(IBAN(account, allow_invalid=True).in_sepa_zone)


def _record(event: Event, refund: Refund, actor: Actor, now: datetime, others: Sequence[int] = ()) -> None:
    facts = {"amount_minor": refund.amount_minor, "currency": refund.currency, "entry": refund.entry_id}
    facts |= {"other_payments": list(others)} if others else {}
    record(event, actor=actor, subject=refund, now=now, facts=facts)
