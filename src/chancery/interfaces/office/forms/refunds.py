"""Forms of the refunds page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chancery.foundation.ui.forms import WordsField


class RefundForm(forms.Form):
    """Whom to pay, on which account, and what says so where it is not the one that the money came from."""

    name = WordsField(label=_("Name on the account"), max_length=70)
    iban = WordsField(label=_("IBAN"), max_length=42, required=False)
    by_hand = WordsField(
        label=_("Bank and account, where it is paid by hand"),
        help_text=_(
            "Only where no file of ours reaches: bank, place, account number, SWIFT code. It is paid at the bank."
        ),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    evidence = WordsField(
        label=_("What shows that this is the right account"),
        help_text=_("Needed where it is not the account that the money came from."),
        max_length=300,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Ask for an IBAN, or for an account in words."""
        told = super().clean() or {}
        if not told.get("iban") and not told.get("by_hand"):
            self.add_error("iban", _("Give the IBAN, or say below how it is paid by hand."))
        return told
