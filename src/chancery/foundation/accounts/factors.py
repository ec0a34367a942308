"""By which factors the session was opened: a code by mail, a password, a second factor."""

from enum import StrEnum

from allauth.mfa.models import Authenticator
from django.contrib.auth import login
from django.http import HttpRequest

from chancery.foundation.accounts.models import User

SESSION_KEY = "factors"
BACKEND = "django.contrib.auth.backends.ModelBackend"


class Factor(StrEnum):
    """What a person showed to be let in."""

    CODE = "code"
    PASSWORD = "password"  # noqa: S105  # the name of a factor, not a secret
    SECOND = "second"


def open_session(request: HttpRequest, user: User, *factors: Factor) -> None:
    """Sign the account in under a new session key, and remember by which factors."""
    login(request, user, backend=BACKEND)
    request.session[SESSION_KEY] = [str(factor) for factor in factors]


def add_factor(request: HttpRequest, factor: Factor) -> None:
    """Note a factor given later in the same session, under a new session key."""
    request.session.cycle_key()
    request.session[SESSION_KEY] = [*request.session.get(SESSION_KEY, []), str(factor)]


def factors_of(request: HttpRequest) -> frozenset[Factor]:
    """Return the factors by which this session was opened."""
    return frozenset(Factor(factor) for factor in request.session.get(SESSION_KEY, []))


def has_second_factor(user: User) -> bool:
    """Say whether an authenticator app is set up for the account."""
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def second_factor_page(user: User) -> str:
    """Return the URL name of the page that asks for the second factor, or sets it up first."""
    return "second-factor" if has_second_factor(user) else "set-second-factor"
