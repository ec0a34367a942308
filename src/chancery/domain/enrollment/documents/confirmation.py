"""The confirmation of a place with nothing to pay: it stands where an invoice would, and says why none will come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from chancery.foundation.documents.facts import thaw
from chancery.foundation.documents.fonts import printable_name
from chancery.foundation.documents.spelling import spell_amount, spell_days, spell_instant
from chancery.foundation.documents.typesetting import LETTER, render
from chancery.foundation.figures import figure_of
from chancery.foundation.money import Money

TEMPLATE = "domain/enrollment/documents/confirmation.typ"


@dataclass(frozen=True, slots=True)
class ConfirmedFeeLine:
    """One reason of the fee with its amount, worded in the language of the paper."""

    label: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class ConfirmationDocument:
    """A guaranteed place with a fee of zero; ``guaranteed_at`` carries the zone of the edition.

    :raises ValueError: when the lines do not add up to zero: such a place gets an invoice.
    """

    reference: str
    organiser: str
    organiser_address: tuple[str, ...]
    contact: str
    course: str
    course_from: date
    course_until: date
    course_place: str
    dates_provisional: bool
    participant: str
    participant_latin: str
    authority: str
    guaranteed_at: datetime
    clock_place: str
    currency: str
    lines: tuple[ConfirmedFeeLine, ...]
    demo_amounts: bool = False

    def __post_init__(self) -> None:
        """Refuse a fee that is to be paid: a confirmation would hide it."""
        if sum(line.amount_minor for line in self.lines) != 0:
            raise ValueError(f"{self.reference}: a confirmation stands for an invoice only where the fee is zero")


def render_confirmation(
    facts: ConfirmationDocument | Mapping[str, Any], *, language: str, issued_at: datetime
) -> bytes:
    """Return the PDF (PDF/A-2a and PDF/UA-1) of a confirmation, from its dataclass or its frozen facts."""
    document = facts if isinstance(facts, ConfirmationDocument) else thaw(ConfirmationDocument, facts)
    with override(language):
        sheet = _sheet(document, language)
    return render(TEMPLATE, sheet, standards=LETTER, issued_at=issued_at, language=language)


def _sheet(document: ConfirmationDocument, language: str) -> dict[str, Any]:
    title = _("Confirmation of a guaranteed place")
    return {
        "title": title,
        "author": document.organiser,
        "description": f"{title}, {document.reference}, {document.course}",
        "house": document.organiser,
        "house_line": " · ".join(document.organiser_address),
        "footer": f"{document.organiser} · {title} · {document.reference}",
        "page_of": _("Page {page} of {pages}"),
        "opening": _("We confirm that the place of this person is guaranteed."),
        "participant": printable_name(document.participant, document.participant_latin).text,
        "participant_latin": document.participant_latin,
        "authority": document.authority,
        "facts": _facts(document, language),
        "call": {
            "text": _("Nothing to pay"),
            "sum": spell_amount(Money(0, document.currency), language),
            "consequence": _("No invoice will come, and no money is to be sent for this place."),
        },
        "demo_notice": _("Demonstration: the amounts on this paper are examples, not the fees of the course.")
        if document.demo_amounts
        else "",
        "why": _("Why the fee is zero"),
        "head": {"reason": _("Reason"), "amount": document.currency, "fee": _("Fee")},
        "lines": [
            {"label": line.label, "amount": figure_of(Money(line.amount_minor, document.currency), language)}
            for line in document.lines
        ],
        "fee": figure_of(Money(0, document.currency), language),
        "leaving_title": _("If you cannot come"),
        "leaving": _(
            "Tell us by a reply to the e-mail with which we reserved the place, so that somebody else can come."
            " For questions, write to %(contact)s."
        )
        % {"contact": document.contact},
    }


def _facts(document: ConfirmationDocument, language: str) -> list[dict[str, str]]:
    days = spell_days(document.course_from, document.course_until, language)
    if document.dates_provisional:
        days = _("%(days)s (to be confirmed)") % {"days": days}
    facts = [
        (_("Course"), document.course),
        (_("Days and place"), f"{days}, {document.course_place}"),
        (_("Reference"), document.reference),
        (_("Guaranteed since"), spell_instant(document.guaranteed_at, document.clock_place, language)),
    ]
    return [{"label": label, "text": text} for label, text in facts]
