"""Open, join and leave a group of colleagues who register together (promise B4)."""

import secrets
from datetime import datetime

from django.db import transaction

from chancery.domain.admissions.models import Application, GroupRegistration
from chancery.domain.admissions.policies.applying import (
    ALREADY_IN_A_GROUP,
    NOT_IN_A_GROUP,
    may_change_group,
    may_join_group,
)
from chancery.domain.admissions.queries.groups import find_group
from chancery.domain.admissions.services.moving import lock_application
from chancery.domain.admissions.states import ApplicationState
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.ruling import Refused, refusal

# No letters or digits that are easily taken for one another when a code is read out.
LETTERS = "ACDEFGHJKLMNPQRTUVWXY34679"
CODE_LENGTH = 8


class GroupNotFound(Refused):
    """No group of this edition has this code."""


class GroupClosed(Refused):
    """This application cannot join or leave a group (any more)."""


@transaction.atomic
def open_group(*, application_id: int, name: str, actor: Actor, now: datetime) -> GroupRegistration:
    """Open a group with its coordinator in it; colleagues join with its code.

    :raises GroupClosed: when the application is in a group already, or decided.
    """
    application = lock_application(application_id)
    ruling = may_change_group(ApplicationState(application.state))
    if application.group_id is not None:
        ruling = refusal(ALREADY_IN_A_GROUP)
    if not ruling:
        raise GroupClosed(ruling)

    group = GroupRegistration.objects.create(
        code=_new_code(),
        edition=application.edition,
        coordinator=application.person,
        name=name.strip()[:120],
        opened_at=now,
    )
    _put(application, group)
    record(Event.GROUP_OPENED, actor=actor, subject=group, now=now, facts={"application": application.pk})
    return group


@transaction.atomic
def join_group(*, application_id: int, code: str, actor: Actor, now: datetime) -> GroupRegistration:
    """Join the group with this code, however it was typed.

    :raises GroupNotFound: when there is none in this edition.
    :raises GroupClosed: when the application is in another group, or decided.
    """
    application = lock_application(application_id)
    group = find_group(application.edition, code)
    if group is None:
        raise GroupNotFound(refusal("group_not_found"))
    if application.group_id == group.pk:
        return group
    ruling = may_join_group(
        ApplicationState(application.state),
        edition_id=application.edition_id,
        group_edition_id=group.edition_id,
        group_id=application.group_id,
    )
    if not ruling:
        raise GroupClosed(ruling)

    _put(application, group)
    record(Event.GROUP_JOINED, actor=actor, subject=group, now=now, facts={"application": application.pk})
    return group


@transaction.atomic
def leave_group(*, application_id: int, actor: Actor, now: datetime) -> None:
    """Leave the group; the others stay in it.

    :raises GroupClosed: when the application is in no group, or decided.
    """
    application = lock_application(application_id)
    group = application.group
    if group is None:
        raise GroupClosed(refusal(NOT_IN_A_GROUP))
    ruling = may_change_group(ApplicationState(application.state))
    if not ruling:
        raise GroupClosed(ruling)

    _put(application, None)
    record(Event.GROUP_LEFT, actor=actor, subject=group, now=now, facts={"application": application.pk})


def _put(application: Application, group: GroupRegistration | None) -> None:
    application.group = group
    application.save(update_fields=["group"])


def _new_code() -> str:
    letters = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
    return f"{letters[:4]}-{letters[4:]}"
