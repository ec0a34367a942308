"""Forms of the refunds page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.foundation.ui.forms import WordsField


class RefundForm(forms.Form):
    """Whom to pay, on which account, and what says so where it is not the one that the money came from."""

    name = WordsField(label=_("Name on the account"), max_length=70)
    iban = WordsField(label=_("IBAN"), max_length=42)
    evidence = WordsField(
        label=_("What shows that this is the right account"),
        help_text=_("Needed where it is not the account that the money came from."),
        max_length=300,
        required=False,
    )
