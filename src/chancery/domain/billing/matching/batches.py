"""Which announced payments a booked sum is made of: a bank books a batch in one line and tells its items elsewhere."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

HEAD = re.compile(r"(.*?</(?:[\w.-]+:)?Ntry>)\n", re.DOTALL)
REFERENCE = re.compile(r"<(?:[\w.-]+:)?AcctSvcrRef>\s*([^<]+?)\s*</")


@dataclass(frozen=True, slots=True)
class Announced:
    """One announced payment; ``raw`` is its text, which begins with that of its entry where the entry is a batch."""

    key: int
    account: int
    day: date | None
    amount_cents: int
    currency: str
    raw: str


@dataclass(frozen=True, slots=True)
class BookedSum:
    """A booked credit that may be a batch; ``plain``: it tells nobody's reference and no payer of its own."""

    key: int
    account: int
    day: date | None
    amount_cents: int
    currency: str
    reference: str
    plain: bool


@dataclass(frozen=True, slots=True)
class Batch:
    """Announced payments of one entry."""

    keys: tuple[int, ...]
    account: int
    day: date | None
    amount_cents: int
    currency: str
    reference: str


def batches_in(rows: Iterable[Announced]) -> list[Batch]:
    """Return the batches among announced payments: those of one entry, two at least, in their order."""
    groups: dict[tuple[int, date | None, str, str], list[Announced]] = {}
    for row in rows:
        head = HEAD.match(row.raw)
        if head:
            groups.setdefault((row.account, row.day, row.currency, head[1]), []).append(row)
    return [_batch(head, group) for (_, _, _, head), group in groups.items() if len(group) > 1]


def pair_batches(batches: Sequence[Batch], sums: Sequence[BookedSum]) -> list[tuple[int, tuple[int, ...]]]:
    """Return which booked sum each batch explains: same account, day, currency and sum, and the bank's reference.

    Where one of them tells no reference, the sum has to be plain and the only one that fits. What two batches would
    explain is explained by the first: two kinds of file announce the same money.
    """
    pairs, taken = [], set()
    for batch in batches:
        fitting = [each for each in sums if _is_same_money(batch, each)]
        named = [each for each in fitting if batch.reference and each.reference == batch.reference]
        plain = [each for each in fitting if each.plain and not (batch.reference and each.reference)]
        found = named or plain
        if len(found) == 1 and found[0].key not in taken:
            taken.add(found[0].key)
            pairs.append((found[0].key, batch.keys))
    return pairs


def _batch(head: str, group: list[Announced]) -> Batch:
    first, reference = group[0], REFERENCE.search(head)
    total = sum(each.amount_cents for each in group)
    keys = tuple(each.key for each in group)
    return Batch(keys, first.account, first.day, total, first.currency, reference[1] if reference else "")


def _is_same_money(batch: Batch, booked: BookedSum) -> bool:
    told = (batch.account, batch.day, batch.amount_cents, batch.currency)
    return told == (booked.account, booked.day, booked.amount_cents, booked.currency)
