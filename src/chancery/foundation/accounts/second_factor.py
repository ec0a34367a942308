"""The office's second factor: an authenticator app (RFC 6238), and recovery codes for the day it is lost.

Codes are 6 digits a 30 seconds; the step before and after count too, because clocks differ. A code works once.
"""

import hmac
import time
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt, encrypt
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from chancery.foundation.accounts.callers import Caller
from chancery.foundation.accounts.mails import key_changed_mail
from chancery.foundation.accounts.models import User
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.mail.services import queue_mail
from chancery.foundation.ruling import Refused, refusal
from chancery.foundation.tasks.rates import count_try

STEP = 30
LAST_STEP = "last_step"
# Codes that strangers who have the password may try in a day; three of the app fit at a time.
CODES_A_DAY = "100/86400"


class SecondFactorRefused(Refused):
    """The code is wrong, too old, or was used before."""


class SecondFactorExists(Refused):
    """An authenticator is set up already; it is replaced only by a people administrator."""


def new_secret() -> str:
    """Return a secret for an authenticator app, in base 32."""
    return str(generate_totp_secret())


def provisioning_address(user: User, secret: str) -> str:
    """Return the ``otpauth:`` address that a QR code carries into the app."""
    label = quote(f"Chancery:{user.email}")
    return f"otpauth://totp/{label}?secret={secret}&issuer=Chancery&algorithm=SHA1&digits=6&period={STEP}"


def has_second_factor(user: User) -> bool:
    """Say whether an authenticator app or a passkey is set up for the account."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user=user, type__in=kinds).exists())


def has_app(user: User) -> bool:
    """Say whether an authenticator app is set up for the account."""
    return bool(_authenticators(user, Authenticator.Type.TOTP).exists())


def check_second_factor(*, user: User, code: str, caller: Caller, now: datetime) -> None:
    """Accept a code of the app or a recovery code, once.

    Browsers that were let in before are counted apart, so that a stranger with the password keeps only strangers out.

    :raises TooManyTries: when there were too many tries for the account just now, or today.
    :raises SecondFactorRefused: when the code is wrong, too old or was used before.
    """
    tried_by = f"{user.pk} known" if caller.browser else str(user.pk)
    count_try(scope="second-factor", subject=tried_by, rate=settings.SIGN_IN_RATE, now=now)
    count_try(scope="second-factor-day", subject=tried_by, rate=CODES_A_DAY, now=now)
    digits = "".join(code.split())
    if not (_accept_app_code(user, digits) or _accept_recovery_code(user, digits)):
        raise SecondFactorRefused(refusal("second_factor_wrong"))


@transaction.atomic
def set_second_factor(*, user: User, secret: str, code: str, actor: Actor, now: datetime) -> list[str]:
    """Bind an authenticator app that shows the right code, tell its owner by mail, return the recovery codes.

    :raises SecondFactorExists: when one is set up already.
    :raises SecondFactorRefused: when the code is not the app's.
    """
    User.objects.select_for_update().get(pk=user.pk)
    if has_second_factor(user):
        raise SecondFactorExists(refusal("second_factor_exists"))
    step = _step_of(secret, "".join(code.split()))
    if step is None:
        raise SecondFactorRefused(refusal("second_factor_wrong"))

    data = {"secret": encrypt(secret), LAST_STEP: step}
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data)
    change = record(Event.SECOND_FACTOR_SET, actor=actor, subject=user, now=now)
    queue_mail(key_changed_mail(user, change), now=now)
    return _fresh_recovery_codes(user)


@transaction.atomic
def renew_recovery_codes(*, user: User, actor: Actor, now: datetime) -> list[str]:
    """Replace the recovery codes and tell the owner by mail; the old ones stop working."""
    change = record(Event.RECOVERY_CODES_RENEWED, actor=actor, subject=user, now=now)
    queue_mail(key_changed_mail(user, change), now=now)
    return _fresh_recovery_codes(user)


def _fresh_recovery_codes(user: User) -> list[str]:
    _authenticators(user, Authenticator.Type.RECOVERY_CODES).delete()
    return [str(code) for code in RecoveryCodes.activate(user).generate_codes()]


@transaction.atomic
def _accept_app_code(user: User, code: str) -> bool:
    app = _authenticators(user, Authenticator.Type.TOTP).select_for_update().first()
    step = _step_of(decrypt(app.data["secret"]), code) if app else None
    if app is None or step is None or step <= app.data.get(LAST_STEP, 0):
        return False
    app.data[LAST_STEP] = step
    app.save(update_fields=["data"])
    return True


def _accept_recovery_code(user: User, code: str) -> bool:
    kept = _authenticators(user, Authenticator.Type.RECOVERY_CODES).first()
    return bool(kept and RecoveryCodes(kept).validate_code(code))


def _step_of(secret: str, code: str) -> int | None:
    matching = (step for step in _steps() if hmac.compare_digest(format_hotp_value(hotp_value(secret, step)), code))
    return next(matching, None) if code.isascii() else None


def _steps() -> Iterator[int]:
    current = int(time.time()) // STEP
    yield from (current, current - 1, current + 1)


def _authenticators(user: User, kind: Authenticator.Type) -> QuerySet[Authenticator]:
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user=user, type=kind)
    return found
