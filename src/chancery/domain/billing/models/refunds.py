"""Money on its way back: proposed, approved, put into a file, set off against a bill, or held."""

import hashlib

from django.db import models
from django.db.models import F, Q

from chancery.domain.billing.models.bank import BankAccount, BankEntry
from chancery.domain.billing.models.bills import Invoice
from chancery.domain.billing.models.moves import Allocation
from chancery.domain.billing.states import UNDER_WAY, RefundState
from chancery.foundation.accounts.models import User
from chancery.foundation.privacy.declarations import Declaration, Erase

BY_AN_AUTHOR = Q(decided_by=F("proposed_by")) | Q(pay_from_by__isnull=False, decided_by=F("pay_from_by"))


class RefundBatch(models.Model):
    """A file of refunds as it went to the bank; written once, so that asking again never pays twice."""

    message_id = models.CharField(max_length=35, unique=True)
    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="refund_batches")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="money")

    @property
    def filename(self) -> str:
        """The name under which it is saved."""
        return f"refunds-{self.pk}.xml"


class Refund(models.Model):
    """Money of a bank line that goes back: proposed by one person, approved by another, paid once.

    ``by_hand`` says bank and account in words where no file reaches them: a person orders that payment at the bank.
    ``approved_for`` is the ``fingerprint`` at the approval: a change voids it. ``end_to_end_id`` is how the
    line of the statement is known with which the money left. ``credit_note`` is set where money of a bill goes back;
    such a refund may wait for its account. ``pay_from`` is the account of ours that it leaves from where that is not
    the one that was paid, as when that is closed, and ``pay_from_by`` who chose it. ``replaces`` is the rejected or
    failed one whose promise it takes over, or the part of that which was free then.
    ``debit`` is the line with which it left, alone or with others of its file, ``came_back`` the line with which the
    bank returned it, alone or with others that went together; ``called_failed``: somebody had called it failed before
    that was said, which put its money back already.
    """

    entry = models.ForeignKey(BankEntry, on_delete=models.PROTECT, related_name="refunds")
    credit_note = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True, related_name="refunds")
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
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
    pay_from = models.ForeignKey(BankAccount, on_delete=models.PROTECT, null=True, related_name="+")
    pay_from_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    batch = models.ForeignKey(RefundBatch, on_delete=models.PROTECT, null=True, related_name="refunds")
    debit = models.ForeignKey(BankEntry, on_delete=models.PROTECT, null=True, related_name="refunds_seen")
    came_back = models.ForeignKey(BankEntry, on_delete=models.PROTECT, null=True, related_name="refunds_returned")
    called_failed = models.BooleanField(default=False)

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="money")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_moves_money"),
            models.CheckConstraint(
                condition=(~BY_AN_AUTHOR & Q(alone=False)) | (BY_AN_AUTHOR & Q(alone=True)), name="refund_by_two_people"
            ),
            models.CheckConstraint(
                condition=Q(batch=None) | Q(state__in=["exported", "sent", "failed"]),
                name="refund_in_a_file_is_exported",
            ),
            models.CheckConstraint(
                condition=~Q(iban="") | ~Q(by_hand="") | Q(state__in=["proposed", "rejected", "withdrawn"]),
                name="refund_leaves_to_an_account",
            ),
            models.CheckConstraint(
                condition=Q(came_back=None) | (Q(state="failed") & (Q(batch__isnull=False) | Q(debit__isnull=False))),
                name="refund_that_came_back_failed",
            ),
            models.CheckConstraint(condition=Q(by_hand="") | Q(batch=None), name="refund_paid_by_hand_is_in_no_file"),
            models.CheckConstraint(
                condition=Q(called_failed=False) | Q(came_back__isnull=False), name="refund_called_failed_came_back"
            ),
        ]

    @property
    def fingerprint(self) -> str:
        """A digest of what a person agrees to: whom, which account, how much, and from which account if another one."""
        facts = [self.name, self.iban, str(self.amount_minor), self.currency]
        if self.by_hand:
            facts.append(self.by_hand)
        if self.pay_from:
            facts.append(f"from {self.pay_from.number}")
        return hashlib.sha256("\x1f".join(facts).encode()).hexdigest()

    @property
    def paying_account(self) -> BankAccount:
        """The account of ours that it leaves from."""
        return self.pay_from or self.entry.account

    @property
    def authors(self) -> set[int]:
        """Whose word it is: who named whom it pays, and who chose another account of ours. Neither approves it."""
        return {self.proposed_by_id, self.pay_from_by_id or self.proposed_by_id}

    @property
    def has_account(self) -> bool:
        """Whether somebody said where the money goes."""
        return bool(self.iban or self.by_hand)

    @property
    def is_promised(self) -> bool:
        """Whether it came to nothing and its promise stands: it failed, or what a credit note promised was rejected."""
        return self.state == RefundState.FAILED or (
            self.state == RefundState.REJECTED and self.credit_note_id is not None
        )

    @property
    def set_off_by_bill(self) -> list[tuple[Invoice | None, int]]:
        """What of it pays bills instead, in minor units; without a bill: its money is not at the line any more."""
        bills, sums = dict[int, Invoice | None](), dict[int, int]()
        for row in self.set_offs.all():
            bill = row.allocation.invoice if row.allocation else None
            key = bill.pk if bill else 0
            bills[key], sums[key] = bill, sums.get(key, 0) + row.amount_minor
        return [(bills[key], minor) for key, minor in sums.items() if minor]

    @property
    def paid_bills_minor(self) -> int:
        """How much of it pays bills instead."""
        return sum(minor for bill, minor in self.set_off_by_bill if bill)

    @property
    def owed_minor(self) -> int:
        """What is still promised of one that came to nothing: less what was set off and what later ones took over.

        One that was rejected without a credit note took nothing over: the promise stands where it stood.
        """
        if not self.is_promised:
            return 0
        set_off = sum(row.amount_minor for row in self.set_offs.all())
        later = [each for each in self.replaced_by.all() if each.credit_note_id or each.state != RefundState.REJECTED]
        return self.amount_minor - set_off - sum(each.amount_minor for each in later)

    @property
    def waiting_minor(self) -> int:
        """What of its promise waits at its line where it came to nothing: that of rejected later ones too."""
        rejected = [each for each in self.replaced_by.all() if each.state == RefundState.REJECTED]
        return self.owed_minor + sum(each.waiting_minor for each in rejected)

    @property
    def is_taken_over(self) -> bool:
        """Whether somebody called it failed and its money, or a part, is proposed anew, set off or booked since.

        One whose promise was withdrawn is not, as long as its line holds the money, nor one whose money was proposed
        anew and rejected.
        """
        if self.state != RefundState.FAILED or self.came_back_id is not None:
            return False
        withdrawn = sum(each.amount_minor for each in self.replaced_by.all() if each.state == RefundState.WITHDRAWN)
        is_elsewhere = self.waiting_minor + withdrawn < self.amount_minor
        return is_elsewhere or (withdrawn > 0 and self.entry.balance.left_minor < self.amount_minor)

    @property
    def is_open(self) -> bool:
        """Whether money of it is still to go back: it is under way, or still promised."""
        return self.state in UNDER_WAY or self.owed_minor > 0

    @property
    def released_for(self) -> str:
        """What a release of a held refund stands for: the IBAN, or the account in words by its fingerprint."""
        return self.fingerprint[:34] if self.by_hand else self.iban


class SetOff(models.Model):
    """That money which a rejected or failed refund had promised pays a bill instead; written once.

    Without an ``allocation`` it pays none: the line does not hold it any more, as when the bank took it back. A
    negative row lets the promise be owed again.
    """

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="set_offs")
    allocation = models.ForeignKey(Allocation, on_delete=models.PROTECT, null=True, related_name="set_offs")
    amount_minor = models.BigIntegerField()

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="money")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount_minor=0), name="set_off_moves_money")]


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
