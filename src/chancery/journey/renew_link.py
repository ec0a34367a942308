"""The step of a payer whose link has ended: another one goes to the address on the bill."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from chancery.domain.billing.mails import new_link_mail
from chancery.domain.billing.models import Invoice
from chancery.foundation.calendar import local_day
from chancery.foundation.mail.services import queue_mail


@transaction.atomic
def send_new_link(*, invoice: Invoice, now: datetime) -> None:
    """Mail the payer of a bill a new link, once a day however often somebody asks."""
    queue_mail(new_link_mail(invoice, on=local_day(now, ZoneInfo(invoice.edition.time_zone))), now=now)
