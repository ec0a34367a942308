"""What is owed and why, what the bank says, and which money belongs to which invoice.

Figures are written once. What changes (how much of an invoice is paid, of an entry is used) stands in balance rows
that carry the checks; every change of a balance is an allocation row.
"""

import hashlib

from django.db import models
from django.db.models import F, Q

from chancery.domain.admissions.models import Application
from chancery.domain.billing.states import (
    Contest,
    EntryStatus,
    ExceptionState,
    FileState,
    InvoiceKind,
    RefundState,
    WorkState,
)
from chancery.domain.programme.models import Edition, Terms
from chancery.foundation.accounts.models import User
from chancery.foundation.documents.models import Document
from chancery.foundation.files.models import StoredFile
from chancery.foundation.privacy.declarations import NOT_PERSONAL, Declaration, Erase

# Two people, or one and the row says so; a row that says so wrongly is refused too.
_BY_TWO_OR_SAID = (~Q(decided_by=F("proposed_by")) & Q(alone=False)) | Q(decided_by=F("proposed_by"), alone=True)


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
            models.CheckConstraint(condition=_BY_TWO_OR_SAID, name="fee_exception_by_two_people"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(state="proposed"), name="fee_exception_open_once"
            ),
        ]


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


class BankAccount(models.Model):
    """An account of ours, and which kind of file books its money now; the others only announce.

    A blank ``feed`` is not decided yet: the first complete statement decides it. Which one booked the days before is
    said by the feed changes.
    """

    number = models.CharField(max_length=40)
    currency = models.CharField(max_length=3)
    feed = models.CharField(max_length=10, blank=True)

    privacy = NOT_PERSONAL

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number", "currency"], name="bank_account_once")]


class FeedChange(models.Model):
    """From which day another kind of file books an account, and which one did until the day before; written once."""

    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="feed_changes")
    feed_before = models.CharField(max_length=10)
    from_on = models.DateField()
    actor = models.CharField(max_length=40)
    at = models.DateTimeField()

    privacy = NOT_PERSONAL

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "from_on"], name="feed_change_once_a_day")]


class StatementMapping(models.Model):
    """How a bank writes its CSV, under a name; a file whose header holds its columns is read by it."""

    name = models.CharField(max_length=60, unique=True)
    rule = models.JSONField()
    saved_by = models.CharField(max_length=40)
    saved_at = models.DateTimeField()

    privacy = NOT_PERSONAL


class StatementFile(models.Model):
    """A statement file as it came in; its bytes and report are kept even when it is refused."""

    sha256 = models.CharField(max_length=64, unique=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    format = models.CharField(max_length=30, blank=True)
    state = models.CharField(max_length=10, choices=[(s, s) for s in FileState], default=FileState.READING)
    report = models.JSONField(default=dict)
    imported_by = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    lease_token = models.CharField(max_length=100, blank=True)
    settled_at = models.DateTimeField(null=True)

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="money")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="reading"), name="statement_file_read_one_at_a_time"
            ),
        ]


class Statement(models.Model):
    """One account statement of a file, with the balance check.

    ``days``: the balance in minor units with which each of its days begins; none where it does not add up.
    """

    file = models.ForeignKey(StatementFile, on_delete=models.PROTECT, related_name="statements")
    position = models.PositiveIntegerField()
    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="statements")
    ident = models.CharField(max_length=60, blank=True)
    sequence = models.CharField(max_length=30, blank=True)
    opening_minor = models.BigIntegerField(null=True)
    closing_minor = models.BigIntegerField(null=True)
    balanced = models.BooleanField(null=True)
    days = models.JSONField(default=dict)

    privacy = NOT_PERSONAL

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "position"], name="statement_position_once")]


class BankEntry(models.Model):
    """One transaction as the bank told it; written once, with its raw text."""

    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="entries")
    file = models.ForeignKey(StatementFile, on_delete=models.PROTECT, related_name="entries")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="entries")
    identity = models.CharField(max_length=80)
    anchor = models.CharField(max_length=80)
    occurrence = models.PositiveIntegerField(default=1)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    booking_date = models.DateField(null=True)
    value_date = models.DateField(null=True)
    status = models.CharField(max_length=10, choices=[(s, s) for s in EntryStatus])
    reversal = models.BooleanField(default=False)
    payer_name = models.CharField(max_length=200, blank=True)
    payer_iban = models.CharField(max_length=40, blank=True)
    creditor_references = models.JSONField(default=list)
    remittance = models.TextField(blank=True)
    end_to_end_id = models.CharField(max_length=60, blank=True)
    bank_reference = models.CharField(max_length=60, blank=True)
    charges_minor = models.BigIntegerField(default=0)
    doubtful = models.BooleanField(default=False)
    raw = models.TextField(blank=True)

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="money")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "identity"], name="bank_entry_once")]
        indexes = [
            models.Index(fields=["account", "anchor"], name="bank_entry_anchor"),
            models.Index(fields=["account", "booking_date"], name="bank_entry_day"),
        ]


class EntryBalance(models.Model):
    """How much of a booked entry is used, and what is left to do with it."""

    entry = models.OneToOneField(BankEntry, on_delete=models.PROTECT, related_name="balance")
    amount_minor = models.BigIntegerField()
    allocated_minor = models.BigIntegerField(default=0)
    returned_minor = models.BigIntegerField(default=0)
    cost_minor = models.BigIntegerField(default=0)
    work_state = models.CharField(max_length=10, choices=[(s, s) for s in WorkState])
    reasons = models.JSONField(default=list)
    note = models.CharField(max_length=300, blank=True)
    weighed_at = models.DateTimeField(null=True)

    privacy = NOT_PERSONAL

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_minor__lt=0)
                | Q(allocated_minor__gte=0, allocated_minor__lte=F("amount_minor") - F("returned_minor")),
                name="entry_not_over_allocated",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gte=0)
                | Q(allocated_minor__lte=0, allocated_minor__gte=F("amount_minor") - F("cost_minor")),
                name="debit_not_over_allocated",
            ),
            models.CheckConstraint(
                condition=Q(cost_minor__lte=0) & (Q(amount_minor__lt=0) | Q(cost_minor=0)),
                name="only_a_debit_is_a_cost",
            ),
        ]
        indexes = [models.Index(fields=["work_state"], name="entry_balance_work")]

    @property
    def left_minor(self) -> int:
        """What of the entry is neither booked nor given back nor a cost; negative for money going out."""
        return self.amount_minor - self.allocated_minor - self.returned_minor - self.cost_minor


class Suggestion(models.Model):
    """A bill that an entry may pay, with score and evidence; rows of one rank are paid together.

    Made anew whenever what it rests on changes: it decides nothing.
    """

    entry = models.ForeignKey(BankEntry, on_delete=models.PROTECT, related_name="suggestions")
    rank = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="suggestions")
    amount_minor = models.BigIntegerField()
    score = models.PositiveSmallIntegerField()
    evidence = models.JSONField(default=list)

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="money")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "rank", "position"], name="suggestion_once"),
            models.CheckConstraint(condition=Q(score__lte=100), name="suggestion_score_of_a_hundred"),
        ]


class BatchItem(models.Model):
    """That an announced payment is a part of a booked sum: the sum is the money, the announcement says whose it is."""

    entry = models.ForeignKey(BankEntry, on_delete=models.PROTECT, related_name="items")
    announced = models.OneToOneField(BankEntry, on_delete=models.PROTECT, related_name="item_of")

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="money")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(entry=F("announced")), name="batch_item_is_another_line"),
        ]


class EntryConflict(models.Model):
    """A line that may be on file already: a person says whether it is; until then it is no money.

    ``entry`` is the line on file, ``came`` the one that came (null where it was read before such lines were kept).
    """

    file = models.ForeignKey(StatementFile, on_delete=models.PROTECT, related_name="conflicts")
    entry = models.ForeignKey(BankEntry, on_delete=models.PROTECT, related_name="conflicts")
    came = models.OneToOneField(BankEntry, on_delete=models.PROTECT, null=True, related_name="contest")
    why = models.CharField(max_length=20, choices=[(c, c) for c in Contest], default=Contest.OTHER_SUM)
    amount_minor = models.BigIntegerField()
    raw = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True)

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="money")


class EntryCorrection(models.Model):
    """That the bank corrected the sum of a line on file: the difference is a line of its own; written once.

    ``netted_minor`` is what of the difference was set against what was left of the line on file, signed as the
    difference. Taken back by an opposite row.
    """

    contest = models.ForeignKey(EntryConflict, on_delete=models.PROTECT, related_name="corrections")
    line = models.OneToOneField(BankEntry, on_delete=models.PROTECT, related_name="correction")
    netted_minor = models.BigIntegerField()
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    reason = models.CharField(max_length=300)
    actor = models.CharField(max_length=40)
    at = models.DateTimeField()

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="money")


class Allocation(models.Model):
    """Money of an entry that belongs to an invoice; written once, taken back by a negative row."""

    entry = models.ForeignKey(BankEntry, on_delete=models.PROTECT, related_name="allocations")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="allocations")
    amount_minor = models.BigIntegerField()
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    reason = models.CharField(max_length=300)
    actor = models.CharField(max_length=40)
    at = models.DateTimeField()

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="money")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount_minor=0), name="allocation_moves_money")]

    @property
    def is_booking(self) -> bool:
        """Whether somebody booked it: no taking back, nor a row by which a correction took the money off its bill."""
        return self.reverses_id is None and (self.amount_minor > 0) == (self.entry.amount_minor > 0)


class WriteOff(models.Model):
    """What an officer lets go of a bill that was paid short; written once, taken back by a negative row."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="write_offs")
    allocation = models.ForeignKey(Allocation, on_delete=models.PROTECT, related_name="write_offs")
    amount_minor = models.BigIntegerField()
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    reason = models.CharField(max_length=300)
    actor = models.CharField(max_length=40)
    at = models.DateTimeField()

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="money")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount_minor=0), name="write_off_moves_money")]


class EntryCost(models.Model):
    """A debit that is a cost of ours, such as the bank's own fee; written once, taken back by an opposite row."""

    entry = models.ForeignKey(BankEntry, on_delete=models.PROTECT, related_name="costs")
    amount_minor = models.BigIntegerField()
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    reason = models.CharField(max_length=300)
    actor = models.CharField(max_length=40)
    at = models.DateTimeField()

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="money")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount_minor=0), name="cost_moves_money")]


class EntryReturn(models.Model):
    """That a debit took a credit back which belonged to no bill: both lines are used up by it; written once."""

    credit = models.OneToOneField(BankEntry, on_delete=models.PROTECT, related_name="taken_back_by")
    debit = models.OneToOneField(BankEntry, on_delete=models.PROTECT, related_name="takes_back")
    actor = models.CharField(max_length=40)
    at = models.DateTimeField()

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="money")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(credit=F("debit")), name="entry_return_is_another_line"),
        ]


class ProofOfTransfer(models.Model):
    """A paper that says money is on its way; it is never payment (promise B2)."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="proofs")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="money")


class RefundBatch(models.Model):
    """A file of refunds as it went to the bank; written once, so that asking again never pays twice."""

    message_id = models.CharField(max_length=35, unique=True)
    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="refund_batches")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="money")


class Refund(models.Model):
    """Money of a bank line that goes back: proposed by one person, approved by another, paid once.

    ``by_hand`` says bank and account in words where no file reaches them: a person orders that payment at the bank.
    ``approved_for`` is the ``fingerprint`` at the approval: a change voids it. ``end_to_end_id`` is how the
    line of the statement is known with which the money left. ``credit_note`` is set where money of a bill goes back;
    such a refund may wait for its account. ``replaces`` is the rejected or failed one whose promise it takes over.
    ``debit`` is the line with which it left, ``came_back`` the line with which the bank returned it.
    """

    entry = models.ForeignKey(BankEntry, on_delete=models.PROTECT, related_name="refunds")
    credit_note = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True, related_name="refunds")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    name = models.CharField(max_length=70)
    iban = models.CharField(max_length=34, blank=True)
    by_hand = models.CharField(max_length=300, blank=True)
    evidence = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=[(s, s) for s in RefundState], default=RefundState.PROPOSED)
    due_on = models.DateField()
    end_to_end_id = models.CharField(max_length=35, unique=True)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    alone = models.BooleanField(default=False)
    approved_for = models.CharField(max_length=64, blank=True)
    batch = models.ForeignKey(RefundBatch, on_delete=models.PROTECT, null=True, related_name="refunds")
    debit = models.OneToOneField(BankEntry, on_delete=models.PROTECT, null=True, related_name="refund_seen")
    came_back = models.OneToOneField(BankEntry, on_delete=models.PROTECT, null=True, related_name="refund_returned")

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="money")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_moves_money"),
            models.CheckConstraint(condition=_BY_TWO_OR_SAID, name="refund_by_two_people"),
            models.CheckConstraint(
                condition=Q(batch=None) | Q(state__in=["exported", "sent", "failed"]),
                name="refund_in_a_file_is_exported",
            ),
            models.CheckConstraint(
                condition=~Q(iban="") | ~Q(by_hand="") | Q(state__in=["proposed", "rejected"]),
                name="refund_leaves_to_an_account",
            ),
            models.CheckConstraint(
                condition=Q(came_back=None) | (Q(state="failed") & (Q(batch__isnull=False) | Q(debit__isnull=False))),
                name="refund_that_came_back_failed",
            ),
            models.CheckConstraint(condition=Q(by_hand="") | Q(batch=None), name="refund_paid_by_hand_is_in_no_file"),
        ]

    @property
    def fingerprint(self) -> str:
        """A digest of what a person agrees to: whom, which account, how much."""
        facts = [self.name, self.iban, str(self.amount_minor), self.currency]
        if self.by_hand:
            facts.append(self.by_hand)
        return hashlib.sha256("\x1f".join(facts).encode()).hexdigest()

    @property
    def has_account(self) -> bool:
        """Whether somebody said where the money goes."""
        return bool(self.iban or self.by_hand)

    @property
    def released_for(self) -> str:
        """What a release of a held refund stands for: the IBAN, or the account in words by its fingerprint."""
        return self.fingerprint[:34] if self.by_hand else self.iban


class SetOff(models.Model):
    """That money of a rejected or failed refund pays a bill instead; written once.

    It stands as long as the booking does: taken back, the promise of the refund is owed again.
    """

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="set_offs")
    allocation = models.ForeignKey(Allocation, on_delete=models.PROTECT, related_name="set_offs")
    amount_minor = models.BigIntegerField()

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="money")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="set_off_moves_money"),
            models.UniqueConstraint(fields=["refund", "allocation"], name="set_off_once_a_booking"),
        ]


class HoldRelease(models.Model):
    """That a person let money pass which a country had held: a line, or a refund to one account; written once."""

    entry = models.OneToOneField(BankEntry, on_delete=models.PROTECT, null=True, related_name="release")
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, null=True, related_name="releases")
    account = models.CharField(max_length=34, blank=True)
    reason = models.CharField(max_length=300)
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField()

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="money")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(entry__isnull=False, refund=None) | Q(entry=None, refund__isnull=False),
                name="hold_release_of_a_line_or_a_refund",
            ),
            models.UniqueConstraint(
                fields=["refund", "account"], condition=Q(refund__isnull=False), name="hold_release_once_an_account"
            ),
        ]
