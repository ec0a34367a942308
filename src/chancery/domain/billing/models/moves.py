"""Which money of a line belongs where: a bill, a cost, a line that takes it back; and what of a bill is let go."""

from django.db import models
from django.db.models import F, Q

from chancery.domain.billing.models.bank import BankEntry
from chancery.domain.billing.models.bills import Invoice
from chancery.foundation.privacy.declarations import Declaration, Erase


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
    """That a debit took a credit back as far as it belonged to no bill, or moved it from another account of ours.

    Both lines are used up by it; written once. ``amount_minor`` is what of both was free, above zero. Taken back by
    another row; both may be joined anew then.
    """

    credit = models.ForeignKey(BankEntry, on_delete=models.PROTECT, related_name="taken_back_by")
    debit = models.ForeignKey(BankEntry, on_delete=models.PROTECT, related_name="takes_back")
    amount_minor = models.BigIntegerField()
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    actor = models.CharField(max_length=40)
    at = models.DateTimeField()

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="money")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(credit=F("debit")), name="entry_return_is_another_line"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="entry_return_moves_money"),
        ]

    @property
    def is_transfer(self) -> bool:
        """Whether the money only moved between two accounts of ours."""
        return self.credit.account_id != self.debit.account_id
