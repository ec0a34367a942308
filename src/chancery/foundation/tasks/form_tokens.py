"""A form carries a one-time token: sent twice, the second sending is led to the first one's result."""

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Concatenate

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

from chancery.foundation import clock
from chancery.foundation.tasks.models import FormToken

type View[R: HttpRequest, **P] = Callable[Concatenate[R, P], HttpResponseBase]


def sent_once[R: HttpRequest, **P](view: View[R, P]) -> View[R, P]:
    """Guard a view against double clicks: only the first POST with a token runs it.

    A POST that is refused (status 4xx) frees its token, so that the corrected form can be sent. Without
    a token a POST is served: the acts behind the pages are safe by their own state; the token makes the second
    click show the first one's result.
    """

    def guarded(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        token = request.POST.get("form_token", "").replace("\x00", "")[:40] if request.method == "POST" else ""
        if not token:
            return view(request, *args, **kwargs)
        user_id = request.user.pk if request.user.is_authenticated else None
        if not _claim(token, user_id, clock.machine_now()):
            return HttpResponseRedirect(_result_of(token, user_id) or request.get_full_path())
        try:
            response = view(request, *args, **kwargs)
        except Exception:
            _release(token)
            raise
        if isinstance(response, HttpResponseRedirect):
            _keep_result(token, response.url)
        else:
            _release(token)
        return response

    functools.update_wrapper(guarded, view)
    return guarded


@transaction.atomic
def _claim(token: str, user_id: int | None, now: datetime) -> bool:
    try:
        with transaction.atomic():
            FormToken.objects.create(token=token, user_id=user_id, used_at=now)
    except IntegrityError:
        return False
    return True


def _result_of(token: str, user_id: int | None) -> str:
    found = FormToken.objects.filter(token=token, user_id=user_id).first()
    return found.result if found else ""


def _keep_result(token: str, url: str) -> None:
    FormToken.objects.filter(token=token).update(result=url[:300])


def _release(token: str) -> None:
    FormToken.objects.filter(token=token).delete()
