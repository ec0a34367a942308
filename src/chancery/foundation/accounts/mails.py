"""Mails about signing in: the code, the invitation to the office, and the word that a key of an account changed."""

from typing import Final

from chancery.foundation.accounts.models import Invitation, SignInCode, User
from chancery.foundation.accounts.roles import Role
from chancery.foundation.accounts.wording import ROLE_NAMES
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.audit.refs import ref
from chancery.foundation.mail.rendering import link, render_mail
from chancery.foundation.mail.services import Mail

# Mails with a key in them: whoever reads one can sign in, take a role or erase, so no copy of data repeats them.
CARRY_A_KEY: Final = frozenset(
    {"accounts/sign-in-code", "accounts/erasure-code", "accounts/invitation", "accounts/let-in-anew"}
)


def sign_in_code_mail(sent: SignInCode, code: str, language: str) -> Mail:
    """Return the mail with the six digits."""
    return _code_mail("accounts/sign-in-code", sent, code, language, page="sign-in-code")


def erasure_code_mail(sent: SignInCode, code: str, language: str) -> Mail:
    """Return the mail with the six digits that erase a person."""
    return _code_mail("accounts/erasure-code", sent, code, language, page="erase-me")


def invitation_mail(invitation: Invitation, token: str, role: Role) -> Mail:
    """Return the mail with the one-time link of an office account."""
    return _link_mail("accounts/invitation", invitation, token, role=ROLE_NAMES[role])


def let_in_anew_mail(invitation: Invitation, token: str) -> Mail:
    """Return the mail with the link by which somebody who lost the second factor begins anew."""
    return _link_mail("accounts/let-in-anew", invitation, token)


def key_changed_mail(user: User, change: AuditEvent) -> Mail:
    """Return the mail that tells the owner of an account that its password, app, passkeys or codes changed."""
    return render_mail(
        "accounts/second-factor",
        about=ref(user),
        to=user.email,
        language=user.language,
        dedupe_key=f"accounts/second-factor:{change.pk}",
        context={
            "change": "_".join(change.name.split(".")[1:]),
            "at": f"{change.at:%Y-%m-%d %H:%M}",
            "link": link("sign-in-office"),
        },
    )


def _link_mail(kind: str, invitation: Invitation, token: str, **more: object) -> Mail:
    user = invitation.user
    return render_mail(
        kind,
        about=ref(invitation),
        to=user.email,
        language=user.language,
        dedupe_key=f"{kind}:{invitation.pk}",
        context={
            "link": link("set-password", token),
            "expires_at": f"{invitation.expires_at:%Y-%m-%d %H:%M}",
            **more,
        },
    )


def _code_mail(kind: str, sent: SignInCode, code: str, language: str, *, page: str) -> Mail:
    return render_mail(
        kind,
        about=ref(sent),
        to=sent.email,
        language=language,
        dedupe_key=f"{kind}:{sent.pk}",
        context={"code": code, "link": link(page)},
    )
