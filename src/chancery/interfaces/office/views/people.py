"""Accounts of the office and their roles."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chancery.foundation import clock
from chancery.foundation.accounts.models import User
from chancery.foundation.accounts.queries import list_office_accounts, roles_of
from chancery.foundation.accounts.roles import Permission, Role, permits
from chancery.foundation.accounts.services import (
    LastPeopleAdministrator,
    OwnAccount,
    OwnRole,
    grant_role,
    invite_to_office,
    let_in_anew,
    revoke_role,
)
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.forms.people import GrantForm, InvitationForm, LetInAnewForm, RevocationForm
from chancery.interfaces.office.sheets import give_sheet, is_sheet_asked
from chancery.interfaces.office.sheets.records import people_sheet


@office_page(Permission.SEE_PEOPLE)
def list_people(request: OfficeRequest) -> HttpResponseBase:
    """Show who may enter the office and as what."""
    if is_sheet_asked(request):
        return give_sheet(request, "people", people_sheet(list_office_accounts()))
    return _people(request, InvitationForm())


@office_page(Permission.MANAGE_PEOPLE)
@require_POST
def invite(request: OfficeRequest) -> HttpResponse:
    """Give an address a role and mail it a one-time link."""
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _people(request, form)

    try:
        invited = invite_to_office(
            email=form.cleaned_data["email"],
            role=form.cleaned_data["role"],
            actor=request.actor,
            now=clock.now(),
        )
    except OwnRole:
        form.add_error("email", _own_role())
        return _people(request, form, status=409)
    messages.success(request, _("Invited: %(email)s. The mail is on its way.") % {"email": invited.user.email})
    return redirect("list-people")


@office_page(Permission.SEE_PEOPLE)
def show_account(request: OfficeRequest, user_id: int) -> HttpResponse:
    """Show one account with its roles, to give and to take."""
    user = get_object_or_404(list_office_accounts(), pk=user_id)
    return _account(request, user)


@office_page(Permission.MANAGE_PEOPLE)
@require_POST
def give_role(request: OfficeRequest, user_id: int) -> HttpResponse:
    """Give the account another role."""
    user = get_object_or_404(list_office_accounts(), pk=user_id)
    form = GrantForm(request.POST, prefix="give")
    if not form.is_valid():
        return _account(request, user, give=form)

    try:
        grant_role(user=user, role=form.cleaned_data["role"], actor=request.actor, now=clock.now())
    except OwnRole:
        form.add_error("role", _own_role())
        return _account(request, user, give=form, status=409)
    messages.success(request, _("The role is given."))
    return redirect("show-account", user_id=user.pk)


@office_page(Permission.MANAGE_PEOPLE)
@require_POST
def take_role(request: OfficeRequest, user_id: int) -> HttpResponse:
    """Take a role from the account, with a reason."""
    user = get_object_or_404(list_office_accounts(), pk=user_id)
    form = RevocationForm(request.POST, prefix="take", held=_held(user))
    if not form.is_valid():
        return _account(request, user, take=form)

    try:
        revoke_role(
            user=user,
            role=form.cleaned_data["role"],
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            now=clock.now(),
        )
    except LastPeopleAdministrator:
        form.add_error("role", _("Nobody else could give roles any more: name another people administrator first."))
        return _account(request, user, take=form, status=409)
    messages.success(request, _("The role is taken."))
    return redirect("show-account", user_id=user.pk)


@office_page(Permission.MANAGE_PEOPLE)
@require_POST
@sent_once
def let_in(request: OfficeRequest, user_id: int) -> HttpResponse:
    """Take password and second factor of somebody who lost it away, and mail them a link to begin anew."""
    user = get_object_or_404(list_office_accounts(), pk=user_id)
    form = LetInAnewForm(request.POST, prefix="anew")
    if not form.is_valid():
        return _account(request, user, anew=form)

    try:
        let_in_anew(user=user, reason=form.cleaned_data["reason"], actor=request.actor, now=clock.now())
    except OwnAccount:
        form.add_error("reason", _("Nobody does this to their own account: ask another people administrator."))
        return _account(request, user, anew=form, status=409)
    messages.success(request, _("Done. A link to begin anew is on its way to %(email)s.") % {"email": user.email})
    return redirect("show-account", user_id=user.pk)


def _own_role() -> str:
    return _("Nobody gives a role to themself: ask another people administrator.")


def _people(request: OfficeRequest, form: Form, *, status: int = 422) -> HttpResponse:
    words = {"accounts": list_office_accounts(), "form": form, "may_change": _may_change(request)}
    return render(request, "office/people/people.html", words, status=status if form.errors else 200)


def _account(request: OfficeRequest, user: User, *, status: int = 422, **sent: Form) -> HttpResponse:
    words: dict[str, Any] = {
        "account_shown": user,
        "roles": _held(user),
        "may_change": _may_change(request),
        "give": sent.get("give") or GrantForm(prefix="give"),
        "anew": sent.get("anew") or LetInAnewForm(prefix="anew"),
        "is_own": user.pk == request.user.pk,
        "take": sent.get("take") or RevocationForm(prefix="take", held=_held(user)),
        "form": next(iter(sent.values()), None),
    }
    return render(request, "office/people/account.html", words, status=status if sent else 200)


def _may_change(request: OfficeRequest) -> bool:
    return permits(request.roles, Permission.MANAGE_PEOPLE)


def _held(user: User) -> list[Role]:
    return sorted(roles_of(user))
