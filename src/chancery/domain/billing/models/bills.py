"""Bills and their numbers, what corrects them, and how much of them is settled."""

from django.db import models
from django.db.models import F, Q

from chancery.domain.admissions.models import Application
from chancery.domain.billing.models.quotes import BillingParty, Quote
from chancery.domain.billing.states import InvoiceKind
from chancery.domain.programme.models import Edition
from chancery.foundation.documents.models import Document
from chancery.foundation.files.models import StoredFile
from chancery.foundation.privacy.declarations import NOT_PERSONAL, Declaration, Erase


class Series(models.Model):
    """Numbers of one kind of bill in one year; the row is locked while a number is taken, so there is no gap."""

    code = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField(default=0)

    privacy = NOT_PERSONAL

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "year"], name="series_once_a_year")]


class Invoice(models.Model):
    """A bill as issued; written once. A correction is a credit note that names it."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="invoices")
    sequence = models.PositiveIntegerField()
    number = models.CharField(max_length=30, unique=True)
    kind = models.CharField(max_length=20, choices=[(k, k) for k in InvoiceKind])
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="invoices")
    party = models.ForeignKey(BillingParty, on_delete=models.PROTECT, related_name="invoices")
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    issuer = models.JSONField()
    issued_on = models.DateField()
    due_on = models.DateField(null=True)
    creditor_reference = models.CharField(max_length=25, unique=True)
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    vat_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField()

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="money", export=("number", "issued_on", "total_minor"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "sequence"], name="invoice_sequence_once"),
            models.CheckConstraint(condition=Q(total_minor__gt=0), name="invoice_has_something_to_pay"),
            models.CheckConstraint(condition=Q(total_minor=F("net_minor") + F("vat_minor")), name="invoice_adds_up"),
            models.CheckConstraint(
                condition=Q(kind="credit note", corrects__isnull=False) | (~Q(kind="credit note") & Q(corrects=None)),
                name="credit_note_names_its_invoice",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class InvoiceLine(models.Model):
    """One line of a bill: what for, which quote it rests on, and its tax."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, null=True, related_name="invoice_lines")
    text = models.CharField(max_length=300)
    vat_category = models.CharField(max_length=3)
    vat_rate = models.DecimalField(max_digits=6, decimal_places=4)
    exemption_code = models.CharField(max_length=30, blank=True)
    net_minor = models.BigIntegerField()
    vat_minor = models.BigIntegerField()
    gross_minor = models.BigIntegerField()

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="money")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invoice", "position"], name="invoice_line_position_once"),
            models.CheckConstraint(
                condition=Q(gross_minor=F("net_minor") + F("vat_minor")), name="invoice_line_adds_up"
            ),
        ]


class LineCredit(models.Model):
    """That a line was credited: by which line of a credit note, and how much of its money stays; written once.

    What stays is settled for good; what else comes in on the bill belongs to its other lines.
    """

    line = models.OneToOneField(InvoiceLine, on_delete=models.PROTECT, related_name="credit")
    credit_line = models.OneToOneField(InvoiceLine, on_delete=models.PROTECT, related_name="credits")
    kept_minor = models.BigIntegerField()

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="money")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kept_minor__gte=0), name="line_credit_keeps_no_debt")]


class InvoiceBalance(models.Model):
    """How much of an invoice is settled; moved only together with allocations and credit notes."""

    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="balance")
    total_minor = models.BigIntegerField()
    allocated_minor = models.BigIntegerField(default=0)
    credited_minor = models.BigIntegerField(default=0)
    written_off_minor = models.BigIntegerField(default=0)
    proof_seen_at = models.DateTimeField(null=True)

    privacy = NOT_PERSONAL

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(allocated_minor__gte=0), name="invoice_balance_not_negative"),
            models.CheckConstraint(
                condition=Q(allocated_minor__lte=F("total_minor") - F("credited_minor") - F("written_off_minor")),
                name="invoice_not_over_allocated",
            ),
            models.CheckConstraint(
                condition=Q(credited_minor__gte=0, credited_minor__lte=F("total_minor")),
                name="credited_at_most_the_total",
            ),
        ]

    @property
    def open_minor(self) -> int:
        """What is still to be paid; ``OPEN`` in ``queries/invoices.py`` says the same to the database."""
        return self.total_minor - self.credited_minor - self.written_off_minor - self.allocated_minor


class ExternalInvoice(models.Model):
    """The invoice that the issuer's own system made for a payment request: its number, day and file; written once."""

    request = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="external")
    number = models.CharField(max_length=60)
    issued_on = models.DateField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="money")


class ProForma(models.Model):
    """A paper that says what a place will cost, so that an order can be raised; no bill, no number; written once.

    ``digest`` tells its facts without its days: while they are the same and it is valid, it is the same paper.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="pro_formas")
    digest = models.CharField(max_length=64)
    valid_until = models.DateField()
    total_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    privacy = Declaration(
        erase=Erase.KEEP_BY_LAW,
        retention="money",
        person="application__person",
        export=("total_minor", "written_at"),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "digest", "valid_until"], name="pro_forma_once"),
            models.CheckConstraint(condition=Q(total_minor__gt=0), name="pro_forma_has_something_to_pay"),
        ]


class ProofOfTransfer(models.Model):
    """A paper that says money is on its way; it is never payment (promise B2). ``sent_by`` is blank for old ones."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="proofs")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    sent_by = models.CharField(max_length=40, blank=True)
    uploaded_at = models.DateTimeField()

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="money")
