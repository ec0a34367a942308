"""The reasons of a fee in words, for papers, mails and pages alike."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from chancery.domain.billing.quotes import LineReason, NotApplied, OfficerReason

LINES = {
    LineReason.STANDARD: gettext_noop("Standard rate"),
    LineReason.MEMBER: gettext_noop("Member rate"),
    LineReason.LOW_INCOME_WAIVER: gettext_noop("Fee waived: member from a low-income economy"),
    LineReason.GROUP_DISCOUNT: gettext_noop("Discount for a group"),
    LineReason.OFFICER: gettext_noop("Fee set by the office"),
}
OBSTACLES = {
    NotApplied.NOT_A_MEMBER: gettext_noop("not a member of the network"),
    NotApplied.CONTRIBUTIONS_UNPAID: gettext_noop("the contributions of the reference year are not paid"),
    NotApplied.CONTRIBUTIONS_UNKNOWN: gettext_noop("the contributions of the reference year are not on file"),
    NotApplied.OTHER_INCOME_CLASS: gettext_noop("the economy was not in the low-income class that year"),
    NotApplied.NO_WAIVER_IN_TERMS: gettext_noop("this edition has no waiver"),
    NotApplied.GROUP_TOO_SMALL: gettext_noop("the group is too small"),
    NotApplied.ANOTHER_IS_BETTER: gettext_noop("another reduction is better, and only one counts"),
    NotApplied.NOTHING_LEFT_TO_REDUCE: gettext_noop("nothing is left to reduce"),
}
OPEN_FACTS = {
    OfficerReason.MEMBERSHIP_UNDECIDED: gettext_noop(
        "Nobody has decided yet whether this body's staff count as staff of a member city."
    ),
    OfficerReason.JOINED_AFTER_REFERENCE_YEAR: gettext_noop(
        "The city owed no contribution for the reference year, as it joined later."
    ),
    OfficerReason.ECONOMY_UNCLASSIFIED: gettext_noop(
        "The World Bank gives this economy no income class for the fiscal year."
    ),
}


def line_words(reason: str) -> str:
    """Return the name of a quote line in the active language."""
    return _(LINES[LineReason(reason)])


def obstacle_words(because: str) -> str:
    """Return why a reduction did not apply, in the active language."""
    return _(OBSTACLES[NotApplied(because)])


def open_fact_words(reason: str) -> str:
    """Return which fact is open so that an officer decides, in the active language."""
    return _(OPEN_FACTS[OfficerReason(reason)])
