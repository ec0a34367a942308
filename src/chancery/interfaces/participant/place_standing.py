"""Where a place stands, in the words of its participant: sure or not, whose turn, by when."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.domain.billing.models import Invoice, Quote
from chancery.domain.billing.queries.invoices import is_late, state_of
from chancery.domain.billing.queries.quotes import latest_quote
from chancery.domain.billing.states import InvoiceState
from chancery.domain.enrollment.models import EditionChoice, Place, PlaceCharge
from chancery.domain.enrollment.queries import current_charges, open_choice
from chancery.domain.enrollment.states import HOLDS_A_SEAT, PlaceState
from chancery.foundation.calendar import local_day
from chancery.foundation.ui.parts import Step, Tone
from chancery.foundation.ui.wording import day_text, days_text, deadline_text, money_text, short_day_text


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceStanding:
    """The card of a place: ``sure`` are its first words, ``now`` what happens, ``act`` the one thing to do."""

    tone: Tone
    sure: str
    who: str
    now: str
    by: str = ""
    note: str = ""
    act_label: str = ""
    act_href: str = ""


@dataclass(frozen=True, slots=True)
class PlaceMoney:
    """What a place costs and how much of it has arrived."""

    quote: Quote | None
    charges: list[PlaceCharge]

    @property
    def bills(self) -> list[Invoice]:
        """What is billed: one bill, or one a payer where two share the fee."""
        return [charge.invoice_line.invoice for charge in self.charges if charge.invoice_line]

    @property
    def invoice(self) -> Invoice | None:
        """The bill, if something is billed; of two the first that is open."""
        return next((bill for bill in self.bills if bill.balance.open_minor > 0), self.bills[0] if self.bills else None)


def money_of(place: Place) -> PlaceMoney:
    """Return the money side of a place."""
    return PlaceMoney(latest_quote(place.application), current_charges(place))


def standing_of(place: Place, money: PlaceMoney, today: date) -> PlaceStanding:
    """Return the card of a place."""
    if place.state not in HOLDS_A_SEAT:
        return _ended(place)
    choice = open_choice(place)
    if choice is not None:
        return _to_choose(place, choice)
    if place.state == PlaceState.GUARANTEED:
        return _guaranteed(place, money)
    if money.invoice is not None:
        return _to_pay(place, money, today)
    if money.quote is not None and money.quote.officer_decides:
        return PlaceStanding(
            tone="ours",
            sure=_not_sure(),
            who=_("With us"),
            now=_("An officer works out your fee, because a fact that decides it is not known."),
            note=_("We answer within 3 working days. You need not do anything until then."),
            act_label=_("See which fact is open"),
            act_href=reverse("see-fee", args=[place.application.reference]),
        )
    return PlaceStanding(
        tone="yours",
        sure=_not_sure(),
        who=_("You"),
        now=_("Tell us who pays, so that we can write the bill."),
        note=_("We guarantee the place when the full amount has arrived."),
        act_label=_("Say who pays"),
        act_href=reverse("name-payer", args=[place.application.reference]),
    )


def steps_of(place: Place, money: PlaceMoney) -> list[Step]:
    """Return the way from the application to the certificate."""
    edition, invoice = place.edition, money.invoice
    zone = ZoneInfo(edition.time_zone)
    sent = place.application.submitted_at
    sure = place.guaranteed_at
    free = bool(money.charges) and invoice is None
    done = [
        (_("Sent"), short_day_text(local_day(sent, zone)) if sent else "", True),
        (_("Admitted"), short_day_text(place.reserved_on), True),
        *([] if free else [(_("Bill"), short_day_text(invoice.issued_on) if invoice else "", invoice is not None)]),
        *([] if free else [(_("Paid in full"), "", place.state == PlaceState.GUARANTEED)]),
        (_("Place guaranteed"), short_day_text(local_day(sure, zone)) if sure else "", sure is not None),
        (_("Week in %(place)s") % {"place": edition.place}, days_text(edition.starts_on, edition.ends_on), False),
        (_("Certificate"), "", False),
    ]
    first_open = next(index for index, step in enumerate(done) if not step[2])
    stopped = place.state not in HOLDS_A_SEAT
    return [
        Step(label, _step_state(index, first_open, is_done, stopped=stopped), when)
        for index, (label, when, is_done) in enumerate(done)
    ]


def _step_state(
    index: int, first_open: int, is_done: bool, *, stopped: bool
) -> Literal["done", "now", "to_come", "stopped"]:
    if is_done:
        return "done"
    if index == first_open:
        return "stopped" if stopped else "now"
    return "to_come"


def _to_choose(place: Place, choice: EditionChoice) -> PlaceStanding:
    return PlaceStanding(
        tone="yours",
        sure=_("The edition is not held"),
        who=_("You"),
        now=_("Choose: a place in the next edition, or your money back."),
        by=_("by %(deadline)s") % {"deadline": deadline_text(choice.answer_by, place.edition)},
        note=_("If we hear nothing by then, everything that was paid goes back."),
        act_label=_("Choose"),
        act_href=reverse("choose-edition", args=[place.application.reference]),
    )


def _guaranteed(place: Place, money: PlaceMoney) -> PlaceStanding:
    paid = _("The full amount has arrived.") if money.invoice else _("There is nothing to pay, and no bill will come.")
    return PlaceStanding(
        tone="done",
        sure=_("Place guaranteed"),
        who=_("Nothing to do now"),
        now=_("See you in %(place)s, %(days)s.")
        % {"place": place.edition.place, "days": days_text(place.edition.starts_on, place.edition.ends_on)},
        note=paid,
        act_label=_("See hotels"),
        act_href=reverse("list-hotels", args=[place.application.reference]),
    )


def _to_pay(place: Place, money: PlaceMoney, today: date) -> PlaceStanding:
    bills = [bill for bill in money.bills if bill.balance.open_minor > 0]
    late = any(is_late(bill, today) for bill in bills)
    due = min((bill.due_on for bill in bills if bill.due_on), default=None)
    proof = any(bill.balance.proof_seen_at for bill in bills)
    by = _("was due %(day)s") if late else _("by %(day)s")
    return PlaceStanding(
        tone="late" if late else "yours",
        sure=_not_sure(),
        who=_("You or whoever pays"),
        now=" ".join(_missing_words(bill, shared=len(money.bills) > 1) for bill in bills),
        by=by % {"day": day_text(due)} if due else "",
        note=_("Your proof of transfer is here; it is not payment yet.")
        if proof
        else _("We guarantee the place when the full amount has arrived."),
        act_label=_("See the bill and how to pay"),
        act_href=reverse("see-invoice", args=[place.application.reference]),
    )


def _missing_words(bill: Invoice, *, shared: bool) -> str:
    came = bill.balance.allocated_minor
    words = {
        "amount": money_text(bill.balance.open_minor, bill.currency),
        "came": money_text(came, bill.currency),
        "payer": bill.party.legal_name,
    }
    if state_of(bill.balance) != InvoiceState.PART_PAID:
        return _("%(payer)s pays %(amount)s.") % words
    if shared:
        return _("%(came)s of %(payer)s has arrived; %(amount)s is still missing.") % words
    return _("%(came)s has arrived; %(amount)s is still missing.") % words


def _ended(place: Place) -> PlaceStanding:
    words = {
        PlaceState.LAPSED: _("This place has lapsed, because the bill was not paid."),
        PlaceState.CANCELLED: _("This place was cancelled."),
        PlaceState.GIVEN_UP: _("This place was given up."),
        PlaceState.SUBSTITUTED: _("A colleague has taken this place over."),
        PlaceState.MOVED: _("This place has moved to another edition."),
        PlaceState.ORGANISER_CANCELLED: _("We had to call the course off."),
    }
    return PlaceStanding(tone="ended", sure=_("No place any more"), who=_("Ended"), now=words[PlaceState(place.state)])


def _not_sure() -> str:
    return _("Place reserved, not yet guaranteed")
