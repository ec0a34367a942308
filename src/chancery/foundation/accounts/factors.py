"""By which factors the session was opened: a code by mail, a password, a second factor."""

from enum import StrEnum

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.utils import timezone

from chancery.foundation import clock
from chancery.foundation.accounts.models import User

SESSION_KEY = "factors"
BACKEND = "django.contrib.auth.backends.ModelBackend"


class Factor(StrEnum):
    """What a person showed to be let in."""

    CODE = "code"
    PASSWORD = "password"  # noqa: S105  # the name of a factor, not a secret
    SECOND = "second"


def open_session(request: HttpRequest, user: User, *factors: Factor) -> None:
    """Sign the account in under a new session key, and remember by which factors.

    A session of the office ends after a working day however it is used, any other with its cookie.
    """
    login(request, user, backend=BACKEND)
    # Django writes the machine's instant; pages, and the end of accounts that nobody uses, go by the story's clock.
    User.objects.filter(pk=user.pk).update(last_login=clock.now())
    request.session[SESSION_KEY] = [str(factor) for factor in factors]
    is_office = Factor.PASSWORD in factors
    # By the clock with which Django ends sessions.
    request.session.set_expiry(timezone.now() + settings.OFFICE_SESSION if is_office else None)


def factors_of(request: HttpRequest) -> frozenset[Factor]:
    """Return the factors by which this session was opened."""
    return frozenset(Factor(factor) for factor in request.session.get(SESSION_KEY, []))
