"""The step of forgetting: the nightly sweep deletes what is over, and a person's wish what no law keeps.

One thing is one transaction, so that a sweep that is killed has done what it has done and goes on with the rest. The
bytes of files go after the commit; those of a sweep that died in between go with the next one.
"""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

import structlog
from django.db import DatabaseError, transaction

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.queries.retention import incoming_of
from chancery.domain.admissions.services.erasing import copies_of, erase_application, erase_papers, unname_groups
from chancery.domain.admissions.services.moving import lock_application
from chancery.domain.enrollment.queries.retention import incoming_about, rows_about
from chancery.domain.enrollment.services.erasing import erase_notice, erase_substitutes
from chancery.foundation.accounts.erasing import erase_account
from chancery.foundation.accounts.models import Person, User
from chancery.foundation.audit.actors import SYSTEM, Actor
from chancery.foundation.audit.erasing import erase_personal_parts
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.refs import Ref
from chancery.foundation.audit.services import record
from chancery.foundation.documents.erasing import erase_documents
from chancery.foundation.documents.queries import documents_about
from chancery.foundation.files.removal import remove_ordered
from chancery.foundation.mail.erasing import erase_incoming, erase_outgoing_words, let_go_of_documents
from chancery.foundation.mail.models import IncomingMail, OutgoingMail
from chancery.foundation.mail.queries import mails_about
from chancery.foundation.privacy.services import close_requests, take_copy_away
from chancery.journey.retain import Due, Kept, judge, list_over, rows_of

log = structlog.get_logger(__name__)
# What one call deletes at most: the worker goes on with the next one.
CHUNK = 200


def sweep_kept(*, now: datetime, at_most: int = CHUNK) -> Counter[Kept]:
    """Delete what is over, at most so many things; return how many of each kind went.

    What cannot be deleted is logged and left for the next sweep: it does not keep the others.
    """
    remove_ordered()
    gone: Counter[Kept] = Counter()
    for due in list_over(now=now):
        if gone.total() == at_most:
            break
        if not due.ruling:
            continue
        try:
            gone[due.what] += forget(what=due.what, key=due.key, actor=SYSTEM, now=now)
        except DatabaseError:
            log.exception("not deleted", what=due.what, key=due.key)
        remove_ordered()
    return +gone


@transaction.atomic
def forget(*, what: Kept, key: str, actor: Actor, now: datetime) -> bool:
    """Delete one thing if it is over and nothing holds it back, judged again under the lock; return whether it went."""
    rows_of(what).select_for_update(of=("self",)).filter(pk=key).first()
    due = judge(what, key, now=now)
    if due is None or not due.is_over(now) or not due.ruling:
        return False
    _ACTS[what](due, actor, now)
    return True


@transaction.atomic
def forget_file(*, application: Application, rule: str, actor: Actor, now: datetime) -> None:
    """Erase the words of a locked application with its mails, documents and trail; a letter of leaving stays."""
    about = rows_about([application.pk])
    incoming = {*incoming_about(about).values_list("pk", flat=True), *_undecided(incoming_of(application.pk))}
    documents = [*documents_about(about), *copies_of([application.pk])]
    erase_application(application=application, rule=rule, actor=actor, now=now)
    erase_substitutes(application_id=application.pk)
    erase_outgoing_words([*mails_about(about)])
    erase_incoming(incoming, now=now)
    let_go_of_documents(documents)
    erase_documents(documents, now=now)
    erase_personal_parts(_without_notices(about))


def _undecided(mail_ids: Collection[int]) -> list[int]:
    """Return the mails among these that decide about no place."""
    return list(IncomingMail.objects.filter(pk__in=mail_ids, notice=None).values_list("pk", flat=True))


def _without_notices(about: list[Ref]) -> list[Ref]:
    return [each for each in about if each.kind != "enrollment.cancellationnotice"]


def _forget_papers(due: Due, actor: Actor, now: datetime) -> None:
    erase_papers(application_id=int(due.key), actor=actor, now=now)


def _forget_application(due: Due, actor: Actor, now: datetime) -> None:
    forget_file(application=lock_application(int(due.key)), rule=due.rule, actor=actor, now=now)


def _forget_notice(due: Due, actor: Actor, now: datetime) -> None:
    erase_notice(notice_id=int(due.key), actor=actor, now=now)


def _forget_incoming(due: Due, actor: Actor, now: datetime) -> None:
    mail = IncomingMail.objects.get(pk=due.key)
    record(Event.MAIL_ERASED, actor=actor, subject=mail, now=now, facts={"rule": due.rule})
    erase_incoming([mail.pk], now=now)


def _forget_outgoing(due: Due, actor: Actor, now: datetime) -> None:
    mail = OutgoingMail.objects.get(pk=due.key)
    erase_outgoing_words([mail.pk])
    record(Event.MAIL_ERASED, actor=actor, subject=mail, now=now, facts={"rule": due.rule})


def _forget_copy(due: Due, actor: Actor, now: datetime) -> None:
    take_copy_away(request_id=int(due.key), now=now)


def _forget_account(due: Due, actor: Actor, now: datetime) -> None:
    user = User.objects.get(pk=due.key)
    for person in Person.objects.filter(user=user):
        unname_groups(coordinator_id=person.pk)
    close_requests(user=user, now=now)
    erase_account(user=user, actor=actor, now=now)


_ACTS = {
    Kept.PAPERS: _forget_papers,
    Kept.APPLICATION: _forget_application,
    Kept.NOTICE: _forget_notice,
    Kept.INCOMING: _forget_incoming,
    Kept.OUTGOING: _forget_outgoing,
    Kept.COPY: _forget_copy,
    Kept.ACCOUNT: _forget_account,
}
