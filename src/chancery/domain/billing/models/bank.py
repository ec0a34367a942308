"""What the bank says: accounts, files, statements and their lines, and what is to be done with a line."""

from django.db import models
from django.db.models import F, Q

from chancery.domain.billing.models.bills import Invoice
from chancery.domain.billing.states import (
    Contest,
    EntryStatus,
    FileState,
    WorkState,
)
from chancery.foundation.files.models import StoredFile
from chancery.foundation.privacy.declarations import NOT_PERSONAL, Declaration, Erase


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
    """From which day another kind of file books an account, and which one did until the day before; written once.

    A later row takes the place of those that were to change it from its day or a later one.
    """

    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="feed_changes")
    feed_before = models.CharField(max_length=10)
    from_on = models.DateField()
    actor = models.CharField(max_length=40)
    at = models.DateTimeField()

    privacy = NOT_PERSONAL


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

    @property
    def stops_refunds(self) -> bool:
        """Whether a refund of the same money waits until somebody has said what the line is.

        The bank marked it as a taking back, or it may be on file already.
        """
        return self.reversal or self.status == EntryStatus.CONTESTED


class EntryBalance(models.Model):
    """How much of a booked entry is used, and what is left to do with it.

    ``is_other_payment``: somebody said of a credit that may be refunds of ours coming back that it is none; not
    once somebody said that it is.
    """

    entry = models.OneToOneField(BankEntry, on_delete=models.PROTECT, related_name="balance")
    amount_minor = models.BigIntegerField()
    allocated_minor = models.BigIntegerField(default=0)
    returned_minor = models.BigIntegerField(default=0)
    cost_minor = models.BigIntegerField(default=0)
    work_state = models.CharField(max_length=10, choices=[(s, s) for s in WorkState])
    reasons = models.JSONField(default=list)
    note = models.CharField(max_length=300, blank=True)
    is_other_payment = models.BooleanField(default=False)
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
                | Q(
                    allocated_minor__lte=0,
                    allocated_minor__gte=F("amount_minor") - F("cost_minor") - F("returned_minor"),
                ),
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
