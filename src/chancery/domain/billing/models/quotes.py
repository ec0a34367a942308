"""What a place costs and why, who pays, and a fee that a person decides."""

from django.db import models
from django.db.models import F, Q

from chancery.domain.admissions.models import Application
from chancery.domain.billing.states import ExceptionState
from chancery.domain.programme.models import Terms
from chancery.foundation.accounts.models import User
from chancery.foundation.privacy.declarations import Declaration, Erase

# Two people, or one and the row says so; a row that says so wrongly is refused too.
BY_TWO_OR_SAID = (~Q(decided_by=F("proposed_by")) & Q(alone=False)) | Q(decided_by=F("proposed_by"), alone=True)


class BillingParty(models.Model):
    """Who is billed; not the participant. Written once: a change is a new row."""

    kind = models.CharField(max_length=10)
    legal_name = models.CharField(max_length=200)
    address = models.CharField(max_length=300)
    postcode = models.CharField(max_length=20, blank=True)
    town = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=3)
    tax_id = models.CharField(max_length=40, blank=True)
    buyer_reference = models.CharField(max_length=60, blank=True)
    purchase_order = models.CharField(max_length=60, blank=True)
    dir3 = models.CharField(max_length=60, blank=True)
    email = models.EmailField()
    language = models.CharField(max_length=5, default="en")

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="money", export=("legal_name", "address", "email"))


class Quote(models.Model):
    """The price of one place with the facts it was made from; written once."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="quotes")
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="quotes")
    facts = models.JSONField()
    fee_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    officer_decides = models.BooleanField()
    reasons = models.JSONField()
    quoted_at = models.DateTimeField()

    privacy = Declaration(
        erase=Erase.KEEP_BY_LAW, retention="money", person="application__person", export=("facts", "fee_minor")
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(officer_decides=True, fee_minor=None) | Q(officer_decides=False, fee_minor__gte=0),
                name="quote_has_a_fee_or_an_officer",
            ),
        ]


class QuoteLine(models.Model):
    """One reason of a quote and the amount it adds or takes."""

    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=40)
    amount_minor = models.BigIntegerField()

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="money")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["quote", "position"], name="quote_line_position_once")]


class FeeException(models.Model):
    """A fee that a person decides: proposed by one, approved by another."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="fee_exceptions")
    fee_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=300)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(s, s) for s in ExceptionState], default=ExceptionState.PROPOSED)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    alone = models.BooleanField(default=False)

    privacy = Declaration(
        erase=Erase.KEEP_BY_LAW, retention="money", person="application__person", export=("fee_minor", "reason")
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(fee_minor__gte=0), name="fee_exception_not_negative"),
            models.CheckConstraint(condition=BY_TWO_OR_SAID, name="fee_exception_by_two_people"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(state="proposed"), name="fee_exception_open_once"
            ),
        ]
