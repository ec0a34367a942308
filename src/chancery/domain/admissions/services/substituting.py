"""Open the file of whoever takes a place over: a colleague, or the same person in the next edition."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.forms.models import model_to_dict

from chancery.domain.admissions.models import Application, ApplicationAnswer, PayerDetails, SecondPayer
from chancery.domain.admissions.policies.names import fold, search_text
from chancery.domain.admissions.services.applying import number_application, own_file
from chancery.domain.admissions.services.paying import close_second_payer, keep_payer, name_second_payer
from chancery.domain.admissions.states import ApplicationState
from chancery.domain.programme.models import Edition
from chancery.foundation.accounts.models import Person
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.ruling import Refused, refusal


class HasAFile(Refused):
    """The colleague has an application of their own in this edition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """What a colleague says about themself."""

    name: str
    latin_name: str
    post: str


@transaction.atomic
def admit_substitute(
    *, instead_of: Application, person: Person, colleague: Colleague, actor: Actor, now: datetime
) -> Application:
    """Open the file of a colleague, admitted in place of another under the same frozen terms, authority and payer.

    :raises HasAFile: when the colleague has an application in this edition.
    """
    if own_file(instead_of.edition, person) is not None:
        raise HasAFile(refusal("has_a_file"))
    person.name, person.latin_name = colleague.name, colleague.latin_name
    person.save(update_fields=["name", "latin_name"])

    application = number_application(edition=instead_of.edition, person=person, now=now)
    application.authority, application.group = instead_of.authority, instead_of.group
    application.terms, application.submitted_at = instead_of.terms, now
    application.state = ApplicationState.ADMITTED  # judged with the colleague whose place it is
    authority = instead_of.authority
    where = (authority.name, authority.city.name, authority.city.country.name) if authority else ()
    application.search_text = search_text(application.reference, person.name, person.latin_name, person.email, *where)
    application.save()
    answers = {"name": colleague.name, "latin_name": colleague.latin_name, "post": colleague.post}
    ApplicationAnswer.objects.bulk_create(
        ApplicationAnswer(application=application, key=key, value=value) for key, value in answers.items() if value
    )
    _keep_payers(instead_of, application, actor, now)
    facts = {"instead_of": instead_of.pk}
    record(Event.APPLICATION_SUBMITTED, actor=actor, subject=application, now=now, facts=facts)
    return application


@transaction.atomic
def carry_over(*, application: Application, edition: Edition, actor: Actor, now: datetime) -> Application:
    """Open the file of an admitted person in another edition: same frozen terms, authority, answers and payer.

    The group stays behind: it is a group of its edition.

    :raises HasAFile: when they have an application there.
    """
    if own_file(edition, application.person) is not None:
        raise HasAFile(refusal("has_a_file"))
    carried = number_application(edition=edition, person=application.person, now=now)
    carried.authority, carried.terms = application.authority, application.terms
    carried.submitted_at, carried.state = application.submitted_at, ApplicationState.ADMITTED
    carried.search_text = application.search_text.replace(fold(application.reference), fold(carried.reference))
    carried.save()
    ApplicationAnswer.objects.bulk_create(
        ApplicationAnswer(application=carried, key=answer.key, value=answer.value, file=answer.file)
        for answer in application.answers.all()
    )
    _keep_payers(application, carried, actor, now)
    facts = {"carried_from": application.pk}
    record(Event.APPLICATION_SUBMITTED, actor=actor, subject=carried, now=now, facts=facts)
    return carried


def _keep_payers(source: Application, target: Application, actor: Actor, now: datetime) -> None:
    """Let who pays pay for the one that follows, and who is to share the fee share that one's."""
    payer = PayerDetails.objects.filter(application=source).first()
    if payer is not None:
        keep_payer(application=target, details=model_to_dict(payer, exclude=["id", "application"]))
    second = SecondPayer.objects.filter(application=source, closed_at=None).first()
    if second is not None:
        details = model_to_dict(second, exclude=["id", "application", "named_at", "closed_at"])
        name_second_payer(application=target, details=details, actor=actor, now=now)
        close_second_payer(application=source, billed=False, actor=actor, now=now)
