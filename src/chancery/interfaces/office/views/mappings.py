"""How banks write their CSV: saved mappings, and a new one beside the first rows of the file that needs it."""

from itertools import islice
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chancery.domain.billing.models import StatementFile, StatementMapping
from chancery.domain.billing.queries.issuing import billing_facts
from chancery.domain.billing.queries.mappings import list_mappings
from chancery.domain.billing.readers import StatementEntry, StatementRefused, read_statements
from chancery.domain.billing.readers.csv_guess import guess_mapping, head_rows
from chancery.domain.billing.readers.csv_mapping import CsvMapping
from chancery.domain.billing.states import FileState
from chancery.domain.programme.queries import get_open_edition
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Permission, permits
from chancery.foundation.files.storage import path_of
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.forms.mappings import MappingForm
from chancery.interfaces.office.statement_words import refused_words
from chancery.journey import settle

HEAD = 8192
SHOWN = 10


@office_page(Permission.SEE_MONEY)
@require_GET
def list_saved(request: OfficeRequest) -> HttpResponse:
    """Show the saved mappings."""
    words = {"mappings": list(list_mappings()), "may_move": permits(request.roles, Permission.MOVE_MONEY)}
    return render(request, "office/billing/mappings.html", words)


@office_page(Permission.MOVE_MONEY)
@require_http_methods(["GET", "POST"])
@sent_once
def map_file(request: OfficeRequest, file_id: int) -> HttpResponse:
    """Say how a CSV that was refused is written; saved, it is taken in at once."""
    file = get_object_or_404(StatementFile.objects.select_related("file"), pk=file_id)
    if file.state == FileState.ACCEPTED:
        return redirect("show-statement", file.pk)
    with path_of(file.file).open("rb") as stream:
        head = stream.read(HEAD)
    guess = guess_mapping(head)
    form = MappingForm(request.POST or None, initial=_initial(guess))
    words: dict[str, Any] = {"file": file, "form": form, "rows": head_rows(head, guess, SHOWN)}
    if request.method != "POST" or not form.is_valid():
        return render(request, "office/billing/mapping.html", words, status=422 if form.is_bound else 200)
    mapping = form.mapping()
    try:
        words["lines"] = _preview(file, mapping)
    except StatementRefused as refused:
        words["refused"] = refused_words(refused)
        return render(request, "office/billing/mapping.html", words, status=422)
    if request.POST.get("act") != "save":
        return render(request, "office/billing/mapping.html", words)
    settle.save_mapping(name=form.cleaned_data["name"], mapping=mapping, actor=request.actor, now=clock.now())
    try:
        report = settle.import_statement(path_of(file.file), name=file.name, actor=request.actor, now=clock.now())
    except StatementRefused as refused:
        words["refused"] = refused_words(refused)
        return render(request, "office/billing/mapping.html", words, status=422)
    messages.success(request, _("Saved, and the file is taken in."))
    return redirect("show-statement", report.file_id)


@office_page(Permission.MOVE_MONEY)
@require_POST
@sent_once
def forget(request: OfficeRequest, mapping_id: int) -> HttpResponse:
    """Forget a mapping; what was read by it stays."""
    mapping = get_object_or_404(StatementMapping, pk=mapping_id)
    settle.delete_mapping(mapping_id=mapping.pk, actor=request.actor, now=clock.now())
    messages.success(request, _("Forgotten: %(name)s.") % {"name": mapping.name})
    return redirect("list-mappings")


def _preview(file: StatementFile, mapping: CsvMapping) -> list[StatementEntry]:
    """Return the first lines as they would be read.

    :raises StatementRefused: when one of them cannot be read.
    """
    events = read_statements(path_of(file.file), mappings=[mapping])
    return list(islice((event for event in events if isinstance(event, StatementEntry)), SHOWN))


def _initial(guess: dict[str, Any]) -> dict[str, Any]:
    edition = get_open_edition()
    account = billing_facts(edition).iban if edition else ""
    return {**guess, "remittance": "\n".join(guess["remittance"]), "account": account, "currency": "EUR"}
