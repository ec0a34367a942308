"""What a line of a bill has received, and what is credited and given back when its place ends (promise C3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, slots=True)
class BilledLine:
    """A line of a bill, in minor units; ``kept_minor`` is None until the line is credited.

    What a credited line neither keeps nor credits was written off.
    """

    key: int
    gross_minor: int
    kept_minor: int | None = None
    credited_minor: int = 0


@dataclass(frozen=True, slots=True)
class LineStand:
    """What a line has received and what is still to be paid for it, in minor units."""

    received_minor: int
    open_minor: int


@dataclass(frozen=True, slots=True)
class Leaving:
    """What becomes of a line whose place ends: ``kept`` stays, ``back`` goes back, ``credited`` is no longer owed."""

    kept_minor: int
    back_minor: int
    credited_minor: int


def spread(amount: int, weights: Mapping[int, int]) -> dict[int, int]:
    """Return an amount over keys in proportion to their weights; the largest remainders get the last units.

    The parts add up to the amount. Equal remainders go in order of key.
    """
    whole = sum(weights.values())
    if whole <= 0:
        return dict.fromkeys(weights, 0)
    parts = {key: amount * weight // whole for key, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda key: (-(amount * weights[key] % whole), key))
    for key in by_remainder[: amount - sum(parts.values())]:
        parts[key] += 1
    return parts


def stand_of_line(key: int, lines: Sequence[BilledLine], *, received_minor: int, let_go_minor: int) -> LineStand:
    """Return how one line of a bill stands: money, and what was written off, is spread over the lines pro rata.

    A credited line has what it keeps and owes nothing; the others share the rest.
    """
    settled = {line.key: line for line in lines if line.kept_minor is not None}
    if key in settled:
        return LineStand(settled[key].kept_minor or 0, 0)
    live = {line.key: line.gross_minor for line in lines if line.key not in settled}
    kept = sum(line.kept_minor or 0 for line in settled.values())
    gone = sum(line.gross_minor - line.credited_minor - (line.kept_minor or 0) for line in settled.values())
    received = spread(max(received_minor - kept, 0), live)[key]
    let_go = spread(max(let_go_minor - gone, 0), live)[key]
    return LineStand(received, max(live[key] - received - let_go, 0))


def leaving_of(stand: LineStand, *, refund_base_minor: int, refund_minor: int) -> Leaving:
    """Return what is kept, given back and credited.

    ``refund_base_minor`` is what had been received for the place at the time of the notice, ``refund_minor`` the share
    of it that the terms give back. What came later is no part of the base and goes back in full.
    """
    kept = min(refund_base_minor - refund_minor, stand.received_minor)
    back = stand.received_minor - kept
    return Leaving(kept_minor=kept, back_minor=back, credited_minor=stand.open_minor + back)


def taxed_parts(gross_minor: int, rate: Decimal) -> tuple[int, int]:
    """Return net and tax of an amount that includes the tax; the rate in percent, half a minor unit up."""
    net = int((Decimal(gross_minor) / (1 + rate / 100)).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return net, gross_minor - net
