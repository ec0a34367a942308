"""How leaving a place stands, in the words of its participant: the notice, then the money on its way back."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chancery.domain.billing.models import Refund
from chancery.domain.billing.payer_link import payer_token
from chancery.domain.billing.queries.refunds import list_refunds
from chancery.domain.billing.states import RefundState
from chancery.domain.enrollment.models import CancellationNotice, Place
from chancery.domain.enrollment.queries import latest_notice
from chancery.domain.enrollment.queries.differences import list_differences
from chancery.domain.enrollment.states import HOLDS_A_SEAT, NoticeGround, NoticeState
from chancery.foundation.calendar import is_by
from chancery.foundation.ui.wording import day_text, deadline_text, money_text
from chancery.interfaces.participant.place_standing import PlaceStanding
from chancery.journey.notice import free_exit_of


def leaving_of(place: Place) -> list[PlaceStanding]:
    """Return the cards about leaving: none while nobody spoke of it."""
    notice = latest_notice(place)
    took_effect = {NoticeState.EFFECTED, NoticeState.GIVEN_UP}
    if notice is None or (place.state in HOLDS_A_SEAT) == (notice.state in took_effect):
        return []
    refunds = list_refunds().filter(credit_note__in=notice.credit_notes).order_by("id")
    return [_card(notice, place), *(card for each in refunds for card in _refund_cards(each))]


def open_free_exit(place: Place, now: datetime) -> datetime | None:
    """Return until when everything goes back because the days moved; None where nothing is open (any more)."""
    until = free_exit_of(place) if place.state in HOLDS_A_SEAT else None
    return until if until is not None and is_by(now, until) else None


def last_bills(place: Place) -> list[str]:
    """Return the signed names of the pages with the last bills of a place that has ended: one a payer, or none."""
    charges = place.charges.filter(invoice_line__isnull=False).select_related("invoice_line__invoice").order_by("id")
    newest = {charge.payer_number: charge for charge in charges}
    lines = [charge.invoice_line for _, charge in sorted(newest.items())]
    return [payer_token(line.invoice.number) for line in lines if line]


def _card(notice: CancellationNotice, place: Place) -> PlaceStanding:
    edition = place.edition
    at = deadline_text(notice.received_at, edition)
    href = reverse("see-cancelling", args=[place.application.reference])
    match NoticeState(notice.state):
        case NoticeState.VALID:
            return PlaceStanding(
                tone="ours",
                sure=_("Your cancellation has arrived"),
                who=_("With us"),
                now=_("Received %(at)s: in time and complete. A person confirms it before anything changes.")
                % {"at": at},
                note=_("It was no cancellation? Tell us, and nothing changes."),
            )
        case NoticeState.INCOMPLETE:
            missing = len(notice.missing)
            return PlaceStanding(
                tone="yours",
                sure=ngettext("Your cancellation lacks %(n)s fact", "Your cancellation lacks %(n)s facts", missing)
                % {"n": missing},
                who=_("You"),
                now=_("The place is still yours. What we received %(at)s counts once it is complete.") % {"at": at},
                note=_("Reply to our mail with the four lines."),
                act_label=_("See the four lines"),
                act_href=href,
            )
        case NoticeState.LATE:
            return PlaceStanding(
                tone="yours",
                sure=_("Too late for a refund"),
                who=_("You"),
                now=_("Received %(at)s, after the deadline. The place stays yours.") % {"at": at},
                note=_("Come, let a colleague of your authority come, or tell us that nobody will."),
                act_label=_("See what is possible"),
                act_href=href,
            )
        case NoticeState.WRONG_CHANNEL:
            return PlaceStanding(
                tone="yours",
                sure=_("Not a cancellation yet"),
                who=_("You"),
                now=_("You told us another way, so nothing has changed. Only a reply to our mail cancels the place."),
                act_label=_("Send me that mail again"),
                act_href=href,
            )
        case NoticeState.GIVEN_UP:
            return PlaceStanding(
                tone="ended",
                sure=_("Seat given up"),
                who=_("Ended"),
                now=_("Received %(at)s, after the deadline: nothing is refunded.") % {"at": at},
            )
        case _:
            return _effected(notice)


def _effected(notice: CancellationNotice) -> PlaceStanding:
    now = _goes_back(notice)
    if notice.besides_minor:
        now += " " + _("%(sum)s came later and goes back in full.") % {
            "sum": money_text(notice.besides_minor, notice.currency)
        }
    for row in list_differences(notice).filter(undone=None):
        now += " " + _("%(counted)s was booked later and counts as paid by then: %(back)s of it goes back.") % {
            "counted": money_text(row.counted_minor, notice.currency),
            "back": money_text(row.back_minor, notice.currency),
        }
    due = notice.refund_due_on
    not_held = notice.ground == NoticeGround.ORGANISER and notice.place.edition.called_off_at is not None
    return PlaceStanding(
        tone="ended",
        sure=_("The edition is not held") if not_held else _("Cancelled"),
        who=_("Ended"),
        now=now,
        note=notice.note if not_held else "",
        by=_("paid back by %(day)s") % {"day": day_text(due)} if due else "",
    )


def _goes_back(notice: CancellationNotice) -> str:
    """Say what of the money that had come by then goes back; nothing of it may be by the terms, or none had come."""
    sums = {
        "paid": money_text(notice.paid_minor, notice.currency),
        "refund": money_text(notice.refund_minor, notice.currency),
    }
    if notice.refund_minor:
        return _("Of %(paid)s paid by then, %(refund)s goes back.") % sums
    if notice.paid_minor:
        return _("Of %(paid)s paid by then, nothing goes back by the terms.") % sums
    if notice.besides_minor:
        return _("Nothing had been paid by then.")
    return _("Nothing had been paid by then, so nothing goes back. Nothing is to be paid any more.")


def _refund_cards(refund: Refund) -> list[PlaceStanding]:
    """Return what a refund has come to: what pays bills, what the bank took, and what goes back or did."""
    bills = [bill.number for bill, _minor in refund.set_off_by_bill if bill]
    gone = sum(minor for bill, minor in refund.set_off_by_bill if not bill)
    cards = []
    if bills:
        cards.append(
            PlaceStanding(
                tone="done",
                sure=_("Refund of %(sum)s set off") % {"sum": money_text(refund.paid_bills_minor, refund.currency)},
                who=_("Done"),
                now=_("It pays another bill instead: %(bills)s.") % {"bills": ", ".join(bills)},
            )
        )
    if gone:
        cards.append(
            PlaceStanding(
                tone="ended",
                sure=_("Nothing goes back of %(sum)s") % {"sum": money_text(gone, refund.currency)},
                who=_("Ended"),
                now=_("Our bank took this money back from us after it had told us of your payment."),
            )
        )
    if refund.is_open or refund.state == RefundState.SENT:
        cards.append(_money_card(refund))
    return cards


def _money_card(refund: Refund) -> PlaceStanding:
    sum_ = money_text(refund.owed_minor or refund.amount_minor, refund.currency)
    by = _("by %(day)s") % {"day": day_text(refund.due_on)}
    if not refund.has_account:
        return PlaceStanding(
            tone="yours",
            sure=_("Give us the account for %(sum)s") % {"sum": sum_},
            who=_("You or whoever paid"),
            now=_(
                "The transfer told us no account that we can pay to. Reply to our mail with IBAN and name; "
                "where there is no IBAN, with bank, account number and SWIFT code."
            ),
            by=by,
        )
    match RefundState(refund.state):
        case RefundState.SENT:
            left_on = refund.debit.booking_date if refund.debit else None
            return PlaceStanding(
                tone="done",
                sure=_("Refund of %(sum)s paid") % {"sum": sum_},
                who=_("Done"),
                now=_("It left our bank on %(day)s.") % {"day": day_text(left_on)} if left_on else _("It has left."),
            )
        case RefundState.EXPORTED:
            now = _("It is with our bank.")
        case RefundState.APPROVED:
            now = _("Two people have approved it. Our bank pays it next.")
        case RefundState.FAILED:
            now = _("The bank could not pay it. We send it again.")
        case RefundState.REJECTED:
            now = _("It was not approved as it stood. We look at it again.")
        case _:
            now = _("A second person checks it before it is paid.")
    return PlaceStanding(tone="ours", sure=_("Refund of %(sum)s") % {"sum": sum_}, who=_("With us"), now=now, by=by)
