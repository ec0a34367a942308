"""Sign in by a code that is mailed, or by password; wrong tries are counted, and nothing tells who has an account."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate
from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from chancery.foundation.accounts.addresses import address_of
from chancery.foundation.accounts.callers import Caller
from chancery.foundation.accounts.mails import erasure_code_mail, sign_in_code_mail
from chancery.foundation.accounts.models import Invitation, SignInCode, User
from chancery.foundation.accounts.services import account_for
from chancery.foundation.mail.services import Mail, queue_mail
from chancery.foundation.privacy.retention import period
from chancery.foundation.ruling import Refused, refusal
from chancery.foundation.tasks.rates import count_try, take_try_back

CODE_LASTS = timedelta(minutes=15)
TRIES = 5
# Codes that somebody gets for one address in a day, and that the address gets in all: with their tries, 500 guesses
# among a million numbers for strangers however many they are.
CODES_A_DAY = "30/86400"
CODES_A_DAY_IN_ALL = "100/86400"
# Wrong codes that strangers of one network may type, for whatever addresses: 720 a day among a million numbers.
WRONG_CODES = "30/3600"
# Under which the session keeps that a code was sent, until it is typed.
CODE_SENT = "sign_in_code"
KEEP_CODES = timedelta(days=period("sign_in_code").days)
KEEP_INVITATIONS = timedelta(days=period("invitation").days)
# One IP may be a whole city hall, and one address is asked for from many networks only by people who mean harm.
WIDELY = 10


class CodeRefused(Refused):
    """The code is wrong, was used, is too old, or was tried too often."""


class PasswordRefused(Refused):
    """Address and password do not belong together, or the account is closed."""


def send_sign_in_code(*, email: str, language: str, caller: Caller, now: datetime, story_now: datetime) -> SignInCode:
    """Mail a code to the address, whether it is known or not; codes live in the machine's time.

    A code works in the session that asked for it, so that a code which somebody else asks for ends none.
    ``story_now`` is the time in which mail leaves: the demo's clock may stand still.

    :raises NotAnAddress: when it is none.
    :raises TooManyTries: when the address or the caller asked too often.
    """
    address = address_of(email)
    _count(address, caller, now)
    _count_code(address, caller, now)
    return _send(address, language, now, story_now, sign_in_code_mail)


def send_erasure_code(*, user: User, caller: Caller, now: datetime, story_now: datetime) -> SignInCode:
    """Mail the owner of an account a code by which they confirm that they want to be erased; redeemed like any code.

    :raises TooManyTries: when the address or the caller asked too often.
    """
    _count(user.email, caller, now)
    _count_code(user.email, caller, now)
    return _send(user.email, user.language, now, story_now, erasure_code_mail)


def redeem_sign_in_code(*, code_id: int, code: str, language: str, caller: Caller, now: datetime) -> User:
    """Return the account of the code's address, opened on first use.

    Each try is counted before the code is looked at, in a transaction of its own: tries sent side by side
    cannot share a count.

    :raises TooManyTries: when strangers of the caller's network typed too many wrong codes.
    :raises CodeRefused: when the code is wrong, was used, is too old or was tried too often.
    """
    guess: dict[str, Any] = {"scope": "wrong-codes", "subject": caller.network, "rate": WRONG_CODES, "now": now}
    if not caller.browser:
        count_try(**guess)
    _count_code_try(code_id, now)
    user = _redeem(code_id, "".join(code.split()), language, now)
    if not caller.browser:
        take_try_back(**guess)
    return user


def check_password(*, email: str, password: str, caller: Caller, now: datetime) -> User:
    """Return the account of address and password.

    :raises TooManyTries: when the address or the caller tried too often.
    :raises PasswordRefused: when they do not belong together.
    """
    _count(email.strip(), caller, now)
    user = authenticate(username=email.strip(), password=password)
    if not isinstance(user, User):
        raise PasswordRefused(refusal("password_wrong"))
    return user


@transaction.atomic
def forget_old_keys(*, now: datetime) -> None:
    """Delete codes and invitations that nobody can use any more, as the privacy register says."""
    SignInCode.objects.filter(expires_at__lt=now - KEEP_CODES).delete()
    Invitation.objects.filter(expires_at__lt=now - KEEP_INVITATIONS).delete()


@transaction.atomic
def _send(
    email: str, language: str, now: datetime, story_now: datetime, mail: Callable[[SignInCode, str, str], Mail]
) -> SignInCode:
    code = f"{secrets.randbelow(1_000_000):06}"
    sent = SignInCode.objects.create(email=email, sent_at=now, expires_at=now + CODE_LASTS)
    sent.code_hash = _hash(sent, code)
    sent.save(update_fields=["code_hash"])
    queue_mail(mail(sent, code, language), now=story_now)
    return sent


@transaction.atomic
def _count_code_try(code_id: int, now: datetime) -> None:
    open_code = SignInCode.objects.filter(pk=code_id, used_at=None, expires_at__gt=now, tries__lt=TRIES)
    if not open_code.update(tries=F("tries") + 1):
        raise CodeRefused(refusal("code_over"))


@transaction.atomic
def _redeem(code_id: int, code: str, language: str, now: datetime) -> User:
    sent = SignInCode.objects.select_for_update().get(pk=code_id)
    if sent.used_at or not constant_time_compare(sent.code_hash, _hash(sent, code)):
        raise CodeRefused(refusal("code_wrong" if sent.tries < TRIES else "code_over"))
    sent.used_at = now
    sent.save(update_fields=["used_at"])

    user = account_for(email=sent.email, language=language)
    if not user.is_active:
        raise CodeRefused(refusal("code_over"))
    return user


def _count(address: str, caller: Caller, now: datetime) -> None:
    allowed, seconds = settings.SIGN_IN_RATE.split("/")
    widely = f"{int(allowed) * WIDELY}/{seconds}"
    if not caller.browser:
        count_try(scope="sign-in-ip", subject=caller.network, rate=widely, now=now)
    _count_by_caller("sign-in", address, caller, settings.SIGN_IN_RATE, widely, now)


def _count_code(address: str, caller: Caller, now: datetime) -> None:
    _count_by_caller("sign-in-codes", address, caller, CODES_A_DAY, CODES_A_DAY_IN_ALL, now)


def _count_by_caller(scope: str, address: str, caller: Caller, rate: str, in_all: str, now: datetime) -> None:
    """Count a try by address and caller; strangers share a wider count of the address, known browsers another one."""
    if caller.browser:
        count_try(scope=f"{scope}-browser", subject=f"{address} {caller.browser}", rate=rate, now=now)
        count_try(scope=f"{scope}-browsers", subject=address, rate=in_all, now=now)
        return
    count_try(scope=f"{scope}-network", subject=f"{address} {caller.network}", rate=rate, now=now)
    count_try(scope=f"{scope}-address", subject=address, rate=in_all, now=now)


def _hash(sent: SignInCode, code: str) -> str:
    return salted_hmac("chancery.sign-in-code", f"{sent.pk}:{code}", algorithm="sha256").hexdigest()
