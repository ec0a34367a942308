"""Passkeys (WebAuthn) as a second factor beside the authenticator app.

The rows are django-allauth's. The library that reads a passkey's answers is loaded only when one is at hand.
"""

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from chancery.foundation.accounts.mails import key_changed_mail
from chancery.foundation.accounts.models import User
from chancery.foundation.accounts.second_factor import SecondFactorRefused, has_app
from chancery.foundation.audit.actors import Actor, user_actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.mail.services import queue_mail
from chancery.foundation.ruling import Refused, refusal
from chancery.foundation.tasks.rates import count_try

if TYPE_CHECKING:
    from fido2.server import Fido2Server
    from fido2.webauthn import AttestedCredentialData, AuthenticatorData

# What the library raises about an answer that is not one: bytes too short, a key missing, a wrong signature, lists in
# lists without end.
UNREADABLE = (
    *(ValueError, KeyError, TypeError, AttributeError, IndexError, AssertionError, RecursionError),
    struct.error,
)
MOST = 20


class PasskeyRefused(SecondFactorRefused):
    """The answer is not one of this account's passkeys to this question."""


class TooManyPasskeys(Refused):
    """An account keeps no more passkeys than a person can tell apart."""


class LastSecondFactor(Refused):
    """Without this passkey the account would have no second factor, and one is required."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the browser is asked, as JSON, and what the session keeps until the answer comes."""

    options: str
    state: dict[str, Any]


def passkeys_of(user: User) -> QuerySet[Authenticator]:
    """Return the passkeys of an account, oldest first."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    return found.order_by("pk")


def ask_to_add(user: User) -> Question:
    """Return the question to make a passkey for this account."""
    from fido2.webauthn import PublicKeyCredentialUserEntity, ResidentKeyRequirement, UserVerificationRequirement

    handle = salted_hmac("chancery.passkey-owner", str(user.pk), algorithm="sha256").digest()
    options, state = _server().register_begin(
        PublicKeyCredentialUserEntity(id=handle, name=user.email, display_name=user.email),
        credentials=_credentials(passkeys_of(user)),
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Question(json.dumps(dict(options)["publicKey"]), state)


def ask_to_show(user: User) -> Question | None:
    """Return the question to show a passkey of this account, or None when it has none."""
    kept = list(passkeys_of(user))
    if not kept:
        return None
    from fido2.webauthn import UserVerificationRequirement

    options, state = _server().authenticate_begin(
        _credentials(kept), user_verification=UserVerificationRequirement.REQUIRED
    )
    return Question(json.dumps(dict(options)["publicKey"]), state)


@transaction.atomic
def add_passkey(
    *, user: User, name: str, answer: str, state: dict[str, Any], actor: Actor, now: datetime
) -> Authenticator:
    """Keep a new passkey under a name, and tell the owner of the account by mail.

    :raises PasskeyRefused: when the answer is not one to this question, or the passkey is known already.
    :raises TooManyPasskeys: when the account has many already.
    """
    User.objects.select_for_update().get(pk=user.pk)
    if passkeys_of(user).count() >= MOST:
        raise TooManyPasskeys(refusal("too_many_passkeys"))
    shown, credential = _made(answer, state)
    identity = credential.credential_id.hex()
    if Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN, data__identity=identity).exists():
        raise PasskeyRefused(refusal("passkey_known"))

    data = {"name": name, "identity": identity, "credential": bytes(credential).hex(), "counter": shown.counter}
    kept: Authenticator = Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data=data, created_at=now
    )
    _tell(Event.PASSKEY_ADDED, user, kept, actor, now)
    return kept


def check_passkey(*, user: User, answer: str, state: dict[str, Any] | None, now: datetime) -> None:
    """Accept the answer of one of the account's passkeys, once.

    A counter that goes back means a copy of the passkey: it is refused, and the owner is told.

    :raises TooManyTries: when the account tried too often.
    :raises PasskeyRefused: when the answer does not fit.
    """
    count_try(scope="passkey", subject=str(user.pk), rate=settings.SIGN_IN_RATE, now=now)
    if state is None or not _accept(user, answer, state, now):
        raise PasskeyRefused(refusal("passkey_wrong"))


@transaction.atomic
def remove_passkey(*, user: User, passkey: int, actor: Actor, now: datetime) -> None:
    """Forget a passkey of the account, and tell its owner by mail.

    :raises Authenticator.DoesNotExist: when the account has no such passkey.
    :raises LastSecondFactor: when a second factor is required and no other would be left.
    """
    User.objects.select_for_update().get(pk=user.pk)
    kept = passkeys_of(user).get(pk=passkey)
    is_last = not has_app(user) and passkeys_of(user).count() == 1
    if is_last and settings.SECOND_FACTOR_REQUIRED:
        raise LastSecondFactor(refusal("last_second_factor"))
    _tell(Event.PASSKEY_REMOVED, user, kept, actor, now)
    kept.delete()


@transaction.atomic
def _accept(user: User, answer: str, state: dict[str, Any], now: datetime) -> bool:
    kept = {key.data["identity"]: key for key in passkeys_of(user).select_for_update()}
    try:
        shown, identity = _shown(answer, state, _credentials(kept.values()))
    except UNREADABLE:
        return False
    passkey = kept[identity]
    if passkey.data.get("last_challenge") == state["challenge"]:
        return False
    if (shown or passkey.data["counter"]) and shown <= passkey.data["counter"]:
        _tell(Event.PASSKEY_REFUSED, user, passkey, user_actor(user.pk), now)
        return False
    passkey.data.update(counter=shown, last_challenge=state["challenge"])
    passkey.last_used_at = now
    passkey.save(update_fields=["data", "last_used_at"])
    return True


def _made(answer: str, state: dict[str, Any]) -> "tuple[AuthenticatorData, AttestedCredentialData]":
    """Return what a new passkey said of itself."""
    from fido2.cose import CoseKey

    try:
        shown = _server().register_complete(state, json.loads(answer))
        credential = shown.credential_data
        is_known_kind = credential is not None and credential.public_key.get(3) in CoseKey.supported_algorithms()
    except UNREADABLE as unreadable:
        raise PasskeyRefused(refusal("passkey_wrong")) from unreadable
    if credential is None or not is_known_kind:
        raise PasskeyRefused(refusal("passkey_wrong"))
    return shown, credential


def _shown(answer: str, state: dict[str, Any], credentials: "list[AttestedCredentialData]") -> tuple[int, str]:
    """Return the counter of the passkey that answered, and which one it is."""
    from fido2.webauthn import AuthenticationResponse

    response = AuthenticationResponse.from_dict(json.loads(answer))
    credential = _server().authenticate_complete(state, credentials, response)
    return response.response.authenticator_data.counter, credential.credential_id.hex()


def _tell(event: Event, user: User, passkey: Authenticator, actor: Actor, now: datetime) -> None:
    change = record(event, actor=actor, subject=user, now=now, facts={"passkey": passkey.pk})
    queue_mail(key_changed_mail(user, change), now=now)


def _credentials(kept: "Sequence[Authenticator] | Any") -> "list[AttestedCredentialData]":
    from fido2.webauthn import AttestedCredentialData

    return [AttestedCredentialData(bytes.fromhex(passkey.data["credential"])) for passkey in kept]


def _server() -> "Fido2Server":
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialRpEntity

    site = urlsplit(settings.SITE_URL)
    ours = f"{site.scheme}://{site.netloc}"
    return Fido2Server(
        PublicKeyCredentialRpEntity(id=settings.SITE_HOST, name="Chancery"), verify_origin=lambda origin: origin == ours
    )
