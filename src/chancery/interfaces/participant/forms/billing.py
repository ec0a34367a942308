"""Who pays, and the proof that money is on its way."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from chancery.domain.admissions.models import PayerDetails
from chancery.domain.billing.policies.sharing import NotAShare, share_as_typed
from chancery.domain.billing.queries.payers import FIELDS, PERCENT, SUM, Payer, SharingPayer
from chancery.domain.network.queries import list_country_names
from chancery.foundation.ui.forms import SumField, WordsField

KINDS = [
    (PayerDetails.Kind.PUBLIC, gettext_lazy("A public body")),
    (PayerDetails.Kind.COMPANY, gettext_lazy("A company or association")),
    (PayerDetails.Kind.PERSON, gettext_lazy("A private person")),
]
SHARE_IN = [(SUM, gettext_lazy("a sum, before tax")), (PERCENT, gettext_lazy("a part of the fee in percent"))]


class PayerForm(forms.Form):
    """The billing party: it is not the participant, and the bill is written to it word for word."""

    kind = forms.ChoiceField(label=gettext_lazy("Who pays?"), choices=KINDS, widget=forms.RadioSelect)
    legal_name = WordsField(label=gettext_lazy("Legal name"), max_length=200)
    address = WordsField(label=gettext_lazy("Street and number"), max_length=300)
    postcode = WordsField(label=gettext_lazy("Postcode"), max_length=20, required=False)
    town = WordsField(label=gettext_lazy("Town"), max_length=100, required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country"))
    tax_id = WordsField(label=gettext_lazy("Tax number"), max_length=40, required=False)
    purchase_order = WordsField(
        label=gettext_lazy("Your order number"),
        help_text=gettext_lazy("If your accounts need one on every bill."),
        max_length=60,
        required=False,
    )
    buyer_reference = WordsField(label=gettext_lazy("Your reference"), max_length=60, required=False)
    dir3 = WordsField(
        label=gettext_lazy("DIR3 codes"),
        help_text=gettext_lazy("Spanish public bodies only: accounting office, managing body, processing unit."),
        max_length=60,
        required=False,
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail for bills"), help_text=gettext_lazy("The bill goes there; you get a copy.")
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the bill"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the countries on file."""
        super().__init__(*args, **kwargs)
        countries = list_country_names(get_language() or "en", keep=[str(self.initial.get("country", ""))])
        self.fields["country"].choices = [("", _("Choose a country")), *countries]  # type: ignore[attr-defined]  # a ChoiceField

    def payer(self) -> Payer:
        """Return what was typed."""
        return Payer(**{name: str(self.cleaned_data[name]).strip() for name in FIELDS})


class SecondPayerForm(PayerForm):
    """Who pays a share of the fee beside the first payer, and how much of it."""

    share = SumField(label=gettext_lazy("Their share"), min_value=0, max_digits=12, decimal_places=4)
    share_in = forms.ChoiceField(label=gettext_lazy("The share is"), choices=SHARE_IN, widget=forms.RadioSelect)

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


class ProofForm(forms.Form):
    """A paper that says money is on its way."""

    proof = forms.FileField(
        label=gettext_lazy("Proof of transfer"), help_text=gettext_lazy("PDF, JPEG or PNG, 10 MB at most.")
    )
