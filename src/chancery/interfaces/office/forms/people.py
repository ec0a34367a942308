"""Forms of the people page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.foundation.accounts.addresses import AddressField
from chancery.foundation.accounts.roles import Role
from chancery.foundation.accounts.wording import role_label


def _roles() -> list[tuple[str, str]]:
    return [(str(role), role_label(role)) for role in Role]


class InvitationForm(forms.Form):
    """Whom to invite, and for what."""

    email = AddressField(label=_("E-mail address"), max_length=200)
    role = forms.TypedChoiceField(label=_("Role"), choices=_roles, coerce=Role)


class GrantForm(forms.Form):
    """Another role for an account."""

    role = forms.TypedChoiceField(label=_("Role to give"), choices=_roles, coerce=Role)


class LetInAnewForm(forms.Form):
    """Why somebody is let in anew, and that it was made sure who asks."""

    reason = forms.CharField(
        label=_("Why, and how you made sure who asks"),
        help_text=_("Kept in the history; auditors read it."),
        max_length=300,
    )


class RevocationForm(forms.Form):
    """Which role to take, and why."""

    role = forms.TypedChoiceField(label=_("Role to take"), choices=_roles, coerce=Role)
    reason = forms.CharField(label=_("Why"), help_text=_("Kept in the history; auditors read it."), max_length=300)

    def __init__(self, *arguments: object, held: list[Role], **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]  # passed on as they came
        self.fields["role"].choices = [(str(role), role_label(role)) for role in held]  # type: ignore[attr-defined]  # a choice field
