"""The sessions of an edition: by day, as a picture, as a calendar file."""

from itertools import groupby

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chancery.interfaces.public.calendar_file import calendar_file
from chancery.interfaces.public.opening import opened
from chancery.interfaces.public.pages import in_language, kept_page
from chancery.interfaces.public.tracing import ShownSession, all_sessions
from chancery.interfaces.public.week_grid import week_grid


@require_safe
@in_language
@kept_page
def list_sessions(request: HttpRequest, language: str, edition: str) -> HttpResponse:
    """Show what is taught when: the week as a picture, and every session by day."""
    page = opened(request, language, edition)
    sessions = all_sessions(page.file, language)
    told = {
        "by_day": [(day, list(group)) for day, group in groupby(sessions, key=_day)],
        "grid": week_grid(page.edition, sessions),
        "has_examples": any(session.demo for session in sessions),
    }
    return render(request, "public/sessions.html", page.context | told)


@require_safe
@in_language
def download_calendar(request: HttpRequest, language: str, edition: str) -> HttpResponse:
    """Give the sessions as a file for a calendar."""
    page = opened(request, language, edition)
    text = calendar_file(
        page.edition.programme.name,
        settings.SITE_HOST,
        page.edition.slug,
        all_sessions(page.file, language),
        page.now,
    )
    headers = {"Content-Disposition": f'attachment; filename="{page.edition.slug}.ics"'}
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)


def _day(session: ShownSession) -> object:
    return session.day
