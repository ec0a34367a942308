"""The step of the applicant: start a file, fill it, send it, take it back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db import transaction

from chancery.domain.admissions.mails.receipt import receipt_mail
from chancery.domain.admissions.mails.withdrawal import withdrawn_mail
from chancery.domain.admissions.models import Application
from chancery.domain.admissions.policies.form import AUTHORITY_KEY, YES, Fault, PartStatus
from chancery.domain.admissions.queries.form import FilledForm, FormPart
from chancery.domain.admissions.queries.groups import find_group
from chancery.domain.admissions.queries.lookup import find_listed_authority, find_unlisted_authority
from chancery.domain.admissions.queries.supplement import form_to_fill
from chancery.domain.admissions.services.applying import (
    ApplicationsClosed,
    Submitted,
    start_application,
    submit_application,
    withdraw_application,
)
from chancery.domain.admissions.services.filling import attach_file, detach_file, name_payer, save_part
from chancery.domain.admissions.services.grouping import join_group, leave_group, open_group
from chancery.domain.admissions.services.starting_again import start_again as draft_again
from chancery.domain.admissions.states import ApplicationState
from chancery.domain.enrollment.services.places import lock_seats
from chancery.domain.enrollment.services.waiting import leave_waiting_list
from chancery.domain.network.models import LocalAuthority
from chancery.domain.network.services.authorities import add_unlisted_authority
from chancery.domain.programme.models import Edition
from chancery.foundation.accounts.models import User
from chancery.foundation.accounts.services import person_for
from chancery.foundation.audit.actors import SYSTEM, Actor
from chancery.foundation.files.uploads import CheckedUpload
from chancery.foundation.mail.services import queue_mail
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.services import drop_obligation
from chancery.foundation.ruling import refusal
from chancery.journey.call_off import next_edition_of
from chancery.journey.correspond import dialogue_of
from chancery.journey.offer import offer_free_seats

__all__ = [
    "SavedPart",
    "Typed",
    "next_edition_of",
    "open_group_for_colleagues",
    "save",
    "start",
    "start_again",
    "submit",
    "withdraw",
]

GROUP_KEY = "group_code"
PAYER_KEYS = frozenset(
    {
        "payer_kind",
        "billing_name",
        "billing_address",
        "tax_id",
        "buyer_reference",
        "purchase_order",
        "dir3",
        "billing_email",
    }
)


@dataclass(frozen=True, slots=True)
class Typed:
    """What a page of the form brought: texts by key, checked files by question, and files to remove."""

    texts: Mapping[str, str]
    files: Mapping[str, CheckedUpload] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SavedPart:
    """How the form and one of its parts stand after saving; read when asked for, an automatic save never asks."""

    application: Application
    key: str

    @cached_property
    def form(self) -> FilledForm:
        """The form: all of a draft, what was asked for again of an incomplete file."""
        return form_to_fill(self.application)

    @cached_property
    def part(self) -> FormPart:
        """The part that was saved."""
        return next(part for part in self.form.parts if part.key == self.key)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is still wrong with the part."""
        return self.form.faults(self.part)

    @property
    def completed(self) -> bool:
        """Whether the part is complete."""
        return self.part.status is PartStatus.COMPLETED


@transaction.atomic
def start(*, edition: Edition, user: User, actor: Actor, now: datetime) -> Application:
    """Open the file of the person behind an account, or return the one there is.

    :raises ApplicationsClosed: when the call is not open.
    """
    return start_application(edition=edition, person=person_for(user=user, now=now), actor=actor, now=now)


@transaction.atomic
def start_again(*, application: Application, actor: Actor, now: datetime) -> Application:
    """Open a draft in the next edition with the answers of an application whose edition is not held.

    :raises ApplicationsClosed: ``no_later_edition``, or when its call is not open.
    """
    target = next_edition_of(application.edition, now=now) if application.edition.called_off_at else None
    if target is None:
        raise ApplicationsClosed(refusal("no_later_edition"))
    return draft_again(application=application, edition=target, actor=actor, now=now)


@transaction.atomic
def save(
    *, application: Application, part: str, typed: Typed, done: bool | None, actor: Actor, now: datetime
) -> SavedPart:
    """Keep a page of the form; ``done`` None is an automatic save: it settles neither group nor new authority.

    :raises ApplicationNotOpen: when the application was sent or the call is over.
    :raises NoSuchQuestion: when the edition's form has no such part.
    """
    by_hand = done is not None
    authority = _authority(typed.texts, add=by_hand, actor=actor, now=now)
    save_part(
        application=application,
        part=part,
        typed=typed.texts,
        authority=authority,
        done=done,
        actor=actor,
        now=now,
    )
    for key in typed.removed:
        detach_file(application=application, key=key, actor=actor, now=now)
    for key, upload in typed.files.items():
        attach_file(application=application, key=key, upload=upload, actor=actor, now=now)
    if PAYER_KEYS & typed.texts.keys():
        name_payer(application=application, typed=typed.texts, actor=actor, now=now)
    if GROUP_KEY in typed.texts and by_hand:
        _settle_group(application, typed.texts[GROUP_KEY], actor, now)
    return SavedPart(application, part)


@transaction.atomic
def open_group_for_colleagues(*, application: Application, part: str, typed: Typed, actor: Actor, now: datetime) -> str:
    """Keep the page, open a group with the applicant as its coordinator, and fill in its code; return the code.

    :raises GroupClosed: when the application is in a group already, or decided.
    :raises ApplicationNotOpen: when the application was sent or the call is over.
    """
    save(application=application, part=part, typed=typed, done=None, actor=actor, now=now)
    group = open_group(application_id=application.pk, name=application.person.name, actor=actor, now=now)
    application.group = group
    save_part(application=application, part=part, typed={GROUP_KEY: group.code}, done=None, actor=actor, now=now)
    return group.code


@transaction.atomic
def submit(*, application: Application, accepted_version: int | None, actor: Actor, now: datetime) -> Submitted:
    """Send the application with its receipt; we owe a first answer from now on.

    :raises ApplicationNotReady: when a part is open, or the accepted terms are not those in force.
    :raises ApplicationNotOpen: when it was sent before, or the call is over.
    """
    sent = submit_application(application_id=application.pk, accepted_version=accepted_version, actor=actor, now=now)
    thread = dialogue_of(sent.application)
    mail = receipt_mail(
        sent.application,
        answer_due_on=sent.answer_due_on,
        document_id=sent.document_id,
        thread=thread,
    )
    queue_mail(mail, now=now)
    return sent


@transaction.atomic
def withdraw(*, application: Application, reason: str, actor: Actor, now: datetime) -> Application:
    """Take the application back before a place exists, and confirm it.

    :raises NotWithdrawable: when a place exists or there is nothing to take back.
    """
    lock_seats(application.edition)
    was_offered = Application.objects.filter(pk=application.pk, state=ApplicationState.OFFERED).exists()
    withdrawn = withdraw_application(application_id=application.pk, reason=reason, actor=actor, now=now)
    leave_waiting_list(application=withdrawn, actor=actor, now=now)
    drop_obligation(ObligationKind.OFFER, subject=withdrawn, now=now)
    thread = dialogue_of(withdrawn)
    queue_mail(withdrawn_mail(withdrawn, withdrawn_at=now, thread=thread), now=now)
    if was_offered:
        offer_free_seats(edition_id=withdrawn.edition_id, actor=SYSTEM, now=now)
    return withdrawn


def _authority(texts: Mapping[str, str], *, add: bool, actor: Actor, now: datetime) -> LocalAuthority | None:
    if texts.get(f"{AUTHORITY_KEY}.unlisted") != YES:
        return find_listed_authority(texts.get(AUTHORITY_KEY, ""))
    city = " ".join(texts.get(f"{AUTHORITY_KEY}.city", "").split())
    country = texts.get(f"{AUTHORITY_KEY}.country", "")
    body = " ".join(texts.get(f"{AUTHORITY_KEY}.body", "").split())
    if not city or not country:
        return None
    known = find_unlisted_authority(name=body or city, city=city, country=country)
    if known is not None or not add:
        return known
    return add_unlisted_authority(city=city, country=country, body=body, actor=actor, now=now)


def _settle_group(application: Application, typed: str, actor: Actor, now: datetime) -> None:
    """Join, change or leave the group as the code says; a code of no group is kept as typed and shown as wrong."""
    wanted = find_group(application.edition, typed)
    if application.group_id is not None and (wanted is None or wanted.pk != application.group_id):
        leave_group(application_id=application.pk, actor=actor, now=now)
    application.group = wanted
    if wanted is not None:
        join_group(application_id=application.pk, code=wanted.code, actor=actor, now=now)
