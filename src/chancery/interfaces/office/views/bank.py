"""The bank: statement files, lines that wait, and booking them by hand."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from chancery.domain.billing.models import BankEntry, StatementFile
from chancery.domain.billing.queries import bank
from chancery.domain.billing.queries.invoices import candidates_for
from chancery.domain.billing.states import FileState
from chancery.domain.enrollment.queries import bills_of_held_places
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Permission, permits
from chancery.foundation.files.storage import path_of
from chancery.foundation.money import Money
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.foundation.ui.parts import PageLinks
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.forms.billing import (
    AccountForm,
    BookingForm,
    LineFilter,
    NoteForm,
    ReasonForm,
    StatementForm,
)
from chancery.interfaces.office.money_shown import Candidate, candidate, left_of, reason_words, refusal_words
from chancery.interfaces.office.uploading import on_disk
from chancery.journey import settle

LINES_A_PAGE = 50
PATIENCE = timedelta(seconds=5)


@require_GET
@office_page(Permission.SEE_MONEY)
def list_statements(request: OfficeRequest) -> HttpResponse:
    """Show the statement files and what waits of them."""
    return _statements(request, StatementForm(), AccountForm())


@require_POST
@sent_once
@office_page(Permission.MOVE_MONEY)
def take_statement(request: OfficeRequest) -> HttpResponse:
    """Take a statement file in; a refused one takes nothing and says why."""
    form = StatementForm(request.POST, request.FILES)
    if not form.is_valid():
        return _statements(request, form, AccountForm(), status=422)
    upload = form.cleaned_data["file"]
    try:
        with on_disk(upload) as path:
            report = settle.import_statement(
                path, actor=request.actor, now=clock.now(), name=upload.name, patience=PATIENCE
            )
    except settle.StatementRefused as refused:
        return _statements(request, form, AccountForm(), status=409, refused=refused.detail)
    except settle.ImportRunning:
        words = _("Another statement is being read at this moment. Try again when it is through.")
        return _statements(request, form, AccountForm(), status=409, refused=words)
    if report.new == 0 and report.known == report.entries:
        messages.info(request, _("This file was taken in before: %(n)s lines known, none new.") % {"n": report.known})
    return redirect("show-statement", report.file_id)


@require_POST
@sent_once
@office_page(Permission.MOVE_MONEY)
def name_account(request: OfficeRequest) -> HttpResponse:
    """Put a bank account of ours on file."""
    form = AccountForm(request.POST)
    if not form.is_valid():
        return _statements(request, StatementForm(), form, status=422)
    account = settle.name_bank_account(**form.cleaned_data)
    messages.success(request, _("Account %(number)s is on file.") % {"number": account.number})
    return redirect("list-statements")


@require_GET
@office_page(Permission.SEE_MONEY)
def show_statement(request: OfficeRequest, file_id: int) -> HttpResponse:
    """Show what an import did: balance check, counts, conflicts, or why it was refused."""
    file = get_object_or_404(bank.list_files(), pk=file_id)
    work = bank.count_work(file)
    words = {
        "file": file,
        "accepted": file.state == FileState.ACCEPTED,
        "statements": bank.sum_statements(file),
        "work": work,
        "waiting": bank.list_lines(file_id=file.pk).count(),
        "conflicts": list(bank.list_conflicts(file)),
        "first": bank.list_lines(file_id=file.pk).first(),
    }
    return render(request, "office/billing/statement.html", words)


@require_GET
@office_page(Permission.SEE_MONEY)
def download_statement(request: OfficeRequest, file_id: int) -> FileResponse:  # the shape of a view
    """Hand out the file as it came, refused ones too."""
    file = get_object_or_404(StatementFile.objects.select_related("file"), pk=file_id)
    return FileResponse(path_of(file.file).open("rb"), as_attachment=True, filename=file.name)


@require_GET
@office_page(Permission.SEE_MONEY)
def list_lines(request: OfficeRequest) -> HttpResponse:
    """Show bank lines, those that wait for a person first of all."""
    form = LineFilter(request.GET or {"state": bank.WAITING})
    wanted = form.cleaned_data if form.is_valid() else {"q": "", "state": bank.WAITING}
    page = Paginator(bank.list_lines(state=wanted["state"], words=wanted["q"]), LINES_A_PAGE).get_page(
        request.GET.get("page")
    )
    words = {
        "form": form,
        "lines": [(line, left_of(line), reason_words(line.balance.reasons)) for line in page],
        "count": page.paginator.count,
        "page": page_links(request, page),
        "clear_href": request.path if request.GET else "",
    }
    return render(request, "office/billing/lines.html", words)


@require_GET
@office_page(Permission.SEE_MONEY)
def show_line(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Show what the bank says beside the bills that it may belong to."""
    return _line(request, _entry(entry_id))


@require_POST
@sent_once
@office_page(Permission.MOVE_MONEY)
def book_line(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Book money of a line to a bill, then go on to the next one that waits."""
    entry, form = _entry(entry_id), BookingForm(request.POST)
    credit = entry.amount_minor > 0
    amount = form.amount_minor(entry.currency, credit=credit) if form.is_valid() else None
    if amount is None:
        return _line(
            request,
            entry,
            status=422,
            refused=[_("Write the amount as %(example)s, and why it belongs there.") % {"example": _example(entry)}],
        )
    try:
        moved = settle.allocate(
            entry_id=entry.pk,
            invoice_id=form.cleaned_data["invoice"],
            amount_minor=amount,
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            now=clock.now(),
        )
    except settle.AllocationNotPossible as refused:
        return _line(request, entry, status=409, refused=refusal_words(refused))
    words = _("Booked to %(number)s: paid in full, the place is guaranteed.")
    if not moved.settles:
        words = _("Booked to %(number)s. It is not paid in full, so the place is not guaranteed.")
    elif not bills_of_held_places([moved.invoice.pk]):
        words = _("Booked to %(number)s: paid in full, but nobody holds its place any more.")
    messages.success(request, words % {"number": moved.invoice.number})
    return _next(entry)


@require_POST
@sent_once
@office_page(Permission.MOVE_MONEY)
def park_line(request: OfficeRequest, entry_id: int) -> HttpResponse:
    """Leave a line in suspense with a note."""
    entry, form = _entry(entry_id), NoteForm(request.POST)
    if not form.is_valid():
        return _line(request, entry, status=422, refused=[_("Write what you are waiting for.")])
    settle.park_entry(entry_id=entry.pk, note=form.cleaned_data["note"], actor=request.actor, now=clock.now())
    messages.success(request, _("The note is kept; the line stays in suspense."))
    return _next(entry)


@require_POST
@sent_once
@office_page(Permission.MOVE_MONEY)
def undo_allocation(request: OfficeRequest, entry_id: int, allocation_id: int) -> HttpResponse:
    """Take a booking back by a new row; the line waits again."""
    entry, form = _entry(entry_id), ReasonForm(request.POST)
    if not bank.list_allocations(entry).filter(pk=allocation_id).exists():
        raise Http404
    if not form.is_valid():
        return _line(request, entry, status=422, refused=[_("Say why, in a few words.")])
    try:
        moved = settle.reverse_allocation(
            allocation_id=allocation_id, reason=form.cleaned_data["reason"], actor=request.actor, now=clock.now()
        )
    except settle.AllocationNotPossible as refused:
        return _line(request, entry, status=409, refused=refusal_words(refused))
    messages.success(request, _("Taken back from %(number)s.") % {"number": moved.invoice.number})
    return redirect("show-line", entry.pk)


def _statements(
    request: OfficeRequest, form: StatementForm, account_form: AccountForm, *, status: int = 200, refused: str = ""
) -> HttpResponse:
    words = {
        "files": list(bank.list_files()[:100]),
        "form": form,
        "account_form": account_form,
        "accounts": list(bank.list_accounts()),
        "refused": refused,
        "may_move": permits(request.roles, Permission.MOVE_MONEY),
        "waiting": bank.list_lines().count(),
    }
    return render(request, "office/billing/statements.html", words, status=status)


def _line(
    request: OfficeRequest, entry: BankEntry, *, status: int = 200, refused: list[str] | None = None
) -> HttpResponse:
    left, words = left_of(entry), request.GET.get("q", "").strip()
    bills = candidates_for(entry, words=words) if left else []
    held = bills_of_held_places(bill.pk for bill in bills)
    found = [candidate(entry, bill, ended=bill.pk not in held) for bill in bills]
    found = [_as_typed(each, request) for each in found if words or each.reason]
    waiting = bank.list_lines().exclude(pk=entry.pk).count()
    more = {
        "line": entry,
        "left": left,
        "reasons": reason_words(entry.balance.reasons),
        "candidates": found,
        "q": words,
        "allocations": list(bank.list_allocations(entry)),
        "refused": refused,
        "may_move": permits(request.roles, Permission.MOVE_MONEY),
        "more_words": ngettext("%(n)s more waits", "%(n)s more wait", waiting) % {"n": waiting} if waiting else "",
        "next_line": bank.next_line(entry),
    }
    return render(request, "office/billing/line.html", more, status=status)


def _as_typed(each: Candidate, request: OfficeRequest) -> Candidate:
    """Keep what was typed beside the bill that a refused booking named."""
    if request.POST.get("invoice") != str(each.invoice.pk):
        return each
    return replace(each, amount=request.POST.get("amount", ""), reason=request.POST.get("reason", ""))


def _example(entry: BankEntry) -> str:
    return str(Money(abs(left_of(entry)), entry.currency).decimal)


def _next(entry: BankEntry) -> HttpResponse:
    waiting = bank.next_line(entry)
    return redirect("show-line", waiting.pk) if waiting else redirect("list-lines")


def _entry(entry_id: int) -> BankEntry:
    entry = bank.find_line(entry_id)
    if entry is None:
        raise Http404
    return entry


def page_links(request: OfficeRequest, page: Any) -> PageLinks:  # Django's Page is not generic at run time
    """Return the ways to the neighbouring pages of a list, its filters kept."""

    def href(number: int) -> str:
        query = request.GET.copy()
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    return PageLinks(
        position=_("page %(number)s of %(last)s") % {"number": page.number, "last": page.paginator.num_pages},
        previous_href=href(page.previous_page_number()) if page.has_previous() else "",
        next_href=href(page.next_page_number()) if page.has_next() else "",
    )
