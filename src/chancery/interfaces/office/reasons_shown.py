"""Why money was moved, in the reader's words where no person said it; what a person typed stays as it is."""

import re
from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.domain.billing.states import KEPT_OF, MOVED_FROM, SCORE, SIGNS, CreditReason, Noted
from chancery.domain.billing.words import credit_words
from chancery.interfaces.office.signs_words import sign_words, takes_told

NOTED: dict[str, Promise] = {
    Noted.EXACT: gettext_lazy("exact reference, sum and currency"),
    Noted.RETURNED: gettext_lazy("the bank took it back: exact reference, sum and currency"),
    Noted.CAME_BACK_AFTER_ALL: gettext_lazy("a refund that had left twice and came back"),
    Noted.KEPT_BY_THE_BANK: gettext_lazy("the bank kept it of a refund that it sent back"),
    Noted.AFTER_RELEASE: gettext_lazy("it came after its place was released unpaid"),
}
SCORED = re.compile(rf"{SCORE}([0-9]+): (.*)")
BETWEEN, LONGEST_REASON = "; ", 300


def noted_words(reason: str) -> str:
    """Return a reason in the active language where the program wrote it, else as it was typed."""
    if reason in NOTED:
        return str(NOTED[reason])
    if reason in CreditReason:
        return credit_words(reason)
    if reason.startswith(KEPT_OF):
        return _("kept of bill %(number)s") % {"number": reason.removeprefix(KEPT_OF)}
    if reason.startswith(MOVED_FROM):
        return _("moved from bill %(number)s") % {"number": reason.removeprefix(MOVED_FROM)}
    if reason.startswith(SIGNS):
        return _said(reason.removeprefix(SIGNS).split(BETWEEN))
    if scored := SCORED.fullmatch(reason):
        words = _("fits %(n)s/100") % {"n": scored[1]}
        return f"{words}{_(':')} {_said(scored[2].split(', '))}"
    return reason


def signs_reason(signs: Iterable[tuple[str, str]]) -> str:
    """Return signs as a booking keeps them, each with what it told where its words say that; blank for none.

    What was told is no sign of its own, whatever somebody is called.
    """
    kept = [f"{code}={_one(told)}" if told and takes_told(code) else code for code, told in signs]
    return f"{SIGNS}{BETWEEN.join(kept)}"[:LONGEST_REASON] if kept else ""


def is_signs_reason(reason: str) -> bool:
    """Tell whether a reason is signs of which a page shows all that it keeps."""
    parts = [sign.partition("=") for sign in reason.removeprefix(SIGNS).split(BETWEEN)]
    return reason == signs_reason((code, told) for code, _equals, told in parts)


def _one(told: str) -> str:
    """Return what a sign told without what stands between signs."""
    return " ".join(told.replace(BETWEEN.strip(), ",").split())


def _said(signs: list[str]) -> str:
    """Return signs in words, each written as its code or as ``code=what it told``."""
    parts = [sign.partition("=") for sign in signs]
    return BETWEEN.join(sign_words(code, told) for code, _equals, told in parts)
