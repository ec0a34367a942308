"""The second page of an invoice: how a place is held, guaranteed, passed on and given back."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chancery.domain.billing.documents.invoice import Conditions, InvoiceDocument, PrintedKind
from chancery.foundation.documents.spelling import spell_date, spell_instant
from chancery.foundation.figures import share_in_percent


def condition_paragraphs(document: InvoiceDocument, language: str) -> list[dict[str, str]]:
    """Return the conditions as titled paragraphs in the active language; a credit note has none."""
    terms = document.conditions
    if terms is None or document.kind == PrintedKind.CREDIT_NOTE:
        return []
    paragraphs = [
        *_later_bill(document, language),
        (_("Payment comes before the course"), _prepayment(document)),
        (_("How a place is cancelled"), _channel(document)),
        (_("What is given back"), _refund(terms, language)),
        *_substitution(terms),
        (_("If we change the course"), _changes(terms)),
        *([(_("Paying as a private person"), _withdrawal(terms.withdrawal_days))] if terms.withdrawal_days else []),
        (_("Questions"), _("Write to %(contact)s.") % {"contact": document.seller.contact}),
    ]
    return [{"title": title, "text": text} for title, text in paragraphs]


def _later_bill(document: InvoiceDocument, language: str) -> list[tuple[str, str]]:
    """Return how a pro-forma is followed by the bill; nothing on the bill itself."""
    if document.kind != PrintedKind.PRO_FORMA or document.valid_until is None:
        return []
    text = _(
        "Only the bill asks for payment. It is written to the payer named here once the place is reserved,"
        " and it carries our account, and a payment reference that belongs to it alone."
        " A bill written on the day of this paper is due on %(day)s; the sum stands until that day"
        " while the facts that it rests on are the same."
        " Tell us your order number, and the bill carries it."
    ) % {"day": spell_date(document.valid_until, language)}
    return [(_("Paid by the bill"), text)]


def _prepayment(document: InvoiceDocument) -> str:
    places = len(document.participants)
    held = ngettext(
        "The place is reserved, and it is guaranteed only after the full payment has reached our account.",
        "The %(places)s places are reserved, and they are guaranteed together, only after the full payment"
        " has reached our account.",
        places,
    ) % {"places": places}
    if document.kind == PrintedKind.PRO_FORMA:
        held = _("A place is guaranteed only after the full payment of its bill has reached our account.")
    if document.other_payer:
        held = _("Two payers share the fee: the place is guaranteed only after both bills are paid in full.")
    rest = _(
        "An order, a proof of transfer or part of the amount does not guarantee it."
        " Charges of banks on the way are paid by the sender: what counts is the amount that arrives."
    )
    return f"{held} {rest}"


def _channel(document: InvoiceDocument) -> str:
    return _(
        "Only in writing, as a reply to the e-mail by which we reserved the place. The reply names the course"
        " (%(course)s), name and surname of the participant, the date of registration and a contact."
        " We answer a notice that comes any other way, and nothing changes by it."
    ) % {"course": document.course}


def _refund(terms: Conditions, language: str) -> str:
    return _(
        "A cancellation that we receive until %(instant)s gives back %(share)s of the amount paid by then."
        " After that instant nothing is given back. The refund leaves our account within %(days)s days of the"
        " request, to the account that the money came from."
        " If the course moves to a later start, this day moves with it."
    ) % {
        "instant": spell_instant(terms.last_refundable_at, terms.clock_place, language),
        "share": share_in_percent(terms.refund_share, language),
        "days": terms.refund_within_days,
    }


def _substitution(terms: Conditions) -> list[tuple[str, str]]:
    days = terms.substitution_days_before
    if days is None:
        return []
    text = ngettext(
        "A colleague of the same authority may take the place over until %(n)s day before the course, on the page of"
        " the place, with all that was paid.",
        "A colleague of the same authority may take the place over until %(n)s days before the course, on the page of"
        " the place, with all that was paid.",
        days,
    ) % {"n": days}
    if days == 0:
        text = _(
            "A colleague of the same authority may take the place over until the day before the course, on the page of"
            " the place, with all that was paid."
        )
    return [(_("A colleague may come instead"), text)]


def _changes(terms: Conditions) -> str:
    return _(
        "If we move the days, you may leave within %(days)s days of our notice and get the whole amount back."
        " If we call the course off, you get the whole amount back."
    ) % {"days": terms.free_exit_days}


def _withdrawal(days: int) -> str:
    return _(
        "Whoever pays for themselves, and not for an authority or company, may withdraw within %(days)s days"
        " of accepting the place, without a reason, in any clear words;"
        " the whole amount is given back."
    ) % {"days": days}
