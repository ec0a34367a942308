"""The reasons of a fee in words, for papers, mails and pages alike."""

from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _

from chancery.domain.billing.quotes import LineReason, NotApplied, OfficerReason
from chancery.domain.billing.states import CreditReason
from chancery.domain.network.queries import NetworkFacts
from chancery.domain.network.words import class_words
from chancery.domain.programme.policies import TermsRule
from chancery.foundation.ui.wording import day_text, percent_text

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


CREDITS = {
    CreditReason.PLACE_CANCELLED: gettext_noop("the place was cancelled"),
    CreditReason.ORGANISER_CANCELLED: gettext_noop("the organiser does not hold the course as announced"),
    CreditReason.PLACE_RELEASED: gettext_noop("the place was released unpaid; nothing is owed for it any more"),
    CreditReason.PAYER_CHANGED: gettext_noop("another body pays; it gets a bill of its own"),
    CreditReason.ISSUED_WRONGLY: gettext_noop("the bill was not right"),
    CreditReason.GROUP_CHANGED: gettext_noop("the group has another size; a bill by its price follows"),
    CreditReason.FEE_JOINED: gettext_noop("one payer pays the whole fee; one bill takes the place of two"),
    CreditReason.FEE_SHARED: gettext_noop("two payers share the fee; each gets a bill of its own"),
}


def credit_words(reason: str) -> str:
    """Return why a bill is corrected, in the active language."""
    return _(CREDITS[CreditReason(reason)])


def line_words(reason: str) -> str:
    """Return the name of a quote line in the active language."""
    return _(LINES[LineReason(reason)])


def obstacle_words(because: str) -> str:
    """Return why a reduction did not apply, in the active language."""
    return _(OBSTACLES[NotApplied(because)])


def open_fact_words(reason: str) -> str:
    """Return which fact is open so that an officer decides, in the active language."""
    return _(OPEN_FACTS[OfficerReason(reason)])


def why_words(reason: str, network: NetworkFacts, *, group_size: int, terms: TermsRule, officer: str = "") -> str:
    """Return the fact that a quote line rests on, in the active language."""
    match LineReason(reason):
        case LineReason.STANDARD:
            return _why_standard(network)
        case LineReason.MEMBER:
            return _why_member(network)
        case LineReason.LOW_INCOME_WAIVER:
            return _("%(country)s was a low-income economy in %(year)s, by the World Bank's classes") % {
                "country": network.country_in(get_language() or "en"),
                "year": network.fiscal_year,
            }
        case LineReason.GROUP_DISCOUNT:
            return ngettext("%(n)s person, \u2212%(rate)s", "%(n)s people together, \u2212%(rate)s", group_size) % {
                "n": group_size,
                "rate": percent_text(terms.group_rate),
            }
        case LineReason.OFFICER:
            return officer


def looked_at_words(reason: str, because: str, network: NetworkFacts) -> str:
    """Return which reduction was looked at and why it did not apply, in the active language."""
    why = [obstacle_words(because)]
    if reason == LineReason.LOW_INCOME_WAIVER and network.income_class:
        why += [class_words(network.income_class), str(network.fiscal_year)]
    return f"{line_words(reason)} ({', '.join(why)})"


def _why_standard(network: NetworkFacts) -> str:
    facts = {"city": network.member_city or network.authority, "year": network.reference_year}
    if not network.authority:
        return _("No member city is named, so the standard rate counts")
    if not network.is_member:
        return _("%(city)s is not a member") % facts
    if network.contributions_paid is None:
        return _("%(city)s is a member; whether it paid for %(year)s is not on file") % facts
    return _("%(city)s is a member; its contribution for %(year)s is not paid") % facts


def _why_member(network: NetworkFacts) -> str:
    facts = {"city": network.member_city, "year": network.reference_year}
    if network.reference_year is None:
        return _("%(city)s is a member") % facts
    if network.paid_on is None:
        return _("%(city)s is a member; contribution for %(year)s paid") % facts
    return _("%(city)s is a member; contribution for %(year)s paid on %(day)s") % {
        **facts,
        "day": day_text(network.paid_on),
    }
