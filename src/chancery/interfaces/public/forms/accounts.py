"""Forms of signing in."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chancery.foundation import clock
from chancery.foundation.accounts.addresses import AddressField
from chancery.foundation.accounts.callers import caller_of
from chancery.foundation.accounts.models import User
from chancery.foundation.accounts.sign_in import PasswordRefused, check_password
from chancery.foundation.tasks.rates import TooManyTries
from chancery.interfaces.public.account_pages import too_many_tries

# The one thing to type on its page: the field has the focus.
_DIGITS = {
    "inputmode": "numeric",
    "autocomplete": "one-time-code",
    "autocapitalize": "off",
    "spellcheck": "false",
    "autofocus": True,
}


class AddressForm(forms.Form):
    """Where the code goes."""

    email = AddressField(
        label=_("Your e-mail address"),
        help_text=_("We send six digits to it. That is all you need, the first time too."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        max_length=200,
    )


class CodeForm(forms.Form):
    """The digits from the mail; blanks that came along when pasting do no harm."""

    code = forms.CharField(
        label=_("The six digits"),
        widget=forms.TextInput(attrs=_DIGITS),
        max_length=20,
    )


class PasswordSignInForm(forms.Form):
    """Address and password of an office account."""

    email = AddressField(
        label=_("Your e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"}), max_length=200
    )
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        max_length=200,
    )


class SecondFactorForm(forms.Form):
    """A code of the authenticator app, or a recovery code."""

    code = forms.CharField(
        label=_("The code of your authenticator app"),
        help_text=_("Six digits. Lost your phone? Give one of your recovery codes instead."),
        widget=forms.TextInput(attrs=_DIGITS),
        max_length=20,
    )


class ShowPasskeyForm(forms.Form):
    """What a passkey answered; a script of the page fills it in."""

    answer = forms.CharField(widget=forms.HiddenInput, max_length=20_000)


class PresentPasswordForm(forms.Form):
    """The password of the account that is signed in: an open session alone changes none of its keys."""

    present = forms.CharField(
        label=_("Your present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        max_length=200,
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        """Know who is signed in, and from where."""
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_present(self) -> str:
        """Refuse another password than the account's; tries are counted as those of signing in."""
        user, present = self.request.user, str(self.cleaned_data["present"])
        assert isinstance(user, User)  # noqa: S101 (the pages of these forms ask to sign in first)
        try:
            check_password(
                email=user.email,
                password=present,
                caller=caller_of(self.request, user.email),
                now=clock.machine_now(),
            )
        except TooManyTries as refused:
            raise ValidationError(too_many_tries()) from refused
        except PasswordRefused as refused:
            raise ValidationError(_("This is not your present password.")) from refused
        return present


class AddPasskeyForm(PresentPasswordForm, ShowPasskeyForm):
    """A new passkey under a name by which its owner knows it."""

    name = forms.CharField(
        label=_("A name for the passkey"),
        help_text=_("By which you know it, such as the laptop or the key that holds it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        max_length=60,
    )


class SetSecondFactorForm(forms.Form):
    """The first code of an app that has just been set up."""

    code = forms.CharField(
        label=_("The six digits that the app shows now"),
        widget=forms.TextInput(attrs=_DIGITS),
        max_length=20,
    )


class NewPasswordForm(forms.Form):
    """A new password, typed once and shown on request by the browser."""

    password = forms.CharField(
        label=_("Your new password"),
        help_text=_("At least 12 characters. Several words in a row are easy to remember and hard to guess."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        max_length=200,
    )


class OtherPasswordForm(PresentPasswordForm, NewPasswordForm):
    """Another password in place of the present one."""

    field_order = ("present", "password")
