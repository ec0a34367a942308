"""Bills: what is open, late and paid, and the places that still lack one."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chancery.domain.billing.documents.electronic_invoice import Syntax
from chancery.domain.billing.documents.paper import bill_as_xml
from chancery.domain.billing.models import Invoice
from chancery.domain.billing.queries.electronic import is_electronic
from chancery.domain.billing.queries.invoices import (
    age_invoices,
    find_invoice,
    is_late,
    list_credit_notes,
    list_invoices,
    list_proofs,
    list_write_offs,
    names_on,
    state_of,
    total_invoices,
)
from chancery.domain.billing.queries.journal import journal
from chancery.domain.billing.queries.payers import FIELDS
from chancery.domain.billing.queries.refunds import list_refunds_by
from chancery.domain.billing.states import CreditReason, InvoiceKind
from chancery.domain.enrollment.models import Place
from chancery.domain.enrollment.queries import (
    bills_before_and_after,
    bills_beside,
    list_share_wishes,
    list_unbilled,
    shared_with,
)
from chancery.domain.programme.models import Edition
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Permission, permits
from chancery.foundation.audit.refs import ref
from chancery.foundation.calendar import local_day
from chancery.foundation.files.models import Purpose
from chancery.foundation.files.storage import path_of, store_bytes
from chancery.foundation.files.uploads import UploadRefused, check_upload
from chancery.foundation.mail.queries import list_mail
from chancery.foundation.mail.states import DeliveryState
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.queries import list_open
from chancery.foundation.ruling import Refused
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.finding import edition_of
from chancery.interfaces.office.forms.billing import ExternalForm, InvoiceFilter
from chancery.interfaces.office.forms.payers import ReissueForm
from chancery.interfaces.office.mail_shown import STATES
from chancery.interfaces.office.money_shown import refusal_words
from chancery.interfaces.office.paging import page_links
from chancery.interfaces.office.saved_views import keeps_views
from chancery.interfaces.office.sheets import give_sheet
from chancery.interfaces.office.sheets.bills import ages_sheet, bills_sheet, journal_sheet, unbilled_sheet
from chancery.journey import bill
from chancery.journey.reissue import due_anew, reissue_bill

BILLS_A_PAGE = 50


@office_page(Permission.SEE_MONEY)
@require_GET
@keeps_views("list-bills")
def list_bills(request: OfficeRequest, edition_slug: str) -> HttpResponse:
    """Show the bills of an edition with their sums, and the places that still lack one."""
    edition = edition_of(request, edition_slug)
    form, today = InvoiceFilter(request.GET), _today(edition)
    rows = _wanted(edition, form, today)
    page = Paginator(rows, BILLS_A_PAGE).get_page(request.GET.get("page"))
    shared = shared_with(each.pk for each in page)
    words = {
        "form": form,
        "bills": [
            {
                "bill": each,
                "state": state_of(each.balance),
                "late": is_late(each, today),
                "open": each.balance.open_minor,
                "beside": shared.get(each.pk, ""),
            }
            for each in page
        ],
        "totals": total_invoices(rows),
        "ages": age_invoices(rows, today),
        "count": page.paginator.count,
        "page": page_links(request, page.number, page.paginator.num_pages),
        "unbilled": _unbilled(edition),
        "wishes": list_share_wishes(edition),
        "may_move": permits(request.roles, Permission.MOVE_MONEY),
        "clear_href": f"{request.path}?all" if request.GET else "",
        "query": request.GET.urlencode(),
    }
    return render(request, "office/billing/bills.html", words)


@office_page(Permission.SEE_MONEY)
@require_GET
def export_bills(request: OfficeRequest, edition_slug: str) -> HttpResponseBase:
    """Give the filtered bills out for a spreadsheet: CSV, or XLSX where it is asked for."""
    edition = edition_of(request, edition_slug)
    rows = _wanted(edition, InvoiceFilter(request.GET), _today(edition))
    return give_sheet(request, "bills", bills_sheet(rows), edition=edition)


@office_page(Permission.SEE_MONEY)
@require_GET
def export_journal(request: OfficeRequest) -> HttpResponseBase:
    """Give every booking out, double entry, one line a booking: CSV for an accountant's import, XLSX to be read."""
    sheet = journal_sheet(journal(), coded=request.GET.get("as") != "xlsx")
    return give_sheet(request, "journal", sheet)


@office_page(Permission.SEE_MONEY)
@require_GET
def export_ages(request: OfficeRequest, edition_slug: str) -> HttpResponseBase:
    """Give out how old is what is open on the filtered bills."""
    edition = edition_of(request, edition_slug)
    today = _today(edition)
    ages = age_invoices(_wanted(edition, InvoiceFilter(request.GET), today), today)
    return give_sheet(request, "ages", ages_sheet(ages), edition=edition)


@office_page(Permission.SEE_MONEY)
@require_GET
def export_unbilled(request: OfficeRequest, edition_slug: str) -> HttpResponseBase:
    """Give out the places that lack a bill."""
    edition = edition_of(request, edition_slug)
    return give_sheet(request, "places-without-a-bill", unbilled_sheet(_unbilled(edition)), edition=edition)


@office_page(Permission.SEE_MONEY)
@require_GET
def show_bill(request: OfficeRequest, number: str) -> HttpResponse:
    """Show one bill: payer, lines, what was booked to it, its mails and proofs."""
    return _bill(request, _found(number), ExternalForm())


@office_page(Permission.SEE_MONEY)
@require_GET
def download_bill(request: OfficeRequest, number: str) -> HttpResponse:
    """Hand out the paper of a bill."""
    invoice = _found(number)
    return HttpResponse(
        bill.invoice_pdf(invoice=invoice, now=clock.now()),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{invoice.number}.pdf"'},
    )


@office_page(Permission.SEE_MONEY)
@require_GET
def download_bill_data(request: OfficeRequest, number: str, syntax: str) -> HttpResponse:
    """Hand out a bill as data for an accounting system."""
    invoice = _found(number)
    if syntax not in set(Syntax) or not is_electronic(invoice):
        raise Http404
    return HttpResponse(
        bill_as_xml(invoice, Syntax(syntax)),
        content_type="application/xml",
        headers={"Content-Disposition": f'attachment; filename="{invoice.number}-{syntax}.xml"'},
    )


@office_page(Permission.SEE_MONEY)
@require_GET
def download_proof(request: OfficeRequest, number: str, proof_id: int) -> HttpResponse:
    """Hand out a proof of transfer; it is never shown in the page."""
    proof = get_object_or_404(list_proofs(_found(number)), pk=proof_id)
    return HttpResponse(
        path_of(proof.file).read_bytes(),
        content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="proof-{proof.pk}"'},
    )


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def record_external(request: OfficeRequest, number: str) -> HttpResponse:
    """Record number, day and file of the invoice that the issuer's own system made."""
    invoice, form = _found(number), ExternalForm(request.POST, request.FILES)
    if not form.is_valid():
        return _bill(request, invoice, form, status=422)
    upload, now, file = form.cleaned_data["file"], clock.now(), None
    try:
        if upload:
            checked = check_upload(upload, Purpose.EXTERNAL_INVOICE)
            file = store_bytes(
                checked.content,
                purpose=Purpose.EXTERNAL_INVOICE,
                name=checked.name,
                content_type=checked.content_type,
                now=now,
            )
        bill.record_external(
            number=invoice.number,
            external_number=form.cleaned_data["number"],
            issued_on=form.cleaned_data["issued_on"],
            file=file,
            actor=request.actor,
            now=now,
        )
    except UploadRefused:
        form.add_error("file", _("Only PDF files of 10 MB at most are taken."))
        return _bill(request, invoice, form, status=422)
    except bill.NotToBeRecorded as refused:
        return _bill(request, invoice, form, status=409, refused=refusal_words(refused))
    messages.success(request, _("Recorded."))
    return redirect("show-bill", invoice.number)


@office_page(Permission.MOVE_MONEY)
@require_http_methods(["GET", "POST"])
@sent_once
def reissue(request: OfficeRequest, number: str) -> HttpResponse:
    """Correct a bill: a credit note over all of it and a new bill, in one act."""
    invoice = _found(number)
    known = {name: getattr(invoice.party, name) for name in FIELDS}
    form = ReissueForm(request.POST or None, initial=known)
    words: dict[str, Any] = {"invoice": invoice, "form": form, "due_anew": due_anew(invoice=invoice, now=clock.now())}
    if request.method != "POST" or not form.is_valid():
        return render(request, "office/billing/reissue.html", words, status=422 if form.is_bound else 200)
    try:
        new = reissue_bill(
            invoice_id=invoice.pk,
            payer=form.payer(),
            reason=CreditReason(form.cleaned_data["reason"]),
            actor=request.actor,
            now=clock.now(),
        )
    except Refused as refused:
        words["refused"] = refusal_words(refused)
        return render(request, "office/billing/reissue.html", words, status=409)
    messages.success(request, _("%(old)s is credited, %(new)s takes its place.") % {"old": number, "new": new.number})
    return redirect("show-bill", new.number)


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def issue_bill(request: OfficeRequest, edition_slug: str, place_id: int) -> HttpResponse:
    """Write the bill of a place that lacks one."""
    edition = edition_of(request, edition_slug)
    place = get_object_or_404(Place, pk=place_id, edition=edition)
    try:
        invoice = bill.issue_for_place(place_id=place.pk, actor=request.actor, now=clock.now())
    except (bill.AlreadyBilled, bill.InvoiceDataMissing) as refused:
        messages.error(request, " ".join(refusal_words(refused)))
        return redirect("list-bills", edition.slug)
    if invoice is None:
        messages.info(request, _("There is nothing to bill yet: an officer decides the fee, or it is zero."))
        return redirect("list-bills", edition.slug)
    messages.success(request, _("Issued: %(number)s.") % {"number": invoice.number})
    return redirect("show-bill", invoice.number)


def _bill(
    request: OfficeRequest, invoice: Invoice, form: ExternalForm, *, status: int = 200, refused: list[str] | None = None
) -> HttpResponse:
    words: dict[str, Any] = {
        "invoice": invoice,
        **(_as_note(invoice) if invoice.corrects else _as_bill(invoice)),
        "is_request": invoice.kind == InvoiceKind.REQUEST,
        "has_data": is_electronic(invoice),
        "mails": [
            {"mail": mail, "state": STATES[DeliveryState(mail.delivery.state)][1]}
            for mail in list_mail(about=ref(invoice))
        ],
        "printed_names": [name for name in names_on(invoice) if name.fell_back],
        "form": form,
        "refused": refused,
        "may_move": permits(request.roles, Permission.MOVE_MONEY),
    }
    return render(request, "office/billing/bill.html", words, status=status)


def _as_bill(invoice: Invoice) -> dict[str, Any]:
    beside, (before, after) = bills_beside(invoice), bills_before_and_after(invoice)
    return {
        "before": before,
        "after": after,
        "state": state_of(invoice.balance),
        "late": is_late(invoice, _today(invoice.edition)),
        "open_minor": invoice.balance.open_minor,
        "allocations": list(invoice.allocations.select_related("entry", "reversed_by").order_by("id")),
        "proofs": list(list_proofs(invoice)),
        "write_offs": list(list_write_offs(invoice)),
        "credit_notes": list(list_credit_notes(corrects=invoice)),
        "beside": beside,
        "may_join": not any(each.balance.allocated_minor for each in (invoice, *beside)),
        "may_share": invoice.balance.allocated_minor == 0 and len(invoice.lines.all()) == 1,
    }


def _as_note(note: Invoice) -> dict[str, Any]:
    return {"state": "", "open_minor": 0, "refunds": list(list_refunds_by(note))}


def _unbilled(edition: Edition) -> list[dict[str, Any]]:
    """Return places that lack a bill with what each waits for."""
    places = list_unbilled(edition)
    waits = {
        ObligationKind.FEE_DECISION: _("an officer decides the fee"),
        ObligationKind.INVOICE: _("payer or issuer not complete"),
    }
    ids = [str(place.pk) for place in places]
    about = list_open(waits).filter(subject_kind=Place._meta.label_lower, subject_id__in=ids)
    promises = {each.subject_id: each for each in about}
    rows = []
    for place in places:
        promise = promises.get(str(place.pk))
        why = waits.get(ObligationKind(promise.kind), "") if promise else ""
        rows.append({"place": place, "why": why, "due_at": promise.due_at if promise else None})
    return rows


def _found(number: str) -> Invoice:
    invoice = find_invoice(number)
    if invoice is None:
        raise Http404
    return invoice


def _wanted(edition: Edition, form: InvoiceFilter, today: date) -> QuerySet[Invoice]:
    asked = form.cleaned_data if form.is_valid() else {"q": "", "standing": ""}
    return list_invoices(edition_id=edition.pk, words=asked["q"], standing=asked["standing"], today=today)


def _today(edition: Edition) -> date:
    return local_day(clock.now(), ZoneInfo(edition.time_zone))
