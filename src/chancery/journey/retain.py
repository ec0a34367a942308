"""The step of keeping no longer than promised: what is over by now, by which rule, and what holds it back."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Manager, QuerySet

from chancery.domain.admissions.models import Application, DialogueEntry
from chancery.domain.admissions.policies.retaining import (
    KeptUntil,
    kept_until,
    mail_kept_until,
    papers_kept_until,
)
from chancery.domain.admissions.queries.retention import facts_of, list_ended, list_kept, list_with_papers
from chancery.domain.enrollment.models import CancellationNotice
from chancery.domain.enrollment.queries.retention import files_of, notices_with_words, unsettled_of
from chancery.foundation.accounts.idle import list_idle
from chancery.foundation.accounts.models import User
from chancery.foundation.audit.refs import Ref
from chancery.foundation.mail.models import IncomingMail, MailContent, OutgoingMail
from chancery.foundation.privacy.models import DataRequest
from chancery.foundation.privacy.policies import UNDER_WAY, may_erase
from chancery.foundation.privacy.queries import list_copies
from chancery.foundation.privacy.retention import months_after, period
from chancery.foundation.ruling import Ruling, refusal


class Kept(StrEnum):
    """What the sweep deletes, one of it a transaction."""

    PAPERS = "letters of support"
    APPLICATION = "application"
    NOTICE = "cancellation notice"
    INCOMING = "mail that came in"
    OUTGOING = "mail that left"
    COPY = "copy of one's data"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is kept: until when, by which rule of retention.toml, and whether it may go then.

    ``key`` finds it again, ``label`` names it without a person.
    """

    what: Kept
    key: str
    label: str
    rule: str
    over_at: datetime
    ruling: Ruling

    def is_over(self, now: datetime) -> bool:
        """Tell whether its time is over."""
        return self.over_at <= now


@dataclass(frozen=True, slots=True)
class Keeping:
    """How one kind is found: the rows that its keys name, the keys that may be over by an instant, and its judge.

    What deletes it stands in :mod:`chancery.journey.forget`.
    """

    rows: Manager[Any]
    keys: Callable[[datetime], list[str]]
    judge: Callable[[str, datetime], Due | None]


def list_over(*, now: datetime) -> Iterator[Due]:
    """Return what is over by an instant, in the order in which it goes; what is held back says why."""
    for keeping in _KEEPINGS.values():
        for key in keeping.keys(now):
            due = keeping.judge(key, now)
            if due is not None and due.is_over(now):
                yield due


def judge(what: Kept, key: str, *, now: datetime) -> Due | None:
    """Return until when one thing is kept; None where it is gone already or nothing ends it yet."""
    return _KEEPINGS[what].judge(key, now)


def rows_of(what: Kept) -> QuerySet[Any]:
    """Return the rows among which a key of this kind names one."""
    return _KEEPINGS[what].rows.all()


def _papers(key: str, now: datetime) -> Due | None:
    application = list_with_papers(date.max).filter(pk=key).first()
    if application is None:
        return None
    return _of_file(Kept.PAPERS, application, papers_kept_until(facts_of(application)), now)


def _application(key: str, now: datetime) -> Due | None:
    application = list_kept([int(key)]).first()
    if application is None:
        return None
    return _of_file(Kept.APPLICATION, application, _file_kept_until(application), now)


def _file_kept_until(application: Application) -> KeptUntil:
    """Return how long an application is kept; one that nobody ended is shown as held back once its course is over."""
    facts = facts_of(application)
    ended = period("ended_application")
    return kept_until(facts) or KeptUntil(ended.key, ended.over_at(facts.course_ends_at))


def _of_file(what: Kept, application: Application, until: KeptUntil, now: datetime) -> Due:
    ruling = may_erase([unsettled_of(application, now=now)])
    return Due(what, str(application.pk), application.reference, until.rule, until.over_at, ruling)


def _notice(key: str, now: datetime) -> Due | None:
    notice = notices_with_words().filter(pk=key).first()
    if notice is None:
        return None
    over_at = period("cancellation").over_at(notice.received_at)
    application = Application.objects.select_related("edition").get(place=notice.place_id)
    ruling = may_erase([unsettled_of(application, now=now)])
    return Due(Kept.NOTICE, key, application.reference, "cancellation", over_at, ruling)


def _incoming(key: str, now: datetime) -> Due | None:
    mail = IncomingMail.objects.filter(pk=key, notice=None).select_related("thread").first()
    if mail is None:
        return None
    files = set(DialogueEntry.objects.filter(incoming_mail_id=mail.pk).values_list("application_id", flat=True))
    if mail.thread:
        files |= files_of(Ref(mail.thread.subject_kind, mail.thread.subject_id))
    over_at, ruling = _of_mail(files, "other_mail", mail.received_at, now)
    return Due(Kept.INCOMING, key, f"#{mail.pk}", "other_mail", over_at, ruling)


def _outgoing(key: str, now: datetime) -> Due | None:
    content = MailContent.objects.filter(mail_id=int(key)).select_related("mail").first()
    if content is None:
        return None
    mail = content.mail
    files = files_of(Ref(mail.subject_kind, mail.subject_id))
    over_at, ruling = _of_mail(files, "outgoing_mail", mail.queued_at, now)
    return Due(Kept.OUTGOING, key, f"{mail.kind} #{mail.pk}", "outgoing_mail", over_at, ruling)


def _of_mail(files: Iterable[int], rule: str, at: datetime, now: datetime) -> tuple[datetime, Ruling]:
    over_at, unsettled = period(rule).over_at(at), []
    for application in list_kept(files):
        until = mail_kept_until(facts_of(application), rule, at)
        if until is None:
            return over_at, refusal(UNDER_WAY)
        over_at = max(over_at, until)
        if over_at <= now:
            unsettled.append(unsettled_of(application, now=now))
    return over_at, may_erase(unsettled)


def _copy(key: str, now: datetime) -> Due | None:
    asked = DataRequest.objects.filter(pk=key, file__isnull=False).first()
    if asked is None or asked.answered_at is None:
        return None
    over_at = period("data_copy").over_at(asked.answered_at)
    return Due(Kept.COPY, key, f"#{asked.pk}", "data_copy", over_at, may_erase([]))


def _account(key: str, now: datetime) -> Due | None:
    user = list_idle(now).filter(pk=key).first()
    if user is None or _is_needed(user):
        return None
    over_at = period("account").over_at(user.used_at)  # type: ignore[attr-defined]  # annotated by list_idle
    return Due(Kept.ACCOUNT, key, f"#{user.pk}", "account", over_at, may_erase([]))


def _is_needed(user: User) -> bool:
    """Say whether something that is kept is still about the person of an account."""
    kept = Application.objects.filter(person__user=user, erased_at=None).exists()
    return kept or notices_with_words().filter(place__person__user=user).exists()


def _keys_of_papers(now: datetime) -> list[str]:
    rows = list_with_papers(_before(now, "course_paper").date())
    return [str(row.pk) for row in rows if papers_kept_until(facts_of(row)).over_at <= now]


def _keys_of_applications(now: datetime) -> list[str]:
    rows = list_ended(_before(now, "ended_application").date())
    return [str(row.pk) for row in rows if _file_kept_until(row).over_at <= now]


def _keys_of_notices(now: datetime) -> list[str]:
    return [str(row.pk) for row in notices_with_words().filter(received_at__lte=_before(now, "cancellation"))]


def _keys_of_incoming(now: datetime) -> list[str]:
    old = IncomingMail.objects.filter(received_at__lte=_before(now, "other_mail"), notice=None)
    return [str(pk) for pk in old.order_by("pk").values_list("pk", flat=True)]


def _keys_of_outgoing(now: datetime) -> list[str]:
    old = MailContent.objects.filter(mail__queued_at__lte=_before(now, "outgoing_mail"))
    return [str(pk) for pk in old.order_by("mail_id").values_list("mail_id", flat=True)]


def _keys_of_copies(now: datetime) -> list[str]:
    return [str(asked.pk) for asked in list_copies(now - timedelta(days=period("data_copy").days))]


def _keys_of_accounts(now: datetime) -> list[str]:
    return [str(user.pk) for user in list_idle(_before(now, "account"))]


def _before(now: datetime, rule: str) -> datetime:
    """Return the instant before which something must have begun to be over now, a day of grace added."""
    return months_after(now, -period(rule).months) + timedelta(days=1)


_KEEPINGS = {
    Kept.PAPERS: Keeping(Application.objects, _keys_of_papers, _papers),
    Kept.APPLICATION: Keeping(Application.objects, _keys_of_applications, _application),
    Kept.NOTICE: Keeping(CancellationNotice.objects, _keys_of_notices, _notice),
    Kept.INCOMING: Keeping(IncomingMail.objects, _keys_of_incoming, _incoming),
    Kept.OUTGOING: Keeping(OutgoingMail.objects, _keys_of_outgoing, _outgoing),
    Kept.COPY: Keeping(DataRequest.objects, _keys_of_copies, _copy),
    Kept.ACCOUNT: Keeping(User.objects, _keys_of_accounts, _account),
}
