"""Open accounts, invite people to the office, and give and take roles; every change leaves a trail."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils.crypto import salted_hmac

from chancery.foundation.accounts.addresses import address_of
from chancery.foundation.accounts.mails import invitation_mail, key_changed_mail, let_in_anew_mail
from chancery.foundation.accounts.models import Invitation, Person, RoleGrant, User
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import Actor, user_actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.audit.services import record
from chancery.foundation.mail.services import queue_mail
from chancery.foundation.ruling import Refused, refusal

INVITATION_LASTS = timedelta(days=7)


class InvitationNotValid(Refused):
    """The link was used, replaced by a newer one, has run out or was never given."""


class LastPeopleAdministrator(Refused):
    """Nobody would be left who can give roles."""


class OwnRole(Refused):
    """Nobody gives a role to themself: who gives the roles would be every second person alone."""


class OwnAccount(Refused):
    """Nobody takes their own second factor away: whoever holds an open session could shut its owner out."""


class ReasonMissing(Refused):
    """A role, or what opens an account, is taken away only with a reason."""


@dataclass(frozen=True, slots=True)
class Invited:
    """The account that was invited and the secret of its one-time link."""

    user: User
    token: str
    expires_at: datetime


@transaction.atomic
def account_for(*, email: str, language: str = "en") -> User:
    """Return the account of an address, opened on first use.

    :raises NotAnAddress: when it is none.
    """
    address = address_of(email)
    found = User.objects.filter(email=address).first()
    if found and found.email == address:  # never one that only the database takes for the same
        return found
    user = User(email=address, language=language)
    user.set_unusable_password()
    user.save()
    return user


@transaction.atomic
def note_export(
    *, account: User, of: str, form: str, filters: Sequence[str], actor: Actor, now: datetime
) -> AuditEvent:
    """Leave a trail of a list that leaves as a file; which filters were set is kept, never what was searched for."""
    facts = {"list": of, "form": form, "filters": " ".join(sorted(filters))}
    return record(Event.LIST_EXPORTED, actor=actor, subject=account, now=now, facts=facts)


@transaction.atomic
def person_for(*, user: User, now: datetime) -> Person:
    """Return the person who signs in with this account, made on first use."""
    person, created = Person.objects.get_or_create(user=user, defaults={"email": user.email, "language": user.language})
    if created:
        record(Event.PERSON_ADDED, actor=user_actor(user.pk), subject=person, now=now)
    return person


@transaction.atomic
def name_account(*, user: User, name: str, actor: Actor, now: datetime) -> None:
    """Keep what colleagues in the office call the owner of an account."""
    user.name = name
    user.save(update_fields=["name"])
    record(Event.PERSON_NAMED, actor=actor, subject=user, now=now)


@transaction.atomic
def invite_to_office(*, email: str, role: Role, actor: Actor, now: datetime) -> Invited:
    """Give the address a role and mail it a one-time link for its password; an older link stops working.

    :raises OwnRole: when the address is the actor's own.
    :raises NotAnAddress: when it is none.
    """
    user = account_for(email=email)
    invitation, token = _invitation(user, now)
    grant_role(user=user, role=role, actor=actor, now=now)
    record(Event.ACCOUNT_INVITED, actor=actor, subject=user, now=now, facts={"role": role})
    queue_mail(invitation_mail(invitation, token, role), now=now)
    return Invited(user, token, invitation.expires_at)


@transaction.atomic
def let_in_anew(*, user: User, reason: str, actor: Actor, now: datetime) -> Invited:
    """Take app, passkeys, recovery codes and password of an office account away, and mail a link to begin anew.

    For whoever lost the second factor for good. The password goes along, and with it every session: so nobody who knows
    it sets up an app of their own before the owner does. An older link stops working.

    :raises ReasonMissing: when no reason is given.
    :raises OwnAccount: when the account is the actor's own.
    """
    if not reason.strip():
        raise ReasonMissing(refusal("reason_missing"))
    if actor.user_id == user.pk:
        raise OwnAccount(refusal("own_account"))
    user = User.objects.select_for_update().get(pk=user.pk)
    Authenticator.objects.filter(user=user).delete()
    user.set_unusable_password()
    user.save(update_fields=["password"])
    invitation, token = _invitation(user, now)
    record(Event.ACCESS_RESET, actor=actor, subject=user, now=now, personal={"reason": reason.strip()})
    queue_mail(let_in_anew_mail(invitation, token), now=now)
    return Invited(user, token, invitation.expires_at)


@transaction.atomic
def accept_invitation(*, token: str, password: str, now: datetime) -> User:
    """Set the password by the link of an invitation; the link works once. Who had a password before is told by mail.

    :raises InvitationNotValid: when it was used, has run out or was never given.
    :raises ValidationError: when the password is too weak.
    """
    invitation = _open_invitation(token, now)
    user = invitation.user
    _set_password(user, password, user_actor(user.pk), now)
    invitation.used_at = now
    invitation.save(update_fields=["used_at"])
    return user


@transaction.atomic
def change_password(*, user: User, password: str, actor: Actor, now: datetime) -> None:
    """Set another password for the account, and tell its owner by mail.

    :raises ValidationError: when the password is too weak.
    """
    _set_password(user, password, actor, now)


@transaction.atomic
def grant_role(*, user: User, role: Role, actor: Actor, now: datetime) -> RoleGrant:
    """Give an account a role; a role already held stays as it is.

    :raises OwnRole: when the account is the actor's own; the first administrator comes by the command line.
    """
    if actor.user_id == user.pk:
        raise OwnRole(refusal("own_role"))
    grant, created = RoleGrant.objects.get_or_create(
        user=user, role=role, revoked_at=None, defaults={"granted_at": now}
    )
    if created:
        record(Event.ROLE_GRANTED, actor=actor, subject=user, now=now, facts={"role": role})
    return grant


@transaction.atomic
def revoke_role(*, user: User, role: Role, reason: str, actor: Actor, now: datetime) -> None:
    """Take a role from an account.

    :raises ReasonMissing: when no reason is given.
    :raises LastPeopleAdministrator: when nobody else could give roles afterwards.
    :raises RoleGrant.DoesNotExist: when the account does not hold the role.
    """
    if not reason.strip():
        raise ReasonMissing(refusal("reason_missing"))
    grants = RoleGrant.objects.filter(role=role, revoked_at=None)
    # All of them, in one order: of two administrators who take the role from each other one has to wait.
    list(grants.select_for_update().order_by("pk"))
    grant = grants.get(user=user)
    if role is Role.PEOPLE_ADMIN and not grants.exclude(user=user).filter(user__is_active=True).exists():
        raise LastPeopleAdministrator(refusal("last_people_administrator"))

    grant.revoked_at = now
    grant.save(update_fields=["revoked_at"])
    record(
        Event.ROLE_REVOKED,
        actor=actor,
        subject=user,
        now=now,
        facts={"role": role},
        personal={"reason": reason.strip()},
    )


def _set_password(user: User, password: str, actor: Actor, now: datetime) -> None:
    had_one = user.has_usable_password()
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    change = record(Event.PASSWORD_SET, actor=actor, subject=user, now=now)
    if had_one:
        queue_mail(key_changed_mail(user, change), now=now)


def is_invitation_open(token: str, now: datetime) -> bool:
    """Say whether the link of an invitation still works."""
    return Invitation.objects.filter(token_hash=_token_hash(token), used_at=None, expires_at__gt=now).exists()


def _invitation(user: User, now: datetime) -> tuple[Invitation, str]:
    Invitation.objects.filter(user=user, used_at=None).update(used_at=now)
    token = secrets.token_urlsafe(24)
    invitation = Invitation.objects.create(user=user, token_hash=_token_hash(token), expires_at=now + INVITATION_LASTS)
    return invitation, token


def _open_invitation(token: str, now: datetime) -> Invitation:
    found = (
        Invitation.objects.select_for_update()
        .select_related("user")
        .filter(token_hash=_token_hash(token), used_at=None, expires_at__gt=now)
        .first()
    )
    if found is None:
        raise InvitationNotValid(refusal("invitation_not_valid"))
    return found


def _token_hash(token: str) -> str:
    return salted_hmac("chancery.accounts.invitation", token, algorithm="sha256").hexdigest()
