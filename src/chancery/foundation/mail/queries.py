"""Read the outbox."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from chancery.foundation.audit.refs import Ref, about_any
from chancery.foundation.mail.models import MailDelivery, OutgoingMail
from chancery.foundation.mail.states import DeliveryState
from chancery.foundation.search import few_words

# Mails of these kinds open an account: whoever reads one can sign in as its receiver.
KEYS = "accounts/"


def list_mail(
    *, state: str = "", words: str = "", named: Collection[Ref] = (), about: Ref | None = None
) -> QuerySet[OutgoingMail]:
    """Return mail, newest first, with content and delivery loaded; each of ``words`` stands in address or subject.

    A mail about one of the rows ``named`` by the words is found too, whatever it says.
    Sign-in codes and invitations are left out: nobody of the office reads another person's key. The demo shows them,
    because its mail goes nowhere else.
    """
    mails = OutgoingMail.objects.select_related("content", "delivery").order_by("-queued_at", "-id")
    if not settings.DEMO:
        mails = mails.exclude(kind__startswith=KEYS)
    if state:
        mails = mails.filter(delivery__state=state)
    if words:
        says = Q()
        for word in few_words(words):
            says &= Q(content__to__icontains=word) | Q(content__subject__icontains=word)
        mails = mails.filter(says | about_any(named))
    if about:
        mails = mails.filter(subject_kind=about.kind, subject_id=about.id)
    return mails


def list_due_deliveries(*, machine_now: datetime, story_now: datetime) -> QuerySet[MailDelivery]:
    """Return what can be sent now: due, on no other worker's desk, and with all its documents rendered."""
    rows = MailDelivery.objects.filter(state__in=[DeliveryState.QUEUED, DeliveryState.SENDING], next_at__lte=story_now)
    rows = rows.exclude(leased_until__gt=machine_now)
    return rows.exclude(mail__documents__document__rendering=None, mail__documents__isnull=False)


def count_by_state(mails: QuerySet[OutgoingMail]) -> dict[str, int]:
    """Return how many of these mails stand in each state."""
    counts = mails.order_by().values_list("delivery__state").annotate(n=Count("id"))
    return dict(counts)


def count_since(instant: datetime, *, about: Ref, kinds: Collection[str]) -> int:
    """Return how many mails of these kinds about a subject were asked for since an instant."""
    rows = OutgoingMail.objects.filter(subject_kind=about.kind, subject_id=about.id, kind__in=kinds)
    return rows.filter(queued_at__gt=instant).count()


def told_of(kind: str, pointers: Collection[Ref]) -> set[Ref]:
    """Return those of which a mail of this kind was asked for: what is said once is not said again."""
    rows = OutgoingMail.objects.filter(about_any(pointers), kind=kind)
    return {Ref(*row) for row in rows.values_list("subject_kind", "subject_id")}


def mails_about(pointers: Collection[Ref]) -> list[int]:
    """Return the mails about these rows."""
    return list(OutgoingMail.objects.filter(about_any(pointers)).order_by("pk").values_list("pk", flat=True))
