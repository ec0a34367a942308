"""Who is billed, as finance types it for a bill that is issued anew, or for the second of two payers."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from chancery.domain.admissions.models import PayerDetails
from chancery.domain.billing.policies.sharing import NotAShare, share_as_typed
from chancery.domain.billing.queries.payers import FIELDS, PERCENT, SUM, Payer, SharingPayer
from chancery.domain.billing.states import CreditReason
from chancery.domain.network.queries import list_country_names
from chancery.foundation.ui.forms import SumField, WordsField


class PayerWordsForm(forms.Form):
    """The payer of a bill, word for word."""

    kind = forms.ChoiceField(label=_("Who pays?"), choices=PayerDetails.Kind.choices)
    legal_name = WordsField(
        label=_("Legal name"),
        help_text=_("Whoever pays, word for word as their accounts write it; it need not be on file here."),
        max_length=200,
    )
    address = WordsField(label=_("Street and number"), max_length=300)
    postcode = WordsField(label=_("Postcode"), max_length=20, required=False)
    town = WordsField(label=_("Town"), max_length=100, required=False)
    country = forms.ChoiceField(label=_("Country"))
    tax_id = WordsField(label=_("Tax number"), max_length=40, required=False)
    purchase_order = WordsField(
        label=_("Order number"), help_text=_("If their accounts need one on every bill."), max_length=60, required=False
    )
    buyer_reference = WordsField(label=_("Buyer reference"), max_length=60, required=False)
    dir3 = WordsField(
        label=_("DIR3 codes"),
        help_text=_("Spanish public bodies only: accounting office, managing body, processing unit."),
        max_length=60,
        required=False,
    )
    email = forms.EmailField(
        label=_("E-mail for bills"), help_text=_("The bill goes there; whoever holds the place gets a copy.")
    )
    language = forms.ChoiceField(label=_("Language of the bill"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the countries on file."""
        super().__init__(*args, **kwargs)
        countries = list_country_names(get_language() or "en", keep=[str(self.initial.get("country", ""))])
        self.fields["country"].choices = countries  # type: ignore[attr-defined]  # a ChoiceField

    def payer(self) -> Payer:
        """Return what was typed."""
        return Payer(**{name: str(self.cleaned_data[name]).strip() for name in FIELDS})


class ReissueForm(PayerWordsForm):
    """The payer of the new bill, and why the old one is not right."""

    reason = forms.ChoiceField(
        label=_("Why"),
        help_text=_("The credit note says why. The old bill stays on file, and nobody pays it any more."),
        choices=[(CreditReason.PAYER_CHANGED, _("another body pays")), (CreditReason.ISSUED_WRONGLY, _("an error"))],
    )

    field_order = ("reason",)


class ShareForm(PayerWordsForm):
    """The second payer of a fee, and how much of it is theirs."""

    share = SumField(label=_("Their share"), min_value=0, max_digits=12, decimal_places=4)
    share_in = forms.ChoiceField(
        label=_("The share is"),
        choices=[(SUM, _("a sum, before tax")), (PERCENT, _("a part of the fee in percent"))],
    )

    field_order = ("share", "share_in")

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        """Know the currency that a sum is typed in."""
        super().__init__(*args, **kwargs)
        self.currency = currency

    def clean(self) -> dict[str, Any]:
        """Refuse a share that is no part of anything."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if "share" not in typed or "share_in" not in typed:
            return typed
        try:
            typed["sharing"] = share_as_typed(
                typed["share"], in_percent=typed["share_in"] == PERCENT, currency=self.currency
            )
        except NotAShare:
            self.add_error("share", _("A part lies between 0 and 100 percent, a sum has at most two decimals."))
        return typed

    def second(self) -> SharingPayer:
        """Return who shares the fee, as typed."""
        return SharingPayer(self.payer(), self.cleaned_data["sharing"])
