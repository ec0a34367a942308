"""Enter as somebody of the cast; these pages exist in the demo only.

Entering is a link, not a form, so that the bar can stand on cached pages: there is nothing behind it but fiction.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chancery.foundation.accounts.factors import open_session
from chancery.foundation.accounts.models import User
from chancery.foundation.accounts.sign_in import CODE_SENT
from chancery.interfaces.demo.cast import OFFICE, applicants

type View = Callable[..., HttpResponse]


def demo_only(view: View) -> View:
    """Answer as if the page did not exist outside the demo."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, **kwargs: str) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, **kwargs)

    return never_cache(require_safe(guarded))


@demo_only
def people(request: HttpRequest) -> HttpResponse:
    """Show everybody one can enter as, with the state their file is in."""
    return render(request, "demo/people.html", {"office": OFFICE, "applicants": applicants().values()})


@demo_only
def enter(request: HttpRequest, key: str) -> HttpResponse:
    """Sign in as the person of this key and lead to their first page."""
    office = {member.key: member.email for member in OFFICE}
    email = office.get(key) or (applicants()[key].email if key in applicants() else "")
    user = User.objects.filter(email=email).first()
    if user is None:
        raise Http404
    with _code_kept(request):
        open_session(request, user)
    return redirect("see-today" if key in office else "my-files")


@demo_only
def leave(request: HttpRequest) -> HttpResponse:
    """Become a visitor again; one who has asked for a code goes on where the code is typed."""
    with _code_kept(request):
        logout(request)
    return redirect("sign-in-code" if CODE_SENT in request.session else "front-door")


@contextmanager
def _code_kept(request: HttpRequest) -> Iterator[None]:
    """Keep a code that was asked for: it is read as somebody of the office, because no mail leaves the demo."""
    sent = request.session.get(CODE_SENT)
    yield
    if sent is not None:
        request.session[CODE_SENT] = sent
