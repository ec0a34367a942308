"""Forms of the refunds page."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RefundForm(forms.Form):
    """Whom to pay, on which account, and what says so where it is not the one that the money came from."""

    name = forms.CharField(label=_("Name on the account"), max_length=70)
    iban = forms.CharField(label=_("IBAN"), max_length=42)
    evidence = forms.CharField(
        label=_("What shows that this is the right account"),
        help_text=_("Needed where it is not the account that the money came from."),
        max_length=300,
        required=False,
    )
