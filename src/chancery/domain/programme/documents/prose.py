"""The edition's own texts, with the figures of its rules filled in."""

import re
from zoneinfo import ZoneInfo

from chancery.domain.programme.models import Edition
from chancery.domain.programme.policies import TermsRule, last_refundable_instant
from chancery.domain.programme.readers import EditionFile
from chancery.foundation.ui import wording

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def fill(text: str, values: dict[str, str]) -> str:
    """Return the text with each known placeholder replaced by its value."""
    return PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)


def values_for(edition: Edition, file: EditionFile, terms: TermsRule) -> dict[str, str]:
    """Return what the placeholders stand for, in the active language."""
    last = last_refundable_instant(edition.starts_on, terms, ZoneInfo(edition.time_zone))
    return {
        "name": file.programme.name,
        "organiser": file.programme.organiser,
        "place": edition.place,
        "starts_on": wording.day_text(edition.starts_on),
        "ends_on": wording.day_text(edition.ends_on),
        "opens_at": wording.deadline_text(edition.opens_at, edition),
        "closes_at": wording.deadline_text(edition.closes_at, edition),
        "capacity": str(edition.capacity),
        "network": file.membership.network,
        "reference_year": str(terms.reference_year or ""),
        "fiscal_year": terms.waiver_fiscal_year or "",
        "currency": terms.currency,
        "standard": wording.money_text(terms.standard_minor, terms.currency),
        "member": wording.money_text(terms.member_minor, terms.currency),
        "group_from": str(terms.group_from),
        "group_rate": wording.percent_text(terms.group_rate),
        "days_before": str(terms.days_before),
        "last_refundable": wording.deadline_text(last, edition),
        "refund_rate": wording.percent_text(terms.refund_rate),
        "refund_within_days": str(terms.refund_within_days),
        "free_exit_days": str(terms.free_exit_days),
        "due_days": str(terms.invoice_due_days),
        "answer_within_days": str(file.dialogue.answer_within_days),
        "offer_days": str(file.waiting_list.offer_days),
    }
