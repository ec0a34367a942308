"""The bank: statement files, lines that wait, and booking them by hand."""

from datetime import timedelta

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chancery.domain.billing.models import StatementFile
from chancery.domain.billing.queries import bank
from chancery.domain.billing.queries.balances import account_gaps
from chancery.domain.billing.queries.feeds import feed_days
from chancery.domain.billing.queries.refunds import list_that_came_back_with, list_that_left_with
from chancery.domain.billing.states import FileState
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Permission, permits
from chancery.foundation.files.storage import path_of
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.forms.billing import (
    AccountForm,
    StatementForm,
)
from chancery.interfaces.office.money_shown import refusal_words
from chancery.interfaces.office.sheets import give_sheet, is_sheet_asked
from chancery.interfaces.office.sheets.money import statements_sheet
from chancery.interfaces.office.statement_words import file_refusal_words, refused_words
from chancery.interfaces.office.uploading import on_disk
from chancery.journey import settle

LINES_A_PAGE = 50
PATIENCE = timedelta(seconds=5)


@office_page(Permission.SEE_MONEY)
@require_GET
def list_statements(request: OfficeRequest) -> HttpResponseBase:
    """Show the statement files and what waits of them."""
    if is_sheet_asked(request):
        return give_sheet(request, "statements", statements_sheet(bank.list_files()))
    return _statements(request, StatementForm(), AccountForm())


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
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
        return _statements(request, form, AccountForm(), status=409, refused=refused_words(refused))
    except settle.ImportRunning:
        words = _("Another statement is being read at this moment. Try again when it is through.")
        return _statements(request, form, AccountForm(), status=409, refused=words)
    if report.new == 0 and report.known == report.entries:
        messages.info(request, _("This file was taken in before: %(n)s lines known, none new.") % {"n": report.known})
    return redirect("show-statement", report.file_id)


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def name_account(request: OfficeRequest) -> HttpResponse:
    """Put a bank account of ours on file."""
    form = AccountForm(request.POST)
    if not form.is_valid():
        return _statements(request, StatementForm(), form, status=422)
    try:
        account = settle.name_bank_account(actor=request.actor, now=clock.now(), **form.cleaned_data)
    except settle.FeedNotPossible as refused:
        for words in refusal_words(refused):
            form.add_error("from_on", words)
        return _statements(request, StatementForm(), form, status=409)
    messages.success(request, _("Account %(number)s is on file.") % {"number": account.number})
    return redirect("list-statements")


@office_page(Permission.SEE_MONEY)
@require_GET
def show_statement(request: OfficeRequest, file_id: int) -> HttpResponse:
    """Show what an import did: balance check, counts, conflicts, refunds that moved, or why it was refused."""
    file = get_object_or_404(bank.list_files(), pk=file_id)
    work = bank.count_work(file)
    words = {
        "file": file,
        "why": file_refusal_words(str(file.report.get("code", ""))),
        "accepted": file.state == FileState.ACCEPTED,
        "statements": bank.sum_statements(file),
        "work": work,
        "waiting": bank.list_lines(file_id=file.pk).count(),
        "conflicts": list(bank.list_conflicts(file)),
        "came_back": list(list_that_came_back_with(file.pk)),
        "left": list(list_that_left_with(file.pk)),
        "first": bank.list_lines(file_id=file.pk).first(),
    }
    return render(request, "office/billing/statement.html", words)


@office_page(Permission.SEE_MONEY)
@require_GET
def download_statement(request: OfficeRequest, file_id: int) -> FileResponse:
    """Hand out the file as it came, refused ones too."""
    file = get_object_or_404(StatementFile.objects.select_related("file"), pk=file_id)
    return FileResponse(path_of(file.file).open("rb"), as_attachment=True, filename=file.name)


def _statements(
    request: OfficeRequest, form: StatementForm, account_form: AccountForm, *, status: int = 200, refused: str = ""
) -> HttpResponse:
    gaps = account_gaps()
    words = {
        "files": list(bank.list_files()[:100]),
        "form": form,
        "account_form": account_form,
        "accounts": [(account, feed_days(account).before, gaps.get(account.pk)) for account in bank.list_accounts()],
        "refused": refused,
        "may_move": permits(request.roles, Permission.MOVE_MONEY),
        "waiting": bank.list_lines().count(),
    }
    return render(request, "office/billing/statements.html", words, status=status)
