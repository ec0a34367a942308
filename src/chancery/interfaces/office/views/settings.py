"""The settings of an edition: its values, first what a change would do and whom it touches, then the change."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chancery.domain.programme.models import Edition, SettingsProposal
from chancery.domain.programme.queries import as_settled, get_content, get_seen, newest_revision
from chancery.domain.programme.readers import (
    EditionFile,
    Finding,
    SettingEntry,
    SettingsPart,
    find_contradictions,
)
from chancery.domain.programme.readers.settings import lists_of
from chancery.domain.programme.services import (
    ContradictionsNotAccepted,
    SettingsSeenBefore,
    decide_settings,
    propose_settings,
)
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Permission, permits
from chancery.foundation.audit.queries import get_event
from chancery.foundation.audit.refs import ref
from chancery.foundation.ruling import Refused
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.finding import edition_of
from chancery.interfaces.office.findings_words import finding_text
from chancery.interfaces.office.forms.settings import SettingsForm, typed_values
from chancery.interfaces.office.mails_shown import mails_of
from chancery.interfaces.office.refusals import reasons_in_words
from chancery.interfaces.office.settings_shown import (
    address_of,
    changes_in_words,
    changes_so_far,
    count_rows,
    entries_of,
    findings_of,
    places_of_part,
    proposed_of,
    rows_of,
    title_of,
    versions_of,
)
from chancery.interfaces.office.settings_words import BY_ROW, PARTS
from chancery.interfaces.office.views.settings_rows import rows_page
from chancery.journey.configure import SettingsPlan, change_settings, count_touched, plan_settings


@office_page(Permission.SEE_EDITION)
def list_settings(request: OfficeRequest, edition_slug: str) -> HttpResponse:
    """Show every value in short, what contradicts, and what was changed."""
    edition = edition_of(request, edition_slug)
    file = as_settled(edition, get_content(edition))
    words = {
        "parts": [
            {
                "title": PARTS[part],
                "href": address_of(edition, part),
                "rows": rows_of(edition, file, part) if part not in BY_ROW else [],
                "count": count_rows(file, part),
            }
            for part in SettingsPart
            if part is not SettingsPart.MAILS  # its page shows the program's words too, and is named below
        ],
        "demo_rates": file.tariff.demo,
        "demo_account": file.payment.demo,
        "findings": findings_of(edition, file, (*file.warnings, *find_contradictions(file))),
        "changes": changes_so_far(edition, file, request.roles),
        "may_change": permits(request.roles, Permission.CHANGE_EDITION),
    }
    return render(request, "office/settings/index.html", words)


@office_page(Permission.SEE_EDITION)
def show_settings(request: OfficeRequest, edition_slug: str, settings_part: str) -> HttpResponse:
    """Show the values of a part to be edited; a part of many rows shows them first."""
    edition, part = edition_of(request, edition_slug), _part(settings_part)
    file, row = as_settled(edition, get_content(edition)), request.GET.get("of", "")
    if part is SettingsPart.MAILS and not row:
        return redirect(address_of(edition, part))
    if lists_of(part) and part in BY_ROW and not row:
        return rows_page(request, edition, part)
    if part in BY_ROW and not row:
        words = {"title": PARTS[part], "rows": rows_of(edition, file, part), "places": places_of_part(edition, part)}
        return render(request, "office/settings/texts.html", words)
    entries = entries_of(file, part, row)
    if not entries:
        raise Http404
    initial = {"seen": newest_revision(edition), **_taken_back(request, edition, entries, file)}
    return _page(request, edition, part, _form(entries, file, initial=initial))


@office_page(Permission.CHANGE_EDITION)
@require_POST
def preview(request: OfficeRequest, edition_slug: str, settings_part: str) -> HttpResponse:
    """Show what was typed beside what holds, whom it touches and what would contradict; changes nothing."""
    edition, part = edition_of(request, edition_slug), _part(settings_part)
    form = _typed(request, edition, part)
    if not form.is_valid():
        return _page(request, edition, part, form, status=422)
    if form.cleaned_data["seen"] != newest_revision(edition):
        return _refused(request, edition, part, form, SettingsSeenBefore())
    try:
        plan = plan_settings(edition, form.wanted())
    except Refused as refused:
        return _refused(request, edition, part, form, refused)
    return _page(request, edition, part, form, plan=plan)


@office_page(Permission.CHANGE_EDITION)
@require_POST
@sent_once
def save(request: OfficeRequest, edition_slug: str, settings_part: str) -> HttpResponse:
    """Write the values that were shown."""
    edition, part = edition_of(request, edition_slug), _part(settings_part)
    form = _typed(request, edition, part)
    if not form.is_valid():
        return _page(request, edition, part, form, status=422)
    try:
        if part is SettingsPart.ACCOUNT:
            return _propose(request, edition, form)
        change_settings(
            edition_id=edition.pk,
            seen=form.cleaned_data["seen"],
            wanted=form.wanted(),
            accepted="accepted" in request.POST,
            actor=request.actor,
            now=clock.now(),
        )
    except ContradictionsNotAccepted as refused:
        return _refused(request, edition, part, form, refused, plan=plan_settings(edition, form.wanted()))
    except Refused as refused:
        return _refused(request, edition, part, form, refused)
    messages.success(request, _("Saved. The pages say so from now on; what was frozen stays as it was."))
    return redirect(address_of(edition, part, _row(request, part)))


@office_page(Permission.APPROVE_AS_SECOND_PERSON)
@require_POST
@sent_once
def decide(request: OfficeRequest, edition_slug: str, proposal_id: int) -> HttpResponse:
    """Approve or reject a proposed change of the account."""
    edition = edition_of(request, edition_slug)
    proposal = get_object_or_404(SettingsProposal, pk=proposal_id, edition=edition)
    approved = request.POST.get("decision") == "approve"
    try:
        decide_settings(proposal_id=proposal.pk, approved=approved, actor=request.actor, now=clock.now())
    except Refused as refused:
        file = as_settled(edition, get_content(edition))
        entries = entries_of(file, SettingsPart.ACCOUNT, "")
        form = _form(entries, file, initial={"seen": newest_revision(edition)})
        return _page(request, edition, SettingsPart.ACCOUNT, form, status=409, refused=reasons_in_words(refused))
    messages.success(request, _("Approved. It holds from now on.") if approved else _("Rejected."))
    return redirect(address_of(edition, SettingsPart.ACCOUNT))


def _propose(request: OfficeRequest, edition: Edition, form: SettingsForm) -> HttpResponse:
    propose_settings(
        edition_id=edition.pk,
        seen=form.cleaned_data["seen"],
        wanted=form.wanted(),
        actor=request.actor,
        now=clock.now(),
    )
    messages.success(request, _("Proposed. It waits to be approved."))
    return redirect(address_of(edition, SettingsPart.ACCOUNT))


def _part(name: str) -> SettingsPart:
    if name not in set(SettingsPart):
        raise Http404
    return SettingsPart(name)


def _row(request: OfficeRequest, part: SettingsPart) -> str:
    return (request.GET.get("of", "") or request.POST.get("of", "")) if part in BY_ROW else ""


def _form(entries: tuple[SettingEntry, ...], file: EditionFile, **bound: Any) -> SettingsForm:
    return SettingsForm(entries=entries, languages=file.edition.languages, **bound)


def _typed(request: OfficeRequest, edition: Edition, part: SettingsPart) -> SettingsForm:
    """Bind what was typed to the values that were shown, so that only what the person changed is a change."""
    seen = request.POST.get("seen", "")
    shown = get_seen(edition, int(seen)) if seen.isdecimal() and len(seen) < 18 else None
    file = as_settled(edition, shown or get_content(edition))
    entries = entries_of(file, part, _row(request, part))
    if not entries:
        raise Http404
    return _form(entries, file, data=request.POST)


def _taken_back(
    request: OfficeRequest, edition: Edition, entries: tuple[SettingEntry, ...], file: EditionFile
) -> dict[str, Any]:
    """Return the old value of a change that is to be set back, for the fields that show it."""
    number = request.GET.get("back", "")
    event = get_event(int(number), ref(edition)) if number.isdecimal() and len(number) < 18 else None
    entry = next((each for each in entries if event and each.name == event.facts.get("key")), None)
    return typed_values(entry, event.facts["old"], file.edition.languages) if event and entry else {}


def _refused(
    request: OfficeRequest,
    edition: Edition,
    part: SettingsPart,
    form: SettingsForm,
    refused: Refused,
    *,
    plan: SettingsPlan | None = None,
) -> HttpResponse:
    """Say what stands in the way; a value that cannot be read is told at its field."""
    findings: tuple[Finding, ...] = getattr(refused, "findings", ())
    errors = [each for each in findings if each.is_error and not each.beside]
    for each in errors:
        form.blame(each.key, finding_text(each))
    if errors:
        return _page(request, edition, part, form, status=422)
    if isinstance(refused, SettingsSeenBefore):
        return _meanwhile(request, edition, part, form, refused)
    against = findings if plan is None else ()
    said = reasons_in_words(refused)
    return _page(request, edition, part, form, status=409, plan=plan, against=against, refused=said)


def _meanwhile(
    request: OfficeRequest, edition: Edition, part: SettingsPart, form: SettingsForm, refused: Refused
) -> HttpResponse:
    """Show both versions, and what was typed over the values that hold now."""
    file, wanted = as_settled(edition, get_content(edition)), form.wanted()
    entries = entries_of(file, part, _row(request, part))
    initial: dict[str, Any] = {"seen": newest_revision(edition)}
    for entry in entries:
        if entry.name in wanted:
            initial |= typed_values(entry, wanted[entry.name], file.edition.languages)
    fresh = _form(entries, file, initial=initial)
    versions = versions_of(entries, form.entries, wanted)
    return _page(request, edition, part, fresh, status=409, refused=reasons_in_words(refused), versions=versions)


def _page(
    request: OfficeRequest,
    edition: Edition,
    part: SettingsPart,
    form: SettingsForm,
    *,
    status: int = 200,
    plan: SettingsPlan | None = None,
    against: tuple[Finding, ...] = (),
    **more: Any,
) -> HttpResponse:
    file = as_settled(edition, get_content(edition))
    found, of = (plan.draft.findings, plan.draft.file) if plan else (against, file)
    words = {
        "title": title_of(part, form.entries),
        "settings_part": part,
        "row": _row(request, part),
        "parent": address_of(edition, part) if part in BY_ROW else "",
        "parent_title": PARTS[part],
        "settings_form": form,
        "form": form if form.errors else None,
        "plan": plan,
        "typed": [(name, value) for name in form.fields for value in _posted(form, name)] if plan else [],
        "changes": changes_in_words(plan.draft.changes) if plan else [],
        "findings": findings_of(edition, of, found, {} if plan or not against else form.wanted()),
        "touched": plan.touched if plan else count_touched(edition),
        "places": places_of_part(edition, part),
        "frozen": any(each.is_frozen for each in form.entries),
        "may_change": permits(request.roles, Permission.CHANGE_EDITION),
        "proposed": proposed_of(edition, file, request.actor) if part is SettingsPart.ACCOUNT else None,
        "may_approve": permits(request.roles, Permission.APPROVE_AS_SECOND_PERSON),
        "mails": mails_of(edition, of, form.entries) if part is SettingsPart.MAILS else [],
        "side_by_side": part in (SettingsPart.WORDS, SettingsPart.MAILS),
        **more,
    }
    return render(request, "office/settings/part.html", words, status=status)


def _posted(form: SettingsForm, name: str) -> list[str]:
    return [str(value) for value in form.data.getlist(name)] if hasattr(form.data, "getlist") else []
