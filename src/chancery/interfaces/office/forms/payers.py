"""Who is billed, as finance types it for a bill that is issued anew."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from chancery.domain.admissions.models import PayerDetails
from chancery.domain.billing.queries.payers import FIELDS, Payer
from chancery.domain.billing.states import CreditReason
from chancery.domain.network.queries import list_country_names


class ReissueForm(forms.Form):
    """The payer of the new bill, word for word, and why the old one is not right."""

    reason = forms.ChoiceField(
        label=_("Why"),
        choices=[(CreditReason.PAYER_CHANGED, _("another body pays")), (CreditReason.ISSUED_WRONGLY, _("an error"))],
    )
    kind = forms.ChoiceField(label=_("Who pays?"), choices=PayerDetails.Kind.choices)
    legal_name = forms.CharField(label=_("Legal name"), max_length=200)
    address = forms.CharField(label=_("Street and number"), max_length=300)
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False)
    town = forms.CharField(label=_("Town"), max_length=100, required=False)
    country = forms.ChoiceField(label=_("Country"))
    tax_id = forms.CharField(label=_("Tax number"), max_length=40, required=False)
    purchase_order = forms.CharField(label=_("Order number"), max_length=60, required=False)
    buyer_reference = forms.CharField(label=_("Buyer reference"), max_length=60, required=False)
    dir3 = forms.CharField(label=_("DIR3 codes"), max_length=60, required=False)
    email = forms.EmailField(label=_("E-mail for bills"))
    language = forms.ChoiceField(label=_("Language of the bill"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the countries on file."""
        super().__init__(*args, **kwargs)
        countries = list_country_names(get_language() or "en", keep=[str(self.initial.get("country", ""))])
        self.fields["country"].choices = countries  # type: ignore[attr-defined]  # a ChoiceField

    def payer(self) -> Payer:
        """Return what was typed."""
        return Payer(**{name: str(self.cleaned_data[name]).strip() for name in FIELDS})
