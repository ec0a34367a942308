"""The lists of an edition: rows are added, taken out and moved; first what that would do, then the change."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chancery.domain.programme.models import Edition
from chancery.domain.programme.queries import as_settled, get_content, newest_revision
from chancery.domain.programme.readers import Finding, SettingsPart
from chancery.domain.programme.readers.settings import lists_of
from chancery.domain.programme.services import ContradictionsNotAccepted, SettingsSeenBefore
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Permission, permits
from chancery.foundation.ruling import Refused
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.finding import edition_of
from chancery.interfaces.office.findings_words import finding_text
from chancery.interfaces.office.forms.settings_rows import RowsForm
from chancery.interfaces.office.refusals import reasons_in_words
from chancery.interfaces.office.settings_shown import (
    address_of,
    changes_in_words,
    findings_of,
    lists_shown,
    places_of_part,
)
from chancery.interfaces.office.settings_words import BY_ROW, PARTS
from chancery.journey.configure import RowsPlan, change_rows, count_touched, plan_rows


def rows_page(
    request: OfficeRequest, edition: Edition, part: SettingsPart, *, status: int = 200, **more: Any
) -> HttpResponse:
    """Show the lists of a part with what can be done to each row, and a form for a new one."""
    file, form = as_settled(edition, get_content(edition)), more.get("form")
    words = {
        "title": PARTS[part],
        "settings_part": part,
        "lists": lists_shown(edition, file, part, form if isinstance(form, RowsForm) else None),
        "seen": newest_revision(edition),
        "places": places_of_part(edition, part),
        "touched": count_touched(edition),
        "may_change": permits(request.roles, Permission.CHANGE_EDITION),
        **more,
    }
    return render(request, "office/settings/rows.html", words, status=status)


@office_page(Permission.CHANGE_EDITION)
@require_POST
def preview_rows(request: OfficeRequest, edition_slug: str, settings_part: str) -> HttpResponse:
    """Show the list before and after, whom it touches and what would contradict; changes nothing."""
    edition, part, form = _asked(request, edition_slug, settings_part)
    if _is_old(request, edition):
        return _refused(request, edition, part, form, SettingsSeenBefore())
    if not form.is_valid():
        return rows_page(request, edition, part, form=form, status=422)
    try:
        plan = plan_rows(edition, form.of, form.rows())
    except Refused as refused:
        return _refused(request, edition, part, form, refused)
    return _planned(request, edition, part, form, plan)


@office_page(Permission.CHANGE_EDITION)
@require_POST
@sent_once
def save_rows(request: OfficeRequest, edition_slug: str, settings_part: str) -> HttpResponse:
    """Write the list that was shown."""
    edition, part, form = _asked(request, edition_slug, settings_part)
    if _is_old(request, edition):
        return _refused(request, edition, part, form, SettingsSeenBefore())
    if not form.is_valid():
        return rows_page(request, edition, part, form=form, status=422)
    try:
        change_rows(
            edition_id=edition.pk,
            seen=form.cleaned_data["seen"],
            table=form.of,
            rows=form.rows(),
            accepted="accepted" in request.POST,
            actor=request.actor,
            now=clock.now(),
        )
    except ContradictionsNotAccepted as refused:
        plan = plan_rows(edition, form.of, form.rows())
        return _planned(request, edition, part, form, plan, status=409, refused=reasons_in_words(refused))
    except Refused as refused:
        return _refused(request, edition, part, form, refused)
    messages.success(request, _("Saved. The pages say so from now on; what was frozen stays as it was."))
    return redirect(f"{address_of(edition, part)}#{form.of}")


def _asked(request: OfficeRequest, edition_slug: str, settings_part: str) -> tuple[Edition, SettingsPart, RowsForm]:
    edition = edition_of(request, edition_slug)
    if settings_part not in BY_ROW:
        raise Http404
    part, table = SettingsPart(settings_part), request.POST.get("table", "")
    if table not in lists_of(part):
        raise Http404
    return edition, part, RowsForm(request.POST, file=as_settled(edition, get_content(edition)), table=table)


def _is_old(request: OfficeRequest, edition: Edition) -> bool:
    """Whether the page was shown before the edition changed: its places would mean other rows now."""
    return request.POST.get("seen", "") != str(newest_revision(edition))


def _planned(
    request: OfficeRequest, edition: Edition, part: SettingsPart, form: RowsForm, plan: RowsPlan, **more: Any
) -> HttpResponse:
    words: dict[str, Any] = {
        "plan": plan,
        "typed": form.typed(),
        "changes": changes_in_words(plan.draft.changes),
        "answered": [(key, many) for key, many in plan.answered.items() if many],
        "findings": findings_of(edition, plan.draft.file, plan.draft.findings),
    }
    return rows_page(request, edition, part, **words, **more)


def _refused(
    request: OfficeRequest, edition: Edition, part: SettingsPart, form: RowsForm, refused: Refused
) -> HttpResponse:
    """Say what stands in the way; a value of a new row that cannot be read is told at its field."""
    findings: tuple[Finding, ...] = getattr(refused, "findings", ())
    errors = [each for each in findings if each.is_error]
    for each in errors:
        form.blame(each.key, finding_text(each))
    if errors:
        return rows_page(request, edition, part, form=form, status=422)
    kept = {} if isinstance(refused, SettingsSeenBefore) else {"form": form}
    return rows_page(request, edition, part, status=409, refused=reasons_in_words(refused), **kept)
