"""Read the outbox."""

from django.db.models import Count, QuerySet

from chancery.foundation.audit.refs import Ref
from chancery.foundation.mail.models import MailDelivery, OutgoingMail


def list_mail(*, state: str = "", about: Ref | None = None) -> QuerySet[OutgoingMail]:
    """Return mail, newest first, with content and delivery loaded."""
    mails = OutgoingMail.objects.select_related("content", "delivery").order_by("-id")
    if state:
        mails = mails.filter(delivery__state=state)
    if about:
        mails = mails.filter(subject_kind=about.kind, subject_id=about.id)
    return mails


def count_by_state() -> dict[str, int]:
    """Return how many mails stand in each state."""
    counts = MailDelivery.objects.values_list("state").annotate(n=Count("id")).order_by("state")
    return dict(counts)
