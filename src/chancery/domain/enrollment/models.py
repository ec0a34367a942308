"""Seats, places and those who wait for one."""

from django.db import models
from django.db.models import F, Q

from chancery.domain.admissions.models import Application
from chancery.domain.billing.models import InvoiceLine, Quote
from chancery.domain.enrollment.states import PlaceState
from chancery.domain.programme.models import Edition
from chancery.foundation.accounts.models import Person
from chancery.foundation.mail.models import MailThread
from chancery.foundation.privacy.declarations import NOT_PERSONAL, Declaration, Erase


class SeatCounter(models.Model):
    """How many seats of an edition are taken; its row is locked before any place is made or freed."""

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="seats")
    capacity = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)

    privacy = NOT_PERSONAL

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="seats_never_oversold")]


class Place(models.Model):
    """A person's seat; sure of it only when guaranteed (promise B2).

    ``starts_on_printed`` and ``refundable_until`` are what the reservation mail said: a moved date can only
    make the deadline later.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="places")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="places")
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="place")
    state = models.CharField(max_length=20, choices=[(s, s) for s in PlaceState], default=PlaceState.RESERVED)
    reserved_on = models.DateField()
    starts_on_printed = models.DateField()
    refundable_until = models.DateTimeField()
    thread = models.ForeignKey(MailThread, on_delete=models.PROTECT, related_name="+")
    guaranteed_at = models.DateTimeField(null=True)

    privacy = Declaration(
        erase=Erase.KEEP_BY_LAW, retention="6 years with its invoice", person="person", export=("state", "reserved_on")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "person"],
                condition=Q(state__in=["reserved", "guaranteed"]),
                name="place_once_a_person",
            ),
            models.CheckConstraint(
                condition=Q(state="guaranteed", guaranteed_at__isnull=False)
                | (~Q(state="guaranteed") & Q(guaranteed_at=None)),
                name="guaranteed_has_its_instant",
            ),
        ]


class PlaceCharge(models.Model):
    """What a place costs now: its quote, and the invoice line that bills it (none where nothing is due)."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="charges")
    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="charges")
    invoice_line = models.OneToOneField(InvoiceLine, on_delete=models.PROTECT, null=True, related_name="charge")
    current = models.BooleanField(default=True)

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="6 years with its invoice", person="place__person")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place"], condition=Q(current=True), name="charge_current_once"),
        ]


class WaitingEntry(models.Model):
    """An application that waits for a seat, in order of arrival on the list."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="waiting")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="waiting")
    rank = models.PositiveIntegerField()
    joined_at = models.DateTimeField()
    offered_until = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    privacy = Declaration(erase=Erase.WITH_PARENT, retention="with its application", person="application__person")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "rank"], name="waiting_rank_once")]
