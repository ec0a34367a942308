"""Which mails somebody of the office sees and counts."""

from django.db.models import QuerySet

from chancery.foundation.accounts.roles import Permission, Role, permits
from chancery.foundation.mail.models import OutgoingMail

# How the kinds of mail about bills, payments and refunds begin.
MONEY = "billing/"


def shown_mails(mails: QuerySet[OutgoingMail], roles: frozenset[Role]) -> QuerySet[OutgoingMail]:
    """Leave mails about money out where the reader sees none: their links open the bill for whoever has them."""
    return mails if permits(roles, Permission.SEE_MONEY) else mails.exclude(kind__startswith=MONEY)
