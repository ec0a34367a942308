"""Bills and the transfers that people make for them, slips and all, with the truth beside each: the same for a seed.

A season is a book of open and paid bills and the lines of its statements. What nobody could place (unknown money, look-
alikes, a bill paid twice, another currency) has no truth: it may be shown, and must not be booked.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bench.payers import MINISTRIES, OTHER_COMPANIES, Payer, council_names, make_payers, make_person
from chancery.domain.billing.matching import Bill, Book, EntryFacts
from chancery.domain.billing.references import creditor_reference

FEES = (150_000, 135_000, 100_000, 90_000)
ISSUED = date(2024, 9, 20)
TOLERANCE = 1_500
PAYERS, PAID_BILLS = 260, 80
CHARGES = (500, 750, 1_250, 1_500)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a statement: how it came about, and the bills that it is for."""

    kind: str
    facts: EntryFacts
    truth: frozenset[int] = frozenset()


@dataclass(slots=True)
class Season:
    """What one edition waits for, and what arrives."""

    chance: random.Random
    book: Book
    lines: list[Line]


def make_seasons(seed: int, *, lines: int, each: int = 500) -> Iterator[Season]:
    """Yield seasons with ``lines`` lines in all."""
    for number in range(0, lines, each):
        yield _season(random.Random(f"{seed}-{number}"), min(each, lines - number))  # noqa: S311 - chance, no secret


class _Writer:
    """Writes the lines of one season: takes bills nobody has paid yet and pays them in a certain way."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.payers = make_payers(chance, PAYERS)
        self.accounts: dict[str, frozenset[str]] = {}
        self.bills: list[Bill] = []
        self.of_payer: dict[str, Payer] = {}
        self._sequence = 0

    def bill(self, payer: Payer | None = None, *, paid: bool = False) -> Bill:
        """Return a new bill of somebody."""
        who = payer or self.chance.choice(self.payers)
        self._sequence += self.chance.randint(1, 3)
        number, total = f"M2-2024-{self._sequence:04}", self.chance.choice(FEES)
        made = Bill(
            key=self._sequence,
            reference=creditor_reference(number),
            open_cents=0 if paid else total,
            currency="EUR",
            number=number,
            received_cents=total if paid else 0,
            issued_on=ISSUED + timedelta(days=self.chance.randint(0, 20)),
            due_on=ISSUED + timedelta(days=34),
            payer=who.key,
            names=(who.legal_name, who.authority),
            cities=(who.city,),
            people=(make_person(self.chance),),
            whose=(who.key,),
            tolerance_cents=TOLERANCE,
        )
        self.bills.append(made)
        self.of_payer[who.key] = who
        return made

    def facts(self, cents: int, payer: str, text: str = "", reference: str = "", **more: object) -> EntryFacts:
        """Return a line as the bank tells it."""
        return EntryFacts(
            amount_cents=cents,
            currency=str(more.pop("currency", "EUR")),
            creditor_references=(reference,) if reference else (),
            remittance=text,
            payer_name=payer,
            value_date=ISSUED + timedelta(days=self.chance.randint(5, 40)),
            **more,  # type: ignore[arg-type]  # fields of the facts
        )

    def council(self, bill: Bill) -> str:
        """Return how the bank of a bill's payer writes its name."""
        return self.chance.choice(council_names(self.of_payer[bill.payer]))


def _season(chance: random.Random, count: int) -> Season:
    writer = _Writer(chance)
    for _ in range(PAID_BILLS):
        writer.bill(paid=True)
    kinds = [kind for kind, weight in KINDS.items() for _ in range(weight)]
    lines = [kind(writer) for kind in chance.choices(kinds, k=count)]
    for _ in range(count // 10):
        writer.bill()  # open ones that nobody pays this time
    chance.shuffle(lines)
    return Season(chance, Book(writer.bills, writer.accounts), lines)


def _exact(writer: _Writer) -> Line:
    bill = writer.bill()
    return Line("exact", writer.facts(bill.open_cents, writer.council(bill), reference=bill.reference), _only(bill))


def _exact_in_text(writer: _Writer) -> Line:
    bill, chance = writer.bill(), writer.chance
    grouped = " ".join(bill.reference[at : at + 4] for at in range(0, len(bill.reference), 4))
    dress = chance.choice(
        (bill.reference, grouped, bill.reference.lower(), f"/RFB/{bill.reference}/", f"SVWZ+{grouped} DIPLOMA")
    )
    return Line("exact in text", writer.facts(bill.open_cents, writer.council(bill), dress), _only(bill))


def _mistyped(slip: Callable[[random.Random, str], str], kind: str) -> Callable[[_Writer], Line]:
    def write(writer: _Writer) -> Line:
        bill = writer.bill()
        told = slip(writer.chance, bill.reference)
        if writer.chance.random() < 0.5:
            facts = writer.facts(bill.open_cents, writer.council(bill), reference=told)
        else:
            text = writer.chance.choice(
                (told, f"{told} DIPLOME", f"course fee {told.lower()}", f"{told}, {_word(bill)}")
            )
            facts = writer.facts(bill.open_cents, writer.council(bill), text)
        return Line(kind, facts, _only(bill))

    return write


def _number(writer: _Writer) -> Line:
    bill, chance = writer.bill(), writer.chance
    sequence = int(bill.number.rpartition("-")[2])
    text = chance.choice(
        (
            f"invoice {sequence} {bill.cities[0]}",
            f"Factura nº {sequence:04}",
            f"facture no {sequence}",
            bill.number,
            bill.number.replace("-", "/"),
            f"M2 2024 {sequence} {_word(bill)}",
        )
    )
    return Line("number", writer.facts(bill.open_cents, writer.council(bill), text), _only(bill))


def _name_only(writer: _Writer) -> Line:
    payer = Payer.new(writer.chance)
    bill = writer.bill(payer)
    text = writer.chance.choice(("", "diploma", "inscripcion curso", f"participation {bill.people[0].upper()}"))
    return Line("name only", writer.facts(bill.open_cents, writer.council(bill), text), _only(bill))


def _third_party(writer: _Writer) -> Line:
    bill, chance = writer.bill(), writer.chance
    told = chance.choice(
        (
            f"{bill.people[0]}, {bill.cities[0]}",
            f"DIPLOMA {bill.people[0].upper()}",
            f"for {bill.people[0]} ref {bill.reference[:-1]}{_other_digit(chance, bill.reference[-1])}",
        )
    )
    return Line("third party", writer.facts(bill.open_cents, chance.choice(MINISTRIES), told), _only(bill))


def _known_account(writer: _Writer) -> Line:
    payer = Payer.new(writer.chance)
    bill = writer.bill(payer)
    account = f"XX{writer.chance.randrange(10**16):016}"
    writer.accounts[account] = frozenset({payer.key})
    name = writer.chance.choice((*MINISTRIES, ""))
    return Line("known account", writer.facts(bill.open_cents, name, payer_account=account), _only(bill))


def _lump(writer: _Writer) -> Line:
    chance = writer.chance
    payer = Payer.new(chance)
    bills = [writer.bill(payer) for _ in range(chance.randint(2, 4))]
    text = chance.choice(
        (
            " ".join(bill.reference for bill in bills),
            " Y ".join(bill.people[0].split()[-1].upper() for bill in bills),
            f"{bills[0].reference[:-1]}{_other_digit(chance, bills[0].reference[-1])} and {len(bills) - 1} more",
            "diploma, all our people",
        )
    )
    facts = writer.facts(sum(bill.open_cents for bill in bills), writer.council(bills[0]), text)
    return Line("lump sum", facts, frozenset(bill.key for bill in bills))


def _short(writer: _Writer) -> Line:
    bill, missing = writer.bill(), writer.chance.choice(CHARGES)
    stated = missing if writer.chance.random() < 0.6 else 0
    facts = writer.facts(
        bill.open_cents - missing, writer.council(bill), reference=bill.reference, charges_cents=stated
    )
    return Line("short by charges", facts, _only(bill))


def _part_or_over(writer: _Writer) -> Line:
    bill = writer.bill()
    cents = bill.open_cents * writer.chance.choice((40, 50, 60, 150, 200)) // 100
    return Line("part or over", writer.facts(cents, writer.council(bill), reference=bill.reference), _only(bill))


def _unknown(writer: _Writer) -> Line:
    chance = writer.chance
    text = chance.choice(
        (
            "gracias",
            f"order {chance.randrange(1, 9999)} of the season",
            creditor_reference(f"K{chance.randrange(10**6):06}"),
            f"rent {chance.randrange(1, 12):02}/2024",
            f"contract 2024-{chance.randrange(1, 400):04}",
        )
    )
    cents = chance.choice((*FEES, chance.randrange(1_000, 400_000)))
    return Line("unknown money", writer.facts(cents, chance.choice(OTHER_COMPANIES), text))


def _look_alike(writer: _Writer) -> Line:
    bill = writer.bill()
    name = writer.chance.choice((f"{bill.cities[0]} DE ARRIBA", f"NUEVA {bill.cities[0]}", f"{bill.cities[0]} TRADING"))
    return Line("look-alike", writer.facts(bill.open_cents, name.upper(), "fees"))


def _paid_bill_again(writer: _Writer) -> Line:
    bill = writer.bill(paid=True)
    facts = writer.facts(bill.received_cents, writer.council(bill), reference=bill.reference)
    return Line("paid already", facts)


def _other_currency(writer: _Writer) -> Line:
    bill = writer.bill()
    facts = writer.facts(bill.open_cents, writer.council(bill), reference=bill.reference, currency="USD")
    return Line("other currency", facts)


def _changed(chance: random.Random, reference: str) -> str:
    at = chance.choice([at for at, sign in enumerate(reference) if sign.isdigit()])
    return f"{reference[:at]}{_other_digit(chance, reference[at])}{reference[at + 1 :]}"


def _exchanged(chance: random.Random, reference: str) -> str:
    pairs = [
        at
        for at in range(2, len(reference) - 1)
        if reference[at].isdigit() and reference[at + 1].isdigit() and reference[at] != reference[at + 1]
    ]
    at = chance.choice(pairs)
    return f"{reference[:at]}{reference[at + 1]}{reference[at]}{reference[at + 2 :]}"


def _without_zeros(_chance: random.Random, reference: str) -> str:
    """Return ``RF73M220242`` of ``RF73M220240002``: the sequence has four digits, and people leave its zeros out."""
    return f"{reference[:-4]}{int(reference[-4:])}"


def _cut(chance: random.Random, reference: str) -> str:
    at = chance.randrange(4, len(reference))
    return reference[:at] + reference[at + 1 :] if reference[at].isdigit() else reference[:-1]


def _other_digit(chance: random.Random, digit: str) -> str:
    return chance.choice([other for other in "0123456789" if other != digit])


def _word(bill: Bill) -> str:
    return bill.people[0].split()[-1].upper()


def _only(bill: Bill) -> frozenset[int]:
    return frozenset({bill.key})


# How many of a hundred lines come about in each way.
KINDS: dict[Callable[[_Writer], Line], int] = {
    _exact: 24,
    _exact_in_text: 8,
    _mistyped(_changed, "one digit wrong"): 10,
    _mistyped(_exchanged, "two digits exchanged"): 4,
    _mistyped(_without_zeros, "zeros missing"): 6,
    _mistyped(_cut, "a digit missing"): 3,
    _number: 8,
    _name_only: 6,
    _third_party: 6,
    _known_account: 4,
    _lump: 6,
    _short: 4,
    _part_or_over: 3,
    _unknown: 4,
    _look_alike: 2,
    _paid_bill_again: 1,
    _other_currency: 1,
}
