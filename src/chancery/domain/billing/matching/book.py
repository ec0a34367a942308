"""The bills that money may be for, kept so that a line finds the few it could mean without looking at each."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from chancery.domain.billing.matching.facts import Bill, pack
from chancery.domain.billing.matching.names import telling_words
from chancery.foundation.figures import whole_number

CLOSE = 86.0  # of 100: one letter in seven may differ
LONG_ENOUGH = 5  # a shorter word differs from another by a single letter too easily
ALIKE = 3
MOST_NEAR = 5


class Book:
    """Bills by every word, number and account that may lead to them.

    ``accounts``: whose an account was when it paid before, in the words of ``Bill.whose``. ``held``: the two letters of
    countries from whose accounts nothing books itself. Bills are replaced as money
    is booked (:meth:`put`); what leads to them never changes.
    """

    def __init__(
        self,
        bills: Iterable[Bill],
        accounts: Mapping[str, frozenset[str]] | None = None,
        held: Collection[str] = (),
    ) -> None:
        self.held = frozenset(held)
        self.accounts = dict(accounts or {})
        self.open_by_reference: dict[str, Bill] = {}
        self._bills: dict[int, Bill] = {}
        self._by_reference: dict[str, int] = {}
        self._by_number: dict[str, list[int]] = defaultdict(list)
        self._by_sequence: dict[int, list[int]] = defaultdict(list)
        self._by_whose: dict[str, list[int]] = defaultdict(list)
        self._by_payer: dict[str, list[int]] = defaultdict(list)
        self._by_place: dict[str, set[int]] = defaultdict(set)
        self._by_person: dict[str, set[int]] = defaultdict(set)
        for bill in bills:
            self._index(bill)
        self._references = list(self._by_reference)
        self._vocabulary = sorted({*self._by_place, *self._by_person})
        self.close_words = lru_cache(maxsize=20_000)(self._close_words)

    def bill(self, key: int) -> Bill:
        """Return a bill as it stands now."""
        return self._bills[key]

    def put(self, bill: Bill) -> None:
        """Let a bill stand otherwise than before."""
        self._bills[bill.key] = bill
        if bill.open_cents > 0:
            self.open_by_reference[pack(bill.reference)] = bill
        else:
            self.open_by_reference.pop(pack(bill.reference), None)

    def by_reference(self, reference: str) -> Bill | None:
        """Return the bill of a reference, paid ones too."""
        key = self._by_reference.get(reference)
        return None if key is None else self._bills[key]

    def references_near(self, told: str) -> list[str]:
        """Return the references that are one slip away: a sign changed, left out, added, or two exchanged."""
        found = process.extract(told, self._references, scorer=OSA.distance, score_cutoff=1, limit=MOST_NEAR)
        return [reference for reference, _, _ in found]

    def by_number(self, number: str) -> Iterator[Bill]:
        """Yield the bills of a number written without signs and zeros, such as ``M220244``."""
        return (self._bills[key] for key in self._by_number.get(number, ()))

    def by_sequence(self, sequence: int) -> Iterator[Bill]:
        """Yield the bills whose number ends with this one, of whatever series and year."""
        return (self._bills[key] for key in self._by_sequence.get(sequence, ()))

    def by_account(self, account: str) -> Iterator[Bill]:
        """Yield the bills of whom an account paid for before."""
        for whose in self.accounts.get(account, ()):
            yield from (self._bills[key] for key in self._by_whose.get(whose, ()))

    def of_payer(self, payer: str) -> list[Bill]:
        """Return the bills of one payer."""
        return [self._bills[key] for key in self._by_payer.get(payer, ())]

    def of_place_word(self, word: str) -> set[int]:
        """Return the keys of bills whose payer, authority or city carries the word."""
        return self._by_place.get(word, set())

    def of_person_word(self, word: str) -> set[int]:
        """Return the keys of bills for somebody of that name."""
        return self._by_person.get(word, set())

    def series(self) -> set[str]:
        """Return the beginnings of the numbers: ``M2`` of ``M2-2024-0004``."""
        return {bill.number.partition("-")[0] for bill in self._bills.values() if bill.number}

    def _index(self, bill: Bill) -> None:
        self.put(bill)
        self._by_reference[pack(bill.reference)] = bill.key
        self._by_payer[bill.payer].append(bill.key)
        for whose in bill.whose:
            self._by_whose[whose].append(bill.key)
        for name in (*bill.names, *bill.cities):
            for word in telling_words(name):
                self._by_place[word].add(bill.key)
        for name in bill.people:
            for word in telling_words(name):
                self._by_person[word].add(bill.key)
        if bill.number:
            head, sequence = split_number(bill.number)
            self._by_number[f"{head}{sequence}"].append(bill.key)
            self._by_sequence[sequence].append(bill.key)

    def _close_words(self, word: str) -> tuple[str, ...]:
        """Return the words of bills that a word of the bank is, or is a slip of."""
        if word in self._by_place or word in self._by_person:
            return (word,)
        if len(word) < LONG_ENOUGH or not self._vocabulary:
            return ()
        found = process.extract(word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=CLOSE, limit=ALIKE)
        return tuple(close for close, _, _ in found)


def split_number(number: str) -> tuple[str, int]:
    """Return ``("M22024", 4)`` of ``M2-2024-0004``."""
    head, _, tail = number.rpartition("-")
    return head.replace("-", "").upper(), whole_number(tail) or 0
