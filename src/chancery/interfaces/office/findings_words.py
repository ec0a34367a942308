"""The words of an edition's findings on pages, in the reader's language (decision 0072)."""

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from chancery.domain.programme.readers import Finding, Phrase
from chancery.foundation.ui.wording import day_text, decimal_text


def finding_text(finding: Finding) -> str:
    """Return what is wrong and what would be right in one sentence; the command line says the English one."""
    halves = {"wrong": phrase_text(finding.wrong), "right": phrase_text(finding.right)}
    return _("%(wrong)s; %(right)s") % halves + ("" if finding.right.endswith("?") else ".")


def phrase_text(words: Phrase) -> str:
    """Fill in the translated pattern; days, instants and numbers as people write them."""
    return _(words.pattern) % {name: _value(value) for name, value in words.values.items()}


def _value(value: object) -> str:
    if isinstance(value, Phrase):
        return phrase_text(value)
    if isinstance(value, datetime):
        return f"{day_text(value.date())}, {value:%H:%M}"
    if isinstance(value, date):
        return day_text(value)
    return decimal_text(value) if isinstance(value, Decimal) else str(value)
