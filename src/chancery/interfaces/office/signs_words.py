"""What speaks for a bill, or against it, in words."""

from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

# What each piece of evidence says; (told) is what the bank wrote or whom it names, (sum) an amount.
SIGNS: dict[str, tuple[Literal["plus", "minus", "note"], Promise]] = {
    "reference.structured": ("plus", gettext_lazy("its reference, exactly")),
    "reference.in-text": ("plus", gettext_lazy("its reference in the text, exactly")),
    "reference.near": ("note", gettext_lazy("reference one digit off: %(told)s")),
    "reference.body": ("note", gettext_lazy("its number, but the check digits are wrong: %(told)s")),
    "number.full": ("plus", gettext_lazy("its number in the text: %(told)s")),
    "number.short": ("note", gettext_lazy("its number, written in short: %(told)s")),
    "account.seen": ("plus", gettext_lazy("this account paid for the same payer before")),
    "account.shared": ("note", gettext_lazy("this account paid for several payers before, this one among them")),
    "payer.name": ("plus", gettext_lazy("payer and bill agree: %(told)s")),
    "payer.name-part": ("note", gettext_lazy("the payer's name has %(told)s in it, and other words")),
    "city.named": ("plus", gettext_lazy("the text names %(told)s")),
    "person.named": ("plus", gettext_lazy("the text names %(told)s")),
    "amount.equal": ("plus", gettext_lazy("amount equal, the whole open sum")),
    "debit.amount.equal": ("plus", gettext_lazy("amount equal, the whole sum that it received")),
    "amount.sum": ("plus", gettext_lazy("amount equal, the sum of %(told)s bills of one payer")),
    "amount.less-charges": ("note", gettext_lazy("%(sum)s short, and the bank states charges of %(sum)s")),
    "amount.short": ("note", gettext_lazy("%(sum)s short, within the tolerance")),
    "amount.part": ("note", gettext_lazy("a part: %(sum)s stay open")),
    "amount.over": ("note", gettext_lazy("%(sum)s more than is open")),
    "bill.only-open": ("plus", gettext_lazy("nothing else of this payer is open")),
    "day.near": ("plus", gettext_lazy("the day fits")),
    "day.in-time": ("plus", gettext_lazy("it was paid in time: the value day is not after the due day")),
    "currency.equal": ("plus", gettext_lazy("the currency of the bill")),
    "line.sum": ("plus", gettext_lazy("the sum of a line that was booked to it")),
    "line.payer": ("plus", gettext_lazy("the payer of that line: %(told)s")),
    "currency_differs": ("minus", gettext_lazy("the bill is in %(told)s")),
    "bill_paid": ("minus", gettext_lazy("paid already")),
    "bill_credited": ("minus", gettext_lazy("credited: nothing is owed on it")),
    "place_ended": ("minus", gettext_lazy("the place has ended or is billed anew")),
    "several_sums": ("minus", gettext_lazy("other bills of this payer come to the same sum")),
}
# Where nobody knows what a sign told, or how much: a booking keeps the codes.
BRIEF: dict[str, Promise] = {
    "reference.near": gettext_lazy("a reference one digit off"),
    "reference.body": gettext_lazy("its number, but the check digits are wrong"),
    "number.full": gettext_lazy("its number in the text"),
    "number.short": gettext_lazy("its number, written in short"),
    "payer.name": gettext_lazy("payer and bill agree"),
    "payer.name-part": gettext_lazy("the payer's name among other words"),
    "city.named": gettext_lazy("the text names its city"),
    "person.named": gettext_lazy("the text names its participant"),
    "amount.sum": gettext_lazy("amount equal, the sum of several bills of one payer"),
    "amount.less-charges": gettext_lazy("short by the charges that the bank states"),
    "amount.short": gettext_lazy("short within the tolerance"),
    "amount.part": gettext_lazy("a part of what is open"),
    "amount.over": gettext_lazy("more than is open"),
    "line.payer": gettext_lazy("the payer of that line"),
    "currency_differs": gettext_lazy("another currency than the bill"),
}


def sign_words(code: str, told: str = "") -> str:
    """Return a sign in words, with what it told where that is known, and no sum; an unknown code as it is."""
    if code in BRIEF and not (told and takes_told(code)):
        return str(BRIEF[code])
    return str(SIGNS[code][1]) % {"told": told} if code in SIGNS else code


def takes_told(code: str) -> bool:
    """Tell whether the words of a sign say what it told."""
    return code in SIGNS and "%(told)s" in str(SIGNS[code][1])
