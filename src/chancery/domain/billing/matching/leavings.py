"""Which refund of ours a debit may be, where the bank shows it otherwise than to the cent and under our reference."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from chancery.domain.billing.matching.names import telling_words
from chancery.domain.billing.matching.returns import Paid, ToldLine
from chancery.domain.billing.references import refund_references_in

MOST_CHARGES = 10_000  # cents: a transfer to another continent, all charges ours, costs half of that at most


class LeavingSign(StrEnum):
    """What speaks for it, or against it."""

    REFERENCE = "leaving.reference"
    SUM = "leaving.sum"
    SUM_MORE = "leaving.sum-more"
    ACCOUNT = "leaving.account"
    OTHER_ACCOUNT = "leaving.other-account"
    NAME = "leaving.name"


@dataclass(frozen=True, slots=True)
class Leaving:
    """A refund that may have left with a debit; ``exceeds_cents`` is what the bank took besides."""

    key: int
    signs: tuple[LeavingSign, ...]
    exceeds_cents: int

    @property
    def is_likely(self) -> bool:
        """Whether anything speaks for it but that the sum could hold charges; a sum that went elsewhere is no sign."""
        sure = {LeavingSign.REFERENCE, LeavingSign.ACCOUNT, LeavingSign.NAME}
        is_elsewhere = LeavingSign.OTHER_ACCOUNT in self.signs
        return not sure.isdisjoint(self.signs) or (LeavingSign.SUM in self.signs and not is_elsewhere)


@dataclass(frozen=True, slots=True)
class PaidFile:
    """A file for the bank, by the identification of its message, with its refunds that no line shows leaving."""

    key: int
    message_id: str
    refunds: tuple[Paid, ...]


@dataclass(frozen=True, slots=True)
class FileLeaving:
    """Refunds of a file that a debit may be: it names the file, or it is their sum, where ``is_sum``.

    ``exceeds_cents`` is what the bank took besides: less than nothing where less left.
    """

    key: int
    refunds: tuple[int, ...]
    is_named: bool
    is_sum: bool
    exceeds_cents: int


def weigh_leavings(debit: ToldLine, refunds: Iterable[Paid]) -> tuple[Leaving, ...]:
    """Return the refunds that a debit may be, the likeliest first: none of more than left, or of another currency.

    Something speaks for each. A payment to an account that we know in words only may name nothing of ours and hold
    charges: there the sum is enough.
    """
    named = set(refund_references_in(debit.end_to_end_id, debit.remittance))
    near = [
        refund for refund in refunds if debit.currency == refund.currency and refund.amount_cents <= -debit.amount_cents
    ]
    found = [(_weighed(debit, refund, named), refund) for refund in near]
    return tuple(sorted((each for each, refund in found if _fits(each, refund)), key=_order))


def weigh_files(debit: ToldLine, files: Iterable[PaidFile]) -> tuple[FileLeaving, ...]:
    """Return the files that a bank may have booked as one debit, which it does though we ask for single ones.

    Those that it names come first, whatever its sum: it says so itself, and somebody may have called refunds of it
    failed that it paid. As their sum these may hold charges too. Of the others it is the sum to the cent.
    """
    said, found = f"{debit.end_to_end_id} {debit.remittance} {debit.raw}".upper(), []
    for file in files:
        exceeds = -debit.amount_cents - sum(refund.amount_cents for refund in file.refunds)
        is_named = file.message_id.upper() in said
        is_one_currency = {debit.currency} == {refund.currency for refund in file.refunds}
        is_sum = is_one_currency and 0 <= exceeds <= (MOST_CHARGES if is_named else 0)
        if is_named or (is_sum and len(file.refunds) > 1):
            keys = tuple(refund.key for refund in file.refunds)
            found.append(FileLeaving(file.key, keys, is_named, is_sum, exceeds))
    return tuple(sorted(found, key=lambda each: (not each.is_named, not each.is_sum, each.exceeds_cents, each.key)))


def held_by(debit: ToldLine, refunds: Iterable[Paid]) -> set[int]:
    """Return the refunds that nothing pays while nobody has said what a debit is.

    Besides those that it may be, those that it names, whatever its sum, and those to its account: it may be several.
    """
    refunds, named = list(refunds), set(refund_references_in(debit.end_to_end_id, debit.remittance))
    found = {each.key for each in weigh_leavings(debit, refunds)}
    for refund in refunds:
        holds_it = debit.currency == refund.currency and refund.amount_cents <= -debit.amount_cents
        if refund.reference in named or (holds_it and refund.account and refund.account == debit.account):
            found.add(refund.key)
    return found


def may_be_charges(exceeds_cents: int, *, is_named: bool) -> bool:
    """Tell whether what left beside a refund may be charges; a debit that names the refund may hold more."""
    return is_named or exceeds_cents <= MOST_CHARGES


def _fits(each: Leaving, refund: Paid) -> bool:
    if not may_be_charges(each.exceeds_cents, is_named=LeavingSign.REFERENCE in each.signs):
        return False
    return each.is_likely or not refund.account


def _weighed(debit: ToldLine, refund: Paid, named: set[str]) -> Leaving:
    exceeds = -debit.amount_cents - refund.amount_cents
    both = bool(refund.account and debit.account)
    stands = {
        LeavingSign.REFERENCE: refund.reference in named,
        LeavingSign.SUM: not exceeds,
        LeavingSign.SUM_MORE: exceeds > 0,
        LeavingSign.ACCOUNT: both and debit.account == refund.account,
        LeavingSign.OTHER_ACCOUNT: both and debit.account != refund.account,
        LeavingSign.NAME: bool(told := telling_words(debit.name)) and told == telling_words(refund.name),
    }
    return Leaving(refund.key, tuple(sign for sign, is_so in stands.items() if is_so), exceeds)


def _order(each: Leaving) -> tuple[bool, bool, bool, int, int]:
    by_reference, by_account = LeavingSign.REFERENCE in each.signs, LeavingSign.ACCOUNT in each.signs
    return not by_reference, not by_account, not each.is_likely, each.exceeds_cents, each.key
