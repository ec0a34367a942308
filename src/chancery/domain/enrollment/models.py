"""Seats, places and those who wait for one."""

from django.db import models
from django.db.models import F, Q

from chancery.domain.admissions.models import Application
from chancery.domain.billing.models import BankEntry, Invoice, InvoiceLine, Quote
from chancery.domain.enrollment.states import (
    ChoiceState,
    NoticeChannel,
    NoticeGround,
    NoticeState,
    NoticeWay,
    PlaceState,
    SubstitutionState,
)
from chancery.domain.programme.models import Edition
from chancery.foundation.accounts.models import Person, User
from chancery.foundation.mail.models import IncomingMail, MailThread
from chancery.foundation.privacy.declarations import NOT_PERSONAL, Declaration, Erase


class SeatCounter(models.Model):
    """How many seats of an edition are taken, and held for offers; locked before any place is made or freed."""

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="seats")
    capacity = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)

    privacy = NOT_PERSONAL

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(taken__lte=F("capacity") - F("held")), name="seats_never_oversold")
        ]


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
        erase=Erase.KEEP_BY_LAW, retention="place_file", person="person", export=("state", "reserved_on")
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
    """What a place costs now: its quote, and the invoice line that bills it (none where nothing is due).

    A line is the price of one place at a time; a colleague who takes a place over takes its line along. Where two
    payers share the fee, each has a charge with a line of their own bill: together they are the price of the place.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="charges")
    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="charges")
    invoice_line = models.ForeignKey(InvoiceLine, on_delete=models.PROTECT, null=True, related_name="charge")
    payer_number = models.PositiveSmallIntegerField(default=1)
    current = models.BooleanField(default=True)

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="place_file", person="place__person")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "payer_number"], condition=Q(current=True), name="charge_current_once_a_payer"
            ),
            models.CheckConstraint(condition=Q(payer_number__in=[1, 2]), name="charge_of_one_of_two_payers"),
            models.UniqueConstraint(fields=["invoice_line"], condition=Q(current=True), name="line_prices_one_place"),
        ]

    @property
    def is_share(self) -> bool:
        """Whether two payers share the fee: the line bills a part of it."""
        return self.invoice_line is not None and self.invoice_line.net_minor != self.quote.fee_minor


class CancellationNotice(models.Model):
    """A message by which somebody may want to leave a place, what was found in it, and what became of it.

    ``counts_from`` is the instant that the terms are judged by: an incomplete notice that is completed counts from the
    first letter. The sums are those of the judgement, and those of the effect once there was one; ``besides_minor`` is
    money that is no part of what had been paid by then and goes back in full. ``rate`` is the share of what had been
    paid that goes back, by the ``ground``. There is a second credit note where two payers share the fee.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="notices")
    mail = models.OneToOneField(IncomingMail, on_delete=models.PROTECT, null=True, related_name="notice")
    channel = models.CharField(max_length=10, choices=[(c, c) for c in NoticeChannel])
    way = models.CharField(max_length=10, choices=[(w, w) for w in NoticeWay])
    ground = models.CharField(max_length=20, choices=[(g, g) for g in NoticeGround], default=NoticeGround.TERMS)
    rate = models.DecimalField(max_digits=5, decimal_places=4, default=0)
    note = models.CharField(max_length=1000, blank=True)
    received_at = models.DateTimeField()
    counts_from = models.DateTimeField()
    completes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="completed_by")
    found = models.JSONField(default=list)
    missing = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=20, choices=[(s, s) for s in NoticeState])
    paid_minor = models.BigIntegerField(default=0)
    refund_minor = models.BigIntegerField(default=0)
    besides_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True)
    refund_due_on = models.DateField(null=True)
    credit_note = models.OneToOneField(Invoice, on_delete=models.PROTECT, null=True, related_name="notice")
    second_credit_note = models.OneToOneField(Invoice, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_because = models.CharField(max_length=300, blank=True)

    privacy = Declaration(
        erase=Erase.KEEP_BY_LAW,
        retention="cancellation",
        person="place__person",
        export=("received_at", "state", "refund_minor"),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place"], condition=Q(state__in=["effected", "given up"]), name="notice_effected_once"
            ),
            models.CheckConstraint(
                condition=Q(refund_minor__gte=0, refund_minor__lte=F("paid_minor")), name="notice_refunds_at_most_paid"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["effected", "given up"]) | Q(decided_by__isnull=False),
                name="notice_takes_effect_by_a_person",
            ),
        ]

    @property
    def credit_notes(self) -> list[Invoice]:
        """What was credited by it: one a payer who had a bill, two at most."""
        return [note for note in (self.credit_note, self.second_credit_note) if note is not None]


class NoticeDifference(models.Model):
    """Money that was booked after a place had ended, but counts as paid by its notice; written once.

    Of what was ``counted``, in minor units, ``kept_minor`` stays by the terms and is billed by ``bill``; the rest goes
    back by the credit note of the notice.
    """

    notice = models.ForeignKey(CancellationNotice, on_delete=models.PROTECT, related_name="differences")
    line = models.ForeignKey(InvoiceLine, on_delete=models.PROTECT, related_name="differences")
    entry = models.ForeignKey(BankEntry, on_delete=models.PROTECT, related_name="differences")
    bill = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="difference")
    counted_minor = models.BigIntegerField()
    kept_minor = models.BigIntegerField()
    refund_due_on = models.DateField()
    actor = models.CharField(max_length=40)
    at = models.DateTimeField()

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="money")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kept_minor__gt=0, kept_minor__lte=F("counted_minor")), name="difference_keeps_a_part"
            ),
        ]

    @property
    def back_minor(self) -> int:
        """What goes back by the terms."""
        return self.counted_minor - self.kept_minor


class DifferenceUndone(models.Model):
    """That money does not count as paid by a notice after all: the bill over what stayed is credited; written once."""

    difference = models.OneToOneField(NoticeDifference, on_delete=models.PROTECT, related_name="undone")
    credit_note = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    actor = models.CharField(max_length=40)
    at = models.DateTimeField()

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="money")


class WaitingEntry(models.Model):
    """An application that waits for a seat, in order of arrival on the list."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="waiting")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="waiting")
    rank = models.PositiveIntegerField()
    joined_at = models.DateTimeField()
    offered_until = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    privacy = Declaration(erase=Erase.WITH_PARENT, retention="application", person="application__person")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "rank"], name="waiting_rank_once")]


class EditionChoice(models.Model):
    """That the holder of a place whose edition is not held was asked: a place in the next edition, or the money back.

    Silence until ``answer_by`` brings the money back, by the decision of whoever asked. ``successor`` is the place in
    the next edition.
    """

    place = models.OneToOneField(Place, on_delete=models.PROTECT, related_name="choice")
    target = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="choices")
    state = models.CharField(max_length=15, choices=[(s, s) for s in ChoiceState], default=ChoiceState.ASKED)
    note = models.CharField(max_length=1000)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    successor = models.OneToOneField(Place, on_delete=models.PROTECT, null=True, related_name="chosen_from")

    privacy = Declaration(
        erase=Erase.KEEP_BY_LAW,
        retention="place_file",
        person="place__person",
        export=("state", "asked_at", "answer_by", "answered_at"),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="next edition", successor__isnull=False)
                | (~Q(state="next edition") & Q(successor=None)),
                name="edition_choice_of_the_next_has_its_place",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", answered_at=None) | (~Q(state="asked") & Q(answered_at__isnull=False)),
                name="edition_choice_answered_once",
            ),
        ]


class Substitution(models.Model):
    """The wish that a colleague takes a place over: whom the participant named, what they said, what was decided.

    ``email`` finds the colleague's account; ``name``, ``latin_name`` and ``post`` are theirs once they said yes.
    ``successor`` is the place that took the seat, the price and the money over.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="substitutions")
    state = models.CharField(
        max_length=15, choices=[(s, s) for s in SubstitutionState], default=SubstitutionState.PROPOSED
    )
    email = models.EmailField(blank=True)
    name = models.CharField(max_length=200, blank=True)
    latin_name = models.CharField(max_length=200, blank=True)
    post = models.CharField(max_length=200, blank=True)
    proposed_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    because = models.CharField(max_length=300, blank=True)
    successor = models.OneToOneField(Place, on_delete=models.PROTECT, null=True, related_name="taken_from")

    privacy = Declaration(
        erase=Erase.BLANK,
        retention="place_file",
        person="place__person",
        export=("state", "name", "post", "proposed_at"),
        blank=("email", "name", "latin_name", "post"),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place"], condition=Q(state__in=["proposed", "confirmed"]), name="substitution_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state="done", successor__isnull=False, decided_by__isnull=False)
                | (~Q(state="done") & Q(successor=None)),
                name="substitution_done_has_its_place",
            ),
        ]
