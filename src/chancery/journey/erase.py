"""The step of erasing: a person asks to be forgotten, and all goes that no law keeps."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.services.erasing import expire_draft, unname_groups
from chancery.domain.admissions.services.moving import lock_application
from chancery.domain.admissions.states import ApplicationState
from chancery.domain.billing.models import Invoice, ProForma
from chancery.domain.billing.queries.retention import list_refunds_of
from chancery.domain.enrollment.models import CancellationNotice, Substitution
from chancery.domain.enrollment.queries.retention import files_billed_by, notices_with_words, unsettled_of
from chancery.domain.enrollment.services.erasing import erase_named_colleague
from chancery.domain.enrollment.states import SUBSTITUTION_OPEN
from chancery.foundation.accounts.addresses import written_as
from chancery.foundation.accounts.erasing import erase_account
from chancery.foundation.accounts.idle import holds_a_role
from chancery.foundation.accounts.models import User
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.refs import Ref, ref
from chancery.foundation.files.removal import remove_ordered
from chancery.foundation.mail.erasing import erase_incoming, erase_outgoing_words
from chancery.foundation.mail.models import IncomingMail, MailContent
from chancery.foundation.mail.queries import mails_about
from chancery.foundation.privacy.policies import may_erase
from chancery.foundation.privacy.retention import period
from chancery.foundation.privacy.services import close_requests
from chancery.foundation.ruling import Refused, Ruling
from chancery.journey.disclose import Subject, subject_of
from chancery.journey.forget import forget_file
from chancery.journey.substitute import drop_substitution

BY_REQUEST = "asked by the person"


class StillNeeded(Refused):
    """Something is open that the data are needed for; the ruling says what."""


@dataclass(frozen=True, slots=True)
class KeptByLaw:
    """What an erasure leaves, by which rule of retention.toml, and until when at least."""

    rule: str
    label: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Erased:
    """What went, and what the law keeps."""

    applications: int
    kept: tuple[KeptByLaw, ...]


def erasure_ruling(user: User, *, now: datetime) -> Ruling:
    """Tell whether the person of an account may be erased now, and if not, what is open."""
    files = Application.objects.filter(person__user=user).select_related("edition").order_by("pk")
    sent = [each for each in files if each.state != ApplicationState.DRAFT]  # a draft ends with the wish
    return may_erase([unsettled_of(each, now=now) for each in sent], holds_a_role=holds_a_role(user))


def list_kept_by_law(subject: Subject) -> tuple[KeptByLaw, ...]:
    """Return what stays of a person when they are erased, the earliest end first."""
    money, letters = period("money"), period("cancellation")
    bills = Invoice.objects.filter(pk__in=subject.bills)
    papers = ProForma.objects.filter(application__in=subject.files).select_related("application")
    notices = notices_with_words().filter(place__application__in=subject.files)
    kept = [
        *(KeptByLaw("money", bill.number, money.over_at(bill.issued_at)) for bill in bills),
        *(KeptByLaw("money", paper.application.reference, money.over_at(paper.written_at)) for paper in papers),
        *(KeptByLaw("cancellation", _label(each), letters.over_at(each.received_at)) for each in notices),
    ]
    return tuple(sorted(kept, key=lambda each: (each.until, each.label)))


def erase_person(*, user_id: int, actor: Actor, now: datetime) -> Erased:
    """Erase the person of an account for good; the bytes of their files go after the commit.

    :raises StillNeeded: while an application, a place, a bill, a refund, a cancellation or a promise is open.
    """
    erased = _erase(user_id=user_id, actor=actor, now=now)
    remove_ordered()
    return erased


@transaction.atomic
def _erase(*, user_id: int, actor: Actor, now: datetime) -> Erased:
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    subject = subject_of(user)
    files = [lock_application(each) for each in subject.files]
    _say_no_to_open_wishes(user.email, actor, now)
    ruling = erasure_ruling(user, now=now)
    if not ruling:
        raise StillNeeded(ruling)

    kept, whole = list_kept_by_law(subject), [each for each in files if each.erased_at is None]
    for application in whole:
        if application.state == ApplicationState.DRAFT:
            expire_draft(application=application, actor=actor, now=now)
        forget_file(application=application, rule=BY_REQUEST, actor=actor, now=now)
    _erase_letters(user.email, subject, now)
    if subject.person is not None:
        unname_groups(coordinator_id=subject.person.pk)
    erase_named_colleague(email=user.email)
    close_requests(user=user, now=now)
    erase_account(user=user, actor=actor, now=now)
    return Erased(len(whole), kept)


def _say_no_to_open_wishes(email: str, actor: Actor, now: datetime) -> None:
    """Say no where somebody named the person to come instead: nobody waits for an answer that will not come."""
    for wish in Substitution.objects.filter(email=email, state__in=SUBSTITUTION_OPEN).order_by("pk"):
        drop_substitution(substitution_id=wish.pk, by_colleague=True, actor=actor, now=now)


def _erase_letters(email: str, subject: Subject, now: datetime) -> None:
    to_them = MailContent.objects.filter(written_as("to", email)).values_list("mail_id", flat=True)
    about_money = mails_about(_money_of_nobody_else(subject))
    erase_outgoing_words([*to_them, *about_money])
    from_them = IncomingMail.objects.filter(written_as("handling__sender", email), notice=None)
    erase_incoming(list(from_them.values_list("pk", flat=True)), now=now)


def _money_of_nobody_else(subject: Subject) -> list[Ref]:
    """Return the bills that ask money for this person alone, and their refunds: on a shared bill others have a word."""
    own = [bill for bill in subject.bills if files_billed_by(bill) <= set(subject.files)]
    refunds = [ref(each) for each in list_refunds_of(own) if each.credit_note_id in own]
    return [*_pointers(own), *refunds]


def _pointers(bills: Collection[int]) -> list[Ref]:
    return [Ref(Invoice._meta.label_lower, str(each)) for each in bills]


def _label(notice: CancellationNotice) -> str:
    return notice.place.application.reference
