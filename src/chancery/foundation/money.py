"""Money as integer minor units of a currency (ISO 4217); float never touches it."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

# ISO 4217 exponents that differ from the usual two digits.
EXPONENTS = {
    **dict.fromkeys(
        (
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}

# Before the point: with four digits after it, this is what a column of 64 bits holds.
MOST_DIGITS = 14
# As people write a sum: no plus, no exponent, no digits of another script. ``ui/left.js`` reads the same but the minus.
AS_WRITTEN = re.compile(r"-?([0-9]+\.?[0-9]*|\.[0-9]+)")


def exponent(currency: str) -> int:
    """Return the number of decimal digits of ``currency`` by ISO 4217."""
    return EXPONENTS.get(currency, 2)


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in minor units (cents for EUR) of one currency."""

    minor: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, with exactly the digits of the currency."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def _same_currency(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")


def minor_from_decimal(amount: Decimal, currency: str) -> int:
    """Return ``amount`` in minor units.

    :raises ValueError: when the amount holds non-zero digits beyond those of the currency, is not finite or
        longer than any sum of money.
    """
    if not amount.is_finite() or amount.adjusted() >= MOST_DIGITS:
        raise ValueError(f"{amount} is not an amount")
    scaled = amount.scaleb(exponent(currency))
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{amount} has more digits than {currency} has")
    return int(scaled)


def decimal_from_typed(text: str) -> Decimal:
    """Return a number that somebody typed as people write a sum of money.

    :raises ValueError: when it is written in another way, such as 1e3, which a decimal number may be.
    """
    if not AS_WRITTEN.fullmatch(text.strip()):
        raise ValueError(f"{text!r} is no sum of money")
    return Decimal(text.strip())


def minor_from_typed(amount: Decimal, currency: str) -> int:
    """Return an amount that somebody typed in minor units.

    :raises ValueError: when digits follow the point beyond those of the currency, zeros too: who writes 1.500 for
        fifteen hundred would move one euro and a half.
    """
    digits = amount.as_tuple().exponent
    if not isinstance(digits, int) or -digits > exponent(currency):
        raise ValueError(f"{amount} has more digits than {currency} has")
    return minor_from_decimal(amount, currency)


def minor_from_text(text: str, currency: str) -> int:
    """Return a plain decimal text such as ``1500.00`` in minor units.

    :raises ValueError: when the text is no plain decimal number or too precise for the currency.
    """
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"{text!r} is not an amount") from error
    return minor_from_decimal(amount, currency)


def share_of(minor: int, rate: Decimal) -> int:
    """Return ``rate`` of an amount, rounded half up to the minor unit (promise C3)."""
    return int((Decimal(minor) * rate).quantize(Decimal(1), rounding=ROUND_HALF_UP))
