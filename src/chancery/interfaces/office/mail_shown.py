"""Which mails somebody of the office sees and counts, and the words of where they stand."""

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from chancery.foundation.accounts.roles import Permission, Role, permits
from chancery.foundation.mail.models import OutgoingMail
from chancery.foundation.mail.states import DeliveryState

# How the kinds of mail about bills, payments and refunds begin.
MONEY = "billing/"
STATES: dict[DeliveryState, tuple[str, Promise]] = {
    DeliveryState.QUEUED: ("ours", gettext_lazy("waiting")),
    DeliveryState.SENDING: ("ours", gettext_lazy("being sent")),
    DeliveryState.SENT: ("done", gettext_lazy("sent")),
    DeliveryState.FAILED: ("late", gettext_lazy("failed")),
    DeliveryState.WITHHELD: ("yours", gettext_lazy("withheld")),
}


def shown_mails(mails: QuerySet[OutgoingMail], roles: frozenset[Role]) -> QuerySet[OutgoingMail]:
    """Leave mails about money out where the reader sees none: their links open the bill for whoever has them."""
    return mails if permits(roles, Permission.SEE_MONEY) else mails.exclude(kind__startswith=MONEY)
