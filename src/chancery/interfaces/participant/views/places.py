"""A participant's own place: sure or not, what it costs, who pays, how to pay, how to leave."""

from datetime import date, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chancery.domain.admissions.queries.terms import frozen_rule
from chancery.domain.billing.models import Invoice
from chancery.domain.billing.queries.exceptions import get_open_exception
from chancery.domain.billing.queries.invoices import list_proofs, names_on
from chancery.domain.billing.queries.quotes import network_of
from chancery.domain.billing.words import line_words, looked_at_words, open_fact_words, why_words
from chancery.domain.enrollment.models import Place
from chancery.domain.enrollment.queries import billed_lines, open_choice
from chancery.domain.enrollment.states import HOLDS_A_SEAT, NoticeGround, NoticeWay, PlaceState
from chancery.domain.programme.policies import terms_from_json
from chancery.domain.programme.queries import get_content
from chancery.foundation import clock
from chancery.foundation.audit.refs import ref as ref_to
from chancery.foundation.calendar import is_by, local_day
from chancery.foundation.documents.fonts import printable_name
from chancery.foundation.files.models import Purpose
from chancery.foundation.files.uploads import UploadRefused, check_upload
from chancery.foundation.mail.queries import list_mail
from chancery.foundation.mail.services import MailNotResendable, resend_mail
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.foundation.tasks.rates import TooManyTries, count_try
from chancery.foundation.ui.parts import PriceLine
from chancery.interfaces.participant.access import SignedInRequest, own_place
from chancery.interfaces.participant.forms.billing import PayerForm, ProofForm
from chancery.interfaces.participant.leaving_shown import last_bills, leaving_of, open_free_exit
from chancery.interfaces.participant.page_frame import back_to_files
from chancery.interfaces.participant.payment import (
    data_response,
    file_words,
    pack_response,
    payment_words,
    pdf_response,
)
from chancery.interfaces.participant.place_standing import money_of, standing_of, steps_of
from chancery.interfaces.participant.places_frame import known_payer, place_words
from chancery.journey import bill, cancel, settle
from chancery.journey.notice import judge_place

RESERVATION_MAIL = "enrollment/place_reserved"
RESENT = "5/86400"  # it comes with its papers each time, and a mailbox may be full


@own_place
@require_GET
def see_place(request: SignedInRequest, place: Place) -> HttpResponse:
    """Show whether the place is sure, whose turn it is, and the way so far."""
    money, leaving = money_of(place), leaving_of(place)
    holds = place.state in HOLDS_A_SEAT
    now = standing_of(place, money, _today(place))
    words = {
        "standing": now if holds or not leaving else leaving[0],
        "cards": [*leaving, now] if holds else leaving or [now],
        "credited": last_bills(place) if leaving and not holds else [],
        "steps": steps_of(place, money),
        "money": money,
        "holds": holds,
        "passed": not is_by(clock.now(), place.refundable_until),
        "free_until": open_free_exit(place, clock.now()),
        "choice": open_choice(place),
        "printed_name": printable_name(place.person.name, place.person.latin_name),
        "back": back_to_files(),
    }
    return render(request, "participant/places/place.html", {**place_words(request, place), **words})


@own_place
@require_GET
def see_fee(request: SignedInRequest, place: Place) -> HttpResponse:
    """Show the fee line by line with the fact that each line rests on."""
    quote = money_of(place).quote
    if quote is None:
        raise Http404
    network, terms = network_of(quote), terms_from_json(quote.terms.rule)
    officer = (quote.facts["officer_fee"] or {}).get("reason", "")
    size = quote.facts["group_size"]
    words = {
        "quote": quote,
        "lines": [
            PriceLine(
                line_words(line.reason),
                line.amount_minor,
                why_words(line.reason, network, group_size=size, terms=terms, officer=officer),
            )
            for line in quote.lines.all()
        ],
        "looked_at": [looked_at_words(each["reason"], each["because"], network) for each in quote.facts["looked_at"]],
        "open_facts": [open_fact_words(reason) for reason in quote.reasons] if quote.officer_decides else [],
        "what_if": quote.facts["what_if"],
        "demo": terms.demo,
        "network": network,
    }
    return render(request, "participant/places/fee.html", {**place_words(request, place), **words})


@own_place
@require_http_methods(["GET", "POST"])
@sent_once
def name_payer(request: SignedInRequest, place: Place) -> HttpResponse:
    """Ask who pays; the answer writes the bill at once."""
    money = money_of(place)
    if money.charges or place.state != PlaceState.RESERVED:
        return render(request, "participant/places/payer_named.html", {**place_words(request, place), "money": money})
    form = PayerForm(request.POST or None, initial=known_payer(place))
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(
            request, "participant/places/payer.html", {**place_words(request, place), "form": form}, status=status
        )
    try:
        invoice = bill.name_payer(place_id=place.pk, payer=form.payer(), actor=request.actor, now=clock.now())
    except (bill.AlreadyBilled, bill.InvoiceDataMissing) as refused:
        words = {**place_words(request, place), "form": form, "refused": refused.ruling.reasons, "signs": refused.about}
        return render(request, "participant/places/payer.html", words, status=409)
    if invoice is None:
        messages.success(request, _saved_words(place))
        return redirect("see-place", place.application.reference)
    messages.success(request, _("The bill is written and on its way to %(email)s.") % {"email": invoice.party.email})
    return redirect("see-invoice", place.application.reference)


@own_place
@require_http_methods(["GET", "POST"])
@sent_once
def see_invoice(request: SignedInRequest, place: Place) -> HttpResponse:
    """Show the bill with everything a transfer needs; take a proof of transfer."""
    invoice, which = _bill_of(request, place), _which_bill(request)
    if invoice is None:
        return render(
            request, "participant/places/no_invoice.html", {**place_words(request, place), "money": money_of(place)}
        )
    form = ProofForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            upload = check_upload(form.cleaned_data["proof"], Purpose.PROOF_OF_TRANSFER)
            settle.keep_proof(invoice=invoice, upload=upload, actor=request.actor, now=clock.now())
        except (UploadRefused, settle.TooManyProofs) as refused:
            form.add_error("proof", file_words(refused.ruling.reasons[0]))
        else:
            messages.success(request, _("Your proof is here. It is not payment yet: we wait for the money itself."))
            return redirect(reverse("see-invoice", args=[place.application.reference]) + which)
    words = {
        **place_words(request, place),
        **payment_words(invoice),
        "which": which,
        "form": form,
        "proofs": list(list_proofs(invoice)),
        "printed_names": [name for name in names_on(invoice) if name.fell_back],
    }
    return render(request, "participant/places/invoice.html", words, status=422 if form.errors else 200)


@own_place
@require_GET
def download_invoice(request: SignedInRequest, place: Place) -> HttpResponse:
    """Hand out the paper of the bill."""
    return pdf_response(_invoice(request, place))


@own_place
@require_GET
def download_payer_pack(request: SignedInRequest, place: Place) -> HttpResponse:
    """Hand out all that an accounts department needs to pay the bill."""
    return pack_response(_invoice(request, place))


@own_place
@require_GET
def download_invoice_data(request: SignedInRequest, place: Place, syntax: str) -> HttpResponse:
    """Hand out the bill as data for an accounting system."""
    return data_response(_invoice(request, place), syntax)


@own_place
@require_GET
def see_cancelling(request: SignedInRequest, place: Place) -> HttpResponse:
    """Say how a place is cancelled and what comes back, before and after the deadline (promises C1 to C3)."""
    now = clock.now()
    mail = list_mail(about=ref_to(place)).filter(kind=RESERVATION_MAIL).last()
    words = {
        "passed": not is_by(now, place.refundable_until),
        "free_until": open_free_exit(place, now),
        "choice": open_choice(place),
        "mail": mail,
        "terms": frozen_rule(place.application),
        "money": money_of(place),
        "holds": place.state in HOLDS_A_SEAT,
        "cards": leaving_of(place),
        "withdraw_until": _withdraw_until(place, now),
        "would_bring": None if place.state not in HOLDS_A_SEAT else judge_place(place, received_at=now),
    }
    return render(request, "participant/places/cancelling.html", {**place_words(request, place), **words})


@own_place
@require_http_methods(["GET", "POST"])
@sent_once
def withdraw_from_place(request: SignedInRequest, place: Place) -> HttpResponse:
    """Let a private person who pays use the right of withdrawal: asked once, then at once in effect (promise C5)."""
    now = clock.now()
    if _withdraw_until(place, now) is None:
        messages.info(request, _("There is no right of withdrawal for this place, or its days are over."))
        return redirect("see-cancelling", place.application.reference)
    if request.method != "POST":
        words = {
            "would_bring": judge_place(place, received_at=now),
            "until": _withdraw_until(place, now),
            "mixed": len({line.invoice.party.kind for line in billed_lines(place)}) > 1,
        }
        return render(request, "participant/places/withdrawal.html", {**place_words(request, place), **words})
    try:
        cancel.leave_by_right(
            place_id=place.pk, ground=NoticeGround.WITHDRAWAL, way=NoticeWay.PAGE, actor=request.actor, now=now
        )
    except (cancel.ExitNotAllowed, cancel.PlaceMoveNotAllowed):
        messages.info(request, _("This place has ended already, or the days of withdrawal are over."))
    else:
        messages.success(request, _("Your place is cancelled. A mail confirms it."))
    return redirect("see-place", place.application.reference)


@own_place
@require_POST
@sent_once
def resend_reservation(request: SignedInRequest, place: Place) -> HttpResponse:
    """Send the reservation mail again, to the same address."""
    mail = list_mail(about=ref_to(place)).filter(kind=RESERVATION_MAIL).last()
    if mail is None:
        raise Http404
    try:
        count_try(scope="reservation-again", subject=str(place.pk), rate=RESENT, now=clock.machine_now())
        resend_mail(mail_id=mail.pk, actor=request.actor, now=clock.now())
    except TooManyTries:
        messages.info(
            request, _("That mail was sent again several times today. Look among unwanted mail, or write to us.")
        )
    except MailNotResendable:
        messages.info(request, _("That mail is still on its way to you."))
    else:
        messages.success(request, _("On its way again to %(email)s.") % {"email": mail.content.to})
    return redirect("see-cancelling", place.application.reference)


@own_place
@require_GET
def list_hotels(request: SignedInRequest, place: Place) -> HttpResponse:
    """Show hotels by rate band; staying is not part of the fee (promise B6)."""
    content = get_content(place.edition)
    words = {"hotels": content.hotels, "currency": content.tariff.currency}
    return render(request, "participant/places/hotels.html", {**place_words(request, place), **words})


def _withdraw_until(place: Place, now: datetime) -> datetime | None:
    """Return until when the right of withdrawal can be used; None where there is none or it is over."""
    until = cancel.may_withdraw_until(place) if place.state in HOLDS_A_SEAT else None
    return until if until is not None and is_by(now, until) else None


def _bill_of(request: SignedInRequest, place: Place) -> Invoice | None:
    """Return the bill that the address names, else the one to pay; None where nothing is billed.

    :raises Http404: when it is no bill of this place.
    """
    money, number = money_of(place), request.GET.get("bill")
    if number is None:
        return money.invoice
    found = next((bill for bill in money.bills if bill.number == number), None)
    if found is None:
        raise Http404
    return found


def _which_bill(request: SignedInRequest) -> str:
    """Return how the address names one of two bills, for the links of its page."""
    return "?" + urlencode({"bill": request.GET["bill"]}) if "bill" in request.GET else ""


def _invoice(request: SignedInRequest, place: Place) -> Invoice:
    invoice = _bill_of(request, place)
    if invoice is None:
        raise Http404
    return invoice


def _saved_words(place: Place) -> str:
    money = money_of(place)
    if money.charges:
        return _("Saved. There is nothing to pay.")
    if (money.quote and money.quote.officer_decides) or get_open_exception(place.application):
        return _("Saved. The bill is written as soon as your fee is settled.")
    return _("Saved. Our office has to complete its own details before the bill can be written.")


def _today(place: Place) -> date:
    return local_day(clock.now(), ZoneInfo(place.edition.time_zone))
